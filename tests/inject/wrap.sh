#!/usr/bin/env bash
# Channels whose counters start near their wrap-around: torture cases of each kind with small capacities, from k items
# before it, for every k up to twice the capacity and one more.
#
#   tests/inject/wrap.sh
. "$(dirname "$0")/../lib.sh"
needs "$BUILD/tests/torture/senders"

runs=0

# wraps CAPACITY PROGRAM/CASE ITEMS
wraps() {
    local cap=$1 name=$2 items=$3 k
    for ((k = 0; k <= 2 * cap + 1; k++)); do
        runs=$((runs + 1))
        if ! TORTURE_START=-$k timeout -k 5 60 "$BUILD/tests/torture/${name%/*}" "${name#*/}" "$items" >"$tmp/log" 2>&1; then
            fail "wrap/$name" "$k before the wrap-around: $(head -n 5 "$tmp/log")"
            return
        fi
    done
    pass "wrap/$name"
}

for cap in 0 1 2 3; do
    for ends in 1to1 nto1 1ton nton; do
        for sender in source leaf expander; do
            [[ $sender = source && $ends = n* ]] || wraps "$cap" "channels/$ends-$cap-$sender" 300
        done
    done
done
for ends in 1to1 nto1 1ton nton; do
    wraps 70 "channels/$ends-growing-leaf" 200
done
for name in pingpong-1 pingpong-0 forkjoin-1 forkjoin-1-expander feedback-1 outputs-2-pool chain-20-expanders; do
    wraps 2 "shapes/$name" 200
done
wraps 1 senders/rendezvous 50
wraps 1 senders/place-freed 50
echo "$runs runs"
finish
