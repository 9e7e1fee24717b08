#!/usr/bin/env bash
# What programs do when bodies take the runtime's threads away, end the process, or lose its output, and when the system
# refuses what they ask for: the right answer, or one message and status 1, and never a hang.
. "$(dirname "$0")/lib.sh"

cat >"$tmp/bodies.pipe" <<'PIPE'
pipeline bodies "does what it is told in the body or section that is named";

include <errno.h>;
include <pthread.h>;
include <signal.h>;
include <stdio.h>;
include <stdlib.h>;
include <string.h>;
include <sys/wait.h>;
include <unistd.h>;

param string place = "" "which body or section does it";
param string deed = "" "what it does";
param int items = 100 "how many numbers";

%{
static pid_t child;

static void misbehave(const char *deed)
{
    if (!strcmp(deed, "pthread_exit"))
        pthread_exit(NULL);
    if (!strcmp(deed, "cancel")) {
        pthread_cancel(pthread_self());
        pthread_testcancel();
    }
    if (!strcmp(deed, "fork"))
        child = fork();
    if (!strcmp(deed, "forkexec") && (child = fork()) == 0) {
        execlp("true", "true", (char *)NULL);
        _exit(9);
    }
    if (!strcmp(deed, "exit"))
        exit(7);
    if (!strcmp(deed, "raise"))
        raise(SIGTERM);
    if (!strcmp(deed, "close"))
        close(1);
}
%}

init {
    if (!strcmp(place, "pipeline"))
        misbehave(deed);
}
final {
    int status = 0;

    if (!strcmp(place, "last"))
        misbehave(deed);
    if (child > 0 && waitpid(child, &status, 0) == child)
        printf("child %d\n", WEXITSTATUS(status));
}

channel int numbers[8];
channel int inner[1];
channel int waits[8];
channel int sums[8];

stage source -> numbers {
    for (int n = 1; n <= items; n++) {
        if (n == items / 2 && !strcmp(place, "source"))
            misbehave(deed);
        emit(n);
    }
}

stage leaf (n <- numbers) -> inner[1] {
    if (n == items / 2 && !strcmp(place, "leaf"))
        misbehave(deed);
    emit(n);
}

stage within (n <- inner) -> waits  inline {
    if (n == items / 2 && !strcmp(place, "within"))
        misbehave(deed);
    emit(n);
}

stage own (n <- waits) -> sums  blocking {
    if (n == items / 2 && !strcmp(place, "blocking"))
        misbehave(deed);
    emit(n);
}

stage sink (n <- sums)
state {
    int sum;
}
init {
    if (!strcmp(place, "init"))
        misbehave(deed);
}
{
    self->sum += n;
}
final {
    if (!strcmp(place, "final"))
        misbehave(deed);
    printf("%d\n", self->sum);
}
PIPE

"$PIPEC" build -o "$tmp/bodies" "$tmp/bodies.pipe" || fail build bodies.pipe

# ends NAME STATUS OUTPUT ERROR PLACE DEED: OUTPUT is all that it prints, ERROR the beginning of its message
ends() {
    local name=$1 status
    timeout -k 5 60 "$tmp/bodies" --place="$5" --deed="$6" >"$tmp/out" 2>"$tmp/err" </dev/null
    status=$?
    if [ "$status" -ne "$2" ] || [ "$(<"$tmp/out")" != "$3" ] || [[ $(<"$tmp/err") != "$4"* ]] ||
        { [ -z "$4" ] && [ -s "$tmp/err" ]; } || [ "$(wc -l <"$tmp/err")" -gt 1 ]; then
        fail "$name" "status $status, printed '$(<"$tmp/out")', said '$(<"$tmp/err")'"
    else
        pass "$name"
    fi
}

lost="pthread_exit() or pthread_cancel() ended a thread that the program needs"
# The sanitizers do not know a thread that is cancelled, and take what a program that ends at once leaves for leaks.
export TSAN_OPTIONS="${TSAN_OPTIONS-} report_thread_leaks=0"
watched=
[[ $CFLAGS == *-fsanitize* ]] && watched=yes

deeds="pthread_exit cancel"
[ -n "$watched" ] && deeds=pthread_exit
for deed in $deeds; do
    ends "$deed in a source" 1 "" "bodies: source: $lost" source "$deed"
    ends "$deed in a leaf" 1 "" "bodies: leaf, or a stage within it: $lost" leaf "$deed"
    ends "$deed in an inline stage" 1 "" "bodies: leaf, or a stage within it: $lost" within "$deed"
    ends "$deed on a thread of its own" 1 "" "bodies: own: $lost" blocking "$deed"
    ends "$deed in init" 1 "" "bodies: sink: $lost" init "$deed"
    ends "$deed in final" 1 "" "bodies: sink: $lost" final "$deed"
    ends "$deed in the pipeline's init" 1 "" "bodies: $lost" pipeline "$deed"
done

# The child ends at once; its parent waits for it, and the pipe that both write to closes.
went_on="bodies: a forked child went on in the pipeline"
for place in pipeline init source leaf within blocking final last; do
    ends "a forked child goes on: $place" 0 "5050
child 1" "$went_on" "$place" fork
    ends "a forked child calls exec: $place" 0 "5050
child 0" "" "$place" forkexec
done

# What another thread has locked when a body forks stays so in the child: were the children not ended before they want a
# lock, several of them would wait for ever.
cat >"$tmp/children.pipe" <<'PIPE'
pipeline children "forks children that go on, while others hold what they would lock";

include <stdio.h>;
include <sys/wait.h>;
include <unistd.h>;

param int forks = 2000 "how many";

bound few = 2;
channel int ticks[64];
channel int numbers[64];

final {
    int children = 0, status;

    while (wait(&status) > 0)
        children += WIFEXITED(status) && WEXITSTATUS(status) == 1;
    printf("%d children\n", children);
}

stage tick -> ticks
    every 100us
    bound few
state {
    int n;
}
{
    if (self->n++ == forks)
        stop();
    else if (fork() > 0)
        emit(1);
}

stage flood -> numbers {
    for (int i = 0; !stopping(); i++)
        emit(i);
}

stage eat (x <- numbers)
    bound few
{
    (void)x;
}

stage count (x <- ticks) {
    (void)x;
}
PIPE
"$PIPEC" build -o "$tmp/children" "$tmp/children.pipe" || fail build children.pipe
timeout -k 5 60 "$tmp/children" >"$tmp/out" 2>"$tmp/err" </dev/null
if [ "$(<"$tmp/out")" = "2000 children" ] && [ "$(grep -c "forked child went on" "$tmp/err")" -eq 2000 ]; then
    pass "forked children end where a source returns"
else
    fail "forked children end where a source returns" "printed '$(<"$tmp/out")', said '$(sort -u "$tmp/err")'"
fi

for place in source leaf within blocking init final; do
    [ -z "$watched" ] && ends "exit in a body: $place" 7 "" "" "$place" exit
done
ends "raise(SIGTERM) drains" 143 "5050" "" final raise
ends "standard output closed by a body" 1 "" "bodies: cannot write standard output" leaf close

# Nobody reads what it prints: SIGPIPE ends it as any other program, and no final runs.
cat >"$tmp/unread.pipe" <<'PIPE'
pipeline unread "prints for ever";

include <stdio.h>;

channel long numbers[4];

stage count -> numbers {
    for (long n = 1;; n++)
        emit(n);
}

stage show (n <- numbers) {
    printf("%ld\n", n);
}
final {
    fputs("final\n", stderr);
}
PIPE
"$PIPEC" build -o "$tmp/unread" "$tmp/unread.pipe" || fail build unread.pipe
env --default-signal=PIPE timeout -k 5 60 "$tmp/unread" 2>"$tmp/err" | head -n 1 >"$tmp/out"
check "SIGPIPE ends at once: status" test "${PIPESTATUS[0]}" -eq 141
check "SIGPIPE ends at once: no final" test ! -s "$tmp/err" -a "$(<"$tmp/out")" = 1

# ---- the system ----

# system NAME STATUS OUTPUT ERROR COMMAND...: the same of a command that runs the program
system() {
    local name=$1 wanted=$2 output=$3 error=$4 status
    shift 4
    timeout -k 5 60 "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
    status=$?
    if [ "$status" -ne "$wanted" ] || [ "$(<"$tmp/out")" != "$output" ] || [[ $(<"$tmp/err") != "$error"* ]] ||
        { [ -z "$error" ] && [ -s "$tmp/err" ]; }; then
        fail "$name" "status $status, printed '$(<"$tmp/out")', said '$(<"$tmp/err")'"
    else
        pass "$name"
    fi
}

# shellcheck disable=SC2016 # expanded by the shell that runs it
limited() {
    system "$1" "$2" "$3" "$4" bash -c "$5"' exec "$0" "${@}"' "$tmp/bodies" "${@:6}"
}

limited "standard output is full" 1 "" "bodies: cannot write standard output: No space left" "exec >/dev/full;"
limited "help, to where it is full" 1 "" "bodies: cannot write standard output: No space left" "exec >/dev/full;" --help
limited "no standard output" 1 "" "bodies: cannot write standard output: Bad file descriptor" "exec >&-;"
limited "no standard input and error" 0 5050 "" "exec <&- 2>&-;"
[ -z "$watched" ] && limited "little memory" 1 0 "bodies: cannot start the threads that the pipeline needs" "ulimit -v 6000;"
limited "a small stack" 0 5050 "" "ulimit -s 128;"

if [ -n "$watched" ]; then finish; fi # they ask for what is refused
check build-refuse "$CC" -std=c11 -D_GNU_SOURCE -Wall -Wextra -o "$tmp/refuse" tests/hostile/refuse.c
"$tmp/refuse" prctl -- "$tmp/refuse" prctl -- /bin/true 2>/dev/null
if [ $? -eq 3 ]; then # the inner one's own call was refused
    for calls in membarrier sched_getaffinity prctl "membarrier sched_getaffinity prctl"; do
        # shellcheck disable=SC2086 # several
        system "refused: $calls" 0 5050 "" "$tmp/refuse" $calls -- "$tmp/bodies"
    done
else
    fail "refused" "no filter could be installed"
fi
finish
