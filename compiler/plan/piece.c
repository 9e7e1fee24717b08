/* What the emitted file repeats in the order of the .pipe file.
 */
#include "parts/scope.h"
#include "plan/make.h"
#include "text/memory.h"

/* Those too of files whose C does not stand in the program: the plan has no type without a name. */
static void make_typedefs(struct make *make)
{
    struct plan *plan = make->plan;

    plan->ntypes = make->facts->ast->counts[DECL_TYPE];
    plan->types = memory_take(make->memory, (plan->ntypes + 1) * sizeof *plan->types);
    AST_EACH(make->facts->ast, DECL_TYPE, const struct type_decl, type)
        plan->types[type->decl.index] = (struct planned_typedef){
            .name = type->decl.name.text, .c_type = type->c_type.text, .span = type->decl.span, .drop = type->drop.text };
}

static struct planned_piece piece_of(struct make *make, const struct decl *decl)
{
    switch (decl->kind) {
    case DECL_INCLUDE:
        return (struct planned_piece){ PIECE_INCLUDE, .span = decl->span,
                                       .header = ((const struct include_decl *)decl)->header };
    case DECL_PROLOGUE:
        return (struct planned_piece){ PIECE_PROLOGUE, .code = ((const struct prologue_decl *)decl)->code.span };
    case DECL_TYPE:
        return (struct planned_piece){ PIECE_TYPE, .type = &make->plan->types[decl->index] };
    case DECL_RECORD:
        return (struct planned_piece){ PIECE_RECORD, .record = &make->plan->records[decl->index] };
    case DECL_INSTANCE:
        return (struct planned_piece){ PIECE_INSTANCE, .instance = &make->plan->instances[decl->index] };
    default:
        return (struct planned_piece){ PIECE_STAGE, .stage = &make->plan->stages[decl->index] };
    }
}

/* Of a file whose C does not stand in the program nothing does. */
static bool is_here(const struct make *make, const struct decl *decl)
{
    return make->facts->files[file_of(make->facts->ast, decl->span)];
}

static size_t count_pieces(const struct ast *ast)
{
    return ast->counts[DECL_INCLUDE] + ast->counts[DECL_PROLOGUE] + ast->counts[DECL_TYPE] + ast->counts[DECL_RECORD]
        + ast->counts[DECL_STAGE] + ast->counts[DECL_INSTANCE];
}

static bool is_piece(const struct decl *decl)
{
    return decl->kind == DECL_INCLUDE || decl->kind == DECL_PROLOGUE || decl->kind == DECL_TYPE
        || decl->kind == DECL_RECORD || decl->kind == DECL_STAGE || decl->kind == DECL_INSTANCE;
}

static void make_modules(struct make *make)
{
    struct plan *plan = make->plan;

    plan->modules = memory_take(make->memory, (make->facts->ast->counts[DECL_LINK] + 1) * sizeof *plan->modules);
    AST_EACH(make->facts->ast, DECL_LINK, const struct link_decl, link)
        if (is_here(make, &link->decl))
            plan->modules[plan->nmodules++] = link->module;
}

static void mark_carried(struct make *make)
{
    const struct graph *graph = make->facts->graph;

    for (size_t c = 0; c < graph->nchannels; c++) {
        const struct channel *channel = graph->channels[c];
        const struct type_decl *type = channel->dead ? channel->item.decl : channel->type.decl;

        if (!type)
            continue;
        make->plan->types[type->decl.index].carried = true;
        if (make->plan->channels[c].clone)
            make->plan->types[type->decl.index].clone = type->clone.text;
    }
}

/* An inline stage may stand above its sender, whose structure has its own as a member. */
static void declare_stages(struct make *make)
{
    struct plan *plan = make->plan;
    bool *const declared = memory_take(make->memory, plan->nstages + 1);

    for (size_t i = 0; i < plan->npieces; i++) {
        struct planned_piece *piece = &plan->pieces[i];
        const struct planned_stage *host = piece->kind != PIECE_STAGE ? NULL
                                           : piece->stage->host       ? piece->stage->host
                                                                      : piece->stage;

        if (!host || declared[host - plan->stages])
            continue;
        declared[host - plan->stages] = true;
        piece->declares = host;
    }
}

void make_pieces(struct make *make)
{
    const struct ast *ast = make->facts->ast;
    const struct decl *before = NULL;
    struct plan *plan = make->plan;

    make_typedefs(make);
    plan->pieces = memory_take(make->memory, (count_pieces(ast) + 1) * sizeof *plan->pieces);
    for (const struct decl *decl = ast->decls; decl; before = decl, decl = decl->next) {
        if (!is_piece(decl) || !is_here(make, decl))
            continue;
        plan->pieces[plan->npieces] = piece_of(make, decl);
        plan->pieces[plan->npieces++].joined = before && before->kind == decl->kind;
    }
    declare_stages(make);
    make_modules(make);
    mark_carried(make);
}
