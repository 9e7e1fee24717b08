#!/usr/bin/env bash
# Every example of the manual and of the README is built and run, and says what the page says it does.
#
# In a page, a ```pipe block is a file (named after its pipeline, or by a second word: ```pipe parts.pipe), a ```c NAME
# block a file of that name. What follows shows them at work: an ```output block is what `pipec run FILE` prints, for the
# last .pipe file; a ```console block has commands after `$ ` and what each prints, errors included. A .pipe file that
# nothing shows at work is a failure: the page would claim what no test has seen. All files of a page lie in one
# directory, with the project's examples/ beside them.
. "$(dirname "$0")/lib.sh"

export PATH=${PIPEC%/*}:$PATH
export XDG_CACHE_HOME=$tmp/cache
unset NO_COLOR
top=$PWD

# blocks PAGE DIR: DIR/LINE holds each block's text, DIR/list its line, kind and name
blocks() {
    mkdir -p "$2"
    awk -v dir="$2" '
        inside && /^```$/ { inside = 0; close(file); next }
        inside { print > file; next }
        /^```(pipe|c|output|console)( |$)/ {
            inside = 1
            kind = substr($1, 4)
            file = sprintf("%s/%05d", dir, NR)
            printf "" > file
            printf "%05d %s %s\n", NR, kind, $2 > (dir "/list")
            next
        }
        /^```/ { inside = 1; file = "/dev/null" }
    ' "$1"
}

pipeline_name() {
    sed -nE 's/^pipeline ([A-Za-z_0-9]+).*/\1.pipe/p' "$1" | head -n 1
}

# console TEXT: runs each command, and prints the page as it should have been
console() {
    local line
    while IFS= read -r line; do
        case $line in
        '$ '*)
            echo "$line"
            env --default-signal=INT,QUIT,PIPE timeout 60 bash -c "${line#??}" </dev/null 2>&1
            ;;
        esac
    done <"$1"
}

page() {
    local name=$1 blocks=$tmp/blocks/$1 work=$tmp/pages/$1 shown=yes current='' line kind file
    blocks "$name" "$blocks"
    mkdir -p "$work"
    ln -s "$top/examples" "$work/examples"
    while read -r line kind file; do
        case $kind in
        pipe)
            [ $shown = yes ] || fail "$name:$current" "nothing shows this file at work"
            [ -n "$file" ] || file=$(pipeline_name "$blocks/$line")
            cp "$blocks/$line" "$work/${file:?$name:$line: a .pipe block without a name}"
            last=$file current=$((10#$line)) shown=no
            ;;
        c) [ -z "$file" ] || cp "$blocks/$line" "$work/$file" ;;
        output)
            (cd "$work" && timeout 60 pipec run "$last") >"$tmp/actual" 2>&1 </dev/null
            same "$name:$((10#$line)) $last" "$blocks/$line" "$tmp/actual"
            shown=yes
            ;;
        console)
            (cd "$work" && console "$blocks/$line") >"$tmp/actual"
            same "$name:$((10#$line)) console" "$blocks/$line" "$tmp/actual"
            shown=yes
            ;;
        esac
    done <"$blocks/list"
    [ $shown = yes ] || fail "$name:$current" "nothing shows this file at work"
}

page README.md
page docs/language.md
page docs/how-it-works.md
page docs/building.md
page docs/figures.md
page docs/graph.md
page docs/live.md

# Section 14 of the manual: each form is read, and refused by its name, and nothing else is said of it.
# refused FORM: a program with it
refused() {
    local form=${1//…/2} stage='stage t (x <- c) { (void)x; }' channel='channel int c[4];'
    form=${form//NAME/name} form=${form//(E)/(x)}
    case $1 in
    "input "* | "output "*) form="$form int other[1];" ;;
    "channel "*) channel="channel int c[4] ${form#channel 2 };" form= ;;
    "("*) stage="stage t $form { }" channel="channel int a[4]; channel int b[4];" form= ;;
    "cost "*) stage="stage t (x <- c) rate 5/s $form { }" form= ;;
    *) stage="stage t (x <- c) ${form/rate 2/rate 5/s} { }" form= ;;
    esac
    printf 'pipeline later;\n%s\n%s\nstage s -> c { emit(1); }\n%s\n' "$channel" "$form" "$stage"
}
forms=0
while IFS= read -r form; do
    forms=$((forms + 1))
    refused "$form" "int a;" >"$tmp/later.pipe"
    pipec check "$tmp/later.pipe" >"$tmp/later" 2>&1
    if grep -q '\[E09[0-9]*\]$' "$tmp/later" && ! grep -q '\[E00[0-9]*\]$' "$tmp/later"; then
        pass "later: $form"
    else
        fail "later: $form" "$(<"$tmp/later")"
    fi
done < <(sed -n '/^## 14/,$p' docs/language.md | grep '^| `' | cut -d'|' -f2 | grep -o '`[^`]*`' | tr -d '`')
check "later: all of them" test "$forms" -gt 0

# A relative link of any page leads somewhere, to a section too.
sections() { # the names that links have for a page's sections
    awk '/^```/ { inside = !inside } !inside && /^#/ { sub(/^#+ */, ""); print }' "$1" |
        tr '[:upper:] ' '[:lower:]-' | sed 's/[^a-z0-9_-]//g'
}
for source in README.md docs/*.md; do
    grep -oE '\]\([^)#]+' "$source" | sed 's/^](//' | grep -v '^https\?:' | sort -u | while read -r link; do
        [ -e "$(dirname "$source")/$link" ] || echo "$source: $link"
    done
    grep -oE '\]\([^):]*#[^)]+' "$source" | sed 's/^](//' | sort -u | while read -r link; do
        page=$source
        [ "${link%%#*}" = '' ] || page=$(dirname "$source")/${link%%#*}
        sections "$page" | grep -qxF -e "${link#*#}" || echo "$source: $link"
    done
done >"$tmp/links"
same "links" /dev/null "$tmp/links"

finish
