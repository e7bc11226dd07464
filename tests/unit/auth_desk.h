/* SPDX-License-Identifier: MIT */
#ifndef STINT_TEST_AUTH_DESK_H
#define STINT_TEST_AUTH_DESK_H

#include "session/session.h"
#include "stint/tls.h"

/* A session in TLS that logs in and does no more, and what it said last. The account is user's,
 * with the password pencil, at mail.example.com. */
struct auth_desk {
    struct stint_account account;
    struct stint_result result;
    struct stint_session session;
    struct stint_sasl_work work;
    struct stint_tls_binding binding;
    bool has_no_memory; /* the client lends none */
    char text[1024];
    char said[16384];
    unsigned steps; /* of computing, before it said that */
};

void auth_set_up(struct auth_desk *desk);

/* Begins, and comes to AUTH; the server offers these mechanisms. */
void auth_start(struct auth_desk *desk, const char *offer);

/* A reply, and what the client says to it. */
void auth_say(struct auth_desk *desk, const char *reply);

/* 334 with this in base64; likewise. */
void auth_challenge(struct auth_desk *desk, const char *message);

/* What the client said last: what stands in base64 between these. */
const char *auth_said_between(const struct auth_desk *desk, const char *before, const char *after);

/* And what in its line of a response. */
const char *auth_response(const struct auth_desk *desk);

/* Nothing is left in the memory that was lent. */
void auth_assert_wiped(const struct auth_desk *desk);

#endif
