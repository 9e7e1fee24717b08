/* pipec explain: what a diagnostic's code is about, and what a part or a record of the library is. */
#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "command/library.h"
#include "text/diag.h"
#include "explain_text.h" /* `examples`, which tools/explain.sh makes of the golden cases */

/* The first two digits of a code are its family. */
static const struct { const char *digits, *text; } families[] = {
    { "00", "Letters and syntax: the file cannot be read as declarations. Reading goes on at the next ; or }, so that\n"
            "one run reports every error." },
    { "01", "Names: each name in a file is declared once, and everything that is named is declared. C keywords and\n"
            "self are no names." },
    { "02", "Types: the two ends of a channel agree on the type of its items, and a param has a value of its type." },
    { "03", "Shape: each channel has a sender and a receiver, and the options of a stage go together." },
    { "04", "Bodies: each body sends to the outputs of its stage and to no others, and hands over what it owns." },
    { "05", "Deadlock: a pipeline that pipec accepts cannot deadlock, as long as its bodies return. What could is\n"
            "refused." },
    { "06", "Limits: something is larger than pipec reads." },
    { "09", "The language has this, but this version of pipec does not build it." },
};

static void print_indented(const char *text)
{
    for (size_t len; *text; text += len + (text[len] == '\n')) {
        len = strcspn(text, "\n");
        printf("%s%.*s\n", len ? "    " : "", (int)len, text);
    }
}

static void print_example(const char *code)
{
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        if (strcmp(examples[i].code, code) == 0) {
            puts("\nAn example:\n");
            print_indented(examples[i].file);
            puts("\nof which pipec says:\n");
            print_indented(examples[i].message);
        }
}

static int explain(const char *code, const char *title)
{
    printf("%s: %s\n\n", code, title);
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (strncmp(code + 1, families[i].digits, 2) == 0)
            printf("%s\n", families[i].text);
    print_example(code);
    if (code[0] == 'W')
        puts("\nThis is a warning: the file is accepted.");
    else if (code[0] == 'N')
        puts("\nThis is a note: only `pipec check` prints it, and the file is accepted.");
    return command_finish();
}

static int explain_run(int argc, char **argv)
{
    static const struct option longs[] = { { "help", no_argument, NULL, LONG_OPTION }, { NULL, 0, NULL, 0 } };
    const int option = (opterr = 0, getopt_long(argc, argv, ":", longs, NULL));
    const char *title;
    char code[16];

    if (option == LONG_OPTION)
        return command_help(&command_explain);
    if (option != -1)
        return option_error(&command_explain, longs, option, argv);
    if (optind + 1 != argc || !*argv[optind])
        return usage_error(&command_explain, "explain wants one code, such as E0204, or a part of the library, such as lines");
    if (library_explain(argv[optind]))
        return command_finish();
    snprintf(code, sizeof code, "%s", argv[optind]);
    code[0] = (char)toupper((unsigned char)code[0]);
    title = diag_title(code);
    if (!title)
        return usage_error(&command_explain, "there is no code %s; codes look like E0204 or W0301, and nothing in the library "
                           "is called so", argv[optind]);
    return explain(code, title);
}

const struct command command_explain = {
    "explain", "tell what the code of a message is about, or a part of the library", "usage: pipec explain CODE\n"
    "       pipec explain PART\n"
    "       pipec explain RECORD\n"
    "       pipec explain FILE.pipe\n"
    "\n"
    "CODE is that of a message, such as E0204. PART is one of the library's, such as lines; RECORD one that its\n"
    "parts send, such as count; FILE.pipe one of its files, whose records and parts are listed, and which may be\n"
    "called FILE where no part or record is.\n"
    "\n"
    "      --help   this text\n", explain_run
};
