#include "parts/letter.h"

#include "text/ctoken.h"

static void next(struct lexer *lexer, struct ctoken *token)
{
    do
        lexer_next(lexer, token);
    while (token->kind == TOKEN_LINE);
}

/* The member whose name begins with the token; 0: something else does. Goes to the last token of the name. */
static unsigned read_name(struct lexer *lexer, struct ctoken *token)
{
    static const struct { const char *name; enum letter_member member; } members[] = {
        { "item", LETTER_ITEM }, { "reason", LETTER_REASON }, { "attempts", LETTER_ATTEMPTS }, { "stage", LETTER_STAGE } };

    if (!token_is(token, '.'))
        return 0;
    next(lexer, token);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (token_is_word(token, members[i].name))
            return members[i].member;
    return 0;
}

static int deeper(const struct ctoken *token)
{
    const bool opens = token_is(token, '(') || token_is(token, '[') || token_is(token, '{');
    const bool closes = token_is(token, ')') || token_is(token, ']') || token_is(token, '}');

    return opens - closes;
}

/* To the comma behind the member, or the end; `*end` becomes the member's. */
static void skip_member(struct lexer *lexer, struct ctoken *token, uint32_t *end)
{
    int depth = 0;

    for (; token->kind != TOKEN_END && (depth > 0 || !token_is(token, ',')); next(lexer, token)) {
        depth += deeper(token);
        *end = token->span.end;
    }
}

unsigned letter_says(const struct sources *sources, struct span initializer, struct span *wrong)
{
    struct lexer lexer = lexer_start(sources, initializer);
    struct ctoken token;
    unsigned says = 0;

    *wrong = (struct span){ initializer.start, initializer.start };
    for (next(&lexer, &token); token.kind != TOKEN_END; next(&lexer, &token)) {
        struct span member = token.span;
        const unsigned named = read_name(&lexer, &token);

        skip_member(&lexer, &token, &member.end);
        if (named == 0) {
            *wrong = member;
            return 0;
        }
        says |= named;
    }
    return says;
}
