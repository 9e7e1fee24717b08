/* The text of a C type. */
#ifndef CTYPE_H
#define CTYPE_H

#include <stdbool.h>

/* Whether `word` stands in it. */
bool ctype_names(const char *c_type, const char *word);

#endif
