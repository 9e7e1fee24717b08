#!/usr/bin/env bash
# Runs every suite and adds up what they count: the Check programs of tests/unit, tests/*.sh, and those of
# tests/torture, tests/sched, tests/model, tests/inject, tests/random and tests/mutants.
#
#   tests/run-all.sh [NAME...]     only the suites whose name contains a NAME; `make test` runs all
#
# One more runs at once than there are processors (TEST_JOBS), for most of them sleep half of their time; they are told in their
# order. A suite is a script that prints `ok CASE` or `FAIL CASE why` for each case and ends with `N passed, N failed`. One that
# ends otherwise, runs too long, or counts nothing, counts as one failure.
set -u
cd "$(dirname "$0")/.." || exit 1

export BUILD=${BUILD:-build}
export PIPEC=${PIPEC:-$PWD/$BUILD/pipec}
export CC=${CC:-cc} CFLAGS=${CFLAGS:--O2 -g} LDFLAGS=${LDFLAGS:-}
limit=${TEST_LIMIT:-1200}          # seconds that one suite may take: each of its cases has a limit of its own
export CK_DEFAULT_TIMEOUT=250      # seconds for one Check test: only a hang takes so long, also on a busy machine
export MUTANT_SHARE=3              # of the mutants that run where time is short one in three, by the commit; `make verify` runs all

jobs=${TEST_JOBS:-$(($(nproc) + 1))}
passed=0
failed=0
broken=()
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
trap 'trap "" TERM; kill $(jobs -p) 2>/dev/null; wait; exit 130' INT TERM HUP

# run LOG COMMAND...: its output goes to LOG; its status, the seconds it took and those of processors to LOG.end. What runs behind
# a script has SIGINT and SIGQUIT ignored, which is not for the suites.
run() {
    local log=$1 begun=$SECONDS suite status user system
    shift
    timeout -k 10 "$limit" env --default-signal=INT,QUIT "$@" >"$log" 2>&1 </dev/null &
    suite=$!
    trap 'kill $suite' TERM
    wait "$suite"
    status=$?
    times >"$log.times"
    read -r user system < <(tail -n 1 "$log.times") # as 1m23.456s
    echo "$status $((SECONDS - begun)) $(($(whole "$user") + $(whole "$system")))" >"$log.ends"
    mv "$log.ends" "$log.end"
}

# whole TIME: of 1m23.456s the 83
whole() {
    local seconds=${1#*m}
    echo $((${1%m*} * 60 + ${seconds%.*}))
}

start() {
    case ${suites[$1]} in
    *.sh) run "$logs/$1" bash "${suites[$1]}" & ;;
    *) run "$logs/$1" "${suites[$1]}" & ;;
    esac
}

# totals SUITE LOG: how many passed and failed. A Check program ends with "100%: Checks: 12, Failures: 0, Errors: 0".
totals() {
    case $1 in
    *.sh) tail -n 1 "$2" | sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' ;;
    *)
        sed -nE 's/^[0-9]+%: Checks: ([0-9]+), Failures: ([0-9]+), Errors: ([0-9]+)$/\1 \2 \3/p' "$2" | tail -n 1 |
            while read -r checks failures errors; do echo $((checks - failures - errors)) $((failures + errors)); done
        ;;
    esac
}

# tell N: what came of the suite, and what it said, if something failed
tell() {
    local suite=${suites[$1]} log=$logs/$1 name status seconds busy good=0 bad=0
    read -r status seconds busy <"$log.end"
    read -r good bad < <(totals "$suite" "$log")
    if [ "${bad:-0}" -eq 0 ] && { [ "$status" -ne 0 ] || [ "${good:-0}" -eq 0 ]; }; then
        case $status in
        124 | 137) echo "stopped after $limit seconds" >>"$log" ;;
        *) echo "exit status $status" >>"$log" ;;
        esac
        bad=1
    fi
    passed=$((passed + ${good:-0}))
    failed=$((failed + bad))
    name=$suite
    [[ $suite == *.sh ]] || name="unit ${suite##*/}"
    printf '%-32s %4d s %4d s of processors  %5d passed, %d failed\n' "$name" "$seconds" "$busy" "${good:-0}" "$bad"
    [ "$bad" -eq 0 ] && return
    broken+=("$name")
    sed '/^ok /d' "$log"
}

# tell_ended: tells those that have ended and whose turn it is
told=0
tell_ended() {
    while [ "$told" -lt ${#suites[@]} ] && [ -e "$logs/$told.end" ]; do
        tell "$told"
        told=$((told + 1))
    done
}

patterns=("$@")
. tests/lib-wanted.sh
suites=()
for source in tests/unit/test_*.c; do
    program=$BUILD/tests/unit/$(basename "$source" .c)
    [ -e "$source" ] && wanted "$program" && suites+=("$program")
done
for suite in tests/*.sh tests/torture/*.sh tests/sched/*.sh tests/model/*.sh tests/inject/*.sh tests/random/*.sh tests/mutants/*.sh; do
    [ "$suite" != tests/run-all.sh ] && [ -e "$suite" ] && [[ $suite != tests/lib?(-*).sh ]] && wanted "$suite" && suites+=("$suite")
done

for i in "${!suites[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
        wait -n
        tell_ended
    done
    start "$i"
done
wait
tell_ended

[ ${#broken[@]} -eq 0 ] || printf 'failed: %s\n' "${broken[@]}"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
