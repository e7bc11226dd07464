/* SPDX-License-Identifier: MIT */
#include "tls_wire.h"

#include "test.h"

/* Far more than any session here takes. */
#define STEPS_MAX 200000U

const struct tls_wire_layout tls_wire_layouts[TLS_WIRE_LAYOUTS] = {
    {"two small buffers", STINT_IN_MIN, STINT_OUT_MIN},
    {"one small buffer", STINT_IN_MIN, 0},
    {"two large buffers", STINT_IN_ANY_SERVER, STINT_OUT_FULL},
    {"one large buffer", STINT_IN_ANY_SERVER, 0}};

static const struct {
    const char *command; /* NULL: the message */
    const char *reply;
    enum stint_stage stage;
} exchanges[TLS_WIRE_OVER] = {
    [TLS_WIRE_CLEAR_GREETING] = {"", "220 mx.example.org\r\n", STINT_STAGE_GREETING},
    [TLS_WIRE_CLEAR_EHLO] = {"EHLO client.example.com\r\n",
                             "250-mx.example.org\r\n250 STARTTLS\r\n", STINT_STAGE_EHLO},
    [TLS_WIRE_STARTTLS] = {"STARTTLS\r\n", "220 2.0.0 Go\r\n", STINT_STAGE_STARTTLS},
    [TLS_WIRE_GREETING] = {"", "220 mx.example.org\r\n", STINT_STAGE_GREETING},
    [TLS_WIRE_EHLO] = {"EHLO client.example.com\r\n",
                       "250-mx.example.org\r\n250-ENHANCEDSTATUSCODES\r\n250 AUTH PLAIN\r\n",
                       STINT_STAGE_EHLO},
    [TLS_WIRE_AUTH] = {"AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n", "235 2.7.0 Ok\r\n",
                       STINT_STAGE_AUTH},
    [TLS_WIRE_MAIL] = {"MAIL FROM:<a@example.com>\r\n", "250 2.1.0 Ok\r\n", STINT_STAGE_MAIL},
    [TLS_WIRE_RCPT] = {"RCPT TO:<b@example.org>\r\n", "250 2.1.5 Ok\r\n", STINT_STAGE_RCPT},
    [TLS_WIRE_DATA] = {"DATA\r\n", "354 Go\r\n", STINT_STAGE_DATA},
    [TLS_WIRE_CONTENT] = {NULL, "250 2.0.0 Queued\r\n", STINT_STAGE_CONTENT},
    [TLS_WIRE_QUIT] = {"QUIT\r\n", "221 2.0.0 Bye\r\n", STINT_STAGE_QUIT},
};

static br_ssl_engine_context *engine(struct tls_wire *wire)
{
    return &wire->server.context.eng;
}

static size_t least_of(size_t one, size_t two)
{
    return one < two ? one : two;
}

/* ---- What the server says ---- */

void tls_wire_put(struct tls_wire *wire, const void *octets, size_t length)
{
    size_t start = wire->down_length;

    if (wire->read == start && start + length - wire->down_base > sizeof wire->down) {
        wire->down_base = start; /* only in a flood */
    }
    assert_true(start + length - wire->down_base <= sizeof wire->down);
    memcpy(wire->down + (start - wire->down_base), octets, length);
    wire->down_length += length;
    if (wire->flip_at >= start && wire->flip_at < wire->down_length) {
        wire->down[wire->flip_at - wire->down_base] ^= wire->flip;
    }
}

void tls_wire_seal(struct tls_wire *wire, enum tls_type type, const void *octets, size_t length)
{
    static uint8_t record[TLS_WIRE_ROOM];
    size_t n = tls_server_seal(&wire->server, type, octets, length, record);

    tls_wire_put(wire, record, n);
}

void tls_wire_put_clear(struct tls_wire *wire, uint8_t type, const void *octets, size_t length)
{
    uint8_t head[TLS_HEAD] = {type, 3, 3, (uint8_t)(length >> 8), (uint8_t)length};

    tls_wire_put(wire, head, sizeof head);
    tls_wire_put(wire, octets, length);
}

const char *tls_wire_reply_text(enum tls_wire_point point)
{
    return exchanges[point].reply;
}

void tls_wire_replied(struct tls_wire *wire)
{
    wire->reply_end[wire->point] = wire->down_length;
    wire->heard_length = 0;
    wire->is_asked = false;
    wire->is_flushed = false;
    if (wire->point == TLS_WIRE_STARTTLS) {
        wire->in_handshake = true;
        wire->point = TLS_WIRE_EHLO;
    } else {
        wire->point++;
    }
}

void tls_wire_say(struct tls_wire *wire, const char *text)
{
    if (wire->in_tls) {
        tls_wire_seal(wire, TLS_APPLICATION_DATA, text, strlen(text));
    } else {
        tls_wire_put(wire, text, strlen(text));
    }
    tls_wire_replied(wire);
}

void tls_wire_reply(struct tls_wire *wire)
{
    tls_wire_say(wire, exchanges[wire->point].reply);
}

void tls_wire_reply_in_vain(struct tls_wire *wire)
{
    enum tls_wire_point point = wire->point;

    tls_wire_reply(wire);
    wire->reply_end[point] = SIZE_MAX;
}

/* ---- The handshake ---- */

static void put_message(struct tls_wire *wire, const uint8_t *record, size_t length)
{
    enum tls_wire_message message = (enum tls_wire_message)wire->message;

    wire->message++;
    if (wire->handshake == NULL || wire->handshake(wire, message, record, length)) {
        tls_wire_put(wire, record, length);
    }
    if (message == TLS_WIRE_FINISHED && wire->secured_end == 0) {
        wire->secured_end = wire->down_length;
    }
}

/* Puts the messages that have come whole into records of their own. */
static void put_flight(struct tls_wire *wire)
{
    uint8_t *start = wire->flight + TLS_HEAD;
    size_t n;

    while (wire->flight_length >= 4 &&
           (n = 4 + ((size_t)start[2] << 8 | start[3])) <= wire->flight_length) {
        wire->flight[3] = (uint8_t)(n >> 8);
        wire->flight[4] = (uint8_t)n;
        put_message(wire, wire->flight, TLS_HEAD + n);
        wire->flight_length -= n;
        memmove(start, start + n, wire->flight_length);
    }
}

static void put_engine_record(struct tls_wire *wire, const uint8_t *record, size_t length)
{
    size_t n = length - TLS_HEAD;

    if (record[0] != TLS_HANDSHAKE || wire->message > TLS_WIRE_HELLO_DONE) {
        put_message(wire, record, length);
        return;
    }
    assert_true(TLS_HEAD + wire->flight_length + n <= sizeof wire->flight);
    memcpy(wire->flight, record, TLS_HEAD);
    memcpy(wire->flight + TLS_HEAD + wire->flight_length, record + TLS_HEAD, n);
    wire->flight_length += n;
    put_flight(wire);
}

static void let_engine_speak(struct tls_wire *wire)
{
    const uint8_t *record;
    size_t length;

    while ((record = br_ssl_engine_sendrec_buf(engine(wire), &length)) != NULL) {
        put_engine_record(wire, record, length);
        br_ssl_engine_sendrec_ack(engine(wire), length);
    }
}

static void let_engine_hear(struct tls_wire *wire, const uint8_t *octets, size_t length)
{
    uint8_t *room;
    size_t n;

    while (length > 0 && (room = br_ssl_engine_recvrec_buf(engine(wire), &n)) != NULL) {
        n = least_of(n, length);
        memcpy(room, octets, n);
        br_ssl_engine_recvrec_ack(engine(wire), n);
        octets += n;
        length -= n;
        let_engine_speak(wire);
    }
}

static void handshake_record(struct tls_wire *wire, const uint8_t *record, size_t length)
{
    unsigned state;

    let_engine_hear(wire, record, length);
    state = br_ssl_engine_current_state(engine(wire));
    if (state == BR_SSL_CLOSED) {
        wire->is_over = true; /* such a client is left alone */
    } else if ((state & BR_SSL_SENDAPP) != 0) {
        wire->in_handshake = false;
        wire->in_tls = true;
    }
}

/* ---- What the server hears ---- */

static void hear(struct tls_wire *wire, const uint8_t *octets, size_t length)
{
    assert_true(length < sizeof wire->heard - wire->heard_length);
    memcpy(wire->heard + wire->heard_length, octets, length);
    wire->heard_length += length;
    wire->heard[wire->heard_length] = '\0';
    wire->has_message = wire->has_message || (wire->point == TLS_WIRE_CONTENT &&
                                              strstr(wire->heard, "\r\n.\r\n") != NULL);
}

static void data_record(struct tls_wire *wire, uint8_t *record)
{
    uint8_t type = record[0];
    size_t length;
    const uint8_t *octets = tls_server_open(&wire->server, record, &length);

    if (octets == NULL) {
        wire->is_torn = true;
    } else if (type == TLS_APPLICATION_DATA) {
        wire->taken_records++;
        hear(wire, octets, length);
    } else if (type == TLS_ALERT) {
        assert_int_equal(length, 2);
        wire->alerts[octets[1]]++;
    }
}

/* Where the client's next record ends, if it has come whole; else 0. */
static size_t record_end(const struct tls_wire *wire)
{
    const uint8_t *head = wire->up + wire->opened_up;
    size_t length = wire->up_length - wire->opened_up;
    size_t n;

    if (length < TLS_HEAD) {
        return 0;
    }
    n = TLS_HEAD + ((size_t)head[3] << 8 | head[4]);
    return n <= length ? wire->opened_up + n : 0;
}

static void open_records(struct tls_wire *wire)
{
    size_t end;

    while (!wire->is_torn && (end = record_end(wire)) > 0) {
        uint8_t *record = wire->up + wire->opened_up;

        wire->heard_records[record[0]]++;
        if (wire->in_tls) {
            data_record(wire, record);
        } else {
            handshake_record(wire, record, end - wire->opened_up);
        }
        wire->opened_up = end;
    }
}

static void open_up(struct tls_wire *wire)
{
    if (wire->in_handshake || wire->in_tls) {
        open_records(wire);
        return;
    }
    hear(wire, wire->up + wire->opened_up, wire->up_length - wire->opened_up);
    wire->opened_up = wire->up_length;
}

/* Has the command come whole? Then it is the one that must come. */
static bool has_command(const struct tls_wire *wire)
{
    const char *command = exchanges[wire->point].command;
    const struct fake_source *source = &wire->source;

    if (wire->point == TLS_WIRE_OVER || wire->in_handshake || wire->is_asked) {
        return false;
    }
    if (command == NULL) {
        return wire->has_message && wire->heard_length == source->length + 3 &&
               memcmp(wire->heard, source->text, source->length) == 0;
    }
    return wire->heard_length == strlen(command) &&
           memcmp(wire->heard, command, wire->heard_length) == 0;
}

/* Answers what has come. Returns whether there was anything. */
static bool serve(struct tls_wire *wire)
{
    size_t before = wire->down_length;
    enum tls_wire_point point = wire->point;
    bool was_in_handshake;

    if (wire->is_over || !wire->is_flushed) {
        return false;
    }
    was_in_handshake = wire->in_handshake;
    open_up(wire);
    if (!was_in_handshake && has_command(wire)) {
        wire->is_asked = true; /* once */
        if (wire->answer == NULL || wire->answer(wire, point)) {
            tls_wire_reply(wire);
        }
        return true;
    }
    return wire->down_length > before || wire->is_over || was_in_handshake != wire->in_handshake;
}

/* ---- The port ---- */

static int wire_open(void *context, const char *host, uint16_t port, uint32_t left_ms)
{
    struct tls_wire *wire = context;

    (void)host, (void)port, (void)left_ms;
    wire->opened++;
    return STINT_IO_DONE;
}

static size_t end_of_stream(const struct tls_wire *wire)
{
    return wire->is_over ? least_of(wire->cut_at, wire->down_length) : wire->cut_at;
}

static int wire_read(void *context, uint8_t *buffer, size_t room)
{
    struct tls_wire *wire = context;
    size_t stop = wire->held ? SIZE_MAX : wire->hold_at;
    size_t n;

    if (wire->flood != NULL && wire->read == wire->down_length) {
        wire->flood(wire);
    }
    n = least_of(least_of(wire->down_length, wire->cut_at), stop);
    n = least_of(room, n - wire->read);
    if (wire->read == end_of_stream(wire)) {
        return wire->end;
    }
    if (n == 0) {
        wire->held = wire->held || wire->read == wire->hold_at;
        wire->waits |= STINT_WANT_READ;
        return STINT_IO_AGAIN;
    }
    n = wire->most > 0 ? least_of(n, wire->most) : n;
    memcpy(buffer, wire->down + (wire->read - wire->down_base), n);
    wire->read += n;
    return (int)n;
}

static int wire_write(void *context, const uint8_t *data, size_t length)
{
    struct tls_wire *wire = context;
    size_t n = least_of(length, wire->credit);

    if (n == 0) {
        wire->waits |= STINT_WANT_WRITE;
        return STINT_IO_AGAIN;
    }
    if (wire->opened_up == wire->up_length && n > sizeof wire->up - wire->up_length) {
        wire->opened_up = wire->up_length = 0;
    }
    assert_true(n <= sizeof wire->up - wire->up_length);
    memcpy(wire->up + wire->up_length, data, n);
    wire->up_length += n;
    wire->credit -= n;
    wire->is_flushed = false;
    if (wire->in_tls) {
        open_records(wire); /* what was taken may count, even if it is never flushed */
    }
    return (int)n;
}

static int wire_flush(void *context)
{
    struct tls_wire *wire = context;

    wire->is_flushed = true;
    return STINT_IO_DONE;
}

static int wire_close(void *context)
{
    struct tls_wire *wire = context;

    wire->closed++;
    return STINT_IO_DONE;
}

static const struct stint_io wire_io = {wire_open,  wire_read,  wire_write,
                                        wire_flush, wire_close, NULL};

/* ---- Setting up ---- */

static int entropy(void *context, uint8_t *buffer, size_t length)
{
    struct tls_wire *wire = context;

    wire->entropy_asked++;
    memset(buffer, 0xA5, length);
    return 1;
}

/* One suite, so that it is the same on every machine. */
static uint16_t suite_wanted;

static void profile(br_ssl_client_context *client, br_x509_minimal_context *x509)
{
    stint_tls_profile_fast(client, x509);
    br_ssl_engine_set_suites(&client->eng, &suite_wanted, 1);
    client->eng.rng_os_rand_done = 1; /* the system's random octets would change every run */
}

static void set_up_client(struct tls_wire *wire)
{
    wire->tls.profile = profile;
    wire->tls.anchors = &tls_server_anchor;
    wire->tls.anchor_count = 1;
    wire->tls.entropy = entropy;
    wire->tls.entropy_context = wire;
    wire->tls.unix_time = TLS_SERVER_TIME;
    wire->account.host = "mail.example.com";
    wire->account.ehlo_name = "client.example.com";
    wire->account.user = TLS_WIRE_USER;
    wire->account.password = TLS_WIRE_PASSWORD;
    wire->recipient.address = "b@example.org";
    wire->mail.reverse_path = "a@example.com";
    wire->mail.recipients = &wire->recipient;
    wire->mail.recipient_count = 1;
    wire->mail.source = &wire->source.source;
    wire->client.io = &wire_io;
    wire->client.io_context = wire;
    wire->client.tls = &wire->tls;
    wire->client.in = wire->in;
    wire->client.in_size = wire->layout->in_size;
    wire->client.out = wire->layout->out_size > 0 ? wire->out : NULL;
    wire->client.out_size = wire->layout->out_size;
    wire->client.text = wire->text;
    wire->client.text_size = sizeof wire->text;
}

void tls_wire_set_up(struct tls_wire *wire, const struct tls_wire_layout *layout)
{
    static const char message[] = "Subject: x\r\n\r\nLow.\r\n";

    memset(wire, 0, sizeof *wire);
    wire->layout = layout;
    wire->suite = BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;
    wire->hold_at = wire->cut_at = wire->flip_at = wire->credit = SIZE_MAX;
    wire->end = STINT_IO_CLOSED;
    wire->words = "2.0.0 Queued";
    wire->now = 0xFFFFF000U; /* wraps soon */
    fake_source_start(&wire->source, message, sizeof message - 1);
    set_up_client(wire);
}

static void start(struct tls_wire *wire)
{
    bool is_implicit = wire->account.security != STINT_SECURITY_STARTTLS;

    wire->point = is_implicit ? TLS_WIRE_GREETING : TLS_WIRE_CLEAR_GREETING;
    wire->in_handshake = is_implicit;
    wire->is_flushed = true;
    wire->started = wire->now;
    suite_wanted = wire->suite;
    tls_server_start(&wire->server);
    stint_start(&wire->client, &wire->account, &wire->mail, wire->now);
}

/* ---- Running ---- */

/* Does it say that it waits for what made it stop, and for nothing else? */
static void check_wants(struct tls_wire *wire)
{
    unsigned wants = stint_wants(&wire->client);

    wire->waits |= wire->source.waited ? STINT_WANT_SOURCE : 0U;
    if (wants != STINT_WANT_NOTHING && wants != wire->waits) {
        fail_msg("wants %u, but %u could not go on, at point %u", wants, wire->waits,
                 (unsigned)wire->point);
    }
}

static bool can_read(const struct tls_wire *wire)
{
    return (wire->waits & STINT_WANT_READ) != 0 &&
           (wire->read < least_of(wire->down_length, wire->cut_at) ||
            wire->read == end_of_stream(wire));
}

static uint32_t sleep_ms(struct tls_wire *wire)
{
    uint32_t wait = stint_wait_ms(&wire->client, wire->now);
    uint32_t ms;

    if (stint_wants(&wire->client) == STINT_WANT_NOTHING) {
        assert_int_equal(wait, 0);
        return 0;
    }
    assert_true(wait > 0);
    if (serve(wire) || can_read(wire)) {
        return 1;
    }
    ms = wire->idle != NULL ? wire->idle(wire) : 0;
    return ms > 0 ? ms : wait;
}

/* Steps it. Returns false when it is done. */
static bool step(struct tls_wire *wire)
{
    wire->waits = 0;
    wire->source.waited = false;
    if (stint_step(&wire->client, wire->now) == STINT_DONE) {
        return false;
    }
    if (wire->steps++ == STEPS_MAX) {
        fail_msg("no end of it, at point %u", (unsigned)wire->point);
    }
    check_wants(wire);
    return true;
}

void tls_wire_go_on(struct tls_wire *wire)
{
    while (step(wire)) {
        wire->now += wire->step_ms + sleep_ms(wire);
    }
    assert_int_equal(wire->opened, 1);
    assert_int_equal(wire->closed, 1);
    assert_false(wire->is_torn);
    assert_int_equal(stint_wants(&wire->client), STINT_WANT_NOTHING);
    assert_int_equal(stint_wait_ms(&wire->client, wire->now), 0);
}

void tls_wire_run(struct tls_wire *wire)
{
    start(wire);
    tls_wire_go_on(wire);
}

void tls_wire_secure(struct tls_wire *wire, const struct tls_wire_layout *layout)
{
    static struct tls_wire saved[TLS_WIRE_LAYOUTS];
    struct tls_wire *copy = &saved[layout - tls_wire_layouts];

    if (copy->client.io_context == wire) {
        memcpy(wire, copy, sizeof *wire);
        return;
    }
    tls_wire_set_up(wire, layout);
    start(wire);
    while (!stint_is_secure(&wire->client)) {
        assert_true(step(wire));
        wire->now += stint_is_secure(&wire->client) ? 0 : sleep_ms(wire);
    }
    memcpy(copy, wire, sizeof *wire);
}

/* ---- What must have come out ---- */

static bool has_read(const struct tls_wire *wire, size_t end)
{
    return end > 0 && wire->read >= end;
}

enum stint_stage tls_wire_stage(const struct tls_wire *wire)
{
    bool is_implicit = wire->account.security != STINT_SECURITY_STARTTLS;
    unsigned point = is_implicit ? TLS_WIRE_GREETING : TLS_WIRE_CLEAR_GREETING;

    for (; point < TLS_WIRE_OVER; point++) {
        if (point == TLS_WIRE_GREETING && !has_read(wire, wire->secured_end)) {
            return STINT_STAGE_TLS;
        }
        if (point == TLS_WIRE_GREETING && !is_implicit) {
            continue;
        }
        if (!has_read(wire, wire->reply_end[point]) ||
            (point == TLS_WIRE_STARTTLS && wire->entropy_asked == 0)) {
            return exchanges[point].stage;
        }
    }
    return STINT_STAGE_QUIT;
}

enum stint_fate tls_wire_fate(const struct tls_wire *wire)
{
    if (has_read(wire, wire->reply_end[TLS_WIRE_CONTENT])) {
        return STINT_FATE_ACCEPTED;
    }
    return wire->has_message ? STINT_FATE_UNKNOWN : STINT_FATE_NOT_ACCEPTED;
}

static void judge(const struct tls_wire *wire, enum stint_error error, enum stint_stage stage,
                  int tls_error, unsigned code, const char *how)
{
    const struct stint_result *result = &wire->client.result;
    enum stint_fate fate = tls_wire_fate(wire);

    if (result->error != error || result->stage != stage || result->fate != fate ||
        wire->recipient.fate != fate || result->tls_error != tls_error || result->code != code) {
        fail_msg(
            "%s, with %s: %s at %s (TLS error %d, code %u), %s; expected %s at %s (%d, %u), %s",
            how, wire->layout->name, stint_error_name(result->error),
            stint_stage_name(result->stage), result->tls_error, result->code,
            stint_fate_name(result->fate), stint_error_name(error), stint_stage_name(stage),
            tls_error, code, stint_fate_name(fate));
    }
}

void tls_wire_judge(const struct tls_wire *wire, enum stint_error error, int tls_error,
                    const char *how)
{
    if (tls_wire_fate(wire) == STINT_FATE_ACCEPTED || error == STINT_ERROR_NONE) {
        judge(wire, STINT_ERROR_NONE, STINT_STAGE_QUIT, 0, 250, how);
        assert_int_equal(tls_wire_fate(wire), STINT_FATE_ACCEPTED);
        assert_string_equal(wire->text, wire->words != NULL ? wire->words : wire->text);
    } else {
        judge(wire, error, tls_wire_stage(wire), tls_error, 0, how);
        assert_string_equal(wire->text, "");
    }
}

void tls_wire_judge_words(const struct tls_wire *wire, enum stint_error error, unsigned code,
                          const char *how)
{
    judge(wire, error, STINT_STAGE_CONTENT, 0, code, how);
}

void tls_wire_judge_too_large(const struct tls_wire *wire, const char *how)
{
    tls_wire_judge(wire, STINT_ERROR_RECORD_SIZE, BR_ERR_TOO_LARGE, how);
}

void tls_wire_judge_unsecured(const struct tls_wire *wire, const char *how)
{
    if (stint_is_secure(&wire->client) || wire->heard_records[TLS_APPLICATION_DATA] != 0 ||
        wire->source.calls != 0) {
        fail_msg("%s, with %s: words left before TLS was there", how, wire->layout->name);
    }
    assert_int_equal(wire->client.result.fate, STINT_FATE_NOT_ACCEPTED);
}
