/* SPDX-License-Identifier: MIT */
#include "outcome.h"

#include "status.h"

struct tally outcome_count(const struct outcome *outcome)
{
    struct tally tally = {0, 0, 0, 0, 0, false};
    const struct stint_recipient *first;

    if (outcome->mail == NULL) {
        return tally;
    }
    tally.all = outcome->mail->envelope.recipient_count;
    first = &outcome->mail->envelope.recipients[0];
    for (size_t i = 0; i < tally.all; i++) {
        const struct stint_recipient *recipient = &outcome->mail->envelope.recipients[i];

        tally.accepted += recipient->fate == STINT_FATE_ACCEPTED;
        tally.unknown += recipient->fate == STINT_FATE_UNKNOWN;
        tally.refused += recipient->code >= 400;
        tally.refused_for_good += recipient->code >= 500;
        tally.differ =
            tally.differ || recipient->code != first->code || recipient->fate != first->fate;
    }
    return tally;
}

bool outcome_all_accepted(const struct tally *tally)
{
    return tally->all > 0 && tally->accepted == tally->all;
}

static int permanent_status(const struct stint_result *result, const struct tally *tally)
{
    if (result->stage == STINT_STAGE_AUTH) {
        return STATUS_LOGIN;
    }
    if (result->stage == STINT_STAGE_RCPT && tally->refused_for_good == 0) {
        return STATUS_AGAIN;
    }
    return STATUS_REFUSED;
}

static int error_status(const struct stint_result *result, const struct tally *tally, int signal)
{
    switch (result->error) {
    case STINT_ERROR_NONE: return STATUS_DONE;
    case STINT_ERROR_CONFIG: return STATUS_USAGE;
    case STINT_ERROR_CONTENT:
    case STINT_ERROR_NO_8BITMIME:
    case STINT_ERROR_NO_BINARYMIME:
    case STINT_ERROR_NO_SMTPUTF8: return STATUS_BAD_DATA;
    case STINT_ERROR_TOO_LARGE: return STATUS_REFUSED;
    case STINT_ERROR_NO_EXTENSION:
        return result->field == STINT_FIELD_REQUIRE_TLS ? STATUS_CONFIGURATION : STATUS_REFUSED;
    case STINT_ERROR_SOURCE:
    case STINT_ERROR_ENTROPY: return STATUS_LOCAL;
    case STINT_ERROR_TLS:
    case STINT_ERROR_RECORD_SIZE:
    case STINT_ERROR_PROTOCOL:
    case STINT_ERROR_INJECTION: return STATUS_PROTOCOL;
    case STINT_ERROR_CERTIFICATE:
    case STINT_ERROR_SERVER_AUTH:
    case STINT_ERROR_NO_STARTTLS:
    case STINT_ERROR_NO_AUTH: return STATUS_CONFIGURATION;
    case STINT_ERROR_PERMANENT:
    case STINT_ERROR_PARTIAL: return permanent_status(result, tally);
    case STINT_ERROR_ABORTED: return STATUS_SIGNAL + signal;
    default: return STATUS_AGAIN;
    }
}

bool outcome_is_taken(const struct outcome *outcome)
{
    return outcome_count(outcome).accepted > 0;
}

int outcome_status(const struct outcome *outcome)
{
    struct tally tally = outcome_count(outcome);

    if (tally.unknown > 0) {
        return STATUS_AGAIN;
    }
    if (outcome_all_accepted(&tally)) {
        return STATUS_DONE;
    }
    return error_status(outcome->result, &tally, outcome->signal);
}
