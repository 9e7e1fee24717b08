/* How a stage takes its items, from how its inputs are written. */
#ifndef INPUTS_H
#define INPUTS_H

#include "tree/ast.h"

/* A zip takes one item of each of several inputs. Its one worker is all that receives from their channels. */
static inline bool stage_is_zip(const struct stage *stage)
{
    return stage->inputs && stage->inputs->next && !stage->inputs->pull;
}

/* A batch gets several items of its only input at once. */
static inline bool stage_is_batch(const struct stage *stage)
{
    return stage->inputs && stage->inputs->is_batch;
}

#endif
