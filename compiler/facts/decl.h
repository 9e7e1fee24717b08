/* What follows for a declaration. The first members are those of struct decl_facts, which each declaration has.
 *
 * Written by ast_resolve() and the steps of facts_new(), through decl_write.h, and by nobody after them.
 */
#ifndef DECL_H
#define DECL_H

#include "facts/count.h"
#include "facts/functions.h"
#include "tree/ast.h"

struct decl_facts {
    bool used; /* something names it */
};

struct param_facts {
    struct decl_facts decl;
    bool counts;   /* stands as a capacity, worker count, duration …, and so has limits, also where no range is written: */
    int64_t least, most; /* 0 where it stands nowhere. Rates are above 0 */
    bool wired;    /* stands at a declaration, so that the wiring asks for it */
};

struct channel_facts {
    struct decl_facts decl;
    const struct stage *called; /* the inline stage that an emit to it calls; NULL where it holds items */
};

struct stage_facts {
    struct decl_facts decl;
    const struct stage *sender, *host; /* an inline stage that can be called: by whom, and in which stage (inline.h) */
    const struct stage *next_inline;   /* the next one within the same host; a host: the first */
    size_t depth;                      /* how many calls deep it runs within its host; a host: 0 */
    struct count calls;                /* of one body of the host */
    const struct functions *functions; /* NULL: it has none */
};

struct record_facts {
    struct decl_facts decl;
    bool owns;          /* it has a string, bytes or a list, or a record that has */
    const struct field *deep; /* the first one that is no column of CSV: an array, a list, a record; NULL: there is none */
    size_t size, align; /* in bytes, where pointers have 64 bits; size RECORD_MAX + 1 where it is more than that (record.h) */
    size_t depth;       /* of records in records; 1: it has none */
};

static inline const struct param_facts *param_facts(const struct param *param)
{
    return (const struct param_facts *)param->decl.facts;
}

static inline const struct channel_facts *channel_facts(const struct channel *channel)
{
    return (const struct channel_facts *)channel->decl.facts;
}

static inline const struct record_facts *record_facts(const struct record_decl *record)
{
    return (const struct record_facts *)record->decl.facts;
}

static inline const struct stage_facts *stage_facts(const struct stage *stage)
{
    return (const struct stage_facts *)stage->decl.facts;
}

#endif
