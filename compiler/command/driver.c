/* The passes, one after the other. Each goes on after an error, so that one run reports all; only the plan is made of a
 * file without any.
 */
#include "command/driver.h"

#include <string.h>

#include "check/check.h"
#include "facts/resolve.h"
#include "parse.h"
#include "text/memory.h"
#include "tree/print.h"

bool driver_compile(struct compilation *it, const char *path, enum dump dump)
{
    const struct facts *facts;

    *it = (struct compilation){ .source = source_read(path) };
    if (!it->source)
        return false;
    it->diags = diags_new(it->source);
    it->ast = it->diags ? ast_parse(it->source, it->diags) : NULL;
    if (!it->ast) {
        fprintf(stderr, "pipec: %s: out of memory\n", path);
        return false;
    }
    ast_resolve(it->ast, it->diags);
    if (dump == DUMP_TREE)
        ast_print(it->ast, stdout);
    facts = facts_new(it->ast);
    check_all(facts, it->diags);
    diags_print(it->diags);
    if (diag_errors(it->diags) > 0)
        return false;
    it->plan = plan_make(facts);
    if (dump == DUMP_PLAN)
        plan_print(it->plan, stdout);
    return true;
}

void driver_free(struct compilation *it)
{
    if (it->ast)
        ast_free(it->ast);
    if (it->diags)
        diags_free(it->diags);
    if (it->source)
        source_free(it->source);
}

bool dump_from_name(const char *name, enum dump *dump)
{
    *dump = strcmp(name, "tree") == 0 ? DUMP_TREE : strcmp(name, "plan") == 0 ? DUMP_PLAN : DUMP_NONE;
    return *dump != DUMP_NONE;
}

const char *driver_stem(const struct compilation *it)
{
    const char *path = it->source->path;
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');

    if (strcmp(path, "<stdin>") == 0 || dot == name)
        return it->plan->name;
    return memory_copy(it->plan->memory, name, dot ? (size_t)(dot - name) : strlen(name));
}
