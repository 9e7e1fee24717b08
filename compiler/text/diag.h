/* Errors, warnings, notes and hints: collected while a file is compiled, printed in order of place, each once.
 *
 *   words.pipe:9:27: error: 'count' merges 'words' (string) with 'ids' (int) [E0204]
 *       9 | stage count (n <- words | ids) -> totals
 *         |                           ^~~
 *   words.pipe:5:13: note: 'ids' is declared here
 *       5 | channel int ids[16];
 *         |             ~~~
 *     hint: merge channels of one type, or read them in two stages
 *
 * Codes: E00xx letters and syntax, E01xx names, E02xx types, E03xx shape, E04xx bodies, E05xx deadlock, E06xx limits,
 * E09xx not in this version; W0xxx warnings by the same families, N0xxx what is no mistake but worth knowing. Each code
 * is a row of diag_codes.def.
 *
 * Lines and columns count from 1; a column is a character, whatever its width. What would move the cursor of a terminal
 * or hide text from the reader is printed as <1B> or <U+202E>, in source lines and in messages.
 */
#ifndef DIAG_H
#define DIAG_H

#include <stdio.h>

#include "text/source.h"

#define DIAG_MAX 100 /* errors shown; the rest are counted */

struct diags;

/* Keeps `sources`, in which all spans lie, and which must outlive it. NULL where memory is short. */
struct diags *diags_new(const struct sources *sources);
void diags_free(struct diags *diags);

/* Where a stage is made of a part, a place in the part counts as the place of use, and the part's is a note; what is told
 * of the part already is not told again.
 *
 * One error, warning ("W0301") or note of its own ("N0301"). The notes and the hint that follow belong to it. */
void diag_report(struct diags *diags, const char *code, struct span at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void diag_note(struct diags *diags, struct span at, const char *format, ...) __attribute__((format(printf, 3, 4)));
void diag_hint(struct diags *diags, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Says that declarations with an error are left out of the tree. From now on, what tells only that something is missing
 * (a stage without outputs, a channel that nobody sends to) is not reported: it may stand in one of those. */
void diags_incomplete(struct diags *diags);

bool diags_are_incomplete(const struct diags *diags);

/* Says that the error just reported is repaired: all that was meant is in the tree. */
void diags_repaired(struct diags *diags);

/* Tells whether nothing is wrong but what was repaired. */
bool diags_are_whole(const struct diags *diags);

/* What is reported so far; and forgets what was since then. */
struct diags_mark { size_t nreports, errors, dropped, repaired, ndistrusted; bool incomplete; const void *distrusted; };

struct diags_mark diags_mark(const struct diags *diags);
void diags_return(struct diags *diags, const struct diags_mark *mark);

/* Says that C text is broken in a way that is reported: what its tokens seem to tell (E04xx) is not. */
void diags_distrust(struct diags *diags, struct span text);

/* From now on what is not proven (W05xx) is an error. */
void diags_be_strict(struct diags *diags);

size_t diag_errors(const struct diags *diags);

/* Tells whether so many were reported that another one would only be counted. Its text need not be made. */
bool diag_is_full(const struct diags *diags);

/* What a code is about, from diag_codes.def; NULL where there is no such code. */
const char *diag_title(const char *code);

/* diags_print() writes all of them to standard error, in colour iff it is a terminal and NO_COLOR is unset or empty. */
void diags_print(struct diags *diags);
void diags_write(struct diags *diags, FILE *to, bool colour);

#endif
