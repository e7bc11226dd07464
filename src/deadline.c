/* SPDX-License-Identifier: MIT */
#include "deadline.h"

#include "session/session.h"

#define CONNECT_TIMEOUT_MS    60000U
#define HANDSHAKE_TIMEOUT_MS  120000U
#define SESSION_TIMEOUT_MS    1800000U /* and 1 ms for each octet written */
#define LAST_WORDS_TIMEOUT_MS 1000U
#define DURATION_MAX_MS       0x7FFFFFFFU

static uint32_t wait_limit_ms(const struct stint_client *client)
{
    uint32_t given = client->session.account->timeout_ms;
    uint32_t limit;

    if (stint_deadline_is_idle(client)) {
        return client->session.account->idle_ms;
    }
    switch (client->phase) {
    case PHASE_OPEN: limit = CONNECT_TIMEOUT_MS; break;
    case PHASE_HANDSHAKE: limit = HANDSHAKE_TIMEOUT_MS; break;
    default: limit = (uint32_t)stint_session_timeout(&client->session) * 1000U; break;
    }
    if (client->output_end != 0) {
        return LAST_WORDS_TIMEOUT_MS;
    }
    if (given == 0 ||
        (stint_session_stage(&client->session) == STINT_STAGE_QUIT && given > limit)) {
        return limit; /* QUIT's reply is worth no more than a moment */
    }
    return given;
}

static uint32_t session_limit_ms(const struct stint_client *client)
{
    uint32_t written = client->session.written;

    if (client->session.account->deadline_ms != 0) {
        return client->session.account->deadline_ms;
    }
    return written < DURATION_MAX_MS - SESSION_TIMEOUT_MS ? SESSION_TIMEOUT_MS + written
                                                          : DURATION_MAX_MS;
}

static uint32_t left_of(uint32_t limit, uint32_t since, uint32_t now_ms)
{
    uint32_t passed = now_ms - since;

    return passed < limit ? limit - passed : 0;
}

uint32_t stint_deadline_left_ms(const struct stint_client *client, uint32_t now_ms)
{
    uint32_t wait = left_of(wait_limit_ms(client), client->wait_begun, now_ms);
    uint32_t session = left_of(session_limit_ms(client), client->started, now_ms);

    return wait < session || stint_deadline_is_idle(client) ? wait : session;
}
