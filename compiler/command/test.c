/* pipec test: the tests of files, each as a program of its own.
 *
 * One program for each test, and not one for all of a file: its stages, proofs, plan and C are those of every program, what
 * it declares has its own names in its bodies, C that does not compile is one test's, and they compile side by side. It costs
 * some tenths of a second of the C compiler for each, once: programs are kept like those of `pipec run`.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build/output.h"
#include "command/junit.h"
#include "command/trials.h"
#include "parts/tests.h"
#include "text/memory.h"
#include "tree/literal.h"

struct test_options {
    struct program_options common; /* its C compiler's flags go with each file */
    struct program_options *files; /* each with its C files */
    size_t nfiles;
    const char *only;              /* --filter: a part of the title */
    const char *junit;
    size_t jobs;
    uint64_t limit;                /* ns */
    bool quiet;
};

struct session {
    const struct test_options *options;
    struct trial *trials;
    size_t n, room;
    size_t passed, failed;
};

/* ---- the command line --------------------------------------------------------------------------------------------- */

static int take_jobs(struct test_options *options, const char *text)
{
    char *end;
    const long jobs = strtol(text, &end, 10);

    if (*end || end == text || jobs < 1 || jobs > 1000)
        return usage_error(&command_test, "--jobs %s: a number from 1 to 1000 is wanted", text);
    options->jobs = (size_t)jobs;
    return -1;
}

static int take_limit(struct test_options *options, const char *text)
{
    const struct value value = literal_in_c(text, text + strlen(text));

    if (value.kind != VALUE_DURATION || value.i <= 0)
        return usage_error(&command_test, "--limit %s: a duration is wanted, such as 60s", text);
    options->limit = (uint64_t)value.i;
    return -1;
}

static int parse(struct test_options *options, int argc, char **argv)
{
    enum { OPTION_JOBS = PROGRAM_SANITIZE + 1, OPTION_FILTER, OPTION_JUNIT, OPTION_LIMIT, OPTION_QUIET, OPTION_HELP };
    static const struct option longs[] = {
        { "jobs", required_argument, NULL, OPTION_JOBS }, { "filter", required_argument, NULL, OPTION_FILTER },
        { "junit", required_argument, NULL, OPTION_JUNIT }, { "limit", required_argument, NULL, OPTION_LIMIT },
        { "quiet", no_argument, NULL, OPTION_QUIET }, { "sanitize", required_argument, NULL, PROGRAM_SANITIZE },
        { "help", no_argument, NULL, OPTION_HELP }, { NULL, 0, NULL, 0 },
    };
    int option, status = -1;

    opterr = 0;
    while (status < 0 && (option = getopt_long(argc, argv, ":qj:" PROGRAM_OPTIONS, longs, NULL)) != -1) {
        if (program_has_option(option)) {
            status = program_take_option(&command_test, &options->common, option);
            continue;
        }
        switch (option) {
        case 'q':
        case OPTION_QUIET: options->quiet = true; break;
        case 'j':
        case OPTION_JOBS: status = take_jobs(options, optarg); break;
        case OPTION_FILTER: options->only = optarg; break;
        case OPTION_JUNIT:
            if (!*optarg)
                return usage_error(&command_test, "--junit wants the name of a file");
            options->junit = optarg;
            break;
        case OPTION_LIMIT: status = take_limit(options, optarg); break;
        case OPTION_HELP: return command_help(&command_test);
        default: return option_error(&command_test, longs, option, argv);
        }
    }
    return status;
}

/* A C file belongs to the .pipe file before it, or to the first. */
static int take_files(struct test_options *options, int argc, char **argv)
{
    struct words first = { 0 };
    int status = -1;

    options->files = calloc((size_t)(argc - optind) + 1, sizeof *options->files);
    if (!options->files) {
        memory_short();
        return STATUS_FAILED;
    }
    for (int i = optind; status < 0 && i < argc; i++) {
        struct program_options *file = &options->files[options->nfiles];

        if (word_ends_with(argv[i], ".pipe")) {
            file->file = argv[i];
            words_add_all(&file->cc.flags, &options->common.cc.flags);
            words_add_all(&file->cc.libraries, &options->common.cc.libraries);
            words_add_all(&file->dirs, &options->common.dirs);
            words_add_all(&file->cc.inputs, &first);
            words_free(&first);
            first = (struct words){ 0 };
            file->cc.sanitize = options->common.cc.sanitize;
            options->nfiles++;
        } else if (!*argv[i]) {
            status = usage_error(&command_test, "the name of a file is empty");
        } else {
            words_add_path(options->nfiles > 0 ? &file[-1].cc.inputs : &first, argv[i]);
        }
    }
    words_free(&first);
    return status >= 0 || options->nfiles > 0 ? status : file_missing(&command_test, argv);
}

/* ---- the tests ---------------------------------------------------------------------------------------------------- */

/* NULL where memory is short. */
static struct trial *add_trial(struct session *session, const char *file, const char *title)
{
    struct trial trial = { .file = file, .title = strdup(title), .started = -1 };

    if (session->n == session->room) {
        const size_t room = session->room ? 2 * session->room : 64;
        struct trial *more = realloc(session->trials, room * sizeof *more);

        if (more) {
            session->trials = more;
            session->room = room;
        }
    }
    if (!trial.title || session->n == session->room) {
        free(trial.title);
        return NULL;
    }
    session->trials[session->n] = trial;
    return &session->trials[session->n++];
}

static bool add_tests(struct session *session, const struct program_options *file, const struct compilation *compilation)
{
    size_t number = 0;

    for (const struct test *test = tests_next(compilation->ast, NULL); test; test = tests_next(compilation->ast, test)) {
        struct trial *trial;

        number++;
        if (session->options->only && !strstr(test->decl.doc, session->options->only))
            continue;
        trial = add_trial(session, file->file, test->decl.doc);
        if (!trial)
            return false;
        trial->line = sources_position(compilation->sources, test->decl.span.start).line;
        trial->number = number;
        trial->options = file;
    }
    return true;
}

/* One that could not be read counts as a test that failed. */
static bool add_broken(struct session *session, const struct program_options *file)
{
    struct trial *trial = add_trial(session, file->file, "the file");

    if (!trial)
        return false;
    trial->done = true;
    trial->end = TRIAL_UNBUILT;
    return true;
}

/* The file itself, with all that it has. */
static bool find_tests(struct session *session, const struct program_options *file)
{
    const struct request request = { .path = file->file, .dirs = &file->dirs, .library = true };
    struct compilation compilation;
    const bool added = driver_compile(&compilation, &request) ? add_tests(session, file, &compilation)
                                                              : add_broken(session, file);

    driver_free(&compilation);
    return added || memory_short();
}

/* ---- what came of them -------------------------------------------------------------------------------------------- */

static void print_indented(const char *text)
{
    for (size_t len; text && *text; text += len + (text[len] == '\n')) {
        len = strcspn(text, "\n");
        printf("    %.*s\n", (int)len, text);
    }
}

static void tell(void *data, const struct trial *trial)
{
    struct session *session = data;
    char *why;

    session->passed += trial->end == TRIAL_PASSED;
    session->failed += trial->end != TRIAL_PASSED;
    if (trial->end == TRIAL_PASSED) {
        if (!session->options->quiet)
            printf("ok   %s: %s\n", trial->file, trial->title);
    } else {
        why = trial_why(trial);
        printf("FAIL %s: %s\n%s", trial->file, trial->title, why ? why : "");
        free(why);
        print_indented(trial->output);
    }
    fflush(stdout);
}

static bool write_junit(const struct session *session)
{
    size_t len;
    char *text = junit_text(session->trials, session->n, &len);

    return output_write_given(session->options->junit, text, len);
}

static int run_tests(struct session *session)
{
    struct trials trials = { .at = session->trials, .n = session->n, .jobs = session->options->jobs,
                             .limit = session->options->limit, .tell = tell, .data = session };
    const int signal = trials_run(&trials);

    if (signal) {
        fprintf(stderr, "pipec: ended by signal %d (%s)\n", signal, strsignal(signal));
        fflush(NULL);
        raise(signal);
        return STATUS_FAILED;
    }
    if (session->options->junit && !write_junit(session))
        return STATUS_FAILED;
    printf("%zu passed, %zu failed\n", session->passed, session->failed);
    return command_finish() == STATUS_OK && session->failed == 0 ? STATUS_OK : STATUS_FAILED;
}

static int test_files(const struct test_options *options)
{
    struct session session = { .options = options };
    int status = -1;

    for (size_t i = 0; i < options->nfiles && status < 0; i++)
        if (!find_tests(&session, &options->files[i]))
            status = STATUS_FAILED;
    if (status < 0 && session.n == 0 && options->only) {
        fprintf(stderr, "pipec: no test has '%s' in its title\n", options->only);
        status = STATUS_FAILED;
    }
    if (status < 0)
        status = run_tests(&session);
    for (size_t i = 0; i < session.n; i++)
        trial_free(&session.trials[i]);
    free(session.trials);
    return status;
}

static int test_run(int argc, char **argv)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct test_options options = { .jobs = processors > 0 ? (size_t)processors : 1, .limit = 60 * (uint64_t)1000000000 };
    int status;

    status = parse(&options, argc, argv);
    if (status < 0)
        status = take_files(&options, argc, argv);
    if (status < 0)
        status = test_files(&options);
    for (size_t i = 0; i < options.nfiles; i++)
        program_options_free(&options.files[i]);
    free(options.files);
    program_options_free(&options.common);
    return status;
}

const struct command command_test = {
    "test", "run the tests of files", "usage: pipec test [OPTION]... FILE.pipe [FILE.c | FILE.o | FILE.a]... [FILE.pipe ...]...\n"
    "\n"
    "Each test of the files runs as a program of its own, in an empty directory. The exit status is 0 where all\n"
    "have passed, and 1 otherwise. A file of C belongs to the .pipe file before it.\n"
    "\n"
    "  -j, --jobs N              so many at a time; as many as processors where nothing is said\n"
    "      --filter TEXT         only tests that have the text in their titles\n"
    "      --limit TIME          how long one may run, such as 10s; 60s where nothing is said\n"
    "      --junit FILE          write what came of them as JUnit's XML, too\n"
    "  -q, --quiet               say only what failed, and how many\n"
    PROGRAM_OPTIONS_HELP("0 where nothing is said")
    "      --help                this text\n"
    "\n"
    PROGRAM_ENVIRONMENT_HELP
    "  XDG_CACHE_HOME    programs are kept below it, in pipec/; ~/.cache where it is not set\n"
    "  TMPDIR            the directories of tests are made there; /tmp where it is not set\n", test_run
};
