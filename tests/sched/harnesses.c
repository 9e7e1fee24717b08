/* The table of all harnesses. */
#include "harness.h"

#include <stddef.h>

#define HARNESS(NAME, ...) void NAME(void);
#include "harnesses.def"
#undef HARNESS

#define HARNESS(NAME, ...) { .name = #NAME, .run = NAME, __VA_ARGS__ },

const struct sched_harness sched_harnesses[] = {
#include "harnesses.def"
    { .name = NULL },
};
