#!/usr/bin/env bash
# What only the C compiler can find wrong in a .pipe file: gcc and clang say it at the author's line, and first of all.
. "$(dirname "$0")/lib.sh"
needs "$PIPEC"
cd "$tmp" || exit 1
export NO_COLOR=1 LC_ALL=C

# told NAME PLACE TEXT: the first error of the program on standard input stands at PLACE, LINE or LINE:COLUMN, and some
# error or note has TEXT
told() {
    local name=$1 place=$2 text=$3 cc
    cat >t.pipe
    for cc in gcc clang; do
        CC=$cc "$PIPEC" build t.pipe 2>err && fail "$name $cc" "is accepted"
        check "$name $cc is told at $place" test "$(grep -m1 -oE '^[^ ]*:[0-9]+: (fatal )?error' err |
            grep -cE "^t\.pipe:$place(:[0-9]+)*: ")" = 1
        check "$name $cc: $text" grep -qE -e "$text" err
    done
}

# warned NAME LINE TEXT: the program is built, with a warning there
warned() {
    local name=$1 line=$2 text=$3 cc
    cat >t.pipe
    for cc in gcc clang; do
        check "$name $cc builds" env "CC=$cc" "$PIPEC" build t.pipe
        CC=$cc "$PIPEC" build t.pipe 2>err
        check "$name $cc is told at $line" grep -qE "^t\.pipe:$line:[0-9]+: warning: .*$text" err
    done
}

# quiet NAME: the program is built, and nothing is said
quiet() {
    local name=$1 cc
    cat >t.pipe
    for cc in gcc clang; do
        check "$name $cc builds" env "CC=$cc" "CFLAGS=-Wall -Wextra" "$PIPEC" build t.pipe
        CC=$cc CFLAGS="-Wall -Wextra" "$PIPEC" build t.pipe >err 2>&1
        same "$name $cc without a word" /dev/null err
    done
}

told "a type that is not there" 2:9 imt <<'P'
pipeline t;
channel imt c[4];
stage a -> c { emit(1); }
stage b (n <- c) { (void)n; }
P
# Of what type a key may be; what pipec itself sees of that is in tests/diag.
key() {
    told "a key that is $1" 5 'stati.*a key is a whole number' <<P
pipeline t;
%{ struct x { double number; struct { int n; } inside; void *address; }; %}
channel struct x c[64];
stage a -> c { emit((struct x){ 0 }); }
stage b (x <- c)  workers 2  $2 { (void)x; }
P
}
key "a number with a point" "by (x.number)"
key "a structure" "bound 1 per (x.inside)"
key "an address" "rate 5/s per (x.address)"

# An expression stands where it does in the file, if there is room for what C has before it.
expression() {
    local line="stage b ($2 { }" before
    before=${line%%gone*}
    told "a name that is not there, of $1" 5:$((${#before} + 1)) gone <<P
pipeline t;
%{ struct x { int n; }; %}
channel struct x c[64];
stage a -> c { emit((struct x){ 0 }); }
$line
P
}
expression "a key" "x <- c)  workers 2  by (gone)"
expression "another" "x <- c)  workers 2  bound 1 per (x.n + gone)"
expression "a cost" "x <- c)  rate 5/s per (x.n)  cost (gone)"
expression "a weight" "x <- c)  workers 2  bound 2 weight (gone)"
expression "a batch" "xs[9] <- c within 10ms per (xs->n + gone))"
expression "what is gathered" "xs[9] <- c within 1s weight (gone) 10)"

told "a pointer to a type that is not there" 2:13 imt <<'P'
pipeline t;
channel     imt * c[4];
stage a -> c { emit(NULL); }
stage b (n <- c) { (void)n; }
P
told "a struct that is not there" 2 "struct none" <<'P'
pipeline t;
channel struct none c[4];
stage a -> c { emit((struct none){ 0 }); }
stage b (n <- c) { (void)n; }
P
told "a type that is not there, of an inline stage's" 2:9 imt <<'P'
pipeline t;
channel imt c[4];
stage a -> c { emit(1); }
stage b (n <- c) inline { (void)n; }
P
told "a type of the file that is not there" 3 imt <<'P'
pipeline t;

type row = imt;
channel row c[4];
stage a -> c { emit(1); }
stage b (n <- c) { (void)n; }
P
told "an include that is not there" 3 none.h <<'P'
pipeline t;

include "none.h";
stage a { }
P
told "a drop function that is not there" 3 none <<'P'
pipeline t;

type row = char * drop none;
channel row c[4];
stage a -> c { emit(NULL); }
stage b (n <- c) { (void)n; }
P
told "a drop function of another type" 5 "int \*" <<'P'
pipeline t;
%{
static void drop_row(int *row) { (void)row; }
%}
type row = double * drop drop_row;
channel row c[4];
stage a -> c { emit(NULL); }
stage b (n <- c) { (void)n; }
P
told "a body without its last semicolon" 3 "expected ';'" <<'P'
pipeline t;
include <stdio.h>;
stage a { puts("a") }
P
told "a state that is no C" 3 expected <<'P'
pipeline t;
stage a
state { int a b; }
{ (void)self->a; }
P
told "a macro of the headers as an input" 4 INT_MAX <<'P'
pipeline t;
include <limits.h>;
channel int c[4];
stage b (INT_MAX <- c) { }
stage a -> c { emit(1); }
P
told "a macro of the headers that two names make" 4 SIZE_MAX <<'P'
pipeline SIZE;
include <stdint.h>;
channel int c[4];
stage MAX -> c { emit(1); }
stage b (n <- c) { (void)n; }
P
told "a structure of the headers" 1 "struct stat" <<'P'
pipeline stat;
include <sys/stat.h>;
stage a { }
P
told "a structure of the headers that two names make" 3 "struct sched_param" <<'P'
pipeline sched;
include <sched.h>;
stage param { }
P
told "a library's function of another type as a body" 4 puts <<'P'
pipeline t;
include <stdio.h>;
channel int c[4];
stage a -> c = puts;
stage b (n <- c) { (void)n; }
P
told "a wrong pointer in emit" 3 pointer <<'P'
pipeline t;
channel int * c[4];
stage a -> c { double d = 1; emit(&d); }
stage b (n <- c) { (void)n; }
P
told "a pointer in emit for a number" 3 "pointer" <<'P'
pipeline t;
channel int c[4];
stage a -> c { emit("text" + 1); }
stage b (n <- c) { (void)n; }
P
told "an array as an item" 3 "channel c: an array cannot be an item" <<'P'
pipeline t;
%{ typedef int four[4]; %}
channel four c[4];
stage a -> c { emit((int[4]){ 0 }); }
stage b (n <- c) { (void)n; }
P
told "an array of the file's own as an item" 4 "channel c: an array cannot be an item" <<'P'
pipeline t;
%{ typedef int four[4]; %}
type row = four;
channel row c[4];
stage a -> c { emit((int[4]){ 0 }); }
stage b (n <- c) { (void)n; }
P
told "a va_list as an item" 3 "channel c: an array cannot be an item" <<'P'
pipeline t;
include <stdarg.h>;
channel va_list c[4];
stage a { }
stage d -> c { emit(NULL); }
stage b (n <- c) { (void)n; }
P
told "a type that is not complete" 2 "struct none" <<'P'
pipeline t;
type card = struct none drop card_drop;
channel card c[4];
stage a -> c { card *none = NULL; emit(*none); }
stage b (n <- c) { (void)n; }
P
told "a type called like a function of the headers" 3 div <<'P'
pipeline t;
include <stdlib.h>;
type div = int;
channel div c[4];
stage a -> c { emit(1); }
stage b (n <- c) { (void)n; }
P
warned "a double for an int" 3 "conver" <<'P'
pipeline t;
channel int c[4];
stage a -> c { double d = 1; emit(d); }
stage b (n <- c) { (void)n; }
P
quiet "an owned item without bytes" <<'P'
pipeline t;
%{
struct token { };
static void token_drop(struct token t) { (void)t; }
%}
type token = struct token drop token_drop;
channel token c[4];
channel token d[*];
stage a -> c { emit((token){ }); }
stage b (t <- c) -> d { emit(take(t)); }
stage e (t <- d) { (void)t; }
P
warned "a state without its last semicolon" 3 "" <<'P'
pipeline t;
stage a
state { int a }
{ (void)self->a; }
P
finish
