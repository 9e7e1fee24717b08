/* posix_spawn, and waiting. */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int redirect(posix_spawn_file_actions_t *actions, int from, int to)
{
    if (from == PROCESS_INHERIT || from == to)
        return 0;
    if (from == PROCESS_NULL)
        return posix_spawn_file_actions_addopen(actions, to, "/dev/null", to == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0);
    return posix_spawn_file_actions_adddup2(actions, from, to);
}

static int start(const struct words *words, int in, int out, int err, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);

    if (error)
        return error;
    error = redirect(&actions, in, STDIN_FILENO);
    if (!error)
        error = redirect(&actions, out, STDOUT_FILENO);
    if (!error)
        error = redirect(&actions, err, STDERR_FILENO);
    if (!error)
        error = posix_spawnp(pid, words->at[0], &actions, NULL, words->at, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int process_run(const struct words *words, int in, int out, int err)
{
    pid_t pid;
    int status;

    errno = start(words, in, out, err, &pid);
    if (errno)
        return -1;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFSIGNALED(status) ? PROCESS_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}
