/* A leaf below a body that has left its stack, for a debugger: leaf() is called meanwhile, then by the body itself. */
#include <prt/platform.h>

#define NOINLINE __attribute__((noinline))

static struct prt_base base;
static struct prt_stack *stack;

NOINLINE void leaf(void)
{
    __asm__ volatile("");
}

static NOINLINE bool meanwhile_called(void *argument)
{
    (void)argument;
    leaf();
    return true;
}

static NOINLINE void body_inner(void)
{
    prt_stack_leave(stack, &base, meanwhile_called, NULL);
    leaf();
    __asm__ volatile("");
}

static NOINLINE void body_outer(void *argument)
{
    (void)argument;
    body_inner();
    __asm__ volatile("");
}

int main(void)
{
    stack = prt_stack_new();
    if (!stack)
        return 2;
    prt_stack_begin(stack, "traced", "body", body_outer, NULL);
    return prt_stack_enter(stack, &base) ? 0 : 1;
}
