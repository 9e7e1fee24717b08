/* Small pipelines drawn at random, of stages one behind the other whose bodies are mostly quick and sometimes sleep: the
 * program, what a peer is told, and the time that it can take at best.
 *
 *     drawn pipe SEED      the program, for pipec
 *     drawn stages SEED    items=N cap=N, and for each stage WORKERS:ODDS:NAP:EXPANDS:CAP, with the capacity behind it
 *     drawn ideal SEED     ideal=SECONDS and sum=N
 *     drawn ideal items=N cap=N STAGE…      the same of these stages
 *
 * The ideal is that of the draw: who sleeps takes its time, nothing else takes any. It is played through with the same
 * items, workers and capacities, so a full channel and a late item count. */
#include "uneven.h"

enum { MAX_STAGES = 4, MAX_WORKERS = 24, MAX_CAP = 256 };

struct stage {
    uint64_t workers;
    struct job job; /* odds and nap */
    bool expands;   /* into 0 to 4 items for each */
    uint64_t cap;   /* of the channel behind it */
};

struct drawn {
    uint64_t items, cap, len;
    struct stage stages[MAX_STAGES];
};

/* ---- the draw ---- */

struct dice {
    uint64_t seed, thrown;
};

static uint64_t throw_dice(struct dice *dice, uint64_t least, uint64_t most)
{
    return least + uneven_draw(dice->seed, dice->thrown++) % (most - least + 1);
}

static uint64_t draw_cap(struct dice *dice)
{
    return UINT64_C(1) << throw_dice(dice, 0, 8);
}

/* A stage to which so many items come, whose sleepers need 20 to 200 ms altogether. */
static struct stage draw_stage(struct dice *dice, uint64_t items)
{
    struct stage stage = { .workers = throw_dice(dice, 2, MAX_WORKERS) };
    const uint64_t took = throw_dice(dice, 20000, 200000);
    uint64_t slow;

    stage.job.nap = throw_dice(dice, 1000, 40000);
    slow = took * stage.workers / stage.job.nap + 1;
    stage.job.odds = items / slow < 10 ? 10 : items / slow;
    stage.expands = throw_dice(dice, 1, 4) == 1;
    stage.cap = draw_cap(dice);
    return stage;
}

static struct drawn draw(uint64_t seed)
{
    struct dice dice = { .seed = seed };
    struct drawn drawn = { .items = throw_dice(&dice, 1000, 20000) };
    uint64_t items = drawn.items;

    drawn.cap = draw_cap(&dice);
    drawn.len = throw_dice(&dice, 1, MAX_STAGES);
    for (uint64_t i = 0; i < drawn.len; i++) {
        drawn.stages[i] = draw_stage(&dice, items);
        items *= drawn.stages[i].expands ? 2 : 1;
    }
    return drawn;
}

/* What print_stages() prints. */
static struct drawn parse(int argc, char **argv)
{
    const struct job job = job_parse(4, argv);
    struct drawn drawn = { .items = job.items, .cap = job.cap };

    for (int i = 4; i < argc; i++) {
        struct stage *stage = &drawn.stages[drawn.len];
        int expands = 0;

        if (drawn.len++ == MAX_STAGES ||
            sscanf(argv[i], "%" SCNu64 ":%" SCNu64 ":%" SCNu64 ":%d:%" SCNu64, &stage->workers, &stage->job.odds,
                   &stage->job.nap, &expands, &stage->cap) != 5 ||
            stage->workers > MAX_WORKERS || stage->cap > MAX_CAP || drawn.cap > MAX_CAP)
            job_fail("not a stage, or too large", argv[i]);
        stage->expands = expands != 0;
    }
    return drawn;
}

/* ---- the program ---- */

static void print_stage(const struct stage *stage, uint64_t i)
{
    printf("\nstage s%" PRIu64 " (x <- c%" PRIu64 ") -> c%" PRIu64 "  workers %" PRIu64 " {\n", i, i, i + 1, stage->workers);
    printf("    const struct job job = { .odds = %" PRIu64 ", .nap = %" PRIu64 " };\n", stage->job.odds, stage->job.nap);
    printf("    const uint64_t y = uneven_body(&job, %" PRIu64 ", x);\n\n", i);
    if (stage->expands)
        printf("    for (uint64_t i = 0; i < expand_len(y, %" PRIu64 "); i++)\n        emit(expand_item(y, i));\n}\n", i);
    else
        printf("    emit(y);\n}\n");
}

static void print_pipe(const struct drawn *drawn)
{
    printf("pipeline drawn \"drawn at random\";\n\ninclude \"uneven.h\";\n\n"
           "state {\n    int64_t start;\n    uint64_t sum;\n}\ninit {\n    self->pipe->start = now();\n}\n"
           "final {\n    job_print(self->pipe->start, %" PRIu64 ", self->pipe->sum);\n}\n\n",
           drawn->items);
    printf("channel uint64_t c0[%" PRIu64 "];\n", drawn->cap);
    for (uint64_t i = 0; i < drawn->len; i++)
        printf("channel uint64_t c%" PRIu64 "[%" PRIu64 "];\n", i + 1, drawn->stages[i].cap);
    printf("\nstage source -> c0 {\n    for (uint64_t i = 0; i < %" PRIu64 "; i++)\n        emit(i);\n}\n", drawn->items);
    for (uint64_t i = 0; i < drawn->len; i++)
        print_stage(&drawn->stages[i], i);
    printf("\nstage add (x <- c%" PRIu64 ") {\n    self->pipe->sum += x;\n}\n", drawn->len);
}

static void print_stages(const struct drawn *drawn)
{
    printf("items=%" PRIu64 " cap=%" PRIu64, drawn->items, drawn->cap);
    for (uint64_t i = 0; i < drawn->len; i++) {
        const struct stage *stage = &drawn->stages[i];

        printf(" %" PRIu64 ":%" PRIu64 ":%" PRIu64 ":%d:%" PRIu64, stage->workers, stage->job.odds, stage->job.nap,
               stage->expands, stage->cap);
    }
    printf("\n");
}

/* ---- the ideal ---- */

struct channel {
    uint64_t items[MAX_CAP], cap, first, len;
};

/* Asleep until `wakes`, then it sends item `sent` of `len`; idle where nothing is left to send. */
struct worker {
    uint64_t item, wakes, sent, len;
};

struct play {
    const struct drawn *drawn;
    struct channel channels[MAX_STAGES + 1];
    struct worker workers[MAX_STAGES][MAX_WORKERS];
    uint64_t time, next, sum; /* the time in microseconds, the source's next item, the sum of what arrived */
};

static bool channel_put(struct channel *channel, uint64_t item)
{
    if (channel->len == channel->cap)
        return false;
    channel->items[(channel->first + channel->len++) % channel->cap] = item;
    return true;
}

static bool channel_take(struct channel *channel, uint64_t *item)
{
    if (channel->len == 0)
        return false;
    *item = channel->items[channel->first];
    channel->first = (channel->first + 1) % channel->cap;
    channel->len--;
    return true;
}

static void begin(struct play *play, uint64_t at, struct worker *worker, uint64_t x)
{
    const struct stage *stage = &play->drawn->stages[at];

    worker->item = uneven_result(&stage->job, at, x);
    worker->wakes = play->time + (uneven_is_slow(&stage->job, at, x & UNEVEN_NUMBER) ? stage->job.nap : 0);
    worker->sent = 0;
    worker->len = stage->expands ? expand_len(worker->item, at) : 1;
}

/* Sends and receives until it sleeps, finds no room or finds no item. Returns whether it did anything. */
static bool worker_go_on(struct play *play, uint64_t at, struct worker *worker)
{
    bool went_on = false;
    uint64_t x;

    while (worker->wakes <= play->time) {
        if (worker->sent < worker->len) {
            x = play->drawn->stages[at].expands ? expand_item(worker->item, worker->sent) : worker->item;
            if (!channel_put(&play->channels[at + 1], x))
                break;
            worker->sent++;
        } else {
            if (!channel_take(&play->channels[at], &x))
                break;
            begin(play, at, worker, x);
        }
        went_on = true;
    }
    return went_on;
}

/* Everything that can happen at this time. */
static void go_on(struct play *play)
{
    const uint64_t last = play->drawn->len;
    bool went_on;
    uint64_t x;

    do {
        went_on = false;
        while (channel_take(&play->channels[last], &x))
            play->sum += x;
        for (uint64_t at = last; at-- > 0;)
            for (uint64_t i = 0; i < play->drawn->stages[at].workers; i++)
                went_on |= worker_go_on(play, at, &play->workers[at][i]);
        while (play->next < play->drawn->items && channel_put(&play->channels[0], play->next)) {
            play->next++;
            went_on = true;
        }
    } while (went_on);
}

/* When the next sleeper wakes; UINT64_MAX if nobody sleeps. */
static uint64_t next_time(const struct play *play)
{
    uint64_t next = UINT64_MAX;

    for (uint64_t at = 0; at < play->drawn->len; at++)
        for (uint64_t i = 0; i < play->drawn->stages[at].workers; i++) {
            const uint64_t wakes = play->workers[at][i].wakes;

            if (wakes > play->time && wakes < next)
                next = wakes;
        }
    return next;
}

static void print_ideal(const struct drawn *drawn)
{
    static struct play play;
    uint64_t next = 0;

    play.drawn = drawn;
    play.channels[0].cap = drawn->cap;
    for (uint64_t i = 0; i < drawn->len; i++)
        play.channels[i + 1].cap = drawn->stages[i].cap;
    while (next != UINT64_MAX) {
        play.time = next;
        go_on(&play);
        next = next_time(&play);
    }
    printf("ideal=%.6f sum=%" PRIu64 "\n", (double)play.time / 1e6, play.sum);
}

int main(int argc, char **argv)
{
    struct drawn drawn;

    if (argc != 3 && argc < 5)
        job_fail("usage", "drawn pipe|stages|ideal SEED");
    drawn = argc == 3 ? draw(strtoull(argv[2], NULL, 10)) : parse(argc, argv);
    if (strcmp(argv[1], "pipe") == 0)
        print_pipe(&drawn);
    else if (strcmp(argv[1], "stages") == 0)
        print_stages(&drawn);
    else if (strcmp(argv[1], "ideal") == 0)
        print_ideal(&drawn);
    else
        job_fail("no such command", argv[1]);
    return 0;
}
