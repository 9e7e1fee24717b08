/* The space of all texts: the files in the order in which they were added, which is that of their offsets. */
#include <stdlib.h>

#include "text/source.h"

#define BEHIND 2 /* bytes behind each text: its NULs, so that the end of a file is not the start of the next one */

struct sources {
    struct source **files;
    size_t n, room;
    uint32_t end; /* where the next file begins */
};

struct sources *sources_new(void)
{
    return calloc(1, sizeof(struct sources));
}

void sources_free(struct sources *sources)
{
    if (!sources)
        return;
    for (size_t i = 0; i < sources->n; i++)
        source_free(sources->files[i]);
    free(sources->files);
    free(sources);
}

static bool make_room(struct sources *sources)
{
    const size_t room = sources->room ? 2 * sources->room : 8;
    struct source **files;

    if (sources->n < sources->room)
        return true;
    files = realloc(sources->files, room * sizeof(struct source *));
    if (!files)
        return false;
    sources->files = files;
    sources->room = room;
    return true;
}

bool sources_add(struct sources *sources, struct source *source)
{
    if (source->len + BEHIND > SOURCES_MAX - sources->end || !make_room(sources))
        return false;
    source->number = sources->n;
    source->start = sources->end;
    sources->end += (uint32_t)source->len + BEHIND;
    sources->files[sources->n++] = source;
    return true;
}

size_t sources_count(const struct sources *sources)
{
    return sources->n;
}

const struct source *sources_at(const struct sources *sources, size_t number)
{
    return sources->files[number];
}

const struct source *sources_file(const struct sources *sources, uint32_t offset)
{
    size_t low = 0, high = sources->n;

    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;

        if (sources->files[middle]->start <= offset)
            low = middle;
        else
            high = middle;
    }
    return sources->files[low];
}

const char *sources_text(const struct sources *sources, uint32_t offset)
{
    return source_text(sources_file(sources, offset), offset);
}

struct position sources_position(const struct sources *sources, uint32_t offset)
{
    return source_position(sources_file(sources, offset), offset);
}
