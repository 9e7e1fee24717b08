/* Looking for work: hints, what is ready, places, and what a thread does with what it finds. */
#include "pool/look.h"

#include "pool/linger.h"
#include "pool/pull.h"
#include "pool/run_state.h"

/* ---- hints ------------------------------------------------------------------------------------------------------ */

/* A look at each stage costs more than a batch of cheap bodies where there are many. So who puts items into a channel
 * sets the receivers' bits, and a look tries those first. Bodies that send one by one set none, and a bit that is cleared
 * beside an item may be lost: hence nobody concludes from the bits that nothing is ready. */
bool prt_pool_hints_make_(struct prt_run *run)
{
    if (run->nstages < PRT_HINTED_FROM)
        return true;
    run->hints = prt_memory_new_(&run->memory, (run->nstages / 64 + 1) * sizeof *run->hints, PRT_LINE_PAIR);
    return run->hints != NULL;
}

static void hint_change(struct prt_stage *stage, bool set)
{
    prt_atomic_u64 *word = &stage->run->hints[stage->place / 64];
    const uint64_t bit = (uint64_t)1 << stage->place % 64;
    uint64_t seen = prt_load_relaxed(word);

    while (set != ((seen & bit) != 0) && !prt_cas(word, &seen, seen ^ bit))
        ;
}

void prt_pool_hint_(const struct prt_chan *chan)
{
    if (!chan->run->hints)
        return;
    for (uint32_t i = 0; i < chan->nto; i++)
        hint_change(chan->to[i], true);
}

/* It was not run. Items that lie there keep the bit set. */
static void hint_failed(struct prt_stage *stage)
{
    if (prt_stage_has_items_(stage))
        return;
    hint_change(stage, false);
    if (prt_stage_has_items_(stage))
        hint_change(stage, true);
}

/* The first stage from `*place` on whose bit is set; NULL: there is none. */
static struct prt_stage *hint_next(const struct prt_run *run, uint32_t *place)
{
    while (*place < run->nstages) {
        const uint64_t bits = prt_load_relaxed(&run->hints[*place / 64]) >> *place % 64;

        if (bits) {
            *place += (uint32_t)__builtin_ctzll(bits);
            return run->order[(*place)++];
        }
        *place = (*place / 64 + 1) * 64;
    }
    return NULL;
}

/* Whether this look begins with the hints. What they miss waits for the next look at all stages: for so many batches that
 * may be run beside a body. */
static bool hints_first(struct prt_thread *thread)
{
    return ++thread->dispatches % PRT_ALL_EVERY != 0 && thread->run->hints;
}

/* ---- what is ready ---------------------------------------------------------------------------------------------- */

bool prt_pool_has_work_(struct prt_run *run)
{
    if (prt_load(&run->pool.shutdown) || prt_load(&run->pool.queues[0].n) || prt_load(&run->pool.queues[1].n))
        return true;
    for (uint32_t i = 0; i < run->nstages; i++)
        if (prt_stage_ready_(run->order[i]) != PRT_READY_NOT)
            return true;
    return false;
}

static uint64_t patience(const struct prt_stage *stage, bool room)
{
    return prt_patience_(stage->may_wait, room, stage->run->hints ? stage->run->nstages : 0);
}

/* Whether bodies have begun there since the thread's last look. */
static bool has_moved(struct prt_seen *seen, const struct prt_chan *chan, uint64_t now)
{
    return prt_seen_moved_(seen, prt_load_relaxed(&chan->head), now);
}

/* A stage of cheap bodies that somebody else is at: it is not ready now, and will be before long. */
static bool is_run_by_others(struct prt_thread *thread, const struct prt_stage *stage)
{
    const uint64_t cost = prt_load_relaxed(&stage->mean);

    return stage->spec.leaf && cost > 0 && prt_cost_is_least_(cost) && !stage->spec.rate &&
           has_moved(&thread->seen[stage->index], stage->ins[0].chans[0], prt_now());
}

/* What is set aside, or gathers, is no sender's, and may be due now. But where bodies cost least it would be moved from core to core
 * twice, with what it stands in: that matters while the program is at work, else who waits does. */
static bool is_left_with_key(const struct prt_stage *stage, uint64_t cost)
{
    return stage->store && !stage->timed && !stage->collect && prt_cost_is_least_(cost) &&
           prt_load_relaxed(&stage->run->pool.at_work);
}

/* A thread that looks for work leaves a small backlog of quick bodies to the sender, who will run them on its own core
 * when its channel is full: taking them would cost more than it saves. It takes what is worth it, and what nobody has
 * touched for a while. */
static bool is_worth_taking(struct prt_thread *thread, const struct prt_stage *stage)
{
    const struct prt_chan *chan = stage->spec.nins > 0 ? stage->ins[0].chans[0] : NULL;
    const uint64_t cost = prt_load_relaxed(&stage->mean);
    struct prt_seen *seen = &thread->seen[stage->index];
    uint64_t queued, now;
    bool room;

    if (!chan || cost == 0 || stage->spec.rate || chan->drops) /* a sender there never gets to run them */
        return true;
    if (stage->picks && !is_left_with_key(stage, cost))
        return true;
    if (prt_load_relaxed(&chan->waiting)) /* its sender has given up: nobody is at it */
        return true;
    if (prt_load_relaxed(&chan->filler) == (uintptr_t)thread)
        return true;
    queued = prt_chan_queued_(chan);
    room = prt_stage_has_room_(stage);
    if (prt_backlog_is_taken_(queued, cost, stage->may_wait, room))
        return true;
    now = prt_now();
    if (has_moved(seen, chan, now)) {
        thread->moved = true;
        return false;
    }
    return prt_patience_ends_(now - seen->since, ++seen->looks, patience(stage, room));
}

/* For a thread that will not look for work for a while. */
static void alert(struct prt_run *run)
{
    if (!(prt_load(&run->pool.word) & PRT_NEEDY))
        return;
    prt_barrier_all(); /* handshake: give-up */
    if (prt_pool_has_work_(run))
        prt_pool_needs_(&run->pool);
}

/* Who sleeps between two looks counts as looking, so nobody else would be woken. It sleeps because others get on: one of
 * them does not any more. Either that one sees it here, or it sees the rest counted (pool.c). */
void prt_pool_sleeps_(struct prt_pool *pool)
{
    uint64_t dozer;

    prt_add(&pool->sleeps, 1); /* handshake: doze */
    dozer = prt_load(&pool->dozer);
    if (dozer && prt_cas(&pool->dozer, &dozer, 0))
        prt_event_set(&((struct prt_thread *)(uintptr_t)dozer)->event);
}

void prt_pool_alert_(struct prt_run *run)
{
    prt_pool_sleeps_(&run->pool);
    alert(run);
}

/* The thread has found work and does not look any more. */
static void give_up(struct prt_thread *thread, int spinning, int active)
{
    prt_pool_change_(&thread->run->pool, spinning, 0, active);
    alert(thread->run);
}

static void stop_spinning(struct prt_thread *thread, bool *spinning)
{
    if (*spinning)
        give_up(thread, -1, 1);
    *spinning = false;
}

/* The monitor watches while anybody has such a place, and gives the body to another thread if a leaf beside it turns out
 * slow: it is woken if it sleeps, since maybe nobody looks for work. */
void prt_pool_take_place_(struct prt_thread *thread)
{
    struct prt_run *run = thread->run;

    prt_store_relaxed(&thread->waits, prt_load_relaxed(&thread->waits) + 1);
    if (prt_load_relaxed(&thread->placed)) /* nobody else makes it 1 */
        return;
    prt_pool_change_(&run->pool, 0, 0, 1);
    prt_store(&thread->placed, 1); /* only now may the monitor take the place away: the count never falls below 0 */
    prt_run_watch_(run);
}

void prt_pool_drop_place_(struct prt_thread *thread)
{
    if (prt_load_relaxed(&thread->placed) == 1 && prt_swap(&thread->placed, 0) == 1)
        prt_pool_change_(&thread->run->pool, 0, 0, -1);
}

/* What a thread leaves at this stage that had one of its slots, and that does not look now but may run a body for long.
 * While it had the slot, others may have found the stage busy and gone to sleep. */
void prt_pool_alert_stage_(struct prt_stage *stage)
{
    struct prt_pool *pool = &stage->run->pool;

    if (!(prt_load(&pool->word) & PRT_NEEDY))
        return;
    if (stage->spec.rate ? prt_pool_has_work_(stage->run) : prt_stage_ready_(stage) != PRT_READY_NOT)
        prt_pool_needs_(pool);
}

/* The thread, which is active, may be in a body for long: it has its place until the monitor sees that it is. */
static void keep_place(struct prt_thread *thread)
{
    struct prt_run *run = thread->run;

    prt_store_relaxed(&thread->waits, prt_load_relaxed(&thread->waits) + 1);
    prt_store(&thread->placed, 1);
    prt_run_watch_(run);
}

/* Runs a slot of a stage whose bodies may wait. They may block in the kernel for long, as sources do: then the thread's
 * place is free for another one meanwhile. To give it away costs as much as many cheap bodies, so for these it stays. */
static void run_waiting(struct prt_thread *thread, struct prt_slot *slot)
{
    const uint64_t cost = prt_load_relaxed(&slot->stage->cost);

    if (slot->ntakes > 0 && prt_cost_is_unnoticed_(cost))
        keep_place(thread);
    else
        give_up(thread, 0, -1);
    prt_slot_run_(thread, slot, PRT_BUDGET);
    if (prt_swap(&thread->placed, 0) == 0)
        prt_pool_change_(&thread->run->pool, 0, 0, 1);
}

/* Few items go round in a cycle at a time, and each is what the next stage waits for: who has sent it runs that stage
 * too, without a look at all others. NULL: nothing is queued there, or so much that another thread could help, or
 * something else comes first. */
static struct prt_slot *claim_next_in_cycle(const struct prt_stage *stage)
{
    if (stage->spec.cycle == 0 || prt_load_relaxed(&stage->run->pool.queues[0].n) > 0)
        return NULL;
    for (size_t i = 0; i < stage->spec.nouts; i++) {
        const struct prt_chan *chan = stage->outs[i].chan;
        struct prt_stage *next = chan->to[0];
        uint64_t queued;

        if (chan->spec.cycle != stage->spec.cycle || chan->nto > 1 || !prt_stage_is_quick_(next) ||
            next->spec.rate || next->spec.nins > 1)
            continue;
        queued = prt_chan_queued_(chan);
        if (queued > 0 && !prt_backlog_is_worth_(queued, prt_load_relaxed(&next->mean)))
            return prt_stage_claim_(next);
    }
    return NULL;
}

/* Runs a slot at base level, and then where it sends to in its cycle. Each of those counts as a look, so that the looks
 * at all stages come as often as without. */
static void run_round(struct prt_thread *thread, struct prt_slot *slot)
{
    struct prt_stage *stage = slot->stage;
    bool free = prt_slot_run_(thread, slot, PRT_BUDGET);

    for (unsigned hops = 0; free && hops < PRT_BUDGET && (thread->dispatches + 1) % PRT_ALL_EVERY != 0; hops++) {
        slot = claim_next_in_cycle(stage);
        if (!slot)
            break;
        thread->dispatches++;
        prt_pool_alert_stage_(stage);
        stage = slot->stage;
        free = prt_slot_run_(thread, slot, 1);
    }
}

/* A thread that looks for work still counts as looking while it runs a quick batch: it will be back before a wake-up
 * could help anybody. Should the body block all the same, the monitor, which does not sleep while anybody spins, sees
 * that `quick` stays and takes the thread out of the count. */
static void run_quick(struct prt_thread *thread, struct prt_slot *slot, bool *spinning)
{
    prt_store(&thread->quick, thread->quick_runs += 2);
    run_round(thread, slot);
    if (prt_swap(&thread->quick, 0) == PRT_QUICK_OVER)
        *spinning = false;
}

/* Who has a slot in hand and sleeps is a thread less for all other work, so it sleeps only for what is about as short as
 * bringing another thread, or where another is there. */
bool prt_pool_may_nap_(const struct prt_pool *pool, uint64_t until, bool spins)
{
    const uint64_t word = prt_load(&pool->word);
    const bool others = prt_word_get_(word, PRT_PARKED) > 0 || prt_word_get_(word, PRT_SPINNING) > spins;

    return until <= prt_now() + prt_nap_ns_(others);
}

bool prt_pool_nap_(struct prt_thread *thread, uint64_t until)
{
    struct prt_pool *pool = &thread->run->pool;
    uint64_t quick = prt_load(&thread->quick);
    const bool spins = quick > PRT_QUICK_OVER;

    if (!prt_pool_may_nap_(pool, until, spins))
        return false;
    if (spins && prt_cas(&thread->quick, &quick, PRT_QUICK_OVER))
        prt_pool_change_(pool, -1, 0, 1); /* it looks no more, as if the monitor had found it stuck */
    prt_pool_change_(pool, 0, 0, -1);
    prt_pool_alert_(thread->run);
    prt_event_wait(&thread->event, until);
    prt_pool_change_(pool, 0, 0, 1);
    return true;
}

static void run_slot(struct prt_thread *thread, struct prt_slot *slot, bool *spinning)
{
    thread->slow = !prt_stage_is_quick_(slot->stage);
    if (*spinning && prt_stage_is_quick_(slot->stage) && (prt_load(&thread->run->pool.word) & PRT_WATCHING)) {
        run_quick(thread, slot, spinning);
        return;
    }
    stop_spinning(thread, spinning);
    if (slot->stage->may_wait)
        run_waiting(thread, slot);
    else
        run_round(thread, slot);
}

static bool run_finish(struct prt_thread *thread, struct prt_stage *stage, bool *spinning)
{
    bool finished;

    stop_spinning(thread, spinning);
    give_up(thread, 0, -1);
    finished = prt_stage_finish_(thread, stage);
    if (prt_swap(&thread->placed, 0) == 0)
        prt_pool_change_(&thread->run->pool, 0, 0, 1);
    return finished;
}

static bool run_stage(struct prt_thread *thread, struct prt_stage *stage, bool *spinning)
{
    struct prt_slot *slot;

    switch (prt_stage_ready_(stage)) {
    case PRT_READY_NOT:
        if (is_run_by_others(thread, stage))
            thread->spared = thread->moved = true;
        return false;
    case PRT_READY_FINISH:
        return run_finish(thread, stage, spinning);
    case PRT_READY_WORK:
        break;
    }
    if (!is_worth_taking(thread, stage)) {
        thread->spared = true;
        return false;
    }
    slot = prt_stage_claim_ready_(stage);
    if (slot)
        run_slot(thread, slot, spinning);
    return slot != NULL;
}

static bool run_hinted(struct prt_thread *thread, bool *spinning)
{
    struct prt_stage *stage;
    uint32_t place = 0;

    while ((stage = hint_next(thread->run, &place))) {
        if (run_stage(thread, stage, spinning))
            return true;
        hint_failed(stage);
    }
    return false;
}

/* Nothing else is there to do: a body whose thread is in a slow leaf. On one processor who waits for that would only doze
 * beside it, and be late for what comes due: the monitor sees to it there. */
static bool run_stolen(struct prt_thread *thread, bool *spinning)
{
    struct prt_slot *slot = prt_linger_steal_(thread, &thread->spared, &thread->moved);

    if (slot)
        run_slot(thread, slot, spinning);
    return slot != NULL;
}

/* Slots that may go on first, then stages, furthest downstream first: queues stay short and caches warm. Every 64th time
 * the other way round, so that nothing upstream starves. */
bool prt_pool_run_ready_(struct prt_thread *thread, bool *spinning)
{
    struct prt_run *run = thread->run;
    struct prt_slot *slot = prt_pool_dequeue_(&run->pool, 0);

    if (!slot)
        slot = prt_pool_dequeue_(&run->pool, 1);
    if (slot) {
        run_slot(thread, slot, spinning);
        return true;
    }
    if (hints_first(thread) && !thread->slow && run_hinted(thread, spinning))
        return true;
    for (uint32_t i = 0; i < run->nstages; i++) {
        const uint32_t at = thread->dispatches % PRT_ALL_EVERY ? i : run->nstages - 1 - i;

        if (run_stage(thread, run->order[at], spinning))
            return true;
    }
    return *spinning && run->pool.cpus > 1 && run_stolen(thread, spinning);
}

/* ---- beside a body that waits ----------------------------------------------------------------------------------- */

static struct prt_slot *find_in(struct prt_stage *stage)
{
    if (!stage->spec.leaf || stage->spec.sleeps || prt_stage_is_paced_(stage) ||
        !prt_cost_is_beside_(prt_load_relaxed(&stage->cost)) || prt_stage_ready_(stage) != PRT_READY_WORK)
        return NULL;
    return prt_stage_claim_ready_(stage);
}

/* The receiver of the channel that is full, as long as it has room itself, is found without a look at all others. */
static struct prt_slot *find_receiver(const struct prt_chan *chan)
{
    return chan->nto == 1 && prt_stage_has_room_(chan->to[0]) ? find_in(chan->to[0]) : NULL;
}

/* Slots that may go on come first: prt_pool_find_leaf_() looks after them. */
struct prt_slot *prt_pool_find_fed_(const struct prt_thread *thread, const struct prt_chan *chan)
{
    struct prt_stage *stage = chan->feeds;
    const struct prt_run *run = thread->run;

    if (!stage || !prt_stage_is_quick_(stage) || prt_load_relaxed(&run->pool.queues[0].n) > 0 ||
        prt_run_aborted_(run) || prt_load_relaxed(&stage->asked) || !prt_stage_has_room_(stage))
        return NULL;
    return prt_stage_claim_(stage);
}

struct prt_slot *prt_pool_find_at_once_(struct prt_thread *thread, const struct prt_chan *chan)
{
    const struct prt_stage *stage = chan->to[0];
    const uint64_t cost = prt_load_relaxed(&stage->cost);
    uint64_t now;

    if (chan->nto != 1 || !prt_cost_is_a_wake_(cost))
        return NULL;
    now = prt_now();
    if (!prt_at_once_again_(now - thread->at_once)) /* items come quickly: somebody else should look after them */
        return NULL;
    thread->at_once = now;
    return find_receiver(chan);
}

static struct prt_slot *find_hinted(struct prt_thread *thread, bool into_outboxes)
{
    struct prt_stage *stage;
    uint32_t place = 0;

    while ((stage = hint_next(thread->run, &place))) {
        struct prt_slot *slot = into_outboxes || prt_stage_has_room_(stage) ? find_in(stage) : NULL;

        if (slot)
            return slot;
        hint_failed(stage);
    }
    return NULL;
}

struct prt_slot *prt_pool_find_leaf_(struct prt_thread *thread, const struct prt_chan *chan, bool into_outboxes)
{
    struct prt_run *run = thread->run;
    struct prt_slot *slot = prt_pool_dequeue_(&run->pool, 0);

    if (!slot && chan)
        slot = find_receiver(chan);
    if (!slot && hints_first(thread))
        slot = find_hinted(thread, into_outboxes);
    for (uint32_t i = 0; !slot && i < run->nstages; i++)
        if (into_outboxes || prt_stage_has_room_(run->order[i]))
            slot = find_in(run->order[i]);
    return slot;
}
