/* Collects what passes report, and shows it. How one diagnostic looks is here and nowhere else.
 */
#include "text/diag.h"

#include <obstack.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text/glyph.h"
#include "text/memory.h"

#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

#define KEPT_MAX 2000 /* reports kept, of which DIAG_MAX are shown; what comes later is only counted */
#define CUT_WIDTH 120 /* columns of a source line that are shown */
#define CUT_BEFORE 60 /* of them before the caret, in a line that is cut */

struct note {
    struct span at;
    const char *text;
    struct note *next;
};

struct report {
    const char *code;
    struct span at;
    const char *text;
    struct note *notes, **last_note;
    const char *hint;
    size_t number; /* in the order of reporting, which settles the order of those at one place */
};

/* C text that tells nothing, for it is broken. */
struct distrusted {
    struct span span;
    const struct distrusted *next;
};

struct diags {
    const struct sources *sources;
    struct obstack memory;
    struct report **reports;
    size_t nreports;
    size_t errors;   /* reported, those that are not kept included */
    size_t dropped;  /* errors not kept */
    size_t repaired; /* errors after which nothing is missing */
    bool strict;     /* W05xx are errors */
    bool incomplete; /* diags_incomplete() */
    const struct distrusted *distrusted;
    size_t ndistrusted;
    struct report *open; /* what notes and hints go to; NULL where it was not kept */
};

static const struct { const char *code, *title; } codes[] = {
#define CODE(name, title) { #name, title },
#include "text/diag_codes.def"
#undef CODE
};

const char *diag_title(const char *code)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (!strcmp(codes[i].code, code))
            return codes[i].title;
    return NULL;
}

/* ---- collecting ---- */

struct diags *diags_new(const struct sources *sources)
{
    struct diags *diags = calloc(1, sizeof *diags);

    if (!diags)
        return NULL;
    diags->sources = sources;
    diags->reports = calloc(KEPT_MAX, sizeof *diags->reports);
    if (!diags->reports) {
        free(diags);
        return NULL;
    }
    obstack_init(&diags->memory);
    return diags;
}

void diags_free(struct diags *diags)
{
    if (!diags)
        return;
    obstack_free(&diags->memory, NULL);
    free(diags->reports);
    free(diags);
}

static bool is_error(const struct diags *diags, const char *code)
{
    return code[0] == 'E' || (diags->strict && strncmp(code, "W05", 3) == 0);
}

void diags_be_strict(struct diags *diags)
{
    diags->strict = true;
}

void diags_incomplete(struct diags *diags)
{
    diags->incomplete = true;
}

bool diags_are_incomplete(const struct diags *diags)
{
    return diags->incomplete;
}

void diags_repaired(struct diags *diags)
{
    diags->repaired++;
}

bool diags_are_whole(const struct diags *diags)
{
    return diags->errors == diags->repaired;
}

struct diags_mark diags_mark(const struct diags *diags)
{
    return (struct diags_mark){ diags->nreports, diags->errors, diags->dropped, diags->repaired, diags->ndistrusted,
                                diags->incomplete, diags->distrusted };
}

void diags_return(struct diags *diags, const struct diags_mark *mark)
{
    diags->nreports = mark->nreports;
    diags->errors = mark->errors;
    diags->dropped = mark->dropped;
    diags->repaired = mark->repaired;
    diags->ndistrusted = mark->ndistrusted;
    diags->incomplete = mark->incomplete;
    diags->distrusted = mark->distrusted;
    diags->open = NULL;
}

void diags_distrust(struct diags *diags, struct span text)
{
    const struct distrusted distrusted = { text, diags->distrusted };

    diags_incomplete(diags);
    if (diags->ndistrusted++ < KEPT_MAX)
        diags->distrusted = obstack_copy(&diags->memory, &distrusted, sizeof distrusted);
}

/* Where more texts are broken than are kept, every one is held for broken. */
static bool is_distrusted(const struct diags *diags, const char *code, struct span at)
{
    if (strncmp(code, "E04", 3) != 0 && strncmp(code, "W04", 3) != 0)
        return false;
    for (const struct distrusted *text = diags->distrusted; text; text = text->next)
        if (at.start >= text->span.start && at.start <= text->span.end)
            return true;
    return diags->ndistrusted > KEPT_MAX;
}

/* Tells whether a code says that something is missing. */
static bool is_absence(const char *code)
{
    static const char *const absences[] = { "E0105", "E0109", "E0111", "E0301", "E0302", "E0303", "E0402",
                                            "W0302" };

    for (size_t i = 0; i < sizeof absences / sizeof *absences; i++)
        if (!strcmp(code, absences[i]))
            return true;
    return false;
}

static void add_note(struct diags *diags, struct span at, const char *text)
{
    struct note *note = obstack_alloc(&diags->memory, sizeof *note);

    *note = (struct note){ .at = at, .text = text };
    *diags->open->last_note = note;
    diags->open->last_note = &note->next;
}

/* Where a part stands: what is wrong there with one of its instances alone. */
static struct span origin_of(const struct diags *diags, struct span at)
{
    const uint32_t start = sources_origin(diags->sources, at.start);

    return (struct span){ start, start + (at.end - at.start) };
}

static struct span use_of(const struct diags *diags, struct span at)
{
    for (const struct view *view; (view = sources_view_at(diags->sources, at.start)); at = view->use)
        ;
    return at;
}

/* What is always wrong with a part is told of the part, before one of its instances is looked at. */
static bool is_told(const struct diags *diags, const char *code, struct span at)
{
    for (size_t i = 0; i < diags->nreports; i++)
        if (diags->reports[i]->at.start == at.start && strcmp(diags->reports[i]->code, code) == 0)
            return true;
    return false;
}

/* Says of which stages something in an instance is a part, from the inside out. */
static void note_uses(struct diags *diags, struct span at)
{
    for (const struct view *view; diags->open && (view = sources_view_at(diags->sources, at.start)); at = view->use)
        if (diags->open->at.start != view->use.start)
            add_note(diags, view->use, memory_format(&diags->memory, "'%s' is made of it here", view->name));
}

/* A report that a use brings stands at the place of use, and says where in the part it comes from. */
static void note_part(struct diags *diags, struct span at)
{
    for (const struct view *view; (view = sources_view_at(diags->sources, at.start)); at = view->use)
        add_note(diags, at, memory_format(&diags->memory, "in the part '%s', of which '%s' is made", view->part,
                                          view->name));
}

void diag_report(struct diags *diags, const char *code, struct span place, const char *format, ...)
{
    const struct span at = use_of(diags, place);
    struct report *report;
    va_list arguments;

    diags->open = NULL;
    if ((diags->incomplete && is_absence(code)) || is_distrusted(diags, code, origin_of(diags, place)))
        return;
    if (sources_view_at(diags->sources, place.start) && is_told(diags, code, origin_of(diags, place)))
        return;
    diags->errors += is_error(diags, code);
    if (diag_is_full(diags)) {
        diags->dropped += is_error(diags, code);
        return;
    }
    report = obstack_alloc(&diags->memory, sizeof *report);
    *report = (struct report){ .code = code, .at = at, .number = diags->nreports };
    report->last_note = &report->notes;
    va_start(arguments, format);
    report->text = memory_vformat(&diags->memory, format, arguments);
    va_end(arguments);
    diags->reports[diags->nreports++] = report;
    diags->open = report;
    note_part(diags, place);
}

void diag_note(struct diags *diags, struct span at, const char *format, ...)
{
    va_list arguments;

    if (!diags->open)
        return;
    va_start(arguments, format);
    add_note(diags, at, memory_vformat(&diags->memory, format, arguments));
    va_end(arguments);
    note_uses(diags, at);
}

void diag_hint(struct diags *diags, const char *format, ...)
{
    va_list arguments;

    if (!diags->open)
        return;
    va_start(arguments, format);
    diags->open->hint = memory_vformat(&diags->memory, format, arguments);
    va_end(arguments);
}

size_t diag_errors(const struct diags *diags)
{
    return diags->errors;
}

bool diag_is_full(const struct diags *diags)
{
    return diags->nreports == KEPT_MAX;
}

/* ---- showing ---- */

/* Where to write, and the codes that switch colours: empty strings where there are none. */
struct printer {
    FILE *to;
    const struct diags *diags;
    const struct sources *sources;
    const char *bold, *error, *warning, *note, *caret, *plain;
};

static struct printer printer_new(const struct diags *diags, FILE *to, bool colour)
{
    if (!colour)
        return (struct printer){ to, diags, diags->sources, "", "", "", "", "", "" };
    return (struct printer){ to, diags, diags->sources, "\33[1m", "\33[1;31m", "\33[1;35m", "\33[1;36m", "\33[1;32m", "\33[m" };
}

static void put_text(FILE *to, const char *text)
{
    const char *end = text + strlen(text);

    while (text < end)
        text += glyph_put(to, text, end);
}

/* The byte where a line is cut so that `caret`, a byte of it too, is shown. */
static size_t cut_start(const char *line, size_t caret)
{
    size_t start = caret, width = 0;

    while (start > 0 && width < CUT_BEFORE) {
        start = glyph_before(line, start);
        width += 1;
    }
    return start;
}

/* Writes the glyphs of line[start..end) and returns the byte where the room ended. */
static size_t put_line(FILE *to, const char *line, size_t start, size_t end, size_t room)
{
    size_t column = 0;

    while (start < end) {
        const struct glyph glyph = glyph_read(line + start, line + end);
        const size_t width = glyph_width(&glyph, column);

        if (column + width > room)
            break;
        glyph_write(to, &glyph, column);
        column += width;
        start += glyph.len;
    }
    return start;
}

static size_t width_of(const char *line, size_t start, size_t end)
{
    size_t column = 0;

    while (start < end) {
        const struct glyph glyph = glyph_read(line + start, line + end);

        column += glyph_width(&glyph, column);
        start += glyph.len;
    }
    return column;
}

/* Shows the line of `at` and underlines it there: from `first` on with `~`, what is on later lines left out. */
static void put_excerpt(const struct printer *out, struct span at, char first, const char *colour)
{
    const struct source *source = sources_file(out->sources, at.start);
    const struct position place = sources_position(out->sources, at.start);
    size_t len, caret = place.column - 1, start = 0, shown, end, indent, width;
    const char *line = source_line(source, place.line, &len);

    caret = caret < len ? caret : len;
    end = at.end > at.start + (len - caret) ? len : caret + (at.end - at.start);
    if (len > CUT_WIDTH && width_of(line, 0, len < 4 * CUT_WIDTH ? len : 4 * CUT_WIDTH) > CUT_WIDTH)
        start = cut_start(line, caret);
    fprintf(out->to, "%5u | %s", place.line, start ? "..." : "");
    shown = put_line(out->to, line, start, len, CUT_WIDTH);
    fprintf(out->to, "%s\n      | ", shown < len ? "..." : "");
    indent = width_of(line, start, caret) + (start ? 3 : 0);
    width = width_of(line, caret, end < shown ? end : shown);
    fprintf(out->to, "%*s%s%c", (int)indent, "", colour, first);
    for (size_t i = 1; i < width; i++)
        putc('~', out->to);
    fprintf(out->to, "%s\n", out->plain);
}

static void put_message(const struct printer *out, struct span at, const char *colour, const char *word,
                        const char *text, const char *code)
{
    const struct source *source = sources_file(out->sources, at.start);
    const struct position place = sources_position(out->sources, at.start);
    const char *line = sources_text(out->sources, at.start) - (place.column - 1);

    fputs(out->bold, out->to);
    put_text(out->to, source->path);
    fprintf(out->to, ":%u:%zu:%s %s%s:%s %s", place.line, glyph_count(line, place.column - 1) + 1, out->plain, colour,
            word, out->plain, out->bold);
    put_text(out->to, text);
    fprintf(out->to, "%s%s%s%s\n", out->plain, code ? " [" : "", code ? code : "", code ? "]" : "");
}

static void put_first(const struct printer *out, const struct report *report)
{
    const char kind = is_error(out->diags, report->code) ? 'E' : report->code[0];

    put_message(out, report->at, kind == 'E' ? out->error : kind == 'W' ? out->warning : out->note,
                kind == 'E' ? "error" : kind == 'W' ? "warning" : "note", report->text, report->code);
    put_excerpt(out, report->at, '^', out->caret);
}

static void put_report(const struct printer *out, const struct report *report)
{
    put_first(out, report);
    for (const struct note *note = report->notes; note; note = note->next) {
        put_message(out, note->at, out->note, "note", note->text, NULL);
        put_excerpt(out, note->at, '~', out->note);
    }
    if (report->hint) {
        fputs("  hint: ", out->to);
        put_text(out->to, report->hint);
        putc('\n', out->to);
    }
}

static int by_place(const void *a, const void *b)
{
    const struct report *x = *(struct report *const *)a, *y = *(struct report *const *)b;

    if (x->at.start != y->at.start)
        return x->at.start < y->at.start ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static bool is_same(const struct report *a, const struct report *b)
{
    return a->at.start == b->at.start && !strcmp(a->code, b->code) && !strcmp(a->text, b->text);
}

static bool stands_before(const struct diags *diags, size_t i)
{
    for (size_t j = i; j > 0 && diags->reports[j - 1]->at.start == diags->reports[i]->at.start; j--)
        if (is_same(diags->reports[j - 1], diags->reports[i]))
            return true;
    return false;
}

void diags_write(struct diags *diags, FILE *to, bool colour)
{
    const struct printer out = printer_new(diags, to, colour);
    size_t shown = 0, more = diags->dropped;

    qsort(diags->reports, diags->nreports, sizeof *diags->reports, by_place);
    for (size_t i = 0; i < diags->nreports; i++) {
        if (stands_before(diags, i))
            continue;
        if (shown == DIAG_MAX) {
            more += is_error(diags, diags->reports[i]->code);
            continue;
        }
        put_report(&out, diags->reports[i]);
        shown++;
    }
    if (more)
        fprintf(to, "pipec: %zu more error%s not shown; correct these first\n", more, more == 1 ? " is" : "s are");
    fflush(to);
}

/* The text is made in memory and leaves in one write, so that messages of programs that run at once stay whole. */
void diags_print(struct diags *diags)
{
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
    const bool colour = isatty(STDERR_FILENO) && !(no_colour && *no_colour) && !(terminal && !strcmp(terminal, "dumb"));
    char *text = NULL;
    size_t len = 0;
    FILE *to = open_memstream(&text, &len);

    if (!to) {
        diags_write(diags, stderr, colour);
        return;
    }
    diags_write(diags, to, colour);
    fclose(to);
    fwrite(text, 1, len, stderr);
    free(text);
}
