# Prints raw figures (files called after their run) as JSON: a list of runs, each with a list of results. -v about=TEXT:
# members for the machine, as JSON.

function quoted(s) {
    return "\"" s "\""
}

BEGIN {
    print "{"
    print about ","
    print "  \"runs\": ["
}

FNR == 1 {
    name = FILENAME
    sub(/.*\//, "", name)
    printf "%s    {\"run\": %s, \"results\": [\n", (NR > 1 ? "\n    ]},\n" : ""), quoted(name)
}

{
    s = "{\"peer\": " quoted($1)
    for (i = 2; i <= NF; i++) {
        at = index($i, "=")
        value = substr($i, at + 1)
        key = substr($i, 1, at - 1)
        # A sum has more digits than a reader's double holds.
        if (key == "sum" || value !~ /^-?[0-9]+(\.[0-9]+)?$/)
            value = quoted(value)
        s = s ", " quoted(key) ": " value
    }
    printf "%s      %s}", (FNR > 1 ? ",\n" : ""), s
}

END {
    print "\n    ]}\n  ]\n}"
}
