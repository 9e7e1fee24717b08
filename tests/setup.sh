#!/usr/bin/env bash
# The set-up script on machines that do not exist: a PATH with only what the script itself uses, a compiler, and a
# package manager that writes down what it was asked and "installs" by making the command appear.
. "$(dirname "$0")/lib.sh"

setup=$PWD/tools/setup.sh
bin=$tmp/bin

# machine MANAGER UID TOOL...: a machine with that package manager (none: without one), user and these tools
machine() {
    local manager=$1 uid=$2 tool
    shift 2
    rm -rf "$bin" "$tmp/log" "$tmp/headers"
    mkdir -p "$bin" "$tmp/headers"
    : >"$tmp/log"
    for tool in sh env grep cat touch chmod; do
        ln -s "$(command -v "$tool")" "$bin/$tool"
    done
    echo "echo $uid" | fake id
    # Knows the headers that were installed.
    fake cc <<'SH'
read -r line
name=${line#*<}
test -e "$FAKE/headers/${name%>}"
SH
    fake pkg-config <<'SH'
test -e "$FAKE/headers/$2.pc"
SH
    case $manager in
    apt-get)
        echo 'exit 0' | fake apt-cache
        manager_script | fake apt-get
        ;;
    none) ;;
    *) manager_script | fake "$manager" ;;
    esac
    for tool in "$@" jansson.h libcurl.pc sqlite3.pc openssl; do
        appear "$tool"
    done
}

fake() {
    { echo '#!/bin/sh'; cat; } >"$bin/$1"
    chmod +x "$bin/$1"
}

appear() {
    case $1 in
    *.h | *.pc) : >"$tmp/headers/$1" ;;
    *) echo 'exit 0' | fake "$1" ;;
    esac
}

manager_script() {
    cat <<'SH'
echo "${0##*/} $*" >>"$FAKE/log"
for word in "$@"; do
    case $word in
    flex | bison | make | gcc | clang | bash | sudo | spin | pigz | ninja | cmake) echo "#!/bin/sh" >"$FAKE/bin/$word" && chmod +x "$FAKE/bin/$word" ;;
    ninja-build) touch "$FAKE/bin/ninja" && chmod +x "$FAKE/bin/ninja" ;;
    diffutils) touch "$FAKE/bin/diff" && chmod +x "$FAKE/bin/diff" ;;
    uthash-dev*) touch "$FAKE/headers/uthash.h" ;;
    libjansson-dev | jansson-dev*) touch "$FAKE/headers/jansson.h" ;;
    libc6-dev | musl-obstack-dev | glibc-devel) touch "$FAKE/headers/obstack.h" ;;
    check | check-dev*) touch "$FAKE/headers/check.pc" ;;
    libdeflate-dev*) touch "$FAKE/headers/libdeflate.pc" ;;
    libcurl4-openssl-dev | libcurl-devel | curl-dev) touch "$FAKE/headers/libcurl.pc" ;;
    libsqlite3-dev | sqlite-dev*) touch "$FAKE/headers/sqlite3.pc" ;;
    libssl-dev | openssl-dev*) touch "$FAKE/headers/libcrypto.pc" ;;
    esac
done
SH
}

# run WHAT: the script on that machine; status in $status, all it says in $tmp/out
run() {
    FAKE=$tmp PATH=$bin CC=cc "$bin/sh" "$setup" "$1" >"$tmp/out" 2>&1
    status=$?
}

said() { grep -qF -- "$1" "$tmp/out" || { cat "$tmp/out"; return 1; }; }
asked() { grep -qxF -- "$1" "$tmp/log" || { cat "$tmp/log"; return 1; }; }
quiet() { [ ! -s "$tmp/out" ] && [ ! -s "$tmp/log" ] || { cat "$tmp/out" "$tmp/log"; return 1; }; }
is() { [ "$status" -eq "$1" ] || { echo "status $status"; cat "$tmp/out"; return 1; }; }
never() { ! grep -q -- "$1" "$tmp/log" || { cat "$tmp/log"; return 1; }; }

all=(make flex bison uthash.h obstack.h check.pc libcrypto.pc libdeflate.pc pigz gcc clang bash diff spin ninja cmake)
apt="apt-get install -y --no-install-recommends"

machine apt-get 0 "${all[@]}"
run test
check "nothing missing: status" is 0
check "nothing missing: silent and idle" quiet

machine apt-get 0 make uthash.h obstack.h
run build
check "build: installs flex and bison" asked "$apt flex bison"
check "build: says what it installs" said "missing flex bison; installing flex bison"
check "build: status" is 0
check "build: no update of lists that are good" never update
rm "$tmp/log" && : >"$tmp/log"
run build
check "a second run: silent and idle" quiet

machine apt-get 0 make uthash.h obstack.h flex bison
run build
check "build needs nothing of the tests" quiet
run test
check "test: installs the rest" asked "$apt check libssl-dev libdeflate-dev pigz gcc clang bash diffutils spin tcc ninja-build cmake"

# Whether a peer's file is there no fake can say, so the table is asked for its package.
go_rate=/usr/share/gocode/src/golang.org/x/time/rate
package_of() { (: "${system:=debian}" && eval "$(sed -n '/^packages() {/,/^}/p' tools/setup.sh)" && packages "$1"); }
check "bench: needs Go's rates" grep -q "^    needs=.*$go_rate" tools/setup.sh
check "bench: their package" test "$(package_of "$go_rate")" = golang-golang-x-time-dev

machine apt-get 0 "${all[@]}"
rm "$bin/flex"
echo 'exit 100' | fake apt-cache
run build
check "old lists: updated first" asked "apt-get update"
check "old lists: then installed" asked "$apt flex"

machine apt-get 1000 "${all[@]}"
rm "$bin/flex"
run build
check "no root, no sudo: status" is 1
check "no root, no sudo: says what to do" said "Not root and no sudo here; as root, install flex"
check "no root, no sudo: installs nothing" never install

machine apt-get 1000 "${all[@]}"
rm "$bin/flex"
# shellcheck disable=SC2016 # for the fake
echo 'echo "sudo $*" >>"$FAKE/log"; exec "$@"' | fake sudo
run build
check "no root: sudo" asked "sudo env DEBIAN_FRONTEND=noninteractive $apt flex"
check "no root: status" is 0

machine apt-get 0 "${all[@]}"
rm "$bin/flex"
echo 'echo "no network"; exit 100' | fake apt-get
run build
check "a failed install: status" is 1
check "a failed install: shows the reason" said "no network"
check "a failed install: says so" said "setup: could not install flex"

machine apt-get 0 "${all[@]}"
rm "$bin/flex"
echo 'exit 0' | fake apt-get
run build
check "installed and still missing: status" is 1
check "installed and still missing: says so" said "flex is still missing"

machine dnf 0 make obstack.h
run test
check "dnf" asked "dnf install -y flex bison uthash-devel check-devel openssl-devel libdeflate-devel pigz gcc libasan libubsan libtsan clang bash diffutils spin ninja-build cmake"

machine apk 0 make
run test
check "apk" asked "apk add flex bison uthash-dev musl-obstack-dev check-dev openssl-dev libdeflate-dev pigz gcc clang bash diffutils spin ninja cmake"

machine apt-get 0 "${all[@]}"
rm "$tmp/headers/jansson.h"
run build
check "a wish: installed" asked "$apt libjansson-dev"
check "a wish: status" is 0
check "a wish: there" test -e "$tmp/headers/jansson.h"

machine apt-get 0 "${all[@]}"
rm "$tmp/headers/jansson.h"
echo 'echo "no network"; exit 100' | fake apt-get
run test
check "a wish that cannot be: status" is 0
check "a wish that cannot be: says so" said "goes on without jansson.h"

machine apt-get 1000 "${all[@]}"
rm "$tmp/headers/jansson.h"
run build
check "a wish without root: status" is 0
check "a wish without root: installs nothing" never install

machine apk 0 "${all[@]}"
rm "$tmp/headers/jansson.h"
run build
check "a wish, apk" asked "apk add jansson-dev"

# What parts of the library are linked with.
lacks_library() {
    machine "$1" 0 "${all[@]}"
    rm "$tmp/headers/libcurl.pc" "$tmp/headers/sqlite3.pc"
}
lacks_library apt-get
run build
check "build: goes without the library's libraries" quiet
run library
check "library: installs them" asked "$apt libcurl4-openssl-dev libsqlite3-dev"
check "library: status" is 0
lacks_library dnf
run library
check "library, dnf" asked "dnf install -y libcurl-devel sqlite-devel"
lacks_library apk
run library
check "library, apk" asked "apk add curl-dev sqlite-dev"
lacks_library apt-get
# shellcheck disable=SC2016 # for the fake
echo 'case $* in *curl*) exit 100 ;; *) touch "$FAKE/headers/sqlite3.pc" ;; esac' | fake apt-get
run test
check "test: goes on without one of them" is 0
check "test: says without which" said "goes on without libcurl.pc"
check "test: has the other one" test -e "$tmp/headers/sqlite3.pc"
run library
check "library: not without one of them" is 1

# What a program lacks that links them, `pipec build` tells with the names that this script has for it.
cat >"$tmp/links.pipe" <<'PIPE'
pipeline links "links what is not there";
link "libnone";
link "MODULE";
stage none { }
PIPE
# lacks_module MANAGER MODULE: what it says on a machine of that kind where the C compiler misses something
lacks_module() {
    machine "$1" 0
    rm "$tmp"/headers/*.pc
    echo 'echo "cc: no such header" >&2; exit 1' | fake cc
    sed "s/MODULE/$2/" "$tmp/links.pipe" >"$tmp/it.pipe"
    FAKE=$tmp PATH=$bin CC=cc "$PIPEC" build -o "$tmp/it" "$tmp/it.pipe" >"$tmp/out" 2>&1
}
# command_of MANAGER MODULE: what it should say
command_of() {
    case $1 in
    apt-get) echo "apt-get install $(system=debian && package_of "$2.pc")" ;;
    dnf) echo "dnf install $(system=fedora && package_of "$2.pc")" ;;
    apk) echo "apk add $(system=alpine && package_of "$2.pc")" ;;
    esac
}
modules=$(sed -n 's/^    { "\([a-z0-9]*\)", { "apt-get .*/\1/p' compiler/build/package.c)
check "pipec build knows what the library and the examples link" test -z \
    "$(sed -n 's/^ *link "\(.*\)";.*/\1/p' library/*.pipe examples/*.pipe | grep -vxF "$modules")"
for manager in apt-get dnf apk; do
    for module in $modules; do
        lacks_module $manager "$module"
        check "pipec build, $manager: how to install $module" said \
            "  hint: it links $module, of which pkg-config knows nothing; install it: $(command_of $manager "$module")"
    done
    check "pipec build, $manager: nothing of what nobody knows" fails said libnone
done
lacks_module none libcurl
check "pipec build on another system: no advice" fails said "hint:"
lacks_module apt-get libcurl
touch "$tmp/headers/libcurl.pc"
FAKE=$tmp PATH=$bin CC=cc "$PIPEC" build -o "$tmp/it" "$tmp/it.pipe" >"$tmp/out" 2>&1
check "pipec build: no advice where the package is there" fails said "hint:"

machine none 0 "${all[@]}"
rm "$tmp/headers/jansson.h"
run build
check "a wish on another system: status" is 0

machine none 0 make
run build
check "another system: status" is 1
check "another system: says which are supported" said "supports Debian, Ubuntu, Fedora and Alpine only"
check "another system: says what is missing" said "flex bison uthash.h obstack.h"

machine dnf 0 "${all[@]}"
run bench
check "the benchmark's peers on another system: status" is 1
check "the benchmark's peers on another system: says how to go on" said "measures without those that it does not find"
check "the benchmark's peers on another system: installs nothing" never install

run everything
check "usage" is 2

# links CC: the command that would link pipec with that compiler
links() {
    make -n CC="$1" BUILD="$tmp/build" "$tmp/build/pipec" 2>&1 | grep -F -- "-o $tmp/build/pipec "
}
# Which libc a compiler compiles for, it says itself; what else lies on the machine says nothing.
cat >"$tmp/musl-cc" <<'SH'
#!/bin/sh
case " $* " in
*' -dM '*) echo '#define __linux__ 1' ;;
esac
SH
sed 's/__linux__/__GLIBC__/' "$tmp/musl-cc" >"$tmp/glibc-cc"
chmod +x "$tmp/musl-cc" "$tmp/glibc-cc"
obstack_of() { links "$tmp/$1-cc" | grep -oF -e -lobstack || echo none; }
check "a compiler for musl: obstacks are a library" [ "$(obstack_of musl)" = -lobstack ]
check "a compiler for glibc: obstacks are in libc" [ "$(obstack_of glibc)" = none ]
check "a compiler for glibc: pipec is linked" [ -n "$(links "$tmp/glibc-cc")" ]

finish
