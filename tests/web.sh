#!/usr/bin/env bash
# The library's http_get against sites of this machine that answer well, badly, late, without end and never; addresses and
# redirects that lead where nobody should follow; certificates; and what is left when programs that fetch end at any moment.
#
#   tests/web.sh [--long]
. "$(dirname "$0")/lib.sh"
needs "$PIPEC" "$BUILD/library" "$BUILD/tests/site/site" "$BUILD/tests/site/get"
. tests/lib-site.sh
. tests/lib-moments.sh

export XDG_CACHE_HOME=$tmp/cache LC_ALL=C NO_COLOR=1
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
work=$tmp/web
mkdir "$work"

cat >"$work/get.pipe" <<'PIPE'
pipeline get "prints what is at some URLs: status, bytes, hash, type and place";
import <http.pipe>;
include <stdio.h>;
include <string.h>;

param string urls[] "what to fetch";
param string agent = "pipec" "by what name";
param size largest = 1M "bytes of a page";
param int redirects = 5 in 0..50 "how many are followed";
param bool private = false "private addresses too";
param string authorities = "" "certificates";
param duration limit = 10s in 1ms..1h "for an attempt";
param duration patience = 1h in 1ms..1d "that a server may ask for";
param int retries = 1 in 1..100 "attempts more";
param int at_once = 1 in 1..1000 "how many at once";

channel string wanted[16];
channel response pages[16];

stage begin -> wanted {
    for (size_t i = 0; i < urls_len; i++)
        emit(strdup(urls[i]));
}

stage fetch (url <- wanted) -> pages  workers 64  bound at_once  timeout limit
    on fail retry retries backoff 1ms..10ms then skip
    = http_get(agent = agent, headers = ["X-More: yes", "Accept: text/html"], largest = largest, redirects = redirects, private = private,
               authorities = authorities, patience = patience);

stage show (page <- pages) {
    unsigned hash = 2166136261u;

    if (!page.body.data)
        fail("no body is NULL");
    for (size_t i = 0; i < page.body.len; i++)
        hash = (hash ^ page.body.data[i]) * 16777619u;
    printf("%d %zu %08x %s %s\n", page.status, page.body.len, hash, page.type, page.url);
    if (strstr(page.asked, "/echo/"))
        fwrite(page.body.data, 1, page.body.len, stdout);
}
PIPE

# Headers that come from a command line.
cat >"$work/lined.pipe" <<'PIPE'
pipeline lined "asks with some lines more";
import <http.pipe>;
include <stdio.h>;
include <string.h>;
param string lines[] "more lines of the request";
param string url = "" "whom to ask";
channel string wanted[1];
channel response pages[1];
stage begin -> wanted { emit(strdup(url)); }
stage fetch (url <- wanted) -> pages = http_get(headers = lines, private = true);
stage show (page <- pages) { fwrite(page.body.data, 1, page.body.len, stdout); }
PIPE

# What the suite needs of the machine. Where it is not there, the suite says so, and what pipec says is all that it looks at.
if ! pkg-config --exists libcurl 2>/dev/null; then
    echo "web.sh: libcurl is not on this machine, so nothing of http_get is tested; tools/setup.sh library installs it"
    check "without libcurl: nothing is built" fails "$PIPEC" build -o "$work/get" "$work/get.pipe"
    check "without libcurl: a program that does not use it is" "$PIPEC" build -o "$work/none" tests/run/cycle.pipe
    finish
fi

"$PIPEC" emit -o "$work/get.c" "$work/get.pipe"
for cc in gcc clang; do
    ! command -v $cc >/dev/null || check "no warning from $cc" \
        $cc -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Werror -O1 -Iruntime/include -c -o "$work/get.o" "$work/get.c"
done
check "builds, with lines of the command line" "$PIPEC" build -o "$work/lined" "$work/lined.pipe"
check "builds" "$PIPEC" build -o "$work/get" "$work/get.pipe"
check "builds with AddressSanitizer" watched_build -o "$work/get.asan" "$work/get.pipe"

# Who only imports, or uses the helpers, links nothing.
cat >"$work/host.pipe" <<'PIPE'
pipeline host "asks the helpers alone";
import <http.pipe>;
include <stdio.h>;
include <string.h>;
channel response pages[1];
stage none -> pages {
    response page = { .url = strdup("http://me@EXAMPLE.org:80/") };

    emit(page);
}
stage tell (page <- pages) { puts(http_host(page.url)); }
PIPE
check "the helpers alone: builds" "$PIPEC" build -o "$work/host" "$work/host.pipe"
check "the helpers alone: tell the host" test "$("$work/host")" = example.org
check "the helpers alone: nothing is linked" fails grep -q libcurl "$work/host"
check "http_get: libcurl is linked" grep -q libcurl "$work/get"

site_begin 100

# gets NAME STATUS TEXT ARGS...: `get --private ARGS` ends so; TEXT stands in what it prints and says (its place is always the
# site's)
get=$work/get
gets() {
    local name=$1 status=$2 text=$3 got
    shift 3
    timeout 60 "$get" "$@" >"$work/out" 2>"$work/err"
    got=$?
    if [ $got -ne "$status" ]; then
        fail "${get##*/}: $name" "exit status $got, not $status: $(cat "$work/out" "$work/err" | head -5)"
    elif cat "$work/out" "$work/err" | grep -qF -- "$text"; then
        pass "${get##*/}: $name"
    else
        fail "${get##*/}: $name" "no '$text' in: $(cat "$work/out" "$work/err" | head -5)"
    fi
}

# percent TEXT: each byte of it as %XX; TEXT is for printf
percent() {
    # shellcheck disable=SC2059 # it is a format
    printf "$1" | od -An -v -tx1 | tr -d '\n' | tr ' ' %
}

# answers NAME STATUS TEXT ANSWER [ARGS...]: the same for an answer of these bytes
answers() {
    local answer
    answer=$(percent "$4")
    gets "$1" "$2" "$3" --private "${@:5}" "$site/raw/$answer"
}

try_pages() {
    local page kind
    page=$("$BUILD/tests/site/get" "$site/page/1")
    for kind in page chunked unsized long kept slow/100 trickle/1 fails/0 chain/0; do
        [ "$kind" != slow/100 ] || page=$("$BUILD/tests/site/get" "$site/slow/0/1") # its links go up by another step
        gets "$kind: is the page" 0 "$page text/html $site/$kind/1" --private "$site/$kind/1"
    done
    gets "a redirect: where it led to" 0 "${page%% *} " --private "$site/redirect/1"
    gets "a redirect: the place" 0 "text/html $site/page/1" --private "$site/redirect/1"
    gets "five redirects" 0 "$site/chain/0/1" --private "$site/chain/5/1"
    gets "six" 1 "fetch: $site/chain/6/1: Maximum (5) redirects followed" --private "$site/chain/6/1"
    gets "a loop" 1 "$site/loop/1: Maximum (3) redirects followed" --private --redirects=3 "$site/loop/1"
    gets "redirects are not followed" 0 "302 0 811c9dc5  $site/redirect/1" --private --redirects=0 "$site/redirect/1"
    gets "404 comes out" 0 "404 42 " --private "$site/gone/1"
    answers "204, and no type" 0 "204 0 811c9dc5  http" 'HTTP/1.1 204 No\r\n\r\n'
    answers "418 comes out" 0 "418 5 4f9f2cab " 'HTTP/1.1 418 Teapot\r\nContent-Length: 5\r\n\r\nhello'
    gets "500 fails" 1 "fetch: $site/broken/1: the server says 500 (attempt 2)" --private "$site/broken/1"
    gets "503, and then a page" 0 "200 " --private --retries=2 "$site/fails/2/$RANDOM"
    answers "503 fails, though there is less of it than it says" 1 "the server says 503" 'HTTP/1.1 503 Busy\r\nContent-Length: 9\r\n\r\nhello'
    answers "and more than is wanted" 1 "the server says 503" 'HTTP/1.1 503 Busy\r\nContent-Length: 5\r\n\r\nhello' --largest=4
    gets "503, and then nobody" 1 "http://127.0.0.1:1/: Failed to connect" --private --workers=fetch=1 "$site/fails/9/$RANDOM" http://127.0.0.1:1/
    answers "429 fails" 1 "the server says 429" 'HTTP/1.1 429 Many\r\nContent-Length: 5\r\n\r\nhello'
    gets "HTTP in any letters, a fragment" 0 "200 253 122e59d4 text/html" --private "HTTP${site#http}/page/1#top"
}

try_failures() {
    gets "reset" 1 "$site/reset/1: Recv failure: Connection reset by peer" --private "$site/reset/1"
    gets "short" 1 "$site/short/1: transfer closed with 200 bytes remaining" --private "$site/short/1"
    gets "deaf: as long as is wanted" 1 "$site/deaf/1: no answer in its time" --private --limit=100ms "$site/deaf/1"
    gets "slow: no longer" 1 "no answer in its time" --private --limit=100ms "$site/slow/60000/1"
    gets "endless: no longer" 1 "no answer in its time" --private --limit=200ms --largest=1G "$site/trickle/100/1"
    gets "endless: as much as is wanted" 1 "$site/endless/1: more than 1048576 bytes" --private "$site/endless/1"
    gets "large by a byte" 1 "more than 252 bytes" --private --largest=252 "$site/page/1"
    gets "not large" 0 "200 253 " --private --largest=253 "$site/page/1"
    gets "a head without end" 1 "a head of more than" --private \
        "$site/again/17/HTTP/1.1%20200%20OK%0d%0aX:%20y%0d%0a"
    gets "100 without end" 1 "$site/again" --private "$site/again/0/HTTP/1.1%20100%20Go%0d%0a%0d%0a"
    gets "a port where nobody is" 1 "http://127.0.0.1:1/: Failed to connect to 127.0.0.1 port 1" --private http://127.0.0.1:1/
    gets "a host that is none" 1 "Could not resolve host: no-such-host.invalid" --private http://no-such-host.invalid/
    answers "no HTTP" 1 "Received HTTP/0.9 when not allowed" 'SSH-2.0-x\r\n'
    answers "nothing" 1 "Empty reply from server" ''
    answers "a wrong length" 1 "Invalid Content-Length" 'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello'
    answers "chunks that end early" 1 "transfer closed with outstanding read data" \
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhello'
}

# attempts NUMBER NAME: so many the last one that was asked for had, all of which failed
attempts() {
    if [ "$1" -eq 1 ]; then
        check "${get##*/}: $2: is not tried again" fails grep -q '(attempt' "$work/err"
    else
        check "${get##*/}: $2: is tried again" grep -q "(attempt $1)" "$work/err"
    fi
}

# What would fail as well is not tried again.
try_final() {
    local url
    for url in ftp://127.0.0.1/ "" "http://[::1" "$site/a b" "$site/chain/6/1" "$site/endless/1" \
        "$site/again/17/HTTP/1.1%20200%20OK%0d%0aX:%20y%0d%0a" \
        "$site/raw/$(percent 'HTTP/1.1 501 No\r\n\r\n')" "$site/raw/$(percent 'HTTP/1.1 505 No\r\n\r\n')"; do
        gets "$url: fails" 1 "fetch: ${url%% *}" --private --retries=3 "$url"
        attempts 1 "$url"
    done
    gets "a refused address: fails" 1 "is no address" --retries=3 "$site/page/1"
    attempts 1 "a refused address"
    for url in "$site/reset/1" "$site/broken/1" http://127.0.0.1:1/ "$site/raw/$(percent 'HTTP/1.1 408 Late\r\n\r\n')"; do
        gets "$url: fails" 1 "fetch: $url" --private --retries=3 "$url"
        attempts 4 "$url"
    done
}

# A name is looked up as the system does it, whatever system this is.
cat >"$work/names.c" <<'C'
#include <dlfcn.h>
#include <locale.h>
#include <netdb.h>
#include <string.h>

/* libcurl has a host in other letters looked up, in ASCII, where the program has a locale that has them. */
__attribute__((constructor)) static void speak(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    static int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    if (node && (strcmp(node, "none.example") == 0 || strcmp(node, "b\303\274cher.example") == 0))
        return EAI_NONAME;
    if (node && (strcmp(node, "later.example") == 0 || strcmp(node, "xn--bcher-kva.example") == 0))
        return EAI_AGAIN;
    return real(node, service, hints, found);
}
C
try_names() {
    check "names: builds" "$CC" -D_GNU_SOURCE -shared -fPIC -o "$work/names.so" "$work/names.c" -ldl
    get=$work/names
    printf '#!/bin/sh\nLD_PRELOAD=%s exec %s "$@"\n' "$work/names.so" "$work/get" >"$get"
    chmod +x "$get"
    gets "a host that does not exist" 1 "Could not resolve host: none.example" --retries=3 http://me@none.example:81/
    attempts 1 "a host that does not exist"
    gets "a host of which nothing is known now" 1 "Could not resolve host: later.example" --retries=3 http://later.example/
    attempts 4 "a host of which nothing is known now"
    gets "a host in other letters" 1 "http://bücher.example/: " --retries=3 $'http://b\303\274cher.example/'
    if grep -q "Could not resolve host" "$work/err"; then # else this libcurl has no such names, or the system no such locale
        attempts 4 "a host in other letters, of which nothing is known now"
    fi
}

# What is a secret, and what would move the cursor, is in no message.
try_shown() {
    gets "a password: fails" 1 "fetch: http://me:***@127.0.0.1:1/x: Failed" --private http://me:s3cret@127.0.0.1:1/x
    check "${get##*/}: and it is not told" fails grep -q s3cret "$work/err"
    gets "a password, and no URL" 1 "fetch: http://me:***@127.0.0.1:1/x" --private "http://me:s3cret@127.0.0.1:1/x y"
    check "${get##*/}: it is not told either" fails grep -q s3cret "$work/err"
    answers "a type with an escape" 0 "200 5 4f9f2cab text/?[2Jh?? http" \
        'HTTP/1.1 200 OK\r\nContent-Type: text/\x1b[2Jh\xc2\x9b\r\nContent-Length: 5\r\n\r\nhello'
}

# What is wrong is told before anything is sent.
try_lines() {
    local before url
    before=$(wc -l <"$site_log")
    gets "an end of line in a URL" 1 "$site/a: no URL" --private "$site/a"$'\r\nX-Evil: yes'
    gets "a blank in a URL" 1 "no URL" --private "$site/a b"
    gets "an escape in a URL" 1 "$site/: no URL" --private "$site/"$'\e[2J'
    get=$work/lined gets "an end of line in a header" 1 "'X-Good: yes' is no line of a request" --url="$site/page/1" $'X-Good: yes\r\nX-Evil: yes'
    get=$work/lined gets "no header" 1 "'X-None' is no line" --url="$site/page/1" X-Good:yes X-None
    gets "an end of line in the agent's name" 1 "no line of text" --private --agent=$'me\r\nX-Evil: yes' "$site/page/1"
    for url in file:///etc/passwd ftp://127.0.0.1/ gopher://127.0.0.1/ dict://127.0.0.1/ scp://127.0.0.1/ smb://127.0.0.1/x; do
        gets "no ${url%%:*}" 1 "rotocol" --private "$url"
    done
    gets "no URL at all" 1 "fetch: : " --private ""
    check "${get##*/}: nothing was sent" test "$(wc -l <"$site_log")" -eq "$before"
    gets "the agent's name" 0 "User-Agent: somebody/1" --private --agent=somebody/1 "$site/echo/1"
    gets "a header" 0 "X-More: yes" --private "$site/echo/1"
    gets "a header in the place of libcurl's" 0 "Accept: text/html" --private "$site/echo/1"
    get=$work/lined gets "headers of a command line" 0 $'X-One: 1\r\nX-Two: 2' --url="$site/echo/1" "X-One: 1" "X-Two: 2"
    gets "what can be decompressed" 0 "gzip" --private "$site/echo/1"
}

# redirects_to SITE URL [LINES]: a URL of the site that redirects there, with these lines more in the head
redirects_to() {
    echo "$1/raw/$(percent "HTTP/1.1 302 No\r\nContent-Length: 0\r\n${3-}Location: ${2//%/%%}\r\n\r\n")"
}

try_redirects() {
    local url before
    before=$(wc -l <"$site_log")
    for url in file:///etc/passwd ftp://127.0.0.1/ gopher://127.0.0.1/1 dict://127.0.0.1/x; do
        gets "no redirect to ${url%%:*}" 1 "rotocol" --private "$(redirects_to "$site" "$url")"
    done
    gets "a redirect with an escape moves no cursor" 1 "fetch: $site/raw" --private "$(redirects_to "$site" $'http://a\e[2Jb/')"
    check "${get##*/}: and none is printed" fails grep -q $'\e' "$work/err"
    check "${get##*/}: each was asked for" test "$(wc -l <"$site_log")" -gt "$before"
}

# Nobody is asked whose address is not one of the public Internet, however it is written.
try_private() {
    local port=${site##*:} before url
    before=$(wc -l <"$site_log")
    for url in "$site" "http://localhost:$port" "http://127.1:$port" "http://0x7f000001:$port" "http://2130706433:$port" \
        "http://0177.0.0.1:$port" "http://0.0.0.0:$port" "http://[::ffff:127.0.0.1]:$port" "http://[::1]:$port" "http://[::]:$port" \
        "http://user@127.0.0.1:$port" "http://127.0.0.1.:$port" "https://127.0.0.1:$port"; do
        gets "refused: $url" 1 "fetch: $url/page/1: " "$url/page/1"
    done
    gets "an address is named" 1 "127.0.0.1 is no address of the public Internet" "$site/page/1"
    gets "a cloud's secrets" 1 "169.254.169.254 is no address of the public Internet" http://169.254.169.254/latest/meta-data/
    gets "a private network" 1 "10.0.0.1 is no address of the public Internet" http://10.0.0.1/
    check "${get##*/}: nobody was asked" test "$(wc -l <"$site_log")" -eq "$before"
}

# A public address that this machine answers for: its connections are led to the site.
cat >"$work/public.c" <<'C'
#include <dlfcn.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

int connect(int fd, const struct sockaddr *to, socklen_t len)
{
    static int (*real)(int, const struct sockaddr *, socklen_t);
    struct sockaddr_in address;

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "connect");
    address = *(const struct sockaddr_in *)to;
    if (to->sa_family != AF_INET || ntohl(address.sin_addr.s_addr) != 0xc6290004) /* 198.41.0.4 */
        return real(fd, to, len);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((unsigned short)atoi(getenv("SITE_PORT")));
    return real(fd, (const struct sockaddr *)&address, sizeof address);
}
C
try_public() {
    local url before
    check "a public address of this machine: builds" "$CC" -D_GNU_SOURCE -shared -fPIC -o "$work/public.so" "$work/public.c" -ldl
    get=$work/public
    printf '#!/bin/sh\nLD_PRELOAD=%s SITE_PORT=%s exec %s "$@"\n' "$work/public.so" "${site##*:}" "$work/get" >"$get"
    chmod +x "$get"
    gets "a public address" 0 "200 253 " http://198.41.0.4/page/1
    before=$(grep -c " /page/77" "$site_log")
    for url in "$site" "http://localhost:${site##*:}" "http://[::ffff:127.0.0.1]:${site##*:}" http://169.254.169.254 http://10.1.2.3; do
        gets "no redirect to $url" 1 "is no address of the public Internet" "$(redirects_to http://198.41.0.4 "$url/page/77")"
    done
    check "public: and nobody was asked" test "$(grep -c " /page/77" "$site_log")" -eq "$before"
    gets "a redirect to a public address" 0 "200 253 " "$(redirects_to http://198.41.0.4 http://198.41.0.4:8/page/1)"
    # By a proxy nobody knows whom it asks.
    http_proxy=http://127.0.0.1:1 all_proxy=http://127.0.0.1:1 gets "no proxy without private" 0 "200 253 " http://198.41.0.4/page/1
    http_proxy=http://127.0.0.1:1 gets "a proxy with private" 1 "127.0.0.1 port 1" --private http://198.41.0.4/page/1
}

# A library under libcurl that writes to connections that are closed already, whatever is done with them.
cat >"$work/broken.c" <<'C'
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>

#define BREAK(result, name, parameters, arguments) \
    result name parameters                          \
    {                                               \
        result(*real) parameters;                   \
                                                    \
        *(void **)&real = dlsym(RTLD_NEXT, #name);  \
        pthread_kill(pthread_self(), SIGPIPE);      \
        return real arguments;                      \
    }

BREAK(int, curl_multi_socket_action, (void *multi, int fd, int events, int *running), (multi, fd, events, running))
BREAK(int, curl_multi_remove_handle, (void *multi, void *easy), (multi, easy))
BREAK(int, curl_multi_cleanup, (void *multi), (multi))
C
try_broken() {
    check "SIGPIPE: builds" "$CC" -D_GNU_SOURCE -shared -fPIC -o "$work/broken.so" "$work/broken.c" -ldl
    get=$work/broken
    printf '#!/bin/sh\nLD_PRELOAD=%s exec env --default-signal=PIPE %s "$@"\n' "$work/broken.so" "$work/get" >"$get"
    chmod +x "$get"
    gets "SIGPIPE is kept from the program" 0 "200 253 " --private "$site/page/1"
}

# packed FILE: as /raw has it; NAME is what the head says
packed() {
    printf 'HTTP/1.1%%20200%%20OK%%0d%%0aContent-Encoding:%%20%s%%0d%%0aContent-Type:%%20text/plain%%0d%%0a%%0d%%0a' "$1"
    od -An -v -tx1 | tr -d '\n' | tr ' ' %
}

try_packed() {
    gets "gzip" 0 "200 5 4f9f2cab text/plain" --private "$site/raw/$(printf hello | gzip | packed gzip)"
    gets "gzip, of the most bytes" 0 "200 5 4f9f2cab " --private --largest=5 "$site/raw/$(printf hello | gzip | packed gzip)"
    gets "gzip, of a byte more" 1 "more than 4 bytes" --private --largest=4 "$site/raw/$(printf hello | gzip | packed gzip)"
    gets "gzip that is damaged" 1 "fetch: $site/raw" --private "$site/raw/$(printf 'hello, hello' | packed gzip)"
    gets "an encoding that nobody knows" 1 "fetch: $site/raw" --private "$site/raw/$(printf hello | packed rot13)"
    # 100 MB in some hundred bytes
    [ -e "$work/bomb" ] || head -c 100M /dev/zero | gzip | gzip -9 >"$work/bomb"
    gets "a bomb" 1 "more than 1048576 bytes" --private "$site/raw/$(packed gzip,%20gzip <"$work/bomb")"
}

# waited PATH: milliseconds from the end of its first answer to the begin of the second
waited() {
    awk -v path="$1" '$4 == path && $2 == "end" && !ended { ended = $1 } $4 == path && $2 == "begin" && ended { print int(($1 - ended) * 1000); exit }' "$site_log"
}

try_later() {
    local after=$RANDOM before
    gets "Retry-After: the page comes" 0 "200 " --private "$site/busy/1/2/$after"
    check "${get##*/}: and not before it may" test "$(waited "/busy/1/2/$after")" -ge 2000
    for after in 99999999999999999999999 9223372036854775807 18446744073709551617 "Fri, 31 Dec 9999 23:59:59 GMT"; do
        before=$(date +%s%N)
        answers "Retry-After: $after" 1 "the server says 503 (attempt 2)" "HTTP/1.1 503 No\r\nRetry-After: $after\r\n\r\n" --patience=300ms
        check "${get##*/}: Retry-After: $after: is waited for" test $((($(date +%s%N) - before) / 1000000)) -ge 300
    done
    after=$RANDOM
    # What a redirect says of itself is nothing that the place says which it leads to.
    gets "Retry-After of a redirect" 0 "200 " --private --patience=1h \
        "$(redirects_to "$site" "$site/fails/1/$after" 'Retry-After: 3600\r\n')"
    check "${get##*/}: is no other's" test "$(waited "/fails/1/$after")" -lt 3600000
    gets "Retry-After of a day, and no patience" 0 "200 " --private --patience=300ms "$site/busy/1/86400/$after"
    check "${get##*/}: but some" test "$(waited "/busy/1/86400/$after")" -ge 300
}

# How many connections the kept pages came by.
connections() {
    awk '$2 == "begin" && $4 ~ "^/kept/" { print $3 }' "$site_log" | sort -u | wc -l
}

try_kept() {
    local -a urls
    mapfile -t urls < <(for i in {1..40}; do echo "$site/kept/$i"; done)
    : >"$site_log"
    gets "40 pages by one" 0 "200 " --private --workers=fetch=1 "${urls[@]}"
    check "${get##*/}: by one connection" test "$(connections)" -eq 1
    check "${get##*/}: all of them" test "$(grep -c '^200 ' "$work/out")" -eq 40
    : >"$site_log"
    gets "40 pages by four" 0 "200 " --private --workers=fetch=4 --at-once=4 "${urls[@]}"
    check "${get##*/}: by four at most" test "$(connections)" -le 4
    # A connection that was to be kept, and is closed.
    urls=("$site/raw/$(percent 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello')")
    gets "connections that are closed" 0 "200 5 4f9f2cab" --private --workers=fetch=1 "${urls[0]}" "${urls[0]}" "$site/kept/1" "${urls[0]}"
    check "${get##*/}: nothing is lost by that" test "$(grep -c '^200 ' "$work/out")" -eq 4
    # Each worker has what it waits with, and no more is open than there are.
    mapfile -t urls < <(for i in {1..300}; do echo "$site/page/1"; done)
    (ulimit -n 60; timeout 60 "$get" --private --workers=fetch=4 --at-once=4 "${urls[@]}" >"$work/out" 2>"$work/err")
    check "${get##*/}: descriptors are given back" test $? -eq 0
    check "${get##*/}: 300 pages" test "$(grep -c '^200 253' "$work/out")" -eq 300
}

# 64 requests wait at once, and end with the program.
try_many() {
    local program signal
    for signal in INT TERM; do
        : >"$site_log"
        env --default-signal=$signal "$get" --private --limit=1h --at-once=64 --drain=10ms "$site"/deaf/{1..80} \
            >"$work/out" 2>"$work/err" &
        program=$!
        until [ "$(grep -c begin "$site_log")" -ge 64 ] || ! kill -0 $program 2>/dev/null; do sleep 0.05; done
        kill -$signal $program
        wait $program
        check "${get##*/}: 64 at once, and a SIG$signal: status" test $? -eq "$([ $signal = TERM ] && echo 143 || echo 130)"
        check "${get##*/}: 64 were asked for" test "$(grep -c begin "$site_log")" -eq 64
        check "${get##*/}: given up" grep -q 'deaf/[0-9]*: given up' "$work/err"
    done
    : >"$site_log"
    # shellcheck disable=SC2046 # words
    gets "500 pages, 64 at once" 0 "200 " --private --at-once=64 $(for i in {1..500}; do echo "$site/slow/20/$i"; done)
    check "${get##*/}: all of them have come" test "$(grep -c '^200 ' "$work/out")" -eq 500
}

# certificate NAME WHOM: a self-signed one, and its key
certificate() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -addext "subjectAltName=$2" \
        -keyout "$work/$1.key" -out "$work/$1.pem" 2>/dev/null
}

try_secure() {
    if ! command -v openssl >/dev/null; then
        echo "web.sh: openssl is not on this machine, so no certificate is tested"
        return
    fi
    local name port server
    certificate this "IP:127.0.0.1"
    certificate other "DNS:other.example"
    printf 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nhello' >"$work/hello"
    for name in this other; do
        : >"$work/said"
        (cd "$work" && exec openssl s_server -accept 0 -cert "$name.pem" -key "$name.key" -HTTP </dev/null >"$work/said" 2>&1) &
        server=$!
        until port=$(sed -nE 's/^ACCEPT .*:([0-9]+)$/\1/p' "$work/said") && [ -n "$port" ] || ! kill -0 $server; do sleep 0.05; done
        gets "a certificate that nobody vouches for" 1 "https://127.0.0.1:$port/hello: SSL certificate problem" \
            --private --retries=1 "https://127.0.0.1:$port/hello"
        if [ $name = this ]; then
            gets "one that somebody does" 0 "200 5 4f9f2cab text/plain https" --private --authorities="$work/this.pem" \
                "https://127.0.0.1:$port/hello"
        else
            gets "one of another" 1 "SSL: no alternative certificate subject name matches" --private --authorities="$work/other.pem" \
                "https://127.0.0.1:$port/hello"
        fi
        kill $server
        wait $server 2>/dev/null
    done
    gets "authorities that are none" 1 "fetch" --private --authorities="$work/none" "https${site#http}/page/1"
}

for get in "$work/get" "$work/get.asan"; do
    try_pages
    try_failures
    try_final
    try_shown
    try_lines
    try_redirects
    try_private
    try_packed
    try_later
    try_kept
    try_many
    try_secure
done
try_public
try_names
try_broken

# ---- the end at any moment ----

cat >"$tmp/moment.pipe" <<'PIPE'
pipeline moment "fetches what a file lists, and lists what was there";

import <http.pipe>;
import <lines.pipe>;
include <string.h>;

param long stop_at = 0 "the line at which it stops";
param long fail_at = 0 "the line that fails";

channel string text[4];
channel string wanted[4];
channel response pages[4];
channel string there[4];

stage read -> text = lines(files = ["input"]);

stage look (line <- text) -> wanted[1]
state {
    long lines;
}
{
    self->lines++;
    if (self->lines == stop_at)
        stop();
    if (self->lines == fail_at)
        fail("on purpose");
    emit(take(line));
}

stage fetch (url <- wanted) -> pages  workers 8  timeout 5s  on fail retry 2 backoff 1ms then skip = http_get(private = true, redirects = 1);
stage name (page <- pages) -> there[1] { emit(take(page.asked)); }
stage write (url <- there) = write_lines(path = "kept");
PIPE

choose() {
    echo old >kept
    rm -f .kept*
    ending "$1" 80
}

wrong() {
    local was="as it was"
    channels_add_up text wanted pages there
    stages_add_up look fetch name write
    ! ls -d .kept* 2>/dev/null || echo "is left"
    [ "$(<kept)" = old ] || was="$(wc -l <kept) lines"
    ! sort kept | comm -13 <(sort input) - | grep -vqx old || echo "kept: what nobody asked for"
    [ -z "$(sort kept | uniq -d)" ] || echo "kept: something twice"
    if grep -q 'not drained within' err || [ "$(number failed look)$(number failed fetch)" != 00 ] || [ "$status" -ge 124 ]; then
        [ "$was" = "as it was" ] || [ "$status" -ge 124 ] || echo "kept: $was"
    elif [ "$was" != "$(number "done" write) lines" ]; then
        echo "kept: $was, of $(number "done" write)"
    fi
}

# Of all kinds, each page once.
for i in {1..16}; do
    for kind in page kept slow/3 gone chunked; do echo "$site/$kind/$i"; done
    case $((i % 4)) in
    0) echo "$site/reset/$i" ;;
    1) echo "$site/redirect/$i" ;;
    2) echo "$site/fails/1/$i" ;;
    3) echo "$site/short/$i" ;;
    esac
done >"$tmp/input"
moments_of moment
site_end
finish
