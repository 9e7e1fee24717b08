#include "retry_kinds.h"

enum prt_result retry_kinds_body(struct retry_kinds_call *self, int *n)
{
    if (*n < 1000) {
        *n += 1000;
        retry_kinds_call_emit_last(self, 7);
        return retry_kinds_call_fail_after(self, 1000, "%d is small", *n);
    }
    return retry_kinds_call_emit_last(self, *n - 1000) ? PRT_DONE : PRT_FAILED;
}
