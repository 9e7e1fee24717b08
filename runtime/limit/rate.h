/* A rate: permits that come due at exact times.
 *
 * Permit k since the anchor is due at anchor + k / R, computed afresh from k, so nothing drifts; a permit that somebody
 * wanted and got late is made up. Permits that nobody wanted gather up to `burst`: then the anchor moves (the generic
 * cell rate algorithm, ITU-T I.371). "Nobody wanted" is judged in the time an undisturbed machine would have kept: the
 * due time of the last permit plus what the body itself took, so that a late wake-up costs no permit.
 *
 * An item with a cost takes several: it begins when they are due, or, where it costs more than the burst, when the burst is,
 * and leaves the rate in debt.
 */
#ifndef PRT_RATE_H
#define PRT_RATE_H

#include <prt/run.h>

#include "limit/pace.h"

struct prt_stage;

/* A stage that takes permits of a rate. */
struct prt_asker {
    struct prt_stage *stage;
    prt_atomic_u64 asked; /* when it asked for a permit, as the rate counts; 0: it wants none; under the rate's lock */
    uint64_t needs;       /* then how many must be due at once; 0 counts as 1 */
};

struct prt_rate {
    struct prt_rate_spec spec;
    struct prt_mutex lock;
    struct prt_pace pace;
    prt_atomic_u64 due;   /* of the next permit */
    bool resting;         /* nobody wants a permit now */
    bool fast;            /* permits come due more often than it pays to wake somebody for each */
    uint64_t asks;        /* by stages that share it, so far: who asked first comes first */
    struct prt_asker **askers;
    size_t naskers;
    struct prt_rate *next; /* in the run's list */
};

/* t0 is `now`: the first permit is due at once. */
void prt_rate_start_(struct prt_rate *rate, uint64_t now);

/* The stage wants a permit that is not due yet: others that share the rate and ask later come after it. */
void prt_rate_ask_(struct prt_rate *rate, struct prt_asker *asker);

/* The stage wants no permit now after all. */
void prt_rate_unask_(struct prt_rate *rate, struct prt_asker *asker);

/* Takes the next `permits`, from 1, iff they are due and no other stage asked earlier, and tells when they were due; false:
 * when to try again, and the stage has asked. Of more than the burst, all but that many are taken before they are due. */
bool prt_rate_take_(struct prt_rate *rate, struct prt_asker *asker, uint64_t permits, uint64_t now, uint64_t *due);

/* When to wake somebody for the permit that is due at `due`: many a second are granted several at a time, a little late,
 * and made up for. */
uint64_t prt_rate_wake_(const struct prt_rate *rate, uint64_t due);

/* Nobody wants permits from now on, until somebody asks again. */
void prt_rate_rest_(struct prt_rate *rate);

/* Somebody asks first at `when`: permits from before are lost beyond the burst. */
void prt_rate_clamp_(struct prt_rate *rate, uint64_t when);

#endif
