/* What bodies call where an item fails, and what the runtime may show of it. */
#ifndef PRT_FAIL_H
#define PRT_FAIL_H

#include <prt/worker.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How an item is shown in a line of --failures. With the bytes that it has, the first of these say which C type it is. */
enum prt_shown {
    PRT_SHOWN_NOT,
    PRT_SHOWN_SIGNED,   /* int8_t to int64_t */
    PRT_SHOWN_UNSIGNED, /* uint8_t to uint64_t */
    PRT_SHOWN_CHAR,     /* char, as a number */
    PRT_SHOWN_BOOL,
    PRT_SHOWN_FLOAT,    /* float, double */
    PRT_SHOWN_TEXT      /* char *, up to its NUL; NULL is null */
};

/* prt_fail() says that the current item failed, with a printf-like reason, of which 1,023 bytes are kept. What follows is
 * the stage's `on fail`. From any body, init, final or flush; the body must return next. prt_fail_item() also hands over
 * where the item lies, which is read before it returns and only if the stage says how it is shown. Both may write a line
 * to standard error and to the file of --failures, and take no lock of the caller's. errno is kept. Return PRT_FAILED, for
 * bodies that are C functions. */
enum prt_result { PRT_DONE, PRT_FAILED };
enum prt_result prt_fail(struct prt_worker *worker, const char *format, ...) __attribute__((format(printf, 2, 3)));
enum prt_result prt_fail_item(struct prt_worker *worker, const void *item, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#ifdef __cplusplus
}
#endif

#endif
