#include "pull_functions.h"

#include <stdio.h>
#include <string.h>

enum prt_result measure_words(struct pull_functions_measure *self)
{
    char *word = NULL;

    for (int n = 0; pull_functions_measure_next_word(self, &word); n++)
        if (!pull_functions_measure_emit_lengths(self, n + (int)strlen(word)))
            break;
    free(word);
    return PRT_DONE;
}

enum prt_result print_lengths(struct pull_functions_print *self)
{
    int length = 0, other = 0, sum = 0;

    if (pull_functions_print_next_for_other(self, &other, -1) < 0)
        return pull_functions_print_fail(self, "nothing came");
    while (pull_functions_print_next_any(self, &length, &other) == 0)
        sum += length;
    printf("%d\n", sum);
    return sum == 1225 ? pull_functions_print_fail(self, "that is what it should be") : PRT_DONE;
}
