/* One table. */
#include "text/plain_type.h"

#include <string.h>

static const struct plain_type types[] = {
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

const struct plain_type *plain_type_find(const char *text, size_t len)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strncmp(types[i].text, text, len) == 0 && types[i].text[len] == '\0')
            return &types[i];
    return NULL;
}
