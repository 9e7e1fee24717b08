/* A type is words and stars. */
#include "text/ctype.h"

#include <stdio.h>
#include <string.h>

bool ctype_names(const char *c_type, const char *word)
{
    const size_t len = strlen(word);

    for (const char *at = strstr(c_type, word); at; at = strstr(at + 1, word))
        if ((at == c_type || at[-1] == ' ' || at[-1] == '*') && (at[len] == '\0' || at[len] == ' ' || at[len] == '*'))
            return true;
    return false;
}

const char *ctype_word(const char *c_type, char word[CTYPE_WORD_MAX])
{
    const char *at = c_type + strspn(c_type, " *");
    const size_t len = strcspn(at, " *");

    if (len == 0)
        return NULL;
    snprintf(word, CTYPE_WORD_MAX, "%.*s", (int)len, at);
    return at + len;
}
