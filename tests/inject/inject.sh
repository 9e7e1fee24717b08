#!/usr/bin/env bash
# A program under faults: memory, threads, stacks of bodies and their guards refused at the n-th call, for every n until a
# run passes without a fault, once and from there on; waits that end for no reason; no membarrier; one processor, two, and
# four times more threads than processors.
#
# With a fault, a program either ends with status 1 and one message that says why, or, where it can do without, with
# status 0 and the right answer. It never hangs, crashes or leaks: it is built with AddressSanitizer.
#
#   tests/inject/inject.sh [--long]
. "$(dirname "$0")/../lib.sh"
needs "$PIPEC" "$BUILD/libprt.a"

items=40
most=$((400 + 10 * $(nproc))) # faults in a row: a run has far fewer calls
every="1 2 7"   # waits of which one ends early
limit=60        # seconds for a run; the end of one that hangs
if [ "${1-}" = --long ]; then
    items=5000
    every="1 2 3 5 7 11 50"
    limit=900   # where no wait sleeps, a busy machine needs minutes
fi
wraps="-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=aligned_alloc,--wrap=pthread_create,--wrap=mmap,--wrap=mprotect,--wrap=syscall"
runs=0
faults=0

for program in inject grow gather keyed; do
    "$PIPEC" emit --standalone -o "$tmp/$program.c" "tests/inject/$program.pipe" || fail "inject/emit-$program" "pipec failed"
done
# build NAME PROGRAM FLAG...
build() {
    local name=$1 program=$2
    shift 2
    # shellcheck disable=SC2086 # flags
    "$CC" -std=c11 -D_GNU_SOURCE "$@" -o "$tmp/$name" "$tmp/$program.c" tests/inject/inject.c $wraps -pthread
}
checked="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined"
# shellcheck disable=SC2086 # flags
check inject/build-asan build asan inject $checked
check inject/build build plain inject -O2 -g
# shellcheck disable=SC2086 # flags
check inject/build-grow build grow grow $checked
# shellcheck disable=SC2086 # flags
check inject/build-gather build gather gather $checked
# shellcheck disable=SC2086 # flags
check inject/build-keyed build keyed keyed $checked

# The sum of i * (i % 3 + 1).
wanted=0
for ((i = 1; i <= items; i++)); do
    wanted=$((wanted + i * (i % 3 + 1)))
done

# try VARIABLE=VALUE... PROGRAM ARGUMENT...: one run. Its faults are in $tmp/report.
try() {
    rm -f "$tmp/report"
    timeout -k 5 "$limit" env INJECT_REPORT="$tmp/report" ASAN_OPTIONS=detect_leaks=1 "$@" --items="$items" \
        >"$tmp/out" 2>"$tmp/err"
    status=$?
    runs=$((runs + 1))
    [ -e "$tmp/report" ] && faults=$((faults + $(<"$tmp/report")))
}

# Why the run is not as it must be.
judge() {
    local lines
    lines=$(wc -l <"$tmp/err")
    if [ "$status" -eq 0 ] && [ "$lines" -eq 0 ] && [ "$(<"$tmp/out")" = "$wanted" ]; then
        return 0
    elif [ "$status" -eq 1 ] && [ "$lines" -eq 1 ] && [[ $(<"$tmp/err") == inject:* ]]; then
        return 0
    fi
    echo "status $status, printed $(head -c 100 "$tmp/out"), said:"
    head -n 20 "$tmp/err"
    return 1
}

# every_call WHAT STICKY [PROGRAM]: refuses the first call, the second, ..., until a run comes to its end before that
every_call() {
    local what=$1 sticky=$2 program=${3-asan} name=inject/${3+$3-}$1${2:+-sticky} n
    for ((n = 1; n <= most; n++)); do
        try ${sticky:+INJECT_STICKY=1} "INJECT_$what=$n" "$tmp/$program"
        if ! judge >"$tmp/why"; then
            fail "$name" "at call $n: $(<"$tmp/why")"
            return
        fi
        if [ ! -e "$tmp/report" ]; then
            if [ "$n" -gt 1 ] && [ "$status" -eq 0 ]; then
                pass "$name: each of $((n - 1)) calls refused"
            else
                fail "$name" "nothing was refused"
            fi
            return
        fi
    done
    fail "$name" "no run without a fault in $most"
}

every_call MEMORY ""
every_call MEMORY sticky
every_call THREAD ""
every_call THREAD sticky
for what in STACK GUARD; do
    every_call $what ""
    every_call $what sticky
done
for program in gather keyed; do
    for what in MEMORY STACK; do
        every_call $what "" $program
        every_call $what sticky $program
    done
done

# right NAME VARIABLE=VALUE... PROGRAM...: must end well whatever happens
right() {
    local name=$1
    shift
    try "$@"
    if judge >"$tmp/why" && [ "$status" -eq 0 ]; then
        pass "$name"
    else
        fail "$name" "$(<"$tmp/why") status $status"
    fi
}

# The monitor asks for more threads while the program runs. Each of them refused, and all, the program goes on without.
at_start() {
    local items=0 wanted=0
    try INJECT_STARTED="$tmp/started" "$tmp/grow"
    judge && [ "$status" -eq 0 ] && started=$(<"$tmp/started")
}
# On a machine with much else to do the monitor may have come to ask for a few only when the items are through: more of them.
grows() {
    local items wanted n
    for n in 1 2 3 4 5; do
        for items in 40 400 4000; do
            wanted=$((items * (items + 1) / 2))
            try ${1:+INJECT_STICKY=1} "INJECT_THREAD=$((started + n))" "$tmp/grow"
            judge && [ "$status" -eq 0 ] || return 1
            [ ! -e "$tmp/report" ] || break
        done
        [ -e "$tmp/report" ] || { echo "thread $n more was not asked for"; return 1; }
        [ -z "$1" ] || return 0
    done
}
started=0
check inject/grow-start at_start
check inject/grow-refused grows ""
check inject/grow-refused-sticky grows sticky

# programs NAME VARIABLE=VALUE...: each of them must end well. Not each need meet a fault, but one of them does.
programs() {
    local name=$1 before=$faults
    shift
    right "$name" "$@" "$tmp/plain"
    right "$name-asan" "$@" "$tmp/asan"
    right "$name-gather" "$@" "$tmp/gather"
    right "$name-keyed" "$@" "$tmp/keyed"
    [ "$faults" -gt "$before" ] || fail "$name" "no fault was met"
}

for n in $every; do
    programs "inject/wakes-$n" INJECT_WAKES="$n"
done
# A kernel without membarrier: nothing is received or sent in place, and no monitor takes a hand apart.
for n in 0 2; do
    programs "inject/no-membarrier-$n" INJECT_BARRIER=1 INJECT_WAKES=$n
    [ -e "$tmp/report" ] || fail "inject/no-membarrier-$n" "membarrier was not refused"
done
processors=$(nproc)
one=$(taskset -pc $$ | sed -E 's/.*: ([0-9]+).*/\1/')
right inject/one-processor taskset -c "$one" "$tmp/plain"
right inject/one-processor-wakes INJECT_WAKES=2 taskset -c "$one" "$tmp/plain"
right inject/all-processors "$tmp/plain"
right inject/many-threads "$tmp/plain" --workers "alone=$((4 * processors))" --workers "expand=$((4 * processors))"
right inject/many-threads-one-processor taskset -c "$one" "$tmp/plain" --workers "alone=$((4 * processors))" \
    --workers "expand=$((4 * processors))"
echo "$runs runs, $faults faults"
finish
