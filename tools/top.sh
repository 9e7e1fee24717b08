#!/usr/bin/env bash
# Writes the picture of `pipec top` that docs/live.md shows: the pipeline of that page runs, and is drawn as on a terminal.
#
#   tools/top.sh [FILE.svg]     with $PIPEC, or build/pipec; into docs/graphs/top.svg
set -eu
cd "$(dirname "$0")/.."
pipec=${PIPEC:-$PWD/${BUILD:-build}/pipec}
out=${1:-docs/graphs/top.svg}
work=$(mktemp -d)
program=
trap '[ -z "$program" ] || kill $program; rm -rf "$work"' EXIT

awk '/^```pipe/ { inside = 1; next } /^```/ { inside = 0 } inside' docs/live.md >"$work/orders.pipe"
"$pipec" build -o "$work/orders" "$work/orders.pipe"
"$work/orders" --orders=1000000 >/dev/null &
program=$!
sleep 6
LC_ALL=C.UTF-8 COLUMNS=90 "$pipec" top --once $program >"$work/picture"

# Each line is a text; a bar's letters stand close, and the first line is bold.
awk '
    function xml(text) { gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); return text }
    { line[NR] = xml($0) }
    END {
        height = NR * 18 + 24
        printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"760\" height=\"%d\" viewBox=\"0 0 760 %d\" role=\"img\">\n", height, height
        print "<title>pipec top</title>"
        print "<style>text{font:13px/18px ui-monospace,\"DejaVu Sans Mono\",Menlo,Consolas,monospace;white-space:pre;fill:#e6e6e6}"
        print ".b{font-weight:bold}</style>"
        printf "<rect width=\"760\" height=\"%d\" rx=\"6\" fill=\"#1c1f26\"/>\n", height
        for (i = 1; i <= NR; i++)
            printf "<text x=\"14\" y=\"%d\"%s xml:space=\"preserve\">%s</text>\n", i * 18 + 8, i == 1 ? " class=\"b\"" : "", line[i]
        print "</svg>"
    }' "$work/picture" >"$out.new"
mv "$out.new" "$out"
