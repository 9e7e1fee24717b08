/* Numbers, times and rates. */
#include "plan/make.h"
#include "text/memory.h"
#include "tree/literal.h"

struct amount make_amount(struct make *make, const struct value *value)
{
    struct amount amount;

    if (value->kind == VALUE_NONE)
        return (struct amount){ .kind = AMOUNT_NONE, .n = 1 };
    if (value->param)
        return (struct amount){ .kind = AMOUNT_PARAM, .param = value->param->decl.name.text,
                                .n = value->param->value.kind == VALUE_NONE ? 1 : value->param->value.i,
                                .processors = value->param->value.kind == VALUE_AUTO };
    amount = (struct amount){ .kind = AMOUNT_NUMBER, .n = value->i };
    if (value->kind == VALUE_DURATION)
        amount.written = memory_copy(make->memory, sources_text(make->facts->ast->sources, value->span.start),
                                     value->span.end - value->span.start);
    return amount;
}

struct fraction make_fraction(const struct value *rate)
{
    const uint64_t second = 1000000000;
    const uint64_t shared = common_divisor(second, rate->per_ns);
    const uint64_t permits = (uint64_t)rate->i;
    const uint64_t reduced = common_divisor(permits, rate->per_ns / shared);

    return (struct fraction){ (double)(permits / reduced) * (double)(second / shared),
                              rate->per_ns / shared / reduced };
}
