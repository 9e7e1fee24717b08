/* What holds a run back, in a sentence: from an account alone, by rules that stand in verdict.c and nowhere else. docs/figures.md
 * explains them. */
#ifndef PRT_VERDICT_H
#define PRT_VERDICT_H

#include <stdio.h>

#include "program/account.h"

enum prt_verdict_kind {
    PRT_VERDICT_SHORT, /* too few looks to say */
    PRT_VERDICT_NONE,  /* nothing stands out */
    /* A stage that the others wait for, and what it waits for itself, if it does: */
    PRT_VERDICT_BUSY,
    PRT_VERDICT_PROCESSORS, /* nothing, but for processors, of which it takes most */
    PRT_VERDICT_ASLEEP,
    PRT_VERDICT_RATE,
    PRT_VERDICT_TICKS,
    PRT_VERDICT_BOUND,
    PRT_VERDICT_TURN,
    PRT_VERDICT_RETRY,
    PRT_VERDICT_THREAD,
    PRT_VERDICT_SKEW, /* one of its workers has most of the work */
    PRT_VERDICT_HANGS,  /* a body does not return, or did not for long */
    PRT_VERDICT_CIRCLE, /* stages wait for each other */
    PRT_VERDICTS
};

struct prt_verdict {
    enum prt_verdict_kind kind;
    const struct prt_account *account; /* that it is of */
    const struct prt_stage_account *stage;
    uint32_t share;      /* of the time; of what the processors did, where it is about these */
    bool idle;           /* processors are, that it could use */
    uint64_t try_workers; /* with --workers; 0: no advice */
    const struct prt_stage_account *next; /* the runner-up, and its share of the time; NULL: there is none */
    uint32_t next_share;
};

struct prt_verdict prt_verdict_(const struct prt_account *account);

/* The word for the kind, as JSON has it; the sentence, without a newline. */
const char *prt_verdict_word_(enum prt_verdict_kind kind);
void prt_verdict_write_(const struct prt_verdict *verdict, FILE *to);
void prt_verdict_text_(const struct prt_verdict *verdict, char *text, size_t size); /* cut where it does not fit; empty: no memory */

#endif
