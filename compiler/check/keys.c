/* Keys and costs: what may stand beside them, what they may be, and what people mean who write none.
 */
#include "check/check.h"

#include <string.h>

#include "facts/inputs.h"
#include "facts/item.h"
#include "facts/key.h"
#include "facts/pull.h"
#include "facts/workers.h"
#include "facts/write.h"
#include "text/ctoken.h"
#include "text/memory.h"
#include "tree/term.h"

/* What stands before the expression. */
static const char *word_of(const struct stage *stage, const struct term *key)
{
    return key == &stage->by ? "by" : "per";
}

static void each_key(struct check *check, const struct stage *stage,
                     void (*tell)(struct check *check, const struct stage *stage, const struct term *key))
{
    struct terms terms = { .stage = stage };

    for (const struct term *term; (term = terms_next(&terms));)
        if (terms.is_key && term->code.present)
            tell(check, stage, term);
}

/* ---- sources ----------------------------------------------------------------------------------------------------- */

static void report_source(struct check *check, const struct stage *stage, const struct term *term, const char *word,
                          const char *what)
{
    diag_report(check->diags, "E0370", term->span, "'%s' is a source, so there is no item that could have a %s",
                stage->decl.name.text, what);
    diag_hint(check->diags, "leave '%s' out, or let the stage have it that receives the items", word);
}

static void check_source_key(struct check *check, const struct stage *stage, const struct term *key)
{
    report_source(check, stage, key, word_of(stage, key), "key");
}

static void check_source(struct check *check, const struct stage *stage)
{
    each_key(check, stage, check_source_key);
    if (stage->rate.cost.code.present)
        report_source(check, stage, &stage->rate.cost, "cost", "cost");
}

/* ---- channels ---------------------------------------------------------------------------------------------------- */

static void report_gathering(struct check *check, const struct stage *stage, const struct term *key,
                             const struct channel *channel)
{
    diag_report(check->diags, "E0371", key->span,
                "'%s' gathers items by their key, and a sender to '%s' waits until a body has begun with its own",
                stage->decl.name.text, channel->decl.name.text);
    diag_note(check->diags, channel->decl.name.span, "'%s' is a rendezvous", channel->decl.name.text);
    diag_hint(check->diags, "let it hold some: channel %s %s[64];", channel->type.text, channel->decl.name.text);
}

static void check_channel(struct check *check, const struct stage *stage, const struct term *key,
                          const struct channel *channel)
{
    const char *name = channel->decl.name.text;

    if (channel->cap_kind == CAP_RENDEZVOUS && key == key_of_batch(stage)) {
        if (stage->inputs->batch.kind == VALUE_INT && stage->inputs->batch.i == 1) /* else batch.c says so */
            report_gathering(check, stage, key, channel);
    } else if (channel->cap_kind == CAP_RENDEZVOUS) {
        diag_report(check->diags, "E0371", key->span,
                    "'%s' sets items aside that must wait for their key, and a sender to '%s' waits until a body has begun "
                    "with its own", stage->decl.name.text, name);
        diag_note(check->diags, channel->decl.name.span, "'%s' is a rendezvous", name);
        diag_hint(check->diags, "let it hold some: channel %s %s[64];", channel->type.text, name);
    } else if (channel->policy == DROP_OLDEST) {
        diag_report(check->diags, "E0372", key->span,
                    "'%s' drops its oldest item, and which that is of those set aside for a key nobody could say", name);
        diag_note(check->diags, channel->policy_span, "'drop oldest' is written here");
        diag_hint(check->diags, "leave '%s' out, or let the channel 'drop newest'", word_of(stage, key));
    }
}

/* ---- the stage --------------------------------------------------------------------------------------------------- */

static void check_zip(struct check *check, const struct stage *stage, const struct term *key)
{
    diag_report(check->diags, "E0373", key->span, "'%s' takes one item of each input, so none is set aside for its key",
                stage->decl.name.text);
    diag_note(check->diags, stage->inputs->next->name.span, "this is a second input");
    diag_hint(check->diags, "let it send the pairs to a stage with the key");
}

static void check_batch(struct check *check, const struct stage *stage, const struct term *key)
{
    const struct input *input = stage->inputs;
    const struct term *own = key_of_batch(stage);

    if (key == own || (own && key_is_same(check->ast->sources, key, own)))
        return;
    if (own) {
        diag_report(check->diags, "E0480", key->span, "the items of '%s' have one key, and this is another", input->name.text);
        diag_note(check->diags, own->span, "by this one they are gathered");
        diag_hint(check->diags, "write the same words here: %s (%.*s)", word_of(stage, key), (int)own->code.len,
                  sources_text(check->ast->sources, own->code.span.start));
        return;
    }
    diag_report(check->diags, "E0377", key->span, "'%s' is a batch, whose items may have different keys", input->name.text);
    diag_note(check->diags, input->batch_span, "the batch is here");
    diag_hint(check->diags, "let it gather items of one key: (%s[…] <- … per (E)), with the same E here", input->name.text);
}

static void check_ordered(struct check *check, const struct stage *stage)
{
    if (!stage->ordered || !stage->by.code.present)
        return;
    diag_report(check->diags, "E0374", stage->by.span,
                "'%s' sends its results in the order of all its items, so 'by' would keep workers waiting for nothing",
                stage->decl.name.text);
    diag_note(check->diags, stage->ordered_span, "'ordered' is written here");
    diag_hint(check->diags, "'by' alone keeps the order of each key; for one body of a key at a time and the order of all: "
                            "ordered bound 1 per (%.*s)", (int)stage->by.code.len,
              sources_text(check->ast->sources, stage->by.code.span.start));
}

static void report_named(struct check *check, const struct term *key, const struct decl *decl, const char *what)
{
    diag_report(check->diags, "E0375", key->span, "'%s' is one %s, and 'per' is a %s for each key", decl->name.text, what,
                what);
    diag_note(check->diags, decl->name.span, "'%s' is declared here", decl->name.text);
    diag_hint(check->diags, "write the number itself: %s per (…)", what[0] == 'r' ? "rate 5/s" : "bound 2");
}

static void check_named(struct check *check, const struct stage *stage)
{
    if (stage->rate.per.code.present && stage->rate.decl)
        report_named(check, &stage->rate.per, &stage->rate.decl->decl, "rate");
    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next)
        if (bound->per.code.present && bound->decl)
            report_named(check, &bound->per, &bound->decl->decl, "bound");
}

/* Two bounds for one key are one. */
static void check_bounds(struct check *check, const struct stage *stage)
{
    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next) {
        for (const struct bound_option *other = stage->bounds; other != bound; other = other->next) {
            if (!bound->per.code.present || !other->per.code.present
                || !key_is_same(check->ast->sources, &bound->per, &other->per))
                continue;
            diag_report(check->diags, "E0308", bound->span, "stage '%s' has two bounds for one key", stage->decl.name.text);
            diag_note(check->diags, other->span, "this is the first");
            diag_hint(check->diags, "leave one of them out");
            break;
        }
        if (!bound->per.code.present || bound->decl || stage->has_workers || stage_is_zip(stage))
            continue;
        diag_report(check->diags, "E0376", bound->span,
                    "this lets so many bodies run for each key, and '%s' has one worker for all of them",
                    stage->decl.name.text);
        diag_hint(check->diags, "say how many workers share the keys: workers 64");
    }
}

/* ---- the expression ---------------------------------------------------------------------------------------------- */

static void report_type(struct check *check, const struct term *key, const char *what, const char *hint)
{
    diag_report(check->diags, "E0378", key->code.span, "a key is a number or text, and this is %s", what);
    diag_hint(check->diags, "%s", hint);
}

/* The item as it is, of whose type something is known. */
static void check_item(struct check *check, const struct term *key, const struct ctype *type)
{
    const struct ctype *own = type->decl ? &type->decl->c_type : type;
    const char *text = item_c_type(own);
    const char *plain = text + (strncmp(text, "const ", 6) == 0 ? 6 : 0);

    if (strchr(plain, '*') && strcmp(plain, "char *") != 0 && strcmp(plain, "char*") != 0)
        report_type(check, key, "an address, which tells only whether it is the same memory",
                    "name what tells the items apart: a member that is a number, or text");
    else if (!strcmp(plain, "float") || !strcmp(plain, "double") || !strcmp(plain, "long double"))
        report_type(check, key, "a number with a point, two of which are seldom equal",
                    "make a whole number of it: (int64_t)(x * 100)");
    else if (type->letter || own->record
             || ((!strncmp(plain, "struct ", 7) || !strncmp(plain, "union ", 6)) && strcmp(plain, "struct prt_bytes") != 0))
        report_type(check, key, "a structure, which may have bytes that mean nothing",
                    "name what tells the items apart: a member that is a number, or text");
}

static bool is_float(const struct check *check, const struct ctoken *token)
{
    const char *text = sources_text(check->ast->sources, token->span.start);

    return token->kind == TOKEN_NUMBER && memchr(text, '.', token->span.end - token->span.start);
}

/* Of a batch, the one item that a key is asked of: *xs, or xs[0]. */
static bool is_element(const struct check *check, const struct term *key, const char *item)
{
    struct lexer lexer = lexer_start(check->ast->sources, key->code.span);
    struct ctoken tokens[5];
    size_t n = 0;

    do
        lexer_next(&lexer, &tokens[n]);
    while (tokens[n].kind != TOKEN_END && ++n < 5);
    if (n == 2)
        return token_is(&tokens[0], '*') && token_is_word(&tokens[1], item);
    return n == 4 && token_is_word(&tokens[0], item) && token_is(&tokens[1], '[') && tokens[2].kind == TOKEN_NUMBER
        && token_is(&tokens[3], ']');
}

/* Whether an earlier option has the same one: what is wrong with the expression is told there. */
static bool is_repeated(const struct check *check, const struct stage *stage, const struct term *key)
{
    struct terms terms = { .stage = stage };

    for (const struct term *term; (term = terms_next(&terms)) && term != key;)
        if (terms.is_key && term->code.present && key_is_same(check->ast->sources, term, key))
            return true;
    return false;
}

/* What can be told from the tokens; the C compiler tells the rest. */
static void check_type(struct check *check, const struct stage *stage, const struct term *key)
{
    const struct source_ref *source = stage->inputs->sources;
    struct lexer lexer = lexer_start(check->ast->sources, key->code.span);
    const char *item = term_item(stage, key);
    struct ctoken token;

    if (ctoken_only_word(check->ast->sources, key->code.span, &token)) {
        if (item && stage_is_batch(stage) && !strcmp(token.word, item)) {
            report_type(check, key, "where items lie", memory_join(check->memory, "the item is *", item, ""));
            return;
        }
        if (item && source && source->channel && !strcmp(token.word, item))
            check_item(check, key, &source->channel->type);
        return;
    }
    if (item && stage_is_batch(stage) && is_element(check, key, item) && source && source->channel) {
        check_item(check, key, &source->channel->type);
        return;
    }
    lexer_next(&lexer, &token);
    if (token_is(&token, '&')) {
        report_type(check, key, "an address, which tells only whether it is the same memory", "leave '&' out");
        return;
    }
    for (; token.kind != TOKEN_END; lexer_next(&lexer, &token)) {
        if (token_is_word(&token, "uintptr_t") || token_is_word(&token, "intptr_t")) {
            diag_report(check->diags, "W0383", token.span,
                        "an address is no key: equal items lie in different places, and others come to lie where one was");
            diag_hint(check->diags, "name what tells the items apart: a member that is a number, or text");
        } else if (is_float(check, &token)) {
            report_type(check, key, "a number with a point, two of which are seldom equal",
                        "make a whole number of it: (int64_t)(x * 100)");
            return;
        }
    }
}

/* It is found before a worker has the item, on any thread, beside bodies. */
static void check_pure(struct check *check, const struct term *term, const char *what)
{
    struct ctoken where;

    if (body_names(term->code.body, "self")) {
        diag_report(check->diags, "E0379", term->code.span,
                    "a %s is found before a worker has the item, so there is no 'self' to look at", what);
        diag_hint(check->diags, "an expression is about its item and params alone");
    } else if (writes_in(check->ast->sources, term->code.span, &where)) {
        diag_report(check->diags, "E0346", where.span,
                    "a %s is found on any thread, beside bodies and other keys, so it cannot change anything", what);
        diag_hint(check->diags, "let the stage before it write into the item what the %s is", what);
    }
}

/* How many there will be nobody knows when the first one comes. */
static void check_length(struct check *check, const struct stage *stage, const struct term *key)
{
    const char *name = stage->inputs->name.text;
    const char *length = memory_join(check->memory, name, "_len", "");

    if (!body_names(key->code.body, length))
        return;
    diag_report(check->diags, "E0481", key->code.span, "'%s' counts what a body gets, and a key is that of one item", length);
    diag_hint(check->diags, "the item is *%s", name);
}

static void check_expression(struct check *check, const struct stage *stage, const struct term *key)
{
    if (is_repeated(check, stage, key))
        return;
    check_type(check, stage, key);
    check_pure(check, key, "key");
    if (key == key_of_batch(stage))
        check_length(check, stage, key);
}

/* What the item takes of its keys' limits. */
static void check_taken(struct check *check, const struct stage *stage)
{
    if (stage->rate.per.code.present)
        check_pure(check, &stage->rate.cost, "cost");
    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next)
        if (bound->per.code.present)
            check_pure(check, &bound->weight, "weight");
}

/* ---- what was probably not meant --------------------------------------------------------------------------------- */

/* What a number is when nobody says otherwise as the program starts; 0: that is not known. */
struct by_default {
    int64_t n;
    bool param;
    bool processors; /* as many as there are: n is then as many as there may well be */
};

enum { PROCESSORS = 8 };

static struct by_default default_of(const struct value *value)
{
    struct by_default is = { .param = value->kind == VALUE_NAME };

    if (is.param)
        value = value->param ? &value->param->value : value;
    is.processors = value->kind == VALUE_AUTO;
    is.n = is.processors ? PROCESSORS : value->kind == VALUE_INT ? value->i : 0;
    return is;
}

static struct by_default workers_of(const struct stage *stage)
{
    const struct value *workers = workers_count(stage);

    if (stage->workers_auto)
        return (struct by_default){ PROCESSORS, .processors = true };
    return workers ? default_of(workers) : (struct by_default){ .n = 1 };
}

static void report_room(struct check *check, const struct stage *stage, const struct channel *channel,
                        const struct by_default *room, const struct by_default *workers)
{
    const char *name = channel->decl.name.text;
    const long long wanted = 2 * (long long)workers->n;

    if (workers->processors)
        diag_report(check->diags, "W0380", channel->cap.span,
                    "'%s' is full when %lld item%s for its key, and then nothing comes to the workers of '%s', one for each "
                    "processor", name, (long long)room->n, room->n == 1 ? " waits" : "s wait", stage->decl.name.text);
    else
        diag_report(check->diags, "W0380", channel->cap.span,
                    "'%s' is full when %lld item%s for its key, and then nothing comes to the %lld worker%s of '%s'%s", name,
                    (long long)room->n, room->n == 1 ? " waits" : "s wait", (long long)workers->n,
                    workers->n == 1 ? "" : "s", stage->decl.name.text, room->param || workers->param ? ", by default" : "");
    diag_note(check->diags, key_first(stage)->span, "items are set aside here");
    if (room->param)
        diag_hint(check->diags, "let '%s' be at least %lld by default%s, or let the channel grow: [*]", channel->cap.s, wanted,
                  workers->processors ? ", for 8 processors" : "");
    else
        diag_hint(check->diags, "give it room for what waits, at least [%lld]%s, or let it grow: [*]", wanted,
                  workers->processors ? " for 8 processors" : "");
}

/* As far as it is known before the program runs: a param counts as its default. */
static void check_room(struct check *check, const struct stage *stage)
{
    const struct by_default workers = workers_of(stage);

    for (const struct input *input = stage->inputs; input; input = input->next)
        for (const struct source_ref *ref = input->sources; ref; ref = ref->next) {
            const struct channel *channel = ref->channel;
            struct by_default room;

            if (!channel || channel->cap_kind != CAP_BOUNDED || workers.n < 1)
                continue;
            room = default_of(&channel->cap);
            if (room.n >= 1 && !room.processors && room.n < 2 * workers.n)
                report_room(check, stage, channel, &room, &workers);
        }
}

/* A channel that is full of the items of several keys gives a body fewer than it could have. */
static void check_batch_room(struct check *check, const struct stage *stage)
{
    const struct input *input = stage->inputs;

    if (input->batch.kind != VALUE_INT)
        return;
    if (input->batch.i == 1) {
        diag_report(check->diags, "W0485", key_of_batch(stage)->span, "a batch of one item has one key in any case");
        diag_hint(check->diags, "leave 'per' out, or gather more: %s[1000]", input->name.text);
        return;
    }
    for (const struct source_ref *ref = input->sources; ref; ref = ref->next) {
        const struct channel *channel = ref->channel;

        if (!channel || channel->cap_kind != CAP_BOUNDED || channel->cap.kind != VALUE_INT || channel->cap.i < input->batch.i
            || channel->cap.i >= 2 * input->batch.i) /* below one batch batch.c says more */
            continue;
        diag_report(check->diags, "W0484", channel->cap.span,
                    "'%s' is full when %lld items of all keys wait, and then '%s' gets fewer than %lld of one",
                    channel->decl.name.text, (long long)channel->cap.i, stage->decl.name.text, (long long)input->batch.i);
        diag_note(check->diags, key_of_batch(stage)->span, "they are gathered by their key here");
        diag_hint(check->diags, "give it room for the batches of several keys, or let it grow: [*]");
    }
}

static void check_one_worker(struct check *check, const struct stage *stage)
{
    if (!stage->by.code.present || workers_are_many(stage))
        return;
    diag_report(check->diags, "W0381", stage->by.span, "'%s' has one worker, which gets the items of all keys, in order",
                stage->decl.name.text);
    diag_hint(check->diags, "leave 'by' out, or say how many workers share the keys: workers 16");
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static void check_key(struct check *check, const struct stage *stage, const struct term *key)
{
    if (stage_is_zip(stage))
        check_zip(check, stage, key);
    else if (stage_is_batch(stage))
        check_batch(check, stage, key);
    for (const struct input *input = stage->inputs; input; input = input->next)
        for (const struct source_ref *ref = input->sources; ref; ref = ref->next)
            if (ref->channel)
                check_channel(check, stage, key, ref->channel);
}

static void check_stage(struct check *check, const struct stage *stage)
{
    each_key(check, stage, check_key);
    each_key(check, stage, check_expression);
    check_taken(check, stage);
    check_ordered(check, stage);
    check_named(check, stage);
    check_bounds(check, stage);
    if (!key_is_used(stage) || stage_is_zip(stage))
        return;
    if (!stage_is_batch(stage))
        check_room(check, stage);
    else if (key_of_batch(stage))
        check_batch_room(check, stage);
    else
        return;
    check_one_worker(check, stage);
}

void check_keys(struct check *check)
{
    CHECK_EACH(check, DECL_STAGE, struct stage, stage) {
        if (!stage->inputs)
            check_source(check, stage);
        else if (!pull_is(stage) && !stage->is_inline) /* which have none (pull.c, inline.c) */
            check_stage(check, stage);
    }
}
