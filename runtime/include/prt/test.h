/* What the programs of `pipec test` call: each is one test, whose stages are fed by sources and looked at by sinks that pipec
 * wrote. What is not as the test says becomes a line, FILE:LINE: CHANNEL: …, on standard error, or on the descriptor that the
 * environment variable PIPEC_TEST_REPORT names; there a last line says "end", so that a program which a body ends does not
 * look as if all were well.
 *
 * Emitted main: prt_test_begin(), prt_run(), prt_test_end(), all on one thread. In between, the functions below are for any
 * thread, each `struct prt_test_expect` for one at a time.
 */
#ifndef PRT_TEST_H
#define PRT_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <prt/platform.h>
#include <prt/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct prt_record;
struct prt_test_fits; /* test.c's own */

/* fail STAGE "text"; */
struct prt_test_failure {
    const char *stage;
    const char *text; /* stands somewhere in the reason */
    unsigned line;
};

struct prt_test_spec {
    const char *file;  /* the .pipe file */
    unsigned line;     /* of the test */
    const struct prt_test_failure *failures;
    size_t nfailures;
};

struct prt_test {
    const struct prt_test_spec *spec;
    int report;        /* the descriptor of lines */
    struct prt_mutex lock;
    bool *came;        /* which of the failures have */
    uint64_t wrong;    /* lines told */
    uint64_t failed;   /* of failures, those that are not expected */
    bool stopped;      /* a failure ended the run before its items had */
};

/* How items are compared and shown. */
enum prt_test_kind {
    PRT_TEST_SIGNED, PRT_TEST_UNSIGNED, PRT_TEST_CHAR, PRT_TEST_BOOL, PRT_TEST_FLOAT,
    PRT_TEST_STRING, /* char * */
    PRT_TEST_BYTES,  /* struct prt_bytes */
    PRT_TEST_RECORD, /* a structure with a table */
    PRT_TEST_ANY     /* not at all: none is expected */
};

/* A letter about an item: the size of its structure, and where what stands behind the item is. All zero: no letter. */
struct prt_test_letter { size_t size, reason, attempts, stage; };
#define PRT_TEST_LETTER(type) { sizeof(type), offsetof(type, reason), offsetof(type, attempts), offsetof(type, stage) }

/* What the test says of a letter, and so is compared: some of these. */
enum { PRT_TEST_ITEM = 1, PRT_TEST_REASON = 2, PRT_TEST_ATTEMPTS = 4, PRT_TEST_STAGE = 8 };

/* What is to come out of a channel. */
struct prt_test_expect {
    struct prt_test *test;
    const char *channel;
    unsigned line;                  /* the last one that says so */
    enum prt_test_kind kind;
    size_t size;                    /* of an item */
    const struct prt_record *record; /* PRT_TEST_RECORD */
    struct prt_test_letter letter;  /* the channel's letters about such items, where it carries letters */
    void *items;                    /* `n` of them, or letters, owned: prt_test_ended() drops them */
    const unsigned *lines;          /* where each stands */
    const unsigned char *says;      /* letters: of each PRT_TEST_ITEM and the like, at least one */
    size_t n;
    struct prt_test_fits **came;    /* in any order, and of each that has come what that fits; NULL: in this order */
    uint64_t got;                   /* items, so far */
    uint64_t told;                  /* lines, so far */
};

/* Opens the report. Where there is no memory it says so and ends the program. */
void prt_test_begin(struct prt_test *test, const struct prt_test_spec *spec);

/* A stage's item, or a section of it, failed for good: by prt_run_spec's `failed`. `stops`: that ends the run. */
void prt_test_failed(void *test, const char *stage, const char *reason, bool stops);

/* What comes out of a channel: `*expect` becomes `*spec`; an item came, which stays the caller's; none will come any more. */
void prt_test_expect(struct prt_test_expect *expect, const struct prt_test_expect *spec);
void prt_test_came(struct prt_test_expect *expect, const void *item);
void prt_test_ended(struct prt_test_expect *expect);

/* The exit status of the program, where `status` is that of the run: 0 iff all was as the test says. */
int prt_test_end(struct prt_test *test, int status);

/* Copies, which the caller owns; NULL stays NULL. They end the program where there is no memory. */
char *prt_test_string(const char *text);
struct prt_bytes prt_test_text(const char *text); /* without its NUL */
struct prt_bytes prt_test_bytes(struct prt_bytes bytes);

/* What a letter says beside its item, as the author wrote it. One that is fed gets its own reason, and where nothing is said an
 * empty one, one attempt and an empty name of a stage; one that is expected gets its own of what is said. */
void prt_test_letter_fed(char **reason, int *attempts, const char **stage);
void prt_test_letter_expected(char **reason, const char **stage);

#ifdef __cplusplus
}
#endif

#endif
