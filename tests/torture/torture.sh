#!/usr/bin/env bash
# Runs the cases of every torture program, each in a process of its own with a limit of time. A case that hangs shows
# where its threads stand, if gdb is there, and fails; the others go on.
#
#   tests/torture/torture.sh [PATTERN...]     only the cases PROGRAM/CASE that contain a PATTERN
. "$(dirname "$0")/../lib.sh"

limit=${TORTURE_LIMIT:-200} # seconds for each case: only a hang takes so long

items=0
log=$tmp/log

dump() {
    echo "no end after $limit s"
    if command -v gdb >/dev/null; then
        gdb -p "$1" -batch -ex 'thread apply all backtrace 12' 2>/dev/null | grep -E '^(Thread|#)'
    fi
}

# run PROGRAM CASE: the status of the case, 124 if it hangs. Its output goes to the log.
run() {
    local child ticks=0
    "$1" "$2" >"$log" 2>&1 </dev/null &
    child=$!
    while kill -0 "$child" 2>/dev/null; do
        if [ "$ticks" -ge $((limit * 50)) ]; then
            dump "$child" >>"$log"
            kill -KILL "$child"
            wait "$child" 2>/dev/null
            return 124
        fi
        sleep 0.02
        ticks=$((ticks + 1))
    done
    wait "$child"
}

one() {
    local status
    run "$@"
    status=$?
    if [ "$status" -eq 0 ]; then
        items=$((items + $(sed -nE 's/^([0-9]+) items$/\1/p' "$log" | tail -n 1) + 0))
        pass "${1##*/}/$2"
    else
        fail "${1##*/}/$2" "status $status"
        head -n 200 "$log" | sed 's/^/    /'
    fi
}

patterns=("$@")
. tests/lib-wanted.sh
for source in tests/torture/*.c; do
    program=$BUILD/tests/torture/$(basename "$source" .c)
    needs "$program"
    while read -r name; do
        wanted "${program##*/}/$name" && one "$program" "$name"
    done < <("$program" --list || echo "does-not-run")
done
echo "$items items"
finish
