/* Where the runtime's library and headers are, and installed .pipe files. */
#ifndef RUNTIME_FILES_H
#define RUNTIME_FILES_H

#include <stdbool.h>

struct runtime_files {
    char *library; /* libprt.a */
    char *test;    /* libprt-test.a, beside it, which may not be there */
    char *include; /* has prt/prt.h */
};

/* Looked for below $PIPEC_RUNTIME (lib/ and include/) if that is set; else beside the running pipec: ../lib and
 * ../include where it is installed, its own directory where it was built. False after a message. */
bool runtime_files_find(struct runtime_files *files);
void runtime_files_free(struct runtime_files *files);

/* The directory of the installed library of .pipe files: share/pipec below $PIPEC_RUNTIME if that is set; else beside the
 * bin/ of the running pipec, or library/ in its own directory where it was built. To be freed; NULL where there is none. */
char *library_find(void);

#endif
