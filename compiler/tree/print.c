/* One line for each declaration, its place first, and below it what a channel, param or stage consists of.
 */
#include "tree/print.h"

#include "text/escape.h"

static void print_text(const struct ast *ast, FILE *to, const char *label, struct span span)
{
    if (span.end > span.start)
        fprintf(to, "    %s %.*s\n", label, (int)(span.end - span.start), sources_text(ast->sources, span.start));
}

static void print_code(const struct ast *ast, FILE *to, const char *label, const struct code *code)
{
    if (code->present)
        fprintf(to, "    %s { C, %zu bytes from line %u }\n", label, code->len,
                sources_position(ast->sources, code->span.start).line);
}

static void print_channel(FILE *to, const struct channel *channel)
{
    fprintf(to, "    type %s\n", channel->type.text);
    switch (channel->cap_kind) {
    case CAP_BOUNDED:
        if (channel->cap.kind == VALUE_NAME)
            fprintf(to, "    cap %s\n", channel->cap.s);
        else
            fprintf(to, "    cap %lld\n", (long long)channel->cap.i);
        break;
    case CAP_RENDEZVOUS: fputs("    cap 0\n", to); break;
    case CAP_GROWING: fputs("    cap *\n", to); break;
    case CAP_GIVEN: fputs("    cap []\n", to); break;
    }
}

static void print_ends(FILE *to, const struct stage *stage)
{
    for (const struct input *input = stage->inputs; input; input = input->next) {
        fprintf(to, "    input %s <-", input->name.text);
        for (const struct source_ref *source = input->sources; source; source = source->next)
            fprintf(to, " %s", source->name.text);
        fputs("\n", to);
    }
    for (const struct output *output = stage->outputs; output; output = output->next) {
        fprintf(to, "    output %s", output->name.text);
        if (output->counted)
            fprintf(to, " [%lld..%lld]", (long long)output->least, (long long)output->most);
        fputs("\n", to);
    }
}

static void print_stage(const struct ast *ast, FILE *to, const struct stage *stage)
{
    print_ends(to, stage);
    print_text(ast, to, "option", stage->workers_span);
    print_text(ast, to, "option", stage->rate.span);
    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next)
        print_text(ast, to, "option", bound->span);
    print_text(ast, to, "option", stage->ordered_span);
    print_text(ast, to, "option", stage->every_span);
    print_text(ast, to, "option", stage->blocking_span);
    print_text(ast, to, "option", stage->fail.span);
    print_code(ast, to, "functions", &stage->functions);
    print_code(ast, to, "state", &stage->state);
    print_code(ast, to, "init", &stage->init);
    print_code(ast, to, "body", &stage->body);
    print_code(ast, to, "flush", &stage->flush);
    print_code(ast, to, "final", &stage->final);
    if (stage->function.text)
        fprintf(to, "    function %s\n", stage->function.text);
}

static void print_param(struct ast *ast, FILE *to, const struct param *param)
{
    fprintf(to, "    type %s%s\n", param->type_name.text, param->operands ? "[]" : "");
    if (param->decl.doc)
        fprintf(to, "    doc %s\n", escape_string(ast->memory, param->decl.doc));
}

void ast_print(struct ast *ast, FILE *to)
{
    if (ast->pipeline.text)
        fprintf(to, "pipeline %s\n", ast->pipeline.text);
    print_text(ast, to, "drain", ast->drain.span);
    for (const struct decl *decl = ast->decls; decl; decl = decl->next) {
        const struct position at = sources_position(ast->sources, decl->span.start);

        fprintf(to, "%u:%u: %s%s%s\n", at.line, at.column, decl_noun(decl->kind), decl->name.text ? " " : "",
                decl->name.text ? decl->name.text : "");
        if (decl->kind == DECL_CHANNEL)
            print_channel(to, (const struct channel *)decl);
        else if (decl->kind == DECL_PARAM)
            print_param(ast, to, (const struct param *)decl);
        else if (decl->kind == DECL_STAGE)
            print_stage(ast, to, (const struct stage *)decl);
    }
}
