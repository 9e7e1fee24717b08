/* FNV-1a, twice from different starts. */
#include "build/hash.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct hash hash_start(void)
{
    return (struct hash){ UINT64_C(0xcbf29ce484222325), UINT64_C(0x84222325cbf29ce4) };
}

void hash_add(struct hash *hash, const void *data, size_t len)
{
    const unsigned char *bytes = data;

    for (size_t i = 0; i < len; i++) {
        hash->a = (hash->a ^ bytes[i]) * UINT64_C(0x100000001b3);
        hash->b = (hash->b ^ bytes[i] ^ 0x5a) * UINT64_C(0x100000001b3);
    }
}

void hash_text(struct hash *hash, const char *text)
{
    hash_add(hash, text ? "=" : "-", 1);
    if (text)
        hash_add(hash, text, strlen(text) + 1);
}

static bool unread(struct hash *hash)
{
    hash_text(hash, NULL);
    return false;
}

bool hash_contents(struct hash *hash, const char *path)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    char part[32768];
    size_t all = 0;
    ssize_t len;

    if (fd < 0)
        return unread(hash);
    while ((len = read(fd, part, sizeof part)) > 0) {
        hash_add(hash, part, (size_t)len);
        all += (size_t)len;
    }
    close(fd);
    hash_add(hash, &all, sizeof all);
    return len == 0 || unread(hash);
}

bool hash_identity(struct hash *hash, const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return unread(hash);
    hash_add(hash, &status.st_ino, sizeof status.st_ino);
    hash_add(hash, &status.st_size, sizeof status.st_size);
    hash_add(hash, &status.st_mtim, sizeof status.st_mtim);
    hash_add(hash, &status.st_ctim, sizeof status.st_ctim);
    return true;
}
