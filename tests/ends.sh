#!/usr/bin/env bash
# Ends that bodies hold up: what a body that does not return means for the first signal, for the limit of the drain and
# for the end behind it, and what a terminal is told. The cases run at once, since a hard end takes ten seconds.
. "$(dirname "$0")/lib.sh"
needs "$PIPEC"

cat >"$tmp/stuck.pipe" <<'PIPE'
pipeline stuck "stays where it is told" drain 200ms;

include <fcntl.h>;
include <poll.h>;
include <pthread.h>;
include <stdio.h>;
include <stdlib.h>;
include <string.h>;
include <unistd.h>;

param string how = "" "what a body waits in";
param string where = "" "whose body: source, pool, own, flush, final";

%{
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int ends[2];

static void mark(void)
{
    close(open(getenv("MARK"), O_WRONLY | O_CREAT, 0600));
}

static void stay(const char *how)
{
    char c;

    mark();
    if (!strcmp(how, "system"))
        (void)!system("sleep 30");
    if (!strcmp(how, "read"))
        (void)!read(ends[0], &c, 1);
    if (!strcmp(how, "poll"))
        poll(NULL, 0, 30000);
    if (!strcmp(how, "lock"))
        pthread_mutex_lock(&lock);
    if (!strcmp(how, "loop"))
        for (volatile int i = 1; i; )
            ;
    if (!strcmp(how, "print")) {
        flockfile(stdout);
        poll(NULL, 0, 30000);
    }
    if (!strcmp(how, "long"))
        for (int i = 0; i < 11; i++)
            sleep(1);
}
%}

channel int numbers[4];
channel int more[4];
channel int most[4];

init {
    (void)!pipe(ends);
    pthread_mutex_lock(&lock);
    setvbuf(stdout, NULL, _IOFBF, 4096);
}
final {
    puts("at the end");
}

stage from -> numbers {
    emit(1);
    puts("begun");
    if (!strcmp(where, "source"))
        stay(how);
    if (!strcmp(where, "source") && !strcmp(how, "wait_for")) {
        mark();
        while (wait_for(ends[0], POLLIN, -1) != -1)
            ;
    }
    while (emit_ok(2))
        poll(NULL, 0, 10);
}
stage pool (n <- numbers) -> more workers 2 {
    if (!strcmp(where, "pool") && !strcmp(how, "wait_for") && n == 1) {
        mark();
        wait_for(ends[0], POLLIN, 1h);
    }
    if (!strcmp(where, "pool") && n == 1)
        stay(how);
    if (!strcmp(where, "final") && n == 1)
        fail("torn down");
    emit(n);
}
stage own (n <- more) -> most blocking {
    if (!strcmp(where, "own") && n == 1)
        stay(how);
    emit(n);
}
stage to (n <- most) {
    (void)n;
}
flush every 20ms {
    if (!strcmp(where, "flush"))
        stay(how);
}
final {
    if (!strcmp(where, "final") && failed())
        stay(how);
}
PIPE
"$PIPEC" build -o "$tmp/stuck" "$tmp/stuck.pipe" >"$tmp/build" 2>&1 || fail build "$(cat "$tmp/build")"

# once_stays MARK: until a body is where it stays
once_stays() {
    while [ ! -e "$1" ]; do
        sleep 0.05
    done
}

# begin WHERE HOW: runs it, sends the first signal once the body is there, and notes what came of it
begin() {
    local name=$1.$2 pid
    MARK=$tmp/$name.mark "$tmp/stuck" --where="$1" --how="$2" >"$tmp/$name.out" 2>"$tmp/$name.err" &
    pid=$!
    once_stays "$tmp/$name.mark"
    kill -TERM "$pid"
    wait "$pid"
    echo "$?" >"$tmp/$name.status"
}

stuck="pool.system pool.read pool.poll pool.lock pool.loop pool.print own.read flush.lock source.lock source.loop"
for case in $stuck source.read source.poll source.wait_for pool.wait_for pool.nothing final.long; do
    begin "${case%.*}" "${case#*.}" 2>/dev/null &
done
wait

stage_of() {
    case $1 in
    source) echo "from" ;;
    flush) echo "to" ;;
    *) echo "$1" ;;
    esac
}

# Named, with what was printed before unless the body holds that lock.
ended_hard() {
    local stage
    stage=$(stage_of "${1%.*}")
    [ "$(cat "$tmp/$1.status")" = 1 ] &&
        grep -q "^stuck: not drained within the limit" "$tmp/$1.err" &&
        grep -q "^stuck: $stage, worker [01]: has not returned for 10 s after the pipeline was torn down$" "$tmp/$1.err" &&
        [ "$(wc -l <"$tmp/$1.err")" -eq 2 ] &&
        if [ "$1" = pool.print ]; then [ ! -s "$tmp/$1.out" ]; else grep -qx begun "$tmp/$1.out"; fi &&
        fails grep -q "at the end" "$tmp/$1.out"
}

# By the signal, when all was done.
ended_well() {
    [ "$(cat "$tmp/$1.status")" = 143 ] && grep -qx "at the end" "$tmp/$1.out" && [ ! -s "$tmp/$1.err" ]
}

for case in $stuck; do
    check "a hard end of $case" ended_hard "$case" || cat "$tmp/$case.err"
done
for case in source.read source.poll source.wait_for pool.nothing; do
    check "a drain ends $case" ended_well "$case"
done

# What waits in the pool is told by the tear-down, and no hard end is needed.
ended_by_limit() {
    [ "$(cat "$tmp/$1.status")" = 143 ] && grep -qx "at the end" "$tmp/$1.out" &&
        [ "$(cat "$tmp/$1.err")" = "stuck: not drained within the limit; what is left is dropped" ]
}
check "the limit of the drain ends pool.wait_for" ended_by_limit pool.wait_for

# A final may take as long as it likes: nobody is named.
final_lasts() {
    [ "$(cat "$tmp/final.long.status")" = 143 ] && grep -qx "at the end" "$tmp/final.long.out" &&
        [ "$(cat "$tmp/final.long.err")" = "stuck: pool: torn down" ]
}
check "a final is left alone" final_lasts || cat "$tmp/final.long.status" "$tmp/final.long.err" "$tmp/final.long.out"

check "--drain goes before the limit of the file" bash -c \
    "'$tmp/stuck' --help | tr -s ' \n' ' ' | grep -q 'default 200ms'"
if command -v script >/dev/null; then
    cat >"$tmp/tty.sh" <<SH
MARK=$tmp/tty.mark "$tmp/stuck" --where=source --how=poll & pid=\$!
while [ ! -e "$tmp/tty.mark" ]; do
    sleep 0.05
done
kill -TERM \$pid
wait \$pid
SH
    script -qec "bash $tmp/tty.sh" /dev/null </dev/null >"$tmp/tty.out" 2>&1
    check "a terminal is told of the drain" \
        grep -q "stuck: draining [0-9]* items\?; press Ctrl-C again to end at once" "$tmp/tty.out"
fi
finish
