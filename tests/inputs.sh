#!/usr/bin/env bash
# Zips, batches by weight, priorities, broadcasts, channels that drop and bodies that take their items themselves, when the end
# comes at any moment: a signal, a stop(), a failure, a finish(), the limit of a drain. Whatever comes, the ledger of each stage and
# channel adds up, both halves of a pair are one item's, no batch weighs too much, and of items that own memory none is lost or
# dropped twice; where the pipeline was not torn down, what each stage got follows from what the source sent.
#
#   tests/inputs.sh [--long]    5,000 moments instead of 40
. "$(dirname "$0")/lib.sh"
. tests/lib-moments.sh
needs "$PIPEC"

cat >"$tmp/inputs.pipe" <<'PIPE'
pipeline inputs "meets, gathers, prefers, drops, pulls; ends at any moment" drain 10s;

include <stdatomic.h>;
include <stdio.h>;
include <stdlib.h>;

param int items = 400 "how many";
param int stop_at = 0 "at which pair a drain is asked for";
param int fail_at = 0 "which item tears the pipeline down";
param int quit_at = 0 "behind how many items of a channel its stage finishes";

%{
static atomic_long cards, wrong;

struct card {
    int n;
};

static struct card *card_new(int n)
{
    struct card *card = malloc(sizeof *card);

    *card = (struct card){ n };
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

/* Behind everything, also what a tear-down drops. */
__attribute__((destructor)) static void tell(void)
{
    fprintf(stderr, "cards %ld wrong %ld\n", (long)cards, (long)wrong);
}
%}

type card = struct card * drop card_drop clone card_copy;

channel card all[4] broadcast;
channel card left[2];
channel card right[2];
channel card pairs[4];
channel card urgent[8];
channel card normal[*];
channel card gathered[4];
channel card latest[2] drop oldest;
channel card early[2] drop newest;
channel int ends[4];

stage make -> all {
    for (int n = 1; n <= items; n++)
        emit(card_new(n));
}

stage l (card <- all) -> left[1]  workers 3  ordered { emit(take(card)); }
stage r (card <- all) -> right[1] { emit(take(card)); }

stage pair (x <- left, y <- right) -> pairs[1] {
    wrong += x->n != y->n;
    if (x->n == stop_at)
        stop();
    emit(take(x));
}

stage sort (card <- all) -> urgent[0..1], normal[0..1] {
    if (card->n % 3)
        emit(normal, take(card));
    else
        emit(urgent, take(card));
}

stage gather (cs[6] <- urgent > normal within 100us weight ((*cs)->n % 5) 9) -> gathered  workers 2 {
    int load = 0;

    for (size_t i = 0; i < cs_len; i++)
        load += cs[i]->n % 5;
    wrong += load > 9 && cs_len > 1;
    for (size_t i = 0; i < cs_len; i++)
        emit(take(cs[i]));
}

stage loose (card <- all) -> latest[1], early[1] {
    emit(early, card_new(card->n));
    emit(latest, take(card));
}

stage pull (pull a <- gathered, pull b <- pairs, pull c <- latest) -> ends {
    for (int which; (which = next_any(a, b, c)) >= 0;)
        emit((which == 0 ? a : which == 1 ? b : c)->n);
}

stage few (pull card <- early)
state {
    int n;
}
{
    for (int came; (came = next_for(card, 50us)) >= 0;)
        if (came && ++self->n == quit_at)
            finish();
}

stage end (n <- ends) {
    if (n == fail_at)
        fail("%d", n);
}
PIPE

# Torn down: what was left is dropped.
torn() {
    grep -q '^inputs: end: \|not drained' err
}

wrong() {
    local name all pulled=0
    stages_add_up l r pair sort gather loose pull few end
    channels_add_up 'all>l' 'all>r' 'all>sort' 'all>loose' left right pairs urgent normal gathered latest early ends
    grep -q '^cards 0 wrong 0$' err || grep '^cards' err
    ! torn || return
    all=$(number received 'all>l') # what is sent as the drain begins goes to nobody
    for name in left right pairs gathered latest early; do
        is "$name sent" "$(number sent "$name")" "$all"
    done
    for name in l r pair sort gather loose; do
        is "$name received" "$(number received $name)" "$all"
    done
    is "urgent and normal" $(($(number sent urgent) + $(number sent normal))) "$all"
    for name in gathered pairs latest; do
        pulled=$((pulled + $(number received $name)))
    done
    is "pulled" "$(number received pull)" "$pulled"
    is "ends" "$(number received end)" "$pulled"
}

choose() {
    options+=("--items=$((RANDOM % 400 + 1))")
    ending "$1" 400
    [ $(($1 % 4)) -ne 0 ] || options+=("--quit-at=$((RANDOM % 20 + 1))")
}

moments_of inputs
finish
