#!/usr/bin/env bash
# The tests must find what breaks the runtime: breaks one line of it at a time (tests/mutants/mutants) and runs the tests
# that should fail then.
#
#   tests/mutants/mutants.sh [--all] [NAME...]    the mutants marked `ci`; all; or those whose name contains a NAME
#   MUTANT_SHARE=N                                of those marked `ci` one in N, others for each commit
#   tests/mutants/mutants.sh --table              all, and writes tests/mutants/table.md
#
# A mutant that no test notices is a failure, and so is one whose text is not in the file any more.
. "$(dirname "$0")/../lib.sh"
needs "$BUILD/tests/unit"

all=
table=
case ${1-} in
--all | --table)
    all=yes
    [ "$1" = --table ] && table=yes
    shift
    ;;
esac
names=("$@")
share=${MUTANT_SHARE:-1}
turn=0 # which share it is; always the first where there is no git
commit=$(git rev-parse HEAD 2>/dev/null) && turn=$((0x${commit:0:8} % share))
# The end of a test that hangs, which is a mutant that was noticed. A harness turns in a circle then: its seconds are a processor's, of
# which the longest needs a quarter where nothing is broken, so that on a busy machine no mutant is noticed for the machine's sake. One
# that sleeps uses none, and ends by the clock, much later than any turns so long.
turns=${MUTANT_TURNS:-20}
limit=${MUTANT_LIMIT:-120}                # seconds for the others, which sleep
export CK_DEFAULT_TIMEOUT=$((limit - 20)) # and for one test of a Check program
WATCHED="-O1 -g -fsanitize=thread"

wanted() {
    local name
    [ ${#names[@]} -eq 0 ] && return "$([ -n "$all$2" ]; echo $?)"
    for name in "${names[@]}"; do
        [[ $1 == *"$name"* ]] && return 0
    done
    return 1
}

# A tree with copies of what make looks at; the objects keep their times, so only what a mutant changes is compiled again. The
# programs are linked again anyway.
base=$tmp/base
mkdir -p "$base/build" "$base/tests"
cp -a Makefile runtime "$base"
cp -a tests/sched tests/torture tests/unit "$base/tests"
for part in sched libprt-sched.a runtime libprt.a libprt-virtual.a; do
    cp -a "$BUILD/$part" "$base/build/$part"
done
find "$base/build" -name '*.d' -exec sed -i "s#^$BUILD/#build/#" {} + # what depends on a header that a mutant changes

# apply TREE FILE OLD NEW [only-look]: says why, if it cannot. By awk: bash's own ${text#*"$old"} takes a fifth of a second for a file.
apply() {
    local old=${3//\\n/$'\n'} new=${4//\\n/$'\n'} to=/dev/null
    [ -n "${5-}" ] || to=$1/$2.new
    [ -e "$1/$2" ] || { echo "there is no $2"; return 1; }
    OLD=$old NEW=$new awk -v RS='\001' -v ORS= '{
        at = index($0, ENVIRON["OLD"])
        rest = substr($0, at + length(ENVIRON["OLD"]))
        if (!at || index(rest, ENVIRON["OLD"])) exit at ? 3 : 2
        print substr($0, 1, at - 1) ENVIRON["NEW"] rest
    }' "$1/$2" >"$to"
    case $? in
    0) ;;
    2) echo "$2 has no such text: $3" && return 1 ;;
    3) echo "$2 has this text more than once: $3" && return 1 ;;
    *) echo "$2 cannot be read" && return 1 ;;
    esac
    [ "$to" = /dev/null ] || mv "$to" "$1/$2"
}

# program TREE KIND TEST: builds the test's program, prints its path and argument
program() {
    local path=build/tests/sched/sched argument=$3 build=build flags=$CFLAGS
    case $2 in
    sched-long) argument="--long $3" ;;
    torture) path=build/tests/torture/${3%/*} argument=${3#*/} ;;
    tsan) path=tsan/tests/torture/${3%/*} argument=${3#*/} build=tsan flags=$WATCHED ;;
    unit) path=build/tests/unit/$3 argument= ;;
    esac
    make -s -C "$1" BUILD="$build" CC="$CC" CFLAGS="$flags" "$path" >"$1/log" 2>&1 || return
    echo "$1/$path $argument"
}

# turned SECONDS COMMAND...: in so many of a processor
turned() {
    ulimit -t "$1" && exec timeout -k 5 $(($1 * 10)) "${@:2}"
}

# run_one NUMBER NAME FILE OLD NEW TESTS: the result as a line in $tmp/NUMBER.result: caught BY, or why not
run_one() {
    local tree=$tmp/$1 kind test status line ended
    cp -a "$base" "$tree"
    if ! line=$(apply "$tree" "$3" "$4" "$5"); then
        echo "broken $line" >"$tmp/$1.result"
        rm -rf "$tree"
        return
    fi
    touch "$tree/$3"
    echo survives >"$tmp/$1.result"
    while read -r kind test; do
        [ -n "$kind" ] || continue
        if [ "$kind" = model ]; then
            tests/model/model.sh --exactly "$test" >"$tree/log" 2>&1 && echo "caught $kind $test" >"$tmp/$1.result"
            [ "$(<"$tmp/$1.result")" = survives ] || break
            continue
        fi
        if ! line=$(program "$tree" "$kind" "$test"); then
            echo "broken does not compile: $(grep -m 1 error "$tree/log")" >"$tmp/$1.result"
            break
        fi
        if [ "$kind" != unit ] && ! "${line%% *}" --list | grep -qx -- "${line##* }"; then
            echo "broken no test $kind $test" >"$tmp/$1.result"
            break
        fi
        case $kind in
        sched) ended=(turned "$turns") ;;
        sched-long) ended=(turned $((turns * 60))) ;;
        *) ended=(timeout -k 5 "$limit") ;;
        esac
        # shellcheck disable=SC2086 # a program and its argument
        { (cd "$tree" && "${ended[@]}" $line) >"$tree/log" 2>&1; } 2>/dev/null # where the shell tells of one that was killed
        status=$?
        if [ "$status" -ne 0 ]; then
            echo "caught $kind $test" >"$tmp/$1.result"
            break
        fi
    done <<<"$6"
    rm -rf "$tree"
}

mutant=() file=() old=() new=() tests=() ci=() what=()
while IFS= read -r line; do
    case $line in
    'mutant '*)
        n=${#mutant[@]}
        line=${line#mutant }
        mutant+=("${line%%:*}") what+=("${line#*: }") file+=('') old+=('') new+=('') tests+=('') ci+=('')
        ;;
    'file '*) file[n]=${line#file } ;;
    'old '*) old[n]=${line#old } ;;
    'new '*) new[n]=${line#new } ;;
    'by '*)
        read -r kind several <<<"${line#by }"
        [ "$kind" = model ] && several=${several/ //mutant-}
        for test in $several; do
            tests[n]+="$kind $test"$'\n'
        done
        ;;
    ci) ci[n]=yes ;;
    '' | '#'*) ;;
    *) fail mutants "cannot read the line: $line" ;;
    esac
done <tests/mutants/mutants

jobs=$(nproc)
marked=0
for i in "${!mutant[@]}"; do
    if [ -z "$all" ] && [ ${#names[@]} -eq 0 ] && [ -n "${ci[i]}" ]; then
        [ $((marked % share)) -eq $turn ] || ci[i]=
        marked=$((marked + 1))
    fi
    if ! wanted "${mutant[i]}" "${ci[i]}"; then # its text must stand all the same
        why=$(apply . "${file[i]}" "${old[i]}" "${new[i]}" only-look) || fail "mutants/${mutant[i]}" "$why"
        continue
    fi
    while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
        wait -n
    done
    run_one "$i" "${mutant[i]}" "${file[i]}" "${old[i]}" "${new[i]}" "${tests[i]}" &
done
wait

[ -z "$table" ] || {
    echo '# What the tests catch'
    echo
    echo 'Written by `tests/mutants/mutants.sh --table`: the runtime with one line broken, and the test that fails then.'
    echo
    echo '| mutant | what is broken | in | caught by |'
    echo '| --- | --- | --- | --- |'
} >"$tmp/table"
count=0
for i in "${!mutant[@]}"; do
    [ -e "$tmp/$i.result" ] || continue
    count=$((count + 1))
    read -r verdict why <"$tmp/$i.result"
    case $verdict in
    caught)
        pass "mutants/${mutant[i]}: $why"
        [ -z "$table" ] || echo "| ${mutant[i]} | ${what[i]} | \`${file[i]}\` | $why |" >>"$tmp/table"
        ;;
    survives) fail "mutants/${mutant[i]}" "is noticed by none of: ${tests[i]//$'\n'/, }" ;;
    *) fail "mutants/${mutant[i]}" "$why" ;;
    esac
done
[ -z "$table" ] || cp "$tmp/table" tests/mutants/table.md
echo "$count of ${#mutant[@]} mutants"
finish
