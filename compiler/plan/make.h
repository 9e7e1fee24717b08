/* How the plan is made, a file for each of its parts. Files of this room only: here tree and plan meet.
 */
#ifndef MAKE_H
#define MAKE_H

#include "facts/decl.h"
#include "facts/facts.h"
#include "plan/plan.h"

struct make {
    const struct facts *facts;
    struct plan *plan;
    struct obstack *memory;
    const struct planned_limit **rates, **bounds; /* the shared ones, by the declaration's index */
};

/* In the order in which they are called. Channels and stages have their places in the plan before all of them. */
void make_params(struct make *make);
void make_instances(struct make *make);
void make_items(struct make *make);      /* what the channels carry */
void make_limits(struct make *make);
void make_stages(struct make *make);
void make_inlines(struct make *make);   /* what runs within each stage, and all that it sends */
void make_cycles(struct make *make);
void make_channels(struct make *make);
void make_records(struct make *make);    /* and what something needs of each */
void make_test(struct make *make);
void make_pieces(struct make *make);    /* includes, prologues, types, stages; and the modules to link */

/* The channels of a broadcast, when what it carries is known; and the one from which `stage` receives. */
void make_copies(struct make *make, struct planned_channel *planned, const struct channel *channel);
struct planned_channel *make_received(const struct make *make, const struct channel *channel, const struct stage *stage);

/* What a param holds, and a literal of it. */
enum planned_type param_type(const struct param *param);
struct constant param_constant(enum planned_type type, const struct value *value);

struct amount make_amount(struct make *make, const struct value *value);
struct fraction make_fraction(const struct value *rate);

/* An expression of an option; and those options of the stage that have a key. */
struct planned_term make_term(const struct make *make, const struct stage *stage, const struct term *term);
void make_keyed(struct make *make, struct planned_stage *planned, const struct stage *stage);

/* Of a stage that pulls, whose inputs are made: what its next_any calls take from. */
void make_anys(struct make *make, struct planned_stage *planned, const struct stage *stage);

/* What the stage's first line says, without its sections: `summary`, `head` and `options`. */
void make_summary(struct make *make, struct planned_stage *planned, const struct stage *stage);

#endif
