/* What a running program tells of itself: its live table (prt/live.h), of which every word was checked. Any program can make such
 * a table, and any process of the user can write into one, so nothing in it is believed: places lie within it, counts are no
 * larger than what it has room for, and texts have no letter that a terminal would obey.
 */
#ifndef TABLE_H
#define TABLE_H

#include <prt/live.h>
#include <stdbool.h>
#include <stddef.h>

#include "text/memory.h"

struct live_stage {
    const char *name;
    const char *place; /* FILE:LINE of its declaration; NULL: not known */
    uint64_t workers;
    uint64_t kind;    /* enum prt_live_kind */
    const uint32_t *ins, *outs; /* channels, by their place in the graph */
    size_t nins, nouts;
};

struct live_channel {
    const char *name;
    const char *place;
    uint64_t capacity;   /* 0: a rendezvous; PRT_LIVE_NONE: it grows */
    uint64_t item_bytes;
    bool owns;           /* items may own memory besides */
    uint32_t *from, *to; /* stages that send here, and that receive */
    size_t nfrom, nto;
};

struct live_graph {
    const char *name, *doc; /* doc: NULL where there is none */
    uint64_t pid;           /* as the program sees itself */
    uint64_t started;
    uint64_t processors;
    struct live_stage *stages;
    size_t nstages;
    struct live_channel *channels;
    size_t nchannels;
    struct prt_live_list figures, stage_figures, channel_figures;
};

/* One copy of the figures. What they say may be anything. */
struct live_sample {
    struct prt_live_figures all; /* its texts end within it */
    struct prt_live_stage_figures *stages;
    struct prt_live_chan_figures *channels;
};

/* Limits: a larger table is none. */
#define LIVE_BYTES_MOST ((size_t)16 << 20)

/* The graph in the `size` bytes of a table; its memory is `memory`'s. NULL: they are none. */
const struct live_graph *live_graph_read(struct obstack *memory, const unsigned char *bytes, size_t size);

/* Makes room for a sample of this graph; takes one out of the bytes, as many as the graph was read from. */
struct live_sample *live_sample_new(struct obstack *memory, const struct live_graph *graph);
void live_sample_read(struct live_sample *sample, const struct live_graph *graph, const unsigned char *bytes);

#endif
