/* Functions, found by their shape: at the outermost level of the text, a word with parentheses behind it, and then a
 * block (a definition) or a `;` (a declaration). Anything else there is no function.
 */
#include "facts/functions.h"

#include <string.h>

#include "text/ctoken.h"
#include "text/memory.h"

struct reader {
    struct obstack *memory;
    const struct sources *sources;
    struct lexer lexer;
    struct ctoken token;
    struct functions *functions;
    struct function **last;
    size_t nnames, room;
};

static void next(struct reader *reader)
{
    lexer_next(&reader->lexer, &reader->token);
}

/* Over the bracket at hand and all in it, to its end: where what stands between ends. */
static uint32_t skip_bracket(struct reader *reader)
{
    int depth = 0;

    for (; reader->token.kind != TOKEN_END; next(reader)) {
        if (token_is(&reader->token, '(') || token_is(&reader->token, '[') || token_is(&reader->token, '{'))
            depth++;
        else if (token_is(&reader->token, ')') || token_is(&reader->token, ']') || token_is(&reader->token, '}'))
            depth--;
        if (depth == 0)
            break;
    }
    return reader->token.span.start;
}

/* `struct self *self`, perhaps const, among the parameters. */
static bool finds_self(const struct reader *reader, struct span parameters)
{
    struct lexer lexer = lexer_start(reader->sources, parameters);
    struct ctoken token, before = { .kind = TOKEN_END };
    bool type = false;

    for (lexer_next(&lexer, &token); token.kind != TOKEN_END; lexer_next(&lexer, &token)) {
        if (type && token_is_word(&token, "self"))
            return true;
        if (token_is_word(&token, "self") && token_is_word(&before, "struct"))
            type = true;
        else if (token_is(&token, ','))
            type = false;
        before = token;
    }
    return false;
}

static void add_name(struct reader *reader, const char *name)
{
    struct functions *functions = reader->functions;

    if (reader->nnames + 1 >= reader->room) {
        const char **names = memory_take(reader->memory, 2 * reader->room * sizeof *names);

        memcpy(names, functions->names, reader->nnames * sizeof *names);
        functions->names = names;
        reader->room *= 2;
    }
    if (!functions_have(functions, name))
        functions->names[reader->nnames++] = name;
}

/* What the declaration at hand has shown so far. */
struct found {
    struct ctoken word;      /* the last one */
    struct ctoken name;      /* the first with parentheses behind it */
    struct span parameters;
    bool is_other;           /* a typedef, or a variable with a value */
};

static void add_definition(struct reader *reader, const struct found *found, struct span code)
{
    struct function *function = memory_take(reader->memory, sizeof *function);

    function->name = memory_copy(reader->memory, found->name.word, strlen(found->name.word));
    function->name_span = found->name.span;
    function->parameters = found->parameters;
    function->has_self = finds_self(reader, found->parameters);
    function->code = code;
    add_name(reader, function->name);
    *reader->last = function;
    reader->last = &function->next;
}

static void note_other(struct reader *reader, struct span span)
{
    if (!reader->functions->other.end)
        reader->functions->other = span;
}

static void read_parentheses(struct reader *reader, struct found *found)
{
    const uint32_t start = reader->token.span.end;
    const uint32_t end = skip_bracket(reader);

    if (found->name.kind == TOKEN_WORD || found->word.kind != TOKEN_WORD || token_is_word(&found->word, "__attribute__"))
        return;
    found->name = found->word;
    found->parameters = (struct span){ start, end };
}

/* One declaration. */
static void read_declaration(struct reader *reader)
{
    struct found found = { .word = { .kind = TOKEN_END }, .name = { .kind = TOKEN_END } };
    const uint32_t start = reader->token.span.start;

    for (; reader->token.kind != TOKEN_END && !token_is(&reader->token, ';'); next(reader)) {
        if (reader->token.kind == TOKEN_LINE)
            continue;
        if (token_is(&reader->token, '(')) {
            read_parentheses(reader, &found);
        } else if (token_is(&reader->token, '{')) {
            const uint32_t from = reader->token.span.end;
            const uint32_t to = skip_bracket(reader);

            if (found.name.kind == TOKEN_WORD && !found.is_other) {
                add_definition(reader, &found, (struct span){ from, to });
                return;
            }
            found.is_other = true;
        } else if (token_is(&reader->token, '=') || token_is_word(&reader->token, "typedef")) {
            found.is_other = true;
        }
        found.word = reader->token;
    }
    if (found.name.kind == TOKEN_WORD && !found.is_other)
        add_name(reader, memory_copy(reader->memory, found.name.word, strlen(found.name.word)));
    else if (found.word.kind != TOKEN_END)
        note_other(reader, (struct span){ start, reader->token.span.start });
}

struct functions *functions_read(struct obstack *memory, const struct sources *sources, struct span span)
{
    struct reader reader = { .memory = memory, .sources = sources, .lexer = lexer_start(sources, span), .room = 8 };

    reader.functions = memory_take(memory, sizeof *reader.functions);
    reader.functions->names = memory_take(memory, reader.room * sizeof *reader.functions->names);
    reader.last = &reader.functions->first;
    for (next(&reader); reader.token.kind != TOKEN_END; next(&reader))
        if (reader.token.kind != TOKEN_LINE && !token_is(&reader.token, ';'))
            read_declaration(&reader);
    return reader.functions;
}

bool functions_have(const struct functions *functions, const char *name)
{
    for (const char *const *at = functions ? functions->names : NULL; at && *at; at++)
        if (!strcmp(*at, name))
            return true;
    return false;
}

bool functions_keep_self(const struct functions *functions, const struct body *body)
{
    for (const struct handed *handed = body->handed; handed; handed = handed->next)
        if (!handed->to || !functions_have(functions, handed->to))
            return false;
    return true;
}
