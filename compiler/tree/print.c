/* One line for each declaration, its place first, and below it what a channel, param, stage or part consists of.
 */
#include "tree/print.h"

#include "text/escape.h"
#include "tree/part.h"

struct printer {
    const struct ast *ast;
    FILE *to;
    int indent; /* of what stands in a part */
};

static void begin(const struct printer *out, const char *label)
{
    fprintf(out->to, "%*s    %s", out->indent, "", label);
}

static void print_line(const struct printer *out, const char *label, const char *text)
{
    begin(out, label);
    fprintf(out->to, " %s\n", text);
}

static void print_text(const struct printer *out, const char *label, struct span span)
{
    if (span.end == span.start)
        return;
    begin(out, label);
    fprintf(out->to, " %.*s\n", (int)(span.end - span.start), sources_text(out->ast->sources, span.start));
}

static void print_code(const struct printer *out, const char *label, const struct code *code)
{
    if (!code->present)
        return;
    begin(out, label);
    fprintf(out->to, " { C, %zu bytes from line %u }\n", code->len,
            sources_position(out->ast->sources, code->span.start).line);
}

static void print_channel(const struct printer *out, const struct channel *channel)
{
    print_text(out, "end", channel->port_span);
    print_line(out, "type", channel->type.text);
    switch (channel->cap_kind) {
    case CAP_BOUNDED: print_text(out, "cap", channel->cap.span); break;
    case CAP_RENDEZVOUS: print_line(out, "cap", "0"); break;
    case CAP_GROWING: print_line(out, "cap", "*"); break;
    case CAP_GIVEN: print_line(out, "cap", "[]"); break;
    }
}

static void print_ends(const struct printer *out, const struct stage *stage)
{
    for (const struct input *input = stage->inputs; input; input = input->next) {
        begin(out, "input");
        fprintf(out->to, " %s%s <-", input->pull ? "pull " : "", input->name.text);
        if (input->end.text)
            fprintf(out->to, " %s:", input->end.text);
        for (const struct source_ref *source = input->sources; source; source = source->next)
            fprintf(out->to, " %s", source->name.text);
        fputs("\n", out->to);
    }
    for (const struct output *output = output_first(stage); output; output = output_next(output)) {
        begin(out, "output");
        fprintf(out->to, " %s", output->name.text);
        if (output->is_end)
            fprintf(out->to, ": %s", output->to.text);
        if (output->counted)
            fprintf(out->to, " [%lld..%lld]", (long long)output->least, (long long)output->most);
        fputs("\n", out->to);
    }
}

static void print_stage(const struct printer *out, const struct stage *stage)
{
    print_ends(out, stage);
    print_text(out, "option", stage->workers_span);
    print_text(out, "option", stage->rate.span);
    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next)
        print_text(out, "option", bound->span);
    print_text(out, "option", stage->ordered_span);
    print_text(out, "option", stage->inline_span);
    print_text(out, "option", stage->every_span);
    print_text(out, "option", stage->blocking_span);
    print_text(out, "option", stage->daemon_span);
    print_text(out, "option", stage->fail.span);
    print_code(out, "functions", &stage->functions);
    print_code(out, "state", &stage->state);
    print_code(out, "init", &stage->init);
    print_code(out, "body", &stage->body);
    print_code(out, "flush", &stage->flush);
    print_code(out, "final", &stage->final);
    if (stage->function.text)
        print_line(out, "function", stage->function.text);
    if (stage->made)
        print_text(out, "made of", stage->made->span);
}

static void print_param(const struct printer *out, const struct param *param)
{
    begin(out, "type");
    fprintf(out->to, " %s%s\n", param->type_name.text, param->operands ? "[]" : "");
    for (const struct word *end = param->ends; end; end = end->next)
        print_line(out, "about", end->name.text);
    print_code(out, "default", &param->code);
    if (param->decl.doc)
        print_line(out, "doc", escape_string(out->ast->memory, param->decl.doc));
}

static void print_record(const struct printer *out, const struct record_decl *record)
{
    for (const struct field *field = record->fields; field; field = field->next) {
        begin(out, "field");
        fprintf(out->to, " %s %s", field->type.text, field->name.text ? field->name.text : "");
        if (field->form == FIELD_ARRAY)
            fprintf(out->to, "[%.*s]", (int)(field->count.span.end - field->count.span.start),
                    sources_text(out->ast->sources, field->count.span.start));
        else if (field->form == FIELD_LIST)
            fputs("[]", out->to);
        if (field->key.kind == VALUE_STRING)
            fprintf(out->to, ": %s", escape_string(out->ast->memory, field->key.s));
        fputs("\n", out->to);
    }
}

/* Parts stand in parts only where that is an error to come, no deeper than the parser reads. */
static void print_decls(const struct printer *out)
{
    for (const struct decl *decl = out->ast->decls; decl; decl = decl->next) {
        const struct position at = sources_position(out->ast->sources, decl->span.start);

        fprintf(out->to, "%*s%u:%u: %s%s%s\n", out->indent, "", at.line, at.column, decl_noun(decl->kind),
                decl->name.text ? " " : "", decl->name.text ? decl->name.text : "");
        if (decl->kind == DECL_CHANNEL)
            print_channel(out, (const struct channel *)decl);
        else if (decl->kind == DECL_PARAM)
            print_param(out, (const struct param *)decl);
        else if (decl->kind == DECL_STAGE)
            print_stage(out, (const struct stage *)decl);
        else if (decl->kind == DECL_RECORD)
            print_record(out, (const struct record_decl *)decl);
        else if (decl->kind == DECL_PART)
            print_decls(&(struct printer){ ((const struct part *)decl)->body, out->to, out->indent + 4 });
    }
}

void ast_print(const struct ast *ast, FILE *to)
{
    const struct printer out = { ast, to, 0 };

    if (ast->pipeline.text)
        fprintf(to, "pipeline %s\n", ast->pipeline.text);
    print_text(&out, "drain", ast->drain.span);
    print_decls(&out);
}
