#!/usr/bin/env bash
# Everything that shows the runtime to be right, one part after the other, with what each explored at the end.
#
#   tools/verify.sh [--long] [PART...]     parts: model sched mutants inject torture random tsan, and with --long
#                                          verdict, near, keys-tsan, keys-asan, random-tsan, random-asan, stack-tsan, stack-asan,
#                                          elsewhere; all, where none is named
#
# The last line is `N passed, N failed`. Called by `make verify` and `make verify-long`, which build what it needs.
set -u
cd "$(dirname "$0")/.." || exit 1
export BUILD=${BUILD:-build}
export PIPEC=${PIPEC:-$PWD/$BUILD/pipec}
export CC=${CC:-cc} CFLAGS=${CFLAGS:--O2 -g} LDFLAGS=${LDFLAGS:-}
WATCHED="-O1 -g -fno-omit-frame-pointer -fsanitize=thread"

long=
if [ "${1-}" = --long ]; then
    long=--long
    shift
fi
parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(model sched mutants inject torture random tsan ${long:+verdict near keys-tsan keys-asan random-tsan random-asan stack-tsan stack-asan elsewhere})
passed=0
failed=0
summary=()
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# part NAME COMMAND...: what it counted stands in the line before its last
part() {
    local name=$1 begun=$SECONDS totals explored
    shift
    "$@" >"$log" 2>&1
    sed '/^ok /d' "$log"
    totals=$(tail -n 1 "$log" | sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p')
    [ -n "$totals" ] || totals="0 1"
    explored=$(grep -E '^[0-9]+ (models|schedules|of [0-9]+ mutants|runs|items|moves|programs)' "$log" | tail -n 1)
    passed=$((passed + ${totals% *}))
    failed=$((failed + ${totals#* }))
    summary+=("$(printf '%-11s %5d s  %4d passed, %d failed: %s' "$name" $((SECONDS - begun)) $totals "$explored")")
    echo "${summary[-1]}"
}

# random_watched DIRECTORY FLAGS SEED: other random programs, under a sanitizer
random_watched() {
    make -s BUILD="$BUILD/$1" CFLAGS="$2" all "$BUILD/$1/tests/random/pipes" || return
    PIPEC=$PWD/$BUILD/$1/pipec BUILD=$BUILD/$1 CFLAGS=$2 RANDOM_FROM=$3 RANDOM_COUNT=60 tests/random/random.sh --long
}

# watched DIRECTORY FLAGS SUITE...: a suite of the compiler under a sanitizer
watched() {
    local directory=$1 flags=$2
    shift 2
    make -s BUILD="$BUILD/$directory" CFLAGS="$flags" all || return
    PIPEC=$PWD/$BUILD/$directory/pipec BUILD=$BUILD/$directory CFLAGS=$flags "$@"
}

# The torture cases under ThreadSanitizer: those of small channels, closed loops, ends, limits, keys and inputs, and all of them in --long.
tsan() {
    make -s BUILD="$BUILD/tsan" CFLAGS="$WATCHED" torture-programs || return
    if [ -n "$long" ]; then
        BUILD=$BUILD/tsan tests/torture/torture.sh
    else
        BUILD=$BUILD/tsan tests/torture/torture.sh -2- -0- -growing- pingpong forkjoin-1 feedback ending/ bound senders/ inputs/ keys/
    fi
}

for name in "${parts[@]}"; do
    case $name in
    elsewhere) part "$name" tests/elsewhere.sh --long ;;
    # shellcheck disable=SC2086 # an option or none
    model | sched | inject | random) part "$name" "tests/$name/$name.sh" $long ;;
    verdict) part "$name" tests/verdict.sh --long ;;
    near) part "$name" tests/near.sh $long ;;
    mutants) part "$name" tests/mutants/mutants.sh ${long:+--all} ;;
    torture) part "$name" env TORTURE_TIMES="${long:+20}" TORTURE_LIMIT="${long:+1200}" tests/torture/torture.sh ;;
    tsan) part "$name" tsan ;;
    keys-tsan) part "$name" watched tsan "$WATCHED" tests/golden.sh run/keys_ ;;
    keys-asan) part "$name" watched asan "${WATCHED/thread/address,undefined}" tests/golden.sh run/keys_ ;;
    random-tsan) part "$name" random_watched tsan "$WATCHED" 2001 ;;
    random-asan) part "$name" random_watched asan "${WATCHED/thread/address,undefined}" 3001 ;;
    stack-tsan) part "$name" env CFLAGS="$WATCHED" MOVES=10000000 tests/stack.sh ;;
    stack-asan) part "$name" env CFLAGS="${WATCHED/thread/address,undefined}" MOVES=10000000 tests/stack.sh ;;
    *)
        echo "verify: no part '$name'" >&2
        exit 2
        ;;
    esac
done
printf '%s\n' "${summary[@]}"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
