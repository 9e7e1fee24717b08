/* Names, and the directory. */
#include "build/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define KEPT_SECONDS (30 * 24 * 3600)

/* ---- the name ---------------------------------------------------------------------------------------------------- */

/* FNV-1a, twice from different starts: 128 bits that differ by more than chance allows. */
struct hash {
    uint64_t a, b;
};

static void hash_add(struct hash *hash, const void *data, size_t len)
{
    const unsigned char *bytes = data;

    for (size_t i = 0; i < len; i++) {
        hash->a = (hash->a ^ bytes[i]) * UINT64_C(0x100000001b3);
        hash->b = (hash->b ^ bytes[i] ^ 0x5a) * UINT64_C(0x100000001b3);
    }
}

/* The words of the command, and what the files among them are now: the runtime's library, other objects. */
static void hash_words(struct hash *hash, const struct words *words)
{
    struct stat status;

    for (size_t i = 0; i < words->len; i++) {
        hash_add(hash, words->at[i], strlen(words->at[i]) + 1);
        if (stat(words->at[i], &status) == 0) {
            hash_add(hash, &status.st_size, sizeof status.st_size);
            hash_add(hash, &status.st_mtim, sizeof status.st_mtim);
        }
    }
}

static struct hash hash_build(const struct build *build)
{
    struct hash hash = { UINT64_C(0xcbf29ce484222325), UINT64_C(0x84222325cbf29ce4) };

    hash_add(&hash, PIPEC_VERSION, sizeof PIPEC_VERSION);
    hash_add(&hash, build->job.text, build->job.len);
    hash_words(&hash, &build->job.words);
    return hash;
}

/* ---- the directory ----------------------------------------------------------------------------------------------- */

static bool fail(const char *path, const char *why)
{
    fprintf(stderr, "pipec: cannot keep programs in %s: %s\n"
                    "  hint: set XDG_CACHE_HOME to a directory of yours, or use pipec build\n", path, why);
    return false;
}

/* $XDG_CACHE_HOME is to be ignored where it is no absolute path. */
static bool find_parent(char *path, size_t size)
{
    const char *cache = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    int len = -1;

    if (cache && *cache == '/')
        len = snprintf(path, size, "%s", cache);
    else if (home && *home == '/')
        len = snprintf(path, size, "%s/.cache", home);
    else
        return fail("a cache", "neither XDG_CACHE_HOME nor HOME is set");
    return (len > 0 && (size_t)len < size) || fail("a cache", strerror(ENAMETOOLONG));
}

static bool make_directory(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST || fail(path, strerror(errno));
}

/* Whoever may write here can have programs run in our name. */
static bool is_safe(const char *path)
{
    struct stat status;

    if (lstat(path, &status) != 0)
        return fail(path, strerror(errno));
    if (!S_ISDIR(status.st_mode))
        return fail(path, "it is no directory");
    if (status.st_uid != geteuid())
        return fail(path, "it belongs to somebody else");
    if (status.st_mode & (S_IWGRP | S_IWOTH))
        return fail(path, "others may write there");
    return true;
}

char *cache_path(const struct build *build)
{
    const struct hash hash = hash_build(build);
    char parent[PATH_MAX];
    char directory[PATH_MAX + 8];
    char *path;

    if (!find_parent(parent, sizeof parent) || !make_directory(parent))
        return NULL;
    snprintf(directory, sizeof directory, "%s/pipec", parent);
    if (!make_directory(directory) || !is_safe(directory))
        return NULL;
    if (asprintf(&path, "%s/%s-%016" PRIx64 "%016" PRIx64, directory, build->job.plan->name, hash.a,
                 hash.b) < 0)
        return fail(directory, "out of memory"), NULL;
    return path;
}

/* ---- finding and forgetting -------------------------------------------------------------------------------------- */

/* The text has an #include of a file that stands beside it, which may change without a trace in the name. */
static bool includes_own_file(const char *text, const char *end)
{
    while (text && text < end) {
        while (*text == ' ' || *text == '\t')
            text++;
        if (*text == '#') {
            text += 1 + strspn(text + 1, " \t");
            if (strncmp(text, "include", 7) == 0 && text[7 + strspn(text + 7, " \t")] != '<')
                return true;
        }
        text = memchr(text, '\n', (size_t)(end - text));
        text += text != NULL;
    }
    return false;
}

bool cache_has(const struct build *build, const char *path)
{
    struct stat status;

    if (build->options->inputs.len > 0 || includes_own_file(build->job.text, build->job.text + build->job.len))
        return false;
    /* A machine that went down while it was written may leave the name without the bytes. */
    return stat(path, &status) == 0 && status.st_size > 0 && access(path, X_OK) == 0
        && utimensat(AT_FDCWD, path, NULL, 0) == 0;
}

void cache_prune(const char *path)
{
    const time_t now = time(NULL);
    char directory[PATH_MAX];
    const char *slash = strrchr(path, '/');
    struct dirent *entry;
    DIR *open;

    if (snprintf(directory, sizeof directory, "%.*s", (int)(slash - path), path) >= (int)sizeof directory)
        return;
    open = opendir(directory);
    while (open && (entry = readdir(open))) {
        struct stat status;

        if (fstatat(dirfd(open), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode)
            && now - status.st_mtime > KEPT_SECONDS)
            unlinkat(dirfd(open), entry->d_name, 0);
    }
    if (open)
        closedir(open);
}
