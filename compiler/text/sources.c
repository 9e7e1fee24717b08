/* The space of all texts: the files in the order in which they were added, which is that of their offsets. */
#include <stdlib.h>

#include "text/source.h"

#define BEHIND 2 /* bytes behind each text: its NULs, so that the end of a file is not the start of the next one */

struct sources {
    struct source **files;
    size_t n, room;
    uint32_t end; /* where the next file begins, or the next view */
    const struct view **views; /* behind all files */
    size_t nviews, views_room;
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
    free(sources->views);
    free(sources);
}

/* Makes room for one more in a list of pointers. */
static bool make_room(void *list, size_t n, size_t *room)
{
    void **const at = list;
    void *more;

    if (n < *room)
        return true;
    more = realloc(*at, (*room ? 2 * *room : 8) * sizeof(void *));
    if (!more)
        return false;
    *at = more;
    *room = *room ? 2 * *room : 8;
    return true;
}

static bool has_space(const struct sources *sources, size_t len)
{
    return len + BEHIND <= SOURCES_MAX - sources->end;
}

bool sources_add(struct sources *sources, struct source *source)
{
    if (!has_space(sources, source->len) || !make_room(&sources->files, sources->n, &sources->room))
        return false;
    source->number = sources->n;
    source->start = sources->end;
    sources->end += (uint32_t)source->len + BEHIND;
    sources->files[sources->n++] = source;
    return true;
}

bool sources_view(struct sources *sources, struct view *view)
{
    const uint32_t len = view->origin.end - view->origin.start;

    if (!has_space(sources, len) || !make_room(&sources->views, sources->nviews, &sources->views_room))
        return false;
    view->start = sources->end;
    sources->end += len + BEHIND;
    sources->views[sources->nviews++] = view;
    return true;
}

const struct view *sources_view_at(const struct sources *sources, uint32_t offset)
{
    size_t low = 0, high = sources->nviews;

    if (high == 0 || offset < sources->views[0]->start)
        return NULL;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;

        if (sources->views[middle]->start <= offset)
            low = middle;
        else
            high = middle;
    }
    return sources->views[low];
}

uint32_t sources_origin(const struct sources *sources, uint32_t offset)
{
    const struct view *view = sources_view_at(sources, offset);

    return view ? view->origin.start + (offset - view->start) : offset;
}

size_t sources_count(const struct sources *sources)
{
    return sources->n;
}

const struct source *sources_at(const struct sources *sources, size_t number)
{
    return sources->files[number];
}

/* Of an offset that lies in no view. */
static const struct source *file_at(const struct sources *sources, uint32_t offset)
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

const struct source *sources_file(const struct sources *sources, uint32_t offset)
{
    return file_at(sources, sources_origin(sources, offset));
}

const char *sources_text(const struct sources *sources, uint32_t offset)
{
    const uint32_t origin = sources_origin(sources, offset);

    return source_text(file_at(sources, origin), origin);
}

struct position sources_position(const struct sources *sources, uint32_t offset)
{
    const uint32_t origin = sources_origin(sources, offset);

    return source_position(file_at(sources, origin), origin);
}
