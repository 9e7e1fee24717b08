#!/usr/bin/env bash
# What sqlite_insert has stored when its program ends at any moment, by a stop, a failure, the limit of a drain, a signal or
# SIGKILL, while two stages are in each other's way and batches are late: as many rows as are counted as done, each once, no half
# batch, and a file that SQLite finds nothing wrong with.
#
#   tests/stored.sh [--long]
. "$(dirname "$0")/lib.sh"
needs "$PIPEC" "$BUILD/library"
. tests/lib-moments.sh

export XDG_CACHE_HOME=$tmp/cache
check "the part has nothing to warn of" test -z "$("$PIPEC" check library/sqlite.pipe 2>&1)"
if ! pkg-config --exists sqlite3; then
    echo "left out, since SQLite is not there: what is stored when a program ends at any moment"
    finish
fi
# shellcheck disable=SC2046,SC2086 # words
$CC $CFLAGS $LDFLAGS -o "$tmp/rows" tests/sqlite/rows.c $(pkg-config --cflags --libs sqlite3)

batch=10
cat >"$tmp/store.pipe" <<PIPE
pipeline store "stores numbers in two tables of one database";

import <flow.pipe>;
import <sqlite.pipe>;
include <stdio.h>;
include <string.h>;

param long items = 200 "how many";
param long stop_at = 0 "the number at which it stops";
param long fail_at = 0 "the number that fails";
param duration limit = 1m "how long a batch may take";

record fact { long n; string text; }

channel long numbers[100];
channel fact facts[100] broadcast;
channel fact lost[100] dead;

stage count -> numbers {
    for (long n = 1; n <= items; n++)
        emit(n);
}

stage look (n <- numbers) -> facts[1] {
    fact f = { .n = n, .text = strdup("a text that is as long as it must be to fill some pages of the file") };

    if (n == stop_at)
        stop();
    if (n == fail_at) {
        fact_drop(&f);
        fail("on purpose");
    }
    emit(f);
}

stage left (f <- facts)  timeout limit  on fail retry 1 then -> lost
    = sqlite_insert(path = "facts.db", table = "left", batch = $batch, within = 100s);
stage right (f <- facts)  timeout limit  on fail retry 1 then -> lost
    = sqlite_insert(path = "facts.db", table = "right", batch = $batch, within = 100s);
stage forget (l <- lost) { (void)l; }
PIPE

rows() {
    ./rows facts.db "$@" 2>&1
}

choose() {
    rm -f facts.db*
    [ $(($1 % 2)) -eq 0 ] || options+=("--limit=$((RANDOM % 20000 + 1))us")
    ending "$1" 200
}

wrong() {
    local table dead=0
    channels_add_up numbers
    stages_add_up look left right forget
    [ "$(rows 'PRAGMA integrity_check')" = ok ] || echo "the file is damaged"
    ! grep -q 'malformed\|disk I/O\|out of memory' err || cat err
    for table in left right; do
        [ -n "$(rows "SELECT 1 FROM sqlite_master WHERE name = '$table'")" ] || [ "$(number "done" $table)" -eq 0 ] || echo "no $table"
        [ "$(number "done" $table)" -eq 0 ] || is "$table rows" "$(rows "SELECT count(*) FROM $table")" "$(number "done" $table)"
        [ "$(number "done" $table)" -eq 0 ] || is "$table twice" "$(rows "SELECT count(*) - count(DISTINCT n) FROM $table")" 0
        dead=$((dead + $(number dead $table)))
    done
    is letters "$(($(number "done" forget) + $(number discarded lost) + $(number left lost) + $(number cut forget)))" "$dead"
}

moments_of store

# SIGKILL: what is there are the first batches, each as a whole; and the next program finds all in order.
killed() {
    local n table rest
    for ((n = 0; n < moments; n++)); do
        rm -f facts.db*
        { timeout -s KILL "0.0$((RANDOM % 9))$((RANDOM % 9 + 1))" ./store --items=100000 >out; } 2>err # the shell tells of it too
        for table in left right; do
            rest=$(rows "SELECT (count(*) % $batch) + (count(*) != ifnull(max(n), 0)) FROM $table")
            [ "$rest" = 0 ] || [[ $rest == *"no such table"* ]] || echo "killed: $table: $rest"
        done
        [ "$(rows 'PRAGMA integrity_check')" = ok ] || echo "killed: the file is damaged"
        ./store --items=20 >out 2>err || echo "after it: $(<err)"
    done
}
killed >complaints
check "killed at any moment" test ! -s complaints
cat complaints
finish
