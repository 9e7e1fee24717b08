/* What is able: lines of items, and the line of workers. */
#include "pool/store_able.h"

#include "pool/run_state.h"
#include "pool/stage.h"

/* ---- items --------------------------------------------------------------------------------------------------------- */

static struct prt_line *line_of(struct prt_line *lines, const struct prt_store *store, const struct prt_node *node)
{
    return &lines[store->nlines > 1 ? node->from : 0];
}

static void line_enter(struct prt_line *line, struct prt_node *node)
{
    node->next = NULL;
    *(line->last ? &line->last->next : &line->first) = node;
    line->last = node;
}

void prt_store_note_lowest_(struct prt_store *store)
{
    if (store->turns)
        prt_store(&store->lowest, store->oldest && store->oldest->state == PRT_NODE_ABLE);
}

void prt_store_able_(struct prt_store *store, struct prt_node *node, struct prt_news *news)
{
    struct prt_line *line;

    node->state = PRT_NODE_ABLE;
    if (store->by) {
        prt_store_list_worker_(store, node->worker, news);
        return;
    }
    line = line_of(store->lines, store, node);
    prt_node_asks_(node)->before = line->last;
    line_enter(line, node);
    store->nable++;
    news->able++;
}

void prt_store_line_leave_(struct prt_store *store, struct prt_node *node)
{
    struct prt_line *line = line_of(store->lines, store, node);
    struct prt_node *before = prt_node_asks_(node)->before;

    *(before ? &before->next : &line->first) = node->next;
    if (node->next)
        prt_node_asks_(node->next)->before = before;
    else
        line->last = before;
    store->nable--;
}

/* ---- workers ------------------------------------------------------------------------------------------------------- */

/* High bits of the mix: low ones choose buckets. */
uint32_t prt_store_worker_of_(const struct prt_store *store, struct prt_key key)
{
    return (uint32_t)((prt_key_mix_(key, store->seed) >> 32) * store->stage->nslots >> 32);
}

void prt_store_list_worker_(struct prt_store *store, uint32_t index, struct prt_news *news)
{
    struct prt_of_worker *of = &store->workers[index];
    struct prt_slot *slot = &store->stage->slots[index];

    if (slot->owner) {
        prt_store_wake_(slot, news);
        return;
    }
    if (of->busy || of->listed)
        return;
    of->listed = true;
    of->next = 0;
    *(store->last_able ? &store->workers[store->last_able - 1].next : &store->first_able) = index + 1;
    store->last_able = index + 1;
    store->nable++;
    news->able++;
}

bool prt_store_enter_worker_(struct prt_store *store, struct prt_node *node)
{
    struct prt_line *line = line_of(store->workers[node->worker].lines, store, node);
    const bool is_first = !line->first;

    line_enter(line, node);
    return is_first;
}

struct prt_node *prt_store_leave_worker_(struct prt_store *store, struct prt_node *node)
{
    struct prt_line *line = line_of(store->workers[node->worker].lines, store, node);

    line->first = node->next;
    if (!line->first)
        line->last = NULL;
    return line->first;
}

struct prt_node *prt_store_choose_of_(const struct prt_store *store, const struct prt_of_worker *of)
{
    for (size_t i = 0; i < store->nlines; i++) {
        struct prt_node *node = of->lines[i].first;

        if (node && (store->nkeys == 0 || node->state == PRT_NODE_ABLE)) /* what is in a block is able */
            return node;
    }
    return NULL;
}

struct prt_slot *prt_store_next_worker_(struct prt_store *store)
{
    while (store->first_able) {
        const uint32_t index = store->first_able - 1;
        struct prt_of_worker *of = &store->workers[index];

        store->first_able = of->next;
        if (!store->first_able)
            store->last_able = 0;
        of->listed = false;
        store->nable--;
        if (!of->busy && prt_store_choose_of_(store, of)) { /* a tick may have claimed it meanwhile */
            of->busy = true;
            return &store->stage->slots[index];
        }
    }
    return NULL;
}

/* ---- which comes next ---------------------------------------------------------------------------------------------- */

bool prt_store_is_one_free_(const struct prt_store *store, bool claimed)
{
    const struct prt_stage *stage = store->stage;

    if (stage->spec.blocking)
        return prt_load(&store->holding) + 1 >= stage->nslots;
    return prt_stage_active_(stage) + !claimed >= stage->nslots;
}

uint64_t prt_store_share_(const struct prt_store *store, uint64_t able, uint64_t most)
{
    const struct prt_stage *stage = store->stage;
    const bool shares = !store->by && stage->nslots > 1 && !prt_cost_is_least_(prt_load_relaxed(&stage->cost));
    const uint64_t share = able / stage->run->pool.cpus + 1;

    return shares && share < most ? share : most;
}

struct prt_node *prt_store_choose_(const struct prt_store *store, const struct prt_slot *slot)
{
    if (store->by)
        return prt_store_choose_of_(store, &store->workers[slot->index]);
    if (store->turns && prt_store_is_one_free_(store, true))
        return store->oldest && store->oldest->state == PRT_NODE_ABLE ? store->oldest : NULL;
    for (size_t i = 0; i < store->nlines; i++)
        if (store->lines[i].first)
            return store->lines[i].first;
    return NULL;
}
