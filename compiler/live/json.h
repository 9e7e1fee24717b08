/* A program as JSON: docs/live.md says which members there are.
 */
#ifndef JSON_H
#define JSON_H

#include <stdio.h>

#include "live/view.h"

/* All in one line, without its end; `whole`: with stages and channels. */
void json_program(FILE *to, const struct live_program *program, const struct live_view *view, bool whole);

#endif
