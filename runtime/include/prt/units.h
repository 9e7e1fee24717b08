/* What items weigh and cost, as numbers of whatever type an expression has. */
#ifndef PRT_UNITS_H
#define PRT_UNITS_H

#include <stdint.h>

#include <prt/worker.h>

#ifdef __cplusplus
extern "C" {
#endif

/* PRT_UNITS(worker, what, E) is what a weight or a cost is worth, which `what` names ("weight", "cost"): a number of any type, but
 * below 0, and one that is none, counts as 0, and above INT64_MAX as that. The first time in a stage that a weight is below, or above, one
 * line on standard error says so; a cost the same. E is evaluated once. On any thread; never blocks but for that line. */
uint64_t prt_units_below_(struct prt_worker *worker, const char *what, int64_t units);
uint64_t prt_units_above_(struct prt_worker *worker, const char *what, uint64_t units);
uint64_t prt_units_of_double_(struct prt_worker *worker, const char *what, double units);

static inline uint64_t prt_units_of_int_(struct prt_worker *worker, const char *what, int64_t units)
{
    return units >= 0 ? (uint64_t)units : prt_units_below_(worker, what, units);
}

static inline uint64_t prt_units_of_unsigned_(struct prt_worker *worker, const char *what, uint64_t units)
{
    return units <= INT64_MAX ? units : prt_units_above_(worker, what, units);
}

/* PRT_WEIGHT(E) is what an item of a batch weighs: a number of any type, cut off where an int64_t ends; what is no number is below
 * 0. E is evaluated once. On any thread; never blocks. */
static inline int64_t prt_weight_of_int_(int64_t weight)
{
    return weight;
}

static inline int64_t prt_weight_of_unsigned_(uint64_t weight)
{
    return weight <= INT64_MAX ? (int64_t)weight : INT64_MAX;
}

static inline int64_t prt_weight_of_double_(double weight)
{
    const double end = 9223372036854775808.0; /* 2^63; C++ before 17 has no hexadecimal ones */

    return weight >= end ? INT64_MAX : weight >= -end ? (int64_t)weight : INT64_MIN;
}

#ifdef __cplusplus
}
#endif

/* What is wrong with an expression the C compiler says where that stands, not where this does. */
#pragma GCC system_header

/* Of gcc's classes of types, which clang has too: integers, characters, enums, truth values, reals. */
#define PRT_IS_NUMBER_(class) (((class) >= 1 && (class) <= 4) || (class) == 8)

/* The expression, promoted, and 0 in the place of what is no number. */
#define PRT_NUMBER_(...) \
    (+__builtin_choose_expr(PRT_IS_NUMBER_(__builtin_classify_type((__VA_ARGS__))), (__VA_ARGS__), 0))

/* The same, where that is told. Neither an address nor a structure is a number, though C casts the one. */
#define PRT_TOLD_NUMBER_(...) \
    __extension__ ({ \
        _Static_assert(PRT_IS_NUMBER_(__builtin_classify_type((__VA_ARGS__))), \
                       "a weight or a cost is a number; name a member that is one"); \
        PRT_NUMBER_(__VA_ARGS__); \
    })

#define PRT_UNITS(worker, what, ...) \
    _Generic(PRT_NUMBER_(__VA_ARGS__), \
        float: prt_units_of_double_, \
        double: prt_units_of_double_, \
        long double: prt_units_of_double_, \
        unsigned long: prt_units_of_unsigned_, \
        unsigned long long: prt_units_of_unsigned_, \
        default: prt_units_of_int_)(worker, what, PRT_TOLD_NUMBER_(__VA_ARGS__))

#define PRT_WEIGHT(...) \
    _Generic(PRT_NUMBER_(__VA_ARGS__), \
        float: prt_weight_of_double_, \
        double: prt_weight_of_double_, \
        long double: prt_weight_of_double_, \
        unsigned long: prt_weight_of_unsigned_, \
        unsigned long long: prt_weight_of_unsigned_, \
        default: prt_weight_of_int_)(PRT_TOLD_NUMBER_(__VA_ARGS__))

#endif
