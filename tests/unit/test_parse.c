/* What the parser makes of text: values, types, declarations, C text; where it goes on after an error; its limits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "text/memory.h"
#include "unit.h"

static struct source *source;
static struct sources *sources;
static struct obstack *memory;
static struct diags *diags;
static struct ast *ast;

static void parse_bytes(const char *text, size_t len)
{
    source = source_from_memory("x.pipe", text, len);
    sources = sources_new();
    memory = memory_new();
    diags = diags_new(sources);
    ck_assert(sources_add(sources, source));
    ast = ast_parse(sources, source, diags, memory);
    ck_assert_ptr_nonnull(ast);
    ck_assert_msg(memcmp(source->text, text, len) == 0, "the scanner left its marks in the text");
}

static void parse_text(const char *text)
{
    parse_bytes(text, strlen(text));
}

static void done(void)
{
    diags_free(diags);
    memory_free(memory);
    sources_free(sources);
}

/* What is said. */
static const char *said(void)
{
    static char text[1 << 16];
    FILE *to = fmemopen(text, sizeof text, "w");

    diags_write(diags, to, false);
    fclose(to);
    return text;
}

static void parse_right(const char *text)
{
    parse_text(text);
    ck_assert_msg(diag_errors(diags) == 0, "%s", said());
}

/* The text of `n` parts, between `before` and `behind`. */
static char *repeated(const char *before, const char *part, size_t n, const char *behind)
{
    const size_t len = strlen(part);
    char *text = malloc(strlen(before) + n * len + strlen(behind) + 1), *end = text;

    end = stpcpy(end, before);
    for (size_t i = 0; i < n; i++)
        end = stpcpy(end, part);
    stpcpy(end, behind);
    return text;
}

static void *first_of(enum decl_kind kind)
{
    for (struct decl *decl = ast->decls; decl; decl = decl->next)
        if (decl->kind == kind)
            return decl;
    ck_abort_msg("no declaration of kind %d", kind);
}

static size_t count_of(enum decl_kind kind)
{
    size_t n = 0;

    for (struct decl *decl = ast->decls; decl; decl = decl->next)
        n += decl->kind == kind;
    return n;
}

static void check_span(struct span at, const char *text)
{
    ck_assert_uint_eq(at.end - at.start, strlen(text));
    ck_assert_int_eq(memcmp(source->text + at.start, text, strlen(text)), 0);
}

static void check_code(const struct code *code, const char *text)
{
    ck_assert(code->present);
    ck_assert_uint_eq(code->len, strlen(text));
    ck_assert_int_eq(memcmp(source_text(source, code->span.start), text, code->len), 0);
    check_span(code->span, text);
}

/* ---- values ---- */

static struct value value_of(const char *text)
{
    char file[512];

    snprintf(file, sizeof file, "param int x = %s;", text);
    parse_right(file);
    return ((struct param *)first_of(DECL_PARAM))->value;
}

static void check_int(const char *text, enum value_kind kind, int64_t i)
{
    const struct value value = value_of(text);

    ck_assert_int_eq(value.kind, kind);
    ck_assert_msg(value.i == i, "%s is %lld", text, (long long)value.i);
    check_span(value.span, text);
    done();
}

START_TEST(whole_numbers)
{
    check_int("0", VALUE_INT, 0);
    check_int("007", VALUE_INT, 7);
    check_int("-12", VALUE_INT, -12);
    check_int("9223372036854775807", VALUE_INT, INT64_MAX);
    check_int("-9223372036854775808", VALUE_INT, INT64_MIN);
}
END_TEST

START_TEST(durations)
{
    check_int("1ns", VALUE_DURATION, 1);
    check_int("2us", VALUE_DURATION, 2000);
    check_int("250ms", VALUE_DURATION, 250000000);
    check_int("1.5s", VALUE_DURATION, 1500000000);
    check_int("1.50s", VALUE_DURATION, 1500000000);
    check_int("0.000000001s", VALUE_DURATION, 1);
    check_int("2m", VALUE_DURATION, INT64_C(120000000000));
    check_int("1h", VALUE_DURATION, INT64_C(3600000000000));
    check_int("1d", VALUE_DURATION, INT64_C(86400000000000));
    check_int("-5s", VALUE_DURATION, INT64_C(-5000000000));
    check_int("0s", VALUE_DURATION, 0);
    check_int("9223372036854775807ns", VALUE_DURATION, INT64_MAX);
}
END_TEST

START_TEST(sizes)
{
    check_int("64K", VALUE_SIZE, 65536);
    check_int("1M", VALUE_SIZE, 1 << 20);
    check_int("3G", VALUE_SIZE, INT64_C(3) << 30);
    check_int("2T", VALUE_SIZE, INT64_C(2) << 40);
    check_int("1.5K", VALUE_SIZE, 1536);
    check_int("0.125K", VALUE_SIZE, 128);
}
END_TEST

static void check_rate(const char *text, int64_t permits, uint64_t per_ns)
{
    const struct value value = value_of(text);

    ck_assert_int_eq(value.kind, VALUE_RATE);
    ck_assert_int_eq(value.i, permits);
    ck_assert_uint_eq(value.per_ns, per_ns);
    ck_assert_double_eq_tol(value.d, (double)permits * 1e9 / (double)per_ns, 1e-9);
    done();
}

START_TEST(rates)
{
    check_rate("5/s", 5, 1000000000);
    check_rate("1/200ms", 1, 200000000);
    check_rate("2K/m", 2000, UINT64_C(60000000000));
    check_rate("1M/2h", 1000000, UINT64_C(7200000000000));
    check_rate("0.5/s", 5, UINT64_C(10000000000));
    check_rate("1.5K/1.5s", 15000, UINT64_C(15000000000));
    check_rate("0/s", 0, 1000000000);
}
END_TEST

START_TEST(doubles)
{
    const struct value value = value_of("-0.25");

    ck_assert_int_eq(value.kind, VALUE_DOUBLE);
    ck_assert_double_eq(value.d, -0.25);
    done();
}
END_TEST

/* Each is refused once, and nothing more is said. */
START_TEST(no_numbers)
{
    static const char *const wrong[] = {
        "5x", "1.2.3", "0x10", "1e3", "64KB", "5sec", "1_000", "5/x", "5/", "5/0s", "-5/s", "5q/s", "5/1.5", "1.5.s",
        "0.5ns", "0.3K", "9223372036854775808", "-9223372036854775809", "200000d", "99999999999999999999K",
        "99999999999999999999/s", "1/99999999999999999999d", "9223372036854775807G/s", "5µs",
    };
    char file[512];

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        snprintf(file, sizeof file, "param int x = %s;\nparam int y = 1;\n", wrong[i]);
        parse_text(file);
        ck_assert_msg(diag_errors(diags) == 1, "%s: %s", wrong[i], said());
        done();
    }
}
END_TEST

START_TEST(ranges)
{
    const struct param *param;

    parse_right("param int n = 3 in 2..9; param double d in -1.5..2.5 \"doc\";");
    param = first_of(DECL_PARAM);
    ck_assert_int_eq(param->low.i, 2);
    ck_assert_int_eq(param->high.i, 9);
    param = (const struct param *)param->decl.next;
    ck_assert_int_eq(param->value.kind, VALUE_NONE);
    ck_assert_double_eq(param->low.d, -1.5);
    ck_assert_double_eq(param->high.d, 2.5);
    ck_assert_str_eq(param->decl.doc, "doc");
    done();
}
END_TEST

START_TEST(strings)
{
    const struct value value = value_of("\"a\\n\\t\\\"\\\\\\x1F\\033\\7é\"");

    ck_assert_int_eq(value.kind, VALUE_STRING);
    ck_assert_str_eq(value.s, "a\n\t\"\\\x1F\033\7é");
    done();
    ck_assert_str_eq(value_of("\"\"").s, "");
    done();
}
END_TEST

START_TEST(operands)
{
    const struct param *param;

    parse_right("param string files[] \"what to read\"; param bool b = true;");
    param = first_of(DECL_PARAM);
    ck_assert(param->operands);
    ck_assert_str_eq(param->type_name.text, "string");
    ck_assert_str_eq(param->decl.name.text, "files");
    param = (const struct param *)param->decl.next;
    ck_assert_int_eq(param->value.kind, VALUE_NAME);
    ck_assert_str_eq(param->value.s, "true");
    done();
}
END_TEST

/* ---- declarations ---- */

static void check_type(const char *written, const char *text)
{
    const struct channel *channel;
    char file[256];

    snprintf(file, sizeof file, "channel %s x[4];", written);
    parse_right(file);
    channel = first_of(DECL_CHANNEL);
    ck_assert_str_eq(channel->type.text, text);
    ck_assert_str_eq(channel->decl.name.text, "x");
    check_span(channel->type.span, written);
    done();
}

START_TEST(types)
{
    check_type("int", "int");
    check_type("const  char*", "const char *");
    check_type("char *\n*", "char **");
    check_type("char * const", "char * const");
    check_type("unsigned long long int", "unsigned long long int");
    check_type("struct drop *", "struct drop *");
    check_type("struct /* the one */ stage", "struct stage");
}
END_TEST

START_TEST(type_declarations)
{
    const struct type_decl *type;

    parse_right("type digest = struct drop * clone dup drop free_it; type drop = clone * drop drop;");
    type = first_of(DECL_TYPE);
    ck_assert_str_eq(type->c_type.text, "struct drop *");
    ck_assert_str_eq(type->drop.text, "free_it");
    ck_assert_str_eq(type->clone.text, "dup");
    type = (const struct type_decl *)type->decl.next;
    ck_assert_str_eq(type->decl.name.text, "drop");
    ck_assert_str_eq(type->c_type.text, "clone *");
    ck_assert_str_eq(type->drop.text, "drop");
    ck_assert_ptr_null(type->clone.text);
    done();
}
END_TEST

START_TEST(records)
{
    const struct record_decl *record;
    const struct field *field;

    parse_right("record point { int x; struct record *next; double v[3]; string of[]: \"a b\"; } record empty { }");
    record = first_of(DECL_RECORD);
    field = record->fields;
    ck_assert_str_eq(field->name.text, "x");
    ck_assert_int_eq(field->form, FIELD_ONE);
    ck_assert_int_eq(field->key.kind, VALUE_NONE);
    field = field->next;
    ck_assert_str_eq(field->type.text, "struct record *");
    field = field->next;
    ck_assert_int_eq(field->form, FIELD_ARRAY);
    ck_assert_int_eq(field->count.i, 3);
    field = field->next;
    ck_assert_int_eq(field->form, FIELD_LIST);
    ck_assert_str_eq(field->key.s, "a b");
    ck_assert_ptr_null(field->next);
    ck_assert_uint_eq(record->nfields, 4);
    ck_assert_ptr_null(((const struct record_decl *)record->decl.next)->fields);
    done();
}
END_TEST

START_TEST(channels)
{
    const struct channel *channel;

    parse_right("channel int a[16] drop oldest broadcast;\ninput channel string b[0] dead;\n"
                "output channel bytes c[*] on \"nats://x\";\nchannel int d[n] drop newest;\nchannel int e[2K];");
    channel = first_of(DECL_CHANNEL);
    ck_assert_int_eq(channel->cap_kind, CAP_BOUNDED);
    ck_assert_int_eq(channel->cap.i, 16);
    ck_assert_int_eq(channel->policy, DROP_OLDEST);
    ck_assert(channel->broadcast);
    check_span(channel->policy_span, "drop oldest");
    check_span(channel->decl.span, "channel int a[16] drop oldest broadcast;");
    channel = (const struct channel *)channel->decl.next;
    ck_assert_int_eq(channel->cap_kind, CAP_RENDEZVOUS);
    ck_assert(channel->is_input && channel->dead);
    check_span(channel->decl.span, "input channel string b[0] dead;");
    check_span(channel->port_span, "input");
    channel = (const struct channel *)channel->decl.next;
    ck_assert_int_eq(channel->cap_kind, CAP_GROWING);
    ck_assert(channel->is_output);
    ck_assert_str_eq(channel->url, "nats://x");
    channel = (const struct channel *)channel->decl.next;
    ck_assert_int_eq(channel->cap.kind, VALUE_NAME);
    ck_assert_int_eq(channel->policy, DROP_NEWEST);
    channel = (const struct channel *)channel->decl.next;
    ck_assert_int_eq(channel->cap.kind, VALUE_INT);
    ck_assert_int_eq(channel->cap.i, 2048);
    done();
}
END_TEST

START_TEST(others)
{
    parse_right("pipeline p \"what it does\"; include <sys/a-b.h>; include \"c++/my_h\"; link \"gtk+-3.0\";\n"
                "import \"ab.pipe\"; rate r = 5/s burst 3; bound b = 64M;\n"
                "test \"a { \\\" b\" { x -> \"}\" /* } */; init { } // }\n }");
    ck_assert_str_eq(ast->pipeline.text, "p");
    ck_assert_str_eq(ast->doc, "what it does");
    ck_assert_str_eq(((struct include_decl *)first_of(DECL_INCLUDE))->header, "<sys/a-b.h>");
    ck_assert_str_eq(((struct include_decl *)((struct decl *)first_of(DECL_INCLUDE))->next)->header, "\"c++/my_h\"");
    ck_assert_str_eq(((struct link_decl *)first_of(DECL_LINK))->module, "gtk+-3.0");
    ck_assert_str_eq(((struct import_decl *)first_of(DECL_IMPORT))->path, "ab.pipe");
    ck_assert_int_eq(((struct rate_decl *)first_of(DECL_RATE))->burst.i, 3);
    ck_assert_int_eq(((struct bound_decl *)first_of(DECL_BOUND))->permits.i, 64 << 20);
    ck_assert_uint_eq(count_of(DECL_TEST), 1);
    done();
}
END_TEST

/* ---- stages ---- */

START_TEST(inputs)
{
    const struct input *input;

    parse_right("stage s (x <- a, y <- b | c | d, z <- e > f,\n"
                "    xs[10] <- g | h within 5s weight (w(x)) 1M per (k)) { }");
    input = ((struct stage *)first_of(DECL_STAGE))->inputs;
    ck_assert_str_eq(input->name.text, "x");
    ck_assert_int_eq(input->choice, CHOICE_ONE);
    input = input->next;
    ck_assert_int_eq(input->choice, CHOICE_MERGE);
    ck_assert_str_eq(input->sources->name.text, "b");
    ck_assert_str_eq(input->sources->next->next->name.text, "d");
    ck_assert_ptr_null(input->sources->next->next->next);
    input = input->next;
    ck_assert_int_eq(input->choice, CHOICE_PRIORITY);
    input = input->next;
    ck_assert(input->is_batch);
    ck_assert_int_eq(input->choice, CHOICE_MERGE);
    ck_assert_int_eq(input->batch.i, 10);
    ck_assert_int_eq(input->within.i, INT64_C(5000000000));
    check_code(&input->batch_weight, "w(x)");
    ck_assert_int_eq(input->batch_limit.i, 1 << 20);
    check_code(&input->batch_per.code, "k");
    ck_assert_ptr_null(input->next);
    done();
}
END_TEST

START_TEST(outputs)
{
    const struct output *output;

    parse_right("stage s -> a, b[1], c[0..1], d[4] { }");
    output = ((struct stage *)first_of(DECL_STAGE))->outputs;
    ck_assert(!output->counted);
    output = output->next;
    ck_assert(output->counted && output->least == 1 && output->most == 1);
    output = output->next;
    ck_assert(output->counted && output->least == 0 && output->most == 1);
    check_span(output->count_span, "[0..1]");
    output = output->next;
    ck_assert(output->least == 4 && output->most == 4);
    ck_assert_ptr_null(output->next);
    done();
}
END_TEST

START_TEST(options)
{
    const struct stage *stage;

    parse_right("stage s (x <- a) workers 3 rate 5/s cost (1) per (x[\")\"]) burst 2\n"
                "bound m weight (x.len) bound 4 per (y) ordered by (x % 3) inline blocking timeout 2s\n"
                "on fail retry 3 backoff 1s..5s then -> lost every d { }");
    stage = first_of(DECL_STAGE);
    check_span(stage->parens, "(x <- a)");
    ck_assert(stage->has_workers && !stage->workers_auto && stage->workers.i == 3);
    check_span(stage->workers_span, "workers 3");
    check_span(stage->rate.span, "rate 5/s cost (1) per (x[\")\"]) burst 2");
    ck_assert_int_eq(stage->rate.burst.i, 2);
    check_code(&stage->rate.per.code, "x[\")\"]");
    check_code(&stage->rate.cost.code, "1");
    ck_assert_str_eq(stage->bounds->permits.s, "m");
    check_code(&stage->bounds->weight.code, "x.len");
    ck_assert_int_eq(stage->bounds->next->permits.i, 4);
    check_code(&stage->bounds->next->per.code, "y");
    ck_assert_ptr_null(stage->bounds->next->next);
    ck_assert(stage->ordered && stage->is_inline && stage->blocking);
    check_code(&stage->by.code, "x % 3");
    ck_assert_int_eq(stage->timeout.i, INT64_C(2000000000));
    ck_assert_str_eq(stage->every.s, "d");
    ck_assert(stage->fail.present && stage->fail.retry);
    ck_assert_int_eq(stage->fail.retries.i, 3);
    ck_assert_int_eq(stage->fail.backoff_low.i, INT64_C(1000000000));
    ck_assert_int_eq(stage->fail.backoff_high.i, INT64_C(5000000000));
    ck_assert_int_eq(stage->fail.then, THEN_CHANNEL);
    ck_assert_str_eq(stage->fail.channel.text, "lost");
    done();
}
END_TEST

START_TEST(fail_options)
{
    const struct stage *stage;

    parse_right("stage a on fail { } stage b workers auto on fail then stop { }\n"
                "stage c on fail retry n then skip { } stage d on fail retry 2 backoff 1s { }");
    stage = first_of(DECL_STAGE);
    ck_assert(stage->fail.present && stage->fail.then == THEN_DEFAULT && !stage->fail.retry);
    stage = (const struct stage *)stage->decl.next;
    ck_assert(stage->workers_auto && stage->fail.then == THEN_STOP);
    stage = (const struct stage *)stage->decl.next;
    ck_assert(stage->fail.then == THEN_SKIP && stage->fail.retry && stage->fail.backoff_low.kind == VALUE_NONE);
    stage = (const struct stage *)stage->decl.next;
    ck_assert_int_eq(stage->fail.backoff_high.i, stage->fail.backoff_low.i);
    done();
}
END_TEST

/* Those behind a body belong to the stage; those behind `= function;` to the pipeline. */
START_TEST(sections)
{
    const struct stage *stage;

    parse_right("state { int p; } init { p(); } final { q(); }\n"
                "stage s state { int n; } flush every 5s { f(); } { body(); } init { i(); } final { g(); }\n"
                "stage t state { int m; } = t_body;\n"
                "final { r(); }");
    ck_assert_uint_eq(count_of(DECL_STATE), 1);
    ck_assert_uint_eq(count_of(DECL_INIT), 1);
    ck_assert_uint_eq(count_of(DECL_FINAL), 2);
    check_code(&((struct section_decl *)first_of(DECL_STATE))->code, " int p; ");
    stage = first_of(DECL_STAGE);
    check_code(&stage->state, " int n; ");
    check_code(&stage->flush, " f(); ");
    ck_assert_int_eq(stage->flush_every.i, INT64_C(5000000000));
    check_code(&stage->body, " body(); ");
    check_code(&stage->init, " i(); ");
    check_code(&stage->final, " g(); ");
    stage = (const struct stage *)stage->decl.next;
    ck_assert_str_eq(stage->function.text, "t_body");
    ck_assert(!stage->body.present && !stage->final.present);
    done();
}
END_TEST

/* Every word but auto is a name wherever a name stands. */
START_TEST(words_as_names)
{
    static const char *const words[] = {
        "backoff", "blocking", "bound", "broadcast", "burst", "by", "channel", "clone", "cost", "dead", "drop", "every",
        "fail", "final", "flush", "import", "in", "include", "init", "inline", "input", "link", "newest", "oldest",
        "on", "ordered", "output", "param", "per", "pipeline", "rate", "record", "retry", "skip", "stage", "state",
        "stop", "test", "then", "timeout", "type", "weight", "within", "workers", "emit", "string", "true",
    };
    static const char form[] =
        "pipeline @; param @ @ = @ in @..@; record @ { @ @; } channel @ @[@] drop oldest; rate @ = @ burst @;\n"
        "bound @ = @; type @ = @ * drop @ clone @;\n"
        "stage @ (@ <- @ | @, @[@] <- @ > @ within @) -> @, @[1] workers @ rate @ burst @ bound @\n"
        "every @ on fail retry @ backoff @..@ then -> @ { } final { }\nstage @ = @;\n";

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char text[2048], *end = text;

        for (const char *p = form; *p; p++)
            end += *p == '@' ? sprintf(end, "%s", words[i]) : sprintf(end, "%c", *p);
        parse_right(text);
        ck_assert_uint_eq(count_of(DECL_STAGE), 2);
        ck_assert_uint_eq(count_of(DECL_RECORD), 1);
        done();
    }
}
END_TEST

/* ---- C text ---- */

static void check_body(const char *body)
{
    char text[512];

    snprintf(text, sizeof text, "stage s {%s}\nchannel int behind[1];", body);
    parse_right(text);
    check_code(&((struct stage *)first_of(DECL_STAGE))->body, body);
    ck_assert_uint_eq(count_of(DECL_CHANNEL), 1);
    done();
}

START_TEST(c_letters)
{
    check_body("");
    check_body("{{}{}}");
    check_body(" '}' '\\'' '\"' L'{' ");
    check_body(" \"}\" \"\\\"}\" u8\"}\" ");
    check_body(" \"a\\\n}\" \"a\\\r\n}\" ");
    check_body("// }\n");
    check_body("// } \\\n }\n");
    check_body("// } \\\r\n }\r\n");
    check_body("/* } */");
    check_body("/* } *\\\n/");
    check_body("/\\\n* } */");
    check_body("/\\\n/ }\n");
    check_body("/***/ /**/ /*/ } */");
    check_body(" 1'000'000 0x1'F 1.5'5 ");
    check_body("\n#define X }\n");
    check_body("\n  # define X } ' \" \\\n }\n");
    check_body("\n/* x */ #define X }\n");
    check_body("\n#define X /* }\n } */ }\n");
    check_body("\n#define X // } \\\n }\n");
    check_body("\n#error don't }\n");
    check_body("\n#define X \"/*\" }\n");
    check_body("\n%:define X }\n");
    check_body(" a # b; ");
    check_body("<% x %>");
    check_body("\n#if A\n{\n#else\n{\n#endif\n}}\n");
}
END_TEST

START_TEST(prologues)
{
    parse_right("%{ } ) \" %} \" /* %} */ // %}\n #define X %}channel int a[1];%{%}");
    ck_assert_uint_eq(count_of(DECL_PROLOGUE), 2);
    ck_assert_uint_eq(count_of(DECL_CHANNEL), 1);
    check_code(&((struct prologue_decl *)first_of(DECL_PROLOGUE))->code, " } ) \" %} \" /* %} */ // %}\n #define X ");
    done();
}
END_TEST

START_TEST(expressions)
{
    parse_right("stage s by (f((x), \")\", ')') + ({ g(); 1; })) { }");
    check_code(&((struct stage *)first_of(DECL_STAGE))->by.code, "f((x), \")\", ')') + ({ g(); 1; })");
    done();
}
END_TEST

/* `by` is a name behind `stage`, so what follows are the inputs. */
START_TEST(where_c_begins)
{
    parse_right("stage by (x <- by) -> by by (by) { }\nstage record (record <- a) -> record { } stage test { }");
    check_code(&((struct stage *)first_of(DECL_STAGE))->by.code, "by");
    ck_assert_uint_eq(count_of(DECL_STAGE), 3);
    done();
}
END_TEST

/* ---- letters ---- */

START_TEST(line_ends)
{
    static const char *const ends[] = { "\n", "\r\n", "\r" };
    char text[256];

    for (size_t i = 0; i < 3; i++) {
        const char *e = ends[i];

        snprintf(text, sizeof text, "\xEF\xBB\xBFpipeline p;%s// a comment%schannel int a%s[4]%s;%s/* b%s */", e, e,
                 e, e, e, e);
        parse_right(text);
        ck_assert_uint_eq(count_of(DECL_CHANNEL), 1);
        done();
    }
}
END_TEST

START_TEST(empty_files)
{
    static const char *const texts[] = { "", "\n", "\xEF\xBB\xBF", " \t\v\f\r\n", ";", "//", "/**/", ";;;" };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        parse_right(texts[i]);
        ck_assert_ptr_null(ast->decls);
        done();
    }
}
END_TEST

/* Cut anywhere, a file with every construct is parsed or refused, and always ends. */
START_TEST(cut_anywhere)
{
    static const char text[] =
        "pipeline p \"d\\n\"; include <a.h>; %{ '}' %} param int n = -3 in 1..5/s \"x\";\n"
        "type t = struct drop * drop f;\n"
        "record r { int a; char *b[3]; } channel int c[*] drop newest on \"u\"; rate a = 1.5K/2s burst 3;\n"
        "test \"t\" { init { \"}\" } } stage s (x[3] <- a | b within 5s per (f(\")\"))) -> c[0..1] workers auto by (x)\n"
        "on fail retry 3 backoff 1s..2s then -> d state { int x; } {\n#define X { \\\n } \n emit(x); /* } */ // }\n}\n"
        "final { } stage y = z;\n";

    for (size_t len = 0; len < sizeof text; len++) {
        parse_bytes(text, len);
        (void)said();
        done();
    }
}
END_TEST

START_TEST(each_byte_anywhere)
{
    static const char before[] = "stage s ", middle[] = " { a", behind[] = "b; }\nchannel int c[4];\n";
    char text[128];

    for (int byte = 0; byte < 256; byte++) {
        const char c = byte ? (char)byte : '\x01';
        const int len = snprintf(text, sizeof text, "%s%c%s%c%s", before, c, middle, c, behind);

        parse_bytes(text, (size_t)len);
        (void)said();
        done();
    }
}
END_TEST

/* ---- after errors ---- */

START_TEST(goes_on)
{
    parse_text("channel int a;\n"           /* at ; */
               "stage s (x < b) {\n foo; }\nfinal { }\n" /* behind the body, and what belongs to it */
               "}\n"
               "param int n 5\n"
               "channel int b[4];\n"        /* at the word */
               "link x y z\n"
               "  channel int not_at_the_start[4];\n"
               "record r { int 5; int b; }\n"
               "type t = ;\n"
               "%{ kept %}\n"
               "stage kept { }\n");
    ck_assert_uint_eq(count_of(DECL_CHANNEL), 1);
    ck_assert_uint_eq(count_of(DECL_FINAL), 0);
    ck_assert_uint_eq(count_of(DECL_RECORD), 1);
    ck_assert_uint_eq(count_of(DECL_PROLOGUE), 1);
    ck_assert_uint_eq(count_of(DECL_STAGE), 1);
    ck_assert_uint_eq(diag_errors(diags), 7);
    done();
}
END_TEST

START_TEST(goes_on_in_unclosed_text)
{
    parse_text("stage a {\n  {\n}\nstage b {\n}\nchannel int c[4];\nstage d by (x {\n}\nchannel int e[4];\n");
    ck_assert_uint_eq(count_of(DECL_STAGE), 1);
    ck_assert_uint_eq(count_of(DECL_CHANNEL), 2);
    ck_assert_uint_eq(diag_errors(diags), 2);
    done();
}
END_TEST

/* ---- limits ---- */

static void check_limit(char *text, const char *code)
{
    parse_text(text);
    if (code) {
        ck_assert_msg(diag_errors(diags) == 1, "%s", said());
        ck_assert_ptr_nonnull(strstr(said(), code));
    } else {
        ck_assert_msg(diag_errors(diags) == 0, "%s", said());
    }
    done();
    free(text);
}

static char *nested(const char *before, const char *open, const char *close, size_t n)
{
    char *half = repeated(before, open, n, ""), *text = repeated(half, close, n, "");

    free(half);
    return text;
}

START_TEST(nesting)
{
    check_limit(nested("stage s ", "{", "}", 10000), NULL);
    check_limit(nested("stage s ", "{", "}", 10001), "E0603");
    check_limit(nested("stage s ", "{", "}", 1000000), "E0603");
    check_limit(repeated("stage s {", "(", 10001, "}"), "E0603");
}
END_TEST

START_TEST(unclosed_and_deep)
{
    char *text = repeated("stage s ", "{", 1000000, "");

    parse_text(text);
    ck_assert_uint_eq(diag_errors(diags), 2);
    ck_assert_ptr_nonnull(strstr(said(), "E0007"));
    done();
    free(text);
}
END_TEST

START_TEST(names)
{
    check_limit(repeated("stage ", "n", 63, " { }"), NULL);
    check_limit(repeated("stage ", "n", 64, " { }"), "E0602");
    check_limit(repeated("stage ", "n", 100000, " { }"), "E0602");
}
END_TEST

START_TEST(declarations)
{
    check_limit(repeated("", "channel int x[1];\n", 100000, ""), NULL);
    check_limit(repeated("", "channel int x[1];\n", 100001, ""), "E0605");
    check_limit(repeated("", "channel int x[1];\n", 200000, "@"), "E0605");
}
END_TEST

/* Lists of a million members need no stack. */
START_TEST(long_lists)
{
    check_limit(repeated("stage s (x <- a", " | b", 200000, ") { }"), NULL);
    check_limit(repeated("stage s -> a", ", b", 200000, " { }"), NULL);
    check_limit(repeated("stage s ", "bound 3 ", 200000, " { }"), NULL);
    check_limit(repeated("record r { ", "int x; ", 200000, " }"), NULL);
    check_limit(repeated("channel ", "x ", 200000, "[3];"), NULL);
}
END_TEST

/* Where a token that never ends were read again from every place, these would take hours. */
START_TEST(hostile_files)
{
    static const char *const parts[][2] = {
        { "", "/*" }, { "", "\"" }, { "", "@ " }, { "", "<" }, { "", ";include<" }, { "", "stage x {\n" },
        { "", "1/1" },
        { "", "stage x by (\n" }, { "stage s {", "/*" }, { "stage s {", "\"" }, { "stage s {", "'\n" }, { "", ") ;\n" },
        { "stage s {#", "\\\"" }, { "stage s {\n#", "\"'x" }, { "stage s {", "/\\\n" }, { "stage s {/*", "*\\\n" },
        { "test \"x\" {", "\"" }, { "%{", "%" }, { "", "\x80" }, { "record r {", "5;" },
        { "param string s = \"", "\\n" },
    };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char *text = repeated(parts[i][0], parts[i][1], 2000000 / strlen(parts[i][1]), "");

        parse_text(text);
        ck_assert_uint_gt(diag_errors(diags), 0);
        (void)said();
        done();
        free(text);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        whole_numbers, durations, sizes, rates, doubles, no_numbers, ranges, strings, operands, types,
        type_declarations, records, channels, others, inputs, outputs, options, fail_options, sections, words_as_names,
        c_letters,
        prologues, expressions, where_c_begins, line_ends, empty_files, cut_anywhere, each_byte_anywhere, goes_on,
        goes_on_in_unclosed_text, nesting, unclosed_and_deep, names, declarations, long_lists, hostile_files,
    };

    return unit_run_all("parse", tests, sizeof tests / sizeof *tests);
}
