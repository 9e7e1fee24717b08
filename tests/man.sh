#!/usr/bin/env bash
# The man pages: one for each command, that tells of the options and the environment that its --help tells of, and of no others.
. "$(dirname "$0")/lib.sh"
needs "$PIPEC"

# Options of a command, as its help has them, and as its page has.
of_help() {
    "$PIPEC" "$1" --help | sed -nE 's/^ +(-.*)/\1/p' | sed -E 's/  .*//' | grep -oE '(^|, )--?[A-Za-z]+' | sed 's/^, //' | sort
}
of_page() { sed -nE 's/^\.It Fl (-?[A-Za-z]+).*/-\1/p' "man/pipec-$1.1" | sort; }

# The same of the environment.
environment_of_help() { "$PIPEC" "$1" --help | sed -n '/^environment:/,$p' | grep -oE '^  [A-Z_, ]+' | tr -d ' ' | tr ',' '\n' | sort; }
environment_of_page() { sed -nE 's/^\.It Ev (.*)/\1/p' "man/pipec-$1.1" | tr -d ' ' | tr ',' '\n' | sort; }

commands=$("$PIPEC" --help | sed -nE '/^commands:/,/^$/s/^  ([a-z]+) .*/\1/p')
check "there are commands" test "$(wc -w <<<"$commands")" -ge 8
for command in $commands; do
    check "$command has a page" test -s "man/pipec-$command.1"
    of_help "$command" >"$tmp/help"
    of_page "$command" >"$tmp/page"
    check "$command has options" test -s "$tmp/help"
    same "$command: the page's options are those of --help" "$tmp/help" "$tmp/page"
    if "$PIPEC" "$command" --help | grep -q '^environment:'; then
        environment_of_help "$command" >"$tmp/help"
        environment_of_page "$command" >"$tmp/page"
        same "$command: so is the environment" "$tmp/help" "$tmp/page"
    fi
    check "$command is called the same" grep -qxF ".Nd $("$PIPEC" "$command" --help | sed -nE '1s/^pipec [a-z]+: //p')" "man/pipec-$command.1"
    check "pipec(1) names it" grep -qx ".It Xr pipec-$command 1" man/pipec.1
    check "as what follows" grep -qE "^\.Xr pipec-$command 1( ,)?$" man/pipec.1
done
for page in man/pipec-*.1; do
    command=${page#man/pipec-}
    check "$page is of a command" grep -qxF "${command%.1}" <<<"$commands"
done
if command -v mandoc >/dev/null; then
    for page in man/*.1; do
        check "$page" mandoc -T lint -W warning "$page"
    done
else
    echo "man.sh: no mandoc here, so the pages were not read by it"
fi
finish
