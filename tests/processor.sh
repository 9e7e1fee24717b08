#!/usr/bin/env bash
# Programs held to one processor print what they print on all: every case of tests/run, and the pipeline of tests/inject,
# which has a pool, blocking workers and a rendezvous.
. "$(dirname "$0")/lib.sh"
needs "$PIPEC"

one=$(taskset -pc $$ | sed -E 's/.*: ([0-9]+).*/\1/')
"$PIPEC" build -o "$tmp/inject" tests/inject/inject.pipe || fail build "inject.pipe"
wanted=0 # the sum of i * (i % 3 + 1)
for ((i = 1; i <= 2000; i++)); do
    wanted=$((wanted + i * (i % 3 + 1)))
done

timeout -k 5 60 taskset -c "$one" "$tmp/inject" --items=2000 >"$tmp/out" 2>"$tmp/err" </dev/null
status=$?
check "inject" test "$status: $(cat "$tmp/out" "$tmp/err")" = "0: $wanted"

for case in tests/run/*.pipe; do
    case=${case%.pipe}
    name=${case##*/}
    arguments=() more=() input=/dev/null status=0
    [ -e "$case.args" ] && mapfile -t arguments <"$case.args"
    [ -e "$case.c" ] && more=("$case.c")
    [ -e "$case.in" ] && input=$case.in
    [ -e "$case.status" ] && status=$(<"$case.status")
    if ! "$PIPEC" build -o "$tmp/$name" "$case.pipe" "${more[@]}" >"$tmp/log" 2>&1; then
        fail "$name" "does not build: $(head -n 5 "$tmp/log")"
        continue
    fi
    timeout -k 5 60 taskset -c "$one" "$tmp/$name" "${arguments[@]}" <"$input" >"$tmp/out" 2>"$tmp/err"
    [ $? -eq "$status" ] || fail "$name" "not status $status: $(head -n 3 "$tmp/err")"
    same "$name" "$case.out" "$tmp/out"
done
finish
