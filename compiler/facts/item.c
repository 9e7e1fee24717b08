/* The two types that the language has built in, and those that the file declares.
 */
#include "facts/item.h"

#include <string.h>

#include "facts/decl.h"
#include "parts/instance.h"
#include "text/memory.h"
#include "text/plain_type.h"

#define RECORD_SMALL 64 /* bytes */

bool item_is_string(const struct ctype *type)
{
    return !strcmp(type->text, "string");
}

static bool is_bytes(const struct ctype *type)
{
    return !strcmp(type->text, "bytes");
}

bool item_is_built_in(const char *type)
{
    return !strcmp(type, "string") || !strcmp(type, "bytes");
}

bool item_owns(const struct ctype *type)
{
    return type->letter || item_is_built_in(type->text) || (type->record && record_facts(type->record)->owns)
        || (type->decl && type->decl->drop.text);
}

const char *item_c_type(const struct ctype *type)
{
    if (type->record)
        return type->record->c_type;
    return item_is_string(type) ? "char *" : is_bytes(type) ? "struct prt_bytes" : type->text;
}

const char *item_drop(const struct ast *ast, struct obstack *memory, const struct ctype *type)
{
    if (type->letter)
        return memory_format(memory, "%s_drop_%s_", ast->pipeline.text,
                             name_symbol(memory, type->letter->decl.name.text));
    if (item_is_string(type))
        return "prt_string_drop";
    if (is_bytes(type))
        return "prt_bytes_drop";
    if (!item_owns(type))
        return NULL;
    return memory_format(memory, "%s_drop_%s_", ast->pipeline.text, type->text);
}

const char *item_clone(const struct ast *ast, struct obstack *memory, const struct ctype *type)
{
    if (item_is_string(type))
        return "prt_string_clone";
    if (is_bytes(type))
        return "prt_bytes_clone";
    if (type->record ? !item_owns(type) : !type->decl || !type->decl->clone.text)
        return NULL;
    return memory_format(memory, "%s_clone_%s_", ast->pipeline.text, type->text);
}

bool item_is_foreign(const struct ctype *type)
{
    const char *text = type->text + (strncmp(type->text, "const ", 6) == 0 ? 6 : 0);
    size_t len = strcspn(text, "*");

    while (len > 0 && text[len - 1] == ' ')
        len--;
    return !type->decl && !type->letter && !type->record && !plain_type_find(text, len);
}

size_t item_size(const struct ctype *type)
{
    const struct plain_type *plain;

    if (type->letter) /* behind the item, and aligned like pointers: reason, attempts, stage */
        return item_size(&type->letter->item) > 0 ? (item_size(&type->letter->item) + 7) / 8 * 8 + 24 : 0;
    if (type->decl)
        return item_size(&type->decl->c_type);
    if (type->record) /* a large one is for the C compiler to refuse, where several lie on one stack */
        return record_facts(type->record)->size <= RECORD_SMALL ? record_facts(type->record)->size : 0;
    if (strchr(type->text, '*'))
        return 8;
    plain = plain_type_find(type->text, strlen(type->text));
    return plain ? plain->size : 0;
}

enum item_shown item_shown(const struct ctype *type)
{
    const char *text = type->decl ? type->decl->c_type.text : type->text;
    const struct plain_type *plain = plain_type_find(text, strlen(text));

    if (type->record)
        return SHOWN_RECORD;
    if (type->decl && !strcmp(text, "string")) /* the words of a type are C's */
        return SHOWN_NOT;
    return plain ? plain->shown : SHOWN_NOT;
}
