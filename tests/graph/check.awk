# Reads an SVG of `pipec graph`, and tells what is wrong with it, as far as that can be computed from where things are:
#
#   - everything is inside of the picture; no two boxes overlap; a box is inside of a frame or away from it, a frame inside
#     of another or away from it; what a box says is within it;
#   - a wire begins at the box that it leaves, ends at the one that it enters, and touches no box on its way.
#
# With -v count=1 it also prints how many pairs of wires that share no box cross: "N crossings".

function attribute(line, name,    at) {
    at = index(line, " " name "=\"")
    if (!at) return ""
    line = substr(line, at + length(name) + 3)
    return substr(line, 1, index(line, "\"") - 1)
}

function number_of(line, name) { return attribute(line, name) + 0 }

# Once each: of a wire many points may be wrong.
function complain(text) { if (!(text in said)) print text; said[text] = 1 }

# The numbers of a path with its letters, as words in `word`.
function split_path(d,    n) {
    gsub(/[A-Za-z]/, " & ", d)
    gsub(/-/, " -", d)
    gsub(/^ +| +$/, "", d)
    return split(d, word, / +/)
}

# left, top, right, bottom of a box's path, which has h, v and a in turn
function measure(d,    n, i, x, y) {
    n = split_path(d)
    x = left = right = word[2] + 0; y = top = bottom = word[3] + 0
    for (i = 4; i <= n; i++) {
        if (word[i] == "h") x += word[++i]
        else if (word[i] == "v") y += word[++i]
        else if (word[i] == "a") { x += word[i + 6]; y += word[i + 7]; i += 7 }
        if (x < left) left = x
        if (x > right) right = x
        if (y < top) top = y
        if (y > bottom) bottom = y
    }
}

# The points of a wire, on curves a few of them: px[w, i], py[w, i], i from 1 to points[w]
function trace(w, d,    n, i, k, t, u, x, y) {
    n = split_path(d)
    for (i = 1; i <= n; ) {
        if (word[i] == "C") {
            for (k = 1; k <= 12; k++) {
                t = k / 12; u = 1 - t
                add(w, u * u * u * x + 3 * u * u * t * word[i + 1] + 3 * u * t * t * word[i + 3] + t * t * t * word[i + 5],
                    u * u * u * y + 3 * u * u * t * word[i + 2] + 3 * u * t * t * word[i + 4] + t * t * t * word[i + 6])
            }
            x = word[i + 5] + 0; y = word[i + 6] + 0; i += 7
        } else {
            x = word[i + 1] + 0; y = word[i + 2] + 0; i += 3
            add(w, x, y)
        }
    }
}

function add(w, x, y) {
    points[w]++; px[w, points[w]] = x; py[w, points[w]] = y
    if (points[w] == 1 || x < wl[w]) wl[w] = x
    if (points[w] == 1 || x > wr[w]) wr[w] = x
    if (points[w] == 1 || y < wt[w]) wt[w] = y
    if (points[w] == 1 || y > wb[w]) wb[w] = y
}

/^<svg / { wide = number_of($0, "width"); high = number_of($0, "height") }
/^<g class="frame"/ { kind = "frame" }
/^<g class="(stage|channel)/ { kind = "box"; b = ++boxes; name[b] = attribute($0, "data-name"); number[name[b]] = b }
/^<rect / && kind == "frame" {
    f = ++frames
    fl[f] = number_of($0, "x"); ft[f] = number_of($0, "y")
    fr[f] = fl[f] + number_of($0, "width"); fb[f] = ft[f] + number_of($0, "height")
}
/^<path d=/ && kind == "box" { # behind it stands the edge of further workers
    measure(attribute($0, "d"))
    if (!(b in bl)) { bl[b] = left; bt[b] = top; br[b] = right; bb[b] = bottom }
    else if (left < bl[b]) { bl[b] = left; bt[b] = top }
}
/^<text/ && kind == "box" {
    y = number_of($0, "y"); x = number_of($0, "x")
    if (y <= bt[b] || y >= bb[b] || x <= bl[b] || x >= br[b]) complain("what " name[b] " says is not within it")
}
/^<\/g>/ { kind = "" }
/^<path class="wire/ {
    w = ++wires; from[w] = attribute($0, "data-from"); to[w] = attribute($0, "data-to")
    trace(w, attribute($0, "d"))
}

function inside(l, t, r, b, L, T, R, B) { return l >= L && t >= T && r <= R && b <= B }
function apart(l, t, r, b, L, T, R, B) { return r <= L || R <= l || b <= T || B <= t }

function check_boxes(    b, c, f, g) {
    for (b = 1; b <= boxes; b++) {
        if (!inside(bl[b], bt[b], br[b], bb[b], 0, 0, wide, high)) complain(name[b] " is not inside of the picture")
        for (c = b + 1; c <= boxes; c++)
            if (!apart(bl[b], bt[b], br[b], bb[b], bl[c], bt[c], br[c], bb[c])) complain(name[b] " and " name[c] " overlap")
        for (f = 1; f <= frames; f++)
            if (!apart(bl[b], bt[b], br[b], bb[b], fl[f], ft[f], fr[f], fb[f]) &&
                !inside(bl[b], bt[b], br[b], bb[b], fl[f], ft[f], fr[f], fb[f])) complain(name[b] " lies across frame " f)
    }
    for (f = 1; f <= frames; f++)
        for (g = 1; g < f; g++)
            if (!apart(fl[f], ft[f], fr[f], fb[f], fl[g], ft[g], fr[g], fb[g]) &&
                !inside(fl[f], ft[f], fr[f], fb[f], fl[g], ft[g], fr[g], fb[g])) complain("frames " g " and " f " overlap")
}

# Whether a point is at the box, within `by`.
function touches(x, y, b, by) { return x >= bl[b] - by && x <= br[b] + by && y >= bt[b] - by && y <= bb[b] + by }

function check_wires(    w, i, b, x, y, row, n, list, k) {
    for (b = 1; b <= boxes; b++)
        for (row = int(bt[b] / 50); row <= int(bb[b] / 50); row++) rows[row] = rows[row] " " b
    for (w = 1; w <= wires; w++) {
        if (!(from[w] in number) || !(to[w] in number)) { complain("a wire leads from or to nothing"); continue }
        if (!touches(px[w, 1], py[w, 1], number[from[w]], 1))
            complain("the wire from " from[w] " to " to[w] " does not begin at its box")
        if (!touches(px[w, points[w]], py[w, points[w]], number[to[w]], 5))
            complain("the wire from " from[w] " to " to[w] " does not end at its box")
        for (i = 1; i <= points[w]; i++) {
            x = px[w, i]; y = py[w, i]
            if (x < 0 || y < 0 || x > wide || y > high) complain("the wire from " from[w] " to " to[w] " leaves the picture")
            n = split(rows[int(y / 50)], list, " ")
            for (k = 1; k <= n; k++)
                if (touches(x, y, list[k], -1)) complain("the wire from " from[w] " to " to[w] " runs over " name[list[k]])
        }
    }
}

function side(ax, ay, bx, by, cx, cy) { return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) }

function cross(v, w,    i, j, a, b, c, d) {
    for (i = 1; i < points[v]; i++)
        for (j = 1; j < points[w]; j++) {
            a = side(px[v, i], py[v, i], px[v, i + 1], py[v, i + 1], px[w, j], py[w, j])
            b = side(px[v, i], py[v, i], px[v, i + 1], py[v, i + 1], px[w, j + 1], py[w, j + 1])
            c = side(px[w, j], py[w, j], px[w, j + 1], py[w, j + 1], px[v, i], py[v, i])
            d = side(px[w, j], py[w, j], px[w, j + 1], py[w, j + 1], px[v, i + 1], py[v, i + 1])
            if ((a < 0) != (b < 0) && (c < 0) != (d < 0)) return 1
        }
    return 0
}

function count_crossings(    v, w, n) {
    for (v = 1; v <= wires; v++)
        for (w = v + 1; w <= wires; w++)
            if (from[v] != from[w] && from[v] != to[w] && to[v] != from[w] && to[v] != to[w] &&
                !apart(wl[v], wt[v], wr[v], wb[v], wl[w], wt[w], wr[w], wb[w])) n += cross(v, w)
    print n + 0 " crossings"
}

END {
    if (!boxes) complain("no boxes")
    check_boxes()
    check_wires()
    if (count) count_crossings()
}
