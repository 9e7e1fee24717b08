/* Tables and JSON. No number is printed by %f: a body may have set a locale with other points. */
#include "program/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "program/verdict.h"

/* ---- tables ----------------------------------------------------------------------------------------------------- */

#define NAME_LEAST 14
#define NAME_MOST 19 /* with six numbers in ten columns each, 79 */
#define LOOKS_LEAST 10 /* fewer say nothing */

static int widest(int width, const char *name)
{
    const int len = (int)strlen(name);

    return len > width ? len < NAME_MOST ? len : NAME_MOST : width;
}

/* The same for both tables, so that they can be read as one. */
static int name_width(const struct prt_account *account)
{
    int width = NAME_LEAST;

    for (size_t i = 0; i < account->nstages; i++)
        width = widest(width, account->stages[i].name);
    for (size_t i = 0; i < account->nchans; i++)
        width = widest(width, account->chans[i].name);
    return width;
}

static void print_counts(const struct prt_account *account, int width)
{
    fprintf(stderr, "%-*s %9s %9s %9s %9s %9s %9s\n", width, "stage", "received", "done", "failed", "skipped", "dead", "cut");
    for (size_t i = 0; i < account->nstages; i++) {
        const struct prt_stage_account *stage = &account->stages[i];
        const struct prt_stage_counts *c = &stage->counts;

        fprintf(stderr, "%-*s %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 "\n", width,
                stage->name, c->received, c->done, c->failed, c->skipped, c->dead, c->cut);
        if (stage->has_ticks)
            fprintf(stderr, "%-*s %9" PRIu64 " ticks missed\n", width, "", stage->missed);
        for (size_t k = 0; k < stage->nkeys; k++)
            fprintf(stderr, "%-*s %9" PRIu64 " keys of %s remembered at most, %zu bytes\n", width, "", stage->keys[k].most,
                    stage->keys[k].name, stage->keys[k].bytes);
    }
    fprintf(stderr, "%-*s %9s %9s %9s %9s\n", width, "channel", "sent", "received", "discarded", "left");
    for (size_t i = 0; i < account->nchans; i++) {
        const struct prt_chan_counts *c = &account->chans[i].counts;

        fprintf(stderr, "%-*s %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %9" PRIu64 "\n", width, account->chans[i].name, c->sent,
                c->received, c->discarded, c->left);
    }
}

/* In six columns: nothing, less than one percent, or so many. */
static void print_share(uint32_t share)
{
    if (share == 0)
        fputs("     -", stderr);
    else if (share < 10)
        fputs("   <1%", stderr);
    else
        fprintf(stderr, " %4" PRIu32 "%%", (share + 5) / 10);
}

static const struct {
    enum prt_for what;
    const char *head; /* of the table's column */
    const char *key;  /* in JSON */
} columns[] = {
    { PRT_FOR_NOTHING, "busy", "busy" },     { PRT_FOR_KERNEL, "kernel", "kernel" }, { PRT_FOR_ITEM, "item", "item" },
    { PRT_FOR_ROOM, "room", "room" },        { PRT_FOR_RATE, "rate", "rate" },       { PRT_FOR_BOUND, "bound", "bound" },
    { PRT_FOR_TURN, "turn", "turn" },        { PRT_FOR_RETRY, "retry", "retry" },    { PRT_FOR_THREAD, "thread", "thread" },
    { PRT_FOR_GOOD, "ended", "ended" },
};

#define NCOLUMNS (sizeof columns / sizeof *columns)

static void print_shares(const struct prt_account *account, int width)
{
    fprintf(stderr, "%-*s", width, "workers' time");
    for (size_t k = 0; k < NCOLUMNS; k++)
        fprintf(stderr, " %5s", columns[k].head);
    fputc('\n', stderr);
    for (size_t i = 0; i < account->nstages; i++) {
        const struct prt_stage_account *stage = &account->stages[i];

        if (stage->is_inline)
            continue;
        fprintf(stderr, "%-*s", width, stage->name);
        for (size_t k = 0; k < NCOLUMNS; k++)
            print_share(stage->share[columns[k].what]);
        fputc('\n', stderr);
    }
}

/* Three digits and a unit, as in 1.25 ms. */
static void write_time(uint64_t ns, char *text, size_t size)
{
    static const char *const units[] = { "ns", "us", "ms", "s" };
    uint64_t of = 1; /* ns in a unit */
    size_t unit = 0;

    while (unit + 1 < sizeof units / sizeof *units && ns >= 1000 * of) {
        of *= 1000;
        unit++;
    }
    if (ns >= 100 * of || unit == 0)
        snprintf(text, size, "%" PRIu64 " %s", ns / of, units[unit]);
    else if (ns >= 10 * of)
        snprintf(text, size, "%" PRIu64 ".%" PRIu64 " %s", ns / of, ns * 10 / of % 10, units[unit]);
    else
        snprintf(text, size, "%" PRIu64 ".%02" PRIu64 " %s", ns / of, ns * 100 / of % 100, units[unit]);
}

static void print_fill(const struct prt_chan_account *chan, int width)
{
    char room[24] = "*", wait[32] = "-";

    if (chan->capacity != UINT64_MAX)
        snprintf(room, sizeof room, "%" PRIu64, chan->capacity);
    if (chan->wait_ns != UINT64_MAX)
        write_time(chan->wait_ns, wait, sizeof wait);
    fprintf(stderr, "%-*s %9s %9" PRIu64 " %7" PRIu64 ".%" PRIu64 "  ", width, chan->name, room, chan->now,
            (chan->mean + 50) / PRT_WHOLE, (chan->mean + 50) % PRT_WHOLE / 100);
    print_share(chan->full);
    print_share(chan->empty);
    fprintf(stderr, " %10s\n", wait);
}

static void print_fills(const struct prt_account *account, int width)
{
    fprintf(stderr, "%-*s %9s %9s %9s   %5s %5s %10s\n", width, "channel", "capacity", "at last", "on average", "full", "empty",
            "item waits");
    for (size_t i = 0; i < account->nchans; i++)
        print_fill(&account->chans[i], width);
}

void prt_report_table_(const struct prt_account *account)
{
    const struct prt_verdict verdict = prt_verdict_(account);
    const int width = name_width(account);
    char time[32];

    print_counts(account, width);
    if (account->looks < LOOKS_LEAST)
        return;
    write_time(account->ns, time, sizeof time);
    fprintf(stderr, "\n%s, %" PRIu64 ".%02" PRIu64 " of %" PRIu32 " processor%s used\n", time, account->used / PRT_WHOLE,
            account->used % PRT_WHOLE / 10, account->cpus, account->cpus == 1 ? "" : "s");
    print_shares(account, width);
    print_fills(account, width);
    fputs("verdict: ", stderr);
    prt_verdict_write_(&verdict, stderr);
    fputc('\n', stderr);
}

/* ---- JSON ------------------------------------------------------------------------------------------------------- */

static void print_thousandths(const char *key, uint64_t value)
{
    fprintf(stderr, ",\"%s\":%" PRIu64 ".%03" PRIu64, key, value / PRT_WHOLE, value % PRT_WHOLE);
}

static void print_keys(const struct prt_stage_account *stage)
{
    for (size_t k = 0; k < stage->nkeys; k++)
        fprintf(stderr, "%s{\"name\":\"%s\",\"most\":%" PRIu64 ",\"bytes\":%zu}", k > 0 ? "," : ",\"keys\":[",
                stage->keys[k].name, stage->keys[k].most, stage->keys[k].bytes);
    if (stage->nkeys > 0)
        fputc(']', stderr);
}

static void print_stage(const struct prt_stage_account *stage)
{
    const struct prt_stage_counts *c = &stage->counts;

    fprintf(stderr,
            "{\"name\":\"%s\",\"workers\":%" PRIu32 ",\"received\":%" PRIu64 ",\"done\":%" PRIu64 ",\"failed\":%" PRIu64
            ",\"skipped\":%" PRIu64 ",\"dead\":%" PRIu64 ",\"cut\":%" PRIu64 ",\"missed\":%" PRIu64,
            stage->name, stage->workers, c->received, c->done, c->failed, c->skipped, c->dead, c->cut, stage->missed);
    if (!stage->is_inline) {
        fprintf(stderr, ",\"looks\":%" PRIu64, stage->looks);
        for (size_t k = 0; k < NCOLUMNS; k++)
            print_thousandths(columns[k].key, stage->share[columns[k].what]);
    }
    print_keys(stage);
    fputc('}', stderr);
}

static void print_chan(const struct prt_chan_account *chan)
{
    const struct prt_chan_counts *c = &chan->counts;

    fprintf(stderr,
            "{\"name\":\"%s\",\"sent\":%" PRIu64 ",\"received\":%" PRIu64 ",\"discarded\":%" PRIu64 ",\"left\":%" PRIu64, chan->name,
            c->sent, c->received, c->discarded, c->left);
    if (chan->capacity == UINT64_MAX)
        fputs(",\"capacity\":null", stderr);
    else
        fprintf(stderr, ",\"capacity\":%" PRIu64, chan->capacity);
    fprintf(stderr, ",\"looks\":%" PRIu64 ",\"fill\":%" PRIu64, chan->looks, chan->now);
    print_thousandths("mean_fill", chan->mean);
    fprintf(stderr, ",\"item_bytes\":%zu,\"mean_bytes\":%" PRIu64, chan->item_bytes, chan->mean * chan->item_bytes / PRT_WHOLE);
    print_thousandths("full", chan->full);
    print_thousandths("empty", chan->empty);
    print_thousandths("senders_waiting", chan->senders);
    if (chan->wait_ns == UINT64_MAX)
        fputs(",\"wait_ns\":null", stderr);
    else
        fprintf(stderr, ",\"wait_ns\":%" PRIu64, chan->wait_ns);
    fputc('}', stderr);
}

static void print_verdict(const struct prt_account *account)
{
    const struct prt_verdict verdict = prt_verdict_(account);

    fprintf(stderr, "\"verdict\":{\"kind\":\"%s\"", prt_verdict_word_(verdict.kind));
    if (verdict.stage) {
        fprintf(stderr, ",\"stage\":\"%s\"", verdict.stage->name);
        print_thousandths("share", verdict.share);
    }
    if (verdict.kind == PRT_VERDICT_HANGS)
        fprintf(stderr, ",\"worker\":%" PRIu32 ",\"thread\":%" PRIu64 ",\"ns\":%" PRIu64, account->hang.worker,
                account->hang.thread, account->hang.ns);
    fputs(",\"text\":\"", stderr);
    prt_verdict_write_(&verdict, stderr);
    fputs("\"}", stderr);
}

void prt_report_json_(const struct prt_account *account)
{
    const uint64_t us = account->ns / 1000;

    fprintf(stderr, "{\"pipeline\":\"%s\",\"seconds\":%" PRIu64 ".%06" PRIu64 ",\"processors\":%" PRIu32, account->name,
            us / 1000000, us % 1000000, account->cpus);
    print_thousandths("processors_used", account->used);
    fprintf(stderr, ",\"looks\":%" PRIu64 ",\"stages\":[", account->looks);
    for (size_t i = 0; i < account->nstages; i++) {
        fputs(i > 0 ? "," : "", stderr);
        print_stage(&account->stages[i]);
    }
    fputs("],\"channels\":[", stderr);
    for (size_t i = 0; i < account->nchans; i++) {
        fputs(i > 0 ? "," : "", stderr);
        print_chan(&account->chans[i]);
    }
    fputs("],", stderr);
    print_verdict(account);
    fputs("}\n", stderr);
}
