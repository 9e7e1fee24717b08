#!/usr/bin/env bash
# Stacks of bodies as compilers, linkers, machines and debuggers may treat them: tests/stack/moves.c, whose bodies move
# between threads and rely on registers, floating-point modes and errno, compiled in every way; and what a debugger sees.
# What is not installed is left out with a note. MOVES=N: so many moves in each.
. "$(dirname "$0")/lib.sh"

moves=${MOVES:-40000}
flags="-std=c11 -D_GNU_SOURCE -pthread -Iruntime/include -Iruntime"
stacks=(runtime/platform/stack*.c)

# moved NAME RUNNER COMPILER FLAG...: compiles it so, and runs it
moved() {
    local name=$1 runner=$2
    shift 2
    # shellcheck disable=SC2086 # flags are several
    if ! "$@" $flags -Werror -Wall -Wextra -o "$tmp/moves" tests/stack/moves.c "${stacks[@]}" -lm >"$tmp/log" 2>&1; then
        fail "$name" "does not compile: $(head -n 20 "$tmp/log")"
        return
    fi
    # shellcheck disable=SC2086 # an emulator, or nothing
    check "$name" timeout -k 5 240 $runner "$tmp/moves" "$moves"
}

has() {
    command -v "$1" >/dev/null || { echo "note: no $1, nothing is tested with it" && false; }
}

# links COMPILER FLAG...: whether it can link a program so
links() {
    echo 'int main(void) { return 0; }' >"$tmp/empty.c"
    "$@" -o "$tmp/empty" "$tmp/empty.c" >/dev/null 2>&1 || { echo "note: no $*, nothing is tested with it" && false; }
}

# Under a sanitizer only what it can find more.
if [[ $CFLAGS == *-fsanitize=* ]]; then
    moves=${MOVES:-1000000}
    # shellcheck disable=SC2086 # flags are several
    moved "$CC $CFLAGS" "" $CC $CFLAGS
    all=$moves
    moves=$((moves / 50)) # AddressSanitizer clears what it knows of the whole stack at each change
    # shellcheck disable=SC2086 # flags are several
    moved "$CC $CFLAGS, ucontext" "" $CC $CFLAGS -DPRT_STACK_UCONTEXT
    echo "$((all + moves)) moves"
    finish
fi

for compiler in gcc clang; do
    has "$compiler" || continue
    for level in -O0 -O1 -O2 -O3; do
        moved "$compiler $level" "" "$compiler" "$level"
        links "$compiler" -flto && moved "$compiler $level -flto" "" "$compiler" "$level" -flto
    done
    moved "$compiler ucontext" "" "$compiler" -O2 -DPRT_STACK_UCONTEXT
    links "$compiler" -fcf-protection=full &&
        moved "$compiler -fcf-protection" "" "$compiler" -O2 -fPIE -pie -fcf-protection=full -fstack-protector-strong
    moved "$compiler -fomit-frame-pointer" "" "$compiler" -O2 -fomit-frame-pointer -ffunction-sections -Wl,--gc-sections
done

if has aarch64-linux-gnu-gcc && has qemu-aarch64; then
    for level in -O0 -O2 "-O2 -flto" "-O2 -mbranch-protection=standard" "-O2 -DPRT_STACK_UCONTEXT"; do
        # shellcheck disable=SC2086 # flags are several
        moved "aarch64 $level" qemu-aarch64 aarch64-linux-gnu-gcc -static $level
    done
fi

# As `emit --standalone` has it: the whole runtime and the program in one text, the runtime first.
{
    echo '#define _GNU_SOURCE'
    tools/amalgamate.sh -
    grep -v '^#include <prt/' tests/stack/moves.c
} >"$tmp/one.c"
for how in "gcc -O0" "gcc -O2 -flto" "clang -O2"; do
    has "${how%% *}" || continue
    # shellcheck disable=SC2086 # a compiler and its flags
    if $how -std=gnu11 -pthread -o "$tmp/one" "$tmp/one.c" -lm >"$tmp/log" 2>&1; then
        check "one text, $how" timeout -k 5 240 "$tmp/one" "$moves"
    else
        fail "one text, $how" "does not compile: $(head -n 20 "$tmp/log")"
    fi
done

# ---- C++ ----------------------------------------------------------------------------------------------------------------

if has g++; then
    for source in "${stacks[@]}"; do
        # shellcheck disable=SC2086 # flags are several
        gcc -O2 $flags -c -o "$tmp/$(basename "$source" .c).o" "$source"
    done
    g++ -O2 -pthread -o "$tmp/catches" tests/stack/catches.cc "$tmp"/stack*.o
    check "exceptions within a body" "$tmp/catches"
fi

# ---- debuggers ----------------------------------------------------------------------------------------------------------

# The names of the frames, outermost last; each time that leaf() is reached.
if has gdb && has gcc; then
    for level in -O0 -O2; do
        # shellcheck disable=SC2086 # flags are several
        gcc $level -g $flags -o "$tmp/traced" tests/stack/traced.c "${stacks[@]}"
        for before in 0 1; do # two runs: gdb remembers frames from one stop to the next, and this stack is another by then
            gdb -nx -batch -ex 'set debuginfod enabled off' -ex 'break leaf' -ex "ignore 1 $before" -ex run \
                -ex 'bt -frame-arguments none' "$tmp/traced"
        done >"$tmp/gdb" 2>&1
        if ! grep -q '^#0' "$tmp/gdb"; then
            echo "note: gdb cannot run a program here: $(tail -n 1 "$tmp/gdb")"
            continue
        fi
        for name in leaf meanwhile_called body_inner body_outer stack_main prt_switch_start_; do
            grep -oE "^#[0-9]+ .*\b$name\b" "$tmp/gdb" | sed -E "s/.*\b($name)\b/\1/"
        done | sort | uniq -c | sed 's/^ *//' >"$tmp/frames"
        printf '2 body_inner\n2 body_outer\n2 leaf\n1 meanwhile_called\n2 prt_switch_start_\n2 stack_main\n' >"$tmp/expected"
        same "gdb $level, from leaf to the start" "$tmp/expected" "$tmp/frames"
        check "gdb $level, ends cleanly" sh -c "! grep -iE 'corrupt|stopped:|Cannot access' '$tmp/gdb'"
    done
fi
finish
