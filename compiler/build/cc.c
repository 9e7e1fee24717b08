/* The C compiler's command line, and what became of it. */
#include "build/cc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build/package.h"
#include "build/pkgconfig.h"
#include "build/process.h"
#include "build/runtime_files.h"
#include "text/escape.h"
#include "text/memory.h"

static bool has_word(const struct words *words, const char *word)
{
    for (size_t i = 0; i < words->len; i++)
        if (strcmp(words->at[i], word) == 0)
            return true;
    return false;
}

/* Headers in "" are looked for beside the .pipe file, as they would be if the C stood there; behind that beside the
 * files that it imports. */
static void add_directories(struct words *words, const struct plan *plan)
{
    struct words directories = { 0 };

    for (size_t i = 0; i < sources_count(plan->sources); i++) {
        const char *path = sources_at(plan->sources, i)->path;
        const char *slash = strrchr(path, '/');
        const char *directory =
            slash ? memory_copy(plan->memory, path, (size_t)(slash - path + 1)) : ".";

        if (has_word(&directories, directory))
            continue;
        words_add(&directories, "%s", directory);
        words_add(words, "-iquote");
        words_add_path(words, directory);
    }
    words_free(&directories);
}

static void add_modules(struct cc_job *job, struct words *flags, struct words *libraries)
{
    const struct plan *plan = job->plan;

    for (size_t i = 0; i < plan->nmodules; i++)
        if (!pkgconfig_ask(plan->modules[i], flags, libraries))
            words_add(&job->unknown, "%s", plan->modules[i]);
}

static bool add_test_library(struct words *libraries, const char *path)
{
    words_add_path(libraries, path);
    if (access(path, R_OK) == 0)
        return true;
    fprintf(stderr, "pipec: cannot read %s, which tests are linked with: %s\n", path, strerror(errno));
    return false;
}

/* The runtime's headers and library; with a sanitizer its text stands in the emitted C, so that it is watched too, and
 * only other C files need its headers. */
static bool add_runtime(struct cc_job *job, struct words *flags, struct words *libraries)
{
    const struct cc_options *options = job->options;
    struct runtime_files files;
    bool found = true;

    if (options->sanitize) {
        words_add(flags, "-fsanitize=%s", options->sanitize);
        words_split(flags, "-fno-omit-frame-pointer -g");
        if (options->inputs.len == 0)
            return true;
    }
    if (!runtime_files_find(&files))
        return false;
    words_add(flags, "-I%s", files.include);
    job->runtime = strdup(files.include);
    if (!options->sanitize && job->plan->test) /* first: its clock is in the place of the other one's */
        found = add_test_library(libraries, files.test);
    if (!options->sanitize)
        words_add_path(libraries, files.library);
    runtime_files_free(&files);
    return found;
}

static void add_compiler(struct cc_job *job)
{
    struct words *words = &job->words;

    words_split(words, getenv("CC"));
    if (words->len == 0)
        words_add(words, "cc");
    job->ncompiler = words->len;
    /* As emitted C begins: what a body may call, a function in a .c file may call too. */
    words_split(words, "-std=c11 -D_GNU_SOURCE= -Wall -Wfloat-conversion -Werror=implicit-function-declaration "
                       "-Werror=incompatible-pointer-types -Werror=int-conversion -pthread");
    if (job->plan->test) /* compiled more often than run; stages are left out */
        words_split(words, "-O0 -Wno-unused-function");
    else
        words_add(words, job->options->sanitize ? "-O1" : "-O2"); /* half the time, where the runtime is compiled too */
    words_split(words, getenv("CFLAGS"));
}

bool cc_prepare(struct cc_job *job)
{
    struct words *words = &job->words;
    struct words libraries = { 0 };
    bool found;

    add_compiler(job);
    found = add_runtime(job, words, &libraries);
    add_modules(job, words, &libraries);
    words_add_all(words, &job->options->flags);
    add_directories(words, job->plan);
    if (job->include) { /* for "" alone: it may be called string.h */
        words_add(words, "-iquote");
        words_add(words, "%s", job->include);
    }
    words_split(words, "-x c /dev/stdin -x none"); /* for "-", headers in "" are looked for where pipec was called, before all others */
    words_add_all(words, &job->options->inputs);
    words_split(words, getenv("LDFLAGS"));
    words_add_all(words, &job->options->libraries);
    words_add_all(words, &libraries);
    words_free(&libraries);
    return found;
}

/* A file without a name that holds the C, to be read from its start. Its first line gives it the name that #line calls
 * it by later. */
static FILE *text_file(const struct cc_job *job)
{
    FILE *file = tmpfile();

    if (file && fprintf(file, "#line 1 %s\n", escape_string(job->plan->memory, job->name)) > 0
        && fwrite(job->text, 1, job->len, file) == job->len && fflush(file) == 0 && fseek(file, 0, SEEK_SET) == 0)
        return file;
    fprintf(stderr, "pipec: cannot hand the C to the compiler: %s\n", strerror(errno));
    if (file)
        fclose(file);
    return NULL;
}

/* The C could not be handed over, which is told already. */
enum { NO_TEXT = -2 };

/* What was not accepted may well be for want of these. */
static void tell_unknown(const struct words *modules)
{
    for (size_t i = 0; i < modules->len; i++) {
        const char *command = package_command(modules->at[i]);

        if (command)
            fprintf(stderr, "  hint: it links %s, of which pkg-config knows nothing; install it: %s\n", modules->at[i], command);
    }
}

static bool tell(const struct cc_job *job, int status)
{
    const char *compiler = job->words.at[0];

    if (status == 0)
        return true;
    if (status < 0)
        fprintf(stderr, "pipec: cannot start the C compiler %s: %s\n"
                        "  hint: install one, or name yours in the environment variable CC\n",
                compiler, strerror(errno));
    else if (status >= PROCESS_SIGNAL)
        fprintf(stderr, "pipec: %s was ended by signal %d (%s)\n", compiler, status - PROCESS_SIGNAL,
                strsignal(status - PROCESS_SIGNAL));
    else
        fprintf(stderr, "pipec: %s did not accept the C of %s; nothing was built\n", compiler,
                job->plan->source->path);
    tell_unknown(&job->unknown);
    return false;
}

/* The command with `more` words, on the job's C; as process_run(). */
static int start(const struct cc_job *job, const struct words *more, int out, int err)
{
    FILE *text = text_file(job);
    struct words command = { 0 };
    int status, error;

    if (!text)
        return NO_TEXT;
    words_add_all(&command, &job->words);
    words_add_all(&command, more);
    status = process_run(&command, fileno(text), out, err);
    error = errno;
    words_free(&command);
    fclose(text);
    errno = error;
    return status;
}

bool cc_run(struct cc_job *job, const char *output, FILE *told)
{
    struct words more = { 0 };
    int status;

    words_add(&more, "-o");
    words_add_path(&more, output);
    if (told)
        words_add(&more, "-Wl,-t");
    status = start(job, &more, told ? fileno(told) : PROCESS_INHERIT, PROCESS_INHERIT);
    words_free(&more);
    return status != NO_TEXT && tell(job, status);
}

bool cc_rules(struct cc_job *job, FILE *to)
{
    struct words more = { 0 };
    int status;

    words_add(&more, "-M");
    status = start(job, &more, fileno(to), PROCESS_NULL);
    words_free(&more);
    rewind(to);
    return status == 0;
}

char *cc_program(const struct cc_job *job, const char *name)
{
    struct words command = { 0 };
    char *line;

    for (size_t i = 0; i < job->ncompiler; i++)
        words_add(&command, "%s", job->words.at[i]);
    words_add(&command, "-print-prog-name=%s", name);
    line = process_line(&command);
    words_free(&command);
    return line;
}

void cc_job_free(struct cc_job *job)
{
    words_free(&job->words);
    words_free(&job->unknown);
    free(job->runtime);
    job->runtime = NULL;
}

void cc_options_free(struct cc_options *options)
{
    words_free(&options->flags);
    words_free(&options->inputs);
    words_free(&options->libraries);
}
