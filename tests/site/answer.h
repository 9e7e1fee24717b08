/* What the site answers a path with, and how that is sent. A path says by itself what happens; only how often it was asked
 * for before is needed beside it, for those that fail a few times:
 *
 *   /page/K              an HTML page with links to two others of the site
 *   /slow/MS/K           the same page, MS ms late
 *   /trickle/MS/K        a few bytes of it each MS ms
 *   /chunked/K           its body in chunks
 *   /unsized/K           its body up to the end of the connection
 *   /long/K              more bytes than its Content-Length says
 *   /fails/N/K           503, N times, and then the page
 *   /busy/N/S/K          503 with Retry-After: S, N times, and then the page
 *   /redirect/K          302 to /page/K
 *   /chain/N/K           302 to /chain/N-1/K, by a relative reference; /chain/0/K is the page
 *   /loop/K              302 to /loop/L, which leads back
 *   /maze/K              a page with links to two others of the maze, which has no end
 *   /gone/K              404
 *   /kept/K              the page, and the connection goes on; of others it is closed
 *   /echo/K              the request's lines behind the first, as text
 *   /broken/K            500, always
 *   /endless/K           a body that never ends
 *   /deaf/K              nothing, ever
 *   /reset/K             half of the page, and the connection is reset
 *   /short/K             half of the page, and the connection is closed
 *   /raw/BYTES           these bytes, %XX for any of them, and the connection is closed
 *   /drip/BYTES          the same, each byte by itself
 *   /again/N/BYTES       these bytes, and then those from the N-th on again and again, N from 0
 *
 * Any other path is 404.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum answer_end { ANSWER_CLOSES, ANSWER_RESETS, ANSWER_GOES_ON, ANSWER_KEEPS };

struct answer {
    char *text; /* the bytes to send, from malloc; answer_free() */
    size_t len;
    size_t whole;         /* with so many of them a client has all that it may want */
    size_t piece;         /* how many are sent at a time; 0: all */
    int64_t late, pause;  /* nanoseconds before the first, and between pieces; late < 0: it never comes */
    enum answer_end end;  /* what happens behind them */
    size_t again;         /* ANSWER_GOES_ON: from which byte on they are sent again and again; less than len */
    char name[12];        /* what the log calls it: the status, or what is wrong with it */
};

/* What `path` is answered with by a site of so many pages (1 or more), asked for it the n-th time, n from 0; `fields` are the
 * further lines of the request. Ends the program where memory is short. */
struct answer answer_make(const char *path, const char *fields, unsigned pages, unsigned n);

void answer_free(struct answer *answer);

/* Writes a line for each page of a site: its path, how a patient reader fares with it (`page`; `dead`: it is told that
 * there is none; `lost`: no attempt succeeds), and the paths that it links to. */
void answer_write_map(FILE *out, unsigned pages);

#endif
