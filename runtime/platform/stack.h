/* Stacks of bodies, inside: what they are is platform/stack.c's, how a thread changes to one and back is a file's for each
 * machine, platform/stack_x86_64.c and platform/stack_aarch64.c, and for all others platform/stack_ucontext.c. */
#ifndef PLATFORM_STACK_H
#define PLATFORM_STACK_H

#include <prt/platform.h>

/* PRT_STACK_UCONTEXT, a macro of whoever compiles it, does without assembly on any machine. */
#if ((defined(__x86_64__) && !defined(__ILP32__)) || (defined(__aarch64__) && !defined(__ILP32__))) && \
    !defined(PRT_STACK_UCONTEXT)
#define HAS_SWITCH 1

/* How a function in assembly begins and ends, on any machine. */
#define FUNCTION(name)                      \
    "    .globl " name "\n"                 \
    "    .hidden " name "\n"                \
    "    .type " name ", %function\n"       \
    "    .p2align 4\n"                      \
    name ":\n"                              \
    "    .cfi_startproc\n"

#define END(name)                           \
    "    .cfi_endproc\n"                    \
    "    .size " name ", .-" name "\n"
#else
#define HAS_SWITCH 0
#endif

/* A shadow stack holds the return addresses a second time, out of the program's reach (CET on x86-64, GCS on aarch64).
 * It is only active in programs that were compiled for it; there, ucontext changes it with the stack. */
#if defined(__GLIBC__) && ((defined(__CET__) && (__CET__ & 2)) || defined(__ARM_FEATURE_GCS_DEFAULT))
#define MAY_HAVE_SHADOW 1
#else
#define MAY_HAVE_SHADOW 0
#endif

#define HAS_CONTEXT (!HAS_SWITCH || MAY_HAVE_SHADOW)

#if HAS_CONTEXT
#include <ucontext.h>
#endif

/* Whether the thread changes stacks by ucontext. The way that is not compiled is not called either. */
#define BY_CONTEXT (!HAS_SWITCH || (MAY_HAVE_SHADOW && prt_switch_shadowed_()))

/* At the top of its stack, whose topmost page is in use anyway. */
struct prt_stack {
    _Alignas(64) void *sp;    /* while no thread is on it; first, since assembly takes a prt_stack for the place of it */
    struct prt_base *base;    /* where it was entered from */
    void (*function)(void *); /* NULL: it has returned, or there was none yet */
    void *argument;
    const char *run, *stage;
    unsigned char *low;       /* the lowest byte above the guard */
    void *fake;               /* AddressSanitizer's */
    void *fibre;              /* ThreadSanitizer's; NULL: not entered yet */
    unsigned valgrind;        /* its number there */
#if HAS_CONTEXT
    ucontext_t context;       /* in place of sp */
#endif
};

/* The first prt_switch_enter_() calls `function(argument)`, which does not return, on the stack that ends at `top`. */
void *prt_switch_make_(void *top, void (*function)(void *), void *argument);

/* Enter and leave as in prt/platform.h; the caller tells by other means why enter returned. */
void prt_switch_enter_(struct prt_stack *stack, struct prt_base *base);
void prt_switch_leave_(struct prt_stack *stack, struct prt_base *base, bool (*meanwhile)(void *), void *argument);

/* The outermost function of every stack, where its frames end. */
extern const char prt_switch_start_[] __attribute__((visibility("hidden")));

/* The same by ucontext. */
void prt_context_make_(struct prt_stack *stack, void (*function)(void *), void *argument);
void prt_context_enter_(struct prt_stack *stack, struct prt_base *base);
void prt_context_leave_(struct prt_stack *stack, struct prt_base *base, bool (*meanwhile)(void *), void *argument);

/* Whether the thread has a shadow stack. */
bool prt_switch_shadowed_(void);

#endif
