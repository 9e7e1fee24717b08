/* Records in memory: what is copied is equal and its own, whatever was taken of it, and nothing is left. A sanitizer counts
 * what is not freed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "shop.h"
#include "unit.h"

static struct shop shop_new(void)
{
    struct shop shop = { .open = true, .id = 7, .name = strdup("Bay"), .country = { 'f', 'i', 'n' },
                         .at = { .lat = 60.1, .street = strdup("") }, .tags_len = 2, .doors_len = 1, .marks = { 1, 0.5f, -2 },
                         .numbers_len = 3 };

    shop.tags = calloc(2, sizeof *shop.tags);
    shop.tags[1] = strdup("books");
    shop.doors = calloc(1, sizeof *shop.doors);
    shop.doors->street = strdup("Esplanadi");
    shop.numbers = calloc(3, sizeof *shop.numbers);
    shop.numbers[2] = UINT64_MAX;
    shop.pictures[1] = (struct prt_bytes){ malloc(3), 3 };
    memcpy(shop.pictures[1].data, "a\0b", 3);
    return shop;
}

START_TEST(copies)
{
    struct shop shop = shop_new(), copy;

    memset(&copy, 0xa5, sizeof copy);
    prt_record_clone(&shop_record, &copy, &shop);
    ck_assert(prt_record_equal(&shop_record, &shop, &copy));
    ck_assert_ptr_ne(shop.tags[1], copy.tags[1]);
    ck_assert_ptr_null(copy.tags[0]);
    ck_assert_str_eq(copy.doors->street, "Esplanadi");
    ck_assert_ptr_null(copy.pictures[0].data);
    prt_record_drop(&shop_record, &shop);
    ck_assert_ptr_null(shop.name);
    ck_assert_uint_eq(shop.tags_len, 0);
    ck_assert_str_eq(copy.tags[1], "books");
    prt_record_drop(&shop_record, &copy);
    prt_record_drop(&shop_record, &copy);
}
END_TEST

START_TEST(differences)
{
    for (int i = 0; i < 12; i++) {
        struct shop shop = shop_new(), other = shop_new();

        switch (i) {
        case 0: other.open = false; break;
        case 1: other.id = 8; break;
        case 2: other.name[0] = 'L'; break;
        case 3: free(PRT_TAKE(other.name)); break;
        case 4: other.country[2] = '\0'; break;
        case 5: other.at.lat += 1; break;
        case 6: free(PRT_TAKE(other.at.street)); break; /* an empty one is one */
        case 7: free(PRT_TAKE(other.tags[1])); break;
        case 8: other.tags[0] = strdup(""); break;
        case 9: other.doors->street[0] = 'e'; break;
        case 10: other.pictures[1].data[2] = 'c'; break;
        default: other.numbers[1] = 1; break;
        }
        ck_assert(!prt_record_equal(&shop_record, &shop, &other));
        ck_assert(!prt_record_equal(&shop_record, &other, &shop));
        prt_record_drop(&shop_record, &shop);
        prt_record_drop(&shop_record, &other);
    }
}
END_TEST

START_TEST(numbers)
{
    struct place a = { .lat = 0.0 }, b = { .lat = -0.0 };

    ck_assert(prt_record_equal(&place_record, &a, &b));
    a.lat = b.lat = NAN;
    ck_assert(!prt_record_equal(&place_record, &a, &b));
    ck_assert(!prt_record_equal(&place_record, &a, &a));
}
END_TEST

/* A text ends at its NUL, whatever stands behind that. */
START_TEST(texts)
{
    struct shop a = { .country = { 'a', '\0', 'b' } }, b = { .country = { 'a', '\0', 'c' } };

    ck_assert(prt_record_equal(&shop_record, &a, &b));
}
END_TEST

/* A list whose elements were taken has none, whatever its length says. */
START_TEST(taken)
{
    struct shop shop = shop_new(), copy, none = { 0 };
    char **tags = PRT_TAKE(shop.tags);
    struct place *doors = PRT_TAKE(shop.doors);

    ck_assert_uint_eq(shop.tags_len, 2);
    prt_record_clone(&shop_record, &copy, &shop);
    ck_assert_ptr_null(copy.tags);
    ck_assert_uint_eq(copy.tags_len, 0);
    ck_assert(prt_record_equal(&shop_record, &shop, &copy));
    prt_record_drop(&shop_record, &shop);
    ck_assert(prt_record_equal(&shop_record, &shop, &none));
    prt_record_drop(&shop_record, &copy);
    free(tags[1]);
    free(tags);
    free(doors->street);
    free(doors);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = { copies, differences, numbers, texts, taken };

    return unit_run_all("record", tests, sizeof tests / sizeof *tests);
}
