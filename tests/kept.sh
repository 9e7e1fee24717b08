#!/usr/bin/env bash
# What programs made of the library's parts leave behind when they end at any moment, by a stop, a failure, the limit of a drain
# or a signal: the file of write_lines as a whole or as it was, those of write_files as wholes, nothing beside them, no command
# that exec has started, and counts that add up.
#
#   tests/kept.sh [--long]
. "$(dirname "$0")/lib.sh"
needs "$PIPEC" "$BUILD/library"
. tests/lib-moments.sh

export XDG_CACHE_HOME=$tmp/cache
mark=kept-$((RANDOM * 32768 + RANDOM)) # of the commands: nobody else is called so

cat >"$tmp/keep.pipe" <<PIPE
pipeline keep "reads lines, runs a command for each, and writes what comes of it";

import <exec.pipe>;
import <files.pipe>;
import <flow.pipe>;
import <lines.pipe>;
include <string.h>;

param long stop_at = 0 "the line at which it stops";
param long fail_at = 0 "the line that fails";

channel string text[4];
channel string some[4];
channel string more[4] broadcast;
channel done results[4];
channel string lines[4];

stage read -> text = lines(files = ["input"]);

stage look (line <- text) -> some[1]
state {
    long lines;
}
{
    self->lines++;
    if (self->lines == stop_at)
        stop();
    if (self->lines == fail_at)
        fail("on purpose");
    emit(take(line));
}

stage twice (line <- some) -> more = filter(test = (true));
stage run (line <- more) -> results  workers 3  ordered  timeout 20s
    = exec(command = ["sh", "-c", ": $mark; echo \$0; sleep 0.002", "{}"], word = (line));

stage cut (r <- results) -> lines[1] {
    char *const line = strndup((const char *)r.out.data, r.out.len > 0 ? r.out.len - 1 : 0);

    if (!line || strcmp(line, r.word) != 0)
        fail("internal error: '%s' came of '%s'", line ? line : "", r.word);
    emit(line);
}

stage write (line <- lines) = write_lines(path = "kept");
stage each (line <- more)  workers 2
    = write_files(below = "each", name = (line), data = ((struct prt_bytes){ (unsigned char *)line, strlen(line) }));
PIPE

choose() {
    echo old >kept
    rm -rf each .kept* # what a second signal leaves is no run's that ends in order
    seq 200 >input
    ending "$1" 200
}

# Files of write_files are named like what they hold.
no_half() {
    local file
    for file in each/* each/.*; do
        case $file in
        'each/*' | each/. | each/.. | 'each/.*') ;;
        each/.*) echo "$file is left" ;;
        *) [ "$(<"$file")" = "${file#each/}" ] || echo "$file is half" ;;
        esac
    done
}

wrong() {
    local was="as it was"
    channels_add_up text some lines results
    stages_add_up look twice run cut write each
    no_half
    ! ls -d .kept* 2>/dev/null || echo "is left"
    [ "$(<kept)" = old ] || was="$(wc -l <kept) lines"
    # What keeps the file from being put there; 124 is what `timeout` ends with that has sent a signal. One may come late.
    if grep -q 'not drained within' err || [ "$(number failed look)$(number failed run)" != 00 ] || [ "$status" -ge 124 ]; then
        [ "$was" = "as it was" ] || { [ "$status" -ge 124 ] && cmp -s kept input; } || echo "kept: $was"
        return
    fi
    [ "$was" = "$(number "done" write) lines" ] || echo "kept: $was, of $(number "done" write)"
    cmp -s kept <(head -n "$(number "done" write)" input) || echo "kept: other lines"
    is files "$(find each -type f | wc -l)" "$(number "done" each)"
}

# As soon as the kernel is through with those that were killed.
none_left() {
    for _ in {1..100}; do
        grep -qsaF "$mark" /proc/[0-9]*/cmdline || return 0
        sleep 0.1
    done
    return 1
}

moments_of keep
check "no command is left" none_left
finish
