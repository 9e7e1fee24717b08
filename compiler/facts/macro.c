/* Of a macro's text only this matters: whether its brackets pair, and whether it jumps out of itself. */
#include "facts/macro.h"

#include <string.h>
#include <uthash.h>

#include "facts/ctext.h"
#include "text/ctoken.h"
#include "text/memory.h"

struct macro {
    const char *name;
    struct span text; /* what stands in its place */
    bool jumps;
    UT_hash_handle hh;
};

struct macros {
    struct macro *own;
    const struct macros *around;
};

/* What has been seen of a macro's text. */
struct seen {
    int depth;      /* of brackets that are open */
    int questions;  /* without their `:` */
    bool loop;      /* that a break or continue may belong to */
    bool leaves;    /* a break or continue */
    bool jumps;
};

static void see_word(struct seen *seen, const char *word)
{
    static const char *const jumps[] = { "goto", "return", "case", "default", "setjmp", "sigsetjmp", NULL };
    static const char *const loops[] = { "for", "while", "do", "switch", NULL };

    seen->jumps |= word_is_one_of(word, jumps);
    seen->loop |= word_is_one_of(word, loops);
    seen->leaves |= !strcmp(word, "break") || !strcmp(word, "continue");
}

static void see_punct(struct seen *seen, int punct)
{
    if (punct == '(' || punct == '[' || punct == '{')
        seen->depth++;
    else if (punct == ')' || punct == ']' || punct == '}')
        seen->jumps |= --seen->depth < 0;
    else if (punct == '?')
        seen->questions++;
    else if (punct == ':')
        seen->jumps |= --seen->questions < 0;
}

static bool text_jumps(const struct sources *sources, struct span span)
{
    struct lexer lexer = lexer_start(sources, span);
    struct seen seen = { 0 };
    struct ctoken token;

    lexer.line_start = false; /* # makes a string here */
    for (lexer_next(&lexer, &token); token.kind != TOKEN_END; lexer_next(&lexer, &token)) {
        if (token.kind == TOKEN_WORD)
            see_word(&seen, token.word);
        else if (token.kind == TOKEN_PUNCT)
            see_punct(&seen, token.punct);
        lexer.line_start = false;
    }
    return seen.jumps || seen.depth != 0 || (seen.leaves && !seen.loop);
}

static struct macro *find(const struct macro *table, const char *name)
{
    struct macro *found;

    HASH_FIND_STR(table, name, found);
    return found;
}

static void add(struct ast *ast, struct macro **table, const char *name, struct span text)
{
    struct macro *macro = find(*table, name);

    if (!macro) {
        macro = memory_take(ast->memory, sizeof *macro);
        macro->name = memory_copy(ast->memory, name, strlen(name));
        HASH_ADD_KEYPTR(hh, *table, macro->name, strlen(macro->name), macro);
    }
    macro->text = text;
    macro->jumps |= text_jumps(ast->sources, text);
}

/* `#define NAME text` or `#define NAME(a, b) text`. */
static void read_line(struct ast *ast, struct macro **table, struct span line)
{
    struct lexer lexer = lexer_start(ast->sources, line);
    struct ctoken token, name;
    uint32_t end;

    lexer.line_start = false;
    lexer_next(&lexer, &token); /* # */
    lexer_next(&lexer, &token);
    if (!token_is_word(&token, "define"))
        return;
    lexer_next(&lexer, &name);
    if (name.kind != TOKEN_WORD)
        return;
    end = name.span.end;
    if (end < line.end && *sources_text(ast->sources, end) == '(') {
        do
            lexer_next(&lexer, &token);
        while (token.kind != TOKEN_END && !token_is(&token, ')'));
        end = token.span.end;
    }
    add(ast, table, name.word, (struct span){ end, line.end });
}

struct reader {
    struct ast *ast;
    struct macro *table;
};

static void read_code(void *data, const struct ctext *place, struct code *code)
{
    struct reader *const reader = data;
    struct lexer lexer;
    struct ctoken token;

    (void)place;
    if (!code->present)
        return;
    lexer = lexer_start(reader->ast->sources, code->span);
    for (lexer_next(&lexer, &token); token.kind != TOKEN_END; lexer_next(&lexer, &token))
        if (token.kind == TOKEN_LINE)
            read_line(reader->ast, &reader->table, token.span);
}

static bool text_names_jump(const struct macros *macros, const struct sources *sources, struct span span)
{
    struct lexer lexer = lexer_start(sources, span);
    struct ctoken token;

    for (lexer_next(&lexer, &token); token.kind != TOKEN_END; lexer_next(&lexer, &token))
        if (token.kind == TOKEN_WORD && macro_kind(macros, token.word) == MACRO_JUMPS)
            return true;
    return false;
}

#define STEPS_MAX 8 /* macros within macros; what lies deeper counts as a jump */

/* One that names one that jumps does so too. */
static void spread(struct ast *ast, const struct macros *macros)
{
    bool more = true;

    for (int step = 0; step < STEPS_MAX && more; step++) {
        more = false;
        for (struct macro *macro = macros->own; macro; macro = macro->hh.next) {
            if (macro->jumps || !text_names_jump(macros, ast->sources, macro->text))
                continue;
            macro->jumps = more = true;
        }
    }
    for (struct macro *macro = macros->own; macro && more; macro = macro->hh.next)
        macro->jumps = true;
}

struct macros *macros_find(struct ast *ast, const struct macros *around)
{
    struct macros *macros = memory_take(ast->memory, sizeof *macros);
    struct reader reader = { ast, NULL };

    ctext_each(ast, read_code, &reader);
    macros->own = reader.table;
    macros->around = around;
    spread(ast, macros);
    return macros;
}

void macros_free(struct macros *macros)
{
    HASH_CLEAR(hh, macros->own);
}

static const struct macro *find_any(const struct macros *macros, const char *word)
{
    const struct macro *found = NULL;

    for (; macros && !found; macros = macros->around)
        found = find(macros->own, word);
    return found;
}

bool macro_text(const struct macros *macros, const char *word, struct span *text)
{
    const struct macro *found = find_any(macros, word);

    if (found)
        *text = found->text;
    return found;
}

enum macro_kind macro_kind(const struct macros *macros, const char *word)
{
    const struct macro *found = find_any(macros, word);

    return !found ? MACRO_NONE : found->jumps ? MACRO_JUMPS : MACRO_PLAIN;
}
