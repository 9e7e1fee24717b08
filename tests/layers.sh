#!/usr/bin/env bash
# The houses stand as docs/hacking.md draws them: a picture of each is the table of its rooms. In the compiler's they come
# in the order of the data, in the runtime's the lowest first.
#
#   - a file includes from its own room and from those above it in the picture, never from one below;
#   - a few headers are for the files of their own room;
#   - the compiler includes prt/live.h of the runtime, in compiler/live/, and no other header of it;
#   - what is blind to a room does not reach a header of it, not through others either;
#   - no .c file declares a function or a variable of another one: that is what headers are for;
#   - no files of the compiler go round in a circle (x.c and x.h are one file here), no headers of the runtime do;
#   - no function of the runtime calls one of a higher room, but through runtime/seam.h, which has at most 20 and none that
#     is not called from below. The objects tell who calls whom;
#   - each handshake of docs/runtime.md's table is named in the runtime, at two places at least, and no other is; each barrier
#     of all threads has its handshake's name; each function that the page names is one of the runtime's;
#   - what a file of the runtime defines for others stands in its own header (stack_*.c share stack.h), in the seam, or in
#     what emitted C includes.
#
# Each complaint names both files.
. "$(dirname "$0")/lib.sh"

blind="compiler/emit/:compiler/tree/ compiler/picture/:compiler/tree/" # the plan is whole
private="compiler/facts/decl_write.h compiler/plan/make.h" # headers for the files of their room
seam_most=20

# rooms DIR HALF: the folders of the half's table, one a line; what emitted C includes is the runtime's ground
rooms() {
    awk -v half="$2/" '
        /^```/ { if (inside) exit; getline; if (index($1, half) == 1 && $1 ~ /\/$/ && $1 != half) inside = 1 }
        inside && /^[a-z].*\// && $1 != "runtime/include/prt/" { print $1 }' "$1/docs/hacking.md"
}

# includes DIR HALF: "FILE INCLUDED" for each include of a file of the half; what is generated belongs to nobody
includes() {
    local room file name
    for room in $(rooms "$1" "$2"); do
        for file in "$1/$room"*.[chly]; do
            [ -e "$file" ] || continue
            sed -nE 's/^#include "([^"]+)".*/\1/p' "$file" | while read -r name; do
                for name in "$2/$name" "grammar/$name"; do
                    [ -e "$1/$name" ] && [ "$name" != runtime/seam.h ] && echo "$room${file##*/} $name"
                done
            done
        done
    done
}

# Files of a half that stand in no room.
homeless() {
    local file
    for file in "$1/$2"/*.[ch] "$1/$2"/*/; do
        [ -e "$file" ] || continue
        file=${file#"$1"/}
        case $file in
        runtime/include/ | runtime/seam.h) continue ;;
        esac
        rooms "$1" "$2" | grep -qxF "$file" || echo "$file stands in no room of docs/hacking.md"
    done
}

downward() {
    awk 'NR == FNR { place[$1] = NR; next }
         { from = $1; to = $2; sub(/[^\/]*$/, "", from); sub(/[^\/]*$/, "", to) }
         !(to in place) { print $1 " includes " $2 ", which stands in no room"; next }
         place[to] > place[from] { print $1 " includes " $2 " of a room below its own" }' \
        <(rooms "$1" "$2") <(includes "$1" "$2")
}

intruders() {
    includes "$1" compiler | awk -v private=" $private " '
        { from = $1; to = $2; sub(/[^\/]*$/, "", from); sub(/[^\/]*$/, "", to) }
        from != to && index(private, " " $2 " ") { print $1 " includes " $2 ", which is for the files of its room" }'
}

# Each blind file, and the header that it reaches by whatever way.
seen() {
    local pair
    for pair in $blind; do
        reach "$1" "${pair%:*}" "${pair#*:}"
    done
}

# reach DIR FROM TO
reach() {
    includes "$1" compiler | awk -v from="$2" -v to="$3" '
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

# Top-level statements that begin in the first column and end without a body, and variables that are extern.
borrowed() {
    local room file name
    for room in $(rooms "$1" "$2"); do
        for file in "$1/$room"*.c; do
            [ -e "$file" ] || continue
            awk '{ if (text != "") text = text " " $0
                   else if (/^[A-Za-z_]/ && !/^(static|typedef|enum|union)/) text = $0 }
                 text != "" && /[{;]/ { if (text ~ /\(/ && text !~ /[{=]/) print text; text = "" }' "$file" |
                sed -nE 's/^[^(]*[ *]([A-Za-z_0-9]+)\(.*;.*/\1/p' | while read -r name; do
                echo "$room${file##*/} declares $name() itself, which is of" \
                    "$(cd "$1" && grep -lE "^[A-Za-z_].*\b$name\(" "$2"/*/*.h "$2"/*/*.c grammar/* 2>/dev/null |
                        grep -vxF "$room${file##*/}" | head -n 1)"
            done
            sed -nE "s|^extern [^(]*\b([A-Za-z_0-9]+)(\[.*\])?;.*|$room${file##*/} declares \1 itself|p" "$file" |
                grep -v ' environ itself$' # of POSIX, which has no header for it
        done
    done
}

# Of the runtime's headers the compiler sees one, in one room.
strays() {
    (cd "$1" && grep -n '^#include <prt/' compiler/*/*.[ch] /dev/null) | grep -v '^compiler/live/[a-z_]*\.[ch]:[0-9]*:#include <prt/live\.h>' |
        sed -E 's/^([^:]*):[0-9]*:#include <(.*)>.*/\1 includes \2, which is the runtime'"'"'s/'
}

circles() {
    includes "$1" compiler | sed -E 's/\.[chly]( |$)/\1/g' | awk '$1 != $2' | circle
    includes "$1" runtime | grep '\.h .*' | circle
}

circle() {
    tsort 2>&1 >/dev/null | sed -nE 's/^tsort: ([^ ]*\/[^ ]*)$/\1/p' | paste -sd ' ' | sed -n 's/..*/& include each other/p'
}

# The functions of the way up.
seam() {
    [ ! -e "$1/runtime/seam.h" ] || sed -nE 's/^[A-Za-z_].*[ *](prt_[a-z_]+)\(.*/\1/p' "$1/runtime/seam.h"
}

# symbols OBJECTS: "ROOM OBJECT NAME TYPE" of what its rooms define and use
symbols() {
    local room object
    for room in $(rooms "$1" runtime); do
        for object in "$2/${room#runtime/}"*.o; do
            [ -e "$1/$room$(basename "$object" .o).c" ] || continue # there was such a source once
            nm -P -g "$object" | awk -v room="$room" -v name="${object##*/}" '{ print room, name, $1, $2 }'
        done
    done
}

# Calls that go up past the seam, and what stands there for nothing.
rising() {
    [ ! -e "$1/runtime/seam.h" ] || sed -nE 's/^#include "(.*)".*/runtime\/seam.h includes \1/p' "$1/runtime/seam.h"
    seam "$1" | awk -v most="$seam_most" 'END { if (NR > most) print "runtime/seam.h has " NR " functions, more than " most }'
    awk -v rooms="$(rooms "$1" runtime | paste -sd ' ')" '
        BEGIN { n = split(rooms, list, " "); for (i = 1; i <= n; i++) place[list[i]] = i }
        NF == 1 { seam[$1] = 1; next }
        $4 != "U" { home[$3] = $1; next }
        { user[++users] = $1 substr($2, 1, length($2) - 2) ".c"; used[users] = $3; from[users] = place[$1] }
        END {
            for (i = 1; i <= users; i++)
                if (used[i] in home && place[home[used[i]]] > from[i]) {
                    if (used[i] in seam) through[used[i]] = 1
                    else print user[i] " calls " used[i] "() of " home[used[i]] " past runtime/seam.h"
                }
            for (name in seam) if (!(name in through)) print "runtime/seam.h has " name "(), which no room below calls"
        }' <(seam "$1") <(symbols "$1" "$2")
}

# What is defined for others in a file and not declared in its own header.
lent() {
    local headers
    headers=$(cd "$1" && ls runtime/*.h runtime/*/*.h runtime/include/prt/*.h 2>/dev/null)
    # shellcheck disable=SC2086 # several files
    (cd "$1" && grep -oE '^[A-Za-z_].*\bprt_[a-z_0-9]+ *(\(|\[|;)' $headers /dev/null) |
        sed -nE 's/^([^:]*):.*[ *](prt_[a-z_0-9]+) *[([;]$/\1 \2/p' |
        awk 'NF == 2 { declared[$1, $2] = 1; at[$2] = $1; if ($1 ~ /\/seam.h$|\/prt\//) open[$2] = 1; next }
             $4 ~ /^[TDBR]$/ && !($3 in open) {
                 own = $1 substr($2, 1, length($2) - 2); shared = own; sub(/_.*/, "", shared)
                 if (!((own ".h", $3) in declared) && !((shared ".h", $3) in declared))
                     print own ".c defines " $3 ", which its header does not declare" ($3 in at ? ", but " at[$3] : "")
             }' - <(symbols "$1" "$2")
}

# The names of the handshakes, as the table has them and as comments have them.
handshakes() {
    [ -e "$1/docs/runtime.md" ] || return
    # shellcheck disable=SC2046 # several files
    (cd "$1" && cat $(ls runtime/*/*.[ch] runtime/include/prt/*.h 2>/dev/null)) |
        sed -nE 's/.*handshake: ([a-z, -]+).*/\1/p' | sed 's/ *$//' | tr -s ', ' '\n\n' |
        awk 'NR == FNR { if (/^\| name \|/) inside = 1; else if (!/^\|/) inside = 0
                         if (inside && $2 ~ /^[a-z]/ && $2 != "name") table[$2] = 1; next }
             $1 != "" { sites[$1]++ }
             END { for (name in table) if (sites[name] < 2) print "docs/runtime.md has the handshake " name ", which is named at " \
                       sites[name] + 0 " places of the runtime"
                   for (name in sites) if (!(name in table)) print "a comment names the handshake " name ", which is not in docs/runtime.md" }' \
            "$1/docs/runtime.md" -
    (cd "$1" && grep -n '^ *prt_barrier_all();' runtime/*/*.c | grep -v 'handshake: ' | sed 's/:[^:]*$/: a barrier of all threads without its name/')
}

# strangers DIR: functions that docs/runtime.md names and the runtime does not have
strangers() {
    [ -e "$1/docs/runtime.md" ] || return
    # shellcheck disable=SC2016 # the page's backquotes
    grep -oE '`[a-z_0-9]+\(\)`' "$1/docs/runtime.md" | tr -d '`()' | sort -u | while read -r name; do
        grep -rqw "$name" "$1/runtime" || echo "docs/runtime.md names $name(), which is nowhere in the runtime"
    done
}

# layers DIR OBJECTS: everything that is wrong with the houses there; the status tells whether anything is
layers() {
    local wrong half
    wrong=$(for half in compiler runtime; do homeless "$1" $half; downward "$1" $half; borrowed "$1" $half; done
        intruders "$1"; seen "$1"; strays "$1"; circles "$1"; rising "$1" "$2"; lent "$1" "$2"; handshakes "$1"; strangers "$1")
    printf '%s' "$wrong"
    [ -z "$wrong" ]
}

check "the houses stand as docs/hacking.md draws them" layers . "$BUILD/runtime"
check "the tables have the rooms" test "$(rooms . compiler | wc -l)" -ge 9 -a "$(rooms . runtime | wc -l)" -ge 5
check "the compiler's includes are found" test "$(includes . compiler | wc -l)" -ge 200
check "the runtime's includes are found" test "$(includes . runtime | wc -l)" -ge 60
check "the runtime's calls are found" test "$(symbols . "$BUILD/runtime" | grep -c ' prt_.* U$')" -ge 200

# ---- that each part of it can fail ----

# Small houses in order, to be spoiled.
house=$tmp/house

build_house() {
    rm -rf "$house"
    cp -a "$tmp/order" "$house"
}

houses_in_order() {
    mkdir -p "$house"/docs "$house"/grammar "$house"/compiler/{tree,facts,emit} "$house"/runtime/{low,high} "$house"/objects/{low,high}
    printf 'Two words.\n\n```\ncompiler/tree/  a\ngrammar/  b\ncompiler/facts/  c,\n    d\ncompiler/emit/  e\n```\n' \
        >"$house/docs/hacking.md"
    printf '\n```\nruntime/include/prt/  f\nruntime/low/  g\nruntime/high/  h\n```\n' >>"$house/docs/hacking.md"
    file tree/node.h 'struct node { int x; };'
    file tree/node.c '#include "tree/node.h"'
    file facts/use.h '#include "tree/node.h"'
    file facts/use.c '#include "facts/use.h"' '#include "parse.h"' 'static int twice(int x);' 'int use(int x)' '{' \
        '    return twice(x);' '}'
    file facts/plain.h 'int use(int x);'
    file emit/stage.c '#include "facts/plain.h"' 'static const int a = (1);'
    echo 'int parse(void);' >"$house/grammar/parse.h"
    part seam.h 'void prt_tell(void);'
    part low/ring.h 'void prt_put(void);'
    part low/ring.c '#include "low/ring.h"' '#include "seam.h"' 'void prt_put(void)' '{' '    prt_tell();' '}'
    part high/pool.h '#include "low/ring.h"' 'void prt_look(void);'
    part high/pool.c '#include "high/pool.h"' '#include "seam.h"' 'void prt_tell(void)' '{' '}' 'void prt_look(void)' \
        '{' '    prt_put();' '}'
}

# file NAME LINE...: of the compiler
file() {
    printf '%s\n' "${@:2}" >"$house/compiler/$1"
}

# part NAME LINE...: of the runtime, compiled when all are there
part() {
    case $1 in
    *.h) set -- "$1" '#pragma once' "${@:2}" ;;
    esac
    printf '%s\n' "${@:2}" >"$house/runtime/$1"
}

compile_house() {
    local source object
    for source in low/ring high/pool; do
        object=$house/objects/$source.o
        [ "$object" -nt "$house/runtime/$source.c" ] ||
            $CC -I "$house/runtime" -c -o "$object" "$house/runtime/$source.c" 2>"$tmp/said" ||
            fail "the house compiles" "$(head -n 5 "$tmp/said")"
    done
}

# refused NAME WORD...: the house is refused, with these words
refused() {
    local name=$1 word
    shift
    compile_house
    layers "$house" "$house/objects" >"$tmp/said" && echo accepted >>"$tmp/said"
    for word in "$@"; do
        if ! grep -qF -- "$word" "$tmp/said"; then
            fail "$name" "no '$word' in: $(cat "$tmp/said")"
            return
        fi
    done
    pass "$name"
}

houses_in_order
compile_house
cp -a "$house" "$tmp/order"
check "houses in order" layers "$house" "$house/objects"

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
file emit/stage.c '#include <prt/live.h>'
refused "a header of the runtime's" "compiler/emit/stage.c includes prt/live.h, which is the runtime's"

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

build_house
part low/ring.h '#include "high/pool.h"' 'void prt_put(void);'
refused "an include of a higher room" "runtime/low/ring.h includes runtime/high/pool.h of a room below its own"

build_house
part high/pool.h '#include "high/stage.h"'
part high/stage.h '#include "high/pool.h"'
part high/pool.c 'void prt_tell(void)' '{' '}'
refused "a circle of headers" "runtime/high/pool.h runtime/high/stage.h include each other"

build_house
part low/ring.c '#include "seam.h"' 'extern int count;' 'int prt_put(void)' '{' '    prt_tell();' '    return count;' '}'
refused "an extern variable" "runtime/low/ring.c declares count itself"

build_house
part low/ring.c '#include "seam.h"' 'void prt_look(void);' 'void prt_put(void)' '{' '    prt_tell();' '    prt_look();' '}'
refused "a call that goes up" "runtime/low/ring.c declares prt_look() itself" \
    "runtime/low/ring.c calls prt_look() of runtime/high/ past runtime/seam.h"

build_house
part seam.h 'void prt_tell(void);' 'void prt_look(void);'
refused "a way up that nobody goes" "runtime/seam.h has prt_look(), which no room below calls"

build_house
part low/ring.c '#include "seam.h"' 'void prt_put(void)' '{' '    prt_tell();' '}' 'int prt_get(void)' '{' '    return 0;' '}'
part high/pool.h 'int prt_get(void);' 'void prt_look(void);'
refused "a header that declares another file's" \
    "runtime/low/ring.c defines prt_get, which its header does not declare, but runtime/high/pool.h"

build_house
part seam.h '#include "high/pool.h"' 'void prt_tell(void);'
refused "a seam that includes a room" "runtime/seam.h includes high/pool.h"

build_house
part seam.h 'void prt_tell(void);' "$(printf 'void prt_%c(void);\n' {a..t})"
refused "a seam that is no seam any more" "runtime/seam.h has 21 functions, more than 20"

build_house
printf '| name | announcement |\n| --- | --- |\n| park | a |\n| doze | b |\n' >"$house/docs/runtime.md"
part low/ring.c '#include "seam.h"' 'void prt_put(void)' '{' '    prt_tell(); /* handshake: park */' '}' 'void prt_barrier_all(void);'
part high/pool.c '#include "low/ring.h"' '#include "high/pool.h"' 'void prt_tell(void)' '{' '    prt_put(); /* handshake: park */' \
    '    prt_barrier_all();' '}' 'void prt_look(void)' '{' '    prt_put(); /* handshake: nap */' '}'
part low/ring.h 'void prt_put(void);' 'void prt_barrier_all(void);'
refused "handshakes without their names" "the handshake doze, which is named at 0 places" "names the handshake nap, which is not in" \
    "runtime/high/pool.c:6: a barrier of all threads without its name"

build_house
# shellcheck disable=SC2016
printf 'A thread parks in `prt_put()` and wakes in `prt_gone()`.\n' >"$house/docs/runtime.md"
refused "a function that is gone" "docs/runtime.md names prt_gone(), which is nowhere in the runtime"

build_house
mkdir "$house/runtime/attic"
part loose.c 'int loose;'
refused "what stands in no room of the runtime" "runtime/attic/ stands in no room" "runtime/loose.c stands in no room"

finish
