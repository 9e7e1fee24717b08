/* Below TMPDIR, with a name of its own. */
#include "command/scratch.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

char *scratch_make(void)
{
    const char *parent = getenv("TMPDIR");
    char *path = NULL;

    if (asprintf(&path, "%s/pipec-test-XXXXXX", parent && *parent == '/' ? parent : "/tmp") < 0)
        return NULL;
    if (mkdtemp(path))
        return path;
    free(path);
    return NULL;
}

static int open_up(const char *path, const struct stat *status, int type, struct FTW *way)
{
    (void)status;
    (void)way;
    return type == FTW_D || type == FTW_DNR ? (chmod(path, 0700), 0) : 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *way)
{
    (void)status;
    (void)type;
    (void)way;
    return remove(path) != 0 && errno != ENOENT;
}

/* Links are removed, not followed. A test may have taken rights away from its directories: each walk down gives those back that it
 * meets, and sees what is below them. */
void scratch_remove(char *path)
{
    for (int i = 0; path && i < 64 && nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0; i++)
        nftw(path, open_up, 16, FTW_PHYS);
    free(path);
}
