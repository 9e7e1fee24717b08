/* One table holds every declared name of the file, since there is one namespace. Then each place that uses a name looks
 * it up there.
 */
#include "facts/resolve.h"

#include <string.h>
#include <uthash.h>

#include "facts/decl_write.h"
#include "facts/record.h"
#include "parts/instance.h"
#include "parts/scope.h"
#include "text/ctoken.h"
#include "text/ctype.h"
#include "text/memory.h"
#include "text/suggest.h"

struct entry {
    const char *text;
    struct decl *decl;
    bool twice; /* declared again as something else, so which of the two is meant cannot be said */
    UT_hash_handle hh;
};

/* A word of text that is in no declaration of the tree. */
struct skipped {
    const char *text;
    UT_hash_handle hh;
};

struct resolve {
    struct ast *ast;
    struct diags *diags;
    struct entry *table;
    struct skipped *skipped;  /* where there was an error: the words that stand there */
    size_t suggestions;
};

static struct entry *find_entry(const struct resolve *resolve, const char *text)
{
    struct entry *entry;

    HASH_FIND_STR(resolve->table, text, entry);
    return entry;
}

static void declare(struct resolve *resolve, struct decl *decl)
{
    struct entry *entry = find_entry(resolve, decl->name.text);

    if (entry) {
        entry->twice = true;
        diag_report(resolve->diags, "E0102", decl->name.span, "'%s' is declared twice", decl->name.text);
        diag_note(resolve->diags, entry->decl->name.span, "it is %s here already", decl_noun(entry->decl->kind));
        diag_hint(resolve->diags, "all declarations of a %s share one set of names: give one of the two another",
                  resolve->ast->part ? "part" : "file");
        return;
    }
    entry = ast_alloc(resolve->ast, sizeof *entry);
    entry->text = decl->name.text;
    entry->decl = decl;
    HASH_ADD_KEYPTR(hh, resolve->table, entry->text, strlen(entry->text), entry);
}

static bool is_type(const struct decl *decl)
{
    return decl->kind == DECL_TYPE || decl->kind == DECL_RECORD;
}

/* What other files declare has names of its own: types and records. Parts have names of their own too; those of an instance are in
 * none other's way. */
static bool is_own(const struct resolve *resolve, const struct decl *decl)
{
    return decl->kind != DECL_PART && decl->kind != DECL_INSTANCE
        && (!is_type(decl) || file_of(resolve->ast, decl->span) == resolve->ast->source->number);
}

static size_t size_of_facts(enum decl_kind kind)
{
    switch (kind) {
    case DECL_PARAM: return sizeof(struct param_facts);
    case DECL_CHANNEL: return sizeof(struct channel_facts);
    case DECL_STAGE: return sizeof(struct stage_facts);
    case DECL_RECORD: return sizeof(struct record_facts);
    default: return sizeof(struct decl_facts);
    }
}

static void declare_all(struct resolve *resolve)
{
    for (struct decl *decl = resolve->ast->decls; decl; decl = decl->next)
        if (decl->name.text && decl->kind != DECL_TEST && is_own(resolve, decl))
            declare(resolve, decl);
}

/* ---- what was skipped ---- */

static void skip(struct resolve *resolve, uint32_t from, uint32_t to)
{
    struct lexer lexer = lexer_start(resolve->ast->sources, (struct span){ from, to });
    struct ctoken token;
    struct skipped *word;

    for (lexer_next(&lexer, &token); token.kind != TOKEN_END; lexer_next(&lexer, &token)) {
        if (token.kind != TOKEN_WORD)
            continue;
        HASH_FIND_STR(resolve->skipped, token.word, word);
        if (word)
            continue;
        word = ast_alloc(resolve->ast, sizeof *word);
        word->text = memory_copy(resolve->ast->memory, token.word, strlen(token.word));
        HASH_ADD_KEYPTR(hh, resolve->skipped, word->text, strlen(word->text), word);
    }
}

/* Whether the declaration stands where it was written, in the text at hand: not in another file, nor in an instance. */
static bool is_written(const struct resolve *resolve, const struct decl *decl)
{
    return file_of(resolve->ast, decl->span) == resolve->ast->source->number
        && !sources_view_at(resolve->ast->sources, decl->span.start);
}

static void find_skipped(struct resolve *resolve)
{
    const struct ast *ast = resolve->ast;
    const struct span all = { ast->source->start, source_end(ast->source) };
    const struct span text = ast->part ? ast->part->decl.span : all;
    uint32_t end = text.start;

    for (struct decl *decl = ast->decls; decl; decl = decl->next) {
        if (!is_written(resolve, decl))
            continue;
        if (decl->span.start > end)
            skip(resolve, end, decl->span.start);
        end = decl->span.end > end ? decl->span.end : end;
    }
    if (end < text.end)
        skip(resolve, end, text.end);
}

static bool may_be_declared(const struct resolve *resolve, const char *text)
{
    const struct skipped *word;

    HASH_FIND_STR(resolve->skipped, text, word);
    return word;
}

/* ---- looking names up ---- */

static const char *nearest(struct resolve *resolve, const char *wrong, unsigned kinds)
{
    struct suggestion suggestion = suggestion_for(wrong);

    if (resolve->suggestions++ >= SUGGESTIONS_MAX)
        return NULL;
    for (struct decl *decl = resolve->ast->decls; decl; decl = decl->next)
        if (decl->name.text && (SCOPE_KIND(decl->kind) & kinds) && is_own(resolve, decl))
            suggestion_offer(&suggestion, decl->name.text);
    return suggestion.best;
}

static void report_unknown(struct resolve *resolve, const char *text, struct span at, const char *noun, unsigned kinds)
{
    const char *best = nearest(resolve, text, kinds);

    diag_report(resolve->diags, "E0101", at, "there is no %s '%s'", noun, text);
    if (best)
        diag_hint(resolve->diags, "did you mean '%s'?", best);
    else if (kinds & SCOPE_KIND(DECL_CHANNEL))
        diag_hint(resolve->diags, "declare it: channel int %s[16];", text);
}

/* The declaration that `text` names, if it is of one of `kinds`. `noun` says what is wanted there. */
static struct decl *use(struct resolve *resolve, const char *text, struct span at, unsigned kinds, const char *noun)
{
    const struct entry *entry;
    struct decl *decl;

    if (!text)
        return NULL;
    entry = find_entry(resolve, text);
    if (!entry) {
        if (!may_be_declared(resolve, text))
            report_unknown(resolve, text, at, noun, kinds);
        return NULL;
    }
    decl = entry->decl;
    decl_write(decl)->used = true;
    if (SCOPE_KIND(decl->kind) & kinds)
        return decl;
    if (entry->twice)
        return NULL;
    diag_report(resolve->diags, "E0103", at, "'%s' is %s, but a %s belongs here", text, decl_noun(decl->kind), noun);
    diag_note(resolve->diags, decl->name.span, "'%s' is declared here", text);
    return NULL;
}

static void use_value(struct resolve *resolve, struct value *value)
{
    if (value->kind == VALUE_NAME)
        value->param = (struct param *)use(resolve, value->s, value->span, SCOPE_KIND(DECL_PARAM), "param");
}

static struct channel *use_channel(struct resolve *resolve, const struct name *name)
{
    return (struct channel *)use(resolve, name->text, name->span, SCOPE_KIND(DECL_CHANNEL), "channel");
}

/* Each word of a type may be a type in sight; a type of one word is it. */
static void use_type(struct resolve *resolve, struct ctype *type)
{
    const size_t file = file_of(resolve->ast, type->span);
    char word[CTYPE_WORD_MAX];

    for (const char *at = type->text; at && (at = ctype_word(at, word));) {
        const struct decl *decl = scope_find(resolve->ast->types, file, word);

        if (decl)
            decl_write(decl)->used = true;
        if (decl && decl->kind == DECL_TYPE && strcmp(word, type->text) == 0)
            type->decl = (const struct type_decl *)decl;
        if (decl && decl->kind == DECL_RECORD && strcmp(word, type->text) == 0)
            type->record = (const struct record_decl *)decl;
    }
}

/* ---- uses ---- */

static void resolve_input(struct resolve *resolve, struct input *input)
{
    for (struct source_ref *ref = input->sources; ref; ref = ref->next)
        ref->channel = use_channel(resolve, &ref->name);
    use_value(resolve, &input->batch);
    use_value(resolve, &input->within);
    use_value(resolve, &input->batch_limit);
}

static void resolve_rate(struct resolve *resolve, struct rate_option *rate)
{
    struct decl *decl;

    use_value(resolve, &rate->burst);
    if (!rate->present || rate->rate.kind != VALUE_NAME)
        return;
    decl = use(resolve, rate->rate.s, rate->rate.span, SCOPE_KIND(DECL_RATE) | SCOPE_KIND(DECL_PARAM), "rate");
    if (decl && decl->kind == DECL_RATE)
        rate->decl = (struct rate_decl *)decl;
    else
        rate->rate.param = (struct param *)decl;
}

static void resolve_bound(struct resolve *resolve, struct bound_option *bound)
{
    struct decl *decl;

    if (bound->permits.kind != VALUE_NAME)
        return;
    decl = use(resolve, bound->permits.s, bound->permits.span, SCOPE_KIND(DECL_BOUND) | SCOPE_KIND(DECL_PARAM), "bound");
    if (decl && decl->kind == DECL_BOUND)
        bound->decl = (struct bound_decl *)decl;
    else
        bound->permits.param = (struct param *)decl;
}

/* The later passes compare the members of one stage with each other, so there is an end to how many it may have. */
#define MEMBERS_MAX 256

static void report_members(struct resolve *resolve, const struct stage *stage, struct span at, const char *what)
{
    diag_report(resolve->diags, "E0606", at, "stage '%s' has more than %d %s", stage->decl.name.text, MEMBERS_MAX, what);
    diag_hint(resolve->diags, "divide it into several stages");
}

static void limit_members(struct resolve *resolve, struct stage *stage)
{
    struct input *input = stage->inputs;
    struct output *output = stage->outputs;
    struct bound_option *bound = stage->bounds;

    for (int n = 1; n < MEMBERS_MAX; n++) {
        input = input ? input->next : NULL;
        output = output ? output->next : NULL;
        bound = bound ? bound->next : NULL;
    }
    if (input && input->next) {
        report_members(resolve, stage, input->next->name.span, "inputs");
        input->next = NULL;
    }
    if (output && output->next) {
        report_members(resolve, stage, output->next->name.span, "outputs");
        output->next = NULL;
    }
    if (bound && bound->next) {
        report_members(resolve, stage, bound->next->span, "bounds");
        bound->next = NULL;
    }
}

/* Letters go to an output like any other, behind those that the body names. */
static void add_letters(struct resolve *resolve, struct stage *stage)
{
    struct output **last = &stage->outputs;
    struct output *letters;
    size_t place = 0;

    if (stage->fail.then != THEN_CHANNEL)
        return;
    for (; *last; last = &(*last)->next)
        if ((*last)->is_letter) /* these declarations have been looked at before */
            return;
        else
            place++;
    letters = ast_alloc(resolve->ast, sizeof *letters);
    letters->name = letters->to = stage->fail.channel;
    letters->place = place;
    letters->is_letter = true;
    *last = letters;
}

static void resolve_stage(struct resolve *resolve, struct stage *stage)
{
    limit_members(resolve, stage);
    add_letters(resolve, stage);
    for (struct input *input = stage->inputs; input; input = input->next)
        resolve_input(resolve, input);
    for (struct output *output = stage->outputs; output; output = output->next)
        output->channel = use_channel(resolve, &output->to);
    use_value(resolve, &stage->workers);
    resolve_rate(resolve, &stage->rate);
    for (struct bound_option *bound = stage->bounds; bound; bound = bound->next)
        resolve_bound(resolve, bound);
    use_value(resolve, &stage->ahead);
    use_value(resolve, &stage->every);
    use_value(resolve, &stage->timeout);
    use_value(resolve, &stage->flush_every);
    use_value(resolve, &stage->fail.retries);
    use_value(resolve, &stage->fail.backoff_low);
    use_value(resolve, &stage->fail.backoff_high);
}

/* The types of its fields are known already. */
static void resolve_record(struct resolve *resolve, struct record_decl *record)
{
    for (struct field *field = record->fields; field; field = field->next)
        use_value(resolve, &field->count);
}

/* What is given stands where the instance does: its values name what is declared there. */
static void resolve_instance(struct resolve *resolve, struct instance *instance)
{
    for (struct instance_param *param = instance->params; param; param = param->next)
        if (param->kind == GIVEN_VALUE && !param_takes_word(param->param, &param->value))
            use_value(resolve, &param->value);
    for (struct instance_type *type = instance->types; type; type = type->next)
        use_type(resolve, &type->type);
}

/* What lies in a dead channel is a structure of its own: the item, and what is said of it. */
static void write_letter(struct resolve *resolve, struct channel *channel)
{
    if (channel->type.letter) /* these declarations have been looked at before */
        return;
    channel->item = channel->type;
    channel->type = (struct ctype){ .span = channel->item.span, .letter = channel };
    channel->type.text = name_letter(resolve->ast, channel->decl.name.text);
}

static void resolve_decl(struct resolve *resolve, struct decl *decl)
{
    switch (decl->kind) {
    case DECL_TYPE:
        if (!((struct type_decl *)decl)->given)
            use_type(resolve, &((struct type_decl *)decl)->c_type);
        break;
    case DECL_RECORD:
        resolve_record(resolve, (struct record_decl *)decl);
        break;
    case DECL_CHANNEL:
        use_type(resolve, &((struct channel *)decl)->type);
        use_value(resolve, &((struct channel *)decl)->cap);
        if (((struct channel *)decl)->dead)
            write_letter(resolve, (struct channel *)decl);
        break;
    case DECL_RATE:
        use_value(resolve, &((struct rate_decl *)decl)->rate);
        use_value(resolve, &((struct rate_decl *)decl)->burst);
        break;
    case DECL_BOUND:
        use_value(resolve, &((struct bound_decl *)decl)->permits);
        break;
    case DECL_STAGE:
        resolve_stage(resolve, (struct stage *)decl);
        break;
    case DECL_INSTANCE:
        resolve_instance(resolve, (struct instance *)decl);
        break;
    default:
        break;
    }
}

static void free_table(struct resolve *resolve)
{
    HASH_CLEAR(hh, resolve->table);
    HASH_CLEAR(hh, resolve->skipped);
}

void ast_resolve_types(struct ast *ast)
{
    ast->types = scope_new(ast, SCOPE_KIND(DECL_TYPE) | SCOPE_KIND(DECL_RECORD), ast->around ? ast->around->types : NULL);
    for (struct decl *decl = ast->decls; decl; decl = decl->next) {
        const bool used = is_type(decl) && decl->facts && decl->facts->used; /* by a part, which was looked at by itself */

        decl->facts = memory_take(ast->memory, size_of_facts(decl->kind));
        decl_write(decl)->used = used;
    }
    AST_EACH(ast, DECL_RECORD, struct record_decl, record) {
        for (struct field *field = record->fields; field; field = field->next)
            use_type(&(struct resolve){ .ast = ast }, &field->type);
        record_measure(record);
    }
}

void ast_resolve(struct ast *ast, struct diags *diags)
{
    struct resolve resolve = { .ast = ast, .diags = diags };

    ast_resolve_types(ast);
    declare_all(&resolve);
    if (diags_are_incomplete(diags))
        find_skipped(&resolve);
    use_value(&resolve, &ast->drain);
    for (struct decl *decl = ast->decls; decl; decl = decl->next)
        resolve_decl(&resolve, decl);
    free_table(&resolve);
}
