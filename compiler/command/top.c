/* pipec top: a pipeline as it runs.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/command.h"
#include "live/draw.h"
#include "live/json.h"
#include "live/screen.h"

#define APART_NS 500000000u /* of the first picture */
#define EVERY_NS 1000000000u
#define COLUMNS 80          /* where nobody says */

struct top_request {
    pid_t pid; /* 0: any */
    bool once, json;
};

/* What is looked at, and how. */
struct top {
    struct live_programs programs;
    size_t which;             /* of the programs */
    struct live_view *view;   /* of that one */
    struct live_look look;
    bool paused, over, colour;
    size_t first;             /* line of the picture that is shown first, */
    size_t rows;
};

static bool is_utf8(void)
{
    static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);

        if (value && *value)
            return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
    }
    return false;
}

static bool has_colour(void)
{
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

    return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

/* ---- a picture --------------------------------------------------------------------------------------------------- */

/* What the letters of a picture are to a terminal. */
static void put_styled(FILE *to, const char *text, size_t len, bool colour)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] > LOOK_DIM || text[i] < LOOK_PLAIN)
            putc(text[i], to);
        else if (colour)
            fputs(text[i] == LOOK_BOLD ? "\033[1m" : text[i] == LOOK_DIM ? "\033[2m" : "\033[0m", to);
}

static int out_of_memory(void)
{
    fputs("pipec: out of memory\n", stderr);
    return STATUS_FAILED;
}

static size_t columns(void)
{
    const char *said = getenv("COLUMNS");
    const long n = said ? strtol(said, NULL, 10) : 0;

    if (n > 0 && n < 10000)
        return (size_t)n;
    return screen_columns() > 0 ? screen_columns() : COLUMNS;
}

static int print_once(struct top *top, bool json)
{
    top->look.width = columns();
    for (size_t i = 0; i < top->programs.n; i++) {
        const struct live_program *program = &top->programs.at[i];
        struct live_view *view = live_view_new(program->memory, program->graph);
        char *text;

        live_view_take(view, program);
        if (json) {
            fputs(i > 0 ? ",\n" : "[", stdout);
            json_program(stdout, program, view, true);
            continue;
        }
        text = live_draw(program, view, &top->look);
        if (!text)
            return out_of_memory();
        fputs(i > 0 ? "\n" : "", stdout);
        put_styled(stdout, text, strlen(text), top->colour);
        free(text);
    }
    if (json)
        puts("]");
    return command_finish();
}

/* ---- on the terminal --------------------------------------------------------------------------------------------- */

static struct live_program *shown(const struct top *top)
{
    return &top->programs.at[top->which];
}

static void put_foot(FILE *to, const struct top *top)
{
    static const char *const orders[] = { "graph", "busiest", "fullest", "fastest" };
    char text[256];
    int len = snprintf(text, sizeof text, "%s%s%zu of %zu; by %s.  q quit  p pause  n next  g b f r order  j k scroll",
                       top->over ? "ENDED  " : "", top->paused ? "PAUSED  " : "", top->which + 1, top->programs.n,
                       orders[top->look.order]);

    if (len > (int)top->look.width)
        len = (int)top->look.width;
    fprintf(to, "%s%.*s%s\033[K", top->colour ? "\033[7m" : "", len, text, top->colour ? "\033[0m" : "");
}

/* The lines from `first` on, as many as there are rows but the last. */
static void put_page(FILE *to, struct top *top, const char *text)
{
    size_t lines = 0, row = 0;

    for (const char *at = text; *at; at++)
        lines += *at == '\n';
    if (top->first + (top->rows - 1) > lines)
        top->first = lines > top->rows - 1 ? lines - (top->rows - 1) : 0;
    for (size_t i = 0; *text && row < top->rows - 1; i++) {
        const size_t len = strcspn(text, "\n");

        if (i >= top->first) {
            put_styled(to, text, len, top->colour);
            fputs("\033[K\r\n", to);
            row++;
        }
        text += len + 1;
    }
    fputs("\033[J", to);
    fprintf(to, "\033[%zu;1H", top->rows);
}

static bool show(struct top *top)
{
    char *picture, *page = NULL;
    size_t size;
    FILE *to;

    screen_size(&top->look.width, &top->rows);
    top->look.width -= top->look.width > 1; /* the last column would make some terminals begin another line */
    picture = live_draw(shown(top), top->view, &top->look);
    to = picture ? open_memstream(&page, &size) : NULL;
    if (to) {
        fputs("\033[H", to);
        put_page(to, top, picture);
        put_foot(to, top);
        fclose(to);
        screen_show(page, size);
    }
    free(picture);
    free(page);
    return to != NULL;
}

/* The other programs, and those that have begun meanwhile; the one that is shown if there is no other. */
static void look_at_next(struct top *top)
{
    const pid_t pid = shown(top)->pid;
    struct live_programs found = live_find(0);
    size_t which = 0;

    if (found.n == 0)
        return;
    while (which < found.n && found.at[which].pid <= pid)
        which++;
    live_free(&top->programs);
    top->programs = found;
    top->which = which < found.n ? which : 0;
    top->view = live_view_new(shown(top)->memory, shown(top)->graph);
    top->over = top->paused = false;
    top->first = 0;
    live_want(shown(top));
}

/* New figures, as long as there are any. */
static void look(struct top *top, uint64_t *asked)
{
    struct live_program *program = shown(top);
    const uint64_t now = live_clock();

    if (top->paused || top->over)
        return;
    if (!live_want(program)) {
        top->over = true;
        return;
    }
    if (live_take(program)) {
        program->answers = true;
        live_view_take(top->view, program);
        live_mark(program);
    } else {
        program->answers = now < program->now->all.at + 2 * (uint64_t)EVERY_NS;
        live_view_take(top->view, program);
    }
    *asked = now;
}

/* False: to quit. */
static bool obey(struct top *top, int key)
{
    switch (key) {
    case 'q': case 'Q': return false;
    case 'p': case ' ': top->paused = !top->paused; break;
    case 'n': case '\t': look_at_next(top); break;
    case 'g': top->look.order = ORDER_GRAPH; break;
    case 'b': top->look.order = ORDER_BUSY; break;
    case 'f': top->look.order = ORDER_FULL; break;
    case 'r': top->look.order = ORDER_RATE; break;
    case 'j': case KEY_DOWN: top->first++; break;
    case 'k': case KEY_UP: top->first -= top->first > 0; break;
    case KEY_PAGE_DOWN: top->first += top->rows; break;
    case KEY_PAGE_UP: top->first -= top->first < top->rows ? top->first : top->rows; break;
    case KEY_HOME: top->first = 0; break;
    default: break;
    }
    return true;
}

static int watch(struct top *top)
{
    uint64_t asked = live_clock();
    bool goes_on;

    top->view = live_view_new(shown(top)->memory, shown(top)->graph);
    live_view_take(top->view, shown(top));
    live_mark(shown(top));
    if (!screen_open())
        return usage_error(&command_top, "standard input and output are no terminal; --once writes one picture");
    do {
        const uint64_t now = live_clock();

        if (now >= asked + EVERY_NS)
            look(top, &asked);
        if (!show(top)) {
            screen_close();
            return out_of_memory();
        }
        {
            const uint64_t left = asked + EVERY_NS > now ? asked + EVERY_NS - now : 0;
            const int key = screen_key(top->paused || top->over ? -1 : (int)(left / 1000000) + 1);

            goes_on = key != KEY_END && obey(top, key);
        }
    } while (goes_on);
    screen_close();
    return STATUS_OK;
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

static int take_pid(struct top_request *request, const char *word)
{
    char *end;
    const long n = strtol(word, &end, 10);

    if (*end || *word < '0' || *word > '9' || n <= 0 || n > INT_MAX)
        return usage_error(&command_top, "%s: the number of a process is wanted; pipec ps lists them", word);
    request->pid = (pid_t)n;
    return -1;
}

static int parse(struct top_request *request, int argc, char **argv)
{
    enum { OPTION_ONCE = LONG_OPTION, OPTION_JSON, OPTION_HELP };
    static const struct option longs[] = {
        { "once", no_argument, NULL, OPTION_ONCE },
        { "json", no_argument, NULL, OPTION_JSON },
        { "help", no_argument, NULL, OPTION_HELP },
        { NULL, 0, NULL, 0 },
    };
    int option;

    opterr = 0;
    while ((option = getopt_long(argc, argv, ":", longs, NULL)) != -1) {
        switch (option) {
        case OPTION_ONCE: request->once = true; break;
        case OPTION_JSON: request->json = true; break;
        case OPTION_HELP: return command_help(&command_top);
        default: return option_error(&command_top, longs, option, argv);
        }
    }
    if (optind + 1 < argc)
        return usage_error(&command_top, "top takes one process");
    return optind < argc ? take_pid(request, argv[optind]) : -1;
}

static int top_run(int argc, char **argv)
{
    struct top_request request = { 0 };
    struct top top = { .look = { .utf8 = is_utf8() }, .colour = has_colour() };
    int status = parse(&request, argc, argv);

    if (status >= 0)
        return status;
    top.programs = live_find(request.pid);
    if (top.programs.n > 0)
        live_gather(&top.programs, APART_NS);
    if (top.programs.n == 0 && request.pid)
        fprintf(stderr, "pipec: process %ld runs no pipeline of yours that has lasted a second\n", (long)request.pid);
    else if (top.programs.n == 0)
        fputs("pipec: no pipeline of yours runs here that has lasted a second\n", stderr);
    if (top.programs.n == 0)
        return STATUS_FAILED;
    status = request.once || request.json ? print_once(&top, request.json) : watch(&top);
    live_free(&top.programs);
    return status;
}

const struct command command_top = {
    "top", "watch a pipeline as it runs", "usage: pipec top [OPTION]... [PROCESS]\n"
    "\n"
    "Draws the stages and channels of a running pipeline once a second: what its workers do, how full its channels are, how fast\n"
    "items go through, and what holds it back. Without PROCESS the first of this user's is shown.\n"
    "\n"
    "      --once   write one picture to standard output; without PROCESS of all of them\n"
    "      --json   the same as JSON\n"
    "      --help   this text\n"
    "\n"
    "keys: q quits, p stops the picture, n shows the next pipeline; g has it in the order of its graph, b the busiest stages\n"
    "first, f the fullest channels, r the fastest; j and k, arrows and pages scroll.\n", top_run
};
