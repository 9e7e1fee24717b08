/* State for each key in workers that get only some of a key's items: what one of them keeps for it is not what the key has.
 *
 * Tokens tell. Where items have a key, a statement of the body that names both the key and a field of `self`. Where they have
 * none, one that counts a field up or down at a place that the item gives, `self->count[x]++`, in a stage that never puts its
 * workers' parts together, in a final or a flush.
 */
#include "check/check.h"

#include <string.h>

#include "facts/key.h"
#include "facts/pull.h"
#include "facts/workers.h"
#include "text/ctoken.h"

/* What a statement says. */
struct statement {
    struct span self;  /* a field of the worker's own; empty: it names none */
    bool key;          /* the key, as its option has it */
    bool place;        /* the item, within brackets */
    bool counts;       /* something is counted up or down */
};

struct reading {
    const struct sources *sources;
    const struct stage *stage;
    const struct term *key; /* NULL: there is none */
    struct lexer lexer;
    struct statement at;
    int brackets;
};

/* Whether the key's tokens stand from this one on. */
static bool key_stands(const struct reading *reading, struct ctoken token)
{
    struct lexer wanted = lexer_start(reading->sources, reading->key->code.span), lexer = reading->lexer;
    struct ctoken want;

    for (lexer_next(&wanted, &want); want.kind != TOKEN_END; lexer_next(&wanted, &want)) {
        if (!token_is_same(reading->sources, &token, &want))
            return false;
        lexer_next(&lexer, &token);
    }
    return true;
}

/* `self->field`, but for what all workers share. */
static bool is_own(const struct reading *reading, const struct ctoken *token)
{
    struct lexer lexer = reading->lexer;
    struct ctoken next;

    if (!token_is_word(token, "self"))
        return false;
    lexer_next(&lexer, &next);
    if (!token_is(&next, PUNCT_ARROW))
        return false;
    lexer_next(&lexer, &next);
    return next.kind == TOKEN_WORD && strcmp(next.word, "pipe") != 0 && strcmp(next.word, "worker") != 0;
}

static bool is_count(const struct reading *reading, const struct ctoken *token)
{
    struct lexer lexer = reading->lexer;
    struct ctoken next;

    lexer_next(&lexer, &next);
    return token_is(token, PUNCT_PLUSES) || token_is(token, PUNCT_MINUSES)
        || ((token_is(token, '+') || token_is(token, '-')) && token_is(&next, '='));
}

static void read_token(struct reading *reading, const struct ctoken *token)
{
    reading->brackets += token_is(token, '[') - token_is(token, ']');
    if (is_own(reading, token) && reading->at.self.end == 0)
        reading->at.self = token->span;
    reading->at.key = reading->at.key || (reading->key && key_stands(reading, *token));
    reading->at.place = reading->at.place
                        || (reading->brackets > 0 && token_is_word(token, reading->stage->inputs->name.text));
    reading->at.counts = reading->at.counts || is_count(reading, token);
}

static bool is_scattered(const struct reading *reading)
{
    const struct statement *at = &reading->at;

    return at->self.end > 0 && (reading->key ? at->key : at->place && at->counts);
}

static bool ends(const struct ctoken *token)
{
    return token->kind == TOKEN_END || token_is(token, ';') || token_is(token, '{') || token_is(token, '}');
}

static void report(struct check *check, const struct reading *reading)
{
    const struct stage *stage = reading->stage;

    diag_report(check->diags, "W0382", reading->at.self,
                "each worker of '%s' keeps this for itself, and items that belong together go to any of them",
                stage->decl.name.text);
    diag_note(check->diags, stage->workers_span, "there are several workers");
    if (reading->key)
        diag_hint(check->diags, "let all items of a key go to one worker: by (%.*s)", (int)reading->key->code.len,
                  sources_text(check->ast->sources, reading->key->code.span.start));
    else
        diag_hint(check->diags, "let items that belong together go to one worker, by (…); or put the workers' parts together "
                                "in a final { }");
}

static void check_body(struct check *check, const struct stage *stage)
{
    struct reading reading = { check->ast->sources, stage, key_first(stage),
                               lexer_start(check->ast->sources, stage->body.span), { .key = false }, 0 };
    struct ctoken token;

    do {
        lexer_next(&reading.lexer, &token);
        if (!ends(&token)) {
            read_token(&reading, &token);
            continue;
        }
        if (is_scattered(&reading)) {
            report(check, &reading);
            return;
        }
        reading.at = (struct statement){ .key = false };
    } while (token.kind != TOKEN_END);
}

void check_scattered(struct check *check)
{
    CHECK_EACH(check, DECL_STAGE, struct stage, stage) {
        const bool joined = stage->final.present || stage->flush.present || stage->functions.present;

        if (!stage->inputs || pull_is(stage) || stage->by.code.present || !stage->state.present || !stage->body.present
            || !stage->has_workers || !workers_are_several(stage) || (!key_is_used(stage) && joined))
            continue;
        check_body(check, stage);
    }
}
