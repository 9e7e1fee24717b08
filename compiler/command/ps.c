/* pipec ps: the pipelines that run now.
 */
#include <stdio.h>

#include "command/command.h"
#include "live/column.h"
#include "live/figure.h"
#include "live/json.h"
#include "live/screen.h"

#define APART_NS 500000000u /* what speeds are measured over, and 50 looks, of which a verdict needs 40 */
#define NAME_LEAST 16
#define NAME_MOST 24

static void print_row(const struct live_program *program, size_t width)
{
    const struct live_graph *graph = program->graph;
    struct live_view *view = live_view_new(program->memory, graph);
    const size_t name = column_width(graph->name) < NAME_MOST ? column_width(graph->name) : NAME_MOST;
    char age[FIGURE_MOST], rate[FIGURE_MOST], done[FIGURE_MOST];
    size_t at;

    live_view_take(view, program);
    figure_age(age, view->age);
    figure_rate(rate, view->per_second);
    figure_count(done, view->done);
    at = (size_t)printf("%7ld  ", (long)program->pid);
    at += column_put(stdout, graph->name, name > NAME_LEAST ? name : NAME_LEAST);
    at += (size_t)printf(" %10s %12s %14s  ", age, rate, done);
    column_cut(stdout, view->verdict, width == 0 ? SIZE_MAX : width > at ? width - at : 1);
    putchar('\n');
}

static void print_table(const struct live_programs *programs)
{
    const size_t width = screen_columns(); /* 0: nothing is cut */

    if (programs->n == 0) {
        fputs("no pipeline runs here that has lasted a second and is yours\n", stderr);
        return;
    }
    printf("%7s  %-16s %10s %12s %14s  %s\n", "PID", "PIPELINE", "AGE", "ITEMS", "DONE", "VERDICT");
    for (size_t i = 0; i < programs->n; i++)
        print_row(&programs->at[i], width);
}

static void print_json(const struct live_programs *programs)
{
    putchar('[');
    for (size_t i = 0; i < programs->n; i++) {
        struct live_view *view = live_view_new(programs->at[i].memory, programs->at[i].graph);

        live_view_take(view, &programs->at[i]);
        fputs(i > 0 ? ",\n" : "", stdout);
        json_program(stdout, &programs->at[i], view, false);
    }
    puts("]");
}

static int ps_run(int argc, char **argv)
{
    enum { OPTION_JSON = LONG_OPTION, OPTION_HELP };
    static const struct option longs[] = {
        { "json", no_argument, NULL, OPTION_JSON },
        { "help", no_argument, NULL, OPTION_HELP },
        { NULL, 0, NULL, 0 },
    };
    struct live_programs programs;
    bool json = false;
    int option;

    opterr = 0;
    while ((option = getopt_long(argc, argv, ":", longs, NULL)) != -1) {
        if (option == OPTION_HELP)
            return command_help(&command_ps);
        if (option != OPTION_JSON)
            return option_error(&command_ps, longs, option, argv);
        json = true;
    }
    if (optind < argc)
        return usage_error(&command_ps, "ps takes no arguments");
    programs = live_find(0);
    if (programs.n > 0)
        live_gather(&programs, APART_NS);
    if (json)
        print_json(&programs);
    else
        print_table(&programs);
    live_free(&programs);
    return command_finish();
}

const struct command command_ps = {
    "ps", "list the pipelines that run now", "usage: pipec ps [OPTION]...\n"
    "\n"
    "Lists this user's pipelines that have run for a second: how old each is, how many items it gets done in a second and has\n"
    "so far, and what holds it back. They are looked at for half a second.\n"
    "\n"
    "      --json   as JSON\n"
    "      --help   this text\n", ps_run
};
