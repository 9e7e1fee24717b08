/* What owned items need: functions that drop one in memory, and copy one for a broadcast. Letters have a structure too.
 *
 * An item of all zero bytes is empty: that is what a taken one becomes, and it is never dropped.
 */
#include "emit/items.h"

#include <string.h>

#include "emit/name.h"
#include "emit/record.h"
#include "emit/text.h"

void emit_typedef(struct emit *emit, const struct planned_typedef *type)
{
    emit_line_of(emit, type->span.start);
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

/* The heading is there if it was, or if something was written below it. */
static bool emit_drop(struct emit *emit, const struct planned_typedef *type, bool headed)
{
    const char *name = type->name;
    const bool pointer = type->c_type[strlen(type->c_type) - 1] == '*';
    const char *item;

    if (!type->drop || !type->carried)
        return headed;
    item = name_free(emit, NULL, NULL, strcmp(type->drop, "item") == 0 ? "item_" : "item");
    emit_items_heading(emit, headed);
    emit_put(emit, "\n"
                   "/* Drops an item of type %s; one of all zero bytes is empty. */\n"
                   "static void $N_drop_%s_(void *%s)\n"
                   "{\n", name, name, item);
    emit_line_of(emit, type->span.start);
    if (pointer)
        emit_put(emit, "    if (*(%s *)%s)\n", name, item);
    else
        /* An array, with a byte more: an item of no bytes has none to be set to 0. */
        emit_put(emit, "    if (memcmp(%s, (const char[sizeof(%s) + 1]){ 0 }, sizeof(%s)) != 0)\n", item, name, name);
    emit_line_of(emit, type->span.start);
    emit_put(emit, "        %s(*(%s *)%s);\n", type->drop, name, item);
    emit_line_here(emit);
    emit_put(emit, "}\n");
    return true;
}

/* What is empty is not copied by it. */
static bool emit_clone(struct emit *emit, const struct planned_typedef *type, bool headed)
{
    const char *name = type->name;
    const char *item, *value;

    if (!type->clone)
        return headed;
    item = name_free(emit, NULL, NULL, strcmp(type->clone, "item") == 0 ? "item_" : "item");
    value = name_free(emit, NULL, NULL, strcmp(type->clone, "value") == 0 ? "value_" : "value");
    emit_items_heading(emit, headed);
    emit_put(emit, "\n"
                   "/* Makes a copy of an item of type %s. */\n"
                   "static void $N_clone_%s_(void *%s, const void *%s)\n"
                   "{\n", name, name, value, item);
    emit_line_of(emit, type->span.start);
    emit_put(emit, "    *(%s *)%s = %s(*(const %s *)%s);\n", name, value, type->clone, name, item);
    emit_line_here(emit);
    emit_put(emit, "}\n");
    return true;
}

/* What a record owns its table tells. */
static bool emit_record_item(struct emit *emit, const struct planned_record *record, bool headed)
{
    const char *name = record->name;
    const char *item = name_free(emit, NULL, NULL, "item"), *value = name_free(emit, NULL, NULL, "value");
    const char *len = name_free(emit, NULL, NULL, "len");

    if (!record->carried && !record->copied && !record->shown)
        return headed;
    emit_items_heading(emit, headed);
    if (record->carried)
        emit_put(emit, "\n"
                       "/* Drops an item of type %s; one of all zero bytes is empty. */\n"
                       "static void $N_drop_%s_(void *%s)\n"
                       "{\n"
                       "    prt_record_drop(&%s_record, %s);\n"
                       "}\n", name, name, item, name, item);
    if (record->copied)
        emit_put(emit, "\n"
                       "/* Makes a copy of an item of type %s. */\n"
                       "static void $N_clone_%s_(void *%s, const void *%s)\n"
                       "{\n"
                       "    prt_record_clone(&%s_record, %s, %s);\n"
                       "}\n", name, name, value, item, name, value, item);
    if (record->shown)
        emit_put(emit, "\n"
                       "/* Shows an item of type %s that failed. */\n"
                       "static char *$N_show_%s_(const void *%s, size_t *%s)\n"
                       "{\n"
                       "    return prt_json_write(&%s_record, %s, %s);\n"
                       "}\n", name, name, item, len, name, item, len);
    return true;
}

/* A letter of all zero bytes has no reason, and its item is empty. */
static bool emit_letter_drop(struct emit *emit, const struct planned_channel *channel, bool headed)
{
    const char *letter = name_free(emit, NULL, NULL, "letter"), *type = channel->c_type;

    if (!channel->letters)
        return headed;
    emit_items_heading(emit, headed);
    emit_put(emit, "\n"
                   "/* Drops a letter of %s. */\n"
                   "static void %s(void *%s)\n"
                   "{\n", channel->name, channel->drop, letter);
    if (channel->lost_drop)
        emit_put(emit, "    %s(&((%s *)%s)->item);\n", channel->lost_drop, type, letter);
    emit_put(emit, "    free(((%s *)%s)->reason);\n"
                   "}\n", type, letter);
    return true;
}

void emit_letters(struct emit *emit)
{
    for (size_t i = 0; i < emit->plan->nchannels; i++) {
        const struct planned_channel *channel = &emit->plan->channels[i];

        if (!channel->letters)
            continue;
        emit_put(emit, "\n"
                       "/* An item that failed for good, in %s. */\n"
                       "%s {\n", channel->name, channel->c_type);
        emit_line_of(emit, channel->span.start);
        emit_put(emit, "    %s;\n", text_declare(emit, channel->lost_type, "item"));
        emit_line_here(emit);
        emit_put(emit, "    char *reason;               /* owned, like the item; NULL: there was no memory for it */\n"
                       "    int attempts;\n"
                       "    const char *stage;          /* in which it failed */\n"
                       "};\n");
        emit_letter_json(emit, channel);
    }
}

void emit_items(struct emit *emit)
{
    const struct plan *plan = emit->plan;
    bool headed = false;

    for (size_t i = 0; i < plan->ntypes; i++)
        headed = emit_clone(emit, &plan->types[i], emit_drop(emit, &plan->types[i], headed));
    for (size_t i = 0; i < plan->nrecords; i++)
        headed = emit_record_item(emit, &plan->records[i], headed);
    for (size_t i = 0; i < plan->nchannels; i++)
        headed = emit_letter_drop(emit, &plan->channels[i], headed);
}
