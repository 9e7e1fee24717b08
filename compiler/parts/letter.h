/* Letters as tests write them: { .item = …, .reason = …, .attempts = …, .stage = … }. */
#ifndef LETTER_H
#define LETTER_H

#include "text/source.h"

enum letter_member { LETTER_ITEM = 1, LETTER_REASON = 2, LETTER_ATTEMPTS = 4, LETTER_STAGE = 8 };

/* The members that the C text between the braces of an initializer gives values to. 0 where it has none, or one that does not
 * begin with the name of a member: `*wrong` becomes the first such one, else empty. */
unsigned letter_says(const struct sources *sources, struct span initializer, struct span *wrong);

#endif
