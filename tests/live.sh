#!/usr/bin/env bash
# The live table of a running program, and who looks at it: that programs are found, that nobody is harmed by what others write or
# make, and that a program at which nobody looks does what it did without.
. "$(dirname "$0")/lib.sh"
needs "$PIPEC"
export XDG_CACHE_HOME=$tmp/cache TERM=xterm
unset NO_COLOR PIPE_LIVE

cat >"$tmp/slow.pipe" <<'EOF'
pipeline slow "counts slowly, \"with\" \\ letters";

include <stdio.h>;
include <sys/resource.h>;
include <unistd.h>;

param long items = 1000000000;
param string until = "" "it ends only when this file is there";
param string secret = "" "what nobody is to see";
param bool no_files = false "it opens no more";

channel int wanted[32];
channel int seen[8];

init {
    if (no_files && setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 3, 3 }) != 0)
        fail("no limit");
}

stage list -> wanted {
    (void)secret;
    for (long i = 0; i < items; i++)
        emit((int)(i % 1000));
    while (*until && access(until, F_OK) != 0)
        usleep(10000);
}

stage fetch (n <- wanted) -> seen  workers 4 {
    usleep(2000);
    emit(n);
}

stage store (n <- seen)
state {
    long sum;
}
{
    self->sum += n;
}
final {
    printf("%ld\n", self->sum);
}
EOF
cat >"$tmp/idle.pipe" <<'EOF'
pipeline idle "waits for what its standard input brings";

include <stdio.h>;

channel int letters[4];

stage read -> letters {
    for (int c; (c = getchar()) != EOF;)
        emit(c);
}

stage drop (c <- letters) { (void)c; }
EOF
"$PIPEC" build -o "$tmp/slow" "$tmp/slow.pipe" || fail "slow" "does not compile"
"$PIPEC" build -o "$tmp/idle" "$tmp/idle.pipe" || fail "idle" "does not compile"
# shellcheck disable=SC2086 # several words
$CC $CFLAGS -Iruntime/include -w -o "$tmp/foe" tests/live/foe.c || fail "foe" "does not compile"
$CC -D_GNU_SOURCE -o "$tmp/refuse" tests/hostile/refuse.c || fail "refuse" "does not compile"

started=()
# start COMMAND...: in the background; $! is its process
start() {
    "$@" >"$tmp/out.$((${#started[@]}))" 2>"$tmp/err.$((${#started[@]}))" </dev/null &
    started+=($!)
}
end_all() {
    kill "${started[@]}" 2>/dev/null
    wait "${started[@]}" 2>/dev/null
    started=()
}
trap 'kill -9 "${started[@]}" 2>/dev/null; rm -rf "$tmp"' EXIT

# table PID: its table, as others open it
table() {
    local link
    for link in /proc/"$1"/fd/*; do
        [[ $(readlink "$link") == "/memfd:pipec-live"* ]] && echo "$link" && return
    done
    return 1
}

# soon COMMAND...: it succeeds, at last
soon() {
    local tries
    for ((tries = 0; tries < 300; tries++)); do
        "$@" && return
        sleep 0.1
    done
    return 1
}

# until_there PID: the table is there, at last
until_there() { soon table "$1" >/dev/null; }

is_there() { kill -0 "$1" 2>/dev/null; }

# listed PID [OPTION]: ps has it
listed() { "$PIPEC" ps | grep -qE "^ *$1  "; }

# json COMMAND...: prints JSON, if there is something here that reads it
json() {
    if command -v python3 >/dev/null; then
        "$@" | python3 -c 'import json, sys; json.load(sys.stdin)'
    else
        "$@" | grep -q '^\[.*\]$'
    fi
}

# clean COMMAND...: succeeds, in time, and prints nothing that a terminal would obey
clean() {
    timeout 60 "$@" >"$tmp/clean" 2>"$tmp/clean.err" || return
    ! LC_ALL=C tr -d '\n' <"$tmp/clean" | LC_ALL=C grep -q '[[:cntrl:]]'
}

# ---- found -------------------------------------------------------------------------------------------------------------

start "$tmp/slow" --secret=xyzzy-xyzzy
slow=$!
check "a run that lasts has a table" until_there "$slow"
check "nobody can change its size" fails truncate -s 1 "$(table "$slow")"
check "nor make it larger" fails truncate -s 1M "$(table "$slow")"
check "values of params are not in it" fails grep -q xyzzy "$(table "$slow")"
check "but names are" grep -q wanted "$(table "$slow")"
check "ps lists it" listed "$slow"
check "with what holds it back" bash -c '"$0" ps | grep -qE "^ *$1  slow .* [0-9.]+( K)?/s .*(fetch|nothing|short)"' "$PIPEC" "$slow"
check "ps --json" json "$PIPEC" ps --json
check "ps --json names it" bash -c '"$0" ps --json | grep -q "\"pid\":$1,\"pipeline\":\"slow\""' "$PIPEC" "$slow"
check "and says what it does" bash -c '"$0" ps --json | grep -qF "$1"' "$PIPEC" '"pipeline":"slow","doc":"counts slowly, \"with\" \\ letters",'
check "ps takes no arguments" test "$("$PIPEC" ps x 2>&1 | head -n 1)" = "pipec: ps takes no arguments"
"$PIPEC" ps >"$tmp/alone" &
first=$!
"$PIPEC" ps >"$tmp/beside" &
beside=$!
wait $first $beside
check "who reads is not listed" test "$(grep -c "^ *$slow  slow " "$tmp/alone")$(grep -c "^ *$slow  slow " "$tmp/beside")$(
    grep -cE "^ *($first|$beside)  " "$tmp/alone" "$tmp/beside" | tr '\n' ' ')" = "11$tmp/alone:0 $tmp/beside:0 "

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    chmod 755 "$tmp"
    cp "$PIPEC" "$tmp/pipec"
    other=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    check "others see nothing of it" fails grep -q "^ *$slow " <("${other[@]}" "$tmp/pipec" ps 2>&1)
    check "nor open it" fails "${other[@]}" cat "$(table "$slow")"
    start "${other[@]}" "$tmp/slow"
    theirs=${started[-1]}
    sleep 2
    check "root sees its own" bash -c '! "$0" ps | grep -q "^ *$1 "' "$PIPEC" "$theirs"
else
    echo "live.sh: not root, so no other user was tried"
fi

kill -STOP "$slow"
check "one that was stopped does not answer" bash -c '"$0" ps | grep -qE "^ *$1 .*does not answer"' "$PIPEC" "$slow"
kill -CONT "$slow"

# ---- not made ----------------------------------------------------------------------------------------------------------

# has_none COMMAND...: runs for two seconds without a table, then ends, and says nothing
has_none() {
    local pid
    "$@" >"$tmp/none.out" 2>"$tmp/none.err" </dev/null &
    pid=$!
    sleep 2.5
    is_there $pid || return
    table $pid >/dev/null && return 1
    kill $pid
    wait $pid
    [ ! -s "$tmp/none.err" ]
}

check "PIPE_LIVE=0" has_none env PIPE_LIVE=0 "$tmp/slow"
check "a limit to files' sizes" has_none bash -c 'ulimit -f 0; exec "$0"' "$tmp/slow"
check "no descriptor left" has_none "$tmp/slow" --no-files
# What would be short on a quiet machine may last longer on another one, and has one then: of that nothing is said.
for _ in {1..20}; do
    begun=${EPOCHREALTIME/./}
    "$tmp/slow" --items=100 >"$tmp/short" 2>"$tmp/short.err" &
    short=$!
    table $short >/dev/null && had=yes || had=
    [ $((${EPOCHREALTIME/./} - begun)) -ge 1000000 ] || break
    wait $short
done
check "one that is short has none" test -z "$had"
wait $short

# ---- idle --------------------------------------------------------------------------------------------------------------

# sleeps PID: how often its threads have begun to sleep
sleeps() { cat /proc/"$1"/task/*/status | awk '/^voluntary_ctxt/ { n += $2 } END { print n }'; }

mkfifo "$tmp/nothing"
exec 9<>"$tmp/nothing"
"$tmp/idle" <"$tmp/nothing" 2>/dev/null 9>&- &
idle=$!
started+=($idle)
until_there $idle
# Where the kernel is older than Linux 5.16, or a filter refuses futex_waitv(2), it looks once a second whether somebody knocked.
most=0
"$tmp/foe" waitv || most=4

# asleep PID [MOST]: soon nothing of it wakes up for two seconds, or no more often than so
asleep() {
    for _ in {1..5}; do
        before=$(sleeps "$1")
        sleep 2
        [ $(($(sleeps "$1") - before)) -gt "${2:-$most}" ] || return 0
    done
    return 1
}

check "an idle pipeline does not wake up" asleep $idle
"$PIPEC" ps >"$tmp/ps"
check "but when somebody looks ($before, $(sleeps $idle))" test "$(sleeps $idle)" -gt "$before"
check "and is listed then" grep -qE "^ *$idle  idle .* 0/s " "$tmp/ps"
check "and is not called slow" fails grep -qE "^ *$idle  idle .* slow" "$tmp/ps"
check "and sleeps on when nobody does any more" asleep $idle
"$tmp/foe" want $idle
check "who wants it until the end of time is not heard" asleep $idle
before=$(sleeps $idle)
"$tmp/foe" knock $idle 2
check "who knocks all the time is heard now and then ($(($(sleeps $idle) - before)))" test $(($(sleeps $idle) - before)) -le 600
exec 9<&-
if wait $idle; then pass "and the idle one ends"; else fail "and the idle one ends" "$?"; fi

mkfifo "$tmp/nothing.refused"
exec 9<>"$tmp/nothing.refused"
"$tmp/refuse" futex_waitv -- "$tmp/idle" <"$tmp/nothing.refused" 2>/dev/null 9>&- &
idle=$!
started+=($idle)
until_there $idle
check "one that cannot sleep on two words looks once a second" asleep $idle 4
check "and is listed" grep -qE "^ *$idle  idle .* 0/s .*(short|nothing|waits for what is outside)" <("$PIPEC" ps)
check "and looks once a second again" asleep $idle 4
exec 9<&-
wait $idle

# ---- readers -----------------------------------------------------------------------------------------------------------

"$tmp/slow" --items=12000 --until="$tmp/over" >"$tmp/sum" 2>"$tmp/sum.err" &
counted=$!
until_there $counted
"$tmp/foe" scribble $counted 1 7 >"$tmp/words" &
scribbler=$!
for i in 1 2 3; do
    check "ps while somebody writes anything there ($i)" clean "$PIPEC" ps
done
wait $scribbler
check "its pages are taken away" "$tmp/foe" punch $counted 1
check "somebody knocks" "$tmp/foe" knock $counted 1
for i in 1 2 3 4 5; do
    "$PIPEC" ps >/dev/null 2>&1 &
    sleep 0.1
    kill -9 $!
    wait $! 2>/dev/null
done
: >"$tmp/over"
wait $counted
check "who is scribbled at ends as ever" test "$?" -eq 0
check "and says what it always says ($(<"$tmp/words"))" test "$(<"$tmp/sum")$(<"$tmp/sum.err")" = 5994000

# ---- what others made --------------------------------------------------------------------------------------------------

for ((seed = 1; seed <= 30; seed++)); do
    start "$tmp/foe" make $seed 20
done
for how in noise open empty; do
    start "$tmp/foe" make 5 20 $how
done
check "ps beside tables of others' making" clean "$PIPEC" ps
check "ps --json beside them" json "$PIPEC" ps --json
check "ps lists the sound one all the same" listed "$slow"
check "top beside them" clean "$PIPEC" top --once
check "top --json beside them" json "$PIPEC" top --json
end_all

# ---- top ---------------------------------------------------------------------------------------------------------------

start "$tmp/slow"
slow=${started[0]}
until_there "$slow"
check "top --once" clean "$PIPEC" top --once "$slow"
check "says what it does" grep -q "^slow, process $slow, running for .*: counts slowly" "$tmp/clean"
check "draws the graph" grep -qE '^  [|│] wanted +[^ ]* +[0-9]+ of 32 ' "$tmp/clean"
check "and its workers" grep -qE '^fetch x4 .*kernel [0-9]+%' "$tmp/clean"
check "top --json" json "$PIPEC" top --json "$slow"
"$PIPEC" top --json "$slow" >"$tmp/top.json"
place() { grep -n "^$1\\b" "$tmp/slow.pipe" | cut -d: -f1; }
check "with the places of its stages" grep -q '"name":"fetch","place":"[^"]*slow.pipe:'"$(place 'stage fetch')\"" "$tmp/top.json"
check "with items in and out" grep -qE '"name":"fetch",.*"received":[1-9][0-9]*,"sent":[1-9][0-9]*,' <(tr '{' '\n' <"$tmp/top.json")
check "and bytes a second" grep -qE '"name":"seen",.*"bytes_per_second":[1-9][0-9]*\.' <(tr '{' '\n' <"$tmp/top.json")
check "and of its channels" grep -q '"name":"seen","place":"[^"]*slow.pipe:'"$(place 'channel int seen')\"" "$tmp/top.json"
for width in 40 80 200; do
    LC_ALL=C COLUMNS=$width "$PIPEC" top --once "$slow" >"$tmp/once"
    check "no wider than $width columns" test "$(awk '{ if (length($0) > n) n = length($0) } END { print n }' "$tmp/once")" -le $width
done
COLUMNS=160 "$PIPEC" top --once "$slow" >"$tmp/once"
COLUMNS=80 "$PIPEC" top --once "$slow" >"$tmp/narrow"
check "in three digits where there is less" grep -qE '^fetch x4 .*% +[0-9.]+[KM]? in +[0-9.]+[KM]? out$' "$tmp/narrow"
check "items in and out where there is room" grep -qE '^fetch x4 .* [0-9,]+ in +[0-9,]+ out$' "$tmp/once"
check "and bytes a second" grep -qE '^  [|│] wanted .* ([KM]i)?B/s$' "$tmp/once"
"$PIPEC" top 1 2>"$tmp/err"
check "no such pipeline" test "$?$(<"$tmp/err")" = "1pipec: process 1 runs no pipeline of yours that has lasted a second"
"$PIPEC" top x 2>"$tmp/err"
check "no number" test "$?$(head -n 1 "$tmp/err")" = "2pipec: x: the number of a process is wanted; pipec ps lists them"
"$PIPEC" top "$slow" </dev/null 2>"$tmp/err"
check "no terminal" test "$?$(head -n 1 "$tmp/err")" = "2pipec: standard input and output are no terminal; --once writes one picture"

# What is known of stages that share a channel, call inline ones, or drop.
cat >"$tmp/shared.pipe" <<'EOF'
pipeline shared;

include <string.h>;
include <unistd.h>;

channel int alone[4];
channel int both[4];
channel int full[2] drop oldest;
channel int calls[4];
channel string texts[4] broadcast;

stage one -> alone {
    for (int i = 0; i < 1000000; i++) {
        usleep(2000);
        emit(i);
    }
}
stage two -> both {
    for (int i = 0; i < 1000000; i++) {
        usleep(2000);
        emit(i);
    }
}
stage three (n <- alone) -> both[1], full[4] {
    emit(both, n);
    emit(full, n);
    emit(full, n);
    emit(full, n);
    emit(full, n);
}
stage take (n <- both) -> calls[1] {
    emit(n);
}
stage within (n <- calls) -> texts[0..1]  inline {
    if (n % 2 == 0)
        emit(strdup("even"));
}
stage slow (n <- full) {
    (void)n;
    usleep(20000);
}
stage first (s <- texts) { (void)s; }
stage second (s <- texts) { (void)s; }
EOF
"$PIPEC" build -o "$tmp/shared" "$tmp/shared.pipe" || fail "shared" "does not compile"
start "$tmp/shared" --progress=plain
shared=${started[-1]} said=$tmp/err.$((${#started[@]} - 1))
until_there "$shared"
"$PIPEC" top --json "$shared" | tr '{' '\n' >"$tmp/flow"
flow() { sed -nE "s/^\"name\":\"$1\",.*\"received\":([^,]*),\"sent\":([^,}]*).*/\1 \2/p" "$tmp/flow" | sed -E 's/[1-9][0-9]*/n/g'; }
for want in "one:0 n" "two:0 null" "three:n null" "take:n null" "within:n n" "slow:n 0" "first:n 0"; do
    check "in and out of ${want%:*}: $(flow "${want%:*}")" test "$(flow "${want%:*}")" = "${want#*:}"
done
check "what owns memory has no bytes a second" grep -q '"name":"texts>first",.*"bytes_per_second":null' "$tmp/flow"
check "what is dropped did not begin" awk -F'[:,]' '/"name":"full","place"/ { for (i = 1; i < NF; i++) v[$i] = $(i + 1)
    ok = v["\"begun\""] * 2 < v["\"sent\""] && v["\"begun\""] + v["\"discarded\""] <= v["\"sent\""] } END { exit !ok }' "$tmp/flow"
check "progress says in which channel it counts" soon grep -qE '; two  [0-9,]+ in both, [0-9.]+( K)?/s, ' "$said"

# on_terminal KEYS SHOWN [SIGNAL]: top there, which gets the keys, shows that, and gets the signal; its settings before and
# after are kept
on_terminal() {
    rm -f "$tmp/drawn" "$tmp/typed" "$tmp/status"
    cat >"$tmp/session" <<EOF
stty cols 80 rows 20
stty -a >"$tmp/before"
"$PIPEC" top $slow </dev/tty &
top=\$!
until [ -e "$tmp/typed" ]; do sleep 0.1; done
[ -z "${3-}" ] || kill -${3-} \$top
wait \$top
echo \$? >"$tmp/status"
stty -a >"$tmp/after"
EOF
    {
        soon grep -qs wanted "$tmp/drawn"
        printf '%s' "$1"
        soon grep -qs "$2" "$tmp/drawn"
        : >"$tmp/typed"
        soon test -s "$tmp/status" # at the end of its input, script ends the session
    } | timeout 60 script -qefc "bash $tmp/session" "$tmp/drawn" >/dev/null 2>&1
}

# given_back NAME STATUS: the terminal is as it was, and top ended so
given_back() {
    same "$1: the terminal's settings" "$tmp/before" "$tmp/after"
    check "$1: shows what it showed" grep -q $'\033\\[0m\033\\[?25h\033\\[?1049l' "$tmp/drawn"
    check "$1: the status ($(<"$tmp/status"))" test "$(<"$tmp/status")" = "$2"
}

if command -v script >/dev/null; then
    on_terminal q wanted
    check "on a terminal" grep -q 'wanted' "$tmp/drawn"
    given_back "q" 0
    on_terminal bfrgpnjk 'by fastest' TERM
    given_back "SIGTERM" 143
    check "orders" grep -q 'by fastest' "$tmp/drawn"
    on_terminal "" wanted INT
    given_back "SIGINT" 130
    on_terminal "" wanted HUP
    given_back "SIGHUP" 129
    on_terminal "" wanted SEGV
    given_back "SIGSEGV" 139
else
    echo "live.sh: no script here, so nothing was shown on a terminal"
fi
end_all

# ---- programs that die -------------------------------------------------------------------------------------------------

for i in 1 2 3 4 5 6; do
    start "$tmp/slow"
done
until_there "${started[-1]}"
died=$(IFS='|'; echo "${started[*]}")
"$PIPEC" ps >"$tmp/ps" &
reader=$!
sleep 0.3
kill -9 "${started[@]}"
if wait $reader; then pass "ps while they die"; else fail "ps while they die" "status $?"; fi
wait "${started[@]}" 2>/dev/null
started=()
check "and lists none when they have" fails grep -qE "^ *($died)  " <("$PIPEC" ps 2>&1)
finish
