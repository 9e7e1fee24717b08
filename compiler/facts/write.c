/* Writing, as far as tokens and the names of functions tell.
 */
#include "facts/write.h"

#include <string.h>

static bool assigns(struct lexer *lexer, const struct ctoken *token)
{
    struct ctoken next;

    if (token_is(token, PUNCT_MINUSES))
        return true;
    lexer_next(lexer, &next);
    if (token_is(token, '='))
        return !token_is(&next, '=');
    if ((token_is(token, '<') || token_is(token, '>')) && token_is(&next, token->punct)) { /* a shift */
        lexer_next(lexer, &next);
        return token_is(&next, '=');
    }
    return token_is(token, PUNCT_PLUSES)
        || (token->kind == TOKEN_PUNCT && token->punct < 256 && strchr("+-*/%&|^", token->punct)
            && token_is(&next, '='));
}

/* Over `[…]` and `.member` to what follows. */
static void skip_parts(struct lexer *lexer, struct ctoken *token)
{
    int depth = 0;

    while (token_is(token, '[') || token_is(token, '.')) {
        if (token_is(token, '.'))
            lexer_next(lexer, token);
        else
            do {
                depth += token_is(token, '[');
                depth -= token_is(token, ']');
                if (depth > 0)
                    lexer_next(lexer, token);
            } while (depth > 0 && token->kind != TOKEN_END);
        lexer_next(lexer, token);
    }
}

bool writes_here(struct lexer ahead, const struct ctoken *before)
{
    struct ctoken token;

    if (token_is(before, PUNCT_MINUSES) || token_is(before, PUNCT_PLUSES))
        return true;
    lexer_next(&ahead, &token);
    skip_parts(&ahead, &token);
    return assigns(&ahead, &token);
}

/* Over the second character of `==`, `!=`, `<=` and `>=`. */
static void skip_comparison(struct lexer *lexer, const struct ctoken *token)
{
    struct lexer ahead = *lexer;
    struct ctoken next;

    lexer_next(&ahead, &next);
    if (token->kind == TOKEN_PUNCT && token->punct < 256 && strchr("=!<>", token->punct) && token_is(&next, '='))
        *lexer = ahead;
}

bool writes_in(const struct sources *sources, struct span code, struct ctoken *where)
{
    struct lexer lexer = lexer_start(sources, code), ahead;
    int depth = 0;

    for (lexer_next(&lexer, where); where->kind != TOKEN_END; lexer_next(&lexer, where)) {
        depth += token_is(where, '{');
        depth -= token_is(where, '}');
        ahead = lexer;
        if (depth == 0 && assigns(&ahead, where))
            return true;
        skip_comparison(&lexer, where);
    }
    return false;
}

/* Those that only read there, or that several threads may call. */
static bool is_safe_to_lend_to(const char *function)
{
    static const char *const begins[] = { "__atomic_", "__sync_", "atomic_", "pthread_", "sem_", "mtx_", "cnd_" };
    static const char *const reads[] = { "bind", "call_once", "connect", "fwrite", "memcmp", "pwrite", "send", "sendto",
                                         "setsockopt", "write", "writev", NULL };

    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (strncmp(function, begins[i], strlen(begins[i])) == 0)
            return true;
    return word_is_one_of(function, reads);
}

enum lending lending_to(const char *function)
{
    static const char *const copies[] = { "memcpy", "memmove", "memset", NULL };

    if (word_is_one_of(function, copies))
        return LEND_FIRST;
    return is_safe_to_lend_to(function) ? LEND_NONE : LEND_ALL;
}

bool lock_after(const char *word, bool locked)
{
    static const char *const locks[] = { "pthread_mutex_lock", "pthread_rwlock_rdlock", "pthread_rwlock_wrlock",
                                         "pthread_spin_lock", "mtx_lock", "flockfile", NULL };
    static const char *const unlocks[] = { "pthread_mutex_unlock", "pthread_rwlock_unlock", "pthread_spin_unlock",
                                           "mtx_unlock", "funlockfile", NULL };

    return word_is_one_of(word, locks) || (locked && !word_is_one_of(word, unlocks));
}
