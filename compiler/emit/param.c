/* The params: the structure that holds their values, the table of options that fills it, and what bodies see of them.
 */
#include "emit/param.h"

#include <stdlib.h>
#include <string.h>

#include "emit/text.h"

static const struct { const char *c_type, *option, *member; } types[] = {
    [TYPE_INT] = { "int", "PRT_INT", "i" },
    [TYPE_LONG] = { "long", "PRT_LONG", "i" },
    [TYPE_DOUBLE] = { "double", "PRT_DOUBLE", "d" },
    [TYPE_BOOL] = { "bool", "PRT_BOOL", "b" },
    [TYPE_STRING] = { "const char *", "PRT_STRING", "s" },
    [TYPE_DURATION] = { "int64_t", "PRT_DURATION", "i" },
    [TYPE_SIZE] = { "size_t", "PRT_SIZE", "u" },
    [TYPE_RATE] = { "double", "PRT_RATE", "d" },
    [TYPE_OPERANDS] = { "struct prt_operands", "PRT_OPERANDS", NULL },
};

/* ---- in bodies --------------------------------------------------------------------------------------------------- */

/* A word that means a param to a body: its name, or NAME_len of the operands. */
struct param_word {
    const char *text;
    const struct planned_param *param;
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

static const char *operands_len(struct emit *emit, const struct planned_param *param)
{
    return text_format(emit, "%s_len", param->name);
}

static const struct param_words *words_of(struct emit *emit)
{
    const struct planned_param *params = emit->scope ? emit->scope->params : emit->plan->params;
    const size_t nparams = emit->scope ? emit->scope->nparams : emit->plan->nparams;
    struct param_words *words = emit->param_words;

    if (words && emit->words_scope == emit->scope)
        return words;
    emit->words_scope = emit->scope;
    emit->param_words = words = obstack_alloc(&emit->memory, sizeof *words);
    words->at = obstack_alloc(&emit->memory, (2 * nparams + 1) * sizeof *words->at);
    words->len = 0;
    for (size_t i = 0; i < nparams; i++) {
        const struct planned_param *param = &params[i];

        words->at[words->len++] = (struct param_word){ param->name, param };
        if (param->type == TYPE_OPERANDS)
            words->at[words->len++] = (struct param_word){ operands_len(emit, param), param };
    }
    qsort(words->at, words->len, sizeof *words->at, word_compare);
    return words;
}

static const struct planned_param *word_param(struct emit *emit, const char *text)
{
    const struct param_words *words = words_of(emit);
    const struct param_word wanted = { text, NULL };
    const struct param_word *found = bsearch(&wanted, words->at, words->len, sizeof wanted, word_compare);

    return found ? found->param : NULL;
}

/* What is given to an instance as a constant, nobody has to ask for. */
static bool is_read(const struct planned_param *param)
{
    return param && (!param->given || param->from);
}

bool params_read(struct emit *emit, const struct body *body)
{
    for (size_t i = 0; i < body->mentions.nslots; i++)
        if (body->mentions.how[i] && is_read(word_param(emit, body->mentions.names[i])))
            return true;
    return false;
}

bool params_named(struct emit *emit, const struct body *body)
{
    for (size_t i = 0; i < body->mentions.nslots; i++)
        if (body->mentions.how[i] && word_param(emit, body->mentions.names[i]))
            return true;
    return false;
}

bool params_are_hidden(struct emit *emit, const struct body *body)
{
    for (size_t i = 0; i < body->mentions.nslots; i++)
        if ((body->mentions.how[i] & MENTION_DECLARED) && word_param(emit, body->mentions.names[i]))
            return true;
    return false;
}

/* What a body names may be a variable or a member of its own. */
static const char *unused_text(const struct body *body, const char *name)
{
    return body_mentions(body, name) == MENTION_USED ? "" : "__attribute__((__unused__)) ";
}

/* Where the param's value is: among the program's. */
static const char *value_name(const struct planned_param *param)
{
    return param->from ? param->from : param->name;
}

/* A list that is written out. */
static void emit_list_locals(struct emit *emit, const struct planned_param *param, const struct body *body)
{
    const char *name = param->name;

    if (body_mentions(body, name) && param->nlist == 0) {
        emit_put(emit, "    %sconst char *const *const %s = NULL;\n", unused_text(body, name), name);
    } else if (body_mentions(body, name)) {
        emit_put(emit, "    %sstatic const char *const %s[] = { ", unused_text(body, name), name);
        for (size_t i = 0; i < param->nlist; i++)
            emit_put(emit, "%s%s", i ? ", " : "", text_string(emit, param->list[i]));
        emit_put(emit, " };\n");
    }
    if (body_mentions(body, operands_len(emit, param)))
        emit_put(emit, "    %sconst size_t %s_len = %zu;\n", unused_text(body, operands_len(emit, param)), name,
                 param->nlist);
}

static void emit_operands_locals(struct emit *emit, const struct planned_param *param, const struct body *body)
{
    const char *name = param->name;

    if (param->given && !param->from) {
        emit_list_locals(emit, param, body);
        return;
    }
    if (body_mentions(body, name))
        emit_put(emit, "    %sconst char *const *const %s = prt_operands_list(%s->params.%s);\n",
                 unused_text(body, name), name, emit->way, value_name(param));
    if (body_mentions(body, operands_len(emit, param)))
        emit_put(emit, "    %sconst size_t %s_len = prt_operands_count(%s->params.%s);\n",
                 unused_text(body, operands_len(emit, param)), name, emit->way, value_name(param));
}

static const char *constant_text(struct emit *emit, enum planned_type type, const struct constant *constant);

static void emit_param_local(struct emit *emit, const struct planned_param *param, const struct body *body)
{
    const char *name = param->name;
    const char *type = param->type == TYPE_STRING ? "char *const" : types[param->type].c_type;
    const char *value = param->given && !param->from
        ? constant_text(emit, param->type, &param->value)
        : text_format(emit, "%s->params.%s", emit->way, value_name(param));

    emit_put(emit, "    %sconst %s %s = %s;\n", unused_text(body, name), type, name, value);
}

static int place_compare(const void *a, const void *b)
{
    const struct planned_param *x = *(const struct planned_param *const *)a;
    const struct planned_param *y = *(const struct planned_param *const *)b;

    return x < y ? -1 : x > y;
}

/* The params that the body names, in the order of the file; the operands stand twice where it names both words. */
static const struct planned_param **params_of(struct emit *emit, const struct body *body, size_t *len)
{
    const struct planned_param **params = obstack_alloc(&emit->memory, (body->mentions.nslots + 1) * sizeof *params);

    *len = 0;
    for (size_t i = 0; i < body->mentions.nslots; i++) {
        const struct planned_param *param = body->mentions.how[i] ? word_param(emit, body->mentions.names[i]) : NULL;

        if (param)
            params[(*len)++] = param;
    }
    qsort(params, *len, sizeof *params, place_compare);
    return params;
}

void emit_param_locals(struct emit *emit, const struct body *body)
{
    size_t len;
    const struct planned_param **params = params_of(emit, body, &len);

    for (size_t i = 0; i < len; i++) {
        if (i > 0 && params[i] == params[i - 1])
            continue;
        if (params[i]->type == TYPE_OPERANDS)
            emit_operands_locals(emit, params[i], body);
        else
            emit_param_local(emit, params[i], body);
    }
}

/* ---- the structure ----------------------------------------------------------------------------------------------- */

static const char *member_text(struct emit *emit, const struct planned_param *param)
{
    return text_format(emit, "%s;", text_declare(emit, types[param->type].c_type, param->name));
}

/* The column in which the comments begin. */
static int widest_member(struct emit *emit)
{
    int widest = 0;

    for (size_t i = 0; i < emit->plan->nparams; i++) {
        const int width = (int)strlen(member_text(emit, &emit->plan->params[i]));

        widest = width > widest ? width : widest;
    }
    return widest;
}

void emit_params_struct(struct emit *emit)
{
    const int width = widest_member(emit);

    emit_put(emit, "struct $N_params {\n");
    for (size_t i = 0; i < emit->plan->nparams; i++) {
        const struct planned_param *param = &emit->plan->params[i];

        emit_line_of(emit, param->span.start);
        if (param->doc)
            emit_put(emit, "    %-*s /* %s */\n", width, member_text(emit, param), text_comment(emit, param->doc));
        else
            emit_put(emit, "    %s\n", member_text(emit, param));
    }
    emit_line_here(emit);
    emit_put(emit, "};\n");
}

/* ---- the table of options ---------------------------------------------------------------------------------------- */

static const char *constant_text(struct emit *emit, enum planned_type type, const struct constant *constant)
{
    switch (type) {
    case TYPE_BOOL: return constant->b ? "true" : "false";
    case TYPE_STRING: return text_string(emit, constant->s);
    case TYPE_RATE: return text_rate(emit, &constant->rate);
    case TYPE_DOUBLE: return text_double(emit, constant->d);
    default: return text_int(emit, constant->i);
    }
}

static const char *high_text(struct emit *emit, const struct planned_param *param)
{
    if (param->high.present)
        return constant_text(emit, param->type, &param->high);
    return param->type == TYPE_INT ? "INT32_MAX" : param->type == TYPE_SIZE ? "SIZE_MAX" : "INT64_MAX";
}

static void emit_range(struct emit *emit, const struct planned_param *param)
{
    const char *member = types[param->type].member;

    if (param->ranged)
        emit_put(emit, ", .ranged = true, .low.%s = %s, .high.%s = %s", member,
                 constant_text(emit, param->type, &param->low), member, high_text(emit, param));
}

static void emit_default(struct emit *emit, const struct planned_param *param)
{
    if (param->processors)
        emit_put(emit, ", .processors = true");
    else if (param->value.present)
        emit_put(emit, ", .value.%s = %s", types[param->type].member, constant_text(emit, param->type, &param->value));
    else
        emit_put(emit, ", .required = true");
}

static void emit_option(struct emit *emit, const struct planned_param *param)
{
    emit_put(emit, "    { .name = \"%s\", ", param->name);
    if (param->doc)
        emit_put(emit, ".doc = %s, ", text_string(emit, param->doc));
    emit_put(emit, ".type = %s,\n", types[param->type].option);
    emit_put(emit, "      .at = offsetof(struct $N_params, %s)", param->name);
    if (param->type != TYPE_OPERANDS) {
        emit_default(emit, param);
        emit_range(emit, param);
    }
    emit_put(emit, " },\n");
}

void emit_options(struct emit *emit)
{
    emit_put(emit, "static const struct prt_param $N_options_[] = {\n");
    for (size_t i = 0; i < emit->plan->nparams; i++)
        emit_option(emit, &emit->plan->params[i]);
    emit_put(emit, "};\n");
}
