/* From the command line of `build`, `run` or `test` to a program that is ready to be compiled.
 */
#include "command/program.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build/cache.h"

static int take_operands(const struct command *command, struct program_options *options, int argc, char **argv)
{
    for (int i = optind; i < argc; i++) {
        if (!*argv[i])
            return usage_error(command, "the name of a file is empty");
        if (!word_ends_with(argv[i], ".pipe") && strcmp(argv[i], "-") != 0)
            words_add_path(&options->cc.inputs, argv[i]);
        else if (options->file)
            return usage_error(command, "%s takes one .pipe file, not both %s and %s", command->name, options->file,
                               argv[i]);
        else
            options->file = argv[i];
    }
    if (options->file)
        return -1;
    if (options->cc.inputs.len > 0)
        return usage_error(command, "the name of a .pipe file ends in .pipe, which %s does not",
                           options->cc.inputs.at[0]);
    return file_missing(command, argv);
}

static bool is_level(const char *word)
{
    static const char *const levels[] = { "0", "1", "2", "3", "s", "z", "g", "fast" };

    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (strcmp(word, levels[i]) == 0)
            return true;
    return false;
}

bool program_has_option(int option)
{
    return option == PROGRAM_SANITIZE || (option > 0 && option < LONG_OPTION && option != ':' && strchr(PROGRAM_OPTIONS, option));
}

int program_take_option(const struct command *command, struct program_options *options, int option)
{
    switch (option) {
    case 'O':
        if (!is_level(optarg))
            return usage_error(command, "-O %s: a level is wanted: 0, 1, 2, 3, s, z, g or fast", optarg);
        words_add(&options->cc.flags, "-O%s", optarg);
        break;
    case 's': /* -std=gnu17 */
        if (strncmp(optarg, "td=", 3) != 0)
            return usage_error(command, "%s has no option -s%s", command->name, optarg);
        words_add(&options->cc.flags, "-s%s", optarg);
        break;
    case 'g': words_add(&options->cc.flags, "-g"); break;
    case PROGRAM_SANITIZE:
        if (!*optarg)
            return empty_value(command, "--sanitize");
        options->cc.sanitize = optarg;
        break;
    default: /* -I, -D, -L, -l */
        if (!*optarg) /* else it would take the word that follows */
            return empty_value(command, (const char[]){ '-', (char)option, '\0' });
        if (option == 'I')
            words_add(&options->dirs, "%s", optarg);
        words_add(option == 'I' || option == 'D' ? &options->cc.flags : &options->cc.libraries, "-%c%s", option,
                  optarg);
    }
    return -1;
}

int program_options_parse(const struct command *command, struct program_options *options, int argc, char **argv)
{
    enum { OPTION_HELP = PROGRAM_SANITIZE + 1 };
    static const struct option longs[] = {
        { "sanitize", required_argument, NULL, PROGRAM_SANITIZE },
        { "help", no_argument, NULL, OPTION_HELP },
        { NULL, 0, NULL, 0 },
    };
    const char *shorts = command == &command_build ? ":o:" PROGRAM_OPTIONS : ":" PROGRAM_OPTIONS;
    int option, status = -1;

    opterr = 0;
    while (status < 0 && (option = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        if (program_has_option(option)) {
            status = program_take_option(command, options, option);
        } else if (option == 'o') {
            if (!*optarg)
                return usage_error(command, "-o wants the name of a file");
            options->output = optarg;
        } else {
            status = option == OPTION_HELP ? command_help(command) : option_error(command, longs, option, argv);
        }
    }
    return status < 0 ? take_operands(command, options, argc, argv) : status;
}

void program_options_free(struct program_options *options)
{
    cc_options_free(&options->cc);
    words_free(&options->dirs);
}

char *program_cached(const struct program_options *options)
{
    struct program program;
    struct cache cache = { .build = NULL };
    char *path = NULL;

    if (program_start(&program, options) && cache_open(&cache, &program.build)) {
        path = cache_find(&cache);
        if (!path)
            path = cache_make(&cache);
    }
    cache_close(&cache);
    program_free(&program);
    return path;
}

bool program_start(struct program *program, const struct program_options *options)
{
    const struct request request = { .path = options->file, .dirs = &options->dirs, .test = options->test };

    *program = (struct program){ 0 };
    if (!driver_compile(&program->compilation, &request))
        return false;
    program->stem = driver_stem(&program->compilation);
    return build_start(&program->build, program->compilation.plan, &options->cc, program->stem);
}

void program_free(struct program *program)
{
    build_free(&program->build);
    driver_free(&program->compilation);
}
