/* The facts of a declaration, for the steps that find them: files of this room only. */
#ifndef DECL_WRITE_H
#define DECL_WRITE_H

#include "facts/decl.h"

static inline struct decl_facts *decl_write(const struct decl *decl)
{
    return (struct decl_facts *)decl->facts;
}

static inline struct param_facts *param_write(const struct param *param)
{
    return (struct param_facts *)param->decl.facts;
}

static inline struct channel_facts *channel_write(const struct channel *channel)
{
    return (struct channel_facts *)channel->decl.facts;
}

static inline struct record_facts *record_write(const struct record_decl *record)
{
    return (struct record_facts *)record->decl.facts;
}

static inline struct stage_facts *stage_write(const struct stage *stage)
{
    return (struct stage_facts *)stage->decl.facts;
}

#endif
