/* Every mistake at a place of use is told here, before anything is made: with the use and the part beside each other. */
#include "parts/uses.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts/scope.h"
#include "text/memory.h"
#include "text/suggest.h"
#include "tree/test.h"
#include "tree/term.h"

#define PARTS_DEEP_MAX 100 /* parts made of parts */
#define MEMBERS_MAX 256     /* ends, types or params of a part, and what is given at one use: each is looked for among all */

struct uses {
    struct ast *whole;
    struct diags *diags;
    struct { const struct part *part; const struct stage *stage; } way[PARTS_DEEP_MAX + 2]; /* of parts that are open */
    size_t depth;
    size_t suggestions;
    struct part *first, **last; /* in the order of uses_check() */
};

/* ---- what there is ---- */

const struct decl *part_find(const struct part *part, const char *name)
{
    return scope_find(part->names, part->body->source->number, name);
}

struct stage *part_main(const struct part *part)
{
    struct decl *decl = (struct decl *)part_find(part, part->decl.name.text);

    return decl && decl->kind == DECL_STAGE ? (struct stage *)decl : NULL;
}

struct part *use_part(const struct ast *whole, const struct stage *stage)
{
    return (struct part *)scope_find(whole->parts, file_of(whole, stage->decl.span), stage->made->part.text);
}

static bool is_end(const struct decl *decl, bool input)
{
    const struct channel *channel = (const struct channel *)decl;

    return decl->kind == DECL_CHANNEL && (input ? channel->is_input : channel->is_output);
}

static bool is_any_end(const struct decl *decl)
{
    return is_end(decl, true) || is_end(decl, false);
}

static size_t count_ends(const struct part *part, bool input)
{
    size_t n = 0;

    AST_EACH(part->body, DECL_CHANNEL, const struct decl, decl)
        n += is_end(decl, input);
    return n;
}

/* The only end of that direction; NULL where there is none, or several. */
static const struct decl *only_end(const struct part *part, bool input)
{
    const struct decl *end = part->body->of_kind[DECL_CHANNEL];

    if (count_ends(part, input) != 1)
        return NULL;
    while (!is_end(end, input))
        end = end->alike;
    return end;
}

const struct channel *part_end(const struct part *part, const struct name *name, bool input)
{
    const struct decl *end = name->text ? part_find(part, name->text) : only_end(part, input);

    return end && is_end(end, input) ? (const struct channel *)end : NULL;
}

const struct input *use_item(const struct part *part, const struct stage *use)
{
    const struct stage *main = part_main(part);
    const struct source_ref *ref = main && main->inputs && !main->inputs->next ? main->inputs->sources : NULL;
    const struct channel *end = ref && !ref->next ? part_end(part, &ref->name, true) : NULL;
    const struct input *input = use->inputs;

    while (input && (!end || part_end(part, &input->end, true) != end))
        input = input->next;
    return input;
}

/* ---- reports ---- */

static void leave_out(struct uses *uses, struct stage *stage)
{
    stage->left_out = true;
    diags_incomplete(uses->diags);
}

static void note_declared(struct uses *uses, const struct decl *decl)
{
    diag_note(uses->diags, decl->name.span, "'%s' is declared here", decl->name.text);
}

static const char *nearest(const struct part *part, const char *wrong, unsigned kinds)
{
    struct suggestion suggestion = suggestion_for(wrong);

    for (const struct decl *decl = part->body->decls; decl; decl = decl->next)
        if (decl->name.text && (kinds & SCOPE_KIND(decl->kind)))
            suggestion_offer(&suggestion, decl->name.text);
    return suggestion.best;
}

/* ---- ends ---- */

/* What the place of use gives at one end. */
struct end_use { const struct name *name; /* of the end; absent: the only one */ struct span span; bool input; };

static const char *direction(bool input)
{
    return input ? "input" : "output";
}

/* The end that is meant, or NULL after a report. */
static const struct decl *find_end(struct uses *uses, struct stage *stage, const struct part *part,
                                   const struct end_use *use)
{
    const struct channel *end = part_end(part, use->name, use->input);
    const char *near;

    if (end)
        return &end->decl;
    leave_out(uses, stage);
    if (use->name->text) {
        near = nearest(part, use->name->text, SCOPE_KIND(DECL_CHANNEL));
        diag_report(uses->diags, "E0322", use->name->span, "'%s' is no %s of '%s'", use->name->text,
                    direction(use->input), part->decl.name.text);
        note_declared(uses, &part->decl);
        if (near)
            diag_hint(uses->diags, "did you mean '%s'?", near);
        return NULL;
    }
    if (count_ends(part, use->input) == 0) {
        diag_report(uses->diags, "E0322", use->span, "'%s' has no %s", part->decl.name.text, direction(use->input));
        note_declared(uses, &part->decl);
        diag_hint(uses->diags, use->input ? "leave the parentheses out" : "leave '->' and what stands behind it out");
        return NULL;
    }
    diag_report(uses->diags, "E0322", use->span, "'%s' has several %ss", part->decl.name.text, direction(use->input));
    note_declared(uses, &part->decl);
    diag_hint(uses->diags, use->input ? "say which end gets the items: (x <- END: CHANNEL)"
                                      : "say which end sends to the channel: -> END: CHANNEL");
    return NULL;
}

/* Adds the end to those given so far, once; `given` has room for all. */
static void give_end(struct uses *uses, struct stage *stage, const struct decl *end, const struct decl **given,
                     size_t *n, struct span span)
{
    for (size_t i = 0; i < *n; i++) {
        if (given[i] != end)
            continue;
        leave_out(uses, stage);
        diag_report(uses->diags, "E0322", span, "the end '%s' is given twice", end->name.text);
        note_declared(uses, end);
        diag_hint(uses->diags, "merge channels at one input: (x <- a | b)");
        return;
    }
    given[(*n)++] = end;
}

static void check_input(struct uses *uses, struct stage *stage, const struct input *input)
{
    if (!input->is_batch && !input->pull)
        return;
    leave_out(uses, stage);
    diag_report(uses->diags, "E0322", input->pull ? input->pull_span : input->batch_span,
                "how items are gathered is the part's to say");
    diag_hint(uses->diags, "give the channel alone: (%s <- CHANNEL)", input->name.text);
}

static void check_output(struct uses *uses, struct stage *stage, const struct output *output)
{
    if (!output->counted)
        return;
    leave_out(uses, stage);
    diag_report(uses->diags, "E0322", output->count_span, "how many items a part sends is the part's to say");
    diag_hint(uses->diags, "leave the count out");
}

static void check_missing_ends(struct uses *uses, struct stage *stage, const struct part *part,
                               const struct decl *const *given, size_t n)
{
    AST_EACH(part->body, DECL_CHANNEL, const struct decl, decl) {
        size_t i = 0;

        while (i < n && given[i] != decl)
            i++;
        if (i < n || !is_any_end(decl))
            continue;
        leave_out(uses, stage);
        diag_report(uses->diags, "E0322", stage->decl.name.span, "stage '%s' gives nothing for the %s '%s' of '%s'",
                    stage->decl.name.text, direction(is_end(decl, true)), decl->name.text, part->decl.name.text);
        note_declared(uses, decl);
        if (is_end(decl, true))
            diag_hint(uses->diags, only_end(part, true) ? "write where its items come from: (x <- CHANNEL)"
                                                        : "write where its items come from: (x <- %s: CHANNEL)",
                      decl->name.text);
        else
            diag_hint(uses->diags, only_end(part, false) ? "write where its items go: -> CHANNEL"
                                                         : "write where its items go: -> %s: CHANNEL", decl->name.text);
    }
}

/* In one instance its stages would compete for the items of such a channel, and in another not. */
static void give_channel(struct uses *uses, struct stage *stage, const struct name *channel, struct name *given, size_t *n)
{
    for (size_t i = 0; i < *n; i++) {
        if (strcmp(given[i].text, channel->text) != 0)
            continue;
        leave_out(uses, stage);
        diag_report(uses->diags, "E0322", channel->span, "the channel '%s' is given to two ends", channel->text);
        diag_note(uses->diags, given[i].span, "it is given here already");
        diag_hint(uses->diags, "give each end a channel of its own");
        return;
    }
    given[(*n)++] = *channel;
}

static void check_channels(struct uses *uses, struct stage *stage)
{
    struct name given[MEMBERS_MAX]; /* no more are looked at: is_large() */
    size_t n = 0;

    for (const struct input *input = stage->inputs; input; input = input->next)
        for (const struct source_ref *ref = input->sources; ref; ref = ref->next)
            give_channel(uses, stage, &ref->name, given, &n);
    for (const struct output *output = stage->outputs; output; output = output->next)
        give_channel(uses, stage, &output->to, given, &n);
}

static void check_ends(struct uses *uses, struct stage *stage, const struct part *part)
{
    const struct decl *given[MEMBERS_MAX]; /* no more are looked at: is_large() */
    size_t n = 0;

    for (const struct input *input = stage->inputs; input; input = input->next) {
        const struct end_use use = { &input->end, stage->parens, true };
        const struct decl *end = find_end(uses, stage, part, &use);

        check_input(uses, stage, input);
        if (end)
            give_end(uses, stage, end, given, &n, input->end.text ? input->end.span : input->name.span);
    }
    for (const struct output *output = stage->outputs; output; output = output->next) {
        const struct name none = { .text = NULL };
        const struct end_use use = { output->is_end ? &output->name : &none, output->to.span, false };
        const struct decl *end = find_end(uses, stage, part, &use);

        check_output(uses, stage, output);
        if (end)
            give_end(uses, stage, end, given, &n, output->name.span);
    }
    if (!stage->left_out)
        check_missing_ends(uses, stage, part, given, n);
}

/* ---- what is given ---- */

const struct given *given_find(const struct made *made, const char *name)
{
    const struct given *given = made->given;

    while (given && strcmp(given->name.text, name) != 0)
        given = given->next;
    return given;
}

static void report_kind(struct uses *uses, struct stage *stage, const struct given *given, const struct decl *decl,
                        const char *wanted, const char *example)
{
    leave_out(uses, stage);
    diag_report(uses->diags, "E0323", given->span, "'%s' of '%s' is %s", given->name.text, stage->made->part.text,
                wanted);
    note_declared(uses, decl);
    diag_hint(uses->diags, "write %s = %s", given->name.text, example);
}

static void check_param_given(struct uses *uses, struct stage *stage, const struct given *given,
                              const struct param *param)
{
    if (param->ends && given->kind != GIVEN_CODE)
        report_kind(uses, stage, given, &param->decl, "an expression", "(C expression)");
    else if (param->operands && given->kind != GIVEN_LIST
             && !(given->kind == GIVEN_VALUE && given->value.kind == VALUE_NAME))
        report_kind(uses, stage, given, &param->decl, "a list", "[\"a\", \"b\"], or the operands of the program");
    else if (!param->ends && !param->operands && given->kind != GIVEN_VALUE)
        report_kind(uses, stage, given, &param->decl, "a value", "a constant, or a param");
}

static bool must_be_given(const struct decl *decl)
{
    switch (decl->kind) {
    case DECL_PARAM: {
        const struct param *param = (const struct param *)decl;

        return param->ends ? !param->code.present : !param->operands && param->value.kind == VALUE_NONE;
    }
    case DECL_RATE: return ((const struct rate_decl *)decl)->rate.kind == VALUE_NONE;
    case DECL_BOUND: return ((const struct bound_decl *)decl)->permits.kind == VALUE_NONE;
    default: return false;
    }
}

static void check_one_given(struct uses *uses, struct stage *stage, const struct part *part, const struct given *given)
{
    const unsigned kinds = SCOPE_KIND(DECL_PARAM) | SCOPE_KIND(DECL_RATE) | SCOPE_KIND(DECL_BOUND);
    const struct decl *decl = part_find(part, given->name.text);
    const char *near;

    if (decl && decl->kind == DECL_PARAM) {
        check_param_given(uses, stage, given, (const struct param *)decl);
    } else if (decl && must_be_given(decl)) { /* a rate or bound */
        if (given->kind != GIVEN_VALUE)
            report_kind(uses, stage, given, decl, decl->kind == DECL_RATE ? "a rate" : "a bound",
                        decl->kind == DECL_RATE ? "a rate, 5/s or the name of one" : "a bound, 4 or the name of one");
    } else if (decl && (SCOPE_KIND(decl->kind) & kinds)) {
        leave_out(uses, stage);
        diag_report(uses->diags, "E0323", given->name.span, "'%s' of '%s' cannot be given: the part has its value",
                    given->name.text, part->decl.name.text);
        note_declared(uses, decl);
        diag_hint(uses->diags, "where the place of use shall say it, the part leaves the value out: %s %s;",
                  decl_noun(decl->kind) + 2, decl->name.text);
    } else {
        leave_out(uses, stage);
        near = nearest(part, given->name.text, kinds);
        diag_report(uses->diags, "E0323", given->name.span, "'%s' has no param '%s'%s", part->decl.name.text,
                    given->name.text, decl ? " that could be given" : "");
        note_declared(uses, decl ? decl : &part->decl);
        if (near)
            diag_hint(uses->diags, "did you mean '%s'?", near);
    }
}

static void check_given_twice(struct uses *uses, struct stage *stage, const struct given *given)
{
    const struct given *first = given_find(stage->made, given->name.text);

    if (first == given)
        return;
    leave_out(uses, stage);
    diag_report(uses->diags, "E0323", given->name.span, "'%s' is given twice", given->name.text);
    diag_note(uses->diags, first->name.span, "it is given here already");
    diag_hint(uses->diags, "leave one of the two out");
}

static void check_given(struct uses *uses, struct stage *stage, const struct part *part)
{
    for (const struct given *given = stage->made->given; given; given = given->next) {
        check_one_given(uses, stage, part, given);
        check_given_twice(uses, stage, given);
    }
    for (const struct decl *decl = part->body->decls; decl; decl = decl->next) {
        if (!must_be_given(decl) || given_find(stage->made, decl->name.text))
            continue;
        leave_out(uses, stage);
        diag_report(uses->diags, "E0323", stage->made->span, "nothing is given for the %s '%s' of '%s'",
                    decl_noun(decl->kind) + 2, decl->name.text, part->decl.name.text);
        note_declared(uses, decl);
        diag_hint(uses->diags, "%s(%s = …)", part->decl.name.text, decl->name.text);
    }
}

/* ---- options ---- */

static void report_option(struct uses *uses, struct stage *stage, struct span at, const struct part *part,
                          const char *why, struct span part_place)
{
    leave_out(uses, stage);
    diag_report(uses->diags, "E0324", at, "stage '%s' cannot have this: %s", stage->decl.name.text, why);
    diag_note(uses->diags, part_place, "'%s' is declared here", part->decl.name.text);
}

struct option { bool present; struct span span; };

static void check_main_options(struct uses *uses, struct stage *stage, const struct part *part,
                               const struct stage *main)
{
    struct terms terms = { .stage = stage };

    if (stage->has_workers && !main->has_workers) {
        leave_out(uses, stage);
        diag_report(uses->diags, "E0324", stage->workers_span, "stage '%s' cannot have several workers",
                    stage->decl.name.text);
        diag_note(uses->diags, main->decl.name.span, "'%s' does not write 'workers', so its state relies on one",
                  part->decl.name.text);
        diag_hint(uses->diags, "leave 'workers' out; where any number will do, the part says 'workers 1'");
    }
    if (stage->ordered && !main->has_workers && !stage->left_out)
        report_option(uses, stage, stage->ordered_span, part, "it has one worker, which keeps the order",
                      main->decl.name.span);
    for (const struct term *term; (term = terms_next(&terms));)
        if (term->code.present && !use_item(part, stage))
            report_option(uses, stage, term->span, part, "the main stage does not take the items of one end",
                          main->decl.name.span);
    if (stage->every.kind != VALUE_NONE && main->every.kind == VALUE_NONE)
        report_option(uses, stage, stage->every_span, part, "the part does not run at an interval",
                      main->decl.name.span);
}

static void check_options(struct uses *uses, struct stage *stage, const struct part *part)
{
    const struct stage *main = part_main(part);
    const struct option options[] = {
        { stage->has_workers, stage->workers_span }, { stage->rate.present, stage->rate.span },
        { stage->bounds != NULL, stage->bounds ? stage->bounds->span : stage->decl.span },
        { stage->ordered, stage->ordered_span }, { stage->by.code.present, stage->by.span },
        { stage->is_inline, stage->inline_span }, { stage->blocking, stage->blocking_span },
        { stage->daemon, stage->daemon_span },
        { stage->every.kind != VALUE_NONE, stage->every_span }, { stage->timeout.kind != VALUE_NONE, stage->timeout_span },
        { stage->fail.present, stage->fail.span },
    };

    if (main) {
        check_main_options(uses, stage, part, main);
        return;
    }
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (!options[i].present)
            continue;
        report_option(uses, stage, options[i].span, part, "its part has no stage of its own name that would take options",
                      part->decl.name.span);
        diag_hint(uses->diags, "such a part has params for what may be chosen");
        return;
    }
}

static void check_sections(struct uses *uses, struct stage *stage, const struct part *part)
{
    const struct code *const codes[] = { &stage->state, &stage->init, &stage->final, &stage->flush };

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i]->present)
            report_option(uses, stage, codes[i]->span, part, "sections belong to the part", part->decl.name.span);
}

/* ---- one use ---- */

/* A part of that name in a file that is not imported here; NULL: there is none. */
static const struct decl *hidden_part(const struct uses *uses, const char *name)
{
    const struct decl *decl = uses->whole->of_kind[DECL_PART];

    while (decl && strcmp(decl->name.text, name) != 0)
        decl = decl->alike;
    return decl;
}

/* The file of the library that has the part, which stands at the begin of a line there; NULL: none. */
static const char *installed_file(struct ast *whole, const char *part)
{
    struct dirent **files = NULL;
    const int n = whole->installed ? scandir(whole->installed, &files, NULL, alphasort) : 0;
    const char *const begin = memory_format(whole->memory, "part %s ", part);
    const char *found = NULL;

    for (int i = 0; i < n; i++) {
        const size_t len = strlen(files[i]->d_name);
        FILE *const file = !found && len > 5 && strcmp(files[i]->d_name + len - 5, ".pipe") == 0
                               ? fopen(memory_format(whole->memory, "%s/%s", whole->installed, files[i]->d_name), "r")
                               : NULL;
        char line[256];

        while (file && !found && fgets(line, sizeof line, file))
            if (strncmp(line, begin, strlen(begin)) == 0)
                found = memory_format(whole->memory, "%s", files[i]->d_name);
        if (file)
            fclose(file);
        free(files[i]);
    }
    free(files);
    return found;
}

static void report_no_part(struct uses *uses, const struct stage *stage)
{
    const struct name *name = &stage->made->part;
    const size_t file = file_of(uses->whole, stage->decl.span);
    const struct decl *hidden = NULL;
    const char *installed = NULL;
    struct suggestion suggestion = suggestion_for(name->text);

    if (!uses->whole->complete)
        return; /* it may stand in what is missing */
    if (uses->suggestions++ < SUGGESTIONS_MAX) {
        hidden = hidden_part(uses, name->text);
        installed = installed_file(uses->whole, name->text);
        AST_EACH(uses->whole, DECL_PART, const struct decl, part)
            if (scope_find(uses->whole->parts, file, part->name.text) == part)
                suggestion_offer(&suggestion, part->name.text);
    }
    diag_report(uses->diags, "E0101", name->span, "there is no part '%s'", name->text);
    if (hidden) {
        diag_note(uses->diags, hidden->name.span, "one stands here, in a file that this one does not import itself");
        diag_hint(uses->diags, "import its file");
    } else if (installed) {
        diag_hint(uses->diags, "the library has it: import <%s>;", installed);
    } else if (suggestion.best) {
        diag_hint(uses->diags, "did you mean '%s'?", suggestion.best);
    } else {
        diag_hint(uses->diags, "a part stands in this file or in one that it imports; a function of C has no "
                               "parentheses: = %s;", name->text);
    }
}

static bool is_ambiguous(struct uses *uses, struct stage *stage, const struct part *part)
{
    const struct decl *second =
        scope_find_second(uses->whole->parts, file_of(uses->whole, stage->decl.span), part->decl.name.text);

    if (!second)
        return false;
    leave_out(uses, stage);
    diag_report(uses->diags, "E0116", stage->made->part.span, "two parts in sight are called '%s'", part->decl.name.text);
    diag_note(uses->diags, part->decl.name.span, "one is here");
    diag_note(uses->diags, second->name.span, "the other one is here");
    diag_hint(uses->diags, file_of(uses->whole, part->decl.span) == file_of(uses->whole, stage->decl.span)
                               ? "call the one of this file something else"
                               : "import one of the two files by way of a file of your own, which makes a part of its part");
    return true;
}

static void report_many(struct uses *uses, struct span at, const char *what, const char *name, const char *members)
{
    diag_report(uses->diags, "E0606", at, "%s '%s' has more than %d %s", what, name, MEMBERS_MAX, members);
    diag_hint(uses->diags, "divide it into several");
}

/* Whether a stage is made with more than can be meant. */
static bool is_large(struct uses *uses, struct stage *stage)
{
    size_t ends = 0, given = 0;

    for (const struct input *input = stage->inputs; input; input = input->next)
        for (const struct source_ref *ref = input->sources; ref; ref = ref->next)
            ends++;
    for (const struct output *output = stage->outputs; output; output = output->next)
        ends++;
    for (const struct given *at = stage->made->given; at; at = at->next)
        given++;
    if (ends <= MEMBERS_MAX && given <= MEMBERS_MAX)
        return false;
    leave_out(uses, stage);
    report_many(uses, stage->decl.name.span, "stage", stage->decl.name.text,
                ends > MEMBERS_MAX ? "channels" : "params given");
    return true;
}

/* What text of the program's own file names is used of its file. */
static void note_used(struct uses *uses, struct span from, const struct decl *decl)
{
    if (decl && file_of(uses->whole, from) == uses->whole->source->number)
        uses->whole->part_files[file_of(uses->whole, decl->span)] = true;
}

static void check_stage(struct uses *uses, struct stage *stage)
{
    struct part *part = use_part(uses->whole, stage);

    if (!part) {
        report_no_part(uses, stage);
        leave_out(uses, stage);
        return;
    }
    note_used(uses, stage->decl.span, &part->decl);
    if (is_ambiguous(uses, stage, part) || is_large(uses, stage))
        return;
    if (part->broken) { /* what it has is not known */
        leave_out(uses, stage);
        return;
    }
    check_ends(uses, stage, part);
    check_channels(uses, stage);
    check_given(uses, stage, part);
    check_options(uses, stage, part);
    check_sections(uses, stage, part);
}

/* Only a part has ends that a stage could name. */
static void check_plain(struct uses *uses, const struct stage *stage)
{
    for (const struct input *input = stage->inputs; input; input = input->next) {
        if (!input->end.text)
            continue;
        diag_report(uses->diags, "E0322", input->end.span, "stage '%s' is made of no part, so it has no end '%s'",
                    stage->decl.name.text, input->end.text);
        diag_hint(uses->diags, "(%s <- CHANNEL)", input->name.text);
    }
    for (const struct output *output = stage->outputs; output; output = output->next) {
        if (!output->is_end)
            continue;
        diag_report(uses->diags, "E0322", output->name.span, "stage '%s' is made of no part, so it has no end '%s'",
                    stage->decl.name.text, output->name.text);
        diag_hint(uses->diags, "-> %s", output->to.text);
    }
}

/* A function may be called like a part that is in sight; whether there is one, only the linker knows. */
static void check_function(struct uses *uses, const struct stage *stage)
{
    const size_t file = file_of(uses->whole, stage->decl.span);
    const char *name = stage->function.text;
    const struct decl *part = name ? scope_find(uses->whole->parts, file, name) : NULL;

    if (!part)
        return;
    note_used(uses, stage->decl.span, part);
    diag_report(uses->diags, "W0680", stage->function.span, "'%s' is a function of C here, and a part is called so", name);
    diag_note(uses->diags, part->name.span, "the part is declared here");
    diag_hint(uses->diags, "a stage that is made of a part has parentheses: = %s(...)", name);
}

static void check_stages(struct uses *uses, const struct ast *ast)
{
    AST_EACH(ast, DECL_STAGE, struct stage, stage) {
        if (stage->made) {
            check_stage(uses, stage);
        } else {
            check_plain(uses, stage);
            check_function(uses, stage);
        }
    }
}

/* ---- what stands where ---- */

static void report_place(struct uses *uses, struct span at, const char *what, const char *hint)
{
    diag_report(uses->diags, "E0321", at, "%s", what);
    diag_hint(uses->diags, "%s", hint);
}

#define GIVEN_HINT "only in a part: what it leaves open is given where a stage is made of it"

/* What only a part may leave open. */
static void check_closed(struct uses *uses, const struct decl *decl)
{
    const struct channel *channel = (const struct channel *)decl;

    if (decl->kind == DECL_TYPE && ((const struct type_decl *)decl)->given_record)
        report_place(uses, decl->name.span, "a record without fields is open", GIVEN_HINT);
    else if (decl->kind == DECL_TYPE && ((const struct type_decl *)decl)->given)
        report_place(uses, decl->name.span, "a type without '=' is open", GIVEN_HINT);
    else if (decl->kind == DECL_RATE && must_be_given(decl))
        report_place(uses, decl->name.span, "a rate without '=' is open", GIVEN_HINT);
    else if (decl->kind == DECL_BOUND && must_be_given(decl))
        report_place(uses, decl->name.span, "a bound without '=' is open", GIVEN_HINT);
    else if (decl->kind == DECL_PARAM && ((const struct param *)decl)->ends)
        report_place(uses, decl->name.span, "a param with parentheses stands for an expression", GIVEN_HINT);
    else if (decl->kind == DECL_CHANNEL && channel->cap_kind == CAP_GIVEN)
        report_place(uses, decl->name.span, "a channel says how many items it holds",
                     "write [16], [0] or [*]; only the ends of a part have [], and hold what the channel given holds");
}

static void check_in_part(struct uses *uses, const struct decl *decl)
{
    const struct channel *channel = (const struct channel *)decl;

    if (decl->kind == DECL_IMPORT || decl->kind == DECL_PART || decl->kind == DECL_TEST || decl->kind == DECL_RECORD
        || (decl->kind == DECL_TYPE && !((const struct type_decl *)decl)->given))
        report_place(uses, decl->name.text ? decl->name.span : decl->span, "this cannot stand in a part",
                     "imports, parts, tests, types and records stand in the file, outside of the part");
    else if (is_any_end(decl) && channel->cap_kind != CAP_GIVEN)
        report_place(uses, decl->name.span, "an end of a part holds what the channel holds that is given",
                     "write [], and let the place of use say how many");
    else if (decl->kind == DECL_CHANNEL && !is_any_end(decl))
        check_closed(uses, decl);
}

/* A type that no end has whole could not be told. */
static void check_type_given(struct uses *uses, const struct part *part, const struct decl *type)
{
    AST_EACH(part->body, DECL_CHANNEL, const struct channel, channel)
        if (is_any_end(&channel->decl) && strcmp(channel->type.text, type->name.text) == 0)
            return;
    diag_report(uses->diags, "E0211", type->name.span, "no end of '%s' carries a '%s', so nothing says what it is",
                part->decl.name.text, type->name.text);
    diag_hint(uses->diags, "input channel %s NAME[]; or name a type of the file", type->name.text);
}

static void check_end_twice(struct uses *uses, const struct param *param, const struct word *end)
{
    const struct word *first = param->ends;

    while (strcmp(first->name.text, end->name.text) != 0)
        first = first->next;
    if (first == end)
        return;
    diag_report(uses->diags, "E0322", end->name.span, "'%s' is about '%s' already", param->decl.name.text, end->name.text);
    diag_hint(uses->diags, "an expression gets one item of each end");
}

static void check_param_ends(struct uses *uses, const struct part *part, const struct param *param)
{
    for (const struct word *end = param->ends; end; end = end->next) {
        const struct decl *decl = part_find(part, end->name.text);

        if (decl && is_any_end(decl)) {
            check_end_twice(uses, param, end);
            continue;
        }
        diag_report(uses->diags, "E0322", end->name.span, "'%s' is no end of '%s'", end->name.text,
                    part->decl.name.text);
        note_declared(uses, decl ? decl : &part->decl);
        diag_hint(uses->diags, "an expression is about an item of an input or output channel of the part");
    }
}

/* Whether the part has more than can be meant. */
static bool part_is_large(struct uses *uses, const struct part *part)
{
    size_t ends = 0;

    AST_EACH(part->body, DECL_CHANNEL, const struct decl, decl)
        ends += is_any_end(decl);
    if (ends <= MEMBERS_MAX && part->body->counts[DECL_TYPE] <= MEMBERS_MAX
        && part->body->counts[DECL_PARAM] <= MEMBERS_MAX)
        return false;
    report_many(uses, part->decl.name.span, "part", part->decl.name.text,
                ends > MEMBERS_MAX ? "ends" : part->body->counts[DECL_TYPE] > MEMBERS_MAX ? "types" : "params");
    return true;
}

static void check_part(struct uses *uses, struct part *part)
{
    const size_t errors = diag_errors(uses->diags);

    if (part_is_large(uses, part)) {
        part->broken = true;
        return;
    }
    if (part->body->pipeline.text)
        report_place(uses, part->body->pipeline.span, "a part is no pipeline", "leave 'pipeline' out");
    for (const struct decl *decl = part->body->decls; decl; decl = decl->next) {
        check_in_part(uses, decl);
        if (decl->kind == DECL_TYPE && ((const struct type_decl *)decl)->given)
            check_type_given(uses, part, decl);
        else if (decl->kind == DECL_PARAM)
            check_param_ends(uses, part, (const struct param *)decl);
    }
    part->broken |= diag_errors(uses->diags) > errors;
}

/* ---- parts of parts ---- */

static void report_circle(struct uses *uses, const struct part *part, const struct stage *stage)
{
    size_t first = uses->depth;

    while (first > 0 && uses->way[first - 1].part != part)
        first--;
    diag_report(uses->diags, "E0320", stage->made->part.span, "the part '%s' would contain itself", part->decl.name.text);
    for (size_t i = first > 0 ? first - 1 : 0; i < uses->depth; i++)
        diag_note(uses->diags, uses->way[i].stage->made->part.span, "'%s' is made of '%s'",
                  uses->way[i].part->decl.name.text, uses->way[i].stage->made->part.text);
    diag_hint(uses->diags, "a part is written out where it is used: a loop of items is a channel back");
}

static void follow(struct uses *uses, struct part *part);

/* Of a part that is open. */
static void follow_stage(struct uses *uses, struct part *part, struct stage *stage)
{
    struct part *inner = stage->left_out ? NULL : use_part(uses->whole, stage);

    if (!inner)
        return;
    uses->way[uses->depth].part = part;
    uses->way[uses->depth].stage = stage;
    if (inner->open) {
        report_circle(uses, inner, stage);
        leave_out(uses, stage);
        part->broken = true;
        return;
    }
    if (uses->depth == PARTS_DEEP_MAX) {
        diag_report(uses->diags, "E0609", stage->made->part.span, "parts are made of parts more than %d deep",
                    PARTS_DEEP_MAX);
        leave_out(uses, stage);
        part->broken = true;
        return;
    }
    uses->depth++;
    follow(uses, inner);
    uses->depth--;
    if (inner->height >= part->height)
        part->height = inner->height + 1;
    part->broken |= inner->broken;
}

static void follow(struct uses *uses, struct part *part)
{
    if (part->checked)
        return;
    part->checked = part->open = true;
    part->height = 1;
    AST_EACH(part->body, DECL_STAGE, struct stage, stage)
        if (stage->made)
            follow_stage(uses, part, stage);
    part->open = false;
    if (part->height > PARTS_DEEP_MAX) {
        if (!part->broken)
            diag_report(uses->diags, "E0609", part->decl.name.span, "'%s' is made of parts more than %d deep",
                        part->decl.name.text, PARTS_DEEP_MAX);
        part->broken = true;
    }
    *uses->last = part;
    uses->last = &part->next;
}

/* What a stage of the program needs, and what that needs. */
static void mark_used(struct uses *uses, const struct ast *ast)
{
    AST_EACH(ast, DECL_STAGE, struct stage, stage) {
        struct part *part;

        if (!stage->made || stage->left_out)
            continue;
        part = use_part(uses->whole, stage);
        if (part->used || part->broken)
            continue;
        part->used = true;
        mark_used(uses, part->body); /* PARTS_DEEP_MAX deep at most */
    }
}

/* ---- all of it ---- */

static void check_parts_twice(struct uses *uses, const struct decl *part)
{
    const struct decl *first = scope_find(uses->whole->parts, file_of(uses->whole, part->span), part->name.text);

    if (first == part)
        return;
    diag_report(uses->diags, "E0102", part->name.span, "'%s' is declared twice", part->name.text);
    diag_note(uses->diags, first->name.span, "it is a part here already");
    diag_hint(uses->diags, "give one of the two another name");
}

/* A test is a program of its own, and is looked at later; what it imports, its file does. */
static void note_tests(struct uses *uses)
{
    const struct scope *types = scope_new(uses->whole, SCOPE_KIND(DECL_TYPE) | SCOPE_KIND(DECL_RECORD), NULL);
    const size_t file = uses->whole->source->number;

    AST_EACH(uses->whole, DECL_TEST, const struct test, test) {
        AST_EACH(test->body, DECL_STAGE, const struct stage, stage)
            if (stage->made)
                note_used(uses, test->decl.span, scope_find(uses->whole->parts, file, stage->made->part.text));
        AST_EACH(test->body, DECL_CHANNEL, const struct channel, channel)
            note_used(uses, test->decl.span, scope_find(types, file, channel->type.text));
    }
}

struct part *uses_check(struct ast *whole)
{
    struct uses *uses = memory_take(whole->memory, sizeof *uses);

    uses->whole = whole;
    uses->diags = whole->diags;
    uses->last = &uses->first;
    whole->library = ast_is_library(whole);
    whole->part_files = memory_take(whole->memory, sources_count(whole->sources) + 1);
    whole->complete = !diags_are_incomplete(uses->diags);
    whole->parts = scope_new(whole, SCOPE_KIND(DECL_PART), NULL);
    AST_EACH(whole, DECL_PART, struct part, part)
        part->names = scope_new(part->body, ~0u, NULL);
    AST_EACH(whole, DECL_PART, struct part, part) {
        check_parts_twice(uses, &part->decl);
        check_part(uses, part);
    }
    for (const struct decl *decl = whole->decls; decl; decl = decl->next)
        check_closed(uses, decl);
    check_stages(uses, whole);
    note_tests(uses);
    AST_EACH(whole, DECL_PART, struct part, part)
        check_stages(uses, part->body);
    AST_EACH(whole, DECL_PART, struct part, part)
        follow(uses, part);
    mark_used(uses, whole);
    return uses->first;
}
