#!/usr/bin/env bash
# Runs every suite and adds up what they count: the Check programs of tests/unit, tests/*.sh, and those of
# tests/torture, tests/sched, tests/model, tests/inject, tests/random and tests/mutants.
#
#   tests/run-all.sh [NAME...]     only the suites whose name contains a NAME; `make test` runs all
#
# A suite is a script that prints `ok CASE` or `FAIL CASE why` for each case and ends with `N passed, N failed`. One that
# ends otherwise, runs too long, or counts nothing, counts as one failure.
set -u
cd "$(dirname "$0")/.." || exit 1

export BUILD=${BUILD:-build}
export PIPEC=${PIPEC:-$PWD/$BUILD/pipec}
export CC=${CC:-cc} CFLAGS=${CFLAGS:--O2 -g} LDFLAGS=${LDFLAGS:-}
limit=${TEST_LIMIT:-1200}          # seconds that one suite may take: each of its cases has a limit of its own
export CK_DEFAULT_TIMEOUT=250      # seconds for one Check test: only a hang takes so long, also on a busy machine

passed=0
failed=0
broken=()
begun=$SECONDS
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# count SUITE PASSED FAILED
count() {
    passed=$((passed + $2))
    failed=$((failed + $3))
    printf '%-32s %4d s  %5d passed, %d failed\n' "$1" $((SECONDS - begun)) "$2" "$3"
    begun=$SECONDS
    if [ "$3" -gt 0 ]; then
        broken+=("$1")
        cat "$log"
    fi
}

# ended STATUS: why there are no totals to trust
ended() {
    case $1 in
    124 | 137) echo "stopped after $limit seconds" >>"$log" ;;
    *) echo "exit status $1" >>"$log" ;;
    esac
}

# A Check program ends with "100%: Checks: 12, Failures: 0, Errors: 0".
unit() {
    local status totals
    timeout -k 10 "$limit" "$1" >"$log" 2>&1
    status=$?
    totals=$(sed -nE 's/^[0-9]+%: Checks: ([0-9]+), Failures: ([0-9]+), Errors: ([0-9]+)$/\1 \2 \3/p' "$log" | tail -n 1)
    # shellcheck disable=SC2086 # three numbers
    set -- "$1" ${totals:-0 0 0}
    if [ "$status" -ne 0 ] && [ $(($3 + $4)) -eq 0 ] || [ "$2" -eq 0 ]; then
        ended "$status"
        count "unit ${1##*/}" "$2" 1
    else
        count "unit ${1##*/}" $(($2 - $3 - $4)) $(($3 + $4))
    fi
}

script() {
    local status totals
    timeout -k 10 "$limit" bash "$1" >"$log" 2>&1
    status=$?
    totals=$(tail -n 1 "$log" | sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p')
    # shellcheck disable=SC2086 # two numbers
    set -- "$1" ${totals:-0 0}
    if [ "$3" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$2" -eq 0 ]; }; then
        ended "$status"
        count "$1" "$2" 1
    else
        sed -i '/^ok /d' "$log"
        count "$1" "$2" "$3"
    fi
}

patterns=("$@")
. tests/lib-wanted.sh
for source in tests/unit/test_*.c; do
    program=$BUILD/tests/unit/$(basename "$source" .c)
    [ -e "$source" ] && wanted "$program" && unit "$program"
done
for suite in tests/*.sh tests/torture/*.sh tests/sched/*.sh tests/model/*.sh tests/inject/*.sh tests/random/*.sh tests/mutants/*.sh; do
    [ "$suite" != tests/run-all.sh ] && [ -e "$suite" ] && [[ $suite != tests/lib?(-*).sh ]] && wanted "$suite" && script "$suite"
done

[ ${#broken[@]} -eq 0 ] || printf 'failed: %s\n' "${broken[@]}"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
