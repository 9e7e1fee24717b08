/* Writing the live table. Places and sizes are what this file computed: nothing that stands in the table is read again, since
 * others may have written there. */
#include "program/table.h"

#include <string.h>

#include "pool/run_state.h"

/* ---- what stands in it for good ---------------------------------------------------------------------------------- */

/* A table that is made: its head, and where the next text goes. */
struct making {
    struct prt_live_head head;
    unsigned char *at; /* the table; NULL: only its size is wanted */
    uint64_t text;     /* place of the next */
};

static struct prt_live_list list_behind(uint64_t *end, uint64_t n, uint64_t bytes)
{
    const struct prt_live_list list = { .at = *end, .n = n, .bytes = bytes };

    *end += n * bytes;
    return list;
}

static uint64_t count_ends(const struct prt_account *account)
{
    uint64_t n = 0;

    for (size_t i = 0; i < account->nstages; i++)
        n += account->stages[i].nins + account->stages[i].nouts;
    return n;
}

static uint64_t put_text(struct making *making, const char *text)
{
    const uint64_t place = making->text;
    const size_t bytes = text ? strlen(text) + 1 : 0;

    if (!text)
        return 0;
    if (making->at)
        memcpy(making->at + place, text, bytes);
    making->text += bytes;
    return place;
}

static void put_record(const struct making *making, const struct prt_live_list *list, uint64_t i, const void *record)
{
    if (making->at)
        memcpy(making->at + list->at + i * list->bytes, record, list->bytes);
}

static uint64_t put_ends(const struct making *making, uint64_t from, const uint32_t *chans, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_record(making, &making->head.ends, from + i, &(uint64_t){ chans[i] });
    return from + n;
}

static uint64_t kind_of(const struct prt_stage *stage, const struct prt_stage_account *account)
{
    return (account->is_source ? PRT_LIVE_SOURCE : 0) | (account->is_inline ? PRT_LIVE_INLINE : 0) |
           (stage->spec.blocking ? PRT_LIVE_BLOCKING : 0) | (stage->spec.ordered ? PRT_LIVE_ORDERED : 0) |
           (stage->spec.daemon ? PRT_LIVE_DAEMON : 0) | (account->fixed ? PRT_LIVE_FIXED : 0);
}

static void put_stages(struct making *making, const struct prt_run *run, const struct prt_account *account)
{
    const struct prt_stage *stage = run->stages;
    uint64_t ends = 0;

    for (size_t i = 0; i < account->nstages; i++) {
        const struct prt_stage_account *each = &account->stages[i];
        struct prt_live_stage record = { .name = put_text(making, each->name), .workers = each->workers };

        stage = i == 0 || each->is_inline ? stage : stage->next;
        record.place = put_text(making, each->place);
        record.kind = kind_of(stage, each);
        record.rate = put_text(making, each->rate);
        record.ins = ends;
        record.nins = each->nins;
        record.outs = ends = put_ends(making, ends, each->ins, each->nins);
        record.nouts = each->nouts;
        ends = put_ends(making, ends, each->outs, each->nouts);
        put_record(making, &making->head.stages, i, &record);
    }
}

static void put_chans(struct making *making, const struct prt_run *run, const struct prt_account *account)
{
    for (const struct prt_chan *chan = run->chans; chan; chan = chan->next) {
        const struct prt_live_chan record = {
            .name = put_text(making, chan->spec.name),
            .place = put_text(making, chan->spec.place),
            .capacity = account->chans[chan->index].capacity,
            .item_bytes = chan->spec.item_size,
            .when_full = chan->spec.full,
            .owns = chan->spec.drop != NULL,
        };

        put_record(making, &making->head.chans, chan->index, &record);
    }
}

static void put_all(struct making *making, const struct prt_run *run, const struct prt_account *account)
{
    struct prt_live_head *head = &making->head;
    uint64_t end = sizeof *head;

    head->stages = list_behind(&end, account->nstages, sizeof(struct prt_live_stage));
    head->chans = list_behind(&end, account->nchans, sizeof(struct prt_live_chan));
    head->ends = list_behind(&end, count_ends(account), sizeof(uint64_t));
    head->figures = list_behind(&end, 1, sizeof(struct prt_live_figures));
    head->stage_figures = list_behind(&end, account->nstages, sizeof(struct prt_live_stage_figures));
    head->chan_figures = list_behind(&end, account->nchans, sizeof(struct prt_live_chan_figures));
    making->text = end;
    head->name = put_text(making, account->name);
    head->doc = put_text(making, run->spec.settings->doc);
    put_stages(making, run, account);
    put_chans(making, run, account);
    head->version = PRT_LIVE_VERSION;
    head->bytes = making->text;
    head->pid = prt_process();
    head->started = run->started;
    head->processors = account->cpus;
}

/* The first time for its size. */
bool prt_table_make_(struct prt_table *table, const struct prt_run *run, const struct prt_account *account)
{
    struct making making = { .at = NULL };

    put_all(&making, run, account);
    if (!prt_shared_make(&table->shared, PRT_LIVE_NAME, making.text))
        return false;
    making.at = table->shared.at;
    put_all(&making, run, account);
    table->head = (struct prt_live_head *)(void *)making.at;
    *table->head = making.head;
    table->figures = making.head.figures.at;
    table->sequence = 0;
    prt_store_release((prt_atomic_u64 *)&table->head->magic, PRT_LIVE_MAGIC);
    return true;
}

void prt_table_free_(struct prt_table *table)
{
    prt_store_release((prt_atomic_u64 *)&table->head->magic, 0);
    prt_shared_free(&table->shared);
}

/* ---- figures ----------------------------------------------------------------------------------------------------- */

/* Each word may be seen only when the sequence that says so has been, so it is released. */
static void put_words(struct prt_table *table, size_t place, const void *record, size_t bytes)
{
    prt_atomic_u64 *to = (prt_atomic_u64 *)(void *)(table->shared.at + place);
    uint64_t word;

    for (size_t i = 0; i < bytes / sizeof word; i++) {
        memcpy(&word, (const unsigned char *)record + i * sizeof word, sizeof word);
        prt_store_release(&to[i], word);
    }
}

/* Not the stage's `claims`: its workers count there all at once, and may lose some and even go back. */
static uint64_t batches_of(const struct prt_stage *stage)
{
    uint64_t n = 0;

    for (uint32_t i = 0; i < stage->nslots; i++)
        n += prt_load_relaxed(&stage->slots[i].begins);
    return n;
}

/* `at`: of the stage, and behind it of those that run within it, of which nothing else is known. */
static size_t put_stage_figures(struct prt_table *table, size_t place, const struct prt_stage *stage,
                                const struct prt_stage_account *at)
{
    const struct prt_stage_figures *of = &stage->run->figures->stages[stage->index];
    const struct prt_live_stage_figures record = {
        .looks = of->looks,
        .inside = of->found[PRT_FOR_NOTHING],
        .kernel = of->found[PRT_FOR_KERNEL],
        .item = of->found[PRT_FOR_ITEM],
        .room = of->found[PRT_FOR_ROOM] + of->found[PRT_FOR_BEGINNING],
        .rate = of->found[PRT_FOR_RATE],
        .bound = of->found[PRT_FOR_BOUND],
        .turn = of->found[PRT_FOR_TURN],
        .retry = of->found[PRT_FOR_RETRY],
        .thread = of->found[PRT_FOR_THREAD],
        .ended = of->found[PRT_FOR_GOOD],
        .threads = of->threads,
        .asleep = of->asleep,
        .batches = batches_of(stage),
        .item_ns = prt_load_relaxed(&stage->mean),
        .missed = prt_load_relaxed(&stage->missed),
        .received = at->received,
        .sent = at->sent,
    };

    put_words(table, place, &record, sizeof record);
    for (size_t i = 1; i <= stage->spec.ninlines; i++) {
        const struct prt_live_stage_figures inner = { .received = at[i].received, .sent = at[i].sent };

        put_words(table, place + i * sizeof inner, &inner, sizeof inner);
    }
    return place + (1 + stage->spec.ninlines) * sizeof record;
}

static void put_chan_figures(struct prt_table *table, size_t place, const struct prt_chan *chan,
                             const struct prt_chan_account *account)
{
    const struct prt_chan_figures *of = &chan->run->figures->chans[chan->index];
    const struct prt_live_chan_figures record = {
        .sent = account->counts.sent,
        .begun = account->counts.received,
        .discarded = account->counts.discarded,
        .queued = account->queued,
        .looks = of->looks,
        .sum = of->queued,
        .full = of->full,
        .empty = of->empty,
        .senders = of->senders,
    };

    put_words(table, place + chan->index * sizeof record, &record, sizeof record);
}

static void put_run_figures(struct prt_table *table, size_t place, const struct prt_run *run, const struct prt_account *account,
                            const struct prt_verdict *verdict, uint64_t now)
{
    struct prt_live_figures record = {
        .at = now,
        .cpu = prt_cpu_time(),
        .looks = run->figures->looks,
        .troubles = prt_load(&run->troubles),
        .state = prt_run_aborted_(run) ? 2 : prt_run_draining_(run),
        .verdict_stage = verdict->stage ? (uint64_t)(verdict->stage - account->stages) : PRT_LIVE_NONE,
        .verdict_share = verdict->share,
    };

    snprintf(record.verdict_kind, sizeof record.verdict_kind, "%s", prt_verdict_word_(verdict->kind));
    prt_verdict_text_(verdict, record.verdict, sizeof record.verdict);
    put_words(table, place, &record, sizeof record);
}

void prt_table_copy_(struct prt_table *table, const struct prt_run *run, const struct prt_account *account,
                     const struct prt_verdict *verdict, uint64_t now)
{
    prt_atomic_u64 *const sequence = (prt_atomic_u64 *)&table->head->sequence;
    const struct prt_stage_account *at = account->stages;
    size_t place = table->figures;

    prt_store(sequence, ++table->sequence);
    put_run_figures(table, place, run, account, verdict, now);
    place += sizeof(struct prt_live_figures);
    for (const struct prt_stage *stage = run->stages; stage; at += 1 + stage->spec.ninlines, stage = stage->next)
        place = put_stage_figures(table, place, stage, at);
    for (const struct prt_chan *chan = run->chans; chan; chan = chan->next)
        put_chan_figures(table, place, chan, &account->chans[chan->index]);
    prt_store(sequence, ++table->sequence);
}
