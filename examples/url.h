/* URLs of http: what the parts of one are, and where a link on a page leads to.
 *
 * A URL goes into a request as it stands, so it has none of the bytes that would end a line there or a word: no blank, no
 * control character, nothing beyond ASCII. What has one is refused, whoever it comes from.
 */
#ifndef URL_H
#define URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The parts of a URL, as they stand in its text. */
struct url {
    const char *host; /* without the brackets of an address of IPv6 */
    size_t host_len;
    const char *site; /* host and port as they are written, for the request's Host */
    size_t site_len;
    const char *port; /* its digits; len 0: none is written */
    size_t port_len;
    const char *path; /* and query, from its `/`; len 0: none is written. A #fragment is no part of it */
    size_t path_len;
};

enum url_result { URL_OK, URL_ELSEWHERE, URL_WRONG, URL_NO_MEMORY };

/* The length of the scheme that a text begins with, without the colon; 0: none. */
static inline size_t url_scheme_(const char *text, size_t len)
{
    size_t at = 0;

    while (at < len && (((text[at] | 32) >= 'a' && (text[at] | 32) <= 'z') ||
                        (at > 0 && (strchr("+-.", text[at]) || (text[at] >= '0' && text[at] <= '9')))))
        at++;
    return at < len && text[at] == ':' ? at : 0;
}

static inline bool url_is_plain_(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return false;
    return true;
}

/* Host and port, `len` bytes: example.org, example.org:8080, [::1]:80. */
static inline bool url_read_site_(struct url *url, const char *site, size_t len)
{
    static const char name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    const bool bracket = len > 0 && *site == '[';
    const char *host = site + bracket;
    const size_t most = len - bracket;
    const size_t span = strspn(host, bracket ? "0123456789abcdefABCDEF:." : name);
    const size_t host_len = span < most ? span : most;
    const char *rest = host + host_len;
    const char *const end = site + len;

    if (host_len == 0 || host_len > 253 || (bracket && (rest == end || *rest++ != ']')))
        return false;
    *url = (struct url){ .host = host, .host_len = host_len, .site = site, .site_len = len, .port = rest };
    if (rest == end)
        return true;
    url->port = rest + 1;
    url->port_len = (size_t)(end - url->port);
    return *rest == ':' && url->port_len <= 5 && strspn(url->port, "0123456789") >= url->port_len &&
           (url->port_len == 0 || strtol(url->port, NULL, 10) <= 65535);
}

/* Finds the parts of a URL: URL_OK; URL_ELSEWHERE where it is one of another scheme; URL_WRONG where it is none. A user's
 * name in it (http://name@host/) is wrong: it would not be sent. */
static inline enum url_result url_read(const char *text, struct url *url)
{
    const size_t len = strcspn(text, "#");
    const size_t scheme = url_scheme_(text, len);
    const char *site;
    size_t site_len;

    if (scheme > 0 && !(scheme == 4 && strncasecmp(text, "http", 4) == 0))
        return URL_ELSEWHERE;
    if (scheme == 0 || strncmp(text + scheme, "://", 3) != 0 || !url_is_plain_(text, len))
        return URL_WRONG;
    site = text + strlen("http://");
    site_len = strcspn(site, "/?#");
    if (!url_read_site_(url, site, site_len))
        return URL_WRONG;
    url->path = site + site_len;
    url->path_len = len - (size_t)(url->path - text);
    return URL_OK;
}

/* Takes `.` and `dir/..` out of a path that begins with `/`, in place, up to `end`; returns its new end. */
static inline char *url_clean_path_(char *path, const char *end)
{
    char *to = path + 1;

    for (const char *from = path + 1; from < end; ) {
        const char *slash = memchr(from, '/', (size_t)(end - from));
        const size_t len = (size_t)((slash ? slash : end) - from);
        const size_t step = len + (slash != NULL);

        if (len == 2 && memcmp(from, "..", 2) == 0) {
            for (to -= to > path + 1; to > path + 1 && to[-1] != '/'; to--)
                ;
        } else if (!(len == 1 && *from == '.')) {
            memmove(to, from, step);
            to += step;
        }
        from += step;
    }
    return to;
}

/* The same URL as all others that mean it: host in small letters, no port that goes without saying, a path without
 * detours, no fragment. The caller frees it; NULL where memory is short. */
static inline char *url_plain_(const struct url *url)
{
    const bool has_port = url->port_len > 0 && !(url->port_len == 2 && memcmp(url->port, "80", 2) == 0);
    const bool has_brackets = url->host != url->site;
    const char *const slash = url->path_len > 0 && *url->path == '/' ? "" : "/";
    char *text, *path, *query;

    if (asprintf(&text, "http://%s%.*s%s%s%.*s%s%.*s", has_brackets ? "[" : "", (int)url->host_len, url->host,
                 has_brackets ? "]" : "", has_port ? ":" : "", has_port ? (int)url->port_len : 0, url->port, slash,
                 (int)url->path_len, url->path) < 0)
        return NULL;
    path = text + strlen("http://");
    for (; *path != '/'; path++)
        if (*path >= 'A' && *path <= 'Z')
            *path = (char)(*path | 32);
    query = path + strcspn(path, "?");
    path = url_clean_path_(path, query);
    memmove(path, query, strlen(query) + 1);
    return text;
}

/* Writes where a link leads to by itself: as it stands, or the part of `base` that goes before it. NULL: no memory. */
static inline char *url_resolve_(const struct url *base, const char *link, size_t len)
{
    const char *query = memchr(base->path, '?', base->path_len);
    size_t path_len = query ? (size_t)(query - base->path) : base->path_len;
    char *text;

    if (len > 1 && link[0] == '/' && link[1] == '/')
        return asprintf(&text, "http:%.*s", (int)len, link) < 0 ? NULL : text;
    if (len == 0)
        path_len = base->path_len;
    else if (*link == '/')
        path_len = 0;
    else if (*link != '?')
        while (path_len > 0 && base->path[path_len - 1] != '/')
            path_len--;
    return asprintf(&text, "http://%.*s%.*s%s%.*s", (int)base->site_len, base->site, (int)path_len, base->path,
                    path_len > 0 || (len > 0 && *link == '/') ? "" : "/", (int)len, link) < 0 ? NULL : text;
}

/* The URL that a link of `len` bytes leads to from the page `base`, in the form that all URLs of that meaning have:
 * URL_OK, and the caller frees `*to`. A link that is a URL itself needs no base (NULL). URL_ELSEWHERE: another scheme, as
 * mailto: or https:. `*to` is NULL then, as where it is wrong, or memory is short. */
static inline enum url_result url_join(const char *base, const char *link, size_t len, char **to)
{
    const char *fragment = memchr(link, '#', len);
    struct url url;
    enum url_result result;
    char *text;

    *to = NULL;
    if (fragment)
        len = (size_t)(fragment - link);
    if (len > 65535 || memchr(link, '\0', len))
        return URL_WRONG;
    if (url_scheme_(link, len) > 0 || !base)
        text = strndup(link, len);
    else if ((result = url_read(base, &url)) != URL_OK)
        return result;
    else
        text = url_resolve_(&url, link, len);
    if (!text)
        return URL_NO_MEMORY;
    result = url_read(text, &url);
    if (result == URL_OK && !(*to = url_plain_(&url)))
        result = URL_NO_MEMORY;
    free(text);
    return result;
}

#endif
