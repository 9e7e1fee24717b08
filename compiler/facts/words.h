/* Words of a part's C text that mean something in it: its types, what drops and clones their items, its expressions.
 */
#ifndef WORDS_IN_PART_H
#define WORDS_IN_PART_H

#include "facts/body.h"
#include "facts/ctext.h"
#include "parts/instance.h"

/* Texts of the part see these as declared. Made once for each part; `above` is what stands above all parts. */
const struct body *words_of_part(struct obstack *memory, struct part *part, const struct body *above);

/* words_replace() finds what stands for such words in a text of an instance; and for an item in an expression that is given to
 * one, which may get only where the item lies. */
void words_replace(const struct ast *ast, const struct ctext *place, struct body *body);

/* Whether an expression for the param gets the address of the items of that end: text that it gives may lie in them. */
bool param_takes_address(const struct param *param, const struct instance_end *end);

/* The C names of an instance begin so: PIPELINE_INSTANCE. */
const char *instance_symbol(const struct ast *ast, const struct instance *instance);

/* Whether the type wants a name in C: one with a star does, so that `const T a, b` means what it says. */
bool type_wants_name(const struct ctype *type);

#endif
