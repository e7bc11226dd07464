/* SPDX-License-Identifier: MIT */
#include "sasl/sasl.h"

#include "sasl/base64.h"
#include "sasl/challenge.h"
#include "sasl/cram_md5.h"
#include "sasl/scram.h"
#include "wipe.h"

#if STINT_SASL_COMPUTES

/* What goes on between the messages, for the mechanisms that compute something. */

void stint_sasl_begin(const struct stint_sasl *sasl, const struct stint_account *account,
                      uint16_t offered, struct stint_sasl_work *work)
{
    if (stint_scram_is(sasl)) {
        stint_scram_begin(sasl, account, offered, work);
    }
}

/* ---- Challenges ---- */

char *stint_challenge(struct stint_sasl_work *work)
{
    return work->text + work->end + 1;
}

void stint_sasl_listen(struct stint_sasl_work *work)
{
    if (work != NULL) {
        work->heard = 0;
    }
}

void stint_sasl_hear(const struct stint_sasl *sasl, struct stint_sasl_work *work, uint8_t octet)
{
    if (sasl->hash == STINT_HASH_NONE || work->heard > STINT_CHALLENGE_64) {
        return;
    }
    if (work->heard < STINT_SASL_TEXT - 1U - work->end) {
        stint_challenge(work)[work->heard] = (char)octet;
    }
    work->heard++;
}

bool stint_challenge_decode(struct stint_sasl_work *work, size_t *length)
{
    char *text = stint_challenge(work);

    return work->heard <= STINT_CHALLENGE_64 && work->heard < STINT_SASL_TEXT - work->end &&
           stint_base64_decode(text, work->heard, (uint8_t *)text, length) &&
           *length <= STINT_CHALLENGE_MAX;
}

bool stint_sasl_challenge(const struct stint_sasl *sasl, const struct stint_account *account,
                          struct stint_sasl_work *work, uint8_t step)
{
    if (stint_cram_md5_is(sasl)) {
        return stint_cram_md5_challenge(account, work);
    }
    return !stint_scram_is(sasl) || stint_scram_challenge(account, work, step);
}

/* ---- The end ---- */

bool stint_sasl_is_proved(const struct stint_sasl *sasl, const struct stint_sasl_work *work)
{
    return !stint_scram_is(sasl) || work->proved;
}

void stint_sasl_end(const struct stint_sasl *sasl, const struct stint_account *account,
                    struct stint_sasl_work *work)
{
    if (sasl->hash == STINT_HASH_NONE) {
        return;
    }
    if (stint_scram_is(sasl)) {
        stint_scram_end(account, work);
    }
    stint_wipe(work, sizeof *work);
}

#endif
