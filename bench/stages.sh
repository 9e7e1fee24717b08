#!/bin/sh
# Prints a pipeline of N stages one behind the other: bench/stages.sh 10000 > stages.pipe
# Between source and sink each adds 1. With --idle it measures at last what it costs to have nothing to do.
set -eu
[ $# -eq 1 ] && [ "$1" -ge 2 ] 2>/dev/null || { echo "usage: bench/stages.sh N (at least 2)" >&2; exit 2; }

awk -v n="$1" 'BEGIN {
    print "pipeline stages \"many stages\";\n\ninclude \"idle.h\";\n"
    print "param long items = 1000 in 1..1000000000 \"how many items to send\";"
    print "param int cap = 256 in 1..1000000 \"how many items a channel holds\";"
    print "param bool idle = false \"measure what idling costs\";\n"
    print "state {\n    int64_t start;\n    uint64_t sum;\n}"
    print "init {\n    self->pipe->start = now();\n}"
    print "final {\n    job_print(self->pipe->start, (uint64_t)items, self->pipe->sum);\n}\n"
    for (i = 1; i < n; i++)
        print "channel uint64_t c" i "[cap];"
    print "\nstage s1 -> c1 {\n    for (long i = 0; i < items; i++)\n        emit((uint64_t)i);"
    print "    if (idle)\n        idle_measure();\n}"
    for (i = 2; i < n; i++)
        print "\nstage s" i " (x <- c" i - 1 ") -> c" i " {\n    emit(x + 1);\n}"
    print "\nstage s" n " (x <- c" n - 1 ") {\n    self->pipe->sum += x;\n}"
}'
