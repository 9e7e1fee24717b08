/* The passes, one after the other. Each goes on after an error, so that one run reports all; only the plan is made of a
 * file without any.
 */
#include "command/driver.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build/runtime_files.h"
#include "check/check.h"
#include "facts/calls.h"
#include "facts/resolve.h"
#include "parse.h"
#include "parts/expand.h"
#include "parts/import.h"
#include "parts/join.h"
#include "parts/tests.h"
#include "parts/uses.h"
#include "text/memory.h"
#include "tree/print.h"

static bool out_of_memory(const char *path)
{
    fprintf(stderr, "pipec: %s: out of memory\n", path);
    return false;
}

static struct source *open_source(void *data, const char *path, const char **why)
{
    (void)data;
    return source_open(path, why);
}

static bool read_imports(struct compilation *it, const struct request *request)
{
    char *const installed = library_find();
    const struct places places = {
        .dirs = request->dirs ? (const char *const *)request->dirs->at : NULL,
        .ndirs = request->dirs ? request->dirs->len : 0, .installed = installed, .open = open_source };
    const bool read = imports_read(it->ast, it->sources, &places);

    free(installed);
    return read || out_of_memory(request->path);
}

/* Reads and parses the file, and what it imports. */
static bool read_trees(struct compilation *it, const struct request *request)
{
    it->sources = sources_new();
    it->memory = memory_new();
    it->diags = diags_new(it->sources);
    if (!it->sources || !it->memory || !it->diags)
        return out_of_memory(request->path);
    if (request->strict)
        diags_be_strict(it->diags);
    it->source = source_read(request->path);
    if (!it->source)
        return false;
    if (!sources_add(it->sources, it->source)) {
        source_free(it->source);
        return out_of_memory(request->path);
    }
    it->ast = ast_parse(it->sources, it->source, it->diags, it->memory);
    if (!it->ast)
        return out_of_memory(request->path);
    if (request->dump == DUMP_TREE)
        ast_print(it->ast, stdout);
    return read_imports(it, request);
}

/* Somebody wants a program of a file that has none. */
static void tell_library(const struct compilation *it)
{
    const uint32_t start = it->source->start;

    diag_report(it->diags, "E0109", (struct span){ start, start }, "the file declares no pipeline, so it can only be "
                                                                   "imported");
    diag_hint(it->diags, "name the file of the program, which has: import \"%s\";", it->source->path);
}

/* Each part by itself, whether something uses it or not. One with an error is a part of nothing. */
static void check_each_part(struct compilation *it, struct part *part)
{
    if (!part)
        return;
    ast_resolve_types(it->ast);
    calls_find_around(it->ast);
    for (; part; part = part->next) {
        const size_t errors = diag_errors(it->diags);
        struct ast *alone;

        if (part->broken)
            continue;
        alone = expand_part(part, it->ast, it->sources);
        ast_resolve(alone, it->diags);
        check_all(facts_new(alone), it->diags);
        part->broken = diag_errors(it->diags) > errors;
    }
    calls_free_around(it->ast);
}

/* NULL: the file has changed since its tests were counted. */
static struct test *numbered_test(const struct compilation *it, size_t number)
{
    struct test *test = tests_next(it->ast, NULL);

    for (size_t i = 1; test && i < number; i++)
        test = tests_next(it->ast, test);
    return test;
}

static bool has_title(const struct test *test, const char *title, bool whole)
{
    return whole ? strcmp(test->decl.doc, title) == 0 : strstr(test->decl.doc, title) != NULL;
}

/* How many tests have the title, or have it in theirs; the last of them is `only`. */
static size_t count_titles(const struct compilation *it, const char *title, bool whole, struct test **only)
{
    size_t found = 0;

    for (struct test *test = tests_next(it->ast, NULL); test; test = tests_next(it->ast, test)) {
        if (!has_title(test, title, whole))
            continue;
        *only = test;
        found++;
    }
    return found;
}

/* None is found, or several. */
static void tell_titles(const struct compilation *it, const char *title, bool whole, size_t found)
{
    const char *const path = it->source->path;

    if (found > 0)
        fprintf(stderr, "pipec: '%s' %s of %zu tests of %s:\n", title, whole ? "is the title" : "stands in the titles", found,
                path);
    else
        fprintf(stderr, "pipec: no test of %s has '%s' in its title%s\n", path, title,
                tests_next(it->ast, NULL) ? "; it has these:" : "");
    for (const struct test *test = tests_next(it->ast, NULL); test; test = tests_next(it->ast, test))
        if (found == 0 || has_title(test, title, whole))
            fprintf(stderr, "    %s:%" PRIu32 ": %s\n", path, source_position(it->source, test->title.start).line,
                    test->decl.doc);
}

/* NULL after a message: there is none, or more than one. */
static struct test *titled_test(const struct compilation *it, const char *title)
{
    struct test *only = NULL;
    const size_t alike = count_titles(it, title, true, &only);
    const size_t found = alike > 0 ? alike : count_titles(it, title, false, &only);

    if (found == 1)
        return only;
    diags_print(it->diags);
    tell_titles(it, title, alike > 0, found);
    return NULL;
}

/* Leaves of the file what one of its tests runs. False where that cannot be compiled, which is told. */
static bool select_test(struct compilation *it, const struct request *request)
{
    struct test *test = request->title ? titled_test(it, request->title) : numbered_test(it, request->test);

    if (!test)
        return false;
    it->ast = test_program(it->ast, it->sources, test);
    if (diag_errors(it->diags) == 0)
        return true;
    diags_print(it->diags);
    return false;
}

bool driver_compile(struct compilation *it, const struct request *request)
{
    const bool is_test = request->test > 0 || request->title;
    const struct facts *facts;

    *it = (struct compilation){ .source = NULL };
    if (!read_trees(it, request))
        return false;
    it->ast = join_files(it->ast);
    if (is_test && !select_test(it, request))
        return false;
    check_each_part(it, uses_check(it->ast));
    it->ast = expand_program(it->ast, it->sources);
    ast_resolve(it->ast, it->diags);
    facts = facts_new(it->ast);
    check_all(facts, it->diags);
    if (it->ast->library && !request->library && diag_errors(it->diags) == 0)
        tell_library(it);
    if (!is_test || diag_errors(it->diags) > 0) /* warnings of a test's stages are the file's, and told there */
        diags_print(it->diags);
    if (diag_errors(it->diags) > 0 || it->ast->library)
        return diag_errors(it->diags) == 0;
    it->plan = plan_make(facts);
    if (request->dump == DUMP_PLAN)
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
