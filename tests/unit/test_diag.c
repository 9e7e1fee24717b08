/* How diagnostics are collected and how they look. */
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text/diag.h"
#include "unit.h"

static struct sources *sources;
static struct diags *diags;

static void open_text(const char *text)
{
    sources = sources_new();
    ck_assert(sources_add(sources, source_from_memory("x.pipe", text, strlen(text))));
    diags = diags_new(sources);
}

static char *written(bool colour)
{
    static char *text;
    static size_t len;
    FILE *to = open_memstream(&text, &len);

    diags_write(diags, to, colour);
    fclose(to);
    return text;
}

static void check_text(bool colour, const char *wanted)
{
    char *text = written(colour);

    ck_assert_str_eq(text, wanted);
    free(text);
    diags_free(diags);
    sources_free(sources);
}

static struct span at(uint32_t start, uint32_t end)
{
    return (struct span){ start, end };
}

START_TEST(whole)
{
    open_text("channel int a[4];\nstage b (x <- a) {\n}\n");
    diag_report(diags, "E0301", at(32, 33), "nobody sends to '%s'", "a");
    diag_note(diags, at(12, 13), "'a' is declared here");
    diag_note(diags, at(24, 34), "its reader");
    diag_hint(diags, "add a stage");
    check_text(false,
               "x.pipe:2:15: error: nobody sends to 'a' [E0301]\n"
               "    2 | stage b (x <- a) {\n"
               "      |               ^\n"
               "x.pipe:1:13: note: 'a' is declared here\n"
               "    1 | channel int a[4];\n"
               "      |             ~\n"
               "x.pipe:2:7: note: its reader\n"
               "    2 | stage b (x <- a) {\n"
               "      |       ~~~~~~~~~~\n"
               "  hint: add a stage\n");
}
END_TEST

START_TEST(colours)
{
    open_text("abc\n");
    diag_report(diags, "W0301", at(0, 3), "odd");
    diag_note(diags, at(0, 1), "here");
    check_text(true,
               "\33[1mx.pipe:1:1:\33[m \33[1;35mwarning:\33[m \33[1modd\33[m [W0301]\n"
               "    1 | abc\n"
               "      | \33[1;32m^~~\33[m\n"
               "\33[1mx.pipe:1:1:\33[m \33[1;36mnote:\33[m \33[1mhere\33[m\n"
               "    1 | abc\n"
               "      | \33[1;36m~\33[m\n");
}
END_TEST

START_TEST(by_place_and_once)
{
    open_text("a\nb\nc\n");
    diag_report(diags, "E0001", at(4, 5), "third");
    diag_report(diags, "E0001", at(0, 1), "first");
    diag_report(diags, "E0001", at(2, 3), "second");
    diag_report(diags, "E0001", at(0, 1), "first");
    diag_hint(diags, "a hint of the one that is not shown");
    diag_report(diags, "W0301", at(2, 3), "second");
    ck_assert_uint_eq(diag_errors(diags), 4);
    check_text(false,
               "x.pipe:1:1: error: first [E0001]\n    1 | a\n      | ^\n"
               "x.pipe:2:1: error: second [E0001]\n    2 | b\n      | ^\n"
               "x.pipe:2:1: warning: second [W0301]\n    2 | b\n      | ^\n"
               "x.pipe:3:1: error: third [E0001]\n    3 | c\n      | ^\n");
}
END_TEST

static size_t count(const char *text, const char *part)
{
    size_t n = 0;

    while ((text = strstr(text, part))) {
        text += strlen(part);
        n++;
    }
    return n;
}

static void check_many(size_t errors, const char *end)
{
    char *text;

    open_text("a\n");
    for (size_t i = 0; i < errors; i++)
        diag_report(diags, "E0001", at(0, 1), "number %zu", i);
    ck_assert_uint_eq(diag_errors(diags), errors);
    text = written(false);
    ck_assert_uint_eq(count(text, "error: number"), errors < DIAG_MAX ? errors : DIAG_MAX);
    ck_assert_str_eq(text + strlen(text) - strlen(end), end);
    free(text);
    diags_free(diags);
    sources_free(sources);
}

START_TEST(many)
{
    check_many(100, "^\n");
    check_many(101, "^\npipec: 1 more error is not shown; correct these first\n");
    check_many(102, "^\npipec: 2 more errors are not shown; correct these first\n");
    check_many(100000, "^\npipec: 99900 more errors are not shown; correct these first\n");
}
END_TEST

START_TEST(nothing)
{
    open_text("a\n");
    ck_assert_uint_eq(diag_errors(diags), 0);
    check_text(false, "");
}
END_TEST

START_TEST(warnings_are_no_errors)
{
    open_text("a\n");
    diag_report(diags, "W0301", at(0, 1), "odd");
    ck_assert_uint_eq(diag_errors(diags), 0);
    diags_free(diags);
    sources_free(sources);
}
END_TEST

START_TEST(what_is_missing)
{
    open_text("abcdef\n");
    diag_report(diags, "E0301", at(0, 1), "before");
    diags_incomplete(diags);
    diag_report(diags, "E0301", at(1, 2), "unknown");
    diag_hint(diags, "a hint of the one that is not told");
    diag_report(diags, "E0102", at(2, 3), "twice");
    ck_assert_uint_eq(diag_errors(diags), 2);
    check_text(false,
               "x.pipe:1:1: error: before [E0301]\n    1 | abcdef\n      | ^\n"
               "x.pipe:1:3: error: twice [E0102]\n    1 | abcdef\n      |   ^\n");
}
END_TEST

START_TEST(broken_c)
{
    open_text("abcdef\n");
    diags_distrust(diags, at(1, 3));
    diag_report(diags, "E0407", at(0, 1), "before");
    diag_report(diags, "E0407", at(1, 2), "in");
    diag_report(diags, "W0401", at(2, 2), "in");
    diag_report(diags, "E0008", at(2, 3), "in, of another family");
    diag_report(diags, "E0407", at(4, 5), "behind");
    ck_assert_uint_eq(diag_errors(diags), 3);
    check_text(false,
               "x.pipe:1:1: error: before [E0407]\n    1 | abcdef\n      | ^\n"
               "x.pipe:1:3: error: in, of another family [E0008]\n    1 | abcdef\n      |   ^\n"
               "x.pipe:1:5: error: behind [E0407]\n    1 | abcdef\n      |     ^\n");
}
END_TEST

/* The caret stands below its letter whatever is before it. */
START_TEST(tabs)
{
    open_text("\ta\t\tb\n");
    diag_report(diags, "E0001", at(4, 5), "here");
    check_text(false,
               "x.pipe:1:5: error: here [E0001]\n"
               "    1 |         a               b\n"
               "      |                         ^\n");
}
END_TEST

START_TEST(wide_letters)
{
    open_text("日本e\xCC\x81é x\n"); /* two wide ones, one that combines, one of two bytes */
    diag_report(diags, "E0001", at(12, 13), "here");
    check_text(false,
               "x.pipe:1:7: error: here [E0001]\n"
               "    1 | 日本e\xCC\x81é x\n"
               "      |        ^\n");
}
END_TEST

START_TEST(what_is_not_printed)
{
    open_text("a\x1B[2J\x80\xC2\x9B\xE2\x80\xAE\x7F\xED\xA0\x80 b\n");
    diag_report(diags, "E0001", at(15, 16), "\x1B[31m\n");
    check_text(false,
               "x.pipe:1:10: error: <1B>[31m<0A> [E0001]\n"
               "    1 | a<1B>[2J<80><U+009B><U+202E><7F><ED><A0><80> b\n"
               "      |                                             ^\n");
}
END_TEST

START_TEST(long_lines)
{
    char text[1001];
    char *shown;

    memset(text, 'x', 1000);
    text[1000] = '\0';
    text[500] = '@';
    open_text(text);
    diag_report(diags, "E0001", at(500, 600), "here");
    shown = written(false);
    ck_assert_ptr_nonnull(strstr(shown, "x.pipe:1:501: error"));
    ck_assert_ptr_nonnull(strstr(shown, "    1 | ...xxx"));
    ck_assert_ptr_nonnull(strstr(shown, "@xxx"));
    ck_assert_ptr_nonnull(strstr(shown, "xxx...\n"));
    ck_assert_uint_eq(strcspn(strstr(shown, "    1 |"), "@"), strcspn(strstr(shown, "      | "), "^"));
    ck_assert_uint_lt(strlen(shown), 400);
    free(shown);
    diags_free(diags);
    sources_free(sources);
}
END_TEST

START_TEST(long_lines_of_wide_letters)
{
    char text[3001] = "";
    char *shown;

    for (size_t i = 0; i < 3000; i += 3)
        memcpy(text + i, "日", 4);
    open_text(text);
    diag_report(diags, "E0001", at(1500, 1503), "here");
    shown = written(false);
    ck_assert_uint_eq(count(shown, "<"), 0); /* no letter is cut in two */
    free(shown);
    diags_free(diags);
    sources_free(sources);
}
END_TEST

START_TEST(several_lines)
{
    open_text("abc\ndef\n");
    diag_report(diags, "E0001", at(1, 7), "here");
    check_text(false,
               "x.pipe:1:2: error: here [E0001]\n"
               "    1 | abc\n"
               "      |  ^~\n");
}
END_TEST

START_TEST(end_of_file)
{
    open_text("abc");
    diag_report(diags, "E0001", at(3, 3), "here");
    check_text(false,
               "x.pipe:1:4: error: here [E0001]\n"
               "    1 | abc\n"
               "      |    ^\n");
}
END_TEST

/* Prints to `to` as standard error, and tells whether what arrives at `from` is in colour. */
static bool is_coloured(int to, int from)
{
    const int err = dup(STDERR_FILENO);
    char text[256];
    ssize_t n;

    open_text("abc");
    diag_report(diags, "E0001", at(0, 1), "here");
    dup2(to, STDERR_FILENO);
    diags_print(diags);
    dup2(err, STDERR_FILENO);
    close(err);
    n = read(from, text, sizeof text - 1);
    ck_assert_int_gt(n, 0);
    text[n] = '\0';
    ck_assert_ptr_nonnull(strstr(text, "x.pipe"));
    diags_free(diags);
    sources_free(sources);
    return strchr(text, '\33') != NULL;
}

START_TEST(colour_on_a_terminal_only)
{
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    int ends[2], program;

    ck_assert_int_ge(terminal, 0);
    ck_assert_int_eq(grantpt(terminal) | unlockpt(terminal) | pipe(ends), 0);
    program = open(ptsname(terminal), O_RDWR | O_NOCTTY);
    ck_assert_int_ge(program, 0);
    unsetenv("NO_COLOR");
    setenv("TERM", "xterm", 1);
    ck_assert(is_coloured(program, terminal));
    ck_assert(!is_coloured(ends[1], ends[0]));
    setenv("NO_COLOR", "", 1);
    ck_assert(is_coloured(program, terminal));
    setenv("NO_COLOR", "1", 1);
    ck_assert(!is_coloured(program, terminal));
    unsetenv("NO_COLOR");
    setenv("TERM", "dumb", 1);
    ck_assert(!is_coloured(program, terminal));
}
END_TEST

static struct { const char *code; bool used; } rows[] = {
#define CODE(name, title) { #name, false },
#include "text/diag_codes.def"
#undef CODE
};

static void use_code(const char *code)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        rows[i].used |= strcmp(rows[i].code, code) == 0;
}

/* Every "E1234" in a source file of the compiler. */
static void check_codes(const char *path)
{
    FILE *file = fopen(path, "r");
    char line[512], code[6] = "";

    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file))
        for (const char *p = line; (p = strchr(p, '"')); p++)
            if ((p[1] == 'E' || p[1] == 'W' || p[1] == 'N') && strspn(p + 2, "0123456789") == 4 && p[6] == '"') {
                memcpy(code, p + 1, 5);
                ck_assert_msg(diag_title(code), "%s in %s has no row in diag_codes.def", code, path);
                use_code(code);
            }
    fclose(file);
}

START_TEST(every_code_has_a_title_and_is_reported)
{
    glob_t files;

    ck_assert_msg(glob("compiler/*/*.c", 0, NULL, &files) == 0 && glob("grammar/*.[ly]", GLOB_APPEND, NULL, &files) == 0,
                  "run this in the project's top directory");
    for (size_t i = 0; i < files.gl_pathc; i++)
        check_codes(files.gl_pathv[i]);
    ck_assert_uint_gt(files.gl_pathc, 10);
    globfree(&files);
    ck_assert_ptr_null(diag_title("E9999"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_msg(rows[i].used, "%s, a row of diag_codes.def, is reported by nobody", rows[i].code);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        whole, colours, by_place_and_once, many, nothing, warnings_are_no_errors, what_is_missing, broken_c, tabs,
        wide_letters, what_is_not_printed, long_lines, long_lines_of_wide_letters, several_lines, end_of_file,
        colour_on_a_terminal_only, every_code_has_a_title_and_is_reported,
    };

    return unit_run_all("diag", tests, sizeof tests / sizeof *tests);
}
