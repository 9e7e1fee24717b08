/* Files as they are read, and the lines and columns of places in them. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text/source.h"
#include "said.h"
#include "unit.h"

/* Reads a file, and keeps what is said about it. */
static struct source *read_file(const char *path)
{
    const struct saying saying = said_begin();
    struct source *const source = source_read(path);

    said_end(saying);
    return source;
}

static void check_position(const struct source *source, uint32_t offset, uint32_t line, uint32_t column)
{
    const struct position place = source_position(source, offset);

    ck_assert_uint_eq(place.line, line);
    ck_assert_uint_eq(place.column, column);
}

static void check_line(const struct source *source, uint32_t line, const char *text)
{
    size_t len;
    const char *found = source_line(source, line, &len);

    ck_assert_uint_eq(len, strlen(text));
    ck_assert_int_eq(memcmp(found, text, len), 0);
}

START_TEST(line_ends)
{
    const char text[] = "a\nbc\r\nd\re\r\r\n\nf";
    struct source *source = source_from_memory("x.pipe", text, sizeof text - 1);
    const char *const lines[] = { "a", "bc", "d", "e", "", "", "f" };

    ck_assert_uint_eq(source->nlines, 7);
    for (uint32_t i = 0; i < 7; i++)
        check_line(source, i + 1, lines[i]);
    check_position(source, 0, 1, 1);
    check_position(source, 3, 2, 2);
    check_position(source, 5, 2, 4); /* the LF of CRLF */
    check_position(source, 6, 3, 1);
    check_position(source, 8, 4, 1);
    check_position(source, (uint32_t)source->len, 7, 2);
    source_free(source);
}
END_TEST

START_TEST(empty)
{
    struct source *source = source_from_memory("x.pipe", "", 0);

    ck_assert_uint_eq(source->nlines, 1);
    check_line(source, 1, "");
    check_position(source, 0, 1, 1);
    ck_assert_int_eq(source->text[0], 0);
    ck_assert_int_eq(source->text[1], 0);
    source_free(source);
}
END_TEST

START_TEST(last_line_without_end)
{
    struct source *source = source_from_memory("x.pipe", "a\nb\n", 4);

    ck_assert_uint_eq(source->nlines, 3);
    check_position(source, 4, 3, 1);
    source_free(source);
}
END_TEST

START_TEST(no_file)
{
    ck_assert_ptr_null(read_file("no/such/file.pipe"));
    ck_assert_str_eq(said, "pipec: no/such/file.pipe: No such file or directory\n");
}
END_TEST

START_TEST(directory)
{
    ck_assert_ptr_null(read_file("/"));
    ck_assert_str_eq(said, "pipec: /: a directory; name a .pipe file in it\n");
}
END_TEST

START_TEST(device)
{
    ck_assert_ptr_null(read_file("/dev/null"));
    ck_assert_str_eq(said, "pipec: /dev/null: not a regular file; use - to read standard input\n");
}
END_TEST

/* Nobody writes to it: opening it must not wait. */
START_TEST(fifo)
{
    char path[] = "/tmp/pipec-test-XXXXXX";
    char name[64];

    ck_assert_ptr_nonnull(mkdtemp(path));
    snprintf(name, sizeof name, "%s/fifo", path);
    ck_assert_int_eq(mkfifo(name, 0600), 0);
    ck_assert_ptr_null(read_file(name));
    ck_assert_ptr_nonnull(strstr(said, "not a regular file"));
    unlink(name);
    rmdir(path);
}
END_TEST

START_TEST(control_in_path)
{
    ck_assert_ptr_null(read_file("a\nb.pipe"));
    ck_assert_str_eq(said, "pipec: a file's name: holds a control character; rename the file\n");
}
END_TEST

static struct source *read_of_size(off_t size)
{
    char path[] = "/tmp/pipec-test-XXXXXX";
    const int file = mkstemp(path);
    struct source *source;

    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(ftruncate(file, size), 0);
    close(file);
    source = read_file(path);
    unlink(path);
    return source;
}

START_TEST(largest)
{
    struct source *source = read_of_size((off_t)SOURCE_MAX);

    ck_assert_ptr_nonnull(source);
    ck_assert_uint_eq(source->len, SOURCE_MAX);
    source_free(source);
    ck_assert_ptr_null(read_of_size((off_t)SOURCE_MAX + 1));
    ck_assert_ptr_nonnull(strstr(said, "larger than 64 MiB"));
}
END_TEST

START_TEST(standard_input)
{
    int ends[2];
    struct source *source;

    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(write(ends[1], "abc\n", 4), 4);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    source = read_file("-");
    ck_assert_str_eq(source->path, "<stdin>");
    ck_assert_uint_eq(source->len, 4);
    source_free(source);
}
END_TEST

/* One space: each offset tells its file, the end of one is not the start of the next. */
START_TEST(several)
{
    struct sources *sources = sources_new();
    struct source *files[3];
    static const char *const texts[] = { "a\nbc", "", "x\ny" };

    for (size_t i = 0; i < 3; i++) {
        files[i] = source_from_memory("x.pipe", texts[i], strlen(texts[i]));
        ck_assert(sources_add(sources, files[i]));
    }
    for (size_t i = 0; i < 3; i++) {
        ck_assert_ptr_eq(sources_file(sources, files[i]->start), files[i]);
        ck_assert_ptr_eq(sources_file(sources, source_end(files[i])), files[i]);
    }
    ck_assert_ptr_eq(sources_text(sources, files[2]->start + 2), files[2]->text + 2);
    ck_assert_uint_eq(sources_position(sources, files[2]->start + 2).line, 2);
    ck_assert_uint_eq(sources_position(sources, files[2]->start + 2).column, 1);
    ck_assert_uint_eq(source_offset(files[2], files[2]->text + 3), source_end(files[2]));
    sources_free(sources);
}
END_TEST

/* A view shows a piece of a file under other offsets, and knows where it stands. */
START_TEST(views)
{
    struct sources *sources = sources_new();
    struct source *source = source_from_memory("x.pipe", "one\ntwo\nthree\n", 14);
    struct view one = { .origin = { 4, 8 }, .use = { 0, 3 }, .name = "one" };
    struct view two = { .origin = { 8, 14 }, .use = { 1, 2 }, .name = "two" };

    ck_assert(sources_add(sources, source));
    ck_assert(sources_view(sources, &one));
    two.use.start += one.start;
    ck_assert(sources_view(sources, &two));
    ck_assert_ptr_null(sources_view_at(sources, source_end(source)));
    ck_assert_ptr_eq(sources_view_at(sources, one.start), &one);
    ck_assert_ptr_eq(sources_view_at(sources, one.start + 4), &one);
    ck_assert_ptr_eq(sources_view_at(sources, two.start + 1), &two);
    ck_assert_uint_eq(sources_origin(sources, one.start + 1), 5);
    ck_assert_uint_eq(sources_origin(sources, 5), 5);
    ck_assert_ptr_eq(sources_file(sources, two.start), source);
    ck_assert_ptr_eq(sources_text(sources, two.start), source->text + 8);
    ck_assert_uint_eq(sources_position(sources, two.start + 1).line, 3);
    ck_assert_uint_eq(sources_position(sources, two.start + 1).column, 2);
    sources_free(sources);
}
END_TEST

/* What does not fit is refused, and stays the caller's. */
START_TEST(full)
{
    struct sources *sources = sources_new();
    struct source *source = source_from_memory("x.pipe", "abcd", 4);

    source->len = SOURCES_MAX - 4; /* as if it were so large */
    ck_assert(sources_add(sources, source));
    source = source_from_memory("y.pipe", "abcd", 4);
    ck_assert(!sources_add(sources, source));
    source_free(source);
    sources_free(sources);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        line_ends, empty, last_line_without_end, no_file, directory, device, fifo, control_in_path, largest,
        standard_input, several, views, full,
    };

    return unit_run_all("source", tests, sizeof tests / sizeof *tests);
}
