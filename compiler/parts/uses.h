/* Uses of parts: of what each stage is made, and whether all that is given fits. */
#ifndef USES_H
#define USES_H

#include "parts/instance.h"

/* The part of a stage that is made of one, where the stage stands in a file, or in a part of it; NULL: not in sight. */
struct part *use_part(const struct ast *whole, const struct stage *stage);

/* uses_check() looks through all stages of the program, and of its parts. Reports parts that are unknown or contain
 * themselves, and what is given wrongly or not at all. Such a stage is `left_out` of what comes after. Marks the parts that
 * the program needs. Returns all parts, each behind those of which it is made. */
struct part *uses_check(struct ast *whole);

/* What the part declares under that name; NULL: nothing. */
const struct decl *part_find(const struct part *part, const char *name);

/* The stage of the part that is called like it, which has the options of the place of use; NULL: there is none. */
struct stage *part_main(const struct part *part);

/* The input or output of the part that a place of use names, or the only one where `name` is absent; NULL: there is none, or
 * not just one. */
const struct channel *part_end(const struct part *part, const struct name *name, bool input);

/* What a place of use calls the items that the main stage takes; NULL: those are not just of one end. */
const struct input *use_item(const struct part *part, const struct stage *use);

/* The first thing given under that name; NULL: none is. */
const struct given *given_find(const struct made *made, const char *name);

#endif
