# shellcheck shell=bash disable=SC2154 # tests/lib.sh has the directory
# Programs whose end comes at any moment, for suites that source tests/lib.sh. Source it with the suite's arguments, whose
# --long means 5,000 moments instead of 40.
#
#   moments_of NAME      runs $tmp/NAME.pipe so often, every tenth run with AddressSanitizer, and passes or fails
#
# The suite has two functions, which are called in $tmp:
#
#   choose N             adds to `options` what run N is given
#   wrong                says what does not hold of a run that is over, by its counts, `status`, `signalled` and the file err
#
# and uses
#
#   ending N MOST        for choose: how run N ends, of six ways; the first of them by itself. stop_at and fail_at are at the
#                        most MOST. A run that is `signalled` may end before that.
#   number KEY NAME      for wrong: a count of the stage or channel NAME
#   is WHAT NUMBER WANTED
#   stages_add_up NAME... / channels_add_up NAME...

. tests/lib-watched.sh
watched_begin

moments=40
[ "${1-}" != --long ] || moments=5000
limit=60 # seconds for a run; the end of one that hangs

declare -A count

# By a file: of a process that is substituted bash keeps how it ended, and one in some hundreds of later commands that get its number
# seems to have ended so.
read_stats() {
    local name key n
    count=()
    awk 'BEGIN { RS = "{"; FS = "[\":,}]+" } $2 == "name" { for (i = 4; i < NF; i += 2) print $3, $i, $(i + 1) }' stats >counts
    while read -r name key n; do
        count[$key of $name]=$n
    done <counts
}

number() {
    echo "${count[$1 of $2]}"
}

is() {
    [ "$2" -eq "$3" ] || echo "$1: $2, not $3"
}

# Not for sources, which receive nothing.
stages_add_up() {
    local name way ended
    for name in "$@"; do
        ended=0
        for way in "done" failed skipped dead cut; do
            ended=$((ended + $(number $way "$name")))
        done
        is "$name ended" "$ended" "$(number received "$name")"
    done
}

channels_add_up() {
    local name
    for name in "$@"; do
        is "$name came out" $(($(number received "$name") + $(number discarded "$name") + $(number left "$name"))) \
            "$(number sent "$name")"
    done
}

ending() {
    local kind=$(($1 % 6))
    case $kind in
    1) options+=("--stop-at=$((RANDOM % $2 + 1))") ;;
    2 | 3) options+=("--fail-at=$((RANDOM % $2 + 1))") ;;
    4) options+=("--drain=$((RANDOM % 3000 + 1))us") ;;
    esac
    [ "$kind" -lt 3 ] || signalled=yes
}

# moment NAME N: run N, and what is wrong with it
moment() {
    local program=./$1 options=(--stats=json) signalled='' status until=("$limit") hung=124 signals=(INT TERM)
    [ $(($2 % 10)) -ne 0 ] || program=./checked
    choose "$2"
    if [ -n "$signalled" ]; then # by it the program may end; else it is killed
        until=(-s "${signals[RANDOM % 2]}" -k "$limit" "0.00$((RANDOM % 10))$((RANDOM % 9 + 1))")
        hung=137
    fi
    timeout "${until[@]}" "$program" "${options[@]}" >out 2>err
    status=$?
    grep '^{"pipeline.*[]}]}$' err >stats # whole: a second signal may come while it is written
    if [ "$status" -eq "$hung" ]; then
        echo "hangs: ${options[*]}"
    elif [ -s stats ]; then
        read_stats
        wrong >complaint
        ! grep -q 'internal error\|Sanitizer' err || cat err >>complaint
        [ ! -s complaint ] || echo "$program ${options[*]}: status $status: $(<complaint)"
    elif [ -z "$signalled" ]; then # a signal may come before there is anything
        echo "$program ${options[*]}: status $status: $(<err)"
    fi
}

moments_of() {
    local n
    cd "$tmp" || exit 1
    "$PIPEC" build -o "$1" "$1.pipe" 2>err || fail "$1" "is not built: $(<err)"
    watched_build -o checked "$1.pipe" 2>err || fail checked "is not built: $(<err)"
    for ((n = 0; n < moments; n++)); do
        moment "$1" "$n"
    done >complaints
    if [ -s complaints ]; then
        fail "$moments moments" "$(head -20 complaints)"
    else
        pass "$moments moments"
    fi
}
