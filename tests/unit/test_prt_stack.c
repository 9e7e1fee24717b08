/* Stacks of bodies, by the interface in prt/platform.h: entering, leaving, returning, what goes along from thread to
 * thread and what does not, and how it ends when a stack is too small or a body ends its thread. */
#include <prt/platform.h>
#include <prt/errno.h>

#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <unwind.h>

#include "platform/stack.h"
#include "unit.h"

#define NOINLINE __attribute__((noinline))
#define SANITIZED (PRT_SANITIZE_ADDRESS || PRT_SANITIZE_THREAD)

static struct prt_base base;
static struct prt_stack *stack;

static void setup(void)
{
    prt_platform_init();
    base = (struct prt_base){ 0 };
    stack = prt_stack_new();
    ck_assert_ptr_nonnull(stack);
}

static void teardown(void)
{
    prt_stack_free(stack);
}

static void begin(void (*function)(void *), void *argument)
{
    prt_stack_begin(stack, "run", "stage", function, argument);
}

/* ---- entering, leaving, returning ------------------------------------------------------------------------------- */

/* Whether the caller runs on `stack`, as far as an address in its frame tells. */
static NOINLINE bool on_stack(void)
{
    const uintptr_t here = (uintptr_t)__builtin_frame_address(0);

    return here < (uintptr_t)stack && here >= (uintptr_t)stack - PRT_STACK_BYTES;
}

static void says_where(void *argument)
{
    *(bool *)argument = on_stack();
}

START_TEST(returns)
{
    bool there = false;

    begin(says_where, &there);
    ck_assert(prt_stack_enter(stack, &base));
    ck_assert(there);
    ck_assert(!on_stack());
}
END_TEST

START_TEST(begins_again)
{
    for (int i = 0; i < 1000; i++) {
        bool there = false;

        begin(says_where, &there);
        ck_assert(prt_stack_enter(stack, &base));
        ck_assert(there);
        if (i % 10 == 0)
            prt_stack_trim(stack);
    }
}
END_TEST

/* A body that leaves again and again; some of the leaves are given away, and it counts both. */
struct counts {
    unsigned called, gone_on, given_away;
    bool meanwhile_on_stack;
};

static bool every_third_goes_on(void *argument)
{
    struct counts *const counts = argument;

    counts->meanwhile_on_stack |= on_stack();
    if (++counts->called % 3 == 0) {
        counts->gone_on++;
        return true;
    }
    counts->given_away++;
    return false;
}

static void leaves_900_times(void *argument)
{
    for (unsigned i = 1; i <= 900; i++) {
        prt_stack_leave(stack, &base, every_third_goes_on, argument);
        if (((struct counts *)argument)->called != i || !on_stack())
            abort();
    }
}

START_TEST(leaves)
{
    struct counts counts = { 0 };
    unsigned left = 0;

    begin(leaves_900_times, &counts);
    while (!prt_stack_enter(stack, &base))
        left++;
    ck_assert_uint_eq(counts.called, 900);
    ck_assert_uint_eq(counts.gone_on, 300);
    ck_assert_uint_eq(counts.given_away, 600);
    ck_assert_uint_eq(left, 600);
    ck_assert(!counts.meanwhile_on_stack);
}
END_TEST

static bool gives_away(void *argument)
{
    (void)argument;
    return false;
}

static bool goes_on(void *argument)
{
    (void)argument;
    return true;
}

/* Many stacks at a time, each in the middle of a function with a frame of its own. */
enum { MANY = 500 };

static struct prt_stack *many[MANY];

static void holds_its_number(void *argument)
{
    const int number = (int)(many - (struct prt_stack **)argument);
    volatile int kept[100];

    for (int i = 0; i < 100; i++)
        kept[i] = number + i;
    for (int round = 0; round < 3; round++) {
        prt_stack_leave(*(struct prt_stack **)argument, &base, gives_away, NULL);
        for (int i = 0; i < 100; i++)
            if (kept[i] != number + i)
                abort();
    }
}

START_TEST(many_at_a_time)
{
    for (int i = 0; i < MANY; i++) {
        many[i] = prt_stack_new();
        ck_assert_ptr_nonnull(many[i]);
        prt_stack_begin(many[i], "run", "stage", holds_its_number, &many[i]);
    }
    for (int round = 0; round < 4; round++)
        for (int i = 0; i < MANY; i++)
            ck_assert(prt_stack_enter(many[i], &base) == (round == 3));
    for (int i = 0; i < MANY; i++)
        prt_stack_free(many[i]);
}
END_TEST

static void uses_what_is_promised(void *argument)
{
    volatile unsigned char frame[PRT_STACK_PROMISED];

    for (size_t i = 0; i < sizeof frame; i += 4096)
        frame[i] = (unsigned char)i;
    *(size_t *)argument = sizeof frame + frame[0];
}

START_TEST(as_large_as_promised)
{
    size_t used = 0;

    for (int i = 0; i < 3; i++) {
        begin(uses_what_is_promised, &used);
        ck_assert(prt_stack_enter(stack, &base));
        ck_assert_uint_eq(used, PRT_STACK_PROMISED);
        prt_stack_trim(stack);
    }
}
END_TEST

START_TEST(rests_in_little_memory)
{
    unsigned char *const top = (unsigned char *)((uintptr_t)stack & ~(uintptr_t)65535) - 65536;
    size_t used = 0;

    begin(uses_what_is_promised, &used);
    ck_assert(prt_stack_enter(stack, &base));
    prt_stack_trim(stack);
    /* The kernel takes the pages when it wants them; here it is made to. What is left must do for the next function. */
    ck_assert_int_eq(madvise(top, 65536, MADV_DONTNEED), 0);
    begin(uses_what_is_promised, &used);
    ck_assert(prt_stack_enter(stack, &base));
}
END_TEST

START_TEST(no_memory)
{
    struct rlimit limit;
    int n = 0;

    if (SANITIZED) /* which have taken the address space */
        return;
    getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = 256UL * 1024 * 1024;
    setrlimit(RLIMIT_AS, &limit);
    while (n < MANY * 10 && (many[n % MANY] = prt_stack_new()))
        n++;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_AS, &limit);
    ck_assert_int_gt(n, 10);
    ck_assert_int_lt(n, 256 * 4);
}
END_TEST

/* ---- what goes along -------------------------------------------------------------------------------------------- */

static double third(void)
{
    volatile double one = 1, three = 3;

    return one / three;
}

static double third_upward;

static void rounds_upward(void *argument)
{
    fesetround(FE_UPWARD);
    prt_stack_leave(stack, &base, gives_away, NULL);
    *(int *)argument = fegetround();
    third_upward = third();
}

/* The modes of floating point are each stack's. */
START_TEST(modes)
{
    int seen = -1;
    const double nearest = third();

    begin(rounds_upward, &seen);
    ck_assert(!prt_stack_enter(stack, &base));
    ck_assert_int_eq(fegetround(), FE_TONEAREST);
    ck_assert(third() == nearest);
    fesetround(FE_TOWARDZERO);
    ck_assert(prt_stack_enter(stack, &base));
    ck_assert_int_eq(seen, FE_UPWARD);
    ck_assert_int_eq(fegetround(), FE_TOWARDZERO);
    ck_assert(third_upward > nearest);
    fesetround(FE_TONEAREST);
}
END_TEST

/* ---- unwinding -------------------------------------------------------------------------------------------------- */

static uintptr_t trace[64];
static int traced;

static _Unwind_Reason_Code note_frame(struct _Unwind_Context *context, void *unused)
{
    (void)unused;
    if (traced == 64)
        return _URC_END_OF_STACK;
    if (_Unwind_GetIP(context) != 0)
        trace[traced++] = (uintptr_t)_Unwind_GetIP(context);
    return _URC_NO_REASON;
}

static NOINLINE bool traces(void *argument)
{
    traced = 0;
    _Unwind_Backtrace(note_frame, NULL);
    return *(bool *)argument;
}

static void *in_body;

static NOINLINE void note_caller(void)
{
    in_body = __builtin_return_address(0);
}

static void leaves_and_traces(void *argument)
{
    note_caller();
    prt_stack_leave(stack, &base, traces, argument);
    traces(argument);
    __asm__ volatile(""); /* that was not the last thing it does: else it would not be in the trace */
}

static bool trace_has(const void *at)
{
    for (int i = 0; i < traced; i++)
        if (trace[i] >= (uintptr_t)at && trace[i] < (uintptr_t)at + 200)
            return true;
    return false;
}

#if HAS_SWITCH
static bool trace_ends_at_start(void)
{
    const uintptr_t start = (uintptr_t)prt_switch_start_;

    return traced > 0 && trace[traced - 1] > start && trace[traced - 1] < start + 32;
}

/* From what is called meanwhile into the body, and no further than its stack; the same after it went on. */
START_TEST(unwinds)
{
    for (int quick = 0; quick < 2; quick++) {
        bool go_on = quick;

        begin(leaves_and_traces, &go_on);
        if (!quick) {
            ck_assert(!prt_stack_enter(stack, &base));
            ck_assert(trace_has(in_body));
            ck_assert(trace_ends_at_start());
        }
        ck_assert(prt_stack_enter(stack, &base));
        ck_assert(trace_has(in_body));
        ck_assert(trace_ends_at_start());
    }
}
END_TEST
#else
START_TEST(unwinds) /* ucontext does not call across stacks: meanwhile() cannot tell whose it is */
{
    bool go_on = true;

    begin(leaves_and_traces, &go_on);
    ck_assert(prt_stack_enter(stack, &base));
    ck_assert(trace_has(in_body));
}
END_TEST
#endif

/* ---- how it ends ------------------------------------------------------------------------------------------------ */

static char said[4096];

/* Calls `function` in a child, in a thread of the platform and under its guard. Returns the status; what it says on
 * standard error is in `said`. */
static void (*guarded)(void *);

static void lost(void *argument)
{
    (void)argument;
    _exit(42);
}

static void under_guard(void *argument)
{
    prt_guard(guarded, lost, argument);
}

static int status_of(void (*function)(void *), bool other_thread)
{
    int ends[2], status;
    size_t n = 0;
    ssize_t got;
    pid_t child;

    ck_assert_int_eq(pipe(ends), 0);
    guarded = function;
    fflush(NULL);
    child = fork();
    if (child == 0) {
        struct prt_thread_handle handle;

        dup2(ends[1], STDERR_FILENO);
        setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
        if (other_thread && prt_thread_start(&handle, 0, under_guard, NULL) == 0)
            prt_thread_join(&handle);
        else
            under_guard(NULL);
        _exit(0);
    }
    close(ends[1]);
    while ((got = read(ends[0], said + n, sizeof said - 1 - n)) > 0)
        n += (size_t)got;
    said[n] = '\0';
    close(ends[0]);
    waitpid(child, &status, 0);
    return status;
}

static void enters(void (*function)(void *))
{
    begin(function, NULL);
    while (!prt_stack_enter(stack, &base))
        ;
}

static int needs_more(int depth);

static int (*volatile deeper)(int depth) = needs_more; /* no compiler makes a loop of it */

static int needs_more(int depth)
{
    volatile unsigned char frame[4000];

    frame[(unsigned)depth % sizeof frame] = (unsigned char)depth;
    return depth > 1000 ? 0 : deeper(depth + 1) + frame[(unsigned)depth % sizeof frame];
}

static void overflows(void *argument)
{
    (void)argument;
    prt_stack_leave(stack, &base, goes_on, NULL);
    prt_stack_leave(stack, &base, gives_away, NULL);
    needs_more(0);
}

static void enters_overflows(void *argument)
{
    (void)argument;
    enters(overflows);
}

static bool overflows_meanwhile(void *argument)
{
    (void)argument;
    return needs_more(-1000000000) == 0;
}

static void faults(void *argument)
{
    volatile int *volatile at = NULL;

    (void)argument;
    *at = 1;
}

static void leaves_and_overflows_meanwhile(void *argument)
{
    (void)argument;
    prt_stack_leave(stack, &base, overflows_meanwhile, NULL);
}

static void enters_faults(void *argument)
{
    (void)argument;
    enters(faults);
}

static void enters_overflows_meanwhile(void *argument)
{
    (void)argument;
    enters(leaves_and_overflows_meanwhile);
}

static void sends(void *argument)
{
    (void)argument;
    kill(getpid(), SIGSEGV);
    for (;;)
        pause();
}

#define TOO_SMALL "run: stage: the body needs more stack than the 256 KiB that it has\n"

START_TEST(too_small)
{
    for (int thread = 0; thread < 2; thread++) {
        const int status = status_of(enters_overflows, thread);

        if (SANITIZED) { /* it has a handler of its own */
            ck_assert(status != 0);
            continue;
        }
        ck_assert(WIFSIGNALED(status));
        ck_assert_int_eq(WTERMSIG(status), SIGSEGV);
        ck_assert_str_eq(said, TOO_SMALL);
    }
}
END_TEST

/* More than the kernel splits mappings for. */
START_TEST(too_small_of_thousands)
{
    enum { THOUSANDS = 9000 };
    static struct prt_stack *others[THOUSANDS];
    int status;

    prt_stack_free(stack);
    for (int i = 0; i < THOUSANDS; i++)
        ck_assert_ptr_nonnull(others[i] = prt_stack_new());
    stack = prt_stack_new();
    ck_assert_ptr_nonnull(stack);
    status = status_of(enters_overflows, true);
    ck_assert(status != 0);
    if (!SANITIZED)
        ck_assert_str_eq(said, TOO_SMALL);
    for (int i = 0; i < THOUSANDS; i++)
        prt_stack_free(others[i]);
}
END_TEST

/* Any other fault says nothing of stacks. */
START_TEST(other_faults)
{
    void (*const functions[])(void *) = { enters_faults, enters_overflows_meanwhile, sends };

    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        const int status = status_of(functions[i], true);

        if (SANITIZED) {
            ck_assert(status != 0);
            continue;
        }
        ck_assert(WIFSIGNALED(status));
        ck_assert_int_eq(WTERMSIG(status), SIGSEGV);
        ck_assert_str_eq(said, "");
    }
}
END_TEST

static void own_handler(int signal)
{
    (void)signal;
}

/* The handler is there while any stack is, and only where there is none. */
START_TEST(handler)
{
    struct sigaction before, now;

    if (SANITIZED)
        return;
    sigaction(SIGSEGV, NULL, &now);
    ck_assert(now.sa_handler != SIG_DFL);
    prt_stack_free(stack);
    sigaction(SIGSEGV, NULL, &now);
    ck_assert(now.sa_handler == SIG_DFL);
    signal(SIGSEGV, own_handler);
    stack = prt_stack_new();
    sigaction(SIGSEGV, NULL, &now);
    ck_assert(now.sa_handler == own_handler);
    prt_stack_free(stack);
    sigaction(SIGSEGV, NULL, &before);
    ck_assert(before.sa_handler == own_handler);
    signal(SIGSEGV, SIG_DFL);
    stack = prt_stack_new();
}
END_TEST

static void ends_its_thread(void *argument)
{
    (void)argument;
    prt_stack_leave(stack, &base, goes_on, NULL);
    pthread_exit(NULL);
}

static void cancels_its_thread(void *argument)
{
    (void)argument;
    prt_stack_leave(stack, &base, gives_away, NULL);
    pthread_cancel(pthread_self());
    for (;;)
        pause();
}

static bool ends_its_thread_meanwhile(void *argument)
{
    (void)argument;
    pthread_exit(NULL);
}

static void leaves_and_ends(void *argument)
{
    (void)argument;
    prt_stack_leave(stack, &base, ends_its_thread_meanwhile, NULL);
}

static void enters_ends(void *argument)
{
    (void)argument;
    enters(ends_its_thread);
}

static void enters_cancels(void *argument)
{
    (void)argument;
    enters(cancels_its_thread);
}

static void enters_leaves_and_ends(void *argument)
{
    (void)argument;
    enters(leaves_and_ends);
}

/* A body that ends its thread comes out in the guard of the thread that is on its stack. ThreadSanitizer ends the process
 * itself where one of its fibres calls pthread_exit(). */
START_TEST(thread_ends)
{
    void (*const functions[])(void *) = { enters_ends, enters_cancels, enters_leaves_and_ends };

    for (size_t i = PRT_SANITIZE_THREAD ? 1 : 0; i < sizeof functions / sizeof functions[0]; i++)
        for (int thread = 0; thread < 2; thread++) {
            const int status = status_of(functions[i], thread);

            ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 42, "%zu: status %d: %s", i, status, said);
        }
}
END_TEST

static int tidied;

static void tidy(int *by)
{
    tidied += *by;
}

static void has_to_tidy(void *argument)
{
    __attribute__((cleanup(tidy))) int by = 1;

    (void)argument;
    prt_stack_leave(stack, &base, gives_away, NULL);
    (void)by;
}

START_TEST(cleanup)
{
    begin(has_to_tidy, NULL);
    ck_assert(!prt_stack_enter(stack, &base));
    ck_assert_int_eq(tidied, 0);
    ck_assert(prt_stack_enter(stack, &base));
    ck_assert_int_eq(tidied, 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = { returns, begins_again, leaves, many_at_a_time, as_large_as_promised,
                                   rests_in_little_memory, no_memory, modes, unwinds, too_small,
                                   too_small_of_thousands, other_faults, handler,
                                   thread_ends, cleanup };
    Suite *const suite = suite_create("prt_stack");
    TCase *const tcase = tcase_create("stack");

    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
        tcase_add_test(tcase, tests[i]);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, UNIT_HANG);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}
