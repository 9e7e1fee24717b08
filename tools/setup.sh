#!/bin/sh
# Installs what is missing: what the build needs (`setup.sh build`), what programs of the library's parts are linked with
# (`setup.sh library`), what the tests need besides the build (`setup.sh test`), the compilers for elsewhere of `make
# verify-long` (`setup.sh verify`), or the peers of the benchmark (`setup.sh bench`). `make demo`, `make test` and `make bench`
# call it. It looks for the tools themselves, not for packages, so that it does nothing, and needs no right and no network, when
# all are there. It goes on without what only `pipec graph --stats` needs, and the tests without the library's libraries: they
# say which cases they leave out.
set -u

die() {
    echo "setup: $*" >&2
    exit 1
}

wishes= # what it goes on without
case ${1:-test} in
build)
    needs="cc make flex bison uthash.h obstack.h"
    wishes="jansson.h"
    ;;
test)
    wishes="jansson.h libcurl.pc sqlite3.pc openssl"
    needs="cc make flex bison uthash.h obstack.h pkg-config check.pc libcrypto.pc libdeflate.pc pigz gcc clang bash diff"
    needs="$needs spin ninja cmake"
    ;;
library) needs="cc pkg-config libcurl.pc sqlite3.pc" ;;
verify) needs="cc musl-gcc aarch64-linux-gnu-gcc qemu-aarch64 g++" ;;
bench)
    needs="cc make flex bison uthash.h obstack.h pkg-config libcrypto.pc libdeflate.pc bash cmp xargs go c++ tbb.pc"
    needs="$needs /usr/include/concurrentqueue/blockingconcurrentqueue.h"
    needs="$needs /usr/include/readerwriterqueue/readerwritercircularbuffer.h"
    needs="$needs cargo /usr/share/cargo/registry/crossbeam-channel-* pigz gzip sqlite3.h"
    needs="$needs /usr/share/gocode/src/golang.org/x/time/rate"
    ;;
*)
    echo "usage: tools/setup.sh [build|library|test|verify|bench]" >&2
    exit 2
    ;;
esac

# has NEED: a header, a pkg-config module, a file or a command
has() {
    case $1 in
    /*)
        # shellcheck disable=SC2086 # a pattern
        (set +f && set -- $1 && test -e "$1")
        ;;
    *.h) echo "#include <$1>" | ${CC:-cc} -E - >/dev/null 2>&1 ;;
    *.pc) pkg-config --exists "${1%.pc}" 2>/dev/null ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

if command -v apt-get >/dev/null; then
    system=debian
elif command -v dnf >/dev/null; then
    system=fedora
elif command -v apk >/dev/null; then
    system=alpine
else
    system=other
fi

# packages NEED: what to install for it
packages() {
    case $system:$1 in
    debian:cc) echo gcc libc6-dev ;;
    alpine:cc) echo gcc musl-dev linux-headers ;;
    *:cc) echo gcc ;;
    debian:uthash.h) echo uthash-dev ;;
    fedora:uthash.h) echo uthash-devel ;;
    alpine:uthash.h) echo uthash-dev ;;
    debian:jansson.h) echo libjansson-dev ;;
    fedora:jansson.h) echo jansson-devel ;;
    alpine:jansson.h) echo jansson-dev ;;
    debian:obstack.h) echo libc6-dev ;;
    fedora:obstack.h) echo glibc-devel ;;
    alpine:obstack.h) echo musl-obstack-dev ;;
    fedora:pkg-config) echo pkgconf-pkg-config ;;
    alpine:pkg-config) echo pkgconf ;;
    debian:check.pc) echo check ;;
    fedora:check.pc) echo check-devel ;;
    alpine:check.pc) echo check-dev ;;
    debian:libcrypto.pc) echo libssl-dev ;;
    fedora:libcrypto.pc) echo openssl-devel ;;
    alpine:libcrypto.pc) echo openssl-dev ;;
    debian:libcurl.pc) echo libcurl4-openssl-dev ;;
    fedora:libcurl.pc) echo libcurl-devel ;;
    alpine:libcurl.pc) echo curl-dev ;;
    debian:sqlite3.pc) echo libsqlite3-dev ;;
    fedora:sqlite3.pc) echo sqlite-devel ;;
    alpine:sqlite3.pc) echo sqlite-dev ;;
    fedora:gcc) echo gcc libasan libubsan libtsan ;;
    *:diff | *:cmp) echo diffutils ;;
    debian:ninja | fedora:ninja) echo ninja-build ;;
    debian:go) echo golang-go ;;
    debian:spin) echo spin tcc ;; # tcc compiles the many small checkers, gcc where it is not there
    debian:c++) echo g++ ;;
    debian:musl-gcc) echo musl-tools ;;
    fedora:musl-gcc) echo musl-gcc ;;
    debian:aarch64-linux-gnu-gcc) echo gcc-aarch64-linux-gnu libc6-dev-arm64-cross ;;
    fedora:aarch64-linux-gnu-gcc) echo gcc-aarch64-linux-gnu ;;
    *:qemu-aarch64) echo qemu-user ;;
    fedora:g++) echo gcc-c++ ;;
    debian:tbb.pc) echo libtbb-dev ;;
    debian:*/concurrentqueue/*) echo libconcurrentqueue-dev ;;
    debian:*/readerwriterqueue/*) echo libreaderwriterqueue-dev ;;
    debian:*/golang.org/x/time/rate) echo golang-golang-x-time-dev ;;
    debian:*/crossbeam-channel-*) echo librust-crossbeam-channel-dev ;;
    debian:sqlite3.h) echo libsqlite3-dev ;;
    debian:libdeflate.pc | alpine:libdeflate.pc) echo libdeflate-dev ;;
    fedora:libdeflate.pc) echo libdeflate-devel ;;
    *:xargs) echo findutils ;;
    *) echo "$1" ;;
    esac
}

install() {
    case $system in
    debian)
        # A machine's package lists may be absent, or name versions that are gone: refresh them, only then.
        apt-cache show "$@" >/dev/null 2>&1 && apt_install "$@" && return
        $root apt-get update && apt_install "$@"
        ;;
    fedora) $root dnf install -y "$@" ;;
    alpine) $root apk add "$@" ;;
    esac
}

apt_install() {
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# lacking NEEDS: those that are not there, in `missing`, and what to install for them, in `wanted`
lacking() {
    missing=
    wanted=
    for need in $1; do
        has "$need" && continue
        missing="$missing $need"
        wanted="$wanted $(packages "$need")"
    done
    [ -n "$missing" ]
}

find_root() {
    root=
    [ "$(id -u)" -eq 0 ] && return
    command -v sudo >/dev/null && root=sudo
}

set -f # a need may be a pattern
if lacking "$needs"; then
    [ $system != other ] || die "supports Debian, Ubuntu, Fedora and Alpine only (no apt-get, dnf or apk here)." \
        "Install these yourself, then try again:$missing"
    [ $system = debian ] || [ "${1-}" != bench ] || die "installs the benchmark's peers on Debian and Ubuntu only." \
        "Missing:$missing. bench/bench.sh measures without those that it does not find"
    find_root || die "missing:$missing. Not root and no sudo here; as root, install$wanted"
    echo "setup: missing$missing; installing$wanted"
    # shellcheck disable=SC2086 # a list of names
    install $wanted || die "could not install$wanted; the reason stands above"
    for need in $missing; do
        has "$need" || die "$need is still missing although its package was installed; install it yourself, then try again"
    done
fi

for wish in $wishes; do # each by itself: one that cannot be had keeps no other away
    lacking "$wish" || continue
    echo "setup: missing$missing; installing$wanted"
    # shellcheck disable=SC2086 # a list of names
    { [ $system != other ] && find_root && install $wanted; } || echo "setup: goes on without$missing"
done
