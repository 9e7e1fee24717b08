#!/usr/bin/env bash
# Stages that finish, and daemons, when the end comes at any moment: a finish() at any item, a stop(), a failure, a signal, all of
# them while a daemon ticks. Whatever comes, each channel and each stage adds up; where nothing was torn down, what the
# stages behind the one that finished got follows from when it did, and what a finish or a daemon leaves makes no failure.
#
#   tests/finishes.sh [--long]    5,000 moments instead of 40
. "$(dirname "$0")/lib.sh"
needs "$PIPEC"

moments=40
[ "${1-}" != --long ] || moments=5000
limit=60 # seconds for a run; the end of one that hangs

cat >"$tmp/finishes.pipe" <<'PIPE'
pipeline finishes "ends from behind, at any moment" drain 10s;

include <stdlib.h>;
include <string.h>;

param long items = 1000 "how many each source sends";
param long last = 0 "at which of its items the limit finishes";
param long stop_at = 0 "which item asks for a drain";
param long fail_at = 0 "which item tears the pipeline down";

channel string lefts[4];
channel string passed[2];
channel string rights[3];
channel long lengths[2];
channel long ordered[3];
channel long ticks[2];
channel string lost[2] dead;

stage left -> lefts {
    for (long n = 1; n <= items; n++)
        emit(strdup("left"));
}

stage right -> rights {
    for (long n = 1; n <= items; n++)
        emit(strdup("right"));
}

stage pass (word <- lefts) -> passed  workers 3 {
    emit(take(word));
}

// Behind a merge; every seventh item leaves a letter instead.
stage limit (word <- passed | rights) -> lengths[0..1]  on fail then -> lost
state {
    long n;
}
{
    const long n = ++self->n;

    if (n == last)
        finish();
    if (n == stop_at)
        stop();
    if (n % 7 == 0)
        fail("the %ldth", n);
    emit(n);
}

stage order (n <- lengths) -> ordered  workers 2 ordered {
    emit(n);
}

stage show (n <- ordered)
state {
    long before;
}
{
    if (n <= self->before)
        fail("%ld after %ld", n, self->before);
    self->before = n;
    if (n == fail_at)
        fail("as it was told");
}

stage beat -> ticks  daemon every 50us {
    emit(1);
}

stage count (tick <- ticks) {
    (void)tick;
}

stage late (letter <- lost) {
    (void)letter;
}
PIPE
cd "$tmp" || exit 1
"$PIPEC" build -o finishes finishes.pipe 2>err || fail finishes "is not built: $(<err)"
"$PIPEC" build --sanitize=address -o checked finishes.pipe 2>err || fail checked "is not built: $(<err)"

# wrong LAST: what does not hold of the run whose counts are in `stats`. LAST: how many items the limit took, if that is known
wrong() {
    grep -oE '\{"name":"[^}]*' stats | tr '{",' '   ' | awk -v last="$1" '
        function value(key,    i) { for (i = 1; i < NF; i++) if ($i == key && $(i + 1) ~ /^:/) return substr($(i + 1), 2) + 0; return 0 }
        {
            name = $3
            if ($0 ~ / sent :/ && value("sent") != value("received") + value("discarded") + value("left"))
                print name ": " $0
            if ($0 ~ / failed :/) {
                got[name] = value("received"); done[name] = value("done"); dead[name] = value("dead")
                if (name != "left" && name != "right" && name != "beat" &&
                    got[name] != done[name] + value("failed") + value("skipped") + dead[name] + value("cut"))
                    print name ": " $0
            }
        }
        END {
            if (last == "")
                exit
            if (last > 0 && got["limit"] != last) print "limit: " got["limit"] " received, not " last
            if (dead["limit"] != int(got["limit"] / 7)) print "limit: " dead["limit"] " of " got["limit"] " are dead"
            if (got["late"] != dead["limit"]) print "late: " got["late"] " of " dead["limit"] " letters"
            if (got["show"] != done["limit"]) print "show: " got["show"] " received of " done["limit"]
        }'
    grep 'internal error\|Sanitizer' err
}

# moment N: a run that ends somehow, which the number says
moment() {
    local program=./finishes items=$((RANDOM % 1000 + 1)) last=0 known='' kind=$(($1 % 5)) status wanted=0
    local until=("$limit") hung=124 options
    [ $(($1 % 10)) -ne 0 ] || program=./checked
    options=(--stats=json "--items=$items")
    if [ $(($1 % 3)) -gt 0 ]; then
        last=$((RANDOM % (2 * items) + 1))
        options+=("--last=$last")
    fi
    case $kind in
    0) known=$((last > 0 ? last : 2 * items)) ;;
    1) options+=("--stop-at=$((RANDOM % (2 * items) + 1))") known=0 ;;
    2) options+=("--fail-at=$((RANDOM % (2 * items) + 1))") wanted= ;;
    *) # a signal, by which the program may end; else it is killed
        until=(-s INT -k "$limit" "0.00$((RANDOM % 10))$((RANDOM % 9 + 1))")
        hung=137 known=0 wanted=
        ;;
    esac
    timeout "${until[@]}" "$program" "${options[@]}" >out 2>err
    status=$?
    grep '^{"pipeline.*[]}]}$' err >stats # whole: a second signal may come while it is written
    if [ "$status" -eq "$hung" ]; then
        echo "hangs: ${options[*]}"
    elif [ -n "$wanted" ] && [ "$status" -ne 0 ]; then
        echo "$program ${options[*]}: status $status: $(<err)"
    elif [ -s stats ]; then
        wrong "$known" >complaint
        [ ! -s complaint ] || echo "$program ${options[*]}: $(<complaint); $(wc -l <err) lines end with $(tail -c 300 err)"
    elif [ -n "$wanted" ]; then # only a signal may come before there are any
        echo "$program ${options[*]}: no counts: $(<err)"
    fi
}

: >complaints
for ((n = 0; n < moments; n++)); do
    moment "$n" >>complaints
done
if [ -s complaints ]; then
    fail "$moments moments" "$(head -20 complaints)"
else
    pass "$moments moments"
fi
finish
