#!/usr/bin/env bash
# The figures that take a minute: small jobs as pipelines, in Go and with textbook pthreads; the most frequent words of
# a log beside plain C; SHA-256 of many small files beside Go, and find with xargs; pipec's own time on long pipelines.
# All peers of a row take turns, so that a noisy minute meets them alike. Every answer is checked. A figure is the
# median of five runs (ROUNDS=N: of N).
#
#   bench/quick.sh [ROW...]     rows: five hop1024 hop64 hop1 pool words hashes compile; all without any
set -eu
cd "$(dirname "$0")/.."

BUILD=${BUILD:-build}
PIPEC=${PIPEC:-$PWD/$BUILD/pipec}
CC=${CC:-cc}
rounds=${ROUNDS:-5}
out=$BUILD/bench
mkdir -p "$out"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

wanted() {
    [ ${#rows[@]} -eq 0 ] || [[ " ${rows[*]} " == *" $1 "* ]]
}

prepare() {
    local job
    for job in five hop pool; do
        "$PIPEC" build -o "$out/$job" bench/$job.pipe
    done
    "$CC" -std=c11 -D_GNU_SOURCE -O2 -pthread -o "$out/ring" bench/peers/ring.c
    if command -v go >/dev/null; then
        go build -o "$out/channels" bench/peers/channels.go
    else
        echo "Go is not installed: its columns stay empty"
        rm -f "$out/channels"
    fi
}

median() {
    sort -g "$1" | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# once PEER SUM COMMAND...: runs it, keeps the time, and compares the sum
once() {
    local peer=$1 want=$2 ns sum
    shift 2
    read -r ns sum < <("$@") || { echo "bench: $* failed" >&2; exit 1; }
    [ "$sum" = "$want" ] || { echo "bench: $* says $sum, not $want" >&2; exit 1; }
    echo "$ns" >>"$tmp/$peer"
}

# sum_of JOB ITEMS: what must arrive, by a plain loop or a formula
sum_of() {
    case $1 in
    five) "$out/ring" plain "$2" 1 | cut -d ' ' -f 2 ;;
    hop) echo $(($2 * ($2 - 1) / 2)) ;;
    pool) echo $(($2 * ($2 - 1) / 2 * 3 + $2)) ;;
    esac
}

# row NAME TITLE JOB CAP ITEMS SLOW_ITEMS: pthreads get fewer items, so that each run takes about a second at most
row() {
    local title=$2 job=$3 cap=$4 items=$5 slow=$6 sum slow_sum
    wanted "$1" || return 0
    [ -n "$headed" ] || head_line
    sum=$(sum_of "$job" "$items") slow_sum=$(sum_of "$job" "$slow")
    rm -f "$tmp"/*
    for _ in $(seq "$rounds"); do
        once pipec "$sum" "$out/$job" --items="$items" --cap="$cap"
        if [ -x "$out/channels" ]; then
            once go "$sum" "$out/channels" "$job" "$items" "$cap"
            [ "$cap" -lt 64 ] || once batch "$sum" "$out/channels" "$job-batch" "$items" "$cap"
        fi
        once pthreads "$slow_sum" "$out/ring" "$job" "$slow" "$cap"
    done
    for peer in pipec go batch pthreads; do
        [ -e "$tmp/$peer" ] && median "$tmp/$peer" || echo -
    done | paste -s | awk -v title="$title" '
        function ns(x) { return x == "-" ? "-" : sprintf(x < 100 ? "%.1f" : "%.0f", x) }
        function ratio(x) { return x == "-" ? "-" : sprintf("%.1f", x / $1) }
        {
            printf "%-34s %9s %9s %9s %9s", title, ns($1), ns($2), ns($3), ns($4)
            printf " %9s %9s %9s\n", ratio($2), ratio($3), ratio($4)
        }'
}

headed=
head_line() {
    headed=yes
    printf '%-34s %39s %29s\n' "" "ns per item" "times pipec's"
    printf '%-34s %9s %9s %9s %9s %9s %9s %9s\n' "median of $rounds" pipec Go "Go by 64" pthreads Go "Go by 64" pthreads
}

seconds() {
    local start end
    start=$(date +%s%N)
    "$@"
    end=$(date +%s%N)
    echo "$start $end" | awk '{ print ($2 - $1) / 1e9 }'
}

words() {
    local log=$out/words.log size
    wanted words || return 0
    "$PIPEC" build -o "$out/loggen" examples/loggen.pipe
    "$PIPEC" build -o "$out/wordfreq" examples/wordfreq.pipe
    "$CC" -std=c11 -D_GNU_SOURCE -O2 -o "$out/words" bench/peers/words.c
    [ -e "$log" ] || "$out/loggen" --size=200M >"$log"
    size=$(wc -c <"$log")
    "$out/words" "$log" >"$tmp/want"
    rm -f "$tmp/pipec" "$tmp/plain"
    for _ in $(seq "$rounds"); do
        seconds "$out/wordfreq" "$log" >"$tmp/got"
        tail -n 1 "$tmp/got" >>"$tmp/pipec"
        sed '$d' "$tmp/got" | cmp - "$tmp/want"
        seconds "$out/words" "$log" | tail -n 1 >>"$tmp/plain"
    done
    echo "$(median "$tmp/pipec") $(median "$tmp/plain") $size" | awk '
        {
            printf "ten most frequent words of a log: wordfreq %.0f MB/s, plain C on one core %.0f MB/s, ",
                $3 / $1 / 1e6, $3 / $2 / 1e6
            printf "%.2f times as fast\n", $2 / $1
        }'
}

# 20,000 files of 6 KB and less, in 200 directories.
make_tree() {
    local dir
    [ ! -d "$1" ] || return 0
    for dir in $(seq 200); do
        mkdir -p "$1.new/$dir"
        head -c 600000 /dev/urandom | split -a 4 -b 6000 - "$1.new/$dir/"
    done
    mv "$1.new" "$1"
}

# Each process writes a file of its own, for several that wrote to one would cut each other's lines.
xargs_hashes() {
    find "$1" -type f -print0 | xargs -0 -n 500 -P "$(nproc)" sh -c 'sha256sum "$@" >"$0.$$"' "$tmp/part"
    cat "$tmp"/part.*
    rm -f "$tmp"/part.*
}

hashes() {
    local tree=$out/tree peer size
    wanted hashes || return 0
    "$PIPEC" build -o "$out/hashdir" examples/hashdir.pipe
    [ ! -x "$out/channels" ] || go build -o "$out/hashes" bench/peers/hashes.go
    make_tree "$tree"
    size=$(find "$tree" -type f -printf '%s\n' | awk '{ s += $1 } END { print s }')
    find "$tree" -type f -exec sha256sum {} + | sort >"$tmp/want"
    rm -f "$tmp"/{pipec,go,xargs}
    for _ in $(seq "$rounds"); do
        for peer in pipec go xargs; do
            case $peer in
            pipec) seconds "$out/hashdir" "$tree" >"$tmp/got" ;;
            go) [ -x "$out/channels" ] && seconds "$out/hashes" "$tree" >"$tmp/got" || continue ;;
            xargs) seconds xargs_hashes "$tree" >"$tmp/got" ;;
            esac
            tail -n 1 "$tmp/got" >>"$tmp/$peer"
            sed '$d' "$tmp/got" | sort | cmp - "$tmp/want"
        done
    done
    for peer in pipec go xargs; do
        [ -e "$tmp/$peer" ] && median "$tmp/$peer" || echo -
    done | paste -s | awk -v size="$size" '
        function speed(x) { return x == "-" ? "-" : sprintf("%.0f MB/s", size / x / 1e6) }
        {
            printf "SHA-256 of 20,000 small files: hashdir %s, ", speed($1)
            printf "Go %s, find and xargs %s\n", speed($2), speed($3)
        }'
}

compile() {
    local TIMEFORMAT='%U %S'
    wanted compile || return 0
    for stages in 100 1000 5000 10000; do
        bench/stages.sh $stages >"$tmp/many.pipe"
        rm -f "$tmp/time"
        for _ in $(seq "$rounds"); do
            { time "$PIPEC" emit -o /dev/null "$tmp/many.pipe"; } 2>&1 | awk '{ print $1 + $2 }' >>"$tmp/time"
        done
        printf 'pipec emit, %5d stages: %.3f s of processor time\n' $stages "$(median "$tmp/time")"
    done
}

rows=("$@")
prepare
row five "five stages, capacity 256" five 256 5000000 500000
row hop1024 "one hop, capacity 1024" hop 1024 5000000 2000000
row hop64 "one hop, capacity 64" hop 64 5000000 1000000
row hop1 "one hop, capacity 1" hop 1 1000000 10000
row pool "pool of 4 workers, capacity 256" pool 256 2000000 500000
words
hashes
compile
