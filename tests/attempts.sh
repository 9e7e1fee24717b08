#!/usr/bin/env bash
# Items that are tried again, late, or letters, when the end comes at any moment: a signal, a stop(), a failure elsewhere, the
# limit of a drain, while items wait for their next attempt, for room, for a permit, for their turn. Whatever comes, the
# ledger adds up, there is a letter for each dead item and a line of --failures for each that is not done, and of items that own
# memory none is lost or dropped twice; where the pipeline was not torn down, what each stage got follows from what the
# first one did.
#
#   tests/attempts.sh [--long]    5,000 moments instead of 40
. "$(dirname "$0")/lib.sh"
. tests/lib-moments.sh
needs "$PIPEC"

cat >"$tmp/attempts.pipe" <<'PIPE'
pipeline attempts "fails, waits, tries again; ends at any moment" drain 10s;

include <stdatomic.h>;
include <stdio.h>;
include <stdlib.h>;
include <string.h>;
include <unistd.h>;

param int items = 400 "how many";
param int stop_at = 0 "which item asks for a drain";
param int fail_at = 0 "which item tears the pipeline down";

state {
    atomic_long letters;
}
final {
    fprintf(stderr, "letters %ld\n", self->pipe->letters);
}

%{
static atomic_long cards;

struct card {
    int n;
    int attempts;
};

static struct card *card_new(int n)
{
    struct card *card = malloc(sizeof *card);

    *card = (struct card){ n, 0 };
    cards++;
    return card;
}

static void card_drop(struct card *card)
{
    cards--;
    free(card);
}
%}

type card = struct card * drop card_drop;

bound few = 3;
rate fast = 100K/s burst 50;

channel card todo[8];
channel card first[8];
channel card second[0];
channel card third[8];
channel card fourth[2];
channel card lost[2] dead;
channel int ends[4];
channel int lefts[2];
channel int rights[3];

stage make -> todo  on fail retry 2 backoff 100us then skip {
    for (int n = 1; n <= items; n++)
        emit(card_new(n));
}

stage a (card <- todo) -> first[0..3]  workers 6  bound few  rate fast  on fail retry 3 backoff 50us..1ms then -> lost {
    const int attempt = ++card->attempts;

    emit(card_new(-card->n));
    if (card->n == stop_at)
        stop();
    if (card->n % 5 == 0 && attempt < 3)
        fail_after(card->n % 2 ? 300000 : 10000, "a: %d, attempt %d", card->n, attempt);
    if (card->n % 17 == 0)
        fail("a: %d never", card->n);
    emit(take(card));
}

stage b (card <- first) -> second[0..1]  ordered  workers 4  timeout 10s  on fail retry 2 then -> lost {
    const int attempt = ++card->attempts;

    emit(take(card));
    if (attempt % 3 == 0)
        fail("b: again");
}

stage c (card <- second) -> third[0..1]  workers 2  blocking  bound few  on fail retry 1 backoff 20us then -> lost {
    if (card->n % 13 == 0 && ++card->attempts % 2)
        fail("c: %d", card->n);
    emit(take(card));
}

// A batch is tried again whole; one in which an item never succeeds is lost with all of them.
stage g (cards[5] <- third within 200us) -> fourth[0..5]  workers 2  on fail retry 2 backoff 20us..80us then -> lost {
    const bool again = ++cards[0]->attempts % 2;
    bool never = false;

    for (size_t i = cards_len; i-- > 0;) {
        never = never || cards[i]->n % 19 == 0;
        emit(take(cards[i]));
    }
    if (again || never)
        fail("g: %s", never ? "never" : "again");
}

stage d (card <- fourth) -> ends  workers 2  on fail then -> lost {
    for (int i = 0; i < 2; i++)
        emit(card->n);
    if (card->n % 11 == 0)
        fail("d: %d", card->n);
}

stage e (n <- ends) -> lefts[1], rights[1]  on fail retry 1 backoff 10us {
    if (n == fail_at)
        fail("e: %d", n);
    emit(lefts, n);
    emit(rights, n);
}

stage pair (l <- lefts, r <- rights)  bound few  on fail retry 2 backoff 20us..60us then skip
state {
    int tried;
}
{
    if (l != r)
        fprintf(stderr, "internal error: %d and %d are a pair\n", l, r);
    if (l % 4 == 0 && self->tried++ % 3 < 2)
        fail("pair: %d", l);
    if (l % 23 == 0)
        fail("pair: %d never", l);
}

stage late (letter <- lost) {
    self->pipe->letters++;
}
PIPE
# ---- what an attempt that fails could not even send counts nowhere ----

cd "$tmp" || exit 1
cat >copies.pipe <<'PIPE'
pipeline copies "some of whose copies cannot be made";

include <stdlib.h>;

%{
static int *box_clone(const int *box)
{
    static int n;
    int *copy = ++n % 4 ? NULL : malloc(sizeof *copy);

    if (copy)
        *copy = *box;
    return copy;
}
%}

type box = int * drop free clone box_clone;

channel int start[4];
channel box boxes[4] broadcast;

stage count -> start {
    for (int n = 0; n < 10; n++)
        emit(n);
}

stage send (n <- start) -> boxes  on fail retry 3 backoff 1us {
    int *box = malloc(sizeof *box);

    *box = n;
    emit(box);
}

stage one (box <- boxes) { (void)box; }
stage two (box <- boxes) { (void)box; }
PIPE
"$PIPEC" build -o copies copies.pipe 2>err || fail copies "is not built: $(<err)"
./copies --stats=json 2>stats || fail copies "status $?: $(<stats)"
read_stats
for to in one two; do
    if [ "$(number sent "boxes>$to") $(number discarded "boxes>$to")" = "10 0" ]; then
        pass "copies for $to"
    else
        fail "copies for $to" "$(number sent "boxes>$to") sent, $(number discarded "boxes>$to") discarded"
    fi
done

# ---- any moment ----

# Torn down: what was left is dropped.
torn() {
    grep -q '"outcome":"failed"' lines || grep -q 'not drained' err
}

wrong() {
    local stage way received lost=0 total=0 dead
    stages_add_up a b c g d e pair late
    channels_add_up todo first second third fourth lost ends lefts rights
    for stage in make a b c g d e pair late; do
        for way in failed skipped dead cut; do
            total=$((total + $(number $way $stage)))
        done
        lost=$((lost + $(number dead $stage)))
    done
    is "lines, one for each item that is not done" "$(wc -l <lines)" "$total"
    is "letters, one for each dead item" "$(number sent lost)" "$lost"
    ! torn || return
    received=$(number received a)
    dead=$((received / 17))
    is "a's dead" "$(number dead a)" "$dead"
    is "b received" "$(number received b)" $((2 * (received - dead)))
    is "pair received" "$(number received pair)" "$(number "done" e)"
    is "g received" "$(number received g)" "$(number "done" c)"
    is "d received" "$(number received d)" "$(number "done" g)"
    is "e received" "$(number received e)" $((2 * $(number received d)))
    is "a's cut" "$(number cut a)" 0
}

choose() {
    rm -f lines
    options+=(--failures=lines "--items=$((RANDOM % 400 + 1))")
    ending "$1" 400
}

moments_of attempts
finish
