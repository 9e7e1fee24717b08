/* Looking for what does not move. A slot that does the same thing at each look, with the same item, has not moved since the first of
 * them: its windows and a count of its own tell, which it stores anyway.
 *
 * A circle is sought among stages that have not moved: of these, all are taken out of which some slot could go on as soon as a stage
 * that may move does. Those that are left wait for each other, for ever. */
#include "pool/still.h"

#include "pool/pull.h"
#include "pool/run_state.h"

#define HANG_NS 5000000000u    /* a body that lasts so long, */
#define HANG_TIMES 100         /* and so much longer than those before it, hangs */
#define CIRCLE_NS 2000000000u  /* who has not moved for so long may be in a circle */
#define SEARCH_NS 1000000000u
#define GAP_NS 2000000000u     /* nobody looked for so long, or the process was stopped: what was before is over */

struct prt_stillness *prt_still_new_(struct prt_run *run)
{
    struct prt_stillness *still = prt_memory_new_(&run->memory, sizeof *still, sizeof(void *));

    if (!still)
        return NULL;
    still->slots = prt_memory_new_(&run->memory, run->nstages * sizeof *still->slots, sizeof(void *));
    still->dead = prt_memory_new_(&run->memory, run->nstages * sizeof *still->dead, sizeof(bool));
    if (!still->slots || !still->dead)
        return NULL;
    for (const struct prt_stage *stage = run->stages; stage; stage = stage->next) {
        still->slots[stage->index] =
            prt_memory_new_(&run->memory, stage->nslots * sizeof **still->slots, sizeof(uint64_t));
        if (!still->slots[stage->index])
            return NULL;
    }
    return still;
}

/* ---- bodies ------------------------------------------------------------------------------------------------------ */

static uint64_t mix(uint64_t sign, uint64_t word)
{
    return (sign ^ word) * UINT64_C(0x9E3779B97F4A7C15);
}

static uint64_t mix_in(uint64_t sign, const struct prt_in *in)
{
    return mix(sign, (uint64_t)(uintptr_t)prt_ptr_acquire(&in->next));
}

/* Another one as soon as the slot has begun a batch, received an item or sent one. */
static uint64_t sign_of(const struct prt_slot *slot, enum prt_for what)
{
    uint64_t sign = mix((uint64_t)what + 1, prt_load_relaxed(&slot->begins));

    for (size_t i = 0; i < slot->ntakes; i++)
        sign = mix_in(sign, slot->takes[i].in);
    for (size_t i = 0; i < slot->npulls; i++)
        sign = mix_in(sign, slot->pulls[i].take.in);
    for (size_t i = 0; i < slot->nports; i++)
        sign = mix(sign, (uint64_t)(uintptr_t)prt_ptr_acquire(&slot->ports[i].out->next));
    return sign;
}

static uint64_t thread_of(const struct prt_slot *slot)
{
    for (const struct prt_thread *thread = slot->stage->run->threads; thread; thread = thread->next)
        if (prt_load_relaxed(&thread->running) == (uint64_t)(uintptr_t)slot)
            return prt_load_relaxed(&thread->handle.task);
    return 0;
}

/* A source waits for the world, for as long as that takes. */
static bool may_hang(const struct prt_slot *slot, uint64_t ns)
{
    return !prt_stage_is_source_(slot->stage) && ns >= HANG_NS && ns / HANG_TIMES >= prt_load_relaxed(&slot->stage->mean);
}

/* Of several the one that lasts longest is kept, but none that no look has found for so long that it has ended. */
static void note_hang(struct prt_stillness *still, const struct prt_slot *slot, uint64_t since, uint64_t now)
{
    struct prt_hang *hang = &still->latest;
    const bool same = hang->stage == slot->stage && hang->worker == slot->index && hang->since == since;

    if (!may_hang(slot, now - since) || (!same && hang->stage && now - hang->until < GAP_NS && hang->since <= since))
        return;
    if (!same)
        *hang = (struct prt_hang){ slot->stage, slot->index, thread_of(slot), since, now };
    hang->until = now;
    if (hang->until - hang->since > still->longest.until - still->longest.since)
        still->longest = *hang;
}

void prt_still_look_(struct prt_stillness *still, const struct prt_slot *slot, enum prt_for what, size_t which, uint64_t now)
{
    struct prt_still *of = &still->slots[slot->stage->index][slot->index];
    const uint64_t sign = sign_of(slot, what);

    /* Woken, as each is that waits when a signal comes, and not yet run: it does what it did. If it was woken for a reason, whoever gave
     * that has moved, so no circle is seen in the meantime; and it is not for longer than a gap. */
    if (what == PRT_FOR_THREAD && of->sign == sign_of(slot, of->what) && now - of->seen <= GAP_NS)
        return;
    if (of->sign != sign || now - of->seen > GAP_NS)
        *of = (struct prt_still){ .sign = sign, .since = now };
    of->seen = now;
    of->what = what;
    of->which = which;
    if (what == PRT_FOR_NOTHING || what == PRT_FOR_KERNEL)
        note_hang(still, slot, of->since, now);
}

/* ---- circles ----------------------------------------------------------------------------------------------------- */

/* Whether nobody but other stages could end what it does. `which` of an item's wait: it has a limit of time. Who holds the bound of
 * a key is not known here. */
static bool waits_for_others(const struct prt_stage *stage, const struct prt_still *of)
{
    return of->what == PRT_FOR_ROOM || of->what == PRT_FOR_BEGINNING || of->what == PRT_FOR_TURN || of->what == PRT_FOR_GOOD ||
           (of->what == PRT_FOR_ITEM && of->which == 0) || (of->what == PRT_FOR_BOUND && of->which < stage->spec.nbounds);
}

/* A clock may have it go on: it sends at ticks, or a batch is as large as it is then. Of what is set aside by keys, nobody can tell
 * what it waits for. */
static bool may_go_by_time(const struct prt_stage *stage)
{
    return stage->store || stage->spec.flush || (stage->collect && stage->spec.within > 0);
}

static bool is_still(const struct prt_stillness *still, const struct prt_stage *stage, uint64_t now)
{
    const struct prt_still *slots = still->slots[stage->index];
    bool lives = false;

    if (may_go_by_time(stage))
        return false;
    for (uint32_t i = 0; i < stage->nslots; i++) {
        if (slots[i].sign == 0 || !waits_for_others(stage, &slots[i]) || now - slots[i].since < CIRCLE_NS)
            return false;
        lives = lives || slots[i].what != PRT_FOR_GOOD;
    }
    return lives;
}

static bool some_receiver_moves(const struct prt_stillness *still, const struct prt_chan *chan)
{
    for (uint32_t i = 0; i < chan->nto; i++)
        if (!still->dead[chan->to[i]->index])
            return true;
    return prt_load(&chan->abandoned) || chan->drops || chan->grows;
}

static bool sends_to(const struct prt_stage *stage, const struct prt_chan *chan)
{
    for (size_t i = 0; i < stage->spec.nouts; i++)
        if (stage->outs[i].chan == chan)
            return true;
    return false;
}

/* The first stage that sends there and is dead, or is not; NULL: there is none. */
static const struct prt_stage *sender(const struct prt_stillness *still, const struct prt_chan *chan, bool dead)
{
    for (const struct prt_stage *stage = chan->run->stages; stage; stage = stage->next)
        if (still->dead[stage->index] == dead && !(prt_load_relaxed(&stage->word) & PRT_WORD_FIN) && sends_to(stage, chan))
            return stage;
    return NULL;
}

static bool may_bring(const struct prt_stillness *still, const struct prt_chan *chan)
{
    return prt_load(&chan->closed) || sender(still, chan, false);
}

/* Of an input that lacks an item, whether one may come. An input of which one lies there lacks none, but for a `batch`, which lacks
 * some as long as it waits. */
static bool input_may_go_on(const struct prt_stillness *still, const struct prt_in_spec *in, bool batch)
{
    bool may = false;

    for (size_t i = 0; i < in->nchans; i++) {
        if (!batch && prt_chan_fill_(in->chans[i]) > 0)
            return true;
        may = may || may_bring(still, in->chans[i]);
    }
    return may;
}

/* A body that takes items itself waits for one of those of which none is there: which, it alone knows. */
static bool pull_may_go_on(const struct prt_stillness *still, const struct prt_stage *stage)
{
    bool lacks = false;

    for (size_t i = 0; i < stage->npulls; i++) {
        const struct prt_chan *chan = stage->pulls[i].chans[0];

        if (prt_chan_fill_(chan) > 0)
            continue;
        lacks = true;
        if (may_bring(still, chan))
            return true;
    }
    return !lacks;
}

static bool item_may_come(const struct prt_stillness *still, const struct prt_stage *stage)
{
    if (stage->npulls > 0)
        return pull_may_go_on(still, stage);
    for (size_t i = 0; i < stage->spec.nins; i++)
        if (!input_may_go_on(still, &stage->ins[i], stage->collect))
            return false;
    return true;
}

/* The slot of the stage that waits for room, or for a named bound; NULL: none does. */
static const struct prt_slot *slot_for(const struct prt_stillness *still, const struct prt_stage *stage, enum prt_for what)
{
    for (uint32_t i = 0; i < stage->nslots; i++) {
        const struct prt_still *of = &still->slots[stage->index][i];

        if (what == PRT_FOR_ROOM && (of->what == PRT_FOR_ROOM || of->what == PRT_FOR_BEGINNING) && of->which < stage->slots[i].nports)
            return &stage->slots[i];
        if (what == PRT_FOR_BOUND && of->what == PRT_FOR_BOUND)
            return &stage->slots[i];
    }
    return NULL;
}

/* A stage that has it, and is dead or not, and waits for room if it is to; NULL: there is none. Bodies that nobody sees wait hold
 * nothing of it for ever, and what is given back is granted at once. */
static const struct prt_stage *user(const struct prt_stillness *still, const struct prt_run *run, const struct prt_bound *bound,
                                    bool dead, bool for_room)
{
    for (const struct prt_stage *stage = run->stages; stage; stage = stage->next)
        for (size_t i = 0; still->dead[stage->index] == dead && i < stage->spec.nbounds; i++)
            if (stage->bounds[i].bound == bound && (!for_room || slot_for(still, stage, PRT_FOR_ROOM)))
                return stage;
    return NULL;
}

static bool slot_may_go_on(const struct prt_stillness *still, const struct prt_slot *slot)
{
    const struct prt_still *of = &still->slots[slot->stage->index][slot->index];

    switch (of->what) {
    case PRT_FOR_ROOM:
    case PRT_FOR_BEGINNING:
        return of->which >= slot->nports || some_receiver_moves(still, slot->ports[of->which].chan);
    case PRT_FOR_ITEM:
        return item_may_come(still, slot->stage);
    case PRT_FOR_BOUND:
        return user(still, slot->stage->run, slot->stage->bounds[of->which].bound, false, false) != NULL;
    default: /* it has ended, or waits for another slot of its stage */
        return false;
    }
}

static bool stage_may_go_on(const struct prt_stillness *still, const struct prt_stage *stage)
{
    for (uint32_t i = 0; i < stage->nslots; i++)
        if (slot_may_go_on(still, &stage->slots[i]))
            return true;
    return false;
}

/* The channel of which the stage lacks an item, of several one that a dead stage sends to. */
static const struct prt_chan *lacking(const struct prt_stillness *still, const struct prt_stage *stage)
{
    for (size_t i = 0; i < stage->spec.nins; i++)
        for (size_t k = 0; k < stage->ins[i].nchans; k++)
            if ((stage->collect || prt_chan_fill_(stage->ins[i].chans[k]) == 0) && sender(still, stage->ins[i].chans[k], true))
                return stage->ins[i].chans[k];
    for (size_t i = 0; i < stage->npulls; i++)
        if (prt_chan_fill_(stage->pulls[i].chans[0]) == 0)
            return stage->pulls[i].chans[0];
    return NULL;
}

/* What a dead stage waits for, and in `*next` whom. False: things have moved meanwhile. */
static bool follow(const struct prt_stillness *still, const struct prt_stage *stage, struct prt_circle_part *part,
                   const struct prt_stage **next)
{
    const struct prt_slot *room = slot_for(still, stage, PRT_FOR_ROOM), *bound = slot_for(still, stage, PRT_FOR_BOUND);
    const struct prt_still *slots = still->slots[stage->index];

    *part = (struct prt_circle_part){ .stage = stage, .room = room != NULL };
    if (!room && bound) {
        part->bound = stage->bounds[slots[bound->index].which].bound;
        *next = user(still, stage->run, part->bound, true, true);
        return *next != NULL;
    }
    part->chan = room ? room->ports[slots[room->index].which].chan : lacking(still, stage);
    if (!part->chan)
        return false;
    *next = room ? part->chan->to[0] : sender(still, part->chan, true);
    return *next && still->dead[(*next)->index];
}

/* From a stage that waits for room, as many steps as there are stages lead into the circle; then once around. */
static void go_around(struct prt_stillness *still, const struct prt_run *run, const struct prt_stage *from, uint64_t since)
{
    struct prt_circle circle = { .since = since };
    struct prt_circle_part part;
    const struct prt_stage *at = from, *first;

    for (uint32_t i = 0; i < run->nstages; i++)
        if (!follow(still, at, &part, &at))
            return;
    first = at;
    do {
        if (!follow(still, at, &part, &at))
            return;
        if (circle.n < PRT_CIRCLE_MOST)
            circle.at[circle.n++] = part;
        else
            circle.more = true;
    } while (at != first);
    still->circle = circle;
}

void prt_still_search_(struct prt_stillness *still, struct prt_run *run, uint64_t now)
{
    const struct prt_stage *waits = NULL;
    bool changed = true;

    if (now < still->next || prt_run_aborted_(run)) /* what it was before it was torn down is what counts */
        return;
    still->next = now + SEARCH_NS;
    still->circle.n = 0;
    for (const struct prt_stage *stage = run->stages; stage; stage = stage->next) {
        still->dead[stage->index] = is_still(still, stage, now);
        waits = still->dead[stage->index] && slot_for(still, stage, PRT_FOR_ROOM) ? stage : waits;
    }
    while (waits && changed) {
        changed = false;
        waits = NULL;
        for (const struct prt_stage *stage = run->stages; stage; stage = stage->next) {
            if (!still->dead[stage->index])
                continue;
            if (stage_may_go_on(still, stage)) {
                still->dead[stage->index] = false;
                changed = true;
            } else if (slot_for(still, stage, PRT_FOR_ROOM)) {
                waits = stage;
            }
        }
    }
    if (waits)
        go_around(still, run, waits, still->slots[waits->index][slot_for(still, waits, PRT_FOR_ROOM)->index].since);
}
