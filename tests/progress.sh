#!/usr/bin/env bash
# --progress: what it shows on a terminal, and that it shows nothing where nobody asked.
. "$(dirname "$0")/lib.sh"
needs "$PIPEC"
export XDG_CACHE_HOME=$tmp/cache TERM=xterm
unset NO_COLOR

cat >"$tmp/steps.pipe" <<'EOF'
pipeline steps;

include <stdio.h>;
include <unistd.h>;

param bool loud = false;
param bool fails = true;

channel int all[8];
channel int both[8];

stage known -> all {
    total(100);
    for (int i = 0; i < 100; i++)
        emit(i);
}

stage some -> both {
    total(50);
    for (int i = 0; i < 50; i++)
        emit(i);
}

stage others -> both {
    for (int i = 0; i < 50; i++)
        emit(i);
}

stage work (n <- all)  on fail then skip {
    usleep(20000);
    if (fails && n == 40)
        fail("not %d", n);
    if (loud)
        printf("item %d\n", n);
}

stage rest (n <- both) {
    (void)n;
}
EOF
"$PIPEC" build -o "$tmp/steps" "$tmp/steps.pipe" || fail "steps" "does not compile"

cat >"$tmp/hung.pipe" <<'EOF'
pipeline hung;

include <unistd.h>;

channel int wanted[1];
channel int answers[1];

stage list -> wanted { emit(1); }

stage earlier (n <- wanted) -> answers {
    sleep(10);
    emit(n);
}

stage later (n <- answers) {
    (void)n;
    sleep(9);
}
EOF
"$PIPEC" build -o "$tmp/hung" "$tmp/hung.pipe" || fail "hung" "does not compile"
"$tmp/hung" --progress=plain --stats 2>"$tmp/hung.err" &

# on_terminal FILE COMMAND: what it writes to its terminal, of 60 columns
on_terminal() {
    script -qec "stty cols 60; $2" "$1" </dev/null >/dev/null 2>&1
    sed -i '1d;$d' "$1" # what script itself writes
}

# What is left on the terminal when all is erased that was.
left_over() {
    tr -d '\r' <"$1" | awk 'BEGIN { RS = "\033\\[J" } { text = $0; sub(/\033\[[0-9]+A$/, "", text) } END { printf "%s", text }'
}

widest() {
    tr '\r' '\n' <"$1" | sed -E 's/\x1b\[[0-9]*[A-Za-z]//g' | awk '{ if (length($0) > most) most = length($0) } END { print most }'
}

# ---- no terminal ----

"$tmp/steps" --progress >"$tmp/out" 2>"$tmp/err"
check "nothing where nobody looks" test "$(<"$tmp/err")" = "steps: work: not 40"
"$tmp/steps" --progress=plain >"$tmp/out" 2>"$tmp/err"
check "lines, where asked for" test "$(grep -c '^steps: [0-9]* s; known  ' "$tmp/err")" -ge 1
check "with what is known of the total" grep -qE '; known  100 of 100, 100%, [0-9.]+/s, [0-9.]+ B/s; some' "$tmp/err"
check "and not of a channel that others send to" grep -qE '; some  100 in both, [0-9.]+/s, [0-9.]+ B/s; others' "$tmp/err"
check "and what failed" grep -q '; done  200, failed 1' "$tmp/err"
check "and no letter of a terminal's" fails grep -q $'\033' "$tmp/err"
check "no other form" test "$("$tmp/steps" --progress=bar 2>&1 | head -n 1)" = "steps: --progress=bar: plain is the only other form"

# ---- nobody reads ----

mkfifo "$tmp/full"
exec 9<>"$tmp/full"
dd if=/dev/zero of="$tmp/full" bs=4096 count=1000 oflag=nonblock 2>/dev/null
check "a pipe that nobody reads holds up nothing" timeout 60 bash -c '"$0" --progress=plain --no-fails 2>"$1"' "$tmp/steps" "$tmp/full"
exec 9<&-

# ---- a source of the library ----

cat >"$tmp/read.pipe" <<'EOF'
pipeline read;

import <lines.pipe>;

param string files[];

channel string text[16];

stage read -> text = lines(files = files);
stage drop (line <- text) { (void)line; }
EOF
"$PIPEC" build -o "$tmp/read" "$tmp/read.pipe" || fail "read" "does not compile"
seq 20000 >"$tmp/numbers"
printf 'more\nlast' >"$tmp/last"
"$tmp/read" --progress=plain "$tmp/numbers" "$tmp/last" 2>"$tmp/err"
check "lines of files are known" grep -q '; read  20,002 of 20,002, 100%, ' "$tmp/err"
"$tmp/read" --progress=plain <"$tmp/numbers" 2>"$tmp/err"
check "those of the standard input are not" grep -q '; read  20,000, [0-9.]* [KM]/s' "$tmp/err"

# ---- bodies that hang ----

wait
check "a body that hangs now is told of" grep -q '; earlier has not returned from a body for [5-9]' "$tmp/hung.err"
check "not an earlier one, which was longer" grep -q '; later has not returned from a body for [5-9]' "$tmp/hung.err"
check "when none does any more, the longest" grep -q '^verdict: a body of earlier did not return for \(9\|1[0-9]\)\.[0-9] s' "$tmp/hung.err"

# ---- a terminal ----

if ! command -v script >/dev/null; then
    echo "progress.sh: no script here, so nothing was shown on a terminal"
    finish
fi
on_terminal "$tmp/drawn" "$tmp/steps --progress >/dev/null"
check "a line for each source and one for all" grep -qE $'^\033\\[1mdone\033\\[0m  [0-9]+' "$tmp/drawn"
check "drawn in place" grep -qE $'\033\\[3A\r\033\\[J\033\\[1mknown\033\\[0m  [0-9]+ of 100, [0-9]+%' "$tmp/drawn"
check "gone at the end" test -z "$(left_over "$tmp/drawn")"
check "never wider than the terminal ($(widest "$tmp/drawn"))" test "$(widest "$tmp/drawn")" -le 59
check "a message has a line of its own" grep -qE $'\033\\[J''steps: work: not 40.$' "$tmp/drawn"
on_terminal "$tmp/drawn" "NO_COLOR=1 $tmp/steps --progress >/dev/null"
check "without colour" fails grep -q $'\033\\[1m' "$tmp/drawn"
check "but in place" grep -q $'\033\\[3A' "$tmp/drawn"
on_terminal "$tmp/drawn" "$tmp/steps --progress --loud"
check "where bodies print too, one line" fails grep -q $'\033\\[[0-9]*A' "$tmp/drawn"
check "of which nothing is lost" test "$(sed -E 's/.*\x1b\[J//; s/\r//g; s/.*(item [0-9]+)$/\1/' "$tmp/drawn" | grep -c '^item ')" -eq 99
on_terminal "$tmp/drawn" "TERM=dumb $tmp/steps --progress"
check "not on one that knows nothing" fails grep -q 'known' "$tmp/drawn"
finish
