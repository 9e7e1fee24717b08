/* termios, and the sequences that every terminal of today knows (ECMA-48).
 */
#include "live/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static const char enter[] = "\033[?1049h\033[?25l\033[H\033[2J", leave[] = "\033[0m\033[?25h\033[?1049l";

static struct termios before;             /* of the terminal, as it was */
static volatile sig_atomic_t taken;       /* whether it is ours now */
static volatile sig_atomic_t resized, ended, stopped;
static int news[2] = { -1, -1 };          /* a pipe by which handlers end a poll() */

/* ---- giving it back ---------------------------------------------------------------------------------------------- */

/* Also in a handler. */
static void give_back(void)
{
    if (!taken)
        return;
    taken = 0;
    if (write(STDOUT_FILENO, leave, sizeof leave - 1) < 0)
        ended = ended ? ended : SIGHUP;
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

static void take(void)
{
    struct termios raw = before;

    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    taken = 1;
    if (write(STDOUT_FILENO, enter, sizeof enter - 1) < 0)
        ended = SIGHUP;
}

/* A mistake of ours ends us as it would have. */
static void crashed(int signal)
{
    give_back();
    raise(signal);
}

static void arrived(int signal)
{
    const int saved = errno;

    if (signal == SIGWINCH)
        resized = 1;
    else if (signal == SIGTSTP)
        stopped = 1;
    else
        ended = signal;
    if (write(news[1], "", 1) < 0)
        errno = saved; /* it is full, so poll() ends */
    errno = saved;
}

static const int endings[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT }, crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

static void handle(void)
{
    struct sigaction action = { .sa_handler = arrived };
    const struct sigaction crash = { .sa_handler = crashed, .sa_flags = (int)SA_RESETHAND };

    sigemptyset(&action.sa_mask);
    sigaction(SIGWINCH, &action, NULL);
    sigaction(SIGTSTP, &action, NULL);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        sigaction(endings[i], &action, NULL);
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        sigaction(crashes[i], &crash, NULL);
}

bool screen_open(void)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &before) != 0 ||
        pipe2(news, O_CLOEXEC | O_NONBLOCK) != 0)
        return false;
    handle();
    take();
    return true;
}

void screen_close(void)
{
    give_back();
    if (ended) {
        signal(ended, SIG_DFL);
        raise(ended);
    }
}

static struct winsize window(void)
{
    struct winsize size;

    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size : (struct winsize){ 0 };
}

void screen_size(size_t *columns, size_t *rows)
{
    const struct winsize size = window();

    *columns = size.ws_col > 0 ? size.ws_col : 80;
    *rows = size.ws_row > 0 ? size.ws_row : 24;
}

size_t screen_columns(void)
{
    return window().ws_col;
}

/* ---- drawing ----------------------------------------------------------------------------------------------------- */

void screen_show(const char *text, size_t size)
{
    while (size > 0 && !ended) {
        const ssize_t n = write(STDOUT_FILENO, text, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            ended = SIGHUP;
            return;
        }
        text += n;
        size -= (size_t)n;
    }
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

/* What stands behind an escape, if it came with it. */
static int read_sequence(void)
{
    static const struct { const char *text; int key; } keys[] = {
        { "[A", KEY_UP }, { "[B", KEY_DOWN }, { "OA", KEY_UP }, { "OB", KEY_DOWN },
        { "[5~", KEY_PAGE_UP }, { "[6~", KEY_PAGE_DOWN }, { "[H", KEY_HOME }, { "[1~", KEY_HOME },
    };
    struct pollfd polled = { .fd = STDIN_FILENO, .events = POLLIN };
    char text[16];
    ssize_t n = 0;

    if (poll(&polled, 1, 20) > 0)
        n = read(STDIN_FILENO, text, sizeof text - 1);
    text[n > 0 ? n : 0] = '\0';
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(text, keys[i].text) == 0)
            return keys[i].key;
    return n > 0 ? KEY_RESIZE : '\033';
}

static int read_key(void)
{
    unsigned char letter;
    const ssize_t n = read(STDIN_FILENO, &letter, 1);

    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return KEY_RESIZE;
    if (n <= 0) {
        ended = SIGHUP;
        return KEY_END;
    }
    return letter == '\033' ? read_sequence() : letter;
}

/* Ctrl-Z: as if we were not here, until we are again. */
static void stop(void)
{
    stopped = 0;
    give_back();
    raise(SIGSTOP);
    take();
}

int screen_key(int ms)
{
    struct pollfd polled[] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .fd = news[0], .events = POLLIN } };
    char letters[64];
    int n;

    n = ended || resized || stopped ? 0 : poll(polled, 2, ms);
    while (read(news[0], letters, sizeof letters) > 0)
        ;
    if (ended)
        return KEY_END;
    if (stopped)
        stop();
    else if (!resized)
        return n > 0 && polled[0].revents ? read_key() : n > 0 ? KEY_RESIZE : KEY_NONE;
    resized = 0;
    return KEY_RESIZE;
}
