# Reads what summary.awk writes, and prints in Markdown, for each table of bench/rows, how many times better we are than
# each peer, and whether the bars are met. -v all=1: all figures, too. -v brief=1: only medians.

function name(peer, title) {
    column[columns++] = peer
    title_of[peer] = title
}

BEGIN {
    FS = "\t"
    name("pipec", "pipec")
    name("limit", "no queue")
    name("go", "Go")
    name("go-64", "Go by 64")
    name("go-mutexes", "Go with mutexes")
    name("go-lines", "Go by lines")
    name("pthreads", "pthreads")
    name("crossbeam", "crossbeam")
    name("moodycamel", "moodycamel")
    name("tbb-queue", "TBB queue")
    name("tbb-pipeline", "TBB pipeline")
    name("tbb-pipeline-64", "TBB pipeline by 64")
    name("tbb-flow", "TBB flow")
    name("one-hop", "one hop")
    name("c", "C, one core")
    name("xargs", "find, xargs -P")
    name("gzip", "gzip")
    name("pigz", "pigz -p")
    name("grep", "grep -c")
    name("sort", "sort, uniq")
    name("sort-m", "sort -m")
    unit["ns"] = " ns"
    unit["cpu"] = unit["wall"] = " s"
    unit["speed"] = " MB/s"
    unit["p50"] = unit["p99"] = unit["per-stage"] = unit["per-byte"] = unit["drain"] = " ns"
    unit["error"] = unit["core"] = unit["idle"] = " %"
    unit["ms"] = " ms"
    unit["MB"] = " MB"
}

# A number with two to three digits that mean something.
function digits(x) {
    return x >= 99.5 ? sprintf("%.0f", x) : x >= 9.95 ? sprintf("%.1f", x) : sprintf("%.2f", x)
}

function median_text(row, peer) {
    return digits(median[row, peer]) unit[figure[row]]
}

function value_text(row, peer) {
    return median_text(row, peer) " (" digits(least[row, peer]) " to " digits(most[row, peer]) ")"
}

$1 != table {
    print_both()
    table = $1
}

{
    key = $2 SUBSEP $3
    if (!(key in row_of)) {
        row_of[key] = ++rows
        series[rows] = substr($2, 1, index($2, "-"))
        figure[rows] = $3
        what[rows] = $4
        bars[rows] = $5
    }
    row = row_of[key]
    has[row, $6] = 1
    used[$6] = 1
    median[row, $6] = $7
    least[row, $6] = $8
    most[row, $6] = $9
    ratio[row, $6] = $10
}

function first_of(prefix,    row) {
    for (row = 1; series[row] != prefix; row++)
        ;
    return row
}

# What the bars say: "ok", or what is short of what. Sets bar_text.
function judge(row,    n, i, list, kind, want, got, short) {
    n = split(bars[row], list, " ")
    bar_text = ""
    for (i = 1; i <= n; i++) {
        kind = substr(list[i], 1, index(list[i], ":") - 1)
        want = substr(list[i], index(list[i], ":") + 1)
        bar_text = bar_text (i > 1 ? ", " : "")
        if (kind == "max") {
            bar_text = bar_text "≤ " want
            if (median[row, "pipec"] > want + 0)
                short = short ", " digits(median[row, "pipec"])
        } else if (kind == "min") {
            bar_text = bar_text "≥ " want
            if (median[row, "pipec"] < want + 0)
                short = short ", " digits(median[row, "pipec"])
        } else if (kind == "flat") {
            bar_text = bar_text "flat"
            if (median[row, "pipec"] > want * median[first_of(series[row]), "pipec"])
                short = short ", " digits(median[row, "pipec"] / median[first_of(series[row]), "pipec"]) " × the first"
        } else {
            bar_text = bar_text want " × " title_of[kind]
            if ((row, kind) in has && ratio[row, kind] < want + 0)
                short = short ", " digits(ratio[row, kind]) " × " title_of[kind]
        }
    }
    return n == 0 ? "" : short ? "**short**: " substr(short, 3) : "ok"
}

# The width of a text on a screen: bytes that go on a letter of UTF-8 do not count.
function width(s) {
    gsub(/[\200-\277]/, "", s)
    return length(s)
}

function add(text) {
    cell[lines, ++cells] = text
    if (width(text) > wide[cells])
        wide[cells] = width(text)
}

function new_line() {
    lines++
    cells = 0
}

# The first `left` columns are text, the others numbers.
function print_table(left,    i, j, s, pad) {
    for (i = 1; i <= lines; i++) {
        s = ""
        for (j = 1; j <= cells; j++) {
            pad = sprintf("%" (wide[j] - width(cell[i, j])) "s", "")
            s = s "| " (j > left ? pad cell[i, j] : cell[i, j] pad) " "
        }
        print s "|"
        if (i == 1) {
            s = ""
            for (j = 1; j <= cells; j++)
                s = s "| " (j > left ? "--:" : "---") " "
            print s "|"
        }
    }
    lines = 0
    split("", wide)
}

function ratio_table(    row, i, verdict) {
    new_line()
    add("times as good as")
    add("pipec")
    add("bar")
    add("met?")
    for (i = 1; i < columns; i++)
        if (used[column[i]])
            add(title_of[column[i]])
    for (row = 1; row <= rows; row++) {
        new_line()
        verdict = judge(row)
        add(what[row])
        add(value_text(row, "pipec"))
        add(bar_text)
        add(verdict)
        for (i = 1; i < columns; i++)
            if (used[column[i]])
                add((row, column[i]) in has ? digits(ratio[row, column[i]]) : "")
    }
    print_table(1)
}

function figure_table(    row, i) {
    new_line()
    add(brief ? "" : "median (least to most)")
    for (i = 0; i < columns; i++)
        if (used[column[i]])
            add(title_of[column[i]])
    for (row = 1; row <= rows; row++) {
        new_line()
        add(what[row])
        for (i = 0; i < columns; i++)
            if (used[column[i]])
                add((row, column[i]) in has ? brief ? median_text(row, column[i]) : value_text(row, column[i]) : "")
    }
    print_table(1)
}

function print_both() {
    if (rows == 0)
        return
    if (!brief) {
        print "### " table "\n"
        ratio_table()
        print ""
    }
    if (all || brief) {
        figure_table()
        print ""
    }
    rows = 0
    split("", row_of)
    split("", has)
    split("", used)
}

END {
    print_both()
}
