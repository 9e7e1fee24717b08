/* How many steps a program takes: what gcc's -fsanitize-coverage=trace-pc calls at each of its basic blocks. Unlike time,
 * they are the same in each run. Told on standard error when the program ends.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

static uint64_t steps;

void __sanitizer_cov_trace_pc(void);

void __sanitizer_cov_trace_pc(void)
{
    steps++;
}

__attribute__((destructor)) static void steps_tell(void)
{
    fprintf(stderr, "%" PRIu64 " steps\n", steps);
}
