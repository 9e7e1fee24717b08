#include "answer.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_SIZE = 64, MOST_NUMBERS = 3 };

/* An answer while it is made. */
struct making {
    struct answer *answer;
    FILE *out;
    const char *rest; /* of the path, behind the name of its kind */
    const char *fields;
    unsigned number[MOST_NUMBERS];
    unsigned pages, asked;
};

struct kind {
    const char *name;
    unsigned numbers;
    void (*make)(struct making *making);
    const char *fate;
};

static const int64_t ms = 1000000;

/* ---- pages ------------------------------------------------------------------------------------------------------- */

/* The path of page k. Three of four are plain, the others of each kind in turn. */
static const char *path_of(unsigned k, char path[PATH_SIZE])
{
    static const char *const odd[] = {
        "/slow/150/", "/fails/2/", "/redirect/", "/gone/",  "/chunked/", "/busy/1/1/", "/long/",    "/trickle/5/",
        "/broken/",   "/unsized/", "/reset/",    "/loop/",  "/short/",   "/deaf/",     "/chain/3/", "/endless/",
    };

    snprintf(path, PATH_SIZE, "%s%u", k % 4 == 3 ? odd[k / 4 % (sizeof odd / sizeof *odd)] : "/page/", k);
    return path;
}

static unsigned link_of(unsigned k, int which, unsigned pages)
{
    return (which == 0 ? 3 * k + 1 : 7 * k + 2) % pages;
}

/* Writes page k: a link by its path, one relative to `depth` directories, and some that lead out of the site. */
static void write_page(FILE *out, unsigned k, unsigned depth, unsigned pages)
{
    char path[PATH_SIZE];

    fprintf(out, "<!DOCTYPE html>\n<title>Page %u</title>\n", k);
    fprintf(out, "<p>The first is <a href=\"%s#top\">one</a>,\n", path_of(link_of(k, 0, pages), path));
    fprintf(out, "<p>and <a class=\"x\" href=\"./");
    for (unsigned i = 0; i < depth; i++)
        fputs("../", out);
    fprintf(out, "%s\">another</a>.\n", path_of(link_of(k, 1, pages), path) + 1);
    fprintf(out, "<p><a href=\"mailto:nobody@example.org\">mail</a> <a href=\"#top\">top</a> "
                 "<a href=\"https://example.org/\">elsewhere</a>\n");
}

/* ---- the parts of an answer -------------------------------------------------------------------------------------- */

static void name_answer(struct making *making, const char *name)
{
    snprintf(making->answer->name, sizeof making->answer->name, "%s", name);
}

__attribute__((format(printf, 3, 4)))
static void write_head(struct making *making, int status, const char *fields, ...)
{
    char name[12];
    va_list args;

    snprintf(name, sizeof name, "%d", status);
    name_answer(making, name);
    fprintf(making->out, "HTTP/1.1 %d %s\r\nServer: site\r\nConnection: %s\r\n", status, status < 400 ? "Fine" : "Not so",
            making->answer->end == ANSWER_KEEPS ? "keep-alive" : "close");
    va_start(args, fields);
    vfprintf(making->out, fields, args);
    va_end(args);
    fputs("\r\n", making->out);
}

/* The text of the page that a path's last number names; the caller frees it. */
static char *page_text(const struct making *making, size_t *len)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, len);
    unsigned depth = 0;

    if (!out)
        abort();
    for (const char *at = making->rest; *at && *at != '?'; at++)
        depth += *at == '/';
    write_page(out, making->number[depth - 1], depth, making->pages);
    if (fclose(out) != 0)
        abort();
    return text;
}

/* A page whose head claims `more` bytes than there are, and of which `cut` are left out. */
static void write_sized(struct making *making, int more, size_t cut)
{
    size_t len;
    char *text = page_text(making, &len);

    write_head(making, 200, "Content-Type: text/html\r\nContent-Length: %zu\r\n", (size_t)((long)len + more));
    fwrite(text, 1, len - cut, making->out);
    free(text);
}

static void write_redirect(struct making *making, const char *to, unsigned k)
{
    write_head(making, 302, "Location: %s%u\r\nContent-Length: 0\r\n", to, k);
}

static void write_error(struct making *making, int status)
{
    static const char text[] = "<p>This is no <a href=\"/page/0\">page</a>.\n";

    write_head(making, status, "Content-Type: text/html\r\nContent-Length: %zu\r\n", sizeof text - 1);
    fputs(text, making->out);
}

/* ---- each kind --------------------------------------------------------------------------------------------------- */

static void make_page(struct making *making)
{
    write_sized(making, 0, 0);
}

static void make_slow(struct making *making)
{
    making->answer->late = making->number[0] * ms;
    make_page(making);
}

static void make_trickle(struct making *making)
{
    making->answer->piece = 16;
    making->answer->pause = making->number[0] * ms;
    make_page(making);
}

/* Chunks of 1 byte, 2 bytes, …, with the extensions and the trailer that nobody sends. */
static void make_chunked(struct making *making)
{
    size_t len, at = 0;
    char *text = page_text(making, &len);

    write_head(making, 200, "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n");
    for (size_t size = 1; at < len; size++) {
        const size_t part = size < len - at ? size : len - at;

        fprintf(making->out, "%zX%s\r\n", part, size % 4 == 0 ? ";name=\"value\"" : "");
        fwrite(text + at, 1, part, making->out);
        fputs("\r\n", making->out);
        at += part;
    }
    fputs("0\r\nX-Trailer: yes\r\n\r\n", making->out);
    free(text);
}

static void make_unsized(struct making *making)
{
    size_t len;
    char *text = page_text(making, &len);

    write_head(making, 200, "Content-Type: text/html\r\n");
    fwrite(text, 1, len, making->out);
    free(text);
}

static void make_long(struct making *making)
{
    make_page(making);
    making->answer->whole = (size_t)ftell(making->out);
    fputs("<a href=\"/gone/0\">beyond the end</a>\n", making->out);
}

static void make_fails(struct making *making)
{
    if (making->asked < making->number[0])
        write_error(making, 503);
    else
        make_page(making);
}

static void make_busy(struct making *making)
{
    if (making->asked < making->number[0])
        write_head(making, 503, "Retry-After: %u\r\nContent-Length: 0\r\n", making->number[1]);
    else
        make_page(making);
}

static void make_redirect(struct making *making)
{
    write_redirect(making, "/page/", making->number[0]);
}

static void make_chain(struct making *making)
{
    if (making->number[0] == 0)
        make_page(making);
    else
        write_head(making, 302, "Location: ../%u/%u\r\nContent-Length: 0\r\n", making->number[0] - 1, making->number[1]);
}

static void make_loop(struct making *making)
{
    write_redirect(making, "/loop/", making->number[0] ^ 1);
}

static void make_maze(struct making *making)
{
    const unsigned k = making->number[0];

    write_head(making, 200, "Content-Type: text/html; charset=utf-8\r\n");
    fprintf(making->out, "<a href=\" /maze/%u?a=b&amp;c \">left</a> <a href=\"%u\">right</a>\n", 2 * k + 1, 2 * k + 2);
}

static void make_gone(struct making *making)
{
    write_error(making, 404);
}

static void make_kept(struct making *making)
{
    making->answer->end = ANSWER_KEEPS;
    make_page(making);
}

static void make_echo(struct making *making)
{
    write_head(making, 200, "Content-Type: text/plain\r\nContent-Length: %zu\r\n", strlen(making->fields));
    fputs(making->fields, making->out);
}

static void make_broken(struct making *making)
{
    write_error(making, 500);
}

static void make_endless(struct making *making)
{
    write_head(making, 200, "Content-Type: text/html\r\n");
    making->answer->again = (size_t)ftell(making->out);
    making->answer->end = ANSWER_GOES_ON;
    for (int i = 0; i < 1000; i++)
        fputs("<p>and so on\n", making->out);
}

static void make_deaf(struct making *making)
{
    making->answer->late = -1;
    name_answer(making, "deaf");
}

static void make_reset(struct making *making)
{
    write_sized(making, 0, 100);
    making->answer->end = ANSWER_RESETS;
    name_answer(making, "reset");
}

static void make_short(struct making *making)
{
    write_sized(making, 100, 100);
    name_answer(making, "short");
}

/* Writes what stands in a path, with %XX for any byte. */
static void write_raw(struct making *making, const char *text)
{
    for (; *text; text++) {
        unsigned byte;

        if (*text == '%' && sscanf(text, "%%%2x", &byte) == 1) {
            putc((int)byte, making->out);
            text += 2;
        } else {
            putc(*text, making->out);
        }
    }
    name_answer(making, "raw");
}

static void make_raw(struct making *making)
{
    write_raw(making, making->rest + 1);
}

static void make_drip(struct making *making)
{
    making->answer->piece = 1;
    make_raw(making);
}

static void make_again(struct making *making)
{
    char *text;

    making->answer->again = strtoul(making->rest + 1, &text, 10);
    making->answer->end = ANSWER_GOES_ON;
    write_raw(making, *text == '/' ? text + 1 : text);
}

/* ---- paths ------------------------------------------------------------------------------------------------------- */

static const struct kind kinds[] = {
    { "page", 1, make_page, "page" },
    { "slow", 2, make_slow, "page" },
    { "trickle", 2, make_trickle, "page" },
    { "chunked", 1, make_chunked, "page" },
    { "unsized", 1, make_unsized, "page" },
    { "long", 1, make_long, "page" },
    { "fails", 2, make_fails, "page" },
    { "busy", 3, make_busy, "page" },
    { "redirect", 1, make_redirect, "page" },
    { "chain", 2, make_chain, "page" },
    { "maze", 1, make_maze, "page" },
    { "loop", 1, make_loop, "dead" },
    { "gone", 1, make_gone, "dead" },
    { "kept", 1, make_kept, "page" },
    { "echo", 1, make_echo, "page" },
    { "broken", 1, make_broken, "lost" },
    { "endless", 1, make_endless, "dead" },
    { "deaf", 1, make_deaf, "lost" },
    { "reset", 1, make_reset, "lost" },
    { "short", 1, make_short, "lost" },
    { "raw", 0, make_raw, "" },
    { "drip", 0, make_drip, "" },
    { "again", 0, make_again, "" },
};

/* Reads `numbers` numbers, each behind a slash; false where the path has others, or something else but a query. */
static bool read_numbers(const char *path, unsigned numbers, unsigned number[MOST_NUMBERS])
{
    for (unsigned i = 0; i < numbers; i++) {
        int len = 0;

        if (sscanf(path, "/%9u%n", &number[i], &len) != 1 || len == 0)
            return false;
        path += len;
    }
    return *path == '\0' || *path == '?';
}

/* Finds the kind of a path, and reads its numbers; NULL: there is no such path. */
static const struct kind *read_path(const char *path, struct making *making)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const size_t len = strlen(kinds[i].name);

        if (*path != '/' || strncmp(path + 1, kinds[i].name, len) != 0 || path[1 + len] != '/')
            continue;
        making->rest = path + 1 + len;
        if (kinds[i].numbers == 0 || read_numbers(making->rest, kinds[i].numbers, making->number))
            return &kinds[i];
    }
    return NULL;
}

struct answer answer_make(const char *path, const char *fields, unsigned pages, unsigned n)
{
    struct answer answer = { .end = ANSWER_CLOSES };
    struct making making = { .answer = &answer, .fields = fields, .pages = pages, .asked = n };
    const struct kind *kind = read_path(path, &making);

    making.out = open_memstream(&answer.text, &answer.len);
    if (!making.out)
        abort();
    if (kind)
        kind->make(&making);
    else
        make_gone(&making);
    if (fclose(making.out) != 0)
        abort();
    if (answer.whole == 0)
        answer.whole = answer.len;
    return answer;
}

void answer_free(struct answer *answer)
{
    free(answer->text);
    answer->text = NULL;
}

void answer_write_map(FILE *out, unsigned pages)
{
    for (unsigned k = 0; k < pages; k++) {
        struct making making = { .pages = pages };
        char path[PATH_SIZE];
        const struct kind *kind = read_path(path_of(k, path), &making);

        fprintf(out, "%s %s", path, kind->fate);
        for (int which = 0; which < 2; which++)
            fprintf(out, " %s", path_of(link_of(k, which, pages), path));
        putc('\n', out);
    }
}
