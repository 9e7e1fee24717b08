/* From two samples to shares and speeds.
 */
#include "live/view.h"

const char *const state_words[STATES] = {
    "busy", "kernel", "item", "room", "rate", "bound", "turn", "retry", "thread", "ended",
};

static double grown(uint64_t from, uint64_t to)
{
    return to > from ? (double)(to - from) : 0;
}

static double part(double of, double whole)
{
    return whole <= 0 || of <= 0 ? 0 : of < whole ? of / whole : 1;
}

/* Bodies sleep in the kernel for the share that was found asleep of their threads. */
static struct stage_view stage_between(const struct prt_live_stage_figures *from, const struct prt_live_stage_figures *to)
{
    const double looks = grown(from->looks, to->looks), inside = grown(from->inside, to->inside);
    const double asleep = inside * part(grown(from->asleep, to->asleep), grown(from->threads, to->threads));

    return (struct stage_view){
        .known = looks > 0,
        .received = to->received,
        .sent = to->sent,
        .share = {
            [STATE_BUSY] = part(inside - asleep, looks),
            [STATE_KERNEL] = part(grown(from->kernel, to->kernel) + asleep, looks),
            [STATE_ITEM] = part(grown(from->item, to->item), looks),
            [STATE_ROOM] = part(grown(from->room, to->room), looks),
            [STATE_RATE] = part(grown(from->rate, to->rate), looks),
            [STATE_BOUND] = part(grown(from->bound, to->bound), looks),
            [STATE_TURN] = part(grown(from->turn, to->turn), looks),
            [STATE_RETRY] = part(grown(from->retry, to->retry), looks),
            [STATE_THREAD] = part(grown(from->thread, to->thread), looks),
            [STATE_ENDED] = part(grown(from->ended, to->ended), looks),
        },
    };
}

static struct channel_view channel_between(const struct live_channel *channel, const struct prt_live_chan_figures *from,
                                           const struct prt_live_chan_figures *to, double seconds)
{
    const bool is_bounded = channel->capacity > 0 && channel->capacity != PRT_LIVE_NONE;
    const double looks = grown(from->looks, to->looks);
    struct channel_view view = { .queued = to->queued, .full = -1, .bytes_per_second = -1 };

    if (is_bounded && view.queued > channel->capacity)
        view.queued = channel->capacity;
    if (is_bounded)
        view.full = part(looks > 0 ? grown(from->sum, to->sum) / looks : (double)view.queued, (double)channel->capacity);
    if (seconds > 0)
        view.per_second = grown(from->begun, to->begun) / seconds;
    if (seconds > 0 && !channel->owns)
        view.bytes_per_second = view.per_second * (double)channel->item_bytes;
    if (looks > 0)
        view.senders = grown(from->senders, to->senders) / looks;
    if (channel->item_bytes > 0 && view.queued <= UINT64_MAX / channel->item_bytes)
        view.bytes = view.queued * channel->item_bytes;
    return view;
}

static void count_done(struct live_view *view, const struct live_program *program)
{
    const struct live_graph *graph = program->graph;

    view->per_second = 0;
    view->done = 0;
    for (size_t s = 0; s < graph->nstages; s++)
        for (size_t i = 0; graph->stages[s].nouts == 0 && i < graph->stages[s].nins; i++) {
            const uint32_t channel = graph->stages[s].ins[i];

            view->per_second += view->channels[channel].per_second;
            view->done += program->now->channels[channel].begun;
        }
}

struct live_view *live_view_new(struct obstack *memory, const struct live_graph *graph)
{
    struct live_view *view = memory_take(memory, sizeof *view);

    view->stages = memory_take(memory, (graph->nstages + 1) * sizeof *view->stages);
    view->channels = memory_take(memory, (graph->nchannels + 1) * sizeof *view->channels);
    view->state = "running";
    view->verdict = "";
    return view;
}

void live_view_take(struct live_view *view, const struct live_program *program)
{
    static const char *const states[] = { "running", "draining", "ending" };
    const struct live_graph *graph = program->graph;
    const struct live_sample *from = program->before, *to = program->now;
    const uint64_t at = live_clock();

    view->seconds = from->all.at > 0 ? grown(from->all.at, to->all.at) / 1e9 : 0;
    view->age = grown(graph->started, at) / 1e9;
    view->troubles = to->all.troubles;
    view->processors = view->seconds > 0 ? grown(from->all.cpu, to->all.cpu) / 1e9 / view->seconds : 0;
    view->verdict = program->answers ? to->all.verdict : "does not answer: it was stopped, perhaps";
    view->state = states[to->all.state < 2 ? to->all.state : 2];
    for (size_t i = 0; i < graph->nstages; i++)
        view->stages[i] = stage_between(&from->stages[i], &to->stages[i]);
    for (size_t i = 0; i < graph->nchannels; i++)
        view->channels[i] = channel_between(&graph->channels[i], &from->channels[i], &to->channels[i], view->seconds);
    count_done(view, program);
}
