/* Whether a sender may have to wait for room in a channel.
 */
#ifndef ROOM_H
#define ROOM_H

#include "tree/ast.h"

/* Nobody waits to send to a channel that grows, nor to one that drops items when it is full. */
static inline bool room_is_waited_for(const struct channel *channel)
{
    return channel->cap_kind != CAP_GROWING && channel->policy == DROP_NONE;
}

#endif
