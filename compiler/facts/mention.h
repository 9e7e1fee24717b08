/* The identifiers of a text, each once, and how each of them stands there.
 */
#ifndef MENTION_H
#define MENTION_H

#include <obstack.h>
#include <stdbool.h>
#include <stddef.h>

enum mention {
    MENTION_USED = 1,     /* as a value */
    MENTION_DECLARED = 2, /* where it may declare a variable or a member */
    MENTION_MACRO = 4,    /* in the text of a macro, or it is one; where it is none of these, it is a tag or a label */
    MENTION_WRITTEN = 8,  /* assigned to, counted up or down, while no lock is held */
    MENTION_LENT = 16,    /* its address is an argument then, of a function that may write there */
    MENTION_OUTER = 32    /* declared outside of all brackets: a function, variable or type, and no member or local */
};

/* All zero: none. Whoever looks at each of them skips the free slots: `how` is 0 there, and for a tag or a label. */
struct mentions {
    const char **names;      /* of each of `nslots`; NULL where it is free */
    unsigned char *how;      /* of each: enum mention */
    size_t nslots, count;
};

/* mentions_add() adds to how the name stands there, and returns whether it is new. All lives in `memory`. */
bool mentions_add(struct mentions *mentions, struct obstack *memory, const char *name, unsigned how);

/* Whether the name is among them; how it stands there, 0 where it is not. */
bool mentions_has(const struct mentions *mentions, const char *name);
unsigned mentions_how(const struct mentions *mentions, const char *name);

#endif
