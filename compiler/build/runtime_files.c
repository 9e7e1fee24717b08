/* Finding the runtime from the place of the executable, so that an installation can be moved. */
#include "build/runtime_files.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The directory of the running pipec, without the slash. */
static bool own_directory(char *path, size_t size)
{
    const ssize_t len = readlink("/proc/self/exe", path, size - 1);
    char *slash;

    if (len <= 0)
        return false;
    path[len] = '\0';
    slash = strrchr(path, '/');
    if (slash)
        *slash = '\0';
    return slash != NULL;
}

/* `library` and `include` are below `root`. */
static bool try(struct runtime_files *files, const char *root, const char *library, const char *include)
{
    char header[PATH_MAX];

    if (asprintf(&files->library, "%s%s", root, library) < 0)
        files->library = NULL;
    if (asprintf(&files->test, "%s%.*s-test.a", root, (int)(strlen(library) - 2), library) < 0)
        files->test = NULL;
    if (asprintf(&files->include, "%s%s", root, include) < 0)
        files->include = NULL;
    if (files->library && files->test && files->include && access(files->library, R_OK) == 0
        && snprintf(header, sizeof header, "%s/prt/prt.h", files->include) < (int)sizeof header
        && access(header, R_OK) == 0)
        return true;
    runtime_files_free(files);
    return false;
}

bool runtime_files_find(struct runtime_files *files)
{
    const char *root = getenv("PIPEC_RUNTIME");
    char own[PATH_MAX];

    if (root && *root) {
        if (try(files, root, "/lib/libprt.a", "/include"))
            return true;
        fprintf(stderr, "pipec: PIPEC_RUNTIME is %s, but lib/libprt.a and include/prt/prt.h are not there\n", root);
        return false;
    }
    if (own_directory(own, sizeof own)
        && (try(files, own, "/libprt.a", "/include") || try(files, own, "/../lib/libprt.a", "/../include")))
        return true;
    fputs("pipec: cannot find the runtime (libprt.a and prt/prt.h) beside pipec\n"
          "  hint: install pipec as a whole, or set PIPEC_RUNTIME to the directory that has lib/ and include/\n",
          stderr);
    return false;
}

char *library_find(void)
{
    const char *root = getenv("PIPEC_RUNTIME");
    char own[PATH_MAX];
    char *path;

    if (root && *root)
        return asprintf(&path, "%s/share/pipec", root) < 0 ? NULL : path;
    if (!own_directory(own, sizeof own) || asprintf(&path, "%s/library", own) < 0)
        return NULL;
    if (access(path, R_OK) == 0)
        return path;
    free(path);
    return asprintf(&path, "%s/../share/pipec", own) < 0 ? NULL : path;
}

void runtime_files_free(struct runtime_files *files)
{
    free(files->library);
    free(files->test);
    free(files->include);
    *files = (struct runtime_files){ .library = NULL };
}
