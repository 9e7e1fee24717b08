#!/usr/bin/env bash
# Records from JSON and to it, beside jansson (libjansson-dev): prints the table of docs/performance.md.
set -eu
cd "$(dirname "$0")/.."
out=${BUILD:-build}/bench
mkdir -p "$out"
make --no-print-directory BUILD="${BUILD:-build}" "${BUILD:-build}/libprt.a"
${CC:-cc} -std=c11 -D_GNU_SOURCE -O2 -Iruntime/include bench/json.c "${BUILD:-build}/libprt.a" -ljansson -lm -o "$out/json"
"$out/json"
