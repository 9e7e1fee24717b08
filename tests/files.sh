#!/usr/bin/env bash
# Which files `pipec emit` writes: never one that is read, nor one twice, whatever they are called; and that make reads in
# a rule the names that pipec wrote there.
# shellcheck disable=SC2016 # what stands in single quotes is for another shell
. "$(dirname "$0")/lib.sh"
needs "$PIPEC"

export NO_COLOR=1
unset MAKEFLAGS MFLAGS MAKELEVEL # of a make that runs this file: its job server is not open here, and make says so
cp tests/run/lines.pipe "$tmp/words.pipe"
cd "$tmp" || exit 1

# says STATUS TEXT COMMAND...: TEXT stands in its message
says() {
    local wanted=$1 text=$2 status
    shift 2
    "$@" >out 2>err </dev/null
    status=$?
    [ "$status" -eq "$wanted" ] && grep -qF -- "$text" err || { echo "status $status"; cat err; return 1; }
}

# ---- each letter in a rule ----

mkdir rules && cp words.pipe rules/w.pipe && echo '%: ; @:' >rules/how
cat >rules/all.sh <<'EOF'
letters='!"#$%&'"'"'()*+,-.:;<=>?@[\]^_`{|}~ az09'
for ((i = 0; i < ${#letters}; i++)); do
    for form in "${letters:i:1}b" "a${letters:i:1}b" "a${letters:i:1}" "(${letters:i:1})"; do
        for name in "$form.c from w.pipe" "$form from w.pipe" "t.c from $form.pipe" "t.c from $form"; do
            target=${name% from *} source=${name##* from }
            [ -e "$source" ] || cp w.pipe "./$source"
            rm -f x.d
            "$PIPEC" emit -MF x.d "-o$target" -- "$source" 2>err
            case $? in
            0)  # newer than its source it is not made again; older, it is
                touch -d 2002-01-01 "./$source"
                touch -d 2003-01-01 "./$target" && make -qr -f x.d -f how -- "$target" || echo "no rest: $name"
                touch -d 2001-01-01 "./$target" && make -qr -f x.d -f how -- "$target"
                [ $? -eq 1 ] || echo "not made again: $name" ;;
            2)  grep -q "no rule for make can name" err && [ ! -e x.d ] && [ ! -e "$target" ] || { echo "unsaid: $name"; cat err; } ;;
            *)  echo "status: $name" && cat err ;;
            esac
            rm -f -- "./$target"
            [ "$source" = w.pipe ] || rm -f "./$source"
        done
    done
done 2>&1
EOF
check "every letter in a rule" bash -c 'cd rules && bash all.sh >said; [ ! -s said ] || { cat said; exit 1; }'
for name in $'new\nline' $'tab\t' 'per%cent' 'col:on' 'back\'; do
    check "no rule can name ${name@Q}" says 2 "no rule for make can name" "$PIPEC" emit -MF x.d -o "$name" words.pipe
    check "which makes nothing, ${name@Q}" test ! -e "$name" -a ! -e x.d
    check "nor a target, ${name@Q}" says 2 "no rule for make can name" "$PIPEC" emit -MF x.d -MT "$name" -o x.c words.pipe
done

# ---- what is one file ----

mkdir clash sub && cd clash || exit 1
cp ../words.pipe expected && cp ../words.pipe g.pipe && cp ../words.pipe graph.d
ln -s g.pipe link.d && ln g.pipe hard.d && mkdir sub && ln -s .. sub/up && ln -s new.c dangling.d && ln -s sub/up/fresh.c away.c
find . | sort >../before

# clashes OPTION...: emit refuses, before it has done anything
clash="would overwrite"
clashes() {
    check "clash: emit $*" says 2 "$clash" "$PIPEC" emit "$@"
    rm -f out err
    check "nothing lost: emit $*" bash -c 'cmp expected g.pipe && cmp expected graph.d'
    check "nothing made: emit $*" diff ../before <(find . | sort)
}
clashes -MD -o graph.c graph.d
clashes -MD -o out.d g.pipe
clashes -MD -o g.c -H g.d g.pipe
clashes -MD -o link.c g.pipe
clashes -MD -o hard.c g.pipe
clashes -MD -o dangling.d -H new.c g.pipe
clashes -MD -o dangling.c -H new.c g.pipe
clashes -o new.c -H dangling.d g.pipe
clashes -o new.c -H ./new.c g.pipe
clashes -o fresh.c -H away.c g.pipe
clashes -o fresh.c -H sub/../fresh.c g.pipe
clashes -MF ./g.pipe -o x.c g.pipe
clashes -MF sub/up/g.pipe -o x.c g.pipe
clashes -H g.pipe -o x.c ./g.pipe
clashes -H "$PWD/g.pipe" -o x.c g.pipe
clashes -MF x.c -o x.c g.pipe
clash="mixed on standard output"
clashes -o - -H - g.pipe
clashes -H - g.pipe
clashes -MF - -MT x.c g.pipe
clashes -o x.c -H - -MF - g.pipe

check "clash: appended to the source" bash -c '"$PIPEC" emit g.pipe >>g.pipe; [ $? -eq 2 ] && cmp g.pipe expected'
check "clash: standard input" bash -c '"$PIPEC" emit -o g.pipe - <g.pipe; [ $? -eq 2 ] && cmp g.pipe expected'
check "clash: standard output and a header" bash -c '"$PIPEC" emit -H out.h g.pipe >out.h; [ $? -eq 2 ]'
check "clash: a program" says 2 "would overwrite" "$PIPEC" build -o sub/up/g.pipe g.pipe
echo '#define N 1' >n.h
sed 's/^include <stdio.h>;/include <stdio.h>; %{ %:include "n.h"\n%}/' g.pipe >includes.pipe
check "clash: a program and a header" says 1 "would overwrite" "$PIPEC" build -o n.h includes.pipe
check "the header stays" grep -q define n.h
echo 'int n(void) { return 1; }' >n.c && cc -c n.c && ar rc libn.a n.o
sed 's/^include <stdio.h>;/include <stdio.h>; link "n"; %{ int n(void);\nint (*const p)(void) = n; %}/' g.pipe >links.pipe
cp libn.a libn.copy
check "clash: a program and a library" says 1 "would overwrite" "$PIPEC" build -L . -o libn.a links.pipe
check "the library stays" cmp libn.copy libn.a
check "no clash: a file that is not read" "$PIPEC" build -L . -o libn.copy links.pipe
check "no clash: what keeps nothing" "$PIPEC" emit -o /dev/null -H /dev/null -MF /dev/null -MT x g.pipe
check "no clash: other files" "$PIPEC" emit -MD -o other.c -H other.h g.pipe
check "no clash: a second time" "$PIPEC" emit -MD -o other.c -H other.h g.pipe

# ---- a file's name stands in the wiring, whose long lines are broken ----

name='twelve, "blanks" in a name\ with, commas, and more, so that, wherever, a line, of its, is broken, it would, be in it?.pipe'
cp g.pipe "$name"
check "a name with blanks, commas and quotes" "$PIPEC" build -o named "$name"
"$PIPEC" emit -o - "$name" >named.c
check "is whole in the wiring" grep -qE '^ *"twelve, \\"blanks\\" in a name\\\\ with, .* be in it\?\.pipe:[0-9]+"' named.c
cd "$OLDPWD" || exit 1
finish
