/* Inline stages: their workers, and the calls that bring items to them. */
#include "pool/inline.h"

#include <errno.h>

#include "pool/body.h"
#include "pool/retry.h"
#include "pool/run_state.h"

/* ---- making ------------------------------------------------------------------------------------------------------ */

static bool inner_make(struct prt_stage *inner, const struct prt_inline_spec *spec, const struct prt_stage *host)
{
    inner->run = host->run;
    inner->nslots = host->nslots;
    inner->spec.name = spec->name;
    inner->spec.place = spec->place;
    inner->spec.init = spec->init;
    inner->spec.final = spec->final;
    inner->spec.on_fail = spec->on_fail;
    inner->spec.attempts = spec->on_fail == PRT_THEN_LETTER;
    inner->spec.shown = spec->shown;
    inner->spec.show = spec->show;
    inner->item_size = spec->item_size;
    inner->drop = spec->drop;
    inner->spec.nins = 1; /* so it is no source */
    inner->slots = prt_memory_new_(&host->run->memory, host->nslots * sizeof(struct prt_slot), PRT_LINE);
    return inner->slots;
}

bool prt_inline_make_(struct prt_stage *stage)
{
    const size_t n = stage->spec.ninlines;
    bool made = true;

    if (n == 0)
        return true;
    stage->inner = prt_memory_new_(&stage->run->memory, n * sizeof *stage->inner, PRT_LINE_PAIR);
    if (!stage->inner)
        return false;
    for (size_t i = 0; i < n; i++)
        made = inner_make(&stage->inner[i], &stage->inlines[i], stage) && made;
    return made;
}

struct prt_slot *prt_inline_slot_(struct prt_slot *slot, size_t place)
{
    return place == 0 ? slot : &slot->stage->inner[place - 1].slots[slot->index];
}

static void call_make(struct prt_slot *inner, const struct prt_inline_spec *spec)
{
    if (spec->call_at == 0)
        return;
    inner->call = (struct prt_call *)((char *)inner->sender->worker + spec->call_at);
    inner->call->sender = inner->sender->worker;
    inner->call->word = &inner->stage->run->pool.word;
    inner->call->asked = &inner->stage->asked;
    inner->call->name = spec->chan;
}

static bool slot_make(struct prt_slot *slot, size_t i)
{
    const struct prt_inline_spec *spec = &slot->stage->inlines[i];
    struct prt_slot *inner = prt_inline_slot_(slot, i + 1);

    inner->stage = &slot->stage->inner[i];
    inner->host = slot;
    inner->sender = prt_inline_slot_(slot, spec->by);
    inner->index = slot->index;
    inner->worker = (struct prt_worker *)((char *)inner->sender->worker + spec->at);
    prt_slot_make_worker_(inner, slot->stage->run);
    call_make(inner, spec);
    return prt_tries_make_(inner);
}

bool prt_inline_ready_(struct prt_slot *slot)
{
    bool made = true;

    for (size_t i = 0; i < slot->stage->spec.ninlines; i++)
        made = slot_make(slot, i) && made; /* each stands behind its sender, which is made */
    return made;
}

/* ---- init, final ------------------------------------------------------------------------------------------------- */

static void run_section(struct prt_slot *inner, void (*section)(struct prt_worker *worker))
{
    inner->mode = PRT_MODE_SECTION;
    inner->failed_now = false;
    if (section)
        section(inner->worker);
    prt_run_returned_(inner->stage->run);
    inner->mode = PRT_MODE_LEAF;
}

void prt_inline_init_(struct prt_slot *slot)
{
    for (size_t i = slot->stage->spec.ninlines; i > 0 && !prt_run_aborted_(slot->stage->run); i--) {
        struct prt_slot *inner = prt_inline_slot_(slot, i);

        run_section(inner, inner->stage->spec.init);
        inner->initialised = !inner->failed_now;
    }
}

void prt_inline_final_(struct prt_slot *slot)
{
    for (size_t i = 1; i <= slot->stage->spec.ninlines; i++) {
        struct prt_slot *inner = prt_inline_slot_(slot, i);

        if (!inner->initialised)
            continue;
        inner->initialised = false;
        run_section(inner, inner->stage->spec.final);
    }
}

bool prt_inline_has_final_(const struct prt_stage *stage)
{
    for (size_t i = 0; i < stage->spec.ninlines; i++)
        if (stage->inlines[i].final)
            return true;
    return stage->spec.final;
}

/* ---- calls ------------------------------------------------------------------------------------------------------- */

bool prt_inline_runs_(const struct prt_slot *slot)
{
    for (size_t i = 0; i < slot->stage->spec.ninlines; i++)
        if (slot->stage->inlines[i].by == 0 && slot->stage->inlines[i].call_at > 0
            && prt_load_relaxed(&slot->stage->inner[i].slots[slot->index].call->inside))
            return true;
    return false;
}

bool prt_call_goes_on_(const struct prt_call *call)
{
    struct prt_slot *slot = call->sender->slot;
    const bool is_body = slot->mode != PRT_MODE_SECTION;
    const bool is_source = prt_stage_is_source_(call->sender->stage);

    if (prt_run_aborted_(call->sender->run)) {
        prt_body_cut_(slot);
        return false;
    }
    return !is_body || !is_source || !prt_stage_is_ending_(call->sender->stage);
}

bool prt_call_begin_paced(struct prt_call *call)
{
    if (call->sender->slot->mode != PRT_MODE_SECTION && !prt_source_paced_(call->sender))
        return false;
    return prt_call_begin(call);
}

void prt_call_mark(struct prt_call *call)
{
    call->begun = call->sent;
    call->sender->slot->failed_now = false;
}

bool prt_call_kept(struct prt_call *call, uint64_t least, uint64_t most)
{
    if (prt_call_finished(call)) /* what was sent since then is counted nowhere */
        return true;
    return prt_promise_kept_(call->sender->slot, call->name, call->sent - call->begun, least, most);
}
