# shellcheck shell=bash
# A web site of this machine's own, for suites that source tests/lib.sh; what it answers is in tests/site/answer.h.
#
#   site_begin PAGES [LOG] starts one: $site is http://127.0.0.1:PORT, $site_log what it was asked,
#                        to which it adds
#   site_end             ends it; so does the end of the suite
site_begin() {
    local port
    site_log=${2-$tmp/site.log}
    : >"$site_log"
    read -r port < <(exec "$BUILD/tests/site/site" "$site_log" "$1")
    site_pid=$!
    site=http://127.0.0.1:$port
}

site_end() {
    kill "$site_pid"
    wait "$site_pid"
}
