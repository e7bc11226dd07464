/* SPDX-License-Identifier: MIT */
#include "total.h"

#include "print.h"
#include "status.h"

/* What may be there already is worst: it can neither be trusted nor sent again. What only has to be
 * sent again is least bad; and the higher the code of anything else, the less it is the mail's own
 * fault. */
static unsigned badness_of(int status, bool unknown)
{
    if (unknown) {
        return 256;
    }
    return status == STATUS_AGAIN ? 1 : (unsigned)status;
}

void total_add(struct total *total, int status, bool unknown)
{
    unsigned badness = badness_of(status, unknown);

    total->mails++;
    total->sent += status == STATUS_DONE;
    if (badness > total->badness) {
        total->badness = badness;
        total->status = status;
    }
}

void total_explain(const struct total *total)
{
    if (total->mails > 1 && total->sent < total->mails) {
        complain("%zu of %zu messages were accepted for every recipient", total->sent,
                 total->mails);
    }
}
