#!/usr/bin/env bash
# Does the same work with pipec and with each peer: all who take part in a run take turns, so that a noisy minute meets
# them alike, and every answer is checked. bench/rows says what is measured. Prints a table; the raw figures stay in
# build/bench/raw, where bench/report.sh finds them.
#
#   bench/bench.sh [--quick] [NAME...]     only the runs whose names begin with a NAME; --quick: what a minute allows
#
# ROUNDS=N runs each N times (9; quick 5), MILLISECONDS=N makes a run about so long (200; quick 60).
set -eu
cd "$(dirname "$0")/.."

BUILD=${BUILD:-build}
PIPEC=${PIPEC:-$PWD/$BUILD/pipec}
CC=${CC:-cc}
out=$BUILD/bench
raw=$out/raw
quick=
if [ "${1-}" = --quick ]; then
    quick=yes
    raw=$out/raw-quick
    shift
fi
rounds=${ROUNDS:-${quick:+5}} rounds=${rounds:-9}
milliseconds=${MILLISECONDS:-${quick:+60}} milliseconds=${milliseconds:-200}
names=("$@")
mkdir -p "$raw"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

die() {
    echo "bench: $*" >&2
    exit 1
}

. bench/build.sh
. bench/run.sh
. bench/whole.sh

build_peers
read_rows
for run in "${runs[@]}"; do
    measure "$run"
done
bench/report.sh "${runs[@]/#/$raw/}"
