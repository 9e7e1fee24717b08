#!/usr/bin/env bash
# What programs made of the library's parts leave behind when they end at any moment, by a stop, a failure, the limit of a drain
# or a signal: the file of write_lines as a whole or as it was, those of write_files as wholes, nothing beside them, no command
# that exec has started, counts that add up, and of what came of tables, JSON and a file that grows the first items, each once.
#
#   tests/kept.sh [--long]
. "$(dirname "$0")/lib.sh"
needs "$PIPEC" "$BUILD/library"
. tests/lib-moments.sh

export XDG_CACHE_HOME=$tmp/cache
mark=kept-$((RANDOM * 32768 + RANDOM)) # of the commands: nobody else is called so

cat >"$tmp/keep.pipe" <<PIPE
pipeline keep "reads lines, runs a command for each, and writes what comes of it";

import <exec.pipe>;
import <files.pipe>;
import <flow.pipe>;
import <lines.pipe>;
include <string.h>;

param long stop_at = 0 "the line at which it stops";
param long fail_at = 0 "the line that fails";

channel string text[4];
channel string some[4];
channel string more[4] broadcast;
channel done results[4];
channel string lines[4];

stage read -> text = lines(files = ["input"]);

stage look (line <- text) -> some[1]
state {
    long lines;
}
{
    self->lines++;
    if (self->lines == stop_at)
        stop();
    if (self->lines == fail_at)
        fail("on purpose");
    emit(take(line));
}

stage twice (line <- some) -> more = filter(test = (true));
stage run (line <- more) -> results  workers 3  ordered  timeout 20s
    = exec(command = ["sh", "-c", ": $mark; echo \$0; sleep 0.002", "{}"], word = (line));

stage cut (r <- results) -> lines[1] {
    char *const line = strndup((const char *)r.out.data, r.out.len > 0 ? r.out.len - 1 : 0);

    if (!line || strcmp(line, r.word) != 0)
        fail("internal error: '%s' came of '%s'", line ? line : "", r.word);
    emit(line);
}

stage write (line <- lines) = write_lines(path = "kept");
stage each (line <- more)  workers 2
    = write_files(below = "each", name = (line), data = ((struct prt_bytes){ (unsigned char *)line, strlen(line) }));
PIPE

choose() {
    echo old >kept
    rm -rf each .kept* # what a second signal leaves is no run's that ends in order
    seq 200 >input
    ending "$1" 200
}

# Files of write_files are named like what they hold.
no_half() {
    local file
    for file in each/* each/.*; do
        case $file in
        'each/*' | each/. | each/.. | 'each/.*') ;;
        each/.*) echo "$file is left" ;;
        *) [ "$(<"$file")" = "${file#each/}" ] || echo "$file is half" ;;
        esac
    done
}

wrong() {
    local was="as it was"
    channels_add_up text some lines results
    stages_add_up look twice run cut write each
    no_half
    ! ls -d .kept* 2>/dev/null || echo "is left"
    [ "$(<kept)" = old ] || was="$(wc -l <kept) lines"
    # What keeps the file from being put there; 124 is what `timeout` ends with that has sent a signal. One may come late.
    if grep -q 'not drained within' err || [ "$(number failed look)$(number failed run)" != 00 ] || [ "$status" -ge 124 ]; then
        [ "$was" = "as it was" ] || { [ "$status" -ge 124 ] && cmp -s kept input; } || echo "kept: $was"
        return
    fi
    [ "$was" = "$(number "done" write) lines" ] || echo "kept: $was, of $(number "done" write)"
    cmp -s kept <(head -n "$(number "done" write)" input) || echo "kept: other lines"
    is files "$(find each -type f | wc -l)" "$(number "done" each)"
}

# As soon as the kernel is through with those that were killed.
none_left() {
    for _ in {1..100}; do
        grep -qsaF "$mark" /proc/[0-9]*/cmdline || return 0
        sleep 0.1
    done
    return 1
}

moments_of keep
check "no command is left" none_left

# Tables, and a file that is rotated as soon as its first line was seen, which go through JSON and are counted.
cat >"$tmp/tell.pipe" <<'PIPE'
pipeline tell "counts what comes of a table and of a file that grows";

import <count.pipe>;
import <csv.pipe>;
import <flow.pipe>;
import <json.pipe>;
import <tail.pipe>;
include <fcntl.h>;
include <stdio.h>;
include <string.h>;
include <unistd.h>;

param long most = 1 "how many there are";
param long stop_at = 0 "the one at which it stops";
param long fail_at = 0 "the one that fails";

record sale { string from; long id; string note; }

channel row rows[4];
channel sale table[4];
channel string text[4];
channel sale sales[4];
channel sale some[4];
channel sale all[4];
channel count counts[4];

stage read -> rows = csv_rows(files = ["table.csv"]);
stage parse (r <- rows) -> table  on fail then skip = csv_read();
stage write (s <- table) -> text  workers 2  ordered = json_write();
stage follow -> text = tail(path = "grown", from_end = false);
stage again (line <- text) -> sales  workers 3  ordered  on fail then skip = json_read();

stage look (s <- sales) -> some[1]
state {
    long sales;
    bool begun;
}
{
    if (!self->begun && strcmp(s.from, "grown") == 0) {
        self->begun = true;
        close(creat("begun", 0600));
    }
    self->sales++;
    if (self->sales == stop_at)
        stop();
    if (self->sales == fail_at)
        fail("on purpose");
    emit(take(s));
}

stage enough (s <- some) -> all = limit(n = most);
stage add (s <- all) -> counts = count_by(of = (s.from), value = ((double)s.id));
stage print (c <- counts) {
    printf("%s %ld %.0f\n", c.key, c.n, c.sum);
    fflush(stdout);
}
PIPE

# What comes of each is the numbers that stand in table.good and grown.good, in their order.
cat >"$tmp/make.awk" <<'AWK'
BEGIN {
    print "note,id,more,from" >"table.csv"
    for (i = 1; i <= 100; i++) {
        printf "\"a \"\"note\"\",\nof two lines\",%s,,table\r\n", i % 7 ? i : "x" >"table.csv"
        if (i % 7) print i >"table.good"
        file = i <= 50 ? "grown.1" : i <= 60 ? "grown.2" : "grown.3"
        print i % 9 ? "{\"id\":" i ",\"from\":\"grown\"}" : "none" >file
        if (i % 9) print i >"grown.good"
    }
}
AWK
(cd "$tmp" && awk -f make.awk)
most=$(cat "$tmp"/*.good | wc -l)

choose() {
    : >begun
    wait # for what rotates the file of the run before
    rm -f begun new
    cp grown.1 grown
    { # until the directory is gone, too
        until [ -e begun ] || [ ! -e grown ]; do sleep 0.01; done
        mv grown old && cat grown.2 >>old && cp grown.3 new && mv new grown
    } 2>/dev/null &
    options+=("--most=$most")
    ending "$1" "$most"
}

# Of what was counted, the first items of each source, each once. Where the pipeline is torn down, that is not sent.
wrong() {
    local from n sum seen=0
    channels_add_up rows table text sales some all counts
    stages_add_up parse write again look enough add print
    ! grep -q 'not drained within' err && [ "$(number failed look)" -eq 0 ] || return
    while read -r from n sum; do
        seen=$((seen + n))
        is "sum of $from" "$sum" "$(head -n "$n" "$from.good" | awk '{ n += $1 } END { print n }')"
    done <out
    is counted "$seen" "$(number "done" add)"
}

moments_of tell
: >"$tmp/begun"
wait
finish
