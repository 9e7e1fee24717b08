#!/usr/bin/env bash
# pipec test: what tests say when they pass and when they do not, each message as it is; how they run, and what is left of them.
. "$(dirname "$0")/lib.sh"
needs "$PIPEC"

export XDG_CACHE_HOME=$tmp/cache TMPDIR=$tmp/scratch NO_COLOR=1
mkdir "$XDG_CACHE_HOME" "$TMPDIR" "$tmp/work"
top=$PWD
cd "$tmp/work" || exit 1

# says STATUS COMMAND...: ends so, and says what standard input has, line by line
says() {
    local wanted=$1 status
    shift
    cat >"$tmp/wanted"
    timeout 300 "$@" >"$tmp/said" 2>"$tmp/errors" </dev/null
    status=$?
    diff -u "$tmp/wanted" "$tmp/said" || return 1
    [ $status -eq "$wanted" ] || { echo "status $status"; cat "$tmp/errors"; return 1; }
}

# mentions STATUS TEXT COMMAND...: ends so, and TEXT is among what it says
mentions() {
    local wanted=$1 text=$2 status
    shift 2
    timeout 300 "$@" >"$tmp/said" 2>&1 </dev/null
    status=$?
    [ $status -eq "$wanted" ] && grep -qF -- "$text" "$tmp/said" && return
    echo "status $status:"
    head -n 40 "$tmp/said"
    return 1
}

# ---- each comparison ----

cat >kinds.pipe <<'EOF2'
%{
#include <float.h>
#include <math.h>
static int calls;
static int next_number(void) { return ++calls; }
%}
include <stdint.h>;
include <string.h>;
type whole = long;
record inner { char code[4]; double values[2]; }
record row { int id; string name; bytes data; inner in; string tags[]; bool on; }
part pass "sends on what comes" {
    type T;
    input channel T in[];
    output channel T out[];
    stage pass (x <- in) -> out[1] { emit(take(x)); }
}
test "signed" { channel long a[4]; channel long b[4]; stage s (x <- a) -> b = pass();
    a <- -1, 9223372036854775807, (INT64_MIN);
    b -> -1, 9223372036854775806, (INT64_MIN); }
test "unsigned" { channel uint8_t a[4]; channel uint8_t b[4]; stage s (x <- a) -> b = pass();
    a <- 255, 0;
    b -> 255, 1; }
test "size" { channel size_t a[4]; channel size_t b[4]; stage s (x <- a) -> b = pass();
    a <- 4K, (SIZE_MAX);
    b -> 4096, (SIZE_MAX - 1); }
test "char" { channel char a[4]; channel char b[4]; stage s (x <- a) -> b = pass();
    a <- ('a'), 98;
    b -> 97, ('c'); }
test "bool" { channel bool a[4]; channel bool b[4]; stage s (x <- a) -> b = pass();
    a <- true, false;
    b -> true, true; }
test "floats" { channel float a[4]; channel float b[4]; stage s (x <- a) -> b = pass();
    a <- 0.5, 1, (INFINITY);
    b -> 0.5, 1.25, (-INFINITY); }
test "doubles" { channel double a[4]; channel double b[4]; stage s (x <- a) -> b = pass();
    a <- 0.1, 2, (NAN), -0.25;
    b -> 0.1, 2, 3, -0.5; }
test "a type that is a number" { channel whole a[4]; channel whole b[4]; stage s (x <- a) -> b = pass();
    a <- 5;
    b -> 6; }
test "strings" { channel string a[8]; channel string b[8]; stage s (x <- a) -> b = pass();
    a <- "same", "a \"quote\" \\ and\ttab", "", (NULL), "\n", ("\xff\x01");
    b -> "same", "a 'quote'", "x", "", (NULL), "ÿ"; }
test "a long string" { channel string a[8]; channel string b[8]; stage s (x <- a) -> b = pass();
    a <- "01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789!";
    b -> "01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789?"; }
test "bytes" { channel bytes a[4]; channel bytes b[4]; stage s (x <- a) -> b = pass();
    a <- "abc", { .data = (unsigned char *)"a\0b", .len = 3 }, ((struct prt_bytes){ 0 });
    b -> "abc", "ab", "x"; }
test "records" { channel row a[8]; channel row b[8]; stage s (x <- a) -> b = pass();
    a <- { .id = 1, .name = "one", .tags = (char *[]){ "t", "u" }, .tags_len = 2, .in = { "abc", { 1, 2 } } },
         { .id = 2 }, { .id = 3, .tags = (char *[]){ "t", "u" }, .tags_len = 2 }, ((row){ .id = 4, .on = true }),
         { .id = 5, .tags = (char *[]){ "t" }, .tags_len = 1 }, { .data = { (unsigned char *)"xy", 2 } };
    b -> { .id = 1, .name = "one", .tags = (char *[]){ "t", "u" }, .tags_len = 2, .in = { "abc", { 1, 2 } } },
         { .id = 2, .in = { .values = { 0, 0.5 } } },
         { .id = 3, .tags = (char *[]){ "t", "v" }, .tags_len = 2 }, { .id = 4 }, { .id = 5 },
         { .data = { (unsigned char *)"xz", 2 } }, { .id = 7 }; }
test "in any order" { channel int a[8]; channel int b[8]; stage s (x <- a) -> b = pass();
    a <- 3, 1, 2, 2, 4;
    b -> unordered 1, 2, 3, 3, 4; }
test "nothing" { channel int a[4]; channel int b[4]; stage s (x <- a) -> b = pass();
    a <- 5;
    b ->; }
test "lines go on" { channel int a[4]; channel int b[4]; stage s (x <- a) -> b = pass();
    a <- 1, 2;
    a <- 3;
    b -> 1;
    b -> 2,
         4,
         5; }
test "many" { channel int a[4]; channel int b[4]; stage s (x <- a) -> b = pass();
    a <- 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12;
    b -> 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0; }
test "expressions" { channel int a[4]; channel int b[4]; stage s (x <- a) -> b = pass();
    a <- (next_number() * 0 + 2), ((int[]){ 3, 4 }[1]);
    b -> (1 + 1), (4); }
EOF2

says 1 "$PIPEC" test -q kinds.pipe >"$tmp/kinds" <<'EOF2'
FAIL kinds.pipe: signed
kinds.pipe:20: b: item 2: expected 9223372036854775806, got 9223372036854775807
FAIL kinds.pipe: unsigned
kinds.pipe:23: b: item 2: expected 1, got 0
FAIL kinds.pipe: size
kinds.pipe:26: b: item 2: expected 18446744073709551614, got 18446744073709551615
FAIL kinds.pipe: char
kinds.pipe:29: b: item 2: expected 99, got 98
FAIL kinds.pipe: bool
kinds.pipe:32: b: item 2: expected true, got false
FAIL kinds.pipe: floats
kinds.pipe:35: b: item 2: expected 1.25, got 1
kinds.pipe:35: b: item 3: expected -inf, got inf
FAIL kinds.pipe: doubles
kinds.pipe:38: b: item 3: expected 3, got nan
kinds.pipe:38: b: item 4: expected -0.5, got -0.25
FAIL kinds.pipe: a type that is a number
kinds.pipe:41: b: item 1: expected 6, got 5
FAIL kinds.pipe: strings
kinds.pipe:44: b: item 2: expected "a 'quote'", got "a \"quote\" \\ and\ttab"
kinds.pipe:44: b: item 3: expected "x", got ""
kinds.pipe:44: b: item 4: expected "", got NULL
kinds.pipe:44: b: item 5: expected NULL, got "\n"
kinds.pipe:44: b: item 6: expected "ÿ", got "\xff\x01"
FAIL kinds.pipe: a long string
kinds.pipe:47: b: item 1: expected …"0123456789012345678901234567890123456789?" (from byte 130 of 171), got …"0123456789012345678901234567890123456789!" (from byte 130 of 171)
FAIL kinds.pipe: bytes
kinds.pipe:50: b: item 2: expected "ab", got "a\x00b"
kinds.pipe:50: b: item 3: expected "x", got ""
FAIL kinds.pipe: records
kinds.pipe:56: b: item 2: .in.values[1]: expected 0.5, got 0
kinds.pipe:57: b: item 3: .tags[1]: expected "v", got "u"
kinds.pipe:57: b: item 4: .on: expected false, got true
kinds.pipe:57: b: item 5: .tags: expected {}, got { "t" }
kinds.pipe:58: b: item 6: .data: expected "xz", got "xy"
kinds.pipe:58: b: item 7: expected { .id = 7, .name = NULL, .data = "", .in = { .code = "", .values = { 0, 0 } }, .tags = {}, .on = false }, got nothing
FAIL kinds.pipe: in any order
kinds.pipe:61: b: got 2, which is not expected
kinds.pipe:61: b: expected 3, which did not come
FAIL kinds.pipe: nothing
kinds.pipe:64: b: item 1: expected nothing, got 5
FAIL kinds.pipe: lines go on
kinds.pipe:70: b: item 3: expected 4, got 3
kinds.pipe:71: b: item 4: expected 5, got nothing
FAIL kinds.pipe: many
kinds.pipe:74: b: item 1: expected 0, got 1
kinds.pipe:74: b: item 2: expected 0, got 2
kinds.pipe:74: b: item 3: expected 0, got 3
kinds.pipe:74: b: item 4: expected 0, got 4
kinds.pipe:74: b: item 5: expected 0, got 5
kinds.pipe:74: b: item 6: expected 0, got 6
kinds.pipe:74: b: item 7: expected 0, got 7
kinds.pipe:74: b: item 8: expected 0, got 8
kinds.pipe:74: b: item 9: expected 0, got 9
kinds.pipe:74: b: item 10: expected 0, got 10
kinds.pipe:74: b: and more
1 passed, 16 failed
EOF2
status=$?
check "each kind of item that is not as expected" eval 'cat "$tmp/kinds"; [ '$status' -eq 0 ]'

# ---- stages that fail ----

cat >fails.pipe <<'EOF2'
pipeline fails;
include <string.h>;
include <unistd.h>;
include <stdlib.h>;
include <stdio.h>;
param int bad = 2;
param string words[];
param string required;
channel int a[8];
channel int b[8];
channel int lost[8] dead;
state { int begun; }
init { self->pipe->begun++; if (access("made", F_OK) == 0) self->pipe->begun += 10; }
final { fprintf(stderr, "final %d\n", self->pipe->begun); }
stage make -> a { emit(1); }
stage halve (n <- a) -> b[0..1]  on fail then -> lost { if (n == bad) fail("%d is bad", n); emit(n + (int)words_len); }
stage show (n <- b) { (void)n; }
stage gone (l <- lost) { (void)l; }
part stop_at { input channel int in[]; output channel int out[]; param int at;
    stage stop_at (x <- in) -> out[0..1] { if (x == at) fail("stops at %d", x); emit(x); } }
stage unused -> c { emit(required[0]); }
channel int c[1];
stage end (x <- c) { (void)x; }
test "dead" { run halve; a <- 1, 2, 3; b -> 1, 3; lost -> 2; fail halve "2 is bad"; }
test "dead, and nobody looks at it" { run halve; a <- 1, 2, 3; b -> 1, 3; fail halve "bad"; }
test "dead, with another reason" { run halve; a <- 1, 2; fail halve "3 is bad"; }
test "dead twice" { run halve; param bad = 4; a <- 4, 4; b ->; lost -> 4, 4; fail halve "4"; }
test "operands" { run halve; param words = ["a", "--help", "-c"]; a <- 1; b -> 4; }
test "stops" { channel int in[8]; channel int out[8]; stage until (x <- in) -> out = stop_at(at = 2);
    in <- 1, 2, 3; out -> 1, 2, 3; fail until "stops at 2"; }
test "stops unasked" { channel int in[8]; stage until (x <- in) { if (x > 1) fail("no"); } in <- 1, 2; }
test "own sections" { run show; init { fclose(fopen("made", "w")); } final { puts("own"); exit(3); } b <- 1; }
test "an init that fails" { run show; init { fail("no room"); } b <- 1; }
test "a status" { channel int in[1]; stage s (x <- in) { status(x); } in <- 5; }
EOF2
check "failures" says 1 "$PIPEC" test fails.pipe <<'EOF2'
ok   fails.pipe: dead
ok   fails.pipe: dead, and nobody looks at it
FAIL fails.pipe: dead, with another reason
fails.pipe:26: halve: failed: 2 is bad
fails.pipe:26: halve: expected to fail with '3 is bad', and did not
    fails: halve: 2 is bad
    final 1
FAIL fails.pipe: dead twice
fails.pipe:27: halve: failed: 4 is bad
    fails: halve: 4 is bad
    fails: halve: 4 is bad
    final 1
ok   fails.pipe: operands
ok   fails.pipe: stops
FAIL fails.pipe: stops unasked
fails.pipe:31: until: failed: no
    fails: until: no
FAIL fails.pipe: own sections
fails.pipe:32: ended with status 3
    final 11
    own
FAIL fails.pipe: an init that fails
fails.pipe:33: init: failed: no room
    fails: init: no room
ok   fails.pipe: a status
5 passed, 5 failed
EOF2

finish
