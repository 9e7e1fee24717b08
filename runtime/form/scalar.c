/* One case for each kind of number. */
#include "form/scalar.h"

const char *prt_scalar_kind_(enum prt_kind kind)
{
    static const char *const names[] = { [PRT_KIND_INT8] = "an int8_t", [PRT_KIND_INT16] = "an int16_t",
                                         [PRT_KIND_INT32] = "an int", [PRT_KIND_INT64] = "a long",
                                         [PRT_KIND_UINT8] = "a uint8_t", [PRT_KIND_UINT16] = "a uint16_t",
                                         [PRT_KIND_UINT32] = "a uint32_t", [PRT_KIND_UINT64] = "a uint64_t",
                                         [PRT_KIND_FLOAT] = "a float", [PRT_KIND_DOUBLE] = "a double" };

    return names[kind];
}

static enum number_fit store_signed(const struct number *number, int bits, void *to)
{
    const int64_t most = (int64_t)(UINT64_MAX >> (65 - bits));
    int64_t value = 0;
    const enum number_fit fit = prt_number_signed_(number, -most - 1, most, &value);

    switch (bits) {
    case 8: *(int8_t *)to = (int8_t)value; break;
    case 16: *(int16_t *)to = (int16_t)value; break;
    case 32: *(int32_t *)to = (int32_t)value; break;
    default: *(int64_t *)to = value; break;
    }
    return fit;
}

static enum number_fit store_unsigned(const struct number *number, int bits, void *to)
{
    uint64_t value = 0;
    const enum number_fit fit = prt_number_unsigned_(number, UINT64_MAX >> (64 - bits), &value);

    switch (bits) {
    case 8: *(uint8_t *)to = (uint8_t)value; break;
    case 16: *(uint16_t *)to = (uint16_t)value; break;
    case 32: *(uint32_t *)to = (uint32_t)value; break;
    default: *(uint64_t *)to = value; break;
    }
    return fit;
}

enum number_fit prt_scalar_store_(const struct number *number, const struct prt_record_field *field, void *to)
{
    switch (field->kind) {
    case PRT_KIND_FLOAT: return prt_number_float_(number, to);
    case PRT_KIND_DOUBLE: return prt_number_double_(number, to);
    case PRT_KIND_INT8:
    case PRT_KIND_INT16:
    case PRT_KIND_INT32:
    case PRT_KIND_INT64: return store_signed(number, (int)field->size * 8, to);
    default: return store_unsigned(number, (int)field->size * 8, to);
    }
}

void prt_scalar_put_(struct text *text, const struct prt_record_field *field, const void *at)
{
    switch (field->kind) {
    case PRT_KIND_BOOL:
        if (*(const bool *)at)
            text_put(text, "true", 4);
        else
            text_put(text, "false", 5);
        break;
    case PRT_KIND_INT8: prt_text_put_signed_(text, *(const int8_t *)at); break;
    case PRT_KIND_INT16: prt_text_put_signed_(text, *(const int16_t *)at); break;
    case PRT_KIND_INT32: prt_text_put_signed_(text, *(const int32_t *)at); break;
    case PRT_KIND_INT64: prt_text_put_signed_(text, *(const int64_t *)at); break;
    case PRT_KIND_UINT8: prt_text_put_unsigned_(text, *(const uint8_t *)at); break;
    case PRT_KIND_UINT16: prt_text_put_unsigned_(text, *(const uint16_t *)at); break;
    case PRT_KIND_UINT32: prt_text_put_unsigned_(text, *(const uint32_t *)at); break;
    case PRT_KIND_UINT64: prt_text_put_unsigned_(text, *(const uint64_t *)at); break;
    case PRT_KIND_FLOAT: prt_text_put_float_(text, *(const float *)at); break;
    default: prt_text_put_double_(text, *(const double *)at); break;
    }
}
