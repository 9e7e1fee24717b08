/* What an item needs of its key's limits: arithmetic over the entry that keys.h remembers, under its caller's lock. `weights`: of the
 * item, each at its limit's place. Three of them are here since each item with a key passes through all three. */
#ifndef PRT_KEY_LIMITS_H
#define PRT_KEY_LIMITS_H

#include "limit/keys.h"

/* Heavier than all there is: all of it. */
static inline uint64_t prt_key_units_(const struct prt_key_limit *limit, const uint64_t *weights)
{
    const uint64_t weight = weights[limit->weight];

    return weight < limit->most ? weight : limit->most;
}

/* From when on the entry has what an item with these weights needs of each limit: not after `now` (or 0, where there are no
 * rates), or a time to come; PRT_NEVER: when some body has ended. */
static inline uint64_t prt_keys_able_at_(const struct prt_keys *keys, const struct prt_entry *entry, const uint64_t *weights,
                                         uint64_t now)
{
    uint64_t latest = now;

    for (size_t i = 0; i < keys->nlimits; i++) {
        const struct prt_key_limit *limit = &keys->limits[i];
        const uint64_t needed = prt_key_units_(limit, weights);
        uint64_t due;

        if (needed == 0)
            continue;
        if (!limit->is_rate && entry->states[i].held + needed > limit->most)
            return PRT_NEVER;
        if (!limit->is_rate)
            continue;
        due = prt_pace_due_(&entry->states[i].pace, limit->per_second, needed - 1);
        if (prt_time_is_before_(latest, due))
            latest = due;
    }
    return latest;
}

/* The item takes it, at `when`; gives back what its body held; takes all of it back that it took at `when`, since the body did not begin. `rides`: of
 * bounds it needs nothing, since its body does not run beside that of one which has it. */
static inline void prt_keys_take_(const struct prt_keys *keys, struct prt_entry *entry, const uint64_t *weights, uint64_t when,
                                  bool rides)
{
    for (size_t i = 0; i < keys->nlimits; i++) {
        const struct prt_key_limit *limit = &keys->limits[i];
        struct prt_pace *pace = &entry->states[i].pace;

        if (!limit->is_rate) {
            entry->states[i].held += rides ? 0 : prt_key_units_(limit, weights);
            continue;
        }
        if (prt_pace_is_full_(pace, limit->per_second, limit->most, when))
            prt_pace_fill_(pace, limit->per_second, limit->most, when);
        pace->k += weights[limit->weight];
    }
}

static inline void prt_keys_give_(const struct prt_keys *keys, struct prt_entry *entry, const uint64_t *weights, bool rides)
{
    for (size_t i = 0; !rides && i < keys->nlimits; i++)
        if (!keys->limits[i].is_rate)
            entry->states[i].held -= prt_key_units_(&keys->limits[i], weights);
}

void prt_keys_take_back_(const struct prt_keys *keys, struct prt_entry *entry, const uint64_t *weights, uint64_t when, bool rides);

/* Whether it may ride: it needs no more of each bound than `other`, with that one's weights, has, and its rates are due. */
bool prt_keys_may_ride_(const struct prt_keys *keys, const struct prt_entry *entry, const uint64_t *weights, const uint64_t *other,
                        uint64_t now);

#endif
