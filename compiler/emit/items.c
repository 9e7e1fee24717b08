/* What owned items need: a function that drops one in memory.
 *
 * An item of all zero bytes is empty: that is what a taken one becomes, and it is never dropped.
 */
#include "emit/items.h"

#include <string.h>

#include "emit/name.h"
#include "emit/text.h"

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
                   "static void $N_drop_%s_(void *%s)\n"
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

void emit_items(struct emit *emit)
{
    const struct plan *plan = emit->plan;
    bool headed = false;

    for (size_t i = 0; i < plan->ntypes; i++)
        headed = emit_drop(emit, &plan->types[i], headed);
}
