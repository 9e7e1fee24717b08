#!/usr/bin/env bash
# Stages with keys, when the end comes at any moment: a signal, a stop(), a failure, a finish(), the limit of a drain, while items
# are set aside for a body of their key, for their key's rate, for their worker, for their next attempt, for their turn, for others
# of their key.
# Whatever comes, the ledger of each stage and channel adds up, items of a key begin in their order, no two bodies of it run that
# may not, and of items that own memory none is lost or dropped twice; where the pipeline was not torn down, what each stage
# got follows from what the source sent.
#
#   tests/keyed.sh [--long]    5,000 moments instead of 40
. "$(dirname "$0")/lib.sh"
. tests/lib-moments.sh
needs "$PIPEC"

cat >"$tmp/keyed.pipe" <<'PIPE'
pipeline keyed "sets aside what must wait for its key; ends at any moment" drain 10s;

include <stdatomic.h>;
include <stdio.h>;
include <stdlib.h>;

param int items = 400 "how many";
param int stop_at = 0 "which item asks for a drain";
param int fail_at = 0 "which item tears the pipeline down";
param int quit_at = 0 "behind how many bodies a stage finishes";
param int hold = 2 in 1..8 "how many bodies of a key at once";
param int room = 12 in 1..100 "how many items a channel holds";

%{
static atomic_long cards, wrong;

struct card {
    int n;
    int attempts;
    char name[8];
};

static struct card *card_new(int n)
{
    struct card *card = malloc(sizeof *card);

    *card = (struct card){ .n = n };
    snprintf(card->name, sizeof card->name, "%d", n % 7);
    cards++;
    return card;
}

static struct card *card_copy(struct card *card)
{
    return card_new(card->n);
}

static void card_drop(struct card *card)
{
    cards--;
    free(card);
}

/* Of bodies that run one at a time. */
static void follow(atomic_int *last, int n)
{
    wrong += n <= atomic_exchange(last, n);
}

/* Behind everything, also what a tear-down drops. */
__attribute__((destructor)) static void tell(void)
{
    fprintf(stderr, "cards %ld wrong %ld\n", (long)cards, (long)wrong);
}
%}

type card = struct card * drop card_drop clone card_copy;

state {
    atomic_int last_alone[5], last_paced[4], lone[6], running[3], quits, gathered[6];
}

bound few = 3;

channel card all[room] broadcast;
channel card kept[room];
channel card again[room];
channel card lost[2] dead;
channel card sorted[*];
channel card urgent[room];
channel card normal[*];
channel card loop[*];
channel card packed[room];
channel card spoiled[2] dead;
channel int ends[4];

stage make -> all {
    for (int n = 1; n <= items; n++)
        emit(card_new(n));
}

// A key is one worker's, and in order there.
stage keep (card <- all) -> kept[1]  workers 5  by (card->name)
state {
    int last[7];
}
{
    wrong += card->n <= self->last[card->n % 7];
    self->last[card->n % 7] = card->n;
    emit(take(card));
}

// What is tried again comes before what waits for its worker; bodies wait for room.
stage retry (card <- kept) -> again[0..2]  workers 4  by (card->n % 7)  bound hold per (card->n % 3)  bound few
    on fail retry 2 backoff 20us..100us then -> lost
state {
    int last[7];
}
{
    const int attempt = ++card->attempts;

    wrong += attempt == 1 && card->n <= self->last[card->n % 7];
    self->last[card->n % 7] = card->n;
    if (card->n % 4 == 0 && attempt < 3)
        fail("%d again", card->n);
    if (card->n % 13 == 0)
        fail("%d never", card->n);
    emit(again, card_new(card->n));
    emit(again, take(card));
}

// One body of a key at a time, on any worker, and each key at its own pace.
stage alone (card <- all) -> sorted  workers 6  bound 1 per (card->n % 5)  rate 100K/s burst 5 per (card->n % 2) {
    follow(&self->pipe->last_alone[card->n % 5], card->n);
    if (card->n == stop_at)
        stop();
    for (int i = 0; i < 2; i++)
        emit(card_new(card->n));
}

// In the order of all items, each key at its own pace.
stage order (card <- all) -> urgent[0..1], normal[0..1]  ordered[12]  workers 4  rate 50K/s burst 3 per (card->n % 4) cost (card->n % 3)
    bound 1 per (card->n % 4) {
    follow(&self->pipe->last_paced[card->n % 4], card->n);
    if (card->n % 3)
        emit(normal, take(card));
    else
        emit(urgent, take(card));
}

stage prefer (card <- urgent > normal) -> loop  workers 3  bound hold per (card->n % 3) {
    const int key = card->n % 3;

    wrong += atomic_fetch_add(&self->pipe->running[key], 1) >= hold;
    emit(take(card));
    self->pipe->running[key]--;
}

// Each item comes three times.
stage round (card <- loop) -> loop[0..1], ends[0..1]  workers 4  by (card->n)  bound 1 per (card->n % 6) {
    if (card->n < 20000) {
        card->n += 10000;
        emit(loop, take(card));
    } else {
        emit(ends, 1);
    }
}

stage quits (card <- again)  workers 4  blocking  bound 1 per (card->n % 6) {
    wrong += atomic_fetch_add(&self->pipe->lone[card->n % 6], 1) > 0;
    if (atomic_fetch_add(&self->pipe->quits, 1) + 1 == quit_at)
        finish();
    self->pipe->lone[card->n % 6]--;
}

stage late (letter <- lost) {
    (void)letter;
}

// What is tried again has waited for its key once more, while others of it gather.
stage gather (cards[5] <- all within 200us per (cards[0]->n % 6)) -> packed[0..5]  workers 4  bound 1 per (cards[0]->n % 6)
    on fail retry 2 backoff 20us..100us then -> spoiled {
    const int key = cards[0]->n % 6, attempt = ++cards[0]->attempts;

    wrong += atomic_fetch_add(&self->pipe->gathered[key], 1) > 0;
    for (size_t i = 0; i < cards_len; i++)
        wrong += cards[i]->n % 6 != key || (i > 0 && cards[i]->n <= cards[i - 1]->n);
    for (size_t i = 0; i < cards_len; i++)
        emit(take(cards[i]));
    self->pipe->gathered[key]--;
    if (key == 0 && attempt < 3)
        fail("again");
    if (key == 1)
        fail("never");
}

// No batch weighs more than 11 but one card alone.
stage pack (cards[7] <- packed weight (cards[0]->n % 5) 11 per (cards[0]->name))  workers 3  by (cards[0]->name) {
    int weight = 0;

    for (size_t i = 0; i < cards_len; i++) {
        wrong += cards[i]->n % 7 != cards[0]->n % 7;
        weight += cards[i]->n % 5;
    }
    wrong += weight > 11 && cards_len > 1;
}

stage spoil (letter <- spoiled) {
    (void)letter;
}

stage end (card <- sorted) -> ends[1]  workers 3  by (card->n) {
    if (card->n == fail_at)
        fail("as it was told");
    emit(1);
}

stage count (n <- ends) {
    (void)n;
}
PIPE

# Torn down: what was left is dropped.
torn() {
    grep -q '^keyed: end: as it was told\|not drained' err
}

wrong() {
    local name all dead
    stages_add_up keep retry alone order prefer round quits late end count gather pack spoil
    channels_add_up 'all>keep' 'all>alone' 'all>order' 'all>gather' kept again lost sorted urgent normal loop ends packed spoiled
    grep -q '^cards 0 wrong 0$' err || grep '^cards' err
    ! torn || return
    all=$(number received 'all>alone') # what is sent as the drain begins goes to nobody
    for name in alone order prefer gather; do
        is "$name received" "$(number received $name)" "$all"
    done
    is "gather's dead" "$(number dead gather)" $(((all + 5) / 6)) # all of one key
    is "pack received" "$(number received pack)" $((all - (all + 5) / 6))
    is "spoil received" "$(number received spoil)" "$(number dead gather)"
    is "end received" "$(number received end)" $((2 * all))
    if [ "$(number discarded loop)" -eq 0 ]; then # else a drain has ended the cycle
        is "round received" "$(number received round)" $((3 * all))
        is "count received" "$(number received count)" $((3 * all))
    fi
    [ -z "$quits" ] || return
    is "keep received" "$(number received keep)" "$all"
    is "retry received" "$(number received retry)" "$all"
    dead=$((all / 13))
    is "retry's dead" "$(number dead retry)" "$dead"
    is "late received" "$(number received late)" "$dead"
    is "quits received" "$(number received quits)" $((2 * (all - dead)))
}

# `quits`: the stage finishes, and with it those before it
choose() {
    options+=("--items=$((RANDOM % 400 + 1))" "--room=$((RANDOM % 12 + 1))" "--hold=$((RANDOM % 3 + 1))")
    ending "$1" 400
    quits=
    if [ $(($1 % 4)) -eq 0 ]; then
        quits=$((RANDOM % 200 + 1))
        options+=("--quit-at=$quits")
    fi
}

moments_of keyed
finish
