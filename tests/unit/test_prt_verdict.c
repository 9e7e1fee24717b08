/* What holds a run back, from accounts made by hand: each rule, and what is just short of it. */
#include "unit.h"

#include <string.h>

#include "program/verdict.h"

enum fill { USUAL, EMPTY, FEW, FULL };

/* A run of read -> a -> work -> b -> write, where there are four processors. */
struct run {
    const char *verdict;
    uint32_t read[PRT_FORS], work[PRT_FORS], write[PRT_FORS]; /* the time of their workers, in thousandths */
    uint32_t workers, writers;  /* of `work` and of `write`; 0: 1 */
    bool open;                  /* --workers changes them */
    bool daemon;                /* `read` keeps nothing running */
    uint32_t busiest;           /* one of its workers */
    const char *rate, *bound;   /* of `work` */
    const char *write_bound;
    bool by;                    /* `work` has a key for its workers */
    enum fill a, b;             /* USUAL: a is full and b is empty */
    uint64_t used;              /* of the processors, in thousandths; 0: one */
    uint64_t looks;             /* 0: enough */
};

static const char work_name[] = "work", db[] = "db";

/* `work` holds up the rest: `read` waits for room, `write` for items. */
#define HELD_UP .read = { [PRT_FOR_ROOM] = 900 }
#define STARVED .write = { [PRT_FOR_ITEM] = 950 }
#define HOLDS_UP "work holds up the rest: its "

static const struct run runs[] = {
    { HOLDS_UP "worker is busy 96% of the time and processors are idle",
      HELD_UP, .work = { [PRT_FOR_NOTHING] = 960 }, STARVED },
    { HOLDS_UP "worker is busy 96% of the time and processors are idle; try --workers work=2",
      HELD_UP, .work = { [PRT_FOR_NOTHING] = 960 }, STARVED, .open = true },
    { HOLDS_UP "3 workers are busy 96% of the time and processors are idle; try --workers work=4", /* one processor is left */
      HELD_UP, .work = { [PRT_FOR_NOTHING] = 960 }, STARVED, .open = true, .workers = 3, .used = 3000 },

    /* Bodies are ready to run and do not: others have the processors. No more workers would help. */
    { HOLDS_UP "worker is busy 96% of the time",
      HELD_UP, .work = { [PRT_FOR_NOTHING] = 960 }, STARVED, .open = true, .used = 500 },

    { "work takes 100% of the processors' time, and none of them is idle",
      HELD_UP, .work = { [PRT_FOR_NOTHING] = 230, [PRT_FOR_THREAD] = 720 }, STARVED, .workers = 16, .used = 3900 },
    { "processors are short: work could go on 72% of the time and had none", /* the others take more of them */
      HELD_UP, .work = { [PRT_FOR_NOTHING] = 230, [PRT_FOR_THREAD] = 720 },
      .write = { [PRT_FOR_ITEM] = 950, [PRT_FOR_NOTHING] = 40 }, .writers = 100, .workers = 16, .used = 3900 },
    { "processors are short: work could go on 72% of the time and had none", /* other programs do */
      HELD_UP, .work = { [PRT_FOR_NOTHING] = 230, [PRT_FOR_THREAD] = 720 },
      .write = { [PRT_FOR_ITEM] = 950, [PRT_FOR_NOTHING] = 40 }, .writers = 100, .workers = 16 },
    /* No thread is at it, though there are processors: it is as well as it is. */
    { "nothing stands out", HELD_UP, .work = { [PRT_FOR_THREAD] = 960 }, STARVED },

    /* A few items that lie in front of a stage until a thread takes them make it no bottleneck, nor one more. */
    { HOLDS_UP "worker is busy 96% of the time and processors are idle",
      HELD_UP, .work = { [PRT_FOR_NOTHING] = 960 }, .write = { [PRT_FOR_ITEM] = 100, [PRT_FOR_THREAD] = 900 }, .b = FEW },

    { HOLDS_UP "4 workers are asleep in the kernel 96% of the time; try --workers work=8",
      HELD_UP, .work = { [PRT_FOR_KERNEL] = 960 }, STARVED, .open = true, .workers = 4, .used = 100 },
    { HOLDS_UP "4 workers are asleep in the kernel 40% of the time; try --workers work=8", /* else they wait for processors */
      HELD_UP, .work = { [PRT_FOR_KERNEL] = 400, [PRT_FOR_NOTHING] = 560 }, STARVED, .open = true, .workers = 4, .used = 100 },

    { "the source read waits for what is outside: its worker is asleep in the kernel 98% of the time",
      .read = { [PRT_FOR_KERNEL] = 980 }, .work = { [PRT_FOR_ITEM] = 900 }, STARVED, .a = EMPTY },
    { "the source read is slow: its worker is busy 98% of the time and processors are idle",
      .read = { [PRT_FOR_NOTHING] = 980 }, .work = { [PRT_FOR_ITEM] = 900 }, STARVED, .a = EMPTY },
    { "nothing stands out", /* nobody waits for what it sends */
      .read = { [PRT_FOR_NOTHING] = 980 }, .work = { [PRT_FOR_ITEM] = 100, [PRT_FOR_NOTHING] = 100 }, STARVED, .a = EMPTY },

    { "the rate api sets the pace: work waits for it 38% of the time",
      HELD_UP, .work = { [PRT_FOR_NOTHING] = 600, [PRT_FOR_RATE] = 380 }, STARVED, .rate = "api" },
    { "the rate of work sets the pace: work waits for it 38% of the time",
      HELD_UP, .work = { [PRT_FOR_NOTHING] = 600, [PRT_FOR_RATE] = 380 }, STARVED, .rate = work_name },
    { "the ticks of work set the pace: it waits for them 38% of the time",
      HELD_UP, .work = { [PRT_FOR_NOTHING] = 600, [PRT_FOR_RATE] = 380 }, STARVED },
    { HOLDS_UP "worker is busy 80% of the time and processors are idle", /* it would not go much faster without */
      HELD_UP, .work = { [PRT_FOR_NOTHING] = 800, [PRT_FOR_RATE] = 200 }, STARVED },
    /* A source with ticks sets the pace only where nothing else does: it may be there to tell how far all is. */
    { HOLDS_UP "worker is asleep in the kernel 80% of the time",
      .read = { [PRT_FOR_RATE] = 990 }, .work = { [PRT_FOR_KERNEL] = 800 }, STARVED, .used = 100 },
    { "the ticks of read set the pace: it waits for them 99% of the time",
      .read = { [PRT_FOR_RATE] = 990 }, .work = { [PRT_FOR_ITEM] = 900 }, STARVED, .used = 100 },

    /* Nobody waits for a daemon, neither for its ticks nor for what it does. */
    { "nothing stands out",
      .read = { [PRT_FOR_RATE] = 990 }, .work = { [PRT_FOR_ITEM] = 900 }, STARVED, .daemon = true, .used = 100 },
    { "nothing stands out",
      .read = { [PRT_FOR_NOTHING] = 980 }, .work = { [PRT_FOR_ITEM] = 900 }, STARVED, .daemon = true, .a = EMPTY },
    { HOLDS_UP "worker is busy 96% of the time and processors are idle", /* nor does it come next */
      .read = { [PRT_FOR_KERNEL] = 980 }, .work = { [PRT_FOR_NOTHING] = 960 }, STARVED, .daemon = true },

    { "the bound db sets the pace: work waits for it 46% of the time",
      HELD_UP, .work = { [PRT_FOR_KERNEL] = 500, [PRT_FOR_BOUND] = 460 }, STARVED, .bound = db },
    { "the bound of work sets the pace: work waits for it 46% of the time",
      HELD_UP, .work = { [PRT_FOR_KERNEL] = 500, [PRT_FOR_BOUND] = 460 }, STARVED, .bound = work_name },
    { "nothing stands out", /* another stands out as much */
      HELD_UP, .work = { [PRT_FOR_KERNEL] = 500, [PRT_FOR_BOUND] = 460 },
      .write = { [PRT_FOR_KERNEL] = 500, [PRT_FOR_BOUND] = 490 }, .bound = db },
    { "the bound db sets the pace: write waits for it 49% of the time; next comes work, 96%", /* the two share it */
      HELD_UP, .work = { [PRT_FOR_KERNEL] = 500, [PRT_FOR_BOUND] = 460 },
      .write = { [PRT_FOR_KERNEL] = 500, [PRT_FOR_BOUND] = 490 }, .bound = db, .write_bound = db, .b = FULL },

    { "order holds up work: its 4 workers wait 66% of the time until an earlier item is done",
      HELD_UP, .work = { [PRT_FOR_KERNEL] = 300, [PRT_FOR_TURN] = 660 }, STARVED, .workers = 4 },
    { HOLDS_UP "worker waits 96% of the time to try again", HELD_UP, .work = { [PRT_FOR_RETRY] = 960 }, STARVED },

    { "work is uneven: one of its 4 workers is at work 98% of the time, and the others are not",
      .read = { [PRT_FOR_GOOD] = 990 }, .work = { [PRT_FOR_NOTHING] = 260, [PRT_FOR_ITEM] = 740 }, STARVED, .workers = 4,
      .busiest = 980, .a = EMPTY },
    { "work is uneven: one of its 4 workers is at work 98% of the time, and the others are not, since its keys have most items",
      HELD_UP, .work = { [PRT_FOR_NOTHING] = 260, [PRT_FOR_ITEM] = 740 }, STARVED, .workers = 4, .busiest = 980, .by = true },
    { "nothing stands out", /* the others had work too */
      .read = { [PRT_FOR_GOOD] = 990 }, .work = { [PRT_FOR_NOTHING] = 600, [PRT_FOR_ITEM] = 400 }, STARVED, .workers = 4,
      .busiest = 980, .a = EMPTY },

    /* One stage stands out only by a distance, and tells who would be next. */
    { HOLDS_UP "worker is busy 96% of the time and processors are idle; next comes write, 64%",
      HELD_UP, .work = { [PRT_FOR_NOTHING] = 960 }, .write = { [PRT_FOR_ITEM] = 350, [PRT_FOR_NOTHING] = 640 }, .used = 1600 },
    { "nothing stands out",
      HELD_UP, .work = { [PRT_FOR_NOTHING] = 960 }, .write = { [PRT_FOR_ITEM] = 350, [PRT_FOR_NOTHING] = 850 }, .used = 1600 },
    { "nothing stands out",
      HELD_UP, .work = { [PRT_FOR_NOTHING] = 650 }, .write = { [PRT_FOR_ITEM] = 350 }, .used = 1600 },

    { "the run was too short to say what held it back",
      HELD_UP, .work = { [PRT_FOR_NOTHING] = 960 }, STARVED, .looks = 39 },

    /* Two do the same, and one is done a little earlier than the other, which therefore held up nobody; or long before. */
    { "nothing stands out", HELD_UP, .work = { [PRT_FOR_KERNEL] = 990 },
      .write = { [PRT_FOR_ITEM] = 40, [PRT_FOR_KERNEL] = 760, [PRT_FOR_GOOD] = 200 }, .used = 100 },
    { HOLDS_UP "worker is asleep in the kernel 99% of the time", HELD_UP, .work = { [PRT_FOR_KERNEL] = 990 },
      .write = { [PRT_FOR_ITEM] = 40, [PRT_FOR_KERNEL] = 460, [PRT_FOR_GOOD] = 500 }, .used = 100 },
};

static struct prt_chan_account channel(const char *name, enum fill fill)
{
    struct prt_chan_account chan = { .name = name, .capacity = 16, .looks = 100 };

    switch (fill) {
    case FULL: chan.mean = 15000, chan.full = 900, chan.senders = 900; break;
    case FEW: chan.mean = 2000, chan.empty = 100; break;
    default: chan.empty = 900; break;
    }
    return chan;
}

static void check(const struct prt_account *account, const char *wanted)
{
    const struct prt_verdict verdict = prt_verdict_(account);
    char text[300];
    FILE *const to = fmemopen(text, sizeof text, "w");

    prt_verdict_write_(&verdict, to);
    fclose(to);
    ck_assert_str_eq(text, wanted);
}

START_TEST(says)
{
    static const uint32_t first[] = { 0 }, second[] = { 1 };
    const struct run *const run = &runs[_i];
    struct prt_chan_account chans[] = { channel("a", run->a ? run->a : FULL), channel("b", run->b ? run->b : EMPTY) };
    struct prt_stage_account stages[] = {
        { .name = "read", .workers = 1, .fixed = true, .is_source = true, .is_daemon = run->daemon, .outs = first, .nouts = 1 },
        { .name = work_name, .workers = run->workers ? run->workers : 1, .fixed = !run->open, .ins = first, .nins = 1,
          .outs = second, .nouts = 1, .rate = run->rate, .bound = run->bound, .busiest = run->busiest,
          .has_by = run->by },
        { .name = "write", .workers = run->writers ? run->writers : 1, .fixed = true, .ins = second, .nins = 1,
          .bound = run->write_bound },
    };
    const uint32_t *const shares[] = { run->read, run->work, run->write };

    for (int i = 0; i < 3; i++) {
        stages[i].looks = 100;
        memcpy(stages[i].share, shares[i], sizeof stages[i].share);
    }
    check(&(struct prt_account){ .name = "line", .looks = run->looks ? run->looks : 100, .cpus = 4,
                                 .used = run->used ? run->used : 1000, .stages = stages, .nstages = 3, .chans = chans,
                                 .nchans = 2 }, run->verdict);
}
END_TEST

/* Nothing is known of a run that nobody looked at, nor of inline stages. */
START_TEST(nothing_known)
{
    struct prt_stage_account stage = { .is_inline = _i == 0 };

    check(&(struct prt_account){ .name = "line", .looks = 100, .cpus = 1, .stages = &stage, .nstages = _i == 0 },
          "nothing stands out");
}
END_TEST

/* What does not move comes before all that is occupied, and needs no looks at it. */
static const struct {
    uint64_t ns, hung, circle; /* the run; the body; the circle */
    bool lasts, more;
    uint64_t thread;
    const char *verdict;
} stills[] = {
    { 600000000000, 8200000000, 0, true, false, 77, "work has not returned from a body for 8.2 s: its worker 2, thread 77" },
    { 600000000000, 125000000000, 0, true, false, 0, "work has not returned from a body for 2 min: its worker 2" },
    { 20000000000, 8200000000, 0, false, false, 77, "a body of work did not return for 8.2 s: its worker 2, thread 77" },
    { 600000000000, 8200000000, 0, false, false, 77, "nothing stands out" }, /* that was no matter */
    { 20000000000, 0, 3400000000, false, false, 0, "stages wait for each other for 3.4 s: read for room in a, work for an item of b" },
    { 20000000000, 8200000000, 3400000000, true, true, 77,
      "stages wait for each other for 3.4 s: read for room in a, work for an item of b, and so on" },
};

START_TEST(still)
{
    struct prt_stage_account stages[] = { { .name = "read", .workers = 1 }, { .name = "work", .workers = 3 } };
    struct prt_account account = { .name = "line", .looks = 100, .cpus = 1, .stages = stages, .nstages = 2, .ns = stills[_i].ns };

    if (stills[_i].hung)
        account.hang = (struct prt_hang_account){ &stages[1], 2, stills[_i].thread, stills[_i].hung, stills[_i].lasts };
    if (stills[_i].circle)
        account.circle = (struct prt_circle_account){ 2, { { &stages[0], "a", true, false }, { &stages[1], "b", false, false } }, stills[_i].more,
                                                      stills[_i].circle };
    check(&account, stills[_i].verdict);
}
END_TEST

int main(void)
{
    Suite *const suite = suite_create("verdict");

    unit_add(suite, "says", says, 0, sizeof runs / sizeof *runs);
    unit_add(suite, "nothing_known", nothing_known, 0, 2);
    unit_add(suite, "still", still, 0, sizeof stills / sizeof *stills);
    return unit_run(suite);
}
