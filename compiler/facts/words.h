/* Words of a part's C text that mean something in it: its types, what drops and clones their items, its expressions.
 */
#ifndef WORDS_IN_PART_H
#define WORDS_IN_PART_H

#include "facts/body.h"
#include "parts/instance.h"

/* Texts of the part see these as declared. Made once for each part; `above` is what stands above all parts. */
const struct body *words_of_part(struct obstack *memory, struct part *part, const struct body *above);

/* words_replace() finds what stands for such words in a text of the instance, which a stage's body has or, `expression`, an
 * expression. */
void words_replace(const struct ast *ast, const struct instance *instance, struct body *body, bool expression);

/* The C names of an instance begin so: PIPELINE_INSTANCE. */
const char *instance_symbol(const struct ast *ast, const struct instance *instance);

/* Whether the type wants a name in C: one with a star does, so that `const T a, b` means what it says. */
bool type_wants_name(const struct ctype *type);

#endif
