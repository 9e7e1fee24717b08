#!/usr/bin/env bash
# Writes the pictures that the pages show: those of the examples, of some programs that stand in pages, and of a run.
#
#   tools/graphs.sh [DIR]     with $PIPEC, or build/pipec; into docs/graphs
set -eu
cd "$(dirname "$0")/.."
pipec=${PIPEC:-$PWD/${BUILD:-build}/pipec}
dir=${1:-docs/graphs}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# block PAGE NAME [TEXT]: the first program of that name that stands in the page, or file, with that text in it
block() {
    awk -v name="$2" -v has="${3-}" '
        /^```pipe/ { inside = 1; text = ""; file = $2; next }
        inside && /^```$/ { 
            inside = 0
            if ((file == name ".pipe" || text ~ "(^|\n)pipeline " name " ") && index(text, has)) { printf "%s", text; exit }
        }
        inside { text = text $0 "\n" }' "$1" >"$work/$2.pipe"
    [ -s "$work/$2.pipe" ] || { echo "graphs.sh: $1 has no pipeline $2" >&2; exit 1; }
}

mkdir -p "$dir"
block README.md primes
for name in doubles tree flow numbers; do
    block docs/language.md $name
done
block docs/language.md sums 'import "numbers.pipe"'
for file in "$work"/*.pipe examples/*.pipe; do
    grep -q '^pipeline ' "$file" || continue # a library
    name=${file##*/}
    "$pipec" graph -o "$dir/${name%.pipe}.svg" "$file"
done
# run NAME FILE PICTURE: with what a run of it has counted
run() {
    "$pipec" graph --stats tests/graph/$1.json -o "$dir/$3.svg" "$2" 2>"$work/said" ||
        grep -q 'without jansson' "$work/said" || { cat "$work/said"; exit 1; }
}
for name in sort busy; do
    run $name tests/graph/$name.pipe $name
done
run wordfreq examples/wordfreq.pipe wordfreq-run
