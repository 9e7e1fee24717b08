/* The switch saves what a function must preserve and changes the stack; signal masks and floating-point modes stay. */
#include "coro.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define STACK_SIZE ((size_t)256 * 1024)
#define GUARD_SIZE ((size_t)64 * 1024)

static struct {
    unsigned char *at;
    size_t size;
} stacks;

void coro_stacks_make(unsigned count)
{
    stacks.size = count * (STACK_SIZE + GUARD_SIZE);
    stacks.at = mmap(NULL, stacks.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stacks.at == MAP_FAILED) {
        perror("no memory for stacks");
        exit(1);
    }
    for (unsigned i = 0; i < count; i++)
        mprotect(stacks.at + i * (STACK_SIZE + GUARD_SIZE), GUARD_SIZE, PROT_NONE);
}

bool coro_stacks_hold(const void *at)
{
    const uintptr_t first = (uintptr_t)stacks.at;

    return (uintptr_t)at >= first && (uintptr_t)at < first + stacks.size;
}

static unsigned char *stack_bottom(unsigned index)
{
    return stacks.at + index * (STACK_SIZE + GUARD_SIZE) + GUARD_SIZE;
}

#if defined(__x86_64__)

void coro_swap_(void **from, void *to);
void coro_entry_(void);

__asm__(".text\n"
        ".globl coro_swap_\n"
        ".type coro_swap_, @function\n"
        "coro_swap_:\n"
        "    pushq %rbp\n"
        "    pushq %rbx\n"
        "    pushq %r12\n"
        "    pushq %r13\n"
        "    pushq %r14\n"
        "    pushq %r15\n"
        "    movq %rsp, (%rdi)\n"
        "    movq %rsi, %rsp\n"
        "    popq %r15\n"
        "    popq %r14\n"
        "    popq %r13\n"
        "    popq %r12\n"
        "    popq %rbx\n"
        "    popq %rbp\n"
        "    ret\n"
        ".size coro_swap_, .-coro_swap_\n"
        ".globl coro_entry_\n"
        ".type coro_entry_, @function\n"
        "coro_entry_:\n"
        "    movq %r13, %rdi\n"
        "    call *%r12\n"
        "    ud2\n"
        ".size coro_entry_, .-coro_entry_\n");

static void *first_frame(unsigned char *top, void (*function)(void *), void *argument)
{
    uintptr_t *sp = (uintptr_t *)(void *)top - 9; /* aligned when coro_entry_ begins */

    sp[0] = sp[1] = 0;             /* r15, r14 */
    sp[2] = (uintptr_t)argument;   /* r13 */
    sp[3] = (uintptr_t)function;   /* r12 */
    sp[4] = sp[5] = 0;             /* rbx, rbp */
    sp[6] = (uintptr_t)coro_entry_;
    return sp;
}

#elif defined(__aarch64__)

void coro_swap_(void **from, void *to);
void coro_entry_(void);

__asm__(".text\n"
        ".globl coro_swap_\n"
        ".type coro_swap_, %function\n"
        "coro_swap_:\n"
        "    sub sp, sp, #160\n"
        "    stp x19, x20, [sp, #0]\n"
        "    stp x21, x22, [sp, #16]\n"
        "    stp x23, x24, [sp, #32]\n"
        "    stp x25, x26, [sp, #48]\n"
        "    stp x27, x28, [sp, #64]\n"
        "    stp x29, x30, [sp, #80]\n"
        "    stp d8, d9, [sp, #96]\n"
        "    stp d10, d11, [sp, #112]\n"
        "    stp d12, d13, [sp, #128]\n"
        "    stp d14, d15, [sp, #144]\n"
        "    mov x9, sp\n"
        "    str x9, [x0]\n"
        "    mov sp, x1\n"
        "    ldp x19, x20, [sp, #0]\n"
        "    ldp x21, x22, [sp, #16]\n"
        "    ldp x23, x24, [sp, #32]\n"
        "    ldp x25, x26, [sp, #48]\n"
        "    ldp x27, x28, [sp, #64]\n"
        "    ldp x29, x30, [sp, #80]\n"
        "    ldp d8, d9, [sp, #96]\n"
        "    ldp d10, d11, [sp, #112]\n"
        "    ldp d12, d13, [sp, #128]\n"
        "    ldp d14, d15, [sp, #144]\n"
        "    add sp, sp, #160\n"
        "    ret\n"
        ".size coro_swap_, .-coro_swap_\n"
        ".globl coro_entry_\n"
        ".type coro_entry_, %function\n"
        "coro_entry_:\n"
        "    mov x0, x20\n"
        "    blr x19\n"
        "    brk #0\n"
        ".size coro_entry_, .-coro_entry_\n");

static void *first_frame(unsigned char *top, void (*function)(void *), void *argument)
{
    uintptr_t *sp = (uintptr_t *)(void *)top - 20;

    for (int i = 0; i < 20; i++)
        sp[i] = 0;
    sp[0] = (uintptr_t)function;     /* x19 */
    sp[1] = (uintptr_t)argument;     /* x20 */
    sp[11] = (uintptr_t)coro_entry_; /* x30 */
    return sp;
}

#endif

#ifdef CORO_OWN_SWITCH

void coro_make(struct coro *coro, unsigned index, void (*function)(void *), void *argument)
{
    coro->sp = first_frame(stack_bottom(index) + STACK_SIZE, function, argument);
}

void coro_switch(struct coro *from, struct coro *to)
{
    coro_swap_(&from->sp, to->sp);
}

#else

static void entry(unsigned high, unsigned low)
{
    struct coro *coro = (struct coro *)(((uintptr_t)high << 16 << 16) | low);

    coro->function(coro->argument);
    abort();
}

void coro_make(struct coro *coro, unsigned index, void (*function)(void *), void *argument)
{
    getcontext(&coro->context);
    coro->context.uc_stack.ss_sp = stack_bottom(index);
    coro->context.uc_stack.ss_size = STACK_SIZE;
    coro->context.uc_link = NULL;
    coro->function = function;
    coro->argument = argument;
    makecontext(&coro->context, (void (*)(void))entry, 2, (unsigned)((uintptr_t)coro >> 16 >> 16),
                (unsigned)(uintptr_t)coro);
}

void coro_switch(struct coro *from, struct coro *to)
{
    swapcontext(&from->context, &to->context);
}

#endif
