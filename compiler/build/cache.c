/* A program's name is the hash of what pipec knows of it, and of the files that a list beside it names, as they are now.
 * Programs that differ have different names, so that a list that another pipec writes at the same time does no harm.
 */
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

#include "build/search.h"
#include "build/which.h"

#define KEPT_SECONDS (30 * 24 * 3600)
#define SCRIPT_MOST (64 * 1024) /* a larger program is no script */

/* ---- what pipec knows without a C compiler ------------------------------------------------------------------------ */

/* A program that a command starts: which one it is, and what it says where it is a script. */
static void hash_program(struct hash *hash, const char *name)
{
    char *path = which_program(name);
    struct stat status;

    hash_text(hash, path);
    if (path) {
        hash_identity(hash, path);
        if (stat(path, &status) == 0 && status.st_size <= SCRIPT_MOST)
            hash_contents(hash, path);
    }
    free(path);
}

/* A file that a word names, whole or in its end, such as one of more words (@FILE) or of what to link (-T FILE). */
static void hash_word(struct hash *hash, const char *word)
{
    struct stat status;

    hash_text(hash, word);
    for (const char *at = word; at; at = strpbrk(at, "@=,"), at += at != NULL)
        if (stat(at, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= SCRIPT_MOST)
            hash_contents(hash, at);
}

/* One of the directories, separated by colons, is not from the root. */
static bool is_relative(const char *list)
{
    for (; list; list = strchr(list, ':'), list += list != NULL)
        if (*list != '/')
            return true;
    return false;
}

static bool files_are_relative(const struct sources *sources)
{
    for (size_t i = 0; i < sources_count(sources); i++)
        if (*sources_at(sources, i)->path != '/')
            return true;
    return false;
}

/* Names that are no whole paths are looked for from here. */
static void hash_directory(struct hash *hash, const struct cc_job *job)
{
    const struct cc_options *options = job->options;
    char *here;

    if (!files_are_relative(job->plan->sources) && options->flags.len + options->inputs.len + options->libraries.len == 0
        && !getenv("CFLAGS") && !getenv("LDFLAGS") && !is_relative(getenv("CPATH"))
        && !is_relative(getenv("C_INCLUDE_PATH")) && !is_relative(getenv("LIBRARY_PATH")))
        return;
    here = getcwd(NULL, 0);
    hash_text(hash, here);
    free(here);
}

static struct hash hash_build(const struct build *build)
{
    static const char *const programs[] = { "cc", "gcc", "clang", "as", "ld" }; /* that CC may start */
    static const char *const variables[] = {
        "CPATH", "C_INCLUDE_PATH", "LIBRARY_PATH", "COMPILER_PATH", "GCC_EXEC_PREFIX", "LD_RUN_PATH", "LDEMULATION",
        "SOURCE_DATE_EPOCH", "CCC_OVERRIDE_OPTIONS", "DEPENDENCIES_OUTPUT", "SUNPRO_DEPENDENCIES",
    };
    const struct cc_job *job = &build->job;
    struct hash hash = hash_start();

    hash_text(&hash, PIPEC_VERSION);
    hash_add(&hash, job->text, job->len);
    hash_directory(&hash, job);
    hash_program(&hash, job->words.at[0]);
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        hash_program(&hash, programs[i]);
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        hash_text(&hash, getenv(variables[i]));
    for (size_t i = 0; i < job->words.len; i++)
        if (!job->include || strcmp(job->words.at[i], job->include) != 0)
            hash_word(&hash, job->words.at[i]);
    if (build->folder.file) /* in a directory that has another name each time */
        hash_contents(&hash, build->folder.file);
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

/* The name of a file of the cache; to be freed. */
static char *name_file(const struct cache *cache, struct hash hash, const char *end)
{
    char *path;

    return asprintf(&path, "%s/%s-%016" PRIx64 "%016" PRIx64 "%s", cache->directory, cache->build->job.plan->name,
                    hash.a, hash.b, end) < 0 ? NULL : path;
}

bool cache_open(struct cache *cache, struct build *build)
{
    char parent[PATH_MAX];
    char directory[PATH_MAX + 8];

    *cache = (struct cache){ .build = build };
    if (!find_parent(parent, sizeof parent) || !make_directory(parent))
        return false;
    snprintf(directory, sizeof directory, "%s/pipec", parent);
    if (!make_directory(directory) || !is_safe(directory))
        return false;
    cache->directory = strdup(directory);
    cache->known = hash_build(build);
    cache->list = cache->directory ? name_file(cache, cache->known, ".reads") : NULL;
    return cache->list || fail(directory, "out of memory");
}

void cache_close(struct cache *cache)
{
    free(cache->directory);
    free(cache->list);
}

/* ---- finding, building and forgetting ----------------------------------------------------------------------------- */

/* Where the program stands that was made of these files as they are now; NULL where one of them is gone. */
static char *program_path(const struct cache *cache, const struct reads *reads)
{
    struct hash hash = cache->known;

    return reads_hash(reads, &cache->build->job, &hash) ? name_file(cache, hash, "") : NULL;
}

char *cache_find(const struct cache *cache)
{
    struct reads reads;
    struct stat status;
    char *path = reads_load(&reads, cache->list) ? program_path(cache, &reads) : NULL;

    reads_free(&reads);
    /* A machine that went down while it was written may leave the name without the bytes. */
    if (path && stat(path, &status) == 0 && status.st_size > 0 && access(path, X_OK) == 0
        && utimensat(AT_FDCWD, path, NULL, 0) == 0 && utimensat(AT_FDCWD, cache->list, NULL, 0) == 0)
        return path;
    free(path);
    return NULL;
}

/* The program in `file` was built: gives it its name. Nobody finds it again where not all is known that was read. */
static char *keep(struct cache *cache, struct output_file *file, const struct reads *reads)
{
    char *path = program_path(cache, reads);

    if (!path)
        path = name_file(cache, cache->known, "");
    if (!path || !output_name(file, path)) {
        output_abandon(file);
    } else if (output_commit(file)) {
        if (reads->all)
            reads_write(reads, cache->list);
        return path;
    }
    free(path);
    return NULL;
}

/* What nobody has used for long. */
static void cache_prune(const struct cache *cache)
{
    const time_t now = time(NULL);
    DIR *open = opendir(cache->directory);
    struct dirent *entry;

    while (open && (entry = readdir(open))) {
        struct stat status;

        if (fstatat(dirfd(open), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode)
            && now - status.st_mtime > KEPT_SECONDS)
            unlinkat(dirfd(open), entry->d_name, 0);
    }
    if (open)
        closedir(open);
}

char *cache_make(struct cache *cache)
{
    struct output_file file;
    struct reads reads;
    FILE *told = reads_open();
    char *path = NULL;

    cache_prune(cache);
    if (!told || !output_begin(&file, cache->list)) {
        if (told)
            fclose(told);
        return NULL;
    }
    reads_sources(&reads, &cache->build->job);
    if (build_compile(cache->build, &file, told)) {
        reads_linked(&reads, &cache->build->job, told);
        path = keep(cache, &file, &reads);
    } else {
        output_abandon(&file);
    }
    reads_free(&reads);
    fclose(told);
    return path;
}
