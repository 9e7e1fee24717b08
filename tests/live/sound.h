/* A sound live table, of three stages in a row; some of its texts are not to be shown as they are. */
#ifndef SOUND_H
#define SOUND_H

#include <prt/live.h>
#include <stddef.h>

enum { STAGES = 3, CHANNELS = 2, ENDS = 4 };

struct table {
    struct prt_live_head head;
    struct prt_live_stage stages[STAGES];
    struct prt_live_chan chans[CHANNELS];
    uint64_t ends[ENDS];
    struct prt_live_figures figures;
    struct prt_live_stage_figures stage_figures[STAGES];
    struct prt_live_chan_figures chan_figures[CHANNELS];
    char text[64];
};

#define LIST(member, count) { offsetof(struct table, member), count, sizeof(((struct table *)0)->member) / (count) }

static struct table sound(uint64_t pid)
{
    struct table table = {
        .head = {
            .magic = PRT_LIVE_MAGIC,
            .version = PRT_LIVE_VERSION,
            .bytes = sizeof table,
            .pid = pid,
            .processors = 2,
            .name = offsetof(struct table, text),
            .stages = LIST(stages, STAGES),
            .chans = LIST(chans, CHANNELS),
            .ends = LIST(ends, ENDS),
            .figures = LIST(figures, 1),
            .stage_figures = LIST(stage_figures, STAGES),
            .chan_figures = LIST(chan_figures, CHANNELS),
            .sequence = 2,
        },
        .ends = { 0, 0, 1, 1 },
        .text = "foe\0one\0two\0three\0\033[2Jevil\r\n\"\\",
    };

    for (uint64_t i = 0; i < STAGES; i++)
        table.stages[i] = (struct prt_live_stage){ .name = offsetof(struct table, text) + 4, .workers = 2, .ins = i ? 2 * i - 1 : 0,
                                                   .nins = i > 0, .outs = 2 * i, .nouts = i < 2 };
    for (uint64_t i = 0; i < CHANNELS; i++)
        table.chans[i] = (struct prt_live_chan){ .name = offsetof(struct table, text) + 18, .capacity = 8, .item_bytes = 8 };
    return table;
}

#endif
