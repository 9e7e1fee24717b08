/* Runs a command whose standard input is a pipe into which numbers come in bursts: what a source reads from a device or
 * from another program.
 *
 *     feed items=N COMMAND…      writes 0 to N - 1, 8 bytes each; its exit status is that of the command
 */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "latency.h"

enum {
    BURST = 500, /* 4000 bytes: one write of a burst is never torn (PIPE_BUF), so no reader sees a part of a number */
    PAUSE_MS = 2
};

/* Ends early where the command does not read any more: why, it says itself, and what is missing its sum tells. */
static void write_bursts(int to, uint64_t items)
{
    uint64_t burst[BURST];
    uint64_t next = 0;

    while (next < items) {
        size_t len = 0;

        while (len < BURST && next < items)
            burst[len++] = next++;
        if (write(to, burst, len * sizeof *burst) < 0) {
            if (errno == EPIPE)
                return;
            job_fail("feed", strerror(errno));
        }
        sleep_ms(PAUSE_MS);
    }
}

static void run(char **command, int from, int to)
{
    dup2(from, STDIN_FILENO);
    close(from);
    close(to);
    execvp(command[0], command);
    fprintf(stderr, "bench: feed: %s: %s\n", command[0], strerror(errno));
    _exit(127);
}

int main(int argc, char **argv)
{
    struct job job;
    int ends[2], status;
    pid_t pid;

    if (argc < 3)
        job_fail("usage", "feed items=N COMMAND...");
    job = job_parse(3, (char *[]){ argv[0], argv[0], argv[1] });
    if (pipe(ends) != 0)
        job_fail("feed", strerror(errno));
    pid = fork();
    if (pid == 0)
        run(argv + 2, ends[0], ends[1]);
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    if (pid < 0)
        job_fail("feed", strerror(errno));
    write_bursts(ends[1], job.items);
    close(ends[1]);
    if (waitpid(pid, &status, 0) < 0)
        job_fail("feed", strerror(errno));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
