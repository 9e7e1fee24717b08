#!/usr/bin/env bash
# The golden cases: a .pipe file, and beside it what must come of it.
#
#   tests/diag/NAME.pipe   .err   what `pipec check` says
#   tests/emit/NAME.pipe   .c     what `pipec emit` writes; gcc and clang accept it without a warning
#                          .h     the header of -H, which the .c then includes
#                          .test  the title of the test whose C it is
#   tests/run/NAME.pipe    .out   what the program prints
#                          .args  its arguments, a line each    .in      its standard input
#                          .c     C that belongs to it          .status  its exit status, where it is not 0
#
#   tests/golden.sh [--update] [WORD...]
#
# Only the cases whose path has a WORD; --update rewrites what must come of them.
. "$(dirname "$0")/lib.sh"
needs "$PIPEC"

update=
if [ "${1-}" = --update ]; then
    update=yes
    shift
fi
patterns=("$@")
. tests/lib-wanted.sh
export XDG_CACHE_HOME=$tmp/cache NO_COLOR=1
mkdir "$XDG_CACHE_HOME"

# golden NAME EXPECTED ACTUAL STATUS: what a pipec that did not even run left behind is not written down
golden() {
    [ -n "$update" ] && [ "$4" -lt 124 ] && cp "$3" "$2"
    if [ -e "$2" ]; then
        same "$1" "$2" "$3"
    else
        fail "$1" "$2 is missing; tests/golden.sh --update $1 writes it"
    fi
}

# ended NAME WANTED ACTUAL: the exit status, which is only worth a line where it is wrong
ended() {
    [ "$3" -eq "$2" ] || fail "$1" "ends with status $3, not $2"
}

diag() {
    local name=$1 status wanted=0
    (cd tests/diag && "$PIPEC" check "$name.pipe") >"$tmp/out" 2>"$tmp/err" </dev/null
    status=$?
    grep -q ' error: \|^pipec: ' "$tmp/err" && wanted=1
    golden "diag/$name" "tests/diag/$name.err" "$tmp/err" "$status"
    ended "diag/$name" "$wanted" "$status"
}

emit() {
    local name=$1 cc header=() test=()
    [ -e "tests/emit/$name.h" ] && header=(-H "$tmp/$name.h")
    [ -e "tests/emit/$name.test" ] && test=(--test "$(<"tests/emit/$name.test")")
    if ! (cd tests/emit && "$PIPEC" emit "${header[@]}" "${test[@]}" -o "$tmp/$name.c" "$name.pipe") 2>"$tmp/err"; then
        fail "emit/$name" "is not accepted:"
        cat "$tmp/err"
        return
    fi
    golden "emit/$name" "tests/emit/$name.c" "$tmp/$name.c" 0
    [ ${#header[@]} -gt 0 ] && golden "emit/$name.h" "tests/emit/$name.h" "$tmp/$name.h" 0
    for cc in gcc clang; do
        check "emit/$name $cc" "$cc" -std=c11 -O1 -Wall -Wextra -Wpedantic -Wshadow -Werror -Iruntime/include \
            -iquote tests/emit -iquote tests/emit/files -c -o "$tmp/object.o" "$tmp/$name.c"
    done
}

run() {
    local name=$1 case=tests/run/$1 status wanted=0 arguments=() more=() input=/dev/null
    [ -e "$case.args" ] && mapfile -t arguments <"$case.args"
    [ -e "$case.c" ] && more=("$case.c")
    [ -e "$case.in" ] && input=$case.in
    [ -e "$case.status" ] && wanted=$(<"$case.status")
    timeout -k 5 60 "$PIPEC" run "$case.pipe" "${more[@]}" -- "${arguments[@]}" <"$input" >"$tmp/out" 2>"$tmp/err"
    status=$?
    ! grep -q 'nothing was built$' "$tmp/err" || fail "run/$name" "is not built"
    golden "run/$name" "$case.out" "$tmp/out" "$status"
    ended "run/$name" "$wanted" "$status"
    [ "$status" -eq "$wanted" ] || sed 's/^/    /' "$tmp/err"
}

for layer in diag emit run; do
    for case in tests/"$layer"/*.pipe; do
        [ -e "$case" ] && wanted "$case" && "$layer" "$(basename "$case" .pipe)"
    done
done
finish
