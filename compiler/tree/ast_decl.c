/* Builds declarations. One builder for each thing that a grammar action adds; nothing here knows about tokens.
 */
#include "tree/ast_build.h"

#include <string.h>

#include "text/memory.h"

static const struct name no_name;

bool ast_is_twice(struct ast *ast, bool present, const char *what, struct span first, struct span again)
{
    if (!present)
        return false;
    diag_report(ast->diags, "E0012", again, "'%s' stands twice", what);
    diag_note(ast->diags, first, "it stands here already");
    diag_hint(ast->diags, "write each option once");
    return true;
}

/* ---- declarations ---- */

void ast_move(struct ast *ast, struct decl *decl)
{
    decl->index = ast->counts[decl->kind]++;
    decl->next = decl->alike = NULL;
    *ast->last = decl;
    ast->last = &decl->next;
    *ast->last_of_kind[decl->kind] = decl;
    ast->last_of_kind[decl->kind] = &decl->alike;
    ast->ndecls++;
}

void ast_add(struct ast *ast, struct decl *decl, enum decl_kind kind, struct span at, struct name name)
{
    decl->kind = kind;
    decl->span = at;
    decl->name = name;
    ast_move(ast, decl);
    if (ast->ndecls == DECLS_MAX + 1)
        diag_report(ast->diags, "E0605", at, "a file has at most %d declarations", DECLS_MAX);
}

void ast_pipeline(struct ast *ast, struct name name, struct value doc, struct value drain)
{
    if (ast->pipeline.text) {
        diag_report(ast->diags, "E0014", name.span, "'%s' is a second pipeline in this file", name.text);
        diag_note(ast->diags, ast->pipeline.span, "'%s' is declared here", ast->pipeline.text);
        diag_hint(ast->diags, "a file holds one pipeline; move the other into a file of its own");
        return;
    }
    ast->pipeline = name;
    ast->doc = doc.s;
    ast->drain = drain;
}

void ast_include(struct ast *ast, struct span at, struct name header)
{
    struct include_decl *include = NEW(ast, struct include_decl);

    include->header = header.text;
    ast_add(ast, &include->decl, DECL_INCLUDE, at, no_name);
}

void ast_prologue(struct ast *ast, struct span at, struct code code)
{
    struct prologue_decl *prologue = NEW(ast, struct prologue_decl);

    prologue->code = code;
    ast_add(ast, &prologue->decl, DECL_PROLOGUE, at, no_name);
}

/* The name goes to pkg-config and the linker, so it must not look like one of their options. */
static bool is_module(const char *name)
{
    const char *letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.+-";

    return *name && *name != '-' && strspn(name, letters) == strlen(name);
}

void ast_link(struct ast *ast, struct span at, struct value module)
{
    struct link_decl *link = NEW(ast, struct link_decl);

    if (!is_module(module.s)) {
        diag_report(ast->diags, "E0016", module.span, "'%s' is not the name of a library", module.s);
        diag_hint(ast->diags, "write the pkg-config module, or what follows -l: \"libcrypto\", \"m\"");
    }
    link->module = module.s;
    link->at = module.span;
    ast_add(ast, &link->decl, DECL_LINK, at, no_name);
}

/* `path` with its <> or "". */
void ast_import(struct ast *ast, struct span at, struct name path)
{
    struct import_decl *import = NEW(ast, struct import_decl);

    import->path = ast_copy(ast, path.text + 1, strlen(path.text) - 2);
    import->installed = *path.text == '<';
    import->at = path.span;
    ast_add(ast, &import->decl, DECL_IMPORT, at, no_name);
}

static enum param_type param_type_of(const char *text)
{
    static const struct { const char *text; enum param_type type; } types[] = {
        { "int", PARAM_INT }, { "long", PARAM_LONG }, { "double", PARAM_DOUBLE }, { "bool", PARAM_BOOL },
        { "string", PARAM_STRING }, { "duration", PARAM_DURATION }, { "size", PARAM_SIZE }, { "rate", PARAM_RATE },
    };

    for (size_t i = 0; text && i < sizeof types / sizeof *types; i++)
        if (!strcmp(text, types[i].text))
            return types[i].type;
    return PARAM_UNKNOWN;
}

struct param *ast_param(struct ast *ast, struct span at, struct name type, struct name name, bool operands, struct value value,
               struct range range, struct value doc)
{
    struct param *param = NEW(ast, struct param);

    param->type_name = type;
    param->type = param_type_of(type.text);
    param->operands = operands;
    param->value = value;
    param->low = range.low;
    param->high = range.high;
    param->decl.doc = doc.s;
    ast_add(ast, &param->decl, DECL_PARAM, at, name);
    return param;
}

void ast_rate(struct ast *ast, struct span at, struct name name, struct value rate, struct value burst)
{
    struct rate_decl *decl = NEW(ast, struct rate_decl);

    decl->rate = rate;
    decl->burst = burst;
    ast_add(ast, &decl->decl, DECL_RATE, at, name);
}

void ast_bound(struct ast *ast, struct span at, struct name name, struct value permits)
{
    struct bound_decl *decl = NEW(ast, struct bound_decl);

    decl->permits = permits;
    ast_add(ast, &decl->decl, DECL_BOUND, at, name);
}

void ast_section(struct ast *ast, struct span at, enum decl_kind kind, struct code code)
{
    struct section_decl *section = NEW(ast, struct section_decl);

    section->code = code;
    ast_add(ast, &section->decl, kind, at, no_name);
}

/* ---- types ---- */

struct word *word_add(struct ast *ast, struct word *last, struct name name)
{
    struct word *word = NEW(ast, struct word);

    word->name = name;
    return RING_ADD(last, word);
}

static bool is_star(const struct word *word)
{
    return !strcmp(word->name.text, "*");
}

/* The text of the words from `first` to before `end`: a blank between two words, none between two stars. */
static struct ctype ctype_new(struct ast *ast, const struct word *first, const struct word *end)
{
    struct obstack *memory = ast->memory;
    struct span span = first->name.span;

    for (const struct word *word = first; word != end; word = word->next) {
        obstack_grow(memory, word->name.text, (int)strlen(word->name.text));
        if (word->next != end && !(is_star(word) && is_star(word->next)))
            obstack_1grow(memory, ' ');
        span.end = word->name.span.end;
    }
    obstack_1grow(memory, '\0');
    return (struct ctype){ .text = obstack_finish(memory), .span = span };
}

/* Splits `int *x` into the type and the name, which is the last word. The name stays absent where one of the two is
 * missing. */
static struct ctype split_words(struct ast *ast, struct word *last, struct name *name)
{
    struct word *first;

    RING_OPEN(last, first);
    *name = no_name;
    if (is_star(last)) {
        diag_report(ast->diags, "E0017", last->name.span, "the name is missing after '*'");
    } else if (first == last) {
        diag_report(ast->diags, "E0017", last->name.span, "'%s' stands alone: a type or a name is missing",
                    last->name.text);
        diag_hint(ast->diags, "the type stands before the name, as in: int total");
    } else if (is_star(first)) {
        diag_report(ast->diags, "E0017", first->name.span, "a type begins with a word");
    } else {
        *name = last->name;
    }
    return ctype_new(ast, first, first == last ? NULL : last);
}

struct type_decl *ast_type_new(struct ast *ast, struct span at, struct name name)
{
    struct type_decl *type = NEW(ast, struct type_decl);

    ast_add(ast, &type->decl, DECL_TYPE, at, name);
    return type;
}

void ast_type(struct ast *ast, struct span at, struct name name, struct word *words, struct owning owning)
{
    struct type_decl *type = ast_type_new(ast, at, name);
    struct word *first;

    RING_OPEN(words, first);
    if (is_star(first))
        diag_report(ast->diags, "E0017", first->name.span, "a type begins with a word");
    type->c_type = ctype_new(ast, first, NULL);
    type->drop = owning.drop;
    type->clone = owning.clone;
}

struct owning owning_drop(struct ast *ast, struct owning owning, struct name name)
{
    if (!ast_is_twice(ast, owning.drop.text, "drop", owning.drop.span, name.span))
        owning.drop = name;
    return owning;
}

struct owning owning_clone(struct ast *ast, struct owning owning, struct name name)
{
    if (!ast_is_twice(ast, owning.clone.text, "clone", owning.clone.span, name.span))
        owning.clone = name;
    return owning;
}

/* ---- records ---- */

struct field *field_new(struct ast *ast, struct word *words)
{
    struct field *field = NEW(ast, struct field);

    field->type = split_words(ast, words, &field->name);
    return field;
}

struct field *field_array(struct field *field, struct span at, struct value count)
{
    field->form = FIELD_ARRAY;
    field->form_span = at;
    field->count = count;
    return field;
}

struct field *field_list(struct field *field, struct span at)
{
    field->form = FIELD_LIST;
    field->form_span = at;
    return field;
}

struct field *field_key(struct field *field, struct value key)
{
    field->key = key;
    return field;
}

struct field *field_add(struct field *last, struct field *field)
{
    return RING_ADD(last, field);
}

void ast_record(struct ast *ast, struct span at, struct name name, struct field *fields)
{
    struct record_decl *record = NEW(ast, struct record_decl);

    record->c_type = memory_join(ast->memory, "struct ", name.text ? name.text : "", "_");
    RING_OPEN(fields, record->fields);
    for (const struct field *field = record->fields; field; field = field->next) {
        record->nfields++;
        if (!field->name.text)
            diags_incomplete(ast->diags);
    }
    ast_add(ast, &record->decl, DECL_RECORD, at, name);
}

/* ---- channels ---- */

enum cap_kind cap_kind_of(enum cap_kind kind, const struct value *cap)
{
    return kind == CAP_BOUNDED && cap->kind == VALUE_INT && cap->i == 0 ? CAP_RENDEZVOUS : kind;
}

struct channel *channel_new(struct ast *ast, struct word *words, enum cap_kind kind, struct value cap)
{
    struct channel *channel = NEW(ast, struct channel);

    channel->type = split_words(ast, words, &channel->decl.name);
    channel->cap_kind = cap_kind_of(kind, &cap);
    channel->cap = cap;
    return channel;
}

struct channel *channel_drop(struct channel *channel, struct ast *ast, struct span at, enum drop_policy policy)
{
    if (ast_is_twice(ast, channel->policy != DROP_NONE, "drop", channel->policy_span, at))
        return channel;
    channel->policy = policy;
    channel->policy_span = at;
    return channel;
}

struct channel *channel_broadcast(struct channel *channel, struct ast *ast, struct span at)
{
    if (ast_is_twice(ast, channel->broadcast, "broadcast", channel->broadcast_span, at))
        return channel;
    channel->broadcast = true;
    channel->broadcast_span = at;
    return channel;
}

struct channel *channel_dead(struct channel *channel, struct ast *ast, struct span at)
{
    if (ast_is_twice(ast, channel->dead, "dead", channel->dead_span, at))
        return channel;
    channel->dead = true;
    channel->dead_span = at;
    return channel;
}

struct channel *channel_on(struct channel *channel, struct ast *ast, struct span at, struct value url)
{
    if (ast_is_twice(ast, channel->url, "on", channel->url_span, at))
        return channel;
    channel->url = url.s;
    channel->url_span = url.span;
    return channel;
}

struct channel *channel_input(struct channel *channel, struct span at)
{
    channel->is_input = true;
    channel->port_span = at;
    return channel;
}

struct channel *channel_output(struct channel *channel, struct span at)
{
    channel->is_output = true;
    channel->port_span = at;
    return channel;
}

void ast_channel(struct ast *ast, struct span at, struct channel *channel)
{
    if (channel->decl.name.text)
        ast_add(ast, &channel->decl, DECL_CHANNEL, at, channel->decl.name);
    else
        diags_incomplete(ast->diags);
}
