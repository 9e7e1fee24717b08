/* pipec check: reports what is wrong, and what was decided. */
#include <getopt.h>
#include <stdio.h>

#include "command/command.h"
#include "command/driver.h"
#include "text/diag.h"

/* What is right and may still surprise: not worth a word each time that the file is built. */
static void tell_notes(const struct compilation *compilation)
{
    const struct plan *plan = compilation->plan;
    struct diags *notes = diags_new(compilation->sources);

    for (size_t i = 0; notes && i < plan->nchannels; i++)
        if (plan->channels[i].kind == KIND_GROWING)
            diag_report(notes, "N0301", plan->channels[i].name_span,
                        "'%s' grows as it needs, so nothing bounds its memory",
                        plan->channels[i].name);
    if (notes)
        diags_print(notes);
    diags_free(notes);
}

static int check_file(const char *path, enum dump dump)
{
    struct compilation compilation;
    const bool right = driver_compile(&compilation, path, dump);

    if (right)
        tell_notes(&compilation);
    driver_free(&compilation);
    return right ? STATUS_OK : STATUS_FAILED;
}

static int check_files(int argc, char **argv, enum dump dump)
{
    int status = STATUS_OK;

    if (argc == 0)
        return file_missing(&command_check, argv - optind);
    for (int i = 0; i < argc; i++)
        if (check_file(argv[i], dump) != STATUS_OK)
            status = STATUS_FAILED;
    return command_finish() == STATUS_OK ? status : STATUS_FAILED;
}

static int check_run(int argc, char **argv)
{
    enum { OPTION_PLAN = LONG_OPTION, OPTION_DUMP, OPTION_HELP };
    static const struct option longs[] = {
        { "plan", no_argument, NULL, OPTION_PLAN },
        { "dump", required_argument, NULL, OPTION_DUMP },
        { "help", no_argument, NULL, OPTION_HELP },
        { NULL, 0, NULL, 0 },
    };
    enum dump dump = DUMP_NONE;
    int option;

    opterr = 0;
    while ((option = getopt_long(argc, argv, ":", longs, NULL)) != -1) {
        switch (option) {
        case OPTION_PLAN: dump = DUMP_PLAN; break;
        case OPTION_DUMP:
            if (!dump_from_name(optarg, &dump))
                return usage_error(&command_check, "--dump=%s: tree or plan is wanted", optarg);
            break;
        case OPTION_HELP: return command_help(&command_check);
        default: return option_error(&command_check, longs, option, argv);
        }
    }
    return check_files(argc - optind, argv + optind, dump);
}

const struct command command_check = {
    "check", "report errors and warnings", "usage: pipec check [OPTION]... FILE.pipe...\n"
    "\n"
    "Nothing is written. The exit status is 1 where a file has an error; warnings and notes do not count.\n"
    "\n"
    "      --plan        print what was decided for each channel and stage, and why\n"
    "      --dump=tree   print the tree as it was read, for work on pipec; --dump=plan is --plan\n"
    "      --help        this text\n", check_run
};
