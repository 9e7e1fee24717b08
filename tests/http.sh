#!/usr/bin/env bash
# The HTTP client of the examples (examples/http.h, url.h), against a site that answers well, badly, late and never.
. "$(dirname "$0")/lib.sh"
. tests/lib-site.sh
get=$BUILD/tests/site/get
needs "$get" "$BUILD/tests/site/site"

# gets NAME WANTED ARGS...: what `get` says of a URL
gets() {
    local name=$1 want=$2 got
    shift 2
    got=$(timeout 60 "$get" "$@" 2>&1)
    if [ "$got" = "$want" ]; then
        pass "$name"
    else
        fail "$name" "says '$got', not '$want'"
    fi
}

# answers NAME WANTED TEXT: the same for an answer of these bytes, in one piece, and byte by byte. TEXT is for printf.
answers() {
    local text
    # shellcheck disable=SC2059 # it is a format
    text=$(printf "$3" | od -An -v -tx1 | tr -d '\n' | tr ' ' %)
    gets "$1" "$2" "$site/raw/$text"
    gets "$1, byte by byte" "$2" "$site/drip/$text"
}

hello='5 4f9f2cab' # bytes and hash of a body `hello`
none='0 811c9dc5'

site_begin 100

try_pages() {
    local page kind
    page=$("$get" "$site/page/1")
    check "page: has text" test "${page%% *}" = 200
    for kind in chunked unsized long; do
        gets "$kind: is the page" "$page" "$site/$kind/1"
    done
    page=$("$get" "$site/slow/0/1")
    for kind in slow/100 trickle/1 fails/0 chain/0; do
        gets "$kind: is the page" "$page" "$site/$kind/1"
    done
    gets "fails: first it fails" "503 42 caacc423" "$site/fails/1/1"
    gets "fails: then it does not" "$page" "$site/fails/1/1"
    gets "busy: says for how long" "503 $none after 3 s" "$site/busy/1/3/2"
    gets "gone" "404 42 caacc423" "$site/gone/1"
    gets "redirect" "302 $none to /page/7" "$site/redirect/7"
    gets "chain" "302 $none to ../1/9" "$site/chain/2/9"
}

try_failures() {
    gets "reset" "failed: Connection reset by peer" "$site/reset/1"
    gets "short" "failed: cut short" "$site/short/1"
    gets "endless: as much as is wanted" "lasting: more than 1000000 bytes" "$site/endless/1"
    gets "deaf: as long as is wanted" "failed: no answer in time" "$site/deaf/1" 200
    gets "slow: as long as is wanted" "failed: no answer in time" "$site/slow/60000/1" 200
    gets "trickle: as long as is wanted" "failed: no answer in time" "$site/trickle/2000/1" 200
    gets "endless: no longer than is wanted" "failed: no answer in time" "$site/endless/1" 200 1000000000000
    gets "large: by its length" "lasting: more than 10 bytes" "$site/page/1" 10000 10
    gets "large: by its chunks" "lasting: more than 10 bytes" "$site/chunked/1" 10000 10
    gets "large: as it comes" "lasting: more than 10 bytes" "$site/unsized/1" 10000 10
    gets "a port where nobody is" "failed: Connection refused" http://127.0.0.1:1/
}

# What is wrong with a URL is told before anything is sent.
try_urls() {
    local before url
    before=$(wc -l <"$site_log")
    for url in "$site/a b" "$site/"$'a\r\nX-Evil: yes' "$site/"$'a\x7f' "$site/"$'caf\xc3\xa9' "${site/127/me@127}/" \
        http:///page/1 http://127.0.0.1:99999/ http://127.0.0.1:80x/ 'http://[::1/' "http:/page/1" "page/1" ''; do
        gets "no URL: $(printf '%q' "$url")" "lasting: no URL" "$url"
    done
    gets "another scheme" "lasting: only http is spoken here" "https${site#http}/page/1"
    check "nothing was sent" test "$(wc -l <"$site_log")" -eq "$before"
    gets "a fragment stays here" "$("$get" "$site/page/1")" "$site/page/1#part"
    gets "HTTP in any letters" "$("$get" "$site/page/1")" "HTTP${site#http}/page/1"
}

try_answers() {
    local fine='HTTP/1.1 200 OK\r\n' page
    answers "to the end" "200 $hello" "$fine\r\nhello"
    answers "by a length" "200 $hello" "${fine}Content-Length: 5\r\n\r\nhello and more"
    answers "lines that end with LF alone" "200 $hello" 'HTTP/1.0 200\ncontent-length:5\n\nhello'
    answers "no body" "200 $none" "${fine}Content-Length: 0\r\n\r\n"
    answers "204 has no body" "204 $none" 'HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\nhello'
    answers "304 has no body" "304 $none" 'HTTP/1.1 304 No\r\n\r\n'
    answers "behind 100 and 103" "200 $hello" "HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 103 Hints\r\nContent-Length: 9\r\n\r\n$fine\r\nhello"
    answers "the same length twice" "200 $hello" "${fine}Content-Length: 5\r\nContent-Length:  5 \r\n\r\nhello"
    answers "two lengths" "lasting: a wrong content length" "${fine}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"
    for page in -5 +5 5x 0x5 '' '5, 5' 99999999999999999999; do
        answers "a length '$page'" "lasting: a wrong content length" "${fine}Content-Length: $page\r\n\r\nhello"
    done
    answers "a length that is not kept" "failed: cut short" "${fine}Content-Length: 6\r\n\r\nhello"
    answers "a head that ends early" "failed: cut short" "${fine}Content-Length: 6\r\n"
    answers "nothing" "failed: no answer" ''
    for page in 'SSH-2.0-x\r\n\r\n' 'HTTP/2 200\r\n\r\n' 'HTTP/1.1 20\r\n\r\n' 'HTTP/1.1 2000\r\n\r\n' 'HTTP/1.1 099 x\r\n\r\n' '\r\n\r\n' \
        "${fine}\\000: x\r\n\r\n"; do
        answers "no answer: $page" "lasting: no answer in HTTP/1.1" "$page"
    done
}

try_chunks() {
    local chunked='HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n' size
    answers "a chunk" "200 $hello" "$chunked\r\n5\r\nhello\r\n0\r\n\r\n"
    answers "chunks, extensions, a trailer" "200 $hello" \
        "$chunked\r\n1;a=b\r\nh\r\n0004 ; x\r\nello\r\n000\r\nX: y\r\nZ: 1\r\n\r\nmore"
    answers "lines that end with LF alone, in a chunked body" "200 $hello" "$chunked\n5\nhello\n0\n\n"
    answers "no chunk" "200 $none" "$chunked\r\n0\r\n\r\n"
    answers "a size in hexadecimal" "200 10 c0f13c19" "$chunked\r\na\r\nhellohello\r\n0\r\n\r\n"
    for size in x -1 '' '0x5' fffffffffffffffff; do
        answers "a chunk of size '$size'" "lasting: a chunk without a size" "$chunked\r\n$size\r\nhello\r\n0\r\n\r\n"
    done
    answers "a chunk that is longer" "lasting: a chunk of another size than it says" "$chunked\r\n4\r\nhello\r\n0\r\n\r\n"
    answers "a chunk that is too large" "lasting: more than 1000000 bytes" "$chunked\r\nfffffff\r\n"
    answers "chunks that end early" "failed: cut short" "$chunked\r\n5\r\nhello\r\n0\r\n"
    answers "a chunk that ends early" "failed: cut short" "$chunked\r\n6\r\nhello"
    answers "chunks and a length" "lasting: a wrong content length" "${chunked}Content-Length: 5\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    answers "chunks in chunks" "lasting: an unknown transfer encoding" \
        "${chunked}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    answers "compressed chunks" "lasting: an unknown transfer encoding" "${chunked/Chunked/gzip, chunked}\r\n0\r\n\r\n"
}

# What goes on for ever, but for the time that is given (one that a machine reaches only if nothing else ends it).
try_endless() {
    local head='HTTP/1.1%20200%20OK%0d%0a' chunked='HTTP/1.1%20200%20OK%0d%0aTransfer-Encoding:%20chunked%0d%0a%0d%0a'
    gets "a head without end" "lasting: a head of more than 65536 bytes" "$site/again/17/${head}X:%20y%0d%0a" 100000
    gets "a head of one line without end" "lasting: a head of more than 65536 bytes" "$site/again/20/${head}X:%20y" 100000
    gets "100 without end" "lasting: a head of more than 65536 bytes" "$site/again/0/HTTP/1.1%20100%20OK%0d%0a%0d%0a" 100000
    gets "a chunk's line without end" "lasting: no line between chunks" "$site/again/50/${chunked}1;aaaaaaaa" 100000
    gets "a trailer without end" "lasting: no line between chunks" "$site/again/50/${chunked}0%0d%0aX:%20y%0d%0a" 100000
    gets "chunks without end" "lasting: more than 1000000 bytes" "$site/again/47/${chunked}5%0d%0ahello%0d%0a" 100000
}

# Links, as RFC 3986 has them in 5.4.
try_links() {
    local base='http://a/b/c/d;p?q' link to
    while read -r link to; do
        [ "$link" = "''" ] && link=
        gets "a link to $link" "$to" --join "$base" "$link"
    done <<'LINKS'
g:h elsewhere
g http://a/b/c/g
./g http://a/b/c/g
g/ http://a/b/c/g/
/g http://a/g
//g http://g/
?y http://a/b/c/d;p?y
g?y http://a/b/c/g?y
#s http://a/b/c/d;p?q
g#s http://a/b/c/g
g?y#s http://a/b/c/g?y
;x http://a/b/c/;x
g;x http://a/b/c/g;x
g;x?y#s http://a/b/c/g;x?y
'' http://a/b/c/d;p?q
. http://a/b/c/
./ http://a/b/c/
.. http://a/b/
../ http://a/b/
../g http://a/b/g
../.. http://a/
../../ http://a/
../../g http://a/g
../../../g http://a/g
../../../../g http://a/g
/./g http://a/g
/../g http://a/g
g. http://a/b/c/g.
.g http://a/b/c/.g
g.. http://a/b/c/g..
..g http://a/b/c/..g
./../g http://a/b/g
./g/. http://a/b/c/g/
g/./h http://a/b/c/g/h
g/../h http://a/b/c/h
g;x=1/./y http://a/b/c/g;x=1/y
g;x=1/../y http://a/b/c/y
g?y/./x http://a/b/c/g?y/./x
g?y/../x http://a/b/c/g?y/../x
http:g wrong
HTTP://A.b:80/C http://a.b/C
http://a:81 http://a:81/
http://a?b http://a/?b
http://[::1]:80/ http://[::1]/
http://[::1]:8080/x http://[::1]:8080/x
https://a/ elsewhere
mailto:a@b elsewhere
LINKS
    gets "a link to two words" wrong --join "$base" "a b"
    gets "a link from no page" http://a/ --join "" http://a
    gets "a link from no page to none" wrong --join "" a
    gets "a query of a page without path" "http://a/?y" --join http://a?x '?y'
}

try_pages
try_failures
try_urls
try_answers
try_chunks
try_endless
try_links
site_end
finish
