#include "functions.h"

#include <stdio.h>
#include <string.h>

enum prt_result make_words(struct functions_make *self)
{
    for (int i = 1; i <= self->pipe->params.many; i++) {
        char *text = calloc(1, (size_t)i + 2);

        if (!text)
            return functions_make_fail(self, "no memory for word %d", i);
        memset(text, 'a', (size_t)i + 1);
        if (!functions_make_emit_words(self, text))
            return PRT_DONE;
    }
    return PRT_DONE;
}

enum prt_result measure_word(struct functions_measure *self, word *text)
{
    const int length = (int)strlen(*text);

    if (length == 3)
        return functions_measure_fail(self, "%s is too %s", *text, "odd");
    if (length > self->longest)
        self->longest = length;
    functions_measure_emit_lengths(self, length);
    return PRT_DONE;
}

enum prt_result print_length(struct functions_print *self, int *length)
{
    (void)self;
    printf("%d\n", *length);
    return PRT_DONE;
}
