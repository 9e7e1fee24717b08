/* pipec run: builds into the cache, unless the program is there, and becomes the program.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command/program.h"

/* Where the program's arguments begin: after "--", which is cut off. */
static char **split_arguments(int *argc, char **argv)
{
    for (int i = 1; i < *argc; i++)
        if (strcmp(argv[i], "--") == 0) {
            argv[i] = NULL;
            *argc = i;
            return argv + i + 1;
        }
    return argv + *argc;
}

/* Does not return where it succeeds: the program has our descriptors, our process and its signals. */
static int become(const char *path, char **arguments)
{
    struct words command = { 0 };

    words_add(&command, "%s", path);
    for (; *arguments; arguments++)
        words_add(&command, "%s", *arguments);
    execv(path, command.at);
    fprintf(stderr, "pipec: cannot run %s: %s\n"
                    "  hint: set XDG_CACHE_HOME to a directory from which programs may run\n", path, strerror(errno));
    words_free(&command);
    return STATUS_FAILED;
}

static int run_run(int argc, char **argv)
{
    char **arguments = split_arguments(&argc, argv);
    struct program_options options = { 0 };
    int status = program_options_parse(&command_run, &options, argc, argv);
    char *path;

    if (status >= 0) {
        program_options_free(&options);
        return status;
    }
    path = program_cached(&options);
    program_options_free(&options);
    status = path ? become(path, arguments) : STATUS_FAILED;
    free(path);
    return status;
}

const struct command command_run = {
    "run", "build into a cache, and run",
    "usage: pipec run [OPTION]... FILE.pipe [FILE.c | FILE.o | FILE.a]... [-- ARGUMENT...]\n"
    "\n"
    "The arguments after -- are the program's, and its exit status is that of pipec run. It is built again\n"
    "only when a file that was read for it has changed.\n"
    "\n"
    PROGRAM_OPTIONS_HELP(PROGRAM_LEVEL)
    "      --help                this text\n"
    "\n"
    PROGRAM_ENVIRONMENT_HELP
    "  XDG_CACHE_HOME    programs are kept below it, in pipec/; ~/.cache where it is not set\n", run_run
};
