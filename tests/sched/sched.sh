#!/usr/bin/env bash
# Runs every harness on the test scheduler, and says how many schedules that explored.
#
#   tests/sched/sched.sh [--long] [NAME...]     only the harnesses whose name contains a NAME; --long takes half an hour
#
# How many schedules there are depends on the harnesses and the runtime alone, never on how fast the machine is. Should
# that change so much that little is explored any more, the last case fails.
. "$(dirname "$0")/../lib.sh"

program=$BUILD/tests/sched/sched
expected=4000000 # schedules of the runtime's harnesses, about; fails below a quarter of it
limit=${SCHED_LIMIT:-400} # seconds for each harness: only a hang takes so long

long=
if [ "${1:-}" = --long ]; then
    long=--long
    expected=$((expected * 20))
    limit=$((limit * 60))
    shift
fi

schedules=0
needs "$program"

# run NAME: its output and its status go to files
run() {
    # shellcheck disable=SC2086 # an option or nothing
    timeout -k 10 "$limit" "$program" $long "$1" >"$tmp/$1" 2>&1
    echo $? >"$tmp/$1.status"
}

tell() {
    local status count
    status=$(cat "$tmp/$1.status")
    count=$(sed -nE "s/^ok $1: ([0-9]+) schedules.*/\1/p" "$tmp/$1")
    if [ "$status" -eq 0 ] && [ -n "$count" ]; then
        [[ $1 == litmus_* ]] || schedules=$((schedules + count)) # those are of the scheduler, and cheap
        pass "$1: $count schedules"
    else
        fail "$1" "status $status"
        head -n 60 "$tmp/$1" | cut -c 1-4000 | sed 's/^/    /'
    fi
}

patterns=("$@")
. tests/lib-wanted.sh
names=()
while read -r name; do
    wanted "$name" && names+=("$name")
done < <("$program" --list || echo does-not-run)

# As many at once as there are processors; told in their order.
jobs=$(nproc)
for i in "${!names[@]}"; do
    [ "$i" -ge "$jobs" ] && wait -n
    run "${names[i]}" &
done
wait
for name in "${names[@]}"; do
    tell "$name"
done

echo "$schedules schedules of the runtime"
if [ ${#patterns[@]} -eq 0 ] && [ $((schedules * 4)) -lt "$expected" ]; then
    fail enough-schedules "$schedules are less than a quarter of $expected"
elif [ ${#patterns[@]} -eq 0 ]; then
    pass enough-schedules
fi
finish
