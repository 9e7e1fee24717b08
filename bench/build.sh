# shellcheck shell=bash disable=SC2154 # bench.sh has the variables
# Part of bench.sh: builds the peers into build/bench. Who is not installed does not take part.

absent=" "
go_packages=/usr/share/gocode # where Debian keeps them

# missing PEER...: these do not take part
missing() {
    echo "bench: $1; without it these do not take part: ${*:2} (tools/setup.sh bench installs it)" >&2
    absent="$absent${*:2} "
}

# asked PEER...: whether one of these shall take part; where PEERS is set, who is not in it does not
asked() {
    local peer
    [ -n "${PEERS-}" ] || return 0
    for peer in "$@"; do
        [[ " $PEERS " != *" $peer "* ]] || return 0
    done
    absent="$absent$* "
    return 1
}

# stale PROGRAM SOURCE...: whether it has to be built
stale() {
    local program=$out/$1 source
    shift
    for source in "$@" bench/*.h bench/peers/*.h; do
        [ "$program" -nt "$source" ] || return 0
    done
    return 1
}

# build_one PROGRAM SOURCE... -- COMMAND...: builds it where it is stale; the program's name is added to the command
build_one() {
    local program=$1 sources=()
    shift
    while [ "$1" != -- ]; do
        sources+=("$1")
        shift
    done
    shift
    ! stale "$program" "${sources[@]}" || "$@" "$out/$program" || die "cannot build $program"
}

build_c() {
    build_one "$1" "$2" -- "$CC" -std=c11 -D_GNU_SOURCE -O2 -pthread "$2" -o
}

# build_cxx PROGRAM HEADER PEERS [LIBRARY...]
build_cxx() {
    local program=$1 header=$2 peers=$3 source=bench/peers/$1.cpp
    shift 3
    # shellcheck disable=SC2086 # a list of names
    asked $peers || return 0
    if ! echo "#include <$header>" | ${CXX:-c++} -x c++ -E - >/dev/null 2>&1; then
        # shellcheck disable=SC2086
        missing "$header is not installed" $peers
        return
    fi
    build_one "$program" "$source" -- "${CXX:-c++}" -std=c++17 -D_GNU_SOURCE -O2 -pthread "$source" "$@" -o
}

build_go() {
    asked go go-64 go-mutexes go-lines || return 0
    if ! command -v go >/dev/null; then
        missing "Go is not installed" go go-64 go-mutexes go-lines
        return
    fi
    build_one go bench/peers/go/*.go -- go_build bench/peers/go/*.go -o
    if [ -d "$go_packages/src/golang.org/x/time/rate" ]; then
        build_one go_rate bench/peers/go_rate.go -- go_build bench/peers/go_rate.go -o
    else
        missing "golang.org/x/time/rate is not installed; the rates go without Go" go-rate
    fi
}

# go_build FILE... -o PROGRAM: Go wants -o before the files.
go_build() {
    GO111MODULE=off GOPATH=$go_packages go build "${@: -2}" "${@:1:$#-2}"
}

# A copy, since cargo writes beside the manifest; crates only from the distribution.
build_crossbeam() {
    local crates=/usr/share/cargo/registry copy=$out/crossbeam-source
    asked crossbeam || return 0
    if ! command -v cargo >/dev/null || ! compgen -G "$crates/crossbeam-channel-*" >/dev/null; then
        missing "cargo, or the crate crossbeam-channel in $crates, is not installed" crossbeam
        return
    fi
    stale crossbeam bench/peers/crossbeam/* || return 0
    rm -rf "$copy"
    cp -r bench/peers/crossbeam "$copy"
    cargo build --quiet --release --offline --manifest-path "$copy/Cargo.toml" --target-dir "$copy/target" \
        --config 'source.crates-io.replace-with="debian"' --config "source.debian.directory=\"$crates\"" ||
        die "cannot build crossbeam"
    cp "$copy/target/release/crossbeam" "$out/crossbeam"
}

# pipec's program needs it too, so without it that run is left out.
build_sqlite() {
    if ! echo "#include <sqlite3.h>" | "$CC" -E - >/dev/null 2>&1; then
        missing "sqlite3.h is not installed" sqlite
        return
    fi
    build_one sqlite bench/peers/sqlite.c -- "$CC" -std=c11 -D_GNU_SOURCE -O2 bench/peers/sqlite.c -lsqlite3 -o
}

build_peers() {
    build_c meter bench/meter.c
    build_c plain bench/peers/plain.c
    build_c feed bench/feed.c
    build_c drawn bench/drawn.c
    build_c pthreads bench/peers/pthreads.c
    build_c pthreads_uneven bench/peers/pthreads_uneven.c
    build_cxx moodycamel concurrentqueue/blockingconcurrentqueue.h moodycamel
    build_cxx tbb_queue oneapi/tbb/concurrent_queue.h tbb-queue -ltbb
    build_cxx tbb_pipeline oneapi/tbb/parallel_pipeline.h "tbb-pipeline tbb-pipeline-64" -ltbb
    build_cxx tbb_uneven oneapi/tbb/parallel_pipeline.h "tbb-queue tbb-pipeline" -ltbb
    build_cxx tbb_flow oneapi/tbb/flow_graph.h tbb-flow -ltbb
    build_go
    build_crossbeam
    build_sqlite
    command -v pigz >/dev/null || missing "pigz is not installed" pigz
}

# build_pipe NAME: also stages-N, that many stages; size-N, items of so many bytes; inline, five with inline stages;
# drawn-SEED, drawn at random; NAME-0, with a rendezvous
build_pipe() {
    local program=$out/pipe-$1 source=bench/$1.pipe flags=(-I bench)
    [ ! -e "$program" ] || [ -n "$(find bench/*.pipe bench/*.h "$out/drawn" "$PIPEC" "$BUILD/libprt.a" -newer "$program")" ] || return 0
    case $1 in
    stages-*)
        source=$tmp/$1.pipe
        bench/stages.sh "${1#*-}" >"$source"
        ;;
    size-*)
        source=bench/size.pipe
        flags+=(-D "ITEM_SIZE=${1#*-}")
        ;;
    drawn-*)
        source=$tmp/$1.pipe
        "$out/drawn" pipe "${1#*-}" >"$source"
        ;;
    inline)
        source=$tmp/$1.pipe
        sed -e '/^stage .* (x <- / { s/ {$/  inline {/; /{$/! s/$/  inline/; }' bench/five.pipe >"$source"
        ;;
    *-0)
        source=$tmp/$1.pipe
        sed -e 's/\[cap\]/[0]/' -e '/^param int cap/d' "bench/${1%-0}.pipe" >"$source"
        ;;
    esac
    "$PIPEC" build "${flags[@]}" -o "$program" "$source" || die "cannot build $1"
}
