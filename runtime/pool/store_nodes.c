/* The nodes' memory. */
#include "pool/store_nodes.h"

#include <stdlib.h>

#include "pool/run_state.h"
#include "pool/stage.h"

struct prt_nodes_chunk {
    struct prt_nodes_chunk *next;
    _Alignas(16) unsigned char nodes[];
};

/* Places in the heap are not given back before the last chunk is: what was larger would have to be copied twice. */
static bool heap_grow(struct prt_store *store, uint64_t nodes)
{
    struct prt_due **places;

    if (!store->has_rates)
        return true;
    places = realloc(store->heap.places, (nodes + 1) * sizeof *places);
    if (places)
        store->heap.places = places;
    return places != NULL;
}

/* Memory for `n` more nodes, of which no page is touched before it is used. */
static bool chunk_add(struct prt_store *store, uint64_t n)
{
    struct prt_nodes_chunk *chunk;

    if (n > (SIZE_MAX / 4 - store->total) / store->node_size || !heap_grow(store, store->total + n))
        return false;
    chunk = malloc(sizeof *chunk + n * store->node_size);
    if (!chunk)
        return false;
    chunk->next = store->chunk;
    store->chunk = chunk;
    store->nnodes = n;
    store->nmade = 0;
    store->total += n;
    return true;
}

bool prt_store_nodes_make_(struct prt_store *store, uint64_t n)
{
    return chunk_add(store, n);
}

void prt_store_nodes_free_(struct prt_store *store)
{
    while (store->chunk) {
        struct prt_nodes_chunk *next = store->chunk->next;

        free(store->chunk);
        store->chunk = next;
    }
    free(store->heap.places);
}

/* The heap may move: nobody looks at it meanwhile. */
static bool grow(struct prt_store *store)
{
    bool grown;

    prt_mutex_lock(&store->lock);
    grown = store->grows && chunk_add(store, store->total);
    prt_mutex_unlock(&store->lock);
    return grown;
}

static void fetch_back(struct prt_store *store)
{
    prt_mutex_lock(&store->lock);
    store->spare = store->back;
    store->back = NULL;
    store->nback = 0;
    prt_mutex_unlock(&store->lock);
}

/* One that was in no use yet: there is one. */
static struct prt_node *node_unused(struct prt_store *store)
{
    return (struct prt_node *)(store->chunk->nodes + store->nmade++ * store->node_size);
}

void prt_store_node_make_(const struct prt_store *store, struct prt_node *node)
{
    struct prt_asks *asks = prt_node_asks_(node);

    if (store->nkeys == 0)
        return;
    asks->due.place = 0;
    asks->weights = (uint64_t *)&asks->of[store->nkeys];
    for (size_t i = 0; i < store->nweights; i++)
        asks->weights[i] = 1;
}

struct prt_node *prt_store_node_new_(struct prt_store *store)
{
    struct prt_node *node;

    if (!store->spare)
        fetch_back(store);
    if ((node = store->spare)) {
        store->spare = node->next;
        return node;
    }
    if (store->nmade == store->nnodes && !grow(store))
        return NULL;
    node = node_unused(store);
    prt_store_node_make_(store, node);
    return node;
}

void prt_store_node_spare_(struct prt_store *store, struct prt_node *node)
{
    node->next = store->spare;
    store->spare = node;
}

void prt_store_note_memory_(struct prt_store *store, struct prt_news *news)
{
    if (prt_load_relaxed(&store->starved) != PRT_STARVED)
        return;
    prt_store(&store->starved, PRT_STARVED_NO_MORE);
    news->able++;
}

uint64_t prt_store_nodes_reserve_(struct prt_store *store, uint64_t n)
{
    uint64_t there;

    prt_mutex_lock(&store->lock);
    there = store->nback + store->nnodes - store->nmade;
    while (there < n && store->nmade < store->nnodes) /* of the chunk that is the last no more */
        prt_store_node_free_(store, node_unused(store));
    if (there < n && chunk_add(store, store->total))
        there += store->nnodes;
    prt_mutex_unlock(&store->lock);
    return there < n ? there : n;
}

struct prt_node *prt_store_node_reserved_(struct prt_store *store)
{
    struct prt_node *node = store->back;

    if (!node)
        return node_unused(store);
    store->back = node->next;
    store->nback--;
    return node;
}

void prt_store_node_free_(struct prt_store *store, struct prt_node *node)
{
    prt_store_nodes_give_(store, node, node, 1);
}

void prt_store_nodes_give_(struct prt_store *store, struct prt_node *first, struct prt_node *last, uint64_t n)
{
    last->next = store->back;
    store->back = first;
    store->nback += n;
}
