#!/usr/bin/env bash
# The parts of the installed library, beside what awk, sort, uniq and sed make of the same input; on files that have no last
# end of line, are empty, gone, no files, or full; and docs/library.md, which tells what the files tell.
. "$(dirname "$0")/lib.sh"
needs "$PIPEC" "$BUILD/library"

export XDG_CACHE_HOME=$tmp/cache LC_ALL=C NO_COLOR=1
top=$PWD

# What is in the programs is in the page, which is made from the library's own files.
tools/library.sh "$PIPEC" "$tmp/library.md"
same "docs/library.md is what tools/library.sh writes" docs/library.md "$tmp/library.md"
"$PIPEC" explain flow.pipe >"$tmp/said"
check "explain lists the parts of a file" grep -q '^    limit: ' "$tmp/said"

for file in library/*.pipe; do
    check "$file has nothing to warn of" test -z "$("$PIPEC" check "$file" 2>&1)"
done

cd "$tmp" || exit 1

# program NAME: NAME.pipe, read from here, as NAME, and as NAME.asan with AddressSanitizer; its C without a warning
program() {
    local cc flags=(-std=c11 -Wall -Wextra -Wpedantic -Wshadow -Werror -O1 "-I$top/runtime/include")
    cat >"$1.pipe"
    check "$1: builds" "$PIPEC" build -o "$1" "$1.pipe"
    check "$1: builds with AddressSanitizer" "$PIPEC" build --sanitize=address,undefined -o "$1.asan" "$1.pipe"
    "$PIPEC" emit -o "$1.c" "$1.pipe"
    for cc in gcc clang; do
        ! command -v $cc >/dev/null || check "$1: no warning from $cc" $cc "${flags[@]}" -c -o "$1.o" "$1.c"
    done
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
    timeout 120 ./$name --memory=16K <drawn >out
    awk '!seen[$0]++' drawn >first
    awk '!seen[$0]++' out >kept
    same "$name: with little memory nothing is lost" first kept
    check "$name: but something was forgotten" test "$(wc -l <out)" -gt "$(wc -l <first)"
    # About 16K / (64 + 5) keys are in mind, half of them surely.
    awk '{ if ($0 in at && NR - at[$0] < 100) exit 1; at[$0] = NR }' out
    check "$name: and nothing that came lately" test $? -eq 0
done
cd "$top" || exit 1
finish
