/* pipec build: a .pipe file to a program. */
#include "build/output.h"
#include "command/program.h"

/* The program may not be one of the files that it is made from. */
static int check_apart(const struct program_options *options, const char *output, const struct sources *read)
{
    const struct file_use written = { output, true };
    int status = files_apart(&command_build, (struct file_use[]){ written, { options->file, false } }, 2);

    for (size_t i = 0; status < 0 && i < options->cc.inputs.len; i++)
        status = files_apart(&command_build, (struct file_use[]){ written, { options->cc.inputs.at[i], false } }, 2);
    for (size_t i = 1; status < 0 && i < sources_count(read); i++)
        status = files_apart(&command_build, (struct file_use[]){ written, { sources_at(read, i)->path, false } }, 2);
    return status;
}

static int make_program(const struct program_options *options)
{
    struct program program;
    int status = STATUS_FAILED;

    if (program_start(&program, options)) {
        const char *output = options->output ? options->output : program.stem;

        status = check_apart(options, output, program.compilation.sources);
        if (status < 0)
            status = build_finish(&program.build, output) ? STATUS_OK : STATUS_FAILED;
    }
    program_free(&program);
    return status;
}

static int build_run(int argc, char **argv)
{
    struct program_options options = { 0 };
    int status = program_options_parse(&command_build, &options, argc, argv);

    if (status < 0)
        status = make_program(&options);
    program_options_free(&options);
    return status;
}

const struct command command_build = {
    "build", "make a program", "usage: pipec build [OPTION]... FILE.pipe [FILE.c | FILE.o | FILE.a]...\n"
    "\n"
    "The program is called like the file, without .pipe. The .c and .o files hold what the bodies need, such as\n"
    "stage functions; those in .c files include \"FILE.h\", which pipec writes for them.\n"
    "\n"
    "  -o FILE                   the program's name\n"
    PROGRAM_OPTIONS_HELP(PROGRAM_LEVEL)
    "      --help                this text\n"
    "\n"
    PROGRAM_ENVIRONMENT_HELP, build_run
};
