#!/usr/bin/env bash
# The models of the runtime's protocols: spin explores every order of steps of each, up to the sizes that stand in it.
#
#   tests/model/model.sh [--long] [PATTERN...]     only the cases MODEL/CASE that contain a PATTERN
#   tests/model/model.sh --exactly CASE            one
#
# The first comment of a model lists its cases, a line each:
#    * run NAME FLAGS             no order of steps fails: no assertion, and never all processes waiting
#    * long NAME FLAGS            the same, in --long only
#    * mutant N FLAGS WHAT        the protocol with one step broken (-DMUT=N): some order must fail, or the model is blind
#    * passes N FLAGS WHAT: WHY   a step that was broken and is not missed, with the reason
# `model.sh --trail MODEL FLAGS...` shows the steps that lead to a failure.
. "$(dirname "$0")/../lib.sh"

models=tests/model
long=
exactly=
table=20 depth=600000 memory=3000 # of the search: 2^table entries in its hash table, steps it may go down, megabytes
case ${1-} in
--long)
    long=yes
    table=26 depth=12000000 memory=6000
    shift
    ;;
--exactly)
    exactly=$2
    set --
    ;;
esac

# tcc compiles a checker in a twentieth of gcc's time, and a small one runs for no longer than that.
if [ -z "$long" ] && command -v tcc >/dev/null; then
    compile=(tcc -w)
elif [ -z "$long" ]; then
    compile=(gcc -O0 -w)
else
    compile=(gcc -O2 -w)
fi

# build DIRECTORY MODEL FLAG...
build() {
    local dir=$1 model=$2
    shift 2
    mkdir -p "$dir"
    cp "$models"/tso.h "$models/$model.pml" "$dir" &&
        (cd "$dir" && spin -a "$@" "$model.pml" && "${compile[@]}" -DSAFETY -DCOLLAPSE -DMEMLIM="$memory" -o pan pan.c) \
            >"$dir/build" 2>&1
}

if [ "${1-}" = --trail ]; then
    model=$2
    shift 2
    build "$tmp/trail" "$model" "$@" || { cat "$tmp/trail/build"; exit 1; }
    cd "$tmp/trail" && ./pan -m2000000 >log
    grep -E 'errors:|states, stored|assertion|invalid end' log
    [ ! -e "$model.pml.trail" ] || spin -t -p -g "$@" "$model.pml"
    exit
fi
patterns=("$@")

wanted() {
    local pattern
    [ -z "$exactly" ] || return "$([ "$1" = "$exactly" ]; echo $?)"
    [ ${#patterns[@]} -eq 0 ] && return 0
    for pattern in "${patterns[@]}"; do
        [[ $1 == *"$pattern"* ]] && return 0
    done
    return 1
}

# cases MODEL: lines "KIND|NAME|FLAGS|TEXT"
cases() {
    sed -nE 's/^ \* (run|long|mutant|passes) +([a-z0-9-]+) *((-D[A-Z_]+=[0-9]+ *)*)(.*)$/\1|\2|\3|\5/p' "$models/$1.pml"
}

# one DIRECTORY MODEL KIND NAME FLAGS: leaves its result as a line in DIRECTORY/result
one() {
    local dir=$1 model=$2 kind=$3 name=$4 errors states
    read -r -a flags <<<"$5"
    [[ $kind == mutant || $kind == passes ]] && flags+=("-DMUT=$name")
    if ! build "$dir" "$model" "${flags[@]}"; then
        echo "broken 0 $(tail -n 1 "$dir/build")" >"$dir/result"
        return
    fi
    (cd "$dir" && ./pan -m"$depth" -w"$table" >log 2>&1)
    errors=$(sed -nE 's/.*errors: ([0-9]+)$/\1/p' "$dir/log")
    states=$(sed -nE 's/^ *([0-9]+) states, stored.*/\1/p' "$dir/log")
    if [ "${errors:-0}" -gt 0 ]; then
        echo "fails $states $(grep -m 1 -oE 'invalid end state|assertion violated.*\)' "$dir/log")" >"$dir/result"
    elif [ -z "$errors" ] || grep -q 'max search depth too small\|out of memory\|memory limit' "$dir/log"; then
        echo "unfinished ${states:-0} $(grep -m 1 'error:\|memory' "$dir/log")" >"$dir/result"
    else
        echo "holds $states" >"$dir/result"
    fi
    rm -f "$dir/pan" "$dir"/pan.*
}

total=0
count=0
list=()
for file in "$models"/*.pml; do
    model=$(basename "$file" .pml)
    while IFS='|' read -r kind name flags text; do
        [ "$kind" = long ] && [ -z "$long" ] && continue
        wanted "$model/$kind-$name" && list+=("$model|$kind|$name|$flags|$text")
    done < <(cases "$model")
done

jobs=$(nproc)
for i in "${!list[@]}"; do
    IFS='|' read -r model kind name flags text <<<"${list[i]}"
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
        wait -n
    done
    one "$tmp/$i" "$model" "$kind" "$name" "$flags" &
done
wait

for i in "${!list[@]}"; do
    IFS='|' read -r model kind name flags text <<<"${list[i]}"
    read -r verdict states why <"$tmp/$i/result"
    total=$((total + states))
    count=$((count + 1))
    case $kind:$verdict in
    run:holds | long:holds) pass "model/$model $name: $states states" ;;
    passes:holds) pass "model/$model passes-$name: $states states; $text" ;;
    mutant:fails) pass "model/$model mutant-$name: $why after $states states; $text" ;;
    mutant:holds) fail "model/$model mutant-$name" "is not found in $states states: $text" ;;
    *) fail "model/$model $kind-$name" "$verdict after $states states: $why" ;;
    esac
done
echo "$count models, $total states"
finish
