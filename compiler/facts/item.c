/* The two types that the language has built in, and those that the file declares.
 */
#include "facts/item.h"

#include <string.h>

#include "facts/decl.h"
#include "parts/instance.h"
#include "text/memory.h"

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

/* Types of C that need no declaration, as people write them; size 0: it is not asked for. */
static const struct { const char *text; size_t size; enum item_shown shown; } c_types[] = {
    { "char", 1, SHOWN_CHAR }, { "signed char", 1, SHOWN_SIGNED }, { "unsigned char", 1, SHOWN_UNSIGNED },
    { "bool", 1, SHOWN_BOOL }, { "_Bool", 1, SHOWN_BOOL }, { "int8_t", 1, SHOWN_SIGNED },
    { "uint8_t", 1, SHOWN_UNSIGNED }, { "short", 2, SHOWN_SIGNED }, { "unsigned short", 2, SHOWN_UNSIGNED },
    { "int16_t", 2, SHOWN_SIGNED }, { "uint16_t", 2, SHOWN_UNSIGNED }, { "int", 4, SHOWN_SIGNED },
    { "unsigned", 4, SHOWN_UNSIGNED }, { "unsigned int", 4, SHOWN_UNSIGNED }, { "float", 4, SHOWN_FLOAT },
    { "int32_t", 4, SHOWN_SIGNED }, { "uint32_t", 4, SHOWN_UNSIGNED }, { "long", 8, SHOWN_SIGNED },
    { "unsigned long", 8, SHOWN_UNSIGNED }, { "long long", 8, SHOWN_SIGNED },
    { "unsigned long long", 8, SHOWN_UNSIGNED }, { "double", 8, SHOWN_FLOAT }, { "int64_t", 8, SHOWN_SIGNED },
    { "uint64_t", 8, SHOWN_UNSIGNED }, { "size_t", 8, SHOWN_UNSIGNED }, { "ssize_t", 8, SHOWN_SIGNED },
    { "ptrdiff_t", 8, SHOWN_SIGNED }, { "intptr_t", 8, SHOWN_SIGNED }, { "uintptr_t", 8, SHOWN_UNSIGNED },
    { "string", 8, SHOWN_TEXT }, { "bytes", 16, SHOWN_NOT }, { "void", 0, SHOWN_NOT },
};

/* The place of the type in that table, or its length. */
static size_t find_c_type(const char *text, size_t len)
{
    size_t i = 0;

    while (i < sizeof c_types / sizeof *c_types
           && (strncmp(c_types[i].text, text, len) != 0 || c_types[i].text[len] != '\0'))
        i++;
    return i;
}

bool item_is_foreign(const struct ctype *type)
{
    const char *text = type->text + (strncmp(type->text, "const ", 6) == 0 ? 6 : 0);
    size_t len = strcspn(text, "*");

    while (len > 0 && text[len - 1] == ' ')
        len--;
    return !type->decl && !type->letter && !type->record && find_c_type(text, len) == sizeof c_types / sizeof *c_types;
}

size_t item_size(const struct ctype *type)
{
    size_t i;

    if (type->letter) /* behind the item, and aligned like pointers: reason, attempts, stage */
        return item_size(&type->letter->item) > 0 ? (item_size(&type->letter->item) + 7) / 8 * 8 + 24 : 0;
    if (type->decl)
        return item_size(&type->decl->c_type);
    if (type->record) /* a large one is for the C compiler to refuse, where several lie on one stack */
        return record_facts(type->record)->size <= RECORD_SMALL ? record_facts(type->record)->size : 0;
    if (strchr(type->text, '*'))
        return 8;
    i = find_c_type(type->text, strlen(type->text));
    return i < sizeof c_types / sizeof *c_types ? c_types[i].size : 0;
}

enum item_shown item_shown(const struct ctype *type)
{
    const char *text = type->decl ? type->decl->c_type.text : type->text;
    const size_t i = find_c_type(text, strlen(text));

    if (type->record)
        return SHOWN_RECORD;
    if (type->decl && !strcmp(text, "string")) /* the words of a type are C's */
        return SHOWN_NOT;
    return i < sizeof c_types / sizeof *c_types ? c_types[i].shown : SHOWN_NOT;
}
