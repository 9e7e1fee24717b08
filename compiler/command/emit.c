/* pipec emit: a .pipe file to C. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build/depfile.h"
#include "build/output.h"
#include "command/command.h"
#include "command/driver.h"
#include "emit/emit.h"
#include "text/memory.h"

struct emit_request {
    const char *file;
    const char *output;  /* -o; "-" where it is not given */
    const char *header;  /* -H */
    const char *test;    /* --test: its title; NULL: the file's program */
    bool standalone;
    bool depends;        /* -MD or -MF */
    const char *depfile; /* -MF, or as -MD names it */
    const char *target;  /* -MT */
    char *named;         /* what -MD found */
    struct words dirs;   /* -I */
};

/* -MD, -MF FILE and -MT TARGET reach getopt as -M with the rest of the word. */
static int take_depends(struct emit_request *request, const char *rest, int argc, char **argv)
{
    const char **value = rest[0] == 'F' ? &request->depfile : rest[0] == 'T' ? &request->target : NULL;

    if (strcmp(rest, "D") == 0) {
        request->depends = true;
        return -1;
    }
    if (!value)
        return usage_error(&command_emit, "emit has no option -M%s", rest);
    request->depends |= rest[0] == 'F';
    if (rest[1])
        *value = rest + 1;
    else if (optind < argc)
        *value = argv[optind++];
    else
        return usage_error(&command_emit, "-M%s wants a value", rest);
    return -1;
}

static int check_names(const struct emit_request *request)
{
    const struct { const char *option, *name; } names[] = {
        { "-o", request->output }, { "-H", request->header }, { "-MF", request->depfile } };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].name && !*names[i].name)
            return usage_error(&command_emit, "%s wants the name of a file", names[i].option);
    return -1;
}

static const char *base_name(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;

    return slash ? slash + 1 : path;
}

/* "out/words.c" has its rule in "out/words.d". */
static void name_depfile(struct emit_request *request)
{
    const char *base = base_name(request->output);
    const char *dot = strrchr(base, '.');
    const int len = (int)((dot ? dot : base + strlen(base)) - request->output);

    if (!request->depends || request->depfile)
        return;
    if (asprintf(&request->named, "%.*s.d", len, request->output) < 0)
        request->named = NULL;
    request->depfile = request->named;
}

static int check_apart(const struct emit_request *request)
{
    const struct file_use uses[] = { { request->file, false }, { request->output, true }, { request->header, true },
                                     { request->depfile, true } };

    return files_apart(&command_emit, uses, sizeof uses / sizeof *uses);
}

/* The rule has to name what is written and what is read. */
static int check_rule(const struct emit_request *request)
{
    const char *const names[] = { request->file, request->target ? request->target : request->output,
                                  request->target ? NULL : request->header };

    for (size_t i = 0; request->depends && i < sizeof names / sizeof *names; i++)
        if (names[i] && !depfile_can_name(names[i]))
            return usage_error(&command_emit, "no rule for make can name %s, since make reads some of it as its own",
                               names[i]);
    return -1;
}

static int take_operands(struct emit_request *request, int argc, char **argv)
{
    if (optind == argc)
        return file_missing(&command_emit, argv);
    if (optind + 1 < argc)
        return usage_error(&command_emit, "emit takes one .pipe file");
    request->file = argv[optind];
    if (check_names(request) >= 0)
        return STATUS_USAGE;
    if (request->standalone && request->header)
        return usage_error(&command_emit, "--standalone makes one file of all, and -H is for pipelines of several");
    if (request->depends && strcmp(request->output, "-") == 0
        && (!request->depfile || !(request->target || request->header)))
        return usage_error(&command_emit, "-M options need -o FILE, to know what the rule is for");
    if (request->depends && request->target && !*request->target)
        return empty_value(&command_emit, "-MT");
    name_depfile(request);
    return check_rule(request) >= 0 ? STATUS_USAGE : check_apart(request);
}

static int parse(struct emit_request *request, int argc, char **argv)
{
    enum { OPTION_STANDALONE = LONG_OPTION, OPTION_TEST, OPTION_HELP };
    static const struct option longs[] = {
        { "standalone", no_argument, NULL, OPTION_STANDALONE },
        { "test", required_argument, NULL, OPTION_TEST },
        { "help", no_argument, NULL, OPTION_HELP },
        { NULL, 0, NULL, 0 },
    };
    int option;
    int status = -1;

    opterr = 0;
    while (status < 0 && (option = getopt_long(argc, argv, ":o:H:I:M:", longs, NULL)) != -1) {
        switch (option) {
        case 'o': request->output = optarg; break;
        case 'H': request->header = optarg; break;
        case 'I':
            if (!*optarg)
                return empty_value(&command_emit, "-I");
            words_add(&request->dirs, "%s", optarg);
            break;
        case 'M': status = take_depends(request, optarg, argc, argv); break;
        case OPTION_STANDALONE: request->standalone = true; break;
        case OPTION_TEST: request->test = optarg; break;
        case OPTION_HELP: return command_help(&command_emit);
        default: return option_error(&command_emit, longs, option, argv);
        }
    }
    return status < 0 ? take_operands(request, argc, argv) : status;
}

/* What a test feeds is text as well, which belongs to the file in which the test stands. */
static bool is_file(const struct sources *sources, size_t number)
{
    return sources_at(sources, number)->number == number;
}

/* Nothing that is written may be a file that was imported, and the rule has to name them all. */
static bool check_imports(const struct emit_request *request, const struct sources *sources)
{
    for (size_t i = 1; i < sources_count(sources); i++) {
        const char *path = sources_at(sources, i)->path;
        const struct file_use uses[] = { { path, false }, { request->output, true }, { request->header, true },
                                         { request->depfile, true } };

        if (!is_file(sources, i))
            continue;
        if (files_apart(&command_emit, uses, sizeof uses / sizeof *uses) >= 0)
            return false;
        if (!request->depends || depfile_can_name(path))
            continue;
        usage_error(&command_emit, "no rule for make can name %s, since make reads some of it as its own", path);
        return false;
    }
    return true;
}

static bool write_depfile(const struct emit_request *request, const struct sources *read)
{
    struct words targets = { 0 };
    struct words sources = { 0 };
    bool written;

    if (request->target)
        words_add(&targets, "%s", request->target);
    else if (strcmp(request->output, "-") != 0)
        words_add(&targets, "%s", request->output);
    if (!request->target && request->header)
        words_add(&targets, "%s", request->header);
    for (size_t i = 0; i < sources_count(read); i++)
        if (is_file(read, i))
            words_add(&sources, "%s", sources_at(read, i)->path);
    written = request->depfile ? depfile_write(request->depfile, &targets, &sources) : memory_short();
    words_free(&targets);
    words_free(&sources);
    return written;
}

typedef char *emit_function(const struct plan *plan, const struct emit_options *options, size_t *len);

static bool write_text(const char *path, emit_function *emit, const struct plan *plan,
                       const struct emit_options *options)
{
    size_t len;
    char *text = emit(plan, options, &len);

    return output_write_given(path, text, len);
}

static bool write_files(const struct emit_request *request, const struct compilation *compilation)
{
    const struct plan *plan = compilation->plan;
    const struct emit_options options = {
        .path = strcmp(request->output, "-") != 0 ? base_name(request->output)
            : memory_format(plan->memory, "%s.c", driver_stem(compilation)),
        .header = base_name(request->header), .standalone = request->standalone };

    return (!request->header || write_text(request->header, emit_header, plan, &options))
        && write_text(request->output, emit_source, plan, &options)
        && (!request->depends || write_depfile(request, compilation->sources));
}

static int emit_run(int argc, char **argv)
{
    struct emit_request request = { .output = "-" };
    struct compilation compilation;
    int status = parse(&request, argc, argv);

    if (status < 0) {
        const struct request wanted = { .path = request.file, .dirs = &request.dirs, .title = request.test };

        if (!driver_compile(&compilation, &wanted))
            status = STATUS_FAILED;
        else if (!check_imports(&request, compilation.sources))
            status = STATUS_USAGE;
        else
            status = write_files(&request, &compilation) ? STATUS_OK : STATUS_FAILED;
        driver_free(&compilation);
    }
    free(request.named);
    words_free(&request.dirs);
    return status;
}

const struct command command_emit = {
    "emit", "write the C", "usage: pipec emit [OPTION]... FILE.pipe\n"
    "\n"
    "A file is written only when it changes, and never half.\n"
    "\n"
    "  -o FILE            write the C there; without it, or where FILE is -, to standard output\n"
    "  -H FILE.h          write a header too, with what stage functions in other C files need\n"
    "  -I DIR             look there for imported files\n"
    "      --test TITLE   the C of a test: that with the title, or the only one with TITLE in it\n"
    "      --standalone   put the runtime into the C, so that `cc FILE.c -pthread` builds it\n"
    "  -MD, -MF FILE      write a rule for make that says what was read, to FILE or beside -o, ending in .d\n"
    "  -MT TARGET         what that rule makes, where it is not the files written\n"
    "      --help         this text\n", emit_run
};
