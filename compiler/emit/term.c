/* Terms: a function for each, which finds the expression's value for the item that waits. It runs with the worker alone, so
 * that it may be called before anybody has the item.
 */
#include "emit/term.h"

#include <string.h>

#include "emit/code.h"
#include "emit/name.h"
#include "emit/param.h"
#include "emit/text.h"
#include "emit/variable.h"

/* ---- what the expression sees ------------------------------------------------------------------------------------ */

/* Whether it names an item of a further input of a zip. */
static bool names_also(const struct planned_stage *stage, const struct body *body)
{
    for (size_t i = 1; i < stage->ninputs; i++)
        if (body_names(body, stage->inputs[i].name))
            return true;
    return false;
}

/* A name that no item has either. */
static const char *free_beside(struct emit *emit, const struct planned_stage *stage, const struct planned_term *term,
                               const char *name)
{
    name = name_free(emit, stage, term->body, name);
    while (strcmp(name, term->item) == 0)
        name = name_free(emit, stage, term->body, text_format(emit, "%s_", name));
    return name;
}

/* Variables under the names that the expression has for the items: a batch where it lies, one item of it as an array of that,
 * else copies. */
static void emit_item_variables(struct emit *emit, const struct planned_stage *stage, const struct planned_term *term,
                                const char *item)
{
    const struct planned_input *input = &stage->inputs[0];

    if (term->one)
        emit_item_array(emit, stage, term->item);
    else if (input->length)
        emit_put(emit, "    const size_t %s = prt_waiting_n(&self->in_%s);\n"
                       "    %s = %s;\n", input->length, input->name,
                 text_declare(emit, input->c_type, text_format(emit, "const *%s", term->item)), item);
    else
        emit_item_variable(emit, stage, input, term->item); /* which may be called like its type */
    for (size_t i = 1; i < stage->ninputs; i++)
        if (body_names(term->body, stage->inputs[i].name))
            emit_item_variable(emit, stage, &stage->inputs[i], stage->inputs[i].name);
}

static void emit_item_values(struct emit *emit, const struct planned_stage *stage, const struct planned_term *term,
                             const char *item)
{
    if (term->one) {
        emit_put(emit, "    memcpy(%s, %s, sizeof %s);\n", term->item, item, term->item);
    } else if (stage->inputs[0].length) {
        emit_void_unless(emit, term->body, stage->inputs[0].length);
        emit_void_unless(emit, term->body, term->item);
    } else {
        emit_put(emit, "    memcpy(&%s, %s, sizeof %s);\n", term->item, item, term->item);
    }
    for (size_t i = 1; i < stage->ninputs; i++) {
        const char *name = stage->inputs[i].name;

        if (body_names(term->body, name))
            emit_put(emit, "    memcpy(&%s, prt_waiting(&self->in_%s), sizeof %s);\n", name, name, name);
    }
}

/* ---- the function ------------------------------------------------------------------------------------------------ */

/* The names of its arguments. */
struct names {
    const char *base, *item;
};

static struct names names_of(struct emit *emit, const struct planned_stage *stage, const struct planned_term *term)
{
    return (struct names){ free_beside(emit, stage, term, "base"), free_beside(emit, stage, term, "item") };
}

/* From the brace to the expression, before which `before` stands, and behind it up to the end. */
static void emit_function(struct emit *emit, const struct planned_stage *stage, const struct planned_term *term,
                          const struct names *names, const char *before, const char *behind)
{
    const struct body *body = term->body;
    bool needs_self;

    emit_put(emit, "{\n");
    emit->scope = term->scope;
    needs_self = code_needs_self(emit, body) || names_also(stage, body) || (stage->inputs[0].length && !term->one);
    if (needs_self)
        emit_put(emit, "    struct $S *self = (struct $S *)%s;\n", names->base);
    emit_item_variables(emit, stage, term, names->item);
    emit_param_locals(emit, body);
    emit_put(emit, "\n");
    emit_item_values(emit, stage, term, names->item);
    emit_expression(emit, body, before, behind);
    emit_put(emit, "}\n");
    emit->scope = stage->instance;
}

/* `word`: what it is called in a message. */
static void emit_units(struct emit *emit, const struct planned_stage *stage, const struct planned_term *term,
                       const char *symbol, const char *word)
{
    const struct names names = names_of(emit, stage, term);

    emit_put(emit, "static uint64_t %s(struct prt_worker *%s, const void *%s)\n", symbol, names.base, names.item);
    emit_function(emit, stage, term, &names, text_format(emit, "return PRT_UNITS(%s, \"%s\", ", names.base, word), ")");
}

static void emit_weight(struct emit *emit, const struct planned_stage *stage, const struct planned_bound *bound)
{
    const struct planned_limit *limit = bound->limit;

    emit_put(emit, "\n"
                   "/* How much of the bound%s%s an item holds. */\n", limit->shared ? " " : "",
             limit->shared ? limit->name : "");
    emit_units(emit, stage, &bound->weight, weight_symbol(emit, bound), "weight");
}

static void emit_cost(struct emit *emit, const struct planned_stage *stage)
{
    const struct planned_limit *limit = stage->rate;

    emit_put(emit, "\n"
                   "/* How many permits of the rate%s%s an item takes. */\n", limit->shared ? " " : "",
             limit->shared ? limit->name : "");
    emit_units(emit, stage, &stage->cost, term_symbol(emit, "cost"), "cost");
}

static void emit_key(struct emit *emit, const struct planned_stage *stage, const struct planned_key *key)
{
    const struct names names = names_of(emit, stage, &key->term);
    const char *to = free_beside(emit, stage, &key->term, "key");

    emit_put(emit, "\n"
                   "/* Which key an item has. */\n"
                   "static void %s(struct prt_worker *%s, const void *%s, struct prt_key *%s)\n",
             term_symbol(emit, key->symbol), names.base, names.item, to);
    emit_function(emit, stage, &key->term, &names, text_format(emit, "*%s = PRT_KEY(%s, ", to, names.base), ")");
}

static void emit_keyed_weight(struct emit *emit, const struct planned_stage *stage, const struct planned_keyed *keyed)
{
    emit_put(emit, "\n"
                   "/* How much of its key's %s. */\n",
             keyed->kind == KEYED_RATE ? "rate an item takes" : "bound an item holds");
    emit_units(emit, stage, &keyed->weight, term_symbol(emit, keyed->weight_symbol),
               keyed->kind == KEYED_RATE ? "cost" : "weight");
}

void emit_terms(struct emit *emit, const struct planned_stage *stage)
{
    for (size_t i = 0; i < stage->nkeys; i++)
        emit_key(emit, stage, &stage->keys[i]);
    for (size_t i = 0; i < stage->nkeyed; i++)
        if (stage->keyed[i].weight.body)
            emit_keyed_weight(emit, stage, &stage->keyed[i]);
    if (stage->cost.body)
        emit_cost(emit, stage);
    for (size_t i = 0; i < stage->nbounds; i++)
        if (stage->bounds[i].weight.body)
            emit_weight(emit, stage, &stage->bounds[i]);
}
