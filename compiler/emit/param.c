/* The params: the structure that holds their values, the table of options that fills it, and what bodies see of them.
 */
#include "emit/parts.h"

#include <stdlib.h>
#include <string.h>

static const struct { const char *c_type, *option, *member; } param_types[] = {
    [PARAM_INT] = { "int", "PRT_INT", "i" },
    [PARAM_LONG] = { "long", "PRT_LONG", "i" },
    [PARAM_DOUBLE] = { "double", "PRT_DOUBLE", "d" },
    [PARAM_BOOL] = { "bool", "PRT_BOOL", "b" },
    [PARAM_STRING] = { "const char *", "PRT_STRING", "s" },
    [PARAM_DURATION] = { "int64_t", "PRT_DURATION", "i" },
    [PARAM_SIZE] = { "size_t", "PRT_SIZE", "u" },
    [PARAM_RATE] = { "double", "PRT_RATE", "d" },
};

static const struct param *param_first(const struct emit *emit)
{
    return emit->plan->ast->params;
}

bool params_exist(const struct emit *emit)
{
    return param_first(emit) != NULL;
}

size_t params_count(const struct emit *emit)
{
    size_t count = 0;

    for (const struct param *param = param_first(emit); param; param = param->next)
        count++;
    return count;
}

/* ---- in bodies --------------------------------------------------------------------------------------------------- */

/* A word that means a param to a body: its name, or NAME_len of the operands. */
struct param_word {
    const char *text;
    const struct param *param;
};

/* What there is of them: sorted by text, so that a body is looked through once, however many params there are. */
struct param_words {
    size_t len;
    struct param_word *at;
};

static int word_compare(const void *a, const void *b)
{
    return strcmp(((const struct param_word *)a)->text, ((const struct param_word *)b)->text);
}

static const char *operands_len(struct emit *emit, const struct param *param)
{
    return text_format(emit, "%s_len", param->decl.name.text);
}

static const struct param_words *words_of(struct emit *emit)
{
    struct param_words *words = emit->param_words;

    if (words)
        return words;
    emit->param_words = words = obstack_alloc(&emit->memory, sizeof *words);
    words->at = obstack_alloc(&emit->memory, (params_count(emit) + 1) * sizeof *words->at);
    words->len = 0;
    for (const struct param *param = param_first(emit); param; param = param->next) {
        words->at[words->len++] = (struct param_word){ param->decl.name.text, param };
        if (param->operands) /* one at most */
            words->at[words->len++] = (struct param_word){ operands_len(emit, param), param };
    }
    qsort(words->at, words->len, sizeof *words->at, word_compare);
    return words;
}

static const struct param *word_param(struct emit *emit, const char *text)
{
    const struct param_words *words = words_of(emit);
    const struct param_word wanted = { text, NULL };
    const struct param_word *found = bsearch(&wanted, words->at, words->len, sizeof wanted, word_compare);

    return found ? found->param : NULL;
}

bool params_named(struct emit *emit, const struct body *body)
{
    for (size_t i = 0; i < body->nslots; i++)
        if (body->names[i] && word_param(emit, body->names[i]))
            return true;
    return false;
}

static void emit_operands_locals(struct emit *emit, const struct param *param, const struct body *body)
{
    const char *name = param->decl.name.text;

    if (body_names(body, name))
        emit_put(emit, "    const char *const *const %s = self->pipe->params.%s.at;\n", name, name);
    if (body_names(body, operands_len(emit, param)))
        emit_put(emit, "    const size_t %s_len = self->pipe->params.%s.len;\n", name, name);
}

static void emit_param_local(struct emit *emit, const struct param *param)
{
    const char *name = param->decl.name.text;
    const char *c_type = param_types[param->type].c_type;

    if (param->type == PARAM_STRING)
        emit_put(emit, "    const char *const %s = self->pipe->params.%s;\n", name, name);
    else
        emit_put(emit, "    const %s %s = self->pipe->params.%s;\n", c_type, name, name);
}

static int place_compare(const void *a, const void *b)
{
    const struct param *x = *(const struct param *const *)a;
    const struct param *y = *(const struct param *const *)b;

    return x->decl.span.start < y->decl.span.start ? -1 : x->decl.span.start > y->decl.span.start;
}

/* The params that the body names, in the order of the file; the operands stand twice where it names both words. */
static const struct param **params_of(struct emit *emit, const struct body *body, size_t *len)
{
    const struct param **params = obstack_alloc(&emit->memory, (body->nslots + 1) * sizeof *params);

    *len = 0;
    for (size_t i = 0; i < body->nslots; i++) {
        const struct param *param = body->names[i] ? word_param(emit, body->names[i]) : NULL;

        if (param)
            params[(*len)++] = param;
    }
    qsort(params, *len, sizeof *params, place_compare);
    return params;
}

void emit_param_locals(struct emit *emit, const struct body *body)
{
    size_t len;
    const struct param **params = params_of(emit, body, &len);

    for (size_t i = 0; i < len; i++) {
        if (i > 0 && params[i] == params[i - 1])
            continue;
        if (params[i]->operands)
            emit_operands_locals(emit, params[i], body);
        else
            emit_param_local(emit, params[i]);
    }
}

/* ---- the structure ----------------------------------------------------------------------------------------------- */

static const char *member_text(struct emit *emit, const struct param *param)
{
    const char *c_type = param->operands ? "struct prt_operands" : param_types[param->type].c_type;

    return text_format(emit, "%s;", text_declare(emit, c_type, param->decl.name.text));
}

/* The column in which the comments begin. */
static int widest_member(struct emit *emit)
{
    int widest = 0;

    for (const struct param *param = param_first(emit); param; param = param->next) {
        const int width = (int)strlen(member_text(emit, param));

        widest = width > widest ? width : widest;
    }
    return widest;
}

void emit_params_struct(struct emit *emit)
{
    const int width = widest_member(emit);

    emit_put(emit, "struct $N_params {\n");
    for (const struct param *param = param_first(emit); param; param = param->next) {
        if (param->decl.doc)
            emit_put(emit, "    %-*s /* %s */\n", width, member_text(emit, param), text_comment(emit, param->decl.doc));
        else
            emit_put(emit, "    %s\n", member_text(emit, param));
    }
    emit_put(emit, "};\n");
}

/* ---- the table of options ---------------------------------------------------------------------------------------- */

/* A value as C, of the type that `param` has. */
static const char *value_text(struct emit *emit, const struct param *param, const struct value *value)
{
    switch (param->type) {
    case PARAM_BOOL: return strcmp(value->s, "true") == 0 ? "true" : "false";
    case PARAM_STRING: return text_string(emit, value->s);
    case PARAM_RATE: return text_rate(emit, value);
    case PARAM_DOUBLE: return text_double(emit, value->kind == VALUE_DOUBLE ? value->d : (double)value->i);
    default: return text_int(emit, value->i);
    }
}

static const char *most_text(struct emit *emit, const struct param *param)
{
    if (param_facts(param)->most < (param->type == PARAM_INT ? INT32_MAX : INT64_MAX))
        return text_int(emit, param_facts(param)->most);
    return param->type == PARAM_INT ? "INT32_MAX" : param->type == PARAM_SIZE ? "SIZE_MAX" : "INT64_MAX";
}

/* What the option may be: its range, and from 1 where the pipeline needs at least one of it. */
static const char *range_text(struct emit *emit, const struct param *param)
{
    const char *member = param_types[param->type].member;
    const bool ranged = param->low.kind != VALUE_NONE;
    const bool counts = param_facts(param)->positive && param->type != PARAM_RATE;

    if (!ranged && !counts)
        return "";
    return text_format(emit, ".ranged = true, .low.%s = %s, .high.%s = %s", member,
                       !ranged || (counts && param->low.i < 1) ? "1" : value_text(emit, param, &param->low), member,
                       ranged ? value_text(emit, param, &param->high) : most_text(emit, param));
}

static const char *default_text(struct emit *emit, const struct param *param)
{
    if (param->value.kind == VALUE_NONE)
        return ".required = true";
    return text_format(emit, ".value.%s = %s", param_types[param->type].member, value_text(emit, param, &param->value));
}

static void emit_option(struct emit *emit, const struct param *param)
{
    const char *name = param->decl.name.text;
    const char *range = param->operands ? "" : range_text(emit, param);

    emit_put(emit, "    { .name = \"%s\", ", name);
    if (param->decl.doc)
        emit_put(emit, ".doc = %s, ", text_string(emit, param->decl.doc));
    emit_put(emit, ".type = %s,\n", param->operands ? "PRT_OPERANDS" : param_types[param->type].option);
    emit_put(emit, "      .at = offsetof(struct $N_params, %s)", name);
    if (!param->operands)
        emit_put(emit, ", %s%s%s", default_text(emit, param), *range ? ", " : "", range);
    emit_put(emit, " },\n");
}

void emit_options(struct emit *emit)
{
    emit_put(emit, "static const struct prt_param $N_options[] = {\n");
    for (const struct param *param = param_first(emit); param; param = param->next)
        emit_option(emit, param);
    emit_put(emit, "};\n");
}
