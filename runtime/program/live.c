/* Whether anybody wants to see the run, and what is done then: looks, and copies of what they found. Nobody does most of the time,
 * and then nothing is done. */
#include "program/live.h"

#include <stdlib.h>
#include <string.h>

#include "pool/figures.h"
#include "pool/run_state.h"
#include "program/table.h"

#define FIRST_NS 1000000000u  /* a run that ends before is seen by nobody */
#define KNOCKS_NS 10000000u    /* between two knocks that lead to nothing */
#define TURN_NS 10000000000u  /* the verdict is about the last one to two of these */

struct prt_live {
    struct prt_table table;
    struct prt_account *account;
    bool own;                      /* nobody else has the monitor look */
    uint64_t turned;               /* when the last of them ended; 0: nobody wants anything */
    struct prt_figures *before[2]; /* at the last turn but one; at the last */
    struct prt_figures *lately;    /* what came since before[0] */
    struct prt_figures *none;      /* from the run's beginning */
};

uint64_t prt_live_first_(const struct prt_run *run)
{
    const char *said = getenv("PIPE_LIVE");

    return prt_shares_ && !(said && strcmp(said, "0") == 0) ? run->started + FIRST_NS : PRT_NEVER;
}

void prt_live_end_(struct prt_run *run)
{
    if (run->live)
        prt_table_free_(&run->live->table);
    run->live = NULL;
    run->knock.word = NULL;
}

/* False: there is to be none. */
static bool make(struct prt_run *run)
{
    struct prt_live *live = prt_memory_new_(&run->memory, sizeof *live, sizeof(void *));

    if (live)
        live->account = prt_account_new_(run);
    if (!live || !live->account || !prt_table_make_(&live->table, run, live->account))
        return false;
    run->live = live;
    return true;
}

/* ---- looking ----------------------------------------------------------------------------------------------------- */

/* What lies ahead by more than anybody may ask for is nobody's wish. */
static bool is_wanted(const struct prt_live *live, uint64_t now)
{
    const uint64_t wanted = prt_load_acquire((const prt_atomic_u64 *)&live->table.head->wanted);

    return wanted > now && wanted - now <= PRT_LIVE_AHEAD_NS;
}

static bool make_figures(struct prt_run *run)
{
    struct prt_live *live = run->live;

    live->own = !run->figures;
    live->before[0] = prt_figures_new_(run);
    live->before[1] = prt_figures_new_(run);
    live->lately = prt_figures_new_(run);
    live->none = prt_figures_new_(run);
    if (live->own)
        run->figures = prt_figures_new_(run);
    return live->before[0] && live->before[1] && live->lately && live->none && run->figures;
}

static void turn(const struct prt_run *run, uint64_t now)
{
    struct prt_live *live = run->live;
    struct prt_figures *last = live->before[1];

    live->before[1] = live->before[0];
    live->before[0] = last;
    prt_figures_between_(run, live->none, run->figures, live->before[1]);
    live->turned = now;
}

/* Somebody looks, after a time in which nobody did. */
static void begin(struct prt_run *run, uint64_t now)
{
    struct prt_live *live = run->live;

    if (live->own && run->figures->looks == 0)
        prt_figures_begin_(run, now);
    else if (live->own)
        run->figures->next = now;
    prt_figures_end_(run); /* processors from now on */
    turn(run, now);
    turn(run, now);
}

static void stop(struct prt_run *run)
{
    run->live->turned = 0;
    if (run->figures && run->live->own)
        run->figures->next = PRT_NEVER;
}

static void copy(struct prt_run *run, uint64_t now)
{
    struct prt_live *live = run->live;
    struct prt_verdict verdict;

    prt_figures_between_(run, live->before[0], run->figures, live->lately);
    prt_account_take_(live->account, run, live->lately, false);
    verdict = prt_verdict_(live->account);
    prt_table_copy_(&live->table, run, live->account, &verdict, now);
    if (now - live->turned >= TURN_NS)
        turn(run, now);
}

static uint64_t see_to(struct prt_run *run, uint64_t now)
{
    if (!run->live->none && !make_figures(run)) {
        prt_live_end_(run);
        return PRT_NEVER;
    }
    if (run->live->turned == 0)
        begin(run, now);
    copy(run, now);
    return now + PRT_LIVE_EVERY_NS;
}

/* Who knocks for nothing, again and again, is heard a hundred times a second. */
uint64_t prt_run_live_(struct prt_run *run, uint64_t now)
{
    const bool knocked = prt_knocked(&run->knock);

    if (!run->live && !make(run))
        return PRT_NEVER;
    run->knock.word = (const prt_atomic_u32 *)&run->live->table.head->knocks;
    prt_knock_answer(&run->knock); /* before `wanted` is looked at, which was stored before the knock */
    if (is_wanted(run->live, now)) {
        run->knock.word = NULL; /* it will be looked at again soon enough */
        return see_to(run, now);
    }
    stop(run);
    if (!knocked)
        return PRT_NEVER;
    run->knock.word = NULL;
    return now + KNOCKS_NS;
}
