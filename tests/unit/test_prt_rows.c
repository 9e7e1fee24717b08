/* Rows: what is added comes out, each item whole, in its order and with its channel, whatever its size, and no more nodes are
 * kept than hold it. Nothing is written behind a node. */
#include <stdlib.h>
#include <string.h>

#include <pool/store_rows.h>

#include "unit.h"

enum { ITEMS = 300, HEAD = 176, MOST_SIZE = 1000, CHANNELS = 5, GUARD = 16 };

static const size_t sizes[] = { 0, 1, 4, 8, 12, 16, 24, 64, 72, 128, 144, 160, 200, MOST_SIZE };

enum { SIZES = sizeof sizes / sizeof *sizes };

static struct prt_node *nodes[ITEMS];
static size_t made;

static uint32_t from_of(uint64_t i)
{
    return (uint32_t)(i * i % CHANNELS);
}

static void fill(unsigned char *item, size_t size, uint64_t i)
{
    for (size_t b = 0; b < size; b++)
        item[b] = (unsigned char)(i * 31 + b * 7 + i / 256);
}

static void check_item(const unsigned char *item, size_t size, uint64_t i)
{
    unsigned char expected[MOST_SIZE];

    fill(expected, size, i);
    ck_assert_msg(memcmp(item, expected, size) == 0, "item %ju of %zu bytes", (uintmax_t)i, size);
}

static struct prt_rows rows_of(size_t size, bool mixed)
{
    struct prt_rows rows = { .size = size, .item_at = HEAD, .node_size = (HEAD + size + 15) / 16 * 16, .mixed = mixed };

    prt_rows_make_(&rows);
    ck_assert_uint_ge(rows.most, 1);
    return rows;
}

/* A node that holds the item, and knows nothing of rows. */
static struct prt_node *node_of(const struct prt_rows *rows, uint64_t i)
{
    unsigned char *const bytes = malloc(rows->node_size + GUARD);
    struct prt_node *const node = (struct prt_node *)bytes;

    memset(bytes, 0xee, rows->node_size + GUARD);
    node->from = rows->mixed ? from_of(i) : 0;
    fill(bytes + rows->item_at, rows->size, i);
    nodes[made++] = node;
    return node;
}

/* Item 0 is the group's first, which has a node of its own. */
static size_t gather(const struct prt_rows *rows, struct prt_group *group, uint64_t n)
{
    size_t kept = 0;

    *group = (struct prt_group){ .n = 1 };
    made = 0;
    for (uint64_t i = 1; i < n; i++) {
        group->n++;
        kept += prt_rows_add_(rows, group, node_of(rows, i));
    }
    return kept;
}

static void free_all(const struct prt_rows *rows)
{
    for (size_t i = 0; i < made; i++) {
        for (size_t b = 0; b < GUARD; b++)
            ck_assert_uint_eq(((unsigned char *)nodes[i])[rows->node_size + b], 0xee);
        free(nodes[i]);
    }
}

static void check_copy(const struct prt_rows *rows, const struct prt_group *group)
{
    static unsigned char hand[ITEMS * MOST_SIZE];
    uint64_t counts[CHANNELS] = { 0 };

    prt_rows_copy_(rows, group, hand, counts);
    for (uint64_t i = 1; i < group->n; i++) {
        check_item(hand + (i - 1) * rows->size, rows->size, i);
        counts[rows->mixed ? from_of(i) : 0]--;
    }
    for (size_t c = 0; c < CHANNELS; c++)
        ck_assert_uint_eq(counts[c], 0);
}

static void check_walk(const struct prt_rows *rows, const struct prt_group *group)
{
    uint64_t i = 1;

    for (struct prt_walk walk = prt_rows_walk_(group); walk.left > 0; prt_rows_step_(rows, &walk), i++) {
        check_item(prt_rows_item_(rows, &walk), rows->size, i);
        ck_assert_uint_eq(prt_rows_from_(rows, &walk), rows->mixed ? from_of(i) : 0);
        ck_assert_uint_eq((uintptr_t)prt_rows_item_(rows, &walk) % 4 * (rows->size % 4 == 0), 0);
    }
    ck_assert_uint_eq(i, group->n);
}

START_TEST(all_come_out)
{
    const struct prt_rows rows = rows_of(sizes[_i % SIZES], _i >= SIZES);
    struct prt_group group;

    for (uint64_t n = 1; n <= ITEMS; n += n < 40 ? 1 : 37) {
        const size_t kept = gather(&rows, &group, n);

        size_t linked = 0;

        for (const struct prt_node *row = group.rest; row; row = row->next)
            linked++;
        ck_assert_uint_eq(kept, (n - 1 + rows.most - 1) / rows.most);
        ck_assert_uint_eq(linked, kept);
        ck_assert_uint_eq(prt_rows_count_(&rows, &group), kept);
        check_copy(&rows, &group);
        check_walk(&rows, &group);
        free_all(&rows);
    }
}
END_TEST

/* Small ones share a row; one that leaves no room for another stays where it lies. */
START_TEST(how_many)
{
    ck_assert_uint_eq(rows_of(16, false).most, 10);
    ck_assert_uint_eq(rows_of(16, true).most, 8);
    ck_assert_uint_eq(rows_of(64, false).most, 3);
    ck_assert_uint_eq(rows_of(144, false).most, 2);
    ck_assert_uint_eq(rows_of(144, true).most, 1);
    ck_assert_uint_eq(rows_of(200, false).most, 1);
    ck_assert_uint_eq(rows_of(200, false).at, HEAD);
}
END_TEST

int main(void)
{
    Suite *const suite = suite_create("rows");

    unit_add(suite, "all_come_out", all_come_out, 0, 2 * SIZES);
    unit_add(suite, "how_many", how_many, 0, 1);
    return unit_run(suite);
}
