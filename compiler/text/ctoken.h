/* The tokens of C text, one after the other. Enough of C's letters to know what is code and what is a string, a
 * comment, a number or a preprocessor line; nothing of its grammar.
 */
#ifndef CTOKEN_H
#define CTOKEN_H

#include "text/source.h"

enum ctoken_kind {
    TOKEN_END, TOKEN_WORD, TOKEN_NUMBER, TOKEN_STRING, TOKEN_CHAR,
    TOKEN_LINE,  /* a preprocessor line, with the lines joined to it */
    TOKEN_PUNCT  /* one character, or one of those below */
};

enum { PUNCT_ARROW = 256, PUNCT_MINUSES, PUNCT_PLUSES, PUNCT_AND, PUNCT_OR, PUNCT_DOTS };

#define WORD_MAX 128 /* letters of a word that tell it from others */

struct ctoken {
    enum ctoken_kind kind;
    int punct;
    struct span span;    /* in the file */
    char word[WORD_MAX]; /* TOKEN_WORD: its letters, without line joins */
};

struct lexer {
    const char *next, *end;
    uint32_t offset;     /* of `next` in the file */
    bool line_start;     /* only blanks stand before `next` on its line */
};

/* Of a piece of C. */
struct lexer lexer_start(const struct sources *sources, struct span span);
void lexer_next(struct lexer *lexer, struct ctoken *token);

bool token_is(const struct ctoken *token, int punct);
/* Whether the word is in a list that NULL ends. */
bool word_is_one_of(const char *word, const char *const *words);

bool token_is_word(const struct ctoken *token, const char *word);

/* Whether both are written alike. */
bool token_is_same(const struct sources *sources, const struct ctoken *a, const struct ctoken *b);

/* Whether one word is all that stands in the piece; then `word` is that. */
bool ctoken_only_word(const struct sources *sources, struct span span, struct ctoken *word);

#endif
