/* SPDX-License-Identifier: MIT */

/* The client as its caller sees it: what is refused, how it connects, waits, ends and reports. Time
 * is for test_client_time.c, and broken transports for tests/permute. */

#include "test.h"

#include "desk.h"

static struct desk desk;

/* ---- Refusals before anything happens ---- */

static char long_name[300];

/* The n-th thing that can be wrong with the account. Returns the field it is in; NONE: no more. */
static enum stint_field spoil_account(struct stint_account *account, unsigned n)
{
    switch (n) {
    case 0: account->host = NULL; return STINT_FIELD_HOST;
    case 1: account->host = ""; return STINT_FIELD_HOST;
    case 2: account->host = "mail.example.com\r\n"; return STINT_FIELD_HOST;
    case 3: account->host = long_name; return STINT_FIELD_HOST;
    case 4: account->security = STINT_SECURITY_NONE + 1; return STINT_FIELD_SECURITY;
    case 5: account->security = 255; return STINT_FIELD_SECURITY;
    case 6: account->ehlo_name = ""; return STINT_FIELD_EHLO_NAME;
    case 7: account->ehlo_name = "localhost"; return STINT_FIELD_EHLO_NAME;
    case 8: account->ehlo_name = "a\r\nMAIL FROM:<x@y.z>"; return STINT_FIELD_EHLO_NAME;
    case 9: account->ehlo_name = long_name; return STINT_FIELD_EHLO_NAME;
    case 10: account->user = ""; return STINT_FIELD_USER;
    case 11: account->user = "a\nb"; return STINT_FIELD_USER;
    case 12: account->user = long_name; return STINT_FIELD_USER;
    case 13: account->password = NULL; return STINT_FIELD_PASSWORD;
    case 14: account->password = ""; return STINT_FIELD_PASSWORD;
    case 15: account->password = "a\r\nb"; return STINT_FIELD_PASSWORD;
    case 16: account->password = long_name; return STINT_FIELD_PASSWORD;
    case 17: account->user = NULL; return STINT_FIELD_PASSWORD; /* whose is it? */
    case 18: account->mechanism = ""; return STINT_FIELD_MECHANISM;
    case 19: account->mechanism = "plain"; return STINT_FIELD_MECHANISM;
    case 20: account->mechanism = "DIGEST-MD5"; return STINT_FIELD_MECHANISM;
    case 21: account->mechanism = "PLAIN\r\n"; return STINT_FIELD_MECHANISM;
    case 22: account->timeout_ms = 0x80000000U; return STINT_FIELD_TIMEOUT;
    case 23: account->deadline_ms = 0xFFFFFFFFU; return STINT_FIELD_TIMEOUT;
    case 24: account->idle_ms = 300001; return STINT_FIELD_TIMEOUT;
    case 25: account->lmtp = true; return STINT_FIELD_LMTP;
    case 26:
        account->lmtp = true;
        account->port = 25;
        return STINT_FIELD_LMTP;
    default: return STINT_FIELD_NONE;
    }
}

static enum stint_field spoil_mail(struct stint_mail *mail, struct stint_source *source, unsigned n)
{
    switch (n) {
    case 0: mail->reverse_path = NULL; return STINT_FIELD_REVERSE_PATH;
    case 1: mail->reverse_path = "a@example.com> BODY=BINARYMIME"; return STINT_FIELD_REVERSE_PATH;
    case 2: mail->reverse_path = "<a@example.com>"; return STINT_FIELD_REVERSE_PATH;
    case 3: mail->reverse_path = "postmaster"; return STINT_FIELD_REVERSE_PATH;
    case 4: mail->recipients = NULL; return STINT_FIELD_RECIPIENT;
    case 5: mail->recipient_count = 0; return STINT_FIELD_RECIPIENT;
    case 6: mail->policy = STINT_POLICY_ALL + 1; return STINT_FIELD_POLICY;
    case 7: mail->source = NULL; return STINT_FIELD_SOURCE;
    case 8: source->read = NULL; return STINT_FIELD_SOURCE;
    case 9: source->content = STINT_CONTENT_BINARY + 1; return STINT_FIELD_SOURCE;
    default: return STINT_FIELD_NONE;
    }
}

static enum stint_field spoil_client(struct stint_client *client, struct stint_tls *tls, unsigned n)
{
    static struct stint_ticket ticket;
    static struct stint_resume resume;

    resume.by = &stint_resume_by_tickets;
    resume.ticket = &ticket;
    tls->resume = &resume;
    switch (n) {
    case 0: client->io = NULL; return STINT_FIELD_IO;
    case 1: client->in = NULL; return STINT_FIELD_BUFFER;
    case 2: client->in_size = STINT_IN_MIN - 1; return STINT_FIELD_BUFFER;
    case 3: client->out_size = STINT_OUT_MIN - 1; return STINT_FIELD_BUFFER;
    case 4: client->tls = NULL; return STINT_FIELD_SECURITY;
    case 5: tls->profile = NULL; return STINT_FIELD_PROFILE;
    case 6: tls->anchors = NULL; return STINT_FIELD_ANCHORS;
    case 7: tls->anchor_count = 0; return STINT_FIELD_ANCHORS;
    case 8: tls->entropy = NULL; return STINT_FIELD_ENTROPY;
    case 9: tls->unix_time = 0; return STINT_FIELD_CLOCK;
    case 10: resume.by = NULL; return STINT_FIELD_RESUME;
    case 11: resume.ticket = NULL; return STINT_FIELD_RESUME;
    default: return STINT_FIELD_NONE;
    }
}

static void set_up_strict(void)
{
    memset(long_name, 'x', sizeof long_name - 1);
    desk_set_up(&desk, "");
    desk.account.security = STINT_SECURITY_STARTTLS;
    desk.account.user = "tim";
    desk.account.password = "tanstaaftanstaaf";
}

/* No call of the transport, of the source, or of anything else. */
static void assert_refused(enum stint_field field)
{
    stint_start(&desk.client, &desk.account, &desk.mail, desk.now_ms);
    assert_int_equal(stint_wants(&desk.client), STINT_WANT_NOTHING);
    assert_int_equal(stint_wait_ms(&desk.client, desk.now_ms), 0);
    assert_int_equal(stint_step(&desk.client, desk.now_ms), STINT_DONE);
    assert_int_equal(desk.client.result.error, STINT_ERROR_CONFIG);
    assert_int_equal(desk.client.result.stage, STINT_STAGE_START);
    assert_int_equal(desk.client.result.fate, STINT_FATE_NOT_ACCEPTED);
    if (desk.client.result.field != field) {
        fail_msg("field %s, expected %s", stint_field_name(desk.client.result.field),
                 stint_field_name(field));
    }
    assert_int_equal(desk.fake.calls, 0);
    assert_int_equal(desk.source.calls, 0);
    assert_int_equal(desk.entropy_asked, 0);
}

static void what_is_malformed_or_missing_is_refused_by_field(void **state)
{
    enum stint_field field = STINT_FIELD_HOST;
    unsigned n;

    (void)state;
    for (n = 0; field != STINT_FIELD_NONE; n++) {
        set_up_strict();
        field = spoil_account(&desk.account, n);
        if (field != STINT_FIELD_NONE) {
            assert_refused(field);
        }
    }
    field = STINT_FIELD_HOST;
    for (n = 0; field != STINT_FIELD_NONE; n++) {
        set_up_strict();
        field = spoil_mail(&desk.mail, &desk.source.source, n);
        if (field != STINT_FIELD_NONE) {
            assert_refused(field);
        }
    }
    field = STINT_FIELD_HOST;
    for (n = 0; field != STINT_FIELD_NONE; n++) {
        set_up_strict();
        field = spoil_client(&desk.client, &desk.tls, n);
        if (field != STINT_FIELD_NONE) {
            assert_refused(field);
        }
    }
}

static void a_malformed_recipient_is_named(void **state)
{
    static const char *const addresses[] = {NULL, "", "b", "b@", "b@x>\r\nRCPT TO:<c@y", "<b@x>"};
    uint16_t place;
    size_t i;

    (void)state;
    for (place = 0; place < 2; place++) {
        for (i = 0; i < COUNT(addresses); i++) {
            set_up_strict();
            desk.mail.recipient_count = 2;
            desk.recipients[place].address = addresses[i];
            assert_refused(STINT_FIELD_RECIPIENT);
            assert_int_equal(desk.client.result.recipient, place);
        }
    }
}

/* RFC 4954 4: nothing secret goes through a connection in clear, so none may be given. */
static void credentials_in_clear_are_refused(void **state)
{
    (void)state;
    set_up_strict();
    desk.account.security = STINT_SECURITY_NONE;
    assert_refused(STINT_FIELD_USER);
    desk.account.user = NULL;
    assert_refused(STINT_FIELD_PASSWORD);
    desk.account.password = NULL;
    desk.account.mechanism = "PLAIN";
    assert_refused(STINT_FIELD_MECHANISM);
}

struct vault {
    const char *secret;
    size_t length;
};

static size_t open_vault(void *context, size_t offset, uint8_t *buffer, size_t room)
{
    const struct vault *vault = context;
    size_t n = 0;

    while (n < room && offset + n < vault->length) {
        buffer[n] = (uint8_t)vault->secret[offset + n];
        n++;
    }
    return n;
}

static void a_secret_is_checked_like_a_password(void **state)
{
    static const struct {
        const char *secret;
        size_t length;
        bool sound;
    } cases[] = {
        {"x", 1, true},     {long_name, 255, true}, {"", 0, false},    {long_name, 256, false},
        {"a\0b", 3, false}, {"a\r\nb", 4, false},   {"a\n", 2, false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        struct vault vault = {cases[i].secret, cases[i].length};

        set_up_strict();
        desk.account.password = NULL;
        desk.account.secret = open_vault;
        desk.account.secret_context = &vault;
        if (!cases[i].sound) {
            assert_refused(STINT_FIELD_PASSWORD);
            continue;
        }
        stint_start(&desk.client, &desk.account, &desk.mail, 0);
        assert_int_equal(desk.client.result.error, STINT_ERROR_NONE);
        desk.account.password = "both";
        assert_refused(STINT_FIELD_PASSWORD);
    }
}

static void a_clear_connection_needs_no_tls(void **state)
{
    (void)state;
    desk_set_up(&desk, DESK_SESSION);
    desk.client.tls = NULL;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
    assert_false(stint_is_secure(&desk.client));
}

static void a_client_that_was_never_started_is_done(void **state)
{
    struct stint_client client;

    (void)state;
    memset(&client, 0, sizeof client);
    assert_int_equal(stint_step(&client, 7), STINT_DONE);
    assert_int_equal(stint_wants(&client), STINT_WANT_NOTHING);
    assert_int_equal(stint_wait_ms(&client, 7), 0);
    stint_abort(&client);
    assert_int_equal(stint_step(&client, 8), STINT_DONE);
}

/* ---- What the trace hook is told ---- */

static char dialogue[2000];

static void trace(void *context, unsigned kind, const uint8_t *octets, size_t length)
{
    char *end = dialogue + strlen(dialogue);

    assert_ptr_equal(context, dialogue);
    if (kind == STINT_TRACE_CONTENT) {
        sprintf(end, "(%zu)", length);
    } else if (kind == STINT_TRACE_SECRET) {
        strcpy(end, "****");
    } else {
        memcpy(end, octets, length);
        end[length] = '\0';
    }
}

/* ---- Connecting ---- */

static const struct transcript_turn closing_server[] = {
    {TRANSCRIPT_ANY, NULL, 0, 0}, {TRANSCRIPT_CLOSED, NULL, 0, 0}, {TRANSCRIPT_END, NULL, 0, 0}};

static void a_source_that_cannot_start_over_ends_it_before_it_connects(void **state)
{
    (void)state;
    desk_set_up(&desk, DESK_SESSION);
    desk.source.stuck = true;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_SOURCE, STINT_STAGE_START, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.fake.opened, 0);
}

static void a_source_without_rewind_is_read_on(void **state)
{
    (void)state;
    desk_set_up(&desk, DESK_SESSION);
    desk.source.source.rewind = NULL;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
}

static const struct transcript_turn breaking_server[] = {
    {TRANSCRIPT_ANY, NULL, 0, 0}, {TRANSCRIPT_LOST, NULL, 0, 0}, {TRANSCRIPT_END, NULL, 0, 0}};

/* RFC 8314: TLS from the first octet on port 465, STARTTLS on any other, unless told otherwise. */
static void security_goes_by_port_and_account(void **state)
{
    static const struct {
        uint8_t security;
        uint16_t port, opened;
        bool implicit;
    } cases[] = {
        {STINT_SECURITY_BY_PORT, 0, 465, true},         {STINT_SECURITY_BY_PORT, 465, 465, true},
        {STINT_SECURITY_BY_PORT, 587, 587, false},      {STINT_SECURITY_BY_PORT, 25, 25, false},
        {STINT_SECURITY_IMPLICIT, 0, 465, true},        {STINT_SECURITY_IMPLICIT, 587, 587, true},
        {STINT_SECURITY_STARTTLS, 0, 587, false},       {STINT_SECURITY_STARTTLS, 465, 465, false},
        {STINT_SECURITY_STARTTLS, 65535, 65535, false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        desk_set_up(&desk, DESK_HELLO DESK_QUIT);
        desk.account.security = cases[i].security;
        desk.account.port = cases[i].port;
        desk.fake.turns = cases[i].implicit ? closing_server : desk.fake.turns;
        desk_run(&desk);
        assert_int_equal(desk.fake.port, cases[i].opened);
        assert_string_equal(desk.fake.host, "mail.example.com");
        if (cases[i].implicit) {
            desk_assert(&desk, STINT_ERROR_CLOSED, STINT_STAGE_TLS, STINT_FATE_NOT_ACCEPTED);
            assert_int_equal(desk.fake.turn, 1); /* after a ClientHello */
        } else {
            desk_assert(&desk, STINT_ERROR_NO_STARTTLS, STINT_STAGE_STARTTLS,
                        STINT_FATE_NOT_ACCEPTED);
        }
    }
}

static size_t largest_room;

static int measure_room(void *context, uint8_t *buffer, size_t room)
{
    if (!stint_is_secure(&desk.client) && room > largest_room) {
        largest_room = room;
    }
    return fake_io.read(context, buffer, room);
}

/* So that no step of the handshake verifies more than one: BearSSL cannot be interrupted in that.
 */
static void a_step_reads_less_than_any_certificate_has(void **state)
{
    struct stint_io io = fake_io;

    (void)state;
    io.read = measure_room;
    largest_room = 0;
    desk_set_up(&desk, "== TLS ==\n" DESK_SESSION);
    desk.account.security = STINT_SECURITY_IMPLICIT;
    desk.client.io = &io;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
    assert_true(largest_room > 0 && largest_room <= 128);
}

static void in_clear_the_port_is_25(void **state)
{
    (void)state;
    desk_set_up(&desk, DESK_SESSION);
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
    assert_int_equal(desk.fake.port, 25);
}

static void a_connection_that_fails(void **state)
{
    (void)state;
    desk_set_up(&desk, "");
    desk.fake.fail_at = 1;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_IO, STINT_STAGE_CONNECT, STINT_FATE_NOT_ACCEPTED);
}

static const char *no_address(void *context)
{
    (void)context;
    return NULL;
}

static void without_a_name_the_address_is_asked_for(void **state)
{
    static const char *const refused[] = {
        "", "192.0.2.1\r\nQUIT", "192.0.2.1]",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" /* 61 octets */};
    struct stint_io io = fake_io;
    size_t i;

    (void)state;
    desk_set_up(&desk, "S: 220 mx\nC: EHLO [IPv6:2001:db8::1]\nS: 250 mx\n" DESK_ENVELOPE DESK_DATA
                           DESK_MESSAGE "S: 250 Ok\n" DESK_QUIT);
    desk.account.ehlo_name = NULL;
    desk.fake.local_address = "IPv6:2001:db8::1";
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);

    for (i = 0; i < COUNT(refused); i++) {
        desk_set_up(&desk, "S: 220 mx\n");
        desk.account.ehlo_name = NULL;
        desk.fake.local_address = refused[i];
        desk_run(&desk);
        desk_assert(&desk, STINT_ERROR_CONFIG, STINT_STAGE_CONNECT, STINT_FATE_NOT_ACCEPTED);
        assert_int_equal(desk.client.result.field, STINT_FIELD_EHLO_NAME);
    }

    desk_set_up(&desk, "");
    desk.account.ehlo_name = NULL;
    io.local_address = no_address; /* it has none now */
    desk.client.io = &io;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_CONFIG, STINT_STAGE_CONNECT, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.client.result.field, STINT_FIELD_EHLO_NAME);

    set_up_strict();
    desk.account.ehlo_name = NULL;
    io.local_address = NULL; /* it never has one: so that is known before */
    desk.client.io = &io;
    assert_refused(STINT_FIELD_EHLO_NAME);
}

/* ---- TLS ---- */

static void run_implicit(const struct transcript_turn *turns)
{
    desk_set_up(&desk, "");
    desk.fake.turns = turns;
    desk.account.security = STINT_SECURITY_IMPLICIT;
    desk_run(&desk);
}

static void a_handshake_that_breaks_off(void **state)
{
    static const char greeting[] = "220 mx.example.org ESMTP\r\n";
    static const struct transcript_turn plain_server[] = {
        {TRANSCRIPT_ANY, NULL, 0, 0},
        {TRANSCRIPT_SERVER, greeting, sizeof greeting - 1, sizeof greeting - 1},
        {TRANSCRIPT_END, NULL, 0, 0}};

    (void)state;
    run_implicit(closing_server);
    desk_assert(&desk, STINT_ERROR_CLOSED, STINT_STAGE_TLS, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.client.result.tls_error, 0);
    run_implicit(breaking_server);
    desk_assert(&desk, STINT_ERROR_IO, STINT_STAGE_TLS, STINT_FATE_NOT_ACCEPTED);
    run_implicit(plain_server);
    desk_assert(&desk, STINT_ERROR_TLS, STINT_STAGE_TLS, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.client.result.tls_error, BR_ERR_UNSUPPORTED_VERSION);
    assert_false(stint_is_secure(&desk.client));
}

static void without_entropy_nothing_is_sent(void **state)
{
    (void)state;
    desk_set_up(&desk, "S: 220 mx\n");
    desk.account.security = STINT_SECURITY_IMPLICIT;
    desk.no_entropy = true;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_ENTROPY, STINT_STAGE_TLS, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.entropy_asked, 1);
    assert_int_equal(desk.fake.taken, 0);
}

static void entropy_is_asked_for_every_handshake(void **state)
{
    (void)state;
    run_implicit(closing_server);
    assert_int_equal(desk.entropy_asked, 1);
    fake_io_start(&desk.fake, closing_server);
    desk_run(&desk);
    assert_int_equal(desk.entropy_asked, 2);
}

static void count_busy(void *context)
{
    unsigned *count = context;

    (*count)++;
}

static void the_watchdog_is_kicked(void **state)
{
    unsigned count = 0;

    (void)state;
    desk_set_up(&desk, "");
    desk.fake.turns = closing_server;
    desk.account.security = STINT_SECURITY_IMPLICIT;
    desk.tls.busy = count_busy;
    desk.tls.busy_context = &count;
    desk_run(&desk);
    assert_true(count >= 2);
}

#define TLS_HELLO                                                                                  \
    "== TLS ==\nS: 220 mx\nC: EHLO client.example.com\nS: 250-mx\nS: 250 AUTH PLAIN LOGIN\n"

static void a_session_inside_tls(void **state)
{
    struct stint_offer offer;

    (void)state;
    desk_set_up(&desk, TLS_HELLO
                "C: AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\nS: 235 Ok\n" DESK_ENVELOPE DESK_DATA
                    DESK_MESSAGE "S: 250 Ok\n" DESK_QUIT);
    desk.account.security = STINT_SECURITY_IMPLICIT;
    desk.account.user = "tim";
    desk.account.password = "tanstaaftanstaaf";
    desk.client.trace = trace;
    desk.client.trace_context = dialogue;
    dialogue[0] = '\0';
    assert_false(stint_is_secure(&desk.client));
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
    assert_true(stint_is_secure(&desk.client));
    assert_int_equal(desk.entropy_asked, 1);
    assert_non_null(strstr(dialogue, "AUTH PLAIN ****\r\n235 Ok\r\n"));
    assert_null(strstr(dialogue, "AHRp"));
    stint_get_offer(&desk.client, &offer);
    assert_string_equal(offer.mechanism, "PLAIN");
    assert_true(offer.mechanisms == (STINT_MECHANISM_PLAIN | STINT_MECHANISM_LOGIN));

    /* the server was told that this was the end (RFC 5246 7.2.1) */
    assert_int_equal(br_ssl_engine_current_state(&desk.server.context.eng) & BR_SSL_SENDAPP, 0);
    assert_int_equal(br_ssl_engine_last_error(&desk.server.context.eng), BR_ERR_OK);
}

/* The server's certificate is good for mail.example.com, by one key, and for a time. */
static void a_certificate_that_is_not_good_ends_the_session(void **state)
{
    static const br_x509_trust_anchor nobody;
    static const struct {
        const char *host;
        uint64_t unix_time;
        bool unknown;
        int tls_error;
    } cases[] = {
        {"mail.example.com", TLS_SERVER_TIME, true, BR_ERR_X509_NOT_TRUSTED},
        {"example.com", TLS_SERVER_TIME, false, BR_ERR_X509_BAD_SERVER_NAME},
        {"com", TLS_SERVER_TIME, false, BR_ERR_X509_BAD_SERVER_NAME},
        {"mail.example.co", TLS_SERVER_TIME, false, BR_ERR_X509_BAD_SERVER_NAME},
        {"mail.example.comm", TLS_SERVER_TIME, false, BR_ERR_X509_BAD_SERVER_NAME},
        {"xmail.example.com", TLS_SERVER_TIME, false, BR_ERR_X509_BAD_SERVER_NAME},
        {"x.mail.example.com", TLS_SERVER_TIME, false, BR_ERR_X509_BAD_SERVER_NAME},
        {"mail.example.com.example.org", TLS_SERVER_TIME, false, BR_ERR_X509_BAD_SERVER_NAME},
        {"192.0.2.1", TLS_SERVER_TIME, false, BR_ERR_X509_BAD_SERVER_NAME},
        {"2001:db8::1", TLS_SERVER_TIME, false, BR_ERR_X509_BAD_SERVER_NAME},
        {"mail.example.com", 1700000000, false, BR_ERR_X509_EXPIRED}, /* 2023: not yet */
        {"mail.example.com", 1, false, BR_ERR_X509_EXPIRED},
        {"mail.example.com", 5000000000, false, BR_ERR_X509_EXPIRED}, /* 2128 */
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        desk_set_up(&desk, "== TLS ==\n");
        desk.account.security = STINT_SECURITY_IMPLICIT;
        desk.account.host = cases[i].host;
        desk.account.user = "tim";
        desk.account.password = "tanstaaftanstaaf";
        desk.tls.unix_time = cases[i].unix_time;
        desk.tls.anchors = cases[i].unknown ? &nobody : desk.tls.anchors;
        desk_run(&desk);
        desk_assert(&desk, STINT_ERROR_CERTIFICATE, STINT_STAGE_TLS, STINT_FATE_NOT_ACCEPTED);
        assert_int_equal(desk.client.result.tls_error, cases[i].tls_error);
        assert_false(stint_is_secure(&desk.client));
    }
}

/* RFC 9525 6.3: the case of a name does not matter. */
static void a_name_in_another_case_is_the_same(void **state)
{
    (void)state;
    desk_set_up(&desk, TLS_HELLO DESK_QUIT);
    desk.account.security = STINT_SECURITY_IMPLICIT;
    desk.account.host = "MAIL.Example.COM";
    stint_start(&desk.client, &desk.account, NULL, desk.now_ms);
    fake_io_run(&desk.fake, &desk.client, NULL, &desk.now_ms, "case");
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_NOT_ACCEPTED);
}

struct witness {
    unsigned begun, ended;
    size_t announced, seen;
};

static void watch(void *context, enum stint_tls_chain_event event, const uint8_t *data,
                  size_t length)
{
    struct witness *witness = context;

    switch (event) {
    case STINT_TLS_CERTIFICATE_BEGIN:
        assert_null(data);
        witness->begun++;
        witness->announced += length;
        break;
    case STINT_TLS_CERTIFICATE_DATA: witness->seen += length; break;
    case STINT_TLS_CERTIFICATE_END: witness->ended++; break;
    }
}

static void the_chain_can_be_watched(void **state)
{
    struct witness witness = {0, 0, 0, 0};

    (void)state;
    desk_set_up(&desk, "== TLS ==\n");
    desk.account.security = STINT_SECURITY_IMPLICIT;
    desk.account.host = "other.example.com"; /* it is seen before it is judged */
    desk.tls.watch = watch;
    desk.tls.watch_context = &witness;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_CERTIFICATE, STINT_STAGE_TLS, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(witness.begun, 1);
    assert_int_equal(witness.ended, 1);
    assert_true(witness.announced > 300);
    assert_int_equal(witness.seen, witness.announced);
}

/* CVE-2021-22947: whatever comes in clear behind the 220, and however it comes, ends the session;
 * and the handshake is not even begun. */
static void octets_behind_the_220_are_an_attack(void **state)
{
    static const char *const injections[] = {
        "S: 220 Go\nS! 250 mx.example.org\n",
        "S: 220 Go\nS! 250-mx\nS! 250-AUTH PLAIN\nS! 250 SIZE\nS! 235 Welcome\nS! 250 Ok\n",
        "S: 220 Go\nS! \\r\\c\n",
        "S: 220 Go\nS! \\x16\\x03\\x03\\c\n",
        "S: 220-Ready\nS: 220 Go\nS! 2\\c\n",
    };
    static const size_t mosts[] = {0, 1, 5};
    char script[500];
    size_t i;
    size_t j;

    (void)state;
    for (i = 0; i < COUNT(injections); i++) {
        for (j = 0; j < COUNT(mosts); j++) {
            sprintf(script,
                    "S: 220 mx\nC: EHLO client.example.com\nS: 250-mx\nS: 250 STARTTLS\n"
                    "C: STARTTLS\n%s",
                    injections[i]);
            desk_set_up(&desk, script);
            desk.fake.most = mosts[j];
            desk.account.security = STINT_SECURITY_STARTTLS;
            desk.account.user = "tim";
            desk.account.password = "tanstaaftanstaaf";
            desk_run(&desk);
            desk_assert(&desk, STINT_ERROR_INJECTION, STINT_STAGE_STARTTLS,
                        STINT_FATE_NOT_ACCEPTED);
            assert_int_equal(desk.entropy_asked, 0);
            assert_false(stint_is_secure(&desk.client));
        }
    }
}

/* They may also come as a packet of their own, in time for the look before the handshake. */
static void octets_in_the_next_packet_are_one_too(void **state)
{
    static const char hello[] = "220 mx\r\n";
    static const char offer[] = "250-mx\r\n250 STARTTLS\r\n";
    static const char go[] = "220 Go\r\n";
    static const char injection[] = "250 mx\r\n";
    static const struct transcript_turn turns[] = {
        {TRANSCRIPT_SERVER, hello, sizeof hello - 1, sizeof hello - 1},
        {TRANSCRIPT_CLIENT, "EHLO client.example.com\r\n", 25, 0},
        {TRANSCRIPT_SERVER, offer, sizeof offer - 1, sizeof offer - 1},
        {TRANSCRIPT_CLIENT, "STARTTLS\r\n", 10, 0},
        {TRANSCRIPT_SERVER, go, sizeof go - 1, sizeof go - 1},
        {TRANSCRIPT_SERVER, injection, sizeof injection - 1, sizeof injection - 1},
        {TRANSCRIPT_END, NULL, 0, 0}};

    (void)state;
    desk_set_up(&desk, "");
    desk.fake.turns = turns;
    desk.account.security = STINT_SECURITY_STARTTLS;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_INJECTION, STINT_STAGE_STARTTLS, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.entropy_asked, 0);
}

static void after_the_220_the_handshake_begins(void **state)
{
    static const char hello[] = "220 mx\r\n";
    static const char offer[] = "250-mx\r\n250 STARTTLS\r\n";
    static const char go[] = "220 Go\r\n";
    static const struct transcript_turn turns[] = {
        {TRANSCRIPT_SERVER, hello, sizeof hello - 1, sizeof hello - 1},
        {TRANSCRIPT_CLIENT, "EHLO client.example.com\r\n", 25, 0},
        {TRANSCRIPT_SERVER, offer, sizeof offer - 1, sizeof offer - 1},
        {TRANSCRIPT_CLIENT, "STARTTLS\r\n", 10, 0},
        {TRANSCRIPT_SERVER, go, sizeof go - 1, sizeof go - 1},
        {TRANSCRIPT_ANY, NULL, 0, 0},
        {TRANSCRIPT_CLOSED, NULL, 0, 0},
        {TRANSCRIPT_END, NULL, 0, 0}};

    (void)state;
    desk_set_up(&desk, "");
    desk.fake.turns = turns;
    desk.account.security = STINT_SECURITY_STARTTLS;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_CLOSED, STINT_STAGE_TLS, STINT_FATE_NOT_ACCEPTED);
    assert_int_equal(desk.entropy_asked, 1);
    assert_int_equal(desk.fake.turn, 6);
}

/* ---- Aborting ---- */

static void step_until_done(void)
{
    unsigned steps = 0;

    while (stint_step(&desk.client, desk.now_ms) == STINT_RUNNING) {
        assert_true(steps++ < 1000);
    }
    assert_int_equal(desk.fake.closed, desk.fake.opened);
}

static void start_and_step(unsigned steps)
{
    stint_start(&desk.client, &desk.account, &desk.mail, desk.now_ms);
    while (steps-- > 0) {
        assert_int_equal(stint_step(&desk.client, desk.now_ms), STINT_RUNNING);
    }
}

static void abort_before_and_while_connecting(void **state)
{
    unsigned steps;

    (void)state;
    for (steps = 0; steps < 3; steps++) {
        desk_set_up(&desk, "");
        desk.fake.open_hangs = true;
        start_and_step(steps);
        stint_abort(&desk.client);
        step_until_done();
        desk_assert(&desk, STINT_ERROR_ABORTED, STINT_STAGE_CONNECT, STINT_FATE_NOT_ACCEPTED);
        assert_int_equal(desk.fake.opened, steps > 0);
    }
}

static void abort_in_the_handshake(void **state)
{
    (void)state;
    desk_set_up(&desk, "");
    desk.fake.turns = closing_server;
    desk.account.security = STINT_SECURITY_IMPLICIT;
    start_and_step(1);
    stint_abort(&desk.client);
    step_until_done();
    desk_assert(&desk, STINT_ERROR_ABORTED, STINT_STAGE_TLS, STINT_FATE_NOT_ACCEPTED);
}

/* What was decided stays, and closing goes on. */
static void abort_while_closing(void **state)
{
    unsigned steps = 0;

    (void)state;
    desk_set_up(&desk, DESK_SESSION);
    desk.fake.close_again = true;
    start_and_step(0);
    while (desk.fake.calls == 0 || !desk.fake.paused[4]) {
        assert_int_equal(stint_step(&desk.client, desk.now_ms), STINT_RUNNING);
        assert_true(steps++ < 100);
    }
    assert_int_equal(stint_wants(&desk.client), STINT_WANT_READ | STINT_WANT_WRITE);
    assert_in_range(stint_wait_ms(&desk.client, desk.now_ms), 1, 1000);
    stint_abort(&desk.client);
    step_until_done();
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
    stint_abort(&desk.client);
    assert_int_equal(stint_step(&desk.client, desk.now_ms), STINT_DONE);
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
}

/* ---- One session after and beside another ---- */

static void a_client_can_be_started_again(void **state)
{
    static const char *const scripts[] = {"== closed ==\n",
                                          DESK_SESSION,
                                          "S: 554 5.7.1 No\n" DESK_QUIT,
                                          DESK_SESSION,
                                          DESK_HELLO DESK_ENVELOPE "C: DATA\n== lost ==\n",
                                          DESK_SESSION};
    size_t i;

    (void)state;
    desk_set_up(&desk, "");
    for (i = 0; i < COUNT(scripts); i++) {
        transcript_parse(&desk.script, "script", scripts[i]);
        fake_io_start(&desk.fake, desk.script.turns);
        desk.fake.again = true;
        desk_run(&desk);
        if (i % 2 == 1) {
            desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
        } else {
            assert_true(desk.client.result.error != STINT_ERROR_NONE);
        }
    }
}

static void two_clients_do_not_disturb_each_other(void **state)
{
    static struct desk other;
    bool running = true;
    unsigned steps = 0;

    (void)state;
    desk_set_up(&desk, DESK_SESSION);
    desk_set_up(&other, "S: 220 mx\nC: EHLO client.example.com\nS: 250 mx\n"
                        "C: MAIL FROM:<a@example.com>\nS: 550 5.7.1 Not you\n" DESK_QUIT);
    desk.fake.most = 1;
    other.fake.most = 2;
    stint_start(&desk.client, &desk.account, &desk.mail, 0);
    stint_start(&other.client, &other.account, &other.mail, 0);
    while (running) {
        running = stint_step(&desk.client, 0) == STINT_RUNNING;
        running = stint_step(&other.client, 0) == STINT_RUNNING || running;
        assert_true(steps++ < 10000);
    }
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
    desk_assert(&other, STINT_ERROR_PERMANENT, STINT_STAGE_MAIL, STINT_FATE_NOT_ACCEPTED);
}

/* ---- Buffers, flights, and what is told ---- */

static void any_allowed_buffers_will_do(void **state)
{
    static uint8_t large[20000];
    static const struct {
        size_t in, out;
    } sizes[] = {{STINT_IN_MIN, STINT_OUT_MIN},
                 {STINT_IN_MIN, 0},
                 {STINT_IN_SMALL, STINT_OUT_FULL},
                 {STINT_IN_MIN + 1, 0}};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(sizes); i++) {
        desk_set_up(&desk, DESK_SESSION);
        desk.client.in = large;
        desk.client.in_size = sizes[i].in;
        desk.client.out = sizes[i].out > 0 ? large + sizes[i].in : NULL;
        desk.client.out_size = sizes[i].out;
        desk_run(&desk);
        desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
    }
}

/* A flight costs a port one system call each way: so flush is called once for each, however many
 * records the message takes. */
static void a_flight_is_flushed_once(void **state)
{
    static char line[61 * 100 + 1];
    static char script[20000];
    size_t i;

    (void)state;
    strcpy(script, DESK_HELLO DESK_ENVELOPE DESK_DATA);
    for (i = 0; i < 100; i++) {
        memset(line + 61 * i, 'x', 60);
        line[61 * i + 60] = '\n';
        strcat(script, "C: \\{60*x}\n");
    }
    strcat(script, "C: .\nS: 250 Ok\n" DESK_QUIT);
    desk_set_up(&desk, script);
    fake_source_start(&desk.source, line, sizeof line - 1);
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
    assert_true(desk.fake.writes > 10);
    assert_int_equal(desk.fake.flushes, 6); /* EHLO, MAIL, RCPT, DATA, the message, QUIT */
}

/* But what the source gave is not kept back while the source pauses. */
static void a_pause_of_the_source_flushes(void **state)
{
    (void)state;
    desk_set_up(&desk, DESK_SESSION);
    desk.source.again = true;
    desk.source.most = 3;
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
    assert_int_equal(desk.fake.flushes, 5 + 3);
}

static void no_text_is_asked_for(void **state)
{
    (void)state;
    desk_set_up(&desk, DESK_SESSION);
    desk.client.text = NULL;
    desk.text[0] = '\0';
    desk_run(&desk);
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
    assert_string_equal(desk.text, "");
}

static void the_conversation_can_be_watched(void **state)
{
    size_t most;

    (void)state;
    for (most = 0; most < 3; most++) {
        dialogue[0] = '\0';
        desk_set_up(&desk, DESK_SESSION);
        desk.fake.most = most;
        desk.client.trace = trace;
        desk.client.trace_context = dialogue;
        desk_run(&desk);
        assert_string_equal(dialogue, "220 mx.example.org\r\n"
                                      "EHLO client.example.com\r\n250 mx.example.org\r\n"
                                      "MAIL FROM:<a@example.com>\r\n250 Ok\r\n"
                                      "RCPT TO:<b@example.org>\r\n250 Ok\r\n"
                                      "DATA\r\n354 Go\r\n"
                                      "(7).\r\n250 2.0.0 Queued\r\n"
                                      "QUIT\r\n221 Bye\r\n");
    }
}

static void the_offer_can_be_shown(void **state)
{
    struct stint_offer offer;

    (void)state;
    desk_set_up(&desk, "S: 220 mx\nC: EHLO client.example.com\nS: 250-mx\nS: 250-SIZE 1234\n"
                       "S: 250-PIPELINING\nS: 250-ENHANCEDSTATUSCODES\nS: 250-CHUNKING\n"
                       "S: 250-SMTPUTF8\nS: 250-DSN\nS: 250-STARTTLS\nS: 250-8BITMIME\n"
                       "S: 250-BINARYMIME\nS: 250-LIMITS RCPTMAX=20 MAILMAX=3\n"
                       "S: 250 AUTH LOGIN GSSAPI\n"
                       "C: QUIT\nS: 221 Bye\n");
    stint_start(&desk.client, &desk.account, NULL, desk.now_ms);
    fake_io_run(&desk.fake, &desk.client, NULL, &desk.now_ms, "offer");
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_NOT_ACCEPTED);
    stint_get_offer(&desk.client, &offer);
    assert_int_equal(offer.extensions, (STINT_EXTENSION_DSN << 1) - 1);
    assert_int_equal(offer.mechanisms, STINT_MECHANISM_LOGIN);
    assert_int_equal(offer.rcpt_max, 20);
    assert_int_equal(offer.mail_max, 3);
    assert_int_equal(offer.size_limit, 1234);
    assert_null(offer.mechanism);

    desk_set_up(&desk, DESK_SESSION);
    desk_run(&desk);
    stint_get_offer(&desk.client, &offer);
    assert_int_equal(offer.extensions, 0);
    assert_int_equal(offer.mechanisms, 0);
    assert_int_equal(offer.size_limit, 0);
}

static void a_look_without_a_mail(void **state)
{
    (void)state;
    desk_set_up(&desk, DESK_HELLO DESK_QUIT);
    stint_start(&desk.client, &desk.account, NULL, desk.now_ms);
    fake_io_run(&desk.fake, &desk.client, NULL, &desk.now_ms, "look");
    desk_assert(&desk, STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_NOT_ACCEPTED);
    assert_string_equal(desk.text, "mx.example.org");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_malformed_or_missing_is_refused_by_field),
        cmocka_unit_test(a_malformed_recipient_is_named),
        cmocka_unit_test(credentials_in_clear_are_refused),
        cmocka_unit_test(a_secret_is_checked_like_a_password),
        cmocka_unit_test(a_clear_connection_needs_no_tls),
        cmocka_unit_test(a_client_that_was_never_started_is_done),
        cmocka_unit_test(security_goes_by_port_and_account),
        cmocka_unit_test(a_step_reads_less_than_any_certificate_has),
        cmocka_unit_test(in_clear_the_port_is_25),
        cmocka_unit_test(a_connection_that_fails),
        cmocka_unit_test(without_a_name_the_address_is_asked_for),
        cmocka_unit_test(a_handshake_that_breaks_off),
        cmocka_unit_test(without_entropy_nothing_is_sent),
        cmocka_unit_test(entropy_is_asked_for_every_handshake),
        cmocka_unit_test(the_watchdog_is_kicked),
        cmocka_unit_test(a_session_inside_tls),
        cmocka_unit_test(a_certificate_that_is_not_good_ends_the_session),
        cmocka_unit_test(a_name_in_another_case_is_the_same),
        cmocka_unit_test(the_chain_can_be_watched),
        cmocka_unit_test(octets_behind_the_220_are_an_attack),
        cmocka_unit_test(octets_in_the_next_packet_are_one_too),
        cmocka_unit_test(after_the_220_the_handshake_begins),
        cmocka_unit_test(abort_before_and_while_connecting),
        cmocka_unit_test(abort_in_the_handshake),
        cmocka_unit_test(abort_while_closing),
        cmocka_unit_test(a_client_can_be_started_again),
        cmocka_unit_test(a_source_that_cannot_start_over_ends_it_before_it_connects),
        cmocka_unit_test(a_source_without_rewind_is_read_on),
        cmocka_unit_test(two_clients_do_not_disturb_each_other),
        cmocka_unit_test(any_allowed_buffers_will_do),
        cmocka_unit_test(a_flight_is_flushed_once),
        cmocka_unit_test(a_pause_of_the_source_flushes),
        cmocka_unit_test(no_text_is_asked_for),
        cmocka_unit_test(the_conversation_can_be_watched),
        cmocka_unit_test(the_offer_can_be_shown),
        cmocka_unit_test(a_look_without_a_mail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
