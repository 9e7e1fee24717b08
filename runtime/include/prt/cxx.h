/* What C++ sees of platform.h, so that a stage's function may be C++: C++ cannot read C's atomics, so here are the same
 * bytes, and of the operations those that worker.h has inline. */
#ifndef PRT_CXX_H
#define PRT_CXX_H

#include <stdint.h>

typedef uint64_t prt_atomic_u64;
typedef uint32_t prt_atomic_u32;
typedef unsigned char *prt_atomic_ptr;

static inline uint64_t prt_load_relaxed(const prt_atomic_u64 *at)
{
    return __atomic_load_n(at, __ATOMIC_RELAXED);
}

static inline void prt_store_relaxed(prt_atomic_u64 *at, uint64_t value)
{
    __atomic_store_n(at, value, __ATOMIC_RELAXED);
}

static inline void prt_publish(prt_atomic_u64 *at, uint64_t value)
{
    __atomic_store_n(at, value, __ATOMIC_RELEASE);
    __atomic_signal_fence(__ATOMIC_SEQ_CST); /* for the compiler alone; no instruction */
}

static inline uint64_t prt_swap(prt_atomic_u64 *at, uint64_t value)
{
    return __atomic_exchange_n(at, value, __ATOMIC_SEQ_CST);
}

static inline unsigned char *prt_ptr(const prt_atomic_ptr *at)
{
    return __atomic_load_n(at, __ATOMIC_RELAXED);
}

static inline void prt_ptr_publish(prt_atomic_ptr *at, unsigned char *value)
{
    __atomic_store_n(at, value, __ATOMIC_RELEASE);
}

#endif
