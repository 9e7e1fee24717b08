/* A zip ends when one of its inputs does. What the others still have, or get, has no partner and is dropped: that is what
 * a zip is for, and nobody should have to guess at how much it was. */
#include "program/unpaired.h"

#include <inttypes.h>
#include <stdio.h>

#include "pool/finish.h"
#include "pool/run_state.h"

/* Everything that was sent there and not taken: nobody else receives from a zip's channel. */
static uint64_t dropped(const struct prt_stage *zip, size_t input)
{
    const struct prt_chan *chan = zip->ins[input].chans[0];

    return prt_load(&chan->refused) + prt_load(&chan->discarded);
}

static bool drops_some(const struct prt_stage *zip)
{
    bool some = false;

    for (size_t i = 0; i < zip->spec.nins; i++)
        some = some || dropped(zip, i) > 0;
    return some;
}

static void tell(const struct prt_stage *zip)
{
    const char *comma = "";

    fprintf(stderr, "%s: %s: dropped what had no partner: ", zip->run->spec.name, zip->spec.name);
    for (size_t i = 0; i < zip->spec.nins; i++) {
        const uint64_t n = dropped(zip, i);

        if (n == 0)
            continue;
        fprintf(stderr, "%s%" PRIu64 " item%s of %s", comma, n, n == 1 ? "" : "s", zip->ins[i].chans[0]->spec.name);
        comma = ", ";
    }
    fputc('\n', stderr);
}

void prt_unpaired_tell_(const struct prt_run *run)
{
    if (prt_run_draining_(run) || prt_run_aborted_(run))
        return;
    for (const struct prt_stage *stage = run->stages; stage; stage = stage->next)
        if (stage->spec.nins > 1 && !(prt_load(&stage->asked) & PRT_ASKED) && drops_some(stage))
            tell(stage);
}
