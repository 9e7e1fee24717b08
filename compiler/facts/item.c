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

bool item_is_foreign(const struct ctype *type)
{
    static const char *const words[] = {
        "char", "signed", "unsigned", "bool", "_Bool", "short", "int", "long", "float", "double", "void", "const",
        "int8_t", "uint8_t", "int16_t", "uint16_t", "int32_t", "uint32_t", "int64_t", "uint64_t", "size_t", "intptr_t",
        "uintptr_t", "ptrdiff_t", "string", "bytes" };
    const char *at = type->text;

    if (type->decl)
        return false;
    while (*(at += strspn(at, " *"))) {
        const size_t len = strcspn(at, " *");
        bool known = false;

        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            known |= strlen(words[i]) == len && strncmp(words[i], at, len) == 0;
        if (!known)
            return true;
        at += len;
    }
    return false;
}

size_t item_size(const struct ctype *type)
{
    static const struct { const char *text; size_t size; } sizes[] = {
        { "char", 1 }, { "signed char", 1 }, { "unsigned char", 1 }, { "bool", 1 }, { "_Bool", 1 }, { "int8_t", 1 },
        { "uint8_t", 1 }, { "short", 2 }, { "unsigned short", 2 }, { "int16_t", 2 }, { "uint16_t", 2 }, { "int", 4 },
        { "unsigned", 4 }, { "unsigned int", 4 }, { "float", 4 }, { "int32_t", 4 }, { "uint32_t", 4 }, { "long", 8 },
        { "unsigned long", 8 }, { "long long", 8 }, { "unsigned long long", 8 }, { "double", 8 }, { "int64_t", 8 },
        { "uint64_t", 8 }, { "size_t", 8 }, { "ssize_t", 8 }, { "ptrdiff_t", 8 }, { "intptr_t", 8 },
        { "uintptr_t", 8 }, { "string", 8 }, { "bytes", 16 },
    };

    if (type->decl)
        return item_size(&type->decl->c_type);
    if (strchr(type->text, '*'))
        return 8;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (type->text[0] == sizes[i].text[0] && !strcmp(type->text, sizes[i].text))
            return sizes[i].size;
    return 0;
}
