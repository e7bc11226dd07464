/* SPDX-License-Identifier: MIT */
#include "verdict.h"

#include <stdio.h>
#include <string.h>

static const struct stint_enhanced none = {0, 0, 0};

void verdict_start(struct verdict *verdict, const struct stint_mail *mail)
{
    memset(verdict, 0, sizeof *verdict);
    verdict->mail = mail;
}

static size_t recipient_count(const struct verdict *verdict)
{
    return verdict->mail != NULL ? verdict->mail->recipient_count : 0;
}

size_t verdict_count(const struct verdict *verdict, enum asked asked)
{
    size_t count = 0;
    size_t i;

    for (i = 0; i < recipient_count(verdict); i++) {
        count += verdict->asked[i] == asked;
    }
    return count;
}

void verdict_tell(struct verdict *verdict, const struct heard *reply)
{
    if (verdict->is_decided) {
        return;
    }
    verdict->code = reply != NULL ? reply->code : 0;
    verdict->enhanced = reply != NULL ? reply->enhanced : none;
    snprintf(verdict->text, sizeof verdict->text, "%s", reply != NULL ? reply->text : "");
}

void verdict_decide(struct verdict *verdict, enum stint_error error, enum stint_stage stage)
{
    if (!verdict->is_decided) {
        verdict->error = error;
        verdict->stage = stage;
        verdict->is_decided = true;
    }
}

/* Unknown if it is for anybody, else not accepted if it is for anybody (stint/account.h). */
static enum stint_fate fate_of_all(const struct verdict *verdict)
{
    bool all = recipient_count(verdict) > 0;
    size_t i;

    for (i = 0; i < recipient_count(verdict); i++) {
        if (verdict->recipients[i].fate == STINT_FATE_UNKNOWN) {
            return STINT_FATE_UNKNOWN;
        }
        all = all && verdict->recipients[i].fate == STINT_FATE_ACCEPTED;
    }
    return all ? STINT_FATE_ACCEPTED : STINT_FATE_NOT_ACCEPTED;
}

void verdict_settle_one(struct verdict *verdict, size_t recipient, enum stint_fate fate,
                        const struct heard *reply)
{
    struct stint_recipient *one = &verdict->recipients[recipient];
    enum asked asked = verdict->asked[recipient];

    if (asked == ASKED_TAKEN) {
        one->code = (uint16_t)(reply != NULL ? reply->code : 0);
        one->enhanced = reply != NULL ? reply->enhanced : none;
    }
    if (asked == ASKED_TAKEN || (asked == ASKED_OPEN && fate == STINT_FATE_UNKNOWN)) {
        one->fate = (uint8_t)fate;
    }
    if (asked != ASKED_NOT && asked != ASKED_NEVER) {
        verdict->asked[recipient] = ASKED_DONE;
    }
    verdict->fate = fate_of_all(verdict);
}

void verdict_settle(struct verdict *verdict, enum stint_fate fate, const struct heard *reply)
{
    size_t i;

    for (i = 0; i < recipient_count(verdict); i++) {
        verdict_settle_one(verdict, i, fate, reply);
    }
}

/* If somebody has got it, it is partial. */
static enum stint_error error_of_refusals(const struct verdict *verdict)
{
    enum stint_error error = STINT_ERROR_TEMPORARY;
    size_t i;

    for (i = 0; i < recipient_count(verdict); i++) {
        if (verdict->recipients[i].fate == STINT_FATE_ACCEPTED) {
            return STINT_ERROR_PARTIAL;
        }
        error = verdict->recipients[i].code / 100 == 5 ? STINT_ERROR_PERMANENT : error;
    }
    return error;
}

void verdict_conclude(struct verdict *verdict)
{
    if (verdict->fate == STINT_FATE_ACCEPTED) {
        verdict_decide(verdict, STINT_ERROR_NONE, STINT_STAGE_QUIT);
        return;
    }
    if (verdict->code < 400) {
        verdict_tell(verdict, NULL); /* who was not asked was refused by no reply */
        verdict->refused_at = STINT_STAGE_RCPT;
    }
    verdict_decide(verdict, error_of_refusals(verdict), verdict->refused_at);
}
