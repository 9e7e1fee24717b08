/* Pipelines declared by hand, for tests of the runtime's C interface: one worker structure that serves every stage,
 * items that say where they come from, and a ledger that tells whether each arrived once and in order.
 *
 * A test program lists its cases with --list and runs the one that is named; torture.sh runs them all.
 */
#ifndef STAGE_KIT_H
#define STAGE_KIT_H

#include <prt/prt.h>

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define KIT_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define KIT_SANITIZED true
#endif
#endif
#ifndef KIT_SANITIZED
#define KIT_SANITIZED false
#endif

/* ---- what a test checks ----------------------------------------------------------------------------------------- */

static _Atomic int kit_failures __attribute__((unused));

#ifndef KIT_CHECK /* the test scheduler's harnesses have their own (tests/sched) */
#define KIT_CHECK(condition, ...)                                          \
    do {                                                                   \
        if (!(condition) && atomic_fetch_add(&kit_failures, 1) < 10) {     \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
            fprintf(stderr, __VA_ARGS__);                                  \
            fputc('\n', stderr);                                           \
        }                                                                  \
    } while (0)
#endif

/* ---- stages ----------------------------------------------------------------------------------------------------- */

enum { KIT_ENDS = 4 };

struct kit_worker {
    struct prt_worker base;
    int worker;
    void *pipe;
    struct prt_in in[KIT_ENDS];
    struct prt_out out[KIT_ENDS];
    uint64_t n[4]; /* the body's own */
};

struct kit_stage {
    struct prt_stage_spec spec; /* all but size, offsets, inputs and outputs; no workers: 1 */
    struct prt_chan *in[KIT_ENDS];    /* several: a zip */
    struct prt_chan *pull[KIT_ENDS];  /* instead of `in`: what its body pulls from */
    struct prt_chan *merge[KIT_ENDS]; /* instead of `in`: one input that merges these, */
    bool prefers;                     /* the first of them first */
    struct prt_chan *out[KIT_ENDS];
    uint32_t most[KIT_ENDS]; /* 0: any number */
    bool in_cycle[KIT_ENDS];
    bool letters[KIT_ENDS];
};

static inline size_t kit_count(struct prt_chan *const *chans)
{
    size_t n = 0;

    while (n < KIT_ENDS && chans[n])
        n++;
    return n;
}

static inline struct prt_stage *kit_add(struct prt_run *run, const struct kit_stage *stage)
{
    struct prt_stage_spec spec = stage->spec;
    struct prt_in_spec ins[KIT_ENDS], pulls[KIT_ENDS];
    struct prt_out_spec outs[KIT_ENDS];

    spec.nins = kit_count(stage->in);
    for (size_t i = 0; i < spec.nins; i++)
        ins[i] = (struct prt_in_spec){ .at = offsetof(struct kit_worker, in) + i * sizeof(struct prt_in),
                                       .chans = &stage->in[i], .nchans = 1 };
    if (stage->merge[0]) {
        spec.nins = 1;
        ins[0] = (struct prt_in_spec){ .at = offsetof(struct kit_worker, in), .chans = stage->merge,
                                       .nchans = kit_count(stage->merge), .preferred = stage->prefers };
    }
    spec.npulls = kit_count(stage->pull);
    for (size_t i = 0; i < spec.npulls; i++)
        pulls[i] = (struct prt_in_spec){ .at = offsetof(struct kit_worker, in) + i * sizeof(struct prt_in),
                                         .chans = &stage->pull[i], .nchans = 1 };
    spec.nouts = kit_count(stage->out);
    for (size_t i = 0; i < spec.nouts; i++)
        outs[i] = (struct prt_out_spec){ .at = offsetof(struct kit_worker, out) + i * sizeof(struct prt_out),
                                         .chan = stage->out[i], .most = stage->most[i] ? stage->most[i] : PRT_ANY,
                                         .in_cycle = stage->in_cycle[i], .letters = stage->letters[i] };
    spec.ins = ins;
    spec.pulls = pulls;
    spec.outs = outs;
    spec.size = sizeof(struct kit_worker);
    spec.holds = spec.nins > 0 && (spec.retries > 0 || spec.timeout > 0);
    spec.attempts = spec.retries > 0 || spec.timeout > 0 || spec.on_fail == PRT_THEN_LETTER;
    spec.workers = spec.workers ? spec.workers : 1;
    return prt_stage_add(run, &spec);
}

static inline struct prt_run *kit_run_new(void *pipe)
{
    static const struct prt_settings settings;
    const struct prt_run_spec spec = { .name = "kit", .pipe = pipe, .settings = &settings };
    struct prt_run *const run = prt_run_new(&spec);

    if (!run)
        abort();
    return run;
}

/* ---- items ------------------------------------------------------------------------------------------------------ */

struct kit_item {
    uint64_t id;     /* from 0, unique in the run */
    uint32_t sender; /* which worker sent it to the channel under test */
    uint32_t seq;    /* from 0, for each sender */
};

static inline struct prt_chan *kit_chan(struct prt_run *run, const char *name, enum prt_chan_kind kind, uint64_t cap)
{
    return prt_chan_add(run, &(struct prt_chan_spec){ .name = name, .kind = kind, .item_size = sizeof(struct kit_item),
                                                      .cap = cap });
}

static inline enum prt_chan_kind kit_kind(uint32_t senders, uint32_t receivers)
{
    if (senders == 1)
        return receivers == 1 ? PRT_ONE_TO_ONE : PRT_ONE_TO_MANY;
    return receivers == 1 ? PRT_MANY_TO_ONE : PRT_MANY_TO_MANY;
}

enum { KIT_SENDERS = 64, KIT_RECEIVERS = 64 };

/* Who got what. Each receiving worker writes only its own row of `next`. */
struct kit_ledger {
    uint64_t items;                                /* ids are below */
    _Atomic uint64_t *seen;                        /* a bit for each id */
    _Atomic uint64_t received;
    bool unordered;                                /* several receivers: what one hands back, another gets later */
    uint32_t next[KIT_RECEIVERS][KIT_SENDERS];     /* the least seq that a receiver may still see of a sender */
};

static inline struct kit_ledger *kit_ledger_new(uint64_t items)
{
    struct kit_ledger *const ledger = calloc(1, sizeof *ledger);

    if (ledger)
        ledger->seen = calloc(items / 64 + 1, sizeof *ledger->seen);
    if (!ledger || !ledger->seen)
        abort();
    ledger->items = items;
    return ledger;
}

static inline void kit_ledger_note(struct kit_ledger *ledger, int receiver, const struct kit_item *item)
{
    const uint64_t bit = (uint64_t)1 << (item->id % 64);

    if (item->id >= ledger->items || item->sender >= KIT_SENDERS) {
        KIT_CHECK(false, "garbage: id %ju, sender %u, seq %u", (uintmax_t)item->id, item->sender, item->seq);
        return;
    }
    if (atomic_fetch_or_explicit(&ledger->seen[item->id / 64], bit, memory_order_relaxed) & bit)
        KIT_CHECK(false, "item %ju came twice", (uintmax_t)item->id);
    KIT_CHECK(ledger->unordered || item->seq >= ledger->next[receiver][item->sender], "sender %u: item %u after %u", item->sender, item->seq,
              ledger->next[receiver][item->sender] - 1);
    ledger->next[receiver][item->sender] = item->seq + 1;
    atomic_fetch_add_explicit(&ledger->received, 1, memory_order_relaxed);
}

static inline void kit_ledger_free(struct kit_ledger *ledger)
{
    free(ledger->seen);
    free(ledger);
}

/* After the run: every item came. Frees the ledger. */
static inline void kit_ledger_close(struct kit_ledger *ledger)
{
    uint64_t missing = 0;

    for (uint64_t id = 0; id < ledger->items; id++)
        if (!(ledger->seen[id / 64] >> (id % 64) & 1) && missing++ == 0)
            KIT_CHECK(false, "item %ju is missing", (uintmax_t)id);
    KIT_CHECK(missing == 0, "%ju of %ju items are missing", (uintmax_t)missing, (uintmax_t)ledger->items);
    kit_ledger_free(ledger);
}

extern uint64_t prt_chan_start_; /* the runtime's own (chan.h) */

/* ---- cases ------------------------------------------------------------------------------------------------------ */

static inline void kit_sleep(uint64_t ns)
{
    struct timespec left = { (time_t)(ns / 1000000000), (long)(ns % 1000000000) };

    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

struct kit_case {
    char name[64];
    void (*run)(const struct kit_case *self);
    uint64_t items; /* how many go through */
    int arg[7];
};

/* Runs the case that is named on the command line; a second argument says how many items, else the case's number, or a
 * twentieth of it in a sanitizer's build, times TORTURE_TIMES. The channels' counters start at TORTURE_START. */
static inline int kit_main(int argc, char **argv, const struct kit_case *cases, size_t n)
{
    signal(SIGINT, SIG_DFL); /* a shell's background jobs ignore it, and the runtime leaves that so */
    if (argc < 2 || strcmp(argv[1], "--list") == 0) {
        for (size_t i = 0; i < n; i++)
            puts(cases[i].name);
        return 0;
    }
    for (size_t i = 0; i < n; i++)
        if (strcmp(cases[i].name, argv[1]) == 0) {
            struct kit_case chosen = cases[i];
            const char *const times = getenv("TORTURE_TIMES");
            const char *const start = getenv("TORTURE_START");

            if (argc > 2)
                chosen.items = strtoull(argv[2], NULL, 10);
            else if (KIT_SANITIZED)
                chosen.items = chosen.items < 1000 ? chosen.items : 50 + chosen.items / 20;
            if (times && times[0])
                chosen.items *= strtoull(times, NULL, 10);
            if (start)
                prt_chan_start_ = (uint64_t)strtoll(start, NULL, 10);
            chosen.run(&chosen);
            printf("%ju items\n", (uintmax_t)chosen.items);
            return kit_failures > 0;
        }
    fprintf(stderr, "%s: no case '%s'\n", argv[0], argv[1]);
    return 2;
}

#endif
