/* The file of --failures, whole after each line: a line is written when the item has failed, by the thread on which it did,
 * and nothing of it stays behind in memory. So what a program that dies has told of it is there.
 */
#include "program/failures.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pool/fail.h"
#include "pool/run_state.h"
#include "text/text.h"

/* ---- JSON -------------------------------------------------------------------------------------------------------- */

static void put_text(struct text *to, const char *string)
{
    text_put(to, string, strlen(string));
}

static int64_t read_signed(const void *item, size_t size)
{
    switch (size) {
    case sizeof(int8_t): return *(const int8_t *)item;
    case sizeof(int16_t): return *(const int16_t *)item;
    case sizeof(int32_t): return *(const int32_t *)item;
    default: return *(const int64_t *)item;
    }
}

static uint64_t read_unsigned(const void *item, size_t size)
{
    switch (size) {
    case sizeof(uint8_t): return *(const uint8_t *)item;
    case sizeof(uint16_t): return *(const uint16_t *)item;
    case sizeof(uint32_t): return *(const uint32_t *)item;
    default: return *(const uint64_t *)item;
    }
}

/* A record is written by what only programs with records have. */
static void put_record(struct text *to, const struct prt_stage *stage, const void *item)
{
    size_t len;
    char *const text = stage->spec.show(item, &len);

    if (text)
        text_put(to, text, len);
    else
        to->failed = true;
    free(text);
}

static void put_item(struct text *to, const struct prt_stage *stage, const void *item)
{
    const size_t size = stage->item_size;
    const char *text;

    switch (stage->spec.shown) {
    case PRT_SHOWN_NOT: break;
    case PRT_SHOWN_SIGNED: prt_text_put_signed_(to, read_signed(item, size)); break;
    case PRT_SHOWN_UNSIGNED: prt_text_put_unsigned_(to, read_unsigned(item, size)); break;
    case PRT_SHOWN_CHAR: prt_text_put_signed_(to, *(const char *)item); break;
    case PRT_SHOWN_BOOL: put_text(to, *(const bool *)item ? "true" : "false"); break;
    case PRT_SHOWN_FLOAT:
        if (size == sizeof(float))
            prt_text_put_float_(to, *(const float *)item);
        else
            prt_text_put_double_(to, *(const double *)item);
        break;
    case PRT_SHOWN_TEXT:
        text = *(char *const *)item;
        if (text)
            prt_text_put_string_(to, text, strlen(text));
        else
            put_text(to, "null");
        break;
    case PRT_SHOWN_RECORD: put_record(to, stage, item); break;
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

static struct text line_of(const struct prt_slot *slot, const struct prt_failure *failure)
{
    static const char *const outcomes[] = {
        [PRT_OUTCOME_FAILED] = "failed", [PRT_OUTCOME_SKIPPED] = "skipped", [PRT_OUTCOME_DEAD] = "dead",
        [PRT_OUTCOME_CUT] = "cut" };
    const struct prt_stage *stage = slot->stage;
    struct text line = { .len = 0 };

    put_text(&line, "{\"stage\":");
    prt_text_put_string_(&line, stage->spec.name, strlen(stage->spec.name));
    put_text(&line, ",\"worker\":");
    prt_text_put_unsigned_(&line, slot->index);
    if (failure->attempt > 0) {
        put_text(&line, ",\"attempt\":");
        prt_text_put_unsigned_(&line, failure->attempt);
    }
    put_text(&line, ",\"outcome\":\"");
    put_text(&line, outcomes[failure->outcome]);
    put_text(&line, "\",\"reason\":");
    if (failure->reason)
        prt_text_put_string_(&line, failure->reason, strlen(failure->reason));
    else
        put_text(&line, failure->outcome == PRT_OUTCOME_CUT ? "\"the pipeline was torn down\"" : "null");
    if (failure->item && stage->spec.shown != PRT_SHOWN_NOT) {
        put_text(&line, ",\"item\":");
        put_item(&line, stage, failure->item);
    }
    put_text(&line, "}\n");
    return line;
}

/* False, with errno, where not all of it is in the file. */
static bool write_line(FILE *to, const struct prt_slot *slot, const struct prt_failure *failure)
{
    struct text line = line_of(slot, failure);
    bool written = !line.failed;

    if (written)
        written = fwrite(line.at, 1, line.len, to) == line.len && fflush(to) == 0;
    else
        errno = ENOMEM;
    free(line.at);
    return written;
}

/* Once a line could not be written no other is: a file with a line missing in the middle would look whole. */
void prt_run_failed_(const struct prt_slot *slot, const struct prt_failure *failure)
{
    struct prt_run *run = slot->stage->run;
    struct prt_failures *failures = &run->failures;
    int error = 0;

    prt_add(&run->troubles, 1);
    if (!run->spec.settings->failures)
        return;
    prt_mutex_lock(&failures->lock);
    if (failures->to) {
        if (!write_line(failures->to, slot, failure)) {
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
