/* Where the elements of a field are: of every form in the same way.
 */
#ifndef RECORD_PLACE_H
#define RECORD_PLACE_H

#include <prt/record.h>

struct place {
    unsigned char *at; /* the first of them, each behind the other; may be NULL where there is none */
    size_t count;
};

/* Of a list that was taken, or never was, there is none. */
static inline struct place place_of(const struct prt_record_field *field, void *item)
{
    unsigned char *const at = (unsigned char *)item + field->offset;

    if (field->form == PRT_FORM_LIST) {
        unsigned char *const first = *(unsigned char **)(void *)at;
        const size_t len = *(const size_t *)(const void *)((const unsigned char *)item + field->len);

        return (struct place){ first, first ? len : 0 };
    }
    return (struct place){ at, field->count };
}

#endif
