/* The live table as its writer has it: what stands in it for good, and copies of figures. */
#ifndef PRT_TABLE_H
#define PRT_TABLE_H

#include <prt/live.h>

#include "program/account.h"
#include "program/verdict.h"

struct prt_table {
    struct prt_shared shared;
    struct prt_live_head *head; /* where `shared` begins */
    /* What its head has too, where others may write over it: */
    size_t figures;             /* the place of the first list of figures; the others lie behind it */
    uint64_t sequence;
};

/* Makes it, with the graph of the run and no figures. False: no memory, or no permission. The monitor. */
bool prt_table_make_(struct prt_table *table, const struct prt_run *run, const struct prt_account *account);

void prt_table_free_(struct prt_table *table); /* who has it open still sees that the run is over */

/* Copies the figures of the run into it. The account is taken, and the verdict its. The monitor. */
void prt_table_copy_(struct prt_table *table, const struct prt_run *run, const struct prt_account *account,
                     const struct prt_verdict *verdict, uint64_t now);

#endif
