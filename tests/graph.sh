#!/usr/bin/env bash
# pipec graph: what it draws, checked by computing from where things are (tests/graph/check.awk), and against pictures that
# a person has looked at.
#
#   tests/graph.sh [--update]     --update: writes the golden pictures, tests/graph/NAME.{svg,mmd,dot} and docs/graphs
. "$(dirname "$0")/lib.sh"
needs "$PIPEC" "$BUILD/tests/fuzz/near" "$BUILD/tests/steps/pipec"
export NO_COLOR=1

# exits STATUS COMMAND...: its output in $tmp/out and $tmp/err
exits() {
    local wanted=$1
    shift
    "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
    [ $? -eq "$wanted" ]
}

# says STATUS TEXT COMMAND...
says() {
    local status=$1 text=$2
    shift 2
    exits "$status" "$@" && grep -qF -- "$text" "$tmp/err" && return
    cat "$tmp/out" "$tmp/err"
    return 1
}

# well_formed FILE: by xmllint where there is one, and always by what each line of ours is
well_formed() {
    awk '/^<style>/ { style = 1 } style { if (/^<\/style>/) style = 0; next }
         { line = $0; gsub(/&(amp|lt|gt|quot|#10|#xFFFD);/, "", line); if (line ~ /&/) { print "a bare &: " $0; bad = 1 } }
         /^<g / { open++ } /^<\/g>/ { open--; if (open < 0) bad = 1 }
         !/^<(svg|\/svg|title|rect|text|path|g|\/g)( [a-z:A-Z-]+="[^"<]*")*\/?>/ { print "what is that: " $0; bad = 1 }
         END { exit bad || open != 0 }' "$1" || return
    ! command -v xmllint >/dev/null || xmllint --noout "$1"
}

# sound FILE: nothing in the picture is where it must not be
sound() {
    awk -f tests/graph/check.awk "$1" >"$tmp/wrong" && [ ! -s "$tmp/wrong" ] && well_formed "$1" && return
    head -n 5 "$tmp/wrong"
    return 1
}

# drawn OPTION... FILE: to $tmp/drawn.svg, and sound
drawn() {
    "$PIPEC" graph -o "$tmp/drawn.svg" "$@" && sound "$tmp/drawn.svg"
}

crossings() {
    awk -v count=1 -f tests/graph/check.awk "$1" | sed -n 's/ crossings$//p'
}

# shown: each picture is in a page, and in the list of examples if it is of one
shown() {
    local file bad=0
    for file in docs/graphs/*.svg; do
        grep -q "graphs/${file##*/})" docs/*.md README.md || { echo "no page shows $file"; bad=1; }
    done
    for file in examples/*.pipe; do
        grep -q '^pipeline ' "$file" || continue
        file=${file##*/}
        grep -q "graphs/${file%.pipe}.svg" docs/graph.md || { echo "docs/graph.md does not show $file"; bad=1; }
    done
    return $bad
}

# ---- golden pictures ----

# pictures FORMAT-ENDING...: of each case, compared or written
for file in tests/graph/*.pipe; do
    name=${file%.pipe}
    for ending in svg mmd dot; do
        if [ "${1-}" = --update ]; then
            "$PIPEC" graph -o "$name.$ending" "$file" || exit 1
        else
            check "${name#tests/}.$ending" "$PIPEC" graph -o "$tmp/case.$ending" "$file"
            same "${name#tests/}.$ending is as it was" "$name.$ending" "$tmp/case.$ending"
        fi
    done
done
if [ "${1-}" = --update ]; then
    tools/graphs.sh
    exit
fi
tools/graphs.sh "$tmp/graphs" || fail "tools/graphs.sh" "fails"
for file in "$tmp"/graphs/*; do
    same "${file#"$tmp"/} is up to date (make golden)" "docs/graphs/${file##*/}" "$file"
done
check "and all of them are shown" shown

# ---- every example, both ways ----

for file in examples/*.pipe; do
    grep -q '^pipeline ' "$file" || continue
    for direction in right down; do
        check "$file, $direction" drawn --direction=$direction "$file"
        check "$file, $direction: few wires cross" test "$(crossings "$tmp/drawn.svg")" -le 2
    done
done
for file in tests/run/*.pipe; do
    grep -q '^pipeline ' "$file" || continue
    "$PIPEC" check "$file" >/dev/null 2>&1 || continue
    check "$file" drawn "$file"
done

# ---- the same from everywhere ----

cp examples/wordfreq.pipe examples/chunks.pipe examples/*.h "$tmp"
"$PIPEC" graph -o "$tmp/here.svg" examples/wordfreq.pipe
"$PIPEC" graph -o "$tmp/there.svg" "$tmp/wordfreq.pipe"
same "a picture does not say where its file is" "$tmp/here.svg" "$tmp/there.svg"

# ---- frames within frames, and what is refused ----

for direction in right down; do
    check "frames, $direction" drawn --direction=$direction tests/graph/frames.pipe
    check "all that there is, $direction" drawn --direction=$direction tests/graph/words.pipe
done

# ---- graphs whose best picture is known ----

# pipeline EDGES: a pipeline with a channel for each word "a>b", whose stages are named so
pipeline() {
    printf '%s\n' "$@" | awk -F '>' '
        { c = "c" NR; print "channel int " c "[4];"
          out[$1] = out[$1] (out[$1] ? ", " : "") c; send[$1] = send[$1] "emit(" c ", 1); "
          into[$2] = into[$2] (into[$2] ? " | " : "") c
          if (!($1 in seen)) order[++n] = $1; seen[$1]; if (!($2 in seen)) order[++n] = $2; seen[$2] }
        END { print "pipeline known;"
              for (i = 1; i <= n; i++) { s = order[i]
                  print "stage " s (into[s] ? " (x <- " into[s] ")" : "") (out[s] ? " -> " out[s] : "") \
                      " { " (into[s] ? "(void)x; " : "") send[s] "}" } }' >"$tmp/known.pipe"
}

# crosses MOST: the pipeline at hand, both ways
crosses() {
    local direction
    for direction in right down; do
        drawn --direction=$direction "$tmp/known.pipe" || return
        [ "$(crossings "$tmp/drawn.svg")" -le "$1" ] || { crossings "$tmp/drawn.svg"; return 1; }
    done
}

# shellcheck disable=SC2046 # a list of words
{
    pipeline $(for i in {1..29}; do echo "s$i>s$((i + 1))"; done)
    check "a chain of 30 is straight" crosses 0
    pipeline $(for i in {1..31}; do echo "s$i>s$((2 * i)) s$i>s$((2 * i + 1))"; done)
    check "a tree crosses nowhere" crosses 0
    pipeline $(for i in {1..31}; do echo "s$((2 * i))>s$i s$((2 * i + 1))>s$i"; done)
    check "nor does one that comes together" crosses 0
    pipeline r\>x1 r\>y1 r\>z1 $(for i in {1..6}; do for k in x y z; do echo "$k$i>$k$((i + 1))"; done; done) x7\>e y7\>e z7\>e
    check "nor do three ways from one to one" crosses 0
    pipeline $(for i in {1..8}; do echo "a$i>a$((i + 1)) b$i>b$((i + 1)) a$i>b$((i + 1))"; done)
    check "nor does a ladder" crosses 0
    pipeline $(for i in 1 5 3 7 2 6 4 8; do echo "s$i>t$i s$i>t$((i + 1))"; done)
    check "nor does a zigzag whose stages are told out of order" crosses 0
    pipeline $(for i in 3 1 4 2; do echo "r>m$i"; for k in 2 3 1; do echo "m$i>n$i$k n$i$k>o$i"; done; echo "o$i>e"; done)
    check "nor do ways that part and meet" crosses 0
    pipeline $(for i in 1 2 3; do for k in 1 2 3; do echo "a$i>b$k"; done; done)
    check "three to three cross nine times" crosses 9
}

# ---- many stages ----

for n in 3 30 300; do
    for seed in 1 2 3; do
        awk -v n=$n -v seed=$seed -v back=$((n > 3)) -f tests/graph/drawn.awk >"$tmp/many.pipe"
        check "$n stages, seed $seed" drawn "$tmp/many.pipe"
    done
done
check "300 stages cross now and then ($(crossings "$tmp/drawn.svg") times)" test "$(crossings "$tmp/drawn.svg")" -le 60

# steps_of N: how many steps the picture takes (tests/steps)
steps_of() {
    awk -v n="$1" -v seed=1 -f tests/graph/drawn.awk >"$tmp/many.pipe"
    "$BUILD/tests/steps/pipec" graph -o /dev/null "$tmp/many.pipe" 2>&1 | sed -n 's/ steps$//p'
}
few=$(steps_of 300)
many=$(steps_of 3000)
check "a picture of 300 stages takes $few steps" test "$few" -le 30000000
check "the work grows little faster than the stages ($few steps, $many steps)" test "$many" -le $((20 * few))
{
    echo 'pipeline large;'
    for i in {1..1500}; do echo "channel int c${i}[1]; channel int d${i}[1];"; done
    echo 'stage s0 -> c1 { emit(1); }'
    for i in {1..1499}; do echo "stage s$i (x <- c$i) -> c$((i + 1)), d$i { emit(c$((i + 1)), x); emit(d$i, x); }"; done
    echo 'stage s1500 (x <- c1500) -> d1500 { emit(x); }'
    printf 'stage all (x <- d1'
    printf ' | d%s' {2..1500}
    echo ') { (void)x; }'
} >"$tmp/large.pipe"
check "a graph that no picture holds" says 1 "the graph is too large for a picture" "$PIPEC" graph -o "$tmp/none.svg" "$tmp/large.pipe"
check "leaves none" fails test -e "$tmp/none.svg"
check "graphviz may have it" exits 0 "$PIPEC" graph --format=dot "$tmp/large.pipe"

# ---- the command ----

cp examples/fanout.pipe "$tmp/words.pipe"
check "without -o to standard output" exits 0 "$PIPEC" graph "$tmp/words.pipe"
check "as SVG" grep -q '^<svg ' "$tmp/out"
check "Mermaid" exits 0 "$PIPEC" graph --format=mermaid --direction=down "$tmp/words.pipe"
check "that leads down" grep -q '^flowchart TB$' "$tmp/out"
check "dot" exits 0 "$PIPEC" graph --format=dot --direction=down "$tmp/words.pipe"
check "that leads down too" grep -q 'rankdir=TB' "$tmp/out"
check "an option wins over the name" exits 0 "$PIPEC" graph --format=dot -o "$tmp/words.svg" "$tmp/words.pipe"
check "so it is dot" grep -q '^digraph' "$tmp/words.svg"
check "another format" says 2 "--format=png: svg, mermaid or dot is wanted" "$PIPEC" graph --format=png "$tmp/words.pipe"
check "another direction" says 2 "--direction=up: right or down is wanted" "$PIPEC" graph --direction=up "$tmp/words.pipe"
check "two files" says 2 "graph takes one .pipe file" "$PIPEC" graph "$tmp/words.pipe" "$tmp/words.pipe"
check "no name for the picture" says 2 "-o wants a value that is not empty" "$PIPEC" graph -o '' "$tmp/words.pipe"
check "the file itself" says 2 "would overwrite" "$PIPEC" graph -o "$tmp/words.pipe" "$tmp/words.pipe"
check "what is imported" says 2 "would overwrite" "$PIPEC" graph -o examples/chunks.pipe examples/wordfreq.pipe
printf 'pipeline broken;\nchannel int a[4];\nstage s -> b { emit(1); }\n' >"$tmp/broken.pipe"
echo before >"$tmp/kept.svg"
check "errors are told" says 1 "[E0101]" "$PIPEC" graph -o "$tmp/kept.svg" "$tmp/broken.pipe"
"$PIPEC" check "$tmp/broken.pipe" 2>"$tmp/checked"
same "as check tells them" "$tmp/checked" "$tmp/err"
check "and the picture is left alone" grep -qx before "$tmp/kept.svg"
check "a library has no graph" says 1 "[E0109]" "$PIPEC" graph examples/chunks.pipe
"$PIPEC" graph -o "$tmp/once.svg" "$tmp/words.pipe" && touch -d '2001-01-01' "$tmp/once.svg"
check "written again" exits 0 "$PIPEC" graph -o "$tmp/once.svg" "$tmp/words.pipe"
check "what is there already is left as it is" test "$(date -r "$tmp/once.svg" +%Y)" = 2001
check "no room" says 1 "cannot write" "$PIPEC" graph -o "$tmp/nowhere/words.svg" "$tmp/words.pipe"
if command -v dot >/dev/null; then
    for file in tests/graph/*.dot; do
        check "graphviz reads $file" dot -Tsvg -o "$tmp/dot.svg" "$file"
    done
else
    echo "graph.sh: no graphviz here, so nobody has read the .dot files"
fi

# ---- what a run has counted ----

sort=tests/graph/sort.pipe
XDG_CACHE_HOME=$tmp/cache "$PIPEC" run $sort -- --stats=json 2>"$tmp/sort.json"
check "the run has counted" grep -q '^{"pipeline":"sort"' "$tmp/sort.json"

# counted TEXT...: each stands in the picture of the run
counted() {
    local text
    drawn --stats "$tmp/sort.json" $sort || return
    for text in "$@"; do
        grep -qF -- "$text" "$tmp/drawn.svg" || { echo "there is no $text"; return 1; }
    done
}

# told SED-SCRIPT TEXT: of figures that are spoiled so, this is said, and no picture is written
told() {
    rm -f "$tmp/none.svg"
    sed "$1" "$tmp/sort.json" >"$tmp/other.json"
    says 1 "$tmp/other.json$2" "$PIPEC" graph --stats "$tmp/other.json" -o "$tmp/none.svg" $sort &&
        [ ! -e "$tmp/none.svg" ] && [ "$(wc -l <"$tmp/err")" -eq 1 ]
}

check "no such figures" says 1 "cannot read $tmp/nowhere.json: " "$PIPEC" graph --stats "$tmp/nowhere.json" $sort
if grep -q 'without jansson' "$tmp/err"; then
    echo "graph.sh: this pipec was built without jansson, so it reads no figures"
else
    check "a picture has what was counted" counted ">12,345 received<" ">13 skipped<" ">12,345 sent<" ">2,469 received<"
    check "the busiest is warmest" grep -q '^<g class="stage lost heat5" data-name="sort">' "$tmp/drawn.svg"
    check "and another less" grep -q '^<g class="stage sink heat2" data-name="rare">' "$tmp/drawn.svg"
    check "a source received nothing" grep -q '^<g class="stage source" data-name="make">' "$tmp/drawn.svg"
    check "it says for how long" grep -q ' s; the warmer' "$tmp/drawn.svg"
    check "in Mermaid too" exits 0 "$PIPEC" graph --format=mermaid --stats "$tmp/sort.json" $sort
    check "as classes" grep -q '^    classDef heat5 ' "$tmp/out"
    check "and in dot" exits 0 "$PIPEC" graph --format=dot --stats "$tmp/sort.json" $sort
    check "as colours" grep -q 'fillcolor=' "$tmp/out"
    sed 's/"workers":1/"warm":[0.5],&/; s/"seconds"/"hours":1,&/' "$tmp/sort.json" >"$tmp/more.json"
    check "what is not known is left alone" exits 0 "$PIPEC" graph --stats "$tmp/more.json" $sort
    check "no figures at all" told 's/^{/[/' " is no run's figures: no line of it begins with {"
    check "half of them" told 's/,"channels.*//' ":$(grep -n '^{' "$tmp/sort.json" | cut -d: -f1):"
    check "no pipeline" told 's/"pipeline":"sort",//' " is no run's figures: it names no pipeline"
    check "another one's" told 's/"pipeline":"sort"/"pipeline":"other"/' " is of the pipeline 'other', and"
    check "no channels" told 's/"channels":/"channel":/' " is no run's figures: it has no channels"
    check "a stage too many" told 's/"stages":\[/&{"name":"more"},/' " has a stage 'more', which"
    check "a stage too few" told 's/{"name":"rare"[^}]*},//' " has no stage 'rare', which"
    check "a channel too few" told 's/{"name":"few"[^}]*},//' " has no channel 'few', which"
    check "a stage twice" told 's/{"name":"rare"[^}]*},/&&/' " has the stage 'rare' twice"
    check "a stage without a name" told 's/{"name":"rare"/{"nam":"rare"/' ": a stage has no name"
    check "a count that is none" told 's/"received":12345/"received":-1/' ": 'received' of stage 'sort' is no count"
    check "nor is this" told 's/"sent":12345/"sent":"many"/' ": 'sent' of channel 'all' is no count"
    check "looks that are none" told 's/"looks":[0-9]*,"busy"/"looks":-1,"busy"/' ": 'looks' of stage 'make' is no count"
    check "a share that is none" told 's/"looks":[0-9]*,"busy":[0-9.]*/"looks":5,"busy":1.5/' ": 'busy' of stage 'make' is no share"
    check "a mean that is none" told 's/"looks":[0-9]*,"fill":[0-9]*,"mean_fill":[0-9.]*/"looks":5/' ": 'mean_fill' of channel"
    check "a larger one than there are" told 's/"sent":12345/"sent":99999999999999999999/' ":"
    cat >"$tmp/cast.pipe" <<'EOF'
pipeline cast;
channel int all[16] broadcast;
stage make -> all {
    for (int i = 0; i < 1234; i++)
        emit(i);
}
stage one (n <- all) {
    if (n == 0)
        finish();
}
stage two (n <- all) {
    (void)n;
}
EOF
    XDG_CACHE_HOME=$tmp/cache "$PIPEC" run "$tmp/cast.pipe" -- --stats=json 2>"$tmp/cast.json"
    check "a broadcast has a row for each receiver" grep -q '"name":"all>one".*"name":"all>two"' "$tmp/cast.json"
    check "which are of one channel" drawn --stats "$tmp/cast.json" "$tmp/cast.pipe"
    check "to which each item was sent once" grep -qF '>1,234 sent<' "$tmp/drawn.svg"
    sed 's/"discarded":[0-9]*/"discarded":2/g' "$tmp/cast.json" >"$tmp/both.json"
    check "what both discarded" drawn --stats "$tmp/both.json" "$tmp/cast.pipe"
    check "is added" grep -qF '>4 discarded<' "$tmp/drawn.svg"
    sed 's/,{"name":"all>two"[^}]*}//' "$tmp/cast.json" >"$tmp/lacks.json"
    check "a row too few" says 1 "has no channel 'all>two'" "$PIPEC" graph --stats "$tmp/lacks.json" "$tmp/cast.pipe"
    check "a directory" says 1 "cannot be read" "$PIPEC" graph --stats "$tmp" $sort
    check "figures that would be overwritten" says 2 "would overwrite" "$PIPEC" graph --stats "$tmp/sort.json" -o "$tmp/sort.json" $sort
fi

# ---- programs that nearly are right ----

mkdir "$tmp/near" && "$BUILD/tests/fuzz/near" "$tmp/near" 1 60
taken=0
for file in "$tmp"/near/*.pipe; do
    exits 0 timeout 20 "$PIPEC" graph -I tests/fuzz -o "$tmp/drawn.svg" "$file"
    status=$?
    if [ $status -eq 0 ]; then
        taken=$((taken + 1))
        sound "$tmp/drawn.svg" >"$tmp/why" || fail "near/${file##*/}" "$(<"$tmp/why")"
    elif ! grep -q ' error: ' "$tmp/err"; then
        fail "near/${file##*/}" "$(head -n 3 "$tmp/err")"
    fi
done
check "many of those that nearly are right have a picture ($taken)" test "$taken" -ge 15

# ---- that the check of pictures can fail ----

"$PIPEC" graph -o "$tmp/fine.svg" examples/linecount.pipe
check "a picture in order" sound "$tmp/fine.svg"

# spoiled NAME SED-SCRIPT WORDS
spoiled() {
    sed "$2" "$tmp/fine.svg" >"$tmp/spoiled.svg"
    sound "$tmp/spoiled.svg" >"$tmp/said" 2>&1
    check "$1" grep -qF -- "$3" "$tmp/said"
}
spoiled "a box over another" '/data-name="match"/,/<\/g>/s/d="M\([0-9]*\) \([0-9]*\)/d="M\1 35/' "overlap"
spoiled "a box outside" '/data-name="match"/,/<\/g>/s/d="M\([0-9]*\) /d="M9\1 /' "match is not inside of the picture"
spoiled "a wire that begins elsewhere" 's/\(data-from="divide".*d="M\)[0-9]*/\1400/' "does not begin at its box"
spoiled "a wire that ends elsewhere" 's/data-to="lines"/data-to="add"/' "does not end at its box"
spoiled "a wire over a box" 's/\(data-from="counts".*d="M[0-9]* [0-9]*\)/\1L160 80L160 85/' "runs over"
spoiled "text beside its box" '/data-name="match"/,/<\/g>/s/<text x="[0-9]*"/<text x="1"/' "what match says is not within it"
spoiled "a bare &" 's/counts the/\&/' "a bare &"
finish
