#!/bin/sh
# Writes the examples of `pipec explain`: for each code the shortest golden case, one that is about it alone if there is
# any. So an example cannot say what pipec does not.
#
#   tools/explain.sh FILE.h
set -eu
cd "$(dirname "$0")/.."

# Short cases before long ones.
cases() {
    wc -c tests/diag/*.pipe | sort -n | awk '$2 != "total" { print $2 }'
}

# shellcheck disable=SC2046 # no case has a blank in its name
awk '
function quoted(text) {
    gsub(/\\/, "&&", text)
    gsub(/"/, "\\\"", text)
    gsub(/\?/, "\\?", text)
    return "        \"" text "\\n\"\n"
}

# The whole file as C strings; "" where a line has something of `strange`.
function plain(file, strange,    line, text) {
    text = ""
    while ((getline line <file) > 0) {
        if (line ~ strange) {
            close(file)
            return ""
        }
        text = text quoted(line)
    }
    close(file)
    return text
}

# The first code of the messages, where `alone` the only one.
function code_of(err, alone,    line, code, found) {
    while ((getline line <err) > 0)
        if (match(line, /\[[EWN][0-9][0-9][0-9][0-9]\]$/) && ++found == 1)
            code = substr(line, RSTART + 1, 5)
    close(err)
    return alone && found > 1 ? "" : code
}

function look(file, alone,    err, code, text, message) {
    err = file
    sub(/\.pipe$/, ".err", err)
    code = code_of(err, alone)
    if (code == "" || code in seen)
        return
    text = plain(file, "[^ -~\t]")
    message = plain(err, "[\001-\037]")
    if (text == "" || message == "" || length(text) + length(message) > 4000)
        return
    seen[code] = 1
    printf "    { \"%s\",\n%s        ,\n%s    },\n", code, text, message
}

BEGIN {
    print "static const struct { const char *code, *file, *message; } examples[] = {"
    for (alone = 1; alone >= 0; alone--)
        for (i = 1; i < ARGC; i++)
            look(ARGV[i], alone)
    print "};"
}' $(cases) >"$1.new"
mv "$1.new" "$1"
