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

static bool out_of_memory(const char *path)
{
    fprintf(stderr, "pipec: %s: out of memory\n", path);
    return false;
}

/* Reads and parses the file. */
static bool read_tree(struct compilation *it, const char *path)
{
    it->sources = sources_new();
    it->memory = memory_new();
    it->diags = diags_new(it->sources);
    if (!it->sources || !it->memory || !it->diags)
        return out_of_memory(path);
    it->source = source_read(path);
    if (!it->source)
        return false;
    if (!sources_add(it->sources, it->source)) {
        source_free(it->source);
        return out_of_memory(path);
    }
    it->ast = ast_parse(it->sources, it->source, it->diags, it->memory);
    return it->ast || out_of_memory(path);
}

bool driver_compile(struct compilation *it, const char *path, enum dump dump)
{
    const struct facts *facts;

    *it = (struct compilation){ .source = NULL };
    if (!read_tree(it, path))
        return false;
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
    diags_free(it->diags);
    memory_free(it->memory);
    sources_free(it->sources);
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
