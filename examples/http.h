/* An HTTP/1.1 client over a plain socket: one GET, in steps that never wait. Each step does what can be done at once, and
 * says what to wait for before the next; so whoever runs it waits as he can, with poll() or in a better way:
 *
 *     if (http_open(&http, url, 2000000000, 1 << 20))
 *         while ((events = http_step(&http)) != 0)
 *             wait until poll() finds `events` at http.fd, but no longer than http_left(&http) nanoseconds
 *     if (*http.why) it has failed, and this says why; else http.status and http.body are the answer
 *     http_close(&http)
 *
 * One request has one connection. What a server sends is not trusted: what is kept of it has a limit, lengths that
 * contradict each other or that it does not keep to are failures, and nobody waits for it for ever. Only the system's
 * look-up of a host's name takes the time that it takes; an address that is written in digits needs none.
 */
#ifndef HTTP_H
#define HTTP_H

#include "url.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    HTTP_WHY = 128,         /* bytes of a reason, its end included */
    HTTP_HEAD_MOST = 65536, /* bytes of an answer's head and trailer, and of what comes before it */
    HTTP_LINE_MOST = 8192   /* bytes of a line between chunks */
};

enum http_state {
    HTTP_CONNECTS,
    HTTP_SENDS,
    HTTP_HEAD,       /* receives the head */
    HTTP_SIZED,      /* receives `left` more bytes */
    HTTP_TO_END,     /* receives until the connection ends */
    HTTP_CHUNK_SIZE, /* the line before a chunk */
    HTTP_CHUNK,      /* `left` more bytes of it */
    HTTP_CHUNK_END,  /* the line's end behind it */
    HTTP_TRAILER,
    HTTP_DONE
};

struct http_text {
    char *data; /* NUL behind it, once there is any */
    size_t len, room;
};

struct http {
    int fd;             /* what to wait at */
    int status;         /* of the answer; 0: none yet */
    char why[HTTP_WHY]; /* why there is no answer; "" where it is one */
    bool lasting;       /* it would fail again: the URL is wrong, or the answer is none or too large */
    struct http_text head, body;

    enum http_state state_;
    struct addrinfo *addresses_, *address_; /* of the host; the one that is tried */
    struct http_text request_, line_;
    size_t sent_, told_; /* bytes: of the request; of heads and trailers */
    uint64_t left_, largest_;
    int64_t deadline_; /* < 0: none */
};

/* ---- small things ------------------------------------------------------------------------------------------------ */

static inline int64_t http_now_(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* There will be no answer. */
__attribute__((format(printf, 3, 4)))
static inline void http_fail_(struct http *self, bool lasting, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(self->why, sizeof self->why, format, args);
    va_end(args);
    self->lasting = lasting;
    self->state_ = HTTP_DONE;
}

static inline void http_fail_large_(struct http *self)
{
    http_fail_(self, true, "more than %llu bytes", (unsigned long long)self->largest_);
}

/* Adds bytes behind a text; false, with a reason, where memory is short. */
static inline bool http_add_(struct http *self, struct http_text *text, const char *data, size_t len)
{
    if (len >= text->room - text->len) {
        const size_t room = 2 * (text->len + len) < 512 ? 512 : 2 * (text->len + len);
        char *grown = realloc(text->data, room);

        if (!grown) {
            http_fail_(self, false, "%s", strerror(errno));
            return false;
        }
        text->data = grown;
        text->room = room;
    }
    memcpy(text->data + text->len, data, len);
    text->len += len;
    text->data[text->len] = '\0';
    return true;
}

/* ---- the request ------------------------------------------------------------------------------------------------- */

/* Ends a request, wherever it is, and releases what it has. Once http_open() was called it is legal at any time, and it may
 * be opened again. */
static inline void http_close(struct http *self)
{
    if (self->fd >= 0)
        close(self->fd);
    if (self->addresses_)
        freeaddrinfo(self->addresses_);
    free(self->head.data);
    free(self->body.data);
    free(self->request_.data);
    free(self->line_.data);
    *self = (struct http){ .fd = -1 };
}

static inline bool http_find_host_(struct http *self, const struct url *url)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV };
    char host[256], port[8];
    int error;

    snprintf(host, sizeof host, "%.*s", (int)url->host_len, url->host);
    snprintf(port, sizeof port, "%.*s", url->port_len ? (int)url->port_len : 2, url->port_len ? url->port : "80");
    error = getaddrinfo(host, port, &hints, &self->addresses_);
    if (error)
        http_fail_(self, error == EAI_NONAME || error == EAI_SERVICE, "%.80s: %s", host,
                   error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error));
    self->address_ = self->addresses_;
    return error == 0;
}

/* Begins a GET. `limit`: nanoseconds until it has failed, from now (0: no limit); `largest`: bytes of a body, at most. False
 * where it has failed already. `self` is all zeros, or was closed. */
static inline bool http_open(struct http *self, const char *text, int64_t limit, size_t largest)
{
    struct url url;
    char *request;
    int len;

    *self = (struct http){ .fd = -1, .largest_ = largest, .deadline_ = limit > 0 ? http_now_() + limit : -1 };
    switch (url_read(text, &url)) {
    case URL_OK: break;
    case URL_ELSEWHERE: http_fail_(self, true, "only http is spoken here"); return false;
    default: http_fail_(self, true, "no URL"); return false;
    }
    len = asprintf(&request,
                   "GET %s%.*s HTTP/1.1\r\n"
                   "Host: %.*s\r\n"
                   "User-Agent: pipec-example\r\n"
                   "Accept: */*\r\n"
                   "Connection: close\r\n\r\n",
                   url.path_len && *url.path == '/' ? "" : "/", (int)url.path_len, url.path, (int)url.site_len, url.site);
    if (len < 0) {
        http_fail_(self, false, "%s", strerror(errno));
        return false;
    }
    self->request_ = (struct http_text){ .data = request, .len = (size_t)len };
    return http_find_host_(self, &url);
}

/* How long the next step may be waited for, in nanoseconds, from 0; < 0: for ever. */
static inline int64_t http_left(const struct http *self)
{
    const int64_t left = self->deadline_ - http_now_();

    return self->deadline_ < 0 ? -1 : left > 0 ? left : 0;
}

/* Tries each address of the host in turn. */
static inline short http_connect_(struct http *self)
{
    int error = EHOSTUNREACH;

    for (; self->address_; self->address_ = self->address_->ai_next) {
        if (self->fd < 0)
            self->fd = socket(self->address_->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (self->fd >= 0) {
            if (connect(self->fd, self->address_->ai_addr, self->address_->ai_addrlen) == 0 || errno == EISCONN) {
                self->state_ = HTTP_SENDS;
                return 0;
            }
            if (errno == EINPROGRESS || errno == EALREADY || errno == EINTR)
                return POLLOUT;
        }
        error = errno;
        if (self->fd >= 0)
            close(self->fd);
        self->fd = -1;
    }
    http_fail_(self, false, "%s", strerror(error));
    return 0;
}

/* A server may answer before it has read the request, and close: so where it cannot be sent, the answer tells. */
static inline short http_send_(struct http *self)
{
    const ssize_t put = send(self->fd, self->request_.data + self->sent_, self->request_.len - self->sent_, MSG_NOSIGNAL);

    if (put < 0 && (errno == EAGAIN || errno == EINTR))
        return POLLOUT;
    if (put > 0)
        self->sent_ += (size_t)put;
    if (put < 0 || self->sent_ == self->request_.len)
        self->state_ = HTTP_HEAD;
    return 0;
}

/* ---- the answer's head ------------------------------------------------------------------------------------------- */

static inline const char *http_skip_blanks_(const char *at)
{
    return at + strspn(at, " \t");
}

/* The next field of this name behind `after`, or the first (NULL): its value, and its length without the blanks around it.
 * NULL: there is no other. */
static inline const char *http_field(const struct http *self, const char *name, const char *after, size_t *len)
{
    const size_t name_len = strlen(name);

    for (const char *at = after ? after : self->head.data; at && (at = strchr(at, '\n')); ) {
        at++;
        if (strncasecmp(at, name, name_len) == 0 && at[name_len] == ':') {
            at = http_skip_blanks_(at + name_len + 1);
            for (*len = strcspn(at, "\r\n"); *len > 0 && (at[*len - 1] == ' ' || at[*len - 1] == '\t'); --*len)
                ;
            return at;
        }
    }
    return NULL;
}

/* A number of digits alone; false where it is none, or larger than any length. */
static inline bool http_number_(const char *text, size_t len, int base, uint64_t *number)
{
    static const char digits[] = "0123456789abcdef";

    *number = 0;
    for (size_t i = 0; i < len; i++) {
        const char *digit = text[i] ? strchr(digits, text[i] >= 'A' && text[i] <= 'F' ? text[i] | 32 : text[i]) : NULL;

        if (!digit || digit - digits >= base || i == 15)
            return false;
        *number = *number * (unsigned)base + (uint64_t)(digit - digits);
    }
    return len > 0;
}

/* Whether the server has answered that it may do better another time. */
static inline bool http_is_refused(const struct http *self)
{
    return self->status == 429 || self->status / 100 == 5;
}

/* How long the server asks to be left alone (Retry-After, seconds or a date), in nanoseconds; 0: it does not say. */
static inline int64_t http_retry_after(const struct http *self)
{
    struct tm date = { 0 };
    uint64_t seconds;
    size_t len;
    const char *value = http_field(self, "Retry-After", NULL, &len);

    if (!value)
        return 0;
    if (!http_number_(value, len, 10, &seconds)) {
        const time_t now = time(NULL);
        time_t then;

        if (!strptime(value, "%a, %d %b %Y %H:%M:%S GMT", &date) || (then = timegm(&date)) <= now)
            return 0;
        seconds = (uint64_t)(then - now);
    }
    return seconds > 86400 ? INT64_C(86400000000000) : (int64_t)seconds * 1000000000;
}

/* Where the body's end is: after a length that all Content-Length agree on, or in chunks, or at the connection's end. */
static inline void http_frame_(struct http *self)
{
    const char *value = NULL;
    bool is_sized = false;
    uint64_t size;
    size_t len;

    self->state_ = HTTP_TO_END;
    if (self->status == 204 || self->status == 304) {
        self->state_ = HTTP_DONE;
        return;
    }
    while ((value = http_field(self, "Transfer-Encoding", value, &len))) {
        if (len != strlen("chunked") || strncasecmp(value, "chunked", len) != 0 || self->state_ == HTTP_CHUNK_SIZE) {
            http_fail_(self, true, "an unknown transfer encoding");
            return;
        }
        self->state_ = HTTP_CHUNK_SIZE;
    }
    while ((value = http_field(self, "Content-Length", value, &len))) {
        if (!http_number_(value, len, 10, &size) || (is_sized && size != self->left_) || self->state_ == HTTP_CHUNK_SIZE) {
            http_fail_(self, true, "a wrong content length");
            return;
        }
        self->left_ = size;
        is_sized = true;
    }
    if (is_sized && self->left_ > self->largest_)
        http_fail_large_(self);
    else if (is_sized)
        self->state_ = self->left_ > 0 ? HTTP_SIZED : HTTP_DONE;
}

/* The head is whole. One with a status of 1xx comes before the answer's own. */
static inline void http_read_head_(struct http *self)
{
    const char *head = self->head.data;
    uint64_t status;

    if (strncmp(head, "HTTP/1.", 7) != 0 || head[7] < '0' || head[7] > '9' || head[8] != ' ' ||
        !http_number_(head + 9, 3, 10, &status) || status < 100 || !strchr(" \r\n", head[12])) {
        http_fail_(self, true, "no answer in HTTP/1.1");
        return;
    }
    if (status < 200 && status != 101) {
        self->head.len = 0;
        return;
    }
    self->status = (int)status;
    http_frame_(self);
}

/* ---- what is received -------------------------------------------------------------------------------------------- */

static inline bool http_ends_head_(const struct http_text *head)
{
    const char *const end = head->data + head->len;

    return (head->len >= 2 && memcmp(end - 2, "\n\n", 2) == 0) || (head->len >= 3 && memcmp(end - 3, "\n\r\n", 3) == 0);
}

static inline void http_head_byte_(struct http *self, char byte)
{
    if (++self->told_ > HTTP_HEAD_MOST)
        http_fail_(self, true, "a head of more than %d bytes", HTTP_HEAD_MOST);
    else if (byte == '\0')
        http_fail_(self, true, "no answer in HTTP/1.1");
    else if (http_add_(self, &self->head, &byte, 1) && byte == '\n' && http_ends_head_(&self->head))
        http_read_head_(self);
}

/* A line between chunks is whole, without its end. */
static inline void http_read_line_(struct http *self)
{
    const char *line = self->line_.data;

    switch (self->state_) {
    case HTTP_CHUNK_SIZE:
        if (!http_number_(line, strcspn(line, "; \t"), 16, &self->left_))
            http_fail_(self, true, "a chunk without a size");
        else if (self->left_ > self->largest_ - self->body.len)
            http_fail_large_(self);
        else
            self->state_ = self->left_ > 0 ? HTTP_CHUNK : HTTP_TRAILER;
        break;
    case HTTP_CHUNK_END:
        if (*line)
            http_fail_(self, true, "a chunk of another size than it says");
        else
            self->state_ = HTTP_CHUNK_SIZE;
        break;
    default: /* HTTP_TRAILER */
        if (!*line)
            self->state_ = HTTP_DONE;
    }
    self->line_.len = 0;
}

static inline void http_line_byte_(struct http *self, char byte)
{
    struct http_text *const line = &self->line_;

    self->told_ += self->state_ == HTTP_TRAILER;
    if (line->len == HTTP_LINE_MOST || self->told_ > HTTP_HEAD_MOST || byte == '\0') {
        http_fail_(self, true, "no line between chunks");
    } else if (byte != '\n') {
        http_add_(self, line, &byte, 1);
    } else if (http_add_(self, line, "", 0)) {
        if (line->len > 0 && line->data[line->len - 1] == '\r')
            line->data[--line->len] = '\0';
        http_read_line_(self);
    }
}

/* Takes bytes of the body, as many of them as belong to it or to this chunk of it; returns how many. */
static inline size_t http_body_bytes_(struct http *self, const char *data, size_t len)
{
    const size_t part = self->state_ == HTTP_TO_END || len < self->left_ ? len : (size_t)self->left_;

    if (part > self->largest_ - self->body.len) {
        http_fail_large_(self);
        return part;
    }
    if (!http_add_(self, &self->body, data, part) || self->state_ == HTTP_TO_END)
        return part;
    self->left_ -= part;
    if (self->left_ == 0)
        self->state_ = self->state_ == HTTP_SIZED ? HTTP_DONE : HTTP_CHUNK_END;
    return part;
}

/* What stands behind the answer's end is nobody's. */
static inline void http_take_(struct http *self, const char *data, size_t len)
{
    for (size_t at = 0; at < len && self->state_ != HTTP_DONE; ) {
        switch (self->state_) {
        case HTTP_HEAD: http_head_byte_(self, data[at++]); break;
        case HTTP_SIZED:
        case HTTP_TO_END:
        case HTTP_CHUNK: at += http_body_bytes_(self, data + at, len - at); break;
        default: http_line_byte_(self, data[at++]);
        }
    }
}

/* The server has closed the connection, before the end that it has told. */
static inline void http_take_end_(struct http *self)
{
    if (self->state_ == HTTP_TO_END)
        self->state_ = HTTP_DONE;
    else if (self->state_ == HTTP_HEAD && self->head.len == 0)
        http_fail_(self, false, "no answer");
    else
        http_fail_(self, false, "cut short");
}

static inline short http_receive_(struct http *self)
{
    char data[8192];
    const ssize_t got = recv(self->fd, data, sizeof data, 0);

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return POLLIN;
    if (got < 0)
        http_fail_(self, false, "%s", strerror(errno));
    else if (got == 0)
        http_take_end_(self);
    else
        http_take_(self, data, (size_t)got);
    return 0;
}

/* Goes on as far as it can without waiting. Returns the events of poll() to wait for at `fd`, or 0: it is over, and `why` or
 * `status` tells how. A step that comes too early does no harm; that the time is over is seen by the step after it. */
static inline short http_step(struct http *self)
{
    while (self->state_ != HTTP_DONE) {
        short events;

        switch (self->state_) {
        case HTTP_CONNECTS: events = http_connect_(self); break;
        case HTTP_SENDS: events = http_send_(self); break;
        default: events = http_receive_(self);
        }
        if (self->state_ != HTTP_DONE && http_left(self) == 0)
            http_fail_(self, false, "no %s in time", self->state_ <= HTTP_SENDS ? "connection" : "answer");
        else if (events != 0)
            return events;
    }
    return 0;
}

#endif
