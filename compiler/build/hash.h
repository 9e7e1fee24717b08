/* What a program is made from, as 128 bits that differ, by all that chance allows, where any of it does.
 */
#ifndef HASH_H
#define HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hash {
    uint64_t a, b;
};

struct hash hash_start(void);
void hash_add(struct hash *hash, const void *data, size_t len);

/* The text with its end, so that "a", "bc" is not "ab", "c". NULL differs from "". */
void hash_text(struct hash *hash, const char *text);

/* What the file holds. False, with a mark of its own in the hash, where it cannot be read. */
bool hash_contents(struct hash *hash, const char *path);

/* Which file the name is of, and whether it was written to: its place, size and times, the one that no program can set
 * among them. For what is large, or what nobody edits. False as above. */
bool hash_identity(struct hash *hash, const char *path);

#endif
