#!/usr/bin/env bash
# The emitted C elsewhere: a stage's function in C++, the runtime's headers in C++, a file with its runtime in the C of
# other years.
#
#   tests/elsewhere.sh --long    also a static program with musl, and one for aarch64 under qemu-user, which are left out
#                                with a note where their compilers are missing
. "$(dirname "$0")/lib.sh"
needs "$PIPEC"
top=$PWD
cd "$tmp" || exit 1

# ---- C++ ---------------------------------------------------------------------------------------------------------------

cat >mixed.pipe <<'P'
pipeline mixed;
include <stdio.h>;
param int more = 2;
channel int numbers[4];
channel int sums[4];
channel string texts[4];
stage count -> numbers { for (int i = 1; i < 7; i++) emit(i); }
stage work (n <- numbers) -> sums, texts = work_on;
stage add (n <- sums) inline state { int sum; } { self->sum += n; } final { printf("%d\n", self->sum); }
stage show (text <- texts) { puts(text); }
P
cat >work.cc <<'C'
#include "mixed.h"
#include <algorithm>
#include <string>
#include <vector>

enum prt_result work_on(struct mixed_work *self, int *n)
{
    std::vector<int> all(3, *n);

    if (std::count(all.begin(), all.end(), *n) != 3)
        return mixed_work_fail(self, "%d", *n);
    mixed_work_emit_sums(self, all[0] + self->pipe->params.more);
    if (*n == 3)
        mixed_work_emit_texts(self, strdup(std::to_string(*n).c_str()));
    return PRT_DONE;
}
C
"$PIPEC" emit -H mixed.h -o mixed.c mixed.pipe
check "the C" "$CC" -std=c11 -I"$top/runtime/include" -c mixed.c
for cxx in g++ clang++; do
    if ! command -v $cxx >/dev/null; then
        echo "note: no $cxx here"
        continue
    fi
    for standard in c++11 c++20; do
        for header in "$top"/runtime/include/prt/*.h; do
            echo "#include <prt/${header##*/}>" >header.cc
            check "$cxx -std=$standard ${header##*/}" $cxx -std=$standard -Wall -Wextra -Wpedantic -Werror \
                -I"$top/runtime/include" -fsyntax-only header.cc
        done
    done
    check "a function in $cxx" $cxx -std=c++17 -Wall -Wextra -Werror -I"$top/runtime/include" -c work.cc
    check "linked by $cxx" $cxx -o mixed mixed.o work.o "$top/$BUILD/libprt.a" -pthread
    check "run, from $cxx" test "$(timeout 20 ./mixed | sort -n | tr '\n' ' ')" = "3 33 "
done

# ---- the C of other years ------------------------------------------------------------------------------------------------

"$PIPEC" emit --standalone -o alone.c "$top/tests/emit/sections.pipe"
for cc in gcc clang; do
    for standard in c99 gnu99 gnu17; do
        check "$cc -std=$standard" $cc -std=$standard -Wall -Wextra -Werror -o alone alone.c -pthread
        check "$cc -std=$standard runs" test "$(timeout 20 ./alone | sed 1d | awk '{ n += $1 } END { print n }')" = 6
    done
done

# ---- another libc, another processor -------------------------------------------------------------------------------------

# alone NAME TOOLS COMMAND RUN: a static program of the file
alone() {
    local name=$1 tools=$2 compile=$3 run=$4 tool
    for tool in $tools; do
        command -v "$tool" >/dev/null && continue
        echo "note: $name is left out, for there is no $tool: tools/setup.sh verify installs it"
        return
    done
    # shellcheck disable=SC2086 # commands of several words
    check "$name" $compile -std=c11 -O2 -Wall -Wextra -Werror -static -o alone alone.c -pthread
    check "$name is static" fails_to_name_an_interpreter alone
    for ((i = 0; i < 20; i++)); do
        # shellcheck disable=SC2086
        timeout 60 $run ./alone | sed 1d | awk '{ n += $1 } END { print n }'
    done >sums
    check "$name runs" test "$(sort sums | uniq -c | tr -s ' ')" = " 20 6"
}

fails_to_name_an_interpreter() {
    ! readelf -l "$1" | grep -q INTERP
}

if [ "${1-}" = --long ]; then
    # The kernel's headers, which musl's package does not bring, are those of the system, behind musl's own.
    alone musl musl-gcc "musl-gcc -idirafter /usr/include -idirafter /usr/include/$(gcc -dumpmachine)" ""
    alone aarch64 "aarch64-linux-gnu-gcc qemu-aarch64" aarch64-linux-gnu-gcc qemu-aarch64
fi
finish
