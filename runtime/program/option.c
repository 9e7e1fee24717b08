/* The command line of an emitted program. Each param is an option, named like it with - for _; beside them stand the
 * options of every program. An option's value follows after = or as the next argument; a bool has none, or true or
 * false after =. Not getopt_long: it knows neither --no-FLAG nor what the nearest option is, and takes abbreviations,
 * which a new param would break.
 *
 * The operands and what --workers and --rate said outlive the call, as long as the program runs; the rest is released.
 */
#include "program/value.h"

#include <errno.h>
#include <limits.h>
#include <prt/platform.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPTION_WORKERS_MOST 100000

struct option_line {
    const struct prt_program *program;
    unsigned char *params;
    struct prt_settings *settings;
    struct prt_override *overrides; /* room for one an argument */
    const char **operands;          /* room for one an argument */
    size_t noperands;
    bool *given;                    /* for each param: it has been set */
    char **names;                   /* for each param: the name with - for _ */
    char **next, **end;             /* arguments yet to read */
};

/* The names that a program has of one kind: of stages, of rates. */
struct option_list {
    const char *const *names;
    size_t n;
};

static struct option_list option_stages(const struct prt_program *program)
{
    return (struct option_list){ program->pools, program->npools };
}

static struct option_list option_rates(const struct prt_program *program)
{
    return (struct option_list){ program->rates, program->nrates };
}

/* An option that every program has. Its setter gets what stands after the =, or NULL, and returns the exit status with
 * which the program is to end; below 0: it goes on. */
struct option_common {
    const char *name;
    const char *form; /* the value's, as --help shows it; "" takes none, what is in brackets may be left out */
    int (*set)(struct option_line *line, const struct option_common *option, const char *value);
    const char *help;
    struct option_list (*list)(const struct prt_program *program); /* what it may name; NULL: it names nothing */
    const char *noun; /* each of them */
};

static int option_set_workers(struct option_line *line, const struct option_common *option, const char *text);
static int option_set_rate(struct option_line *line, const struct option_common *option, const char *text);
static int option_set_drain(struct option_line *line, const struct option_common *option, const char *text);
static int option_set_stats(struct option_line *line, const struct option_common *option, const char *form);
static int option_set_progress(struct option_line *line, const struct option_common *option, const char *form);
static int option_set_failures(struct option_line *line, const struct option_common *option, const char *name);
static int option_help(struct option_line *line, const struct option_common *option, const char *none);
static int option_version(struct option_line *line, const struct option_common *option, const char *none);

static const struct option_common option_commons[] = {
    { "workers", "=STAGE=N", option_set_workers, "how many workers a stage has", option_stages, "stage" },
    { "rate", "=NAME=RATE", option_set_rate, "how fast a rate lets bodies start", option_rates, "rate" },
    { "drain", "=DURATION", option_set_drain, "after a signal or a stop, how long queued items may take before they are "
      "given up", NULL, NULL },
    { "stats", "[=json]", option_set_stats, "at the end, print to standard error what every stage and channel counted, "
      "and where the time went", NULL, NULL },
    { "progress", "[=plain]", option_set_progress, "while it runs, show on standard error how far it is, if that is a "
      "terminal; plain: as lines, every few seconds", NULL, NULL },
    { "failures", "=FILE", option_set_failures, "write every item that failed or was left out to FILE, as a line of JSON",
      NULL, NULL },
    { "help", "", option_help, "print this help", NULL, NULL },
    { "version", "", option_version, "print which pipec the program was made with", NULL, NULL },
};

#define OPTION_COMMONS (sizeof option_commons / sizeof *option_commons)

/* ---- errors ---------------------------------------------------------------- */

/* Says what is wrong; returns the status of a usage error. */
static int __attribute__((format(printf, 2, 3))) option_error(const struct option_line *line, const char *format, ...)
{
    va_list args;

    fprintf(stderr, "%s: ", line->program->name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\nTry '%s --help'.\n", line->program->name);
    return 2;
}

static int64_t option_type_low(enum prt_param_type type)
{
    return type == PRT_INT ? INT_MIN : type == PRT_LONG ? LONG_MIN : 0;
}

static int64_t option_type_high(enum prt_param_type type)
{
    return type == PRT_INT ? INT_MAX : type == PRT_LONG ? LONG_MAX : INT64_MAX;
}

/* `1..100`, `from 1`, `up to 100`: what is allowed; empty where everything of the type is. */
static void option_write_range(const struct prt_param *param, char *text, size_t size)
{
    const bool whole = param->type == PRT_INT || param->type == PRT_LONG || param->type == PRT_DURATION;
    char low[48], high[48];

    text[0] = '\0';
    if (!param->ranged)
        return;
    prt_value_write(param->type, param->low, low, sizeof low);
    prt_value_write(param->type, param->high, high, sizeof high);
    if ((whole && param->high.i == option_type_high(param->type)) ||
        (param->type == PRT_SIZE && param->high.u == SIZE_MAX))
        snprintf(text, size, "from %s", low);
    else if (whole && param->low.i == option_type_low(param->type))
        snprintf(text, size, "up to %s", high);
    else
        snprintf(text, size, "%s..%s", low, high);
}

/* ---- names ----------------------------------------------------------------- */

/* Whether the `len` characters at `text` name the param: - and _ are the same. */
static bool option_is_name(const char *name, const char *text, size_t len)
{
    if (strlen(name) != len)
        return false;
    for (size_t i = 0; i < len; i++)
        if ((name[i] == '_' ? '-' : name[i]) != (text[i] == '_' ? '-' : text[i]))
            return false;
    return true;
}

static char *option_name(const struct option_line *line, const struct prt_param *param)
{
    return line->names[param - line->program->params];
}

#define OPTION_NAME_MOST 63

/* Edits that turn one name into the other. Names too long to be typed wrongly in one place are not compared. */
static size_t option_distance(const char *a, const char *b)
{
    const size_t alen = strlen(a), blen = strlen(b);
    size_t row[OPTION_NAME_MOST + 1];

    if (alen > OPTION_NAME_MOST || blen > OPTION_NAME_MOST)
        return SIZE_MAX;
    for (size_t j = 0; j <= blen; j++)
        row[j] = j;
    for (size_t i = 1; i <= alen; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (size_t j = 1; j <= blen; j++) {
            const size_t replace = corner + (a[i - 1] != b[j - 1]);
            const size_t insert = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;

            corner = row[j];
            row[j] = replace < insert ? replace : insert;
        }
    }
    return row[blen];
}

/* Keeps the nearer of *best and `name`. */
static void option_consider(const char *typed, const char *name, const char **best, size_t *distance)
{
    const size_t edits = option_distance(typed, name);

    if (edits < *distance) {
        *distance = edits;
        *best = name;
    }
}

/* The name that was probably meant, or NULL. */
static const char *option_nearest(const char *typed, struct option_list list)
{
    const char *best = NULL;
    size_t distance = strlen(typed) / 3 + 2;

    for (size_t i = 0; i < list.n; i++)
        option_consider(typed, list.names[i], &best, &distance);
    return best;
}

static int option_unknown(const struct option_line *line, const char *typed)
{
    const struct prt_program *const program = line->program;
    const size_t len = strcspn(typed, "=");
    char *const name = strndup(typed, len);
    const char *best = NULL;
    size_t distance = len / 3 + 2;

    for (size_t i = 0; name && i < program->nparams; i++)
        if (program->params[i].type != PRT_OPERANDS)
            option_consider(name, line->names[i], &best, &distance);
    for (size_t i = 0; name && i < OPTION_COMMONS; i++)
        option_consider(name, option_commons[i].name, &best, &distance);
    free(name);
    if (best)
        return option_error(line, "there is no option --%.*s; did you mean --%s?", (int)len, typed, best);
    return option_error(line, "there is no option --%.*s", (int)len, typed);
}

/* ---- params ---------------------------------------------------------------- */

static void option_store(const struct option_line *line, const struct prt_param *param, union prt_value value)
{
    void *const at = line->params + param->at;

    switch (param->type) {
    case PRT_INT:
        *(int *)at = (int)value.i;
        break;
    case PRT_LONG:
        *(long *)at = (long)value.i;
        break;
    case PRT_DURATION:
        *(int64_t *)at = value.i;
        break;
    case PRT_SIZE:
        *(size_t *)at = (size_t)value.u;
        break;
    case PRT_DOUBLE:
    case PRT_RATE:
        *(double *)at = value.d;
        break;
    case PRT_BOOL:
        *(bool *)at = value.b;
        break;
    case PRT_STRING:
        *(const char **)at = value.s;
        break;
    case PRT_OPERANDS:
        *(struct prt_operands *)at = (struct prt_operands){ line->noperands ? line->operands : NULL, line->noperands };
        break;
    }
}

static bool option_in_range(const struct prt_param *param, union prt_value value)
{
    if (!param->ranged)
        return true;
    switch (param->type) {
    case PRT_INT:
    case PRT_LONG:
    case PRT_DURATION:
        return value.i >= param->low.i && value.i <= param->high.i;
    case PRT_SIZE:
        return value.u >= param->low.u && value.u <= param->high.u;
    case PRT_DOUBLE:
    case PRT_RATE:
        return value.d >= param->low.d && value.d <= param->high.d;
    default:
        return true;
    }
}

static int option_set(const struct option_line *line, const struct prt_param *param, const char *text)
{
    const char *const name = option_name(line, param);
    union prt_value value = { 0 };
    const char *const wrong = prt_value_read(param->type, text, &value);
    char range[100];

    option_write_range(param, range, sizeof range);
    if (wrong)
        return option_error(line, "--%s=%s: %s%s%s", name, text, wrong, range[0] ? "; allowed: " : "", range);
    if (!option_in_range(param, value))
        return option_error(line, "--%s=%s is out of range; allowed: %s", name, text, range);
    option_store(line, param, value);
    line->given[param - line->program->params] = true;
    return -1;
}

/* The value of an option: what stood after =, else the next argument; NULL at the end. */
static const char *option_value(struct option_line *line, const char *after)
{
    if (after)
        return after;
    return line->next < line->end ? *line->next++ : NULL;
}

static int option_set_param(struct option_line *line, const struct prt_param *param, const char *after)
{
    const char *const value = param->type == PRT_BOOL && !after ? "true" : option_value(line, after);

    if (!value)
        return option_error(line, "--%s needs a value", option_name(line, param));
    return option_set(line, param, value);
}

static const struct prt_param *option_find_param(const struct prt_program *program, const char *text, size_t len)
{
    for (size_t i = 0; i < program->nparams; i++)
        if (program->params[i].type != PRT_OPERANDS && option_is_name(program->params[i].name, text, len))
            return &program->params[i];
    return NULL;
}

/* The bool that `no-FLAG` turns off. */
static const struct prt_param *option_find_negated(const struct prt_program *program, const char *text, size_t len)
{
    const struct prt_param *param;

    if (len <= 3 || strncmp(text, "no-", 3) != 0)
        return NULL;
    param = option_find_param(program, text + 3, len - 3);
    return param && param->type == PRT_BOOL ? param : NULL;
}

/* ---- the options of every program ------------------------------------------ */

/* Which name of the option's list the `NAME=` at `text` begins with; else explains and returns NULL. */
static const char *option_find_listed(const struct option_line *line, const struct option_common *option,
                                      const char *text)
{
    const struct option_list list = option->list(line->program);
    const size_t len = strcspn(text, "=");
    const char *nearest;
    char *typed;

    for (size_t i = 0; i < list.n; i++)
        if (strlen(list.names[i]) == len && strncmp(list.names[i], text, len) == 0)
            return list.names[i];
    if (list.n == 0) {
        option_error(line, "--%s=%s: nothing in this program can be named here", option->name, text);
        return NULL;
    }
    typed = strndup(text, len);
    nearest = typed ? option_nearest(typed, list) : NULL;
    option_error(line, "--%s=%s: there is no %s '%.*s' to set; %s '%s'%s", option->name, text, option->noun, (int)len, text,
                 nearest ? "did you mean" : "one is", nearest ? nearest : list.names[0], nearest ? "?" : "");
    free(typed);
    return NULL;
}

/* The last word about a name counts. */
static void option_override(struct option_line *line, const struct prt_override *override)
{
    size_t i = 0;

    while (i < line->settings->noverrides && (line->overrides[i].is_rate != override->is_rate ||
                                              strcmp(line->overrides[i].name, override->name) != 0))
        i++;
    line->overrides[i] = *override;
    if (i == line->settings->noverrides)
        line->settings->noverrides++;
    line->settings->overrides = line->overrides;
}

static int option_set_workers(struct option_line *line, const struct option_common *option, const char *text)
{
    const char *const name = option_find_listed(line, option, text);
    const char *const number = strchr(text, '=');
    union prt_value value = { 0 };

    if (!name)
        return 2;
    if (!number)
        return option_error(line, "--workers=%s: a number is missing, as in --workers=%s=4", text, name);
    if (prt_value_read(PRT_LONG, number + 1, &value) || value.i < 1 || value.i > OPTION_WORKERS_MOST)
        return option_error(line, "--workers=%s: a whole number is wanted; allowed: 1..%d", text, OPTION_WORKERS_MOST);
    option_override(line, &(struct prt_override){ .name = name, .workers = (uint64_t)value.i });
    return -1;
}

static int option_set_rate(struct option_line *line, const struct option_common *option, const char *text)
{
    const char *const name = option_find_listed(line, option, text);
    const char *const rate = strchr(text, '=');
    union prt_value value = { 0 };
    const char *wrong;

    if (!name)
        return 2;
    if (!rate)
        return option_error(line, "--rate=%s: a rate is missing, as in --rate=%s=5/s", text, name);
    wrong = prt_value_read(PRT_RATE, rate + 1, &value);
    if (wrong)
        return option_error(line, "--rate=%s: %s", text, wrong);
    option_override(line, &(struct prt_override){ .name = name, .is_rate = true, .per_second = value.d });
    return -1;
}

static int option_set_drain(struct option_line *line, const struct option_common *option, const char *text)
{
    union prt_value value = { 0 };
    const char *const wrong = prt_value_read(PRT_DURATION, text, &value);

    if (wrong)
        return option_error(line, "--%s=%s: %s", option->name, text, wrong);
    line->settings->drain = value.i ? (uint64_t)value.i : 1; /* 0 means no limit to the runtime, but none at all here */
    return -1;
}

static int option_set_stats(struct option_line *line, const struct option_common *option, const char *form)
{
    if (form && strcmp(form, "json") != 0)
        return option_error(line, "--%s=%s: json is the only other form", option->name, form);
    line->settings->stats = true;
    line->settings->stats_json = form != NULL;
    return -1;
}

static int option_set_progress(struct option_line *line, const struct option_common *option, const char *form)
{
    if (form && strcmp(form, "plain") != 0)
        return option_error(line, "--%s=%s: plain is the only other form", option->name, form);
    line->settings->progress = true;
    line->settings->progress_plain = form != NULL;
    return -1;
}

static int option_set_failures(struct option_line *line, const struct option_common *option, const char *name)
{
    (void)option;
    line->settings->failures = name;
    return -1;
}

/* ---- help ------------------------------------------------------------------ */

#define OPTION_COLUMN 26
#define OPTION_WIDTH 80

static const char *const option_metas[] = {
    [PRT_INT] = "N",        [PRT_LONG] = "N",            [PRT_DOUBLE] = "NUMBER", [PRT_BOOL] = NULL,
    [PRT_STRING] = "TEXT",  [PRT_DURATION] = "DURATION", [PRT_SIZE] = "SIZE",     [PRT_RATE] = "RATE",
    [PRT_OPERANDS] = NULL,
};

/* Prints words from `column` on, broken into lines at blanks. `at` is the column where the cursor stands. */
static void option_print_words(const char *text, int at)
{
    if (at >= OPTION_COLUMN) {
        putchar('\n');
        at = 0;
    }
    printf("%*s", OPTION_COLUMN - at, "");
    at = OPTION_COLUMN;
    while (*text) {
        const int len = (int)strcspn(text, " ");

        if (at > OPTION_COLUMN && at + 1 + len > OPTION_WIDTH) {
            printf("\n%*s", OPTION_COLUMN, "");
            at = OPTION_COLUMN;
        }
        at += printf("%s%.*s", at > OPTION_COLUMN ? " " : "", len, text);
        text += len;
        text += strspn(text, " ");
    }
    putchar('\n');
}

/* `(1..100; default 10)`, in words that do not break inside a part. */
static void option_write_notes(const struct prt_param *param, char *text, size_t size)
{
    char range[100], value[200];

    option_write_range(param, range, sizeof range);
    prt_value_write(param->type, param->value, value, sizeof value);
    if (param->processors)
        snprintf(value, sizeof value, "the number of processors");
    if (param->required)
        snprintf(text, size, "(%s%srequired)", range, range[0] ? "; " : "");
    else if (param->type == PRT_BOOL && !param->value.b && !range[0])
        text[0] = '\0';
    else if (param->type == PRT_STRING)
        snprintf(text, size, "(default %s%s%s)", value[0] ? "'" : "", value[0] ? value : "empty", value[0] ? "'" : "");
    else
        snprintf(text, size, "(%s%sdefault %s)", range, range[0] ? "; " : "", value);
}

static void option_print_param(const struct option_line *line, const struct prt_param *param)
{
    const char *const meta = option_metas[param->type];
    const bool negatable = param->type == PRT_BOOL && (param->value.b || param->required);
    const char *const doc = param->doc ? param->doc : "";
    char notes[320], *words;
    int at = printf("  --%s%s", negatable ? "[no-]" : "", option_name(line, param));

    if (meta)
        at += printf("=%s", meta);
    option_write_notes(param, notes, sizeof notes);
    if (asprintf(&words, "%s%s%s", doc, *doc && *notes ? " " : "", notes) < 0)
        return;
    option_print_words(words, at);
    free(words);
}

static void option_write_drain(const struct prt_program *program, FILE *to)
{
    char limit[48];

    if (program->drain_from) {
        fputs(" (default: that of --", to);
        for (const char *c = program->drain_from->name; *c; c++)
            fputc(*c == '_' ? '-' : *c, to);
        fputc(')', to);
        return;
    }
    prt_value_write(PRT_DURATION, (union prt_value){ .i = (int64_t)program->drain }, limit, sizeof limit);
    fprintf(to, " (default%s%s)", program->drain ? " " : "", program->drain ? limit : ": no limit");
}

/* An option that every program has, with the names that it takes; not where there are none. */
static void option_print_common(const struct prt_program *program, const struct option_common *option)
{
    const struct option_list list = option->list ? option->list(program) : (struct option_list){ NULL, 0 };
    char *words = NULL;
    size_t size;
    FILE *const to = option->list && list.n == 0 ? NULL : open_memstream(&words, &size);

    if (!to)
        return;
    fputs(option->help, to);
    if (option->set == option_set_drain)
        option_write_drain(program, to);
    for (size_t i = 0; i < list.n; i++)
        fprintf(to, "%s %s", i == 0 ? ":" : ",", list.names[i]);
    fclose(to);
    option_print_words(words, printf("  --%s%s", option->name, option->form));
    free(words);
}

static const struct prt_param *option_find_operands(const struct prt_program *program)
{
    for (size_t i = 0; i < program->nparams; i++)
        if (program->params[i].type == PRT_OPERANDS)
            return &program->params[i];
    return NULL;
}

static void option_print_head(const struct option_line *line)
{
    const struct prt_program *const program = line->program;
    const struct prt_param *const operands = option_find_operands(program);
    char *const name = operands ? option_name(line, operands) : NULL;

    for (char *c = name; c && *c; c++)
        if (*c >= 'a' && *c <= 'z')
            *c -= 'a' - 'A';
    printf("Usage: %s [OPTION]...%s%s%s\n", program->name, name ? " [" : "", name ? name : "", name ? "]..." : "");
    if (program->doc)
        printf("%s\n", program->doc);
    if (name && operands->doc) {
        putchar('\n');
        option_print_words(operands->doc, printf("  %s", name));
    }
}

/* The exit status of an option that only prints. */
static int option_printed(const struct option_line *line)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return 0;
    fprintf(stderr, "%s: cannot write standard output: %s\n", line->program->name, strerror(errno));
    return 1;
}

static int option_help(struct option_line *line, const struct option_common *option, const char *none)
{
    const struct prt_program *const program = line->program;
    bool any = false;

    (void)option;
    (void)none;
    option_print_head(line);
    for (size_t i = 0; i < program->nparams; i++) {
        if (program->params[i].type == PRT_OPERANDS)
            continue;
        if (!any)
            printf("\nOptions:\n");
        any = true;
        option_print_param(line, &program->params[i]);
    }
    printf("\nOptions of every pipeline:\n");
    for (size_t i = 0; i < OPTION_COMMONS; i++)
        option_print_common(program, &option_commons[i]);
    return option_printed(line);
}

static int option_version(struct option_line *line, const struct option_common *option, const char *none)
{
    (void)option;
    (void)none;
    printf("%s, made with pipec " PRT_VERSION "\n", line->program->name);
    return option_printed(line);
}

/* ---- the loop -------------------------------------------------------------- */

static int option_set_common(struct option_line *line, const struct option_common *option, const char *after)
{
    const char *value = after;

    if (after && option->form[0] == '\0')
        return option_error(line, "--%s takes no value", option->name);
    if (option->form[0] == '=')
        value = option_value(line, after);
    if (option->form[0] == '=' && !value)
        return option_error(line, "--%s needs a value", option->name);
    return option->set(line, option, value);
}

/* `text` is what follows the two dashes. */
static int option_read_long(struct option_line *line, const char *text)
{
    const size_t len = strcspn(text, "=");
    const char *const after = text[len] ? text + len + 1 : NULL;
    const struct prt_param *param = option_find_param(line->program, text, len);
    size_t common = 0;

    if (param)
        return option_set_param(line, param, after);
    while (common < OPTION_COMMONS && !option_is_name(option_commons[common].name, text, len))
        common++;
    if (common < OPTION_COMMONS)
        return option_set_common(line, &option_commons[common], after);
    param = option_find_negated(line->program, text, len);
    if (!param)
        return option_unknown(line, text);
    if (after)
        return option_error(line, "--%.*s takes no value", (int)len, text);
    return option_set(line, param, "false");
}

static int option_read_operand(struct option_line *line, const char *text)
{
    if (!option_find_operands(line->program))
        return option_error(line, "'%s': options begin with --, and %s takes no other arguments", text,
                            line->program->name);
    line->operands[line->noperands++] = text;
    return -1;
}

static int option_read_line(struct option_line *line)
{
    bool options = true;
    int status = -1;

    while (status < 0 && line->next < line->end) {
        const char *const text = *line->next++;

        if (!options || text[0] != '-' || text[1] == '\0')
            status = option_read_operand(line, text);
        else if (strcmp(text, "--") == 0)
            options = false;
        else if (text[1] == '-')
            status = option_read_long(line, text + 2);
        else
            status = option_error(line, "there is no option %s; options begin with --, and -- ends them", text);
    }
    return status;
}

static int option_finish(const struct option_line *line)
{
    const struct prt_program *const program = line->program;

    for (size_t i = 0; i < program->nparams; i++) {
        const struct prt_param *const param = &program->params[i];

        if (param->type == PRT_OPERANDS)
            option_store(line, param, (union prt_value){ 0 });
        else if (param->required && !line->given[i])
            return option_error(line, "--%s is missing%s%s", line->names[i], param->doc ? ": " : "",
                                param->doc ? param->doc : "");
    }
    if (line->settings->drain == 0 && program->drain_from)
        memcpy(&line->settings->drain, (const char *)line->params + program->drain_from->at, sizeof line->settings->drain);
    return -1;
}

/* The params' names with - for _, in one piece of memory behind the pointers. */
static char **option_make_names(const struct prt_program *program)
{
    size_t size = (program->nparams + 1) * sizeof(char *);
    char **names, *to;

    for (size_t i = 0; i < program->nparams; i++)
        size += strlen(program->params[i].name) + 1;
    names = malloc(size);
    if (!names)
        return NULL;
    to = (char *)(names + program->nparams + 1);
    for (size_t i = 0; i < program->nparams; i++) {
        names[i] = strcpy(to, program->params[i].name);
        for (; *to; to++)
            if (*to == '_')
                *to = '-';
        to++;
    }
    return names;
}

static union prt_value option_default(const struct prt_param *param)
{
    union prt_value value = param->value;

    if (!param->processors)
        return value;
    value.i = (int64_t)prt_cpus();
    if (param->ranged && value.i < param->low.i)
        value.i = param->low.i;
    if (param->ranged && value.i > param->high.i)
        value.i = param->high.i;
    return value;
}

static int option_run(struct option_line *line)
{
    int status;

    if (!line->overrides || !line->operands || !line->given || !line->names) {
        fprintf(stderr, "%s: out of memory\n", line->program->name);
        return 1;
    }
    line->settings->doc = line->program->doc;
    line->settings->drain = line->program->drain;
    for (size_t i = 0; i < line->program->nparams; i++)
        if (!line->program->params[i].required && line->program->params[i].type != PRT_OPERANDS)
            option_store(line, &line->program->params[i], option_default(&line->program->params[i]));
    status = option_read_line(line);
    return status < 0 ? option_finish(line) : status;
}

int prt_options(const struct prt_program *program, void *params, struct prt_settings *settings, int argc, char **argv)
{
    const size_t args = argc > 0 ? (size_t)argc : 1;
    struct option_line line = { .program = program, .params = params, .settings = settings };
    int status;

    line.next = argv + (argc > 0);
    line.end = argv + (argc > 0 ? argc : 0);
    line.overrides = calloc(args, sizeof *line.overrides);
    line.operands = calloc(args, sizeof *line.operands);
    line.given = calloc(program->nparams + 1, sizeof *line.given);
    line.names = option_make_names(program);
    status = option_run(&line);
    free(line.given);
    free(line.names);
    if (status >= 0 || settings->noverrides == 0) {
        free(line.overrides);
        settings->overrides = NULL;
        settings->noverrides = 0;
    }
    if (status >= 0 || line.noperands == 0)
        free(line.operands);
    return status;
}
