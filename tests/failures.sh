#!/usr/bin/env bash
# --failures FILE: what stands in a line, and that the lines are as many as the ledger counts, whatever else happens.
. "$(dirname "$0")/lib.sh"
needs "$PIPEC"

# build NAME: builds the program of the .pipe text on standard input
build() {
    cat >"$tmp/$1.pipe"
    "$PIPEC" build -o "$tmp/$1" "$tmp/$1.pipe" || fail "$1" "is not built"
}

# lines NAME WANTED ARGUMENT…: runs the program, whose lines are exactly those, in order of their text
lines() {
    local name=$1 wanted=$2 program=$3
    shift 3
    "$tmp/$program" --failures "$tmp/$name.json" "$@" >/dev/null 2>"$tmp/err"
    LC_ALL=C sort "$tmp/$name.json" >"$tmp/sorted"
    printf '%s' "$wanted" | LC_ALL=C sort >"$tmp/wanted"
    same "$name" "$tmp/wanted" "$tmp/sorted"
}

# ---- what stands in a line ----

build items <<'PIPE'
pipeline items "fails for what it is told";

include <math.h>;
include <stdint.h>;
include <stdlib.h>;
include <string.h>;

%{
struct own { int n; };
%}

param string which "what fails";

type id = unsigned long;
type own = struct own;
record place { double lat; }
record shop { int id; string name; place at; char code[3]; }

channel int small[4];
channel id ids[4];
channel double doubles[4];
channel float floats[4];
channel bool bools[4];
channel char chars[4];
channel uint8_t bytes_[4];
channel string texts[4];
channel own owns[4];
channel shop shops[4];
channel place places[4];

stage read -> small, ids, doubles, floats, bools, chars, bytes_, texts, owns, shops, places {
    if (!strcmp(which, "source"))
        fail("a source has no item");
    emit(small, -7);
    emit(ids, 18446744073709551615u);
    emit(doubles, 0.1);
    emit(doubles, NAN);
    emit(doubles, -1e300);
    emit(floats, 0.1f);
    emit(bools, true);
    emit(chars, 'A');
    emit(bytes_, 200);
    emit(texts, strdup("plain"));
    emit(texts, strdup("\" \\ / \b\f\n\r\t\x01\x7f"));
    emit(texts, strdup("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x90\x88"));
    emit(texts, strdup("\x80 \xc3 \xc0\xaf \xed\xa0\x80 \xf5 \xf4\x90\x80\x80"));
    emit(texts, NULL);
    emit(owns, (own){ 3 });
    emit(shops, (shop){ 7, strdup("B\"ay"), { 60.1 }, "abc" });
    emit(places, (place){ -0.5 });
}

stage s_small (n <- small)  on fail then skip { if (!strcmp(which, "small")) fail("it is %d", n); }
stage s_ids (n <- ids)  on fail then skip { if (!strcmp(which, "ids")) fail("no"); }
stage s_doubles (n <- doubles)  on fail then skip { if (!strcmp(which, "doubles")) fail("no"); }
stage s_floats (n <- floats)  on fail then skip { if (!strcmp(which, "floats")) fail("no"); }
stage s_bools (n <- bools)  on fail then skip { if (!strcmp(which, "bools")) fail("no"); }
stage s_chars (n <- chars)  on fail then skip { if (!strcmp(which, "chars")) fail("no"); }
stage s_bytes (n <- bytes_)  on fail then skip { if (!strcmp(which, "bytes")) fail("no"); }
stage s_texts (text <- texts)  on fail then skip { if (!strcmp(which, "texts")) fail("no"); }
stage s_shops (s <- shops)  on fail retry 1 then skip { if (!strcmp(which, "shops")) fail("no %s", s.name); }
stage s_places (at <- places)  inline on fail then skip { if (!strcmp(which, "places")) fail("no"); }
stage s_owns (own <- owns)  on fail then skip { if (!strcmp(which, "owns")) fail("%d", own.n); }
final { if (!strcmp(which, "final")) fail("at the end"); }
PIPE

skipped='"worker":0,"attempt":1,"outcome":"skipped","reason":'
lines none '' items --which=nothing
lines int '{"stage":"s_small",'$skipped'"it is -7","item":-7}
' items --which=small
lines typedef '{"stage":"s_ids",'$skipped'"no","item":18446744073709551615}
' items --which=ids
lines double '{"stage":"s_doubles",'$skipped'"no","item":0.1}
{"stage":"s_doubles",'$skipped'"no","item":null}
{"stage":"s_doubles",'$skipped'"no","item":-1e300}
' items --which=doubles
lines float '{"stage":"s_floats",'$skipped'"no","item":0.1}
' items --which=floats
lines bool '{"stage":"s_bools",'$skipped'"no","item":true}
' items --which=bools
lines char '{"stage":"s_chars",'$skipped'"no","item":65}
' items --which=chars
lines byte '{"stage":"s_bytes",'$skipped'"no","item":200}
' items --which=bytes
u='\ufffd'
lines text '{"stage":"s_texts",'$skipped'"no","item":"plain"}
{"stage":"s_texts",'$skipped'"no","item":"\" \\ / \b\f\n\r\t\u0001\u007f"}
{"stage":"s_texts",'$skipped'"no","item":"é € 🐈"}
{"stage":"s_texts",'$skipped'"no","item":"'"$u $u $u$u $u$u$u $u $u$u$u$u"'"}
{"stage":"s_texts",'$skipped'"no","item":null}
' items --which=texts
lines record '{"stage":"s_shops","worker":0,"attempt":2,"outcome":"skipped","reason":"no B\"ay","item":{"id":7,"name":"B\"ay","at":{"lat":60.1},"code":"abc"}}
' items --which=shops
lines inline-record '{"stage":"s_places",'$skipped'"no","item":{"lat":-0.5}}
' items --which=places
lines of-the-author '{"stage":"s_owns",'$skipped'"3"}
' items --which=owns
lines source '{"stage":"read","worker":0,"attempt":1,"outcome":"failed","reason":"a source has no item"}
' items --which=source
lines final '{"stage":"s_owns","worker":0,"outcome":"failed","reason":"at the end"}
' items --which=final

# ---- as many as the ledger counts ----

build many <<'PIPE'
pipeline many "fails with several workers at once, and inline";

include <stdio.h>;
include <stdlib.h>;
include <string.h>;

param int stops = 100000 "from which number on a failure tears the pipeline down";

channel int numbers[64];
channel int checked[64];
channel int looked[0];
channel int last[4];

stage count -> numbers { for (int i = 1; i <= 5000; i++) emit(i); }

stage check (n <- numbers) -> checked[0..1]  workers 8  on fail then skip {
    if (n % 3 == 0)
        fail("%d is a multiple of three", n);
    emit(n);
}

stage look (n <- checked) -> looked  workers 3 {
    for (int i = 0; i < 2; i++)
        emit(i * 10000 + n);
    if (n >= stops)
        fail("%d is too much", n);
}

stage inner (n <- looked) -> last[0..1]  inline  on fail then skip {
    if (n % 5 == 0)
        fail("%d is a multiple of five", n);
    emit(n);
}

stage end (n <- last) { (void)n; }
PIPE

# counted NAME ARGUMENT…: the file has a line for each item that the ledger does not call done, all of them JSON
counted() {
    local name=$1
    shift
    "$tmp/many" --failures "$tmp/many.json" --stats=json "$@" 2>"$tmp/err" >/dev/null
    grep -o '"failed":[0-9]*,"skipped":[0-9]*,"dead":[0-9]*,"cut":[0-9]*' "$tmp/err" |
        awk -F '[:,]' '{ n += $2 + $4 + $6 + $8 } END { print n + 0 }' >"$tmp/wanted"
    grep -cE '^\{"stage":"[a-z]+","worker":[0-9]+,"attempt":1,"outcome":"(failed|skipped|cut)","reason":"[^"]*"(,"item":[0-9]+)?\}$' \
        "$tmp/many.json" >"$tmp/got"
    same "$name" "$tmp/wanted" "$tmp/got"
    [ "$(wc -l <"$tmp/many.json")" -eq "$(cat "$tmp/got")" ] || fail "$name" "has lines of another form"
}

counted skipped
[ "$(wc -l <"$tmp/many.json")" -gt 2000 ] || fail skipped "has few lines"
for stops in 1 7 500 4999; do
    counted "torn-down-$stops" --stops=$stops
    grep -q '"stage":"look".*"outcome":"failed"' "$tmp/many.json" || fail "torn-down-$stops" "does not tell what failed"
done

# ---- an item ends once ----

# once NAME WANTED PROGRAM: those lines, and the ledger adds up
once() {
    lines "$@"
    if grep -q 'internal error' "$tmp/err"; then
        fail "$1" "counts an item twice: $(cat "$tmp/err")"
    fi
}

build letters <<'PIPE'
pipeline letters "sends letters when all is torn down";

include <unistd.h>;

channel int numbers[4];
channel int inner[4];
channel int others[4];
channel int lost[4] dead;

stage count -> numbers, inner { emit(numbers, 1); emit(inner, 2); }

stage check (n <- numbers)  on fail then -> lost {
    while (!failed())
        usleep(1000);
    fail("%d is late", n);
}

stage pass (n <- inner) -> called { emit(n); }
channel int called[4];

stage look (n <- called)  inline  on fail then -> lost {
    while (!failed())
        usleep(1000);
    fail("%d is late", n);
}

stage more -> others { usleep(20000); emit(3); }
stage bad (n <- others) { fail("%d is too much", n); }
stage read (letter <- lost) { (void)letter; }
PIPE

once dead '{"stage":"bad","worker":0,"attempt":1,"outcome":"failed","reason":"3 is too much","item":3}
{"stage":"check","worker":0,"attempt":1,"outcome":"dead","reason":"1 is late","item":1}
{"stage":"look","worker":0,"attempt":1,"outcome":"dead","reason":"2 is late","item":2}
' letters

build copies <<'PIPE'
pipeline copies "cannot copy, and goes on";

%{
struct box { long id; };

static void box_drop(struct box box) { (void)box; }
static struct box box_clone(struct box box) { (void)box; return (struct box){ 0 }; }
%}

type box = struct box drop box_drop clone box_clone;
channel int numbers[4];
channel int checked[4];
channel box skipped[4] broadcast;
channel box failed_[4] broadcast;

stage count -> numbers { for (int i = 1; i <= 2; i++) emit(i); }

stage skip (n <- numbers) -> skipped, checked  on fail then skip {
    for (int i = 0; i < 2; i++)
        if (!emit_ok(skipped, (struct box){ n }))
            continue;
    if (n == 2)
        emit(checked, n);
    fail("%d is not sent to all", n);
}

stage stop (n <- checked) -> failed_ {
    for (int i = 0; i < 2; i++)
        if (!emit_ok(failed_, (struct box){ n }))
            continue;
}

stage one (x <- skipped) { (void)x; }
stage two (x <- skipped) { (void)x; }
stage three (x <- failed_) { (void)x; }
stage four (x <- failed_) { (void)x; }
PIPE

once copies '{"stage":"skip","worker":0,"attempt":1,"outcome":"skipped","reason":"an item could not be copied for skipped>one"}
{"stage":"skip","worker":0,"attempt":1,"outcome":"skipped","reason":"an item could not be copied for skipped>one"}
{"stage":"stop","worker":0,"attempt":1,"outcome":"failed","reason":"an item could not be copied for failed_>three"}
' copies

# ---- what is told of it otherwise, and a file that cannot be written ----

"$tmp/many" --failures "$tmp/many.json" 2>"$tmp/err" >/dev/null
[ "$(grep -c 'multiple of three' "$tmp/err")" -eq 10 ] || fail told "does not tell ten of a stage's failures"
[ "$(grep -c 'check: more failures follow' "$tmp/err")" -eq 1 ] || fail told "does not say that there are more"

"$tmp/many" --failures "$tmp/no/such" >/dev/null 2>"$tmp/err"
echo "$?" >>"$tmp/err"
printf '%s\n' "many: cannot write $tmp/no/such: No such file or directory" 1 >"$tmp/wanted"
same unwritable "$tmp/wanted" "$tmp/err"

if [ -e /dev/full ]; then
    "$tmp/many" --failures /dev/full >/dev/null 2>"$tmp/err"
    [ "$(grep -c 'cannot write /dev/full' "$tmp/err")" -eq 1 ] || fail full "is not told once"
fi

finish
