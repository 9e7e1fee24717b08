/* Numbers of the plan, in words where they are none.
 */
#include "plan/put.h"

#include <inttypes.h>

int put_amount(FILE *to, const struct amount *amount)
{
    return amount->kind == AMOUNT_PARAM ? fprintf(to, "%s", amount->param) : fprintf(to, "%" PRId64, amount->n);
}

int put_workers(FILE *to, const struct planned_stage *stage)
{
    return stage->workers_auto ? fprintf(to, "auto") : put_amount(to, &stage->workers);
}

int put_cap(FILE *to, const struct planned_channel *channel)
{
    if (channel->kind == KIND_CALL)
        return fprintf(to, "call");
    if (channel->ncopies > 0)
        return put_cap(to, &channel->copies[0]);
    if (channel->cap.kind != AMOUNT_NONE)
        return put_amount(to, &channel->cap);
    return fprintf(to, "%s", channel->kind == KIND_GROWING ? "*" : "0");
}
