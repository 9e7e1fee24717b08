/* The params: what the options of the program are, and what they may be.
 */
#include <string.h>

#include "plan/make.h"
#include "text/memory.h"

enum planned_type param_type(const struct param *param)
{
    if (param->operands)
        return TYPE_OPERANDS;
    switch (param->type) {
    case PARAM_INT: return TYPE_INT;
    case PARAM_LONG: return TYPE_LONG;
    case PARAM_DOUBLE: return TYPE_DOUBLE;
    case PARAM_BOOL: return TYPE_BOOL;
    case PARAM_STRING: return TYPE_STRING;
    case PARAM_DURATION: return TYPE_DURATION;
    case PARAM_SIZE: return TYPE_SIZE;
    case PARAM_RATE: return TYPE_RATE;
    case PARAM_UNKNOWN: break; /* an error */
    }
    return TYPE_INT;
}

struct constant param_constant(enum planned_type type, const struct value *value)
{
    struct constant constant = { .present = value->kind != VALUE_NONE };

    if (!constant.present)
        return constant;
    switch (type) {
    case TYPE_BOOL: constant.b = strcmp(value->s, "true") == 0; break;
    case TYPE_STRING: constant.s = value->s; break;
    case TYPE_RATE: constant.rate = make_fraction(value); break;
    case TYPE_DOUBLE: constant.d = value->kind == VALUE_DOUBLE ? value->d : (double)value->i; break;
    default: constant.i = value->i; break;
    }
    return constant;
}

/* Its range, and from 1 on where the pipeline needs at least one of it. */
static void limit(struct planned_param *planned, const struct param *param)
{
    const struct param_facts *facts = param_facts(param);
    const bool counts = facts->counts && param->type != PARAM_RATE;
    const bool written = param->low.kind != VALUE_NONE;

    planned->ranged = written || counts;
    planned->low = param_constant(planned->type, &param->low);
    planned->high = param_constant(planned->type, &param->high);
    if (counts && (!written || planned->low.i < facts->least))
        planned->low = (struct constant){ .present = true, .i = facts->least };
    if (counts && !written && facts->most < (param->type == PARAM_INT ? INT32_MAX : INT64_MAX))
        planned->high = (struct constant){ .present = true, .i = facts->most };
}

static void make_param(struct planned_param *planned, const struct param *param)
{
    planned->name = param->decl.name.text;
    planned->span = param->decl.span;
    planned->doc = param->decl.doc;
    planned->type = param_type(param);
    if (param->operands)
        return;
    planned->value = param_constant(planned->type, &param->value);
    planned->processors = param->value.kind == VALUE_AUTO;
    limit(planned, param);
    if (param->not_given) /* nothing reads it */
        planned->value = (struct constant){ .present = true, .s = "", .rate = { 1, 1 } };
}

void make_params(struct make *make)
{
    struct plan *plan = make->plan;
    const struct ast *ast = make->facts->ast;

    plan->params = memory_take(make->memory, (ast->counts[DECL_PARAM] + 1) * sizeof *plan->params);
    AST_EACH(ast, DECL_PARAM, const struct param, param) {
        make_param(&plan->params[plan->nparams++], param);
        plan->wiring_reads_params |= param_facts(param)->wired;
    }
}
