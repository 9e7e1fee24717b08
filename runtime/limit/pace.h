/* When permits of a rate are due: permit k since the anchor at anchor + k / R, computed afresh from k, so nothing drifts.
 *
 * A time may lie before the clock's beginning, so times are compared by difference: they are never 2^63 ns apart. */
#ifndef PRT_PACE_H
#define PRT_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct prt_pace {
    uint64_t anchor, k; /* of the next permit */
};

/* ns in which so many permits come due */
static inline uint64_t prt_pace_span_(double per_second, uint64_t permits)
{
    const double ns = (double)permits * 1e9 / per_second;

    return ns < 9e18 ? (uint64_t)ns : (uint64_t)9e18;
}

/* When the permit that comes `ahead` after the next one is due. */
static inline uint64_t prt_pace_due_(const struct prt_pace *pace, double per_second, uint64_t ahead)
{
    return pace->anchor + prt_pace_span_(per_second, pace->k + ahead);
}

static inline bool prt_time_is_before_(uint64_t a, uint64_t b)
{
    return (int64_t)(a - b) < 0;
}

/* At `when` exactly `burst` permits are due. */
static inline void prt_pace_fill_(struct prt_pace *pace, double per_second, uint64_t burst, uint64_t when)
{
    pace->anchor = when - prt_pace_span_(per_second, burst - 1);
    pace->k = 0;
}

/* Whether more would be: permits that nobody wanted gather up to `burst`. */
static inline bool prt_pace_is_full_(const struct prt_pace *pace, double per_second, uint64_t burst, uint64_t when)
{
    return prt_time_is_before_(prt_pace_due_(pace, per_second, 0), when - prt_pace_span_(per_second, burst - 1));
}

#endif
