/* The file of --failures, whole after each line: a line is written when the item has failed, by the thread on which it did,
 * and nothing of it stays behind in memory. So what a program that dies has told of it is there.
 */
#include "program/failures.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pool/fail.h"
#include "pool/run_state.h"

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

/* Bytes of the character at `text`, of UTF-8; 0: it is none. */
static size_t utf8_length(const unsigned char *text)
{
    static const struct { unsigned char first, last, low, high; size_t length; } rows[] = {
        { 0x01, 0x7f, 0x00, 0x00, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
        { 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
        { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (text[0] < rows[i].first || text[0] > rows[i].last)
            continue;
        if (rows[i].length > 1 && (text[1] < rows[i].low || text[1] > rows[i].high))
            return 0;
        for (size_t k = 2; k < rows[i].length; k++)
            if (text[k] < 0x80 || text[k] > 0xbf)
                return 0;
        return rows[i].length;
    }
    return 0;
}

/* A byte that is no part of a character is written as the one that stands for what cannot be read: a string of JSON has no
 * bytes but those of UTF-8. */
static void write_text(FILE *to, const char *string)
{
    const unsigned char *text = (const unsigned char *)string;
    size_t length;

    fputc('"', to);
    for (; *text; text += length) {
        length = utf8_length(text);
        if (length == 0) {
            fputs("\\ufffd", to);
            length = 1;
        } else if (*text == '"' || *text == '\\') {
            fprintf(to, "\\%c", *text);
        } else if (*text < 0x20 || *text == 0x7f) {
            fprintf(to, "\\u%04x", (unsigned)*text);
        } else {
            fwrite(text, 1, length, to);
        }
    }
    fputc('"', to);
}

/* The shortest digits that are this number again. A body may have set a locale, whose point may have several bytes. Reading
 * a tiny number back sets errno, which may tell by then why the line's beginning was not written. */
static void write_float(FILE *to, double value, size_t size)
{
    const int saved = errno;
    const int most = size == sizeof(float) ? 9 : 17;
    char digits[64];

    if (!isfinite(value)) {
        fputs("null", to);
        return;
    }
    for (int n = most - 3; n <= most; n++) {
        snprintf(digits, sizeof digits, "%.*g", n, value);
        if (size == sizeof(float) ? strtof(digits, NULL) == (float)value : strtod(digits, NULL) == value)
            break;
    }
    errno = saved;
    for (const char *at = digits; *at;) {
        const size_t digit = strspn(at, "0123456789+-e");
        const size_t point = strcspn(at + digit, "0123456789+-e");

        fprintf(to, "%.*s%s", (int)digit, at, point > 0 ? "." : "");
        at += digit + point;
    }
}

static intmax_t read_signed(const void *item, size_t size)
{
    switch (size) {
    case sizeof(int8_t): return *(const int8_t *)item;
    case sizeof(int16_t): return *(const int16_t *)item;
    case sizeof(int32_t): return *(const int32_t *)item;
    default: return *(const int64_t *)item;
    }
}

static uintmax_t read_unsigned(const void *item, size_t size)
{
    switch (size) {
    case sizeof(uint8_t): return *(const uint8_t *)item;
    case sizeof(uint16_t): return *(const uint16_t *)item;
    case sizeof(uint32_t): return *(const uint32_t *)item;
    default: return *(const uint64_t *)item;
    }
}

static void write_item(FILE *to, const struct prt_stage *stage, const void *item)
{
    const size_t size = stage->item_size;
    const char *text;

    switch (stage->spec.shown) {
    case PRT_SHOWN_NOT:
        break;
    case PRT_SHOWN_SIGNED:
        fprintf(to, "%" PRIdMAX, read_signed(item, size));
        break;
    case PRT_SHOWN_UNSIGNED:
        fprintf(to, "%" PRIuMAX, read_unsigned(item, size));
        break;
    case PRT_SHOWN_CHAR:
        fprintf(to, "%d", *(const char *)item);
        break;
    case PRT_SHOWN_BOOL:
        fputs(*(const bool *)item ? "true" : "false", to);
        break;
    case PRT_SHOWN_FLOAT:
        write_float(to, size == sizeof(float) ? *(const float *)item : *(const double *)item, size);
        break;
    case PRT_SHOWN_TEXT:
        text = *(char *const *)item;
        if (text)
            write_text(to, text);
        else
            fputs("null", to);
        break;
    }
}

/* ---- the file ---------------------------------------------------------------------------------------------------- */

static void tell_unwritten(struct prt_run *run, int error)
{
    prt_run_complain_(run, "cannot write %s: %s", run->spec.settings->failures, strerror(error));
}

bool prt_failures_open_(struct prt_run *run)
{
    const char *name = run->spec.settings->failures;

    if (!name)
        return true;
    run->failures.to = fopen(name, "we");
    if (!run->failures.to)
        tell_unwritten(run, errno);
    return run->failures.to;
}

static void write_line(FILE *to, const struct prt_slot *slot, const struct prt_failure *failure)
{
    static const char *const outcomes[] = {
        [PRT_OUTCOME_FAILED] = "failed", [PRT_OUTCOME_SKIPPED] = "skipped", [PRT_OUTCOME_DEAD] = "dead",
        [PRT_OUTCOME_CUT] = "cut" };
    const struct prt_stage *stage = slot->stage;

    fputs("{\"stage\":", to);
    write_text(to, stage->spec.name);
    fprintf(to, ",\"worker\":%" PRIu32, slot->index);
    if (failure->attempt > 0)
        fprintf(to, ",\"attempt\":%" PRIu64, failure->attempt);
    fprintf(to, ",\"outcome\":\"%s\"", outcomes[failure->outcome]);
    fputs(",\"reason\":", to);
    if (failure->reason)
        write_text(to, failure->reason);
    else
        fputs(failure->outcome == PRT_OUTCOME_CUT ? "\"the pipeline was torn down\"" : "null", to);
    if (failure->item && stage->spec.shown != PRT_SHOWN_NOT) {
        fputs(",\"item\":", to);
        write_item(to, stage, failure->item);
    }
    fputs("}\n", to);
}

/* Once a line could not be written no other is: a file with a line missing in the middle would look whole. */
void prt_run_failed_(const struct prt_slot *slot, const struct prt_failure *failure)
{
    struct prt_run *run = slot->stage->run;
    struct prt_failures *failures = &run->failures;
    int error = 0;

    if (!run->spec.settings->failures)
        return;
    prt_mutex_lock(&failures->lock);
    if (failures->to) {
        write_line(failures->to, slot, failure);
        if (fflush(failures->to) != 0 || ferror(failures->to)) {
            error = errno;
            fclose(failures->to);
            failures->to = NULL;
        }
    }
    prt_mutex_unlock(&failures->lock);
    if (error)
        tell_unwritten(run, error);
}

/* A body of an inline stage that was made to leave shows only here: its sender's body may have gone on. */
static void tell_inner_cuts(const struct prt_stage *stage)
{
    for (size_t i = 0; i < stage->spec.ninlines; i++)
        for (uint32_t k = 0; k < stage->inner[i].nslots; k++)
            if (prt_fail_is_cut_(&stage->inner[i].slots[k]))
                prt_run_failed_(&stage->inner[i].slots[k],
                                &(struct prt_failure){ PRT_OUTCOME_CUT, 1, NULL, NULL });
}

void prt_failures_close_(struct prt_run *run)
{
    FILE *const to = run->failures.to;

    for (const struct prt_stage *stage = run->stages; to && stage; stage = stage->next)
        tell_inner_cuts(stage);
    if (!run->failures.to)
        return;
    run->failures.to = NULL;
    if (fclose(to) != 0)
        tell_unwritten(run, errno);
}
