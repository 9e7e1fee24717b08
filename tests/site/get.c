/* What examples/http.h makes of a URL, in one line: `STATUS BYTES HASH`, with what else the answer asks for; or `failed: WHY`,
 * or `lasting: WHY` where it would fail again.
 *
 *   get URL [MS [LARGEST]]     in at most MS ms (default 10,000), of at most LARGEST bytes (default 1,000,000)
 *   get --join BASE LINK       where a link on a page leads to; "": on no page
 */
#include "http.h"

static int join(const char *base, const char *link)
{
    static const char *const results[] = {
        [URL_ELSEWHERE] = "elsewhere",
        [URL_WRONG] = "wrong",
        [URL_NO_MEMORY] = "no memory",
    };
    char *to;
    const enum url_result result = url_join(*base ? base : NULL, link, strlen(link), &to);

    puts(result == URL_OK ? to : results[result]);
    free(to);
    return 0;
}

static uint32_t hash_of(const struct http_text *text)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < text->len; i++)
        hash = (hash ^ (unsigned char)text->data[i]) * 16777619u;
    return hash;
}

static int wait_ms(const struct http *http)
{
    const int64_t left = http_left(http);

    return left < 0 ? -1 : (int)((left + 999999) / 1000000);
}

static int get(const char *url, int ms, size_t largest)
{
    struct http http;
    short events;
    size_t len;

    if (http_open(&http, url, (int64_t)ms * 1000000, largest))
        while ((events = http_step(&http)) != 0)
            poll(&(struct pollfd){ .fd = http.fd, .events = events }, 1, wait_ms(&http));
    if (*http.why) {
        printf("%s: %s\n", http.lasting ? "lasting" : "failed", http.why);
    } else {
        const char *to = http_field(&http, "Location", NULL, &len);

        printf("%d %zu %08x", http.status, http.body.len, (unsigned)hash_of(&http.body));
        if (to)
            printf(" to %.*s", (int)len, to);
        if (http_retry_after(&http) > 0)
            printf(" after %lld s", (long long)(http_retry_after(&http) / 1000000000));
        putchar('\n');
    }
    http_close(&http);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--join") == 0)
        return join(argv[2], argv[3]);
    if (argc < 2 || argc > 4)
        return 2;
    return get(argv[1], argc > 2 ? atoi(argv[2]) : 10000, argc > 3 ? strtoul(argv[3], NULL, 10) : 1000000);
}
