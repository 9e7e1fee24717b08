#include "inline_functions.h"

#include <stdio.h>
#include <string.h>

enum prt_result read_words(struct parts_read *self)
{
    static const char *const words[] = { "one", "three", "", "seventeen" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!parts_read_emit_words(self, strdup(words[i])))
            break;
    return PRT_DONE;
}

enum prt_result measure_word(struct parts_measure *self, char **word)
{
    if (!**word)
        return parts_measure_fail(self, "an empty word");
    parts_measure_emit_lengths(self, (long)strlen(*word));
    return PRT_DONE;
}

enum prt_result show_length(struct parts_show *self, long *n)
{
    printf("%ld by worker %d\n", *n, self->worker);
    return PRT_DONE;
}
