#!/usr/bin/env bash
# pipec as a command: options, exit statuses, what it writes and when, what it says where something fails.
# shellcheck disable=SC2016 # what stands in single quotes is for another shell, or for none
. "$(dirname "$0")/lib.sh"
needs "$PIPEC"

export XDG_CACHE_HOME=$tmp/cache NO_COLOR=1
mkdir "$XDG_CACHE_HOME" "$tmp/here"
top=$PWD
cp tests/run/lines.pipe "$tmp/here/words.pipe"
cp tests/run/functions.pipe tests/run/functions.c "$tmp/here"
cd "$tmp/here" || exit 1

# exits STATUS COMMAND...: runs it, its output in ../out and ../err
exits() {
    local wanted=$1
    shift
    "$@" >../out 2>../err </dev/null
    [ $? -eq "$wanted" ]
}

# says STATUS TEXT COMMAND...: the same, and TEXT stands in a message
says() {
    local status=$1 text=$2
    shift 2
    if ! exits "$status" "$@" || ! grep -qF -- "$text" ../err; then
        cat ../out ../err
        return 1
    fi
}

prints() {
    local text=$1
    shift
    if ! exits 0 "$@" || ! grep -qF -- "$text" ../out; then
        cat ../out ../err
        return 1
    fi
}

# ---- the command line ----

check "help" prints "commands:" "$PIPEC" --help
check "version" prints "pipec 0." "$PIPEC" --version
for command in build run check emit graph explain ps top; do
    check "$command --help" prints "usage: pipec $command" "$PIPEC" "$command" --help
    case $command in
    ps | top) ;; # they need none
    *) check "$command without a file" says 2 "hint: pipec $command --help" "$PIPEC" "$command" ;;
    esac
    check "$command with an unknown option" says 2 "has no option --nonsense" "$PIPEC" "$command" --nonsense
done
check "no command" says 2 "a command is missing" "$PIPEC"
check "unknown command" says 2 "no command frobnicate" "$PIPEC" frobnicate
check "a command that is misspelt" says 2 "no command cheque; did you mean check?" "$PIPEC" cheque
check "a file for a command" says 2 "a command is missing, as in pipec run words.pipe" "$PIPEC" words.pipe
for words in "check --plan" "emit --standalone" "build --help" "explain --help" "run --help"; do
    check "a value for ${words#* }" says 2 "pipec: ${words#* } takes no value" "$PIPEC" ${words%% *} "${words#* }=1" words.pipe
    check "no byte that nobody typed: $words" fails grep -q "[^ -~]" ../err
done
check "an option that is misspelt" says 2 "did you mean --standalone?" "$PIPEC" emit --standalnoe words.pipe
check "a letter that is none" says 2 "no option of byte 0xC3" "$PIPEC" emit -é words.pipe
check "unknown short option" says 2 "has no option -x" "$PIPEC" emit -x words.pipe
check "option without its value" says 2 "-o wants a value" "$PIPEC" emit words.pipe -o
check "the options that no param takes are those of every program" diff \
    <(sed -n '/char \*const options\[\]/,/;/p' "$top/compiler/check/names.c" | grep -o '"[a-z]*"' | sort) \
    <(sed -n '/option_commons\[\] =/,/^};/s/^    { "\([a-z]*\)".*/"\1"/p' "$top/runtime/program/option.c" | sort)
check "two .pipe files" says 2 "one .pipe file" "$PIPEC" build words.pipe other.pipe
check "no .pipe file" says 2 "ends in .pipe" "$PIPEC" build words.c
for option in -o -H -MF; do
    check "an empty name for $option" says 2 "$option wants the name of a file" "$PIPEC" emit $option '' words.pipe
done
for option in -I -D -L -l --sanitize; do
    for command in build run; do
        check "an empty value for $option of $command" says 2 "$option wants a value that is not empty" \
            "$PIPEC" $command $option '' words.pipe
    done
done
check "an empty target" says 2 "-MT wants a value that is not empty" "$PIPEC" emit -MF x.d -MT '' -o x.c words.pipe
check "an empty input" says 2 "the name of a file is empty" "$PIPEC" build words.pipe ''
for option in o I D L l O; do
    check "-$option takes the .pipe file" says 2 words.pipe "$PIPEC" build -$option words.pipe
    check "and it says so, -$option" grep -qE -- '-O words.pipe: a level is wanted|words.pipe is the value of an option' ../err
done
for option in -o -H -MF -MT --test; do
    check "$option of emit takes the .pipe file" says 2 "words.pipe is the value of an option" "$PIPEC" emit $option words.pipe
done
for level in 0 1 2 3 s g fast; do
    check "-O $level" exits 0 "$PIPEC" build -O $level -o level words.pipe
done
rm -f level
check "an empty name of a program" says 2 "-o wants the name of a file" "$PIPEC" build -o '' words.pipe
check "-MD without a name" says 2 "need -o" "$PIPEC" emit -MD words.pipe
check "--standalone and -H" says 2 "--standalone" "$PIPEC" emit --standalone -H words.h words.pipe
check "unknown dump" says 2 "tree or plan" "$PIPEC" check --dump=graph words.pipe
check "file that is not there" says 1 "missing.pipe" "$PIPEC" check missing.pipe
check "a directory" says 1 "pipec: .:" "$PIPEC" check .
check "full device" says 1 "standard output" bash -c '"$PIPEC" emit words.pipe >/dev/full'
for words in --help --version "emit --help" "explain E0101" "check --plan words.pipe" "check --dump=tree words.pipe"; do
    check "full device: $words" says 1 "standard output: No space left on device" \
        bash -c "\"\$PIPEC\" $words >/dev/full"
done
check "explain" prints "E0101" "$PIPEC" explain e0101
check "explain what is not" says 2 "no code E9999" "$PIPEC" explain E9999
check "as it was typed" says 2 "no code e501;" "$PIPEC" explain e501
check "all of it" says 2 "no code E0501 and more than that;" "$PIPEC" explain "E0501 and more than that"
check "explain nothing" says 2 "explain wants one code, such as E0204" "$PIPEC" explain ''
printf 'pipeline one; channel char c[1]; stage a -> c { emit(1); } stage b (x <- c) { (void)x; }\n' >../one.pipe
printf 'pipeline none; stage a { }\n' >../none.pipe
check "one channel is one" prints "pipeline one: 2 stages, 1 channel
" "$PIPEC" check --plan ../one.pipe
check "one stage is one" prints "pipeline none: 1 stage, 0 channels
" "$PIPEC" check --plan ../none.pipe
check "no plural of one" bash -c 'cd "$1" && "$PIPEC" check --plan ../one.pipe ../none.pipe | grep -nE "(^| )1 [a-z]+s( |,|$)" && exit 1; exit 0' _ "$PWD"
check "check --plan" prints "turned" "$PIPEC" check --plan words.pipe
check "check --dump=tree" prints "stage keep" "$PIPEC" check --dump=tree words.pipe
check "check --dump=tree: what is in a part" prints "    16:5: a stage filter" "$PIPEC" check --dump=tree \
    "$top/tests/emit/part.pipe"
check "check --dump=tree: what a stage is made of" prints "    made of filter(test = (r.status >= least))" "$PIPEC" check \
    --dump=tree "$top/tests/emit/part.pipe"
printf 'pipeline t; channel char a[1]; channel char b[1]; stage f -> a, b { emit(a, 1); emit(b, 1); }
stage j (pull l <- a, pull r <- b) { while (next(l) && next(r)) continue; }\n' >../unproven.pipe
check "what is not proven" exits 0 "$PIPEC" check ../unproven.pipe
check "what is not proven, strictly" says 1 "error: not proven that 'j'" "$PIPEC" check --strict ../unproven.pipe
check "strictly, what is" exits 0 "$PIPEC" check --strict words.pipe
check "check of several files" exits 0 "$PIPEC" check words.pipe functions.pipe

# ---- what emit writes ----

"$PIPEC" emit words.pipe >../stdout.c
check "emit -o" exits 0 "$PIPEC" emit -o out.c words.pipe
sed 's/"words\.c"/"out.c"/' ../stdout.c >../named.c
same "the same C to a file" ../named.c out.c
check "emit from standard input" bash -c '"$PIPEC" emit - <words.pipe >../stdin.c && grep -q "<stdin>" ../stdin.c'
touch -d 2001-01-01 out.c
"$PIPEC" emit -o out.c words.pipe
check "written only when it changes" test "$(date -r out.c +%Y)" = 2001
echo "// more" >>words.pipe
sed -i 's/char \*line = NULL/char *line = 0/' words.pipe
"$PIPEC" emit -o out.c words.pipe
check "written when it changes" fails test "$(date -r out.c +%Y)" = 2001
(umask 027 && "$PIPEC" emit -o mode.c words.pipe)
check "permissions by umask" test "$(stat -c %a mode.c)" = 640
chmod 600 mode.c
cp words.pipe other.pipe && sed -i 's/"%d %.\*s/"%d: %.*s/' other.pipe
"$PIPEC" emit -o mode.c other.pipe
check "permissions kept" test "$(stat -c %a mode.c)" = 600
ln -s mode.c link.c
"$PIPEC" emit -o link.c words.pipe
check "a link stays a link" test -L link.c
mkdir deep && ln -s deep/new.c dangling.c && ln -s ../dangling.c deep/twice.c && ln -s none/new.c nowhere.c
check "a link to nothing" exits 0 "$PIPEC" emit -o deep/twice.c words.pipe
check "gets what it names" test -L deep/twice.c -a -L dangling.c -a -f deep/new.c
check "a link into no directory" says 1 "cannot write nowhere.c" "$PIPEC" emit -o nowhere.c words.pipe
ln -s circle.c circle.c
check "a link to itself" says 1 "cannot write circle.c" "$PIPEC" emit -o circle.c words.pipe
check "to a device" exits 0 "$PIPEC" emit -o /dev/null words.pipe
check "the device stays" test -c /dev/null
echo "stage broken" >broken.pipe
echo "old" >old.c
check "not on an error" exits 1 "$PIPEC" emit -o old.c broken.pipe
check "the old text stays" test "$(cat old.c)" = old
check "no such directory" says 1 "cannot write none/out.c: there is no directory none" "$PIPEC" emit -o none/out.c words.pipe
check "no such directory for a header" says 1 "there is no directory none" "$PIPEC" emit -H none/out.h words.pipe
check "no such directory for a rule" says 1 "there is no directory none" "$PIPEC" emit -MF none/out.d -o made.c words.pipe
check "no such directory for a program" says 1 "there is no directory none/deep" "$PIPEC" build -o none/deep/out words.pipe
rm -f made.c
check "nothing temporary stays" test -z "$(find . -name '.pipec-*')"
check "a limit of size" says 1 "cannot write large.c: File too large" \
    bash -c 'ulimit -f 1; "$PIPEC" emit -o large.c words.pipe'
check "leaves nothing" test -z "$(find . -name '.pipec-*' -o -name large.c)"
check "twice the same bytes" bash -c '"$PIPEC" emit words.pipe | cmp - <("$PIPEC" emit words.pipe)'

"$PIPEC" emit -MD -o out.c words.pipe
check "-MD" test "$(cat out.d)" = "out.c: words.pipe"
cp words.pipe 'my $words#.pipe'
"$PIPEC" emit -MF rule.d -MT 'a b.o' -o out.c 'my $words#.pipe'
check "names in a rule" test "$(cat rule.d)" = 'a\ b.o: my\ $$words\#.pipe'
"$PIPEC" emit -MD -H functions.h -o functions_main.c functions.pipe
check "a header in a rule" test "$(cat functions_main.d)" = "functions_main.c functions.h: functions.pipe"
check "the header's C" "$CC" -std=c11 -Wall -Wextra -Werror -I"$top/runtime/include" -c functions_main.c
check "the header elsewhere" "$CC" -std=c11 -Wall -Wextra -Werror -I"$top/runtime/include" -c functions.c
rm functions.h

# ---- long chains of inline stages ----

# chain N NAME...: a source and, at each of its outputs, a chain of N inline stages, whose last one prints N
chain() {
    local n=$1 name i
    shift
    echo 'pipeline chain "counts its stages"; include <stdio.h>;'
    printf 'channel int %s0[1];\n' "$@"
    printf 'stage from -> %s {' "$(printf ', %s0' "$@" | cut -c 3-)"
    [ $# -gt 1 ] && printf ' emit(%s0, 1);' "$@" || printf ' emit(1);'
    echo ' }'
    for name; do
        for ((i = 1; i < n; i++)); do
            printf 'channel int %s%d[1];\n' "$name" "$i"
            echo "stage ${name}s$i (x <- $name$((i - 1))) -> $name$i inline { emit(x + 1); }"
        done
        printf 'stage %ss%d (x <- %s%d) inline { printf("%s %%d\\n", x); }\n' "$name" "$n" "$name" $((n - 1)) "$name"
    done
}

# What the compiler inlines into one function has an end, and no function stores the whole table.
not_inlined() {
    "$PIPEC" emit -o chain.c "$1" &&
        sed -nE '/^__attribute__\(\(__noinline__\)\)/ s/.* chain_(\w+)_\(.*/\1/p' chain.c | sort | tr '\n' ' '
}
chain 200 a >chain.pipe
chain 200 a b c >chains.pipe
check "every 64th stage is not inlined" test "$(not_inlined chain.pipe)" = "as128 as192 as64 "
check "a static table" test "$(grep -c 'static const struct prt_inline_spec inlines_from' chain.c)" = 1
check "every 64th of each chain" test "$(not_inlined chains.pipe)" = \
    "as128 as192 as64 bs128 bs192 bs64 cs128 cs192 cs64 "
check "a long chain" prints "a 200" "$PIPEC" run chain.pipe
check "several" test "$("$PIPEC" run chains.pipe | tr '\n' ' ')" = "a 200 b 200 c 200 "

# The stages of a chain lie on one stack: the longest one fits where each of them takes most of it.
chain 1000 a b >longest.pipe
chain 2002 a b >longer.pipe
check "the longest chain" exits 0 "$PIPEC" check longest.pipe
for cc in gcc clang; do
    check "it fits, $cc" test "$(CC=$cc "$PIPEC" run -O0 longest.pipe | tr '\n' ' ')" = "a 1000 b 1000 "
    check "it fits with a sanitizer, $cc" test \
        "$(CC=$cc CFLAGS=-g "$PIPEC" run -O0 --sanitize=address longest.pipe | tr '\n' ' ')" = "a 1000 b 1000 "
done
check "a longer chain" exits 1 "$PIPEC" check longer.pipe
check "has an error at each place where it has to be divided" \
    test "$(sed -nE "s/.* error: '(\w+)' .* \[E0607\]$/\1/p" ../err | tr '\n' ' ')" = "as1001 as2002 bs1001 bs2002 "
check "which says what it is" says 1 \
    "error: 'as1001' is number 1001 of a chain of inline stages, which may have 1000 [E0607]" "$PIPEC" check longer.pipe
check "and what to do" grep -qxF "  hint: leave 'inline' out here, or in another stage of the chain" ../err
sed -E '/^stage [ab]s(1001|2002) / s/ inline / /' longer.pipe >divided.pipe
check "divided there it is accepted" exits 0 "$PIPEC" check divided.pipe
check "explain" prints "Limits: " "$PIPEC" explain E0607

# ---- standalone ----

"$PIPEC" emit --standalone -o alone.c words.pipe
for cc in gcc clang; do
    check "standalone $cc" "$cc" -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Werror -o alone alone.c -pthread
    # Else it could meet a name of the author's. What is within functions has a number behind it; valgrind's are its header's.
    "$cc" -std=c11 -O0 -c -o alone.o alone.c
    nm --defined-only alone.o | sed -E 's/.* //' | grep -vE '^(_*prt_|lines_|VALGRIND_|main$|\.L)|\.[a-z0-9]+$' >../out
    check "standalone $cc keeps to names of its own" test "$(cat ../out)" = ""
    check "standalone $cc runs" test "$(printf 'ab\n\ncd\n' | timeout 20 ./alone | tr '\n' ' ')" = "1 ba 2 dc "
done

# Whatever <prt/form.h> declares makes it part of the C, in which no record may be.
form_h=$top/runtime/include/prt/form.h
names=$(grep -oE '\bprt_[a-z_]+\(|^struct prt_[a-z_]+ \{' "$form_h" | grep -oE 'prt_[a-z_]+' | sort -u)
for name in $names; do
    echo "pipeline form; stage use { (void)sizeof(&$name); }" >form.pipe
    check "$name comes with its header" grep -qxF '#include <prt/form.h>' <("$PIPEC" emit form.pipe)
done
check "all that it declares" test "$(wc -w <<<"$names")" -ge 11

check "an output that is the input" says 2 "would overwrite" "$PIPEC" emit -o words.pipe words.pipe
check "a header that is the output" says 2 "would overwrite" "$PIPEC" emit -o both.c -H both.c words.pipe
ln -s words.pipe alias.c
check "a link to the input" says 2 "would overwrite" "$PIPEC" emit -o alias.c words.pipe

# ---- build ----

check "a program over its .pipe file" says 2 "would overwrite" "$PIPEC" build -o ./words.pipe words.pipe
check "a program over its .c file" says 2 "would overwrite" "$PIPEC" build -o functions.c functions.pipe functions.c

cp functions.c function && cp functions.pipe function.pipe
check "a program over an input without -o" says 2 "would overwrite function" "$PIPEC" build function.pipe function
cp words.pipe .pipe
check "a file that is only .pipe" exits 0 "$PIPEC" build .pipe
check "stays" cmp words.pipe .pipe
check "and its program has the pipeline's name" test -x lines
cp functions.c ./-functions.c
check "an input that looks like an option" exits 0 "$PIPEC" build functions.pipe -- -functions.c
rm ./-functions.c
check "build" exits 0 "$PIPEC" build words.pipe
check "the program" test "$(printf 'ab\n' | timeout 20 ./words)" = "1 ba"
check "--stats that cannot be written" exits 1 bash -c './words --stats 2>/dev/full'
check "--stats after what is printed" \
    bash -c 'test "$(printf "ab\n" | timeout 20 ./words --stats 2>&1 | head -n 1)" = "1 ba"'
cat >cutoff.pipe <<'PIPE'
pipeline cutoff "a body that a tear-down cut off stays so, whatever its final tries to send";

channel int a[4];
channel int b[4];
channel int c[1];

stage src -> a { for (int i = 0; i < 10; i++) emit(i); }
stage outer (x <- a) -> b { emit(x); }
stage inner (x <- b) -> c  inline { for (int i = 0; i < 1000; i++) emit(x); }
final { (void)try_emit(1); }
stage sink (x <- c) { if (x == 1) fail("torn down"); }
PIPE
check "one of them" exits 0 "$PIPEC" build cutoff.pipe
check "--stats: a body that was cut off, though its final asked to send" \
    bash -c './cutoff --stats 2>&1 | grep -qE "^inner +2 +1 +0 +0 +0 +1$"'
check "build -o" exits 0 "$PIPEC" build -g -O1 -o other words.pipe
check "build with a .c file" exits 0 "$PIPEC" build functions.pipe functions.c
check "everybody may run what build writes" test "$(umask 022; "$PIPEC" build -o modes words.pipe; stat -c %a modes)" = 755
check "its header is gone" fails test -e functions.h
mkdir sub && cp words.pipe sub/inner.pipe && echo '#define INNER 1' >sub/inner.h
sed -i 's/^include <stdio.h>;/include <stdio.h>; include "inner.h";/' sub/inner.pipe
check "a header beside the .pipe file" exits 0 "$PIPEC" build -o inner sub/inner.pipe
echo '#error where pipec was called' >inner.h
for cc in gcc clang; do
    check "and not where pipec was called, $cc" exits 0 env CC=$cc "$PIPEC" build -o inner sub/inner.pipe
done
rm inner.h
sed 's/size_t size = 0;/size_t size = none;/' words.pipe >wrong.pipe
line=$(grep -n none wrong.pipe | cut -d: -f1)
check "the C compiler's message" says 1 "wrong.pipe:$line:" "$PIPEC" build wrong.pipe
check "and what became of it" grep -q "nothing was built" ../err
check "no program" fails test -e wrong

# Errors of C, each with its own line: in a header, within and behind calls that are replaced, in a weight.
printf 'static inline int in_header(void)\n{\n    return wrong_3;\n}\n' >wrong_lines.h
cat >wrong_lines.pipe <<'EOF'
pipeline wrong_lines;
include "wrong_lines.h";
include <string.h>;
channel int a[4];
channel string b[4];
stage s -> a {
    emit(1 +
         wrong_8);
    emit(/* two lines */
         2); int z = wrong_10;
    if (wrong_11) emit(3);
}
stage w (x <- a) -> b on fail then skip {
    if (x)
        fail("%d %s",
             wrong_16, "");
    emit(strdup(
        wrong_18));
}
stage v (y <- b) workers 2 bound 3 weight (strlen(y) +
    wrong_21) {
    char *k = take(
        y);
    wrong_24(k);
}
EOF
for cc in gcc clang; do
    CC=$cc "$PIPEC" build wrong_lines.pipe 2>&1 |
        sed -nE 's/.*:([0-9]+):[0-9]+: error: [^0-9]*wrong_([0-9]+).*/\1 \2/p' | sort -nu >../lines
    check "lines of C errors, $cc" cmp <(printf '%d %d\n' 3 3 8 8 10 10 11 11 16 16 18 18 21 21 24 24) ../lines
done

# An address weighs nothing and costs nothing, though C casts it to a number.
for option in "(x <- a) bound 3 weight (x)" "(x <- a) rate 9/s cost (x)" "(x[4] <- a weight (*x) 9)"; do
    printf 'pipeline address;\nchannel string a[4];\nstage s -> a { emit(0); }\nstage t %s { (void)x; }\n' "$option" >address.pipe
    for cc in gcc clang; do
        check "an address as a number, $cc: $option" says 1 "a weight or a cost is a number" env CC=$cc "$PIPEC" build address.pipe
    done
done

# What the C compiler finds wrong with a type has the line of who wrote it, and the column where nothing stands before it.
printf '%s\n' 'pipeline typed;' '%{' 'struct pair { int a, b; };' 'struct large { char text[99999]; };' '%}' \
    'state { int one; struct nowhere two; }' 'channel struct pair a[4]; channel struct pair c[4];' '  channel struct large b[4];' \
    'stage s -> a, b, c {' '    struct pair p = { 1, 2 };' '    emit(a, p);' '    emit(c, p);' '    emit(b, (struct large){ "" });' '}' \
    'stage t (x <- a) rate 9/s' '    cost (x) { (void)x; }' 'stage u (x[4] <- c weight (*x) 9) { (void)x; }' \
    'stage v (x <- b)' 'state { int one; struct nowhere two; }' '{ (void)x; }' >typed.pipe
printf '%s\n' 6:33 8:3 16 17 19:33 >wanted
for cc in gcc clang; do
    CC=$cc "$PIPEC" build typed.pipe 2>&1 | sed -nE 's/^typed.pipe:([0-9]+):([0-9]+): error:.*/\1:\2/p' | sed -E 's/^(16|17):.*/\1/' | sort -nu >../lines
    check "lines and columns of C's types, $cc" cmp wanted ../lines
done

# Weights and costs that are no number of units: what they count as, and a line for each word and side.
cat >units.pipe <<'EOF'
pipeline units;
channel int a[4];
channel int b[4];
channel int c[4];
stage s -> a, b, c { for (int i = 0; i < 3; i++) { emit(a, i); emit(b, i); emit(c, i); } }
stage below (x <- a)  workers 2  bound 3 weight (x < 9 ? -3 : 0)  rate 1K/s burst 2 cost (x < 9 ? -1.5 : 0) { (void)x; }
stage above (x <- b)  workers 2  bound 3 weight (x < 2 ? -2ul : 0)  rate 1K/s cost (x == 2 ? 1e30 : x) { (void)x; }
stage keyed (x <- c)  workers 2  bound 3 per (1) weight (x < 2 ? 0x1p63L : 0)  rate 1K/s per (x) cost (0.0 / (x < 9 ? 0 : 1)) { (void)x; }
EOF
for cc in gcc clang; do
    check "odd weights and costs, $cc" exits 0 env CC=$cc "$PIPEC" run units.pipe
    sort ../err >../lines
    check "lines of odd weights and costs, $cc" cmp - ../lines <<'EOF'
units: above: a cost of 1e+30 counts as 9223372036854775807, as will each that is above
units: above: a weight of 18446744073709551614 counts as 9223372036854775807, as will each that is above
units: below: a cost of -1.5 counts as 0, as will each that is below
units: below: a weight of -3 counts as 0, as will each that is below
units: keyed: a cost of nan counts as 0, as will each that is below
units: keyed: a weight of 9.22337e+18 counts as 9223372036854775807, as will each that is above
EOF
done

# What the plan says of the memory of what is set aside is what the runtime's structures take.
cat >aside.pipe <<'EOF'
pipeline aside;
channel int a[64];
channel int b[64];
channel int c[64];
channel int d[64];
channel int e[64];
stage s -> a, b, c, d, e { for (int i = 0; i < 3; i++) { emit(a, i); emit(b, i); emit(c, i); emit(d, i); emit(e, i); } }
stage worker (x <- a)  workers 4  by (x) { (void)x; }
stage limits (x <- b)  workers 4  bound 2 per (x)  rate 1K/s per (x) { (void)x; }
stage keys (x <- c)  workers 4  by (x)  bound 2 per (x)  bound 3 per (x % 2) weight (x) { (void)x; }
stage groups (xs[5] <- d per (*xs)) { (void)xs; }
stage both (xs[5] <- e per (*xs % 2))  workers 4  by (*xs % 2)  bound 2 per (*xs % 2) { (void)xs; }
EOF
cat >aside.c <<'EOF'
#include <stdio.h>

#include "pool/store.h"

/* Beside an item, as in store.c, also where it is gathered; and for a key of one table, with so many limits. */
static size_t aside(size_t keys, size_t limits, size_t group)
{
    const size_t asks = sizeof(struct prt_asks) + keys * sizeof(struct prt_ask) + limits * sizeof(uint64_t);

    return (sizeof(struct prt_node) + (keys > 0 ? asks : 0) + group + 15) / 16 * 16;
}

static size_t node(size_t keys, size_t limits)
{
    return aside(keys, limits, 0);
}

static size_t gathered(size_t keys, size_t limits)
{
    return aside(keys, limits, sizeof(struct prt_group));
}

static size_t entry(size_t limits)
{
    return sizeof(struct prt_entry) + limits * sizeof(union prt_key_state);
}

int main(void)
{
    printf("%zu bytes\n%zu bytes and %zu\n%zu bytes and %zu\n", node(0, 0), node(1, 2), entry(2), node(2, 2), entry(1));
    printf("%zu bytes and %zu\n%zu bytes and %zu\n", gathered(1, 0), entry(0), gathered(1, 1), entry(1));
    return 0;
}
EOF
check "the runtime's own sizes" "$CC" -std=c11 -D_GNU_SOURCE -I"$top/runtime/include" -I"$top/runtime" -o aside aside.c
"$PIPEC" check --plan aside.pipe 2>/dev/null |
    sed -nE 's/.* sets aside: .* ([0-9]+) bytes each beside the item(, or less [^;]*)?(; and ([0-9]+) for each.*)?/\1 bytes\3/p' |
    sed -E 's/; and ([0-9]+).*/ and \1/' >../lines
check "bytes of what is set aside, in the plan" cmp <(./aside) ../lines

# A place is spelled as the file was named.
mkdir -p deep
cp words.pipe deep/words.pipe
"$PIPEC" emit -o places.c deep/words.pipe
check "places in the emitted C" test "$(grep -oE '[^ "]*words\.pipe' places.c | sort -u)" = deep/words.pipe

# folded FILE.c...: no line of the wiring has more than 120 columns
folded() {
    awk 'FNR == 1 { wiring = 0 } /^\/\* ---- / { wiring = /wiring/ }
         wiring && length > 120 { print FILENAME ": " $0; long = 1 } END { exit long }' "$@"
}
check "the lines of the wiring" folded "$OLDPWD"/tests/emit/*.c

# The size of an item is the C compiler's to know, and its message stands at a channel that carries it.
cat >large.pipe <<'EOF'
pipeline large "items of SIZE bytes";
include <stdio.h>;
%{
struct block { char bytes[SIZE]; };
%}
channel struct block a[3];
channel struct block b[1];
channel struct block c[1];
channel struct block d[1];
stage from -> a {
    static struct block item;
    for (int n = 0; n < 60; n++) {
        item.bytes[0] = item.bytes[SIZE - 1] = (char)n;
        emit(item);
    }
}
stage pool (item <- a) -> b workers 3 ordered { emit(item); }
stage one (item <- b) -> c { emit(item); }
stage two (item <- c) -> d LINK { emit(item); }
stage end (item <- d) LINK
state { int n; }
{
    if (item.bytes[0] != self->n || item.bytes[SIZE - 1] != self->n)
        fail("item %d", self->n);
    self->n++;
}
final { printf("%d\n", self->n); }
EOF
sed 's/ LINK//' large.pipe >large_apart.pipe
sed 's/ LINK/ inline/' large.pipe >large_inline.pipe
for cc in gcc clang; do
    check "the largest item, $cc" prints 60 timeout 60 env CC=$cc "$PIPEC" run -O0 -D SIZE=65536 large_apart.pipe
    check "and with a sanitizer, $cc" \
        prints 60 timeout 60 env CC=$cc CFLAGS=-g "$PIPEC" run -O0 --sanitize=address -D SIZE=65536 large_apart.pipe
    check "a larger one, $cc" says 1 "large_apart.pipe:6:" env CC=$cc "$PIPEC" build -D SIZE=65537 large_apart.pipe
    check "what to do, $cc" grep -qF "channel a: an item may have at most 65536 bytes; send a pointer, as with \
type NAME = struct block * drop FUNCTION;" ../err
    check "the largest of inline stages, $cc" \
        prints 60 timeout 60 env CC=$cc "$PIPEC" run -O0 -D SIZE=32768 large_inline.pipe
    check "and with a sanitizer, $cc" \
        prints 60 timeout 60 env CC=$cc CFLAGS=-g "$PIPEC" run -O0 --sanitize=address -D SIZE=32768 large_inline.pipe
    check "a larger one, $cc" says 1 "large_inline.pipe:9:" env CC=$cc "$PIPEC" build -D SIZE=32769 large_inline.pipe
    check "whose they are, $cc" grep -qF "channel d: of the inline stages down to here, 2 items together" ../err
done

check "a C compiler that is not there" says 1 "environment variable CC" env CC=no-such-cc "$PIPEC" build words.pipe
check "a C compiler that writes nothing" says 1 "wrote no program" env CC=true "$PIPEC" build -o nothing words.pipe
check "one that only checks" says 1 "wrote no program" env CFLAGS=-fsyntax-only "$PIPEC" build -o nothing words.pipe
for flags in -c -S -E -r; do
    check "one that does not link, $flags" says 1 "wrote no program" env CFLAGS="$flags" "$PIPEC" build -o nothing words.pipe
    cp "/bin/true" something
    check "one that does not link, over a program, $flags" says 1 "wrote no program" \
        env CFLAGS="$flags" "$PIPEC" build -o something words.pipe
    check "which stays, $flags" cmp something "/bin/true"
done
cp functions.c @words_of_gcc.c
check "a name that is no file of words" exits 0 "$PIPEC" build -o ../at functions.pipe @words_of_gcc.c
mkdir @dir && cp words.pipe @dir/at.pipe
check "a directory that is none either" exits 0 "$PIPEC" build -o @dir/at @dir/at.pipe
check "its program" test -x @dir/at
rm -r @dir @words_of_gcc.c
check "no empty program" fails test -e nothing
check "nor one that runs" says 1 "wrote no program" env CC=true "$PIPEC" run words.pipe
printf '#!/bin/sh\nkill -SEGV $$\n' >crash && chmod +x crash
check "a C compiler that crashes" says 1 "signal 11" env CC=./crash "$PIPEC" build words.pipe
printf '#!/bin/sh\necho "$#:$1:$2:" >args; echo "$*" >words_of_cc\nexec %s "$@"\n' "$CC" >wrapper && chmod +x wrapper
check "CC and CFLAGS are words" exits 0 env CC='./wrapper -DONE=1' CFLAGS="  -DTWO=2  $CFLAGS" "$PIPEC" build words.pipe
check "each its own" grep -q ':-DONE=1:-std=c11:' args
# Raw strings are GNU C's: nothing in them is a call, a brace or a comment.
cat >gnu.pipe <<'P'
pipeline gnu;
include <stdio.h>;
%{ static const char *const block = R"(%} /* " )"; %}
channel int c[4];
stage a -> c {
    const char *text = u8R"x(emit(1); } " )" // )x";
    typeof(text) same = text;
    asm volatile("" ::: "memory");
    emit(same[0] == 'e' && block[0] == '%');
}
stage b (n <- c) { printf("%d\n", n); }
P
check "GNU C" test "$("$PIPEC" run -std=gnu17 gnu.pipe)" = 1
check "no GNU C" exits 1 "$PIPEC" build gnu.pipe
check "no such option" says 2 "no option -stx" "$PIPEC" build -stx gnu.pipe
check "no shell reads them" says 1 'cannot start the C compiler echo$(touch' \
    env CC='echo$(touch${IFS}owned);true' "$PIPEC" build words.pipe
check "nothing ran" fails test -e owned
check "a sanitizer" exits 0 env -u CFLAGS CC=./wrapper "$PIPEC" build -o watched --sanitize=undefined words.pipe
check "costs less without -O2" bash -c '! grep -q -- -O2 words_of_cc && grep -q -- -O1 words_of_cc'
check "unless it is asked for" exits 0 env CC=./wrapper "$PIPEC" build -O2 -o watched --sanitize=undefined words.pipe
check "and is" grep -q -- "-O1.*-O2" words_of_cc
mkdir taken
check "build onto a directory" says 1 "a directory" "$PIPEC" build -o taken words.pipe
check "no runtime" says 1 "PIPEC_RUNTIME is /nowhere" env PIPEC_RUNTIME=/nowhere "$PIPEC" build words.pipe
sed 's/^include <stdio.h>;/include <stdio.h>; link "m";/' words.pipe >linked.pipe
check "link without pkg-config's help" exits 0 "$PIPEC" build linked.pipe

# ---- run ----

check "run" test "$(printf 'xy\n' | timeout 20 "$PIPEC" run words.pipe)" = "1 yx"
check "kept" test "$(find "$XDG_CACHE_HOME/pipec" -name 'lines-*' ! -name '*.reads' | wc -l)" = 1
check "the directory is private" test "$(stat -c %a "$XDG_CACHE_HOME/pipec")" = 700
for kept in "$XDG_CACHE_HOME"/pipec/lines-*; do : >"$kept"; done
check "an empty program is built again" test "$(printf 'xy\n' | timeout 20 "$PIPEC" run words.pipe 2>&1)" = "1 yx"
check "arguments after --" prints "--drain" "$PIPEC" run words.pipe -- --help
check "the program's status" exits 2 "$PIPEC" run words.pipe -- --nonsense
printf 'xy\n' | CFLAGS="$CFLAGS -DOTHER" "$PIPEC" run words.pipe >../out
check "other flags, another program" test "$(find "$XDG_CACHE_HOME/pipec" -name 'lines-*' ! -name '*.reads' | wc -l)" = 2
old=$(find "$XDG_CACHE_HOME/pipec" -name 'lines-*' | sort)
while read -r kept; do touch -d '40 days ago' "$kept"; done <<<"$old"
"$PIPEC" run -O0 words.pipe </dev/null
check "old ones are forgotten" bash -c 'while read -r kept; do [ ! -e "$kept" ] || exit 1; done <<<"$1"' _ "$old"
mkdir -m 700 ../unsafe && mkdir -m 777 ../unsafe/pipec && chmod 777 ../unsafe/pipec
check "a cache that others may write" says 1 "others may write" env XDG_CACHE_HOME="$tmp/unsafe" "$PIPEC" run words.pipe
mkdir -m 700 ../linked && ln -s "$XDG_CACHE_HOME/pipec" ../linked/pipec
check "a cache that is a link" says 1 "no directory" env XDG_CACHE_HOME="$tmp/linked" "$PIPEC" run words.pipe
check "no place for a cache" says 1 "XDG_CACHE_HOME" env -u HOME -u XDG_CACHE_HOME "$PIPEC" run words.pipe
check "two at once" bash -c '
    for i in 1 2 3; do printf "xy\n" | CFLAGS="$CFLAGS -DTWICE" "$PIPEC" run words.pipe >../run.$i & done; wait
    cat ../run.[123] | sort -u | cmp - <(echo "1 yx")'

# A signal while the C compiler runs leaves nothing behind: neither what it started nor what that writes.
printf '#!/bin/sh\nfor output; do :; done\n(sleep 30; echo late >"$output") &\necho $! >started\nwait\n' >slow
chmod +x slow
# lives PID: a dead process that nobody has waited for yet has a number, too
lives() {
    local state
    state=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null)
    [ -n "$state" ] && [ "${state%% *}" != Z ]
}
for signal in HUP INT QUIT PIPE TERM; do
    rm -f started
    # A shell starts background jobs with SIGINT and SIGQUIT ignored, which pipec respects.
    env --default-signal=INT,QUIT CC=./slow "$PIPEC" build -o killed words.pipe &
    pid=$!
    until [ -s started ] || ! lives $pid; do sleep 0.05; done
    kill -"$signal" $pid
    wait $pid
    check "SIG$signal ends it" test $? -eq $((128 + $(kill -l "$signal")))
    check "SIG$signal ends what the C compiler started" fails lives "$(cat started)"
    check "SIG$signal leaves nothing" test -z "$(find . -name '.pipec-*' -o -name killed)"
    kill -9 "$(cat started)" 2>/dev/null
done

cd "$top" || exit 1

# steps_of STAGES: how many steps `emit` takes for so many (tests/steps)
steps_of() {
    bench/stages.sh "$1" >"$tmp/stages.pipe"
    "$BUILD/tests/steps/pipec" emit -o /dev/null "$tmp/stages.pipe" 2>&1 | sed -n 's/ steps$//p'
}

# Five times the stages take five times the steps; 23 times, when each stage looked at all others.
few=$(steps_of 2000) many=$(steps_of 10000)
check "emit: the work grows as the stages do ($few steps, $many steps)" test "$many" -le $((6 * few))
finish
