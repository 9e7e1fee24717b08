/* Broadcasts: each stage that receives gets an item of its own. What an inline stage cannot receive from is in inline.c.
 */
#include "check/check.h"

#include "facts/item.h"

/* What a letter owns is its item and its reason. */
static void check_letters(struct check *check, const struct channel *channel)
{
    if (!channel->dead)
        return;
    diag_report(check->diags, "E0353", channel->broadcast_span, "'%s' carries letters, which go to one stage each",
                channel->decl.name.text);
    diag_note(check->diags, channel->dead_span, "'dead' is written here");
    diag_hint(check->diags, "let the stage that gets the letters send what others are to know of them to a broadcast");
}

static void check_copies(struct check *check, const struct channel *channel)
{
    const struct ctype *type = &channel->type;
    const size_t receivers = digraph_degree(check->graph->forward, channel_node(check->graph, channel));

    if (receivers < 2 || channel->dead || !item_owns(type) || item_clone(check->ast, check->memory, type))
        return;
    diag_report(check->diags, "E0352", channel->broadcast_span,
                "%zu stages receive each item of '%s', and nothing can copy what a '%s' owns", receivers,
                channel->decl.name.text, type->text);
    diag_note(check->diags, type->decl->decl.name.span, "'%s' is declared here", type->text);
    diag_hint(check->diags, "name a function %s FN(%s) that copies one: type %s = … drop %s clone FN;", type->text,
              type->text, type->text, type->decl->drop.text);
}

void check_cast(struct check *check)
{
    CHECK_EACH(check, DECL_CHANNEL, struct channel, channel)
        if (channel->broadcast) {
            check_letters(check, channel);
            check_copies(check, channel);
        }
}
