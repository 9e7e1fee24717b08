/* A binary heap. */
#include "limit/heap.h"

static void place(struct prt_heap *heap, size_t at, struct prt_due *due)
{
    heap->places[at] = due;
    due->place = at;
}

static void up(struct prt_heap *heap, size_t at, struct prt_due *due)
{
    for (; at > 1 && heap->places[at / 2]->at > due->at; at /= 2)
        place(heap, at, heap->places[at / 2]);
    place(heap, at, due);
}

static void down(struct prt_heap *heap, size_t at, struct prt_due *due)
{
    for (size_t child; (child = 2 * at) <= heap->n; at = child) {
        if (child < heap->n && heap->places[child + 1]->at < heap->places[child]->at)
            child++;
        if (heap->places[child]->at >= due->at)
            break;
        place(heap, at, heap->places[child]);
    }
    place(heap, at, due);
}

void prt_heap_set_(struct prt_heap *heap, struct prt_due *due, uint64_t at)
{
    if (!due->place)
        due->place = ++heap->n;
    due->at = at;
    up(heap, due->place, due);
}

void prt_heap_remove_(struct prt_heap *heap, struct prt_due *due)
{
    const size_t at = due->place;
    struct prt_due *last = heap->places[heap->n--];

    due->place = 0;
    if (last == due)
        return;
    if (at > 1 && heap->places[at / 2]->at > last->at)
        up(heap, at, last);
    else
        down(heap, at, last);
}
