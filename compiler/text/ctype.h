/* The text of a C type. */
#ifndef CTYPE_H
#define CTYPE_H

#include <stdbool.h>

/* Whether `word` stands in it. */
bool ctype_names(const char *c_type, const char *word);

/* ctype_word() copies its next word, and returns what stands behind that; NULL: there is no more. */
#define CTYPE_WORD_MAX 64 /* bytes; names have at most 63 letters */
const char *ctype_word(const char *c_type, char word[CTYPE_WORD_MAX]);

#endif
