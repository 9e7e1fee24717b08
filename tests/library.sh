#!/usr/bin/env bash
# The parts of the installed library, beside what awk, sort, uniq and sed make of the same input; on files that have no last
# end of line, are empty, gone, no files, or full; and docs/library.md, which tells what the files tell.
. "$(dirname "$0")/lib.sh"
. tests/lib-watched.sh
needs "$PIPEC" "$BUILD/library"

export XDG_CACHE_HOME=$tmp/cache LC_ALL=C NO_COLOR=1
top=$PWD

# What is in the programs is in the page, which is made from the library's own files.
tools/library.sh "$PIPEC" "$tmp/library.md"
same "docs/library.md is what tools/library.sh writes" docs/library.md "$tmp/library.md"
"$PIPEC" explain flow.pipe >"$tmp/said"
check "explain lists the parts of a file" grep -q '^    limit: ' "$tmp/said"
"$PIPEC" explain flow >"$tmp/said.2"
same "explain finds a file without its ending" "$tmp/said" "$tmp/said.2"
check "but a part before it" test "$("$PIPEC" explain lines | head -n 1)" = "lines: sends the lines of files, one file after the other"
for record in count done response row; do
    "$PIPEC" explain "$record" >"$tmp/said"
    check "explain shows the fields of $record" grep -q "^    record $record {" "$tmp/said"
    check "explain shows them to the end" grep -q '^    }' "$tmp/said"
done
"$PIPEC" explain count.pipe >"$tmp/said"
check "explain lists the records of a file" grep -q '^    record count$' "$tmp/said"

for file in library/*.pipe; do
    check "$file has nothing to warn of" test -z "$("$PIPEC" check "$file" 2>&1)"
done

# Their own tests, which stand beside the parts.
# shellcheck disable=SC2046 # no file has a blank in its name
"$PIPEC" test $(grep -l '^test "' library/*.pipe) tests/library/*.pipe >"$tmp/said" 2>&1
check "pipec test: all of them pass" test $? -eq 0
check "pipec test: as many as there are" test "$(grep -c '^ok ' "$tmp/said")" -eq \
    "$(cat library/*.pipe tests/library/*.pipe | grep -c '^test "')"
! grep -v '^ok ' "$tmp/said" | grep -q FAIL || cat "$tmp/said"

watched_begin
cd "$tmp" || exit 1

# program NAME: NAME.pipe, read from here, as NAME, and as NAME.asan with AddressSanitizer; its C without a warning
program() {
    local cc asan flags=(-std=c11 -Wall -Wextra -Wpedantic -Wshadow -Werror -O1 "-I$top/runtime/include")
    cat >"$1.pipe"
    watched_build -o "$1.asan" "$1.pipe" >asan.said 2>&1 &
    asan=$!
    check "$1: builds" "$PIPEC" build -o "$1" "$1.pipe"
    "$PIPEC" emit -o "$1.c" "$1.pipe"
    for cc in gcc clang; do
        ! command -v $cc >/dev/null || check "$1: no warning from $cc" $cc "${flags[@]}" -c -o "$1.o" "$1.c"
    done
    check "$1: builds with AddressSanitizer" asan_is_built "$1"
}

asan_is_built() {
    wait $asan || { cat asan.said; return 1; }
    grep -q __asan_init "$1.asan"
}

# ends NAME STATUS [<INPUT] COMMAND...: it ends so, and prints what stands in `want`, where that is there; what it says is in `err`
ends() {
    local name=$1 status=$2 got
    shift 2
    timeout 120 "$@" >out 2>err
    got=$?
    if [ $got -ne "$status" ]; then
        fail "$name" "exit status $got, not $status: $(head -n 5 err)"
    elif [ -e want ]; then
        same "$name" want out
    else
        pass "$name"
    fi
    rm -f want
}

says() {
    if grep -qF -- "$2" err; then
        pass "$1"
    else
        fail "$1" "'$2' is not said, but: $(head -n 5 err)"
    fi
}

# In `out`, the numbers of each part come in their order.
same_order() {
    awk -F: '$1 in last && $2 + 0 < last[$1] { exit 1 } /^[0-9]+: / { last[$1] = $2 + 0 }' out
}

# No file is left that a program has made beside the place of another.
nothing_beside() {
    check "$1: nothing is left beside it" test -z "$(find . -name '.*-*' -not -path './cache/*')"
}

# ---- lines, write_lines ----

program copy <<'PIPE'
pipeline copy "copies lines";
import <lines.pipe>;
param string files[] "what to read";
param string to = "-" "where to";
param size longest = 1M "bytes of a line";
param bool append = false "write behind what is there";
param bool partial = false "keep what was cut short";
channel string text[16];
stage read -> text = lines(files = files, longest = longest);
stage write (line <- text) = write_lines(path = to, append = append, partial = partial);
PIPE

check "copy: builds with its own runtime under AddressSanitizer" "$PIPEC" build --sanitize=address,undefined -o copy.asan copy.pipe

seq 100000 >numbers
printf 'one\r\n\r\ntwo\n\n\nlast' >odd
: >empty
printf '\n' >end
head -c 300000 /dev/zero | tr '\0' x >long
echo >>long
awk 'BEGIN { srand(3); for (i = 0; i < 3000; i++) { n = int(exp(rand() * 11)); printf "%*s%s\n", n, "", i } }' >wide
for name in copy copy.asan; do
    cp numbers want && ends "$name: many lines" 0 ./$name numbers
    cp wide want && ends "$name: lines of all lengths" 0 ./$name wide
    cp wide want && ends "$name: from a pipe, by pieces" 0 sh -c 'dd bs=977 <wide 2>/dev/null | "$0"' ./$name
    awk 1 odd >want && ends "$name: no last end of line, CR, empty lines" 0 ./$name odd
    : >want && ends "$name: an empty file" 0 ./$name empty
    echo >want && ends "$name: an empty line" 0 ./$name end
    awk 1 odd empty end numbers odd >want && ends "$name: several files" 0 ./$name odd empty end numbers odd
    awk 1 odd >want && ends "$name: the standard input" 0 ./$name <odd
    awk 1 odd numbers odd >want && ends "$name: the standard input among files" 0 ./$name odd - odd <numbers
    cp long want && ends "$name: a line of as many bytes as may be" 0 ./$name --longest=300000 long
    ends "$name: one more is too long" 1 ./$name --longest=299999 empty long
    says "$name: says which" "copy: read: long:1: longer than 299999 bytes"
    printf 'a\nb\nc\0d\ne\n' >nul
    ends "$name: a NUL" 1 ./$name nul
    says "$name: says where" "nul:3: has a NUL in it"
    ends "$name: a file that is not there" 1 ./$name numbers none
    says "$name: names it" "copy: read: none: No such file or directory"
    ends "$name: a directory" 1 ./$name .
    says "$name: says what it is" ".: Is a directory"
    mkfifo "$name.fifo"
    (sleep 0.2; cat odd) >"$name.fifo" &
    awk 1 odd >want && ends "$name: a FIFO whose writer comes later" 0 ./$name "$name.fifo"
    # Of 589 KB a pipe and what the program has read ahead hold a part.
    cp numbers taken && ./$name taken | { read -r line; rm taken; echo "$line"; cat; } >out
    check "$name: a file that goes while it is read" test "${PIPESTATUS[0]}" -eq 0
    same "$name: is read to its end" numbers out
    cp numbers taken && ./$name taken | { read -r line; : >taken; echo "$line"; cat; } >out
    check "$name: one that shrinks" test "${PIPESTATUS[0]}" -eq 0
    check "$name: ends there" test "$(wc -l <out)" -lt 99999
    check "$name: with what was read" cmp <(head -n -1 out) <(head -n "$(($(wc -l <out) - 1))" numbers)
    ends "$name: a full disk" 1 ./$name --to=/dev/full numbers
    says "$name: names what is full" "/dev/full: No space left on device"
    ends "$name: a full disk behind one line" 1 ./$name --to=/dev/full end
    sh -c '"$0" numbers >/dev/full' ./$name 2>err
    says "$name: the standard output is full" "No space left on device"

    echo old >file && chmod 640 file
    : >want && ends "$name: into a file" 0 ./$name --to=file numbers
    same "$name: all of it is there" numbers file
    check "$name: it has the mode that it had" test "$(stat -c %a file)" = 640
    ln -sf file link && ./$name --to=link odd
    check "$name: a link stays one" test -L link
    check "$name: and its file has the lines" cmp -s <(awk 1 odd) file
    (umask 027 && ./$name --to=new odd)
    check "$name: a new file, as umask wants it" test "$(stat -c %a new)" = 640
    echo old >file
    ends "$name: the input fails" 1 ./$name --to=file numbers none
    check "$name: the file is as it was" test "$(cat file)" = old
    ends "$name: no such directory" 1 ./$name --to=none/file numbers
    says "$name: names the place" "none/file: No such file or directory"
    ends "$name: a directory is no place" 1 ./$name --to=. numbers
    says "$name: says so" ".: Is a directory"
    for option in --partial --append; do
        ends "$name: no path ($option)" 1 ./$name --to= $option numbers
        says "$name: no path is said before anything is read ($option)" "copy: init: the path is empty; - is the standard output"
    done
    awk 1 odd numbers >want && { ./$name --to=more odd && ./$name --to=more --append numbers; cat more >out; rm more; }
    same "$name: appended" want out && rm want
    awk 1 odd >want && ends "$name: what is no regular file is written to" 0 ./$name --to=/dev/stdout odd
    nothing_beside "$name"
done

# Nobody reads any more: as any other program, also where who has started it ignores SIGPIPE.
yes | ./copy | head -n 1 >out
check "nobody reads: SIGPIPE" test "${PIPESTATUS[1]}" -eq 141
yes | env --ignore-signal=PIPE ./copy 2>err | head -n 1 >out
check "nobody reads, and SIGPIPE is ignored" test "${PIPESTATUS[1]}" -eq 141

# A signal cuts the input short: the file stays as it was, or is kept on demand, with whole lines.
for options in "" --partial; do
    echo old >file
    mkfifo endless
    yes >endless &
    yes=$!
    env --default-signal=INT ./copy.asan --to=file $options endless 2>err & # bash has what runs behind ignore it
    copy=$!
    until find . -name '.file.*' -size +0 | grep -q . || ! kill -0 $copy 2>/dev/null; do sleep 0.05; done
    kill -INT $copy
    wait $copy 2>/dev/null
    kill $yes 2>/dev/null
    wait $yes 2>/dev/null
    rm endless
    if [ -n "$options" ]; then
        check "SIGINT: what came is kept on demand" test "$(sort -u file)" = y
    else
        check "SIGINT: the file is as it was" test "$(cat file)" = old
    fi
done
nothing_beside "SIGINT"

# A pipe that nobody reads holds nothing up beyond the limit of the drain: neither what is written to it, nor what `final` or the
# end of the program is to write, which was printed before it. What is printed has 10 s more.
mkfifo unread
exec 9<>unread

# unread NAME [ARGUMENTS...] <INPUT: how copy.asan ends by a SIGTERM, to which the pipe is full, as soon as `is_full` or `is_read`
unread() {
    local name=$1 copy guard
    shift
    env --default-signal=TERM ./copy.asan --drain=200ms "$@" <&0 >unread 2>err &
    copy=$!
    until "$ready" $copy; do sleep 0.05; done
    kill -TERM $copy
    (sleep 60; kill -KILL $copy) &
    guard=$!
    wait $copy
    check "copy.asan $*: $name: ends by the signal" test $? -eq 143
    says "copy.asan $*: $name: says so" "nobody reads it"
    kill $guard
    timeout 1 cat <&9 >/dev/null # there is room again
}

# All but a page of it.
is_full() { awk '/^wchar/ { exit !($2 > 60000) }' "/proc/$1/io" 2>/dev/null; }
is_read() { awk '/^rchar/ { exit !($2 > 0) }' "/proc/$1/io" 2>/dev/null && sleep 0.5; }

for to in - unread; do
    ready=is_full unread "what is written" --to=$to < <(yes)
    head -c 65536 /dev/zero >&9
    ready=is_read unread "what was printed" --to=$to < <(echo last; exec sleep 60)
    head -c 65536 /dev/zero >&9
    ready=is_read unread "what is left, when nothing else is" --to=$to < <(echo last)
done

# Where something has failed meanwhile, and somebody reads after all, the lines that were written are there: all but what the channel
# and a hand may hold.
program torn <<'PIPE'
pipeline torn "fails behind the last of a few lines";
import <lines.pipe>;
include <stdlib.h>;
channel string text[1];
channel int after[1];
stage count -> text, after {
    for (int i = 0; i < 20; i++)
        emit(text, strdup("line"));
    emit(after, 1);
}
stage write (line <- text) = write_lines(path = "unread");
stage fail (x <- after) { fail("torn down at %d", x); }
PIPE
head -c 65536 /dev/zero >&9
env --default-signal=TERM ./torn.asan 2>err &
torn=$!
until grep -q "torn down" err || ! kill -0 $torn 2>/dev/null; do sleep 0.05; done
sleep 0.3
timeout 2 cat <&9 | tr -d '\0' >out
wait $torn
check "torn: ends by the failure" test $? -eq 1
check "torn: who reads later has what was written" test "$(grep -c '^line$' out)" -ge 15
check "torn: and nothing else" test "$(grep -vc '^line$' out)" -eq 0
exec 9>&-

# ---- lines_of ----

program each <<'PIPE'
pipeline each "the lines of files whose names come";
import <lines.pipe>;
channel string names[16];
channel string text[16];
stage read -> names = lines();
stage open (name <- names) -> text  workers 3  on fail then skip = lines_of(longest = 400000);
stage write (line <- text) = write_lines();
PIPE

for i in $(seq 40); do seq "$i" $((i * 37)) | sed "s/^/$i: /" >"part$i"; done
{ ls part*; echo odd; echo none; echo .; echo long; } >names
for name in each each.asan; do
    { cat part*; awk 1 odd long; } | sort >sorted
    timeout 120 ./$name <names >out 2>err
    check "$name: status" test $? -eq 1
    sort out >got
    same "$name: the lines of all that can be read" sorted got
    says "$name: what is not there" "none: No such file or directory"
    says "$name: what is no file" ".: Is a directory"
    check "$name: lines of a file in their order" same_order
done

# ---- flow ----

program flow <<'PIPE'
pipeline flow "filters, maps, counts off";
import <flow.pipe>;
import <lines.pipe>;
include <stdlib.h>;
include <string.h>;
param long most = 1000000 "how many";
param long offset = 0 "what is added";
channel string text[16];
channel string some[16];
channel long numbers[16];
channel long few[16];
channel long fewer[16];
channel string words[16];
channel string copies[16] broadcast;
stage read -> text = lines();
stage choose (line <- text) -> some  workers 3  ordered = filter(test = (strchr(line, '7') != NULL));
stage number (line <- some) -> numbers = map(to = (atol(line) + offset));
stage first (n <- numbers) -> few = limit(n = most);
stage third (n <- few) -> fewer = sample(one_in = 3);
stage word (n <- fewer) -> words = map(to = (strdup(n % 2 ? "odd" : "even")));
stage both (w <- words) -> copies = filter(test = (true));
stage forget (w <- copies)  workers 2 = discard();
stage write (w <- copies) = write_lines();
PIPE

for name in flow flow.asan; do
    for most in 0 1 10 1000000; do
        awk -v most=$most '/7/ && most-- > 0 && n++ % 3 == 0 { print ($0 + 5) % 2 ? "odd" : "even" }' numbers >want
        ends "$name: the first $most" 0 ./$name --offset=5 --most=$most <numbers
    done
    printf 'even\n' >want
    ends "$name: of an endless input" 0 sh -c 'yes 77 | "$0" --most=3 --offset=1' ./$name
done

program unseen <<'PIPE'
pipeline unseen "each line once";
import <flow.pipe>;
import <lines.pipe>;
param size memory = 64M "for keys";
channel string text[16];
channel string news[16];
stage read -> text = lines();
stage choose (line <- text) -> news = dedupe(of = (line), memory = memory);
stage write (line <- news) = write_lines();
PIPE

awk 'BEGIN { srand(5); for (i = 0; i < 100000; i++) print int(rand() * rand() * 30000) }' >drawn
for name in unseen unseen.asan; do
    awk '!seen[$0]++' drawn >want
    ends "$name: as awk finds them" 0 ./$name <drawn
    timeout 120 ./$name --memory=20K <drawn >out
    awk '!seen[$0]++' drawn >first
    awk '!seen[$0]++' out >kept
    same "$name: with little memory nothing is lost" first kept
    check "$name: but something was forgotten" test "$(wc -l <out)" -gt "$(wc -l <first)"
    # About 20K / (80 + 5) keys are in mind, half of them surely.
    awk '{ if ($0 in at && NR - at[$0] < 100) exit 1; at[$0] = NR }' out
    check "$name: and nothing that came lately" test $? -eq 0
done
# ---- json, csv, count ----

program tables <<'PIPE'
pipeline tables "tables of sales, by shop";
import <count.pipe>;
import <csv.pipe>;
import <json.pipe>;
include <stdio.h>;
record sale { int id; string shop; double price; bool paid; }
param string files[] "tables";
param string separator = "," "between cells";
param bool header = true "there is one";
param size longest = 1M "bytes of a row";
param size memory = 64M "for shops";
param bool sums = false "sums of shops instead of sales";
channel row rows[16];
channel sale sales[16] broadcast;
channel count shops[16];
channel string text[16];
channel string more[16];
stage read -> rows = csv_rows(files = files, separator = separator, longest = longest);
stage parse (r <- rows) -> sales  on fail then skip = csv_read(separator = separator, header = header);
stage count (s <- sales) -> shops = count_by(of = (s.shop ? s.shop : ""), value = (s.price), memory = memory);
stage show (s <- sales) -> text  workers 2  ordered = json_write();
stage shop (c <- shops) -> more = json_write();
stage print_sales (line <- text) { if (!sums) puts(line); }
stage print_sums (line <- more) { if (sums) puts(line); }
PIPE

# Made up: a table whose columns come in another order than the record's fields, with all that wants quotes, and what is in it.
awk 'BEGIN {
    srand(11); CONVFMT = "%.10g"
    print "\"paid\",other,shop,price,id" >"sales.csv"
    print "paid,other,shop,price,id" >"plain.csv"
    for (i = 1; i <= 5000; i++) {
        n = int(rand() * 40); price = int(rand() * 1000) / 4; paid = rand() < 0.5
        cell = json = "shop " n
        if (n % 4 == 1) { cell = "\"" cell ", \"\"upper\"\"\""; json = json ", \\\"upper\\\"" }
        if (n % 4 == 2) { cell = "\"" cell "\nthe second\r\n\""; json = json "\\nthe second\\r\\n" }
        if (n % 4 == 3) cell = "\"" cell "\""
        printf "%s,x,%s,%s,%d%s", paid ? "TRUE" : "false", cell, price, i, i % 2 ? "\n" : "\r\n" >"sales.csv"
        printf "{\"id\":%d,\"shop\":\"%s\",\"price\":%s,\"paid\":%s}\n", i, json, price, paid ? "true" : "false" >"sales.json"
        if (!(json in n_of)) order[++shops] = json
        n_of[json]++; sum[json] += price
    }
    for (k = 1; k <= shops; k++) printf "{\"key\":\"%s\",\"n\":%d,\"sum\":%s}\n", order[k], n_of[order[k]], sum[order[k]] >"sums.json"
}'
printf 'id;shop;price\n1;a;1.5\n\nx;b;2\n3;"c\nd";y\n4;e;3;4\n5;"f;g"' >wrong.csv
printf '7,last,1.25,true\n' >bare.csv
awk 'BEGIN { printf "id"; for (i = 2; i < 1000000; i++) printf ",c%d", i; printf ",shop\n1"; for (i = 2; i < 1000000; i++) printf ","
             print ",far" }' >wide.csv
awk 'BEGIN { printf "id,shop\n1,a"; for (i = 2; i < 1000000; i++) printf ",x"; printf "\n2,b" }' >wider.csv
# As a spreadsheet exports it where the comma is the decimal sign: a byte order mark, CRLF also in cells, all of a row's cells empty.
printf '\357\273\277"id";shop;price;paid\r\n1;"Bay; ""upper""\r\nthe second";1.5;TRUE\r\n;;;\r\n3;"Hill\n\n";"2.25";FALSE\r\n' \
    >sheet.csv
for name in tables tables.asan; do
    cp sales.json want && ends "$name: quotes, ends of line in them, columns in another order" 0 ./$name sales.csv
    cp sums.json want && ends "$name: counts and sums" 0 ./$name --sums sales.csv
    cat sales.json sales.json >want && ends "$name: each file has a header" 0 ./$name sales.csv - <sales.csv
    printf '{"id":1,"shop":"a","price":1.5,"paid":false}\n{"id":5,"shop":"f;g","price":0,"paid":false}\n' >want
    ends "$name: rows that are wrong are left out" 1 ./$name --separator=';' wrong.csv
    says "$name: a word for a number" "tables: parse: wrong.csv:4: id: 'x' is no number"
    says "$name: in the second line of a row" "wrong.csv:6: price: 'y' is no number"
    says "$name: a cell too many" "wrong.csv:7: "
    echo '{"id":7,"shop":"last","price":1.25,"paid":true}' >want && ends "$name: no header" 0 ./$name --no-header bare.csv
    : >want && ends "$name: no file, but an empty one" 0 ./$name empty
    ends "$name: a separator of two characters" 1 ./$name --separator=ab empty
    says "$name: says that it is none" "'ab' is no separator"
    printf 'id\n"1\n2\n3' >open.csv
    ends "$name: a quote that is not closed" 1 ./$name open.csv
    says "$name: says where the row begins" "open.csv:"
    ends "$name: a row that is too long" 1 ./$name --longest=100 wide.csv
    says "$name: says which" "wide.csv:1: longer than 100 bytes"
    printf 'id\n1\n\0' >nul.csv
    ends "$name: a NUL" 1 ./$name nul.csv
    says "$name: says where" "nul.csv:3: has a NUL in it"
    echo '{"id":1,"shop":"far","price":0,"paid":false}' >want && ends "$name: a million columns" 0 ./$name --longest=64M wide.csv
    echo '{"id":2,"shop":"b","price":0,"paid":false}' >want
    ends "$name: a million cells in a table of two columns" 1 ./$name --longest=64M wider.csv
    says "$name: names the row" "tables: parse: wider.csv:2: "
    printf '%s\n' '{"id":1,"shop":"Bay; \"upper\"\r\nthe second","price":1.5,"paid":true}' \
        '{"id":0,"shop":null,"price":0,"paid":false}' '{"id":3,"shop":"Hill\n\n","price":2.25,"paid":false}' >want
    ends "$name: a spreadsheet's" 0 ./$name --separator=';' sheet.csv
    timeout 120 ./$name --sums --memory=1K sales.csv >out 2>err
    check "$name: more keys than there is memory for" test $? -eq 1
    says "$name: says so" "more keys than 1024 bytes hold"
done

program again <<'PIPE'
pipeline again "JSON there and back";
import <json.pipe>;
import <lines.pipe>;
record place { double lat; double lon; }
record shop { int id; string name; place at; string tags[]; }
channel string text[16];
channel shop shops[16];
channel string more[16];
channel string lost[16] dead;
stage read -> text = lines();
stage parse (line <- text) -> shops  workers 3  ordered  on fail then -> lost = json_read();
stage write (s <- shops) -> more = json_write();
stage print (line <- more) = write_lines();
stage tell (l <- lost) { fprintf(stderr, "%s: %s\n", l.item, l.reason); status(3); }
PIPE

awk 'BEGIN { for (i = 1; i <= 3000; i++) {
    printf "{\"id\":%d,\"name\":\"shop %d\",\"at\":{\"lat\":%d.5,\"lon\":-%d.25},\"tags\":[", i, i, i % 90, i % 180
    for (k = 0; k < i % 4; k++) printf "%s\"t%d\"", k ? "," : "", k
    print "]}" } }' >shops.json
for name in again again.asan; do
    cp shops.json want && ends "$name: as it was" 0 ./$name <shops.json
    printf '{"id":1}\n{"id":"x"}\n{"at":{"lat":[]}}\nno\n\n' >wrong.json
    echo '{"id":1,"name":null,"at":{"lat":0,"lon":0},"tags":[]}' >want
    ends "$name: lines that are no records" 3 ./$name <wrong.json
    says "$name: a string for a number" '{"id":"x"}: column 7: id: '
    says "$name: the way to a field" 'column 14: at.lat: '
    check "$name: four letters" test "$(grep -c ': column [0-9]' err)" -ge 8
done

# ---- files ----

program find <<'PIPE'
pipeline find "finds files";
import <files.pipe>;
import <lines.pipe>;
param string dirs[] "where";
param string pattern = "*" "which";
param bool hidden = false "hidden too";
channel string names[16];
stage look -> names = walk(dirs = dirs, pattern = pattern, hidden = hidden);
stage write (name <- names) = write_lines();
PIPE

mkdir -p tree/a/b/c tree/empty tree/.hidden/d tree/-rf
touch tree/one.h tree/a/two.h tree/a/b/three.c tree/a/b/c/.four.h tree/.hidden/d/five.h tree/-rf/six.h "tree/a/with blank.h"
ln -s .. tree/a/up
ln -s one.h tree/link.h
mkfifo tree/fifo
deep=tree/deep
for _ in $(seq 200); do deep=$deep/d; done
mkdir -p $deep && touch $deep/seven.h
# sorted_ends NAME STATUS COMMAND...: the same, in any order
sorted_ends() {
    local name=$1 status=$2
    shift 2
    sort want >sorted && rm want
    ends "$name" "$status" "$@"
    sort out >got
    same "$name: these" sorted got
}
for name in find find.asan; do
    find "$top/compiler" "$top/tests/diag" -type f ! -path '*/.*' >want
    sorted_ends "$name: as find does" 0 ./$name "$top/compiler" "$top/tests/diag"
    find tree -type f >want && sorted_ends "$name: hidden ones too, no links, no FIFO" 0 ./$name --hidden tree
    find tree/ -type f -name '*.h' ! -path '*/.*' >want && sorted_ends "$name: a pattern, and a / at the end" 0 ./$name --pattern='*.h' tree/
    { (cd tree && find . -type f ! -path '*/.*'); } >want && sorted_ends "$name: here" 0 sh -c 'cd tree && "$0"' "$PWD/$name"
    { find tree/link.h tree/a -type f ! -path '*/.*'; echo tree/link.h; echo none; } >want
    sorted_ends "$name: what is given and no directory" 0 ./$name tree/link.h tree/a none
    { echo $deep; find tree/a -type f ! -path '*/.*'; } >want
    (ulimit -n 100 && ./$name tree >few 2>err)
    check "$name: few descriptors: what it cannot enter is sent" grep -q '^tree/deep/d/.*/d$' few
    check "$name: and the others" grep -q '^tree/one.h$' few
done

program put <<'PIPE'
pipeline put "writes a file for each line";
import <files.pipe>;
import <lines.pipe>;
include <string.h>;
param string to "the directory";
channel string names[16];
stage read -> names = lines();
stage write (name <- names)  workers 3  on fail then skip
    = write_files(below = to, name = (name), data = ((struct prt_bytes){ (unsigned char *)name, strlen(name) }));
PIPE

for name in put put.asan; do
    rm -rf into outside && mkdir into outside && ln -s ../outside into/link && ln -s /etc/hostname into/file
    : >want && find tree -type f | sed 's/^/x/' >paths
    ends "$name: many files in many directories" 0 ./$name --to=into/new <paths
    (cd into/new && find . -type f | sed 's/^..//' | sort) >got
    same "$name: these" <(sort paths) got
    check "$name: each has its text" sh -c 'cd into/new && while read -r f; do [ "$(cat "$f")" = "$f" ] || exit 1; done <../../paths'
    printf '%s\n' ../out /etc/out a/../../out link/out . .. '' / a/ a//b ./a x/./y "$(printf '%0300d' 0)" xtree/one.h/z >hostile
    : >want && ends "$name: names that lead elsewhere, or nowhere" 1 ./$name --to=into/new/ <<<"$(cat hostile; seq 300 | sed 's/^/..\//')"
    says "$name: says which" "into/new//../out: this name leads elsewhere"
    (cd into && printf 'link/out\nfile\n-rf\n') >names
    ends "$name: a link on the way" 1 ./$name --to=into <names
    says "$name: refuses to follow it" "into/link/out: "
    check "$name: nothing is outside" test -z "$(ls outside; ls into/out /etc/out 2>/dev/null)"
    check "$name: a link at the end is written over, not through" test "$(cat into/file)" = file -a ! -L into/file
    check "$name: a dash is a name" test "$(cat into/-rf)" = -rf
    ends "$name: the directory is a file" 1 ./$name --to=numbers <names
    says "$name: says so" "numbers: Not a directory"
    nothing_beside "$name"
done
# ---- exec ----

program run <<'PIPE'
pipeline run "runs a command for each line";
import <exec.pipe>;
import <lines.pipe>;
include <stdio.h>;
include <string.h>;
param string command[] "it";
param int jobs = 4 in 1..100 "at once";
param bool feed = false "the line is its input";
param bool check = true "of the status";
param size largest = 64M "of what it writes";
param duration limit = 1h in 1ms..1000d "for one";
channel string names[16];
channel done results[16];
stage read -> names = lines();
stage run (name <- names) -> results  workers jobs  ordered  timeout limit  on fail then skip
    = exec(command = command, word = (name), check = check, largest = largest,
           input = ((struct prt_bytes){ feed ? (unsigned char *)name : NULL, feed ? strlen(name) : 0 }));
stage show (r <- results) {
    fwrite(r.out.data, 1, r.out.len, stdout);
    if (memchr(r.err.data, '\0', r.err.len)) // which may not be given NULL, not even for nothing
        puts("a NUL");
    fprintf(stdout, "%s: %d, %zu bytes of errors\n", r.word, r.status, r.err.len);
}
PIPE

mark=$((RANDOM * 32768 + RANDOM + 10000)) # seconds that nobody else sleeps

# Programs that are still there and were started with this mark in their arguments.
left_over() {
    local file
    for file in /proc/[0-9]*/cmdline; do
        { tr '\0' ' ' <"$file"; } 2>/dev/null | grep -q -- "$1" && echo "${file%/cmdline}"
    done
}

# Whether none of these is left, as soon as the kernel is through with those that were killed.
gone() {
    for _ in {1..100}; do
        [ -z "$(left_over "$1")" ] && return
        sleep 0.1
    done
    return 1
}

seq 200 >few
printf '%s\n' 'a b' '$(touch made)' '; touch made' '`touch made`' "it's" '"q"' 'x{}y' '*' 'ä' '' >odd
for name in run run.asan; do
    awk '{ print "<" $0 ">"; print $0 ": 0, 0 bytes of errors" }' few >want
    ends "$name: each with its line, in order" 0 ./$name echo '<{}>' <few
    awk '{ print "<" $0 ">"; print $0 ": 0, 0 bytes of errors" }' odd >want
    ends "$name: no shell reads a line" 0 ./$name printf '<%s>\n' {} <odd
    check "$name: nor what is in it" test ! -e made
    awk '{ print $0 ": 0, 0 bytes of errors" }' few >want
    ends "$name: without input it reads nothing" 0 ./$name cat <few
    check "$name: what was not written is no NULL" fails grep -q 'runtime error' err
    awk '{ print $0 $0 ": 0, 0 bytes of errors" }' few >want
    ends "$name: its input" 0 ./$name --feed cat <few
    awk '{ print $0 ": 0, 0 bytes of errors" }' long >want
    ends "$name: input that it does not read" 0 ./$name --feed true <long
    printf '1: 1, 4 bytes of errors\n' >want
    ends "$name: a status that is not looked at" 0 ./$name --no-check -- sh -c 'echo bad >&2; exit $0' {} <<<1
    ends "$name: a status" 1 ./$name -- sh -c 'echo bad >&2; exit $0' {} <<<7
    says "$name: which, and why" "run: run: 7: status 7: bad"
    ends "$name: a signal" 1 ./$name -- sh -c 'kill -KILL $$' <<<x
    says "$name: which" "x: ended by signal 9"
    ends "$name: no such command" 1 ./$name no-such-command <<<x
    says "$name: names it" "no-such-command: No such file or directory"
    ends "$name: no command" 1 ./$name <<<x
    ends "$name: a word that looks like an option" 1 ./$name echo {} <<<-n
    says "$name: is refused" "-n: begins with a dash"
    : >want && ends "$name: more output than may be" 1 ./$name --largest=1M yes <<<x
    says "$name: says how much" "x: wrote more than 1048576 bytes"
    : >want && ends "$name: a gigabyte" 1 ./$name -- head -c 1G /dev/zero <<<x
    says "$name: is too much by default" "x: wrote more than 67108864 bytes"
    printf '%0100000d\n' 0 | tr -d '\n' >want && echo 'x: 0, 100000 bytes of errors' >>want
    ends "$name: both outputs at once" 0 ./$name -- sh -c 'printf %0100000d 0; printf %0100000d 0 >&2' <<<x
    ends "$name: a command that hangs, and what it has started" 1 ./$name --limit=300ms -- sh -c "sleep $mark.25 & sleep $mark.25" <<<x
    says "$name: says so" "x: not done in its time"
    check "$name: none of it is left" gone "sleep $mark.25"
    : >want && ends "$name: one that does not hear SIGTERM" 1 ./$name --limit=300ms \
        -- sh -c "trap '' TERM; while :; do sleep 0.1; : $mark.5; done" <<<x
    check "$name: is killed" gone "$mark.5"
    printf 'x: 0, 0 bytes of errors\n' >want
    ends "$name: what it has started may be slower than it" 0 ./$name -- sh -c 'sleep 0.3 >/dev/null 2>&1 & exit 0' <<<x
done

# Of both outputs no more than `largest` and what one look takes is in memory, whoever goes on writing. (AddressSanitizer wants more.)
: >want && ends "run: a gigabyte, with little memory" 1 prlimit --as=300000000 ./run --jobs=1 -- \
    sh -c 'head -c 1G /dev/zero & head -c 1G /dev/zero >&2' <<<x
says "run: is too much, and memory is not" "x: wrote more than 67108864 bytes"

# One signal: the command goes on to its end, and what is queued too. A second one: nothing is left.
env --default-signal=INT ./run --jobs=2 -- sh -c ': >"begun.$0"; until [ -e signalled ]; do sleep 0.1; done; echo $0' {} \
    <<<"$(seq 3)" >out 2>err &
run=$!
until [ -e begun.1 -a -e begun.2 ] || ! kill -0 $run; do sleep 0.1; done
kill -INT $run
: >signalled
wait $run
check "one SIGINT: ends by it" test $? -eq 130
check "one SIGINT: commands are done" test "$(grep -c ': 0, 0' out)" -ge 2
env --default-signal=INT ./run --jobs=2 -- sh -c "trap '' TERM INT; sleep $mark.125; sleep $mark.125" <<<"$(seq 3)" >out 2>err &
run=$!
until [ "$(left_over "^sleep $mark.125" | wc -l)" -ge 2 ] || ! kill -0 $run; do sleep 0.1; done
kill -INT $run
sleep 0.3
while kill -INT $run 2>/dev/null; do sleep 0.3; done # two that come at once are one
wait $run
check "two SIGINTs: ends by the second" test $? -eq 130
check "two SIGINTs: no command is left" gone "$mark.125"
# Torn down, and the hard end.
./run --drain=200ms --jobs=2 -- sh -c "sleep $mark.375" <<<"$(seq 2)" >out 2>err &
run=$!
until [ "$(left_over "^sleep $mark.375" | wc -l)" -ge 2 ] || ! kill -0 $run; do sleep 0.1; done
kill -TERM $run
wait $run
check "the end of a drain: by the signal" test $? -eq 143
check "the end of a drain: no command is left" gone "$mark.375"

# A forked child that ends by itself has none of them.
program forks <<'PIPE'
pipeline forks "forks beside a command";
import <exec.pipe>;
import <lines.pipe>;
include <fcntl.h>;
include <stdio.h>;
include <sys/wait.h>;
include <unistd.h>;
channel string text[4];
channel string names[4] broadcast;
channel done results[4];
stage read -> text = lines();
stage twice (line <- text) -> names[1] { emit(take(line)); }
stage run (name <- names) -> results
    = exec(command = ["sh", "-c", ": >begun; until [ -e forked ]; do sleep 0.05; done; echo \"$0\"", "{}"], word = (name));
stage fork (name <- names) {
    pid_t child;

    while (access("begun", F_OK))
        usleep(1000);
    child = fork();
    if (child == 0)
        return;                           // into the pipeline, which ends it
    waitpid(child, NULL, 0);
    close(creat("forked", 0600));
    (void)name;
}
stage show (r <- results) { fwrite(r.out.data, 1, r.out.len, stdout); }
PIPE

for name in forks forks.asan; do
    rm -f begun forked
    echo one >want && ends "$name: a command outlives a forked child" 0 ./$name <<<one
    says "$name: which was ended" "a forked child went on in the pipeline"
done
# ---- tail ----

program follow <<'PIPE'
pipeline follow "lines of a file that grows";
import <lines.pipe>;
import <tail.pipe>;
param string log "the file";
param bool from_end = true "leave out what is there";
channel string text[16];
stage read -> text = tail(path = log, from_end = from_end, longest = 1000);
stage write (line <- text) = write_lines(path = "followed", append = true);
PIPE

# until_lines N: `followed` has so many
until_lines() {
    local tries=0
    until [ "$(cat followed 2>/dev/null | wc -l)" -ge "$1" ]; do
        sleep 0.05
        [ $((tries += 1)) -lt 400 ] || return 1
    done
}

for name in follow follow.asan; do
    rm -f followed grown*
    seq 5 >grown
    ./$name --log=grown --no-from-end 2>err &
    follow=$!
    until_lines 5
    for i in $(seq 6 400); do # written a piece at a time, rotated by name, and copied and cut
        printf '%s' "${i:0:1}" >>grown
        printf '%s\n' "${i:1}" >>grown
        case $i in
        50 | 150) mv grown "grown.$i"; echo "the last of $i" >>"grown.$i"; printf 'no end' >>"grown.$i" ;;
        250) until_lines 254; cp grown grown.250; : >grown ;;
        300) until_lines 304; rm grown ;;
        esac
        case $i in # one rotation at a time: of two since it looked it sees the last
        51) until_lines 53 ;;
        151) until_lines 155 ;;
        esac
    done
    until_lines 404
    kill -TERM $follow
    wait $follow
    check "$name: ends by the signal" test $? -eq 143
    { seq 50; echo "the last of 50"; echo "no end"; seq 51 150; echo "the last of 150"; echo "no end"; seq 151 400; } >want
    same "$name: all lines, in order, through rotation and cutting" want followed
    rm -f want followed
    seq 3 >grown
    ./$name --log=grown 2>err &
    follow=$!
    until grep -qs '^pos:[[:blank:]]*6$' "/proc/$follow/fdinfo/"* || ! kill -0 $follow; do sleep 0.05; done # at its end
    echo 4 >>grown
    until_lines 1
    head -c 2000 /dev/zero | tr '\0' y >>grown
    wait $follow
    check "$name: a line that is too long" test $? -eq 1
    says "$name: says so" "longer than 1000 bytes"
    check "$name: from the end on" test "$(cat followed)" = 4
    rm -rf followed logs
    mkdir logs
    echo 1 >logs/grown
    ./$name --log=logs/grown --no-from-end 2>err &
    follow=$!
    until_lines 1
    rm -r logs
    sleep 0.2
    check "$name: the directory is gone: it goes on" kill -0 $follow
    mkdir logs && echo 2 >logs/new && mv logs/new logs/grown
    check "$name: and finds the file in a new one" until_lines 2
    kill -TERM $follow
    wait $follow
    check "$name: which ends by the signal" test $? -eq 143
    seq 2 >want
    same "$name: each line once" want followed
    rm -f want
    ends "$name: no directory" 1 ./$name --log=none/file
    says "$name: says which" "none/file: No such file or directory"
done
cd "$top" || exit 1
finish
