/* Instances of parts.
 */
#ifndef EMIT_INSTANCE_H
#define EMIT_INSTANCE_H

#include "emit/printer.h"

/* Types that want a name, of all instances, for a header; or of those whose state needs them early. */
void emit_instance_names(struct emit *emit, bool all);

/* The state of each instance that has one, as a structure; and as members of the pipeline's. */
void emit_instance_states(struct emit *emit);
void emit_instance_members(struct emit *emit);

/* What stands in front of its stages: names of types, if they do not stand above, what drops and clones items, the
 * expressions that it is given, its init and final. */
void emit_instance(struct emit *emit, const struct planned_instance *instance);

#endif
