/* Stacks of bodies: their memory, what sanitizers and valgrind are told of them, what is said when one is too small. How
 * a thread changes to one is in the files that platform/stack.h names. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "platform/stack.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif

#define WATCHED (PRT_SANITIZE_ADDRESS || PRT_SANITIZE_THREAD) /* changes of stacks are told to somebody */

#if PRT_SANITIZE_ADDRESS
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#endif
#if PRT_SANITIZE_THREAD
#include <sanitizer/tsan_interface.h>
#endif

/* Below each stack. A large frame that is not touched from its top on would step over a single page. */
#define GUARD_BYTES ((size_t)64 * 1024)
#define MAP_BYTES (GUARD_BYTES + PRT_STACK_BYTES)

/* A guard made by mprotect() splits a mapping, and the kernel gives a process 65,530 of them, which malloc() needs too.
 * From Linux 6.13 on pages can be marked instead. */
#define GUARD_INSTALL 102 /* MADV_GUARD_INSTALL, where it is not in the header yet */
#define SPLITS_MOST 8192
#define STACKS_MOST 28000 /* where they cannot */

/* ---- errno ------------------------------------------------------------------------------------------------------ */

/* The assembly, an effect for all that compilers know, keeps them from finding, at link time too, that this is no more
 * than __errno_location(), which is declared to return the same each time. */
__attribute__((noinline)) int *prt_errno_(void)
{
    __asm__ volatile("" ::: "memory");
    return __errno_location();
}

/* ---- a stack that is too small ---------------------------------------------------------------------------------- */

/* The stack that the thread has entered. */
static _Thread_local struct prt_stack *entered;

static struct iovec part(const char *text)
{
    return (struct iovec){ (void *)(uintptr_t)text, strlen(text) };
}

/* Returning with the default action makes the instruction fault again, which ends the process as if nobody had looked. */
static void faulted(int signal, siginfo_t *info, void *context)
{
    const struct sigaction standard = { .sa_handler = SIG_DFL };
    const struct prt_stack *const stack = entered;
    const unsigned char *const at = info->si_addr;

    (void)context;
    sigaction(SIGSEGV, &standard, NULL);
    if (info->si_code <= 0) { /* somebody has sent it: it does not come again by itself */
        raise(signal);
    } else if (stack && at < stack->low && at >= stack->low - GUARD_BYTES) {
        const struct iovec parts[] = { part(stack->run), part(": "), part(stack->stage),
                                       part(": the body needs more stack than the 256 KiB that it has\n") };

        if (writev(STDERR_FILENO, parts, sizeof parts / sizeof parts[0]) < 0)
            return;
    }
}

/* Signals are the process's, so what handles them is too. */
static struct {
    pthread_mutex_t lock;
    uint64_t stacks;
    bool taken;
} all = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void faults_watch(void)
{
    struct sigaction action = { .sa_sigaction = faulted, .sa_flags = SA_SIGINFO | SA_ONSTACK }, before;

    sigemptyset(&action.sa_mask);
    all.taken = sigaction(SIGSEGV, NULL, &before) == 0 && !(before.sa_flags & SA_SIGINFO) &&
                before.sa_handler == SIG_DFL && sigaction(SIGSEGV, &action, NULL) == 0;
}

static void faults_leave(void)
{
    const struct sigaction standard = { .sa_handler = SIG_DFL };
    struct sigaction now;

    if (all.taken && sigaction(SIGSEGV, NULL, &now) == 0 && (now.sa_flags & SA_SIGINFO) && now.sa_sigaction == faulted)
        sigaction(SIGSEGV, &standard, NULL);
    all.taken = false;
}

/* Returns how many others there are. */
static uint64_t stack_count(void)
{
    uint64_t others;

    pthread_mutex_lock(&all.lock);
    others = all.stacks++;
    if (others == 0)
        faults_watch();
    pthread_mutex_unlock(&all.lock);
    return others;
}

static void stack_uncount(void)
{
    pthread_mutex_lock(&all.lock);
    if (--all.stacks == 0)
        faults_leave();
    pthread_mutex_unlock(&all.lock);
}

/* ---- what sanitizers and valgrind are told ---------------------------------------------------------------------- */

/* AddressSanitizer keeps the locals that it watches for use after return in a "fake stack": whoever leaves a stack puts
 * away its own and says where he goes, and there asks for the one that belongs to it. ThreadSanitizer has "fibres". */

static void watch_new(struct prt_stack *stack)
{
#ifdef VALGRIND_STACK_REGISTER
    stack->valgrind = VALGRIND_STACK_REGISTER(stack->low, (unsigned char *)stack);
#endif
#if PRT_SANITIZE_ADDRESS
    __lsan_register_root_region(stack->low, PRT_STACK_BYTES); /* what a body that waits has allocated is no leak */
#endif
    (void)stack;
}

static void watch_free(struct prt_stack *stack)
{
#if PRT_SANITIZE_THREAD
    if (stack->fibre)
        __tsan_destroy_fiber(stack->fibre);
#endif
#if PRT_SANITIZE_ADDRESS
    __lsan_unregister_root_region(stack->low, PRT_STACK_BYTES);
    if (stack->fake) { /* only the one in use can be destroyed: it is that for a moment */
        void *own;
        const void *low;
        size_t size;

        __sanitizer_start_switch_fiber(&own, stack->low, PRT_STACK_BYTES);
        __sanitizer_finish_switch_fiber(stack->fake, &low, &size);
        __sanitizer_start_switch_fiber(NULL, low, size);
        __sanitizer_finish_switch_fiber(own, NULL, NULL);
    }
#endif
#ifdef VALGRIND_STACK_DEREGISTER
    VALGRIND_STACK_DEREGISTER(stack->valgrind);
#endif
    (void)stack;
}

/* On the base's stack, before it is left. */
static void watch_enter(struct prt_stack *stack, struct prt_base *base)
{
#if PRT_SANITIZE_ADDRESS
    __sanitizer_start_switch_fiber(&base->fake, stack->low, PRT_STACK_BYTES);
#endif
#if PRT_SANITIZE_THREAD
    if (!stack->fibre)
        stack->fibre = __tsan_create_fiber(0);
    base->fibre = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(stack->fibre, 0);
#endif
    (void)stack;
    (void)base;
}

/* On the stack, once it was entered or gone back to. */
static void watch_entered(struct prt_stack *stack)
{
#if PRT_SANITIZE_ADDRESS
    __sanitizer_finish_switch_fiber(stack->fake, &stack->base->low, &stack->base->size);
#endif
    (void)stack;
}

/* ---- entering and leaving --------------------------------------------------------------------------------------- */

static void change_leave(struct prt_stack *stack, struct prt_base *base, bool (*meanwhile)(void *), void *argument)
{
    if (BY_CONTEXT)
        prt_context_leave_(stack, base, meanwhile, argument);
    else
        prt_switch_leave_(stack, base, meanwhile, argument);
}

#if WATCHED

/* What a watched stack has called on the base's. It lies on the stack. */
struct call {
    struct prt_stack *stack;
    struct prt_base *base;
    bool (*meanwhile)(void *);
    void *argument;
    bool back; /* meanwhile() has returned true */
};

/* ThreadSanitizer counts calls and returns of each fibre: those who call it change fibres, so that what is called on one
 * returns on it. */
static bool watched_meanwhile(void *opaque)
{
    const struct call call = *(struct call *)opaque;

#if PRT_SANITIZE_ADDRESS
    __sanitizer_finish_switch_fiber(call.base->fake, NULL, NULL);
#endif
    if (!call.meanwhile(call.argument))
        return false;
    ((struct call *)opaque)->back = true;
#if PRT_SANITIZE_ADDRESS
    __sanitizer_start_switch_fiber(&call.base->fake, call.stack->low, PRT_STACK_BYTES);
#endif
    return true;
}

void prt_stack_leave(struct prt_stack *stack, struct prt_base *base, bool (*meanwhile)(void *), void *argument)
{
    struct call call = { stack, base, meanwhile, argument, false };

#if PRT_SANITIZE_ADDRESS
    __sanitizer_start_switch_fiber(&stack->fake, base->low, base->size);
#endif
#if PRT_SANITIZE_THREAD
    __tsan_switch_to_fiber(base->fibre, 0);
#endif
    change_leave(stack, base, watched_meanwhile, &call);
#if PRT_SANITIZE_THREAD
    if (call.back)
        __tsan_switch_to_fiber(stack->fibre, 0);
#endif
    watch_entered(stack);
}

#else

void prt_stack_leave(struct prt_stack *stack, struct prt_base *base, bool (*meanwhile)(void *), void *argument)
{
    change_leave(stack, base, meanwhile, argument);
}

#endif

static bool returned(void *opaque)
{
    struct prt_base *const base = opaque;

    base->returned = true;
    return false;
}

/* The outermost function of every stack. Its frame stays from one function to the next, so that none is made anew. */
static void stack_main(void *opaque)
{
    struct prt_stack *const stack = opaque;

    watch_entered(stack);
    for (;;) {
        stack->function(stack->argument);
        stack->function = NULL;
        prt_stack_leave(stack, stack->base, returned, stack->base);
    }
}

bool prt_stack_enter(struct prt_stack *stack, struct prt_base *base)
{
    entered = stack;
    stack->base = base;
    base->returned = false;
    watch_enter(stack, base);
    if (BY_CONTEXT)
        prt_context_enter_(stack, base);
    else
        prt_switch_enter_(stack, base);
    entered = NULL;
    return base->returned;
}

/* ---- making ----------------------------------------------------------------------------------------------------- */

#define CONTEXT_BYTES ((size_t)16 * 1024) /* more than swapcontext() keeps below a prt_stack */
#define COLOURS 8 /* a cache takes few lines of the same place in a page: the tops of stacks are at several */
#define COLOUR_BYTES 256

static bool guard_make(void *at, uint64_t others)
{
    if (others >= SPLITS_MOST && madvise(at, GUARD_BYTES, GUARD_INSTALL) == 0)
        return true;
    return others < STACKS_MOST && mprotect(at, GUARD_BYTES, PROT_NONE) == 0;
}

static void stack_make(struct prt_stack *stack)
{
    if (BY_CONTEXT)
        prt_context_make_(stack, stack_main, stack);
    else
        stack->sp = prt_switch_make_(stack, stack_main, stack);
}

struct prt_stack *prt_stack_new(void)
{
    /* MAP_STACK: no huge page makes what is never touched real. */
    unsigned char *const at = mmap(NULL, MAP_BYTES, PROT_READ | PROT_WRITE,
                                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    struct prt_stack *stack;
    uint64_t others;

    if (at == MAP_FAILED)
        return NULL;
    others = stack_count();
    if (!guard_make(at, others)) {
        stack_uncount();
        munmap(at, MAP_BYTES);
        return NULL;
    }
    stack = (struct prt_stack *)(void *)(at + MAP_BYTES - others % COLOURS * COLOUR_BYTES - sizeof *stack); /* zero */
    stack->low = at + GUARD_BYTES;
    stack_make(stack);
    watch_new(stack);
    return stack;
}

void prt_stack_free(struct prt_stack *stack)
{
    watch_free(stack);
    munmap(stack->low - GUARD_BYTES, MAP_BYTES);
    stack_uncount();
}

/* What stack_main() keeps of it lies at the top. */
void prt_stack_trim(struct prt_stack *stack)
{
    const uintptr_t kept = stack->sp ? (uintptr_t)stack->sp : (uintptr_t)stack - CONTEXT_BYTES;
    const size_t size = (kept & ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1)) - (uintptr_t)stack->low;

    if (madvise(stack->low, size, MADV_FREE) != 0)
        madvise(stack->low, size, MADV_DONTNEED); /* before Linux 4.5 */
}

void prt_stack_begin(struct prt_stack *stack, const char *run, const char *stage, void (*function)(void *),
                     void *argument)
{
    stack->run = run;
    stack->stage = stage;
    stack->function = function;
    stack->argument = argument;
}
