/* Keys of text: SipHash-1-3 with 128 bits of result. */
#include <prt/key.h>

#include "pool/run_state.h"

struct sip {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotated(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

static inline void sip_round(struct sip *s)
{
    s->v0 += s->v1;
    s->v1 = rotated(s->v1, 13) ^ s->v0;
    s->v0 = rotated(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotated(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotated(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotated(s->v1, 17) ^ s->v2;
    s->v2 = rotated(s->v2, 32);
}

static inline void sip_word(struct sip *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    s->v0 ^= word;
}

static inline uint64_t sip_end(struct sip *s)
{
    for (int i = 0; i < 3; i++)
        sip_round(s);
    return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* Up to eight bytes, the first of them the lowest. */
static uint64_t word_at(const unsigned char *data, size_t n)
{
    uint64_t word = 0;

    for (size_t i = 0; i < n; i++)
        word |= (uint64_t)data[i] << 8 * i;
    return word;
}

static struct prt_key hash(const struct prt_worker *worker, const void *text, size_t len)
{
    const uint64_t *const seed = worker->run->key_seed;
    const unsigned char *data = text;
    struct sip s = { seed[0] ^ UINT64_C(0x736f6d6570736575), seed[1] ^ UINT64_C(0x646f72616e646f6d) ^ 0xee,
                     seed[0] ^ UINT64_C(0x6c7967656e657261), seed[1] ^ UINT64_C(0x7465646279746573) };
    struct prt_key key;
    size_t left = len;

    for (; left >= 8; left -= 8, data += 8)
        sip_word(&s, word_at(data, 8));
    sip_word(&s, (uint64_t)len << 56 | word_at(data, left));
    s.v2 ^= 0xee;
    key.low = sip_end(&s);
    s.v1 ^= 0xdd;
    key.high = sip_end(&s);
    return key;
}

struct prt_key prt_key_of_text(const struct prt_worker *worker, const char *text)
{
    return hash(worker, text, text ? strlen(text) : 0);
}

struct prt_key prt_key_of_bytes(const struct prt_worker *worker, struct prt_bytes bytes)
{
    return hash(worker, bytes.data, bytes.len);
}

struct prt_key prt_key_of_chars(const struct prt_worker *worker, const char *text, size_t most)
{
    return hash(worker, text, strnlen(text, most));
}
