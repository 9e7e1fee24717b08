/* .pipe text through every pass, for tests of what comes after. */
#ifndef UNIT_COMPILE_H
#define UNIT_COMPILE_H

#include <string.h>

#include "check/check.h"
#include "facts/resolve.h"
#include "parse.h"
#include "text/memory.h"

struct unit_compiled {
    struct sources *sources;
    struct obstack *memory;
    struct diags *diags;
    struct ast *ast;
    const struct facts *facts;
};

/* Names must be right; what else is wrong stands in `diags`. */
static inline struct unit_compiled unit_compile(const char *text)
{
    struct source *const source = source_from_memory("test.pipe", text, strlen(text));
    struct unit_compiled it = { .sources = sources_new(), .memory = memory_new() };

    ck_assert(sources_add(it.sources, source));
    it.diags = diags_new(it.sources);
    it.ast = ast_parse(it.sources, source, it.diags, it.memory);
    ast_resolve(it.ast, it.diags);
    ck_assert_uint_eq(diag_errors(it.diags), 0);
    it.facts = facts_new(it.ast);
    check_all(it.facts, it.diags);
    return it;
}

static inline void unit_release(struct unit_compiled *it)
{
    diags_free(it->diags);
    memory_free(it->memory);
    sources_free(it->sources);
    *it = (struct unit_compiled){ NULL, NULL, NULL, NULL, NULL };
}

#endif
