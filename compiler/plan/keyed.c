/* The options of a stage that have a key.
 */
#include <stdlib.h>

#include "facts/inputs.h"
#include "facts/key.h"
#include "plan/make.h"
#include "text/memory.h"
#include "tree/term.h"

/* Of what is said once for each key. */
struct maker {
    struct make *make;
    struct planned_stage *planned;
    const struct stage *stage;
    const struct term **terms; /* of each of its keys */
};

static size_t count_keyed(const struct stage *stage)
{
    struct terms terms = { .stage = stage };
    size_t n = 0;

    for (const struct term *term; (term = terms_next(&terms));)
        n += terms.is_key && term->code.present;
    return n;
}

static const char *key_text(const struct make *make, const struct term *key)
{
    const struct sources *sources = make->facts->ast->sources;
    const struct span shown = key_shown(sources, key);

    if (shown.end == shown.start)
        return "...";
    return memory_copy(make->memory, sources_text(sources, shown.start), shown.end - shown.start);
}

/* Which of the stage's keys it is: an earlier one of the same tokens, or the next. */
static const struct planned_key *key_of(struct maker *maker, const struct term *term, const char *symbol)
{
    struct planned_stage *planned = maker->planned;
    struct planned_key *key;

    for (size_t i = 0; i < planned->nkeys; i++)
        if (key_is_same(maker->make->facts->ast->sources, maker->terms[i], term))
            return &planned->keys[i];
    maker->terms[planned->nkeys] = term;
    key = &planned->keys[planned->nkeys++];
    *key = (struct planned_key){ make_term(maker->make, maker->stage, term), symbol, key_text(maker->make, term) };
    key->term.one = stage_is_batch(maker->stage);
    return key;
}

static struct planned_keyed *add(struct maker *maker, enum keyed_kind kind, const struct term *term, const char *symbol,
                                 struct span span)
{
    struct planned_keyed *keyed = &maker->planned->keyed[maker->planned->nkeyed++];

    *keyed = (struct planned_keyed){ .kind = kind, .key = key_of(maker, term, symbol), .span = span };
    return keyed;
}

static void add_rate(struct maker *maker)
{
    const struct rate_option *rate = &maker->stage->rate;
    struct planned_keyed *keyed;

    if (!rate->per.code.present)
        return;
    keyed = add(maker, KEYED_RATE, &rate->per, "rate_per", rate->span);
    keyed->weight = make_term(maker->make, maker->stage, &rate->cost);
    keyed->weight_symbol = "cost";
    if (rate->rate.param)
        keyed->param = rate->rate.param->decl.name.text;
    else
        keyed->rate = make_fraction(&rate->rate);
    keyed->burst = make_amount(maker->make, &rate->burst);
}

/* The first is "bound_per", the next "bound_per_2". */
static void add_bounds(struct maker *maker)
{
    unsigned n = 0;

    for (const struct bound_option *bound = maker->stage->bounds; bound; bound = bound->next) {
        struct planned_keyed *keyed;
        const char *end;

        if (!bound->per.code.present)
            continue;
        end = ++n > 1 ? memory_format(maker->make->memory, "_%u", n) : "";
        keyed = add(maker, KEYED_BOUND, &bound->per, memory_join(maker->make->memory, "bound_per", end, ""), bound->span);
        keyed->weight = make_term(maker->make, maker->stage, &bound->weight);
        keyed->weight_symbol = memory_join(maker->make->memory, "weight_per", end, "");
        keyed->permits = make_amount(maker->make, &bound->permits);
    }
}

static int compare(const void *a, const void *b)
{
    const struct planned_keyed *x = a, *y = b;

    return x->span.start < y->span.start ? -1 : x->span.start > y->span.start;
}

void make_keyed(struct make *make, struct planned_stage *planned, const struct stage *stage)
{
    const size_t n = count_keyed(stage);
    struct maker maker = { make, planned, stage, memory_take(make->memory, (n + 1) * sizeof *maker.terms) };

    if (n == 0)
        return;
    planned->keys = memory_take(make->memory, n * sizeof *planned->keys);
    planned->keyed = memory_take(make->memory, n * sizeof *planned->keyed);
    if (key_of_batch(stage))
        add(&maker, KEYED_BATCH, key_of_batch(stage), "per", key_of_batch(stage)->span);
    if (stage->by.code.present)
        add(&maker, KEYED_BY, &stage->by, "by", stage->by.span);
    add_rate(&maker);
    add_bounds(&maker);
    qsort(planned->keyed, n, sizeof *planned->keyed, compare);
}
