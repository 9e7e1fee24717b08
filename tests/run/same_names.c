#include "same_names.h"

enum prt_result work(struct same_call *self, int *n)
{
    return *n == 1 ? PRT_DONE : same_call_fail(self, "%d", *n);
}

enum prt_result base(struct same_again *self, int *n)
{
    return *n == 1 ? PRT_DONE : same_again_fail(self, "%d", *n);
}
