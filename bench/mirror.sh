#!/usr/bin/env bash
# examples/mirror.pipe beside wget, on a site of files of this machine: time, processors' time, memory and lines, by turns, medians of
# ROUNDS (5). The copies are compared. What serves the files is Python's http.server, which is most of the time.
set -eu
cd "$(dirname "$0")/.."

BUILD=${BUILD:-build}
PIPEC=${PIPEC:-$PWD/$BUILD/pipec}
rounds=${ROUNDS:-5}
tmp=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'kill "$server" 2>/dev/null; rm -rf "$tmp"' EXIT
export XDG_CACHE_HOME=$tmp/cache LC_ALL=C

"${CC:-cc}" -std=c11 -D_GNU_SOURCE -O2 -o "$tmp/meter" bench/meter.c
"$PIPEC" build -o "$tmp/mirror" examples/mirror.pipe
mkdir -p "$tmp/files/a"
for ((i = 0; i < 1000; i++)); do
    { for j in $((2 * i + 1)) $((2 * i + 2)); do echo "<p><a href=\"/a/$j.html\">$j</a>"; done; seq $((i % 1000)); } >"$tmp/files/a/$i.html"
done
sed -i 's/<p>.*[0-9]\{4\}\.html.*//' "$tmp/files/a/"*
cp "$tmp/files/a/0.html" "$tmp/files/index.html"
(cd "$tmp/files" && exec python3 -u -m http.server --bind 127.0.0.1 0 >"$tmp/served" 2>/dev/null) &
server=$!
until port=$(sed -nE 's/.* port ([0-9]+) .*/\1/p' "$tmp/served" 2>/dev/null) && [ -n "$port" ]; do sleep 0.1; done
url=http://127.0.0.1:$port/

# turn NAME COMMAND...: measured once; the copy is the same as the first one
turn() {
    rm -rf "$tmp/copy"
    "$tmp/meter" "$tmp/cost" "${@:2}" >/dev/null
    cat "$tmp/cost" >>"$tmp/raw.$1"
    (cd "$tmp/copy/127.0.0.1:$port" && find . -type f -exec sha256sum {} + | sort) >"$tmp/got"
    [ -e "$tmp/want" ] || cp "$tmp/got" "$tmp/want"
    cmp -s "$tmp/want" "$tmp/got" || { echo "mirror.sh: $1 makes another copy" >&2; exit 1; }
}

# median NAME KEY
median() {
    sed -n "s/.*$2=\([0-9.]*\).*/\1/p" "$tmp/raw.$1" | sort -n | awk '{ x[NR] = $1 } END { print x[int((NR + 1) / 2)] }'
}

for ((round = 0; round < rounds; round++)); do
    turn mirror "$tmp/mirror" --private --pace=1M/s --into="$tmp/copy" "$url"
    turn wget wget -q -r -l inf -e robots=off -P "$tmp/copy" "$url"
done
echo "$(wc -l <"$tmp/want") files, $(cat "$tmp"/files/index.html "$tmp"/files/a/* | wc -c) bytes"
for name in mirror wget; do
    echo "$name: $(median $name wall) s, processors $(median $name cpu) s, $(($(median $name rss) / 1024)) MB"
done
echo "lines: $(cat examples/mirror.pipe examples/links.pipe | sed '/^test/,/^}/d' | grep -cvE '^[[:blank:]]*(//.*|/?\*.*)?$')"
