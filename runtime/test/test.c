/* Compares, and tells; the clock of a test is platform/virtual.c's. Lines are written whole, under one lock: sinks run on any thread. */
#include <prt/test.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/virtual.h"
#include "test/show.h"

#define TOLD_MOST 10 /* lines about one channel, and about failures */

_Noreturn static void out_of_memory(void)
{
    fputs("not enough memory for the test\n", stderr);
    abort();
}

/* ---- lines -------------------------------------------------------------------------------------------------------- */

/* What comes behind the runner's name for it; it closes when the program ends, and is not for what bodies start. */
static int report_open(void)
{
    const char *name = getenv("PIPEC_TEST_REPORT");
    const int fd = name ? atoi(name) : -1;

    if (fd < 3 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
        return STDERR_FILENO;
    unsetenv("PIPEC_TEST_REPORT");
    return fd;
}

static void write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        const ssize_t n = write(fd, text, len);

        if (n < 0 && errno != EINTR)
            return;
        text += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
}

/* "FILE:LINE: " and the rest, which becomes one line. */
__attribute__((format(printf, 3, 4))) static void tell(struct prt_test *test, unsigned line, const char *format, ...)
{
    char *text = NULL, *all = NULL;
    va_list args;

    va_start(args, format);
    if (vasprintf(&text, format, args) < 0 || asprintf(&all, "%s:%u: %s\n", test->spec->file, line, text) < 0)
        out_of_memory();
    va_end(args);
    for (char *at = all; at[1]; at++)
        *at = *at == '\n' || *at == '\r' ? ' ' : *at;
    prt_mutex_lock(&test->lock);
    test->wrong++;
    write_all(test->report, all, strlen(all));
    prt_mutex_unlock(&test->lock);
    free(all);
    free(text);
}

/* Whether one more line about the channel is to be told; says once that there are more. */
static bool may_tell(struct prt_test_expect *expect, unsigned line)
{
    expect->told++;
    if (expect->told == TOLD_MOST + 1)
        tell(expect->test, line, "%s: and more", expect->channel);
    return expect->told <= TOLD_MOST;
}

/* ---- items -------------------------------------------------------------------------------------------------------- */

static enum prt_kind integer_kind(size_t size, bool has_sign)
{
    switch (size) {
    case 1: return has_sign ? PRT_KIND_INT8 : PRT_KIND_UINT8;
    case 2: return has_sign ? PRT_KIND_INT16 : PRT_KIND_UINT16;
    case 4: return has_sign ? PRT_KIND_INT32 : PRT_KIND_UINT32;
    default: return has_sign ? PRT_KIND_INT64 : PRT_KIND_UINT64;
    }
}

/* An item as a field of a structure that begins with it. */
static struct prt_record_field item_field(const struct prt_test_expect *expect)
{
    struct prt_record_field field = { .size = (uint32_t)expect->size, .count = 1, .record = expect->record };

    switch (expect->kind) {
    case PRT_TEST_SIGNED: field.kind = integer_kind(expect->size, true); break;
    case PRT_TEST_CHAR: field.kind = (char)-1 < 0 ? PRT_KIND_INT8 : PRT_KIND_UINT8; break;
    case PRT_TEST_BOOL: field.kind = PRT_KIND_BOOL; break;
    case PRT_TEST_FLOAT: field.kind = expect->size == sizeof(float) ? PRT_KIND_FLOAT : PRT_KIND_DOUBLE; break;
    case PRT_TEST_STRING: field.kind = PRT_KIND_STRING; break;
    case PRT_TEST_BYTES: field.kind = PRT_KIND_BYTES; break;
    case PRT_TEST_RECORD: field.kind = PRT_KIND_RECORD; break;
    case PRT_TEST_UNSIGNED:
    case PRT_TEST_ANY: field.kind = integer_kind(expect->size, false); break;
    }
    return field;
}

/* What lies in the channel, as a field of a structure that has nothing else; of a letter that is a record. */
struct shape {
    struct prt_record_field field;
    struct prt_record letter;
    struct prt_record_field fields[4];
};

static void add_field(struct shape *shape, const char *name, struct prt_record_field field)
{
    field.name = name;
    shape->fields[shape->letter.nfields++] = field;
}

static struct prt_record_field text_at(size_t offset)
{
    return (struct prt_record_field){ .kind = PRT_KIND_STRING, .offset = (uint32_t)offset, .size = sizeof(char *), .count = 1 };
}

static void shape_letter(struct shape *shape, const struct prt_test_expect *expect, unsigned says)
{
    const struct prt_test_letter *letter = &expect->letter;

    shape->letter = (struct prt_record){ "letter", letter->size, shape->fields, 0 };
    if (expect->kind != PRT_TEST_ANY && says & PRT_TEST_ITEM)
        add_field(shape, "item", item_field(expect));
    if (says & PRT_TEST_REASON)
        add_field(shape, "reason", text_at(letter->reason));
    if (says & PRT_TEST_ATTEMPTS)
        add_field(shape, "attempts", (struct prt_record_field){ .kind = integer_kind(sizeof(int), true), .size = sizeof(int),
                                                                 .offset = (uint32_t)letter->attempts, .count = 1 });
    if (says & PRT_TEST_STAGE)
        add_field(shape, "stage", text_at(letter->stage));
    shape->field = (struct prt_record_field){ .kind = PRT_KIND_RECORD, .size = (uint32_t)letter->size, .count = 1,
                                              .record = &shape->letter };
}

static bool has_letters(const struct prt_test_expect *expect)
{
    return expect->letter.size > 0;
}

#define ALL (PRT_TEST_ITEM | PRT_TEST_REASON | PRT_TEST_ATTEMPTS | PRT_TEST_STAGE)

/* What of the expected one is compared. */
static unsigned says(const struct prt_test_expect *expect, size_t i)
{
    return has_letters(expect) ? expect->says[i] : PRT_TEST_ITEM;
}

/* Of a letter it has what `says` has. */
static const struct prt_record_field *shape_of(struct shape *shape, const struct prt_test_expect *expect, unsigned says)
{
    if (has_letters(expect))
        shape_letter(shape, expect, says);
    else
        shape->field = item_field(expect);
    return &shape->field;
}

/* To be freed. */
static char *shown(const struct prt_record_field *field, const void *at, size_t from)
{
    struct text text = { .len = 0 };

    prt_show_field_(&text, field, at, from);
    text_put_char(&text, '\0');
    if (text.failed)
        out_of_memory();
    return text.at;
}

static char *item_shown(const struct prt_test_expect *expect, const void *item, unsigned says)
{
    struct shape shape;
    char *text;

    if (expect->kind != PRT_TEST_ANY || has_letters(expect))
        return shown(shape_of(&shape, expect, says), item, 0);
    text = strdup("an item");
    if (!text)
        out_of_memory();
    return text;
}

static const void *item_at(const struct prt_test_expect *expect, size_t i)
{
    return (const unsigned char *)expect->items + i * (has_letters(expect) ? expect->letter.size : expect->size);
}

static void tell_extra(struct prt_test_expect *expect, const void *item)
{
    char *text;

    if (!may_tell(expect, expect->line))
        return;
    text = item_shown(expect, item, ALL);
    if (expect->came)
        tell(expect->test, expect->line, "%s: got %s, which is not expected", expect->channel, text);
    else
        tell(expect->test, expect->line, "%s: item %" PRIu64 ": expected nothing, got %s", expect->channel, expect->got, text);
    free(text);
}

static void tell_difference(struct prt_test_expect *expect, unsigned line, struct difference *difference)
{
    char *wanted, *got;

    if (!may_tell(expect, line))
        return;
    wanted = shown(&difference->field, difference->a, difference->from);
    got = shown(&difference->field, difference->b, difference->from);
    text_put_char(&difference->path, '\0');
    if (difference->path.failed)
        out_of_memory();
    tell(expect->test, line, "%s: item %" PRIu64 ": %s%sexpected %s, got %s", expect->channel, expect->got, difference->path.at,
         *difference->path.at ? ": " : "", wanted, got);
    free(got);
    free(wanted);
}

static void compare(struct prt_test_expect *expect, const void *item, size_t i)
{
    struct shape shape;
    struct difference difference = { .from = 0 };

    if (prt_show_difference_(&difference, shape_of(&shape, expect, says(expect, i)), item_at(expect, i), item))
        tell_difference(expect, expect->lines[i], &difference);
    free(difference.path.at);
}

static bool agrees(const struct prt_test_expect *expect, size_t i, const void *item)
{
    struct shape shape;
    const struct prt_record record = { "", expect->size, shape_of(&shape, expect, says(expect, i)), 1 };

    return prt_record_equal(&record, item_at(expect, i), item);
}

/* ---- in any order ------------------------------------------------------------------------------------------------- */

/* The expected ones that an item agrees with, those ahead that say most: the places that it can take. */
struct prt_test_fits {
    size_t n;
    size_t at[];
};

static struct prt_test_fits *find_fits(const struct prt_test_expect *expect, const void *item)
{
    struct prt_test_fits *fits = malloc(sizeof *fits + expect->n * sizeof *fits->at), *fewer;

    if (!fits)
        out_of_memory();
    fits->n = 0;
    for (int said = __builtin_popcount(ALL); said > 0; said--)
        for (size_t i = 0; i < expect->n; i++)
            if (__builtin_popcount(says(expect, i)) == said && agrees(expect, i, item))
                fits->at[fits->n++] = i;
    fewer = realloc(fits, sizeof *fits + fits->n * sizeof *fits->at);
    return fewer ? fewer : fits;
}

/* Places in the order in which they are reached, and of each the one before it. */
struct search {
    size_t *reached, n;
    size_t *before;
};
#define UNREACHED SIZE_MAX
#define NOWHERE (SIZE_MAX - 1) /* the item that has come is before it */

static void reach(struct search *search, const struct prt_test_fits *fits, size_t before)
{
    for (size_t i = 0; i < fits->n; i++) {
        if (search->before[fits->at[i]] != UNREACHED)
            continue;
        search->before[fits->at[i]] = before;
        search->reached[search->n++] = fits->at[i];
    }
}

/* Each on the way to the free place moves to the next one, and the item that has come takes the first. */
static void move_up(struct prt_test_expect *expect, const struct search *search, size_t place, struct prt_test_fits *fits)
{
    for (; search->before[place] != NOWHERE; place = search->before[place])
        expect->came[place] = expect->came[search->before[place]];
    expect->came[place] = fits;
}

/* Kuhn's algorithm (The Hungarian method for the assignment problem, 1955): the shortest augmenting path, from the places that the
 * item fits over those that fit what stands there, to a free one. So as many as can have a place have one, and what finds none
 * now would find none later, whatever comes. False: it finds none. */
static bool find_place(struct prt_test_expect *expect, struct prt_test_fits *fits)
{
    struct search search = { .n = 0 };
    size_t done = 0;
    bool found;

    search.reached = malloc(2 * expect->n * sizeof *search.reached + 1);
    if (!search.reached)
        out_of_memory();
    search.before = search.reached + expect->n;
    for (size_t i = 0; i < expect->n; i++)
        search.before[i] = UNREACHED;
    reach(&search, fits, NOWHERE);
    for (; done < search.n && expect->came[search.reached[done]]; done++)
        reach(&search, expect->came[search.reached[done]], search.reached[done]);
    found = done < search.n;
    if (found)
        move_up(expect, &search, search.reached[done], fits);
    free(search.reached);
    return found;
}

static void find_unordered(struct prt_test_expect *expect, const void *item)
{
    struct prt_test_fits *const fits = find_fits(expect, item);

    if (find_place(expect, fits))
        return;
    free(fits);
    tell_extra(expect, item);
}

/* ---- what comes --------------------------------------------------------------------------------------------------- */

void prt_test_expect(struct prt_test_expect *expect, const struct prt_test_expect *spec)
{
    *expect = *spec;
}

void prt_test_came(struct prt_test_expect *expect, const void *item)
{
    expect->got++;
    if (expect->came)
        find_unordered(expect, item);
    else if (expect->got > expect->n)
        tell_extra(expect, item);
    else
        compare(expect, item, expect->got - 1);
}

static bool has_stopped(struct prt_test *test)
{
    bool stopped;

    prt_mutex_lock(&test->lock);
    stopped = test->stopped;
    prt_mutex_unlock(&test->lock);
    return stopped;
}

/* Where a failure has stopped the run, nobody can say what would have come. */
static void tell_missing(struct prt_test_expect *expect)
{
    if (has_stopped(expect->test))
        return;
    for (size_t i = 0; i < expect->n; i++) {
        char *text;

        if ((expect->came ? expect->came[i] != NULL : i < expect->got) || !may_tell(expect, expect->lines[i]))
            continue;
        text = item_shown(expect, item_at(expect, i), says(expect, i));
        if (expect->came)
            tell(expect->test, expect->lines[i], "%s: expected %s, which did not come", expect->channel, text);
        else
            tell(expect->test, expect->lines[i], "%s: item %zu: expected %s, got nothing", expect->channel, i + 1, text);
        free(text);
    }
}

void prt_test_ended(struct prt_test_expect *expect)
{
    struct shape shape;
    const struct prt_record record = { "", expect->size, &shape.field, 1 };

    if (!expect->test) /* the run ended before this began */
        return;
    tell_missing(expect);
    shape_of(&shape, expect, ALL);
    for (size_t i = 0; i < expect->n; i++) {
        prt_record_drop(&record, (void *)item_at(expect, i));
        if (expect->came)
            free(expect->came[i]);
    }
}

/* ---- failures ----------------------------------------------------------------------------------------------------- */

void prt_test_begin(struct prt_test *test, const struct prt_test_spec *spec)
{
    *test = (struct prt_test){ .spec = spec, .report = report_open() };
    if (!prt_virtual_open()) {
        perror("the clock of the test");
        abort();
    }
    test->came = calloc(spec->nfailures + 1, sizeof *test->came);
    if (!test->came)
        out_of_memory();
}

/* `stage` is called so, or stands in what is: a stage that is made of a part. */
static bool is_of(const char *stage, const char *name)
{
    const size_t len = strlen(name);

    return strncmp(stage, name, len) == 0 && (stage[len] == '\0' || stage[len] == '.');
}

static bool is_expected(struct prt_test *test, const char *stage, const char *reason)
{
    for (size_t i = 0; i < test->spec->nfailures; i++) {
        const struct prt_test_failure *failure = &test->spec->failures[i];

        if (!test->came[i] && is_of(stage, failure->stage) && strstr(reason, failure->text))
            return test->came[i] = true;
    }
    return false;
}

void prt_test_failed(void *opaque, const char *stage, const char *reason, bool stops)
{
    struct prt_test *test = opaque;
    uint64_t failed = 0; /* with this one, where it is not expected */

    prt_mutex_lock(&test->lock);
    if (!is_expected(test, stage, reason ? reason : ""))
        failed = ++test->failed;
    test->stopped = test->stopped || stops;
    prt_mutex_unlock(&test->lock);
    if (failed > 0 && failed <= TOLD_MOST)
        tell(test, test->spec->line, "%s: failed: %s", stage, reason ? reason : "without a reason");
    else if (failed == TOLD_MOST + 1)
        tell(test, test->spec->line, "and more failures");
}

static void tell_unfailed(struct prt_test *test)
{
    for (size_t i = 0; i < test->spec->nfailures; i++)
        if (!test->came[i])
            tell(test, test->spec->failures[i].line, "%s: expected to fail with '%s', and did not", test->spec->failures[i].stage,
                 test->spec->failures[i].text);
}

/* A status of 1 means that something failed, which is told, or was to. Another one is what the author's bodies say. */
int prt_test_end(struct prt_test *test, int status)
{
    tell_unfailed(test);
    free(test->came);
    if (test->wrong == 0 && status == 1 && !test->stopped && test->spec->nfailures == 0)
        tell(test, test->spec->line, "the run failed");
    if (test->report != STDERR_FILENO)
        write_all(test->report, "end\n", 4);
    return test->wrong > 0;
}

/* ---- copies ------------------------------------------------------------------------------------------------------- */

char *prt_test_string(const char *text)
{
    char *const copy = text ? strdup(text) : NULL;

    if (text && !copy)
        out_of_memory();
    return copy;
}

struct prt_bytes prt_test_bytes(struct prt_bytes bytes)
{
    struct prt_bytes copy = { NULL, 0 };

    if (!bytes.data)
        return copy;
    copy.data = malloc(bytes.len + 1);
    if (!copy.data)
        out_of_memory();
    memcpy(copy.data, bytes.data, bytes.len);
    copy.len = bytes.len;
    return copy;
}

void prt_test_letter_fed(char **reason, int *attempts, const char **stage)
{
    *reason = prt_test_string(*reason ? *reason : "");
    *attempts = *attempts == 0 ? 1 : *attempts;
    *stage = *stage ? *stage : "";
}

void prt_test_letter_expected(char **reason, const char **stage)
{
    *reason = prt_test_string(*reason);
    *stage = prt_test_string(*stage);
}

struct prt_bytes prt_test_text(const char *text)
{
    return prt_test_bytes((struct prt_bytes){ (unsigned char *)text, strlen(text) });
}
