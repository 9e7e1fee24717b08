/* Writing files, by way of temporary ones. */
#include "build/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build/identity.h"
#include "build/interrupt.h"
#include "text/memory.h"

/* The directory of the file that `path` leads to is what is missing. Tells so. */
static bool tell_directory(const char *path)
{
    char *file = file_itself(path);
    char *slash = file ? strrchr(file, '/') : NULL;
    bool missing = false;

    if (slash && slash > file) {
        *slash = '\0';
        missing = access(file, F_OK) != 0;
        if (missing)
            fprintf(stderr, "pipec: cannot write %s: there is no directory %s\n", path, file);
    }
    free(file);
    return missing;
}

static bool fail(const char *path)
{
    const int error = errno;

    if (error != ENOENT || !tell_directory(path))
        fprintf(stderr, "pipec: cannot write %s: %s\n", path, strerror(error));
    return false;
}

/* ---- a file that is renamed into place --------------------------------------------------------------------------- */

/* The permissions that the target has, or that a new file would get. */
static mode_t target_mode(const char *path)
{
    struct stat status;
    mode_t mask;

    if (stat(path, &status) == 0)
        return status.st_mode & 0777;
    mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static int open_temporary(struct output_file *file, const char *path)
{
    const char *slash;
    sigset_t signals;
    int fd;

    *file = (struct output_file){ .target = file_itself(path) };
    if (!file->target)
        return -1;
    slash = strrchr(file->target, '/');
    if (asprintf(&file->temporary, "%.*s.pipec-XXXXXX", slash ? (int)(slash + 1 - file->target) : 0,
                 file->target) < 0) {
        file->temporary = NULL;
        return -1;
    }
    interrupt_hold(&signals);
    fd = mkostemp(file->temporary, O_CLOEXEC);
    if (fd >= 0)
        interrupt_file(file->temporary);
    interrupt_release(&signals);
    return fd;
}

static void release(struct output_file *file)
{
    free(file->target);
    free(file->temporary);
    *file = (struct output_file){ .target = NULL };
}

void output_abandon(struct output_file *file)
{
    const int error = errno;

    unlink(file->temporary);
    interrupt_forget(file->temporary);
    release(file);
    errno = error;
}

bool output_begin(struct output_file *file, const char *path)
{
    struct stat status;
    int fd;

    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
        fprintf(stderr, "pipec: cannot write %s: it is %s\n", path,
                S_ISDIR(status.st_mode) ? "a directory" : "no regular file");
        return false;
    }
    fd = open_temporary(file, path);
    if (fd < 0) {
        fail(path);
        release(file);
        return false;
    }
    file->mode = target_mode(file->target);
    if (fchmod(fd, file->mode & 0666) != 0 || close(fd) != 0) {
        output_abandon(file);
        return fail(path);
    }
    return true;
}

bool output_commit(struct output_file *file)
{
    struct stat status;

    if ((file->mode && (stat(file->temporary, &status) != 0
                        || chmod(file->temporary, (status.st_mode | file->mode) & 0777) != 0))
        || rename(file->temporary, file->target) != 0) {
        fail(file->target);
        output_abandon(file);
        return false;
    }
    interrupt_forget(file->temporary);
    release(file);
    return true;
}

bool output_name(struct output_file *file, const char *path)
{
    char *name = strdup(path);

    if (!name)
        return fail(path);
    free(file->target);
    file->target = name;
    return true;
}

bool output_is_program(const struct output_file *file)
{
    struct stat status;

    return stat(file->temporary, &status) == 0 && status.st_size > 0 && (status.st_mode & 0111);
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

static bool write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        const ssize_t written = write(fd, text, len);

        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            text += written;
            len -= (size_t)written;
        }
    }
    return true;
}

static bool write_in_place(const char *path, int fd, const char *text, size_t len)
{
    const bool whole = fd >= 0 && write_all(fd, text, len);

    return (fd >= 0 && close(fd) == 0 && whole) || fail(path);
}

/* The file holds exactly this. */
static bool holds(const char *path, const char *text, size_t len)
{
    FILE *file = fopen(path, "re");
    char part[8192];
    size_t got = 0;
    bool same = file != NULL;

    while (same && (got = fread(part, 1, sizeof part, file)) > 0) {
        same = got <= len && memcmp(part, text, got) == 0;
        text += same ? got : 0;
        len -= same ? got : 0;
    }
    same = same && len == 0 && !ferror(file);
    if (file)
        fclose(file);
    return same;
}

static bool replace(const char *path, const char *text, size_t len)
{
    struct output_file file;
    const int fd = open_temporary(&file, path);
    bool whole;

    if (fd < 0) {
        fail(path);
        release(&file);
        return false;
    }
    whole = write_all(fd, text, len) && fchmod(fd, target_mode(file.target)) == 0;
    if (close(fd) != 0 || !whole) {
        output_abandon(&file);
        return fail(path);
    }
    return output_commit(&file);
}

bool output_write(const char *path, const char *text, size_t len)
{
    struct stat status;

    if (strcmp(path, "-") == 0)
        return write_all(STDOUT_FILENO, text, len) || fail("standard output");
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return write_in_place(path, open(path, O_WRONLY | O_CLOEXEC), text, len);
    return holds(path, text, len) || replace(path, text, len);
}

bool output_write_given(const char *path, char *text, size_t len)
{
    const bool written = text ? output_write(path, text, len) : memory_short();

    free(text);
    return written;
}

/* ---- a directory of one file ------------------------------------------------------------------------------------- */

bool output_folder_make(struct output_folder *folder, const char *name, const char *text, size_t len)
{
    const char *parent = getenv("TMPDIR");

    *folder = (struct output_folder){ NULL, NULL };
    if (asprintf(&folder->path, "%s/pipec-XXXXXX", parent && *parent ? parent : "/tmp") < 0)
        return folder->path = NULL, fail("a temporary directory");
    if (!mkdtemp(folder->path)) {
        fail(folder->path);
        free(folder->path);
        folder->path = NULL;
        return false;
    }
    interrupt_directory(folder->path);
    if (asprintf(&folder->file, "%s/%s", folder->path, name) < 0)
        return folder->file = NULL, fail(name);
    interrupt_file(folder->file);
    return write_in_place(folder->file, open(folder->file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), text, len);
}

void output_folder_remove(struct output_folder *folder)
{
    if (folder->file) {
        unlink(folder->file);
        interrupt_forget(folder->file);
    }
    if (folder->path) {
        rmdir(folder->path);
        interrupt_directory(NULL);
    }
    free(folder->file);
    free(folder->path);
    *folder = (struct output_folder){ NULL, NULL };
}
