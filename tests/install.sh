#!/usr/bin/env bash
# `make install` into a directory of its own; the installed pipec works from elsewhere, with nothing of this tree, and
# what its pkg-config file says builds emitted C.
. "$(dirname "$0")/lib.sh"

prefix=$tmp/prefix
installed=$prefix/bin/pipec
export XDG_CACHE_HOME=$tmp/cache

make_quietly() { make --no-print-directory BUILD="$BUILD" CC="$CC" CFLAGS="$CFLAGS" LDFLAGS="$LDFLAGS" "$@"; }

check "make install" make_quietly install PREFIX="$prefix"
for file in bin/pipec share/pipec/lines.pipe lib/libprt.a lib/libprt-test.a lib/pkgconfig/pipec.pc include/prt/prt.h include/prt/live.h share/man/man1/pipec.1 \
    share/man/man1/pipec-test.1 share/man/man1/pipec-top.1; do
    check "installs $file" test -s "$prefix/$file"
done

mkdir "$tmp/elsewhere"
cat >"$tmp/elsewhere/sum.pipe" <<'PIPE'
pipeline sum "adds numbers up";

include <stdio.h>;

channel int numbers[4];

stage count -> numbers {
    for (int n = 1; n <= 10; n++)
        emit(n);
}

stage add (n <- numbers)
state {
    int sum;
}
{
    self->sum += n;
}
final {
    printf("%d\n", self->sum);
}
PIPE
echo 55 >"$tmp/expected"
cd "$tmp/elsewhere" || exit 1

# prints NAME COMMAND...: the command prints 55
prints() {
    local name=$1
    shift
    "$@" >"$tmp/actual" 2>&1
    same "$name" "$tmp/expected" "$tmp/actual"
}

prints "installed pipec run" "$installed" run sum.pipe
check "installed pipec build" "$installed" build sum.pipe
prints "its program" ./sum

cat >lines.pipe <<'PIPE'
pipeline shorter "prints a line of an installed part";
import <lines.pipe>;
channel string text[4];
stage read -> text = lines();
stage write (line <- text) = write_lines();
PIPE
prints "with an installed part" sh -c 'echo 55 | "$0" run lines.pipe' "$installed"
check "explain knows it" "$installed" explain write_lines

export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
check "pkg-config variable" test "$(pkg-config --variable=pipec pipec)" = "$installed"
check "pkg-config version" test "$(pkg-config --modversion pipec)" = "$("$installed" --version | sed -nE '1s/.* ([0-9.]+)$/\1/p')"
check "emit" "$installed" emit -o emitted.c sum.pipe
# shellcheck disable=SC2046,SC2086 # lists of words
check "build with pkg-config" $CC $CFLAGS emitted.c $(pkg-config --cflags --libs pipec) -o emitted
prints "the program built with pkg-config" ./emitted
check "emit --standalone" "$installed" emit --standalone -o standalone.c sum.pipe
# shellcheck disable=SC2086
check "build without the runtime" $CC $CFLAGS standalone.c -pthread -o standalone
prints "the standalone program" ./standalone

mv "$prefix" "$tmp/moved"
prints "works after a move" "$tmp/moved/bin/pipec" run sum.pipe
rm -f "$tmp/moved/lib/libprt.a"
"$tmp/moved/bin/pipec" build -o broken sum.pipe >"$tmp/actual" 2>&1
check "without its library: status" test $? -eq 1
check "without its library: says which file" grep -q 'libprt\.a' "$tmp/actual"

cd - >/dev/null || exit 1
check "make install with DESTDIR" make_quietly install DESTDIR="$tmp/stage" PREFIX=/opt/pipec
check "goes below DESTDIR" test -x "$tmp/stage/opt/pipec/bin/pipec"
check "DESTDIR is not written into the pkg-config file" grep -qx 'prefix=/opt/pipec' "$tmp/stage/opt/pipec/lib/pkgconfig/pipec.pc"
check "make uninstall" make_quietly uninstall DESTDIR="$tmp/stage" PREFIX=/opt/pipec
check "leaves no file" test -z "$(find "$tmp/stage" -type f)"

finish
