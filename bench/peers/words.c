/* What examples/wordfreq.pipe does, as a plain C program on one core: the same pieces, the same words, the same table.
 *
 *     words FILE
 */
#include <inttypes.h>
#include <stdio.h>

#include "../../examples/chunks.h"
#include "../../examples/table.h"

enum { CHUNK = 262144, TOP = 10 };

static unsigned char letters[256];

static bool is_no_letter(unsigned char byte)
{
    return letters[byte] == 0;
}

static int compare_counts(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;

    return x->count != y->count ? (x->count < y->count ? 1 : -1) : entry_compare_names(x, y);
}

static void die(const char *what)
{
    fprintf(stderr, "words: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void count_words(struct table *table, unsigned char *text, size_t len)
{
    const unsigned char *end = text + len;

    while (text < end) {
        const unsigned char *word = text;
        uint32_t hash = TABLE_HASH;
        struct entry *entry;

        for (; text < end && letters[*text]; text++) {
            *text = letters[*text];
            hash = table_hash_add(hash, *text);
        }
        if (text > word) {
            entry = table_at(table, (const char *)word, (size_t)(text - word), hash);
            if (!entry)
                die("cannot count");
            entry->count++;
        }
        text++;
    }
}

static void count_file(struct table *table, const char *path)
{
    struct chunks file;
    unsigned char *text;
    size_t len;
    int got;

    chunks_init(&file, CHUNK, is_no_letter);
    if (!chunks_open(&file, path))
        die(path);
    while ((got = chunks_next(&file, &text, &len)) > 0) {
        count_words(table, text, len);
        free(text);
    }
    if (got < 0)
        die(path);
    chunks_close(&file);
}

int main(int argc, char **argv)
{
    struct table table = { 0 };
    size_t len;

    if (argc != 2) {
        fprintf(stderr, "usage: words FILE\n");
        return 2;
    }
    for (int c = 0; c < 256; c++)
        letters[c] = (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : (c >= 'a' && c <= 'z') || c >= 128 ? c : 0);
    count_file(&table, argv[1]);
    len = table_sort(&table, compare_counts);
    for (size_t i = 0; i < len && i < TOP; i++)
        printf("%7" PRIu64 " %.*s\n", table.entries[i].count, (int)table.entries[i].len, table.entries[i].name);
    table_free(&table);
    return 0;
}
