/* A command line for another program, word by word: what posix_spawn wants. There is no shell, so nothing needs quotes.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct words {
    char **at;  /* ends with NULL once there is a word */
    size_t len, room;
};

/* Memory that is short ends pipec with a message: nothing is half done yet where words are gathered. */
void words_add(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds a name of a file, which stands for nothing else: no option, nor a file of words as in @FILE. */
void words_add_path(struct words *words, const char *path);

void words_add_all(struct words *words, const struct words *more);

void words_drop_last(struct words *words);

/* Each word of `text`, split at blanks. `text` may be NULL. */
void words_split(struct words *words, const char *text);

void words_free(struct words *words);

/* "FILE.c" ends with ".c". */
bool word_ends_with(const char *word, const char *end);

#endif
