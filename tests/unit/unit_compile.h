/* .pipe text through every pass, for tests of what comes after. */
#ifndef UNIT_COMPILE_H
#define UNIT_COMPILE_H

#include <string.h>

#include "check/check.h"
#include "facts/resolve.h"
#include "parse.h"

struct unit_compiled {
    struct source *source;
    struct diags *diags;
    struct ast *ast;
    const struct facts *facts;
};

/* Names must be right; what else is wrong stands in `diags`. */
static inline struct unit_compiled unit_compile(const char *text)
{
    struct unit_compiled it = { .source = source_from_memory("test.pipe", text, strlen(text)) };

    it.diags = diags_new(it.source);
    it.ast = ast_parse(it.source, it.diags);
    ast_resolve(it.ast, it.diags);
    ck_assert_uint_eq(diag_errors(it.diags), 0);
    it.facts = facts_new(it.ast);
    check_all(it.facts, it.diags);
    return it;
}

static inline void unit_release(struct unit_compiled *it)
{
    ast_free(it->ast);
    diags_free(it->diags);
    source_free(it->source);
    *it = (struct unit_compiled){ NULL, NULL, NULL, NULL };
}

#endif
