#!/usr/bin/env bash
# Every example runs on real input, and prints what was found without it: by seq, factor, tr, sort, uniq, awk,
# sha256sum. Its emitted C compiles without a warning. What the script is given goes to `pipec build` as it stands, and
# EXAMPLES="NAME..." are the only ones that are tried:
#
#   tests/examples.sh --sanitize=thread
. "$(dirname "$0")/lib.sh"
. tests/lib-site.sh
get=$BUILD/tests/site/get
needs "$PIPEC" "$get" "$BUILD/tests/site/site"

export LC_ALL=C
export XDG_CACHE_HOME=$tmp/cache
work=$tmp

show() {
    sed 's/^/    /'
}

# try NAME STATUS COMMAND...: the command ends with this status and prints what stands in $work/want. What it prints
# goes through `filter` first; what it says on standard error stays in $work/err.
filter=cat
try() {
    name=$1 status=$2
    shift 2
    timeout 120 "$@" >"$work/raw" 2>"$work/err" </dev/null
    compare "$name" "$status" $?
}

try_stdin() {
    name=$1 status=$2 input=$3
    shift 3
    timeout 120 "$@" >"$work/raw" 2>"$work/err" <"$input"
    compare "$name" "$status" $?
}

compare() {
    $filter <"$work/raw" >"$work/got"
    if [ "$3" -ne "$2" ]; then
        fail "$1" "exit status $3, not $2:"
        head -n 20 "$work/err" | show
    elif ! cmp -s "$work/got" "$work/want"; then
        fail "$1" "prints something else than expected:"
        diff --text "$work/want" "$work/got" | head -n 20 | show
        head -n 20 "$work/err" | show
    else
        pass "$1"
    fi
}

# says NAME TEXT: the last case said this on standard error.
says() {
    if grep -qF -- "$2" "$work/err"; then
        pass "$1"
    else
        fail "$1" "standard error has no '$2' but:"
        head -n 20 "$work/err" | show
    fi
}

# links_all EXAMPLE: whether what the library's parts link that it imports is there
links_all() {
    local need
    for need in http:libcurl sqlite:sqlite3; do
        ! grep -q "^import <${need%:*}.pipe>" "examples/$1.pipe" || pkg-config --exists "${need#*:}" 2>/dev/null || return 1
    done
}

build() {
    check "$example: builds" "$PIPEC" build "$@" -o "$work/$example" "examples/$example.pipe"
    [ -x "$work/$example" ]
}

compile() {
    local cc flags=(-std=c11 -Wall -Wextra -Wpedantic -Wshadow -Werror -O2 -I runtime/include -iquote examples)

    mkdir -p "$work/again"
    "$PIPEC" emit -o "$work/$example.c" "examples/$example.pipe"
    "$PIPEC" emit -o "$work/again/$example.c" "examples/$example.pipe"
    same "$example: the same bytes each time" "$work/$example.c" "$work/again/$example.c"
    for cc in gcc clang; do
        ! command -v $cc >/dev/null ||
            check "$example: no warning from $cc" $cc "${flags[@]}" -c -o "$work/$example.o" "$work/$example.c"
    done
}

try_fanout() {
    seq 2 2 20 >"$work/want"
    try "fanout: doubles ten numbers" 0 "$work/fanout"
    seq 2 2 20000 >"$work/want"
    for workers in 1 2 16; do
        try "fanout: 10,000 jobs, $workers workers" 0 "$work/fanout" --jobs=10000 --workers twice=$workers
    done
    : >"$work/want"
    try "fanout: no job" 0 "$work/fanout" --jobs=0
    try "fanout: refuses a bad number" 2 "$work/fanout" --jobs=ten
    says "fanout: names the option" "--jobs"
}

try_pool() {
    for block in $(seq 1 20); do
        primes=$(seq $((block * 1000 - 1000)) $((block * 1000 - 1)) | factor | awk 'NF == 2' | wc -l)
        echo "block $block: $((primes)) primes"
    done >"$work/want"
    for workers in 1 2 16; do
        try "pool: primes as factor finds them, $workers workers" 0 "$work/pool" --width=1000 --workers count=$workers
    done
}

# Request k must not leave before (k - 1) * 200 ms. How much later it may leave is not for a test to say.
not_early() {
    awk '{ print $1, $2, ($4 >= ($2 - 1) * 200 - 1 ? "in time" : "early: " $4) }'
}

first_only() {
    awk '{ print $1, $2 }'
}

try_ratelimit() {
    for k in 1 2 3 4 5; do
        echo "request $k in time"
    done >"$work/want"
    filter=not_early
    try "ratelimit: five requests, none early" 0 "$work/ratelimit"
    filter=first_only
    echo "request 1" >"$work/want"
    try "ratelimit: the first does not wait" 0 "$work/ratelimit" --requests=1 --pace=1/1h
    filter=cat
}

# How often each task began and ended, and whether more than three ran at once.
summarize_tasks() {
    awk '$3 == "begins" { begun[$2]++; now++; if (now > 3) many = 1 }
         $3 == "ends" { if (begun[$2]) ended[$2]++; now-- }
         END { for (task in begun) if (begun[task] == 1 && ended[task] == 1) done++; print done + 0, many ? "many" : "few" }'
}

try_bounded() {
    local bounded
    filter=summarize_tasks
    echo "10 few" >"$work/want"
    try "bounded: ten tasks, no more than three at once" 0 "$work/bounded" --work=20ms
    filter=cat
    # Tasks that do not end: three begin all the same, however long a busy machine takes for it.
    : >"$work/raw"
    "$work/bounded" --work=1h >"$work/raw" 2>"$work/err" </dev/null &
    bounded=$!
    until [ "$(grep -c begins "$work/raw")" -ge 3 ] || ! kill -0 $bounded 2>/dev/null; do
        sleep 0.01
    done
    kill -KILL $bounded
    wait $bounded 2>/dev/null
    printf 'task %d begins\n' 1 2 3 >"$work/want"
    filter=sort
    compare "bounded: three at once" 0 0
    filter=cat
}

try_pipeline() {
    printf '4\n9\n' >"$work/want"
    try "pipeline: squares two numbers" 0 "$work/pipeline"
}

words_of() {
    tr -cs 'A-Za-z\200-\377' '\n' | tr A-Z a-z | grep -a . | sort | uniq -c | sort -k1,1nr -k2,2
}

# Made up: 5,000 accounts, of which some are moved much more often than others. What comes of them is computed one by one.
try_accounts() {
    awk 'BEGIN {
        srand(7)
        for (i = 0; i < 200000; i++)
            printf "acct%d %s %d\n", rand() * rand() * 5000, rand() < 0.5 ? "deposit" : "withdraw", rand() * 100
    }' >"$work/moves"
    awk '{ seen[$1]; if ($2 == "deposit") has[$1] += $3; else if (has[$1] < $3) refused[$1]++; else has[$1] -= $3 }
         END { for (account in seen) print account, has[account] + 0, refused[account] + 0 }' "$work/moves" | sort >"$work/want"
    filter=sort
    for workers in 1 3 64 1000; do
        try "accounts: as one after the other, $workers workers" 0 "$work/accounts" --workers apply=$workers "$work/moves"
    done
    filter=cat
    matches "accounts: some overdrafts are refused" '[1-9][0-9]+' awk '{ n += $3 } END { print n }' "$work/want"
    : >"$work/want"
    echo 'acct1 borrow 5' >"$work/moves"
    try "accounts: what is no move" 1 "$work/accounts" "$work/moves"
    says "accounts: says where" "moves:1: this is no move"
}

try_wordfreq() {
    mkdir "$work/texts"
    cp examples/*.pipe examples/*.h docs/*.md tests/unit/*.[ch] grammar/* LICENSE "$work/texts"
    set -- "$work"/texts/*
    for file in "$@"; do
        cat "$file"
        echo
    done >"$work/text"
    words_of <"$work/text" | head -n 10 >"$work/want"
    try "wordfreq: ten most frequent words of many files" 0 "$work/wordfreq" "$@"
    printf 'caf\303\251 CAF\303\251 it'"'"'s x1y \377\376 end' >>"$work/text"
    words_of <"$work/text" >"$work/all"
    cp "$work/all" "$work/want"
    for workers in 1 2 16; do
        try "wordfreq: all words, $workers workers" 0 "$work/wordfreq" --top=1000000 --workers count=$workers \
            "$work/text"
    done
    try_stdin "wordfreq: from the standard input" 0 "$work/text" "$work/wordfreq" --top=1000000
    try "wordfreq: in chunks of 4K" 0 "$work/wordfreq" --top=1000000 --chunk=4K "$work/text"
    cat "$work/text" | timeout 120 "$work/wordfreq" --top=1000000 - >"$work/raw" 2>"$work/err"
    compare "wordfreq: from a pipe" 0 $?
    tail -c 3000 "$work/text" >"$work/short"
    words_of <"$work/short" >"$work/want"
    for chunk in 1 13; do
        try "wordfreq: in chunks of $chunk" 0 "$work/wordfreq" --top=1000000 --chunk=$chunk "$work/short"
    done
    : >"$work/want"
    try_stdin "wordfreq: no text" 0 /dev/null "$work/wordfreq"
    try "wordfreq: a file that is not there" 1 "$work/wordfreq" "$work/text" "$work/none"
    says "wordfreq: names the missing file" "$work/none: No such file or directory"
    try "wordfreq: a directory" 1 "$work/wordfreq" "$work"
    says "wordfreq: says that it is one" "Is a directory"
}

make_tree() {
    mkdir -p "$work/tree/a/b/c" "$work/tree/empty dir"
    : >"$work/tree/empty"
    head -c 3000000 "$work/text" >"$work/tree/a/large"
    echo odd >"$work/tree/a/b/a name with  blanks"
    echo odder >"$work/tree/a/b/back\\slash"
    echo oddest >"$(printf '%s/tree/a/b/c/new\nline' "$work")"
    ln -s ../empty "$work/tree/a/link"
    for i in $(seq 500); do
        seq "$i" >"$work/tree/a/b/c/$i"
    done
}

# Runs a command as somebody whom file permissions hold for.
as_user() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
    else
        "$@"
    fi
}

# The three results, and that the copy is one.
tee_wants() {
    local want file
    for file in "$@"; do
        cat "$file"
    done >"$work/text"
    want=$(cksum <"$work/text")
    echo "$(wc -l <"$work/text") lines, ${want#* } bytes, checksum ${want% *}" >"$work/want"
}

try_tee() {
    set -- examples/*.pipe docs/*.md
    tee_wants "$@"
    for chunk in 1K 256K; do
        try "tee: many files, in pieces of $chunk" 0 "$work/tee" --copy="$work/copy" --chunk=$chunk "$@"
        same "tee: a copy, in pieces of $chunk" "$work/text" "$work/copy"
    done
    try_stdin "tee: from the standard input" 0 "$work/text" "$work/tee" --copy="$work/copy.2"
    same "tee: a copy of the standard input" "$work/text" "$work/copy.2"
    tee_wants /dev/null
    try_stdin "tee: nothing" 0 /dev/null "$work/tee" --copy="$work/copy.3"
    same "tee: a copy of nothing" /dev/null "$work/copy.3"
    : >"$work/want"
    try "tee: a file that is not there" 1 "$work/tee" --copy="$work/copy.4" LICENSE "$work/none"
    says "tee: names what is not there" "$work/none: No such file or directory"
    check "tee: leaves no copy of a part" sh -c '! ls "$1"/copy.4*' sh "$work"
    try "tee: no place for the copy" 1 "$work/tee" --copy="$work/none/copy" LICENSE
    says "tee: says where" "$work/none/copy.part: No such file or directory"
}

try_hashdir() {
    make_tree
    (cd "$work/tree" && find . -type f -exec sha256sum {} +) | sort >"$work/want"
    filter=sort
    for workers in 1 2 16; do
        try "hashdir: sums as sha256sum has them, $workers workers" 0 \
            sh -c 'cd "$1/tree" && "$1/hashdir" --workers "hash=$2"' sh "$work" $workers
    done
    try "hashdir: no more than 2 files open" 0 \
        sh -c 'cd "$1/tree" && "$1/hashdir" --open-limit=2 --workers hash=16 .' sh "$work"
    find "$work/tree/a" "$work/tree/empty" -type f -exec sha256sum {} + | sort >"$work/want"
    try "hashdir: several operands" 0 "$work/hashdir" "$work/tree/a" "$work/tree/empty"
    try "hashdir: one operand is not there" 1 "$work/hashdir" "$work/tree/a" "$work/none" "$work/tree/empty"
    says "hashdir: names what is not there" "$work/none: No such file or directory"
    if [ "$(id -u)" -ne 0 ] || command -v setpriv >/dev/null; then
        try_unreadable
    fi
    filter=cat
}

try_unreadable() {
    chmod 755 "$work"
    chmod 000 "$work/tree/a/large" "$work/tree/empty dir"
    find "$work/tree" -type f ! -name large -exec sha256sum {} + | sort >"$work/want"
    as_user timeout 120 "$work/hashdir" "$work/tree" >"$work/raw" 2>"$work/err" </dev/null
    compare "hashdir: skips what it may not read" 1 $?
    says "hashdir: names the file" "$work/tree/a/large: Permission denied"
    says "hashdir: names the directory" "$work/tree/empty dir: Permission denied"
    chmod 755 "$work/tree/a/large" "$work/tree/empty dir"
}

# No text, one in every line, one that begins and ends lines; parts that lines lie across; no end of the last line.
try_linecount() {
    local text part
    printf 'the last line, of the pipeline' | cat README.md docs/language.md - >"$work/text"
    for text in the pipeline '' 'no such text' '|'; do
        grep -cF -e "$text" "$work/text" >"$work/want"
        for part in 4K 5001 1M; do
            try "linecount: '$text' in parts of $part" 0 "$work/linecount" --chunk=$part -- "$text" "$work/text"
            try_stdin "linecount: '$text' read in parts of $part" 0 "$work/text" \
                "$work/linecount" --chunk=$part --workers search=5 -- "$text"
        done
        try "linecount: '$text' by lines" 0 "$work/linecount" --by-lines -- "$text" "$work/text"
        try_stdin "linecount: '$text' by lines as they are read" 0 "$work/text" \
            "$work/linecount" --by-lines --chunk=4K -- "$text" -
    done
    grep -F pipeline "$work/text" README.md | wc -l >"$work/want"
    try "linecount: several files" 0 "$work/linecount" pipeline "$work/text" README.md
    head -c 300000 /dev/zero | tr '\0' x >"$work/long"
    printf '%s\nshort\n' "$(cat "$work/long")" >>"$work/long"
    echo 1 >"$work/want"
    try "linecount: a line longer than many parts" 0 "$work/linecount" --chunk=4K xx "$work/long"
    # A text across the ends of 64 KiB that are searched at a time; a line that ends many parts behind where it begins.
    { head -c 65534 "$work/long"; printf 'END\n'; head -c 200000 "$work/long"; printf 'END\nno\n'; } >"$work/ends"
    echo 2 >"$work/want"
    for part in 4K 64K 100000 1M; do
        try "linecount: far ends of lines, in parts of $part" 0 "$work/linecount" --chunk=$part END "$work/ends"
    done
    : >"$work/want"
    try "linecount: a line without end" 1 sh -c 'head -c 140000000 /dev/zero | "$1" x' sh "$work/linecount"
    says "linecount: says what is too long" "-: a line or a word is too long"
    try "linecount: a file that is not there" 1 "$work/linecount" x "$work/none"
    says "linecount: names what is not there" "$work/none: No such file or directory"
}

# No file, one, and all that there may be; files that are empty, have no end of the last line, equal lines, or one that is
# longer than many blocks. Then more than 100 MB in 60 MB of memory.
try_merge() {
    local size i inputs=()
    for i in 0 1 2 3 4 5 6 7; do
        tr -cs '[:alnum:]' '\n' <docs/language.md | tail -n "+$((i * 700 + 1))" | head -n $((i == 5 ? 0 : 3000)) | sort >"$work/sorted$i"
        inputs+=("$work/sorted$i")
    done
    printf 'zzz, without an end' >>"$work/sorted3"
    { head -c 100000 /dev/zero | tr '\0' b; echo; } | sort -m - "$work/sorted6" >"$work/longer"
    mv "$work/longer" "$work/sorted6"
    for size in 1 100 64K; do
        for i in 1 2 3 8; do
            sort -m "${inputs[@]:0:i}" >"$work/want"
            try "merge: $i files in blocks of $size" 0 "$work/merge" --block-size=$size "${inputs[@]:0:i}"
        done
    done
    sort -m "$work/sorted0" "$work/sorted1" >"$work/want"
    try_stdin "merge: the standard input too" 0 "$work/sorted1" "$work/merge" "$work/sorted0" -
    : >"$work/want"
    try "merge: no file" 0 "$work/merge"
    try "merge: too many files" 1 "$work/merge" "${inputs[@]}" README.md
    says "merge: says how many it can" "9 files; at most 8 can be merged at once"
    try "merge: a file that is not there" 1 sh -c '"$1" "$2" "$3" >/dev/null' sh "$work/merge" "$work/sorted0" "$work/none"
    says "merge: names what is not there" "$work/none: No such file or directory"
    [[ ${1-} == --sanitize* ]] && return
    for i in 0 1; do
        seq -f '%09.0f, a line of a long file' "$i" 2 3000000 >"$work/sorted$i"
    done
    sort -m "$work/sorted0" "$work/sorted1" | cksum >"$work/want"
    try "merge: 100 MB in 60 MB of memory" 0 \
        sh -c 'ulimit -d 60000; "$1" "$2" "$3" | cksum' sh "$work/merge" "$work/sorted0" "$work/sorted1"
    rm "$work"/sorted*
}

# as_gzip NAME FILE...: FILE.gz is sound, and is FILE.
as_gzip() {
    local file
    for file in "${@:2}"; do
        check "pgz: $1: gzip -t $(basename "$file").gz" gzip -t "$file.gz"
        gzip -dc "$file.gz" >"$work/plain"
        check "pgz: $1: $(basename "$file") comes out again" cmp "$work/plain" "$file"
    done
}

# pack_in_vain NAME STATUS TEXT COMMAND...: it ends so, says so, and leaves no more than there was.
pack_in_vain() {
    find "$work/pack" | sort >"$work/before"
    : >"$work/want"
    try "pgz: $1" "$2" "${@:4}"
    says "pgz: $1: says why" "$3"
    find "$work/pack" | sort >"$work/after"
    same "pgz: $1: leaves nothing behind" "$work/before" "$work/after"
}

# A signal while the new file grows: it goes, and the input stays. Where all was done before the signal came, the next
# file is larger.
interrupt_pgz() {
    local pgz status times i
    for times in 3 12 48; do
        for ((i = 0; i < times; i++)); do
            cat "$1/log"
        done >"$1/large"
        env --default-signal=INT "$work/pgz" --level=12 --chunk=64K "$1/large" 2>"$work/err" &
        pgz=$!
        until ls "$1"/large.gz.* >"$work/.ls" 2>&1; do
            kill -0 $pgz 2>/dev/null || break
            sleep 0.01
        done
        kill -INT $pgz 2>/dev/null
        wait $pgz
        status=$?
        [ $status -eq 0 ] || break
        rm -f "$1"/large*
    done
    check "pgz: interrupted: status" test $status -eq 130
    (cd "$1" && echo large*) >"$work/left"
    check "pgz: interrupted: leaves the input alone" grep -qx large "$work/left"
    rm -f "$1"/large*
}

try_pgz() {
    local dir=$work/pack
    mkdir "$dir"
    "$PIPEC" run examples/loggen.pipe -- --size=9M >"$dir/log"
    cat docs/*.md >"$dir/text"
    head -c 131072 "$dir/log" >"$dir/two chunks"
    : >"$dir/empty"
    chmod 640 "$dir/text"
    touch -d '2001-02-03 04:05:06' "$dir/text"
    for workers in 1 2 7; do
        : >"$work/want"
        try "pgz: keeps the files, $workers workers" 0 "$work/pgz" --keep --force --chunk=64K --workers pack=$workers \
            "$dir/log" "$dir/text" "$dir/two chunks" "$dir/empty"
        as_gzip "$workers workers" "$dir/log" "$dir/text" "$dir/two chunks" "$dir/empty"
    done
    stat -c '%a %Y' "$dir/text" >"$work/want"
    try "pgz: the same mode and time" 0 stat -c '%a %Y' "$dir/text.gz"
    pack_in_vain "overwrites nothing" 1 "there is a .gz of it already" "$work/pgz" "$dir/log"
    pack_in_vain "no .gz.gz" 1 "ends with .gz already" "$work/pgz" "$dir/log.gz"
    pack_in_vain "no directory" 1 "no regular file" "$work/pgz" "$dir"
    pack_in_vain "no level 13" 2 "out of range" "$work/pgz" --level=13 "$dir/text"
    rm "$dir"/*.gz
    pack_in_vain "what is not there" 1 "No such file" "$work/pgz" "$dir/none"
    pack_in_vain "a file system that is full" 1 "File too large" \
        bash -c 'trap "" XFSZ; ulimit -f 8; exec "$1" --chunk=64K "$2"' bash "$work/pgz" "$dir/log"
    pack_in_vain "standard output that is full" 1 "No space left" \
        sh -c '"$1" --to-stdout "$2" >/dev/full' sh "$work/pgz" "$dir/log"
    interrupt_pgz "$dir"
    : >"$work/want"
    try "pgz: others go on" 1 "$work/pgz" "$dir/none" "$dir/text"
    check "pgz: replaces the file" test ! -e "$dir/text" -a -s "$dir/text.gz"
    filter='gzip -dc'
    cp "$dir/log" "$work/want"
    try_stdin "pgz: the standard input" 0 "$dir/log" "$work/pgz" --chunk=100K
    try "pgz: to standard output" 0 "$work/pgz" --to-stdout --level=1 "$dir/log"
    : >"$work/want"
    try "pgz: no input at all" 0 "$work/pgz"
    filter=cat
    "$work/pgz" --to-stdout "$dir/log" >"$work/ours"
    pigz -6 -c "$dir/log" >"$work/theirs"
    check "pgz: no larger than what pigz makes of a log" \
        test "$(wc -c <"$work/ours")" -le "$(wc -c <"$work/theirs")"
}

# What logstat prints, by awk.
sum_log() {
    awk -v top=10 '
        {
            lines++
            if (split($0, part, "\"") < 3 || split(part[2], request, " ") != 3 || split(part[3], sent, " ") < 2 ||
                sent[1] !~ /^[1-9][0-9][0-9]$/ || sent[2] !~ /^([0-9]+|-)$/) {
                bad++
                next
            }
            status[sent[1]]++
            bytes += sent[2]
            if ($NF ~ /^[0-9]+\.[0-9][0-9][0-9]$/) {
                sub(/\?.*/, "", request[2])
                count[request[2]]++
                split($NF, time, ".")
                ms[request[2]] += time[1] * 1000 + time[2]
            }
        }
        END {
            printf "lines     %12d\nmalformed %12d\nbytes     %12.0f\n\nstatus        requests\n", lines, bad, bytes
            for (code = 100; code < 1000; code++) if (code in status) printf "%-9d %12d\n", code, status[code]
            for (path in count) some = 1
            if (some) print "\n mean ms      requests path"
            fflush()
            for (path in count)
                printf "%.17g %8.1f %13d %s\n", ms[path] / count[path], ms[path] / count[path], count[path], path \
                    | "sort -k1,1gr -k4,4 | head -n " top " | cut -d \" \" -f 2-"
        }'
}

try_loggen() {
    "$work/loggen" --size=3M >"$work/log"
    cp "$work/log" "$work/want"
    try "loggen: the same log for the same seed" 0 "$work/loggen" --size=3M --seed=1
    size=$(wc -c <"$work/log")
    check "loggen: as large as asked" test "$size" -ge 3145728 -a "$size" -lt 3146240
    check "loggen: ends with a line" test -z "$(tail -c 1 "$work/log")"
    check "loggen: the same log on every machine" \
        test "$(head -n 1000 "$work/log" | cksum)" = "3960295514 160725"
    "$work/loggen" --size=3M --seed=2 >"$work/log2"
    check "loggen: another log for another seed" test "$(cksum <"$work/log2")" != "$(cksum <"$work/log")"
}

try_logstat() {
    sum_log <"$work/log" >"$work/want"
    try "logstat: as awk sums up" 0 "$work/logstat" "$work/log"
    cat "$work/log" "$work/log2" | sum_log >"$work/want"
    for workers in 1 2 16; do
        try "logstat: two logs, $workers workers" 0 "$work/logstat" --workers parse=$workers "$work/log" "$work/log2"
    done
    {
        head -n 100 "$work/log"
        echo 'no request'
        echo
        echo '1.2.3.4 - - [x] "GET /x HTTP/1.1" abc 5'
        echo '1.2.3.4 - - [x] "GET /untimed HTTP/1.1" 206 77 "-" "agent"'
        tail -n 1 "$work/log" | tr -d '\n'
    } >"$work/odd"
    sum_log <"$work/odd" >"$work/want"
    for chunk in 1 1000 1M; do
        try_stdin "logstat: odd lines, in chunks of $chunk" 0 "$work/odd" "$work/logstat" --chunk=$chunk
    done
    : >"$work/want"
    try "logstat: a log that is not there" 1 "$work/logstat" "$work/none"
    says "logstat: names the missing log" "$work/none: No such file or directory"
}

# What window prints of a log whose dates are of UTC, by awk and sort: the `top` paths of each minute.
window_wants() {
    awk -v months=JanFebMarAprMayJunJulAugSepOctNovDec '
        match($0, /\[[^]]*/) && split($0, part, "\"") >= 3 && split(part[2], request, /[ ?]/) >= 2 {
            split(substr($0, RSTART + 1, RLENGTH), date, /[\/: ]/)
            minute = sprintf("%s-%02d-%s %s:%s", date[3], (index(months, date[2]) + 2) / 3, date[1], date[4], date[5])
            count[minute " " request[2]]++
        }
        END { for (key in count) { split(key, word, " "); printf "%s %s %8d %s\n", word[1], word[2], count[key], word[3] } }' |
        sort -k1,2 -k3,3nr -k4,4 | awk -v top="$1" '{ n = $1 $2 == last ? n + 1 : 1; last = $1 $2 } n <= top'
}

# request DATE PATH: a line of a log
request() {
    printf '10.0.0.1 - - [%s] "GET %s HTTP/1.1" 200 1 "-" "agent"\n' "$1" "$2"
}

# await FILE TEXT PID: until a line of the file has the text, or the program has ended
await() {
    until grep -qF -- "$2" "$1" || ! kill -0 "$3" 2>/dev/null; do
        sleep 0.01
    done
}

try_window() {
    local piece window day=01/Jan/2026
    window_wants 3 <"$work/log" >"$work/want"
    for piece in 1 1000 256K; do
        try "window: as awk counts, in pieces of $piece" 0 "$work/window" --log="$work/log" --top=3 --piece=$piece
    done
    window_wants 1000000 <"$work/log" >"$work/want"
    for workers in 1 2 16; do
        try_stdin "window: all paths, $workers workers" 0 "$work/log" "$work/window" --top=1000000 --workers count=$workers --piece=4K
    done
    # Lines that come a little later than others, lines that are none, another zone, and a last line without its end.
    {
        request "$day:10:00:59 +0000" /a
        request "$day:10:01:00 +0000" /b
        request "$day:10:00:58 +0000" /a?late
        request "$day:12:01:30 +0200" /b
        echo 'no request'
        request "$day:10:02:00 GMT" /c
        request "31/Feb/x:10:02:00 +0000" /c
        request "$day:10:02:00 +0000" /c | tr -d '\n'
    } >"$work/odd"
    printf '2026-01-01 10:%s\n' '00        2 /a' '01        2 /b' '02        1 /c' >"$work/want"
    for piece in 1 100 256K; do
        try_stdin "window: odd lines, in pieces of $piece" 0 "$work/odd" "$work/window" --piece=$piece
        says "window: tells them, in pieces of $piece" "window: lines that are no requests: 3"
    done
    : >"$work/want"
    try_stdin "window: nothing" 0 /dev/null "$work/window"
    check "window: and nothing to say" test ! -s "$work/err"
    try "window: a log that is not there" 1 "$work/window" --log="$work/none"
    says "window: names the missing log" "$work/none: No such file or directory"
    check "window: a full disk" sh -c '! "$1" --log="$2" >/dev/full' sh "$work/window" "$work/log" 2>"$work/err"

    # A log that grows, gets another file by its name, and then begins anew in the same file; then a line comes too late, and
    # one has no end yet when the program is interrupted. The daemon tells each time how far it has come.
    head -n 30000 "$work/log" >"$work/first"
    tail -n +30001 "$work/log" >"$work/second"
    cp "$work/first" "$work/growing"
    : >"$work/raw"
    : >"$work/err"
    env --default-signal=INT "$work/window" --log="$work/growing" --follow --look=5ms --tell=5ms --top=1000000 --late=0 \
        >"$work/raw" 2>"$work/err" </dev/null &
    window=$!
    await "$work/err" "window: $(wc -c <"$work/first") bytes read" $window
    mv "$work/growing" "$work/growing.1"
    head -c 1000 "$work/second" >>"$work/growing.1"
    tail -c +1001 "$work/second" >"$work/growing"
    await "$work/err" "window: $(wc -c <"$work/log") bytes read" $window
    request "$day:23:00:00 +0000" /a >"$work/third"
    cat "$work/third" >"$work/growing"
    await "$work/raw" "$(tail -n 1 "$work/log" | window_wants 1 | cut -c 1-16)" $window
    request "$day:23:05:00 +0000" /b | tee -a "$work/growing" >>"$work/third"
    await "$work/raw" '23:00        1 /a' $window
    request "$day:23:04:00 +0000" /late | tee -a "$work/growing" >>"$work/third"
    printf '%s' "$(request "$day:23:05:01 +0000" /c)" >>"$work/growing"
    await "$work/err" "window: $(cat "$work/log" "$work/growing" | wc -c) bytes read" $window
    kill -INT $window
    wait $window
    check "window: a log that grows: status" test $? -eq 130
    grep -v /late "$work/third" | cat "$work/log" - | window_wants 1000000 >"$work/want"
    same "window: a log that grows: each line once, as awk counts" "$work/want" "$work/raw"
    says "window: tells what came too late" "window: requests that came when their minute was printed: 1"
}

# shop ROWS: so many rows `NUMBER,CUSTOMER,CENTS`, some of the same number
shop() {
    awk -v rows="$1" 'BEGIN {
        srand(17)
        for (i = 1; i <= rows; i++)
            printf "%d,customer %d,%d\n", rand() < 0.1 ? int(rand() * i) : i, int(rand() * 50), 1 + int(rand() * 9)
    }'
}

# shuffle SEED: its lines, each a little before or behind where it stood
shuffle() {
    awk -v seed="$1" 'BEGIN { srand(seed) } { printf "%.6f %s\n", NR + rand() * 500, $0 }' | sort -n | cut -d ' ' -f 2-
}

# orders_want ORDERS PAYMENTS: what orders prints, in any order, by awk and join: the k-th row of a number is its k-th
orders_want() {
    local side
    for side in "$@"; do
        awk -F , '{ key = $1 "#" ++seen[$1]; sub(/^[^,]*/, key); print }' "$side" | sort -t , -k 1,1 >"$side.numbered"
    done
    join -t , -a 1 -a 2 -e - -o 0,1.2,1.3,2.2 "$1.numbered" "$2.numbered" | awk -F , '
        { sub(/#.*/, "", $1) }
        $3 == "-" { print "unknown", $1, $4; next }
        $4 == "-" { print "unpaid ", $1, $2, $3; next }
        { print $3 == $4 ? "paid   " : "differs", $1, $2, $3, $4 }' | sort
}

try_orders() {
    local orders=$work/orders.csv payments=$work/payments.csv workers
    shop 20000 >"$orders"
    # Some were never paid, some not as they should, and somebody has paid what nobody ordered.
    awk -F , 'NR % 10 { print $1 "," $3 + (NR % 7 == 0) } NR % 97 == 0 { print "x" NR ",5" }' "$orders" | shuffle 1 >"$payments"
    shuffle 2 <"$orders" >"$orders.shuffled"
    mv "$orders.shuffled" "$orders"
    orders_want "$orders" "$payments" >"$work/want"
    filter=sort
    try "orders: as join joins" 0 "$work/orders" --orders="$orders" --payments="$payments"
    sed 's/^\([^,]*\),\([^,]*\),/unpaid  \1 \2 /' "$orders" | sort >"$work/want"
    try "orders: nothing was paid" 0 "$work/orders" --orders="$orders" --payments=/dev/null
    printf 'unknown 7 5\n' >"$work/want"
    printf '7,5\r\n\n8,5,5\n,5\n9,5x\n9,\n9,99999999999999999999\n' >"$work/odd"
    try "orders: lines that are none" 1 "$work/orders" --orders=/dev/null --payments="$work/odd"
    says "orders: tells which" "orders: payment: $work/odd: line 5 has no amount"
    matches "orders: tells each" 6 grep -c "$work/odd: line" "$work/err"
    : >"$work/want"
    try "orders: a file that is not there" 1 "$work/orders" --orders="$orders" --payments="$work/none"
    says "orders: names what is not there" "$work/none: No such file or directory"
    filter=cat
}

# matches NAME PATTERN COMMAND...: what the command prints is a line that the pattern fits.
matches() {
    local line
    line=$("${@:3}")
    if [[ $line =~ ^($2)$ ]]; then
        pass "$1"
    else
        fail "$1" "'$line', not '$2'"
    fi
}

# Of a site's log: how many requests, how many paths, and the most that were under way at once.
summarize_log() {
    awk '$2 == "begin" { requests++; paths[$4]; if (++now > most) most = now }
         $2 == "end" { now-- }
         END { print requests + 0, length(paths), most + 0 }' "$site_log"
}

# too_early PACE START: how many requests of the site's log began before a rate of so many in a second let them, from START
# on, and of how many. A request begins after its permit, and permit k is not due before START + (k - 1) / PACE.
too_early() {
    awk -v pace="$1" -v start="$2" '$2 == "begin" { early += $1 < start + requests / pace; requests++ }
         END { print early + 0, "of", requests + 0 }' "$site_log"
}

# Paths of the site's log that never were answered by a page, nor redirected: `REQUESTS PATH`.
without_page() {
    awk '$2 == "begin" { asked[$4]++ } $2 == "end" && ($5 == 200 || $5 == 302) { fine[$4] }
         END { for (path in asked) if (!(path in fine)) print asked[path], path }' "$site_log" | sort
}

# missed PROGRAM: what it has told on standard error that there is no page of, as the log would have it.
missed() {
    sed -n "s|^$1: $site\(/[^ ]*\): .*|1 \1|p" "$work/err"
}

# fetched URL NAME: what fetch prints of it, under this name
fetched() {
    "$get" "$1" | awk -v name="$2" '{ printf "%d %8d %s\n", $1, $2, name }'
}

# A request each 100 ms; for a while there are so slow pages that only the bound holds them back.
try_fetch() {
    local k start fetch page
    site_begin 100
    for k in $(seq 25); do
        echo "$site/slow/600/$k"
    done >"$work/urls"
    for k in $(seq 25); do
        echo "$site/chunked/$k"
    done >>"$work/urls"
    while read -r page; do
        fetched "${page/600/0}" "$page"
    done <"$work/urls" | sort >"$work/want"
    : >"$site_log"
    read -r start _ </proc/uptime
    filter=sort
    try_stdin "fetch: 50 pages" 0 "$work/urls" "$work/fetch" --private
    filter=cat
    matches "fetch: each once, and at most 5 at once" '50 50 [1-5]' summarize_log
    matches "fetch: none before its time" '0 of 50' too_early 10 "$start"
    site_end

    # What has no page is told, and the others come.
    site_begin 100
    for page in gone/1:'the server says 404' endless/1:'more than 1048576 bytes' 'a b:no URL, which has no blank and no end of line in it' \
        broken/1:'the server says 500 (attempt 2)' deaf/1:'no answer in its time (attempt 2)' \
        short/1:'transfer closed with 200 bytes remaining to read (attempt 2)'; do
        echo "$site/${page%:*}" >>"$work/bad"
        echo "fetch: $site/${page/:/: }" >>"$work/reasons"
    done
    { echo "$site/page/1"; cat "$work/bad"; echo; printf '%s/page/2' "$site"; } >"$work/urls"
    for page in 1 2; do
        fetched "$site/page/$page" "$site/page/$page"
    done >"$work/want"
    filter=sort
    try_stdin "fetch: what fails is skipped" 1 "$work/urls" "$work/fetch" --private --pace=100/s --limit=1s --retries=1 --largest=1M
    filter=cat
    sort "$work/reasons" >"$work/want"
    sed 's/^fetch: fetch: /fetch: /' "$work/err" | sort >"$work/got"
    same "fetch: and each is told" "$work/want" "$work/got"
    : >"$work/want"
    try_stdin "fetch: nothing to fetch" 0 /dev/null "$work/fetch"
    site_end

    # More failures than are printed: all are written to a file, and are those that the site has seen.
    site_begin 100
    for page in page gone chunked broken unsized short reset; do
        printf '%s\n' "$site/$page"/{1..5}
    done >"$work/urls"
    timeout 120 "$work/fetch" --private --pace=1K/s --failures="$work/failures" <"$work/urls" >"$work/raw" 2>"$work/err"
    check "fetch: more failures: status" test $? -eq 1
    {
        missed fetch
        sed -n "s|.*\"attempt\":\([0-9]*\),\"outcome\":\"skipped\",\"reason\":\"$site\([^:]*\): .*|\1 \2|p" "$work/failures"
    } | sort >"$work/got"
    without_page >"$work/want"
    same "fetch: more failures: as the site has seen them" "$work/want" "$work/got"
    matches "fetch: more failures: how many" 20 awk 'END { print NR }' "$work/got"
    matches "fetch: more failures: the others have come" 15 awk 'END { print NR }' "$work/raw"
    site_end

    # Pages that never come: five are open, however long a busy machine takes for it, and no more.
    site_begin 100
    printf '%s\n' "$site"/deaf/{1..8} >"$work/urls"
    "$work/fetch" --private --limit=1h --pace=100/s "$work/urls" >"$work/raw" 2>"$work/err" </dev/null &
    fetch=$!
    until [ "$(grep -c begin "$site_log")" -ge 5 ] || ! kill -0 $fetch 2>/dev/null; do
        sleep 0.01
    done
    sleep 0.2
    kill -KILL $fetch
    wait $fetch 2>/dev/null
    matches "fetch: five at once" '5 5 5' summarize_log
    site_end

    # Torn down, it waits for none of them.
    site_begin 100
    printf '%s\n' "$site"/deaf/{1..8} >"$work/urls"
    env --default-signal=INT "$work/fetch" --private --limit=1h --drain=1ms "$work/urls" >"$work/raw" 2>"$work/err" </dev/null &
    fetch=$!
    until grep -q begin "$site_log" || ! kill -0 $fetch 2>/dev/null; do
        sleep 0.01
    done
    kill -INT $fetch
    wait $fetch
    check "fetch: torn down: status" test $? -eq 130
    says "fetch: torn down: gives up what never comes" "$site/deaf/1: given up"
    site_end
}

# few_at_once N: whether the site's log never has more than N requests under way
few_at_once() {
    summarize_log | awk -v n="$1" '{ print ($1 > 0 && $3 <= n ? "yes" : $3) }'
}

# reachable PAGES: what crawl finds of a site from its first page on, by the site's own map: `PATH FATE` for each link
reachable() {
    "$BUILD/tests/site/site" --map "$1" | awk '
        { fate[$1] = $2; left[$1] = $3; right[$1] = $4 }
        END {
            todo[0] = "/page/0"; len = 1; seen[todo[0]]
            for (i = 0; i < len; i++) {
                path = todo[i]
                print path, fate[path]
                if (fate[path] != "page") continue
                if (!(left[path] in seen)) { seen[left[path]]; todo[len++] = left[path] }
                if (!(right[path] in seen)) { seen[right[path]]; todo[len++] = right[path] }
            }
        }'
}

# crawl_site NAME PAGES SOCKETS LIMIT: each link has the fate that the map gives it, and what crawl says of those without a
# page, and of how often it has tried them, is what the site has seen.
crawl_site() {
    local fate
    site_begin "$2"
    reachable "$2" >"$work/reachable"
    awk -v site="$site" '$2 == "page" { print site $1 }' "$work/reachable" | sort >"$work/want"
    filter=sort
    try "crawl: $1: every page that links lead to" 1 \
        "$work/crawl" --sockets="$3" --each="$3" --pace=1K/s --limit="$4" --largest=1M --losses="$work/losses" "$site/page/0"
    filter=cat
    missed crawl >"$work/dead"
    sed "s|^\([0-9]*\) $site\([^ ]*\): .*|\1 \2|" "$work/losses" >"$work/lost"
    for fate in dead lost; do
        awk -v fate=$fate '$2 == fate { print $1 }' "$work/reachable" | sort >"$work/want"
        cut -d ' ' -f 2 "$work/$fate" | sort >"$work/got"
        same "crawl: $1: tells what is $fate" "$work/want" "$work/got"
    done
    without_page >"$work/want"
    cat "$work/dead" "$work/lost" | grep -v /loop/ | sort >"$work/got"
    same "crawl: $1: failures and attempts are those that the site has seen" "$work/want" "$work/got"
    matches "crawl: $1: never more than $3 sockets" yes few_at_once "$3"
    site_end
}

# How many of the site's paths that were asked for again were so before their time, and how many there are: 1 s after the
# end of an attempt at /busy/, which says so, and for the others 75 ms, 150 ms, 300 ms after the first, second, third.
too_soon() {
    awk '$2 == "end" { ended[$4] = $1; attempts[$4]++ }
         $2 == "begin" && $4 in ended && $4 !~ "^/(page|chain|loop)/" {
             again++
             soon += $1 < ended[$4] + ($4 ~ "^/busy/" ? 1 : 0.075 * 2 ^ (attempts[$4] - 1))
         }
         END { print soon + 0, "of", again + 0 }' "$site_log"
}

# Of how many sites, by their logs, a request was under way at one time; of times that are equal the end counts first.
sites_at_once() {
    awk '{ print $1, $2, FILENAME }' "$@" | sort -k1,1n -k2,2r | awk '
        $2 == "begin" && ++now[$3] == 1 && ++sites > most { most = sites }
        $2 == "end" && --now[$3] == 0 { sites-- }
        END { print most + 0 }'
}

try_crawl() {
    local start crawl page
    crawl_site "one socket" 54 1 1m
    matches "crawl: tries again, and not too soon" '0 of 9' too_soon
    reachable 54 | awk '
        $1 ~ "^/(page|chain|loop)/" { next } # where redirects lead to is asked for by them too
        { print ($1 ~ "^/fails/" ? 3 : $1 ~ "^/busy/" ? 2 : $2 == "lost" ? 4 : 1), $1 }' | sort >"$work/want"
    awk '$2 == "begin" { print $4 }' "$site_log" | grep -vE '^/(page|chain|loop)/' | sort | uniq -c |
        awk '{ print $1, $2 }' | sort >"$work/got"
    same "crawl: asks for nothing more often than it has to" "$work/want" "$work/got"
    crawl_site "4 sockets" 300 4 1s
    crawl_site "20 sockets" 300 20 1s

    # Redirects wait for their turn like any link.
    site_begin 40
    read -r start _ </proc/uptime
    timeout 120 "$work/crawl" --pace=50/s --limit=1s "$site/page/0" "$site/chain/5/1" >"$work/raw" 2>"$work/err"
    matches "crawl: no request before its time" '0 of [3-9][0-9]' too_early 50 "$start"
    check "crawl: follows five redirects" grep -qx "$site/chain/5/1" "$work/raw"
    site_end

    # Three sites: each is asked for one page at a time and not too often, and none waits for another.
    local sites=() pids=() number
    for number in 1 2 3; do
        site_begin 40 "$work/site$number.log"
        sites+=("$site/page/0") pids+=("$site_pid")
    done
    read -r start _ </proc/uptime
    timeout 120 "$work/crawl" --pace=50/s --each=1 --limit=1s "${sites[@]}" >"$work/raw" 2>"$work/err"
    for number in 1 2 3; do
        site_log=$work/site$number.log
        matches "crawl: site $number of three: no request before its time" '0 of [3-9][0-9]' too_early 50 "$start"
        matches "crawl: site $number of three: one at a time" yes few_at_once 1
    done
    matches "crawl: all three at once" yes awk '
        $2 == "begin" { if (!(FILENAME in first)) first[FILENAME] = $1; last[FILENAME] = $1 }
        END { for (a in first) for (b in last) apart += first[a] > last[b]; print (length(first) == 3 && !apart ? "yes" : "no") }
        ' "$work"/site{1,2,3}.log
    matches "crawl: asks several at one time" '[23]' sites_at_once "$work"/site{1,2,3}.log
    for site_pid in "${pids[@]}"; do
        site_end
    done

    # A site without end; links with a query, with blanks around them, and with &amp; in them.
    site_begin 1
    : >"$work/want"
    filter='grep -v /maze/'
    try "crawl: a site without end" 1 "$work/crawl" --most=50 --pace=1K/s "$site/maze/0"
    says "crawl: says that it has not seen all" "crawl: more than 50 links: 51 were not followed"
    filter=cat
    grep '/maze/' "$work/raw" | sort >"$work/got"
    awk -v site="$site" '$2 == "begin" { print site $4 }' "$site_log" | sort >"$work/want"
    same "crawl: each of 50 pages, once" "$work/want" "$work/got"
    matches "crawl: asks for no more than 50" '50 50 [0-9]+' summarize_log
    check "crawl: understands the links' text" grep -qx "$site/maze/1?a=b&c" "$work/got"
    site_end

    # Interrupted: no link is followed that it has not begun with, and each page that it has asked for is listed.
    site_begin 1
    env --default-signal=INT "$work/crawl" --pace=200/s "$site/maze/0" >"$work/raw" 2>"$work/err" </dev/null &
    crawl=$!
    until [ "$(grep -c end "$site_log")" -ge 20 ] || ! kill -0 $crawl 2>/dev/null; do
        sleep 0.01
    done
    kill -INT $crawl
    wait $crawl
    check "crawl: interrupted: status" test $? -eq 130
    awk -v site="$site" '$2 == "end" && $5 == 200 { print site $4 }' "$site_log" | sort >"$work/want"
    sort "$work/raw" >"$work/got"
    same "crawl: interrupted: lists what it has asked for" "$work/want" "$work/got"
    site_end

    # What leads nowhere.
    site_begin 1
    : >"$work/want"
    try "crawl: no URL to begin with" 1 "$work/crawl" "$site/a b" "https${site#http}/" "$site/chain/6/1" "$site/raw/HTTP/1.1%20301%0a%0a"
    says "crawl: tells a URL that is none" "crawl: $site/a b: no URL of http"
    says "crawl: tells a scheme that it cannot speak" "crawl: https${site#http}/: no URL of http"
    says "crawl: tells a redirect too many" "crawl: $site/chain/6/1: redirected too often"
    says "crawl: tells a redirect to nowhere" "crawl: $site/raw/HTTP/1.1%20301%0a%0a: redirected to nowhere"
    page=$site/raw/HTTP/1.1%20200%20OK%0aContent-Type:text/html%0a%0ahref=%22a%20%1b[2Jb%22
    echo "$page" >"$work/want"
    try "crawl: a page with a link that is none" 1 "$work/crawl" "$page"
    says "crawl: tells the link, and writes nothing to a terminal that it should not" 'crawl: a ?[2Jb: no URL of http'
    : >"$work/want"
    try "crawl: a file for losses that is full" 1 "$work/crawl" --retries=1 --losses=/dev/full "$site/broken/1"
    says "crawl: tells that it is" "/dev/full: not all could be written"
    try "crawl: a file for losses that cannot be" 1 "$work/crawl" --losses="$work/none/losses" "$site/page/1"
    says "crawl: tells why" "$work/none/losses: No such file or directory"
    try "crawl: nothing to begin with" 0 "$work/crawl"
    site_end
}

# What xargs makes of the same lines one after the other.
try_par() {
    seq 100000007 2 100000201 >"$work/numbers"
    xargs -n 1 factor <"$work/numbers" >"$work/want"
    for jobs in 1 3 20; do
        try_stdin "par: in the order of the lines, $jobs at once" 0 "$work/numbers" "$work/par" --jobs=$jobs factor {}
    done
    printf 'a b\n$HOME\n"q\n' >"$work/odd"
    sed 's/.*/<&>/' "$work/odd" >"$work/want"
    try_stdin "par: lines are arguments, not text for a shell" 0 "$work/odd" "$work/par" printf '<%s>\n' {}
    : >"$work/want"
    try_stdin "par: a command that fails" 1 "$work/odd" "$work/par" --retries=0 ls "$work/none/{}"
    says "par: says which, and what it said" "par: run: a b: status 2: ls: "
    try_stdin "par: one that takes too long" 1 "$work/odd" "$work/par" --retries=0 --limit=100ms sleep 60
    says "par: says so" 'par: run: $HOME: not done in its time'
    mkdir "$work/marks"
    printf '1\n2\n3\n' >"$work/want"
    # shellcheck disable=SC2016 # the command's
    try_stdin "par: another attempt helps" 0 "$work/want" "$work/par" --jobs=3 -- \
        sh -c 'mkdir "$0/$1" 2>/dev/null && exit 1; echo "$1"' "$work/marks" {}
}

# shown N: the windows of watch have told of so many lines
shown() {
    local tries
    for ((tries = 0; tries < 300; tries++)); do
        [ "$(awk '{ n += $2 } END { print n + 0 }' "$work/raw")" -lt "$1" ] || return 0
        sleep 0.1
    done
    return 1
}

# A log that grows, is rotated twice, and made empty once: each line is counted, whatever window it falls into.
try_watch() {
    local watch i
    rm -f "$work/grown"
    env --default-signal=INT "$work/watch" --log="$work/grown" --no-from-end --each=50ms >"$work/raw" 2>"$work/err" &
    watch=$!
    until find "/proc/$watch/fd" -lname '*inotify*' 2>/dev/null | grep -q . || ! kill -0 $watch; do sleep 0.05; done
    for i in $(seq 1 300); do
        echo "a - - [time +0] \"GET / HTTP/1.1\" $((200 + i % 7)) $i" >>"$work/grown"
        case $i in
        100 | 200) mv "$work/grown" "$work/grown.$i" ;;
        1 | 101 | 201) shown "$i" ;; # one rotation at a time: of two since it looked it sees the last
        250) shown 250 && : >"$work/grown" ;;
        251) shown 251 ;;        # before it is as long again as it was
        esac
    done
    shown 300
    kill -INT $watch
    wait $watch
    check "watch: ends by SIGINT" test $? -eq 130
    awk '{ n[$3] += $2 } END { for (key in n) print key, n[key] }' "$work/raw" | sort >"$work/got"
    awk 'BEGIN { for (i = 1; i <= 300; i++) n[200 + i % 7]++; for (key in n) print key, n[key] }' | sort >"$work/want"
    same "watch: every line, through rotations" "$work/want" "$work/got"
    yes x | head -n 1000 >"$work/grown"
    (while [ -e "$work/grown" ]; do echo x >>"$work/grown"; sleep 0.05; done) &
    timeout 60 "$work/watch" --log="$work/grown" --word=1 --each=20ms 2>"$work/err" | head -n 1 >"$work/raw"
    check "watch: ends where nobody reads" test "${PIPESTATUS[0]}" -eq 141
    rm "$work/grown"
    wait
}

# rows FILE STATEMENT: what SQLite says of a database, a row a line, a bar between two columns
rows() {
    if ! [ -x "$work/rows" ]; then
        # shellcheck disable=SC2046,SC2086 # words
        $CC $CFLAGS $LDFLAGS -o "$work/rows" tests/sqlite/rows.c $(pkg-config --cflags --libs sqlite3) || return
    fi
    "$work/rows" "$@"
}

# stored NAME FILE STATEMENT: it says what stands in $work/want
stored() {
    rows "$2" "$3" >"$work/got"
    same "$1" "$work/want" "$work/got"
}

try_etl() {
    printf '%s\n' 'day,amount,id,customer,note' '2026-11-29,12.50,1,"Bay, Ltd",' '2026-11-30,,2,Lane,nothing' \
        '2026-11-30,ten,3,Mill,' '2026-11-30,-4,"4","said ""no""",x' '2026-11-30,5,5,Mill,x,more' >"$work/orders.csv"
    : >"$work/want"
    try "etl: reads orders" 0 "$work/etl" --db="$work/orders.db" --refused="$work/refused" "$work/orders.csv"
    printf '%s\n' '1|Bay, Ltd|2026-11-29|12.5|0' '4|said "no"|2026-11-30|-4.0|0' >"$work/want"
    stored "etl: what are orders" "$work/orders.db" 'SELECT * FROM orders ORDER BY id'
    cut -f 2 "$work/refused" >"$work/got"
    printf '%s\n' '2026-11-30,ten,3,Mill,' '2026-11-30,5,5,Mill,x,more' >"$work/want"
    same "etl: what are none" "$work/want" "$work/got"
    check "etl: with the reason" grep -q "orders.csv:4: amount: 'ten' is no number" "$work/refused"
    : >"$work/want"
    try "etl: a table that is not there" 1 "$work/etl" --db="$work/orders.db" --refused="$work/refused.2" "$work/orders.csv" none.csv
    check "etl: then there is no file" test ! -e "$work/refused.2"
    awk 'BEGIN { print "id,customer,day,amount,paid"; for (i = 1; i <= 20000; i++)
        printf "%d,c%d,2026-11-%02d,%d.25,%s\n", i % 15000, i % 97, i % 30 + 1, i % 50, i % 2 ? "true" : "false" }' >"$work/orders.csv"
    try "etl: many, some of them twice" 0 "$work/etl" --db="$work/many.db" --refused="$work/refused" "$work/orders.csv"
    awk -F, 'NR > 1 { amount[$1] = $4; customer[$1] = $2 } END { for (id in amount) { n++; sum += amount[id] }
        printf "%d|%.2f|%s\n", n, sum, customer[42] }' "$work/orders.csv" >"$work/want"
    stored "etl: as awk counts them" "$work/many.db" \
        "SELECT count(*), printf('%.2f', sum(amount)), max(customer) FILTER (WHERE id = 42) FROM orders"
    check "etl: none is refused" test ! -s "$work/refused"
}

# What minutes stores, by awk.
count_minutes() {
    awk '{
            split($0, part, "\""); split($4, at, "[[/:]")
            key = sprintf("%s-%02d-%sT%s:%s", at[4], (index("JanFebMarAprMayJunJulAugSepOctNovDec", at[3]) + 2) / 3, at[2], at[5], at[6])
            split(part[3], sent, " ")
            n[key]++; bytes[key] += sent[2]
        }
        END { for (key in n) printf "%s|%d|%.1f\n", key, n[key], bytes[key] }' "$@" | sort
}

try_minutes() {
    [ -e "$work/log2" ] || try_loggen_logs
    count_minutes "$work/log" >"$work/counts"
    : >"$work/want"
    for workers in 1 2 16; do
        rm -f "$work/minutes.db"
        try "minutes: a log, $workers workers" 0 "$work/minutes" --db="$work/minutes.db" --workers parse=$workers "$work/log"
        cp "$work/counts" "$work/want"
        stored "minutes: as awk counts, $workers workers" "$work/minutes.db" 'SELECT * FROM minutes ORDER BY key'
        : >"$work/want"
    done
    try "minutes: the same log once more" 0 "$work/minutes" --db="$work/minutes.db" "$work/log"
    cp "$work/counts" "$work/want"
    stored "minutes: changes nothing" "$work/minutes.db" 'SELECT * FROM minutes ORDER BY key'
    : >"$work/want"
    printf '%s\n' '::1 - ann [10/Oct/2000:13:55:36 -0700] "GET /\"x\" HTTP/1.0" 200 2326' 'nothing' \
        '::1 - - [10/Oct/2000:13:55:59 -0700] "GET / HTTP/1.0" 304 - "-" "x"' '::1 - - [10/Och/2000:13:55:59 -0700] "GET /" 200 1' >"$work/odd"
    rm -f "$work/minutes.db"
    try_stdin "minutes: lines that are no requests" 1 "$work/odd" "$work/minutes" --db="$work/minutes.db"
    says "minutes: names them" "no request: nothing"
    echo '2000-10-10T13:55|2|2326.0' >"$work/want"
    stored "minutes: counts the others" "$work/minutes.db" 'SELECT * FROM minutes'
}

try_loggen_logs() {
    check "loggen: builds" "$PIPEC" build -o "$work/loggen" examples/loggen.pipe
    "$work/loggen" --size=3M >"$work/log"
    "$work/loggen" --size=3M --seed=2 >"$work/log2"
}

# tree DIR: the files below it, and what they hold
tree() {
    (cd "$1" && find . -type f -exec sha256sum {} + | sort -k 2)
}

# A site of files, which are themselves what a mirror of them is; what no page links to is beside it.
try_mirror_files() {
    local server port n=300 i j dir files=$work/files
    local -a below=(. a a/b a/b/c)
    mkdir -p "$files/a/b/c" "$files/img" "$work/beside"
    for ((i = 0; i < n; i++)); do
        {
            echo "<title>$i</title><img src='/img/$((i % 7)).png'>"
            for j in $((2 * i + 1)) $((2 * i + 2)) $((i / 2)); do
                [ $j -ge $n ] || echo "<p><a class=x href=\"/${below[j % 4]}/$j.html#top\">$j</a>"
            done
            seq $((i % 300))
        } >"$files/${below[i % 4]}/$i.html"
    done
    cp "$files/0.html" "$files/index.html"
    for i in {0..6}; do head -c $((i * 3000 + 5)) /dev/urandom >"$files/img/$i.png"; done
    : >"$work/served"
    (cd "$files" && exec python3 -u -m http.server --bind 127.0.0.1 0 >"$work/served" 2>/dev/null) &
    server=$!
    until port=$(sed -nE 's/.* port ([0-9]+) .*/\1/p' "$work/served") && [ -n "$port" ] || ! kill -0 $server; do sleep 0.1; done
    tree "$files" >"$work/files.tree"
    echo lost >"$files/a/orphan.html"
    : >"$work/want"
    try "mirror: a site of $n files" 0 "$work/mirror" --private --pace=10K/s --into="$work/mirrored" "http://127.0.0.1:$port/"
    tree "$work/mirrored/127.0.0.1:$port" >"$work/mirrored.tree"
    same "mirror: is what the site has, but for what nobody links to" "$work/files.tree" "$work/mirrored.tree"
    if command -v wget >/dev/null; then
        wget -q -r -l inf -e robots=off -P "$work/wget" "http://127.0.0.1:$port/"
        tree "$work/wget/127.0.0.1:$port" >"$work/wget.tree"
        same "mirror: is what wget makes of it" "$work/wget.tree" "$work/mirrored.tree"
    fi
    kill $server
    wait $server 2>/dev/null
}

try_mirror() {
    local start mirror
    check "mirror: the tests of links.pipe" "$PIPEC" test examples/links.pipe
    site_begin 54
    reachable 54 >"$work/reachable"
    awk '$2 == "page" { print "." $1 "/index.html" }' "$work/reachable" | sort >"$work/pages"
    awk '$2 != "page" { print $1 }' "$work/reachable" | sort >"$work/pageless"
    : >"$work/want"
    try "mirror: every page that links lead to" 1 "$work/mirror" --private --into="$work/mirrored" --pace=100/s --retries=2 \
        --limit=1s --largest=1M "$site/page/0"
    (cd "$work/mirrored/${site#http://}" && find . -type f | sort) >"$work/got"
    same "mirror: is there" "$work/pages" "$work/got"
    sed "s|^mirror: $site\([^ ]*\): .*|\1|" "$work/err" | grep ^/ | sort -u >"$work/got"
    same "mirror: tells what has none" "$work/pageless" "$work/got"
    matches "mirror: never more than four at once" yes few_at_once 4
    : >"$work/want"
    try "mirror: not of this machine, unless that is wanted" 1 "$work/mirror" --into="$work/none" --retries=1 "$site/page/0"
    says "mirror: says so" "mirror: $site/page/0: 127.0.0.1 is no address of the public Internet"
    site_end

    site_begin 3
    try "mirror: names that would lead elsewhere" 0 "$work/mirror" --private --pace=100/s --into="$work/in" "$site/page/0?../../../out"
    check "mirror: are names of files" test -e "$work/in/${site#http://}/page/0/index.html?..%2F..%2F..%2Fout"
    : >"$site_log"
    read -r start _ </proc/uptime
    env --default-signal=INT "$work/mirror" --private --into="$work/maze" --pace=50/s "$site/maze/0" >"$work/raw" 2>"$work/err" </dev/null &
    mirror=$!
    until [ "$(grep -c end "$site_log")" -ge 30 ] || ! kill -0 $mirror 2>/dev/null; do sleep 0.05; done
    kill -INT $mirror
    wait $mirror
    check "mirror: interrupted: status" test $? -eq 130
    matches "mirror: no request before its time" '0 of [3-9][0-9]' too_early 50 "$start"
    check "mirror: interrupted: no half file" test -z "$(find "$work/maze" -name '.*')"
    check "mirror: interrupted: each whole" test -z "$(grep -Lr '</a>$' "$work/maze")"
    site_end

    if command -v python3 >/dev/null; then try_mirror_files; fi
}

sum_only() {
    sed 's/.*sum=//'
}

# The programs of the benchmark with few items, and a long pipeline: that they are right, not how fast they are.
try_bench() {
    local job i sum
    filter=sum_only
    for job in five hop pool many; do
        check "bench/$job.pipe: builds" "$PIPEC" build "$@" -o "$work/bench-$job" bench/$job.pipe
        sum=0
        for ((i = 0; i < 5000; i++)); do
            case $job in
            five) ((sum += ((i * 3 + 1) ^ ((i * 3 + 1) >> 7)) + 11)) ;;
            hop | many) ((sum += i)) ;;
            pool) ((sum += i * 3 + 1)) ;;
            esac
        done
        echo "$sum" >"$work/want"
        for cap in 1 7 256; do
            try "bench/$job.pipe: adds up, capacity $cap" 0 "$work/bench-$job" --items=5000 --cap=$cap
        done
    done
    bench/stages.sh 200 >"$work/stages.pipe"
    check "bench/stages.sh: builds" "$PIPEC" build "$@" -I bench -o "$work/stages" "$work/stages.pipe"
    echo 697500 >"$work/want"
    try "bench/stages.sh: 200 stages" 0 "$work/stages"
    filter=cat
}

for example in ${EXAMPLES:-fanout pool ratelimit bounded pipeline wordfreq hashdir linecount pgz loggen logstat crawl fetch tee merge window \
    orders accounts par watch etl minutes mirror}; do
    if ! links_all "$example"; then
        echo "examples.sh: $example is left out: not all that it links is on this machine; tools/setup.sh library installs it"
        continue
    fi
    compile
    build "$@" && try_$example "$@"
done
[ -n "${EXAMPLES-}" ] || try_bench "$@"
finish
