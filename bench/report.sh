#!/usr/bin/env bash
# Prints the tables of what bench.sh has measured.
#
#   bench/report.sh [--all] [FILE...]   raw figures; without any build/bench/raw/*. --all: not only ratios, also figures
set -eu
cd "$(dirname "$0")/.."
all=
if [ "${1-}" = --all ]; then
    all=1
    shift
fi
[ $# -gt 0 ] || set -- "${BUILD:-build}"/bench/raw/*
[ -e "$1" ] || { echo "report: $1 is not there; bench/bench.sh measures" >&2; exit 1; }
export LC_ALL=C
awk -f bench/summary.awk bench/rows "$@" | awk -v all="$all" -f bench/table.awk
