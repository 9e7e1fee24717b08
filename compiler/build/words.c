/* A growing argv. */
#include "build/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/memory.h"

static void add(struct words *words, char *word)
{
    if (words->len + 2 > words->room) {
        words->room = words->room ? 2 * words->room : 32;
        words->at = realloc(words->at, words->room * sizeof *words->at);
    }
    if (!word || !words->at) {
        memory_short();
        exit(1);
    }
    words->at[words->len++] = word;
    words->at[words->len] = NULL;
}

void words_add(struct words *words, const char *format, ...)
{
    va_list arguments;
    char *word;

    va_start(arguments, format);
    if (vasprintf(&word, format, arguments) < 0)
        word = NULL;
    va_end(arguments);
    add(words, word);
}

void words_add_path(struct words *words, const char *path)
{
    words_add(words, "%s%s", *path == '-' || *path == '@' ? "./" : "", path);
}

void words_add_all(struct words *words, const struct words *more)
{
    for (size_t i = 0; i < more->len; i++)
        words_add(words, "%s", more->at[i]);
}

void words_split(struct words *words, const char *text)
{
    static const char blanks[] = " \t\r\n\f\v";

    for (text = text ? text + strspn(text, blanks) : ""; *text; text += strspn(text, blanks)) {
        const size_t len = strcspn(text, blanks);

        add(words, strndup(text, len));
        text += len;
    }
}

void words_drop_last(struct words *words)
{
    free(words->at[--words->len]);
    words->at[words->len] = NULL;
}

void words_free(struct words *words)
{
    for (size_t i = 0; i < words->len; i++)
        free(words->at[i]);
    free(words->at);
    *words = (struct words){ 0 };
}

bool word_ends_with(const char *word, const char *end)
{
    const size_t len = strlen(word);

    return len >= strlen(end) && strcmp(word + len - strlen(end), end) == 0;
}
