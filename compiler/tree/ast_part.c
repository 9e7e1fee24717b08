/* Builds parts, and what stages are made of. While a part is open, what stands in it goes into a tree of its own. */
#include "tree/ast_build.h"
#include "tree/part.h"

struct ast *ast_part_open(struct ast *ast, struct span at, struct name name, struct value doc)
{
    struct part *part = NEW(ast, struct part);

    part->decl.span = at;
    part->decl.name = name;
    part->decl.doc = doc.s;
    part->outer = ast;
    part->body = ast_new(ast->sources, ast->source, ast->diags, ast->memory);
    part->body->part = part;
    return part->body;
}

struct ast *ast_part_close(struct ast *ast, struct span end, bool whole)
{
    struct part *part = ast->part;
    struct ast *outer = part->outer;

    part->broken = !whole;
    ast_add(outer, &part->decl, DECL_PART, span_join(part->decl.span, end), part->decl.name);
    outer->ndecls += ast->ndecls;
    return outer;
}

/* ---- what is given at the place of use ---- */

void ast_param_function(struct ast *ast, struct span at, struct name type, struct name name, struct word *ends,
                        struct code code, struct value doc)
{
    struct param *param = ast_param(ast, at, type, name, false, (struct value){ 0 }, (struct range){ 0 }, doc);

    RING_OPEN(ends, param->ends);
    param->code = code;
}

struct type_decl *ast_type_given(struct ast *ast, struct span at, struct name name)
{
    struct type_decl *type = ast_type_new(ast, at, name);

    type->given = true;
    type->c_type = (struct ctype){ .text = name.text, .span = name.span };
    return type;
}

void ast_record_given(struct ast *ast, struct span at, struct name name)
{
    ast_type_given(ast, at, name)->given_record = true;
}

void ast_rate_given(struct ast *ast, struct span at, struct name name)
{
    ast_rate(ast, at, name, (struct value){ 0 }, (struct value){ 0 });
}

void ast_bound_given(struct ast *ast, struct span at, struct name name)
{
    ast_bound(ast, at, name, (struct value){ 0 });
}

/* ---- the place of use ---- */

struct value value_list(struct ast *ast, struct span at)
{
    diag_report(ast->diags, "E0209", at, "a param has no list as its default");
    diag_hint(ast->diags, "what takes a list is empty where none is given: let the body look whether NAME_len is 0");
    return (struct value){ .kind = VALUE_NONE };
}

struct text *text_add(struct ast *ast, struct text *last, struct value value)
{
    struct text *text = NEW(ast, struct text);

    text->s = value.s;
    text->span = value.span;
    return RING_ADD(last, text);
}

static struct given *given_new(struct ast *ast, enum given_kind kind, struct name name, struct span span)
{
    struct given *given = NEW(ast, struct given);

    given->kind = kind;
    given->name = name;
    given->span = span;
    return given;
}

struct given *given_value(struct ast *ast, struct name name, struct value value)
{
    struct given *given = given_new(ast, GIVEN_VALUE, name, value.span);

    given->value = value;
    return given;
}

struct given *given_code(struct ast *ast, struct name name, struct span at, struct code code)
{
    struct given *given = given_new(ast, GIVEN_CODE, name, at);

    given->code = code;
    return given;
}

struct given *given_list(struct ast *ast, struct name name, struct span at, struct text *list)
{
    struct given *given = given_new(ast, GIVEN_LIST, name, at);

    RING_OPEN(list, given->list);
    return given;
}

struct given *given_add(struct given *last, struct given *given)
{
    return RING_ADD(last, given);
}

struct input *input_end(struct input *input, struct name end)
{
    input->end = end;
    return input;
}

struct output *output_end(struct output *output, struct name channel)
{
    output->to = channel;
    output->is_end = true;
    return output;
}

struct stage *stage_made(struct stage *stage, struct ast *ast, struct name part, struct span at, struct given *given)
{
    struct made *made = NEW(ast, struct made);

    made->part = part;
    made->span = at;
    RING_OPEN(given, made->given);
    stage->made = made;
    return stage;
}
