/* Emitted by pipec 0.1.0 from record_functions.pipe: what C files beside the pipeline see of it. */
#ifndef RECORD_FUNCTIONS_PIPE_H
#define RECORD_FUNCTIONS_PIPE_H

#include <prt/prt.h>
#include <prt/form.h>

#line 4 "record_functions.pipe"
typedef struct shop_ shop;
#line 11 "record_functions.h"
struct shop_ {
    int id;
    char *name;
};

static const struct prt_record_field shop_fields_[] = {
    PRT_RECORD_FIELD(shop, id, "id", PRT_KIND_INT32, NULL),
    PRT_RECORD_FIELD(shop, name, "name", PRT_KIND_STRING, NULL),
};

static const struct prt_record shop_record = { "shop", sizeof(shop), shop_fields_, 2 };

static inline void shop_drop(shop *item)
{
    prt_record_drop(&shop_record, item);
}

static inline shop shop_clone(const shop *item)
{
    shop value;

    prt_record_clone(&shop_record, &value, item);
    return value;
}

static inline bool shop_equal(const shop *item, const shop *value)
{
    return prt_record_equal(&shop_record, item, value);
}

static inline bool shop_from_json(const char *text, size_t len, shop *item, struct prt_error *error)
{
    return prt_json_read(&shop_record, text, len, item, error);
}

static inline char *shop_to_json(const shop *item, size_t *len)
{
    return prt_json_write(&shop_record, item, len);
}

static inline bool shop_csv_columns(const char *text, size_t len, char separator,
        struct prt_columns *columns, struct prt_error *error)
{
    return prt_csv_columns(&shop_record, text, len, separator, columns, error);
}

static inline bool shop_csv_fields(char separator, struct prt_columns *columns)
{
    return prt_csv_fields(&shop_record, separator, columns);
}

static inline char *shop_csv_header(char separator, size_t *len)
{
    return prt_csv_header(&shop_record, separator, len);
}

static inline bool shop_from_csv(const struct prt_columns *columns, const char *text, size_t len,
        shop *item, struct prt_error *error)
{
    return prt_csv_read(columns, text, len, item, error);
}

static inline char *shop_to_csv(const shop *item, char separator, size_t *len)
{
    return prt_csv_write(&shop_record, item, separator, len);
}

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the pipeline ------------------------------------------------------------------ */

#line 2 "record_functions.pipe"
struct files {
#line 87 "record_functions.h"
    struct prt_settings settings;
};

/* ---- stages ------------------------------------------------------------------------ */

/* record_functions.pipe:8: open -> shops
 * A source; sends exactly one item each time it runs, so its emit may wait for room. */
#line 8 "record_functions.pipe"
struct files_open {
#line 97 "record_functions.h"
    struct prt_worker base;
    int worker;
    struct files *pipe;
    struct prt_out to_shops;
};

static inline bool files_open_emit_shops(struct files_open *self, struct shop_ value)
{
    return prt_emit(&self->to_shops, &value, sizeof value);
}

/* record_functions.pipe:12: show (s <- shops)
 * A sink; it never waits for room. */
#line 12 "record_functions.pipe"
struct files_show {
#line 113 "record_functions.h"
    struct prt_worker base;
    int worker;
    struct files *pipe;
    struct prt_in in_s;
};

#define files_show_fail(self, ...) prt_fail(&(self)->base, __VA_ARGS__)

#line 12 "record_functions.pipe"
enum prt_result show_shop(struct files_show *self, struct shop_ *s);
#line 124 "record_functions.h"

#ifdef __cplusplus
}
#endif

#endif
