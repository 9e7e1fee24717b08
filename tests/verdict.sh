#!/usr/bin/env bash
# What --stats says holds a run back: pipelines whose bottleneck is known (tests/verdict), one for each sentence, and some in which
# nothing stands out. A machine that does other work may make a run say less, never anything else: where it says that nothing
# stands out, or a sentence that the pipeline's first line has, that is right.
#
#   tests/verdict.sh [--long]     --long: each five times on the machine as it is, and five times beside programs that take
#                                 all of its processors
. "$(dirname "$0")/lib.sh"
needs "$PIPEC"
export XDG_CACHE_HOME=$tmp/cache

nothing='nothing stands out'
times=1
[ "${1-}" = --long ] && times=5
declare -A said=()

# right NAME: it says what it may
right() {
    local wanted verdict
    wanted=$(sed -n '1s,^// says: ,,p' "tests/verdict/$1.pipe")
    timeout 120 "$tmp/$1" --stats >/dev/null 2>"$tmp/$1.err"
    verdict=$(sed -n 's/^verdict: //p' "$tmp/$1.err")
    if [[ $verdict =~ ^($wanted) ]]; then
        [ "$wanted" = "$nothing" ] || said[$1]=yes
        return
    fi
    [ "$verdict" = "$nothing" ] && return
    tail -n 30 "$tmp/$1.err"
    return 1
}

all() {
    local file name i
    for file in tests/verdict/*.pipe; do
        name=${file##*/}
        name=${name%.pipe}
        for ((i = 0; i < times; i++)); do
            check "$name$1" right "$name"
        done
    done
}

for file in tests/verdict/*.pipe; do
    name=${file##*/}
    "$PIPEC" build -o "$tmp/${name%.pipe}" "$file" || fail "$name" "does not compile"
done
all ""
# Nothing that a check allows is worth much if it is all that ever comes.
check "most of them are told (${#said[@]})" test "${#said[@]}" -ge 13
if [ $times -gt 1 ]; then
    load=()
    for ((i = 0; i < $(nproc); i++)); do
        sh -c 'while :; do :; done' &
        load+=($!)
    done
    all ", beside other programs"
    kill "${load[@]}"
fi
finish
