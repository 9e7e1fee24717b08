#!/usr/bin/env bash
# Parts that are many, deep or large; what a program calls the stages within them; what a sanitizer says of what they keep.
. "$(dirname "$0")/lib.sh"
. tests/lib-watched.sh
needs "$PIPEC"

export XDG_CACHE_HOME=$tmp/cache NO_COLOR=1
mkdir "$XDG_CACHE_HOME"

# says STATUS TEXT COMMAND...: ends so, and TEXT stands in what it says
says() {
    local wanted=$1 text=$2 status
    shift 2
    timeout 600 "$@" >"$tmp/said" 2>&1 </dev/null
    status=$?
    if [ $status -ne "$wanted" ] || { [ -n "$text" ] && ! grep -qF -- "$text" "$tmp/said"; }; then
        echo "status $status:"
        head -n 20 "$tmp/said"
        return 1
    fi
}

# ---- names in a program ----

"$PIPEC" build -o "$tmp/group" tests/run/part_group.pipe
check "a stage of a group has workers" says 0 "check: 5" "$tmp/group" --workers=check.parse=4
check "a group is no stage" says 2 "there is no stage 'check' to set; one is 'check.parse'" "$tmp/group" --workers=check=4
check "a rate of an instance's own" says 0 "" "$tmp/group" --rate=count.reading=9K/s
check "a rate that is given is the program's" says 2 "there is no rate 'check.reading'" "$tmp/group" --rate=check.reading=9/s
check "stages and channels in --stats" says 0 "check.numbers" "$tmp/group" --stats
check "params of a part are no options" says 2 "" "$tmp/group" --readers=3

cat >"$tmp/below.pipe" <<'EOF2'
pipeline below;
part two { input channel int in[]; output channel int out[]; bound few; channel int mid[4];
    stage one (x <- in) -> mid  workers 8  bound few { emit(x); }
    stage two (x <- mid) -> out  workers 8  bound few { emit(x); } }
channel int a[4]; channel int b[4];
stage from -> a { emit(1); }
stage pass (x <- a) -> b = two(few = many);
stage to (x <- b) { (void)x; }
param int many = 3;
EOF2
check "a bound that is given a param declared below" says 0 "bound_pass_few = prt_bound_add" "$PIPEC" emit -o - \
    "$tmp/below.pipe"

# ---- what is kept is dropped once ----

watched_begin
for program in part_types part_group; do
    if watched_build -o "$tmp/$program" tests/run/$program.pipe >"$tmp/said" 2>&1 && says 0 "" "$tmp/$program"; then
        pass "$program with sanitizers"
    else
        fail "$program with sanitizers" "$(<"$tmp/said")"
    fi
    "$PIPEC" emit -o "$tmp/$program.c" tests/run/$program.pipe
    for cc in gcc clang; do
        check "$program: no warning from $cc" "$cc" -std=c11 -O1 -Wall -Wextra -Wpedantic -Wshadow -Werror \
            -Iruntime/include -iquote tests/run -c -o "$tmp/object.o" "$tmp/$program.c"
    done
done

# ---- many ----

# instances N: so many stages of one part in a row
instances() {
    local i
    echo "pipeline many;"
    echo "part pass { type T; input channel T in[]; output channel T out[]; param int n = 0 in 0..100000;"
    echo "    stage pass (x <- in) -> out { if (n >= 0) emit(take(x)); } }"
    for ((i = 0; i <= $1; i++)); do echo "channel int c$i[4];"; done
    echo "stage first -> c0 { emit(1); }"
    for ((i = 0; i < $1; i++)); do echo "stage s$i (x <- c$i) -> c$((i + 1)) = pass(n = $i);"; done
    echo "stage last (x <- c$1) { (void)x; }"
}

# steps_of N: how many steps `emit` takes for so many (tests/steps)
steps_of() {
    instances "$1" >"$tmp/many.pipe"
    "$BUILD/tests/steps/pipec" emit -o /dev/null "$tmp/many.pipe" 2>&1 | sed -n 's/ steps$//p'
}
few=$(steps_of 500) many=$(steps_of 2500)
check "the work grows as the instances do ($few steps, $many steps)" test "$many" -le $((6 * few))

# unused N: a file with so many parts, of which one is used
unused() {
    local i
    echo "pipeline one;"
    for ((i = 0; i < $1; i++)); do
        echo "part p$i { type T; input channel T in[]; stage p$i (x <- in) { (void)x; } }"
    done
    echo "channel int c[1]; stage first -> c { emit(1); } stage last (x <- c) = p0();"
}
unused 500 >"$tmp/few.pipe" && unused 2500 >"$tmp/many.pipe"
few=$("$BUILD/tests/steps/pipec" emit -o /dev/null "$tmp/few.pipe" 2>&1 | sed -n 's/ steps$//p')
many=$("$BUILD/tests/steps/pipec" emit -o /dev/null "$tmp/many.pipe" 2>&1 | sed -n 's/ steps$//p')
check "and as the parts do ($few steps, $many steps)" test "$many" -le $((6 * few))

# ---- deep ----

# nested N TIMES: parts of parts so deep, each with the next so many times
nested() {
    local i k
    echo "pipeline deep;"
    echo "part p0 { type T; input channel T in[]; stage p0 (x <- in) { (void)x; } }"
    for ((i = 1; i <= $1; i++)); do
        echo "part p$i { type T; input channel T in[];"
        for ((k = 0; k < $2; k++)); do echo "    stage s$k (x <- in) = p$((i - 1))();"; done
        echo "}"
    done
    echo "channel int c[1]; stage first -> c { emit(1); } stage last (x <- c) = p$1();"
}
nested 99 1 >"$tmp/deep.pipe"
check "100 deep" says 0 "" "$PIPEC" check "$tmp/deep.pipe"
nested 100 1 >"$tmp/deep.pipe"
check "101 deep" says 1 "[E0609]" "$PIPEC" check "$tmp/deep.pipe"
nested 5000 1 >"$tmp/deep.pipe"
check "5,001 deep" says 1 "[E0609]" "$PIPEC" check "$tmp/deep.pipe"
nested 60 2 >"$tmp/deep.pipe"
check "two of each, 60 deep" says 1 "a program has at most 100000 declarations [E0605]" "$PIPEC" check "$tmp/deep.pipe"

# ---- large ----

# members WHAT: a part with 300 of them
members() {
    echo "pipeline large; part p { input channel int in[];"
    for ((i = 0; i < 300; i++)); do
        case $1 in
        params) echo "param int p$i = 1;" ;;
        ends) echo "input channel int in$i[];" ;;
        types) echo "type T$i;" ;;
        esac
    done
    echo "stage p (x <- in) { (void)x; } } channel int c[1]; stage first -> c { emit(1); } stage last (x <- c) = p();"
}
for what in params ends types; do
    members $what >"$tmp/large.pipe"
    check "300 $what" says 1 "part 'p' has more than 256 $what [E0606]" "$PIPEC" check "$tmp/large.pipe"
done
{
    echo "pipeline wrong; channel int c[1]; stage first -> c { emit(1); }"
    for ((i = 0; i < 3000; i++)); do
        echo "part p$i { input channel int in[]; stage p$i (x <- in) { (void)x; } } stage s$i (x <- c) = q$i();"
    done
} >"$tmp/wrong.pipe"
check "3,000 parts that are not there" says 1 "there is no part 'q1'" "$PIPEC" check "$tmp/wrong.pipe"
nested 4 1 >"$tmp/deep.pipe"
check "a stage in four parts" says 0 "last.s0.s0.s0.s0" "$PIPEC" check --plan "$tmp/deep.pipe"
finish
