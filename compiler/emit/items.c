/* What owned items need: a function that drops one in memory, and one that takes one out of its variable.
 *
 * An item of all zero bytes is empty: that is what a taken one becomes, and it is never dropped.
 */
#include "emit/items.h"

#include <string.h>

#include "emit/name.h"
#include "emit/text.h"
#include "text/ctype.h"

void emit_typedef(struct emit *emit, const struct planned_typedef *type)
{
    emit_put(emit, "typedef %s;", text_declare(emit, type->c_type, type->name));
    if (type->drop)
        emit_put(emit, " /* owns something: %s() drops it */", type->drop);
    emit_put(emit, "\n");
}

static void emit_items_heading(struct emit *emit, bool headed)
{
    if (!headed)
        emit_heading(emit, "items");
}

/* A name for a local that calls the type's drop function. */
static const char *free_name(struct emit *emit, const struct planned_typedef *type, const char *name)
{
    name = name_free(emit, NULL, NULL, name);
    return strcmp(type->drop, name) == 0 ? text_format(emit, "%s_", name) : name;
}

/* The heading is there if it was, or if something was written below it. */
static bool emit_drop(struct emit *emit, const struct planned_typedef *type, bool headed)
{
    const char *name = type->name;
    const char *c_type = type->c_type;
    const bool pointer = c_type[strlen(c_type) - 1] == '*';
    const char *item, *local;

    if (!type->drop || !type->carried)
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
                       "        %s(*%s);\n", name, local, item, local, type->drop, local);
    else
        emit_put(emit, "    static const %s %s = { 0 };\n"
                       "\n"
                       "    if (memcmp(%s, &%s, sizeof %s) != 0)\n"
                       "        %s(*(%s *)%s);\n", name, local, item, local, local, type->drop, name, item);
    emit_put(emit, "}\n");
    return true;
}

static const char *take_word(const struct planned_input *input)
{
    return input->sources[0]->type;
}

/* The distinct things that bodies take. */
struct takes {
    const struct planned_input **inputs; /* one for each type */
    size_t len;
    bool parts;
};

static void takes_add(struct takes *takes, const struct planned_stage *stage, const struct call *call)
{
    const struct planned_input *input = call->input == NO_PLACE ? NULL : &stage->inputs[call->input];
    size_t i = 0;

    if (call->kind != CALL_TAKE)
        return;
    while (input && i < takes->len && strcmp(take_word(takes->inputs[i]), take_word(input)) != 0)
        i++;
    if (!input)
        takes->parts = true;
    else if (i == takes->len)
        takes->inputs[takes->len++] = input;
}

static void takes_add_all(struct takes *takes, const struct planned_stage *stage)
{
    for (const struct call *call = stage->body ? stage->body->calls : NULL; call; call = call->next)
        takes_add(takes, stage, call);
}

static void emit_take(struct emit *emit, const struct planned_input *input)
{
    const char *name = text_format(emit, "%s_take_%s", emit->name, take_word(input));
    const char *item = name_free(emit, NULL, NULL, ctype_names(input->c_type, "item") ? "item_" : "item");
    const char *taken = name_free(emit, NULL, NULL, "taken");

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

    for (size_t i = 0; i < plan->ntypes; i++)
        headed = emit_drop(emit, &plan->types[i], headed);
    for (size_t i = 0; i < plan->nstages; i++)
        takes_add_all(&takes, &plan->stages[i]);
    if (takes.len > 0 || takes.parts)
        emit_items_heading(emit, headed);
    for (size_t i = 0; i < takes.len; i++)
        emit_take(emit, takes.inputs[i]);
    if (takes.parts)
        emit_take_part(emit);
}
