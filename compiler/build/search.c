/* Directories, in the order in which words name them. */
#include "build/search.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Directories separated by colons; an empty one is the current. */
static void add_list(struct words *directories, const char *list)
{
    while (list && *list) {
        const int len = (int)strcspn(list, ":");

        words_add(directories, "%.*s", len > 0 ? len : 1, len > 0 ? list : ".");
        list += len + (list[len] == ':');
    }
}

/* Those of -I DIR, -IDIR, -iquote DIR, -isystem DIR, -idirafter DIR, -L DIR and their like. */
static void add_words(struct words *directories, const struct words *words)
{
    for (size_t i = 0; i < words->len; i++) {
        const char *word = words->at[i];
        const bool apart = strcmp(word, "-I") == 0 || strcmp(word, "-L") == 0 || strncmp(word, "-i", 2) == 0;

        if (apart && i + 1 < words->len)
            words_add(directories, "%s", words->at[i + 1]);
        if (strncmp(word, "-I", 2) == 0 || strncmp(word, "-L", 2) == 0)
            words_add(directories, "%s", word + 2);
    }
}

/* Only those that exist: a missing one that comes up is seen by its files. */
static void find_directories(const struct cc_job *job, struct words *directories)
{
    static const char *const variables[] = { "CPATH", "C_INCLUDE_PATH", "LIBRARY_PATH" };

    words_add(directories, "."); /* where a header in "" is looked for first */
    add_words(directories, &job->words);
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        add_list(directories, getenv(variables[i]));
}

/* Names of at most so many folders and a file are looked for. */
#define DEPTH 4

/* The last parts of the file's name, the longest first: of /a/b/c.h, "b/c.h" and "c.h". */
static size_t find_names(const char *file, const char *names[DEPTH])
{
    size_t n = 0;

    for (const char *at = file + strlen(file); at > file && n < DEPTH; at--)
        if (at[-1] == '/')
            names[n++] = at;
    return n;
}

static void hash_there(struct hash *hash, const char *directory, const char *name)
{
    char path[PATH_MAX];
    const bool there = snprintf(path, sizeof path, "%s/%s", directory, name) < (int)sizeof path
        && access(path, F_OK) == 0;

    hash_add(hash, there ? "1" : "0", 1);
}

/* A linker takes libx.so before libx.a. */
static void hash_shared(struct hash *hash, const char *directory, const char *name)
{
    const size_t len = strlen(name);
    char *shared;

    if (!word_ends_with(name, ".a") || asprintf(&shared, "%.*sso", (int)len - 1, name) < 0)
        return;
    hash_there(hash, directory, shared);
    free(shared);
}

void search_hash(const struct cc_job *job, const struct words *files, struct hash *hash)
{
    struct words directories = { 0 };
    const char *names[DEPTH];

    find_directories(job, &directories);
    for (size_t d = 0; d < directories.len; d++) {
        const bool there = access(directories.at[d], F_OK) == 0;

        for (size_t f = 0; there && f < files->len; f++)
            for (size_t n = find_names(files->at[f], names); n > 0; n--) {
                hash_there(hash, directories.at[d], names[n - 1]);
                hash_shared(hash, directories.at[d], names[n - 1]);
            }
    }
    words_free(&directories);
}
