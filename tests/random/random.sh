#!/usr/bin/env bash
# Random pipelines: each is drawn from a seed, built, run in all kinds of ways, and compared with a sequential run
# (run.c says how); and tests of some of its stages, of which one passes and one tells its mistake (trial.c). A few seeds unless told otherwise; those that pipec refuses are counted.
#
#   tests/random/random.sh [--long] [SEED...]     --long: RANDOM_COUNT (300) seeds from RANDOM_FROM (1) on
#   RANDOM_TIMES=1 tests/random/random.sh SEED    also how long each run took, and its drain
#
# `build/tests/random/pipes write SEED` shows the program of a seed.
. "$(dirname "$0")/../lib.sh"
needs "$PIPEC" "$BUILD/tests/random/pipes"

# 1, 9 and 12 stand for defects that they found, 52 for a worker that was claimed twice, 73 for one of the sequential run: an
# edge that goes back to a sink, which what a final sends comes to, 145 for a source that was asked to leave before it had sent.
# Below 100 none draws letters, limits and daemons; 105, 106 and 123 do; from 200 on some channels carry records;
# from 300 on some batches are of one key, as in 329 and 351.
seeds="1 2 4 5 7 8 9 12 52 73 105 106 123 145 201 329 351"
if [ "${1-}" = --long ]; then
    shift
    from=${RANDOM_FROM:-1}
    seeds=$(seq "$from" $((from + ${RANDOM_COUNT:-300} - 1)))
fi
[ $# -eq 0 ] || seeds=$*

pipes=$PWD/$BUILD/tests/random/pipes
cp tests/random/kit.h "$tmp"
runs=0
items=0
refused=0
tested=0

# only_deadlocks FILE: what pipec said of a program is that it could deadlock, or options that exclude each other
only_deadlocks() {
    grep -q '\[E05' "$1" && ! grep -E '\[E[0-9]+\]$' "$1" | grep -vqE '\[E05[0-9]+\]$'
}

# tests SEED: the one passes, and the other fails at its mistake and nowhere else
tests() {
    local wrong channel status
    "$pipes" test "$1" >"$tmp/tested.pipe" || return 0
    if ! "$PIPEC" check "$tmp/tested.pipe" >"$tmp/check" 2>&1 && only_deadlocks "$tmp/check"; then
        return 0
    fi
    tested=$((tested + 1))
    wrong=$(grep -n '// wrong$' "$tmp/tested.pipe" | sed -E 's/^([0-9]+): *(k[0-9]+) .*/\1: \2:/')
    channel=${wrong#*: }
    (cd "$tmp" && timeout 300 "$PIPEC" test tested.pipe) >"$tmp/said" 2>"$tmp/warned" </dev/null
    status=$?
    if [ $status -eq 1 ] && grep -qxF "ok   tested.pipe: what the sequential run says" "$tmp/said" \
        && grep -qF "tested.pipe:$wrong " "$tmp/said" && ! grep '^tested.pipe:' "$tmp/said" | grep -qv " $channel "; then
        pass "random/$1 tested"
    else
        fail "random/$1 tested" "status $status, a mistake on line $wrong $(head -n 40 "$tmp/said")"
    fi
}
for seed in $seeds; do
    "$pipes" write "$seed" >"$tmp/drawn.pipe"
    # Only a graph that could deadlock, or options that exclude each other, may be refused.
    if ! "$PIPEC" check "$tmp/drawn.pipe" >"$tmp/check" 2>&1; then
        if only_deadlocks "$tmp/check"; then
            refused=$((refused + 1))
        else
            fail "random/$seed" "is refused: $(grep -m 3 error "$tmp/check")"
        fi
        continue
    fi
    if ! "$PIPEC" build -o "$tmp/drawn" "$tmp/drawn.pipe" >"$tmp/build" 2>&1; then
        fail "random/$seed" "does not build: $(head -n 20 "$tmp/build")"
        continue
    fi
    if "$pipes" run "$seed" "$tmp/drawn" >"$tmp/run" 2>&1; then
        pass "random/$seed"
    else
        fail "random/$seed" "$(head -n 100 "$tmp/run")"
    fi
    tests "$seed"
    [ -z "${RANDOM_TIMES-}" ] || grep '^time' "$tmp/run"
    runs=$((runs + $(sed -nE 's/^([0-9]+) runs.*/\1/p' "$tmp/run") + 0))
    items=$((items + $(sed -nE 's/.* ([0-9]+) items$/\1/p' "$tmp/run" | tail -n 1) + 0))
done
echo "$refused programs refused, tests of $tested"
echo "$runs runs of random programs, $items items"
finish
