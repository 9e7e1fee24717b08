#!/bin/sh
# `make demo`: builds examples/wordfreq.pipe and counts the words of real text: the licence texts that Debian and Ubuntu
# come with, elsewhere the project's own pages.
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
echo "$# texts, $(cat "$@" | wc -c) bytes. The pipeline is examples/wordfreq.pipe; the C it became:"
echo "$pipec emit examples/wordfreq.pipe"
