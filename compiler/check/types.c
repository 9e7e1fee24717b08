/* Types: of params and their values, of the numbers, durations and rates that stand where a param may, of items.
 */
#include "check/check.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "facts/item.h"
#include "facts/key.h"
#include "facts/use.h"
#include "parts/instance.h"
#include "parts/scope.h"
#include "text/ctype.h"
#include "text/memory.h"
#include "text/suggest.h"

/* ---- params ---- */

static const char *type_name(enum param_type type)
{
    static const char *const names[] = { "int", "long", "double", "bool", "string", "duration", "size", "rate" };

    return type == PARAM_UNKNOWN ? "unknown" : names[type];
}

/* The type with its article, for messages. */
static const char *type_noun(enum param_type type)
{
    static const char *const nouns[] = { "an int", "a long", "a double", "a bool", "a string", "a duration", "a size",
                                         "a rate" };

    return type == PARAM_UNKNOWN ? "unknown" : nouns[type];
}

static const char *type_example(enum param_type type)
{
    static const char *const examples[] = { "10", "10", "0.5", "true", "\"text\"", "250ms", "64K", "5/s" };

    return type == PARAM_UNKNOWN ? "" : examples[type];
}

static const char *type_limits(enum param_type type)
{
    return type == PARAM_INT ? "an int holds -2147483648 to 2147483647" : "a size is not negative";
}

static bool is_number(enum param_type type)
{
    return type != PARAM_BOOL && type != PARAM_STRING && type != PARAM_UNKNOWN;
}

static bool fits_type(const struct value *value, enum param_type type)
{
    switch (type) {
    case PARAM_INT:
    case PARAM_LONG: return value->kind == VALUE_INT || (value->kind == VALUE_AUTO && type == PARAM_INT);
    case PARAM_DOUBLE: return value->kind == VALUE_DOUBLE || value->kind == VALUE_INT;
    case PARAM_BOOL: return value->kind == VALUE_NAME && (!strcmp(value->s, "true") || !strcmp(value->s, "false"));
    case PARAM_STRING: return value->kind == VALUE_STRING;
    case PARAM_DURATION: return value->kind == VALUE_DURATION;
    case PARAM_SIZE: return value->kind == VALUE_SIZE || value->kind == VALUE_INT;
    case PARAM_RATE: return value->kind == VALUE_RATE;
    case PARAM_UNKNOWN: return true;
    }
    return false;
}

static bool fits_range_of_type(const struct value *value, enum param_type type)
{
    if (type == PARAM_INT)
        return value->i >= INT_MIN && value->i <= INT_MAX;
    return type != PARAM_SIZE || value->i >= 0;
}

/* Reports a value that the param's type cannot hold. */
static bool check_value(struct check *check, const struct param *param, const struct value *value, const char *what)
{
    if (value->kind == VALUE_NONE)
        return true;
    if (value->kind == VALUE_AUTO && param->type != PARAM_INT && param->type != PARAM_UNKNOWN) {
        diag_report(check->diags, "E0202", value->span, "'auto' is the number of processors, an int");
        diag_note(check->diags, param->type_name.span, "'%s' is declared as %s", param->decl.name.text,
                  type_name(param->type));
        diag_hint(check->diags, "param int %s = auto;", param->decl.name.text);
        return false;
    }
    if (!fits_type(value, param->type)) {
        diag_report(check->diags, "E0202", value->span, "the %s of '%s' is no %s", what, param->decl.name.text,
                    type_name(param->type));
        diag_note(check->diags, param->type_name.span, "'%s' is declared as %s", param->decl.name.text,
                  type_name(param->type));
        diag_hint(check->diags, "write %s, for example %s", type_noun(param->type), type_example(param->type));
        return false;
    }
    if (!fits_range_of_type(value, param->type)) {
        diag_report(check->diags, "E0202", value->span, "the %s of '%s' does not fit into its type", what,
                    param->decl.name.text);
        diag_hint(check->diags, "%s", type_limits(param->type));
        return false;
    }
    return true;
}

/* Below, equal, above: of two values of one type. */
static int compare(const struct value *a, const struct value *b)
{
    const double x = a->kind == VALUE_DOUBLE || a->kind == VALUE_RATE ? a->d : (double)a->i;
    const double y = b->kind == VALUE_DOUBLE || b->kind == VALUE_RATE ? b->d : (double)b->i;

    if (x == y && a->kind == b->kind && a->kind != VALUE_DOUBLE && a->kind != VALUE_RATE)
        return a->i < b->i ? -1 : a->i > b->i;
    return x < y ? -1 : x > y;
}

static void check_range(struct check *check, const struct param *param)
{
    const struct span range = { param->low.span.start, param->high.span.end };

    if (param->low.kind == VALUE_NONE)
        return;
    if (!is_number(param->type)) {
        if (param->type != PARAM_UNKNOWN) {
            diag_report(check->diags, "E0203", range, "a %s has no range", type_name(param->type));
            diag_hint(check->diags, "leave 'in …' out");
        }
        return;
    }
    if (!check_value(check, param, &param->low, "range") || !check_value(check, param, &param->high, "range"))
        return;
    if (compare(&param->low, &param->high) > 0) {
        diag_report(check->diags, "E0203", range, "no value of '%s' is in this range", param->decl.name.text);
        diag_hint(check->diags, "the lower end stands first");
        return;
    }
    if (param->value.kind == VALUE_NONE || param->value.kind == VALUE_AUTO || !fits_type(&param->value, param->type))
        return;
    if (compare(&param->value, &param->low) >= 0 && compare(&param->value, &param->high) <= 0)
        return;
    diag_report(check->diags, "E0203", param->value.span, "the default of '%s' is outside of its range",
                param->decl.name.text);
    diag_note(check->diags, range, "the range is written here");
    diag_hint(check->diags, "write a default that the program would accept, or a wider range");
}

/* An expression may also give bytes, which stay those of who gives them as a string does, a key, or an item of a type of the
 * part. */
static bool gives_more(const struct check *check, const struct param *param)
{
    return param->ends && (item_is_built_in(param->type_name.text) || key_is_param(param)
                           || scope_find(check->ast->types, check->ast->source->number, param->type_name.text));
}

static void check_param_type(struct check *check, const struct param *param)
{
    struct suggestion suggestion = suggestion_for(param->type_name.text);

    if (param->type != PARAM_UNKNOWN || gives_more(check, param))
        return;
    diag_report(check->diags, "E0201", param->type_name.span, "'%s' is no type of a param", param->type_name.text);
    for (enum param_type type = PARAM_INT; type < PARAM_UNKNOWN; type++)
        suggestion_offer(&suggestion, type_name(type));
    if (suggestion.best)
        diag_hint(check->diags, "did you mean '%s'?", suggestion.best);
    else
        diag_hint(check->diags, "params are int, long, double, bool, string, duration, size or rate");
}

static void check_operands(struct check *check, const struct param *param, const struct param **first)
{
    if (!param->operands)
        return;
    if (param->type != PARAM_STRING && param->type != PARAM_UNKNOWN) {
        diag_report(check->diags, "E0209", param->type_name.span, "operands are strings, and '%s' is declared as %s",
                    param->decl.name.text, type_name(param->type));
        diag_hint(check->diags, "param string %s[]", param->decl.name.text);
    }
    if (param->value.kind != VALUE_NONE) {
        diag_report(check->diags, "E0209", param->value.span, "operands have no default");
        diag_hint(check->diags, "there may be none of them: look at %s_len", param->decl.name.text);
    }
    if (*first && !check->ast->part) {
        diag_report(check->diags, "E0209", param->decl.name.span, "a second param takes the operands");
        diag_note(check->diags, (*first)->decl.name.span, "'%s' takes them already", (*first)->decl.name.text);
        diag_hint(check->diags, "only one may; make the other an option: param string %s", param->decl.name.text);
    }
    *first = param;
}

/* ---- what parts are given ---- */

static void note_given(struct check *check, const struct param *param)
{
    diag_note(check->diags, param->decl.name.span, "'%s' is declared here", param->decl.name.text);
}

/* LO..HI, as it is written. */
static const char *range_text(struct check *check, const struct param *param)
{
    const uint32_t start = param->low.span.start;

    return memory_copy(check->memory, sources_text(check->ast->sources, start), param->high.span.end - start);
}

static void report_given_range(struct check *check, const struct instance *instance, const struct instance_param *given,
                               const struct value *value)
{
    const struct param *param = given->param;

    if (value == &given->value)
        diag_report(check->diags, "E0203", given->value.span, "'%s' of '%s' cannot be this", param->decl.name.text,
                    instance->part->decl.name.text);
    else
        diag_report(check->diags, "E0203", given->value.span, "'%s' may be what '%s' of '%s' cannot be",
                    given->value.s, param->decl.name.text, instance->part->decl.name.text);
    diag_note(check->diags, (struct span){ param->low.span.start, param->high.span.end }, "its range is written here");
    if (value != &given->value)
        note_given(check, given->value.param);
    if (value == &given->value)
        diag_hint(check->diags, "write a value within it");
    else
        diag_hint(check->diags, "declare it so: param %s %s … in %s", given->value.param->type_name.text, given->value.s,
                  range_text(check, param));
}

static bool is_within(const struct param *param, const struct value *value)
{
    return compare(value, &param->low) >= 0 && compare(value, &param->high) <= 0;
}

static void report_given_type(struct check *check, const struct instance *instance, const struct instance_param *given)
{
    const struct param *param = given->param, *from = given->value.param;

    if (from)
        diag_report(check->diags, "E0202", given->value.span, "'%s' of '%s' is %s, and the param '%s' is %s",
                    param->decl.name.text, instance->part->decl.name.text,
                    param->operands ? "a list" : type_noun(param->type), from->decl.name.text,
                    from->operands ? "the operands" : type_noun(from->type));
    else
        diag_report(check->diags, "E0202", given->value.span, "'%s' of '%s' is %s", param->decl.name.text,
                    instance->part->decl.name.text, type_noun(param->type));
    note_given(check, param);
    if (from)
        note_given(check, from);
    else
        diag_hint(check->diags, "write %s, for example %s", type_noun(param->type), type_example(param->type));
}

/* A range that holds for all that the program's param may be. */
static void check_given_param(struct check *check, const struct instance *instance, const struct instance_param *given)
{
    const struct param *param = given->param, *from = given->value.param;

    if (param->operands != from->operands
        || (param->type != from->type && !(param->type == PARAM_LONG && from->type == PARAM_INT)))
        report_given_type(check, instance, given);
    else if (param->low.kind != VALUE_NONE && is_number(param->type)
             && (from->low.kind == VALUE_NONE || !is_within(param, &from->low) || !is_within(param, &from->high)))
        report_given_range(check, instance, given, &from->low);
}

static void check_given(struct check *check, const struct instance *instance, const struct instance_param *given)
{
    const struct param *param = given->param;
    const struct value *value = &given->value;

    if (given->kind != GIVEN_VALUE || given->is_default || param->type == PARAM_UNKNOWN)
        return;
    if (value->kind == VALUE_NAME && !param_takes_word(param, value)) {
        if (value->param && value->param->type != PARAM_UNKNOWN)
            check_given_param(check, instance, given);
    } else if (!fits_type(value, param->type) || !fits_range_of_type(value, param->type)) {
        report_given_type(check, instance, given);
    } else if (param->low.kind != VALUE_NONE && is_number(param->type) && !is_within(param, value)) {
        report_given_range(check, instance, given, value);
    }
}

static void check_instance(struct check *check, const struct instance *instance)
{
    for (const struct instance_param *given = instance->params; given; given = given->next)
        check_given(check, instance, given);
}

/* ---- numbers, durations and rates ---- */

/* How a place is called, and what it wants. */
struct want {
    const char *what;  /* "a capacity" */
    const char *noun;  /* "a whole number" */
    const char *example;
};

static const struct want wants[] = {
    [USE_CAPACITY] = { "a capacity", "a whole number", "16" },
    [USE_WORKERS] = { "a count of workers", "a whole number", "4" },
    [USE_IMPLIED] = { "a bound that gives a stage its workers", "a whole number", "4" },
    [USE_BATCH] = { "the size of a batch", "a whole number", "100" },
    [USE_WEIGHT] = { "the weight of a batch", "a whole number", "1000" },
    [USE_AHEAD] = { "a count of items ahead", "a whole number", "16" },
    [USE_BOUND] = { "a bound", "a whole number", "4" },
    [USE_BURST] = { "a burst", "a whole number", "10" },
    [USE_INTERVAL] = { "an interval", "a duration", "250ms" },
    [USE_RATE] = { "a rate", "a number per time", "5/s" },
    [USE_RETRIES] = { "a count of retries", "a whole number", "3" },
    [USE_DELAY] = { "a delay", "a duration", "100ms" },
    [USE_TIMEOUT] = { "a timeout", "a duration", "2s" },
    [USE_DRAIN] = { "the limit of a drain", "a duration", "20s" },
};

/* At least 1 for numbers, above 0 for durations and rates. */
static bool is_positive(const struct value *value)
{
    return value->kind == VALUE_RATE || value->kind == VALUE_DOUBLE ? value->d > 0 : value->i >= 1;
}

/* The same of a param, which may be 0 where an option can turn something off. */
static bool may_be(enum use_kind kind, const struct value *value)
{
    return is_positive(value) || (use_wants(kind) == VALUE_INT && value->i >= use_least(kind));
}

static const char *least_text(enum use_kind kind)
{
    return use_wants(kind) == VALUE_INT ? "at least 1" : "more than 0";
}

static void report_least(struct check *check, const struct use *use, const struct value *value)
{
    const struct param *param = use->value->param;

    diag_report(check->diags, "E0206", use->value->span, "%s must be %s, and '%s' may be less", wants[use->kind].what,
                use_least(use->kind) == 0 ? "at least 0" : least_text(use->kind), param->decl.name.text);
    diag_note(check->diags, value->span, "%s is written here", value == &param->low ? "its range" : "its default");
    diag_hint(check->diags, "give '%s' a range and a default that leave out what cannot be", param->decl.name.text);
}

static void check_most(struct check *check, enum use_kind kind, const struct value *value)
{
    if (value->kind == VALUE_NONE || value->kind == VALUE_RATE || value->i <= use_most(kind))
        return;
    diag_report(check->diags, "E0601", value->span, "%s is at most %" PRId64, wants[kind].what, use_most(kind));
    diag_hint(check->diags, kind == USE_IMPLIED ? "write a smaller number, or say how many: workers 8"
                                                : "write a smaller number");
}

static void check_param_most(struct check *check, enum use_kind kind, const struct param *param)
{
    check_most(check, kind, &param->value);
    check_most(check, kind, &param->high);
}

static void report_param_type(struct check *check, const struct use *use)
{
    const struct param *param = use->value->param;
    const enum value_kind kind = use_wants(use->kind);
    const struct want *want = &wants[use->kind];

    diag_report(check->diags, "E0205", use->value->span, "%s is %s, and the param '%s' is %s", want->what, want->noun,
                param->decl.name.text, param->operands ? "the operands" : type_noun(param->type));
    diag_note(check->diags, param->decl.name.span, "'%s' is declared here", param->decl.name.text);
    diag_hint(check->diags, "declare it as param %s %s = %s;",
              kind == VALUE_INT ? "int" : kind == VALUE_DURATION ? "duration" : "rate", param->decl.name.text,
              want->example);
}

static void check_param_use(struct check *check, const struct use *use)
{
    const struct param *param = use->value->param;

    if (param->type == PARAM_UNKNOWN)
        return;
    if (param->operands || !use_takes_param(use->kind, param->type)) {
        report_param_type(check, use);
        return;
    }
    check_param_most(check, use->kind, param);
    if (param->low.kind != VALUE_NONE && fits_type(&param->low, param->type) && !may_be(use->kind, &param->low))
        report_least(check, use, &param->low);
    else if (param->value.kind != VALUE_NONE && fits_type(&param->value, param->type)
             && !may_be(use->kind, &param->value))
        report_least(check, use, &param->value);
}

/* Workers that a bound gives: of what kind it is, and that it is at least 1, is checked as of any bound. */
static void check_implied(struct check *check, const struct value *permits)
{
    if (permits->param && use_takes_param(USE_IMPLIED, permits->param->type))
        check_param_most(check, USE_IMPLIED, permits->param);
    else if (use_takes_value(USE_IMPLIED, permits->kind))
        check_most(check, USE_IMPLIED, permits);
}

static void check_use(void *data, const struct use *use)
{
    struct check *const check = data;
    const struct value *value = use->value;

    if (value->kind == VALUE_NONE || (value->kind == VALUE_NAME && !value->param))
        return;
    if (use->kind == USE_IMPLIED) {
        check_implied(check, value);
    } else if (value->kind == VALUE_NAME) {
        check_param_use(check, use);
    } else if (!use_takes_value(use->kind, value->kind)) {
        diag_report(check->diags, "E0205", value->span, "%s is %s", wants[use->kind].what, wants[use->kind].noun);
        diag_hint(check->diags, "for example %s", wants[use->kind].example);
    } else if (!is_positive(value)) {
        diag_report(check->diags, "E0206", value->span, "%s must be %s", wants[use->kind].what, least_text(use->kind));
        diag_hint(check->diags, "for example %s", wants[use->kind].example);
    } else {
        check_most(check, use->kind, value);
    }
}

/* ---- items ---- */

/* What stands behind the last `*`: the item itself, not what it points to. */
static const char *behind_stars(const char *text)
{
    const char *star = strrchr(text, '*');

    return star ? star + 1 : text;
}

static void report_item(struct check *check, const struct ctype *type, const char *why, const char *hint)
{
    diag_report(check->diags, "E0208", type->span, "'%s' cannot be the type of an item: %s", type->text, why);
    diag_hint(check->diags, "%s", hint);
}

/* The wiring has locals of these names where it asks for the size of the type. */
static bool is_local_of_wiring(const char *text)
{
    static const char *const starts[] = { "chan_", "rate_", "bound_" };
    const size_t len = strcspn(text, " *");

    if (text[len + strspn(text + len, " *")] != '\0') /* struct run */
        return false;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncmp(text, starts[i], strlen(starts[i])) == 0)
            return true;
    return (len == 3 && strncmp(text, "run", len) == 0) || (len == 6 && strncmp(text, "params", len) == 0);
}

static bool is_word_of(const char *const words[], size_t n, const char *word, size_t len)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(words[i]) == len && strncmp(words[i], word, len) == 0)
            return true;
    return false;
}

/* The word of `text` that a C type has no place for: `free` in `char *free`, `shared` in `struct a shared`; else NULL.
 * What begins with `_` may be any compiler's own word. `named` tells whether a type is named: not in `struct *`. */
static const char *surplus_word(const char *text, size_t *len, bool *named)
{
    static const char *const basic[] = {
        "char", "short", "int", "long", "float", "double", "signed", "unsigned", "void"
    };
    static const char *const beside[] = { /* some are refused elsewhere, with a better reason */
        "const", "volatile", "restrict", "static", "extern", "register", "typedef", "auto", "inline"
    };
    static const char *const tagged[] = { "struct", "union", "enum" };
    bool whole = false; /* the type is named: no other name may follow */
    bool tag = false;

    *named = false;
    for (; *text; text += *len) {
        *len = strcspn(text, " *");
        if (*len == 0) {
            *len = 1;
        } else if (is_word_of(tagged, sizeof tagged / sizeof *tagged, text, *len)) {
            tag = true;
        } else if (tag || is_word_of(basic, sizeof basic / sizeof *basic, text, *len)) {
            tag = false;
            *named = whole = true;
        } else if (*text == '_') {
            *named = true;
        } else if (!is_word_of(beside, sizeof beside / sizeof *beside, text, *len)) {
            if (whole)
                return text;
            *named = whole = true;
        }
    }
    return NULL;
}

static void check_type_words(struct check *check, const struct ctype *type, bool item)
{
    size_t len = 0;
    bool named;
    const char *const word = surplus_word(type->text, &len, &named);

    if (!word && named)
        return;
    if (word)
        diag_report(check->diags, "E0208", type->span, "'%s' cannot be the type of an item: '%.*s' is a word too many",
                    type->text, (int)len, word);
    else
        diag_report(check->diags, "E0208", type->span, "'%s' cannot be the type of an item: it names no type", type->text);
    diag_hint(check->diags, "%s",
              item ? "channel TYPE NAME[CAPACITY];" : "type NAME = C-TYPE; or type NAME = C-TYPE drop FUNCTION;");
}

/* `item` where the type is a channel's, which may be string or bytes. */
static void check_item(struct check *check, const struct ctype *type, bool item)
{
    static const char *const storage[] = {
        "static", "extern", "register", "typedef", "auto", "inline", "_Thread_local"
    };
    const char *const text = type->text;
    const bool built_in = ctype_names(text, "string") || ctype_names(text, "bytes");

    if (!strcmp(text, "void"))
        report_item(check, type, "there is nothing in it",
                    "send a type that holds something, for example int or void *");
    else if (built_in && !(item && item_is_built_in(text)))
        report_item(check, type, "string and bytes stand alone",
                    item ? "channel string NAME[…], or a C type: char *"
                         : "write the C type: char *, or struct prt_bytes");
    else if (ctype_names(behind_stars(text), "const") || ctype_names(behind_stars(text), "volatile"))
        report_item(check, type, "items are moved, so they cannot be constant", "leave the qualifier out");
    check_type_words(check, type, item);
    if (item && is_local_of_wiring(text))
        report_item(check, type, "pipec calls something of its own so", "give the C type another name");
    for (size_t i = 0; i < sizeof storage / sizeof *storage; i++)
        if (ctype_names(text, storage[i]))
            report_item(check, type, "it says where a variable lives", "leave that word out");
}

static void check_merge(struct check *check, const struct stage *stage, const struct input *input)
{
    const struct source_ref *first = input->sources;

    for (const struct source_ref *ref = first->next; ref; ref = ref->next) {
        if (!first->channel || !ref->channel || !strcmp(first->channel->type.text, ref->channel->type.text))
            continue;
        diag_report(check->diags, "E0204", ref->name.span, "'%s' merges '%s' (%s) with '%s' (%s)",
                    stage->decl.name.text, first->name.text, first->channel->type.text, ref->name.text,
                    ref->channel->type.text);
        diag_note(check->diags, ref->channel->decl.name.span, "'%s' is declared here", ref->name.text);
        diag_hint(check->diags, "merge channels of one type, or read them in two stages");
    }
}

/* ---- declarations ---- */

static void check_stage(struct check *check, const struct stage *stage)
{
    for (const struct input *input = stage->inputs; input; input = input->next)
        if (input->sources)
            check_merge(check, stage, input);
}

static void check_decl(struct check *check, const struct decl *decl)
{
    switch (decl->kind) {
    case DECL_CHANNEL:
        check_item(check, &((const struct channel *)decl)->type, true);
        break;
    case DECL_TYPE:
        check_item(check, &((const struct type_decl *)decl)->c_type, false);
        break;
    case DECL_STAGE:
        check_stage(check, (const struct stage *)decl);
        break;
    case DECL_INSTANCE:
        check_instance(check, (const struct instance *)decl);
        break;
    default:
        break;
    }
    use_each(decl, check_use, check);
}

/* ---- types that mean themselves ---- */

static void report_circle(struct check *check, const struct type_decl *first)
{
    const struct type_decl *next = first->c_type.decl;

    diag_report(check->diags, "E0210", first->decl.name.span, "type '%s' means itself", first->decl.name.text);
    for (; next != first; next = next->c_type.decl)
        diag_note(check->diags, next->decl.name.span, "by way of '%s'", next->decl.name.text);
    diag_hint(check->diags, "name a C type behind the '=', under another name");
}

/* Follows each type to what it means. A step is taken once: `walk` has the number of the walk that took it. */
static void check_circles(struct check *check)
{
    size_t *const walk = memory_take(check->memory, (check->ast->counts[DECL_TYPE] + 1) * sizeof *walk);
    size_t number = 0;

    CHECK_EACH(check, DECL_TYPE, struct type_decl, type) {
        const struct type_decl *at = type;

        for (number++; at && walk[at->decl.index] == 0; at = at->c_type.decl)
            walk[at->decl.index] = number;
        if (at && walk[at->decl.index] == number)
            report_circle(check, at);
    }
}

void check_types(struct check *check)
{
    const struct use drain = use_of_drain(check->ast);
    const struct param *operands = NULL;

    check_use(check, &drain);

    CHECK_EACH(check, DECL_PARAM, struct param, param) {
        check_param_type(check, param);
        check_value(check, param, &param->value, "default");
        check_range(check, param);
        check_operands(check, param, &operands);
    }
    check_circles(check);
    for (const struct decl *decl = check->ast->decls; decl; decl = decl->next)
        check_decl(check, decl);
}
