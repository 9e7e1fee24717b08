#!/usr/bin/env bash
# Does the same work with pipec and with each peer: all who take part in a run take turns, so that a noisy minute meets
# them alike, and every answer is checked. bench/rows says what is measured. Prints a table; the raw figures stay in
# build/bench/raw, where bench/report.sh finds them.
#
#   bench/bench.sh [--quick] [NAME...]     only the runs whose names begin with a NAME; --quick: what a minute allows
#
# ROUNDS=N runs each N times (9; quick 5; of the pipelines drawn at random so many), MILLISECONDS=N makes a run about so long (200; quick 60), PEERS="NAME..." lets
# only these take part.
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

# What the figures depend on, as `NAME: VALUE`.
write_about() {
    echo "measured: $(date +%F), pipec $(git describe --always --dirty 2>/dev/null || echo "of no repository")"
    echo "machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) processors, Linux $(uname -r)"
    echo "system: $(. /etc/os-release && echo "$PRETTY_NAME")"
    echo "compilers: $("$CC" --version | head -n 1) -O2; $(go version 2>/dev/null || echo "no Go"); $(rustc --version 2>/dev/null || echo "no Rust")"
    dpkg-query -W -f 'package: ${Package} ${Version}\n' libtbb-dev libconcurrentqueue-dev libreaderwriterqueue-dev \
        librust-crossbeam-channel-dev golang-golang-x-time-dev libsqlite3-dev pigz coreutils grep 2>/dev/null || true
}

. bench/build.sh
. bench/run.sh
. bench/whole.sh
. bench/drawn.sh

build_peers
read_rows
[ -n "$quick" ] || write_about >"$out/about"
for run in "${runs[@]}"; do
    measure "$run"
done
bench/report.sh "${runs[@]/#/$raw/}"
