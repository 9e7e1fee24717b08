#!/usr/bin/env bash
# Every .pipe file that there is goes through pipec whole and damaged, the same way each time. For a search without an end,
# see tests/fuzz/fuzz.sh.
. "$(dirname "$0")/lib.sh"

replay=${PIPEC%/*}/tests/fuzz/replay
copies=${FUZZ_COPIES:-100}

# replay_all NAME FILE...
replay_all() {
    local name=$1
    shift
    if (cd "$tmp" && "$replay" -n "$copies" "$@") >"$tmp/log" 2>&1; then
        pass "fuzz/$name"
    else
        fail "fuzz/$name" "ends with status $?:"
        tail -n 20 "$tmp/log" | sed 's/^/    /'
        [ ! -e "$tmp/fuzz-crash.pipe" ] || cp "$tmp/fuzz-crash.pipe" "$BUILD/fuzz-crash-$name.pipe"
    fi
}

replay_all examples "$PWD"/examples/*.pipe
replay_all diag "$PWD"/tests/diag/*.pipe
replay_all emit "$PWD"/tests/emit/*.pipe
replay_all run "$PWD"/tests/run/*.pipe
finish
