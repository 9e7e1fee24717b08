# shellcheck shell=bash
# Programs with AddressSanitizer, for suites that source tests/lib.sh. `pipec build --sanitize` compiles the runtime with each of
# them, which takes longer than all that is done with it. It is compiled once here, for all suites, and linked by a pipec that
# stands beside it.
#
#   watched_begin        builds it, or waits for the suite that does
#   watched_build ARG... is `pipec build ARG...` with it; $watch are the flags
watch="-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined"

watched_begin() {
    watched=$BUILD/tests/watched
    mkdir -p "$watched"
    # shellcheck disable=SC2016 # they are for the inner shell
    check "the runtime builds with AddressSanitizer" flock "$watched/lock" sh -c 'unset MAKEFLAGS MAKELEVEL
        make -s -j2 BUILD="$0" CFLAGS="$1" "$0/libprt.a" "$0/libprt-test.a" "$0/include" "$0/library" &&
        { cmp -s "$2" "$0/pipec" || { cp "$2" "$0/pipec.new" && mv "$0/pipec.new" "$0/pipec"; }; }' "$watched" "$watch" "$PIPEC"
    watched=$(realpath "$watched")
}

watched_build() {
    CFLAGS=$watch "$watched/pipec" build "$@"
}
