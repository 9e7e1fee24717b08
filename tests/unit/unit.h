/* What the Check programs share: the way from tests to main()'s result. */
#ifndef UNIT_H
#define UNIT_H

#include <check.h>

enum { UNIT_HANG = 250 }; /* seconds: only a test that hangs takes so long, however busy the machine is */

static inline int unit_run(Suite *suite)
{
    SRunner *const runner = srunner_create(suite);
    int failed;

    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}

/* Tests without a fixture or a loop. */
static inline int unit_run_all(const char *name, const TTest *const *tests, size_t n)
{
    Suite *const suite = suite_create(name);
    TCase *const tcase = tcase_create(name);

    for (size_t i = 0; i < n; i++)
        tcase_add_test(tcase, tests[i]);
    tcase_set_timeout(tcase, UNIT_HANG);
    suite_add_tcase(suite, tcase);
    return unit_run(suite);
}

/* A case of its own for a test, run for each of [from, to): CK_RUN_CASE=NAME runs one. */
static inline void unit_add(Suite *suite, const char *name, const TTest *test, int from, int to)
{
    TCase *const tcase = tcase_create(name);

    tcase_set_timeout(tcase, UNIT_HANG);
    tcase_add_loop_test(tcase, test, from, to);
    suite_add_tcase(suite, tcase);
}

#endif
