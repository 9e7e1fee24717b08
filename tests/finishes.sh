#!/usr/bin/env bash
# Stages that finish, and daemons, when the end comes at any moment: a finish() at any item, a stop(), a failure, a signal, the
# limit of a drain, all of them while a daemon ticks. Whatever comes, each channel and each stage adds up; where nothing was
# torn down, what the stages behind the one that finished got follows from when it did, and what a finish or a daemon leaves
# makes no failure.
#
#   tests/finishes.sh [--long]    5,000 moments instead of 40
. "$(dirname "$0")/lib.sh"
. tests/lib-moments.sh
needs "$PIPEC"

cat >"$tmp/finishes.pipe" <<'PIPE'
pipeline finishes "ends from behind, at any moment" drain 10s;

include <stdlib.h>;
include <string.h>;

param long items = 1000 "how many each source sends";
param long last = 0 "at which of its items the limit finishes";
param long stop_at = 0 "which item asks for a drain";
param long fail_at = 0 "which item tears the pipeline down";

channel string lefts[4];
channel string passed[2];
channel string rights[3];
channel long lengths[2];
channel long ordered[3];
channel long ticks[2];
channel string lost[2] dead;

stage left -> lefts {
    for (long n = 1; n <= items; n++)
        emit(strdup("left"));
}

stage right -> rights {
    for (long n = 1; n <= items; n++)
        emit(strdup("right"));
}

stage pass (word <- lefts) -> passed  workers 3 {
    emit(take(word));
}

// Behind a merge; every seventh item leaves a letter instead.
stage limit (word <- passed | rights) -> lengths[0..1]  on fail then -> lost
state {
    long n;
}
{
    const long n = ++self->n;

    if (n == last)
        finish();
    if (n == stop_at)
        stop();
    if (n % 7 == 0)
        fail("the %ldth", n);
    emit(n);
}

stage order (n <- lengths) -> ordered  workers 2 ordered {
    emit(n);
}

stage show (n <- ordered)
state {
    long before;
}
{
    if (n <= self->before)
        fail("internal error: %ld after %ld", n, self->before);
    self->before = n;
    if (n == fail_at)
        fail("as it was told");
}

stage beat -> ticks  daemon every 50us {
    emit(1);
}

stage count (tick <- ticks) {
    (void)tick;
}

stage late (letter <- lost) {
    (void)letter;
}
PIPE

# Torn down: what was left is dropped.
torn() {
    grep -q '^finishes: show: as it was told\|not drained' err
}

wrong() {
    stages_add_up pass limit order show count late
    channels_add_up lefts passed rights lengths ordered ticks lost
    ! torn || return
    [ -n "$signalled" ] || is "status" "$status" 0
    [ -z "$taken" ] || is "limit received" "$(number received limit)" "$taken"
    is "limit's dead" "$(number dead limit)" $(($(number received limit) / 7))
    is "late received" "$(number received late)" "$(number dead limit)"
    is "show received" "$(number received show)" "$(number "done" limit)"
}

# `taken`: how many items the limit takes, where it is known
choose() {
    local most=$((2 * (RANDOM % 1000 + 1))) last=0
    options+=("--items=$((most / 2))")
    ending "$1" "$most"
    if [ $((RANDOM % 3)) -gt 0 ]; then
        last=$((RANDOM % most + 1))
        options+=("--last=$last")
    fi
    taken=
    case $(($1 % 6)) in
    0 | 2) taken=$((last > 0 ? last : most)) ;;
    esac
}

moments_of finishes
finish
