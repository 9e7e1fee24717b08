# Reads what summary.awk writes, and draws it: what an item costs with each peer (the further left the better), how much
# of two cores gets at the work (the further right the better), and how cost grows. SVG for light and dark pages.

function look(peer, class, shape, title) {
    peers[++peer_count] = peer
    class_of[peer] = class
    shape_of[peer] = shape
    title_of[peer] = title
}

BEGIN {
    FS = "\t"
    WIDTH = 900
    LEFT = 300
    RIGHT = 20
    ROW = 24
    look("go", "go", "full", "Go")
    look("go-64", "go", "open", "Go by 64")
    look("pthreads", "threads", "full", "pthreads")
    look("crossbeam", "crossbeam", "full", "crossbeam")
    look("moodycamel", "moodycamel", "full", "moodycamel")
    look("tbb-queue", "tbb", "full", "TBB queue")
    look("tbb-flow", "tbb", "cross", "TBB flow")
    look("tbb-pipeline", "tbb", "square", "TBB pipeline")
    look("tbb-pipeline-64", "tbb", "open", "TBB pipeline by 64")
    look("pipec", "pipec", "diamond", "pipec")
}

function log10(x) {
    return log(x) / log(10)
}

function escaped(s) {
    gsub(/&/, "\\&amp;", s)
    gsub(/</, "\\&lt;", s)
    return s
}

function draw(s) {
    body = body s "\n"
}

function text(x, y, anchor, class, s) {
    draw(sprintf("<text x='%.1f' y='%.1f' text-anchor='%s' class='%s'>%s</text>", x, y, anchor, class, escaped(s)))
}

function line(x1, y1, x2, y2, class) {
    draw(sprintf("<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' class='%s'/>", x1, y1, x2, y2, class))
}

function mark(x, y, peer, tip,    shape, attributes) {
    shape = shape_of[peer]
    attributes = "class='" class_of[peer] (shape == "open" || shape == "cross" ? " open" : "") "'"
    tip = "<title>" escaped(tip) "</title>"
    if (shape == "diamond")
        draw(sprintf("<path d='M%.1f %.1fl7 7l-7 7l-7-7z' %s>%s</path>", x, y - 7, attributes, tip))
    else if (shape == "square")
        draw(sprintf("<rect x='%.1f' y='%.1f' width='8' height='8' %s>%s</rect>", x - 4, y - 4, attributes, tip))
    else if (shape == "cross")
        draw(sprintf("<path d='M%.1f %.1fl8 8m0-8l-8 8' %s>%s</path>", x - 4, y - 4, attributes, tip))
    else
        draw(sprintf("<circle cx='%.1f' cy='%.1f' r='4.5' %s>%s</circle>", x, y, attributes, tip))
}

function short_number(x) {
    if (x >= 1024 && x % 1024 == 0)
        return x / 1024 "Ki"
    return x >= 1e6 ? x / 1e6 "M" : x >= 1e3 ? x / 1e3 "k" : x ""
}

{
    key = $2 SUBSEP $3
    if (!(key in seen)) {
        seen[key] = 1
        keys[++key_count] = key
        run_of[key] = $2
        figure_of[key] = $3
        what[key] = $4
    }
    value[key, $6] = $7
    if (index($2, "-") && $6 ~ /^(pipec|go)$/ && $3 ~ /^(ns|per-stage|per-byte)$/)
        note_growth($2, $6, $7)
}

function note_growth(run, peer, x,    name, step) {
    name = substr(run, 1, index(run, "-") - 1)
    step = substr(run, index(run, "-") + 1)
    if (!(name in steps))
        series[++series_count] = name
    if (!((name, step) in step_of)) {
        step_of[name, step] = ++steps[name]
        step_name[name, steps[name]] = step
    }
    growth[name, peer, step_of[name, step]] = x
}

# The peers of the legend that are in a figure.
function legend(y,    i, x) {
    x = 20
    for (i = peer_count; i >= 1; i--) {
        mark(x, y, peers[i], title_of[peers[i]])
        text(x + 11, y + 4, "start", "small", title_of[peers[i]])
        x += 24 + 6.8 * length(title_of[peers[i]])
    }
}

# Where a value lies between the ends of the axis; with is_log on a logarithmic one.
function place(x, least, most, is_log) {
    if (is_log)
        return LEFT + (log10(x) - log10(least)) / (log10(most) - log10(least)) * (WIDTH - LEFT - RIGHT)
    return LEFT + (x - least) / (most - least) * (WIDTH - LEFT - RIGHT)
}

# One line for each figure that has what is wanted: a mark for each peer.
function dots(y, title, wanted, least, most, is_log, unit,    i, k, p, n, x, tick, top) {
    text(20, y, "start", "title", title)
    y += 22
    top = y - 8
    for (k = 1; k <= key_count; k++) {
        if (!(figure_of[keys[k]] ~ wanted) || index(run_of[keys[k]], "-"))
            continue
        y += ROW
        text(LEFT - 14, y - ROW / 2 + 4, "end", "label", what[keys[k]])
        line(LEFT, y - ROW / 2, WIDTH - RIGHT, y - ROW / 2, "rule")
        for (p = 1; p <= peer_count; p++) {
            if (!((keys[k], peers[p]) in value))
                continue
            x = value[keys[k], peers[p]]
            mark(place(x < least ? least : x > most ? most : x, least, most, is_log), y - ROW / 2, peers[p],
                title_of[peers[p]] ": " sprintf(x < 10 ? "%.2f" : "%.0f", x) unit)
        }
    }
    for (tick = least; tick <= most * 1.0001; tick = is_log ? tick * 10 : tick + 0.2) {
        line(place(tick, least, most, is_log), top, place(tick, least, most, is_log), y, "grid")
        text(place(tick, least, most, is_log), y + 16, "middle", "small", short_number(tick) unit)
    }
    return y + 46
}

# How one series grows, in a box.
function panel(name, title, x, y, wide, high,    i, p, least, most, v, path, px, py, peer, tick) {
    least = 1e30
    most = 0
    for (i = 1; i <= steps[name]; i++)
        for (p = 1; p <= 2; p++) {
            v = growth[name, p == 1 ? "pipec" : "go", i]
            if (v > 0 && v < least)
                least = v
            if (v > most)
                most = v
        }
    least = 10 ^ floor(log10(least))
    most = 10 ^ -floor(-log10(most))
    text(x - 30, y - 10, "start", "title", title)
    for (tick = least; tick <= most * 1.0001; tick *= 10) {
        py = y + high - (log10(tick) - log10(least)) / (log10(most) - log10(least)) * high
        line(x, py, x + wide, py, "rule")
        text(x - 6, py + 4, "end", "small", short_number(tick))
    }
    for (i = 1; i <= steps[name]; i++)
        text(x + (i - 0.5) / steps[name] * wide, y + high + 16, "middle", "small", short_number(step_name[name, i] + 0))
    for (p = 1; p <= 2; p++) {
        peer = p == 1 ? "go" : "pipec"
        path = ""
        for (i = 1; i <= steps[name]; i++) {
            v = growth[name, peer, i]
            if (v > 0)
                path = path sprintf("%s%.1f %.1f", path ? "L" : "M", x + (i - 0.5) / steps[name] * wide,
                    y + high - (log10(v) - log10(least)) / (log10(most) - log10(least)) * high)
        }
        draw("<path d='" path "' class='line " class_of[peer] "'/>")
        for (i = 1; i <= steps[name]; i++) {
            v = growth[name, peer, i]
            if (v > 0)
                mark(x + (i - 0.5) / steps[name] * wide,
                    y + high - (log10(v) - log10(least)) / (log10(most) - log10(least)) * high, peer,
                    title_of[peer] ": " sprintf("%.2f", v) " ns")
        }
    }
}

function floor(x) {
    return int(x) > x ? int(x) - 1 : int(x)
}

END {
    legend(24)
    y = dots(64, "Nanoseconds per item, or per round trip", "^(ns|p50)$", 1, 1e6, 1, " ns")
    y = dots(y, "1 µs of work per item: share of all cores that gets at the work", "^share$", 0, 1, 0, "")
    title_of_series["stages"] = "per item and stage, by number of stages"
    title_of_series["workers"] = "per item, by number of workers"
    title_of_series["size"] = "per byte, by bytes of an item"
    title_of_series["capacity"] = "per item, by capacity"
    if (series_count) {
        text(20, y, "start", "title", "How cost grows, in nanoseconds (pipec and Go)")
        y += 40
    }
    at = 0
    for (s = 1; s <= series_count; s++) {
        if (!(series[s] in title_of_series))
            continue
        panel(series[s], title_of_series[series[s]], at % 2 ? 500 : 60, y, 380, 130)
        if (at++ % 2)
            y += 200
    }
    print "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 " WIDTH " " y + (at % 2 ? 200 : 0) "' role='img'>"
    print "<title>pipec and its peers</title>"
    print "<style>"
    print "text { font: 13px system-ui, sans-serif; fill: #24292f; }"
    print ".title { font-weight: 600; } .small { font-size: 11px; fill: #57606a; }"
    print ".rule { stroke: #d0d7de; } .grid { stroke: #d0d7de; stroke-dasharray: 2 3; }"
    print ".pipec { fill: #cf222e; stroke: #fff; } .go { fill: #0969da; stroke: #0969da; }"
    print ".threads { fill: #6e7781; stroke: #6e7781; } .crossbeam { fill: #bc4c00; stroke: #bc4c00; }"
    print ".moodycamel { fill: #1a7f37; stroke: #1a7f37; } .tbb { fill: #8250df; stroke: #8250df; }"
    print ".open { fill: none; stroke-width: 2; } .line { fill: none; stroke-width: 2; } .line.pipec { stroke: #cf222e; }"
    print "@media (prefers-color-scheme: dark) {"
    print "text { fill: #e6edf3; } .small { fill: #8d96a0; } .rule, .grid { stroke: #3d444d; }"
    print ".pipec { fill: #ff7b72; stroke: #0d1117; } .go { fill: #58a6ff; stroke: #58a6ff; }"
    print ".threads { fill: #9198a1; stroke: #9198a1; } .crossbeam { fill: #f0883e; stroke: #f0883e; }"
    print ".moodycamel { fill: #3fb950; stroke: #3fb950; } .tbb { fill: #bc8cff; stroke: #bc8cff; }"
    print ".open { fill: none; } .line { fill: none; } .line.pipec { stroke: #ff7b72; }"
    print "}"
    print "</style>"
    printf "%s", body
    print "</svg>"
}
