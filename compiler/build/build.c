/* From the command line of `build` or `run` to a started C compiler.
 */
#include "build/build.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emit/emit.h"

static bool ends_with(const char *text, const char *end)
{
    const size_t len = strlen(text);

    return len >= strlen(end) && strcmp(text + len - strlen(end), end) == 0;
}

static int take_operands(const struct command *command, struct build_options *options, int argc, char **argv)
{
    for (int i = optind; i < argc; i++) {
        if (!ends_with(argv[i], ".pipe") && strcmp(argv[i], "-") != 0)
            words_add(&options->cc.inputs, "%s%s", *argv[i] == '-' ? "./" : "", argv[i]); /* no option of cc's */
        else if (options->file)
            return usage_error(command, "%s takes one .pipe file, not both %s and %s", command->name, options->file,
                               argv[i]);
        else
            options->file = argv[i];
    }
    if (options->file)
        return -1;
    if (options->cc.inputs.len > 0)
        return usage_error(command, "the name of a .pipe file ends in .pipe, which %s does not",
                           options->cc.inputs.at[0]);
    return usage_error(command, "%s wants a .pipe file", command->name);
}

int build_options_parse(const struct command *command, struct build_options *options, int argc, char **argv)
{
    enum { OPTION_SANITIZE = 256, OPTION_HELP };
    static const struct option longs[] = {
        { "sanitize", required_argument, NULL, OPTION_SANITIZE },
        { "help", no_argument, NULL, OPTION_HELP },
        { NULL, 0, NULL, 0 },
    };
    const char *shorts = command == &command_build ? ":o:I:D:L:l:gO:" : ":I:D:L:l:gO:";
    int option;

    opterr = 0;
    while ((option = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        switch (option) {
        case 'o':
            if (!*optarg)
                return usage_error(command, "-o wants the name of a file");
            options->output = optarg;
            break;
        case 'I':
        case 'D':
        case 'O': words_add(&options->cc.flags, "-%c%s", option, optarg); break;
        case 'g': words_add(&options->cc.flags, "-g"); break;
        case 'L':
        case 'l': words_add(&options->cc.libraries, "-%c%s", option, optarg); break;
        case OPTION_SANITIZE: options->cc.sanitize = optarg; break;
        case OPTION_HELP: return command_help(command);
        default: return option_error(command, option, argv);
        }
    }
    return take_operands(command, options, argc, argv);
}

void build_options_free(struct build_options *options)
{
    cc_options_free(&options->cc);
}

static bool has_c_inputs(const struct build_options *options)
{
    for (size_t i = 0; i < options->cc.inputs.len; i++)
        if (ends_with(options->cc.inputs.at[i], ".c"))
            return true;
    return false;
}

/* Bodies in .c files include the header that `pipec emit -H STEM.h` writes; here they find one of this moment. */
static bool write_header(struct build *build)
{
    const struct emit_options emit = { .header = build->header_name };
    size_t len;
    char *text = emit_header(build->compilation.plan, &emit, &len);
    bool written = text && output_folder_make(&build->folder, build->header_name, text, len);

    free(text);
    build->job.include = build->folder.path;
    return written;
}

static bool out_of_memory(void)
{
    fputs("pipec: out of memory\n", stderr);
    return false;
}

static bool emit(struct build *build)
{
    const struct emit_options options = { .path = build->c_name, .shared = has_c_inputs(build->options),
                                          .standalone = build->options->cc.sanitize != NULL };

    build->job.text = build->text = emit_source(build->compilation.plan, &options, &build->job.len);
    return build->text || out_of_memory();
}

static bool name_files(struct build *build)
{
    build->stem = driver_stem(&build->compilation);
    if (!build->stem || asprintf(&build->c_name, "%s.c", build->stem) < 0)
        return build->c_name = NULL, out_of_memory();
    if (asprintf(&build->header_name, "%s.h", build->stem) < 0)
        return build->header_name = NULL, out_of_memory();
    build->job.name = build->c_name;
    return true;
}

bool build_start(struct build *build, const struct build_options *options)
{
    *build = (struct build){ .options = options, .job.options = &options->cc };
    if (!driver_compile(&build->compilation, options->file, DUMP_NONE))
        return false;
    build->job.plan = build->compilation.plan;
    return name_files(build) && emit(build) && (!has_c_inputs(options) || write_header(build))
        && cc_prepare(&build->job);
}

bool build_finish(struct build *build, const char *output)
{
    struct output_file file;

    if (!output_begin(&file, output))
        return false;
    if (cc_run(&build->job, file.temporary)) {
        if (output_is_written(&file))
            return output_commit(&file);
        fprintf(stderr, "pipec: %s ended without an error, but wrote no program\n"
                        "  hint: CC and CFLAGS must let it compile, link and write to its -o\n",
                build->job.words.at[0]);
    }
    output_abandon(&file);
    return false;
}

void build_free(struct build *build)
{
    words_free(&build->job.words);
    output_folder_remove(&build->folder);
    free(build->text);
    free(build->c_name);
    free(build->header_name);
    free(build->stem);
    driver_free(&build->compilation);
}
