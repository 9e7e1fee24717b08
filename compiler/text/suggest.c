/* Optimal string alignment: letters left out, added, changed, and neighbours swapped, each count one. Names of more
 * than LONGEST letters are not compared; nobody misspells those by hand.
 */
#include "text/suggest.h"

#include <stdint.h>
#include <string.h>

#define LONGEST 40

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
    size_t rows[3][LONGEST + 1];
    size_t *above = rows[0], *before = rows[1], *row = rows[2];

    for (size_t j = 0; j <= nb; j++)
        row[j] = j;
    for (size_t i = 1; i <= na; i++) {
        size_t *const reused = above;

        above = before;
        before = row;
        row = reused;
        row[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            row[j] = least(before[j - 1] + (a[i - 1] != b[j - 1]), least(before[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], above[j - 2] + 1);
        }
    }
    return row[nb];
}

struct suggestion suggestion_for(const char *wrong)
{
    return (struct suggestion){ .wrong = wrong, .distance = strlen(wrong) / 3 + 2 };
}

void suggestion_offer(struct suggestion *suggestion, const char *name)
{
    const size_t na = strlen(suggestion->wrong);
    const size_t nb = strlen(name);
    size_t d;

    if (na > LONGEST || nb > LONGEST || (na > nb ? na - nb : nb - na) >= suggestion->distance)
        return;
    d = distance(suggestion->wrong, na, name, nb);
    if (d < suggestion->distance && d < na) {
        suggestion->distance = d;
        suggestion->best = name;
    }
}
