/* Reading what `--stats=json` has printed, by jansson. The program prints it on standard error, where other lines may
 * stand before it, so that of the whole file the last line is taken that begins as an object does. Members that are not
 * known here are left alone: later programs may count more.
 */
#include "picture/counts.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/memory.h"

#if defined __has_include && __has_include(<jansson.h>)

#include <jansson.h>
#include <uthash.h>

#define LOOKS_LEAST 10 /* fewer than these say nothing */

/* A stage or a channel of the plan, by the name of its row. */
struct named {
    const char *name;
    size_t index;
    bool seen, may_lack;
    UT_hash_handle hh;
};

struct reading {
    const char *path;
    const struct plan *plan;
    const char *what;        /* "stage" or "channel" */
    struct counts *counts;
};

static bool __attribute__((format(printf, 2, 3))) complain(const struct reading *reading, const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "pipec: %s", reading->path);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return false;
}

/* ---- one stage or channel ---------------------------------------------------------------------------------------- */

static bool take_count(const struct reading *reading, const json_t *item, const char *key, uint64_t *count)
{
    const json_t *value = json_object_get(item, key);

    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return complain(reading, ": '%s' of %s '%s' is no count", key, reading->what,
                        json_string_value(json_object_get(item, "name")));
    *count = (uint64_t)json_integer_value(value);
    return true;
}

/* How often somebody looked; of a run of which that is not told, never. */
static bool take_looks(const struct reading *reading, const json_t *item, uint64_t *looks)
{
    *looks = 0;
    return !json_object_get(item, "looks") || take_count(reading, item, "looks", looks);
}

static bool take_share(const struct reading *reading, const json_t *item, const char *key, double *share)
{
    const json_t *value = json_object_get(item, key);

    *share = json_number_value(value);
    if (json_is_number(value) && *share >= 0 && *share <= 1)
        return true;
    return complain(reading, ": '%s' of %s '%s' is no share", key, reading->what,
                    json_string_value(json_object_get(item, "name")));
}

/* How full a channel was on average. A rendezvous holds an item that is sent, until a body has it. */
static bool take_fullness(const struct reading *reading, const json_t *item, double *full)
{
    const json_t *capacity = json_object_get(item, "capacity"), *mean = json_object_get(item, "mean_fill");

    if (!json_is_integer(capacity) || json_integer_value(capacity) == 0)
        return take_share(reading, item, "full", full);
    if (!json_is_number(mean))
        return complain(reading, ": 'mean_fill' of %s '%s' is no number", reading->what,
                        json_string_value(json_object_get(item, "name")));
    *full = json_number_value(mean) / (double)json_integer_value(capacity);
    return true;
}

static void raise_to(uint64_t *most, uint64_t count)
{
    *most = count > *most ? count : *most;
}

static bool take_stage(const struct reading *reading, const json_t *item, size_t index)
{
    struct stage_count *count = &reading->counts->stages[index];

    if (!take_count(reading, item, "received", &count->received) || !take_count(reading, item, "failed", &count->failed)
        || !take_count(reading, item, "skipped", &count->skipped) || !take_count(reading, item, "dead", &count->dead)
        || !take_count(reading, item, "cut", &count->cut) || !take_looks(reading, item, &count->looks))
        return false;
    if (count->looks > 0 && (!take_share(reading, item, "busy", &count->busy) ||
                             !take_share(reading, item, "kernel", &count->kernel)))
        return false;
    count->known = true;
    raise_to(&reading->counts->most_received, count->received);
    return true;
}

/* A broadcast has several rows. Each was sent all of its items; each discarded some and left some of its own. */
static bool take_channel(const struct reading *reading, const json_t *item, size_t index)
{
    struct channel_count *count = &reading->counts->channels[index];
    uint64_t sent, discarded, left;
    double full;

    if (!take_count(reading, item, "sent", &sent) || !take_count(reading, item, "discarded", &discarded)
        || !take_count(reading, item, "left", &left) || !take_looks(reading, item, &count->looks))
        return false;
    if (count->looks > 0) {
        if (!take_fullness(reading, item, &full))
            return false;
        count->full = full > count->full ? full : count->full;
    }
    raise_to(&count->sent, sent);
    count->discarded += discarded;
    count->left += left;
    count->known = true;
    raise_to(&reading->counts->most_sent, sent);
    return true;
}

/* ---- all of them ------------------------------------------------------------------------------------------------- */

typedef bool take_function(const struct reading *reading, const json_t *item, size_t index);

static bool take_items(const struct reading *reading, const json_t *list, struct named *names, take_function *take)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        const char *name = json_string_value(json_object_get(item, "name"));
        struct named *named = NULL;

        if (!name)
            return complain(reading, ": a %s has no name", reading->what);
        HASH_FIND_STR(names, name, named);
        if (!named)
            return complain(reading, " has a %s '%s', which %s does not declare", reading->what, name,
                            reading->plan->source->name);
        if (named->seen)
            return complain(reading, " has the %s '%s' twice", reading->what, name);
        named->seen = true;
        if (!take(reading, item, named->index))
            return false;
    }
    for (const struct named *named = names; named; named = named->hh.next)
        if (!named->seen && !named->may_lack)
            return complain(reading, " has no %s '%s', which %s declares", reading->what, named->name,
                            reading->plan->source->name);
    return true;
}

/* The table of names that are in `room`, and nothing but the table, is freed. */
static bool take_list(const struct reading *reading, const json_t *list, struct named *room, size_t n,
                      take_function *take)
{
    struct named *names = NULL;
    bool taken;

    if (!json_is_array(list))
        return complain(reading, " is no run's figures: it has no %ss", reading->what);
    for (size_t i = 0; i < n; i++)
        HASH_ADD_KEYPTR(hh, names, room[i].name, strlen(room[i].name), &room[i]);
    taken = take_items(reading, list, names, take);
    HASH_CLEAR(hh, names);
    return taken;
}

static bool take_stages(struct reading *reading, const json_t *list)
{
    const struct plan *plan = reading->plan;
    struct named *room = memory_take(plan->memory, (plan->nstages + 1) * sizeof *room);

    for (size_t s = 0; s < plan->nstages; s++)
        room[s] = (struct named){ .name = plan->stages[s].name, .index = s };
    reading->what = "stage";
    return take_list(reading, list, room, plan->nstages, take_stage);
}

/* How many rows a channel has: a broadcast one for each stage that receives. */
static size_t rows_of(const struct planned_channel *channel)
{
    return channel->ncopies > 0 ? channel->ncopies : 1;
}

static bool take_channels(struct reading *reading, const json_t *list)
{
    const struct plan *plan = reading->plan;
    struct named *room;
    size_t n = 0;

    for (size_t c = 0; c < plan->nchannels; c++)
        n += rows_of(&plan->channels[c]);
    room = memory_take(plan->memory, (n + 1) * sizeof *room);
    n = 0;
    for (size_t c = 0; c < plan->nchannels; c++) {
        const struct planned_channel *channel = &plan->channels[c];

        for (size_t i = 0; i < rows_of(channel); i++)
            room[n++] = (struct named){ .name = channel->ncopies > 0 ? channel->copies[i].name : channel->name,
                                        .index = c, .may_lack = channel->kind == KIND_CALL };
    }
    reading->what = "channel";
    return take_list(reading, list, room, n, take_channel);
}

static bool take_run(struct reading *reading, const json_t *run)
{
    const char *pipeline = json_string_value(json_object_get(run, "pipeline"));

    if (!pipeline)
        return complain(reading, " is no run's figures: it names no pipeline");
    if (strcmp(pipeline, reading->plan->name) != 0)
        return complain(reading, " is of the pipeline '%s', and %s declares '%s'", pipeline, reading->plan->source->name,
                        reading->plan->name);
    reading->counts->shares = json_integer_value(json_object_get(run, "looks")) >= LOOKS_LEAST;
    reading->counts->seconds = json_number_value(json_object_get(run, "seconds"));
    return take_stages(reading, json_object_get(run, "stages")) && take_channels(reading, json_object_get(run, "channels"));
}

/* ---- the file ---------------------------------------------------------------------------------------------------- */

/* The last line that begins with {, which the caller frees; NULL where there is none. */
static char *last_object(FILE *file, size_t *number)
{
    char *line = NULL, *last = NULL;
    size_t room = 0, lines = 0;

    while (getline(&line, &room, file) >= 0) {
        lines++;
        if (line[0] != '{')
            continue;
        free(last);
        last = line;
        line = NULL;
        room = 0;
        *number = lines;
    }
    free(line);
    return last;
}

static bool take_text(struct reading *reading, const char *text, size_t line)
{
    json_error_t error;
    json_t *run = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    bool taken;

    if (!run)
        return complain(reading, ":%zu:%d: is no JSON: %s", line, error.column, error.text);
    taken = take_run(reading, run);
    json_decref(run);
    return taken;
}

const struct counts *counts_read(const char *path, const struct plan *plan)
{
    struct reading reading = { .path = path, .plan = plan };
    FILE *file = fopen(path, "re");
    size_t number = 0;
    char *text;
    bool taken;

    if (!file) {
        fprintf(stderr, "pipec: cannot read %s: %s\n", path, strerror(errno));
        return NULL;
    }
    reading.counts = memory_take(plan->memory, sizeof *reading.counts);
    reading.counts->stages = memory_take(plan->memory, (plan->nstages + 1) * sizeof *reading.counts->stages);
    reading.counts->channels = memory_take(plan->memory, (plan->nchannels + 1) * sizeof *reading.counts->channels);
    errno = 0;
    text = last_object(file, &number);
    if (ferror(file))
        taken = complain(&reading, ": cannot be read: %s", strerror(errno));
    else if (!text)
        taken = complain(&reading, " is no run's figures: no line of it begins with {");
    else
        taken = take_text(&reading, text, number);
    free(text);
    fclose(file);
    return taken ? reading.counts : NULL;
}

#else

const struct counts *counts_read(const char *path, const struct plan *plan)
{
    (void)plan;
    fprintf(stderr, "pipec: cannot read %s: this pipec was built without jansson, which reads JSON\n"
                    "  hint: tools/setup.sh installs it; then make clean, and make\n", path);
    return NULL;
}

#endif
