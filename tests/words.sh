#!/usr/bin/env bash
# Macros of the author's and of his headers that are called like words of the emitted C. Each word of the emitted C that
# neither he nor the runtime's own prefix gives becomes a macro, in turn, where his own text ends: between his bodies
# <prt/words.h> must say so, in the wiring it must mean nothing.
. "$(dirname "$0")/lib.sh"
needs "$PIPEC"

keywords='auto break case char const continue default do double else enum extern float for goto if inline int long
register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while _Alignof
_Static_assert _Generic __attribute__ __unused__ __cleanup__ __noinline__ define undef include ifdef ifndef endif error line bool
true false NULL offsetof main memcmp memcpy _GNU_SOURCE int32_t int64_t uint32_t uint64_t size_t prt h c
INT32_MAX INT64_MAX INT64_MIN SIZE_MAX UINT32_MAX'

# words NAME FROM: of the emitted file, from the line that has FROM, without comments, strings and the author's words
words() {
    sed -n "/$2/,\$p" "$tmp/$1.c" | sed 's|/\*.*\*/||; /^#line/d; s|"[^"]*"||g; /^ \* /d; /^\/\* /d' |
        grep -oE '[A-Za-z_][A-Za-z0-9_]*' | sort -u |
        grep -vxF -f <(tr ' ' '\n' <<<"$keywords" && grep -oE '[A-Za-z_][A-Za-z0-9_]*' "tests/emit/$1.pipe" | sort -u) |
        grep -vE "^(prt_|PRT_|$(sed -n 's/^pipeline \([a-z_]*\).*/\1/p' "tests/emit/$1.pipe")(_|\$)|(in|to|call|chan|rate|bound|inlines)_)|_\$"
}

# defined NAME WORD PLACE: compiles it with the word as a macro before PLACE
defined() {
    sed "s|^#include <prt/$3>|#define $2 @\n&|" "$tmp/$1.c" >"$tmp/defined.c"
    $CC -std=c11 -fsyntax-only -Iruntime/include -iquote tests/emit "$tmp/defined.c" 2>"$tmp/err"
}

for name in sections owned knobs limits inline local_names; do
    "$PIPEC" emit -o "$tmp/$name.c" "tests/emit/$name.pipe" || fail "$name" "is not accepted"
    wrong=
    n=0
    for word in $(words "$name" '^#include <prt\/words.h>'); do
        n=$((n + 1))
        defined "$name" "$word" words.h || grep -q "'$word' is a macro here" "$tmp/err" || wrong+=" $word"
    done
    check "$name has words" test "$n" -gt 10
    check "macros between the bodies of $name:$wrong" test -z "$wrong"
    {
        sed '/^#include <prt\/wiring.h>/,$d' "$tmp/$name.c"
        for word in $(words "$name" '^#include <prt\/wiring.h>'); do
            echo "#define $word @"
        done
        sed -n '/^#include <prt\/wiring.h>/,$p' "$tmp/$name.c"
    } >"$tmp/defined.c"
    check "macros in the wiring of $name" $CC -std=c11 -fsyntax-only -Iruntime/include -iquote tests/emit "$tmp/defined.c"
done

# It is said at the author's line.
cd "$tmp" || exit 1
export NO_COLOR=1
for word in self worker pipe base params settings item value; do
    echo "#define $word 7" >evil.h
    printf 'pipeline w;\ninclude "evil.h";\nchannel int c[4];\nstage a -> c { emit(1); }\nstage b (n <- c) { (void)n; }\n' >w.pipe
    LC_ALL=C "$PIPEC" build w.pipe 2>err && fail "$word" "is accepted"
    check "a header's macro '$word'" grep -q "error \"'$word' is a macro here" err
    check "a header's macro '$word' is told at the include" grep -q "from w.pipe:[23]" err
done
printf 'pipeline w;\nchannel int c[4];\nstage a -> c {\n#define value 7\n    emit(value);\n}\nstage b (n <- c) { (void)n; }\n' >v.pipe
LC_ALL=C "$PIPEC" build v.pipe 2>err
check "a macro that a body defines" grep -q "error \"'value' is a macro here" err
check "a macro that a body defines is told at its stage" grep -q "from v.pipe:3" err
cat >w.pipe <<'P'
pipeline w;
include "evil.h";
channel int c[4];
channel int d[4];
stage a -> c { emit(1); }
stage b (n <- c) -> d  workers 2  ordered[8] { emit(n); }
stage e (n <- d) { (void)n; }
P
for word in size name run chan cap ahead; do
    echo "#define $word 7" >evil.h
    check "a header's macro '$word'" "$PIPEC" build w.pipe
done

# A header is called like the .pipe file, which may be called like a header of the system or of the runtime.
cat >work.c <<'C'
#include NAME
#include <signal.h>
#include <string.h>
#include <prt/run.h>

enum prt_result work(struct w_b *self, int *n)
{
    return strlen("x") == 1 && SIGINT == 2 && *n == 1 ? PRT_DONE : w_b_fail(self, "%d", *n);
}
C
for name in string signal prt_run prt_worker prt_prt stdlib; do
    printf 'pipeline w;\nchannel int c[4];\nstage a -> c { emit(1); }\nstage b (n <- c) = work;\n' >"$name.pipe"
    sed -i "1s/.*/#include \"$name.h\"/" work.c
    check "$name.pipe with a C file" "$PIPEC" run "$name.pipe" work.c
done
finish
