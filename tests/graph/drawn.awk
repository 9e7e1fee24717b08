# Draws a pipeline of `n` stages from a seed: each stage but the first receives from one before it, or from two; some
# channels are shared, and with -v back=1 one leads back.
#
#   awk -v n=30 -v seed=1 -f tests/graph/drawn.awk

function draw(m) { seed = (seed * 1103515 + 12345) % 2147483; return int(seed / 7) % m }

function join_stages(from, to,    c) {
    c = "c" channels
    if (outs[from] != "" && draw(10) < 3) {
        c = outs[from]; sub(/ .*/, "", c)
        if (index(" " ins[to] " ", " " c " ")) return
    } else {
        channels++
        outs[from] = outs[from] (outs[from] == "" ? "" : " ") c
        cap[c] = to > from ? "16" : "*"
        order[channels] = c
    }
    ins[to] = ins[to] (ins[to] == "" ? "" : " ") c
}

BEGIN {
    for (i = 1; i < n; i++)
        for (k = draw(5) == 0 ? 2 : 1; k > 0; k--) {
            j = i - 1
            while (j > 0 && draw(10) < 7) j--
            join_stages(j, i)
        }
    if (back) join_stages(n - 2, 2)
    print "pipeline drawn \"" n " stages\";"
    for (c = 1; c <= channels; c++) print "channel int " order[c] "[" cap[order[c]] "];"
    for (i = 0; i < n; i++) {
        text = "stage stage" i
        if (ins[i] != "") { list = ins[i]; gsub(/ /, " | ", list); text = text " (x <- " list ")" }
        k = split(outs[i], out, " ")
        for (o = 1; o <= k; o++) text = text (o == 1 ? " -> " : ", ") out[o]
        if (ins[i] != "" && draw(5) < 2) text = text "  workers " 2 + draw(7)
        body = k ? "" : "(void)x;"
        for (o = 1; o <= k; o++) body = body "emit(" (k > 1 ? out[o] ", " : "") (ins[i] != "" ? "x" : "1") "); "
        print text " { " body " }"
    }
}
