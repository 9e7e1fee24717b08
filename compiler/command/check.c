/* pipec check: reports what is wrong, and what was decided. */
#include <getopt.h>
#include <stdio.h>

#include "command/command.h"
#include "command/driver.h"
#include "parts/tests.h"
#include "text/diag.h"

/* What is right and may still surprise: not worth a word each time that the file is built. */
static void tell_notes(const struct compilation *compilation)
{
    const struct plan *plan = compilation->plan;
    struct diags *notes = diags_new(compilation->sources);

    for (size_t i = 0; notes && i < plan->nchannels; i++)
        if (plan_grows(&plan->channels[i]))
            diag_report(notes, "N0301", plan->channels[i].name_span,
                        "'%s' grows as it needs, so nothing bounds its memory",
                        plan->channels[i].name);
    if (notes)
        diags_print(notes);
    diags_free(notes);
}

/* Each test as the program that it is. */
static bool check_tests(const struct request *request, const struct ast *file)
{
    size_t number = 0;
    bool right = true;

    for (const struct test *test = tests_next(file, NULL); test; test = tests_next(file, test)) {
        const struct request program = { .path = request->path, .dirs = request->dirs, .strict = request->strict,
                                         .test = ++number };
        struct compilation compilation;

        right = driver_compile(&compilation, &program) && right;
        driver_free(&compilation);
    }
    return right;
}

static int check_file(const struct request *request)
{
    struct compilation compilation;
    bool right = driver_compile(&compilation, request);

    if (right && compilation.plan)
        tell_notes(&compilation);
    right = right && check_tests(request, compilation.ast);
    driver_free(&compilation);
    return right ? STATUS_OK : STATUS_FAILED;
}

static int check_files(int argc, char **argv, struct request *request)
{
    int status = STATUS_OK;

    if (argc == 0)
        return file_missing(&command_check, argv - optind);
    for (int i = 0; i < argc; i++) {
        request->path = argv[i];
        if (check_file(request) != STATUS_OK)
            status = STATUS_FAILED;
    }
    return command_finish() == STATUS_OK ? status : STATUS_FAILED;
}

static int parse(struct request *request, struct words *dirs, int argc, char **argv)
{
    enum { OPTION_PLAN = LONG_OPTION, OPTION_STRICT, OPTION_DUMP, OPTION_HELP };
    static const struct option longs[] = {
        { "plan", no_argument, NULL, OPTION_PLAN },
        { "strict", no_argument, NULL, OPTION_STRICT },
        { "dump", required_argument, NULL, OPTION_DUMP },
        { "help", no_argument, NULL, OPTION_HELP },
        { NULL, 0, NULL, 0 },
    };
    int option;

    opterr = 0;
    while ((option = getopt_long(argc, argv, ":I:", longs, NULL)) != -1) {
        switch (option) {
        case 'I':
            if (!*optarg)
                return empty_value(&command_check, "-I");
            words_add(dirs, "%s", optarg);
            break;
        case OPTION_PLAN: request->dump = DUMP_PLAN; break;
        case OPTION_STRICT: request->strict = true; break;
        case OPTION_DUMP:
            if (!dump_from_name(optarg, &request->dump))
                return usage_error(&command_check, "--dump=%s: tree or plan is wanted", optarg);
            break;
        case OPTION_HELP: return command_help(&command_check);
        default: return option_error(&command_check, longs, option, argv);
        }
    }
    return -1;
}

static int check_run(int argc, char **argv)
{
    struct words dirs = { 0 };
    struct request request = { .dirs = &dirs, .library = true };
    int status = parse(&request, &dirs, argc, argv);

    if (status < 0)
        status = check_files(argc - optind, argv + optind, &request);
    words_free(&dirs);
    return status;
}

const struct command command_check = {
    "check", "report errors and warnings", "usage: pipec check [OPTION]... FILE.pipe...\n"
    "\n"
    "Nothing is written. The exit status is 1 where a file has an error; warnings and notes do not count.\n"
    "\n"
    "  -I DIR            look there for imported files\n"
    "      --plan        print what was decided for each channel and stage, and why\n"
    "      --strict      what is not proven (W05xx) is an error\n"
    "      --dump=tree   print the tree as it was read, for work on pipec; --dump=plan is --plan\n"
    "      --help        this text\n", check_run
};
