/* Tests of a random program (`test` of the language), on standard output: some of its stages, what they are fed, and what
 * the sequential run says that comes of it. One test says so and passes; the other has a mistake on the line that ends with
 * "// wrong", where it is to be told.
 *
 * The sequential run gets a graph of those stages alone, in which other stages' places are taken by a source for each channel
 * that is fed and a sink for each that is looked at.
 */
#include "graph.h"

#include <inttypes.h>
#include <stdio.h>

#include "kit.h"

enum { MOST_RECEIVED = 4000, MOST_LOOKED_AT = 300, DRAWS = 60 };
enum mistake { NO_MISTAKE, ANOTHER_ITEM, ITEM_LEFT_OUT, ITEM_TOO_MANY };

struct trial {
    const struct graph *graph;
    struct graph part;              /* what runs, and the edge */
    bool runs[MAX_STAGES];
    int feeds[MAX_CHANNELS], looks[MAX_CHANNELS]; /* the place in `part` of its source or sink; -1: none */
    int nfed;                       /* items, of each channel that is fed */
    struct expected expected;
};

/* ---- what runs ------------------------------------------------------------------------------------------------------ */

static bool has_twin(const struct graph *graph, int s)
{
    for (int t = 0; t < graph->nstages; t++)
        if (t != s && graph->stages[t].twin_of == graph->stages[s].twin_of)
            return true;
    return false;
}

/* A letter that is fed has to look like one of the stage that did not run: only where all its batches fail any item will do. */
static bool can_be_fed(const struct graph *graph, int c)
{
    for (int s = 0; s < graph->nstages && graph->channels[c].letters; s++)
        if (graph->stages[s].letters_to == c)
            return graph->stages[s].loses;
    return true;
}

/* What comes of it follows from what it gets, and from nothing else; nor does it depend on time which stage fails how often. */
static bool may_run(const struct graph *graph, int s)
{
    const struct stage *stage = &graph->stages[s];

    if (stage->may_leave || stage->limit > 0 || stage->is_daemon || stage->in_cycle || stage->loses
        || (stage->skips && (stage->batch > 0 || has_twin(graph, s))))
        return false;
    for (int i = 0; i < stage->nin; i++)
        if (graph->channels[stage->in[i]].policy != POLICY_WAIT)
            return false;
    for (int o = 0; o < stage->nout; o++)
        if (graph->channels[stage->out[o].channel].policy != POLICY_WAIT)
            return false;
    return true;
}

static void draw_stages(struct trial *trial, uint64_t *random)
{
    const int percent = 25 + 25 * random_below(random, 4);

    for (int s = 0; s < trial->graph->nstages; s++)
        trial->runs[s] = may_run(trial->graph, s) && random_chance(random, percent);
    for (int s = 0; s < trial->graph->nstages; s++) { /* those that compete, together */
        const int of = trial->graph->stages[s].twin_of;

        trial->runs[s] = trial->runs[s] && trial->runs[of];
        trial->runs[of] = trial->runs[of] && trial->runs[s];
    }
    for (int s = 0; s < trial->graph->nstages; s++)
        trial->runs[s] = trial->runs[s] && trial->runs[trial->graph->stages[s].twin_of];
}

static bool sends(const struct stage *stage, int c)
{
    for (int o = 0; o < stage->nout; o++)
        if (stage->out[o].channel == c)
            return true;
    return stage->letters_to > 0 && stage->letters_to == c;
}

static bool receives(const struct stage *stage, int c)
{
    for (int i = 0; i < stage->nin; i++)
        if (stage->in[i] == c)
            return true;
    return false;
}

/* The next place of a stage that does not run. -1: there is none. */
static int free_place(struct trial *trial, int *place)
{
    for (; *place < MAX_STAGES; ++*place)
        if (*place >= trial->graph->nstages || !trial->runs[*place])
            return (*place)++;
    return -1;
}

/* False where the places do not suffice, or a channel cannot be fed. */
static bool add_edge(struct trial *trial, int c, int *place)
{
    struct channel *channel = &trial->part.channels[c];
    bool sent = false, received = false;

    for (int s = 0; s < trial->graph->nstages; s++) {
        sent |= trial->runs[s] && sends(&trial->graph->stages[s], c);
        received |= trial->runs[s] && receives(&trial->graph->stages[s], c);
    }
    trial->feeds[c] = received && !sent ? free_place(trial, place) : -1;
    trial->looks[c] = sent && !received ? free_place(trial, place) : -1;
    if ((received && !sent && trial->feeds[c] < 0) || (sent && !received && trial->looks[c] < 0))
        return false;
    if (trial->feeds[c] >= 0) {
        trial->part.stages[trial->feeds[c]] = (struct stage){
            .twin_of = trial->feeds[c], .items = trial->nfed, .nout = 1, .out = { { .channel = c, .count = COUNT_ONE } } };
        channel->senders = 1;
        return can_be_fed(trial->graph, c);
    }
    if (trial->looks[c] >= 0) {
        trial->part.stages[trial->looks[c]] = (struct stage){ .twin_of = trial->looks[c], .nin = 1, .in = { c } };
        channel->receivers = 1;
        channel->tap = 0;
    }
    return true;
}

static void leave_out(struct stage *stage, int s)
{
    *stage = (struct stage){ .twin_of = s };
}

/* The sequential run's graph, and what it says. */
static bool make_part(struct trial *trial)
{
    uint64_t all[MAX_STAGES];
    int workers[MAX_STAGES], place = 1; /* a tap of 0 is none, so a sink has another place */
    bool looks = false;

    trial->part = *trial->graph;
    trial->part.nstages = MAX_STAGES;
    for (int s = 0; s < MAX_STAGES; s++)
        if (s >= trial->graph->nstages || !trial->runs[s])
            leave_out(&trial->part.stages[s], s);
    for (int c = 0; c < trial->graph->nchannels; c++) {
        if (!add_edge(trial, c, &place))
            return false;
        looks |= trial->looks[c] >= 0;
    }
    for (int s = 0; s < MAX_STAGES; s++) {
        workers[s] = trial->part.stages[s].workers;
        all[s] = UINT64_MAX;
    }
    if (!looks)
        return false;
    oracle_run(&trial->part, all, workers, MOST_RECEIVED, &trial->expected);
    if (!trial->expected.too_many)
        return true;
    oracle_free(&trial->expected);
    return false;
}

static size_t looked_at(const struct trial *trial)
{
    size_t n = 0;

    for (int c = 0; c < trial->graph->nchannels; c++)
        n += trial->looks[c] >= 0 ? trial->expected.received[trial->looks[c]].n : 0;
    return n;
}

/* ---- as text -------------------------------------------------------------------------------------------------------- */

static void write_fed(const struct trial *trial, int c)
{
    static const char *const items[] = {
        "(%s)", "(large_make(%s))", "(&%s)",
        "{ .held = { (unsigned char *)&%s, sizeof(struct item) }, .names = (char *[]){ (char *)\"held\" }, .names_len = 1 }" };
    const bool letters = trial->graph->channels[c].letters;

    if (trial->nfed == 0)
        printf("    c%d <- ;\n", c);
    for (int n = 0; n < trial->nfed; n++) {
        char item[120];

        snprintf(item, sizeof item, "(struct item){ 0x%" PRIx64 "u, %d, 65535, 0 }",
                 kit_key((uint64_t)n, (unsigned)trial->feeds[c], 0, 0), n + 1);
        printf(letters ? "    c%d <- { .item = " : "    c%d <- ", c);
        printf(items[trial->graph->channels[c].type], item);
        printf(letters ? ", .reason = \"lost\", .attempts = 1 };\n" : ";\n");
    }
}

/* Items of these types cannot be compared, so a stage of the test sends what can be. */
static void write_looks(const struct trial *trial, int c)
{
    static const char *const types[] = { "plain", "large", "box", "parcel" };

    printf("    channel uint64_t k%d[64];\n"
           "    stage look%d (x <- c%d) -> k%d { emit(%s_item(x%s).key); }\n", c, c, c, c,
           types[trial->graph->channels[c].type], trial->graph->channels[c].letters ? ".item" : "");
}

static void write_key(uint64_t key)
{
    printf(key > INT64_MAX ? "(0x%" PRIx64 "u)" : "%" PRIu64, key);
}

static void write_expected(const struct trial *trial, int c, enum mistake mistake, uint64_t *random)
{
    const struct keys *keys = &trial->expected.received[trial->looks[c]];
    const char *unordered = keys->alike == 1 ? "" : "unordered ";
    const size_t n = keys->n - (mistake == ITEM_LEFT_OUT && keys->n > 0);
    const size_t wrong = mistake == ANOTHER_ITEM && n > 0 ? (size_t)random_below(random, (int)n) : SIZE_MAX;

    for (size_t i = 0; i < n; i++) {
        printf("    k%d -> %s", c, unordered);
        write_key(keys->key[i] ^ (i == wrong));
        printf(i == wrong || (mistake == ITEM_LEFT_OUT && i + 1 == n) ? ";    // wrong\n" : ";\n");
    }
    if (mistake == ITEM_TOO_MANY || (mistake == ANOTHER_ITEM && n == 0))
        printf("    k%d -> %s3;    // wrong\n", c, unordered);
    else if (n == 0)
        printf("    k%d -> ;%s\n", c, mistake == ITEM_LEFT_OUT && keys->n > 0 ? "    // wrong" : "");
}

static void write_failures(const struct trial *trial, int s)
{
    const uint64_t n = trial->expected.skipped[s] + trial->expected.dead[s];

    for (uint64_t i = 0; i < n; i++)
        printf("    fail s%d \"skipped\";\n", s);
}

static void write_test(const struct trial *trial, const char *title, int wrong_channel, enum mistake mistake, uint64_t *random)
{
    const char *before = "    run s";

    printf("\ntest \"%s\" {\n", title);
    for (int s = 0; s < trial->graph->nstages; s++)
        if (trial->runs[s]) {
            printf("%s%d", before, s);
            before = ", s";
        }
    printf(";\n    final {\n"
           "        if (kit_shared->errors > 0 || kit_shared->boxes != 0) {\n"
           "            fprintf(stderr, \"%%s; %%lld items left\\n\", kit_shared->error, (long long)kit_shared->boxes);\n"
           "            abort();\n        }\n    }\n");
    for (int c = 0; c < trial->graph->nchannels; c++) {
        if (trial->feeds[c] >= 0)
            write_fed(trial, c);
        if (trial->looks[c] < 0)
            continue;
        write_looks(trial, c);
        write_expected(trial, c, c == wrong_channel ? mistake : NO_MISTAKE, random);
    }
    for (int s = 0; s < trial->graph->nstages; s++)
        if (trial->runs[s])
            write_failures(trial, s);
    printf("}\n");
}

/* A channel that is looked at; where something comes, if there is such a one. */
static int draw_wrong(const struct trial *trial, uint64_t *random)
{
    const int first = random_below(random, trial->graph->nchannels);
    int found = -1;

    for (int i = 0; i < trial->graph->nchannels; i++) {
        const int c = (first + i) % trial->graph->nchannels;

        if (trial->looks[c] >= 0 && (found < 0 || trial->expected.received[trial->looks[found]].n == 0))
            found = c;
    }
    return found;
}

bool graph_write_tests(const struct graph *graph)
{
    uint64_t random = graph->seed * 31 + 5;

    for (int draw = 0; draw < DRAWS; draw++) {
        struct trial trial = { .graph = graph, .nfed = 1 + random_below(&random, 40) };
        bool drawn = false;

        draw_stages(&trial, &random);
        if (!make_part(&trial))
            continue;
        if (looked_at(&trial) > 0 && looked_at(&trial) <= MOST_LOOKED_AT) {
            const int c = draw_wrong(&trial, &random);
            enum mistake mistake = (enum mistake)(1 + random_below(&random, 3));

            write_test(&trial, "what the sequential run says", -1, NO_MISTAKE, &random);
            write_test(&trial, "with a mistake", c, mistake, &random);
            drawn = true;
        }
        oracle_free(&trial.expected);
        if (drawn)
            return true;
    }
    return false;
}
