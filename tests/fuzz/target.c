/* Any bytes at all go through every pass, and must come out as diagnostics or as C, the same C each time.
 *
 * A target for libFuzzer (tests/fuzz/fuzz.sh), and what tests/fuzz/replay.c calls.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/check.h"
#include "emit/emit.h"
#include "facts/calls.h"
#include "facts/resolve.h"
#include "parse.h"
#include "parts/expand.h"
#include "parts/import.h"
#include "parts/join.h"
#include "parts/uses.h"
#include "plan/plan.h"
#include "text/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool true_, const char *what)
{
    if (true_)
        return;
    fprintf(stderr, "fuzz: %s\n", what);
    abort();
}

/* What is shown is for a terminal: no control but the end of a line. */
static void check_shown(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        must((unsigned char)text[i] >= ' ' || text[i] == '\n', "a control character is shown");
}

static void check_spans(const struct ast *ast)
{
    uint32_t before = 0;

    for (const struct decl *decl = ast->decls; decl; decl = decl->next) {
        must(decl->span.start >= before && decl->span.end >= decl->span.start, "declarations are out of order");
        must(decl->span.end <= source_end(ast->source), "a declaration ends outside of the file");
        before = decl->span.end;
    }
}

static void show(struct diags *diags)
{
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);

    must(to != NULL, "out of memory");
    diags_write(diags, to, false);
    fclose(to);
    must((len > 0) >= (diag_errors(diags) > 0), "an error is not shown");
    check_shown(text, len);
    free(text);
}

static void check_emitted(const struct facts *facts)
{
    const struct emit_options options = { .path = "fuzz.pipe" };
    const struct plan *plan = plan_make(facts);
    size_t len[2];
    char *text[2];

    must(plan != NULL, "no error and no plan");
    for (int i = 0; i < 2; i++)
        text[i] = emit_source(plan, &options, &len[i]);
    must(text[0] && text[1], "no error and no C");
    must(len[0] == len[1] && memcmp(text[0], text[1], len[0]) == 0, "the same plan gives other C");
    free(text[0]);
    free(text[1]);
}

/* ---- files in memory --------------------------------------------------------------------------------------------- */

/* The bytes are a file, and behind each line that begins so, up to its end, another one, which the line names. */
static const char divider[] = "//file ";

struct bytes { const char *text, *end; };

static const char *find_divider(const char *text, const char *end)
{
    const size_t len = sizeof divider - 1;

    for (const char *at = text; (at = memchr(at, '/', (size_t)(end - at))); at++)
        if ((size_t)(end - at) >= len && memcmp(at, divider, len) == 0 && (at == text || at[-1] == '\n'))
            return at;
    return end;
}

static bool is_called(const char *name, const char *end, const char *path)
{
    const size_t len = strlen(path);

    return (size_t)(end - name) >= len && memcmp(name, path, len) == 0
        && ((size_t)(end - name) == len || name[len] == '\n');
}

static struct source *open_file(void *data, const char *path, const char **why)
{
    const struct bytes *bytes = data;

    *why = "there is none";
    for (const char *at = find_divider(bytes->text, bytes->end); at < bytes->end;) {
        const char *name = at + sizeof divider - 1;
        const char *line_end = memchr(name, '\n', (size_t)(bytes->end - name));
        const char *text = line_end ? line_end + 1 : bytes->end;
        const char *next = find_divider(text, bytes->end);

        if (is_called(name, bytes->end, path))
            return source_from_memory(path, text, (size_t)(next - text));
        at = next;
    }
    errno = ENOENT;
    return NULL;
}

static void check_each_part(struct ast *ast, struct sources *sources, struct diags *diags)
{
    struct part *part = uses_check(ast);

    ast_resolve_types(ast);
    calls_find_around(ast);
    for (; part; part = part->next) {
        const size_t errors = diag_errors(diags);
        struct ast *alone;

        if (part->broken)
            continue;
        alone = expand_part(part, ast, sources);
        ast_resolve(alone, diags);
        check_all(facts_new(alone), diags);
        part->broken = diag_errors(diags) > errors;
    }
    calls_free_around(ast);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes bytes = { (const char *)data, (const char *)data + size };
    const size_t len = (size_t)(find_divider(bytes.text, bytes.end) - bytes.text);
    const struct places places = { .open = open_file, .data = &bytes };
    struct source *source = source_from_memory("fuzz.pipe", bytes.text, len);
    struct sources *sources = sources_new();
    struct obstack *memory = memory_new();
    struct diags *diags = diags_new(sources);
    const struct facts *facts;
    struct ast *ast;

    must(sources_add(sources, source), "no room for the file");
    ast = ast_parse(sources, source, diags, memory);
    must(ast != NULL, "out of memory");
    must(memcmp(source->text, data, len) == 0, "the scanner left its marks in the text");
    check_spans(ast);
    must(imports_read(ast, sources, &places), "out of memory");
    ast = join_files(ast);
    check_each_part(ast, sources, diags);
    ast = expand_program(ast, sources);
    ast_resolve(ast, diags);
    facts = facts_new(ast);
    check_all(facts, diags);
    show(diags);
    if (diag_errors(diags) == 0 && !ast->library)
        check_emitted(facts);
    diags_free(diags);
    memory_free(memory);
    sources_free(sources);
    return 0;
}
