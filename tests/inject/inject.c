/* Faults for a program that is linked with --wrap: memory, threads and stacks that are refused at the n-th call, and waits
 * that end for no reason. Which, the environment says:
 *
 *   INJECT_MEMORY=n    the n-th allocation fails; with INJECT_STICKY all from there on
 *   INJECT_THREAD=n    the same for starting a thread
 *   INJECT_STACK=n     the same for mapping a stack of bodies
 *   INJECT_GUARD=n     the same for the guard below one
 *   INJECT_WAKES=n     every n-th futex wait does not sleep: it returns as if woken, or with EINTR, by turns
 *   INJECT_BARRIER=1   there is no membarrier
 *   INJECT_REPORT=FILE is created when a fault was injected, and says how many
 *   INJECT_STARTED=FILE is created, and says how many threads were asked for
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_ulong allocations, threads, stacks, guards, waits, faults;

static unsigned long setting(const char *name)
{
    const char *text = getenv(name);

    return text ? strtoul(text, NULL, 10) : 0;
}

static bool fails(atomic_ulong *calls, const char *name)
{
    const unsigned long wanted = setting(name);
    const unsigned long call = atomic_fetch_add(calls, 1) + 1;

    if (wanted == 0 || (call != wanted && !(call > wanted && getenv("INJECT_STICKY"))))
        return false;
    atomic_fetch_add(&faults, 1);
    return true;
}

static void tell(const char *name, unsigned long count)
{
    const char *path = getenv(name);
    const int fd = path && count > 0 ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;

    if (fd < 0)
        return;
    dprintf(fd, "%lu\n", count);
    close(fd);
}

__attribute__((destructor)) static void report(void)
{
    tell("INJECT_REPORT", atomic_load(&faults));
    tell("INJECT_STARTED", atomic_load(&threads));
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*main)(void *), void *argument);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*main)(void *), void *argument);
void *__real_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
int __real_mprotect(void *at, size_t size, int protection);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
int __wrap_mprotect(void *at, size_t size, int protection);
long __wrap_syscall(long number, ...);

void *__wrap_malloc(size_t size)
{
    return fails(&allocations, "INJECT_MEMORY") ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails(&allocations, "INJECT_MEMORY") ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails(&allocations, "INJECT_MEMORY") ? NULL : __real_realloc(old, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails(&allocations, "INJECT_MEMORY") ? NULL : __real_aligned_alloc(alignment, size);
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*main)(void *), void *argument)
{
    return fails(&threads, "INJECT_THREAD") ? EAGAIN : __real_pthread_create(thread, attributes, main, argument);
}

void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
    if (!fails(&stacks, "INJECT_STACK"))
        return __real_mmap(at, size, protection, flags, fd, offset);
    errno = ENOMEM;
    return MAP_FAILED;
}

int __wrap_mprotect(void *at, size_t size, int protection)
{
    if (!fails(&guards, "INJECT_GUARD"))
        return __real_mprotect(at, size, protection);
    errno = ENOMEM;
    return -1;
}

/* The runtime makes two system calls by number: futex with six arguments, membarrier with three. */
long __real_syscall(long number, long a, long b, long c, long d, long e, long f);

long __wrap_syscall(long number, ...)
{
    const unsigned long every = setting("INJECT_WAKES");
    const int n = number == SYS_futex ? 6 : 3;
    long a[6] = { 0 };
    va_list args;

    va_start(args, number);
    for (int i = 0; i < n; i++)
        a[i] = va_arg(args, long);
    va_end(args);
    if (number == SYS_membarrier && setting("INJECT_BARRIER") > 0) {
        atomic_fetch_add(&faults, 1);
        errno = ENOSYS;
        return -1;
    }
    if (number == SYS_futex && every > 0 && (a[1] & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET) {
        const unsigned long call = atomic_fetch_add(&waits, 1) + 1;

        if (call % every == 0) {
            atomic_fetch_add(&faults, 1);
            if (call / every % 2 == 0)
                return 0;
            errno = EINTR;
            return -1;
        }
    }
    return __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
