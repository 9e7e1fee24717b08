/* What `build` and `run` have in common: their options, and the way from a .pipe file to a program.
 */
#ifndef BUILD_H
#define BUILD_H

#include "build/cc.h"
#include "build/output.h"
#include "command/command.h"
#include "command/driver.h"

struct build_options {
    struct cc_options cc;
    const char *file;   /* the .pipe file */
    const char *output; /* -o; NULL: not given */
};

/* Lines of --help. */
#define BUILD_OPTIONS_HELP \
    "  -I DIR, -D NAME[=VALUE]   for the C compiler\n" \
    "  -L DIR, -l NAME           for the linker\n" \
    "  -g                        with what a debugger needs\n" \
    "  -O LEVEL                  how much to optimize; 2 where nothing is said\n" \
    "      --sanitize=LIST       with the C compiler's sanitizers: address,undefined or thread\n"
#define BUILD_ENVIRONMENT_HELP \
    "environment:\n" \
    "  CC                the C compiler, cc where it is not set\n" \
    "  CFLAGS, LDFLAGS   more words for it, separated by blanks\n" \
    "  PIPEC_RUNTIME     the directory with lib/libprt.a and include/prt, where they are not beside pipec\n"

/* build_options_parse() returns -1 when the command is to go on, else its exit status. */
int build_options_parse(const struct command *command, struct build_options *options, int argc, char **argv);
void build_options_free(struct build_options *options);

struct build {
    const struct build_options *options;
    struct compilation compilation;
    struct output_folder folder; /* the header for bodies in .c files */
    char *stem, *c_name, *header_name, *text;
    struct cc_job job;
};

/* build_start() compiles the file to C and finds out how to compile that; build_finish() does, to `output`. False after
 * a message. build_free() is due in any case. */
bool build_start(struct build *build, const struct build_options *options);
bool build_finish(struct build *build, const char *output);
void build_free(struct build *build);

#endif
