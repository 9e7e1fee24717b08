/* Runs a command and says what it cost.
 *
 *     meter FILE COMMAND…     writes `wall=SECONDS cpu=SECONDS rss=KIB` into FILE
 *
 * cpu is that of the command and of all that it waited for; rss is the largest of any one of them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "job.h"

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int main(int argc, char **argv)
{
    const int64_t start = now();
    struct rusage usage;
    FILE *out;
    int status;
    pid_t pid;

    if (argc < 3)
        job_fail("usage", "meter FILE COMMAND...");
    pid = vfork();
    if (pid == 0) {
        execvp(argv[2], argv + 2);
        fprintf(stderr, "meter: %s: %s\n", argv[2], strerror(errno));
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &usage) < 0)
        job_fail("cannot run", argv[2]);
    out = fopen(argv[1], "w");
    if (!out)
        job_fail("cannot write", argv[1]);
    fprintf(out, "wall=%.6f cpu=%.6f rss=%ld\n", (double)(now() - start) / 1e9,
            seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss);
    fclose(out);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
