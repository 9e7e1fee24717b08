/* Puts the test scheduler behind prt/platform.h. Every source of the runtime, and every harness, is compiled with
 * `-include platform_sched.h`: the header itself is read first, then each of its names becomes a call that carries the
 * place where it stands. The runtime's sources are not changed for it.
 *
 * memcpy() is how the runtime moves items, so it looks for data races; raise() is how a run ends after a signal.
 */
#ifndef PLATFORM_SCHED_H
#define PLATFORM_SCHED_H

#include <signal.h>
#include <string.h>

#include <prt/platform.h>

enum sched_order { SCHED_RELAXED, SCHED_ACQUIRE, SCHED_RELEASE, SCHED_SEQ_CST };

/* One place in a source that touches what threads share. */
struct sched_site {
    const char *file;
    int line;
    const char *text;  /* the operand as written */
    unsigned harness;  /* which one learned the following */
    bool shared;       /* some location that is used here is used by several threads */
    bool seen;
};

uint64_t sched_load_(const prt_atomic_u64 *at, enum sched_order order, struct sched_site *site);
void sched_store_(prt_atomic_u64 *at, uint64_t value, enum sched_order order, struct sched_site *site);
uint64_t sched_add_(prt_atomic_u64 *at, uint64_t value, struct sched_site *site);
uint64_t sched_swap_(prt_atomic_u64 *at, uint64_t value, struct sched_site *site);
bool sched_cas_(prt_atomic_u64 *at, uint64_t *seen, uint64_t value, struct sched_site *site);
unsigned char *sched_ptr_(const prt_atomic_ptr *at, enum sched_order order, struct sched_site *site);
void sched_ptr_store_(prt_atomic_ptr *at, unsigned char *value, struct sched_site *site);
void sched_pause_(struct sched_site *site);
void sched_barrier_all_(struct sched_site *site);
void sched_wait_(prt_atomic_u32 *word, uint32_t seen, uint64_t deadline, struct sched_site *site);
void sched_wake_(prt_atomic_u32 *word, struct sched_site *site);
void sched_event_set_(struct prt_event *event, struct sched_site *site);
void sched_event_wait_(struct prt_event *event, uint64_t deadline, struct sched_site *site);
void sched_mutex_lock_(struct prt_mutex *mutex, struct sched_site *site);
void sched_mutex_unlock_(struct prt_mutex *mutex, struct sched_site *site);
void sched_bell_ring_(struct prt_bell *bell, struct sched_site *site);
int sched_bell_wait_(struct prt_bell *bell, int fd, int events, uint64_t deadline, struct sched_site *site);
uint64_t sched_now_(struct sched_site *site);
int sched_thread_start_(struct prt_thread_handle *handle, void (*function)(void *), void *argument, const char *name,
                        struct sched_site *site);
void sched_thread_join_(struct prt_thread_handle *handle, struct sched_site *site);
void sched_thread_interrupt_(struct prt_thread_handle *handle, struct sched_site *site);
void *sched_copy_(void *to, const void *from, size_t size, struct sched_site *site);
int sched_raise_(int signal);
struct prt_stack *sched_stack_new_(void);
void sched_stack_free_(struct prt_stack *stack);

#define SCHED_AT(operand, call)                                                                 \
    __extension__({                                                                             \
        static struct sched_site site_ = { .file = __FILE__, .line = __LINE__, .text = operand }; \
        call;                                                                                   \
    })

#define prt_load_relaxed(at) SCHED_AT(#at, sched_load_(at, SCHED_RELAXED, &site_))
#define prt_load_acquire(at) SCHED_AT(#at, sched_load_(at, SCHED_ACQUIRE, &site_))
#define prt_load(at) SCHED_AT(#at, sched_load_(at, SCHED_SEQ_CST, &site_))
#define prt_store_relaxed(at, value) SCHED_AT(#at, sched_store_(at, value, SCHED_RELAXED, &site_))
#define prt_store_release(at, value) SCHED_AT(#at, sched_store_(at, value, SCHED_RELEASE, &site_))
#define prt_store(at, value) SCHED_AT(#at, sched_store_(at, value, SCHED_SEQ_CST, &site_))
#define prt_publish(at, value) SCHED_AT(#at, sched_store_(at, value, SCHED_RELEASE, &site_))
#define prt_add(at, value) SCHED_AT(#at, sched_add_(at, value, &site_))
#define prt_sub(at, value) SCHED_AT(#at, sched_add_(at, 0 - (uint64_t)(value), &site_))
#define prt_swap(at, value) SCHED_AT(#at, sched_swap_(at, value, &site_))
#define prt_cas(at, seen, value) SCHED_AT(#at, sched_cas_(at, seen, value, &site_))
#define prt_ptr(at) SCHED_AT(#at, sched_ptr_(at, SCHED_RELAXED, &site_))
#define prt_ptr_acquire(at) SCHED_AT(#at, sched_ptr_(at, SCHED_ACQUIRE, &site_))
#define prt_ptr_publish(at, value) SCHED_AT(#at, sched_ptr_store_(at, value, &site_))
#define prt_pause() SCHED_AT("", sched_pause_(&site_))

#define prt_barrier_all() SCHED_AT("", sched_barrier_all_(&site_))
#define prt_wait(word, seen, deadline) SCHED_AT(#word, sched_wait_(word, seen, deadline, &site_))
#define prt_wake(word) SCHED_AT(#word, sched_wake_(word, &site_))
#define prt_event_set(event) SCHED_AT(#event, sched_event_set_(event, &site_))
#define prt_event_wait(event, deadline) SCHED_AT(#event, sched_event_wait_(event, deadline, &site_))
#define prt_mutex_lock(mutex) SCHED_AT(#mutex, sched_mutex_lock_(mutex, &site_))
#define prt_mutex_unlock(mutex) SCHED_AT(#mutex, sched_mutex_unlock_(mutex, &site_))
#define prt_bell_ring(bell) SCHED_AT(#bell, sched_bell_ring_(bell, &site_))
#define prt_bell_wait(bell, fd, events, deadline) SCHED_AT(#bell, sched_bell_wait_(bell, fd, events, deadline, &site_))
#define prt_now() SCHED_AT("", sched_now_(&site_))
#define prt_thread_start(handle, stack, function, argument) \
    SCHED_AT(#function, sched_thread_start_(handle, ((void)(stack), function), argument, #function, &site_))
#define prt_thread_join(handle) SCHED_AT(#handle, sched_thread_join_(handle, &site_))
#define prt_thread_interrupt(handle) SCHED_AT(#handle, sched_thread_interrupt_(handle, &site_))
#define prt_stack_new() sched_stack_new_()
#define prt_stack_free(stack) sched_stack_free_(stack)

#undef PRT_LOOKS
#define PRT_LOOKS(n) ((n) < 2 ? (n) : 2)

#undef PRT_SPARE
#define PRT_SPARE(n) ((void)(n), 1)

#undef memcpy
#define memcpy(to, from, size) SCHED_AT(#to, sched_copy_(to, from, size, &site_))
#define raise(signal) sched_raise_(signal)

#endif
