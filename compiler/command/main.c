/* pipec: compiles .pipe files. This file picks the command; each has a file of its own.
 */
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "command/command.h"

static const struct command *const commands[] = {
    &command_build, &command_run, &command_check, &command_emit, &command_explain,
};

int command_finish(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return STATUS_OK;
    perror("pipec: standard output");
    return STATUS_FAILED;
}

int usage_error(const struct command *command, const char *format, ...)
{
    va_list arguments;

    fputs("pipec: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\n  hint: pipec %s%s--help says how it is used\n", command ? command->name : "",
            command ? " " : "");
    return STATUS_USAGE;
}

int option_error(const struct command *command, int option, char **argv)
{
    const char *word = argv[optind - 1];

    if (option == ':')
        return usage_error(command, "%s wants a value", word);
    if (optopt) /* a letter, perhaps within a word */
        return usage_error(command, "%s has no option -%c", command->name, optopt);
    return usage_error(command, "%s has no option %s", command->name, word);
}

int command_help(const struct command *command)
{
    printf("pipec %s: %s\n\n%s", command->name, command->summary, command->help);
    return command_finish();
}

static int help(void)
{
    puts("pipec compiles .pipe files, which declare concurrent pipelines, to C and to programs\n"
         "\n"
         "usage: pipec COMMAND [OPTION]... FILE.pipe\n"
         "\n"
         "commands:");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        printf("  %-8s %s\n", commands[i]->name, commands[i]->summary);
    puts("\n"
         "pipec COMMAND --help tells more about each; pipec --version says which pipec this is.\n"
         "A FILE.pipe of - is standard input.");
    return command_finish();
}

static void let_write_fail(int signal)
{
    (void)signal;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : NULL;

    /* A file over its limit of size is told like any other error. What we start has its default again. */
    if (signal(SIGXFSZ, let_write_fail) == SIG_IGN)
        signal(SIGXFSZ, SIG_IGN);
    if (!name)
        return usage_error(NULL, "a command is missing, as in pipec run FILE.pipe");
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        return help();
    if (strcmp(name, "--version") == 0) {
        puts("pipec " PIPEC_VERSION);
        return command_finish();
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(name, commands[i]->name) == 0)
            return commands[i]->run(argc - 1, argv + 1);
    return usage_error(NULL, "there is no command %s", name);
}
