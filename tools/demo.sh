#!/bin/sh
# `make demo`: builds examples/wordfreq.pipe and counts the words of real text, and examples/par.pipe, which runs a command for each
# of these files: the licence texts that Debian and Ubuntu come with, elsewhere the project's own pages.
set -eu

cd "$(dirname "$0")/.."
pipec=${1:-build/pipec}
out=$(dirname "$pipec")/demo

set -- /usr/share/common-licenses/*
[ -r "$1" ] || set -- README.md LICENSE docs/*.md

mkdir -p "$out"
echo
echo "\$ pipec build examples/wordfreq.pipe"
"$pipec" build examples/wordfreq.pipe -o "$out/wordfreq"
echo "\$ ./wordfreq $(dirname "$1")/*"
"$out/wordfreq" "$@"
echo
echo "\$ pipec build examples/par.pipe"
"$pipec" build examples/par.pipe -o "$out/par"
echo "\$ ls -d $(dirname "$1")/* | ./par -- cksum {}"
printf '%s\n' "$@" | "$out/par" -- cksum {}
echo
echo "$# texts, $(cat "$@" | wc -c) bytes: their words, and a command for each, several at once and in order. The pipelines are"
echo "examples/wordfreq.pipe and examples/par.pipe, of the library's parts; the C they became:"
echo "$pipec emit examples/wordfreq.pipe"
echo "$pipec emit examples/par.pipe"
