/* Selects: the stages that the test names and their channels, those of its own, and what all of the file share. Then the
 * channels at the edge get their sources and sinks.
 */
#include "parts/tests.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "parse.h"
#include "parts/test_stages.h"
#include "text/memory.h"
#include "text/suggest.h"

/* A name that the file or the test declares. */
struct named {
    const char *name;
    struct decl *decl;
    bool own;              /* the test does */
    bool runs;             /* a stage: it is part of what runs; a channel: a stage that runs has it */
    const struct name *run; /* a stage of the file: where the test says so */
    size_t senders, receivers; /* of a channel: stages that run */
    size_t nfed, nexpected;    /* lines */
    const struct test_line *first_fed, *first_expected;
    UT_hash_handle hh;
};

struct trial {
    struct ast *whole, *to;
    struct sources *sources;
    struct test *test;
    struct diags *diags;
    struct named *names;
};

struct test *tests_next(const struct ast *whole, const struct test *test)
{
    struct decl *decl = test ? test->decl.alike : whole->of_kind[DECL_TEST];

    while (decl && file_of(whole, decl->span) != whole->source->number)
        decl = decl->alike;
    return (struct test *)decl;
}

/* ---- names -------------------------------------------------------------------------------------------------------- */

static struct named *find(const struct trial *trial, const char *name)
{
    struct named *named;

    HASH_FIND_STR(trial->names, name, named);
    return named;
}

static struct named *find_kind(const struct trial *trial, const char *name, enum decl_kind kind)
{
    struct named *named = find(trial, name);

    return named && named->decl->kind == kind ? named : NULL;
}

/* What the test declares hides what the file does. */
static void add_names(struct trial *trial, struct ast *ast, bool own)
{
    for (struct decl *decl = ast->decls; decl; decl = decl->next) {
        struct named *named = decl->name.text ? find(trial, decl->name.text) : NULL;

        if (!decl->name.text || decl->kind == DECL_PART || decl->kind == DECL_TYPE || decl->kind == DECL_RECORD
            || (named && named->own == own))
            continue;
        if (!named) {
            named = memory_take(trial->whole->memory, sizeof *named);
            named->name = decl->name.text;
            HASH_ADD_KEYPTR(hh, trial->names, named->name, strlen(named->name), named);
        }
        named->decl = decl;
        named->own = own;
    }
}

static void hint_nearest(const struct trial *trial, const char *wrong, enum decl_kind kind)
{
    struct suggestion suggestion = suggestion_for(wrong);

    for (const struct named *named = trial->names; named; named = named->hh.next)
        if (named->decl->kind == kind)
            suggestion_offer(&suggestion, named->name);
    if (suggestion.best)
        diag_hint(trial->diags, "did you mean '%s'?", suggestion.best);
}

/* ---- what the test says of the file ------------------------------------------------------------------------------- */

static void check_declared(struct trial *trial)
{
    for (const struct decl *decl = trial->test->body->decls; decl; decl = decl->next) {
        const struct channel *channel = (const struct channel *)decl;

        switch (decl->kind) {
        case DECL_CHANNEL:
            if (!channel->is_input && !channel->is_output)
                continue;
            break;
        case DECL_STAGE: case DECL_RATE: case DECL_BOUND: case DECL_INIT: case DECL_FINAL:
            continue;
        default:
            break;
        }
        diag_report(trial->diags, "E0621", decl->name.text ? decl->name.span : decl->span, "this cannot stand in a test");
        diag_hint(trial->diags, "channels, stages, rates, bounds, 'init' and 'final' can; what else a test needs stands in its file");
    }
    if (trial->test->body->pipeline.text)
        diag_report(trial->diags, "E0621", trial->test->body->pipeline.span, "this cannot stand in a test");
}

static void take_runs(struct trial *trial)
{
    for (const struct word *run = trial->test->runs; run; run = run->next) {
        struct named *named = find_kind(trial, run->name.text, DECL_STAGE);

        if (!named) {
            diag_report(trial->diags, "E0620", run->name.span, "the file has no stage '%s' to run", run->name.text);
            hint_nearest(trial, run->name.text, DECL_STAGE);
        } else if (named->own) {
            diag_report(trial->diags, "E0620", run->name.span, "'%s' is a stage of the test, and runs anyway", run->name.text);
            diag_note(trial->diags, named->decl->name.span, "it is declared here");
        } else if (named->run) {
            diag_report(trial->diags, "E0620", run->name.span, "'%s' runs already", run->name.text);
            diag_note(trial->diags, named->run->span, "as is said here");
            diag_hint(trial->diags, "leave one of the two out");
        } else {
            named->run = &run->name;
            named->runs = true;
        }
    }
}

static void check_list(const struct trial *trial, const struct given *given, const struct param *param)
{
    if (param->operands == (given->kind == GIVEN_LIST))
        return;
    diag_report(trial->diags, "E0628", given->span, "'%s' %s", given->name.text,
                param->operands ? "takes a list" : "takes one value");
    diag_note(trial->diags, param->decl.name.span, "it is declared here");
    diag_hint(trial->diags, param->operands ? "write param %s = [\"a\", \"b\"];" : "write param %s = VALUE;", given->name.text);
}

/* A param has in the test the value that the test says. */
static void take_params(struct trial *trial)
{
    for (struct given *given = trial->test->given; given; given = given->next) {
        struct named *named = find_kind(trial, given->name.text, DECL_PARAM);
        struct param *param = named ? (struct param *)named->decl : NULL;

        if (!param) {
            diag_report(trial->diags, "E0628", given->name.span, "the file has no param '%s'", given->name.text);
            hint_nearest(trial, given->name.text, DECL_PARAM);
            continue;
        }
        for (const struct given *first = trial->test->given; first != given; first = first->next)
            if (strcmp(first->name.text, given->name.text) == 0) {
                diag_report(trial->diags, "E0628", given->name.span, "'%s' is given twice", given->name.text);
                diag_note(trial->diags, first->name.span, "it is given here already");
                break;
            }
        check_list(trial, given, param);
        if (given->kind == GIVEN_VALUE)
            param->value = given->value;
    }
}

static void check_failures(struct trial *trial)
{
    for (const struct test_failure *failure = trial->test->failures; failure; failure = failure->next) {
        const struct named *named = find_kind(trial, failure->stage.text, DECL_STAGE);

        if (named && (named->own || named->runs))
            continue;
        diag_report(trial->diags, "E0629", failure->stage.span, named ? "stage '%s' does not run in this test"
                                                                      : "there is no stage '%s'", failure->stage.text);
        if (!named)
            hint_nearest(trial, failure->stage.text, DECL_STAGE);
        else
            diag_hint(trial->diags, "write run %s;", failure->stage.text);
    }
}

/* ---- the channels of what runs ------------------------------------------------------------------------------------ */

static void count_end(struct trial *trial, const struct name *name, bool sends)
{
    struct named *named = find_kind(trial, name->text, DECL_CHANNEL);

    if (!named) /* told with all names */
        return;
    named->runs = true;
    named->senders += sends;
    named->receivers += !sends;
}

static void count_ends(struct trial *trial, const struct stage *stage)
{
    for (const struct input *input = stage->inputs; input; input = input->next)
        for (const struct source_ref *ref = input->sources; ref; ref = ref->next)
            count_end(trial, &ref->name, false);
    for (const struct output *output = stage->outputs; output; output = output->next)
        count_end(trial, &output->to, true);
    if (stage->fail.then == THEN_CHANNEL)
        count_end(trial, &stage->fail.channel, true);
}

static size_t count_all_ends(struct trial *trial)
{
    size_t stages = 0;

    AST_EACH(trial->whole, DECL_STAGE, const struct stage, stage) {
        const struct named *named = find_kind(trial, stage->decl.name.text, DECL_STAGE);

        if (!named || named->decl != &stage->decl || !named->runs)
            continue;
        count_ends(trial, stage);
        stages++;
    }
    AST_EACH(trial->test->body, DECL_STAGE, const struct stage, stage) {
        count_ends(trial, stage);
        stages++;
    }
    return stages;
}

/* ---- lines -------------------------------------------------------------------------------------------------------- */

static void report_unknown_channel(const struct trial *trial, const struct test_line *line, const struct named *named)
{
    diag_report(trial->diags, "E0622", line->channel.span, named ? "no stage that this test runs has the channel '%s'"
                                                                 : "there is no channel '%s'", line->channel.text);
    if (!named)
        hint_nearest(trial, line->channel.text, DECL_CHANNEL);
}

/* Whether the line stands at an edge: what is fed nobody else sends, and what is looked at nobody else takes. */
static bool is_at_edge(const struct trial *trial, const struct test_line *line, const struct named *named)
{
    const struct channel *channel = (const struct channel *)named->decl;
    const char *name = line->channel.text;

    if (line->out ? named->receivers > 0 && !channel->broadcast : named->senders > 0) {
        diag_report(trial->diags, "E0623", line->channel.span, line->out ? "a stage of this test takes the items of '%s'"
                                                                         : "a stage of this test sends to '%s'", name);
        diag_note(trial->diags, channel->decl.name.span, "'%s' is declared here", name);
        diag_hint(trial->diags, line->out ? "expect what comes out of that stage, or do not run it"
                                          : "feed that stage, or do not run it");
        return false;
    }
    if (line->out ? named->senders == 0 : named->receivers == 0) {
        diag_report(trial->diags, "E0623", line->channel.span, line->out ? "no stage of this test sends to '%s'"
                                                                         : "no stage of this test takes items of '%s'", name);
        diag_note(trial->diags, channel->decl.name.span, "'%s' is declared here", name);
        return false;
    }
    return true;
}

/* Lines of one channel go on where the one before has ended. */
static void check_alike(const struct trial *trial, const struct test_line *line, const struct test_line *first)
{
    if (first->unordered != line->unordered) {
        diag_report(trial->diags, "E0630", line->span, "this line is %s, and another one of '%s' is not",
                    line->unordered ? "unordered" : "in order", line->channel.text);
        diag_note(trial->diags, first->span, "that one is here");
    } else if (!first->items || !line->items) {
        diag_report(trial->diags, "E0630", line->span, "another line says what %s '%s'", line->out ? "comes out of" : "is fed to",
                    line->channel.text);
        diag_note(trial->diags, first->span, "that one is here");
        diag_hint(trial->diags, "a line without items is the only one of its channel");
    }
}

static void take_lines(struct trial *trial)
{
    for (const struct test_line *line = trial->test->lines; line; line = line->next) {
        struct named *named = find_kind(trial, line->channel.text, DECL_CHANNEL);
        const struct test_line **first;

        if (!named || !named->runs) {
            report_unknown_channel(trial, line, named);
            continue;
        }
        if (!is_at_edge(trial, line, named))
            continue;
        first = line->out ? &named->first_expected : &named->first_fed;
        if (*first)
            check_alike(trial, line, *first);
        else
            *first = line;
        named->nfed += !line->out;
        named->nexpected += line->out;
    }
}

static void check_fed(const struct trial *trial)
{
    for (const struct named *named = trial->names; named; named = named->hh.next) {
        if (named->decl->kind != DECL_CHANNEL || !named->runs || named->senders > 0 || named->nfed > 0)
            continue;
        diag_report(trial->diags, "E0624", trial->test->title, "nothing is fed to '%s'", named->name);
        diag_note(trial->diags, named->decl->name.span, "'%s' is declared here, and a stage of the test takes its items",
                  named->name);
        diag_hint(trial->diags, "write %s <- ITEMS; or %s <- ; where nothing comes", named->name, named->name);
    }
}

/* ---- the program -------------------------------------------------------------------------------------------------- */

static bool is_selected(const struct trial *trial, const struct decl *decl)
{
    const struct named *named;

    switch (decl->kind) {
    case DECL_TEST:
        return false;
    case DECL_CHANNEL: case DECL_STAGE:
        named = find_kind(trial, decl->name.text, decl->kind);
        return named && named->decl == decl && named->runs;
    case DECL_INIT: case DECL_FINAL:
        return trial->test->runs != NULL;
    case DECL_PARAM: case DECL_RATE: case DECL_BOUND:
        named = find_kind(trial, decl->name.text, decl->kind);
        return named && named->decl == decl;
    default:
        return true;
    }
}

static void move_selected(struct trial *trial)
{
    struct decl *next;

    for (struct decl *decl = trial->whole->decls; decl; decl = next) {
        next = decl->next;
        if (is_selected(trial, decl))
            ast_move(trial->to, decl);
    }
    for (struct decl *decl = trial->test->body->decls; decl; decl = next) {
        next = decl->next;
        if (decl->kind == DECL_INIT || decl->kind == DECL_FINAL)
            ((struct section_decl *)decl)->of_test = true;
        ast_move(trial->to, decl);
    }
}

/* Params without a value that the test does not give are zero; whether something reads them is told later. */
static void complete_params(struct trial *trial)
{
    AST_EACH(trial->to, DECL_PARAM, struct param, param)
        if (param->value.kind == VALUE_NONE && !param->operands)
            param->not_given = true;
}

/* "feed_numbers", or with as many underscores behind it as make it another name than those there are. */
static const char *free_name(const struct trial *trial, const char *verb, const char *channel)
{
    const char *name = memory_join(trial->whole->memory, verb, "_", channel);

    while (find(trial, name))
        name = memory_join(trial->whole->memory, name, "_", "");
    return name;
}

/* Reads the text as a piece of the author's file. */
static void add_text(struct trial *trial, char *text, bool feeds)
{
    const struct source *file = trial->whole->source;
    struct source *source = text ? source_from_memory(file->path, text, strlen(text)) : NULL;
    struct ast *ast;
    struct decl *next;

    free(text);
    if (!source)
        return;
    if (!sources_add(trial->sources, source)) {
        source_free(source);
        diag_report(trial->diags, "E0608", trial->test->title, "the files of a program and what its tests feed have at most 2 GiB");
        return;
    }
    source->name = file->name;
    source->number = file->number;
    ast = ast_parse(trial->sources, source, trial->diags, trial->whole->memory);
    for (struct decl *decl = ast ? ast->decls : NULL; decl; decl = next) {
        next = decl->next;
        if (decl->kind == DECL_STAGE)
            ((struct stage *)decl)->feeds = feeds;
        ast_move(trial->to, decl);
    }
}

static void add_stage(struct trial *trial, const struct named *named, bool out)
{
    struct test_channel channel = { .channel = (const struct channel *)named->decl, .types = trial->to->types };

    channel.lines = memory_take(trial->whole->memory, ((out ? named->nexpected : named->nfed) + 1) * sizeof *channel.lines);
    for (struct test_line *line = trial->test->lines; line; line = line->next)
        if (line->out == out && strcmp(line->channel.text, named->name) == 0)
            channel.lines[channel.nlines++] = line;
    channel.stage = free_name(trial, out ? "look_at" : "feed", named->name);
    add_text(trial, out ? test_sink_text(trial->to, &channel) : test_source_text(trial->to, &channel), !out);
}

static void add_stages(struct trial *trial)
{
    for (const struct named *named = trial->names; named; named = named->hh.next) {
        if (named->decl->kind != DECL_CHANNEL || !named->runs)
            continue;
        if (named->nfed > 0)
            add_stage(trial, named, false);
        if (named->nexpected > 0 || named->receivers == 0)
            add_stage(trial, named, true);
    }
}

/* Of a file without a pipeline: "test_flow" for lib/flow.pipe. */
static void name_program(struct trial *trial)
{
    const char *path = trial->whole->source->path, *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    char *name;

    if (trial->to->pipeline.text)
        return;
    name = (char *)memory_format(trial->whole->memory, "test_%.*s", (int)strcspn(base, "."), base);
    for (char *at = name; *at; at++)
        *at = isalnum((unsigned char)*at) ? *at : '_';
    trial->to->pipeline = (struct name){ name, trial->test->title };
}

struct ast *test_program(struct ast *whole, struct sources *sources, struct test *test)
{
    struct trial trial = { .whole = whole, .to = ast_new_like(whole), .sources = sources, .test = test, .diags = whole->diags };

    add_names(&trial, whole, false);
    add_names(&trial, test->body, true);
    check_declared(&trial);
    take_runs(&trial);
    take_params(&trial);
    check_failures(&trial);
    if (count_all_ends(&trial) == 0)
        diag_report(trial.diags, "E0631", test->title, "this test runs no stage");
    take_lines(&trial);
    check_fed(&trial);
    name_program(&trial);
    trial.to->types = scope_new(whole, SCOPE_KIND(DECL_TYPE) | SCOPE_KIND(DECL_RECORD), NULL);
    move_selected(&trial);
    complete_params(&trial);
    trial.to->test = test;
    if (diag_errors(trial.diags) == 0)
        add_stages(&trial);
    HASH_CLEAR(hh, trial.names);
    return trial.to;
}
