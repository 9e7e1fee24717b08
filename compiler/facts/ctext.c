/* One list of all places. */
#include "facts/ctext.h"

#include "parts/instance.h"
#include "tree/term.h"

struct teller {
    void (*tell)(void *data, const struct ctext *place, struct code *code);
    void *data;
};

static void tell_term(const struct teller *teller, const struct stage *stage, struct term *term)
{
    teller->tell(teller->data, &(struct ctext){ .stage = stage, .scope = term_scope(stage, term) }, &term->code);
}

static void tell_stage(const struct teller *teller, struct stage *stage)
{
    const struct ctext place = { .stage = stage, .scope = stage->instance };
    struct code *const codes[] = { &stage->functions, &stage->state, &stage->init, &stage->body, &stage->flush,
                                   &stage->final };
    struct term *const terms[] = { &stage->by, &stage->rate.per, &stage->rate.cost };

    for (struct input *input = stage->inputs; input; input = input->next) {
        teller->tell(teller->data, &(struct ctext){ .scope = stage->instance, .expression = true }, &input->batch_weight);
        tell_term(teller, stage, &input->batch_per);
    }
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        teller->tell(teller->data, &place, codes[i]);
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
        tell_term(teller, stage, terms[i]);
    for (struct bound_option *bound = stage->bounds; bound; bound = bound->next) {
        tell_term(teller, stage, &bound->per);
        tell_term(teller, stage, &bound->weight);
    }
}

static void tell_instance(const struct teller *teller, struct instance *instance)
{
    const struct ctext place = { .scope = instance };

    for (struct instance_param *param = instance->params; param; param = param->next)
        if (param->kind == GIVEN_CODE)
            teller->tell(teller->data, &(struct ctext){ .scope = param->is_default ? instance : instance->outer,
                                                        .expression = true, .given = param }, &param->code);
    teller->tell(teller->data, &place, &instance->state);
    teller->tell(teller->data, &place, &instance->init);
    teller->tell(teller->data, &place, &instance->final);
}

void ctext_each(const struct ast *ast, void (*tell)(void *data, const struct ctext *place, struct code *code), void *data)
{
    const struct teller teller = { tell, data };
    const struct ctext none = { .stage = NULL };

    for (struct decl *decl = ast->decls; decl; decl = decl->next) {
        if (decl->kind == DECL_PROLOGUE)
            tell(data, &(struct ctext){ .outside = true }, &((struct prologue_decl *)decl)->code);
        else if (decl->kind == DECL_STATE || decl->kind == DECL_INIT || decl->kind == DECL_FINAL)
            tell(data, &none, &((struct section_decl *)decl)->code);
        else if (decl->kind == DECL_STAGE)
            tell_stage(&teller, (struct stage *)decl);
        else if (decl->kind == DECL_INSTANCE)
            tell_instance(&teller, (struct instance *)decl);
        else if (decl->kind == DECL_PARAM)
            tell(data, &(struct ctext){ .expression = true }, &((struct param *)decl)->code);
    }
}
