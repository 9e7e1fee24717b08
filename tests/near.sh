#!/usr/bin/env bash
# Programs drawn from seeds (tests/fuzz/near.c), every other one with a few of its tokens damaged, every other pair with
# names that meet others. pipec takes or refuses each without ending otherwise; what it takes gives the same C twice. The C
# of a whole one gives no warning of gcc or clang; where that of another does, the first thing that each of them says
# stands in the author's own text, and what follows from it may stand in the emitted C.
#
#   tests/near.sh [--long] [FROM [COUNT]]     200 from seed 1 on; --long: 2,000
. "$(dirname "$0")/lib.sh"
needs "$PIPEC" "$BUILD/tests/fuzz/near"

count=200
if [ "${1-}" = --long ]; then
    count=2000
    shift
fi
from=${1:-1}
count=${2:-$count}
near=$PWD/$BUILD/tests/fuzz/near
runtime=$PWD/runtime/include
export NO_COLOR=1
# The emitted C needs no sanitizer, nor optimizing: it is only read.
flags=(-std=c11 -fsyntax-only -Wall -Wextra -Wpedantic -Wshadow -Wno-unused-label "-I$runtime" -iquote ..)

# taken FILE: whether pipec takes it; in $tmp/drawn, where its C goes
taken() {
    local name=${1%.pipe} status
    timeout 20 "$PIPEC" emit -o "$name.c" "$1" >said 2>&1
    status=$?
    [ $status -gt 1 ] && fail "near/$name" "pipec ends with status $status: $(head -n 3 said)"
    [ $status -eq 1 ] && { grep -q ' error: ' said || fail "near/$name" "refused without an error: $(<said)"; }
    [ $status -eq 0 ] || return 1
    mkdir -p again && "$PIPEC" emit -o "again/$name.c" "$1" 2>/dev/null
    cmp -s "$name.c" "again/$name.c" || fail "near/$name" "gives other C the second time"
}

# complaints CC FILE...: the lines of the C compiler that are an error or a warning
complaints() {
    printf '%s\n' "${@:2}" | xargs -n 50 "$1" "${flags[@]}" 2>&1 | grep -E ': (fatal error|error|warning): |internal compiler'
}

# stray COMPLAINTS: the first one of each program, where it points into the emitted C
stray() {
    awk -F: '{ name = $1; sub(/\.(pipe|parts|c)$/, "", name) } !seen[name]++ && $1 ~ /\.c$/' "$1"
}

cp tests/fuzz/near.h "$tmp"
mkdir "$tmp/drawn" && cd "$tmp/drawn" || exit 1
"$near" . "$from" "$count" || fail draw
whole=()
meets=()
near=()
for file in *.pipe; do
    taken "$file" || continue
    case $file in
    whole-*) whole+=("${file%.pipe}.c") ;;
    meets-*) meets+=("${file%.pipe}.c") && near+=("${file%.pipe}.c") ;;
    *) near+=("${file%.pipe}.c") ;;
    esac
done
for cc in gcc clang; do
    complaints $cc "${whole[@]}" >"../$cc.whole"
    same "whole programs, $cc" /dev/null "../$cc.whole"
    complaints $cc "${near[@]}" >"../$cc.near"
    check "no C of theirs breaks $cc" bash -c '! grep "internal compiler" "$1"' _ "../$cc.near"
    stray "../$cc.near" >"../$cc.stray"
    same "names that meet, and damaged programs, $cc" /dev/null "../$cc.stray"
done
echo "$count programs drawn; whole ones taken: ${#whole[@]}, those with names that meet: ${#meets[@]}," \
    "damaged ones: $((${#near[@]} - ${#meets[@]}))"
check "most whole ones are taken" test "${#whole[@]}" -ge $((count * 2 / 10))
check "many whose names meet are" test "${#meets[@]}" -ge $((count / 10))
check "some damaged ones are" test "${#near[@]}" -ge $((${#meets[@]} + count / 20))
finish
