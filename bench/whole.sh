# shellcheck shell=bash disable=SC2154 # bench.sh has the variables
# Part of bench.sh: whole programs. For a job NAME, prepare_NAME makes the input, sets `size` to its bytes, and writes
# the answer to $tmp/want; do_NAME PEER sets `command`. `lines_in=any` is for jobs whose lines may come in any order.

build_example() {
    "$PIPEC" build -o "$out/$1" "examples/$1.pipe" || die "cannot build examples/$1.pipe"
}

# make_log SIZE: sets `log`
make_log() {
    log=$out/$1.log
    [ -x "$out/loggen" ] || build_example loggen
    [ -e "$log" ] || { "$out/loggen" --size="$1" >"$log.new" && mv "$log.new" "$log"; }
}

file_size() {
    wc -c <"$1"
}

# ---- the ten most frequent words of a log ----

prepare_words() {
    build_example wordfreq
    build_one words bench/peers/words.c -- "$CC" -std=c11 -D_GNU_SOURCE -O2 bench/peers/words.c -o
    [[ $absent == *" go "* ]] || build_one go_words bench/peers/go_words.go -- go_build bench/peers/go_words.go -o
    make_log "$1"
    size=$(file_size "$log")
    "$out/words" "$log" >"$tmp/want"
}

do_words() {
    case $1 in
    pipec) command=("$out/wordfreq" "$log") ;;
    c) command=("$out/words" "$log") ;;
    go) command=("$out/go_words" chunks "$log") ;;
    go-lines) command=("$out/go_words" lines "$log") ;;
    sort)
        command=(env LC_ALL=C sh -c "tr -cs 'A-Za-z\200-\377' '\n' <$log | tr A-Z a-z | sed '/^\$/d' |
            sort -S 50% --parallel=$(nproc) | uniq -c | sort -k1,1nr -k2,2 | head -n 10")
        ;;
    esac
}

# ---- the lines of a log that contain a text ----

prepare_lines() {
    build_example linecount
    build_one lines bench/peers/lines.c -- "$CC" -std=c11 -D_GNU_SOURCE -O2 bench/peers/lines.c -o
    [[ $absent == *" go "* ]] || build_one go_lines bench/peers/go_lines.go -- go_build bench/peers/go_lines.go -o
    make_log "$1"
    size=$(file_size "$log")
    grep -cF ' 500 ' "$log" >"$tmp/want"
}

do_lines() {
    case $1 in
    pipec) command=("$out/linecount" ' 500 ' "$log") ;;
    c) command=("$out/lines" ' 500 ' "$log") ;;
    grep) command=(env LC_ALL=C grep -cF ' 500 ' "$log") ;;
    go) command=("$out/go_lines" chunks ' 500 ' "$log") ;;
    go-lines) command=("$out/go_lines" lines ' 500 ' "$log") ;;
    esac
}

prepare_by_lines() {
    prepare_lines "$1"
}

do_by_lines() {
    case $1 in
    pipec) command=("$out/linecount" --by-lines ' 500 ' "$log") ;;
    *) do_lines "$1" ;;
    esac
}

# ---- SHA-256 of 20,000 files of 6 KB and less, in 200 directories ----

make_tree() {
    local dir
    [ ! -d "$tree" ] || return 0
    for dir in $(seq 200); do
        mkdir -p "$tree.new/$dir"
        head -c 600000 /dev/urandom | split -a 4 -b 6000 - "$tree.new/$dir/"
    done
    mv "$tree.new" "$tree"
}

prepare_hashes() {
    tree=$out/tree
    lines_in=any
    build_example hashdir
    [[ $absent == *" go "* ]] || build_one go_hashes bench/peers/go_hashes.go -- go_build bench/peers/go_hashes.go -o
    make_tree
    size=$(find "$tree" -type f -printf '%s\n' | awk '{ s += $1 } END { print s }')
    find "$tree" -type f -exec sha256sum {} + | sort >"$tmp/want"
}

do_hashes() {
    case $1 in
    pipec) command=("$out/hashdir" "$tree") ;;
    c) command=(sh -c "find $tree -type f -print0 | xargs -0 sha256sum") ;;
    go) command=("$out/go_hashes" "$tree") ;;
    # Each process writes a file of its own, for several that wrote to one would cut each other's lines.
    xargs)
        command=(sh -c "find $tree -type f -print0 |
            xargs -0 -n 500 -P $(nproc) sh -c 'sha256sum \"\$@\" >$tmp/part.\$\$' - && cat $tmp/part.* && rm $tmp/part.*")
        ;;
    esac
}

# ---- gzip of a log, level 6; the answer is right if gzip unpacks it ----

prepare_gzip() {
    build_example pgz
    make_log "$1"
    size=$(file_size "$log")
}

do_gzip() {
    case $1 in
    pipec) command=("$out/pgz" --to-stdout "$log") ;;
    pigz) command=(pigz -6 -p "$(nproc)" -c "$log") ;;
    gzip) command=(gzip -6 -c "$log") ;;
    esac
}

check_gzip() {
    gzip -dc "$tmp/got" | cmp - "$log"
}

# ---- sorted files into one ----

# prepare_sorted FILES SIZE: the lines of a log, sorted and dealt out in turn
prepare_sorted() {
    build_example merge
    make_log "$2"
    size=$(file_size "$log")
    parts=$log.sorted-$1
    if [ ! -d "$parts" ]; then
        mkdir "$parts.new"
        LC_ALL=C sort "$log" | split -n "r/$1" - "$parts.new/"
        mv "$parts.new" "$parts"
    fi
    LC_ALL=C sort -m "$parts"/* >"$tmp/want"
}

prepare_sorted2() {
    prepare_sorted 2 "$1"
}

prepare_sorted8() {
    prepare_sorted 8 "$1"
}

do_sorted() {
    case $1 in
    pipec) command=("$out/merge" "$parts"/*) ;;
    sort-m) command=(env LC_ALL=C sort -m "$parts"/*) ;;
    esac
}

do_sorted2() {
    do_sorted "$1"
}

do_sorted8() {
    do_sorted "$1"
}

# ---- any of them ----

is_whole() {
    declare -F "prepare_$1" >/dev/null
}

check_answer() {
    if declare -F "check_$1" >/dev/null; then
        "check_$1"
    elif [ -n "$lines_in" ]; then
        sort "$tmp/got" | cmp - "$tmp/want"
    else
        cmp "$tmp/got" "$tmp/want"
    fi || die "${command[*]}: a wrong answer"
}

measure_whole() {
    local run=$1 job=$2 argument=$3 peers=("${@:4}") lines_in='' size round peer
    "prepare_$job" "$argument"
    for round in $(seq "$rounds"); do
        for peer in "${peers[@]}"; do
            "do_$job" "$peer"
            "$out/meter" "$tmp/cost" "${command[@]}" >"$tmp/got" || die "${command[*]} failed"
            check_answer "$job"
            awk -v peer="$peer" -v round="$round" -v size="$size" -v got="$(file_size "$tmp/got")" '{
                split($1, wall, "=")
                printf "%s round=%d items=%d speed=%.3f output=%d %s\n", peer, round, size, size / wall[2] / 1e6, got, $0
            }' "$tmp/cost" >>"$tmp/raw"
        done
    done
}

# pipec's own time on a long pipeline
measure_compile() {
    local run=$1 stages=$2 round
    bench/stages.sh "$stages" >"$tmp/stages.pipe"
    for round in $(seq "$rounds"); do
        "$out/meter" "$tmp/cost" "$PIPEC" emit -o /dev/null "$tmp/stages.pipe" || die "pipec failed"
        echo "pipec round=$round items=$stages $(cat "$tmp/cost")" >>"$tmp/raw"
    done
}
