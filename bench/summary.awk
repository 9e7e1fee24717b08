# Reads bench/rows, then raw figures (files called after their run), and writes one line for each figure and peer:
#
#   table, run, figure, what it is, bars, peer, median, least, most, ratio to ours, least, most, rounds
#
# separated by tabs. A ratio is how many times better we are than the peer in the same round.

BEGIN {
    FS = "|"
    OFS = "\t"
}

# Sorts list[1..n].
function sort(list, n,    i, j, x) {
    for (i = 2; i <= n; i++) {
        x = list[i]
        for (j = i - 1; j > 0 && list[j] > x; j--)
            list[j + 1] = list[j]
        list[j + 1] = x
    }
}

function median(list, n) {
    return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}

function spread(list, n) {
    sort(list, n)
    return median(list, n) OFS list[1] OFS list[n]
}

function trim(s) {
    gsub(/^ +| +$/, "", s)
    return s
}

FNR == 1 {
    file++
    name = FILENAME
    sub(/.*\//, "", name)
}

file == 1 && /^= / {
    table = substr($0, 3)
    next
}

file == 1 && /^[^#|]/ {
    run = trim($1)
    next
}

file == 1 && /^\|/ {
    figures++
    run_of[figures] = run
    table_of[figures] = table
    figure[figures] = trim($2)
    what[figures] = trim($3)
    bars[figures] = trim($4)
    next
}

file == 1 { next }

# PEER round=N KEY=VALUE...
{
    n = split($0, words, " ")
    peer = words[1]
    round = substr(words[2], 7) + 0
    if (round > rounds[name])
        rounds[name] = round
    if (!((name, peer) in seen)) {
        seen[name, peer] = 1
        peers[name] = peers[name] " " peer
    }
    for (i = 3; i <= n; i++) {
        at = index(words[i], "=")
        value[name, peer, round, substr(words[i], 1, at - 1)] = substr(words[i], at + 1)
    }
}

# A figure from what a run printed and cost. A share is how much of what the limit does in this round is done.
function value_of(run, peer, round, figure) {
    if (figure == "share")
        return value[run, "limit", round, "ns"] / value[run, peer, round, "ns"]
    if (figure == "ms")
        return 1000 * value[run, peer, round, "wall"]
    if (figure == "MB")
        return value[run, peer, round, "rss"] / 1024
    if (figure == "core")
        return 100 * value[run, peer, round, "cpu"] / value[run, peer, round, "wall"]
    if (figure == "per-stage")
        return value[run, peer, round, "ns"] / value[run, peer, round, "workers"]
    if (figure == "per-byte")
        return value[run, peer, round, "ns"] / value[run, peer, round, "size"]
    return value[run, peer, round, figure] + 0
}

function is_high_good(figure) {
    return figure == "share" || figure == "speed" || figure == "waiting"
}

END {
    for (f = 1; f <= figures; f++) {
        run = run_of[f]
        n = split(peers[run], list, " ")
        for (p = 1; p <= n; p++) {
            for (r = 1; r <= rounds[run]; r++) {
                ours = value_of(run, "pipec", r, figure[f])
                theirs = value_of(run, list[p], r, figure[f])
                values[r] = theirs
                if (is_high_good(figure[f]))
                    ratios[r] = theirs ? ours / theirs : 0
                else
                    ratios[r] = ours ? theirs / ours : 0
            }
            print table_of[f], run, figure[f], what[f], bars[f], list[p], spread(values, rounds[run]),
                spread(ratios, rounds[run]), rounds[run]
        }
    }
}
