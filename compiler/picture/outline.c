/* Both languages say the same in the same order: frames with what is in them, then edges. What differs is one table.
 */
#include "picture/outline.h"

#include <inttypes.h>
#include <string.h>

#include "text/glyph.h"
#include "text/memory.h"

struct language {
    const char *line_end;  /* between the lines of a label */
    void (*put_letter)(FILE *to, const struct glyph *glyph);
    void (*begin)(const struct sketch *sketch, enum direction direction, FILE *to);
    void (*end)(const struct sketch *sketch, FILE *to);
    void (*open_frame)(const struct sketch *sketch, const struct frame *frame, FILE *to);
    const char *close_frame;
    void (*put_node)(const struct sketch *sketch, size_t box, FILE *to);
    /* `channel` is the box whose label the edge has; SIZE_MAX: none */
    void (*put_edge)(const struct sketch *sketch, size_t from, size_t to, size_t channel, bool dashed, FILE *file);
};

static void put_text(const struct language *language, const char *text, FILE *to)
{
    const char *const end = text + strlen(text);

    while (text < end) {
        const struct glyph glyph = glyph_read(text, end);

        text += glyph.len;
        if (glyph.letter == '\n')
            fputs(language->line_end, to);
        else if (!glyph.is_utf8 || !glyph_is_shown(&glyph))
            fputs("\xEF\xBF\xBD", to); /* U+FFFD */
        else
            language->put_letter(to, &glyph);
    }
}

static void put_label(const struct language *language, const struct box *box, FILE *to)
{
    fputc('"', to);
    for (size_t l = 0; l < box->nlabels; l++) {
        fputs(l > 0 ? language->line_end : "", to);
        put_text(language, box->labels[l].text, to);
    }
    fputc('"', to);
}

static void put_id(const struct sketch *sketch, size_t box, FILE *to)
{
    if (box < sketch->plan->nstages)
        fprintf(to, "s%zu", box);
    else
        fprintf(to, "c%zu", box - sketch->plan->nstages);
}

static bool is_edge(const struct sketch *sketch, size_t box)
{
    return box >= sketch->plan->nstages && sketch->senders[box] == 1 && sketch->receivers[box] == 1;
}

/* ---- frames ------------------------------------------------------------------------------------------------------ */

/* What stands in each frame: boxes, then frames, each list by its next ones. */
struct members { size_t *first_box, *next_box, *first_frame, *next_frame; };

static struct members list_members(const struct sketch *sketch)
{
    struct members members;

    members.first_box = memory_take(sketch->memory, (sketch->nframes + 1) * sizeof *members.first_box);
    members.first_frame = memory_take(sketch->memory, (sketch->nframes + 1) * sizeof *members.first_frame);
    members.next_box = memory_take(sketch->memory, (sketch->nboxes + 1) * sizeof *members.next_box);
    members.next_frame = memory_take(sketch->memory, (sketch->nframes + 1) * sizeof *members.next_frame);
    for (size_t f = 0; f < sketch->nframes; f++)
        members.first_box[f] = members.first_frame[f] = SIZE_MAX;
    for (size_t b = sketch->nboxes; b-- > 0; ) {
        const size_t f = (size_t)(sketch->boxes[b].frame - sketch->frames);

        members.next_box[b] = members.first_box[f];
        members.first_box[f] = b;
    }
    for (size_t f = sketch->nframes; f-- > 1; ) {
        const size_t outer = (size_t)(sketch->frames[f].outer - sketch->frames);

        members.next_frame[f] = members.first_frame[outer];
        members.first_frame[outer] = f;
    }
    return members;
}

/* Parts stand in parts up to a hundred deep. */
static void put_members(const struct language *language, const struct sketch *sketch, const struct members *members,
                        size_t f, FILE *to)
{
    for (size_t b = members->first_box[f]; b != SIZE_MAX; b = members->next_box[b])
        if (!is_edge(sketch, b))
            language->put_node(sketch, b, to);
    for (size_t inner = members->first_frame[f]; inner != SIZE_MAX; inner = members->next_frame[inner]) {
        language->open_frame(sketch, &sketch->frames[inner], to);
        put_members(language, sketch, members, inner, to);
        fputs(language->close_frame, to);
    }
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static void put_edges(const struct language *language, const struct sketch *sketch, FILE *to)
{
    const size_t nstages = sketch->plan->nstages;
    size_t *sender = memory_take(sketch->memory, (sketch->nboxes + 1) * sizeof *sender);

    for (size_t w = 0; w < sketch->nwires; w++)
        if (sketch->wires[w].from < nstages)
            sender[sketch->wires[w].to] = sketch->wires[w].from;
    for (size_t w = 0; w < sketch->nwires; w++) {
        const struct wire *wire = &sketch->wires[w];

        if (is_edge(sketch, wire->to))
            continue;
        if (is_edge(sketch, wire->from))
            language->put_edge(sketch, sender[wire->from], wire->to, wire->from, wire->dashed, to);
        else
            language->put_edge(sketch, wire->from, wire->to, SIZE_MAX, wire->dashed, to);
    }
}

static void put_all(const struct language *language, const struct sketch *sketch, enum direction direction, FILE *to)
{
    const struct members members = list_members(sketch);

    language->begin(sketch, direction, to);
    put_members(language, sketch, &members, 0, to);
    put_edges(language, sketch, to);
    language->end(sketch, to);
}

/* As in the SVG, where it is light. */
static const char *const heats[HEATS + 1] = { NULL, "#fff6e5", "#ffe7bf", "#ffd694", "#ffc266", "#ffab33" };
static const char lost[] = "#b3261e";

/* ---- graphviz ---------------------------------------------------------------------------------------------------- */

static const struct language dot;

static void dot_letter(FILE *to, const struct glyph *glyph)
{
    if (glyph->letter == '"' || glyph->letter == '\\')
        fputc('\\', to);
    fwrite(glyph->text, 1, glyph->len, to);
}

static void dot_begin(const struct sketch *sketch, enum direction direction, FILE *to)
{
    fprintf(to, "digraph \"");
    put_text(&dot, sketch->plan->name, to);
    fprintf(to, "\" {\n    rankdir=%s;\n    node [shape=box, fontname=\"Helvetica\", fontsize=11];\n"
            "    edge [fontname=\"Helvetica\", fontsize=10];\n    fontname=\"Helvetica\"; fontsize=11;\n", direction == DIRECTION_DOWN ? "TB" : "LR");
}

static void dot_end(const struct sketch *sketch, FILE *to)
{
    (void)sketch;
    fputs("}\n", to);
}

static void dot_open_frame(const struct sketch *sketch, const struct frame *frame, FILE *to)
{
    fprintf(to, "    subgraph cluster_%zu {\n    label=\"", (size_t)(frame - sketch->frames));
    put_text(&dot, frame->label, to);
    fprintf(to, "\";\n");
}

static void dot_colours(const struct box *box, const char *color, FILE *to)
{
    if (box->heat > 0)
        fprintf(to, ", %s=\"%s\"", color, heats[box->heat]);
    if (box->trouble)
        fprintf(to, ", color=\"%s\"", lost);
}

static void dot_node(const struct sketch *sketch, size_t b, FILE *to)
{
    static const char *const shapes[] = { "house", "box", "invhouse", "box", "box" };
    const struct box *box = &sketch->boxes[b];

    fprintf(to, "    ");
    put_id(sketch, b, to);
    fprintf(to, " [label=");
    put_label(&dot, box, to);
    fprintf(to, ", tooltip=\"");
    put_text(&dot, box->title, to);
    fprintf(to, "\", shape=%s", shapes[box->kind]);
    if (box->several)
        fprintf(to, ", peripheries=2");
    if (box->dashed || box->kind == BOX_CHANNEL || box->heat > 0)
        fprintf(to, ", style=\"%s%s%s\"", box->dashed ? "dashed" : box->heat > 0 ? "filled" : "",
                (box->dashed || box->heat > 0) && box->kind == BOX_CHANNEL ? "," : "",
                box->kind == BOX_CHANNEL ? "rounded" : "");
    dot_colours(box, "fillcolor", to);
    fprintf(to, "];\n");
}

static void dot_edge(const struct sketch *sketch, size_t from, size_t to, size_t channel, bool dashed, FILE *file)
{
    fprintf(file, "    ");
    put_id(sketch, from, file);
    fprintf(file, " -> ");
    put_id(sketch, to, file);
    fprintf(file, " [style=%s", dashed ? "dashed" : "solid");
    if (channel != SIZE_MAX) {
        fprintf(file, ", label=");
        put_label(&dot, &sketch->boxes[channel], file);
        if (sketch->boxes[channel].trouble)
            fprintf(file, ", color=\"%s\"", lost);
    }
    fprintf(file, "];\n");
}

static const struct language dot = { "\\n", dot_letter, dot_begin, dot_end, dot_open_frame, "    }\n", dot_node, dot_edge };

void dot_write(const struct sketch *sketch, enum direction direction, FILE *to)
{
    put_all(&dot, sketch, direction, to);
}

/* ---- Mermaid ----------------------------------------------------------------------------------------------------- */

static const struct language mermaid;

/* It reads Markdown and HTML in labels. */
static void mermaid_letter(FILE *to, const struct glyph *glyph)
{
    if (glyph->letter < 128 && strchr("\"&<>#;`\\", (int)glyph->letter))
        fprintf(to, "#%" PRIu32 ";", glyph->letter);
    else
        fwrite(glyph->text, 1, glyph->len, to);
}

static void mermaid_begin(const struct sketch *sketch, enum direction direction, FILE *to)
{
    (void)sketch;
    fprintf(to, "flowchart %s\n", direction == DIRECTION_DOWN ? "TB" : "LR");
}

/* The nodes that are so have a class with that style. */
static void mermaid_class(const struct sketch *sketch, const char *class, const char *style,
                          bool (*is_so)(const struct box *, int), int heat, FILE *to)
{
    bool first = true;

    for (size_t b = 0; b < sketch->nboxes; b++) {
        if (is_edge(sketch, b) || !is_so(&sketch->boxes[b], heat))
            continue;
        if (first)
            fprintf(to, "    classDef %s %s\n    class ", class, style);
        else
            fputc(',', to);
        put_id(sketch, b, to);
        first = false;
    }
    if (!first)
        fprintf(to, " %s\n", class);
}

static bool has_heat(const struct box *box, int heat)
{
    return box->heat == heat;
}

static bool has_trouble(const struct box *box, int heat)
{
    (void)heat;
    return box->trouble;
}

static bool is_dashed(const struct box *box, int heat)
{
    (void)heat;
    return box->dashed;
}

static void mermaid_end(const struct sketch *sketch, FILE *to)
{
    mermaid_class(sketch, "dashed", "stroke-dasharray:4 3", is_dashed, 0, to);
    for (int heat = 1; heat <= HEATS; heat++) {
        char class[16], style[48];

        snprintf(class, sizeof class, "heat%d", heat);
        snprintf(style, sizeof style, "fill:%s,color:#1f2328", heats[heat]);
        mermaid_class(sketch, class, style, has_heat, heat, to);
    }
    mermaid_class(sketch, "lost", memory_format(sketch->memory, "stroke:%s,stroke-width:2px", lost), has_trouble, 0, to);
}

static void mermaid_open_frame(const struct sketch *sketch, const struct frame *frame, FILE *to)
{
    fprintf(to, "    subgraph f%zu[\"", (size_t)(frame - sketch->frames));
    put_text(&mermaid, frame->label, to);
    fprintf(to, "\"]\n");
}

static void mermaid_node(const struct sketch *sketch, size_t b, FILE *to)
{
    static const char *const opening[] = { "[/", "[", "[\\", "[", "([" };
    static const char *const closing[] = { "\\]", "]", "/]", "]", "])" };
    const struct box *box = &sketch->boxes[b];

    fprintf(to, "    ");
    put_id(sketch, b, to);
    fputs(opening[box->kind], to);
    put_label(&mermaid, box, to);
    fprintf(to, "%s\n", closing[box->kind]);
}

static void mermaid_edge(const struct sketch *sketch, size_t from, size_t to, size_t channel, bool dashed, FILE *file)
{
    fprintf(file, "    ");
    put_id(sketch, from, file);
    fputs(dashed ? " -.->" : " -->", file);
    if (channel != SIZE_MAX) {
        fputc('|', file);
        put_label(&mermaid, &sketch->boxes[channel], file);
        fputc('|', file);
    }
    fputc(' ', file);
    put_id(sketch, to, file);
    fputc('\n', file);
}

static const struct language mermaid = { "<br/>", mermaid_letter, mermaid_begin, mermaid_end, mermaid_open_frame,
                                         "    end\n", mermaid_node, mermaid_edge };

void mermaid_write(const struct sketch *sketch, enum direction direction, FILE *to)
{
    put_all(&mermaid, sketch, direction, to);
}
