/* Finishing: a stage that takes no more, by `finish()` or because nobody receives what it sends.
 *
 * It is asked once. From then on no body of it begins, and nobody waits to send to it: where no other stage receives what
 * is sent to it, that is refused at once, and who sends to nobody else is asked in turn. A source leaves at its next emit.
 * What is queued stays until the stage has ended, since workers may be taking it.
 */
#ifndef PRT_FINISH_H
#define PRT_FINISH_H

#include <stdbool.h>

struct prt_chan;
struct prt_run;
struct prt_stage;

/* What `prt_stage.asked` holds: one of these, or both. */
#define PRT_ASKED ((uint64_t)1)
#define PRT_ENDED ((uint64_t)2)

/* Asks the stage, which may be one that runs within another. On any thread, in a body too; no lock is held. */
void prt_finish_ask_(struct prt_stage *stage);

/* The stage has ended, its finals too: what is left at its inputs is dropped, where no other stage receives. At base level:
 * this calls what the author has for dropping items. */
void prt_finish_ended_(struct prt_stage *stage);

/* Nobody sends to the channel any more but daemons, which are refused from now on, and asked where that was the last of what
 * they send to. */
void prt_finish_close_(struct prt_chan *chan);

/* Of the sources, those that were asked: the windows of their bodies end, and so do their waits. The monitor, when somebody
 * was asked. */
void prt_finish_sources_(struct prt_run *run);

/* Whether the stage is a source that was asked, and has not ended. */
bool prt_finish_waits_(const struct prt_stage *stage);

/* Counts, for each stage, by how many outputs it has receivers, and links channels to who sends to them. False: no memory. */
bool prt_finish_make_(struct prt_run *run);

#endif
