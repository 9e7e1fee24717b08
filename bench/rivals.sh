#!/usr/bin/env bash
# Examples beside what their users run today: time, memory and lines. All who do a job take turns, every answer is compared with
# the first one's, and what is printed are medians, as the table of docs/performance.md. Who is not installed is left out.
#
#   bench/rivals.sh [JOB...]      minutes, etl, insert, par, watch; all of them
#
# ROUNDS=N runs each N times (5). Databases lie in memory (/dev/shm), so that programs are measured, and not a disk.
# shellcheck disable=SC2016 # what stands in single quotes is for another shell
set -eu
cd "$(dirname "$0")/.."

BUILD=${BUILD:-build}
PIPEC=${PIPEC:-$PWD/$BUILD/pipec}
CC=${CC:-cc}
out=$PWD/$BUILD/bench
rounds=${ROUNDS:-5}
mkdir -p "$out"
tmp=$(mktemp -d)
fast=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$tmp" "$fast"' EXIT
export XDG_CACHE_HOME=$tmp/cache LC_ALL=C

die() {
    echo "rivals: $*" >&2
    exit 1
}

built() {
    "$PIPEC" build -o "$out/$1" "${2:-examples}/$1.pipe" || die "cannot build $1.pipe"
}

has() {
    command -v "$1" >/dev/null
}

compile() {
    # shellcheck disable=SC2046 # words
    "$CC" -std=c11 -D_GNU_SOURCE -O2 -o "$out/$1" "$2" $(pkg-config --cflags --libs "${@:3}")
}

# lines FILE...: of code: without blank ones and comments
lines() {
    cat "$@" | grep -cvE '^[[:blank:]]*(//.*|/?\*.*|#.*|""".*)?$'
}

# A job NAME: prepare_NAME makes the input and calls `peer`; run_NAME runs a peer's command; answer_NAME prints what it did.

# peer PEER LINES COMMAND...: who takes part; @ in the command is a path that the run has for itself
peer() {
    printf '%s\0' "${@:3}" >"$tmp/command.${#peers[@]}"
    : >"$tmp/raw.${#peers[@]}"
    peers+=("$1")
    sizes+=("$2")
}

measure() {
    local round i command
    for ((round = 0; round < rounds; round++)); do
        for i in "${!peers[@]}"; do
            rm -rf "${fast:?}"/*
            mapfile -d '' command <"$tmp/command.$i"
            "$out/meter" "$tmp/cost" "${command[@]//@/$fast/x}" >"$fast/said" 2>"$tmp/err" </dev/null || die "${peers[i]}: $(head -n 3 "$tmp/err")"
            cat "$tmp/cost" >>"$tmp/raw.$i"
            "answer_$job" >"$tmp/answer"
            [ -e "$tmp/wanted" ] || cp "$tmp/answer" "$tmp/wanted"
            cmp -s "$tmp/answer" "$tmp/wanted" || die "${peers[i]}: another answer than ${peers[0]}"
        done
    done
}

# median I KEY DECIMALS
median() {
    sed -n "s/.*$2=\([0-9.]*\).*/\1/p" "$tmp/raw.$1" | sort -n | awk -v most="$3" '{ x[NR] = $1 }
        END { printf "%.*f", most, NR % 2 ? x[(NR + 1) / 2] : (x[NR / 2] + x[NR / 2 + 1]) / 2 }'
}

# ratio I KEY: beside the first one's
ratio() {
    awk -v a="$(median "$1" "$2" 4)" -v b="$(median 0 "$2" 4)" 'BEGIN { printf "%.2f", a / b }'
}

show() {
    local i memory
    for i in "${!peers[@]}"; do
        memory=$(median "$i" rss 0)
        printf '| %s | %s | %s | %s | %s s | %s | %s | %d MB |\n' "$what" "${peers[i]}" "${sizes[i]}" \
            "${waits:-$(median "$i" wall 3) s}" "$(median "$i" cpu 3)" "${waits:-$(ratio "$i" wall)}" "$(ratio "$i" cpu)" $(((memory + 512) / 1024))
        what=
    done
}

database() {
    "$out/rows" "$fast/x.db" "$1"
}

make_log() {
    log=$out/rivals.log
    built loggen
    [ -e "$log" ] || { "$out/loggen" --size=100M >"$log.new" && mv "$log.new" "$log"; }
}

# ---- the jobs ----

prepare_minutes() {
    what="minutes of 100 MB of log"
    make_log
    built minutes
    peer pipec "$(lines examples/minutes.pipe)" "$out/minutes" --db=@.db "$log"
    ! has python3 || peer "Python, sqlite3" "$(lines bench/peers/minutes.py)" python3 bench/peers/minutes.py @.db "$log"
    if has go && [ -d /usr/share/gocode/src/github.com/mattn/go-sqlite3 ] &&
        GO111MODULE=off GOPATH=/usr/share/gocode go build -tags libsqlite3 -o "$out/go_minutes" bench/peers/go_minutes.go; then
        peer "Go, mattn/go-sqlite3" "$(lines bench/peers/go_minutes.go)" "$out/go_minutes" @.db "$log"
    fi
}

answer_minutes() {
    database 'SELECT key, n, sum FROM minutes ORDER BY key'
}

prepare_etl() {
    what="500,000 orders, 1 % of them none"
    awk 'BEGIN { print "customer,id,day,amount,paid"; for (i = 1; i <= 500000; i++)
        printf "\"customer, %d\",%s,2026-11-%02d,%d.25,%s\n", i % 997, i % 100 ? i : "none", i % 30 + 1, i % 50, i % 2 ? "true" : "false" }' \
        >"$tmp/orders.csv"
    built etl
    peer pipec "$(lines examples/etl.pipe)" "$out/etl" --db=@.db --refused=@.bad "$tmp/orders.csv"
    ! has python3 || peer "Python, csv and sqlite3" "$(lines bench/peers/etl.py)" python3 bench/peers/etl.py @.db @.bad "$tmp/orders.csv"
    # It stores what is none too, as it stands; here it is given those that are, and true as 1.
    ! has sqlite3 || peer "sqlite3 .import, all rows good" 4 sh -c 'sqlite3 "$1" \
        "CREATE TABLE orders (customer TEXT, id INTEGER NOT NULL PRIMARY KEY, day TEXT, amount REAL, paid INTEGER)" \
        ".mode csv" ".import --skip 1 $2 orders"' import @.db "$tmp/good.csv"
    grep -v ',none,' "$tmp/orders.csv" | sed 's/,true$/,1/; s/,false$/,0/' >"$tmp/good.csv"
}

answer_etl() {
    database "SELECT count(*), sum(amount), sum(paid), sum(length(customer)), max(day) FROM orders"
}

prepare_insert() {
    what="500,000 rows of three columns"
    built insert bench
    compile insert.c bench/peers/insert.c sqlite3
    peer "C, by hand" "$(lines bench/peers/insert.c)" "$out/insert.c" @.db 500000
    peer "pipec, sqlite_insert" "$(lines bench/insert.pipe)" "$out/insert" --db=@.db
}

answer_insert() {
    database 'SELECT count(*), sum(number), sum(result), max(name) FROM items'
}

prepare_par() {
    what="500 commands, two at once"
    seq 500 >"$tmp/names"
    built par
    peer pipec "$(lines examples/par.pipe)" sh -c '"$1" --jobs=2 -- /bin/echo {} <"$2"' sh "$out/par" "$tmp/names"
    peer "xargs -P, in any order" 1 sh -c 'xargs -P 2 -I {} /bin/echo {} <"$1"' sh "$tmp/names"
    ! has parallel || peer "GNU parallel --keep-order" 1 sh -c 'parallel --will-cite --keep-order -j 2 /bin/echo {} <"$1"' sh "$tmp/names"
}

answer_par() {
    sort -n "$fast/said"
}

# It never ends, so what counts is its processor time for a log that is there: 5 seconds are enough for all.
prepare_watch() {
    what="100 MB of log, counted in windows"
    waits=-
    make_log
    built watch
    peer pipec "$(lines examples/watch.pipe)" sh -c 'timeout -s INT 5 "$1" --log="$2" --no-from-end || :' sh "$out/watch" "$log"
    ! has python3 || peer "Python" "$(lines bench/peers/watch.py)" sh -c 'timeout -s INT 5 python3 "$1" "$2" 9 || :' sh \
        bench/peers/watch.py "$log"
    # awk alone has no clock: a window ends with the first line behind it.
    peer "tail -F, awk" 8 sh -c 'timeout 5 tail -n +1 -F "$1" | awk "
        function show(key) { for (key in n) print strftime(\"%H:%M:%S\", at), n[key], key; delete n }
        { now = systime(); if (now != at) { show(); at = now } n[\$9]++ }
        END { show() }"' sh "$log"
}

answer_watch() {
    awk '{ n[$3] += $2 } END { for (key in n) print key, n[key] }' "$fast/said" | sort
}

"$CC" -std=c11 -D_GNU_SOURCE -O2 -o "$out/meter" bench/meter.c
compile rows tests/sqlite/rows.c sqlite3
echo '| job | program | lines | time | of processors | time, beside the first | of processors | memory |'
echo '| --- | --- | --: | --: | --: | --: | --: | --: |'
[ $# -gt 0 ] || set -- minutes etl insert par watch
for job; do
    peers=() sizes=() waits=
    rm -f "$tmp/wanted"
    "prepare_$job"
    measure
    show
done
