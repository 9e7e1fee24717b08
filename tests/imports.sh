#!/usr/bin/env bash
# Where imports are looked for, what depends on them, and files that are many, round in a circle, or gone.
. "$(dirname "$0")/lib.sh"
needs "$PIPEC"

export XDG_CACHE_HOME=$tmp/cache NO_COLOR=1
mkdir "$XDG_CACHE_HOME" "$tmp/here" && cd "$tmp/here" || exit 1

# says STATUS TEXT COMMAND...: ends so, and TEXT stands in what it says
says() {
    local wanted=$1 text=$2 status
    shift 2
    "$@" >../said 2>&1 </dev/null
    status=$?
    if [ $status -ne "$wanted" ] || { [ -n "$text" ] && ! grep -qF -- "$text" ../said; }; then
        echo "status $status:"
        cat ../said
        return 1
    fi
}

# library FILE VALUE: a type `number`, and a function that makes one
library() {
    mkdir -p "$(dirname "$1")"
    printf '%%{\nstatic inline long number_new(void)\n{\n    return %s;\n}\n%%}\ntype number = long;\n' "$2" >"$1"
}

# program FILE IMPORT...
program() {
    local file=$1
    shift
    { echo "pipeline program;"; printf 'import %s;\n' "$@"
      echo "include <stdio.h>;"
      echo "channel number numbers[4];"
      echo "stage make -> numbers { emit(number_new()); }"
      echo 'stage print (n <- numbers) { printf("%ld\n", n); }'; } >"$file"
}

library beside/numbers.pipe 1
library path/numbers.pipe 2
library root/share/pipec/numbers.pipe 3
program beside/quoted.pipe '"numbers.pipe"'
program beside/angled.pipe '<numbers.pipe>'

# ---- where it is looked for ----

check '"" finds what lies beside the file' says 0 1 "$PIPEC" run beside/quoted.pipe
check '"" finds it before -I' says 0 1 "$PIPEC" run -I path beside/quoted.pipe
check "<> does not look beside the file" says 1 "there is no file 'numbers.pipe' to import" "$PIPEC" run beside/angled.pipe
check "<> looks along -I" says 0 2 "$PIPEC" run -I path beside/angled.pipe
check "<> finds what is installed" says 0 'return 3' env PIPEC_RUNTIME=root "$PIPEC" emit beside/angled.pipe
check "<> looks along -I before that" says 0 'return 2' env PIPEC_RUNTIME=root "$PIPEC" emit -I path beside/angled.pipe
mkdir -p elsewhere/deep && cp -r root elsewhere/deep/
PIPEC_RUNTIME=root "$PIPEC" emit -o one.c beside/angled.pipe
PIPEC_RUNTIME=elsewhere/deep/root "$PIPEC" emit -o other/one.c beside/angled.pipe 2>/dev/null ||
    { mkdir -p other && PIPEC_RUNTIME=elsewhere/deep/root "$PIPEC" emit -o other/one.c beside/angled.pipe; }
check "an installed file gives the same bytes wherever it is" cmp one.c other/one.c
check "check takes -I" says 0 "" "$PIPEC" check -I path beside/angled.pipe
check "-I without a value" says 2 "-I wants a value" "$PIPEC" check -I "" beside/angled.pipe
(cd beside && says 0 1 "$PIPEC" run - <quoted.pipe) >/dev/null
check "standard input imports from here" says 0 'return 1' bash -c 'cd beside && "$0" emit - <quoted.pipe' "$PIPEC"

mkdir nothing
echo 'type other = long;' >nothing/other.pipe
{ cat beside/quoted.pipe; echo 'import "../nothing/other.pipe";'; } >beside/more.pipe
check "a file with a type of which nothing is used" says 0 1 "$PIPEC" run beside/more.pipe

# ---- what depends on it ----

"$PIPEC" emit -o program.c -MD beside/quoted.pipe
check "-MD names every file" says 0 "program.c: beside/quoted.pipe beside/numbers.pipe" cat program.d
check "an imported file is not overwritten by emit" says 2 "would overwrite" \
    "$PIPEC" emit -o beside/numbers.pipe beside/quoted.pipe
check "nor by build" says 2 "would overwrite" "$PIPEC" build -o beside/numbers.pipe beside/quoted.pipe
library beside/numbers.pipe 4
check "run sees that an imported file is another" says 0 4 "$PIPEC" run beside/quoted.pipe

# ---- a library by itself ----

check "a library is checked" says 0 "" "$PIPEC" check beside/numbers.pipe
check "a library is no program" says 1 "it can only be imported" "$PIPEC" build beside/numbers.pipe
check "nor is it emitted" says 1 "it can only be imported" "$PIPEC" emit beside/numbers.pipe

# ---- files that are gone, or no files ----

program gone.pipe '"gone/numbers.pipe"'
library gone/numbers.pipe 5
check "a file that is there" says 0 5 "$PIPEC" run gone.pipe
rm -r gone
check "a file that is gone" says 1 "there is no file 'gone/numbers.pipe'" "$PIPEC" run gone.pipe
mkdir gone && mkfifo gone/numbers.pipe
check "a FIFO" says 1 "not a regular file" timeout 20 "$PIPEC" check gone.pipe
rm gone/numbers.pipe && ln -s numbers.pipe gone/numbers.pipe
check "links in a circle" says 1 "cannot read gone/numbers.pipe" "$PIPEC" check gone.pipe
rm gone/numbers.pipe && printf '\xff\xfe' >gone/numbers.pipe
check "what is no text" says 1 "gone/numbers.pipe:1:1: error: this file is UTF-16" "$PIPEC" check gone.pipe

# ---- one file, many files ----

ln -s numbers.pipe beside/link.pipe
program beside/twice.pipe '"numbers.pipe"' '"link.pipe"' '"../beside/numbers.pipe"'
check "a file by three paths is one file" says 0 4 "$PIPEC" run beside/twice.pipe
mkdir circle
for i in $(seq 1 1000); do
    echo "import \"$(((i % 1000) + 1)).pipe\"; type number$i = number$(((i % 1000) + 1));" >"circle/$i.pipe"
done
printf 'pipeline p;\nimport "1.pipe";\nchannel number1 c[1];\nstage a -> c { emit(0); }\nstage b (x <- c) { (void)x; }\n' \
    >circle/main.pipe
check "1,000 files in a circle whose types mean themselves" says 1 "means itself" "$PIPEC" check circle/main.pipe
echo "type number1000 = int;" >circle/1000.pipe
check "1,000 files in a row" says 0 "" "$PIPEC" emit -o /dev/null circle/main.pipe
finish
