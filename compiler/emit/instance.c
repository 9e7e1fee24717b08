/* Instances of parts: as if the author had written the stages himself, with a function for each expression.
 */
#include "emit/instance.h"

#include <string.h>

#include "emit/code.h"
#include "emit/name.h"
#include "emit/param.h"
#include "emit/text.h"

/* ---- types ------------------------------------------------------------------------------------------------------- */

static bool stands_early(const struct emit *emit, const struct planned_instance *instance)
{
    return emit->options->header || instance->state;
}

static void emit_names(struct emit *emit, const struct planned_instance *instance)
{
    for (size_t i = 0; i < instance->ntypes; i++) {
        const struct planned_given_type *type = &instance->types[i];

        if (!type->wants_name || !type->named)
            continue;
        emit_put(emit, "\n");
        emit_line_of(emit, instance->span.start);
        emit_put(emit, "typedef %s;\n",
                 text_declare(emit, type->c_type, text_format(emit, "%s_%s", instance->symbol, type->name)));
        emit_line_here(emit);
    }
}

void emit_instance_names(struct emit *emit, bool all)
{
    for (size_t i = 0; i < emit->plan->ninstances; i++)
        if (all || emit->plan->instances[i].state)
            emit_names(emit, &emit->plan->instances[i]);
}

/* The type as the instance's own C calls it. */
static const char *type_text(struct emit *emit, const struct planned_instance *instance,
                             const struct planned_given_type *type)
{
    return type->wants_name ? text_format(emit, "%s_%s", instance->symbol, type->name) : type->c_type;
}

static void emit_drop(struct emit *emit, const struct planned_instance *instance, const struct planned_given_type *type)
{
    emit_put(emit, "\n"
                   "static inline void %s_%s_drop(%s)\n"
                   "{\n", instance->symbol, type->name,
             text_declare(emit, text_declare(emit, type_text(emit, instance, type), "*"), "item"));
    if (type->drop)
        emit_put(emit, "    %s(item);\n"
                       "    memset(item, 0, sizeof *item);\n", type->drop);
    else
        emit_put(emit, "    (void)item; /* owns nothing */\n");
    emit_put(emit, "}\n");
}

static void emit_clone(struct emit *emit, const struct planned_instance *instance, const struct planned_given_type *type)
{
    const char *text = type_text(emit, instance, type);

    emit_put(emit, "\n"
                   "static inline %s%s%s_%s_clone(const %s)\n"
                   "{\n", text, text[strlen(text) - 1] == '*' ? "" : " ", instance->symbol, type->name,
             text_declare(emit, text_declare(emit, text, "*"), "item"));
    switch (type->clone_kind) {
    case CLONE_PLAIN:
        emit_put(emit, "    return *item;\n");
        break;
    case CLONE_STRING:
        emit_put(emit, "    return *item ? strdup(*item) : NULL;\n");
        break;
    case CLONE_BYTES:
        emit_put(emit, "    struct prt_bytes copy = { item->data ? malloc(item->len + 1) : NULL, item->len };\n"
                       "\n"
                       "    if (copy.data)\n"
                       "        memcpy(copy.data, item->data, item->len);\n"
                       "    else\n"
                       "        copy.len = 0;\n"
                       "    return copy;\n");
        break;
    case CLONE_RECORD:
        emit_put(emit, "    return %s(item);\n", type->clone);
        break;
    case CLONE_FUNCTION:
        emit_put(emit, "    if (memcmp(item, (const char[sizeof *item + 1]){ 0 }, sizeof *item) == 0)\n"
                       "        return *item; /* empty */\n"
                       "    return %s(*item);\n", type->clone);
        break;
    }
    emit_put(emit, "}\n");
}

/* ---- expressions ------------------------------------------------------------------------------------------------- */

static void emit_unused(struct emit *emit, const struct planned_expression *expression)
{
    if (!code_needs_pipe(emit, expression->body))
        emit_put(emit, "    (void)pipe;\n");
    for (size_t i = 0; i < expression->narguments; i++)
        if (!(body_mentions(expression->body, expression->arguments[i].name) & MENTION_USED))
            emit_put(emit, "    (void)%s;\n", expression->arguments[i].name);
}

static void emit_argument(struct emit *emit, const struct planned_argument *argument)
{
    const char *name = argument->by_address ? text_format(emit, "*%s", argument->name) : argument->name;

    emit_put(emit, ", %s", text_declare(emit, argument->c_type, name));
}

static void emit_expression_function(struct emit *emit, const struct planned_instance *instance,
                                     const struct planned_expression *expression)
{
    const char *type = expression->c_type;

    emit->scope = expression->scope;
    emit->way = "pipe";
    emit_put(emit, "\n");
    emit_line_of(emit, expression->body->span.start);
    emit_put(emit, "static inline %s%s%s_%s(struct $N *pipe", type, type[strlen(type) - 1] == '*' ? "" : " ",
             instance->symbol, expression->name);
    for (size_t i = 0; i < expression->narguments; i++)
        emit_argument(emit, &expression->arguments[i]);
    emit_put(emit, ")\n"
                   "{\n");
    emit_unused(emit, expression);
    emit_param_locals(emit, expression->body); /* one may be called like something of a header: the author's line says so */
    emit_expression(emit, expression->body, expression->is_key ? "return PRT_KEY_TEXT(" : "return (", ")");
    emit_put(emit, "}\n");
    emit->way = "self->pipe";
    emit->scope = NULL;
}

/* ---- state and sections ------------------------------------------------------------------------------------------ */

void emit_instance_states(struct emit *emit)
{
    for (size_t i = 0; i < emit->plan->ninstances; i++) {
        const struct planned_instance *instance = &emit->plan->instances[i];

        if (!instance->state)
            continue;
        emit_put(emit, "\n"
                       "/* What the stages of %s share, of the part %s. */\n"
                       "struct $N_state_%s_ {\n", text_comment(emit, instance->name), instance->part, instance->member);
        emit_state(emit, instance->state, "};\n");
        emit_line_here(emit);
    }
}

void emit_instance_members(struct emit *emit)
{
    for (size_t i = 0; i < emit->plan->ninstances; i++)
        if (emit->plan->instances[i].state)
            emit_put(emit, "    struct $N_state_%s_ %s;\n", emit->plan->instances[i].member,
                     emit->plan->instances[i].member);
}

static void emit_section(struct emit *emit, const struct planned_instance *instance, const struct body *body,
                         const char *which)
{
    const char *base = name_free(emit, NULL, body, "base");
    const char *pipe = name_free(emit, NULL, body, "pipe");

    if (!body)
        return;
    emit_put(emit, "\n"
                   "static void $N_%s_%s_(struct prt_worker *%s, void *%s)\n"
                   "{\n", which, instance->member, base, pipe);
    if (code_needs_self(emit, body))
        emit_put(emit, "    struct $N_pipeline_ *self = &(struct $N_pipeline_){ .base = %s, .pipe = %s };\n"
                       "\n", base, pipe);
    else
        emit_put(emit, "    (void)%s;\n"
                       "    (void)%s;\n", base, pipe);
    emit_param_locals(emit, body);
    emit_body(emit, body, NULL);
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

void emit_instance(struct emit *emit, const struct planned_instance *instance)
{
    emit_line_here(emit);
    if (!stands_early(emit, instance))
        emit_names(emit, instance);
    for (size_t i = 0; i < instance->ntypes; i++) {
        if (instance->types[i].drops)
            emit_drop(emit, instance, &instance->types[i]);
        if (instance->types[i].clones)
            emit_clone(emit, instance, &instance->types[i]);
    }
    for (size_t i = 0; i < instance->nexpressions; i++)
        emit_expression_function(emit, instance, &instance->expressions[i]);
    emit->scope = instance;
    emit_section(emit, instance, instance->init, "init");
    emit_section(emit, instance, instance->final, "final");
    emit->scope = NULL;
}
