/* What two copies of a program's figures say of the time between them: shares and speeds. Figures may be anything, so each of these
 * is held within what it can be.
 */
#ifndef VIEW_H
#define VIEW_H

#include "live/program.h"

enum state { STATE_BUSY, STATE_KERNEL, STATE_ITEM, STATE_ROOM, STATE_RATE, STATE_BOUND, STATE_TURN, STATE_RETRY, STATE_THREAD,
             STATE_ENDED, STATES };

extern const char *const state_words[STATES]; /* as --stats has them */

struct stage_view {
    bool known;           /* somebody looked: there are shares */
    double share[STATES]; /* of its workers' time; together 1 but for rounding */
    uint64_t received, sent; /* items that its bodies have begun with, and that it has sent; PRT_LIVE_NONE: not known */
};

struct channel_view {
    uint64_t queued;      /* items now; no more than its capacity */
    double full;          /* how full it is on average, from 0 to 1; below 0: it grows, or holds nothing */
    double per_second;    /* items that bodies began with */
    double senders;       /* that wait for room there, on average */
    uint64_t bytes;       /* of the items, without what they own */
    double bytes_per_second; /* that bodies began with; below 0: not known, since items may own more */
};

struct live_view {
    double seconds;       /* between the two */
    double age;           /* since its bodies began, seconds */
    double per_second;    /* items that bodies without outputs began with */
    uint64_t done;        /* the same, since its bodies began */
    uint64_t troubles;    /* items that failed, were skipped or are dead letters */
    double processors;    /* used */
    const char *state;    /* running, draining, ending */
    const char *verdict;  /* the sentence, or that the program does not answer */
    struct stage_view *stages;
    struct channel_view *channels;
};

struct live_view *live_view_new(struct obstack *memory, const struct live_graph *graph);
void live_view_take(struct live_view *view, const struct live_program *program);

#endif
