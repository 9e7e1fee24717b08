/* Lines for each source and one for the whole, drawn by the monitor. What it cannot write at once it leaves out: a terminal that
 * somebody has stopped holds up nothing.
 *
 * Where standard output is a terminal too, what bodies print there stands between: then all is one line, so that nothing of theirs
 * is ever erased. */
#include "program/progress.h"

#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "pool/run_state.h"
#include "program/verdict.h"

#define DRAWN_NS 200000000u    /* between two drawings: as often as a person reads numbers */
#define PLAIN_NS 2000000000u   /* between two lines of a log */
#define SOURCES_MOST 8         /* that have lines */
#define LINE_MOST 512
#define COLUMNS 80             /* of a terminal that does not tell */

struct seen {
    uint64_t sent;  /* at the last look */
    double rate;    /* items a second, of late */
};

struct prt_progress {
    bool plain, single, colour;
    unsigned drawn;         /* lines that stand on the terminal; under the lock of messages */
    uint64_t at;            /* of the last look; 0: none */
    struct prt_account *account;
    struct seen *seen;      /* of each stage of the account */
};

bool prt_progress_make_(struct prt_run *run)
{
    const struct prt_settings *settings = run->spec.settings;
    const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
    const bool drawable = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
    struct prt_progress *progress;

    if (!settings->progress || (!settings->progress_plain && !drawable))
        return true;
    progress = prt_memory_new_(&run->memory, sizeof *progress, sizeof(void *));
    if (!progress)
        return false;
    progress->plain = settings->progress_plain;
    progress->single = progress->plain || isatty(STDOUT_FILENO);
    progress->colour = !progress->plain && !(no_color && no_color[0]);
    progress->account = prt_account_new_(run);
    if (!progress->account)
        return false;
    progress->seen = prt_memory_new_(&run->memory, progress->account->nstages * sizeof *progress->seen, sizeof(double));
    run->progress = progress->seen ? progress : NULL;
    return progress->seen != NULL;
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

/* A line of text, cut where it is full. */
struct line {
    char text[LINE_MOST];
    size_t len;
    size_t bold; /* so many bytes at its beginning stand out */
};

static void __attribute__((format(printf, 2, 3))) put(struct line *line, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(line->text + line->len, sizeof line->text - line->len, format, args);
    va_end(args);
    if (n > 0)
        line->len += (size_t)n < sizeof line->text - line->len ? (size_t)n : sizeof line->text - line->len - 1;
}

/* 1,234,567 */
static void put_count(struct line *line, uint64_t count)
{
    if (count >= 1000) {
        put_count(line, count / 1000);
        put(line, ",%03" PRIu64, count % 1000);
    } else {
        put(line, "%" PRIu64, count);
    }
}

/* Three digits: 0.5, 12.3, 123, 1.23 K, 4.56 M. Whole numbers are printed, since a body may have set a locale with other points. */
static void put_scaled(struct line *line, double rate, double step, const char *const *units, size_t n)
{
    size_t unit = 0;
    uint64_t hundredths;

    while (rate >= step && unit + 1 < n) {
        rate /= step;
        unit++;
    }
    hundredths = (uint64_t)(rate * 100 + 0.5);
    if (rate >= 100 || (unit == 0 && hundredths % 100 == 0))
        put(line, "%" PRIu64, hundredths / 100);
    else if (rate >= 10)
        put(line, "%" PRIu64 ".%" PRIu64, hundredths / 100, hundredths / 10 % 10);
    else
        put(line, "%" PRIu64 ".%02" PRIu64, hundredths / 100, hundredths % 100);
    put(line, "%s/s", units[unit]);
}

static void put_rate(struct line *line, double rate)
{
    static const char *const units[] = { "", " K", " M", " G", " T" };

    put_scaled(line, rate, 1000, units, sizeof units / sizeof *units);
}

static void put_bytes(struct line *line, double rate)
{
    static const char *const units[] = { " B", " KiB", " MiB", " GiB", " TiB" };

    put_scaled(line, rate, 1024, units, sizeof units / sizeof *units);
}

/* 59 s, 12:05, 3:00:00 */
static void put_time(struct line *line, uint64_t seconds)
{
    if (seconds < 60)
        put(line, "%" PRIu64 " s", seconds);
    else if (seconds < 3600)
        put(line, "%" PRIu64 ":%02" PRIu64, seconds / 60, seconds % 60);
    else
        put(line, "%" PRIu64 ":%02" PRIu64 ":%02" PRIu64, seconds / 3600, seconds / 60 % 60, seconds % 60);
}

/* ---- a source ---------------------------------------------------------------------------------------------------- */

/* What is counted of a source: its own items; else those of the first channel that it, or what runs within it, sends to. */
struct counted {
    uint64_t sent;
    const struct prt_chan_account *of; /* that channel; NULL: they are its own */
    size_t bytes;                      /* of each; 0: not known */
};

static struct counted count_of(const struct prt_account *account, const struct prt_stage_account *source)
{
    const struct prt_chan_account *first = source->nouts > 0 ? &account->chans[source->outs[0]] : NULL;
    const size_t bytes = first && !first->owns ? first->item_bytes : 0;

    if (source->sent != UINT64_MAX)
        return (struct counted){ source->sent, NULL, source->nouts == 1 ? bytes : 0 };
    return (struct counted){ first ? first->given : 0, first, bytes };
}

/* The speed of late; the first time, since the start. */
static double rate_of(struct seen *seen, uint64_t sent, uint64_t ns, bool first)
{
    const double now = ns > 0 ? (double)(sent - seen->sent) * 1e9 / (double)ns : 0;

    seen->rate = first ? now : 0.7 * seen->rate + 0.3 * now;
    seen->sent = sent;
    return seen->rate;
}

static void put_left(struct line *line, uint64_t sent, uint64_t total, double rate)
{
    put(line, " of ");
    put_count(line, total);
    put(line, ", %" PRIu64 "%%", sent >= total ? 100 : (uint64_t)((double)sent * 100 / (double)total));
    if (sent < total && rate > 0 && (double)(total - sent) / rate < 1e6) {
        put(line, ", ");
        put_time(line, (uint64_t)((double)(total - sent) / rate + 0.5));
        put(line, " left");
    }
}

static void put_source(struct line *line, struct prt_progress *progress, const struct prt_stage_account *source, uint64_t total,
                       uint64_t ns)
{
    const struct counted counted = count_of(progress->account, source);
    const double rate = rate_of(&progress->seen[source - progress->account->stages], counted.sent, ns, progress->at == 0);

    put(line, "%s", source->name);
    line->bold = line->len;
    put(line, "  ");
    if (source->nouts == 0) { /* all runs within it, and no channel counts */
        put(line, "sends to no channel");
        return;
    }
    put_count(line, counted.sent);
    if (counted.of)
        put(line, " in %s", counted.of->name);
    else if (total > 0)
        put_left(line, counted.sent, total - 1, rate);
    put(line, ", ");
    put_rate(line, rate);
    if (counted.bytes > 0 && rate > 0) {
        put(line, ", ");
        put_bytes(line, rate * (double)counted.bytes);
    }
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

/* Items that bodies of stages without outputs have begun with. */
static uint64_t done(const struct prt_account *account)
{
    uint64_t sum = 0;

    for (size_t s = 0; s < account->nstages; s++)
        for (size_t i = 0; account->stages[s].nouts == 0 && i < account->stages[s].nins; i++)
            sum += account->chans[account->stages[s].ins[i]].counts.received;
    return sum;
}

static const struct prt_chan_account *fullest(const struct prt_account *account, uint64_t *percent)
{
    const struct prt_chan_account *fullest = NULL;

    *percent = 0;
    for (size_t i = 0; i < account->nchans; i++) {
        const struct prt_chan_account *chan = &account->chans[i];
        const uint64_t is = chan->capacity > 0 && chan->capacity < UINT64_MAX ? chan->queued * 100 / chan->capacity : 0;

        if (is > *percent) {
            fullest = chan;
            *percent = is < 100 ? is : 100;
        }
    }
    return fullest;
}

static void put_verdict(struct line *line, const struct prt_account *account)
{
    const struct prt_verdict verdict = prt_verdict_(account);
    char text[LINE_MOST];

    if (verdict.kind <= PRT_VERDICT_NONE)
        return;
    prt_verdict_text_(&verdict, text, sizeof text);
    if (text[0])
        put(line, "; %s", text);
}

static void put_whole(struct line *line, const struct prt_run *run, const struct prt_account *account)
{
    const uint64_t troubles = prt_load(&run->troubles);
    uint64_t percent;
    const struct prt_chan_account *chan = fullest(account, &percent);

    put(line, "done");
    line->bold = line->len;
    put(line, "  ");
    put_count(line, done(account));
    if (troubles > 0) {
        put(line, ", failed ");
        put_count(line, troubles);
    }
    if (chan)
        put(line, "; %s is %" PRIu64 "%% full", chan->name, percent);
    put_verdict(line, account);
}

/* All of it, a line for each source and one for the whole; how many. `lines` has room for SOURCES_MOST + 1. */
static size_t make_lines(struct line *lines, const struct prt_run *run, uint64_t now)
{
    struct prt_progress *progress = run->progress;
    struct prt_account *account = progress->account;
    const struct prt_stage_account *at = account->stages;
    size_t n = 0;

    prt_account_take_(account, run, run->figures, false);
    for (const struct prt_stage *stage = run->stages; stage; at += 1 + stage->spec.ninlines, stage = stage->next)
        if (at->is_source && n < SOURCES_MOST)
            put_source(&lines[n++], progress, at, prt_load_relaxed(&stage->total), now - (progress->at ? progress->at : run->started));
    put_whole(&lines[n++], run, account);
    progress->at = now;
    return n;
}

/* ---- on the terminal --------------------------------------------------------------------------------------------- */

static size_t columns(void)
{
    struct winsize size;

    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : COLUMNS;
}

/* How many bytes of the line so many columns show. A letter of several bytes has one: names of a .pipe file are ASCII. */
static size_t fitting(const struct line *line, size_t most)
{
    size_t len = 0;

    while (len < line->len && most > 0) {
        do
            len++;
        while (len < line->len && ((unsigned char)line->text[len] & 0xC0) == 0x80);
        most--;
    }
    return len;
}

static void write_line(FILE *to, const struct line *line, size_t most, bool colour)
{
    const size_t len = fitting(line, most), bold = colour && line->bold < len ? line->bold : 0;

    if (bold > 0)
        fprintf(to, "\033[1m%.*s\033[0m", (int)bold, line->text);
    fwrite(line->text + bold, 1, len - bold, to);
}

/* One after the other, as far as there is room. */
static struct line join(const struct line *lines, size_t n)
{
    struct line all = lines[0];

    for (size_t i = 1; i < n; i++)
        put(&all, "; %s", lines[i].text);
    return all;
}

/* Whether what is written now is taken at once: a terminal that was stopped, or a pipe that nobody reads, takes nothing. */
static bool is_taken(void)
{
    struct pollfd polled = { .fd = STDERR_FILENO, .events = POLLOUT };

    return poll(&polled, 1, 0) > 0 && (polled.revents & POLLOUT);
}

/* Back to the beginning of what is drawn, and away with it. */
static void erase(FILE *to, unsigned drawn)
{
    if (drawn > 1)
        fprintf(to, "\033[%uA", drawn - 1);
    if (drawn > 0)
        fputs("\r\033[J", to);
}

static bool write_out(const char *text, size_t size)
{
    return is_taken() && write(STDERR_FILENO, text, size) == (ssize_t)size;
}

static void draw(struct prt_run *run, const struct line *lines, size_t n)
{
    struct prt_progress *progress = run->progress;
    const size_t width = columns() - 1; /* the last one would make some terminals begin another line */
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);

    if (!to)
        return;
    erase(to, progress->drawn);
    for (size_t i = 0; i < n; i++) {
        fputs(i > 0 ? "\n" : "", to);
        write_line(to, &lines[i], width, progress->colour);
    }
    fclose(to);
    if (write_out(text, size))
        progress->drawn = (unsigned)n;
    free(text);
}

static void print(const struct prt_run *run, const struct line *line)
{
    struct line named = { .len = 0 };

    put(&named, "%s: ", run->spec.name);
    put_time(&named, (run->progress->at - run->started) / 1000000000);
    put(&named, "; %s\n", line->text);
    named.text[named.len - 1] = '\n'; /* also where it was cut */
    write_out(named.text, named.len);
}

static void show(struct prt_run *run, uint64_t now)
{
    struct line lines[SOURCES_MOST + 1] = { { .len = 0 } };
    size_t n = make_lines(lines, run, now);

    prt_mutex_lock(&run->message_lock);
    if (run->progress->single) {
        lines[0] = join(lines, n);
        n = 1;
    }
    if (run->progress->plain)
        print(run, &lines[0]);
    else
        draw(run, lines, n);
    prt_mutex_unlock(&run->message_lock);
}

uint64_t prt_run_show_(struct prt_run *run, uint64_t now)
{
    const uint64_t every = run->progress->plain ? PLAIN_NS : DRAWN_NS;

    if (now - run->started >= every) /* else it has just begun */
        show(run, now);
    return now + every;
}

void prt_progress_hide_(struct prt_run *run)
{
    if (!run->progress || run->progress->drawn == 0)
        return;
    erase(stderr, run->progress->drawn);
    run->progress->drawn = 0;
}

void prt_progress_end_(struct prt_run *run)
{
    if (!run->progress)
        return;
    if (run->progress->plain)
        show(run, prt_now());
    prt_mutex_lock(&run->message_lock);
    prt_progress_hide_(run);
    prt_mutex_unlock(&run->message_lock);
}
