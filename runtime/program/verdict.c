/* The rules. In a pipeline that has come to its pace, every stage but the slowest waits for its neighbours: those before it for room,
 * those behind it for items. So a stage is *occupied* while it waits for neither, and the one that is so nearly all the time,
 * while no other nearly is, holds up the rest; what it does or waits for meanwhile is why.
 *
 * Each threshold is a share in thousandths. With a hundred looks a share is right to within a tenth, so nothing is said that
 * two tenths the other way would change, or where two stages differ by less than that. */
#include "program/verdict.h"

#include <inttypes.h>
#include <string.h>

#define LOOKS_LEAST 40      /* below, shares are right to within a sixth at best */
#define OCCUPIED 700        /* the stage that holds up the rest is so for so much of the time at least, */
#define AHEAD 150           /* and by so much more than any other */
#define RUNNER_UP 500
#define ENDS_LATE 300       /* a stage that ended no longer before the run did is judged by the time until then */
#define LIMITED 250         /* who waits so much for a rate, a bound, a turn or an attempt would go faster without */
#define STARVED 300         /* a stage behind the one that holds it up waits for items for so much of the time */
#define WAITED_FOR 300      /* before it: so many senders wait for room, on average, */
#define FILLED 500          /* or so much of the channel is taken, */
#define MANY 64             /* or so many items of one that grows, */
#define SELDOM_EMPTY 200    /* or it is empty no more than that */
#define PROCESSORS_USED 850 /* of each: there are none to spare */
#define MOST 500
#define SKEWED 700          /* one worker is at work so much, and the others */
#define SKEWED_REST 300     /* no more than that */
#define HUNG 300            /* a body that has returned hung for so much of the run's time */

/* ---- processors -------------------------------------------------------------------------------------------------- */

/* Bodies that run or would if they had a processor, on average, in thousandths. */
static uint64_t wanted(const struct prt_account *account)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < account->nstages; i++)
        sum += (uint64_t)account->stages[i].share[PRT_FOR_NOTHING] * account->stages[i].workers;
    return sum;
}

/* Whether bodies share processors: with each other or, though some of their own seem idle, with other programs. */
static bool is_contended(const struct prt_account *account)
{
    return wanted(account) > account->used + account->used / 4 + 150;
}

static bool has_idle(const struct prt_account *account)
{
    return account->used < (uint64_t)account->cpus * PROCESSORS_USED && !is_contended(account);
}

/* Busy, but for the time in which a body was ready to run and had no processor, as far as that is known of all bodies together. */
static uint64_t ran(const struct prt_account *account, const struct prt_stage_account *stage)
{
    const uint64_t want = wanted(account);

    return want > account->used ? stage->share[PRT_FOR_NOTHING] * account->used / want : stage->share[PRT_FOR_NOTHING];
}

/* ---- who waits for whom ------------------------------------------------------------------------------------------ */

static bool is_filled(const struct prt_chan_account *chan)
{
    if (chan->senders >= WAITED_FOR)
        return true;
    if (chan->capacity == UINT64_MAX)
        return chan->mean >= MANY * PRT_WHOLE;
    return chan->capacity > 0 && chan->mean >= chan->capacity * FILLED;
}

static bool some_input_is_filled(const struct prt_account *account, const struct prt_stage_account *stage)
{
    for (size_t i = 0; i < stage->nins; i++)
        if (is_filled(&account->chans[stage->ins[i]]))
            return true;
    return false;
}

static bool some_input_is_seldom_empty(const struct prt_account *account, const struct prt_stage_account *stage)
{
    for (size_t i = 0; i < stage->nins; i++)
        if (account->chans[stage->ins[i]].empty <= SELDOM_EMPTY)
            return true;
    return false;
}

static bool receives_from(const struct prt_stage_account *stage, uint32_t chan)
{
    for (size_t i = 0; i < stage->nins; i++)
        if (stage->ins[i] == chan)
            return true;
    return false;
}

static bool some_receiver_starves(const struct prt_account *account, const struct prt_stage_account *source)
{
    for (size_t i = 0; i < account->nstages; i++)
        for (size_t k = 0; k < source->nouts; k++)
            if (account->stages[i].share[PRT_FOR_ITEM] >= STARVED && receives_from(&account->stages[i], source->outs[k]))
                return true;
    return false;
}

static bool is_waited_for(const struct prt_account *account, const struct prt_stage_account *stage)
{
    if (stage->is_source)
        return account->nchans == 0 || some_receiver_starves(account, stage); /* who sends nothing holds up nobody, but the run */
    return some_input_is_filled(account, stage) || some_input_is_seldom_empty(account, stage);
}

/* Without the time in which items lay there and no thread had come for them: a few items do, until there are more (look.c).
 * Where they are many that is the processors' fault, and counts. */
static uint32_t occupied(const struct prt_account *account, const struct prt_stage_account *stage)
{
    const uint32_t *share = stage->share;
    const bool counts = !stage->is_source && some_input_is_filled(account, stage);
    const uint32_t sum = share[PRT_FOR_NOTHING] + share[PRT_FOR_KERNEL] + share[PRT_FOR_RATE] + share[PRT_FOR_BOUND] +
                         share[PRT_FOR_TURN] + share[PRT_FOR_RETRY] + (counts ? share[PRT_FOR_THREAD] : 0);

    /* One of several that do the same may end first. What ends early has not held up the rest. */
    return share[PRT_FOR_GOOD] <= ENDS_LATE ? sum * PRT_WHOLE / (PRT_WHOLE - share[PRT_FOR_GOOD]) : sum;
}

/* ---- why --------------------------------------------------------------------------------------------------------- */

/* The largest of what would let the stage go faster if it were larger, or shorter. */
static enum prt_for limit_of(const struct prt_stage_account *stage)
{
    static const enum prt_for limits[] = { PRT_FOR_RATE, PRT_FOR_BOUND, PRT_FOR_TURN, PRT_FOR_RETRY };
    enum prt_for most = PRT_FOR_RATE;

    for (size_t i = 1; i < sizeof limits / sizeof *limits; i++)
        if (stage->share[limits[i]] > stage->share[most])
            most = limits[i];
    return most;
}

static enum prt_verdict_kind kind_of_limit(const struct prt_stage_account *stage, enum prt_for limit)
{
    switch (limit) {
    case PRT_FOR_RATE:
        return stage->rate ? PRT_VERDICT_RATE : PRT_VERDICT_TICKS;
    case PRT_FOR_BOUND:
        return PRT_VERDICT_BOUND;
    case PRT_FOR_TURN:
        return PRT_VERDICT_TURN;
    default:
        return PRT_VERDICT_RETRY;
    }
}

/* Twice as many; where they need processors, no more than are idle. */
static uint64_t more_workers(const struct prt_account *account, const struct prt_stage_account *stage, bool awake)
{
    const uint64_t idle = ((uint64_t)account->cpus * PRT_WHOLE - account->used + PRT_WHOLE / 2) / PRT_WHOLE;
    const uint64_t more = awake && idle < stage->workers ? idle : stage->workers;

    return stage->fixed ? 0 : stage->workers + (more > 0 ? more : 1);
}

static void say_busy(const struct prt_account *account, struct prt_verdict *verdict)
{
    const struct prt_stage_account *stage = verdict->stage;
    const uint64_t want = wanted(account);

    verdict->kind = PRT_VERDICT_BUSY;
    verdict->share = stage->share[PRT_FOR_NOTHING];
    verdict->idle = has_idle(account) && stage->share[PRT_FOR_NOTHING] >= OCCUPIED;
    if (verdict->idle) {
        verdict->try_workers = more_workers(account, stage, true);
    } else if (account->used >= (uint64_t)account->cpus * PROCESSORS_USED && want > 0) {
        verdict->kind = PRT_VERDICT_PROCESSORS;
        verdict->share = (uint32_t)((uint64_t)stage->share[PRT_FOR_NOTHING] * stage->workers * PRT_WHOLE / want);
        if (verdict->share < MOST)
            verdict->kind = PRT_VERDICT_NONE;
    }
}

static void say_asleep(const struct prt_account *account, struct prt_verdict *verdict)
{
    verdict->kind = PRT_VERDICT_ASLEEP;
    verdict->share = verdict->stage->share[PRT_FOR_KERNEL];
    verdict->try_workers = verdict->stage->is_source ? 0 : more_workers(account, verdict->stage, false);
}

/* It could go on and nobody was at it: since bodies of its own, or others, had all processors. */
static void say_thread(const struct prt_account *account, struct prt_verdict *verdict)
{
    if (has_idle(account)) {
        verdict->kind = PRT_VERDICT_NONE;
        return;
    }
    say_busy(account, verdict);
    if (verdict->kind == PRT_VERDICT_PROCESSORS)
        return;
    verdict->kind = PRT_VERDICT_THREAD;
    verdict->share = verdict->stage->share[PRT_FOR_THREAD];
}

static void say_why(const struct prt_account *account, struct prt_verdict *verdict)
{
    const struct prt_stage_account *stage = verdict->stage;
    const enum prt_for limit = limit_of(stage);
    const uint64_t awake = ran(account, stage);

    if (stage->share[limit] >= LIMITED) {
        verdict->kind = kind_of_limit(stage, limit);
        verdict->share = stage->share[limit];
    } else if (stage->share[PRT_FOR_THREAD] > stage->share[PRT_FOR_NOTHING] + stage->share[PRT_FOR_KERNEL]) {
        say_thread(account, verdict);
    } else if (stage->share[PRT_FOR_KERNEL] > awake) {
        say_asleep(account, verdict);
    } else {
        say_busy(account, verdict);
    }
}

/* ---- one worker -------------------------------------------------------------------------------------------------- */

/* One worker was at work nearly all the time, and the others were not: nothing more came, or it all went to this one. */
static bool is_skewed(const struct prt_stage_account *stage)
{
    const uint64_t at_work = stage->share[PRT_FOR_NOTHING] + stage->share[PRT_FOR_KERNEL];
    uint64_t rest;

    if (stage->workers < 2 || stage->busiest < SKEWED || stage->share[PRT_FOR_ROOM] >= STARVED)
        return false;
    rest = at_work * stage->workers > stage->busiest ? at_work * stage->workers - stage->busiest : 0;
    return rest / (stage->workers - 1) <= SKEWED_REST;
}

static void say_skew(const struct prt_account *account, struct prt_verdict *verdict)
{
    verdict->kind = PRT_VERDICT_NONE;
    for (size_t i = 0; i < account->nstages; i++)
        if (is_skewed(&account->stages[i])) {
            verdict->kind = PRT_VERDICT_SKEW;
            verdict->stage = &account->stages[i];
            verdict->share = account->stages[i].busiest;
        }
}

/* ---- what does not move ------------------------------------------------------------------------------------------ */

/* Of these nobody need ask who is occupied: nothing goes on before they do. */
static bool say_still(const struct prt_account *account, struct prt_verdict *verdict)
{
    const struct prt_hang_account *hang = &account->hang;
    const uint64_t share = account->ns > 0 && hang->ns < account->ns ? hang->ns * PRT_WHOLE / account->ns : PRT_WHOLE;

    if (account->circle.n > 0) {
        verdict->kind = PRT_VERDICT_CIRCLE;
        verdict->stage = account->circle.at[0].stage;
        verdict->share = PRT_WHOLE;
        return true;
    }
    if (!hang->stage || (!hang->lasts && share < HUNG))
        return false;
    verdict->kind = PRT_VERDICT_HANGS;
    verdict->stage = hang->stage;
    verdict->share = (uint32_t)share;
    return true;
}

/* ---- all --------------------------------------------------------------------------------------------------------- */

/* A source that waits for its ticks, as one does that prints every second how far all is. */
static bool is_clock(const struct prt_stage_account *stage)
{
    return stage->is_source && !stage->rate && stage->share[PRT_FOR_RATE] >= LIMITED;
}

/* An inline stage is a call of another; a daemon keeps nothing running. */
static bool may_hold_up(const struct prt_stage_account *stage)
{
    return !stage->is_inline && !stage->is_daemon;
}

/* The most occupied stage, and the next. `clocks`: also among those whose pace is meant. */
static void rank(const struct prt_account *account, bool clocks, struct prt_verdict *verdict, uint32_t *most)
{
    verdict->stage = verdict->next = NULL;
    verdict->next_share = *most = 0;
    for (size_t i = 0; i < account->nstages; i++) {
        const struct prt_stage_account *stage = &account->stages[i];
        const uint32_t share = !may_hold_up(stage) || (is_clock(stage) && !clocks) ? 0 : occupied(account, stage);

        if (share > *most) {
            verdict->next = verdict->stage;
            verdict->next_share = *most;
            verdict->stage = stage;
            *most = share;
        } else if (share > verdict->next_share) {
            verdict->next = stage;
            verdict->next_share = share;
        }
    }
}

/* What the rate or bound is that limits the stage; NULL: none does. */
static const char *shared_limit(const struct prt_stage_account *stage)
{
    const enum prt_for limit = limit_of(stage);

    if (stage->share[limit] < LIMITED)
        return NULL;
    return limit == PRT_FOR_RATE ? stage->rate : limit == PRT_FOR_BOUND ? stage->bound : NULL;
}

/* Several are occupied all the time, but with one and the same limit, which they share. */
static bool share_a_limit(const struct prt_account *account, const struct prt_stage_account *most, uint32_t share)
{
    const char *limit = shared_limit(most);

    for (size_t i = 0; limit && i < account->nstages; i++) {
        const struct prt_stage_account *stage = &account->stages[i];

        if (may_hold_up(stage) && occupied(account, stage) + AHEAD > share && shared_limit(stage) != limit)
            limit = NULL;
    }
    return limit != NULL;
}

struct prt_verdict prt_verdict_(const struct prt_account *account)
{
    struct prt_verdict verdict = { .kind = PRT_VERDICT_SHORT, .account = account };
    uint32_t most;

    if (say_still(account, &verdict) || account->looks < LOOKS_LEAST)
        return verdict;
    rank(account, false, &verdict, &most);
    if (most < OCCUPIED)
        rank(account, true, &verdict, &most);
    if (most >= OCCUPIED && is_waited_for(account, verdict.stage) &&
        (most - verdict.next_share >= AHEAD || share_a_limit(account, verdict.stage, most)))
        say_why(account, &verdict);
    else
        say_skew(account, &verdict);
    if (verdict.kind == PRT_VERDICT_NONE || verdict.kind == PRT_VERDICT_SKEW || verdict.next_share < RUNNER_UP)
        verdict.next = NULL;
    if (verdict.kind == PRT_VERDICT_NONE)
        verdict.stage = NULL;
    return verdict;
}

/* ---- words ------------------------------------------------------------------------------------------------------- */

const char *prt_verdict_word_(enum prt_verdict_kind kind)
{
    static const char *const words[PRT_VERDICTS] = {
        [PRT_VERDICT_SHORT] = "short",   [PRT_VERDICT_NONE] = "none",         [PRT_VERDICT_BUSY] = "busy",
        [PRT_VERDICT_PROCESSORS] = "processors", [PRT_VERDICT_ASLEEP] = "asleep", [PRT_VERDICT_RATE] = "rate",
        [PRT_VERDICT_TICKS] = "ticks",   [PRT_VERDICT_BOUND] = "bound",       [PRT_VERDICT_TURN] = "turn",
        [PRT_VERDICT_RETRY] = "retry",   [PRT_VERDICT_THREAD] = "thread",     [PRT_VERDICT_SKEW] = "skew",
        [PRT_VERDICT_HANGS] = "hangs",   [PRT_VERDICT_CIRCLE] = "circle",
    };

    return words[kind];
}

static uint32_t percent(uint32_t share)
{
    return (share + 5) / 10;
}

/* `its worker is`, `its 4 workers are`, with that verb, in the form for one and for several. */
static void write_workers(const struct prt_stage_account *stage, const char *one, const char *several, FILE *to)
{
    if (stage->workers == 1)
        fprintf(to, "its worker %s", one);
    else
        fprintf(to, "its %" PRIu32 " workers %s", stage->workers, several);
}

static void write_head(const struct prt_verdict *verdict, FILE *to)
{
    if (verdict->stage->is_source)
        fprintf(to, "the source %s is slow: ", verdict->stage->name);
    else
        fprintf(to, "%s holds up the rest: ", verdict->stage->name);
}

static void write_advice(const struct prt_verdict *verdict, FILE *to)
{
    if (verdict->idle)
        fputs(" and processors are idle", to);
    if (verdict->try_workers > 0)
        fprintf(to, "; try --workers %s=%" PRIu64, verdict->stage->name, verdict->try_workers);
}

/* One digit behind the point, as long as it tells something. */
static void write_seconds(uint64_t ns, FILE *to)
{
    if (ns < 60000000000)
        fprintf(to, "%" PRIu64 ".%" PRIu64 " s", ns / 1000000000, ns / 100000000 % 10);
    else
        fprintf(to, "%" PRIu64 " min", ns / 60000000000);
}

static void write_hang(const struct prt_hang_account *hang, FILE *to)
{
    if (hang->lasts)
        fprintf(to, "%s has not returned from a body for ", hang->stage->name);
    else
        fprintf(to, "a body of %s did not return for ", hang->stage->name);
    write_seconds(hang->ns, to);
    fprintf(to, ": its worker %" PRIu32, hang->worker);
    if (hang->thread > 0)
        fprintf(to, ", thread %" PRIu64, hang->thread);
}

static void write_circle(const struct prt_circle_account *circle, FILE *to)
{
    fputs("stages wait for each other for ", to);
    write_seconds(circle->ns, to);
    for (uint32_t i = 0; i < circle->n; i++)
        fprintf(to, "%s %s for %s %s", i > 0 ? "," : ":", circle->at[i].stage->name,
                circle->at[i].room ? "room in" : circle->at[i].bound ? "the bound" : "an item of", circle->at[i].of);
    if (circle->more)
        fputs(", and so on", to);
}

static void write_stage(const struct prt_verdict *verdict, FILE *to)
{
    const struct prt_stage_account *stage = verdict->stage;
    const char *name = stage->name;
    const uint32_t share = percent(verdict->share);

    switch (verdict->kind) {
    case PRT_VERDICT_BUSY:
        write_head(verdict, to);
        write_workers(stage, "is", "are", to);
        fprintf(to, " busy %" PRIu32 "%% of the time", share);
        write_advice(verdict, to);
        break;
    case PRT_VERDICT_PROCESSORS:
        fprintf(to, "%s takes %" PRIu32 "%% of the processors' time, and none of them is idle", name, share);
        break;
    case PRT_VERDICT_ASLEEP:
        if (stage->is_source) /* which may be as fast as what it reads from: nobody has written to that log */
            fprintf(to, "the source %s waits for what is outside: ", name);
        else
            write_head(verdict, to);
        write_workers(stage, "is", "are", to);
        fprintf(to, " asleep in the kernel %" PRIu32 "%% of the time", share);
        write_advice(verdict, to);
        break;
    case PRT_VERDICT_RATE:
        fprintf(to, "the rate %s%s sets the pace: %s waits for it %" PRIu32 "%% of the time", stage->rate == name ? "of " : "",
                stage->rate, name, share);
        break;
    case PRT_VERDICT_TICKS:
        fprintf(to, "the ticks of %s set the pace: it waits for them %" PRIu32 "%% of the time", name, share);
        break;
    case PRT_VERDICT_BOUND:
        fprintf(to, "the bound %s%s sets the pace: %s waits for it %" PRIu32 "%% of the time", stage->bound == name ? "of " : "",
                stage->bound, name, share);
        break;
    case PRT_VERDICT_TURN:
        fprintf(to, "order holds up %s: ", name);
        write_workers(stage, "waits", "wait", to);
        fprintf(to, " %" PRIu32 "%% of the time until an earlier item is done", share);
        break;
    case PRT_VERDICT_RETRY:
        write_head(verdict, to);
        write_workers(stage, "waits", "wait", to);
        fprintf(to, " %" PRIu32 "%% of the time to try again", share);
        break;
    case PRT_VERDICT_THREAD:
        fprintf(to, "processors are short: %s could go on %" PRIu32 "%% of the time and had none", name, share);
        break;
    case PRT_VERDICT_SKEW:
        fprintf(to, "%s is uneven: one of its %" PRIu32 " workers is at work %" PRIu32 "%% of the time, and the others are not%s", name,
                stage->workers, share, stage->has_by ? ", since its keys have most items" : "");
        break;
    case PRT_VERDICT_HANGS:
        write_hang(&verdict->account->hang, to);
        break;
    case PRT_VERDICT_CIRCLE:
        write_circle(&verdict->account->circle, to);
        break;
    default:
        break;
    }
}

void prt_verdict_write_(const struct prt_verdict *verdict, FILE *to)
{
    if (verdict->kind == PRT_VERDICT_SHORT)
        fputs("the run was too short to say what held it back", to);
    else if (verdict->kind == PRT_VERDICT_NONE)
        fputs("nothing stands out", to);
    else
        write_stage(verdict, to);
    if (verdict->next)
        fprintf(to, "; next comes %s, %" PRIu32 "%%", verdict->next->name, percent(verdict->next_share));
}

void prt_verdict_text_(const struct prt_verdict *verdict, char *text, size_t size)
{
    FILE *to = fmemopen(text, size - 1, "w");

    memset(text, 0, size);
    if (!to)
        return;
    prt_verdict_write_(verdict, to);
    fclose(to);
}
