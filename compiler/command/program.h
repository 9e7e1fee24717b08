/* What `build`, `run` and `test` have in common: their options, and the way from a .pipe file to a program.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "build/build.h"
#include "command/command.h"
#include "command/driver.h"

struct program_options {
    struct cc_options cc;
    struct words dirs;  /* -I, for imports */
    const char *file;   /* the .pipe file */
    const char *output; /* -o; NULL: not given */
    size_t test;        /* from 1: a test of the file; 0: its program */
};

/* Lines of --help; `level`: what -O is where nothing is said. */
#define PROGRAM_OPTIONS_HELP(level) \
    "  -I DIR                    look there for imported files, and for headers\n" \
    "  -D NAME[=VALUE]           for the C compiler\n" \
    "  -L DIR, -l NAME           for the linker\n" \
    "  -g                        with what a debugger needs\n" \
    "  -O LEVEL                  how much to optimize; " level "\n" \
    "  -std=STANDARD             of the C, such as gnu17; c11 where nothing is said\n" \
    "      --sanitize=LIST       with the C compiler's sanitizers, for the runtime too, which takes some seconds:\n" \
    "                            address,undefined or thread\n"
#define PROGRAM_LEVEL "2 where nothing is said, 1 with --sanitize"
#define PROGRAM_ENVIRONMENT_HELP \
    "environment:\n" \
    "  CC                the C compiler, cc where it is not set\n" \
    "  CFLAGS, LDFLAGS   more words for it, separated by blanks\n" \
    "  PIPEC_RUNTIME     the directory with lib/libprt.a and include/prt, where they are not beside pipec\n" \
    "  PKG_CONFIG        what is asked about the modules of link, pkg-config where it is not set\n"

/* The letters of these options, for getopt. program_take_option() takes one of them, and --sanitize, which getopt has found;
 * returns -1, or the exit status after a message. PROGRAM_SANITIZE is the `val` of --sanitize. */
#define PROGRAM_OPTIONS "I:D:L:l:gO:s:"
enum { PROGRAM_SANITIZE = LONG_OPTION };
bool program_has_option(int option);
int program_take_option(const struct command *command, struct program_options *options, int option);

/* program_options_parse() returns -1 when the command is to go on, else its exit status. */
int program_options_parse(const struct command *command, struct program_options *options, int argc, char **argv);
void program_options_free(struct program_options *options);

struct program {
    struct compilation compilation;
    const char *stem; /* what the program is called where nobody says */
    struct build build;
};

/* program_start() compiles the file as far as build_start() does. False after a message. program_free() is due in any
 * case. */
bool program_start(struct program *program, const struct program_options *options);
void program_free(struct program *program);

/* The path of the program in the cache, where it is built unless it is there; to be freed. NULL after a message. */
char *program_cached(const struct program_options *options);

#endif
