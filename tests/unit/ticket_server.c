/* SPDX-License-Identifier: MIT */
#include "ticket_server.h"

#include "test.h"

#define CLIENT_HELLO 1
#define TICKET       35

static br_ssl_engine_context *engine(struct ticket_server *server)
{
    return &server->server.context.eng;
}

static size_t number(const uint8_t *octets)
{
    return (size_t)octets[0] << 8 | octets[1];
}

static void write_number(uint8_t *octets, size_t value)
{
    octets[0] = (uint8_t)(value >> 8);
    octets[1] = (uint8_t)value;
}

static void put(struct ticket_server *server, const void *octets, size_t length)
{
    assert_true(length <= sizeof server->down - server->down_length);
    memcpy(server->down + server->down_length, octets, length);
    server->down_length += length;
}

static void put_handshake(struct ticket_server *server, const uint8_t *message, size_t length)
{
    uint8_t head[TLS_HEAD] = {TLS_HANDSHAKE, 3, 3, (uint8_t)(length >> 8), (uint8_t)length};

    put(server, head, sizeof head);
    put(server, message, length);
}

/* ---- The session that it knows ---- */

static struct ticket_server *of_cache(const br_ssl_session_cache_class **cache)
{
    return (struct ticket_server *)(void *)((uint8_t *)(void *)cache -
                                            offsetof(struct ticket_server, cache));
}

static void save(const br_ssl_session_cache_class **cache, br_ssl_server_context *context,
                 const br_ssl_session_parameters *session)
{
    (void)context;
    of_cache(cache)->session = *session;
}

/* Is what the client offered the ticket that it was given last, or nothing if there was none? */
static bool is_given(const struct ticket_server *server)
{
    return server->offered_length == server->given_length &&
           memcmp(server->offered, server->given, server->given_length) == 0;
}

static int load(const br_ssl_session_cache_class **cache, br_ssl_server_context *context,
                br_ssl_session_parameters *session)
{
    const struct ticket_server *server = of_cache(cache);

    (void)context;
    if (!server->resumes || server->session.version == 0 || !is_given(server)) {
        return 0;
    }
    session->version = server->session.version;
    session->cipher_suite = server->session.cipher_suite;
    memcpy(session->master_secret, server->session.master_secret, sizeof session->master_secret);
    return 1;
}

static const br_ssl_session_cache_class cache_class = {sizeof(void *), save, load};

/* ---- The ClientHello ---- */

/* Takes the ticket out of it, which is the last extension. */
static size_t strip(struct ticket_server *server, uint8_t *record, size_t length)
{
    uint8_t *at = record + TLS_HEAD + 4 + 2 + 32;
    uint8_t *extensions, *end = record + length;
    size_t size;

    server->id_length = *at;
    memcpy(server->id, at + 1, *at);
    at += 1 + *at;
    at += 2 + number(at);
    at += 1 + *at;
    extensions = at;
    assert_int_equal(number(extensions), end - extensions - 2);
    for (at += 2; at < end && number(at) != TICKET; at += 4 + number(at + 2)) {
    }
    server->asked = at < end;
    if (!server->asked) {
        return length;
    }
    size = number(at + 2);
    assert_ptr_equal(at + 4 + size, end);
    memcpy(server->offered, at + 4, size);
    server->offered_length = size;
    write_number(record + 3, number(record + 3) - 4 - size);
    write_number(record + TLS_HEAD + 2, number(record + TLS_HEAD + 2) - 4 - size);
    write_number(extensions, number(extensions) - 4 - size);
    return length - 4 - size;
}

static void let_engine_hear(struct ticket_server *server, const uint8_t *octets, size_t length)
{
    uint8_t *room;
    size_t n;

    while (length > 0 && (room = br_ssl_engine_recvrec_buf(engine(server), &n)) != NULL) {
        n = n < length ? n : length;
        memcpy(room, octets, n);
        br_ssl_engine_recvrec_ack(engine(server), n);
        octets += n;
        length -= n;
    }
}

/* ---- The ServerHello ---- */

/* Makes another one of BearSSL's, which has a session ID of 32 octets. Returns its length. */
static size_t edit_hello(const struct ticket_server *server, const uint8_t *message,
                         uint8_t *edited)
{
    static const uint8_t agreement[] = {0, TICKET, 0, 0};
    const uint8_t *extensions = message + 4 + 2 + 32 + 1 + 32 + 3;
    size_t extensions_length = number(extensions);
    size_t id_length = server->resumed || server->gives_id ? 32 : 0;
    uint8_t *at = edited + 4 + 2 + 32;

    memcpy(edited, message, 4 + 2 + 32);
    *at++ = (uint8_t)id_length;
    memcpy(at, message + 4 + 2 + 32 + 1, id_length);
    at += id_length;
    memcpy(at, extensions - 3, 3);
    if (server->other_suite != 0) {
        write_number(at, server->other_suite);
    }
    at += 3 + 2;
    if (server->extensions != NULL) {
        memcpy(at, server->extensions, server->extensions_length);
        extensions_length = server->extensions_length;
    } else {
        memcpy(at, extensions + 2, extensions_length);
    }
    if (server->agrees) {
        memcpy(at + extensions_length, agreement, sizeof agreement);
        extensions_length += sizeof agreement;
    }
    write_number(at - 2, extensions_length);
    at += extensions_length;
    write_number(edited + 2, (size_t)(at - edited) - 4);
    return (size_t)(at - edited);
}

static void hash(struct ticket_server *server, const uint8_t *octets, size_t length)
{
    br_multihash_update(&engine(server)->mhash, octets, length);
}

/* The first flight: a record with all messages, of which each gets a record. */
static void put_flight(struct ticket_server *server, const uint8_t *messages, size_t length)
{
    static uint8_t hello[TICKET_SERVER_ROOM];
    size_t n;

    br_multihash_init(&engine(server)->mhash);
    hash(server, server->up + TLS_HEAD, server->up_length - TLS_HEAD);
    n = edit_hello(server, messages, hello);
    hash(server, hello, n);
    put_handshake(server, hello, n);
    n = 4 + number(messages + 2);
    hash(server, messages + n, length - n);
    for (messages += n, length -= n; length > 0; messages += n, length -= n) {
        n = 4 + number(messages + 2);
        put_handshake(server, messages, n);
    }
}

static void put_ticket(struct ticket_server *server)
{
    const size_t head = 4 + 4 + 2;

    hash(server, server->message, server->message_length);
    put_handshake(server, server->message, server->message_length);
    if (server->message_length > head) {
        server->given_length = server->message_length - head;
        memcpy(server->given, server->message + head, server->given_length);
    }
}

/* Of the first flight, which may take several records. It is whole with ServerHelloDone; or with
 * ServerHello where that resumes a session. */
static void gather(struct ticket_server *server, const uint8_t *octets, size_t length)
{
    static const uint8_t done[] = {14, 0, 0, 0};
    uint8_t *end = server->flight + server->flight_length + length;

    memcpy(server->flight + server->flight_length, octets, length);
    server->flight_length += length;
    server->resumed = server->flight_length == 4 + number(server->flight + 2);
    if (server->resumed || memcmp(end - sizeof done, done, sizeof done) == 0) {
        put_flight(server, server->flight, server->flight_length);
        server->has_hello = false;
    }
}

static void let_engine_speak(struct ticket_server *server)
{
    uint8_t *record;
    size_t length;

    while ((record = br_ssl_engine_sendrec_buf(engine(server), &length)) != NULL) {
        if (server->has_hello) {
            gather(server, record + TLS_HEAD, length - TLS_HEAD);
        } else {
            if (record[0] == TLS_CHANGE_CIPHER_SPEC && server->message != NULL) {
                put_ticket(server);
            }
            put(server, record, length);
        }
        br_ssl_engine_sendrec_ack(engine(server), length);
    }
}

/* ---- What a test calls ---- */

void ticket_server_start(struct ticket_server *server)
{
    tls_server_start(&server->server);
    server->cache = &cache_class;
    br_ssl_server_set_cache(&server->server.context, &server->cache);
    server->asked = false;
    server->resumed = false;
    server->offered_length = 0;
    server->down_length = 0;
    server->up_length = 0;
    server->flight_length = 0;
    server->has_hello = false;
}

static void hear_hello(struct ticket_server *server)
{
    static uint8_t stripped[TICKET_SERVER_ROOM];

    memcpy(stripped, server->up, server->up_length);
    server->has_hello = true;
    let_engine_hear(server, stripped, strip(server, stripped, server->up_length));
}

void ticket_server_hear(struct ticket_server *server, const uint8_t *octets, size_t length)
{
    assert_true(length <= sizeof server->up - server->up_length);
    memcpy(server->up + server->up_length, octets, length);
    server->up_length += length;
    if (server->up_length < TLS_HEAD || server->up_length < TLS_HEAD + number(server->up + 3)) {
        return;
    }
    if (server->up[0] == TLS_HANDSHAKE && server->up[TLS_HEAD] == CLIENT_HELLO) {
        hear_hello(server);
    } else {
        let_engine_hear(server, server->up, server->up_length);
    }
    let_engine_speak(server);
    server->up_length = 0;
}

bool ticket_server_is_ready(const struct ticket_server *server)
{
    return (br_ssl_engine_current_state(&server->server.context.eng) & BR_SSL_RECVAPP) != 0 ||
           (br_ssl_engine_current_state(&server->server.context.eng) & BR_SSL_SENDAPP) != 0;
}
