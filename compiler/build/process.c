/* posix_spawn, and waiting.
 *
 * The program leads a process group of its own, so that a signal that ends pipec can end all that the program started
 * too. A program in the background may be stopped when it writes to the terminal; SIGTTOU is blocked against that.
 */
#include "build/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "build/interrupt.h"

extern char **environ;

static int redirect(posix_spawn_file_actions_t *actions, int from, int to)
{
    if (from == PROCESS_INHERIT || from == to)
        return 0;
    if (from == PROCESS_NULL)
        return posix_spawn_file_actions_addopen(actions, to, "/dev/null", to == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0);
    return posix_spawn_file_actions_adddup2(actions, from, to);
}

static int add_redirections(posix_spawn_file_actions_t *actions, int in, int out, int err)
{
    int error = redirect(actions, in, STDIN_FILENO);

    if (!error)
        error = redirect(actions, out, STDOUT_FILENO);
    if (!error)
        error = redirect(actions, err, STDERR_FILENO);
    return error;
}

/* `signals`: those that were blocked before ours were held. */
static int set_attributes(posix_spawnattr_t *attributes, const sigset_t *signals)
{
    sigset_t blocked = *signals;
    int error;

    sigaddset(&blocked, SIGTTOU);
    error = posix_spawnattr_setsigmask(attributes, &blocked);
    if (!error)
        error = posix_spawnattr_setpgroup(attributes, 0);
    if (!error)
        error = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    return error;
}

static int spawn(const struct words *words, int in, int out, int err, const sigset_t *signals, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);

    if (error)
        return error;
    error = posix_spawnattr_init(&attributes);
    if (!error) {
        error = add_redirections(&actions, in, out, err);
        if (!error)
            error = set_attributes(&attributes, signals);
        if (!error)
            error = posix_spawnp(pid, words->at[0], &actions, &attributes, words->at, environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static int start(const struct words *words, int in, int out, int err, pid_t *pid)
{
    sigset_t signals;
    int error;

    interrupt_hold(&signals);
    error = spawn(words, in, out, err, &signals, pid);
    if (!error)
        interrupt_group(*pid);
    interrupt_release(&signals);
    return error;
}

static bool wait_for(pid_t pid, int *status)
{
    while (waitpid(pid, status, 0) < 0)
        if (errno != EINTR)
            return false;
    return true;
}

int process_run(const struct words *words, int in, int out, int err)
{
    pid_t pid;
    int status;
    bool ended;

    errno = start(words, in, out, err, &pid);
    if (errno)
        return -1;
    ended = wait_for(pid, &status);
    interrupt_group(0);
    if (!ended)
        return -1;
    return WIFSIGNALED(status) ? PROCESS_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
}

char *process_line(const struct words *words)
{
    FILE *out = tmpfile();
    char *line = NULL;
    size_t room = 0;

    if (out && process_run(words, PROCESS_NULL, fileno(out), PROCESS_NULL) == 0) {
        rewind(out);
        if (getline(&line, &room, out) > 0) {
            line[strcspn(line, "\n")] = '\0';
        } else {
            free(line);
            line = strdup("");
        }
    }
    if (out)
        fclose(out);
    return line;
}
