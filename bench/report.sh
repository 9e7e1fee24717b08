#!/usr/bin/env bash
# Prints the tables of what bench.sh has measured.
#
#   bench/report.sh [--all] [FILE...]   raw figures; without any build/bench/raw/*. --all: not only ratios, also figures
#   bench/report.sh --docs              all of them into docs/performance.md and .svg, and some into the README
set -eu
cd "$(dirname "$0")/.."
out=${BUILD:-build}/bench
export LC_ALL=C

summary() {
    awk -f bench/summary.awk bench/rows "$@"
}

# What stands between the two markers of docs/performance.md.
write_measured() {
    sed -n 's/^measured: /Measured /p' "$out/about"
    awk '/^package: / { packages = packages (packages ? ", " : "") $2 " " $3 }
        /^(machine|system|compilers): / { sub(/^[a-z]*: /, ""); print "- " $0 }
        END { print "- " packages "\n" }' "$out/about"
    summary "$@" | awk -v all=1 -f bench/table.awk
}

# fill FILE: what stands between the two markers of FILE becomes the standard input.
fill() {
    cat >"$out/filling"
    awk -v begin='<!-- measured -->' -v end='<!-- end of what was measured -->' -v file="$out/filling" '
        $0 == end { skip = 0 }
        !skip
        $0 == begin {
            print ""
            while ((getline line <file) > 0)
                print line
            skip = 1
        }' "$1" >"$out/filled"
    cat "$out/filled" >"$1"
}

# The README has the medians of what --quick measures.
write_readme() {
    local run files=()
    for run in $(sed -n 's/^quick //p' bench/rows); do
        [ ! -e "$out/raw/$run" ] || files+=("$out/raw/$run")
    done
    [ ${#files[@]} -gt 0 ] || return 0
    summary "${files[@]}" | awk -v brief=1 -f bench/table.awk | fill README.md
}

write_docs() {
    write_measured "$@" | fill docs/performance.md
    write_readme
    summary "$@" | awk -f bench/chart.awk >docs/performance.svg
    echo "report: docs/performance.md, docs/performance.svg and README.md are written; the raw figures are in $out/raw"
}

what=${1-}
case $what in
--all | --docs) shift ;;
esac
[ $# -gt 0 ] || set -- "$out"/raw/*
[ -e "$1" ] || { echo "report: $1 is not there; bench/bench.sh measures" >&2; exit 1; }
if [ "$what" = --docs ]; then
    write_docs "$@"
else
    summary "$@" | awk -v all="$([ "$what" != --all ] || echo 1)" -f bench/table.awk
fi
