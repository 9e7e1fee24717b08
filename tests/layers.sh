#!/usr/bin/env bash
# The house stands as docs/hacking.md draws it: its first picture is the table of rooms, in the order of the data.
#
#   - a file includes from its own room and from those above it, never from one below;
#   - a few headers are for the files of their own room;
#   - what is blind to a room does not reach a header of it, not through others either;
#   - no .c file declares a function of another one: that is what headers are for;
#   - no files go round in a circle. x.c and x.h are one file here.
#
# Each complaint names both files.
. "$(dirname "$0")/lib.sh"

blind="compiler/emit/ compiler/tree/" # the plan is whole
private="compiler/facts/decl_write.h compiler/plan/make.h" # headers for the files of their room

# rooms DIR: the folders of the table, one a line
rooms() {
    awk '/^```/ { if (inside) exit; getline; if ($1 ~ /^compiler\/.*\/$/) inside = 1 }
         inside && /^[a-z].*\// { print $1 }' "$1/docs/hacking.md"
}

# includes DIR: "FILE INCLUDED" for each include of a file of the house; what is generated belongs to nobody
includes() {
    local room file name
    for room in $(rooms "$1"); do
        for file in "$1/$room"*.[chly]; do
            [ -e "$file" ] || continue
            sed -nE 's/^#include "([^"]+)".*/\1/p' "$file" | while read -r name; do
                for name in "compiler/$name" "grammar/$name"; do
                    [ -e "$1/$name" ] && echo "$room${file##*/} $name"
                done
            done
        done
    done
}

# Files of the compiler that stand in no room.
homeless() {
    local file
    for file in "$1"/compiler/*.[ch] "$1"/compiler/*/; do
        [ -e "$file" ] || continue
        file=${file#"$1"/}
        rooms "$1" | grep -qxF "$file" || echo "$file stands in no room of docs/hacking.md"
    done
}

downward() {
    awk 'NR == FNR { place[$1] = NR; next }
         { from = $1; to = $2; sub(/[^\/]*$/, "", from); sub(/[^\/]*$/, "", to) }
         !(to in place) { print $1 " includes " $2 ", which stands in no room"; next }
         place[to] > place[from] { print $1 " includes " $2 " of a room below its own" }' <(rooms "$1") <(includes "$1")
}

intruders() {
    includes "$1" | awk -v private=" $private " '
        { from = $1; to = $2; sub(/[^\/]*$/, "", from); sub(/[^\/]*$/, "", to) }
        from != to && index(private, " " $2 " ") { print $1 " includes " $2 ", which is for the files of its room" }'
}

# Each blind file, and the header that it reaches by whatever way.
seen() {
    # shellcheck disable=SC2086 # two words
    set -- "$1" $blind
    includes "$1" | awk -v from="$2" -v to="$3" '
        { reached[$1] = reached[$1] " " $2 }
        function look(file, first,    list, n, i) {
            if (file in known) return
            known[file] = 1
            n = split(reached[file], list, " ")
            for (i = 1; i <= n; i++) {
                if (index(list[i], to) == 1) print first " reaches " list[i] ", which it is blind to, through " file
                else look(list[i], first)
            }
        }
        END { for (file in reached) if (index(file, from) == 1) { delete known; look(file, file) } }' | sort
}

# Top-level statements that begin in the first column and end without a body.
borrowed() {
    local room file name
    for room in $(rooms "$1"); do
        for file in "$1/$room"*.c; do
            [ -e "$file" ] || continue
            awk '{ if (text != "") text = text " " $0
                   else if (/^[A-Za-z_]/ && !/^(static|typedef|enum|union)/) text = $0 }
                 text != "" && /[{;]/ { if (text ~ /\(/ && text !~ /[{=]/) print text; text = "" }' "$file" |
                sed -nE 's/^[^(]*[ *]([A-Za-z_0-9]+)\(.*;.*/\1/p' | while read -r name; do
                echo "$room${file##*/} declares $name() itself, which is of" \
                    "$(cd "$1" && grep -lE "^[A-Za-z_].*\b$name\(" compiler/*/*.h compiler/*/*.c grammar/* 2>/dev/null |
                        grep -vxF "$room${file##*/}" | head -n 1)"
            done
        done
    done
}

circles() {
    includes "$1" | sed -E 's/\.[chly]( |$)/\1/g' | awk '$1 != $2' | tsort 2>&1 >/dev/null |
        sed -nE 's/^tsort: ([^ ]*\/[^ ]*)$/\1/p' | paste -sd ' ' | sed -n 's/..*/& include each other/p'
}

# Everything that is wrong with the house at DIR; the status tells whether anything is.
layers() {
    local wrong
    wrong=$(homeless "$1"; downward "$1"; intruders "$1"; seen "$1"; borrowed "$1"; circles "$1")
    printf '%s' "$wrong"
    [ -z "$wrong" ]
}

check "the house stands as docs/hacking.md draws it" layers .
check "the table has the rooms" test "$(rooms . | wc -l)" -ge 9
check "their includes are found" test "$(includes . | wc -l)" -ge 200

# ---- that each part of it can fail ----

# A small house in order, to be spoiled.
house=$tmp/house

build_house() {
    rm -rf "$house"
    mkdir -p "$house"/docs "$house"/grammar "$house"/compiler/{tree,facts,emit}
    printf 'Two words.\n\n```\ncompiler/tree/  a\ngrammar/  b\ncompiler/facts/  c,\n    d\ncompiler/emit/  e\n```\n' \
        >"$house/docs/hacking.md"
    file tree/node.h 'struct node { int x; };'
    file tree/node.c '#include "tree/node.h"'
    file facts/use.h '#include "tree/node.h"'
    file facts/use.c '#include "facts/use.h"' '#include "parse.h"' 'static int twice(int x);' 'int use(int x)' '{' \
        '    return twice(x);' '}'
    file facts/plain.h 'int use(int x);'
    file emit/stage.c '#include "facts/plain.h"' 'static const int a = (1);'
    echo 'int parse(void);' >"$house/grammar/parse.h"
}

# file NAME LINE...
file() {
    printf '%s\n' "${@:2}" >"$house/compiler/$1"
}

# refused NAME WORD...: the house is refused, with these words
refused() {
    local name=$1 word
    shift
    layers "$house" >"$tmp/said" && echo accepted >>"$tmp/said"
    for word in "$@"; do
        if ! grep -qF -- "$word" "$tmp/said"; then
            fail "$name" "no '$word' in: $(cat "$tmp/said")"
            return
        fi
    done
    pass "$name"
}

build_house
check "a house in order" layers "$house"

file tree/node.c '#include "tree/node.h"' '#include "facts/use.h"'
refused "an include of a room below" "compiler/tree/node.c includes compiler/facts/use.h of a room below"

build_house
echo '#include "facts/use.h"' >"$house/grammar/scan.l"
refused "one in the grammar" "grammar/scan.l includes compiler/facts/use.h of a room below"

build_house
file facts/decl_write.h 'int write(int x);'
file emit/stage.c '#include "facts/decl_write.h"'
refused "a header of another room's own" "compiler/emit/stage.c includes compiler/facts/decl_write.h, which is for"

build_house
file facts/use.c '#include "facts/use.h"' 'extern int other(int x);'
file facts/other.c 'int other(int x)' '{' '    return x;' '}'
refused "an extern function" "compiler/facts/use.c declares other() itself" "of compiler/facts/other.c"

build_house
file facts/use.c 'struct node *other(int x,' '                   int y);'
file facts/other.h 'struct node *other(int x, int y);'
refused "the same without the word, on two lines" "compiler/facts/use.c declares other()" "of compiler/facts/other.h"

build_house
file facts/one.c '#include "facts/two.h"'
file facts/one.h 'int one(void);'
file facts/two.c '#include "facts/three.h"'
file facts/two.h 'int two(void);'
file facts/three.h '#include "facts/one.h"'
refused "a circle of files" "compiler/facts/one" "compiler/facts/two" "compiler/facts/three" "include each other"

build_house
file emit/stage.c '#include "tree/node.h"'
refused "an emitter that sees the tree" "compiler/emit/stage.c reaches compiler/tree/node.h"

build_house
file emit/stage.c '#include "facts/use.h"'
refused "one that sees it through another header" "compiler/emit/stage.c reaches compiler/tree/node.h" \
    "through compiler/facts/use.h"

build_house
mkdir "$house/compiler/attic"
file attic/old.c 'int old;'
refused "a folder that is no room" "compiler/attic/ stands in no room"

build_house
file loose.c 'int loose;'
refused "a file outside of the rooms" "compiler/loose.c stands in no room"

finish
