# shellcheck shell=bash
# What the suites share: counting cases, a directory that goes away, and the tools under test. Source it first:
#
#   . "$(dirname "$0")/lib.sh"
#   check NAME COMMAND...          ok if the command succeeds; its output is shown if it does not
#   same NAME EXPECTED ACTUAL      ok if the two files are equal; else the difference is shown
#   pass NAME / fail NAME WHY      for what the two do not cover
#   fails COMMAND...               for check: succeeds where the command does not
#   finish                         prints the totals; the last line of a suite, which fails if nothing passed
#   needs PROGRAM...               ends the suite where one is not built
#
# The suite runs in the project's top directory. $tmp is an empty directory.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

export BUILD=${BUILD:-build}
export PIPEC=${PIPEC:-$PWD/$BUILD/pipec}
export CC=${CC:-cc} CFLAGS=${CFLAGS:--O2 -g} LDFLAGS=${LDFLAGS:-}

passed=0
failed=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

pass() {
    passed=$((passed + 1))
    echo "ok $1"
}

fail() {
    failed=$((failed + 1))
    echo "FAIL $*"
}

check() {
    local name=$1
    shift
    if "$@" >"$tmp/.check" 2>&1; then
        pass "$name"
    else
        fail "$name" "exit status $?:" "$@"
        sed 's/^/    /' "$tmp/.check"
    fi
}

fails() { ! "$@"; }

same() {
    if diff -u --text "$2" "$3" >"$tmp/.same" 2>&1; then
        pass "$1"
    else
        fail "$1" "differs from what is expected:"
        sed 's/^/    /' "$tmp/.same"
    fi
}

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
    exit
}

needs() {
    local program
    for program in "$@"; do
        [ -e "$program" ] && continue
        echo "${0##*/}: $program is not built yet: 'make test' does, or make with the path" >&2
        exit 2
    done
}
