/* One list of all places, for the limits and for the checks. */
#include "facts/use.h"

#include "facts/decl_write.h"
#include "facts/workers.h"

/* ---- the places ---- */

struct teller {
    void (*tell)(void *data, const struct use *use);
    void *data;
};

static void tell(const struct teller *teller, enum use_kind kind, const struct value *value)
{
    teller->tell(teller->data, &(struct use){ .kind = kind, .value = value });
}

static void tell_stage(const struct teller *teller, const struct stage *stage)
{
    const struct value *count = workers_count(stage);

    if (count)
        tell(teller, stage->has_workers ? USE_WORKERS : USE_IMPLIED, count);
    tell(teller, USE_AHEAD, &stage->ahead);
    for (const struct input *input = stage->inputs; input; input = input->next) {
        tell(teller, USE_BATCH, &input->batch);
        tell(teller, USE_INTERVAL, &input->within);
        tell(teller, USE_WEIGHT, &input->batch_limit);
    }
    if (stage->rate.present && !stage->rate.decl)
        tell(teller, USE_RATE, &stage->rate.rate);
    tell(teller, USE_BURST, &stage->rate.burst);
    for (const struct bound_option *bound = stage->bounds; bound; bound = bound->next)
        if (!bound->decl)
            tell(teller, USE_BOUND, &bound->permits);
    tell(teller, USE_INTERVAL, &stage->every);
    tell(teller, USE_INTERVAL, &stage->flush_every);
    tell(teller, USE_RETRIES, &stage->fail.retries);
    tell(teller, USE_DELAY, &stage->fail.backoff_low);
    if (stage->fail.backoff_high.span.start != stage->fail.backoff_low.span.start)
        tell(teller, USE_DELAY, &stage->fail.backoff_high);
    tell(teller, USE_TIMEOUT, &stage->timeout);
}

static void tell_channel(const struct teller *teller, const struct channel *channel)
{
    if (channel->cap_kind == CAP_BOUNDED)
        teller->tell(teller->data, &(struct use){ .kind = USE_CAPACITY, .value = &channel->cap,
                                                  .unread = channel_facts(channel)->called != NULL });
}

void use_each(const struct decl *decl, void (*function)(void *data, const struct use *use), void *data)
{
    const struct teller teller = { function, data };

    switch (decl->kind) {
    case DECL_CHANNEL:
        tell_channel(&teller, (const struct channel *)decl);
        break;
    case DECL_RATE:
        tell(&teller, USE_RATE, &((const struct rate_decl *)decl)->rate);
        tell(&teller, USE_BURST, &((const struct rate_decl *)decl)->burst);
        break;
    case DECL_BOUND:
        tell(&teller, USE_BOUND, &((const struct bound_decl *)decl)->permits);
        break;
    case DECL_STAGE:
        tell_stage(&teller, (const struct stage *)decl);
        break;
    default:
        break;
    }
}

/* ---- what may stand there ---- */

enum value_kind use_wants(enum use_kind kind)
{
    const bool is_time = kind == USE_INTERVAL || kind == USE_DELAY || kind == USE_TIMEOUT || kind == USE_DRAIN;

    return is_time ? VALUE_DURATION : kind == USE_RATE ? VALUE_RATE : VALUE_INT;
}

int64_t use_most(enum use_kind kind)
{
    switch (kind) {
    case USE_CAPACITY:
    case USE_BATCH:
    case USE_AHEAD: return CAPACITY_MAX;
    case USE_WORKERS:
    case USE_IMPLIED: return WORKERS_MAX;
    case USE_RETRIES: return RETRIES_MAX;
    default: return INT64_MAX;
    }
}

/* No retries: an option can turn them off. */
int64_t use_least(enum use_kind kind)
{
    return kind == USE_RETRIES ? 0 : 1;
}

struct use use_of_drain(const struct ast *ast)
{
    return (struct use){ .kind = USE_DRAIN, .value = &ast->drain };
}

bool use_takes_param(enum use_kind kind, enum param_type type)
{
    switch (use_wants(kind)) {
    case VALUE_INT: return type == PARAM_INT || type == PARAM_LONG || type == PARAM_SIZE;
    case VALUE_DURATION: return type == PARAM_DURATION;
    default: return type == PARAM_RATE;
    }
}

bool use_takes_value(enum use_kind kind, enum value_kind value)
{
    return value == use_wants(kind) || (use_wants(kind) == VALUE_INT && value == VALUE_SIZE);
}

/* ---- limits of params ---- */

static void limit_param(void *data, const struct use *use)
{
    const struct param *param = use->value->kind == VALUE_NAME ? use->value->param : NULL;
    struct param_facts *facts;

    (void)data;
    if (!param || param->operands || !use_takes_param(use->kind, param->type))
        return;
    facts = param_write(param);
    if (facts->most == 0 || use_most(use->kind) < facts->most)
        facts->most = use_most(use->kind);
    if (use->unread || use->kind == USE_IMPLIED)
        return;
    if (!facts->counts || facts->least < use_least(use->kind))
        facts->least = use_least(use->kind);
    facts->counts = true;
    facts->wired |= use->kind != USE_DRAIN;
}

void use_limit_params(const struct ast *ast)
{
    const struct use drain = use_of_drain(ast);

    for (const struct decl *decl = ast->decls; decl; decl = decl->next)
        use_each(decl, limit_param, NULL);
    limit_param(NULL, &drain);
}
