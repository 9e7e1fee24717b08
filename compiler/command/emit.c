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

struct emit_request {
    const char *file;
    const char *output;  /* -o; "-" where it is not given */
    const char *header;  /* -H */
    bool standalone;
    bool depends;        /* -MD or -MF */
    const char *depfile; /* -MF */
    const char *target;  /* -MT */
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

/* No output may be the .pipe file or another output. */
static int check_apart(const struct emit_request *request)
{
    const char *const names[] = { request->file, request->output, request->header, request->depfile };

    for (size_t i = 1; i < sizeof names / sizeof *names; i++)
        for (size_t j = 0; j < i; j++)
            if (names[i] && names[j] && strcmp(names[i], "-") != 0 && output_same_file(names[i], names[j]))
                return usage_error(&command_emit, "writing %s would overwrite %s", names[i], names[j]);
    return -1;
}

static int take_operands(struct emit_request *request, int argc, char **argv)
{
    if (optind + 1 != argc)
        return usage_error(&command_emit, optind == argc ? "emit wants a .pipe file" : "emit takes one .pipe file");
    request->file = argv[optind];
    if (check_names(request) >= 0)
        return STATUS_USAGE;
    if (request->standalone && request->header)
        return usage_error(&command_emit, "--standalone makes one file of all, and -H is for pipelines of several");
    if (request->depends && strcmp(request->output, "-") == 0
        && (!request->depfile || !(request->target || request->header)))
        return usage_error(&command_emit, "-M options need -o FILE, to know what the rule is for");
    return check_apart(request);
}

static int parse(struct emit_request *request, int argc, char **argv)
{
    enum { OPTION_STANDALONE = 256, OPTION_HELP };
    static const struct option longs[] = {
        { "standalone", no_argument, NULL, OPTION_STANDALONE },
        { "help", no_argument, NULL, OPTION_HELP },
        { NULL, 0, NULL, 0 },
    };
    int option;
    int status = -1;

    opterr = 0;
    while (status < 0 && (option = getopt_long(argc, argv, ":o:H:M:", longs, NULL)) != -1) {
        switch (option) {
        case 'o': request->output = optarg; break;
        case 'H': request->header = optarg; break;
        case 'M': status = take_depends(request, optarg, argc, argv); break;
        case OPTION_STANDALONE: request->standalone = true; break;
        case OPTION_HELP: return command_help(&command_emit);
        default: return option_error(&command_emit, option, argv);
        }
    }
    return status < 0 ? take_operands(request, argc, argv) : status;
}

static const char *base_name(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;

    return slash ? slash + 1 : path;
}

/* "out/words.c" has its rule in "out/words.d". */
static char *depfile_name(const struct emit_request *request)
{
    const char *base = base_name(request->output);
    const char *dot = strrchr(base, '.');
    const int len = (int)((dot ? dot : base + strlen(base)) - request->output);
    char *name;

    if (request->depfile)
        return strdup(request->depfile);
    return asprintf(&name, "%.*s.d", len, request->output) < 0 ? NULL : name;
}

static bool write_depfile(const struct emit_request *request, const struct source *source)
{
    struct words targets = { 0 };
    struct words sources = { 0 };
    char *name = depfile_name(request);
    bool written;

    if (request->target)
        words_add(&targets, "%s", request->target);
    else if (strcmp(request->output, "-") != 0)
        words_add(&targets, "%s", request->output);
    if (!request->target && request->header)
        words_add(&targets, "%s", request->header);
    words_add(&sources, "%s", source->path);
    written = name && depfile_write(name, &targets, &sources);
    free(name);
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
    const bool written = text && output_write(path, text, len);

    if (!text)
        fputs("pipec: out of memory\n", stderr);
    free(text);
    return written;
}

static bool write_files(const struct emit_request *request, const struct compilation *compilation)
{
    const struct plan *plan = compilation->plan;
    char *stem = driver_stem(compilation);
    struct emit_options options = { .header = base_name(request->header), .standalone = request->standalone };
    char *c_name;
    bool written;

    if (asprintf(&c_name, "%s.c", stem ? stem : plan->name) < 0)
        c_name = NULL;
    options.path = c_name && strcmp(request->output, "-") == 0 ? c_name : base_name(request->output);
    written = (!request->header || write_text(request->header, emit_header, plan, &options))
        && write_text(request->output, emit_source, plan, &options)
        && (!request->depends || write_depfile(request, compilation->source));
    free(c_name);
    free(stem);
    return written;
}

static int emit_run(int argc, char **argv)
{
    struct emit_request request = { .output = "-" };
    struct compilation compilation;
    int status = parse(&request, argc, argv);

    if (status >= 0)
        return status;
    status = driver_compile(&compilation, request.file, DUMP_NONE) && write_files(&request, &compilation)
        ? STATUS_OK : STATUS_FAILED;
    driver_free(&compilation);
    return status;
}

const struct command command_emit = {
    "emit", "write the C", "usage: pipec emit [OPTION]... FILE.pipe\n"
    "\n"
    "A file is written only when it changes, and never half.\n"
    "\n"
    "  -o FILE            write the C there; without it, or where FILE is -, to standard output\n"
    "  -H FILE.h          write a header too, with what stage functions in other C files need\n"
    "      --standalone   put the runtime into the C, so that `cc FILE.c -pthread` builds it\n"
    "  -MD, -MF FILE      write a rule for make that says what was read, to FILE or beside -o, ending in .d\n"
    "  -MT TARGET         what that rule makes, where it is not the files written\n"
    "      --help         this text\n", emit_run
};
