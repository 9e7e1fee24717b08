/* C text to tokens. A backslash at the end of a line joins it to the next one before anything else is looked at, as in
 * C: every letter is read through peek(), which steps over such joins.
 */
#include "text/ctoken.h"

#include <ctype.h>
#include <string.h>

struct lexer lexer_start(const struct sources *sources, struct span span)
{
    const char *text = sources_text(sources, span.start);

    return (struct lexer){ .next = text, .end = text + (span.end - span.start), .offset = span.start, .line_start = true };
}

/* The bytes of the line joins that begin at `at`. */
static size_t joins(const char *at, const char *end)
{
    const char *p = at;

    while (p < end && *p == '\\') {
        if (p + 1 < end && p[1] == '\n')
            p += 2;
        else if (p + 2 < end && p[1] == '\r' && p[2] == '\n')
            p += 3;
        else
            break;
    }
    return (size_t)(p - at);
}

static void skip(struct lexer *lexer, size_t bytes)
{
    lexer->next += bytes;
    lexer->offset += (uint32_t)bytes;
}

/* The next letter, or -1 at the end. Leaves `next` on it. */
static int peek(struct lexer *lexer)
{
    skip(lexer, joins(lexer->next, lexer->end));
    return lexer->next < lexer->end ? (unsigned char)*lexer->next : -1;
}

static int peek_second(const struct lexer *lexer)
{
    const char *p = lexer->next + 1;

    if (p >= lexer->end)
        return -1;
    p += joins(p, lexer->end);
    return p < lexer->end ? (unsigned char)*p : -1;
}

static void skip_comment(struct lexer *lexer)
{
    int c;

    if (peek_second(lexer) == '/') {
        while ((c = peek(lexer)) != -1 && c != '\n')
            skip(lexer, 1);
        return;
    }
    skip(lexer, 1);
    peek(lexer);
    skip(lexer, 1);
    while ((c = peek(lexer)) != -1) {
        if (c == '*' && peek_second(lexer) == '/') {
            skip(lexer, 1);
            peek(lexer);
            skip(lexer, 1);
            return;
        }
        skip(lexer, 1);
    }
}

static bool at_comment(const struct lexer *lexer, int c)
{
    return c == '/' && (peek_second(lexer) == '/' || peek_second(lexer) == '*');
}

/* Steps over blanks and comments. */
static int skip_blanks(struct lexer *lexer)
{
    int c;

    for (;;) {
        c = peek(lexer);
        if (c == '\n')
            lexer->line_start = true;
        if (c != -1 && (isspace(c) || c == 0))
            skip(lexer, 1);
        else if (at_comment(lexer, c))
            skip_comment(lexer);
        else
            return c;
    }
}

static void skip_quoted(struct lexer *lexer, int quote)
{
    int c;

    skip(lexer, 1);
    while ((c = peek(lexer)) != -1 && c != '\n') {
        skip(lexer, 1);
        if (c == quote)
            return;
        if (c == '\\' && peek(lexer) != -1)
            skip(lexer, 1);
    }
}

static void skip_line(struct lexer *lexer)
{
    int c;

    while ((c = peek(lexer)) != -1 && c != '\n') {
        if (at_comment(lexer, c))
            skip_comment(lexer);
        else if (c == '"' || c == '\'')
            skip_quoted(lexer, c);
        else
            skip(lexer, 1);
    }
}

/* A pp-number: also 1e+3, 0x1p-2 and 1'000. */
static void skip_number(struct lexer *lexer)
{
    int before = 0;
    int c;

    while ((c = peek(lexer)) != -1) {
        const bool sign = (c == '+' || c == '-') && before != 0 && strchr("eEpP", before);
        const bool separator = c == '\'' && isalnum(peek_second(lexer) == -1 ? ' ' : peek_second(lexer));

        if (!isalnum(c) && c != '_' && c != '.' && !sign && !separator)
            return;
        before = c;
        skip(lexer, 1);
    }
}

static bool is_word_letter(int c)
{
    return c != -1 && (isalnum(c) || c == '_' || c == '$' || c >= 0x80);
}

static void read_word(struct lexer *lexer, struct ctoken *token)
{
    size_t len = 0;
    int c;

    while (is_word_letter(c = peek(lexer))) {
        if (len < WORD_MAX - 1)
            token->word[len++] = (char)c;
        skip(lexer, 1);
    }
    token->word[len] = '\0';
}

static void read_punct(struct lexer *lexer, struct ctoken *token, int c)
{
    static const struct { char first, second; int punct; } pairs[] = {
        { '-', '>', PUNCT_ARROW }, { '-', '-', PUNCT_MINUSES }, { '+', '+', PUNCT_PLUSES },
        { '&', '&', PUNCT_AND }, { '|', '|', PUNCT_OR },
        { '.', '.', PUNCT_DOTS }, { '%', ':', '#' }, { '<', '%', '{' }, { '%', '>', '}' }, { '<', ':', '[' }, { ':', '>', ']' },
    };
    const int second = peek_second(lexer);

    token->punct = c;
    skip(lexer, 1);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (pairs[i].first == c && pairs[i].second == second) {
            token->punct = pairs[i].punct;
            peek(lexer);
            skip(lexer, 1);
            if (token->punct == PUNCT_DOTS && peek(lexer) == '.')
                skip(lexer, 1);
            return;
        }
    }
}

static size_t mark_len(const char *at, const char *end)
{
    size_t len = 0;

    while (len <= 16 && at + len < end && !strchr(" ()\\\t\v\f\r\n\"", at[len]))
        len++;
    return len;
}

/* Of a raw string of GNU C, R"mark(any letters)mark": steps over what follows the R. False where it is none. */
static bool skip_raw(struct lexer *lexer, const char *prefix)
{
    static const char *const prefixes[] = { "R", "LR", "uR", "UR", "u8R", NULL };
    const char *mark = lexer->next + 1;
    size_t len;

    if (!word_is_one_of(prefix, prefixes) || lexer->next >= lexer->end || *lexer->next != '"')
        return false;
    len = mark_len(mark, lexer->end);
    if (mark + len >= lexer->end || mark[len] != '(')
        return false;
    for (const char *at = mark + len; (at = memchr(at, ')', (size_t)(lexer->end - at))); at++) {
        if ((size_t)(lexer->end - at) < len + 2 || memcmp(at + 1, mark, len) != 0 || at[len + 1] != '"')
            continue;
        skip(lexer, (size_t)(at + len + 2 - lexer->next));
        return true;
    }
    return false;
}

static enum ctoken_kind read_token(struct lexer *lexer, struct ctoken *token, int c, bool line_start)
{
    if (line_start && (c == '#' || (c == '%' && peek_second(lexer) == ':'))) {
        skip_line(lexer);
        return TOKEN_LINE;
    }
    if (c == '"' || c == '\'') {
        skip_quoted(lexer, c);
        return c == '"' ? TOKEN_STRING : TOKEN_CHAR;
    }
    if (isdigit(c) || (c == '.' && peek_second(lexer) != -1 && isdigit(peek_second(lexer)))) {
        skip_number(lexer);
        return TOKEN_NUMBER;
    }
    if (is_word_letter(c)) {
        read_word(lexer, token);
        return skip_raw(lexer, token->word) ? TOKEN_STRING : TOKEN_WORD;
    }
    read_punct(lexer, token, c);
    return TOKEN_PUNCT;
}

void lexer_next(struct lexer *lexer, struct ctoken *token)
{
    const int c = skip_blanks(lexer);
    const bool line_start = lexer->line_start;

    token->punct = 0;
    token->word[0] = '\0';
    token->span.start = lexer->offset;
    lexer->line_start = false;
    token->kind = c == -1 ? TOKEN_END : read_token(lexer, token, c, line_start);
    token->span.end = lexer->offset;
}

bool word_is_one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (word[0] == **words && !strcmp(word, *words))
            return true;
    return false;
}

bool token_is(const struct ctoken *token, int punct)
{
    return token->kind == TOKEN_PUNCT && token->punct == punct;
}

bool token_is_word(const struct ctoken *token, const char *word)
{
    return token->kind == TOKEN_WORD && !strcmp(token->word, word);
}

bool token_is_same(const struct sources *sources, const struct ctoken *a, const struct ctoken *b)
{
    const size_t len = a->span.end - a->span.start;

    return a->kind == b->kind && len == b->span.end - b->span.start
        && memcmp(sources_text(sources, a->span.start), sources_text(sources, b->span.start), len) == 0;
}

bool ctoken_only_word(const struct sources *sources, struct span span, struct ctoken *word)
{
    struct lexer lexer = lexer_start(sources, span);
    struct ctoken more;

    lexer_next(&lexer, word);
    if (word->kind != TOKEN_WORD)
        return false;
    lexer_next(&lexer, &more);
    return more.kind == TOKEN_END;
}
