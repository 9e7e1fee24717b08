#!/bin/sh
# Prints a pipeline of N stages one behind the other, for timing pipec's own part: bench/stages.sh 10000 > many.pipe
set -eu
[ $# -eq 1 ] && [ "$1" -ge 2 ] 2>/dev/null || { echo "usage: bench/stages.sh N (at least 2)" >&2; exit 2; }

awk -v n="$1" 'BEGIN {
    print "pipeline many;\n\ninclude <stdio.h>;\n"
    for (i = 1; i < n; i++)
        print "channel long c" i "[16];"
    print "\nstage s1 -> c1 {\n    for (long i = 0; i < 1000; i++)\n        emit(i);\n}"
    for (i = 2; i < n; i++)
        print "\nstage s" i " (x <- c" i - 1 ") -> c" i " {\n    emit(x + 1);\n}"
    print "\nstage s" n " (x <- c" n - 1 ") {\n    if (x == 999 + " n - 2 ")\n        printf(\"%ld\\n\", x);\n}"
}'
