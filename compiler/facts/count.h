/* How many items one run of a body can send to an output. */
#ifndef COUNT_H
#define COUNT_H

#include <stdint.h>

struct count { int64_t least, most; /* COUNT_ANY: no bound */ };
#define COUNT_ANY INT64_MAX

#endif
