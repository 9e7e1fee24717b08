/* pipec graph: a picture of the pipeline. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build/output.h"
#include "command/command.h"
#include "command/driver.h"
#include "picture/layout.h"
#include "picture/outline.h"
#include "picture/svg.h"
#include "text/memory.h"

enum format { FORMAT_NONE, FORMAT_SVG, FORMAT_MERMAID, FORMAT_DOT };

struct graph_request {
    const char *file;
    const char *output;  /* -o; "-" where it is not given */
    enum format format;
    enum direction direction;
    const char *stats;   /* --stats; NULL: nothing has run */
    struct words dirs;   /* -I */
};

static const struct { const char *name, *ending; enum format format; } formats[] = {
    { "svg", ".svg", FORMAT_SVG }, { "mermaid", ".mmd", FORMAT_MERMAID }, { "dot", ".dot", FORMAT_DOT } };

static int take_format(struct graph_request *request, const char *word)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(word, formats[i].name) == 0) {
            request->format = formats[i].format;
            return -1;
        }
    return usage_error(&command_graph, "--format=%s: svg, mermaid or dot is wanted", word);
}

static int take_direction(struct graph_request *request, const char *word)
{
    if (strcmp(word, "right") == 0)
        request->direction = DIRECTION_RIGHT;
    else if (strcmp(word, "down") == 0)
        request->direction = DIRECTION_DOWN;
    else
        return usage_error(&command_graph, "--direction=%s: right or down is wanted", word);
    return -1;
}

/* What the name of the output says, where no option does. */
static void choose_format(struct graph_request *request)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats && request->format == FORMAT_NONE; i++)
        if (word_ends_with(request->output, formats[i].ending))
            request->format = formats[i].format;
    if (request->format == FORMAT_NONE)
        request->format = FORMAT_SVG;
}

static int take_operands(struct graph_request *request, int argc, char **argv)
{
    if (optind == argc)
        return file_missing(&command_graph, argv);
    if (optind + 1 < argc)
        return usage_error(&command_graph, "graph takes one .pipe file");
    request->file = argv[optind];
    choose_format(request);
    return files_apart(&command_graph, (struct file_use[]){ { request->file, false }, { request->output, true },
                                                            { request->stats, false } }, 3);
}

static int parse(struct graph_request *request, int argc, char **argv)
{
    enum { OPTION_FORMAT = LONG_OPTION, OPTION_DIRECTION, OPTION_STATS, OPTION_HELP };
    static const struct option longs[] = {
        { "format", required_argument, NULL, OPTION_FORMAT },
        { "direction", required_argument, NULL, OPTION_DIRECTION },
        { "stats", required_argument, NULL, OPTION_STATS },
        { "help", no_argument, NULL, OPTION_HELP },
        { NULL, 0, NULL, 0 },
    };
    int option;
    int status = -1;

    opterr = 0;
    while (status < 0 && (option = getopt_long(argc, argv, ":o:I:", longs, NULL)) != -1) {
        switch (option) {
        case 'o':
        case 'I':
            if (!*optarg)
                return empty_value(&command_graph, option == 'o' ? "-o" : "-I");
            if (option == 'o')
                request->output = optarg;
            else
                words_add(&request->dirs, "%s", optarg);
            break;
        case OPTION_FORMAT: status = take_format(request, optarg); break;
        case OPTION_DIRECTION: status = take_direction(request, optarg); break;
        case OPTION_STATS:
            if (!*optarg)
                return empty_value(&command_graph, "--stats");
            request->stats = optarg;
            break;
        case OPTION_HELP: return command_help(&command_graph);
        default: return option_error(&command_graph, longs, option, argv);
        }
    }
    return status < 0 ? take_operands(request, argc, argv) : status;
}

static bool draw(const struct graph_request *request, struct sketch *sketch, FILE *to)
{
    switch (request->format) {
    case FORMAT_MERMAID: mermaid_write(sketch, request->direction, to); return true;
    case FORMAT_DOT: dot_write(sketch, request->direction, to); return true;
    default: break;
    }
    if (!sketch_arrange(sketch, request->direction)) {
        fprintf(stderr, "pipec: %s: the graph is too large for a picture: its lines would pass more than %d others' places\n"
                        "  hint: --format=dot writes it for graphviz\n", request->file, LAYOUT_MOST);
        return false;
    }
    svg_write(sketch, to);
    return true;
}

static bool write_picture(const struct graph_request *request, const struct plan *plan)
{
    const struct counts *counts = request->stats ? counts_read(request->stats, plan) : NULL;
    char *text = NULL;
    size_t len = 0;
    FILE *to;
    bool written;

    if (request->stats && !counts)
        return false;
    to = open_memstream(&text, &len);
    if (!to)
        return memory_short();
    written = draw(request, sketch_new(plan, counts), to);
    if (fclose(to) != 0)
        written = memory_short();
    written = written && output_write(request->output, text, len);
    free(text);
    return written;
}

static int draw_file(const struct graph_request *request)
{
    const struct request wanted = { .path = request->file, .dirs = &request->dirs };
    struct compilation compilation;
    int status = driver_compile(&compilation, &wanted) ? -1 : STATUS_FAILED;

    for (size_t i = 1; status < 0 && i < sources_count(compilation.sources); i++)
        status = files_apart(&command_graph, (struct file_use[]){ { sources_at(compilation.sources, i)->path, false },
                                                                  { request->output, true } }, 2);
    if (status < 0)
        status = write_picture(request, compilation.plan) ? STATUS_OK : STATUS_FAILED;
    driver_free(&compilation);
    return status;
}

static int graph_run(int argc, char **argv)
{
    struct graph_request request = { .output = "-" };
    int status = parse(&request, argc, argv);

    if (status < 0)
        status = draw_file(&request);
    words_free(&request.dirs);
    return status;
}

const struct command command_graph = {
    "graph", "draw the stages and channels", "usage: pipec graph [OPTION]... FILE.pipe\n"
    "\n"
    "Draws the pipeline without running it. A file is written only when it changes, and never half.\n"
    "\n"
    "  -o FILE                write the picture there; without it to standard output\n"
    "      --format=FORMAT    svg; mermaid, which pages of Markdown may contain; or dot, for graphviz. Where it is not\n"
    "                         given, .svg, .mmd or .dot at the end of FILE says so, and svg is the default\n"
    "      --direction=WHERE  right or down: where items go. An SVG leads to the right where it is at most 1000 pixels\n"
    "                         wide so, else down\n"
    "      --stats=FILE       with what a run has counted: what the program has printed for --stats=json\n"
    "  -I DIR                 look there for imported files\n"
    "      --help             this text\n", graph_run
};
