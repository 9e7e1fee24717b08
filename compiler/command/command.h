/* The commands of pipec: one file and one row of the table in main.c each. */
#ifndef COMMAND_H
#define COMMAND_H

#include <getopt.h>
#include <stddef.h>

#include "build/identity.h"

struct command {
    const char *name;
    const char *summary;
    const char *help; /* what --help prints, from "usage:" on */
    int (*run)(int argc, char **argv); /* argv[0] is the command's name; the result is the exit status */
};

extern const struct command command_build, command_run, command_check, command_emit, command_graph,
    command_test, command_explain, command_ps, command_top;

enum { STATUS_OK = 0, STATUS_FAILED = 1, STATUS_USAGE = 2 };

/* Prints the message and where help is; returns STATUS_USAGE. */
int usage_error(const struct command *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What getopt_long returned '?' or ':' for, as a message. The `val` of each of `longs`, which a row of zeros ends, is
 * LONG_OPTION or more, so that it is no letter. */
enum { LONG_OPTION = 256 };
int option_error(const struct command *command, const struct option *longs, int option, char **argv);

/* A .pipe file is missing: says which option has taken one for its value, if one has. */
int file_missing(const struct command *command, char **argv);

/* No file that is written may be one that is read, or another that is written. Returns -1 where it is so. */
int files_apart(const struct command *command, const struct file_use *uses, size_t n);

/* Nobody means `value` for what stands after `option`: it is empty. */
int empty_value(const struct command *command, const char *option);

/* The help of a command, on standard output; returns STATUS_OK, or STATUS_FAILED where it could not be written. */
int command_help(const struct command *command);

/* Writes what standard output holds; returns STATUS_OK, or STATUS_FAILED, with a message, where that failed. */
int command_finish(void);

#endif
