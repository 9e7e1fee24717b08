/* wait_for: a descriptor, events and a time, where a body may wait.
 */
#include "check/check.h"

#include "facts/time.h"

static void report_arguments(struct check *check, const struct call *call)
{
    diag_report(check->diags, "E0430", (struct span){ call->word.start, call->arguments.end + 1 },
                "wait_for takes a descriptor, the events to wait for, and how long");
    diag_hint(check->diags, "wait_for(fd, POLLIN, 5s); a sleep is wait_for(-1, 0, 5s)");
}

/* Anything but a number with one of the language's units is C, and an expression in nanoseconds. */
void check_time(struct check *check, const char *code, const struct call *call, const struct argument *time)
{
    const struct value value = time_value(check->ast->sources, time->span);

    if (value.kind != VALUE_SIZE && value.kind != VALUE_RATE)
        return;
    diag_report(check->diags, code, time->span, "%s wants a duration here, and this is a %s", call_name(call->kind),
                value.kind == VALUE_SIZE ? "size" : "rate");
    diag_hint(check->diags, "250ms (ns us ms s m h d), or C in nanoseconds; below 0: for ever");
}

void check_wait(struct check *check, const struct call *call, bool measures)
{
    const struct argument *last = call->list;

    if (measures) {
        diag_report(check->diags, "E0431", call->word, "wait_for cannot stand in an expression that only measures an item");
        diag_hint(check->diags, "wait in the body");
        return;
    }
    for (const struct argument *argument = call->list; argument; last = argument, argument = argument->next)
        if (argument->span.start == argument->span.end) {
            report_arguments(check, call);
            return;
        }
    if (call->count != WAIT_FOR_ARGUMENTS)
        report_arguments(check, call);
    else
        check_time(check, "E0430", call, last);
}
