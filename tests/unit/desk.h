/* SPDX-License-Identifier: MIT */
#ifndef STINT_TEST_DESK_H
#define STINT_TEST_DESK_H

#include "fake_io.h"
#include "fake_source.h"
#include "transcript.h"

/* A client with all that it needs: a mail in clear from a@example.com to b@example.org, over a fake
 * transport; the server's side of TLS is there, too. Tests change what they are about. */
struct desk {
    struct stint_account account;
    struct stint_mail mail;
    struct stint_recipient recipients[2]; /* one is used */
    struct fake_source source;            /* "Hello" */
    struct stint_tls tls;
    struct tls_server server;
    struct fake_io fake;
    struct stint_client client;
    uint8_t in[STINT_IN_MIN];
    uint8_t out[STINT_OUT_MIN];
    char text[200];
    uint32_t now_ms;
    struct transcript script;
    unsigned entropy_asked;
    bool no_entropy;
};

/* `script` are C:, S: and other lines of a transcript, for the server to follow. */
void desk_set_up(struct desk *desk, const char *script);

/* Starts the client and steps it until it is done. */
void desk_run(struct desk *desk);

void desk_assert(const struct desk *desk, enum stint_error error, enum stint_stage stage,
                 enum stint_fate fate);

/* A whole session, in parts. */
#define DESK_HELLO "S: 220 mx.example.org\nC: EHLO client.example.com\nS: 250 mx.example.org\n"
#define DESK_ENVELOPE                                                                              \
    "C: MAIL FROM:<a@example.com>\nS: 250 Ok\nC: RCPT TO:<b@example.org>\nS: 250 Ok\n"
#define DESK_DATA    "C: DATA\nS: 354 Go\n"
#define DESK_MESSAGE "C: Hello\nC: .\n"
#define DESK_QUIT    "C: QUIT\nS: 221 Bye\n"
#define DESK_SESSION                                                                               \
    DESK_HELLO DESK_ENVELOPE DESK_DATA DESK_MESSAGE "S: 250 2.0.0 Queued\n" DESK_QUIT

#endif
