/* pipec: compiles .pipe files. This file picks the command; each has a file of its own.
 */
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build/words.h"
#include "command/command.h"
#include "text/suggest.h"

static const struct command *const commands[] = {
    &command_build, &command_run, &command_check, &command_emit, &command_graph, &command_test,
    &command_explain, &command_ps, &command_top,
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

/* A long option that there is not. */
static int unknown_option(const struct command *command, const struct option *longs, const char *word)
{
    const int len = (int)strcspn(word, "=");
    char *typed = len > 2 ? strndup(word + 2, (size_t)len - 2) : NULL;
    struct suggestion suggestion = suggestion_for(typed ? typed : "");
    int status;

    for (; longs->name; longs++)
        suggestion_offer(&suggestion, longs->name);
    status = suggestion.best
        ? usage_error(command, "%s has no option %.*s; did you mean --%s?", command->name, len, word, suggestion.best)
        : usage_error(command, "%s has no option %.*s", command->name, len, word);
    free(typed);
    return status;
}

int option_error(const struct command *command, const struct option *longs, int option, char **argv)
{
    const char *word = argv[optind - 1];

    if (option == ':')
        return usage_error(command, "%s wants a value", word);
    if (optopt >= LONG_OPTION)
        return usage_error(command, "%.*s takes no value", (int)strcspn(word, "="), word);
    if (optopt > ' ' && optopt < 127) /* a letter, perhaps within a word */
        return usage_error(command, "%s has no option -%c", command->name, optopt);
    if (optopt)
        return usage_error(command, "%s has no option of byte 0x%02X", command->name, optopt & 0xFF);
    return unknown_option(command, longs, word);
}

int file_missing(const struct command *command, char **argv)
{
    for (int i = 1; i < optind; i++)
        if (word_ends_with(argv[i], ".pipe"))
            return usage_error(command, "%s wants a .pipe file, and %s is the value of an option", command->name,
                               argv[i]);
    return usage_error(command, "%s wants a .pipe file", command->name);
}

int files_apart(const struct command *command, const struct file_use *uses, size_t n)
{
    const char *one, *other;

    if (!file_clash(uses, n, &one, &other))
        return -1;
    if (strcmp(one, "-") == 0 && strcmp(other, "-") == 0)
        return usage_error(command, "two texts would be mixed on standard output");
    return usage_error(command, "writing %s would overwrite %s", strcmp(one, "-") == 0 ? "standard output" : one,
                       strcmp(other, "-") == 0 ? "what standard input or output is" : other);
}

int empty_value(const struct command *command, const char *option)
{
    return usage_error(command, "%s wants a value that is not empty", option);
}

/* `name` is no command; perhaps it is nearly one, or a file. */
static int unknown_command(const char *name)
{
    struct suggestion suggestion = suggestion_for(name);

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        suggestion_offer(&suggestion, commands[i]->name);
    if (word_ends_with(name, ".pipe"))
        return usage_error(NULL, "a command is missing, as in pipec run %s", name);
    if (suggestion.best)
        return usage_error(NULL, "there is no command %s; did you mean %s?", name, suggestion.best);
    return usage_error(NULL, "there is no command %s", name);
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
    return unknown_command(name);
}
