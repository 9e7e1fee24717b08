/* The change of stacks on x86-64.
 *
 * Who leaves a stack keeps there, from the stack pointer up: MXCSR and the x87 control word, r15, r14, r13, r12, rbx, rbp
 * and the return address, as the ABI has functions preserve them.
 *
 * prt_switch_leave_() is one call on two stacks: it keeps its registers on the body's stack, but calls `meanwhile` on
 * the base's. rbp, which `meanwhile` preserves, is its frame there and back: on the quick way nothing else was changed,
 * every return meets its call, and whoever unwinds, by frame pointers or by CFI, gets from `meanwhile` to the body.
 */
#include "platform/stack.h"

#if HAS_SWITCH && defined(__x86_64__)

#define SAVE                                \
    "    endbr64\n"                         \
    "    pushq %rbp\n"                      \
    "    .cfi_def_cfa_offset 16\n"          \
    "    .cfi_offset %rbp, -16\n"           \
    "    movq %rsp, %rbp\n"                 \
    "    .cfi_def_cfa_register %rbp\n"      \
    "    pushq %rbx\n"                      \
    "    pushq %r12\n"                      \
    "    pushq %r13\n"                      \
    "    pushq %r14\n"                      \
    "    pushq %r15\n"                      \
    "    subq $8, %rsp\n"                   \
    "    stmxcsr (%rsp)\n"                  \
    "    fnstcw 4(%rsp)\n"                  \
    "    .cfi_offset %rbx, -24\n"           \
    "    .cfi_offset %r12, -32\n"           \
    "    .cfi_offset %r13, -40\n"           \
    "    .cfi_offset %r14, -48\n"           \
    "    .cfi_offset %r15, -56\n"

__asm__("    .pushsection .text\n"
        FUNCTION("prt_switch_enter_") /* rdi: stack, rsi: base */
        SAVE
        "    movq %rsp, (%rsi)\n"
        "    movq (%rdi), %rsp\n"
        "    .cfi_def_cfa %rsp, 64\n"
        /* Loading modes is slow and they are hardly ever others. The flags in MXCSR are no mode. */
        "1:  stmxcsr -8(%rsp)\n"
        "    fnstcw -4(%rsp)\n"
        "    movl (%rsp), %eax\n"
        "    xorl -8(%rsp), %eax\n"
        "    movzwl 4(%rsp), %ecx\n"
        "    xorw -4(%rsp), %cx\n"
        "    andl $0xffc0, %eax\n"
        "    orl %ecx, %eax\n"
        "    jne 3f\n"
        "2:  addq $8, %rsp\n"
        "    .cfi_remember_state\n"
        "    .cfi_def_cfa_offset 56\n"
        "    popq %r15\n"
        "    .cfi_def_cfa_offset 48\n"
        "    .cfi_restore %r15\n"
        "    popq %r14\n"
        "    .cfi_def_cfa_offset 40\n"
        "    .cfi_restore %r14\n"
        "    popq %r13\n"
        "    .cfi_def_cfa_offset 32\n"
        "    .cfi_restore %r13\n"
        "    popq %r12\n"
        "    .cfi_def_cfa_offset 24\n"
        "    .cfi_restore %r12\n"
        "    popq %rbx\n"
        "    .cfi_def_cfa_offset 16\n"
        "    .cfi_restore %rbx\n"
        "    popq %rbp\n"
        "    .cfi_def_cfa_offset 8\n"
        "    .cfi_restore %rbp\n"
        "    ret\n"
        "    .cfi_restore_state\n"
        "3:  ldmxcsr (%rsp)\n"
        "    fldcw 4(%rsp)\n"
        "    jmp 2b\n"
        END("prt_switch_enter_")

        /* gdb takes a frame that lies below its callee's for a corrupt stack, unless it is a signal's. */
        FUNCTION("prt_switch_leave_") /* rdi: stack, rsi: base, rdx: meanwhile, rcx: its argument */
        "    .cfi_signal_frame\n"
        SAVE
        "    movq %rsp, (%rdi)\n"
        "    movq (%rsi), %rsp\n"
        "    movq %rcx, %rdi\n"
        "    call *%rdx\n"
        "    testb %al, %al\n"
        "    je 1b\n" /* on the base's stack: what it kept is what enter kept */
        "    leave\n"
        "    .cfi_def_cfa %rsp, 8\n"
        "    .cfi_restore %rbp\n"
        "    .cfi_restore %rbx\n"
        "    .cfi_restore %r12\n"
        "    .cfi_restore %r13\n"
        "    .cfi_restore %r14\n"
        "    .cfi_restore %r15\n"
        "    ret\n"
        END("prt_switch_leave_")

        /* The outermost function of a stack: nobody called it. */
        FUNCTION("prt_switch_start_") /* r12: function, rbx: its argument */
        "    .cfi_undefined %rip\n"
        "    movq %rbx, %rdi\n"
        "    call *%r12\n"
        "    ud2\n"
        END("prt_switch_start_")
        "    .popsection\n");

/* The modes are those of the thread that makes the stack. */
void *prt_switch_make_(void *top, void (*function)(void *), void *argument)
{
    uint64_t *const sp = (uint64_t *)((uintptr_t)top & ~(uintptr_t)15) - 8;

    sp[0] = 0;
    __asm__ volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(((uint32_t *)sp)[0]), "=m"(((uint16_t *)sp)[2]));
    sp[1] = sp[2] = sp[3] = 0;                 /* r15, r14, r13 */
    sp[4] = (uint64_t)(uintptr_t)function;     /* r12 */
    sp[5] = (uint64_t)(uintptr_t)argument;     /* rbx */
    sp[6] = 0;                                 /* rbp: the end of the frames */
    sp[7] = (uint64_t)(uintptr_t)prt_switch_start_;
    return sp;
}

#if MAY_HAVE_SHADOW
bool prt_switch_shadowed_(void)
{
    uint64_t ssp = 0;

    __asm__ volatile("rdsspq %0" : "+r"(ssp)); /* nothing where there is none */
    return ssp != 0;
}
#endif

#endif
