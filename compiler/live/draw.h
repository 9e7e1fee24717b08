/* A running program as text: its graph from top to bottom, as `check --plan` has it from left to right, with what its workers do and
 * how full its channels are.
 */
#ifndef LIVE_DRAW_H
#define LIVE_DRAW_H

#include "live/view.h"

enum live_order { ORDER_GRAPH, ORDER_BUSY, ORDER_FULL, ORDER_RATE };

struct live_look {
    size_t width;           /* columns */
    enum live_order order;
    bool utf8;              /* else bars are ASCII */
};

/* Lines, each with its end and no wider than that, in the memory of malloc; NULL: there is none. What is between LOOK_BOLD or
 * LOOK_DIM and LOOK_PLAIN stands out, or back. No other control is in it. */
enum { LOOK_PLAIN = 1, LOOK_BOLD, LOOK_DIM };

char *live_draw(const struct live_program *program, const struct live_view *view, const struct live_look *look);

#endif
