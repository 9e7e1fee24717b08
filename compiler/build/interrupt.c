/* Signals that end pipec. The handler reads a table of names and one process id, and calls nothing that another call of
 * the same function could be in the middle of.
 *
 * The C compiler is a family of programs, of which the last writes the output. So its whole group is ended and waited
 * for before the files are removed, or one of them would make a file again that was just removed.
 */
#include "build/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILES_MAX 8
#define PATIENCE_MS 2000 /* for programs to end by SIGTERM, before SIGKILL */

static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGXCPU };

static char *volatile files[FILES_MAX];
static char *volatile directory;
static volatile sig_atomic_t group;

/* Waits until nobody is left in the group; false after `ms` milliseconds. Only its leader is our child. */
static bool group_is_gone(pid_t leader, int ms)
{
    for (; ms >= 0; ms--) {
        waitpid(leader, NULL, WNOHANG);
        if (kill(-leader, 0) != 0)
            return true;
        poll(NULL, 0, 1);
    }
    return false;
}

static void end_group(pid_t leader)
{
    kill(-leader, SIGTERM);
    kill(-leader, SIGCONT);
    if (group_is_gone(leader, PATIENCE_MS))
        return;
    kill(-leader, SIGKILL);
    group_is_gone(leader, PATIENCE_MS);
}

static void end(int signal)
{
    if (group > 0)
        end_group(group);
    for (size_t i = 0; i < FILES_MAX; i++)
        if (files[i])
            unlink(files[i]);
    if (directory)
        rmdir(directory);
    raise(signal); /* SA_RESETHAND: its default action ends pipec once this returns */
}

/* A signal that our caller ignores stays ignored. */
static void catch_signals(void)
{
    struct sigaction action = { .sa_handler = end, .sa_flags = (int)SA_RESETHAND };
    struct sigaction before;

    sigfillset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
            sigaction(signals[i], &action, NULL);
}

void interrupt_hold(sigset_t *before)
{
    sigset_t held;

    sigemptyset(&held);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaddset(&held, signals[i]);
    sigprocmask(SIG_BLOCK, &held, before);
}

void interrupt_release(const sigset_t *before)
{
    const int error = errno;

    sigprocmask(SIG_SETMASK, before, NULL);
    errno = error;
}

void interrupt_file(char *path)
{
    size_t i = 0;

    while (i < FILES_MAX - 1 && files[i])
        i++;
    files[i] = path;
    catch_signals();
}

void interrupt_forget(const char *path)
{
    for (size_t i = 0; i < FILES_MAX; i++)
        if (files[i] == path)
            files[i] = NULL;
}

void interrupt_directory(char *path)
{
    directory = path;
    catch_signals();
}

void interrupt_group(pid_t leader)
{
    group = leader;
    catch_signals();
}
