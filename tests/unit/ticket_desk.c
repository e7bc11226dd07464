/* SPDX-License-Identifier: MIT */
#include "ticket_desk.h"

#include "test.h"
#include "tls/tls.h"

const struct ticket_desk_layout ticket_desk_layouts[TICKET_DESK_LAYOUTS] = {
    {"two large buffers", STINT_IN_ANY_SERVER, STINT_OUT_FULL},
    {"two small buffers", STINT_IN_MIN, STINT_OUT_MIN},
    {"one small buffer", STINT_IN_MIN, 0},
};

uint16_t ticket_desk_suite;

static const struct stint_ticket nothing;

static int entropy(void *context, uint8_t *buffer, size_t length)
{
    (void)context;
    memset(buffer, 0x5A, length);
    return 1;
}

static void profile(br_ssl_client_context *client, br_x509_minimal_context *x509)
{
    stint_tls_profile_fast(client, x509);
    br_ssl_engine_set_suites(&client->eng, &ticket_desk_suite, 1);
    client->eng.rng_os_rand_done = 1; /* the system's random octets would change every run */
}

void ticket_desk_forget(struct ticket_desk *desk)
{
    memset(&desk->kept, 0, sizeof desk->kept);
    memset(&desk->server, 0, sizeof desk->server);
}

void ticket_desk_set_up(struct ticket_desk *desk)
{
    memset(desk, 0, sizeof *desk);
    ticket_desk_suite = BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;
    desk->tls.profile = profile;
    desk->tls.anchors = &tls_server_anchor;
    desk->tls.anchor_count = 1;
    desk->tls.entropy = entropy;
    desk->tls.unix_time = TLS_SERVER_TIME;
    desk->tls.resume = &desk->resume;
    desk->resume.by = &stint_resume_by_tickets;
    desk->resume.ticket = &desk->kept;
    desk->resume.now = TICKET_DESK_NOW;
    desk->account.host = "mail.example.com";
    desk->account.port = 587;
    desk->account.security = STINT_SECURITY_STARTTLS;
    desk->layout = &ticket_desk_layouts[0];
    desk->piece = SIZE_MAX;
}

/* RFC 5077 3.3 */
void ticket_desk_give(struct ticket_desk *desk, size_t length, uint32_t lifetime)
{
    static uint32_t seed = 0x1234567;
    const size_t size = 4 + 2 + length;
    const uint8_t head[] = {4,
                            0,
                            (uint8_t)(size >> 8),
                            (uint8_t)size,
                            (uint8_t)(lifetime >> 24),
                            (uint8_t)(lifetime >> 16),
                            (uint8_t)(lifetime >> 8),
                            (uint8_t)lifetime,
                            (uint8_t)(length >> 8),
                            (uint8_t)length};
    size_t i;

    memcpy(desk->message, head, sizeof head);
    for (i = 0; i < length; i++) {
        desk->message[sizeof head + i] = (uint8_t)test_random(&seed);
    }
    desk->server.message = desk->message;
    desk->server.message_length = sizeof head + length;
    desk->server.agrees = true;
}

/* ---- The server's records, on their way ---- */

static size_t number(const uint8_t *octets)
{
    return (size_t)octets[0] << 8 | octets[1];
}

/* In records of another size, as far as they are in clear: up to ChangeCipherSpec. */
static void cut_anew(struct ticket_desk *desk)
{
    static uint8_t flight[2 * TICKET_SERVER_ROOM], messages[TICKET_SERVER_ROOM];
    struct ticket_server *server = &desk->server;
    size_t most = desk->is_joined ? TICKET_SERVER_ROOM : desk->fragment;
    size_t at = 0, end = 0, length = 0, n, offset;

    while (at < server->down_length && server->down[at] == TLS_HANDSHAKE) {
        n = number(server->down + at + 3);
        memcpy(messages + length, server->down + at + TLS_HEAD, n);
        length += n;
        at += TLS_HEAD + n;
    }
    for (offset = 0; offset < length; offset += n) {
        n = length - offset < most ? length - offset : most;
        memcpy(flight + end, (uint8_t[]){22, 3, 3, (uint8_t)(n >> 8), (uint8_t)n}, TLS_HEAD);
        memcpy(flight + end + TLS_HEAD, messages + offset, n);
        end += TLS_HEAD + n;
        assert_true(end + TICKET_SERVER_ROOM <= sizeof flight);
    }
    memcpy(flight + end, server->down + at, server->down_length - at);
    end += server->down_length - at;
    assert_true(end <= sizeof server->down);
    memcpy(server->down, flight, end);
    server->down_length = end;
}

/* ---- A handshake ---- */

static size_t least_of(size_t one, size_t other)
{
    return one < other ? one : other;
}

static void let_server_speak(struct ticket_desk *desk)
{
    struct ticket_server *server = &desk->server;
    size_t read = 0, room, n;
    uint8_t *octets;

    if (desk->fragment != 0 || desk->is_joined) {
        cut_anew(desk);
    }
    if (desk->edit != NULL) {
        desk->edit(desk);
    }
    while (read < server->down_length &&
           (octets = stint_tls_record_in(&desk->tls, &room)) != NULL) {
        assert_true(room > 0);
        n = least_of(least_of(server->down_length - read, room), desk->piece);
        memcpy(octets, server->down + read, n);
        stint_tls_record_in_ack(&desk->tls, n);
        read += n;
    }
    desk->said += server->down_length;
    server->down_length = 0;
}

bool ticket_desk_shake_hands(struct ticket_desk *desk)
{
    uint8_t *octets, *out = desk->layout->out_size > 0 ? desk->out : NULL;
    size_t length;
    bool moved = true;

    desk->said = 0;
    ticket_server_start(&desk->server);
    assert_int_equal(stint_tls_start(&desk->tls, &desk->account, desk->in, desk->layout->in_size,
                                     out, desk->layout->out_size),
                     STINT_ERROR_NONE);
    while (moved) {
        moved = desk->server.down_length > 0;
        let_server_speak(desk);
        while ((octets = stint_tls_record_out(&desk->tls, &length)) != NULL) {
            ticket_server_hear(&desk->server, octets, length);
            stint_tls_record_out_ack(&desk->tls, length);
            moved = true;
        }
    }
    return stint_tls_is_ready(&desk->tls) && ticket_server_is_ready(&desk->server);
}

bool ticket_desk_connect(struct ticket_desk *desk)
{
    if (!ticket_desk_shake_hands(desk)) {
        fail_msg("no handshake: %d here, %d there, with %s",
                 br_ssl_engine_last_error(&desk->tls.client.eng),
                 br_ssl_engine_last_error(&desk->server.server.context.eng), desk->layout->name);
    }
    stint_tls_keep(&desk->tls);
    stint_tls_end(&desk->tls);
    assert_int_equal(stint_tls_resumed(&desk->tls), desk->server.resumed);
    return desk->server.resumed;
}

int ticket_desk_fail(struct ticket_desk *desk)
{
    int error;

    ticket_desk_shake_hands(desk);
    assert_false(stint_tls_is_ready(&desk->tls));
    error = br_ssl_engine_last_error(&desk->tls.client.eng);
    stint_tls_end(&desk->tls);
    assert_true(ticket_desk_is_empty(desk));
    return error;
}

bool ticket_desk_is_empty(const struct ticket_desk *desk)
{
    return memcmp(&desk->kept, &nothing, sizeof nothing) == 0;
}
