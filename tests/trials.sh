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
fails.pipe:32: ended with status 3 before all had been looked at
    final 11
    own
FAIL fails.pipe: an init that fails
fails.pipe:33: init: failed: no room
    fails: init: no room
ok   fails.pipe: a status
5 passed, 5 failed
EOF2

# ---- letters ----

cat >letters.pipe <<'EOF2'
pipeline letters;
include <stdarg.h>;
include <stdio.h>;
include <string.h>;
include <stdlib.h>;
record row { int id; string name; }
%{
struct point { int x; };
typedef struct { char *text; } box;
static box box_clone(box b) { return (box){ b.text ? strdup(b.text) : NULL }; }
static char *text(const char *format, ...)
{
    va_list args;
    char *made = NULL;
    va_start(args, format);
    if (vasprintf(&made, format, args) < 0)
        abort();
    va_end(args);
    return made;
}
static void box_drop(box b) { free(b.text); }
%}
type boxed = box drop box_drop clone box_clone;
channel string words[8];
channel row rows[8];
channel struct point points[8];
channel boxed boxes[8];
channel long numbers[8];
channel string lost[8] dead;
channel row lost_rows[8] dead;
channel struct point lost_points[8] dead;
channel boxed lost_boxes[8] dead;
channel long lost_numbers[8] dead;
channel string told[8];
stage w -> words { emit(strdup("x")); }
stage r -> rows { emit((row){ 0 }); }
stage p -> points { emit((struct point){ 1 }); }
stage b -> boxes { emit((box){ strdup("x") }); }
stage n -> numbers { emit(1); }
stage use (w <- words)  on fail retry 2 then -> lost { fail("'%s' is bad", w); }
stage use_row (r <- rows)  on fail then -> lost_rows { if (r.id < 0) fail("no"); if (r.id > 0) fail("%d", r.id); }
stage use_point (p <- points)  on fail then -> lost_points { fail("at %d", p.x); }
stage use_box (b <- boxes)  on fail then -> lost_boxes { fail("a %s", b.text); }
stage use_number (n <- numbers)  on fail then -> lost_numbers { fail("%ld", n); }
stage tell (l <- lost) -> told { emit(text("%s: %s after %d: %s", l.stage, l.item, l.attempts, l.reason)); }
stage tell_rows (l <- lost_rows) -> told { emit(text("%s: %d %s after %d: %s", l.stage, l.item.id, l.item.name, l.attempts, l.reason)); }
stage tell_points (l <- lost_points) -> told { emit(text("%s: %d after %d: %s", l.stage, l.item.x, l.attempts, l.reason)); }
stage tell_boxes (l <- lost_boxes) -> told { emit(text("%s: %s after %d: %s", l.stage, l.item.text, l.attempts, l.reason)); }
stage tell_numbers (l <- lost_numbers) -> told { emit(text("%s: %ld after %d: %s", l.stage, l.item, l.attempts, l.reason)); }
stage show (t <- told) { puts(t); }
test "fed" { run tell;
    lost <- "two", { .item = "three", .reason = "why not", .attempts = 3, .stage = "w" },
            { .attempts = 7, .item = (char[]){ 'a', 0 } },
            (strlen("a") > 0 ? "four" : "five");
    told -> ": two after 1: ", "w: three after 3: why not", ": a after 7: ", ": four after 1: "; }
test "rows fed" { run tell_rows;
    lost_rows <- { .item = { .id = 1, .name = "one" }, .reason = "why not", .attempts = 3, .stage = "w" }, ((row){ 2, "two" });
    told -> "w: 1 one after 3: why not", ": 2 two after 1: "; }
test "points fed" { run tell_points;
    lost_points <- { .item = { 1 }, .reason = "why not" }, ((struct point){ 2 });
    told -> ": 1 after 1: why not", ": 2 after 1: "; }
test "boxes fed" { run tell_boxes;
    lost_boxes <- { .item = { "one" }, .reason = "why not" }, ((box){ "two" });
    told -> ": one after 1: why not", ": two after 1: "; }
test "numbers fed" { run tell_numbers;
    lost_numbers <- { .item = 5, .reason = "why not" }, 6, (3 + 4);
    told -> ": 5 after 1: why not", ": 6 after 1: ", ": 7 after 1: "; }
test "none fed" { run tell_rows; lost_rows <- ; told -> ; }
test "expected" { run use;
    words <- "a", "b", "c", "d";
    lost -> { .item = "a", .reason = "'a' is bad", .attempts = 3, .stage = "use" },
            "b",
            { .item = "c", .attempts = 3 },
            ("d");
    fail use "'a' is bad"; fail use "b"; fail use "c"; fail use "d"; }
test "others" { run use;
    words <- "a", "b", "c", "d", "e";
    lost -> { .item = "a", .reason = "'b' is bad", .attempts = 3, .stage = "use" },
            "c",
            { .item = "c", .attempts = 2 },
            { .item = "d", .stage = "w" };
    fail use "'a' is bad"; fail use "b"; fail use "c"; fail use "d"; fail use "e"; }
test "missing" { run use_row;
    rows <- { .id = 1, .name = "one" };
    lost_rows -> { .item = { .id = 1, .name = "one" }, .reason = "1" },
                 { .item = { .id = 2 }, .attempts = 2 }, ((row){ 3 });
    fail use_row "1"; }
test "record" { run use_row;
    rows <- { .id = 1, .name = "one" };
    lost_rows -> { .item = { .id = 1, .name = "two" }, .reason = "1" };
    fail use_row "1"; }
test "both" { run use_row, tell;
    rows <- { .id = 1, .name = "one" }, { .id = 2, .name = "two" };
    lost_rows -> unordered { .item = { .id = 2, .name = "two" }, .stage = "use_row" }, { .item = { 1, "one" }, .reason = "1" };
    lost <- "one", { .item = "two", .reason = "why" };
    told -> ": one after 1: ", ": two after 1: why";
    fail use_row "1"; fail use_row "2"; }
test "unordered" { run use_number;
    numbers <- 1, 2, 3, 1;
    lost_numbers -> unordered 1, { .item = 1, .attempts = 1, .reason = "1" }, 3, { .item = 2, .reason = "3" };
    fail use_number "1"; fail use_number "1"; fail use_number "2"; fail use_number "3"; }
test "points" { run use_point;
    points <- { 1 }, { 2 };
    lost_points -> { .reason = "at 1" }, { .attempts = 2 };
    fail use_point "at 1"; fail use_point "at 2"; }
test "boxes" { run use_box;
    boxes <- { "one" };
    lost_boxes -> { .reason = "a one" };
    fail use_box "one"; }
test "nothing" { run use_box;
    boxes <- { "one" };
    lost_boxes -> ;
    fail use_box "one"; }
test "names in texts" { run use_point;
    points <- { 1 };
    lost_points -> { .reason = "at 1" /* .item */, . attempts = sizeof(", .item = '") > 1 ? 1 : '"' };
    fail use_point "at 1"; }
test "no item is said" { run use_number;
    numbers <- 5, 6;
    lost_numbers -> { .reason = "5" }, { .reason = "6", .item = 0 };
    fail use_number "5"; fail use_number "6"; }
test "NULL and 0 are said" { run use_point;
    points <- { 1 }, { 2 };
    lost_points -> { .reason = NULL }, { .attempts = 0 };
    fail use_point "at 1"; fail use_point "at 2"; }
test "the first makes room for the second" { run use_row;
    rows <- { .id = -1 }, { .id = -2 };
    lost_rows -> unordered { .reason = "no" }, { .item = { .id = -1 } };
    fail use_row "no"; fail use_row "no"; }
EOF2
check "letters" says 1 "$PIPEC" test -q letters.pipe <<'EOF2'
FAIL letters.pipe: others
letters.pipe:78: lost: item 1: .reason: expected "'b' is bad", got "'a' is bad"
letters.pipe:78: lost: item 5: expected nothing, got { .item = "e", .reason = "'e' is bad", .attempts = 3, .stage = "use" }
letters.pipe:79: lost: item 2: .item: expected "c", got "b"
letters.pipe:80: lost: item 3: .attempts: expected 2, got 3
letters.pipe:81: lost: item 4: .stage: expected "w", got "use"
    letters: use: 'a' is bad (attempt 3)
    letters: use: 'b' is bad (attempt 3)
    letters: use: 'c' is bad (attempt 3)
    letters: use: 'd' is bad (attempt 3)
    letters: use: 'e' is bad (attempt 3)
FAIL letters.pipe: missing
letters.pipe:86: lost_rows: item 2: expected { .item = { .id = 2, .name = NULL }, .attempts = 2 }, got nothing
letters.pipe:86: lost_rows: item 3: expected { .item = { .id = 3, .name = NULL } }, got nothing
    letters: use_row: 1
FAIL letters.pipe: record
letters.pipe:90: lost_rows: item 1: .item.name: expected "two", got "one"
    letters: use_row: 1
FAIL letters.pipe: unordered
letters.pipe:100: lost_numbers: got { .item = 2, .reason = "2", .attempts = 1, .stage = "use_number" }, which is not expected
letters.pipe:100: lost_numbers: expected { .item = 2, .reason = "3" }, which did not come
    letters: use_number: 1
    letters: use_number: 2
    letters: use_number: 3
    letters: use_number: 1
FAIL letters.pipe: points
letters.pipe:104: lost_points: item 2: .attempts: expected 2, got 1
    letters: use_point: at 1
    letters: use_point: at 2
FAIL letters.pipe: nothing
letters.pipe:112: lost_boxes: item 1: expected nothing, got { .reason = "a one", .attempts = 1, .stage = "use_box" }
    letters: use_box: a one
FAIL letters.pipe: no item is said
letters.pipe:120: lost_numbers: item 2: .item: expected 0, got 6
    letters: use_number: 5
    letters: use_number: 6
FAIL letters.pipe: NULL and 0 are said
letters.pipe:124: lost_points: item 1: .reason: expected NULL, got "at 1"
letters.pipe:124: lost_points: item 2: .attempts: expected 0, got 1
    letters: use_point: at 1
    letters: use_point: at 2
11 passed, 8 failed
EOF2
check "letters own what they say" mentions 0 "1 passed, 0 failed" "$PIPEC" test -q --filter both --sanitize=address,undefined letters.pipe

# ---- time ----

cat >clock.pipe <<'EOF2'
include <poll.h>;
include <string.h>;
include <sys/wait.h>;
include <unistd.h>;
include <stdlib.h>;
test "an interval" { channel int ticks[4];
    stage tick -> ticks  every 1h  state { int n; } { emit(++self->n); if (self->n == 5) finish(); }
    ticks -> 1, 2, 3, 4, 5; }
test "a rate" { channel int a[4]; channel int b[4];
    stage slow (x <- a) -> b  rate 1/h { emit(x); }
    a <- 1, 2, 3, 4, 5, 6; b -> 1, 2, 3, 4, 5, 6; }
test "a backoff" { channel int a[4]; channel int b[4];
    stage again (x <- a) -> b[0..1]  on fail retry 5 backoff 1h..4h  state { int n; } {
        if (self->n++ < 4) fail("not yet"); emit(x); }
    a <- 1; b -> 1; }
test "a timeout" { channel int a[4]; channel int b[4];
    stage late (x <- a) -> b[0..1]  timeout 1d  on fail then skip { wait_for(-1, 0, 2d); emit(x); }
    a <- 1; b ->; fail late "timeout"; }
test "batches by time" { channel int a[8]; channel int b[8];
    stage tick -> a  every 10s  state { int n; } { emit(++self->n); if (self->n == 7) finish(); }
    stage gather (xs[100] <- a within 25s) -> b[1] { emit((int)xs_len); }
    b -> 3, 3, 1; }
test "two clocks keep step" { channel int a[64];
    stage fast -> a  every 1m  state { int n; } { emit(1); if (++self->n == 6) finish(); }
    stage slow -> a  every 2m  state { int n; } { emit(2); if (++self->n == 3) finish(); }
    stage in_hours (n[50] <- a within 1h) -> out[1] { int sum = 0; for (size_t i = 0; i < n_len; i++) sum += n[i]; emit(sum); }
    channel int out[2];
    out -> 12; }
test "a descriptor" { channel string out[1];
    stage child -> out { int ends[2]; char text[8] = "";
        if (pipe(ends) != 0) return;
        if (fork() == 0) { usleep(50000); _exit(write(ends[1], "hi", 2) != 2); }
        if (wait_for(ends[0], POLLIN, 1h) == 1 && read(ends[0], text, 7) == 2) emit(strdup(text));
        else emit(strdup("late"));
        wait(NULL); }
    out -> "hi"; }
test "a body asleep in the kernel" { channel int b[8]; channel int c[8];
    stage sleeper -> b { usleep(100000); emit(1); }
    stage other -> c { wait_for(-1, 0, 50ms); emit(2); wait_for(-1, 0, 100d); emit(3); }
    b -> 1; c -> 2, 3; }
test "more of them than processors" { channel int a[8]; channel int b[8];
    stage sleeper (x <- a) -> b[1]  workers 8 { usleep(50000); emit(x); }
    a <- 1, 2, 3, 4, 5, 6, 7, 8; b -> unordered 1, 2, 3, 4, 5, 6, 7, 8; }
EOF2
check "hours of the virtual clock" mentions 0 "9 passed, 0 failed" "$PIPEC" test --limit 20s clock.pipe

# ---- what hangs, crashes, does not compile ----

# Only what hangs has so little time: on a busy machine a second is not enough for what ends by itself.
cat >hangs.pipe <<'EOF2'
include <signal.h>;
include <unistd.h>;
test "hangs in the kernel" { stage s { for (;;) pause(); } }
test "turns for ever" { stage s { volatile int n = 1; while (n) ; } }
test "ignores SIGTERM" { stage s { signal(SIGTERM, SIG_IGN); for (;;) pause(); } }
EOF2
check "what does not end" says 1 "$PIPEC" test --limit 1s hangs.pipe <<'EOF2'
FAIL hangs.pipe: hangs in the kernel
hangs.pipe:3: did not end within 1 s
FAIL hangs.pipe: turns for ever
hangs.pipe:4: did not end within 1 s
FAIL hangs.pipe: ignores SIGTERM
hangs.pipe:5: did not end within 1 s
0 passed, 3 failed
EOF2

cat >ends.pipe <<'EOF2'
include <stdio.h>;
include <stdlib.h>;
include <unistd.h>;
test "waits for nothing" { stage s { wait_for(-1, 0, -1); } }
test "crashes" { stage s { puts("before"); fflush(stdout); *(volatile int *)0 = 1; } }
test "aborts" { stage s { abort(); } }
test "exits" { stage s { _exit(7); } }
test "exits as if all were well" { stage s { _exit(0); } }
test "does not compile" { stage s { undeclared; } }
test "is fine" { stage s { } }
EOF2
check "what does not end well" says 1 env LC_ALL=C "$PIPEC" test ends.pipe <<'EOF2'
FAIL ends.pipe: waits for nothing
ends.pipe:4: ended by signal 6 (Aborted)
    deadlock: every thread waits and none has a deadline, so nothing can happen any more
FAIL ends.pipe: crashes
ends.pipe:5: ended by signal 11 (Segmentation fault)
    before
FAIL ends.pipe: aborts
ends.pipe:6: ended by signal 6 (Aborted)
FAIL ends.pipe: exits
ends.pipe:7: ended with status 7 before all had been looked at
FAIL ends.pipe: exits as if all were well
ends.pipe:8: ended with status 0 before all had been looked at
FAIL ends.pipe: does not compile
ends.pipe:9: could not be built
    ends.pipe: In function 'test_ends_s_':
    ends.pipe:9:5: error: 'undeclared' undeclared (first use in this function)
        9 | test "does not compile" { stage s { undeclared; } }
          |     ^~~~~~~~~~
    ends.pipe:9:5: note: each undeclared identifier is reported only once for each function it appears in
    pipec: cc did not accept the C of ends.pipe; nothing was built
ok   ends.pipe: is fine
1 passed, 6 failed
EOF2

cat >asked.pipe <<'EOF2'
%{
#include <unistd.h>
static void asked(int signal) { (void)signal; if (write(1, "asked to end\n", 13) < 0) _exit(1); }
%}
include <signal.h>;
test "has time to end" { stage s { signal(SIGTERM, asked); for (;;) pause(); } }
EOF2
check "one SIGTERM, and time for what follows it" says 1 "$PIPEC" test --limit 3s asked.pipe <<'EOF2'
FAIL asked.pipe: has time to end
asked.pipe:6: did not end within 3 s
    asked to end
0 passed, 1 failed
EOF2

cat >many.pipe <<'EOF2'
%{
static char *none[2000];
%}
record row { string tags[]; }
test "fails for each item" { channel int a[8];
    stage count -> a { for (int i = 0; i < 3000; i++) emit(i); }
    stage refuse (n <- a)  on fail then skip { fail("%d is not wanted", n); } }
test "long items" { channel row a[4]; channel row b[4]; stage s (r <- a) -> b[1] { emit(take(r)); }
    a <- { none, 2000 }, { none, 2000 }, { none, 2000 }, { none, 2000 }, { none, 2000 },
         { none, 2000 }, { none, 2000 }, { none, 2000 }, { none, 2000 }, { none, 2000 };
    b ->; }
EOF2
check "stages that fail again and again" mentions 1 "many.pipe:5: and more failures" "$PIPEC" test --filter fails many.pipe
check "ten of these are told" test "$(grep -c 'failed: [0-9]* is not wanted' "$tmp/said")" -eq 10
check "a report longer than what is shown of output" mentions 1 "b: item 10: expected nothing" "$PIPEC" test --filter long many.pipe
check "is one like others" fails grep "ended with status" "$tmp/said"

# ---- several files, and what is asked of them ----

cat >one.pipe <<'EOF2'
import "two.pipe";
test "first" { channel int a[1]; stage s (x <- a) -> b = twice(); channel int b[1]; a <- 2; b -> 4; }
test "second" { channel int a[1]; stage s (x <- a) -> b = twice(); channel int b[1]; a <- 2; b -> 5; }
EOF2
cat >two.pipe <<'EOF2'
part twice "doubles" { input channel int in[]; output channel int out[]; stage twice (x <- in) -> out[1] { emit(2 * x); } }
test "in two" { channel int a[1]; stage s (x <- a) -> b = twice(); channel int b[1]; a <- 1; b -> 2; }
EOF2
cat >work.pipe <<'EOF2'
test "in C" { channel int a[1]; channel int b[1]; stage s (x <- a) -> b[1] = work; a <- 1; b -> 101; }
EOF2
cat >work.c <<'EOF2'
#include "work.h"
enum prt_result work(struct test_work_s *self, int *x)
{
    test_work_s_emit_b(self, *x + 100);
    return PRT_DONE;
}
EOF2
echo 'test "broken {' >broken.pipe
echo 'pipeline none; stage s { }' >none.pipe
check "several files, in order, and not what they import" says 1 "$PIPEC" test -j 4 one.pipe work.pipe work.c two.pipe <<'EOF2'
ok   one.pipe: first
FAIL one.pipe: second
one.pipe:3: b: item 1: expected 5, got 4
ok   work.pipe: in C
ok   two.pipe: in two
3 passed, 1 failed
EOF2
check "a file that cannot be read does not stop others" says 1 "$PIPEC" test -q broken.pipe gone.pipe two.pipe <<'EOF2'
FAIL broken.pipe: the file
broken.pipe: could not be built
FAIL gone.pipe: the file
gone.pipe: could not be built
1 passed, 2 failed
EOF2
cat >level.pipe <<'EOF2'
%{
#ifdef __OPTIMIZE__
#define OPTIMIZED 1
#else
#define OPTIMIZED 0
#endif
%}
test "is optimized" { channel int out[1]; stage s -> out { emit(OPTIMIZED); } out -> 1; }
EOF2
check "nothing is optimized" says 1 env CFLAGS= "$PIPEC" test level.pipe <<'EOF2'
FAIL level.pipe: is optimized
level.pipe:8: out: item 1: expected 1, got 0
0 passed, 1 failed
EOF2
check "but where CFLAGS say so" mentions 0 "1 passed" env CFLAGS=-O2 "$PIPEC" test level.pipe
check "or an option" mentions 0 "1 passed" env CFLAGS= "$PIPEC" test -O1 level.pipe
check "no tests" says 0 "$PIPEC" test none.pipe <<'EOF2'
0 passed, 0 failed
EOF2
check "some of them" says 0 "$PIPEC" test --filter first one.pipe two.pipe <<'EOF2'
ok   one.pipe: first
1 passed, 0 failed
EOF2
check "none of them" mentions 1 "no test has 'third' in its title" "$PIPEC" test --filter third one.pipe
check "no file" mentions 2 "test wants a .pipe file" "$PIPEC" test
check "no number of jobs" mentions 2 "a number from 1 to 1000 is wanted" "$PIPEC" test --jobs 0 one.pipe
check "no limit" mentions 2 "a duration is wanted, such as 60s" "$PIPEC" test --limit 60 one.pipe
check "an option that there is not" mentions 2 "did you mean --junit?" "$PIPEC" test --junt=x one.pipe
check "help" mentions 0 "--filter TEXT" "$PIPEC" test --help

# ---- JUnit, and hostile titles ----

printf 'test "%s" { channel int a[1]; stage s (x <- a) { (void)x; puts("]]>\\033<&\\""); } a <- 1; }\n%s\n' \
    '<&>\"'"'"' ]]> /../ %%s $(touch x) \n \t é \\' 'include <stdio.h>;' >hostile.pipe
printf 'test "two */ // comments" { channel string a[1]; channel string b[1]; stage s (x <- a) -> b[1] { emit(take(x)); } a <- "<&>"; b -> "]]>\\n"; }\n' >>hostile.pipe
check "hostile titles" mentions 1 "1 passed, 1 failed" "$PIPEC" test --junit hostile.xml hostile.pipe
cat >read.py <<'EOF2'
import sys, xml.etree.ElementTree
root = xml.etree.ElementTree.parse(sys.argv[1]).getroot()
print(root.tag, root.get('tests'), root.get('failures'), root.get('errors'))
for suite in root:
    print(suite.tag, suite.get('name'), suite.get('tests'), suite.get('failures'), suite.get('errors'))
    for case in suite:
        float(case.get('time'))
        print(case.tag, repr(case.get('name')), case.get('classname'), case.get('line'))
        for child in case:
            print(child.tag, repr(child.get('message')), repr(child.text))
EOF2
check "JUnit's XML of them" says 0 python3 read.py hostile.xml <<'EOF2'
testsuites 2 1 0
testsuite hostile.pipe 2 1 0
testcase '<&>"\' ]]> /../ %%s $(touch x) \n \t é \\' hostile.pipe 1
system-out None ']]>�<&"\n'
testcase 'two */ // comments' hostile.pipe 3
failure 'hostile.pipe:3: b: item 1: expected "]]>\\n", got "<&>"' 'hostile.pipe:3: b: item 1: expected "]]>\\n", got "<&>"\n'
EOF2
"$PIPEC" test -q --junit all.xml ends.pipe one.pipe broken.pipe >"$tmp/said" 2>&1
check "JUnit's XML of all ends" says 0 bash -c 'python3 read.py all.xml | grep -v "^failure\|^system-out\|^testcase"' <<'EOF2'
testsuites 10 1 7
testsuite ends.pipe 7 0 6
error 'ends.pipe:4: ended by signal 6 (Aborted)' 'ends.pipe:4: ended by signal 6 (Aborted)\n'
error 'ends.pipe:5: ended by signal 11 (Segmentation fault)' 'ends.pipe:5: ended by signal 11 (Segmentation fault)\n'
error 'ends.pipe:6: ended by signal 6 (Aborted)' 'ends.pipe:6: ended by signal 6 (Aborted)\n'
error 'ends.pipe:7: ended with status 7 before all had been looked at' 'ends.pipe:7: ended with status 7 before all had been looked at\n'
error 'ends.pipe:8: ended with status 0 before all had been looked at' 'ends.pipe:8: ended with status 0 before all had been looked at\n'
error 'ends.pipe:9: could not be built' 'ends.pipe:9: could not be built\n'
testsuite one.pipe 2 1 0
testsuite broken.pipe 1 0 1
error 'broken.pipe: could not be built' 'broken.pipe: could not be built\n'
EOF2
"$PIPEC" test -q --junit hangs.xml --limit 1s hangs.pipe >"$tmp/said" 2>&1
check "JUnit's XML of what does not end" says 0 bash -c 'python3 read.py hangs.xml | grep "^error"' <<'EOF2'
error 'hangs.pipe:3: did not end within 1 s' 'hangs.pipe:3: did not end within 1 s\n'
error 'hangs.pipe:4: did not end within 1 s' 'hangs.pipe:4: did not end within 1 s\n'
error 'hangs.pipe:5: did not end within 1 s' 'hangs.pipe:5: did not end within 1 s\n'
EOF2
check "JUnit's XML that cannot be written" mentions 1 "nowhere/x.xml" "$PIPEC" test --junit nowhere/x.xml two.pipe

# ---- directories and processes ----

cat >scratch.pipe <<'EOF2'
include <dirent.h>;
include <fcntl.h>;
include <stdio.h>;
include <string.h>;
include <stdlib.h>;
include <sys/stat.h>;
include <unistd.h>;
test "empty, and mine" { channel int out[1]; channel int mode[1];
    stage look -> out, mode { struct stat s; DIR *d = opendir("."); int n = 0;
        while (readdir(d)) n++;
        closedir(d);
        emit(out, n);
        stat(".", &s);
        emit(mode, (int)(s.st_mode & 0777)); }
    out -> 2; mode -> 448; }
test "no file of the runner but the report" { channel int out[1];
    stage look -> out { char path[64], to[256]; int n = 0;
        for (int fd = 3; fd < 100; fd++) {
            ssize_t len;
            snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
            len = readlink(path, to, sizeof to - 1);
            to[len > 0 ? len : 0] = '\0';
            n += strstr(to, "(deleted)") != NULL; }
        emit(n); }
    out -> 1; }
test "leaves much behind" { stage s {
    char cwd[4096];
    mkdir("deep", 0700); mkdir("deep/deeper", 0700); close(open("deep/deeper/file", O_CREAT | O_WRONLY, 0));
    if (symlink("/etc", "link") || !getcwd(cwd, sizeof cwd)) abort();
    chmod("deep/deeper", 0); chmod("deep", 0); } }
test "leaves processes behind" { stage s {
    if (fork() == 0) { setsid(); if (fork() == 0) { execlp("sleep", "sleep", "987", NULL); } _exit(0); }
    if (fork() == 0) { execlp("sleep", "sleep", "987", NULL); }
    usleep(100000); } }
test "reads nothing" { channel int out[1]; stage s -> out { emit(getchar()); } out -> (EOF); }
EOF2
mark=$((RANDOM * 32768 + RANDOM + 1000)) # seconds that nobody else sleeps
sed -i "s/\"987\"/\"$mark\"/" scratch.pipe
check "each in a directory of its own" mentions 0 "5 passed, 0 failed" "$PIPEC" test scratch.pipe
check "no directory is left" test -z "$(ls -A "$TMPDIR")"
check "no process is left" fails pgrep -f "sleep $mark"

# One that ends leaves alone what another one, which still runs, has started beside itself.
cat >beside.pipe <<'EOF2'
include <fcntl.h>;
include <stdlib.h>;
include <sys/wait.h>;
include <unistd.h>;
%{
#define AT(name) "DIR/" name
%}
test "has a helper" {
    channel int out[1];
    stage s -> out {
        int ends[2];
        char byte = 0;

        if (pipe(ends)) abort();
        if (fork() == 0) {
            if (fork() == 0) { setsid(); close(ends[0]); sleep(30); }
            _exit(0);
        }
        wait(NULL);
        close(ends[1]);
        close(open(AT("helped"), O_CREAT, 0600));
        while (access(AT("other"), F_OK)) usleep(10000);
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
        usleep(300000);
        emit(read(ends[0], &byte, 1) < 0); /* 0: nobody has the other end any more */
    }
    out -> 1; }
test "ends meanwhile" {
    stage s {
        while (access(AT("helped"), F_OK)) usleep(10000);
    } }
test "ends after it" {
    stage s {
        while (access(AT("helped"), F_OK)) usleep(10000);
        usleep(100000);
        close(open(AT("other"), O_CREAT, 0600));
    } }
EOF2
mkdir helped
sed -i "s|DIR|$PWD/helped|" beside.pipe
check "what another test has started lives as long as that" mentions 0 "3 passed, 0 failed" "$PIPEC" test -j 3 beside.pipe

# interrupted SIGNAL: pipec test ends by it soon, and takes along what it has started
interrupted() {
    local pid status
    env --default-signal=INT,TERM,HUP "$PIPEC" test -j 3 hangs.pipe >"$tmp/said" 2>&1 </dev/null &
    pid=$!
    for _ in $(seq 100); do
        [ "$(find "$TMPDIR" -mindepth 1 -maxdepth 1 | wc -l)" -ge 3 ] && break
        sleep 0.1
    done
    sleep 0.3
    kill -"$1" $pid
    wait $pid
    status=$?
    [ $status -eq $((128 + $(kill -l "$1"))) ] || { echo "status $status"; return 1; }
    [ -z "$(ls -A "$TMPDIR")" ] || { ls -A "$TMPDIR"; return 1; }
    ! pgrep -f "$XDG_CACHE_HOME/pipec/test_hangs"
}
for signal in INT TERM HUP; do
    check "ended by SIG$signal" interrupted $signal
done

# what several pipecs build at a time is there once
for _ in 1 2 3; do
    "$PIPEC" test -q two.pipe kinds.pipe >/dev/null 2>&1 &
done
wait
check "kept programs" mentions 0 "1 passed, 0 failed" "$PIPEC" test two.pipe

# ---- check, emit and the others ----

check "check looks at tests" mentions 1 "[E0620]" "$PIPEC" check "$top/tests/diag/test_lines.pipe"

by_hand() {
    "$PIPEC" emit --test "$1" "${@:2}" -o hand.c fails.pipe \
        && ${CC:-cc} hand.c -I"$top/build/include" -L"$top/build" -lprt-test -lprt -pthread -o hand && ./hand
}
check "the C of one by hand" by_hand operands
check "with the runtime in it" bash -c '"$PIPEC" emit --test operands --standalone -o hand.c fails.pipe && ${CC:-cc} hand.c -pthread -o hand && ./hand'
export -f by_hand
export top
check "what it says when it fails" mentions 1 "fails.pipe:31: until: failed: no" bash -c 'by_hand "stops unasked"'
check "a whole title goes before a part of one" mentions 0 "feed_in --in" "$PIPEC" emit --test stops fails.pipe
check "a title that there is not, and those that there are" mentions 1 "dead twice" "$PIPEC" emit --test sops fails.pipe
check "a part of several" mentions 1 "'dead,' stands in the titles of 2 tests of fails.pipe:" "$PIPEC" emit --test dead, fails.pipe
echo 'include <stdio.h>;' >untested.pipe
printf 'test "%s" {\n    channel int a[1];\n    stage s (x <- a) { (void)x; }\n    a <- 1;\n}\n' twice 'twice as much' twice >alike.pipe
check "a whole title of several" says 1 bash -c '"$PIPEC" emit --test twice alike.pipe 2>&1' <<'EOF2'
pipec: 'twice' is the title of 2 tests of alike.pipe:
    alike.pipe:1: twice
    alike.pipe:11: twice
EOF2
check "a rule for make names a file once" bash -c '"$PIPEC" emit --test as -MF rule.d -o rule.c alike.pipe && grep -qx "rule.c: alike.pipe" rule.d'
check "a file without tests" mentions 1 "no test of untested.pipe has 'x' in its title" "$PIPEC" emit --test x untested.pipe

check "build leaves them out" says 0 "$PIPEC" build -o fails fails.pipe </dev/null

finish
