/* The change of stacks by ucontext, for machines that have no file of their own, and for programs with shadow stacks.
 *
 * Contexts cannot call on another one's stack: who leaves says what is to be called, changes, and prt_context_enter_()
 * calls it. Each change is a system call, for the signal mask. */
#include "platform/stack.h"

#if HAS_CONTEXT

#include <stdlib.h>

/* At base->sp, on the base's stack. */
struct crossing {
    ucontext_t context;
    bool (*meanwhile)(void *);
    void *argument;
};

/* makecontext() passes numbers. */
static void start(unsigned function_high, unsigned function_low, unsigned argument_high, unsigned argument_low)
{
    void (*const function)(void *) =
        (void (*)(void *))(((uintptr_t)function_high << 16 << 16) | (uintptr_t)function_low);

    function((void *)(((uintptr_t)argument_high << 16 << 16) | (uintptr_t)argument_low));
    abort();
}

void prt_context_make_(struct prt_stack *stack, void (*function)(void *), void *argument)
{
    const uintptr_t f = (uintptr_t)function, a = (uintptr_t)argument;

    getcontext(&stack->context);
    stack->context.uc_stack.ss_sp = stack->low;
    stack->context.uc_stack.ss_size = (size_t)((unsigned char *)stack - stack->low);
    stack->context.uc_link = NULL;
    makecontext(&stack->context, (void (*)(void))start, 4, (unsigned)(f >> 16 >> 16), (unsigned)f,
                (unsigned)(a >> 16 >> 16), (unsigned)a);
}

void prt_context_enter_(struct prt_stack *stack, struct prt_base *base)
{
    struct crossing here;

    base->sp = &here;
    do
        swapcontext(&here.context, &stack->context);
    while (here.meanwhile(here.argument));
}

void prt_context_leave_(struct prt_stack *stack, struct prt_base *base, bool (*meanwhile)(void *), void *argument)
{
    struct crossing *const there = base->sp;

    there->meanwhile = meanwhile;
    there->argument = argument;
    swapcontext(&stack->context, &there->context);
}

#endif
