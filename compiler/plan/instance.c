/* Instances of parts: what their C text needs of its own.
 */
#include <string.h>

#include "facts/ctext.h"
#include "facts/item.h"
#include "facts/key.h"
#include "facts/record.h"
#include "facts/words.h"
#include "parts/instance.h"
#include "plan/make.h"
#include "text/memory.h"

/* ---- params ---- */

static void make_list(struct make *make, struct planned_param *planned, const struct instance_param *param)
{
    size_t n = 0;

    for (const struct text *text = param->list; text; text = text->next)
        n++;
    planned->list = memory_take(make->memory, (n + 1) * sizeof *planned->list);
    for (const struct text *text = param->list; text; text = text->next)
        planned->list[planned->nlist++] = text->s;
}

static void make_param(struct make *make, struct planned_param *planned, const struct instance_param *param)
{
    planned->name = param->param->decl.name.text;
    planned->type = param_type(param->param);
    planned->given = true;
    if (param->kind == GIVEN_LIST)
        make_list(make, planned, param);
    else if (param->value.param)
        planned->from = param->value.param->decl.name.text;
    else
        planned->value = param_constant(planned->type, &param->value);
}

static void make_params_of(struct make *make, struct planned_instance *planned, const struct instance *instance)
{
    size_t n = 0;

    for (const struct instance_param *param = instance->params; param; param = param->next)
        n++;
    planned->params = memory_take(make->memory, (n + 1) * sizeof *planned->params);
    for (const struct instance_param *param = instance->params; param; param = param->next)
        if (param->kind != GIVEN_CODE)
            make_param(make, &planned->params[planned->nparams++], param);
}

/* ---- expressions ---- */

static const char *c_type_of(const struct instance *instance, const struct param *param)
{
    static const char *const types[] = { "int", "long", "double", "bool", "const char *", "int64_t", "size_t", "double" };

    if (key_is_param(param))
        return "struct prt_key_text";
    if (param->type != PARAM_UNKNOWN)
        return types[param->type];
    for (const struct instance_type *type = instance->types; type; type = type->next)
        if (strcmp(type->name, param->type_name.text) == 0)
            return item_c_type(&type->type);
    return item_is_built_in(param->type_name.text) ? "struct prt_bytes" : param->type_name.text;
}

static void make_expression(struct make *make, struct planned_expression *planned, const struct instance *instance,
                            const struct instance_param *param)
{
    const struct instance *scope = param->is_default ? instance : instance->outer;

    planned->name = param->param->decl.name.text;
    planned->c_type = c_type_of(instance, param->param);
    planned->is_key = key_is_param(param->param);
    planned->body = param->code.body;
    planned->scope = scope ? &make->plan->instances[scope->decl.index] : NULL;
    planned->arguments = memory_take(make->memory, (param->nends + 1) * sizeof *planned->arguments);
    for (size_t i = 0; i < param->nends; i++)
        planned->arguments[planned->narguments++] = (struct planned_argument){
            item_c_type(&param->ends[i]->type), param_item(param, i)->text,
            param_takes_address(param->param, param->ends[i]) };
}

static void make_expressions(struct make *make, struct planned_instance *planned, const struct instance *instance)
{
    size_t n = 0;

    for (const struct instance_param *param = instance->params; param; param = param->next)
        n += param->kind == GIVEN_CODE;
    planned->expressions = memory_take(make->memory, (n + 1) * sizeof *planned->expressions);
    for (const struct instance_param *param = instance->params; param; param = param->next)
        if (param->kind == GIVEN_CODE)
            make_expression(make, &planned->expressions[planned->nexpressions++], instance, param);
}

/* ---- types ---- */

static enum clone_kind clone_of(const struct ctype *type)
{
    if (!item_owns(type))
        return CLONE_PLAIN;
    if (item_is_string(type))
        return CLONE_STRING;
    if (type->record)
        return CLONE_RECORD;
    return item_is_built_in(type->text) ? CLONE_BYTES : CLONE_FUNCTION;
}

static void make_types_of(struct make *make, struct planned_instance *planned, const struct instance *instance)
{
    size_t n = 0;

    for (const struct instance_type *type = instance->types; type; type = type->next)
        n++;
    planned->types = memory_take(make->memory, (n + 1) * sizeof *planned->types);
    for (const struct instance_type *type = instance->types; type; type = type->next) {
        struct planned_given_type *to = &planned->types[planned->ntypes++];

        to->name = type->name;
        to->c_type = item_c_type(&type->type);
        to->wants_name = type_wants_name(&type->type);
        to->drop = item_drop(make->facts->ast, make->memory, &type->type);
        to->clone_kind = clone_of(&type->type);
        to->clone = type->type.decl ? type->type.decl->clone.text
                    : type->type.record ? record_call_name(make->memory, type->type.text, RECORD_CLONE) : NULL;
    }
}

/* What a text names of the types of its instance. */
static void mark_types(void *data, const struct ctext *place, struct code *code)
{
    struct make *const make = data;
    struct planned_instance *const planned = place->scope ? &make->plan->instances[place->scope->decl.index] : NULL;

    for (size_t i = 0; planned && code->body && i < planned->ntypes; i++) {
        struct planned_given_type *type = &planned->types[i];

        type->drops |= body_names(code->body, memory_join(make->memory, type->name, "_drop", ""));
        type->clones |= body_names(code->body, memory_join(make->memory, type->name, "_clone", ""));
        type->named |= body_names(code->body, type->name) || type->drops || type->clones;
    }
}

/* ---- all of it ---- */

static void make_instance(struct make *make, struct planned_instance *planned, const struct instance *instance)
{
    planned->name = instance->decl.name.text;
    planned->member = name_symbol(make->memory, instance->decl.name.text);
    planned->symbol = instance_symbol(make->facts->ast, instance);
    planned->part = instance->part->decl.name.text;
    planned->outer = instance->outer ? &make->plan->instances[instance->outer->decl.index] : NULL;
    planned->span = instance->decl.span;
    planned->part_span = instance->part->decl.span;
    planned->state = instance->state.body;
    planned->init = instance->init.body;
    planned->final = instance->final.body;
    make_params_of(make, planned, instance);
    make_types_of(make, planned, instance);
    make_expressions(make, planned, instance);
    make->plan->several_sections |= planned->init || planned->final;
}

void make_instances(struct make *make)
{
    const struct ast *ast = make->facts->ast;
    struct plan *plan = make->plan;

    plan->instances = memory_take(make->memory, (ast->counts[DECL_INSTANCE] + 1) * sizeof *plan->instances);
    AST_EACH(ast, DECL_INSTANCE, const struct instance, instance)
        make_instance(make, &plan->instances[plan->ninstances++], instance);
    ctext_each(ast, mark_types, make);
}
