/* The mark is a variable of the environment, which the kernel shows as it was when the process began to run its program.
 */
#include "command/orphan.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MARK "PIPEC_TEST_OF"
#define MOST_ROUNDS 1000

/* Of all tests that run on the machine. */
static void make_mark(const void *test, pid_t pipec, char *mark, size_t size)
{
    snprintf(mark, size, "%ld.%zx", (long)pipec, (size_t)test);
}

bool orphan_mark(const void *test)
{
    char mark[64];

    make_mark(test, getppid(), mark, sizeof mark);
    return setenv(MARK, mark, 1) == 0;
}

static bool bears_mark(pid_t pid, const char *mark)
{
    char path[64], *variable = NULL;
    size_t room = 0;
    bool found = false;
    FILE *environment;

    snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
    environment = fopen(path, "re");
    while (environment && !found && getdelim(&variable, &room, '\0', environment) > 0)
        found = strncmp(variable, MARK "=", sizeof MARK) == 0 && strcmp(variable + sizeof MARK, mark) == 0;
    if (environment)
        fclose(environment);
    free(variable);
    return found;
}

/* One look at our children. Returns whether one was ended, whose own may be ours now. */
static bool end_some(const char *mark, bool alone)
{
    char path[64], *line = NULL;
    size_t room = 0;
    bool ended = false;
    FILE *children;

    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    children = fopen(path, "re");
    if (children && getline(&line, &room, children) > 0)
        for (char *save, *word = strtok_r(line, " \n", &save); word; word = strtok_r(NULL, " \n", &save)) {
            const pid_t pid = (pid_t)atoi(word);

            if (!alone && !bears_mark(pid, mark))
                continue;
            kill(pid, SIGKILL);
            ended |= waitpid(pid, NULL, 0) == pid;
        }
    if (children)
        fclose(children);
    free(line);
    return ended;
}

void orphans_end(const void *test, bool alone)
{
    char mark[64];

    make_mark(test, getpid(), mark, sizeof mark);
    for (int i = 0; i < MOST_ROUNDS && end_some(mark, alone); i++)
        ;
}
