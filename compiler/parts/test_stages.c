/* What is fed is owned by who gets it, and what is expected by the sink that compares it: so literals are copied, and what an
 * expression or an initializer gives is cloned. On a channel of letters an initializer is one of a letter, and all else
 * stands for a letter's item.
 */
#include "parts/test_stages.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "parts/instance.h"
#include "parts/letter.h"
#include "text/escape.h"
#include "text/memory.h"
#include "text/plain_type.h"

enum item_kind {
    ITEM_NUMBER, ITEM_STRING, ITEM_BYTES, ITEM_RECORD,
    ITEM_CLONED, /* of a type of the author's with a function that copies it */
    ITEM_PLAIN   /* any other that owns nothing */
};

/* The items of one channel. */
struct items {
    struct ast *ast;
    const struct test_channel *of;
    enum item_kind kind;
    enum item_shown shown;     /* ITEM_NUMBER */
    const char *type;          /* as written */
    const char *c_type;
    const char *clone;         /* ITEM_CLONED: the author's function */
    const char *letter;        /* the C type of letters about such items; NULL: it carries the items themselves */
    FILE *to;
    uint32_t line;             /* of the file that is written, from 1 */
};

/* ---- what the items are ------------------------------------------------------------------------------------------ */

static const char *channel_name(const struct items *items)
{
    return items->of->channel->decl.name.text;
}

static void note_channel(const struct items *items)
{
    const struct channel *channel = items->of->channel;

    diag_note(items->ast->diags, channel->decl.name.span, "'%s' carries %s", channel->decl.name.text, channel->type.text);
}

static bool is_number(const char *c_type, enum item_shown *shown)
{
    const struct plain_type *plain = plain_type_find(c_type, strlen(c_type));

    *shown = plain ? plain->shown : SHOWN_NOT;
    return plain && *shown != SHOWN_NOT && *shown != SHOWN_TEXT;
}

/* Of a type of the author's; false where it has a drop and no clone. */
static bool find_declared(struct items *items, const struct type_decl *type)
{
    items->c_type = type->decl.name.text;
    items->clone = type->clone.text;
    items->kind = type->clone.text ? ITEM_CLONED
                  : !type->drop.text && is_number(type->c_type.text, &items->shown) ? ITEM_NUMBER : ITEM_PLAIN;
    return type->clone.text || !type->drop.text;
}

static bool find_kind(struct items *items)
{
    const struct decl *decl = scope_find(items->of->types, items->ast->source->number, items->type);

    items->c_type = items->type;
    if (strcmp(items->type, "string") == 0) {
        items->kind = ITEM_STRING;
        items->c_type = "char *";
    } else if (strcmp(items->type, "bytes") == 0) {
        items->kind = ITEM_BYTES;
        items->c_type = "struct prt_bytes";
    } else if (decl && decl->kind == DECL_RECORD) {
        items->kind = ITEM_RECORD;
        items->c_type = ((const struct record_decl *)decl)->c_type;
    } else if (decl && decl->kind == DECL_TYPE) {
        return find_declared(items, (const struct type_decl *)decl);
    } else {
        items->kind = is_number(items->type, &items->shown) ? ITEM_NUMBER : ITEM_PLAIN;
    }
    return true;
}

static size_t count_items(const struct items *items)
{
    size_t n = 0;

    for (size_t i = 0; i < items->of->nlines; i++)
        for (const struct test_item *item = items->of->lines[i]->items; item; item = item->next)
            n++;
    return n;
}

/* ---- whether each fits -------------------------------------------------------------------------------------------- */

static const char *wanted_hint(const struct items *items)
{
    switch (items->kind) {
    case ITEM_NUMBER: return items->shown == SHOWN_BOOL ? "write true, false, or (C expression)" : "write a number, or (C expression)";
    case ITEM_STRING: return "write \"text\", or (C expression), which is copied";
    case ITEM_BYTES: return "write \"text\", (C expression) or { .data = …, .len = … }, which is copied";
    case ITEM_RECORD: return "write { C initializer }, as in { .id = 1 }, or (C expression)";
    default: return "write (C expression) or { C initializer }";
    }
}

static bool value_fits(const struct items *items, const struct value *value)
{
    const bool is_number = value->kind == VALUE_INT || value->kind == VALUE_DOUBLE || value->kind == VALUE_SIZE;
    const bool is_truth = value->kind == VALUE_NAME && (strcmp(value->s, "true") == 0 || strcmp(value->s, "false") == 0);

    switch (items->kind) {
    case ITEM_NUMBER:
        return items->shown == SHOWN_BOOL ? is_truth : is_number && (value->kind != VALUE_DOUBLE || items->shown == SHOWN_FLOAT);
    case ITEM_STRING:
    case ITEM_BYTES: return value->kind == VALUE_STRING;
    default: return false;
    }
}

/* Of a letter; what is no initializer of one stands for its item. */
static unsigned says(const struct items *items, const struct test_item *item)
{
    struct span wrong;

    return item->kind == TEST_ITEM_INITIALIZER ? letter_says(items->ast->sources, item->code.span, &wrong) : LETTER_ITEM;
}

static bool item_fits(const struct items *items, const struct test_item *item)
{
    switch (item->kind) {
    case TEST_ITEM_VALUE: return value_fits(items, &item->value);
    case TEST_ITEM_EXPRESSION: return true;
    default: return items->letter ? says(items, item) != 0 : items->kind != ITEM_NUMBER && items->kind != ITEM_STRING;
    }
}

static void report_no_letter(const struct items *items, const struct test_item *item)
{
    struct span wrong;

    letter_says(items->ast->sources, item->code.span, &wrong);
    if (wrong.start < wrong.end)
        diag_report(items->ast->diags, "E0625", wrong, "this begins with the name of no member of a letter");
    else
        diag_report(items->ast->diags, "E0625", item->span, "this is no letter of '%s'", channel_name(items));
    note_channel(items);
    diag_hint(items->ast->diags, "write { .item = …, .reason = \"text\", .attempts = 1, .stage = \"NAME\" }, or some of these");
}

static void report_unfit(const struct items *items, const struct test_item *item)
{
    if (items->letter && item->kind == TEST_ITEM_INITIALIZER) {
        report_no_letter(items, item);
        return;
    }
    diag_report(items->ast->diags, "E0625", item->span, "this is no item of type %s", items->type);
    note_channel(items);
    diag_hint(items->ast->diags, "%s", wanted_hint(items));
}

static bool check_items(const struct items *items)
{
    bool fit = true;

    for (size_t i = 0; i < items->of->nlines; i++)
        for (const struct test_item *item = items->of->lines[i]->items; item; item = item->next) {
            if (item_fits(items, item))
                continue;
            fit = false;
            report_unfit(items, item);
        }
    return fit;
}

static bool check_source(struct items *items)
{
    const struct test_line *line = items->of->lines[0];

    if (!find_kind(items)) {
        diag_report(items->ast->diags, "E0627", line->channel.span,
                    "what is fed is copied, and type '%s' has a drop function and no clone function", items->type);
        note_channel(items);
        diag_hint(items->ast->diags, "give the type a clone: type NAME = … drop FN clone FN;");
        return false;
    }
    return check_items(items);
}

/* Where nothing is to come, nothing has to be compared; nor of a letter whose item nobody names. */
static bool compares_items(const struct items *items)
{
    for (size_t i = 0; i < items->of->nlines; i++)
        for (const struct test_item *item = items->of->lines[i]->items; item; item = item->next)
            if (!items->letter || says(items, item) & LETTER_ITEM)
                return true;
    return false;
}

static bool check_sink(struct items *items)
{
    const struct test_line *line = items->of->lines[0];

    if ((!find_kind(items) || items->kind == ITEM_PLAIN || items->kind == ITEM_CLONED) && compares_items(items)) {
        diag_report(items->ast->diags, "E0626", line->channel.span, "items of type %s cannot be compared", items->type);
        note_channel(items);
        diag_hint(items->ast->diags, "numbers, string, bytes and records can: make it a record, or let a stage of the test send "
                                     "what of it is to be looked at%s", items->letter ? "; or leave .item out" : "");
        return false;
    }
    return check_items(items);
}

/* ---- writing ------------------------------------------------------------------------------------------------------ */

/* What follows stands on this line, unless that has gone by. */
static void go_to_line(struct items *items, uint32_t line)
{
    for (; items->line < line; items->line++)
        fputc('\n', items->to);
}

static uint32_t line_of(const struct items *items, struct span span)
{
    return sources_position(items->ast->sources, span.start).line;
}

/* The author's text, as it is. */
static void put_text(struct items *items, struct span span)
{
    const char *text = sources_text(items->ast->sources, span.start);

    for (const char *end = text + (span.end - span.start); text < end; text++) {
        fputc(*text, items->to);
        items->line += *text == '\n';
    }
}

static void put_code(struct items *items, const char *before, const struct test_item *item, const char *behind)
{
    fputs(before, items->to);
    put_text(items, item->code.span);
    fputs(behind, items->to);
}

static void put_value(struct items *items, const struct value *value)
{
    if (value->kind == VALUE_INT || value->kind == VALUE_SIZE)
        fprintf(items->to, value->i == INT64_MIN ? "INT64_MIN" : "%" PRId64, value->i);
    else if (value->kind == VALUE_STRING)
        fputs(escape_string(items->ast->memory, value->s), items->to);
    else
        put_text(items, value->span);
}

/* A value that its owner can have. */
static void put_item(struct items *items, const struct test_item *item)
{
    struct obstack *memory = items->ast->memory;
    const bool initializer = item->kind == TEST_ITEM_INITIALIZER;
    const char *before = "", *behind = "";

    switch (items->kind) {
    case ITEM_STRING: before = "prt_test_string("; behind = ")"; break;
    case ITEM_BYTES: before = item->kind == TEST_ITEM_VALUE ? "prt_test_text(" : "prt_test_bytes("; behind = ")"; break;
    case ITEM_RECORD: before = memory_format(memory, "%s_clone((const %s[]){ ", items->type, items->type); behind = " })"; break;
    case ITEM_CLONED: before = memory_format(memory, "%s(", items->clone); behind = ")"; break;
    case ITEM_NUMBER:
    case ITEM_PLAIN: break;
    }
    fputs(before, items->to);
    if (item->kind == TEST_ITEM_VALUE)
        put_value(items, &item->value);
    else if (!initializer)
        put_code(items, "(", item, ")");
    else if (items->kind == ITEM_RECORD)
        put_code(items, "{", item, "}");
    else
        put_code(items, memory_format(memory, "(%s){", items->c_type), item, "}");
    fputs(behind, items->to);
}

/* What the author's initializer has put there becomes the variable's own. */
static void put_copy(struct items *items, const char *to)
{
    switch (items->kind) {
    case ITEM_STRING: fprintf(items->to, " %s.item = prt_test_string(%s.item);", to, to); break;
    case ITEM_BYTES: fprintf(items->to, " %s.item = prt_test_bytes(%s.item);", to, to); break;
    case ITEM_RECORD: fprintf(items->to, " %s.item = %s_clone(&%s.item);", to, items->type, to); break;
    case ITEM_CLONED: fprintf(items->to, " %s.item = %s(%s.item);", to, items->clone, to); break;
    case ITEM_NUMBER:
    case ITEM_PLAIN: break;
    }
}

/* The rest of " TYPE TO = {", or of " TO = (TYPE){": a letter in the variable `to`, which owns its item. */
static void put_letter(struct items *items, const struct test_item *item, const char *to)
{
    if (item->kind == TEST_ITEM_INITIALIZER) {
        put_code(items, "", item, "};");
        if (says(items, item) & LETTER_ITEM)
            put_copy(items, to);
    } else {
        fputs(" .item = ", items->to);
        put_item(items, item);
        fputs(" };", items->to);
    }
}

static void put_fed(struct items *items, const struct test_item *item)
{
    if (items->letter) {
        fprintf(items->to, " { %s letter_ = {", items->letter);
        put_letter(items, item, "letter_");
        fputs(" prt_test_letter_fed(&letter_.reason, &letter_.attempts, &letter_.stage); emit(letter_); }", items->to);
    } else {
        fputs(" emit(", items->to);
        put_item(items, item);
        fputs(");", items->to);
    }
}

static void put_expected(struct items *items, const struct test_item *item, size_t number)
{
    const char *to = memory_format(items->ast->memory, "self->items[%zu]", number);

    if (items->letter) {
        fprintf(items->to, " %s = (%s){", to, items->letter);
        put_letter(items, item, to);
        fprintf(items->to, " prt_test_letter_expected(&%s.reason, &%s.stage);", to, to);
    } else {
        fprintf(items->to, " %s = ", to);
        put_item(items, item);
        fputc(';', items->to);
    }
}

/* Each as a statement on its line. */
static void put_items(struct items *items, bool fed)
{
    size_t n = 0;

    for (size_t i = 0; i < items->of->nlines; i++)
        for (const struct test_item *item = items->of->lines[i]->items; item; item = item->next) {
            go_to_line(items, line_of(items, item->span));
            if (fed)
                put_fed(items, item);
            else
                put_expected(items, item, n++);
        }
}

/* What lies in the channel. */
static const char *carried_type(const struct items *items)
{
    return items->letter ? items->letter : items->c_type;
}

/* A channel that gets nothing is closed when its source has run. */
static void put_source(struct items *items)
{
    go_to_line(items, line_of(items, items->of->lines[0]->span));
    fprintf(items->to, "stage %s -> %s {", items->of->stage, channel_name(items));
    if (count_items(items) > 0)
        put_items(items, true);
    else
        fprintf(items->to, " while (false) emit((%s){ 0 });", carried_type(items));
    fputs(" }\n", items->to);
}

static void put_lines(struct items *items)
{
    size_t n = 0;

    for (size_t i = 0; i < items->of->nlines; i++)
        for (const struct test_item *item = items->of->lines[i]->items; item; item = item->next)
            fprintf(items->to, "%s%u", n++ > 0 ? ", " : "", line_of(items, item->span));
}

/* What of each letter is compared. */
static void put_said(struct items *items)
{
    static const struct { enum letter_member member; const char *flag; } flags[] = {
        { LETTER_ITEM, "PRT_TEST_ITEM" }, { LETTER_REASON, "PRT_TEST_REASON" }, { LETTER_ATTEMPTS, "PRT_TEST_ATTEMPTS" },
        { LETTER_STAGE, "PRT_TEST_STAGE" } };
    const char *before = "";

    for (size_t i = 0; i < items->of->nlines; i++)
        for (const struct test_item *item = items->of->lines[i]->items; item; item = item->next, before = ", ")
            for (size_t f = 0; f < sizeof flags / sizeof *flags; f++)
                if (says(items, item) & flags[f].member) {
                    fprintf(items->to, "%s%s", before, flags[f].flag);
                    before = " | ";
                }
}

static void put_expectation(struct items *items)
{
    static const char *const kinds[] = {
        [SHOWN_SIGNED] = "PRT_TEST_SIGNED", [SHOWN_UNSIGNED] = "PRT_TEST_UNSIGNED", [SHOWN_CHAR] = "PRT_TEST_CHAR",
        [SHOWN_BOOL] = "PRT_TEST_BOOL", [SHOWN_FLOAT] = "PRT_TEST_FLOAT" };
    const char *kind = items->kind == ITEM_STRING ? "PRT_TEST_STRING"
                       : items->kind == ITEM_BYTES ? "PRT_TEST_BYTES"
                       : items->kind == ITEM_RECORD ? "PRT_TEST_RECORD"
                       : items->kind == ITEM_NUMBER ? kinds[items->shown] : "PRT_TEST_ANY";
    const size_t n = count_items(items);
    const struct test_line *last = items->of->lines[items->of->nlines - 1];

    fprintf(items->to, "    prt_test_expect(&self->expects, &(struct prt_test_expect){\n"
                       "        .test = &self->pipe->test, .channel = \"%s\", .line = %u, .kind = %s, .size = sizeof(%s)",
            channel_name(items), line_of(items, last->span), kind, items->c_type);
    if (items->kind == ITEM_RECORD)
        fprintf(items->to, ",\n        .record = &%s_record", items->type);
    if (items->letter)
        fprintf(items->to, ",\n        .letter = PRT_TEST_LETTER(%s)", items->letter);
    if (n > 0)
        fprintf(items->to, ",\n        .items = self->items, .lines = lines, .n = %zu", n);
    if (n > 0 && items->letter)
        fputs(", .says = says", items->to);
    if (last->unordered)
        fputs(", .came = self->came", items->to);
    fputs(" });\n", items->to);
}

/* The items stand on their lines, and so before what else there is to say. */
static void put_sink(struct items *items)
{
    const size_t n = count_items(items);

    go_to_line(items, line_of(items, items->of->lines[0]->span));
    fprintf(items->to, "stage %s (got <- %s) init {", items->of->stage, channel_name(items));
    put_items(items, false);
    fputs("\n", items->to);
    if (n > 0) {
        fputs("    static const unsigned lines[] = { ", items->to);
        put_lines(items);
        fputs(" };\n", items->to);
    }
    if (n > 0 && items->letter) {
        fputs("    static const unsigned char says[] = { ", items->to);
        put_said(items);
        fputs(" };\n", items->to);
    }
    put_expectation(items);
    fputs("} state {\n    struct prt_test_expect expects;\n", items->to);
    if (n > 0)
        fprintf(items->to, "    %s%sitems[%zu];\n", carried_type(items), items->kind == ITEM_STRING && !items->letter ? "" : " ", n);
    if (items->of->lines[0]->unordered)
        fprintf(items->to, "    struct prt_test_fits *came[%zu];\n", n);
    fputs("} final {\n    prt_test_ended(&self->expects);\n} {\n    prt_test_came(&self->expects, &got);\n}\n", items->to);
}

/* ---- all of it ---------------------------------------------------------------------------------------------------- */

static char *text_of(struct items *items, void (*put)(struct items *items))
{
    char *text = NULL;
    size_t len;

    items->to = open_memstream(&text, &len);
    if (!items->to)
        return NULL;
    items->line = 1;
    put(items);
    fclose(items->to);
    return text;
}

static struct items items_of(struct ast *ast, const struct test_channel *of)
{
    const struct channel *channel = of->channel;

    return (struct items){ .ast = ast, .of = of, .type = channel->type.text,
                           .letter = channel->dead ? name_letter(ast, channel->decl.name.text) : NULL };
}

char *test_source_text(struct ast *ast, const struct test_channel *channel)
{
    struct items items = items_of(ast, channel);

    return check_source(&items) ? text_of(&items, put_source) : NULL;
}

static void put_any(struct items *items)
{
    go_to_line(items, line_of(items, items->of->channel->decl.span));
    fprintf(items->to, "stage %s (got <- %s) { (void)got; }\n", items->of->stage, channel_name(items));
}

char *test_sink_text(struct ast *ast, const struct test_channel *channel)
{
    struct items items = items_of(ast, channel);

    if (channel->nlines == 0)
        return text_of(&items, put_any);
    return check_sink(&items) ? text_of(&items, put_sink) : NULL;
}
