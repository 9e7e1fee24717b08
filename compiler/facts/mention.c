/* A hash set with open addressing. It is at most two thirds full, so that each search ends at a free slot.
 */
#include "facts/mention.h"

#include <string.h>

#include "text/memory.h"

static size_t slot_of(const char *const *names, size_t nslots, const char *name)
{
    size_t hash = 5381;

    for (const char *p = name; *p; p++)
        hash = hash * 33 ^ (unsigned char)*p;
    for (size_t slot = hash & (nslots - 1);; slot = (slot + 1) & (nslots - 1))
        if (!names[slot] || !strcmp(names[slot], name))
            return slot;
}

static void grow(struct mentions *mentions, struct obstack *memory)
{
    const size_t nslots = mentions->nslots ? 2 * mentions->nslots : 16;
    const char **names = memory_take(memory, nslots * sizeof *names);
    unsigned char *how = memory_take(memory, nslots);

    for (size_t i = 0; i < mentions->nslots; i++) {
        const size_t slot = mentions->names[i] ? slot_of(names, nslots, mentions->names[i]) : 0;

        if (!mentions->names[i])
            continue;
        names[slot] = mentions->names[i];
        how[slot] = mentions->how[i];
    }
    mentions->names = names;
    mentions->how = how;
    mentions->nslots = nslots;
}

bool mentions_add(struct mentions *mentions, struct obstack *memory, const char *name, unsigned how)
{
    size_t slot;

    if (3 * mentions->count >= 2 * mentions->nslots)
        grow(mentions, memory);
    slot = slot_of(mentions->names, mentions->nslots, name);
    mentions->how[slot] |= (unsigned char)how;
    if (mentions->names[slot])
        return false;
    mentions->names[slot] = memory_copy(memory, name, strlen(name));
    mentions->count++;
    return true;
}

bool mentions_has(const struct mentions *mentions, const char *name)
{
    return mentions->nslots && mentions->names[slot_of(mentions->names, mentions->nslots, name)];
}

unsigned mentions_how(const struct mentions *mentions, const char *name)
{
    return mentions->nslots ? mentions->how[slot_of(mentions->names, mentions->nslots, name)] : 0;
}
