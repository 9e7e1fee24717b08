#!/bin/sh
# Writes the whole runtime as one C text, for `pipec emit --standalone`: every header once, before what needs it, then
# every source. What a source or an inner header keeps to itself (static names, macros, tags, constants) gets a name
# with prt in front, so that it cannot meet a name of the author's in the one file that results.
#
#   tools/amalgamate.sh FILE.h     as the C array `runtime_text`, a string for each line; what only programs with records
#                                  need, or that read or write them, as `record_text` and `form_text`; the platform of
#                                  programs as `linux_text`, and that of tests with what only tests need as `test_text`; words.h and
#                                  wiring.h, which stand elsewhere in the emitted file, as arrays of their own
#   tools/amalgamate.sh -          the C itself, on standard output
set -eu
cd "$(dirname "$0")/.."
out=$1

sources() {
    printf '%s\n' runtime/include/prt/*.h runtime/*.h runtime/*/*.[ch]
}

amalgamate() {
    # shellcheck disable=SC2046 # no source has a blank in its name
    awk -v form="$1" '
# errno is one of the C library that prt/errno.h makes its own, for the author too.
function is_public(name) { return name ~ /^(_*(prt_|PRT_|_GNU_SOURCE)|errno$)/ }

# The last word before what ends a declarator: "static int *count_of(" gives count_of.
function declared(line,    words, n) {
    gsub(/__attribute__\(\(.*\)\) /, "", line)
    sub(/[(=;\[].*/, "", line)
    n = split(line, words, /[ *]+/)
    return words[n] == "" ? words[n - 1] : words[n]
}

function note(file, kind, name) {
    if (name !~ /^[A-Za-z_][A-Za-z0-9_]*$/ || is_public(name))
        return
    if (file ~ /\.h$/)
        global[kind, name] = renamed(file, name)
    else
        own[file, kind, name] = renamed(file, name)
}

function renamed(file, name,    base) {
    base = file
    gsub(/.*\/|\.[ch]$/, "", base)
    return name ~ /[a-z]/ ? "prt_" base "__" name : "PRT_" toupper(base) "__" name
}

function note_constants(file, line,    words, n, i) {
    gsub(/\/\*[^*]*\*\//, "", line)
    sub(/^[^{]*\{/, "", line)
    n = split(line, words, /,/)
    for (i = 1; i <= n; i++) {
        sub(/^[ \t]+/, "", words[i])
        sub(/[ =}].*/, "", words[i])
        note(file, "word", words[i])
    }
}

# What only C++ sees of a header is left out, with the lines of the #if that say so; no other #if stands within.
function is_cxx(line) {
    if (line ~ /^#ifdef __cplusplus/)
        return cxx = "skip"
    if (line ~ /^#ifndef __cplusplus/)
        return cxx = "keep"
    if (cxx && line ~ /^#else/)
        return cxx = "keep"
    if (cxx && line ~ /^#endif/) {
        cxx = ""
        return 1
    }
    return cxx == "skip"
}

function learn(file,    line, words, in_enum, in_object) {
    while ((getline line <file) > 0) {
        if (is_cxx(line))
            continue
        text[file, ++lines[file]] = line
        if (in_enum || line ~ /^enum [a-z_]* *\{/)
            note_constants(file, line)
        if (line ~ /^enum [a-z_]* *\{/)
            in_enum = 1
        if (line ~ /\}/)
            in_enum = 0
        if (line ~ /^static (const )?struct ([a-z_0-9]+ )?\{$/) {
            in_object = 1
        } else if (in_object && line ~ /^\} [a-z_]/) {
            note(file, "word", declared(substr(line, 3)))
            in_object = 0
        }
        if (line ~ /^#[ ]*define /) {
            split(line, words, /[ (]+/)
            note(file, "word", words[2])
        } else if (line ~ /^(struct|union|enum) [a-z_0-9]+ \{/) {
            split(line, words, " ")
            note(file, "tag", words[2])
        } else if (line ~ /^static / && line !~ /^static (const )?struct [a-z_0-9]+ \{/) {
            note(file, "word", declared(line))
        }
    }
    close(file)
}

function put(line) {
    if (form == "text") {
        print line
        return
    }
    gsub(/\\/, "&&", line)
    gsub(/"/, "\\\"", line)
    print "    \"" line "\\n\","
}

# A header that emitted C reads at a place of its own.
function whole(name,    file, i) {
    file = "runtime/include/prt/" name ".h"
    print "\nstatic const char *const " name "_text[] = {"
    for (i = 1; i <= lines[file]; i++)
        put(text[file, i])
    print "};"
}

function lookup(file, kind, name) {
    return (file, kind, name) in own ? own[file, kind, name] : (kind, name) in global ? global[kind, name] : name
}

# The line with its own names replaced, outside strings and comments. `comment` stays set from line to line.
function translate(file, line,    result, token, before) {
    result = ""
    before = ""
    while (line != "") {
        if (comment) {
            match(line, /\*\//)
            token = RSTART ? substr(line, 1, RSTART + 1) : line
            comment = !RSTART
        } else if (match(line, /^[A-Za-z_][A-Za-z0-9_]*/)) {
            token = substr(line, 1, RLENGTH)
        } else if (match(line, /^("([^"\\]|\\.)*"|\047([^\047\\]|\\.)*\047|\/\/.*|->|[0-9][A-Za-z0-9_.]*|[ \t]+)/)) {
            token = substr(line, 1, RLENGTH)
        } else if (line ~ /^\/\*/) {
            token = "/*"
            comment = 1
        } else {
            token = substr(line, 1, 1)
        }
        line = substr(line, length(token) + 1)
        if (token ~ /^[A-Za-z_]/ && before != "." && before != "->")
            result = result lookup(file, before ~ /^(struct|union|enum)$/ ? "tag" : "word", token)
        else
            result = result token
        if (token !~ /^[ \t]/)
            before = token
    }
    return result
}

function add(file,    i, line, name, depth) {
    if (done[file]++)
        return
    for (i = 1; i <= lines[file]; i++)
        if (text[file, i] ~ /^#[ ]*include (<prt\/|")/)
            add(place(text[file, i]))
    put("/* ---- " file " */")
    for (i = 1; i <= lines[file]; i++) {
        line = text[file, i]
        if (line ~ /^#[ ]*if/)
            depth++
        if (line ~ /^#[ ]*endif/)
            depth--
        if (line ~ /^#[ ]*include (<prt\/|")/ || line ~ /^#[ ]*define _GNU_SOURCE/ || line ~ /^#pragma GCC system_header/)
            continue
        if (line ~ /^#[ ]*include </) {
            if (depth <= (file ~ /\.h$/) && included[line]++)
                continue
            put(line)
        } else {
            if (file ~ /\.h$/) # a pipeline does not call all of them
                sub(/^static inline /, "__attribute__((unused)) static inline ", line)
            put(translate(file, line))
        }
    }
    put("")
}

# What not all programs need: the sources that the pattern fits.
function beside(name, pattern,    i) {
    if (form != "text")
        print "};\n\nstatic const char *const " name "_text[] = {"
    for (i = 1; i < ARGC; i++)
        if (ARGV[i] ~ pattern)
            add(ARGV[i])
}

function place(line,    name) {
    name = line
    gsub(/.*["<]|[">].*/, "", name)
    sub(/^#[ ]*include [<"]/, "", line)
    sub(/[>"].*/, "", line)
    return line ~ /^prt\// ? "runtime/include/" line : "runtime/" line
}

BEGIN {
    system_files = "/platform/(linux|cgroup|virtual)[.]c$"
    for (i = 1; i < ARGC; i++)
        learn(ARGV[i])
    if (form != "text")
        print "static const char *const runtime_text[] = {"
    add("runtime/include/prt/prt.h")
    for (i = 1; i < ARGC; i++)
        if (ARGV[i] ~ /\.c$/ && ARGV[i] !~ /\/(record|form|test)\// && ARGV[i] !~ system_files)
            add(ARGV[i])
    beside("linux", "/platform/(linux|cgroup)[.]c$")
    beside("record", "/record/.*[.]c$")
    beside("form", "/form/.*[.]c$")
    delete included # of what a test has not
    if (form != "text")
        beside("test", "/(test/.*|platform/virtual)[.]c$")
    if (form != "text") {
        print "};"
        whole("words")
        whole("wiring")
    }
}' $(sources)
}

if [ "$out" = - ]; then
    amalgamate text
else
    amalgamate array >"$out.new"
    mv "$out.new" "$out"
fi
