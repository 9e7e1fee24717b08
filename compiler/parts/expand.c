/* Copies of a part's declarations: names get the instance's in front, places are moved into the instance's view of the part,
 * and what the part leaves open becomes what is given. A copy of a stage that is made of a part itself is a use like any
 * other. No deeper than parts go (parts/uses.c).
 *
 * A part by itself is copied as it is: its ends stay, and its params are those of a program.
 */
#include "parts/expand.h"

#include <string.h>
#include <uthash.h>

#include "parts/scope.h"
#include "parts/uses.h"
#include "text/memory.h"

/* A channel of the program that is made, by name. */
struct known {
    const char *name;
    struct channel *channel;
    UT_hash_handle hh;
};

struct expand {
    struct ast *to;            /* what is made */
    const struct ast *whole;   /* the program: the parts in sight */
    struct sources *sources;
    struct known *channels;
    const struct scope *params; /* of the program, or of the part by itself */
    bool full;                 /* too many declarations, which is told */
};

/* Where a copy is made. */
struct place {
    struct expand *expand;
    struct instance *instance; /* NULL: a part by itself */
    const struct part *part;
    uint32_t shift;            /* from the places of the part to those of the copy */
};

#define NEW(place, type) ((type *)memory_take((place)->expand->to->memory, sizeof(type)))

/* ---- places and names ---- */

static struct span moved(const struct place *place, struct span span)
{
    return (struct span){ span.start + place->shift, span.end + place->shift };
}

static struct name moved_name(const struct place *place, struct name name)
{
    return (struct name){ name.text, moved(place, name.span) };
}

/* A name that the part declares belongs to the instance. */
static struct name own_name(const struct place *place, struct name name)
{
    struct name copy = moved_name(place, name);

    if (place->instance && name.text && part_find(place->part, name.text))
        copy.text = memory_join(place->expand->to->memory, place->instance->decl.name.text, ".", name.text);
    return copy;
}

static struct code copy_code(const struct place *place, struct code code)
{
    code.span = moved(place, code.span);
    code.body = NULL;
    return code;
}

/* ---- what is given ---- */

static const struct instance_end *find_end(const struct place *place, const char *name)
{
    const struct instance_end *end = place->instance ? place->instance->ends : NULL;

    while (end && strcmp(end->end->decl.name.text, name) != 0)
        end = end->next;
    return end;
}

static const struct instance_limit *find_limit(const struct place *place, const char *name)
{
    const struct instance_limit *limit = place->instance ? place->instance->limits : NULL;

    while (limit && strcmp(limit->name, name) != 0)
        limit = limit->next;
    return limit;
}

/* The param of the part that a value names; NULL: it names none. */
static const struct instance_param *named_param(const struct place *place, const struct value *value)
{
    return value->kind == VALUE_NAME && place->instance ? instance_param(place->instance, value->s) : NULL;
}

static struct value copy_value(const struct place *place, struct value value)
{
    const struct instance_param *param = named_param(place, &value);

    if (value.kind == VALUE_NONE)
        return value;
    if (param && param->kind == GIVEN_VALUE)
        return param->value;
    value.span = moved(place, value.span);
    return value;
}

/* Where the name of a rate or bound may stand too. */
static struct value copy_limit(const struct place *place, struct value value)
{
    const struct instance_limit *limit = value.kind == VALUE_NAME ? find_limit(place, value.s) : NULL;
    const struct value copy = copy_value(place, value);

    if (limit && !limit->own)
        return limit->value;
    if (copy.kind == VALUE_NAME && place->instance && !named_param(place, &value))
        return (struct value){ .kind = VALUE_NAME, .span = copy.span,
                               .s = own_name(place, (struct name){ value.s, value.span }).text };
    return copy;
}

/* ---- types ---- */

static const struct ctype *type_of(const struct place *place, const char *name, size_t len)
{
    for (const struct instance_type *type = place->instance ? place->instance->types : NULL; type; type = type->next)
        if (strlen(type->name) == len && strncmp(type->name, name, len) == 0)
            return &type->type;
    return NULL;
}

/* Each word that is a type of the part becomes what it is here; so does the place, which tells whose types are meant. */
static struct ctype copy_type(const struct place *place, const struct ctype *type)
{
    struct obstack *memory = place->expand->to->memory;
    struct ctype copy = { .text = type->text, .span = moved(place, type->span) };
    bool replaced = false;

    for (const char *at = type->text; *at;) {
        const size_t len = strcspn(at, " *"), sign = len ? len : 1;
        const struct ctype *given = len ? type_of(place, at, len) : NULL;

        if (given)
            copy.span = given->span;
        replaced |= given != NULL;
        obstack_grow(memory, given ? given->text : at, given ? strlen(given->text) : sign);
        at += sign;
    }
    obstack_1grow(memory, '\0');
    if (replaced)
        copy.text = obstack_finish(memory);
    else
        obstack_free(memory, obstack_finish(memory));
    return copy;
}

/* ---- declarations ---- */

/* Puts it into what is made, unless that is full. */
static void add_decl(struct expand *expand, struct decl *decl)
{
    if (expand->to->ndecls < DECLS_MAX) {
        ast_move(expand->to, decl);
        return;
    }
    if (!expand->full)
        diag_report(expand->to->diags, "E0605", decl->name.text ? decl->name.span : decl->span,
                    "with what its parts stand for, a program has at most %d declarations", DECLS_MAX);
    expand->full = true;
}

/* `decl` is the first member of a copy. */
static void add(const struct place *place, struct decl *decl, struct name name)
{
    decl->span = moved(place, decl->span);
    decl->name = name;
    decl->facts = NULL;
    add_decl(place->expand, decl);
}

#define COPY(place, type, from) ((type *)obstack_copy((place)->expand->to->memory, (from), sizeof(type)))

static void know_channel(struct expand *expand, struct channel *channel)
{
    struct known *known;

    HASH_FIND_STR(expand->channels, channel->decl.name.text, known);
    if (known)
        return;
    known = memory_take(expand->to->memory, sizeof *known);
    known->name = channel->decl.name.text;
    known->channel = channel;
    HASH_ADD_KEYPTR(hh, expand->channels, known->name, strlen(known->name), known);
}

static void copy_channel(const struct place *place, const struct channel *from)
{
    struct channel *channel = COPY(place, struct channel, from);

    channel->type = copy_type(place, &from->type);
    channel->port_span = moved(place, from->port_span);
    channel->cap = copy_value(place, from->cap);
    channel->cap_kind = cap_kind_of(from->cap_kind, &channel->cap);
    channel->policy_span = moved(place, from->policy_span);
    channel->broadcast_span = moved(place, from->broadcast_span);
    channel->dead_span = moved(place, from->dead_span);
    channel->url_span = moved(place, from->url_span);
    add(place, &channel->decl, own_name(place, from->decl.name));
    know_channel(place->expand, channel);
}

/* One whose value the part has, or for which it is given a number. */
static void copy_limit_decl(const struct place *place, const struct decl *from)
{
    const struct instance_limit *limit = find_limit(place, from->name.text);

    if (limit && !limit->own)
        return;
    if (from->kind == DECL_RATE) {
        struct rate_decl *rate = COPY(place, struct rate_decl, from);

        rate->rate = limit ? limit->value : copy_value(place, rate->rate);
        rate->burst = copy_value(place, rate->burst);
        add(place, &rate->decl, own_name(place, from->name));
    } else {
        struct bound_decl *bound = COPY(place, struct bound_decl, from);

        bound->permits = limit ? limit->value : copy_value(place, bound->permits);
        add(place, &bound->decl, own_name(place, from->name));
    }
}

/* ---- stages ---- */

static void copy_sources(const struct place *place, struct input *input, const struct input *from)
{
    struct source_ref **last = &input->sources;

    *last = NULL;
    for (const struct source_ref *ref = from->sources; ref; ref = ref->next) {
        const struct instance_end *end = find_end(place, ref->name.text);
        const struct source_ref *given = end ? end->sources : NULL;
        struct source_ref *copy;

        do {
            copy = NEW(place, struct source_ref);
            copy->name = given ? given->name : own_name(place, ref->name);
            *last = copy;
            last = &copy->next;
        } while (given && (given = given->next));
        if (end && input->choice == CHOICE_ONE)
            input->choice = end->choice;
    }
    if (input->choice == CHOICE_ONE && input->sources->next)
        input->choice = CHOICE_MERGE;
}

static struct term copy_term(const struct place *place, struct term term)
{
    term.code = copy_code(place, term.code);
    term.span = moved(place, term.span);
    return term;
}

static struct input *copy_input(const struct place *place, const struct input *from)
{
    struct input *input = COPY(place, struct input, from);

    input->name = moved_name(place, from->name);
    input->end.span = moved(place, from->end.span);
    copy_sources(place, input, from);
    input->pull_span = moved(place, from->pull_span);
    input->batch = copy_value(place, from->batch);
    input->within = copy_value(place, from->within);
    input->batch_span = moved(place, from->batch_span);
    input->batch_weight = copy_code(place, from->batch_weight);
    input->batch_limit = copy_value(place, from->batch_limit);
    input->batch_per = copy_term(place, from->batch_per);
    return input;
}

static struct output *copy_output(const struct place *place, const struct output *from)
{
    const struct instance_end *end = find_end(place, from->to.text);
    struct output *output = COPY(place, struct output, from);

    output->name = moved_name(place, from->name);
    output->to = end ? end->to : own_name(place, from->to);
    output->count_span = moved(place, from->count_span);
    output->channel = NULL;
    return output;
}

static void copy_ends(const struct place *place, struct stage *stage, const struct stage *from)
{
    struct input **input = &stage->inputs;
    struct output **output = &stage->outputs;

    for (const struct input *at = from->inputs; at; at = at->next, input = &(*input)->next)
        *input = copy_input(place, at);
    *input = NULL;
    for (const struct output *at = from->outputs; at; at = at->next, output = &(*output)->next)
        *output = copy_output(place, at);
    *output = NULL;
}

static struct rate_option copy_rate(const struct place *place, struct rate_option rate)
{
    rate.span = moved(place, rate.span);
    rate.rate = copy_limit(place, rate.rate);
    rate.burst = copy_value(place, rate.burst);
    rate.per = copy_term(place, rate.per);
    rate.cost = copy_term(place, rate.cost);
    return rate;
}

static void copy_bounds(const struct place *place, struct stage *stage, const struct stage *from)
{
    stage->bounds = NULL;
    stage->last_bound = &stage->bounds;
    for (const struct bound_option *at = from->bounds; at; at = at->next) {
        struct bound_option *bound = COPY(place, struct bound_option, at);

        bound->span = moved(place, at->span);
        bound->permits = copy_limit(place, at->permits);
        bound->per = copy_term(place, at->per);
        bound->weight = copy_term(place, at->weight);
        bound->next = NULL;
        *stage->last_bound = bound;
        stage->last_bound = &bound->next;
    }
}

static void copy_options(const struct place *place, struct stage *stage, const struct stage *from)
{
    stage->parens = moved(place, from->parens);
    stage->workers = copy_value(place, from->workers);
    stage->workers_span = moved(place, from->workers_span);
    stage->rate = copy_rate(place, from->rate);
    copy_bounds(place, stage, from);
    stage->ordered_span = moved(place, from->ordered_span);
    stage->ahead = copy_value(place, from->ahead);
    stage->by = copy_term(place, from->by);
    stage->inline_span = moved(place, from->inline_span);
    stage->blocking_span = moved(place, from->blocking_span);
    stage->daemon_span = moved(place, from->daemon_span);
    stage->every = copy_value(place, from->every);
    stage->every_span = moved(place, from->every_span);
    stage->timeout = copy_value(place, from->timeout);
    stage->timeout_span = moved(place, from->timeout_span);
    stage->fail.span = moved(place, from->fail.span);
    stage->fail.retries = copy_value(place, from->fail.retries);
    stage->fail.backoff_low = copy_value(place, from->fail.backoff_low);
    stage->fail.backoff_high = copy_value(place, from->fail.backoff_high);
    stage->fail.retry_span = moved(place, from->fail.retry_span);
    stage->fail.channel = own_name(place, from->fail.channel);
}

static void copy_sections(const struct place *place, struct stage *stage, const struct stage *from)
{
    stage->functions = copy_code(place, from->functions);
    stage->state = copy_code(place, from->state);
    stage->init = copy_code(place, from->init);
    stage->final = copy_code(place, from->final);
    stage->flush = copy_code(place, from->flush);
    stage->flush_every = copy_value(place, from->flush_every);
    stage->flush_span = moved(place, from->flush_span);
    stage->body = copy_code(place, from->body);
    stage->function = moved_name(place, from->function);
}

/* A term goes on to see what it sees where it stands, however deep the parts go. */
static void give_term(const struct place *place, const struct stage *use, struct term *term)
{
    const struct input *input = use_item(place->part, use);

    if (term->given)
        return;
    term->given = true;
    term->scope = place->instance->outer;
    term->item = input ? input->name : (struct name){ .text = NULL };
}

static void take_bounds(const struct place *place, struct stage *stage, const struct stage *use)
{
    for (struct bound_option *bound = use->bounds; bound; bound = bound->next) {
        bound->given = true;
        give_term(place, use, &bound->per);
        give_term(place, use, &bound->weight);
    }
    if (!use->bounds)
        return;
    *stage->last_bound = use->bounds;
    stage->last_bound = use->last_bound;
}

/* The options of the place of use are those of the main stage. */
static void take_options(const struct place *place, struct stage *stage, const struct stage *use)
{
    if (use->has_workers) {
        stage->workers_auto = use->workers_auto;
        stage->workers = use->workers;
        stage->workers_span = use->workers_span;
    }
    if (use->rate.present) {
        stage->rate = use->rate;
        give_term(place, use, &stage->rate.per);
        give_term(place, use, &stage->rate.cost);
    }
    take_bounds(place, stage, use);
    if (use->ordered) {
        stage->ordered = true;
        stage->ordered_span = use->ordered_span;
        stage->ahead = use->ahead;
    }
    if (use->by.code.present) {
        stage->by = use->by;
        give_term(place, use, &stage->by);
    }
    if (use->is_inline) {
        stage->is_inline = true;
        stage->inline_span = use->inline_span;
    }
    if (use->blocking) {
        stage->blocking = true;
        stage->blocking_span = use->blocking_span;
    }
    if (use->daemon) {
        stage->daemon = true;
        stage->daemon_span = use->daemon_span;
    }
    if (use->every.kind != VALUE_NONE) {
        stage->every = use->every;
        stage->every_span = use->every_span;
    }
    if (use->timeout.kind != VALUE_NONE) {
        stage->timeout = use->timeout;
        stage->timeout_span = use->timeout_span;
    }
    if (use->fail.present)
        stage->fail = use->fail;
}

static const struct made *copy_made(const struct place *place, const struct made *from)
{
    struct made *made = COPY(place, struct made, from);
    struct given **last = &made->given;

    made->part = moved_name(place, from->part);
    made->span = moved(place, from->span);
    for (const struct given *at = from->given; at; at = at->next, last = &(*last)->next) {
        struct given *given = COPY(place, struct given, at);
        const struct instance_param *param = at->kind == GIVEN_VALUE ? named_param(place, &at->value) : NULL;

        given->name = moved_name(place, at->name);
        given->span = moved(place, at->span);
        given->value = copy_limit(place, at->value);
        given->code = copy_code(place, at->code);
        if (param && param->kind == GIVEN_LIST) { /* a list of the part's, handed on */
            given->kind = GIVEN_LIST;
            given->list = param->list;
        }
        *last = given;
    }
    *last = NULL;
    return made;
}

static void make_instance(struct expand *expand, struct stage *use, struct name name, const struct instance *outer);

/* The use itself becomes the main stage. */
static void copy_stage(const struct place *place, const struct stage *from, struct stage *use)
{
    const bool is_main = use && from == part_main(place->part);
    struct stage *stage = is_main ? use : COPY(place, struct stage, from);
    const struct stage given = *stage;

    *stage = *from;
    copy_ends(place, stage, from);
    copy_options(place, stage, from);
    copy_sections(place, stage, from);
    stage->made = from->made ? copy_made(place, from->made) : NULL;
    stage->instance = place->instance;
    if (is_main)
        take_options(place, stage, &given);
    stage->decl.span = is_main ? given.decl.span : moved(place, from->decl.span);
    stage->decl.name = is_main ? given.decl.name : own_name(place, from->decl.name);
    stage->decl.facts = NULL;
    if (stage->made) /* a use: it stands for others */
        make_instance(place->expand, stage, own_name(place, from->decl.name), place->instance);
    else
        add_decl(place->expand, &stage->decl);
}

/* ---- instances ---- */

static struct channel *channel_of(struct expand *expand, const struct name *name)
{
    struct known *known;

    HASH_FIND_STR(expand->channels, name->text, known);
    if (known)
        return known->channel;
    if (expand->whole->complete) {
        diag_report(expand->to->diags, "E0101", name->span, "there is no channel '%s'", name->text);
        diag_hint(expand->to->diags, "declare it: channel int %s[16];", name->text);
    }
    diags_incomplete(expand->to->diags);
    return NULL;
}

static void add_end(struct place *place, struct instance_end *end, const struct channel *given)
{
    end->type = given->type;
    end->next = place->instance->ends;
    place->instance->ends = end;
}

/* False where a channel is not there. */
static bool take_ends(struct place *place, const struct stage *use)
{
    const struct name only = { .text = NULL };
    struct expand *expand = place->expand;

    for (struct input *input = use->inputs; input; input = input->next) {
        struct instance_end *end = NEW(place, struct instance_end);
        const struct channel *given = channel_of(expand, &input->sources->name);

        if (!given)
            return false;
        end->end = part_end(place->part, &input->end, true);
        end->sources = input->sources;
        end->choice = input->choice;
        end->item = input->name;
        add_end(place, end, given);
    }
    for (struct output *output = use->outputs; output; output = output->next) {
        struct instance_end *end = NEW(place, struct instance_end);
        const struct channel *given = channel_of(expand, &output->to);

        if (!given)
            return false;
        end->end = part_end(place->part, output->is_end ? &output->name : &only, false);
        end->to = output->to;
        end->item = end->end->decl.name;
        add_end(place, end, given);
    }
    return true;
}

static struct span end_span(const struct instance_end *end)
{
    return end->sources ? end->sources->name.span : end->to.span;
}

static const char *end_channel(const struct instance_end *end)
{
    return end->sources ? end->sources->name.text : end->to.text;
}

/* The end that says what the type is. */
static const struct instance_end *end_of_type(const struct place *place, const char *type)
{
    const struct instance_end *first = NULL;

    for (const struct instance_end *end = place->instance->ends; end; end = end->next)
        if (strcmp(end->end->type.text, type) == 0)
            first = end;
    return first;
}

static void take_types(struct place *place)
{
    AST_EACH(place->part->body, DECL_TYPE, const struct decl, given) {
        struct instance_type *type = NEW(place, struct instance_type);

        type->name = given->name.text;
        type->is_record = ((const struct type_decl *)given)->given_record;
        type->type = end_of_type(place, given->name.text)->type;
        type->type.decl = NULL;
        type->next = place->instance->types;
        place->instance->types = type;
    }
}

/* Whether each channel carries what its end does. */
static bool check_types(struct place *place, const struct stage *use)
{
    struct diags *diags = place->expand->to->diags;
    bool right = true;

    for (const struct instance_end *end = place->instance->ends; end; end = end->next) {
        const struct ctype wanted = copy_type(place, &end->end->type);
        const struct instance_end *other = end_of_type(place, end->end->type.text);

        if (strcmp(wanted.text, end->type.text) == 0)
            continue;
        other = other == end ? NULL : other; /* it is of a type that is made of one: T * */
        right = false;
        diags_incomplete(diags);
        if (other)
            diag_report(diags, "E0211", end_span(end), "'%s' carries %s and '%s' %s, and '%s' wants one type for both",
                        end_channel(end), end->type.text, end_channel(other), other->type.text,
                        use->made->part.text);
        else
            diag_report(diags, "E0211", end_span(end), "'%s' carries %s, and '%s' of '%s' %s", end_channel(end),
                        end->type.text, end->end->decl.name.text, use->made->part.text, wanted.text);
        diag_note(diags, end->end->type.span, "'%s' is declared here", end->end->decl.name.text);
        if (other)
            diag_note(diags, other->end->type.span, "and '%s' here", other->end->decl.name.text);
        diag_hint(diags, "give it a channel of that type");
    }
    return right;
}

static void take_param_ends(struct place *place, struct instance_param *param)
{
    for (const struct word *end = param->param->ends; end; end = end->next)
        param->nends++;
    param->ends = memory_take(place->expand->to->memory, (param->nends + 1) * sizeof(struct instance_end *));
    param->nends = 0;
    for (const struct word *end = param->param->ends; end; end = end->next)
        param->ends[param->nends++] = find_end(place, end->name.text);
}

static void take_param(struct place *place, const struct param *param, const struct given *given,
                       struct instance_param *to)
{
    to->param = param;
    to->is_default = !given;
    to->kind = given ? given->kind : param->ends ? GIVEN_CODE : param->operands ? GIVEN_LIST : GIVEN_VALUE;
    to->value = given ? given->value : copy_value(place, param->value);
    to->list = given ? given->list : NULL;
    to->code = given ? given->code : copy_code(place, param->code);
    take_param_ends(place, to);
}

/* A literal, or the name of a param; not that of a rate or bound. */
static bool is_number(const struct place *place, const struct value *value)
{
    return value->kind != VALUE_NAME || scope_find(place->expand->params, place->expand->to->source->number, value->s);
}

/* A default may name no other param: it is a constant. */
static void take_given(struct place *place, const struct made *made)
{
    struct instance_param **last = &place->instance->params;

    for (const struct decl *decl = place->part->body->decls; decl; decl = decl->next) {
        const struct given *given = decl->name.text ? given_find(made, decl->name.text) : NULL;

        if (decl->kind == DECL_PARAM) {
            struct instance_param *param = NEW(place, struct instance_param);

            take_param(place, (const struct param *)decl, given, param);
            *last = param;
            last = &param->next;
        } else if (given && (decl->kind == DECL_RATE || decl->kind == DECL_BOUND)) {
            struct instance_limit *limit = NEW(place, struct instance_limit);

            limit->name = decl->name.text;
            limit->value = given->value;
            limit->own = is_number(place, &given->value);
            limit->next = place->instance->limits;
            place->instance->limits = limit;
        }
    }
}

static void take_section(struct place *place, const struct section_decl *section)
{
    struct code *to = section->decl.kind == DECL_STATE ? &place->instance->state
                      : section->decl.kind == DECL_INIT ? &place->instance->init : &place->instance->final;

    *to = copy_code(place, section->code);
}

static void copy_body(struct place *place, struct stage *use)
{
    for (const struct decl *decl = place->part->body->decls; decl; decl = decl->next) {
        const struct channel *channel = (const struct channel *)decl;

        if (decl->kind == DECL_CHANNEL && !channel->is_input && !channel->is_output)
            copy_channel(place, channel);
        else if (decl->kind == DECL_RATE || decl->kind == DECL_BOUND)
            copy_limit_decl(place, decl);
        else if (decl->kind == DECL_STATE || decl->kind == DECL_INIT || decl->kind == DECL_FINAL)
            take_section(place, (const struct section_decl *)decl);
    }
    AST_EACH(place->part->body, DECL_STAGE, const struct stage, stage)
        if (!place->expand->full)
            copy_stage(place, stage, use);
}

static bool open_view(struct place *place, const struct stage *use)
{
    struct view *view = NEW(place, struct view);

    *view = (struct view){ .origin = place->part->decl.span, .use = use->decl.name.span,
                           .name = use->decl.name.text, .part = place->part->decl.name.text };
    if (!sources_view(place->expand->sources, view)) {
        diag_report(place->expand->to->diags, "E0608", use->decl.name.span,
                    "the files of a program and all that its parts stand for have at most 2 GiB");
        place->expand->full = true;
        return false;
    }
    place->shift = view->start - view->origin.start;
    return true;
}

/* A main stage that is made of a part is called like the instance it stands in, so that what it consists of needs a name of
 * its own: INSTANCE.PART, which nothing else in the part can have. */
static void make_instance(struct expand *expand, struct stage *use, struct name name, const struct instance *outer)
{
    struct part *part = use->left_out ? NULL : use_part(expand->whole, use);
    struct place place = { .expand = expand, .part = part };
    struct instance *instance;

    if (!part || part->broken) {
        diags_incomplete(expand->to->diags);
        return;
    }
    if (expand->full || !open_view(&place, use))
        return;
    place.instance = instance = NEW(&place, struct instance);
    instance->decl = (struct decl){ .kind = DECL_INSTANCE, .span = use->decl.span, .name = name };
    instance->part = part;
    instance->outer = outer;
    if (!take_ends(&place, use))
        return;
    take_types(&place);
    if (!check_types(&place, use))
        return;
    take_given(&place, use->made);
    add_decl(expand, &instance->decl);
    copy_body(&place, use);
}

/* ---- all of it ---- */

static bool is_c_text(enum decl_kind kind)
{
    return kind == DECL_INCLUDE || kind == DECL_LINK || kind == DECL_PROLOGUE;
}

/* What only a part needs of C stands where the part does, once. */
static void copy_c_text(const struct place *place)
{
    for (const struct decl *decl = place->part->body->decls; decl; decl = decl->next) {
        struct decl *copy;

        if (!is_c_text(decl->kind))
            continue;
        copy = decl->kind == DECL_INCLUDE  ? &COPY(place, struct include_decl, decl)->decl
               : decl->kind == DECL_LINK ? &COPY(place, struct link_decl, decl)->decl
                                         : &COPY(place, struct prologue_decl, decl)->decl;
        add(place, copy, decl->name);
    }
}

static struct expand expand_new(const struct ast *from, const struct ast *whole, struct sources *sources)
{
    struct expand expand = { .whole = whole, .sources = sources };

    expand.params = scope_new(from, SCOPE_KIND(DECL_PARAM), NULL);
    expand.to = ast_new_like(from);
    expand.to->library = from->library;
    expand.to->part_files = from->part_files;
    return expand;
}

struct ast *expand_program(struct ast *ast, struct sources *sources)
{
    struct expand expand = expand_new(ast, ast, sources);
    struct decl *next;

    if (ast->counts[DECL_PART] == 0)
        return ast;
    AST_EACH(ast, DECL_CHANNEL, struct channel, channel)
        know_channel(&expand, channel);
    for (struct decl *decl = ast->decls; decl; decl = next) {
        next = decl->next;
        if (decl->kind == DECL_PART && ((struct part *)decl)->used)
            copy_c_text(&(struct place){ .expand = &expand, .part = (struct part *)decl });
        else if (decl->kind == DECL_STAGE && ((struct stage *)decl)->made)
            make_instance(&expand, (struct stage *)decl, decl->name, NULL);
        else if (decl->kind != DECL_PART)
            ast_move(expand.to, decl);
    }
    HASH_CLEAR(hh, expand.channels);
    return expand.to;
}

/* As the place of use will have them; its body is checked as if its types owned memory. */
static void copy_open(const struct place *place, const struct decl *decl)
{
    if (decl->kind == DECL_PARAM) {
        struct param *param = COPY(place, struct param, decl);

        param->code.body = NULL;
        add(place, &param->decl, decl->name);
    } else if (decl->kind == DECL_TYPE) {
        struct type_decl *type = COPY(place, struct type_decl, decl);

        type->drop = (struct name){ memory_join(place->expand->to->memory, decl->name.text, "_drop", ""),
                                    decl->name.span };
        add(place, &type->decl, decl->name);
    } else if (decl->kind == DECL_CHANNEL) {
        copy_channel(place, (const struct channel *)decl);
    } else if (decl->kind == DECL_RATE || decl->kind == DECL_BOUND) {
        copy_limit_decl(place, decl);
    } else if (decl->kind == DECL_STATE || decl->kind == DECL_INIT || decl->kind == DECL_FINAL) {
        struct section_decl *section = COPY(place, struct section_decl, decl);

        section->code.body = NULL;
        add(place, &section->decl, decl->name);
    }
}

struct ast *expand_part(const struct part *part, const struct ast *around, struct sources *sources)
{
    struct expand expand = expand_new(part->body, around, sources);
    struct place place = { .expand = &expand, .part = part };

    expand.to->part = part->body->part;
    expand.to->around = around;
    copy_c_text(&place);
    for (const struct decl *decl = part->body->decls; decl; decl = decl->next)
        copy_open(&place, decl);
    AST_EACH(part->body, DECL_STAGE, const struct stage, stage)
        copy_stage(&place, stage, NULL);
    HASH_CLEAR(hh, expand.channels);
    return expand.to;
}
