/* A web site for tests, on a free port of 127.0.0.1, in one thread. Its answers are in answer.h.
 *
 *   site LOG PAGES     prints the port; ends with the process that started it, or by SIGTERM
 *   site --map PAGES   prints what there is to find
 *
 * The log has a line when a request has been read, and one when it has been answered:
 *
 *   SECONDS begin ID PATH
 *   SECONDS end ID PATH ANSWER
 *
 * SECONDS are those since the machine has started, as in /proc/uptime. ANSWER is the status, or what was wrong with the
 * answer (reset, short, deaf, raw); `cut` where the client closed the connection before it had all of it. Lines stand in
 * the order of what happened, as far as a client can know it: an answer's end is written before the byte is sent that
 * makes it whole, and what clients have closed is seen before what they open next.
 */
#include "answer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <uthash.h>

enum { CONNECTIONS = 1000, REQUEST_SIZE = 8192 };

/* How often a path was asked for. */
struct asked {
    UT_hash_handle hh;
    unsigned times;
    char path[];
};

struct connection {
    int fd; /* -1: none */
    unsigned id;
    char request[REQUEST_SIZE];
    size_t request_len;
    char *path; /* in `request`; NULL until that has been read */
    const char *fields; /* behind the line with it */
    struct answer answer;
    size_t sent;
    int64_t due;  /* when the next piece is; -1: never */
    bool is_told; /* that it has ended */
};

struct site {
    int listener;
    unsigned pages, ids;
    FILE *log;
    struct asked *asked;
    struct connection connections[CONNECTIONS];
};

static int64_t now(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void die(const char *what)
{
    fprintf(stderr, "site: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* ---- the log ----------------------------------------------------------------------------------------------------- */

static void log_line(struct site *site, const struct connection *connection, const char *what)
{
    const int64_t time = now(CLOCK_BOOTTIME);

    fprintf(site->log, "%lld.%06lld %s %u %s", (long long)(time / 1000000000), (long long)(time % 1000000000 / 1000), what,
            connection->id, connection->path);
}

static void log_begin(struct site *site, const struct connection *connection)
{
    log_line(site, connection, "begin");
    fputc('\n', site->log);
}

static void log_end(struct site *site, struct connection *connection, const char *answer)
{
    if (connection->is_told)
        return;
    connection->is_told = true;
    log_line(site, connection, "end");
    fprintf(site->log, " %s\n", answer);
}

/* ---- a connection ------------------------------------------------------------------------------------------------ */

static void connection_close(struct connection *connection, bool reset)
{
    if (reset)
        setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &(struct linger){ .l_onoff = 1 }, sizeof(struct linger));
    close(connection->fd);
    answer_free(&connection->answer);
    *connection = (struct connection){ .fd = -1 };
}

/* Waits for the next request. */
static void connection_keep(struct connection *connection)
{
    answer_free(&connection->answer);
    *connection = (struct connection){ .fd = connection->fd, .id = connection->id, .due = -1 };
}

/* The client has gone, or what it wants is no request. */
static void connection_cut(struct site *site, struct connection *connection)
{
    if (connection->path)
        log_end(site, connection, "cut");
    connection_close(connection, false);
}

static unsigned times_asked(struct site *site, const char *path)
{
    struct asked *asked;

    HASH_FIND_STR(site->asked, path, asked);
    if (!asked) {
        asked = calloc(1, sizeof *asked + strlen(path) + 1);
        if (!asked)
            die("no memory");
        strcpy(asked->path, path);
        HASH_ADD_STR(site->asked, path, asked);
    }
    return asked->times++;
}

/* The path of a request that has been read whole; NULL where it is none that a careful client sends: a GET in HTTP/1.1,
 * with one Host, whose lines all end with CR LF. */
static char *request_path(char *request, const char **fields)
{
    char *const path = request + strlen("GET ");
    char *const end = path + strcspn(path, " \r\n");
    unsigned hosts = 0;

    if (strncmp(request, "GET /", strlen("GET /")) != 0 || strncmp(end, " HTTP/1.1\r\n", strlen(" HTTP/1.1\r\n")) != 0)
        return NULL;
    for (char *at = end; (at = strchr(at, '\n')); at++) {
        if (at[-1] != '\r')
            return NULL;
        hosts += strncmp(at + 1, "Host: ", strlen("Host: ")) == 0;
    }
    *fields = strchr(end, '\n') + 1;
    *end = '\0';
    return hosts == 1 ? path : NULL;
}

static void connection_read(struct site *site, struct connection *connection)
{
    char *const to = connection->request + connection->request_len;
    const ssize_t got = recv(connection->fd, to, REQUEST_SIZE - 1 - connection->request_len, 0);

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0 || connection->path) {
        connection_cut(site, connection);
        return;
    }
    connection->request_len += (size_t)got;
    to[got] = '\0';
    if (!strstr(connection->request, "\r\n\r\n"))
        return;
    connection->path = request_path(connection->request, &connection->fields);
    if (!connection->path) {
        connection_close(connection, true);
        return;
    }
    log_begin(site, connection);
    connection->answer = answer_make(connection->path, connection->fields, site->pages, times_asked(site, connection->path));
    connection->due = connection->answer.late < 0 ? -1 : now(CLOCK_MONOTONIC) + connection->answer.late;
}

/* How much of the answer is sent next. The byte that makes it whole is sent by itself, so that its end can be told before. */
static size_t next_piece(const struct connection *connection)
{
    const struct answer *answer = &connection->answer;
    const size_t sent = connection->sent;
    const bool ends = answer->end != ANSWER_GOES_ON && sent < answer->whole;
    const size_t stop = !ends ? answer->len : sent + 1 < answer->whole ? answer->whole - 1 : answer->whole;

    return answer->piece && answer->piece < stop - sent ? answer->piece : stop - sent;
}

static void connection_sent(struct connection *connection, size_t piece)
{
    const struct answer *answer = &connection->answer;

    connection->sent += piece;
    if (answer->end == ANSWER_GOES_ON && connection->sent == answer->len)
        connection->sent = answer->again;
    if (answer->pause && connection->sent + 1 < answer->len)
        connection->due = now(CLOCK_MONOTONIC) + answer->pause;
}

static void connection_write(struct site *site, struct connection *connection)
{
    const struct answer *answer = &connection->answer;
    const size_t piece = next_piece(connection);

    if (connection->sent + piece >= answer->whole && answer->end != ANSWER_GOES_ON)
        log_end(site, connection, answer->name);
    if (piece > 0) {
        const ssize_t put = send(connection->fd, answer->text + connection->sent, piece, MSG_NOSIGNAL);

        if (put < 0 && errno != EAGAIN && errno != EINTR)
            connection_cut(site, connection);
        if (put <= 0)
            return;
        connection_sent(connection, (size_t)put);
    }
    if (connection->sent == answer->len && answer->end == ANSWER_KEEPS)
        connection_keep(connection);
    else if (connection->sent == answer->len)
        connection_close(connection, answer->end == ANSWER_RESETS);
}

/* ---- the site ---------------------------------------------------------------------------------------------------- */

static void site_accept(struct site *site)
{
    const int fd = accept4(site->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (fd < 0)
        return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
    for (size_t i = 0; i < CONNECTIONS; i++) {
        if (site->connections[i].fd < 0) {
            site->connections[i] = (struct connection){ .fd = fd, .id = ++site->ids, .due = -1 };
            return;
        }
    }
    close(fd);
}

/* What to wait for, for a connection; shortens the wait where something is due. */
static struct pollfd connection_poll(const struct connection *connection, int64_t time, int64_t *wait)
{
    struct pollfd poll = { .fd = connection->fd, .events = POLLIN };

    if (connection->fd < 0 || !connection->path || connection->due < 0)
        return poll;
    if (connection->due <= time)
        poll.events |= POLLOUT;
    else if (*wait < 0 || connection->due - time < *wait)
        *wait = connection->due - time;
    return poll;
}

/* One round. The listener is looked at before the connections, and at most one of those who wait there is let in, behind
 * all that the others have done: so whoever closed a connection before opening another is seen to have closed it first. */
static void site_turn(struct site *site)
{
    static struct pollfd polls[1 + CONNECTIONS];
    const int64_t time = now(CLOCK_MONOTONIC);
    int64_t wait = -1;

    polls[0] = (struct pollfd){ .fd = site->listener, .events = POLLIN };
    for (size_t i = 0; i < CONNECTIONS; i++)
        polls[1 + i] = connection_poll(&site->connections[i], time, &wait);
    if (poll(polls, 1 + CONNECTIONS, wait < 0 ? -1 : (int)((wait + 999999) / 1000000)) < 0) {
        if (errno != EINTR)
            die("poll");
        return;
    }
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct connection *connection = &site->connections[i];

        if (connection->fd >= 0 && polls[1 + i].revents & (POLLIN | POLLHUP | POLLERR))
            connection_read(site, connection);
        if (connection->fd >= 0 && polls[1 + i].revents & POLLOUT)
            connection_write(site, connection);
    }
    if (polls[0].revents)
        site_accept(site);
}

static void site_open(struct site *site, const char *log)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof address;

    site->log = fopen(log, "ae");
    if (!site->log)
        die(log);
    setvbuf(site->log, NULL, _IOLBF, 0);
    site->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (site->listener < 0 || bind(site->listener, (struct sockaddr *)&address, len) < 0 ||
        listen(site->listener, CONNECTIONS) < 0 || getsockname(site->listener, (struct sockaddr *)&address, &len) < 0)
        die("no port");
    for (size_t i = 0; i < CONNECTIONS; i++)
        site->connections[i].fd = -1;
    printf("%d\n", ntohs(address.sin_port));
    fclose(stdout);
}

/* The log has each line already. */
static void end(int signal)
{
    (void)signal;
    _exit(0);
}

int main(int argc, char **argv)
{
    static struct site site;

    site.pages = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    if (site.pages == 0) {
        fputs("Usage: site LOG PAGES\n       site --map PAGES\n", stderr);
        return 2;
    }
    if (strcmp(argv[1], "--map") == 0) {
        answer_write_map(stdout, site.pages);
        return 0;
    }
    signal(SIGTERM, end);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    site_open(&site, argv[1]);
    for (;;)
        site_turn(&site);
}
