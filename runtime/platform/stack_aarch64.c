/* The change of stacks on aarch64; platform/stack_x86_64.c says how it is meant.
 *
 * Who leaves a stack keeps there, from the stack pointer up: x29, x30 (a frame record), x19 to x28, d8 to d15 and FPCR. */
#include "platform/stack.h"

#if HAS_SWITCH && defined(__aarch64__)

#define SAVE                                    \
    "    hint #34\n" /* bti c */                \
    "    stp x29, x30, [sp, #-176]!\n"          \
    "    .cfi_def_cfa_offset 176\n"             \
    "    .cfi_offset x29, -176\n"               \
    "    .cfi_offset x30, -168\n"               \
    "    mov x29, sp\n"                         \
    "    .cfi_def_cfa_register x29\n"           \
    "    stp x19, x20, [sp, #16]\n"             \
    "    stp x21, x22, [sp, #32]\n"             \
    "    stp x23, x24, [sp, #48]\n"             \
    "    stp x25, x26, [sp, #64]\n"             \
    "    stp x27, x28, [sp, #80]\n"             \
    "    stp d8, d9, [sp, #96]\n"               \
    "    stp d10, d11, [sp, #112]\n"            \
    "    stp d12, d13, [sp, #128]\n"            \
    "    stp d14, d15, [sp, #144]\n"            \
    "    mrs x9, fpcr\n"                        \
    "    str x9, [sp, #160]\n"                  \
    "    .cfi_offset x19, -160\n"               \
    "    .cfi_offset x20, -152\n"               \
    "    .cfi_offset x21, -144\n"               \
    "    .cfi_offset x22, -136\n"               \
    "    .cfi_offset x23, -128\n"               \
    "    .cfi_offset x24, -120\n"               \
    "    .cfi_offset x25, -112\n"               \
    "    .cfi_offset x26, -104\n"               \
    "    .cfi_offset x27, -96\n"                \
    "    .cfi_offset x28, -88\n"                \
    "    .cfi_offset 72, -80\n" /* d8 */        \
    "    .cfi_offset 73, -72\n"                 \
    "    .cfi_offset 74, -64\n"                 \
    "    .cfi_offset 75, -56\n"                 \
    "    .cfi_offset 76, -48\n"                 \
    "    .cfi_offset 77, -40\n"                 \
    "    .cfi_offset 78, -32\n"                 \
    "    .cfi_offset 79, -24\n"

#define RETURN                                  \
    "    ldp x29, x30, [sp], #176\n"            \
    "    .cfi_def_cfa sp, 0\n"                  \
    "    .cfi_restore x29\n"                    \
    "    .cfi_restore x30\n"                    \
    "    .cfi_restore x19\n"                    \
    "    .cfi_restore x20\n"                    \
    "    .cfi_restore x21\n"                    \
    "    .cfi_restore x22\n"                    \
    "    .cfi_restore x23\n"                    \
    "    .cfi_restore x24\n"                    \
    "    .cfi_restore x25\n"                    \
    "    .cfi_restore x26\n"                    \
    "    .cfi_restore x27\n"                    \
    "    .cfi_restore x28\n"                    \
    "    .cfi_restore 72\n"                     \
    "    .cfi_restore 73\n"                     \
    "    .cfi_restore 74\n"                     \
    "    .cfi_restore 75\n"                     \
    "    .cfi_restore 76\n"                     \
    "    .cfi_restore 77\n"                     \
    "    .cfi_restore 78\n"                     \
    "    .cfi_restore 79\n"                     \
    "    ret\n"

__asm__("    .pushsection .text\n"
        FUNCTION("prt_switch_enter_") /* x0: stack, x1: base */
        SAVE
        "    mov x9, sp\n"
        "    str x9, [x1]\n"
        "    ldr x9, [x0]\n"
        "    mov sp, x9\n"
        "    .cfi_def_cfa sp, 176\n"
        "1:  ldr x9, [sp, #160]\n" /* setting modes is slow and they are hardly ever others */
        "    mrs x10, fpcr\n"
        "    cmp x9, x10\n"
        "    b.eq 2f\n"
        "    msr fpcr, x9\n"
        "2:  ldp x19, x20, [sp, #16]\n"
        "    ldp x21, x22, [sp, #32]\n"
        "    ldp x23, x24, [sp, #48]\n"
        "    ldp x25, x26, [sp, #64]\n"
        "    ldp x27, x28, [sp, #80]\n"
        "    ldp d8, d9, [sp, #96]\n"
        "    ldp d10, d11, [sp, #112]\n"
        "    ldp d12, d13, [sp, #128]\n"
        "    ldp d14, d15, [sp, #144]\n"
        RETURN
        END("prt_switch_enter_")

        FUNCTION("prt_switch_leave_") /* x0: stack, x1: base, x2: meanwhile, x3: its argument */
        "    .cfi_signal_frame\n"
        SAVE
        "    mov x9, sp\n"
        "    str x9, [x0]\n"
        "    ldr x9, [x1]\n"
        "    mov sp, x9\n"
        "    mov x0, x3\n"
        "    blr x2\n"
        "    tst w0, #255\n"
        "    b.eq 1b\n"
        "    mov sp, x29\n"
        RETURN
        END("prt_switch_leave_")

        FUNCTION("prt_switch_start_") /* x19: function, x20: its argument */
        "    .cfi_undefined x30\n"
        "    mov x0, x20\n"
        "    blr x19\n"
        "    brk #0\n"
        END("prt_switch_start_")
        "    .popsection\n");

void *prt_switch_make_(void *top, void (*function)(void *), void *argument)
{
    uint64_t *const sp = (uint64_t *)((uintptr_t)top & ~(uintptr_t)15) - 22;
    uint64_t modes;

    for (int i = 0; i < 22; i++)
        sp[i] = 0; /* x29: the end of the frames */
    __asm__ volatile("mrs %0, fpcr" : "=r"(modes));
    sp[1] = (uint64_t)(uintptr_t)prt_switch_start_;
    sp[2] = (uint64_t)(uintptr_t)function;
    sp[3] = (uint64_t)(uintptr_t)argument;
    sp[20] = modes;
    return sp;
}

#if MAY_HAVE_SHADOW
bool prt_switch_shadowed_(void)
{
    register uint64_t features __asm__("x16") = 1;

    __asm__ volatile("hint #40" : "+r"(features)); /* chkfeat: clears the bit of what is active */
    return features == 0;
}
#endif

#endif
