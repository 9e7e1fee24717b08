/* The graph as a .pipe file, on standard output. */
#include "graph.h"

#include <stdio.h>

static const char *const type_names[] = { "plain", "large", "box", "parcel" };

static const char *type_of(const struct graph *graph, int channel)
{
    return type_names[graph->channels[channel].type];
}

static void write_channels(const struct graph *graph)
{
    static const char *const policies[] = { "", " drop newest", " drop oldest" };

    for (int c = 0; c < graph->nchannels; c++) {
        const char *broadcast = graph->channels[c].tap > 0 ? " broadcast" : graph->channels[c].letters ? " dead" : "";

        if (graph->channels[c].cap == GROWING)
            printf("channel %s c%d[*]%s;\n", type_of(graph, c), c, broadcast);
        else
            printf("channel %s c%d[%d]%s%s;\n", type_of(graph, c), c, graph->channels[c].cap, broadcast,
                   policies[graph->channels[c].policy]);
    }
}

static void write_types(const struct graph *graph)
{
    static const char *const types[] = {
        "type plain = struct item;", "type large = struct large;", "type box = struct item * drop box_drop clone box_clone;",
        "record parcel { bytes held; string names[]; }\n"
        "%{\n"
        "static parcel parcel_make(struct item item)\n"
        "{\n"
        "    parcel made = { { malloc(sizeof item), sizeof item }, calloc(1, sizeof(char *)), 1 };\n\n"
        "    if (!made.held.data || !made.names)\n        abort();\n"
        "    memcpy(made.held.data, &item, sizeof item);\n    made.names[0] = strdup(\"held\");\n    return made;\n"
        "}\n\n"
        "static struct item parcel_item(parcel parcel)\n"
        "{\n"
        "    struct item item;\n\n"
        "    memcpy(&item, parcel.held.data, sizeof item);\n    return item;\n"
        "}\n"
        "%}" };
    bool used[ITEM_TYPES] = { false };

    for (int c = 0; c < graph->nchannels; c++)
        used[graph->channels[c].type] = true;
    for (int type = 0; type < ITEM_TYPES; type++)
        if (used[type])
            printf("%s\n", types[type]);
}

static void write_limits(const struct graph *graph)
{
    bool rates[MAX_SHARED] = { false }, bounds[MAX_SHARED] = { false };

    for (int s = 0; s < graph->nstages; s++) {
        if (graph->stages[s].rate > 0 && graph->stages[s].shared_rate >= 0)
            rates[graph->stages[s].shared_rate] = true;
        if (graph->stages[s].bound.n > 0 && graph->stages[s].bound.shared >= 0)
            bounds[graph->stages[s].bound.shared] = true;
    }
    for (int r = 0; r < graph->nrates; r++)
        if (rates[r])
            printf("rate r%d = %ld/s burst %d;\n", r, graph->rates[r], r + 1);
    for (int b = 0; b < graph->nbounds; b++)
        if (bounds[b])
            printf("bound b%d = %d;\n", b, graph->bounds[b]);
}

static bool is_called(const struct graph *graph, int channel)
{
    for (int t = 0; t < graph->nstages; t++)
        for (int i = 0; i < graph->stages[t].nin; i++)
            if (graph->stages[t].is_inline && graph->stages[t].in[i] == channel)
                return true;
    return false;
}

/* Where branches meet an item that is late is missing. */
static bool has_zip(const struct graph *graph)
{
    for (int s = 0; s < graph->nstages; s++)
        if (graph->stages[s].is_zip)
            return true;
    return false;
}

/* Some stages take their items themselves, where nothing asks for a body for each: what arrives is the same. With a zip in
 * the graph none does, since nobody knows how many items such a body sends for each. */
static bool pulls(const struct graph *graph, int s)
{
    const struct stage *stage = &graph->stages[s];

    if (has_zip(graph))
        return false;
    for (int i = 0; i < stage->nin; i++)
        if (graph->channels[stage->in[i]].in_cycle)
            return false;
    return (graph->seed + (uint64_t)s) % 3 == 0 && stage->nin > 0 && !stage->ordered && !stage->is_inline && !stage->skips &&
           !stage->holds && !stage->in_cycle && !stage->batch && stage->rate == 0 && stage->bound.n == 0 && stage->by == 0 &&
           !graph_sets_aside(stage);
}

/* Some stages give an item that fails more attempts, and some of their items take them, having sent what is undone then:
 * what arrives is the same. */
static bool has_attempts(const struct graph *graph, int s)
{
    const struct stage *stage = &graph->stages[s];

    for (int o = 0; o < stage->nout; o++)
        if (stage->out[o].back || stage->out[o].count == COUNT_MANY || is_called(graph, stage->out[o].channel) ||
            (stage->skips && stage->out[o].count == COUNT_THREE))
            return false;
    return (graph->seed * 7 + (uint64_t)s) % 3 == 0 && stage->nin > 0 && !pulls(graph, s) && !stage->is_inline && !stage->holds && !stage->loses;
}

/* Of a batch that may be tried again: what it sends at most, however many of its items send. */
static int batch_most(const struct stage *stage, enum count count)
{
    return stage->batch * (count == COUNT_ONE || count == COUNT_MAYBE ? 1 : 3);
}

/* As its keys see it. */
static const char *one_item(const struct stage *stage)
{
    return stage->batch ? "*xs" : "x";
}

static void write_head(const struct graph *graph, int s)
{
    const struct stage *stage = &graph->stages[s];
    char then[32] = "";
    static const char *const promises[] = { "", "[0..1]", "[3]", "[0..3]", "" };

    printf("\nstage s%d", s);
    if (stage->batch)
        printf(" (xs[%d] <- c%d", stage->batch, stage->in[0]);
    for (int i = 0; pulls(graph, s) && i < stage->nin; i++)
        printf(i == 0 ? " (pull x <- c%d" : ", pull y <- c%d", stage->in[i]);
    for (int i = stage->batch ? 1 : 0; !pulls(graph, s) && i < stage->nin; i++)
        printf(i == 0 ? " (x <- c%d" : stage->is_zip ? ", y <- c%d" : stage->prefers ? " > c%d" : " | c%d", stage->in[i]);
    if (stage->within_us)
        printf(" within %dus", stage->within_us);
    if (stage->batch_weight)
        printf(" weight (kit_load(%s_item(*xs).key)) %d", type_of(graph, stage->in[0]), stage->batch_weight);
    if (stage->batch_per)
        printf(" per (%s_item(*xs).key %% %d)", type_of(graph, stage->in[0]), stage->batch_per);
    printf(stage->nin > 0 ? ")" : "");
    for (int o = 0; o < stage->nout; o++) {
        const struct port *port = &stage->out[o];
        const bool free = stage->holds || stage->batch > 0 || port->back || (stage->skips && port->count == COUNT_THREE) ||
                          stage->nin == 0 || pulls(graph, s);

        printf("%s c%d", o == 0 ? " ->" : ",", port->channel);
        if (has_attempts(graph, s) && stage->batch > 0)
            printf("[0..%d]", batch_most(stage, port->count));
        else
            printf("%s", has_attempts(graph, s) && port->count == COUNT_ONE ? "[1]" : free ? "" : promises[port->count]);
    }
    if (stage->is_daemon)
        printf("  daemon");
    if (stage->workers > 0)
        printf("  workers %d", stage->workers);
    if (stage->ordered)
        printf("  ordered");
    if (stage->ordered && s % 3 > 0) /* from as few items as there are workers to many more */
        printf("[%d]", stage->workers + s * s);
    if (stage->is_inline)
        printf("  inline");
    if (stage->blocking)
        printf("  blocking");
    if (stage->every_us > 0)
        printf("  every %dus", stage->every_us);
    if (stage->rate > 0 && stage->shared_rate >= 0)
        printf("  rate r%d", stage->shared_rate);
    else if (stage->rate > 0)
        printf("  rate %ld/s burst %d", stage->rate, stage->burst);
    if (stage->bound.n > 0) {
        if (stage->bound.shared >= 0)
            printf("  bound b%d", stage->bound.shared);
        else
            printf("  bound %d", stage->bound.n);
        if (stage->bound.weighted && stage->is_zip)
            printf(" weight (kit_weight(kit_pair(%s_item(x), %s_item(y)).key, %d))", type_of(graph, stage->in[0]),
                   type_of(graph, stage->in[1]), stage->bound.n);
        else if (stage->bound.weighted)
            printf(" weight (kit_weight(%s_item(x).key, %d))", type_of(graph, stage->in[0]), stage->bound.n);
    }
    if (stage->by > 0)
        printf("  by (%s_item(%s).key %% %d)", type_of(graph, stage->in[0]), one_item(stage), stage->by);
    if (stage->rate_per > 0)
        printf("  rate 50K/s burst 3 per (%s_item(x).key %% %d) cost (%s_item(x).key %% 3)", type_of(graph, stage->in[0]),
               stage->rate_per, type_of(graph, stage->in[0]));
    if (stage->bound_per > 0)
        printf("  bound %d per (%s_item(%s).key %% %d)", stage->per_n, type_of(graph, stage->in[0]), one_item(stage),
               stage->bound_per);
    if (stage->letters_to > 0)
        snprintf(then, sizeof then, " then -> c%d", stage->letters_to);
    else if (stage->skips)
        snprintf(then, sizeof then, " then skip");
    if (has_attempts(graph, s))
        printf("%s  on fail retry 3 backoff %dus..%dus%s\n", s % 2 && !has_zip(graph) ? "  timeout 10m" : "", 1 + s * 7, 40 + s * 9,
               then);
    else
        printf("%s%s\n", stage->skips || stage->loses ? "  on fail" : "", then);
}

/* Some stages send without waiting first, and wait where that was not possible: what arrives is the same. */
static bool tries(const struct graph *graph, int s, int o)
{
    const struct channel *channel = &graph->channels[graph->stages[s].out[o].channel];

    return (graph->seed + (uint64_t)s + (uint64_t)o) % 4 == 0 && channel->cap != 0 &&
           !is_called(graph, graph->stages[s].out[o].channel) && channel->policy != POLICY_OLDEST && channel->tap == 0;
}

static void write_try(const struct graph *graph, int s, int o, const char *value)
{
    const struct stage *stage = &graph->stages[s];
    const int c = stage->out[o].channel;
    const char *type = type_of(graph, c);
    char to[20] = "";

    if (stage->nout > 1)
        snprintf(to, sizeof to, "c%d, ", c);
    printf("{\n            %s tried = %s_make(%s);\n\n            if (!try_emit(%stried))\n"
           "                emit(%stried);\n        }\n", type, type, value, to, to);
}

static void write_emit(const struct graph *graph, int s, int o, const char *value)
{
    const struct stage *stage = &graph->stages[s];

    if (tries(graph, s, o))
        write_try(graph, s, o, value);
    else if (stage->nout > 1)
        printf("emit(c%d, %s_make(%s));\n", stage->out[o].channel, type_of(graph, stage->out[o].channel), value);
    else
        printf("emit(%s_make(%s));\n", type_of(graph, stage->out[o].channel), value);
}

static void write_output(const struct graph *graph, int s, int o)
{
    const struct stage *stage = &graph->stages[s];
    const struct port *port = &stage->out[o];
    char value[100];
    const char *count = port->back ? "kit_back_count(item.key, %d, %d, item.depth)" : "kit_count(item.key, %d, %d, %d)";

    snprintf(value, sizeof value, "kit_item(kit, %d, kit_key(item.key, %d, %d, %s), item.depth%s)", o, stage->twin_of, o,
             port->count == COUNT_ONE && !port->back ? "0" : port->count == COUNT_MAYBE && !port->back ? "0" : "i",
             port->back ? " + 1" : "");
    if (!port->back && port->count == COUNT_ONE) {
        printf("    ");
    } else if (!port->back && port->count == COUNT_MAYBE) {
        printf("    if (kit_count(item.key, %d, %d, %d) > 0)\n        ", stage->twin_of, o, port->count);
    } else {
        printf("    for (unsigned i = 0, n = ");
        printf(count, stage->twin_of, o, port->count);
        printf("; i < n; i++)\n        ");
    }
    write_emit(graph, s, o, value);
}

/* Some stages sleep by wait_for(): what arrives is the same. */
static void write_cost(const struct graph *graph, int s, const char *key)
{
    const struct stage *stage = &graph->stages[s];
    const bool waits = stage->sleep_each > 0 && (graph->seed + (uint64_t)s) % 2 == 0;

    printf("    kit_cost(%s, %d, %d, %d);\n", key, stage->spin, stage->sleep_us, waits ? 0 : stage->sleep_each);
    if (waits)
        printf("    if (kit_sleeps(%s, %d) && wait_for(-1, 0, %dus) > 0)\n"
               "        kit_error(\"stage s%d: nothing is ready at no descriptor\");\n", key, stage->sleep_each, stage->sleep_us, s);
}

/* Its inputs are 0, 1, 2, ...; it says how many items it has sent, since a drain ends it in between. */
static void write_source(const struct graph *graph, int s)
{
    const struct stage *stage = &graph->stages[s];
    const bool ticks = stage->every_us > 0;

    printf("{\n    KIT_ENTER(&self->kit);\n\n");
    if (ticks)
        printf("    const uint64_t n = self->kit.next++;\n\n");
    else
        printf("    for (uint64_t n = 0; n < %d; n++) {\n", stage->items);
    write_cost(graph, s, "n");
    for (int o = 0; o < stage->nout; o++) {
        printf("    for (unsigned i = 0, end = kit_count(n, %d, %d, %d); i < end; i++) {\n        ", s, o,
               stage->out[o].count);
        char value[100];

        snprintf(value, sizeof value, "kit_item(kit, %d, kit_key(n, %d, %d, i), 0)", o, s, o);
        write_emit(graph, s, o, value);
        printf("        kit_shared->sent[%d]++;\n    }\n", s);
    }
    if (ticks)
        printf("    if (self->kit.next >= %d)\n        finish();\n}\n", stage->items);
    else
        printf("    }\n}\n");
}

/* Sends, then fails: twice at most for an item, which stays with its worker. */
static void write_attempts(const struct graph *graph, int s)
{
    const struct stage *stage = &graph->stages[s];

    printf("    if (kit_tries(kit, item.key, %d)) {\n", s);
    for (int o = 0; o < stage->nout; o++)
        write_output(graph, s, o);
    printf("    fail(\"not yet\");\n    }\n");
}

/* A batch fails with all that its items send. */
static void write_batch_attempts(const struct graph *graph, int s)
{
    const struct stage *stage = &graph->stages[s];

    printf("    if (kit_tries(&self->kit, %s_item(xs[0]).key, %d)) {\n"
           "    for (size_t at = 0; at < xs_len; at++) {\n    const struct item item = %s_item(xs[at]);\n"
           "    KIT_ENTER(&self->kit);\n\n    (void)item;\n",
           type_of(graph, stage->in[0]), s, type_of(graph, stage->in[0]));
    for (int o = 0; o < stage->nout; o++)
        write_output(graph, s, o);
    printf("    }\n    fail(\"not yet\");\n    }\n");
}

static int failing_stage(const struct graph *graph, int letters)
{
    int s = 0;

    while (graph->stages[s].letters_to != letters)
        s++;
    return s;
}

static void write_letter(const struct graph *graph, int letters)
{
    const int s = failing_stage(graph, letters);

    if (graph->stages[s].loses)
        printf("    kit_letter_of_all(kit, x.reason, x.attempts);\n");
    else
        printf("    kit_letter(kit, &item, %d, x.reason, x.attempts);\n", s);
}

/* No batch weighs more than it may, unless it is one item. */
static void write_load(const struct graph *graph, const struct stage *stage)
{
    const char *type = type_of(graph, stage->in[0]);

    printf("    int load = 0;\n"
           "    for (size_t at = 0; at < xs_len; at++)\n"
           "        load += kit_load(%s_item(xs[at]).key);\n"
           "    if (load > %d && xs_len > 1)\n"
           "        kit_error(\"a batch of %%zu items weighs %%d, not %d\", xs_len, load);\n", type, stage->batch_weight,
           stage->batch_weight);
}

static void write_keys(const struct graph *graph, const struct stage *stage)
{
    const char *type = type_of(graph, stage->in[0]);

    printf("    for (size_t at = 1; at < xs_len; at++)\n"
           "        if (%s_item(xs[at]).key %% %d != %s_item(*xs).key %% %d)\n"
           "            kit_error(\"a batch of %%zu items has several keys\", xs_len);\n", type, stage->batch_per, type,
           stage->batch_per);
}

static void write_body(const struct graph *graph, int s)
{
    const struct stage *stage = &graph->stages[s];

    if (stage->batch)
        printf("{\n");
    if (stage->batch_per)
        write_keys(graph, stage);
    if (stage->batch_weight)
        write_load(graph, stage);
    if (stage->batch && has_attempts(graph, s))
        write_batch_attempts(graph, s);
    if (stage->batch)
        printf("    for (size_t at = 0; at < xs_len; at++) {\n    const struct item item = %s_item(xs[at]);\n",
               type_of(graph, stage->in[0]));
    else if (stage->is_zip)
        printf("{\n    const struct item item = kit_pair(%s_item(x), %s_item(y));\n", type_of(graph, stage->in[0]),
               type_of(graph, stage->in[1]));
    else if (pulls(graph, s) && stage->nin > 1)
        printf("{\n    for (int which; (which = next_any(x, y)) >= 0;) {\n"
               "    const struct item item = which == 0 ? %s_item(x) : %s_item(y);\n", type_of(graph, stage->in[0]),
               type_of(graph, stage->in[1]));
    else
        printf("{\n%s    const struct item item = %s_item(x%s);\n", pulls(graph, s) ? "    while (next(x)) {\n" : "",
               type_of(graph, stage->in[0]), graph->channels[stage->in[0]].letters ? ".item" : "");
    printf("    KIT_ENTER(&self->kit);\n");
    if (stage->bound.n > 0 && stage->bound.shared >= 0)
        printf("    KIT_PERMIT(&shared_bounds[%d], %d, ", stage->bound.shared, stage->bound.n);
    else if (stage->bound.n > 0)
        printf("    KIT_PERMIT(&own_bounds[%d], %d, ", s, stage->bound.n);
    if (stage->bound.n > 0 && stage->bound.weighted)
        printf("kit_weight(item.key, %d));\n", stage->bound.n);
    else if (stage->bound.n > 0)
        printf("1);\n");
    if (stage->bound_per > 0)
        printf("    KIT_KEY_PERMIT(&key_bounds[%d][item.key %% %d], %d);\n", s, stage->bound_per, stage->per_n);
    if (stage->by > 0)
        printf("    kit_worker_of(&key_workers[%d][item.key %% %d], self->worker);\n", s, stage->by);
    printf("\n    (void)item;\n");
    if (graph->channels[stage->in[0]].letters)
        write_letter(graph, stage->in[0]);
    if (has_attempts(graph, s) && stage->batch == 0)
        write_attempts(graph, s);
    if (graph_workers(graph, (int[MAX_STAGES]){ 0 }, s) == 1 && stage->workers == 0 && !stage->is_inline &&
        !has_attempts(graph, s) && !graph_sets_aside(stage)) {
        bool any = false;

        for (int i = 0; i < stage->nin; i++) {
            if (graph->channels[stage->in[i]].receivers > 1) /* one of which may hand back what it has claimed */
                continue;
            for (int t = 0; t < graph->nstages; t++) {
                const struct stage *sender = &graph->stages[t];

                for (int o = 0; o < sender->nout && sender->workers == 0 && sender->bound.n == 0 && !sender->is_inline; o++) {
                    if (sender->out[o].channel != stage->in[i])
                        continue;
                    printf(any ? " || item.port == %d" : "    if (item.port == %d", t * MAX_PORTS + o);
                    any = true;
                }
            }
        }
        printf(any ? ")\n        kit_order(kit, &item);\n" : "");
    }
    write_cost(graph, s, "item.key");
    if (stage->may_stop)
        printf("    if (item.key == (uint64_t)stop_at)\n        stop();\n");
    if (stage->may_fail && !stage->skips)
        printf("    if (item.key == (uint64_t)fail_at)\n        fail(\"as it was told\");\n");
    if (stage->skips)
        printf("    if (kit_skips(item.key, %d))\n        fail(\"skipped\");\n", stage->twin_of);
    printf("    kit_record(kit, &item);\n");
    if (stage->limit > 0)
        printf("    if (kit->records == %d)\n        finish();\n", stage->limit);
    if (stage->holds) {
        printf("    if (kit_holds(item.key, %d) && kit->nheld < KIT_HELD) {\n"
               "        kit->held[kit->nheld++] = item;\n        return;\n    }\n", s);
    }
    for (int o = 0; o < stage->nout; o++)
        write_output(graph, s, o);
    if (stage->loses)
        printf("    }\n    fail(\"lost\");\n}\n");
    else
        printf(stage->batch || pulls(graph, s) ? "    }\n}\n" : "}\n");
}

/* The same bodies once more, for the items that were held. */
static void write_held(const struct graph *graph, int s)
{
    printf("    while (kit->nheld > 0) {\n    const struct item item = kit->held[--kit->nheld];\n\n");
    for (int o = 0; o < graph->stages[s].nout; o++)
        write_output(graph, s, o);
    printf("    }\n");
}

static void write_sections(const struct graph *graph, int s)
{
    const struct stage *stage = &graph->stages[s];

    if (stage->holds) {
        printf("flush every %dus {\n    KIT_ENTER(&self->kit);\n\n", 200 + 300 * s);
        write_held(graph, s);
        printf("}\n");
    }
    if (!stage->holds && !stage->final_sends)
        return;
    printf("final {\n    KIT_ENTER(&self->kit);\n\n");
    if (stage->holds)
        write_held(graph, s);
    if (stage->final_sends) {
        char value[100];

        printf("    ");
        snprintf(value, sizeof value, "kit_item(kit, 0, kit_final_key(%d, (unsigned)self->worker, 0), 0)", s);
        write_emit(graph, s, 0, value);
    }
    printf("}\n");
}

void graph_write(const struct graph *graph)
{
    printf("// Drawn from the seed %llu by tests/random.\n", (unsigned long long)graph->seed);
    printf("pipeline drawn;\n\n%%{\n#define KIT_BODIES\n#include \"kit.h\"\n\n"
           "static struct kit_bound shared_bounds[%d] __attribute__((unused));\n"
           "static struct kit_bound own_bounds[%d] __attribute__((unused));\n"
           "static struct kit_bound key_bounds[%d][9] __attribute__((unused));\n"
           "static atomic_int key_workers[%d][9] __attribute__((unused));\n%%}\n\n", MAX_SHARED, MAX_STAGES, MAX_STAGES,
           MAX_STAGES);
    printf("param long stop_at = 0 \"the item at which the pipeline is stopped\";\n"
           "param long fail_at = 0 \"the item that fails\";\n\n"
           "init {\n    (void)stop_at, (void)fail_at;\n}\n\n");
    write_types(graph);
    write_limits(graph);
    write_channels(graph);
    for (int s = 0; s < graph->nstages; s++) {
        write_head(graph, s);
        printf("state {\n    struct kit_worker kit;\n}\ninit {\n    self->kit.stage = %d;\n"
               "    self->kit.worker = self->worker;\n}\n", s);
        if (graph->stages[s].nin > 0)
            write_body(graph, s);
        else
            write_source(graph, s);
        write_sections(graph, s);
    }
}
