/* PATH. */
#include "build/which.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_program(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

char *which_program(const char *name)
{
    const char *path = getenv("PATH");
    char tried[PATH_MAX];

    if (strchr(name, '/'))
        return realpath(name, NULL);
    for (path = path ? path : "/bin:/usr/bin"; ; path++) {
        const int len = (int)strcspn(path, ":");

        if (snprintf(tried, sizeof tried, "%.*s%s%s", len, path, len > 0 ? "/" : "", name) < (int)sizeof tried
            && is_program(tried))
            return realpath(tried, NULL);
        path += len;
        if (!*path)
            return NULL;
    }
}
