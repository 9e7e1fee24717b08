/* The two types that the language has built in, and those that the file declares.
 */
#include "facts/item.h"

#include <string.h>

#include "text/memory.h"

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
    return item_is_built_in(type->text) || (type->decl && type->decl->drop.text);
}

const char *item_c_type(const struct ctype *type)
{
    return item_is_string(type) ? "char *" : is_bytes(type) ? "struct prt_bytes" : type->text;
}

const char *item_drop(const struct ast *ast, struct obstack *memory, const struct ctype *type)
{
    if (item_is_string(type))
        return "prt_string_drop";
    if (is_bytes(type))
        return "prt_bytes_drop";
    if (!type->decl || !type->decl->drop.text)
        return NULL;
    return memory_format(memory, "%s_drop_%s_", ast->pipeline.text, type->text);
}

/* Types of C that need no declaration, as people write them; 0: the size is not asked for. */
static const struct { const char *text; size_t size; } c_types[] = {
    { "char", 1 }, { "signed char", 1 }, { "unsigned char", 1 }, { "bool", 1 }, { "_Bool", 1 }, { "int8_t", 1 },
    { "uint8_t", 1 }, { "short", 2 }, { "unsigned short", 2 }, { "int16_t", 2 }, { "uint16_t", 2 }, { "int", 4 },
    { "unsigned", 4 }, { "unsigned int", 4 }, { "float", 4 }, { "int32_t", 4 }, { "uint32_t", 4 }, { "long", 8 },
    { "unsigned long", 8 }, { "long long", 8 }, { "unsigned long long", 8 }, { "double", 8 }, { "int64_t", 8 },
    { "uint64_t", 8 }, { "size_t", 8 }, { "ssize_t", 8 }, { "ptrdiff_t", 8 }, { "intptr_t", 8 }, { "uintptr_t", 8 },
    { "string", 8 }, { "bytes", 16 }, { "void", 0 },
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
    return !type->decl && find_c_type(text, len) == sizeof c_types / sizeof *c_types;
}

size_t item_size(const struct ctype *type)
{
    size_t i;

    if (type->decl)
        return item_size(&type->decl->c_type);
    if (strchr(type->text, '*'))
        return 8;
    i = find_c_type(type->text, strlen(type->text));
    return i < sizeof c_types / sizeof *c_types ? c_types[i].size : 0;
}
