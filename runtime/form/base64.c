#include "form/base64.h"

#include <stdint.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void prt_base64_write_(char *to, const unsigned char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i += 3, to += 4) {
        const uint32_t bits = (uint32_t)bytes[i] << 16 | (uint32_t)(i + 1 < len ? bytes[i + 1] : 0) << 8
            | (uint32_t)(i + 2 < len ? bytes[i + 2] : 0);

        to[0] = alphabet[bits >> 18];
        to[1] = alphabet[bits >> 12 & 63];
        to[2] = i + 1 < len ? alphabet[bits >> 6 & 63] : '=';
        to[3] = i + 2 < len ? alphabet[bits & 63] : '=';
    }
}

/* The bits that a letter stands for; 64: it stands for none. */
static uint32_t bits_of(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (uint32_t)(letter - 'A')
        : letter >= 'a' && letter <= 'z'  ? (uint32_t)(letter - 'a') + 26
        : letter >= '0' && letter <= '9'  ? (uint32_t)(letter - '0') + 52
        : letter == '+'                   ? 62
        : letter == '/'                   ? 63
                                          : 64;
}

bool prt_base64_read_(unsigned char *to, const char *letters, size_t len, size_t *bytes)
{
    size_t padding = 0;

    if (len % 4 != 0)
        return false;
    while (padding < 2 && padding < len && letters[len - 1 - padding] == '=')
        padding++;
    *bytes = len / 4 * 3 - padding;
    for (size_t i = 0; i < len; i += 4) {
        uint32_t bits = 0;

        for (size_t k = 0; k < 4; k++) {
            const uint32_t six = i + k < len - padding ? bits_of(letters[i + k]) : 0;

            if (six == 64)
                return false;
            bits = bits << 6 | six;
        }
        for (size_t k = 0; k < 3; k++) {
            if (i / 4 * 3 + k < *bytes)
                to[i / 4 * 3 + k] = (unsigned char)(bits >> (16 - 8 * k));
            else if ((bits >> (16 - 8 * k) & 255) != 0)
                return false; /* bits of no byte, so that the letters could be others */
        }
    }
    return true;
}
