/* Records from JSON and back: by pipec's runtime, and by jansson, whose tree a program then takes apart field by field and
 * puts together again. Both do the same to the same structures, in turns, so that a noisy moment meets them alike; the
 * medians are printed. bench/json.sh builds and runs it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>
#include <prt/form.h>

#define ROUNDS 31
#define FIELDS_MAX 50

struct document {
    const char *name;
    struct prt_record record;
    struct prt_record_field fields[FIELDS_MAX];
    char names[FIELDS_MAX][16];
    unsigned char item[FIELDS_MAX * 8]; /* what is written */
    char *text;
    size_t len;
};

/* ---- documents --------------------------------------------------------------------------------------------------- */

/* A field of 8 bytes. */
static void *add(struct document *document, const char *name, enum prt_kind kind)
{
    const size_t n = document->record.nfields++;

    snprintf(document->names[n], sizeof document->names[n], "%s", name);
    document->fields[n] = (struct prt_record_field){ document->names[n], (uint32_t)strlen(name), kind, PRT_FORM_ONE,
                                                     (uint32_t)n * 8, 8, 1, 0, NULL };
    document->record.size = (n + 1) * 8;
    return document->item + n * 8;
}

static void add_long(struct document *document, const char *name, int64_t value)
{
    *(int64_t *)add(document, name, PRT_KIND_INT64) = value;
}

static void add_double(struct document *document, const char *name, double value)
{
    *(double *)add(document, name, PRT_KIND_DOUBLE) = value;
}

static void add_string(struct document *document, const char *name, const char *value)
{
    *(char **)add(document, name, PRT_KIND_STRING) = strdup(value);
}

static void finish(struct document *document, const char *name)
{
    document->name = name;
    document->record.name = "document";
    document->record.fields = document->fields;
    document->text = prt_json_write(&document->record, document->item, &document->len);
}

static void make_line(struct document *document)
{
    add_long(document, "time", 1700000000123);
    add_string(document, "level", "info");
    add_string(document, "host", "web-17.example.org");
    add_long(document, "status", 200);
    add_long(document, "bytes", 48213);
    add_double(document, "seconds", 0.0137);
    add_string(document, "path", "/shops/17/doors?open=yes");
    finish(document, "a line of a log");
}

static void make_row(struct document *document)
{
    char name[16], text[40];

    for (int i = 0; i < FIELDS_MAX; i++) {
        snprintf(name, sizeof name, "column_%d", i);
        snprintf(text, sizeof text, "value %d of %d", i * 37, i);
        if (i % 3 == 0)
            add_long(document, name, i * 7919L * (i % 2 ? 1 : -1000003));
        else if (i % 3 == 1)
            add_double(document, name, i * 12.25 + 0.03);
        else
            add_string(document, name, text);
    }
    finish(document, "a row of 50 fields");
}

static void make_text(struct document *document)
{
    char text[2000] = "";

    add_long(document, "id", 7);
    for (int i = 0; i < 12; i++)
        strcat(text, "\"Quoted\", with a \\ and\ttabs,\nlines, caf\xc3\xa9, \xe2\x82\xac 20 and \xf0\x9f\x98\x80. ");
    add_string(document, "text", text);
    add_string(document, "title", "Escapes\r\n");
    finish(document, "a text with escapes");
}

/* ---- jansson ----------------------------------------------------------------------------------------------------- */

static void take_field(const struct prt_record_field *field, const json_t *value, unsigned char *item)
{
    switch (field->kind) {
    case PRT_KIND_INT64: *(int64_t *)(void *)(item + field->offset) = json_integer_value(value); break;
    case PRT_KIND_DOUBLE: *(double *)(void *)(item + field->offset) = json_number_value(value); break;
    default: *(char **)(void *)(item + field->offset) = value ? strdup(json_string_value(value)) : NULL; break;
    }
}

static void peer_read(const struct document *document, unsigned char *item)
{
    json_t *const tree = json_loadb(document->text, document->len, 0, NULL);

    for (size_t i = 0; i < document->record.nfields; i++)
        take_field(&document->fields[i], json_object_get(tree, document->names[i]), item);
    json_decref(tree);
}

static json_t *give_field(const struct prt_record_field *field, const unsigned char *item)
{
    switch (field->kind) {
    case PRT_KIND_INT64: return json_integer(*(const int64_t *)(const void *)(item + field->offset));
    case PRT_KIND_DOUBLE: return json_real(*(const double *)(const void *)(item + field->offset));
    default: return json_string(*(char *const *)(const void *)(item + field->offset));
    }
}

static char *peer_write(const struct document *document)
{
    json_t *const tree = json_object();
    char *text;

    for (size_t i = 0; i < document->record.nfields; i++)
        json_object_set_new(tree, document->names[i], give_field(&document->fields[i], document->item));
    text = json_dumps(tree, JSON_COMPACT);
    json_decref(tree);
    return text;
}

/* ---- what is measured -------------------------------------------------------------------------------------------- */

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void read_once(const struct document *document, bool peer)
{
    unsigned char item[FIELDS_MAX * 8];

    if (peer)
        peer_read(document, item);
    else if (!prt_json_read(&document->record, document->text, document->len, item, NULL))
        abort();
    if (!prt_record_equal(&document->record, item, document->item))
        abort();
    prt_record_drop(&document->record, item);
}

static void write_once(const struct document *document, bool peer)
{
    free(peer ? peer_write(document) : prt_json_write(&document->record, document->item, NULL));
}

/* ns for one, of enough of them to be measured. */
static double measure(const struct document *document, bool peer, void (*work)(const struct document *document, bool peer))
{
    const size_t times = 2000000 / document->len;
    const double begin = now();

    for (size_t i = 0; i < times; i++)
        work(document, peer);
    return (now() - begin) / (double)times;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static double median(double *figures)
{
    qsort(figures, ROUNDS, sizeof *figures, by_size);
    return figures[ROUNDS / 2];
}

static void compare(const struct document *document, const char *what,
                    void (*work)(const struct document *document, bool peer))
{
    double ours[ROUNDS], peers[ROUNDS], ratios[ROUNDS];

    for (int i = 0; i < ROUNDS; i++) {
        ours[i] = measure(document, false, work);
        peers[i] = measure(document, true, work);
        ratios[i] = peers[i] / ours[i];
    }
    printf("| %s, %zu bytes: %s | %.0f ns, %.0f MB/s | %.0f ns | %.2f |\n", document->name, document->len, what, median(ours),
           (double)document->len * 1000 / median(ours), median(peers), median(ratios));
}

int main(void)
{
    void (*const makes[])(struct document *document) = { make_line, make_row, make_text };

    puts("| document | pipec | jansson | times as fast |\n| --- | --- | --- | --- |");
    for (size_t i = 0; i < sizeof makes / sizeof *makes; i++) {
        struct document document = { .len = 0 };

        makes[i](&document);
        compare(&document, "read", read_once);
        compare(&document, "written", write_once);
        free(document.text);
        prt_record_drop(&document.record, document.item);
    }
    return 0;
}
