/* What owned items need: a function that drops one in memory, and one that takes one out of its variable.
 *
 * An item of all zero bytes is empty: that is what a taken one becomes, and it is never dropped.
 */
#include "emit/parts.h"

#include <string.h>

#include "text/ctype.h"

void emit_typedef(struct emit *emit, const struct type_decl *type)
{
    emit_put(emit, "typedef %s;", text_declare(emit, type->c_type.text, type->decl.name.text));
    if (type->drop.text)
        emit_put(emit, " /* owns something: %s() drops it */", type->drop.text);
    emit_put(emit, "\n");
}

/* A channel carries the type, so that something must drop its items. */
static bool is_carried(const struct emit *emit, const struct type_decl *type)
{
    const struct plan *plan = emit->plan;

    for (size_t i = 0; i < plan->nchannels; i++)
        if (plan->channels[i].channel->type.decl == type)
            return true;
    return false;
}

static void emit_items_heading(struct emit *emit, bool headed)
{
    if (!headed)
        emit_heading(emit, "items");
}

/* A name for a local that calls the type's drop function. */
static const char *free_name(struct emit *emit, const struct type_decl *type, const char *name)
{
    name = code_free_name(emit, NULL, NULL, name);
    return strcmp(type->drop.text, name) == 0 ? text_format(emit, "%s_", name) : name;
}

/* The heading is there if it was, or if something was written below it. */
static bool emit_drop(struct emit *emit, const struct type_decl *type, bool headed)
{
    const char *name = type->decl.name.text;
    const char *c_type = type->c_type.text;
    const bool pointer = c_type[strlen(c_type) - 1] == '*';
    const char *item, *local;

    if (!type->drop.text || !is_carried(emit, type))
        return headed;
    item = free_name(emit, type, "item");
    local = free_name(emit, type, pointer ? "owned" : "empty");
    emit_items_heading(emit, headed);
    emit_put(emit, "\n"
                   "/* Drops an item of type %s; one of all zero bytes is empty. */\n"
                   "static void $N_drop_%s(void *%s)\n"
                   "{\n", name, name, item);
    if (pointer)
        emit_put(emit, "    %s *%s = %s;\n"
                       "\n"
                       "    if (*%s)\n"
                       "        %s(*%s);\n", name, local, item, local, type->drop.text, local);
    else
        emit_put(emit, "    static const %s %s = { 0 };\n"
                       "\n"
                       "    if (memcmp(%s, &%s, sizeof %s) != 0)\n"
                       "        %s(*(%s *)%s);\n", name, local, item, local, local, type->drop.text, name, item);
    emit_put(emit, "}\n");
    return true;
}

const struct planned_input *take_input(const struct emit *emit, const struct call *take,
                                       const struct planned_stage *stage)
{
    (void)emit;
    return stage && take->input != NO_PLACE ? &stage->inputs[take->input] : NULL;
}

const char *take_word(const struct planned_input *input)
{
    return input->sources[0]->channel->type.text;
}

/* The distinct things that bodies take. */
struct takes {
    const struct planned_input **inputs; /* one for each type */
    size_t len;
    bool parts;
};

static void takes_add(struct emit *emit, struct takes *takes, const struct planned_stage *stage,
                      const struct body *body)
{
    const struct planned_input *input;

    for (const struct call *call = body ? body->calls : NULL; call; call = call->next) {
        size_t i = 0;

        if (call->kind != CALL_TAKE)
            continue;
        input = take_input(emit, call, stage);
        while (input && i < takes->len && strcmp(take_word(takes->inputs[i]), take_word(input)) != 0)
            i++;
        if (!input)
            takes->parts = true;
        else if (i == takes->len)
            takes->inputs[takes->len++] = input;
    }
}

static void emit_take(struct emit *emit, const struct planned_input *input)
{
    const char *name = text_format(emit, "%s_take_%s", emit->name, take_word(input));
    const char *item = code_free_name(emit, NULL, NULL, ctype_names(input->c_type, "item") ? "item_" : "item");
    const char *taken = code_free_name(emit, NULL, NULL, "taken");

    emit_put(emit, "\n"
                   "/* Moves an item out of its variable, which becomes empty. */\n"
                   "static inline %s(%s)\n"
                   "{\n"
                   "    %s = *%s;\n"
                   "\n"
                   "    memset(%s, 0, sizeof *%s);\n"
                   "    return %s;\n"
                   "}\n",
             text_declare(emit, input->c_type, name),
             text_declare(emit, input->c_type, text_format(emit, "*%s", item)),
             text_declare_const(emit, input->c_type, taken), item, item, item, taken);
}

static void emit_take_part(struct emit *emit)
{
    emit_put(emit, "\n"
                   "/* Moves the `size` bytes at `part` to `taken`, which it returns; their place is empty then. */\n"
                   "static inline void *$N_take(void *taken, size_t size, void *part)\n"
                   "{\n"
                   "    memcpy(taken, part, size);\n"
                   "    memset(part, 0, size);\n"
                   "    return taken;\n"
                   "}\n");
}

void emit_items(struct emit *emit)
{
    const struct plan *plan = emit->plan;
    struct takes takes = { .inputs = obstack_alloc(&emit->memory, (plan->nstages + 1) * sizeof *takes.inputs) };
    bool headed = false;

    for (const struct decl *decl = plan->ast->decls; decl; decl = decl->next)
        if (decl->kind == DECL_TYPE)
            headed = emit_drop(emit, (const struct type_decl *)decl, headed);
    for (size_t i = 0; i < plan->nstages; i++)
        takes_add(emit, &takes, &plan->stages[i], plan->stages[i].body);
    if (takes.len > 0 || takes.parts)
        emit_items_heading(emit, headed);
    for (size_t i = 0; i < takes.len; i++)
        emit_take(emit, takes.inputs[i]);
    if (takes.parts)
        emit_take_part(emit);
}
