#!/usr/bin/env bash
# `pipec run` keeps what it built, and never starts a program that was made of other files than those of now: each file
# that the C compiler and the linker read, by whatever way they found it, is changed in turn.
# shellcheck disable=SC2016 # what stands in single quotes is for another shell, or for none
. "$(dirname "$0")/lib.sh"
needs "$PIPEC"

export XDG_CACHE_HOME=$tmp/cache NO_COLOR=1
compiler=$(command -v "$CC")
watched=$CFLAGS
unset CFLAGS LDFLAGS
mkdir "$XDG_CACHE_HOME" "$tmp/here"
cd "$tmp/here" || exit 1

# A C compiler that writes down when it links. A runtime that is made for a sanitizer is linked with it.
sanitizers=$(printf '%s\n' $watched | grep -e '^-fsanitize' | tr '\n' ' ')
printf '#!/bin/sh\ncase " $* " in *" -o "*) echo run >>%s/built;; esac\nexec %s %s"$@"\n' "$tmp" "$compiler" "$sanitizers" >../cc
chmod +x ../cc
export CC=$tmp/cc

# Files get the times of a coarse clock, so that what is written in the moment when a build begins is not known to be old.
settled() { sleep 0.02; }

# prints OUT RUN-ARGUMENT...: that is what the program prints
prints() {
    local wanted=$1 got
    shift
    settled
    got=$(timeout 60 "$PIPEC" run "$@" 2>../err </dev/null)
    [ "$got" = "$wanted" ] || { echo "printed '$got', not '$wanted'"; cat ../err; return 1; }
}

# twice NAME OUT RUN-ARGUMENT...: prints it, and again without building
twice() {
    local name=$1
    shift
    check "$name" prints "$@"
    : >../built
    check "$name: kept" prints "$@"
    check "$name: not built again" test ! -s ../built
}

# anew NAME OUT RUN-ARGUMENT...: it is another program than before, which is kept too
anew() {
    : >../built
    check "$1" prints "${@:2}"
    check "$1: built" test -s ../built
    twice "$1: again" "${@:2}"
}

# program NAME TEXT: NAME.pipe prints the number N, with TEXT above
program() {
    printf 'pipeline %s;\ninclude <stdio.h>;\n%%{\n%s\n%%}\nstage show { printf("%%d\\n", N); }\n' "$1" "$2" >"$1.pipe"
}

# swap FILE TEXT: other bytes, as many, with the times of before
swap() {
    cp -p "$1" ../before
    printf '%s' "$2" >"$1"
    touch -r ../before "$1"
}

# ---- headers ----

mkdir inc first
echo '#define N 1' >inc/n.h
program plain '#include "inc/n.h"'
twice "a header" 1 plain.pipe
swap inc/n.h '#define N 2
'
anew "its bytes change, not its size nor time" 2 plain.pipe
swap inc/n.h '#define N 1
'
: >../built
check "and change back" prints 1 plain.pipe
check "the first program is still there" test ! -s ../built
touch inc/n.h
twice "only its time changes" 1 plain.pipe

# Each form in which C can ask for a file.
i=0
while IFS= read -r form; do
    i=$((i + 1))
    echo '#define N 1' >inc/n.h
    program "form$i" "$(printf '%b' "$form")"
    check "form $form" prints 1 -I inc "form$i.pipe"
    echo '#define N 2' >inc/n.h
    check "form $form: changed" prints 2 -I inc "form$i.pipe"
done <<'EOF'
#include "n.h"
#include <n.h>
/* a comment */ #include <n.h>
# /* one */ include /* and one */ <n.h>
%:include <n.h>
#inc\\\nlude <n.h>
#define WHICH <n.h>\n#include WHICH
#import <n.h>
#include_next <n.h>
#if __has_include("n.h")\n#include "n.h"\n#endif
#ifdef N\n#endif\n%:  include "n.h"
EOF
echo '#define N 1' >inc/n.h
program include ''
sed -i 's/^include <stdio.h>;/include <stdio.h>; include <n.h>;/' include.pipe
twice "include <x>;" 1 -I inc include.pipe
echo '#define N 2' >inc/n.h
anew "include <x>;: changed" 2 -I inc include.pipe

program shadow '#include <n.h>'
twice "of two directories" 2 -I first -I inc shadow.pipe
echo '#define N 3' >first/n.h
anew "the first one gets that header too" 3 -I first -I inc shadow.pipe
rm first/n.h
check "and loses it" prints 2 -I first -I inc shadow.pipe
export CPATH=$PWD/inc
twice "CPATH" 2 shadow.pipe
echo '#define N 4' >first/n.h
export CPATH=$PWD/first
anew "another CPATH" 4 shadow.pipe
export CPATH=$PWD/first:$PWD/inc
rm first/n.h
check "what it finds changes" prints 2 shadow.pipe
unset CPATH

program maybe $'#if __has_include("maybe.h")\n#include "maybe.h"\n#else\n#define N 5\n#endif'
check "a header that may be there" prints 5 maybe.pipe
echo '#define N 6' >maybe.h
check "and is" prints 6 maybe.pipe

printf 'A' >blob
program blob $'__asm__(".data\\nblob: .incbin \\"blob\\"\\n.text");\nextern const char blob;\n#define N blob'
check "bytes that the assembler takes in" prints 65 blob.pipe
swap blob B
check "other bytes" prints 66 blob.pipe

# ---- two trees of equal sizes and times ----

mkdir one two
for tree in one two; do
    program tree '#include "n.h"'
    mv tree.pipe $tree && echo "#define N $((${#tree} + ($([ $tree = one ]; echo $?))))" >$tree/n.h
    touch -d 2001-01-01 $tree/tree.pipe $tree/n.h
done
check "one tree" bash -c 'cd one && [ "$("$PIPEC" run tree.pipe)" = 3 ]'
check "the other" bash -c 'cd two && [ "$("$PIPEC" run tree.pipe)" = 4 ]'
check "by whole names" prints 3 "$PWD/one/tree.pipe"
check "the other by whole names" prints 4 "$PWD/two/tree.pipe"
mkdir empty
check "from elsewhere" bash -c 'cd empty && [ "$("$PIPEC" run "$1")" = 3 ]' _ "$PWD/one/tree.pipe"
: >../built
check "from elsewhere again" bash -c 'cd first && [ "$("$PIPEC" run "$1")" = 3 ]' _ "$PWD/one/tree.pipe"
check "needs no other program" test ! -s ../built
echo '#define N 9' >first/n.h
check "where a header of that name stands, it is what the compiler finds" \
    bash -c 'cd first && [ "$("$PIPEC" run "$1")" = "$("$PIPEC" build -o ../../found "$1" && ../../found)" ]' _ "$PWD/one/tree.pipe"
rm first/n.h

# ---- libraries and other inputs ----

# library N: lib/libn.a, in which n() returns N
mkdir lib other
library() {
    echo "int n(void) { return $1; }" >n.c
    "$compiler" -c n.c && rm -f lib/libn.a && ar rcs lib/libn.a n.o
}
library 1
program linked $'int n(void);\n#define N n()'
settled
twice "a library" 1 -L lib -l n linked.pipe
cp -p lib/libn.a ../before
library 2
touch -r ../before lib/libn.a
anew "a library that changed, not in size nor time" 2 -L lib -l n linked.pipe
library 3 && mv lib/libn.a other && library 2
anew "found before it" 3 -L other -L lib -l n linked.pipe
rm other/libn.a
check "and gone" prints 2 -L other -L lib -l n linked.pipe
twice "a library by its name" 2 linked.pipe lib/libn.a
library 4
anew "which changed" 4 linked.pipe lib/libn.a
check "and by its whole name too" prints 4 linked.pipe lib/libn.a "$PWD/lib/libn.a"
lists=$(find "$XDG_CACHE_HOME/pipec" -name 'linked-*.reads' -newer ../built)
check "is listed once" bash -c '[ "$(tr "\0" "\n" <"$1" | grep -c /lib/libn.a)" = 1 ]' _ "$lists"
twice "an object" 4 linked.pipe n.o
library 5
anew "an object that changed" 5 linked.pipe n.o
twice "a C file" 5 linked.pipe n.c
echo '#include "inner.h"' >n.c && echo 'int n(void) { return 6; }' >inner.h
anew "a C file that changed" 6 linked.pipe n.c
echo 'int n(void) { return 7; }' >inner.h
anew "what it includes" 7 linked.pipe n.c

# ---- the C compiler ----

echo '-DN=1' >words && program words ''
export CFLAGS=@words
twice "a file of words" 1 words.pipe
swap words '-DN=2
'
anew "other words" 2 words.pipe
unset CFLAGS
for n in 1 2; do
    mkdir bin$n && printf '#!/bin/sh\nexec %s %s-DN=%d "$@"\n' "$compiler" "$sanitizers" $n >bin$n/mycc && chmod +x bin$n/mycc
    touch -d 2001-01-01 bin$n/mycc
done
check "a compiler on PATH" env CC=mycc PATH="$PWD/bin1:$PATH" bash -c '[ "$("$PIPEC" run words.pipe)" = 1 ]'
check "another one" env CC=mycc PATH="$PWD/bin2:$PATH" bash -c '[ "$("$PIPEC" run words.pipe)" = 2 ]'
cp -p bin2/mycc bin1/mycc
check "replaced in place" env CC=mycc PATH="$PWD/bin1:$PATH" bash -c '[ "$("$PIPEC" run words.pipe)" = 2 ]'

# ---- the runtime ----

mkdir -p runtime/lib && cp "$(dirname "$PIPEC")/libprt.a" runtime/lib && cp -rL "$(dirname "$PIPEC")/include" runtime/include
export PIPEC_RUNTIME=$PWD/runtime
program uses ''
sed -i 's/, N)/, RUNTIME)/' uses.pipe
echo '#define RUNTIME 1' >>runtime/include/prt/prt.h
twice "a runtime" 1 uses.pipe
sed -i 's/RUNTIME 1/RUNTIME 2/' runtime/include/prt/prt.h
anew "its header changed" 2 uses.pipe
: >../built && printf '\n' >>runtime/lib/libprt.a && settled
"$PIPEC" run uses.pipe >/dev/null 2>&1
check "its library changed" test -s ../built
unset PIPEC_RUNTIME

# ---- a build that nobody can trust ----

: >../built
rm -rf "$XDG_CACHE_HOME/pipec"
check "before" prints 2 plain.pipe
find "$XDG_CACHE_HOME/pipec" -name '*.reads' | while read -r list; do printf 'c' >"$list"; done
check "half a list" prints 2 plain.pipe
find "$XDG_CACHE_HOME/pipec" -name '*.reads' | while read -r list; do : >"$list"; done
check "an empty list" prints 2 plain.pipe
check "each time built" test "$(wc -l <../built)" = 3
rm inc/n.h
# Without a temporary file nothing is built, and the reason is the system's; a sanitizer wants to be loaded first.
if [[ $watched != *-fsanitize* ]]; then
    printf '#include <errno.h>\n#include <stdio.h>\nFILE *tmpfile(void) { errno = EROFS; return NULL; }\n' >no.c
    "$compiler" -shared -fPIC -o no.so no.c
    echo kept >taken
    for command in run 'build -o taken'; do
        # shellcheck disable=SC2086 # words
        LD_PRELOAD=$PWD/no.so "$PIPEC" $command words.pipe >../out 2>&1
        check "no temporary file: $command" test "$?" = 1
        check "no temporary file: $command: says so" grep -q 'temporary file: Read-only file system' ../out
    done
    check "no temporary file: the old file stays" grep -q kept taken
fi

check "a header that is gone" bash -c '"$PIPEC" run plain.pipe 2>&1 | grep -q "n.h"'
finish
