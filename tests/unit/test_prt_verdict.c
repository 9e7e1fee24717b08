/* What holds a run back, from accounts made by hand: each rule, and what is just short of it. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "program/verdict.h"

enum { STAGES = 3, CHANS = 2 };

/* source -> a -> work -> b -> sink. The middle one holds up the rest: the source waits for room, the sink for items. */
static struct prt_stage_account stages[STAGES];
static struct prt_chan_account chans[CHANS];
static struct prt_account account;
static const uint32_t first[] = { 0 }, second[] = { 1 };
static char text[300];

static struct prt_stage_account *const source = &stages[0], *const work = &stages[1], *const sink = &stages[2];

static void begin(void)
{
    memset(stages, 0, sizeof stages);
    stages[0] = (struct prt_stage_account){ .name = "read", .workers = 1, .fixed = true, .is_source = true, .outs = first, .nouts = 1,
                                            .looks = 100 };
    stages[1] = (struct prt_stage_account){ .name = "work", .workers = 1, .fixed = true, .ins = first, .nins = 1, .outs = second,
                                            .nouts = 1, .looks = 100 };
    stages[2] = (struct prt_stage_account){ .name = "write", .workers = 1, .fixed = true, .ins = second, .nins = 1, .looks = 100 };
    chans[0] = (struct prt_chan_account){ .name = "a", .capacity = 16, .looks = 100, .mean = 15000, .full = 900, .senders = 900 };
    chans[1] = (struct prt_chan_account){ .name = "b", .capacity = 16, .looks = 100, .empty = 900 };
    account = (struct prt_account){ .name = "line", .looks = 100, .cpus = 4, .used = 1000, .stages = stages, .nstages = STAGES,
                                    .chans = chans, .nchans = CHANS };
    source->share[PRT_FOR_ROOM] = 900;
    sink->share[PRT_FOR_ITEM] = 950;
}

static void says(const char *wanted)
{
    const struct prt_verdict verdict = prt_verdict_(&account);
    FILE *const to = fmemopen(text, sizeof text, "w");

    prt_verdict_write_(&verdict, to);
    fclose(to);
    ck_assert_str_eq(text, wanted);
}

START_TEST(busy)
{
    begin();
    work->share[PRT_FOR_NOTHING] = 960;
    says("work holds up the rest: its worker is busy 96% of the time and processors are idle");
    work->fixed = false;
    says("work holds up the rest: its worker is busy 96% of the time and processors are idle; try --workers work=2");
    work->workers = 3; /* of four processors one is left */
    account.used = 3000;
    says("work holds up the rest: its 3 workers are busy 96% of the time and processors are idle; try --workers work=4");
}
END_TEST

/* Bodies are ready to run and do not: others have the processors. No more workers would help. */
START_TEST(contended)
{
    begin();
    work->fixed = false;
    work->share[PRT_FOR_NOTHING] = 960;
    account.used = 500;
    says("work holds up the rest: its worker is busy 96% of the time");
}
END_TEST

START_TEST(processors)
{
    begin();
    work->workers = 16;
    work->share[PRT_FOR_NOTHING] = 230;
    work->share[PRT_FOR_THREAD] = 720;
    account.used = 3900;
    says("work takes 100% of the processors' time, and none of them is idle");
    sink->share[PRT_FOR_NOTHING] = 40;
    sink->workers = 100;
    says("processors are short: work could go on 72% of the time and had none"); /* the others take more of them */
    account.used = 1000; /* other programs do */
    says("processors are short: work could go on 72% of the time and had none");
}
END_TEST

/* No thread is at it, though there are processors: it is as well as it is. */
START_TEST(unserved)
{
    begin();
    work->share[PRT_FOR_THREAD] = 960;
    says("nothing stands out");
}
END_TEST

/* A few items that lie in front of a stage until a thread takes them make it no bottleneck, nor one more. */
START_TEST(few_items)
{
    begin();
    work->share[PRT_FOR_NOTHING] = 960;
    sink->share[PRT_FOR_ITEM] = 100;
    sink->share[PRT_FOR_THREAD] = 900;
    chans[1].empty = 100;
    chans[1].mean = 2000;
    says("work holds up the rest: its worker is busy 96% of the time and processors are idle");
}
END_TEST

START_TEST(asleep)
{
    begin();
    account.used = 100;
    work->workers = 4;
    work->fixed = false;
    work->share[PRT_FOR_KERNEL] = 960;
    says("work holds up the rest: its 4 workers are asleep in the kernel 96% of the time; try --workers work=8");
    /* What is not asleep waits for processors that others have. */
    work->share[PRT_FOR_KERNEL] = 400;
    work->share[PRT_FOR_NOTHING] = 560;
    says("work holds up the rest: its 4 workers are asleep in the kernel 40% of the time; try --workers work=8");
}
END_TEST

START_TEST(slow_source)
{
    begin();
    source->share[PRT_FOR_ROOM] = 0;
    source->share[PRT_FOR_KERNEL] = 980;
    work->share[PRT_FOR_ITEM] = 900;
    chans[0] = chans[1];
    says("the source read is slow: its worker is asleep in the kernel 98% of the time");
    source->share[PRT_FOR_KERNEL] = 0;
    source->share[PRT_FOR_NOTHING] = 980;
    says("the source read is slow: its worker is busy 98% of the time and processors are idle");
    work->share[PRT_FOR_ITEM] = 100; /* nobody waits for what it sends */
    work->share[PRT_FOR_NOTHING] = 100;
    says("nothing stands out");
}
END_TEST

START_TEST(rates)
{
    begin();
    work->share[PRT_FOR_NOTHING] = 600;
    work->share[PRT_FOR_RATE] = 380;
    work->rate = "api";
    says("the rate api sets the pace: work waits for it 38% of the time");
    work->rate = work->name;
    says("the rate of work sets the pace: work waits for it 38% of the time");
    work->rate = NULL;
    says("the ticks of work set the pace: it waits for them 38% of the time");
    work->share[PRT_FOR_NOTHING] = 800;
    work->share[PRT_FOR_RATE] = 200; /* it would not go much faster without */
    says("work holds up the rest: its worker is busy 80% of the time and processors are idle");
}
END_TEST

/* A source with ticks sets the pace only where nothing else does: it may be there to tell how far all is. */
START_TEST(clocks)
{
    begin();
    source->share[PRT_FOR_ROOM] = 0;
    source->share[PRT_FOR_RATE] = 990;
    work->share[PRT_FOR_KERNEL] = 800;
    account.used = 100;
    says("work holds up the rest: its worker is asleep in the kernel 80% of the time");
    work->share[PRT_FOR_KERNEL] = 0;
    work->share[PRT_FOR_ITEM] = 900;
    says("the ticks of read set the pace: it waits for them 99% of the time");
}
END_TEST

START_TEST(bounds)
{
    begin();
    work->share[PRT_FOR_KERNEL] = 500;
    work->share[PRT_FOR_BOUND] = 460;
    work->bound = "db";
    says("the bound db sets the pace: work waits for it 46% of the time");
    sink->share[PRT_FOR_ITEM] = 0; /* two share it */
    sink->share[PRT_FOR_KERNEL] = 500;
    sink->share[PRT_FOR_BOUND] = 490;
    says("nothing stands out");
    sink->bound = work->bound;
    chans[1] = chans[0];
    says("the bound db sets the pace: write waits for it 49% of the time; next comes work, 96%");
}
END_TEST

START_TEST(turns)
{
    begin();
    work->workers = 4;
    work->share[PRT_FOR_KERNEL] = 300;
    work->share[PRT_FOR_TURN] = 660;
    says("order holds up work: its 4 workers wait 66% of the time until an earlier item is done");
}
END_TEST

START_TEST(attempts)
{
    begin();
    work->share[PRT_FOR_RETRY] = 960;
    says("work holds up the rest: its worker waits 96% of the time to try again");
}
END_TEST

START_TEST(skew)
{
    begin();
    source->share[PRT_FOR_ROOM] = 0;
    source->share[PRT_FOR_GOOD] = 990;
    work->workers = 4;
    work->busiest = 980;
    work->share[PRT_FOR_NOTHING] = 260;
    work->share[PRT_FOR_ITEM] = 740;
    chans[0] = chans[1];
    says("work is uneven: one of its 4 workers is at work 98% of the time, and the others are not");
    work->share[PRT_FOR_NOTHING] = 600; /* the others had work too */
    work->share[PRT_FOR_ITEM] = 400;
    says("nothing stands out");
}
END_TEST

/* One stage stands out only by a distance, and tells who would be next. */
START_TEST(next)
{
    begin();
    work->share[PRT_FOR_NOTHING] = 960;
    sink->share[PRT_FOR_ITEM] = 350;
    sink->share[PRT_FOR_NOTHING] = 640;
    account.used = 1600;
    says("work holds up the rest: its worker is busy 96% of the time and processors are idle; next comes write, 64%");
    sink->share[PRT_FOR_NOTHING] = 850;
    says("nothing stands out");
    sink->share[PRT_FOR_NOTHING] = 0;
    work->share[PRT_FOR_NOTHING] = 650;
    says("nothing stands out");
}
END_TEST

START_TEST(short_run)
{
    begin();
    work->share[PRT_FOR_NOTHING] = 960;
    account.looks = 39;
    says("the run was too short to say what held it back");
}
END_TEST

/* Two do the same, and one of them is done a little earlier than the other, which therefore held up nobody; or long before. */
START_TEST(ended)
{
    begin();
    account.used = 100;
    work->share[PRT_FOR_KERNEL] = 990;
    sink->share[PRT_FOR_ITEM] = 40;
    sink->share[PRT_FOR_KERNEL] = 760;
    sink->share[PRT_FOR_GOOD] = 200;
    says("nothing stands out");
    sink->share[PRT_FOR_KERNEL] = 460;
    sink->share[PRT_FOR_GOOD] = 500;
    says("work holds up the rest: its worker is asleep in the kernel 99% of the time");
}
END_TEST

/* Nothing is known of a run that nobody looked at, nor of inline stages. */
START_TEST(nothing_known)
{
    memset(stages, 0, sizeof stages);
    account = (struct prt_account){ .name = "line", .looks = 100, .cpus = 1, .stages = stages, .nstages = 1 };
    stages[0].is_inline = true;
    says("nothing stands out");
    account.nstages = 0;
    says("nothing stands out");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = { busy, contended, processors, unserved, few_items, asleep, slow_source, rates, clocks, bounds, turns,
                                   attempts, skew, next, ended, short_run, nothing_known };

    return unit_run_all("verdict", tests, sizeof tests / sizeof *tests);
}
