#!/bin/sh
# Writes docs/library.md: what `pipec explain` says of each file of the library, and of each of its records and parts.
#
#   tools/library.sh [PIPEC [FILE.md]]
set -eu
cd "$(dirname "$0")/.."
pipec=${1:-build/pipec}
page=${2:-docs/library.md}

{
    cat <<'PAGE'
# The library

Parts ([language.md](language.md#12-parts)) that are installed with pipec: `import <lines.pipe>;` finds them, and a stage is made of one by
`= PART(…)`. They are files of the language, which can do what your own parts can: read them, in `library/` and below
`PREFIX/share/pipec`. `pipec explain lines` prints what this page says of a part, `pipec explain count` the fields
of a record that parts send or take.

`(T in) -> T out[0..1] = filter(bool test(in))` is to be read so: a stage that is made of `filter` receives from one channel, and
sends to one at most one item for each that comes, of the same type. It is given `test`, an expression about an item, as the stage calls it:

```pipe
pipeline errors "prints the lines of some logs that tell of an error, each once";

import <flow.pipe>;
import <lines.pipe>;
include <string.h>;

param string logs[] "the logs; without any, the standard input";

channel string text[1024];
channel string errors[64];
channel string news[64];

stage read -> text = lines(files = logs);
stage choose (line <- text) -> errors = filter(test = (strstr(line, "error")));
stage unseen (line <- errors) -> news = dedupe(of = (line));
stage print (line <- news) = write_lines();
```

```console
$ pipec build errors.pipe
$ printf 'error: full\nall is well\nerror: full\nerror: lost' | ./errors
error: full
error: lost
```

What has a default may be left out. For all parts holds:

- An item owns what it carries. What a part holds besides, a descriptor or memory, it gives back at the end, also where the
  pipeline is torn down.
- `fail` names the thing and the reason, `access.log: Permission denied`. No part tries again or goes on by itself: `on fail` does,
  at the place of use, and for that a part that may fail with one item sends a known number for each. A source that fails ends,
  whatever `on fail` says.
- When the pipeline drains, a source ends behind the item in hand. Torn down, every wait in the kernel is given up.
- Memory has a bound, which is a param, and does not grow with the input.
- A file that is written is there as a whole or as it was: nobody sees half of it.
- What only a part needs, such as a library, a program has only where it uses that part. Where the machine lacks it,
  `pipec build` tells the package. In the project's directory `tools/setup.sh library` installs what all parts need.
PAGE
    for file in library/*.pipe; do
        file=${file##*/}
        printf '\n## %s\n\n' "$file"
        "$pipec" explain "$file" | sed -e '/^    /,$d' | sed -e '$d'
        sed -n 's/^record \([a-z_]*\).*/\1/p' "library/$file" | while read -r record; do
            printf '\n'
            "$pipec" explain "$record" | sed '1s/^/### /'
        done
        sed -n 's/^part \([a-z_]*\).*/\1/p' "library/$file" | while read -r part; do
            printf '\n'
            "$pipec" explain "$part" | sed -E '1s/^([^:]*): (.*)/### \1\n\n\2/'
        done
    done
} >"$page.new"
mv "$page.new" "$page"
