#!/usr/bin/env bash
# The benchmark's driver: that it measures, compares every answer, and makes its page, not what the figures are.
. "$(dirname "$0")/lib.sh"

export PEERS=pthreads ROUNDS=2 MILLISECONDS=1

# bench PIPEC RUN...: the driver in a build directory of its own; status in $status, what it says in $tmp/out, $tmp/err
bench() {
    BUILD=$tmp PIPEC=$1 bench/bench.sh "${@:2}" >"$tmp/out" 2>"$tmp/err"
    status=$?
}

is() { [ "$status" -eq "$1" ] || { echo "status $status"; cat "$tmp/out" "$tmp/err"; return 1; }; }
says() { grep -qE -- "$2" "$tmp/$1" || { cat "$tmp/$1"; return 1; }; }

for pipe in bench/*.pipe; do
    check "$pipe is without fault" "$PIPEC" check "$pipe"
done

touch "$tmp/libprt.a"
bench "$PIPEC" hop1024 rate5
check "two runs: status" is 0
check "two runs: a row for each" says out '^\| one hop, capacity 1024 +\| +[0-9.]+ ns \('
check "two runs: and its bar" says out '≤ 5, 12 × Go'
check "two runs: the rate is nearly right" says out '^\| 1 per 200 ms +\| +[0-9.]+ %'
check "raw figures of each round" [ "$(grep -c '^pthreads round=[12] .*ns=.*sum=.*wall=' "$tmp/bench/raw/hop1024")" = 2 ]

bench "$PIPEC" uneven-read uneven-work-16 uneven-ordered-1ms expand-three-16
check "uneven work: status" is 0
check "uneven work: bars" says out '^\| a source that reads a pipe.* [0-9.]+ s \(.*0.77 × Go'
check "uneven work: an item each" says out '^\| the same, 1 in 1,000 works 1 ms.* [0-9.]+ ns \('
for run in uneven-read uneven-work-16 uneven-ordered-1ms expand-three-16; do
    check "$run: raw figures of pipec" [ "$(grep -c '^pipec round=[12] .*sum=[0-9]* wall=' "$tmp/bench/raw/$run")" = 2 ]
    check "$run: raw figures of pthreads" [ "$(grep -c '^pthreads round=[12] .*sum=[0-9]* wall=' "$tmp/bench/raw/$run")" = 2 ]
done

bench "$PIPEC" zip batches prefer merge cast16 dropping16
check "several inputs, several receivers: status" is 0

bench "$PIPEC" backoff
check "items that are tried again: status" is 0
check "items that are tried again: a row" says out '^\| 10,000 items that wait a second for their next attempt.* [0-9.]+ s \('

bench "$PIPEC" uneven-drawn
check "drawn at random: status" is 0
check "drawn at random: a row" says out '^\| 24 pipelines drawn at random.* [0-9.]+ \([0-9.]+ to [0-9.]+\)'
check "drawn at random: each seed" says err '^bench: drawn 2: ideal=[0-9.]+ s, pipec times=[0-9.]+$'
check "drawn at random: raw figures" [ "$(grep -c '^pipec round=[12] .*ideal=.*times=' "$tmp/bench/raw/uneven-drawn")" = 2 ]
drawn=$tmp/bench/drawn
check "drawn at random: another seed, another pipeline" [ "$("$drawn" pipe 7)" != "$("$drawn" pipe 8)" ]

# ideal ARGUMENT...: the ideal of stages, each WORKERS:ODDS:NAP:EXPANDS:CAP; with odds of 1 everybody sleeps
ideal() { "$drawn" ideal "$@" | sed 's/ sum=.*//'; }
check "ideal: 100 naps of 1 ms by 10 workers" [ "$(ideal items=100 cap=16 10:1:1000:0:16)" = ideal=0.010000 ]
check "ideal: a second stage of half the workers" \
    [ "$(ideal items=100 cap=16 10:1:1000:0:16 5:1:1000:0:16)" = ideal=0.021000 ]
check "ideal: the first naps while the second does" [ "$(ideal items=3 cap=1 1:1:1000:0:1 1:1:2000:0:1)" = ideal=0.007000 ]
check "ideal: the slowest of three stages has always something to do" \
    [ "$(ideal items=9 cap=1 1:1:1000:0:1 1:1:9000:0:1 1:1:1000:0:1)" = ideal=0.083000 ]
# wait_for CAP: two stages that would not wait for each other if their channels were large
wait_for() { ideal items=20000 "cap=$1" "4:50:2000:0:$1" "4:50:2000:0:$1"; }
check "ideal: a small channel makes the stages wait for each other" [ "$(wait_for 1)" \> "$(wait_for 256)" ]
check "ideal: the sum is what the program says" \
    [ "sum=$("$tmp/bench/plain" uneven items=500 odds=100 | sed 's/.*sum=//')" = \
    "$("$drawn" ideal items=500 cap=4 3:100:1000:0:4 | sed 's/.* //')" ]


# draw ARGUMENT...: the sum of a job
draw() { "$tmp/bench/plain" uneven items=5000 "$@" | sed 's/.*sum=//'; }
check "a sum tells which items are slow" [ "$(draw odds=100)" != "$(draw odds=101)" ]
check "a sum tells which items are slow, at even distances" [ "$(draw every=100)" != "$(draw every=101)" ]
check "a sum tells how much was computed" [ "$(draw odds=100 toil=10)" != "$(draw odds=100)" ]
check "a sum does not tell how long was slept" [ "$(draw odds=100 nap=10)" = "$(draw odds=100)" ]
check "feed: the status of its command" [ "$("$tmp/bench/feed" items=1000 sh -c 'cat >/dev/null; exit 3'; echo $?)" = 3 ]
check "feed: a command that reads nothing" [ "$("$tmp/bench/feed" items=1000 false; echo $?)" = 1 ]
check "feed: all numbers come" [ "$("$tmp/bench/feed" items=1234 wc -c)" = 9872 ]

# A compiler whose programs count wrongly.
cat >"$tmp/pipec" <<'SH'
#!/bin/sh
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\necho "ns=5 sum=12345"\n' >"$2"
chmod +x "$2"
SH
chmod +x "$tmp/pipec"
bench "$tmp/pipec" hop1024
check "a wrong answer: status" is 1
check "a wrong answer: says which" says err 'pipe-hop .*says 12345, not [0-9]+'
bench "$tmp/pipec" uneven-two
check "a wrong answer of uneven work: status" is 1
check "a wrong answer of uneven work: says which" says err 'pipe-uneven-two .*says 12345, not [0-9]+'
bench "$tmp/pipec" uneven-drawn
check "a wrong answer of a drawn pipeline: status" is 1
check "a wrong answer of a drawn pipeline: says which" says err 'pipe-drawn-1 says sum=12345, not sum=[0-9]+'

# One whose programs take no time at all, and at most as many items as every program does.
cat >"$tmp/pipec" <<'SH'
#!/bin/sh
while [ "$1" != -o ]; do shift; done
cat >"$2" <<'PROGRAM'
#!/bin/sh
items=$(echo "$*" | sed -n 's/.*--items=\([0-9]*\).*/\1/p')
[ "${items:-0}" -le 100000000 ] && echo "ns=0 sum=ok"
PROGRAM
chmod +x "$2"
SH
PEERS=none MILLISECONDS=100000 bench "$tmp/pipec" inline
check "a quick machine: status" is 0
check "a quick machine: as many items as programs take" grep -q '^pipec .*items=100000000 ' "$tmp/bench/raw/inline"

bench "$PIPEC" nosuch
check "an unknown run: status" is 1
check "an unknown run: says where they are" says err 'no run is called nosuch; bench/rows has them all'

finish
