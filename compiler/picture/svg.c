/* The SVG stands by itself: no script, no font, nothing from elsewhere. Its colours follow the reader's choice of light
 * or dark. Nothing in it has an id, so that several can stand in one page.
 */
#include "picture/svg.h"

#include <inttypes.h>
#include <string.h>

#include "text/glyph.h"

#define FONT "Helvetica, Arial, 'Liberation Sans', sans-serif"

static const char style[] =
    "text { font: 11px " FONT "; fill: #57606a; text-anchor: middle }\n"
    ".head { font-size: 15px; font-weight: bold; fill: #1f2328; text-anchor: start }\n"
    ".doc { text-anchor: start }\n"
    ".name { font-size: 13px; font-weight: bold; fill: #1f2328 }\n"
    ".part { font-style: italic }\n"
    ".trouble { font-weight: bold; fill: #b3261e }\n"
    ".paper { fill: #ffffff }\n"
    ".frame rect { fill: #f3f5f8; stroke: #aab4c0; stroke-dasharray: 5 3 }\n"
    ".frame text { font-weight: bold; text-anchor: start }\n"
    ".wire { fill: none; stroke: #6b7785; stroke-width: 1.5 }\n"
    ".tip { fill: #6b7785 }\n"
    ".stage path { fill: #e6f0fb; stroke: #3b73b3; stroke-width: 1.5 }\n"
    ".channel path { fill: #ffffff; stroke: #9aa5b1 }\n"
    ".channel .name { font-weight: normal; font-size: 12px }\n"
    ".dashed path, path.dashed { stroke-dasharray: 4 3 }\n";

static const char dark_style[] =
    "text { fill: #a3adb8 }\n"
    ".head, .name { fill: #e6edf3 }\n"
    ".trouble { fill: #ff8a80 }\n"
    ".paper { fill: #0d1117 }\n"
    ".frame rect { fill: #161b22; stroke: #4b5563 }\n"
    ".wire { stroke: #8b96a3 }\n"
    ".tip { fill: #8b96a3 }\n"
    ".stage path { fill: #16283d; stroke: #6ba4e0 }\n"
    ".channel path { fill: #0d1117; stroke: #5b6673 }\n";

/* From cool to warm, and what a failure is. Text can be read on all of them. */
static const char heat_style[] =
    ".heat1 path { fill: #fff6e5 }\n"
    ".heat2 path { fill: #ffe7bf }\n"
    ".heat3 path { fill: #ffd694 }\n"
    ".heat4 path { fill: #ffc266 }\n"
    ".heat5 path { fill: #ffab33 }\n"
    "[class*=heat] text { fill: #3b3f45 }\n"
    ".lost path { stroke: #b3261e; stroke-width: 2 }\n"
    "text.trouble { fill: #96140d }\n";

static const char dark_heat_style[] =
    ".heat1 path { fill: #2a2113 }\n"
    ".heat2 path { fill: #3f2e10 }\n"
    ".heat3 path { fill: #573d0d }\n"
    ".heat4 path { fill: #704c0a }\n"
    ".heat5 path { fill: #8a5b07 }\n"
    "[class*=heat] text { fill: #e6edf3 }\n"
    ".lost path { stroke: #ff8a80 }\n"
    "text.trouble { fill: #ffb4ab }\n";

/* ---- text -------------------------------------------------------------------------------------------------------- */

/* Whether XML has the character at all. */
static bool is_xml(const struct glyph *glyph)
{
    return glyph->is_utf8 && glyph_is_shown(glyph) && (glyph->letter & 0xFFFE) != 0xFFFE;
}

static void put_text(FILE *to, const char *text)
{
    const char *const end = text + strlen(text);

    while (text < end) {
        const struct glyph glyph = glyph_read(text, end);

        text += glyph.len;
        switch (glyph.letter) {
        case '&': fputs("&amp;", to); break;
        case '<': fputs("&lt;", to); break;
        case '>': fputs("&gt;", to); break;
        case '"': fputs("&quot;", to); break;
        case '\n': fputs("&#10;", to); break;
        default:
            if (is_xml(&glyph))
                fwrite(glyph.text, 1, glyph.len, to);
            else
                fputs("&#xFFFD;", to);
        }
    }
}

static void put_line(FILE *to, const char *class, int32_t x, int32_t y, const char *text)
{
    fprintf(to, "<text%s%s%s x=\"%" PRId32 "\" y=\"%" PRId32 "\">", *class ? " class=\"" : "", class, *class ? "\"" : "",
            x, y);
    put_text(to, text);
    fprintf(to, "</text>\n");
}

static void put_title(FILE *to, const char *title)
{
    fprintf(to, "<title>");
    put_text(to, title);
    fprintf(to, "</title>\n");
}

/* ---- boxes ------------------------------------------------------------------------------------------------------- */

/* Radii of the corners, from the upper left one on, clockwise. */
struct corners { int32_t at[4]; };

static void put_shape(FILE *to, int32_t x, int32_t y, const struct box *box, struct corners corners)
{
    const int32_t *r = corners.at, w = box->width, h = box->height;

    fprintf(to, "<path d=\"M%" PRId32 " %" PRId32 "h%" PRId32, x + r[0], y, w - r[0] - r[1]);
    fprintf(to, "a%" PRId32 " %" PRId32 " 0 0 1 %" PRId32 " %" PRId32, r[1], r[1], r[1], r[1]);
    fprintf(to, "v%" PRId32 "a%" PRId32 " %" PRId32 " 0 0 1 -%" PRId32 " %" PRId32, h - r[1] - r[2], r[2], r[2], r[2], r[2]);
    fprintf(to, "h-%" PRId32 "a%" PRId32 " %" PRId32 " 0 0 1 -%" PRId32 " -%" PRId32, w - r[2] - r[3], r[3], r[3], r[3],
            r[3]);
    fprintf(to, "v-%" PRId32 "a%" PRId32 " %" PRId32 " 0 0 1 %" PRId32 " -%" PRId32 "z\"/>\n", h - r[3] - r[0], r[0], r[0],
            r[0], r[0]);
}

/* A source is round where wires would come in, a sink where they would lead on, a channel on both sides. */
static struct corners corners_of(const struct box *box, bool down)
{
    enum { SMALL = 4, LARGE = 16 };
    const int32_t half = box->height / 2, large = half < LARGE ? half : LARGE;
    const bool begins = box->kind != BOX_STAGE && box->kind != BOX_SINK;
    const bool ends = box->kind != BOX_STAGE && box->kind != BOX_SOURCE;
    const int32_t r[4] = { begins ? large : SMALL, (down ? begins : ends) ? large : SMALL, ends ? large : SMALL,
                           (down ? ends : begins) ? large : SMALL };

    return (struct corners){ { r[0], r[1], r[2], r[3] } };
}

static void put_labels(FILE *to, const struct box *box)
{
    static const char *const classes[] = { "name", "part", "", "", "trouble" };
    int32_t y = box->y + BOX_MARGIN_Y;

    for (size_t l = 0; l < box->nlabels; l++) {
        const bool is_name = box->labels[l].role == LABEL_NAME;

        y += is_name ? NAME_LINE : LABEL_LINE;
        put_line(to, classes[box->labels[l].role], box->x + box->width / 2, y - 4, box->labels[l].text);
    }
}

static void put_box(const struct sketch *sketch, size_t b, FILE *to)
{
    static const char *const classes[] = { "stage source", "stage", "stage sink", "stage", "channel" };
    const struct box *box = &sketch->boxes[b];
    const struct corners corners = corners_of(box, sketch->down);

    fprintf(to, "<g class=\"%s%s%s", classes[box->kind], box->dashed ? " dashed" : "", box->trouble ? " lost" : "");
    if (box->heat > 0)
        fprintf(to, " heat%d", box->heat);
    fprintf(to, "\" data-name=\"");
    put_text(to, sketch_name(sketch, b));
    fprintf(to, "\">\n");
    put_title(to, box->title);
    if (box->several)
        put_shape(to, box->x + STACK, box->y + STACK, box, corners);
    put_shape(to, box->x, box->y, box, corners);
    put_labels(to, box);
    fprintf(to, "</g>\n");
}

/* ---- wires ------------------------------------------------------------------------------------------------------- */

#define TIP 8 /* of an arrow; the wire ends within it */

static void put_way(const struct sketch *sketch, const struct way *way, bool last, FILE *to)
{
    const int32_t x = way->x - (last && !sketch->down ? TIP / 2 : 0), y = way->y - (last && sketch->down ? TIP / 2 : 0);

    if (way->curved)
        fprintf(to, "C%" PRId32 " %" PRId32 " %" PRId32 " %" PRId32 " %" PRId32 " %" PRId32, way->x1, way->y1, way->x2,
                way->y2, x, y);
    else
        fprintf(to, "L%" PRId32 " %" PRId32, x, y);
}

static void put_wire(const struct sketch *sketch, const struct wire *wire, FILE *to)
{
    const struct way *end = &wire->ways[wire->nways - 1];

    fprintf(to, "<path class=\"wire%s\" data-from=\"", wire->dashed ? " dashed" : "");
    put_text(to, sketch_name(sketch, wire->from));
    fprintf(to, "\" data-to=\"");
    put_text(to, sketch_name(sketch, wire->to));
    fprintf(to, "\" d=\"M%" PRId32 " %" PRId32, wire->ways[0].x, wire->ways[0].y);
    for (size_t i = 1; i < wire->nways; i++)
        put_way(sketch, &wire->ways[i], i + 1 == wire->nways, to);
    fprintf(to, "\"/>\n<path class=\"tip\" d=\"M%" PRId32 " %" PRId32 "%s\"/>\n", end->x, end->y,
            sketch->down ? "l-4 -8h8z" : "l-8 -4v8z");
}

/* ---- all of it --------------------------------------------------------------------------------------------------- */

static void put_frame(const struct frame *frame, FILE *to)
{
    fprintf(to, "<g class=\"frame\">\n<title>");
    put_text(to, frame->name);
    fprintf(to, "</title>\n<rect x=\"%" PRId32 "\" y=\"%" PRId32 "\" width=\"%" PRId32 "\" height=\"%" PRId32
            "\" rx=\"6\"/>\n", frame->x, frame->y, frame->width, frame->height);
    put_line(to, "", frame->x + 8, frame->y + 15, frame->label);
    fprintf(to, "</g>\n");
}

static void put_head(const struct sketch *sketch, FILE *to)
{
    const struct plan *plan = sketch->plan;
    const struct frame *whole = &sketch->frames[0];

    fprintf(to, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%" PRId32 "\" height=\"%" PRId32
            "\" viewBox=\"0 0 %" PRId32 " %" PRId32 "\">\n", whole->width, whole->height, whole->width, whole->height);
    put_title(to, plan->name);
    fprintf(to, "<style>\n%s%s@media (prefers-color-scheme: dark) {\n%s%s}\n</style>\n", style,
            sketch->counts ? heat_style : "", dark_style, sketch->counts ? dark_heat_style : "");
    fprintf(to, "<rect class=\"paper\" width=\"%" PRId32 "\" height=\"%" PRId32 "\" rx=\"6\"/>\n", whole->width,
            whole->height);
    put_line(to, "head", 14, 25, plan->name);
    if (plan->doc)
        put_line(to, "doc", 14, 42, plan->doc);
    if (*sketch->legend)
        put_line(to, "doc", 14, whole->height - 14, sketch->legend);
}

void svg_write(const struct sketch *sketch, FILE *to)
{
    put_head(sketch, to);
    for (size_t f = 1; f < sketch->nframes; f++)
        put_frame(&sketch->frames[f], to);
    for (size_t w = 0; w < sketch->nwires; w++)
        put_wire(sketch, &sketch->wires[w], to);
    for (size_t b = 0; b < sketch->nboxes; b++)
        put_box(sketch, b, to);
    fprintf(to, "</svg>\n");
}
