#!/usr/bin/env bash
# The recipes of docs/building.md, and the one of the manual page, with make, Ninja and CMake: a build where nothing
# changed runs pipec not once, one after an edit runs it once. What is not installed is skipped, and said so.
. "$(dirname "$0")/lib.sh"
needs "$PIPEC"

if [[ $CFLAGS == *-fsanitize* ]]; then
    pass "recipes: not with a runtime that has a sanitizer"
    finish
fi
top=$PWD
make -s CC="$CC" CFLAGS="$CFLAGS" LDFLAGS="$LDFLAGS" BUILD="$BUILD" PREFIX="$tmp/prefix" install >"$tmp/installed" ||
    fail install "$(<"$tmp/installed")"

# A pipec that counts how often it runs.
mkdir "$tmp/bin"
printf '#!/bin/sh\necho run >>%s/runs\nexec %s/prefix/bin/pipec "$@"\n' "$tmp" "$tmp" >"$tmp/bin/pipec"
chmod +x "$tmp/bin/pipec"
export PATH=$tmp/bin:$PATH PKG_CONFIG_PATH=$tmp/prefix/lib/pkgconfig
unset MAKEFLAGS MAKELEVEL CFLAGS LDFLAGS

# block FILE: the text of the page's block that is called FILE
block() {
    awk -v name="$1" '/^```/ { on = !on && $2 == name; next } on' "$top/docs/building.md"
}

# runs WANTED BUILD...: pipec runs so often
runs() {
    local wanted=$1 n
    shift
    : >"$tmp/runs"
    "$@" >"$tmp/log" 2>&1 || { cat "$tmp/log"; return 1; }
    n=$(wc -l <"$tmp/runs")
    [ "$n" -eq "$wanted" ] || { echo "pipec ran $n times"; cat "$tmp/log"; return 1; }
}

# settles NAME PROGRAM BEFORE EDITED BUILD...: the build makes PROGRAM, which prints BEFORE, and EDITED once `BEFORE` in
# the .pipe file is so
settles() {
    local name=$1 program=$2 before=$3 edited=$4
    shift 4
    check "$name: builds" runs 1 "$@"
    check "$name: the program" test "$("$program" | head -n 1)" = "$before"
    check "$name: nothing to do" runs 0 "$@"
    sleep 0.02
    sed -i "s/$before/$edited/" "$pipe"
    check "$name: an edit" runs 1 "$@"
    check "$name: the edited program" test "$("$program" | head -n 1)" = "$edited"
    check "$name: nothing to do after it" runs 0 "$@"
    sleep 0.02
    echo "// no word for the C compiler" >>"$pipe"
    check "$name: an edit of a comment" runs 1 "$@"
    check "$name: nothing to do after that" runs 0 "$@"
    sleep 0.02
    touch "$pipe"
    check "$name: another time" runs 1 "$@"
    check "$name: nothing to do after this" runs 0 "$@"
    sed -i 's/^stage/stagger/' "$pipe"
    check "$name: an error" fails "$@"
    sed -i 's/^stagger/stage/' "$pipe"
    check "$name: mended" runs 1 "$@"
    check "$name: nothing to do in the end" runs 0 "$@"
}

# project DIR FILE: the sources and the recipe FILE in DIR
project() {
    mkdir "$tmp/$1" && cd "$tmp/$1" || exit 1
    block squares.pipe | sed 's/"%d\\n", n/"%d\\n", 100 * n/' >squares.pipe
    block square.c >square.c
    block "$2" >"$2"
    pipe=$PWD/squares.pipe
}

# skipped TOOL: says so where it is not installed
skipped() {
    command -v "$1" >/dev/null && return 1
    echo "skipped: $1 is not installed"
}

if ! skipped make; then
    project make Makefile
    settles make ./squares 100 200 make squares

    # The manual page's, for a pipeline without C files.
    mkdir "$tmp/page" && cd "$tmp/page" || exit 1
    sed -n '/^With make:/,/^\.Ed/p' "$top/man/pipec-emit.1" | sed '1,2d;$d' >Makefile
    printf 'pipeline words; include <stdio.h>;\nstage show { puts("first"); }\n' >words.pipe
    pipe=$PWD/words.pipe
    settles "make of the manual page" ./words first other make words
fi
if ! skipped ninja; then
    project ninja build.ninja
    settles ninja ./squares 100 200 ninja squares
    sleep 0.02
    echo "// nothing" >>squares.pipe
    check "ninja: what did not change is not compiled" bash -c 'ninja -v squares >../log && ! grep -q " -c -o" ../log'
fi
if ! skipped cmake; then
    for generator in "Unix Makefiles" Ninja; do
        [ "$generator" != Ninja ] || ! skipped ninja || continue
        project "cmake ${generator% *}" CMakeLists.txt
        check "cmake, $generator: configures" cmake -G "$generator" -B out .
        settles "cmake, $generator" out/squares 100 200 cmake --build out
    done
fi
cd "$top" || exit 1
finish
