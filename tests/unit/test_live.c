/* What pipec makes of the table of a program that may be anything: damaged tables, some thousands of them, read, counted, drawn and
 * written as JSON. Under a sanitizer each wrong access is seen.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "live/draw.h"
#include "live/figure.h"
#include "live/json.h"
#include "../live/sound.h"
#include "unit.h"

enum { WIDTH = 80, ROUNDS = 4000 };

static uint64_t state = 88172645463325252;

static uint64_t draw(uint64_t n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % n;
}

/* Figures of which the second is later. */
static struct table table_at(uint64_t looks)
{
    struct table table = sound(1);

    table.figures.at = 1000000000 * looks;
    table.figures.looks = looks;
    strcpy(table.figures.verdict_kind, "none");
    strcpy(table.figures.verdict, "nothing stands out");
    for (size_t i = 0; i < STAGES; i++)
        table.stage_figures[i] = (struct prt_live_stage_figures){ .looks = 10 * looks, .inside = 6 * looks, .item = 4 * looks,
                                                                  .threads = 2 * looks, .asleep = looks };
    for (size_t i = 0; i < CHANNELS; i++)
        table.chan_figures[i] = (struct prt_live_chan_figures){ .sent = 100 * looks, .begun = 90 * looks, .queued = 3,
                                                                .looks = looks, .sum = 4 * looks };
    return table;
}

/* All that is shown is text, each line no wider than it may be. */
static void check_shown(const char *text, bool is_picture)
{
    const char *at = text;

    while ((unsigned char)*at >= ' ' || *at == '\n' || (is_picture && *at >= LOOK_PLAIN && *at <= LOOK_DIM))
        at++;
    ck_assert_msg(!*at, "a control character %d is shown", *at);
    ck_assert_ptr_null(strchr(text, 127));
}

/* Columns of the widest line; texts here are ASCII. */
static size_t widest(const char *text)
{
    size_t most = 0, column = 0;

    for (; *text; text++) {
        column = *text == '\n' ? 0 : column + (*text >= ' ');
        most = column > most ? column : most;
    }
    return most;
}

static char *as_json(const struct live_program *program, const struct live_view *view)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);

    ck_assert_ptr_nonnull(to);
    json_program(to, program, view, true);
    fclose(to);
    return text;
}

/* Reads the first, then the second as the next copy of it; NULL: the first is no table. The picture is the caller's. */
static char *show(const struct table *first, const struct table *second, size_t size, enum live_order order, char **json)
{
    struct obstack *memory = memory_new();
    unsigned char *bytes = malloc(size); /* no more, so that a sanitizer sees the end */
    struct live_program program = { .pid = 1, .memory = memory, .answers = true };
    const struct live_look look = { .width = WIDTH, .order = order };
    char *picture = NULL;

    memcpy(bytes, first, size);
    program.graph = live_graph_read(memory, bytes, size);
    if (program.graph) {
        struct live_view *view = live_view_new(memory, program.graph);

        program.before = live_sample_new(memory, program.graph);
        program.now = live_sample_new(memory, program.graph);
        live_sample_read(program.before, program.graph, bytes);
        memcpy(bytes, second, size);
        live_sample_read(program.now, program.graph, bytes);
        live_view_take(view, &program);
        picture = live_draw(&program, view, &look);
        ck_assert_ptr_nonnull(picture);
        *json = as_json(&program, view);
    }
    free(bytes);
    memory_free(memory);
    return picture;
}

START_TEST(a_sound_one)
{
    const struct table first = table_at(1), second = table_at(2);
    char *json, *picture = show(&first, &second, sizeof first, ORDER_GRAPH, &json);

    ck_assert_ptr_nonnull(picture);
    check_shown(picture, true);
    check_shown(json, false);
    ck_assert_uint_le(widest(picture), WIDTH);
    ck_assert_ptr_nonnull(strstr(picture, "item 40%"));
    ck_assert_ptr_nonnull(strstr(picture, "busy 30%, kernel 30%"));
    ck_assert_ptr_nonnull(strstr(picture, "90/s"));
    ck_assert_ptr_nonnull(strstr(picture, "nothing stands out"));
    ck_assert_ptr_nonnull(strstr(json, "\"busy\":0.300"));
    ck_assert_ptr_nonnull(strstr(json, "?[2Jevil"));
    free(picture);
    free(json);
}
END_TEST

/* Each of them is refused. */
START_TEST(an_unsound_one)
{
    struct table table = table_at(1);
    char *json;

    switch (_i) {
    case 0: table.head.magic++; break;
    case 1: table.head.version++; break;
    case 2: table.head.bytes = sizeof table + 1; break;
    case 3: table.head.stages.at = UINT64_MAX - 8; break;
    case 4: table.head.stages.n = UINT64_MAX / 2; break;
    case 5: table.head.stages.bytes = 8; break;
    case 6: table.head.chans.bytes = UINT64_MAX; break;
    case 7: table.ends[0] = CHANNELS; break;
    case 8: table.stages[0].nouts = 5; break;
    case 9: table.stages[0].outs = UINT64_MAX; break;
    case 10: table.head.name = sizeof table; break;
    case 11: table.head.stage_figures.n--; break;
    case 12: table.head.chan_figures.n--; break;
    case 13: table.head.figures.n = 0; break;
    case 14: table.stages[0].outs = table.stages[1].outs = 0, table.stages[0].nouts = table.stages[1].nouts = ENDS; break;
    default: break;
    }
    ck_assert_ptr_null(show(&table, &table, sizeof table - (_i == 15 ? sizeof table.text : 0), ORDER_GRAPH, &json));
}
END_TEST

static void damage(struct table *table)
{
    static const uint64_t values[] = { 0, 1, 2, 3, 8, 255, UINT32_MAX, INT64_MAX, UINT64_MAX, UINT64_MAX - 7 };
    unsigned char *bytes = (unsigned char *)table;

    for (uint64_t n = 1 + draw(4); n > 0; n--) {
        const size_t at = (size_t)draw(sizeof *table / 8) * 8;
        const uint64_t value = draw(2) ? values[draw(sizeof values / sizeof *values)] : draw(sizeof *table);

        if (draw(3))
            memcpy(bytes + at, &value, sizeof value);
        else
            bytes[draw(sizeof *table)] = (unsigned char)draw(256);
    }
}

START_TEST(damaged_ones)
{
    unsigned read = 0;

    for (unsigned i = 0; i < ROUNDS; i++) {
        struct table first = table_at(1), second = table_at(2);
        char *json, *picture;

        if (draw(2))
            damage(&first);
        damage(&second);
        picture = show(&first, &second, draw(8) ? sizeof first : (size_t)draw(sizeof first), (enum live_order)draw(4), &json);
        if (!picture)
            continue;
        read++;
        check_shown(picture, true);
        check_shown(json, false);
        ck_assert_uint_le(widest(picture), WIDTH);
        free(picture);
        free(json);
    }
    ck_assert_msg(read > ROUNDS / 4 && read < ROUNDS, "%u of %d could be read", read, ROUNDS);
}
END_TEST

/* ---- numbers ----------------------------------------------------------------------------------------------------- */

static const struct { double value; const char *rate, *age; } numbers[] = {
    { 0, "0/s", "0 s" },           { 0.5, "0.50/s", "0 s" },          { 12.34, "12.3/s", "12 s" },    { 59.9, "59.9/s", "59 s" },
    { 725, "725/s", "12:05" },     { 1234, "1.23 K/s", "20:34" },     { 10800, "10.8 K/s", "3:00:00" },
    { 1e6, "1.00 M/s", "11 d 13 h" }, { 1e300, "1000000000000 T/s", "11574074 d 1 h" },
};

START_TEST(figures)
{
    char text[FIGURE_MOST];

    figure_rate(text, numbers[_i].value);
    ck_assert_str_eq(text, numbers[_i].rate);
    figure_age(text, numbers[_i].value);
    ck_assert_str_eq(text, numbers[_i].age);
    figure_count(text, UINT64_MAX);
    ck_assert_str_eq(text, "18,446,744,073,709,551,615");
    figure_bytes(text, UINT64_MAX);
    ck_assert_str_eq(text, "16.0 EiB");
}
END_TEST

/* ---- programs that answer in turn --------------------------------------------------------------------------------- */

enum { PROGRAMS = 2, APART_MS = 500 };

static struct {
    int fd[PROGRAMS];
    uint64_t from; /* live_clock() */
    int naps;      /* of who gathers */
} turns;

/* Nobody waits here: while who gathers would sleep, one of the programs makes another copy. */
int nanosleep(const struct timespec *time, struct timespec *left)
{
    const int fd = turns.fd[turns.naps++ % PROGRAMS];
    struct table table = table_at(50 * (uint64_t)turns.naps);

    (void)time;
    (void)left;
    table.head.pid = (uint64_t)getpid();
    table.head.sequence = 2 * (uint64_t)turns.naps;
    table.figures.at = turns.from + (uint64_t)turns.naps * APART_MS * 1000000;
    ck_assert_int_eq(pwrite(fd, &table, sizeof table, 0), sizeof table);
    return 0;
}

/* A table of this process, as its programs have them. */
static int table_new(const struct table *table)
{
    const int fd = memfd_create(PRT_LIVE_NAME, MFD_CLOEXEC | MFD_ALLOW_SEALING);

    ck_assert_int_eq(write(fd, table, sizeof *table), sizeof *table);
    ck_assert_int_eq(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW), 0);
    return fd;
}

/* Each has copies that are far enough apart as soon as it has made the second, whenever others make theirs. */
START_TEST(in_turn)
{
    struct live_programs programs;
    const struct table table = sound((uint64_t)getpid());

    for (size_t i = 0; i < PROGRAMS; i++)
        turns.fd[i] = table_new(&table);
    turns.from = live_clock();
    programs = live_find(getpid());
    ck_assert_uint_eq(programs.n, PROGRAMS);
    live_gather(&programs, APART_MS * 1000000u);
    ck_assert_int_eq(turns.naps, 2 * PROGRAMS);
    for (size_t i = 0; i < programs.n; i++)
        ck_assert(programs.at[i].answers);
    live_free(&programs);
}
END_TEST

/* Who looks too may have asked for longer. What lies too far ahead counts as none, and is none here. */
static const struct {
    uint64_t ahead; /* what is asked for already, ns; 0: nothing */
    bool stays;
} wishes[] = { { 0, false }, { 1000000000, false }, { 4900000000, true }, { 3600000000000, false } };

START_TEST(other_wishes)
{
    struct table table = sound((uint64_t)getpid());
    const uint64_t from = live_clock(), before = wishes[_i].ahead > 0 ? from + wishes[_i].ahead : 0;
    const uint32_t knocks = table.head.knocks;
    struct live_programs programs;
    int fd;

    table.head.wanted = before;
    fd = table_new(&table);
    programs = live_find(getpid());
    ck_assert_uint_eq(programs.n, 1);
    ck_assert(live_want(&programs.at[0]));
    ck_assert_int_eq(pread(fd, &table, sizeof table, 0), sizeof table);
    ck_assert_uint_ne(table.head.knocks, knocks);
    if (wishes[_i].stays)
        ck_assert_uint_eq(table.head.wanted, before);
    else
        ck_assert(table.head.wanted > from + 1000000000 && table.head.wanted <= live_clock() + PRT_LIVE_AHEAD_NS);
    live_free(&programs);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("live");
    TCase *tcase = tcase_create("live");

    tcase_add_test(tcase, a_sound_one);
    tcase_add_loop_test(tcase, an_unsound_one, 0, 16);
    tcase_add_test(tcase, damaged_ones);
    tcase_add_loop_test(tcase, figures, 0, sizeof numbers / sizeof *numbers);
    tcase_add_test(tcase, in_turn);
    tcase_add_loop_test(tcase, other_wishes, 0, sizeof wishes / sizeof *wishes);
    suite_add_tcase(s, tcase);
    return s;
}

int main(void)
{
    return unit_run(suite());
}
