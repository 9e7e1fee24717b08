/* The C between %{ and %}: what only bodies have is not there, and its variables are shared by all stages.
 */
#include "check/check.h"

#include "facts/inline.h"
#include "facts/workers.h"
#include "parts/scope.h"

/* ---- calls and params that only bodies have ---- */

static bool is_declared(const struct check *check, const char *name)
{
    CHECK_EACH(check, DECL_PROLOGUE, struct prologue_decl, prologue)
        if (body_mentions(prologue->code.body, name) & (MENTION_DECLARED | MENTION_MACRO))
            return true;
    return false;
}

static const char *instead_of(enum call_kind kind)
{
    switch (kind) {
    case CALL_EMIT:
    case CALL_EMIT_OK:
    case CALL_TRY_EMIT: return "let it stand in functions { } of its stage, and say emit_ok there";
    case CALL_FAIL:
    case CALL_FAIL_AFTER: return "return what went wrong, and fail in the body";
    case CALL_STOP:
    case CALL_FINISH: return "return what happened, and end in the body";
    case CALL_WAIT_FOR: return "let it stand in functions { } of its stage, or call poll()";
    case CALL_TAKE: return "let it stand in functions { } of its stage";
    case CALL_STATUS: return "return it, and say it in the body";
    case CALL_STOPPING:
    case CALL_FAILED:
    case CALL_INTERRUPTED:
    case CALL_REMAINING:
    case CALL_TOTAL:
    case CALL_NEXT:
    case CALL_NEXT_FOR:
    case CALL_NEXT_ANY: break;
    }
    return "let it stand in functions { } of its stage";
}

static void check_calls(struct check *check, const struct prologue_decl *prologue)
{
    for (const struct call *call = prologue->code.body ? prologue->code.body->calls : NULL; call; call = call->next) {
        const char *name = call_name(call->kind);

        if (is_declared(check, name))
            continue;
        diag_report(check->diags, "E0417", call->word, "%s means something only in a stage, not in %%{ %%}", name);
        diag_hint(check->diags, "%s; or, if this is a function of yours, declare it here", instead_of(call->kind));
    }
}

/* ---- functions of the file's that are called like calls of the language ---- */

static const struct call *find_in(const struct body *body, enum call_kind kind)
{
    for (const struct call *call = body ? body->calls : NULL; call; call = call->next)
        if (call->kind == kind)
            return call;
    return NULL;
}

static const struct call *find_call(const struct check *check, enum call_kind kind)
{
    const struct call *found = NULL;

    CHECK_EACH(check, DECL_STAGE, struct stage, stage) {
        const struct body *const bodies[] = { stage->init.body, stage->body.body, stage->flush.body, stage->final.body };

        for (size_t i = 0; i < sizeof bodies / sizeof *bodies && !found; i++)
            found = find_in(bodies[i], kind);
    }
    CHECK_EACH(check, DECL_INIT, struct section_decl, init)
        found = found ? found : find_in(init->code.body, kind);
    CHECK_EACH(check, DECL_FINAL, struct section_decl, final)
        found = found ? found : find_in(final->code.body, kind);
    return found;
}

static void check_own(struct check *check, const struct prologue_decl *prologue, enum call_kind kind)
{
    const char *name = call_name(kind);
    const struct call *call;

    if (!prologue->code.body || !(body_mentions(prologue->code.body, name) & (MENTION_OUTER | MENTION_MACRO)))
        return;
    call = find_call(check, kind);
    if (!call)
        return;
    diag_report(check->diags, "E0420", call->word, "this is pipec's own %s, and the file has one too", name);
    diag_note(check->diags, prologue->decl.span, "it is declared in this block");
    diag_hint(check->diags, "call the file's something else: in a body the name is the language's");
}

static void check_param(struct check *check, const struct param *param)
{
    const char *name = param->decl.name.text;

    if (is_declared(check, name))
        return;
    CHECK_EACH(check, DECL_PROLOGUE, struct prologue_decl, prologue) {
        if (!(body_mentions(prologue->code.body, name) & MENTION_USED)
            || file_of(check->ast, prologue->decl.span) != file_of(check->ast, param->decl.span))
            continue;
        diag_report(check->diags, "W0403", param->decl.name.span, "%%{ %%} names '%s', but only bodies see params",
                    name);
        diag_note(check->diags, prologue->decl.span, "this block does");
        diag_hint(check->diags, "hand it over as an argument");
        return;
    }
}

/* ---- variables that stages share ---- */

/* Who names a variable. */
struct sharing {
    const struct stage *first, *second; /* two stages, or one of several workers; hosts of inline stages */
    const struct stage *writer;
};

static unsigned mentions_of(const struct stage *stage, const char *name)
{
    return body_mentions(stage->body.body, name) | body_mentions(stage->init.body, name)
        | body_mentions(stage->final.body, name) | body_mentions(stage->flush.body, name)
        | body_mentions(stage->functions.body, name);
}

static void share(struct sharing *sharing, const struct stage *stage, const struct variable *variable)
{
    const unsigned mentions = mentions_of(stage, variable->name);
    const struct stage *host = inline_host(stage);

    if (!(mentions & MENTION_USED) || (mentions & MENTION_DECLARED))
        return;
    if (!sharing->first)
        sharing->first = host;
    else if (host != sharing->first && !sharing->second)
        sharing->second = host;
    if (!sharing->second && workers_are_several(stage))
        sharing->second = sharing->first = host;
    if (mentions & (MENTION_WRITTEN | (variable->plain ? MENTION_LENT : 0)))
        sharing->writer = stage;
}

static void check_variable(struct check *check, const struct variable *variable)
{
    struct sharing sharing = { NULL, NULL, NULL };

    for (size_t s = 0; s < check->graph->nstages; s++)
        if (file_of(check->ast, variable->span) == file_of(check->ast, check->graph->stages[s]->body.span))
            share(&sharing, check->graph->stages[s], variable);
    if (!sharing.writer || !sharing.second)
        return;
    if (sharing.first == sharing.second)
        diag_report(check->diags, "W0404", variable->span, "several workers of '%s' share this variable, and change it",
                    sharing.first->decl.name.text);
    else
        diag_report(check->diags, "W0404", variable->span, "'%s' and '%s' share this variable, and '%s' changes it",
                    sharing.first->decl.name.text, sharing.second->decl.name.text, sharing.writer->decl.name.text);
    diag_hint(check->diags, "keep it in state { … }, make it atomic, or change it under a lock");
}

void check_helpers(struct check *check)
{
    CHECK_EACH(check, DECL_PROLOGUE, struct prologue_decl, prologue) {
        check_calls(check, prologue);
        for (int kind = 0; kind <= CALL_LAST; kind++)
            check_own(check, prologue, (enum call_kind)kind);
        for (const struct variable *variable = prologue->code.body ? prologue->code.body->statics : NULL; variable;
             variable = variable->next)
            check_variable(check, variable);
    }
    CHECK_EACH(check, DECL_PARAM, struct param, param)
        check_param(check, param);
}
