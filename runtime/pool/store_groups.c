/* Groups: gathering, completing, copying. */
#include "pool/store_groups.h"

#include <inttypes.h>

#include "pool/batch.h"
#include "pool/run_state.h"
#include "pool/stage.h"
#include "pool/store_nodes.h"

/* ---- making -------------------------------------------------------------------------------------------------------- */

static bool weighs(const struct prt_stage *stage)
{
    for (size_t i = 0; i < stage->spec.nkeyed; i++)
        if (stage->keyed[i].weight)
            return true;
    return false;
}

/* A worker that runs nothing: groups are weighed while no slot has their items. */
static struct prt_slot *weigher_new(struct prt_stage *stage, uint64_t most)
{
    const struct prt_stage_spec *spec = &stage->spec;
    struct prt_memory *memory = &stage->run->memory;
    struct prt_slot *slot = prt_memory_new_(memory, sizeof *slot, PRT_LINE);
    struct prt_take *take = prt_memory_new_(memory, sizeof *take, sizeof(void *));
    struct prt_in *in;

    if (!slot || !take)
        return NULL;
    slot->stage = stage;
    slot->takes = take;
    slot->worker = prt_memory_new_(memory, spec->size, spec->align > PRT_LINE ? spec->align : PRT_LINE);
    take->counts = prt_memory_new_(memory, stage->ins[0].nchans * sizeof *take->counts, sizeof(uint64_t));
    take->hand = prt_memory_items_(memory, most, stage->ins[0].chans[0]->item_size);
    if (!slot->worker || !take->counts || !take->hand)
        return NULL;
    take->chans = stage->ins[0].chans;
    take->nchans = stage->ins[0].nchans;
    take->start = take->hand;
    prt_slot_make_worker_(slot, stage->run);
    in = (struct prt_in *)((char *)slot->worker + stage->ins[0].at);
    in->worker = slot->worker;
    in->take = take;
    return slot;
}

bool prt_groups_make_(struct prt_store *store)
{
    struct prt_stage *stage = store->stage;
    struct prt_memory *memory = &stage->run->memory;
    struct prt_groups *groups;

    if (stage->spec.collect == 0)
        return true;
    groups = prt_memory_new_(memory, sizeof *groups, PRT_LINE);
    if (!groups)
        return false;
    groups->most = stage->spec.collect;
    groups->within = stage->spec.within;
    groups->heaviest = stage->spec.weigh ? stage->spec.weight : UINT64_MAX;
    groups->weighs = weighs(stage);
    groups->gathered = prt_memory_new_(memory, stage->ins[0].nchans * sizeof *groups->gathered, sizeof(uint64_t));
    if (groups->weighs)
        groups->weigher = weigher_new(stage, groups->most);
    store->groups = groups;
    return groups->gathered && (groups->weigher || !groups->weighs);
}

/* ---- gathering ----------------------------------------------------------------------------------------------------- */

void prt_groups_weigh_item_(const struct prt_store *store, struct prt_node *node)
{
    const struct prt_stage *stage = store->stage;
    int64_t weight = 0;

    if (stage->spec.weigh)
        weight = stage->spec.weigh(stage->run->spec.pipe, prt_node_item_(store, node));
    prt_node_group_(store, node)->weight = weight > 0 ? (uint64_t)weight : 0;
    if (weight < 0 && !store->groups->told) {
        store->groups->told = true;
        prt_run_tell_(stage->run, "%s: an item weighs %" PRId64 ", and counts as 0, as all below 0 do", stage->spec.name, weight);
    }
}

/* What came from a channel that comes first does not wait behind others for being with them. */
static bool fits(const struct prt_store *store, const struct prt_node *group, const struct prt_node *node)
{
    const struct prt_groups *groups = store->groups;
    const struct prt_group *of = prt_node_group_(store, group);
    const uint64_t weight = prt_node_group_(store, node)->weight;

    if (group->state == PRT_NODE_TAKEN || prt_node_asks_(group)->slot || of->n == groups->most ||
        of->weight > groups->heaviest || weight > groups->heaviest - of->weight)
        return false;
    return of->gathers || (!groups->weighs && (store->nlines == 1 || node->from >= group->from));
}

bool prt_groups_join_(struct prt_store *store, struct prt_node *group, struct prt_node *node)
{
    struct prt_group *of = prt_node_group_(store, group);

    if (!fits(store, group, node))
        return false;
    of->n++;
    of->weight += prt_node_group_(store, node)->weight;
    store->groups->gathered[node->from] += of->gathers;
    if (!prt_rows_add_(&store->groups->rows, of, node))
        prt_store_node_spare_(store, node);
    return true;
}

void prt_groups_begin_(struct prt_store *store, struct prt_node *node, uint64_t now)
{
    struct prt_groups *groups = store->groups;
    struct prt_line *line = &groups->line;
    struct prt_group *of = prt_node_group_(store, node);

    prt_store_node_make_(store, node); /* it may have been a row */
    of->rest = of->last = NULL;
    of->room = 0;
    of->n = 1;
    of->came = now;
    of->from = node->from;
    of->gathers = true;
    node->next = NULL;
    prt_node_asks_(node)->before = line->last;
    *(line->last ? &line->last->next : &line->first) = node;
    line->last = node;
    groups->gathered[node->from]++;
    prt_add(&groups->n, 1);
}

bool prt_groups_is_full_(const struct prt_store *store, const struct prt_node *group)
{
    const struct prt_groups *groups = store->groups;
    const struct prt_group *of = prt_node_group_(store, group);

    return of->gathers && (of->n == groups->most || of->weight >= groups->heaviest);
}

bool prt_groups_fill_(const struct prt_store *store, size_t chan)
{
    return store->groups->gathered[chan] == store->stage->ins[0].chans[chan]->cap;
}

/* ---- completing ---------------------------------------------------------------------------------------------------- */

static void line_leave(struct prt_groups *groups, struct prt_node *node)
{
    struct prt_node *before = prt_node_asks_(node)->before;

    *(before ? &before->next : &groups->line.first) = node->next;
    if (node->next)
        prt_node_asks_(node->next)->before = before;
    else
        groups->line.last = before;
    prt_sub(&groups->n, 1);
}

/* Their channels have room again as far as this is about; it stands where its most urgent item would. */
static void count_out(struct prt_store *store, struct prt_node *node)
{
    struct prt_groups *groups = store->groups;
    const struct prt_group *of = prt_node_group_(store, node);
    uint32_t from = node->from;

    if (store->stage->ins[0].nchans == 1) {
        groups->gathered[0] -= of->n;
        return;
    }
    groups->gathered[from]--;
    for (struct prt_walk walk = prt_rows_walk_(of); walk.left > 0; prt_rows_step_(&groups->rows, &walk)) {
        const uint32_t its = prt_rows_from_(&groups->rows, &walk);

        groups->gathered[its]--;
        from = its < from ? its : from;
    }
    if (store->nlines > 1)
        node->from = from;
}

bool prt_groups_complete_(struct prt_store *store, struct prt_node *group)
{
    struct prt_groups *groups = store->groups;

    line_leave(groups, group);
    prt_node_group_(store, group)->gathers = false;
    count_out(store, group);
    if (!groups->weighs)
        return true;
    group->next = NULL;
    *(groups->complete.last ? &groups->complete.last->next : &groups->complete.first) = group;
    groups->complete.last = group;
    prt_store(&groups->to_weigh, !groups->weighing);
    return false;
}

/* ---- weighing ------------------------------------------------------------------------------------------------------ */

struct prt_node *prt_groups_weigh_next_(struct prt_store *store)
{
    struct prt_groups *groups = store->groups;
    struct prt_node *const group = groups->weighing ? NULL : groups->complete.first;

    if (!group)
        return NULL;
    groups->complete.first = group->next;
    if (!group->next)
        groups->complete.last = NULL;
    groups->weighing = true;
    prt_store(&groups->to_weigh, 0);
    return group;
}

void prt_groups_weigh_(const struct prt_store *store, struct prt_node *group)
{
    struct prt_slot *weigher = store->groups->weigher;

    prt_groups_copy_(store, group, &weigher->takes[0]);
    for (size_t i = 0; i < store->nweights; i++)
        prt_node_asks_(group)->weights[i] =
            store->weights[i]->weight ? store->weights[i]->weight(weigher->worker, weigher->takes[0].start) : 1;
}

void prt_groups_weighed_(struct prt_store *store)
{
    struct prt_groups *groups = store->groups;

    groups->weighing = false;
    prt_store(&groups->to_weigh, groups->complete.first != NULL);
}

void prt_groups_forget_(struct prt_store *store)
{
    struct prt_groups *groups = store->groups;

    groups->line = groups->complete = (struct prt_line){ NULL, NULL };
    prt_store(&groups->n, 0);
    prt_store(&groups->to_weigh, 0);
}

/* ---- when --------------------------------------------------------------------------------------------------------- */

uint64_t prt_groups_due_(const struct prt_store *store)
{
    const struct prt_groups *groups = store->groups;

    if (!groups->line.first || groups->within == 0)
        return PRT_NEVER;
    return prt_node_group_(store, groups->line.first)->came + groups->within;
}

bool prt_groups_are_over_(const struct prt_store *store)
{
    const struct prt_in_spec *in = &store->stage->ins[0];

    if (prt_load(&store->groups->n) == 0)
        return false;
    for (size_t i = 0; i < in->nchans; i++)
        if (!prt_load(&in->chans[i]->closed)) /* before the queues are, as by prt_stage_over_() */
            return false;
    for (size_t i = 0; i < in->nchans; i++)
        if (prt_chan_queued_(in->chans[i]) > 0)
            return false;
    return !prt_load(&store->moving); /* handshake: moving */
}

/* ---- copying ------------------------------------------------------------------------------------------------------- */

void prt_groups_copy_(const struct prt_store *store, const struct prt_node *group, struct prt_take *take)
{
    const struct prt_group *of = prt_node_group_(store, group);
    const size_t size = take->chans[0]->item_size;

    for (size_t i = 0; i < take->nchans; i++)
        take->counts[i] = 0;
    take->n = of->n;
    take->start = take->hand;
    take->counts[of->from]++;
    prt_chan_copy_(take->hand, prt_node_item_(store, group), size);
    prt_rows_copy_(&store->groups->rows, of, take->hand + size, take->counts);
}
