/* What the language has and this version of pipec has not: one error for each use, which says what to write instead
 * where there is something. Whoever builds one of them takes its row out of here.
 */
#include "check/check.h"

static void later(struct check *check, const char *code, struct span at, const char *what, const char *instead)
{
    diag_report(check->diags, code, at, "%s is not in this version of pipec", what);
    if (instead)
        diag_hint(check->diags, "%s", instead);
}

static void later_if(struct check *check, bool used, const char *code, struct span at, const char *what,
                     const char *instead)
{
    if (used)
        later(check, code, at, what, instead);
}

static void check_channel(struct check *check, const struct channel *channel)
{
    later_if(check, (channel->is_input || channel->is_output) && !check->ast->part, "E0918", channel->port_span,
             channel->is_input ? "'input channel'" : "'output channel'",
             channel->is_input ? "send from a source: stage NAME -> CHANNEL { … }"
                               : "receive in a sink: stage NAME (x <- CHANNEL) { … }");
    later_if(check, channel->url, "E0917", channel->url_span, "a channel on a message broker",
             "a source and a sink may call the broker's library");
}

void check_later(struct check *check)
{
    CHECK_EACH(check, DECL_CHANNEL, struct channel, channel)
        check_channel(check, channel);
}
