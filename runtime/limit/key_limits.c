/* What an item needs of its key's limits, where not each passes through. */
#include "limit/key_limits.h"

/* Since then its permits may have gathered anew, as many as there may be: it has nothing to give back then, and what was taken of
 * those is others'. */
static void pace_take_back(struct prt_pace *pace, const struct prt_key_limit *limit, uint64_t weight, uint64_t when)
{
    const uint64_t gathered = pace->anchor + prt_pace_span_(limit->per_second, limit->most - 1);

    if (!prt_time_is_before_(when, gathered))
        pace->k -= weight < pace->k ? weight : pace->k;
}

void prt_keys_take_back_(const struct prt_keys *keys, struct prt_entry *entry, const uint64_t *weights, uint64_t when, bool rides)
{
    prt_keys_give_(keys, entry, weights, rides);
    for (size_t i = 0; i < keys->nlimits; i++)
        if (keys->limits[i].is_rate)
            pace_take_back(&entry->states[i].pace, &keys->limits[i], weights[keys->limits[i].weight], when);
}

bool prt_keys_may_ride_(const struct prt_keys *keys, const struct prt_entry *entry, const uint64_t *weights, const uint64_t *other,
                        uint64_t now)
{
    for (size_t i = 0; i < keys->nlimits; i++) {
        const struct prt_key_limit *limit = &keys->limits[i];
        const uint64_t weight = weights[limit->weight], units = prt_key_units_(limit, weights);

        if (!limit->is_rate && weight > other[limit->weight])
            return false;
        if (limit->is_rate && units > 0 &&
            prt_time_is_before_(now, prt_pace_due_(&entry->states[i].pace, limit->per_second, units - 1)))
            return false;
    }
    return true;
}
