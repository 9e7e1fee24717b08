/* Parts: what a part does with its ends, and what instances ask of the types that they get.
 */
#include "check/check.h"

#include <string.h>

#include "facts/ctext.h"
#include "facts/item.h"
#include "facts/named.h"
#include "parts/instance.h"
#include "text/ctoken.h"
#include "text/memory.h"
#include "tree/term.h"

/* ---- a part by itself ---- */

static void report_wrong_way(struct check *check, const struct channel *end, const struct stage *stage)
{
    diag_report(check->diags, "E0325", end->decl.name.span, "'%s' is an %s channel, and '%s' %s it", end->decl.name.text,
                end->is_input ? "input" : "output", stage->decl.name.text, end->is_input ? "sends to" : "receives from");
    diag_note(check->diags, stage->decl.name.span, "here");
    diag_hint(check->diags, end->is_input ? "what is sent on goes to an output channel, or to a channel of the part"
                                          : "what a stage receives comes from an input channel, or from a channel of "
                                            "the part");
}

static void check_end(struct check *check, const struct channel *end)
{
    const size_t node = channel_node(check->graph, end);
    const struct digraph *right = end->is_input ? check->graph->forward : check->graph->backward;
    const struct digraph *wrong = end->is_input ? check->graph->backward : check->graph->forward;

    if (digraph_degree(wrong, node) > 0)
        report_wrong_way(check, end, check->graph->stages[wrong->to[wrong->first[node]]]);
    else if (digraph_degree(right, node) == 0 && check->whole) {
        diag_report(check->diags, "E0325", end->decl.name.span, "no stage of the part %s '%s'",
                    end->is_input ? "receives from" : "sends to", end->decl.name.text);
        diag_hint(check->diags, "use it, or leave it out");
    }
}

/* ---- instances ---- */

/* Where a text of an instance copies items, each type must have a clone, or own nothing. */
static void check_clones(void *data, const struct ctext *place, struct code *code)
{
    struct check *const check = data;
    const struct instance *instance = place->scope;

    for (const struct instance_type *type = instance ? instance->types : NULL; type; type = type->next) {
        const struct type_decl *decl = type->type.decl;

        if (!decl || !decl->drop.text || decl->clone.text || decl->given
            || !body_names(code->body, memory_join(check->memory, type->name, "_clone", "")))
            continue;
        diag_report(check->diags, "E0212", instance->decl.name.span, "'%s' copies items, and '%s' has no clone",
                    instance->part->decl.name.text, decl->decl.name.text);
        diag_note(check->diags, decl->decl.name.span, "'%s' is declared here", decl->decl.name.text);
        diag_hint(check->diags, "type %s = … drop %s clone FUNCTION;", decl->decl.name.text, decl->drop.text);
    }
}

/* The function of an expression gets the program as `pipe`, the items as the place of use calls them, and params under
 * their own names. */
static void check_item(struct check *check, const struct named *params, const struct name *item)
{
    const struct decl *param = named_find(params, item->text);

    if (strcmp(item->text, "pipe") == 0) {
        diag_report(check->diags, "E0104", item->span, "an item of an expression cannot be called 'pipe'");
        diag_hint(check->diags, "the program is called so there: call it something else");
    } else if (param) {
        diag_report(check->diags, "E0107", item->span, "in an expression the item '%s' hides the param '%s'", item->text,
                    param->name.text);
        diag_note(check->diags, param->name.span, "'%s' is declared here", param->name.text);
        diag_hint(check->diags, "give one of them another name");
    }
}

/* Whoever has the item drops it, so an expression that gives an item has to give one of its own. */
static void check_gift(struct check *check, const struct instance *instance, const struct instance_param *param)
{
    const struct instance_type *type = instance->types;
    struct ctoken word;

    while (type && strcmp(type->name, param->param->type_name.text) != 0)
        type = type->next;
    if (!type || !item_owns(&type->type) || !ctoken_only_word(check->ast->sources, param->code.span, &word))
        return;
    for (size_t i = 0; i < param->nends; i++) {
        const struct name *item = param_item(param, i);

        if (strcmp(item->text, word.word) != 0)
            continue;
        diag_report(check->diags, "E0213", param->code.span, "'%s' stays with the stage that has it, and '%s' of '%s' gives "
                    "an item", item->text, param->param->decl.name.text, instance->part->decl.name.text);
        diag_note(check->diags, param->param->decl.name.span, "'%s' is declared here", param->param->decl.name.text);
        diag_hint(check->diags, "give a copy of it: %s", item_is_string(&type->type) ? "strdup" : "what its type has as clone");
    }
}

/* What stands in a part is looked at there, and what a part gives itself has names of the part alone. */
static void check_items(struct check *check, const struct named *params, const struct instance *instance)
{
    if (instance->outer)
        return;
    for (const struct instance_param *param = instance->params; param; param = param->next)
        for (size_t i = 0; i < param->nends && !param->is_default; i++)
            check_item(check, params, &param->ends[i]->item);
}

/* Of options that stand where the stage is made of a part. */
static void check_terms(struct check *check, struct named *params, const struct stage *stage)
{
    struct terms terms = { .stage = stage };

    for (const struct term *term; (term = terms_next(&terms));)
        if (term->given && !term->scope && term->item.text && term->code.present) {
            check_item(check, params, &term->item);
            return;
        }
}

void check_parts(struct check *check)
{
    struct named *params = named_params(check->ast, check->memory);

    if (check->ast->part)
        CHECK_EACH(check, DECL_CHANNEL, struct channel, channel)
            if (channel->is_input || channel->is_output)
                check_end(check, channel);
    CHECK_EACH(check, DECL_INSTANCE, struct instance, instance) {
        check_items(check, params, instance);
        for (const struct instance_param *param = instance->params; param; param = param->next)
            if (param->kind == GIVEN_CODE)
                check_gift(check, instance, param);
    }
    CHECK_EACH(check, DECL_STAGE, struct stage, stage)
        check_terms(check, params, stage);
    named_free(params);
    ctext_each(check->ast, check_clones, check);
}
