/* Daemons: the core, and what follows when it has ended. */
#include "pool/daemon.h"

#include "pool/finish.h"
#include "pool/run_state.h"

/* Whether the stage is where the walk begins: what follows from the other sources, or from the daemons' own channels. */
static bool is_start(const struct prt_stage *stage, enum prt_led led)
{
    if (led == PRT_LED_BY_OTHERS)
        return prt_stage_is_source_(stage) && !stage->spec.daemon;
    for (size_t i = 0; i < stage->spec.nins; i++)
        for (size_t j = 0; j < stage->ins[i].nchans; j++)
            if (stage->ins[i].chans[j]->only_daemons)
                return true;
    for (size_t i = 0; i < stage->npulls; i++)
        if (stage->pulls[i].chans[0]->only_daemons)
            return true;
    return false;
}

static void mark(struct prt_stage **list, struct prt_stage *stage, enum prt_led led)
{
    if (stage->led & led)
        return;
    stage->led |= led;
    stage->next_asked = *list; /* nobody is asked before the run */
    *list = stage;
}

/* Marks all stages that those lead to. */
static void walk(struct prt_run *run, enum prt_led led)
{
    struct prt_stage *list = NULL;

    for (struct prt_stage *stage = run->stages; stage; stage = stage->next)
        if (is_start(stage, led))
            mark(&list, stage, led);
    while (list) {
        struct prt_stage *stage = list;

        list = stage->next_asked;
        for (size_t i = 0; i < stage->spec.nouts; i++)
            for (uint32_t j = 0; j < stage->outs[i].chan->nto; j++)
                mark(&list, stage->outs[i].chan->to[j], led);
    }
}

void prt_daemon_make_(struct prt_run *run)
{
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next)
        run->has_daemons = run->has_daemons || stage->spec.daemon;
    if (!run->has_daemons)
        return;
    for (struct prt_chan *chan = run->chans; chan; chan = chan->next)
        chan->only_daemons = chan->has_daemons && prt_load(&chan->senders) == 0;
    walk(run, PRT_LED_BY_OTHERS);
    walk(run, PRT_LED_BY_DAEMONS);
    for (struct prt_stage *stage = run->stages; stage; stage = stage->next) {
        prt_add(&run->core, stage->led == PRT_LED_BY_OTHERS);
        prt_add(&run->others, !stage->spec.daemon);
    }
}

static void core_ended(struct prt_run *run)
{
    for (struct prt_chan *chan = run->chans; chan; chan = chan->next)
        if (chan->only_daemons)
            prt_finish_close_(chan);
}

void prt_daemon_ended_(struct prt_stage *stage)
{
    struct prt_run *run = stage->run;

    if (!run->has_daemons)
        return;
    if (stage->led == PRT_LED_BY_OTHERS && prt_sub(&run->core, 1) == 1)
        core_ended(run);
    if (stage->spec.daemon || prt_sub(&run->others, 1) != 1)
        return;
    for (struct prt_stage *other = run->stages; other; other = other->next)
        if (other->spec.daemon)
            prt_finish_ask_(other);
}
