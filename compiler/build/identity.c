/* A file is its device and number; one that does not exist yet, its directory's and its name there. */
#include "build/identity.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the link at `path` names, seen from where pipec runs; NULL with errno. */
static char *link_target(const char *path)
{
    char name[PATH_MAX];
    const ssize_t len = readlink(path, name, sizeof name - 1);
    const char *slash = strrchr(path, '/');
    char *target;

    if (len < 0)
        return NULL;
    name[len] = '\0';
    if (*name == '/' || !slash)
        return strdup(name);
    return asprintf(&target, "%.*s%s", (int)(slash + 1 - path), path, name) < 0 ? NULL : target;
}

/* Links to the file stay links, and one to nothing gets what it names. */
char *file_itself(const char *path)
{
    char *file = realpath(path, NULL);
    char *target;

    if (file || errno != ENOENT)
        return file;
    file = strdup(path);
    while (file && (target = link_target(file))) { /* ends: realpath() found no circle */
        free(file);
        file = target;
    }
    return file;
}

struct identity {
    struct stat status; /* of the file, or of the directory where it would be made */
    char *name;         /* there; NULL: the file exists */
    bool known;
};

static struct identity identity_of(const struct file_use *use)
{
    struct identity it = { .name = NULL };
    char *slash;

    if (strcmp(use->path, "-") == 0)
        return it.known = fstat(use->written ? STDOUT_FILENO : STDIN_FILENO, &it.status) == 0, it;
    it.known = stat(use->path, &it.status) == 0;
    if (it.known)
        return it;
    it.name = file_itself(use->path);
    slash = it.name ? strrchr(it.name, '/') : NULL;
    if (!slash)
        return it.known = it.name && stat(".", &it.status) == 0, it;
    *slash = '\0';
    it.known = stat(slash == it.name ? "/" : it.name, &it.status) == 0;
    memmove(it.name, slash + 1, strlen(slash + 1) + 1);
    return it;
}

/* Two texts in one pipe, or on one terminal, are mixed; /dev/null takes any number of them. */
static bool is_one_file(const struct identity *a, const struct identity *b, bool both_written)
{
    if (!a->known || !b->known || a->status.st_dev != b->status.st_dev || a->status.st_ino != b->status.st_ino)
        return false;
    if (a->name || b->name)
        return a->name && b->name && strcmp(a->name, b->name) == 0;
    return S_ISREG(a->status.st_mode) || (both_written && !S_ISCHR(a->status.st_mode));
}

static bool clash(const struct file_use *a, const struct file_use *b)
{
    struct identity x, y;
    bool same;

    if (!a->path || !b->path || (!a->written && !b->written))
        return false;
    if (strcmp(a->path, "-") == 0 && strcmp(b->path, "-") == 0)
        return a->written && b->written;
    x = identity_of(a);
    y = identity_of(b);
    same = is_one_file(&x, &y, a->written && b->written);
    free(x.name);
    free(y.name);
    return same;
}

bool file_clash(const struct file_use *uses, size_t n, const char **one, const char **other)
{
    for (size_t i = 1; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (clash(&uses[i], &uses[j])) {
                *one = uses[uses[i].written ? i : j].path;
                *other = uses[uses[i].written ? j : i].path;
                return true;
            }
    return false;
}
