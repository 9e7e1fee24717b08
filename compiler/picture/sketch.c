/* From the plan to boxes with their texts, wires and frames.
 */
#include "picture/sketch.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "picture/letters.h"
#include "plan/put.h"
#include "text/memory.h"

#define WRAP 24 /* letters of a line of options, where they can be parted */

/* ---- labels ------------------------------------------------------------------------------------------------------ */

/* Boxes have few: room is made as they come. */
static void add_label(struct sketch *sketch, struct box *box, enum label_role role, const char *text)
{
    struct label *labels = memory_take(sketch->memory, (box->nlabels + 1) * sizeof *labels);

    if (box->nlabels > 0)
        memcpy(labels, box->labels, box->nlabels * sizeof *labels);
    labels[box->nlabels++] = (struct label){ role, text };
    box->labels = labels;
}

/* A number with commas between thousands. */
static const char *put_count(struct obstack *memory, uint64_t count)
{
    char digits[32], text[48];
    const int n = snprintf(digits, sizeof digits, "%" PRIu64, count);
    size_t len = 0;

    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            text[len++] = ',';
        text[len++] = digits[i];
    }
    return memory_copy(memory, text, len);
}

static void add_count(struct sketch *sketch, struct box *box, enum label_role role, uint64_t count, const char *what)
{
    if (count == 0 && role == LABEL_TROUBLE)
        return;
    box->trouble |= role == LABEL_TROUBLE;
    add_label(sketch, box, role, memory_format(sketch->memory, "%s %s", put_count(sketch->memory, count), what));
}

/* "workers 3, rate 5/s, ordered": a line ends behind a comma where it would be long. */
static void add_options(struct sketch *sketch, struct box *box, const char *options)
{
    while (*options) {
        const char *comma = strstr(options, ", ");
        size_t len = comma ? (size_t)(comma - options) : strlen(options);

        while (comma) {
            const char *next = strstr(comma + 2, ", ");
            const size_t longer = next ? (size_t)(next - options) : strlen(options);

            if (longer > WRAP)
                break;
            len = longer;
            comma = next;
        }
        add_label(sketch, box, LABEL_DETAIL, memory_copy(sketch->memory, options, len));
        options += len;
        options += strspn(options, ", ");
    }
}

static int heat_of(uint64_t count, uint64_t most)
{
    if (count == 0 || most == 0)
        return 0;
    return 1 + (int)((double)count / (double)most * (HEATS - 1) + 0.5);
}

static int heat_of_share(double share)
{
    const int heat = (int)(share * HEATS + 0.5);

    return heat < HEATS ? heat : HEATS;
}

/* ---- frames ------------------------------------------------------------------------------------------------------ */

struct framing {
    struct sketch *sketch;
    const struct planned_instance **instance_of; /* of each box; NULL: none */
    struct frame **frame_of;                     /* of each instance; of one without a frame: that of its outer one */
    size_t *members;                             /* of each instance */
    bool *framed;
};

static size_t depth_of(const struct planned_instance *instance)
{
    size_t depth = 0;

    for (; instance; instance = instance->outer)
        depth++;
    return depth;
}

/* The innermost instance in which both stand. */
static const struct planned_instance *common(const struct planned_instance *a, const struct planned_instance *b)
{
    size_t da = depth_of(a), db = depth_of(b);

    for (; da > db; da--)
        a = a->outer;
    for (; db > da; db--)
        b = b->outer;
    for (; a != b; a = a->outer)
        b = b->outer;
    return a;
}

/* A channel stands where all of its stages do. */
static void find_instances(struct framing *framing)
{
    const struct sketch *sketch = framing->sketch;
    const size_t nstages = sketch->plan->nstages;
    bool *seen = memory_take(sketch->memory, (sketch->nboxes + 1) * sizeof *seen);

    for (size_t s = 0; s < nstages; s++)
        framing->instance_of[s] = sketch->plan->stages[s].instance;
    for (size_t w = 0; w < sketch->nwires; w++) {
        const struct wire *wire = &sketch->wires[w];
        const size_t stage = wire->from < nstages ? wire->from : wire->to, channel = wire->from + wire->to - stage;

        framing->instance_of[channel] = seen[channel] ? common(framing->instance_of[channel], framing->instance_of[stage])
                                                      : framing->instance_of[stage];
        seen[channel] = true;
    }
}

/* One that consists of one thing has no frame. */
static void choose_framed(struct framing *framing)
{
    const struct plan *plan = framing->sketch->plan;
    size_t deepest = 0;

    for (size_t b = 0; b < framing->sketch->nboxes; b++)
        if (framing->instance_of[b])
            framing->members[framing->instance_of[b] - plan->instances]++;
    for (size_t i = 0; i < plan->ninstances; i++)
        if (depth_of(&plan->instances[i]) > deepest)
            deepest = depth_of(&plan->instances[i]);
    for (; deepest > 0; deepest--)
        for (size_t i = 0; i < plan->ninstances; i++) {
            const struct planned_instance *instance = &plan->instances[i];

            if (depth_of(instance) != deepest)
                continue;
            framing->framed[i] = framing->members[i] > 1;
            if (instance->outer)
                framing->members[instance->outer - plan->instances] += framing->members[i] > 0;
        }
}

/* Within a frame, which has the name of the instance, what follows behind it. */
static const char *short_name(const struct frame *frame, const char *name)
{
    const size_t len = frame->name ? strlen(frame->name) : 0;

    return len > 0 && strncmp(name, frame->name, len) == 0 && name[len] == '.' ? name + len + 1 : name;
}

static struct frame *frame_of(struct framing *framing, const struct planned_instance *instance)
{
    struct sketch *sketch = framing->sketch;
    struct frame *outer, **frame;

    if (!instance)
        return &sketch->frames[0];
    frame = &framing->frame_of[instance - sketch->plan->instances];
    if (*frame)
        return *frame;
    outer = frame_of(framing, instance->outer);
    if (!framing->framed[instance - sketch->plan->instances])
        return *frame = outer;
    *frame = &sketch->frames[sketch->nframes++];
    **frame = (struct frame){ .name = instance->name, .outer = outer };
    (*frame)->label = memory_format(sketch->memory, "%s = %s", short_name(outer, instance->name), instance->part);
    return *frame;
}

static void make_frames(struct sketch *sketch)
{
    const size_t n = sketch->plan->ninstances + 1;
    struct framing framing = { .sketch = sketch };

    framing.instance_of = memory_take(sketch->memory, (sketch->nboxes + 1) * sizeof *framing.instance_of);
    framing.frame_of = memory_take(sketch->memory, n * sizeof *framing.frame_of);
    framing.members = memory_take(sketch->memory, n * sizeof *framing.members);
    framing.framed = memory_take(sketch->memory, n * sizeof *framing.framed);
    sketch->frames = memory_take(sketch->memory, n * sizeof *sketch->frames);
    sketch->nframes = 1;
    find_instances(&framing);
    choose_framed(&framing);
    for (size_t b = 0; b < sketch->nboxes; b++)
        sketch->boxes[b].frame = frame_of(&framing, framing.instance_of[b]);
}

/* ---- boxes ------------------------------------------------------------------------------------------------------- */

static void measure(struct box *box)
{
    box->width = 0;
    box->height = 2 * BOX_MARGIN_Y;
    for (size_t l = 0; l < box->nlabels; l++) {
        const bool is_name = box->labels[l].role == LABEL_NAME;
        const int32_t width = text_width(box->labels[l].text, is_name ? NAME_SIZE : LABEL_SIZE, is_name);

        if (width > box->width)
            box->width = width;
        box->height += is_name ? NAME_LINE : LABEL_LINE;
    }
    box->width = (box->width + 2 * BOX_MARGIN + 1) / 2 * 2;
    box->height = (box->height + 1) / 2 * 2;
}

static enum box_kind kind_of(const struct planned_stage *stage)
{
    if (stage->ninputs == 0)
        return stage->noutputs == 0 ? BOX_ALONE : BOX_SOURCE;
    return stage->noutputs == 0 ? BOX_SINK : BOX_STAGE;
}

/* Where somebody looked, what its time says, else its items. */
static int stage_heat(const struct counts *counts, const struct stage_count *count)
{
    return counts->shares ? heat_of_share(count->busy + count->kernel) : heat_of(count->received, counts->most_received);
}

static int channel_heat(const struct counts *counts, const struct channel_count *count)
{
    return counts->shares ? heat_of_share(count->full) : heat_of(count->sent, counts->most_sent);
}

/* `word`: what the share is of, said where it is one percent or more. */
static void add_share(struct sketch *sketch, struct box *box, double share, const char *word)
{
    if (sketch->counts->shares && share >= 0.01)
        add_label(sketch, box, LABEL_COUNT, memory_format(sketch->memory, "%.0f%% %s", share * 100, word));
}

static void count_stage(struct sketch *sketch, struct box *box, const struct stage_count *count)
{
    if (box->kind == BOX_STAGE || box->kind == BOX_SINK)
        add_count(sketch, box, LABEL_COUNT, count->received, "received");
    add_share(sketch, box, count->busy, "busy");
    add_share(sketch, box, count->kernel, "asleep");
    box->heat = stage_heat(sketch->counts, count);
    add_count(sketch, box, LABEL_TROUBLE, count->failed, "failed");
    add_count(sketch, box, LABEL_TROUBLE, count->skipped, "skipped");
    add_count(sketch, box, LABEL_TROUBLE, count->dead, "dead");
    add_count(sketch, box, LABEL_TROUBLE, count->cut, "cut");
}

static void make_stage(struct sketch *sketch, size_t s)
{
    const struct planned_stage *stage = &sketch->plan->stages[s];
    struct box *box = &sketch->boxes[s];

    box->kind = kind_of(stage);
    box->title = memory_format(sketch->memory, "%s\n%s", stage->head, stage->why);
    box->several = !stage->host && (stage->workers_auto || stage->workers.kind == AMOUNT_PARAM || stage->workers.n > 1);
    box->dashed = stage->host != NULL;
    add_label(sketch, box, LABEL_NAME, short_name(box->frame, stage->name));
    if (stage->instance && strcmp(stage->instance->name, stage->name) == 0)
        add_label(sketch, box, LABEL_PART, memory_format(sketch->memory, "= %s", stage->instance->part));
    else if (stage->function)
        add_label(sketch, box, LABEL_PART, memory_format(sketch->memory, "= %s", stage->function));
    add_options(sketch, box, stage->options);
    if (stage->flush_every.kind != AMOUNT_NONE)
        add_label(sketch, box, LABEL_DETAIL, memory_format(sketch->memory, "flush every %s",
            stage->flush_every.kind == AMOUNT_PARAM ? stage->flush_every.param : stage->flush_every.written));
    if (sketch->counts && sketch->counts->stages[s].known)
        count_stage(sketch, box, &sketch->counts->stages[s]);
    measure(box);
}

static const char *cap_text(const struct sketch *sketch, const struct planned_channel *channel)
{
    const char *cap = "";
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);

    if (!to)
        return cap;
    put_cap(to, channel);
    if (fclose(to) == 0)
        cap = memory_format(sketch->memory, channel->kind == KIND_CALL ? "%s" : "[%s]", text);
    free(text);
    return cap;
}

static void make_channel(struct sketch *sketch, size_t c)
{
    const struct planned_channel *channel = &sketch->plan->channels[c];
    struct box *box = &sketch->boxes[sketch->plan->nstages + c];
    const char *cap = cap_text(sketch, channel);

    box->kind = BOX_CHANNEL;
    box->title = memory_format(sketch->memory, "channel %s %s %s\n%s", channel->type, channel->name, cap, channel->why);
    box->dashed = channel->kind == KIND_CALL;
    add_label(sketch, box, LABEL_NAME, short_name(box->frame, channel->name));
    add_label(sketch, box, LABEL_DETAIL, memory_format(sketch->memory, "%s %s", cap, channel->type));
    if (channel->kind == KIND_BROADCAST)
        add_label(sketch, box, LABEL_DETAIL, "broadcast");
    if (channel->full != FULL_WAITS)
        add_label(sketch, box, LABEL_DETAIL, channel->full == FULL_DROPS_NEWEST ? "drop newest" : "drop oldest");
    if (sketch->counts && sketch->counts->channels[c].known) {
        const struct channel_count *count = &sketch->counts->channels[c];

        add_count(sketch, box, LABEL_COUNT, count->sent, "sent");
        add_share(sketch, box, count->full, "full");
        box->heat = channel_heat(sketch->counts, count);
        add_count(sketch, box, LABEL_TROUBLE, count->discarded, "discarded");
        add_count(sketch, box, LABEL_TROUBLE, count->left, "left");
    }
    measure(box);
}

/* ---- wires ------------------------------------------------------------------------------------------------------- */

static size_t channel_box(const struct plan *plan, const struct planned_channel *channel)
{
    return plan->nstages + (size_t)((channel->declared ? channel->declared : channel) - plan->channels);
}

static size_t count_wires(const struct plan *plan)
{
    size_t n = 0;

    for (size_t s = 0; s < plan->nstages; s++) {
        n += plan->stages[s].noutputs;
        for (size_t i = 0; i < plan->stages[s].ninputs; i++)
            n += plan->stages[s].inputs[i].nsources;
    }
    return n;
}

static void add_wire(struct sketch *sketch, size_t from, size_t to, const struct planned_channel *channel)
{
    sketch->wires[sketch->nwires++] = (struct wire){ .from = from, .to = to, .dashed = channel->kind == KIND_CALL };
}

static void make_wires(struct sketch *sketch)
{
    const struct plan *plan = sketch->plan;

    sketch->wires = memory_take(sketch->memory, (count_wires(plan) + 1) * sizeof *sketch->wires);
    for (size_t s = 0; s < plan->nstages; s++) {
        const struct planned_stage *stage = &plan->stages[s];

        for (size_t i = 0; i < stage->ninputs; i++)
            for (size_t j = 0; j < stage->inputs[i].nsources; j++) {
                const struct planned_channel *channel = stage->inputs[i].sources[j];

                sketch->receivers[channel_box(plan, channel)]++;
                add_wire(sketch, channel_box(plan, channel), s, channel);
            }
        for (size_t o = 0; o < stage->noutputs; o++) {
            const struct planned_channel *channel = stage->outputs[o].channel;

            sketch->senders[channel_box(plan, channel)]++;
            add_wire(sketch, s, channel_box(plan, channel), channel);
        }
    }
}

static const char *legend_of(const struct sketch *sketch)
{
    const char *warm = sketch->counts->shares ? "the warmer, the more of the time a stage was at work, a channel full"
                                              : "the warmer, the more items beside the busiest stage or channel";

    return memory_format(sketch->memory, "%.3f s; %s", sketch->counts->seconds, warm);
}

struct sketch *sketch_new(const struct plan *plan, const struct counts *counts)
{
    struct sketch *sketch = memory_take(plan->memory, sizeof *sketch);
    const size_t n = plan->nstages + plan->nchannels;

    sketch->plan = plan;
    sketch->counts = counts;
    sketch->memory = plan->memory;
    sketch->nboxes = n;
    sketch->boxes = memory_take(plan->memory, (n + 1) * sizeof *sketch->boxes);
    sketch->senders = memory_take(plan->memory, (n + 1) * sizeof *sketch->senders);
    sketch->receivers = memory_take(plan->memory, (n + 1) * sizeof *sketch->receivers);
    sketch->legend = counts ? legend_of(sketch) : "";
    make_wires(sketch);
    make_frames(sketch);
    for (size_t s = 0; s < plan->nstages; s++)
        make_stage(sketch, s);
    for (size_t c = 0; c < plan->nchannels; c++)
        make_channel(sketch, c);
    return sketch;
}
