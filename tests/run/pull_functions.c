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
    int length = 0, sum = 0;

    while (pull_functions_print_next_length(self, &length))
        sum += length;
    printf("%d\n", sum);
    return sum == 1225 ? pull_functions_print_fail(self, "that is what it should be") : PRT_DONE;
}
