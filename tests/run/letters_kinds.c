#include "letters_kinds.h"

enum prt_result letters_kinds_end_body(struct letters_kinds_end *self, int *n)
{
    return *n % 10 == 3 ? letters_kinds_end_fail(self, "%d ends with a 3", *n) : PRT_DONE;
}
