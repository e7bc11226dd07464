/* SPDX-License-Identifier: MIT */

/* After a session, however it ended, no secret is left in what the client used: not the password,
 * plain or in base64, not the keys, not what was sent inside TLS. */

#include "desk.h"
#include "session/session.h"
#include "test.h"

static struct desk desk;
static uint8_t traced[65536];
static size_t traced_length;

#define PASSWORD "tanstaaftanstaaf"

#define SECURE                                                                                     \
    "S: 220 mx\nC: EHLO client.example.com\nS: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 Go\n"  \
    "== TLS ==\nC: EHLO client.example.com\nS: 250-mx\nS: 250 AUTH PLAIN LOGIN\n"
#define PLAIN "C: AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\n"
#define LOGIN                                                                                      \
    "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: dGlt\nS: 334 UGFzc3dvcmQ6\n"                           \
    "C: dGFuc3RhYWZ0YW5zdGFhZg==\n"

/* SCRAM with a nonce of zeros, the salt "salt of the sea", and 4,096 iterations. */
#define SCRAM_FIRST                                                                                \
    "C: AUTH SCRAM-SHA-256 biwsbj10aW0scj1BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=\n"                     \
    "S: 334 cj1BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUF0YWlsLHM9YzJGc2RDQnZaaUIwYUdVZ2MyVmgsaT00MDk2\n"
#define SCRAM_FINAL                                                                                \
    "C: "                                                                                          \
    "Yz1iaXdzLHI9QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBdGFpbCxwPWJhVVFDUUFibS9FSlducHdhTm5vRWRud2F4Ulcr" \
    "blhY"                                                                                         \
    "RDVLaER3eWRSMzA9\n"
#define SCRAM_PROOF "S: 334 dj04aWRvd05VVTRsSi9aMVdINERsYldabmRSbnFKUFRGdmE2N1MvaTRaeGVvPQ==\nC: \n"
#define SCRAM       SCRAM_FIRST SCRAM_FINAL SCRAM_PROOF
#define SALTED                                                                                     \
    "\xff\x7f\x4d\x32\x17\xd5\xd6\xc9\xdf\x5c\x4d\x14\xa1\x36\x41\xe1"                             \
    "\x5a\x36\x06\xc6\x69\xd9\x8d\x97\x17\x16\xb9\xfc\x83\x5c\x1a\xa2"
#define CLIENT_KEY                                                                                 \
    "\xd7\x31\xed\xd4\x71\xf2\x71\x00\x8e\x00\xcc\xcc\x53\x53\x3a\x4c"                             \
    "\x7a\xc5\xdf\x2e\x7e\x73\xe8\x61\xaa\x64\x83\xec\x5a\xd3\x97\xe2"
#define SERVER_KEY                                                                                 \
    "\xc2\x10\x84\x33\xa0\xa8\xf7\x73\xbf\xb3\x28\x55\x2f\x47\xfa\xae"                             \
    "\xf8\x10\x71\xeb\x44\x42\x8f\x84\x2e\xb6\x85\x16\xd8\x95\x00\x9c"

#define WELCOME "S: 235 2.7.0 Welcome\n"

static void trace(void *context, unsigned kind, const uint8_t *octets, size_t length)
{
    (void)context;
    if (desk.client.session.work != NULL && kind == STINT_TRACE_COMMAND) {
        memset(desk.tls.verify.memory.work.random, 0, 18); /* in time for AUTH */
    }
    if (octets != NULL) {
        assert_true(traced_length + length <= sizeof traced);
        memcpy(traced + traced_length, octets, length);
        traced_length += length;
    }
}

static size_t secret_of_session(void *context, size_t offset, uint8_t *buffer, size_t room)
{
    size_t n;

    (void)context;
    for (n = 0; n < room && offset + n < sizeof PASSWORD - 1; n++) {
        buffer[n] = (uint8_t)PASSWORD[offset + n];
    }
    return n;
}

static void sit_down(const char *script)
{
    desk_set_up(&desk, script);
    desk.account.security = STINT_SECURITY_STARTTLS;
    desk.account.user = "tim";
    desk.account.secret = secret_of_session;
    desk.client.trace = trace;
    traced_length = 0;
}

static bool holds(const void *memory, size_t size, const void *secret, size_t length)
{
    const uint8_t *octets = memory;
    size_t i;

    for (i = 0; i + length <= size; i++) {
        if (memcmp(octets + i, secret, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_anywhere(const void *secret, size_t length)
{
    return holds(&desk.client, sizeof desk.client, secret, length) ||
           holds(&desk.tls, sizeof desk.tls, secret, length) ||
           holds(desk.in, sizeof desk.in, secret, length) ||
           holds(desk.out, sizeof desk.out, secret, length) ||
           holds(desk.text, sizeof desk.text, secret, length) ||
           holds(traced, traced_length, secret, length);
}

/* Any four octets of it in a row: less would be found by chance. */
static void assert_gone(const void *secret, size_t length)
{
    const uint8_t *octets = secret;
    size_t i;

    for (i = 0; i + 4 <= length; i++) {
        assert_false(is_anywhere(octets + i, 4));
    }
}

/* The server's proof. */
static void assert_not_traced(const char *base64)
{
    size_t i;

    for (i = 0; base64[i + 3] != '\0'; i++) {
        assert_false(holds(traced, traced_length, base64 + i, 4));
    }
}

static void assert_all_gone(void)
{
    static const uint8_t nothing[STINT_IN_MIN];

    assert_gone(PASSWORD, sizeof PASSWORD - 1);
    assert_gone("YW5zdGFhZnRhbnN0YWFm", 20);
    assert_gone("dGFuc3RhYWZ0YW5zdGFh", 20);
    assert_gone(desk.server.context.eng.session.master_secret, 48);
    assert_memory_equal(desk.in, nothing, sizeof desk.in);
    assert_memory_equal(desk.out, nothing, sizeof desk.out);
}

static void nothing_is_left_of_a_session(void **state)
{
    static const struct {
        const char *script;
        enum stint_error error;
    } cases[] = {
        {SECURE PLAIN WELCOME DESK_ENVELOPE DESK_DATA DESK_MESSAGE "S: 250 Ok\n" DESK_QUIT,
         STINT_ERROR_NONE},
        {SECURE PLAIN "S: 535 5.7.8 No\n" DESK_QUIT, STINT_ERROR_PERMANENT},
        {SECURE PLAIN "== lost ==\n", STINT_ERROR_IO},
        {SECURE PLAIN "== silence ==\n", STINT_ERROR_TIMEOUT},
        {SECURE PLAIN "== cut off ==\n", STINT_ERROR_TRUNCATED},
        {SECURE PLAIN "S: 23\\0\n", STINT_ERROR_PROTOCOL},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        sit_down(cases[i].script);
        desk_run(&desk);
        assert_int_equal(desk.client.result.error, cases[i].error);
        assert_all_gone();
        assert_true(traced_length > 0);
        assert_int_equal(stint_tls_version(&desk.tls), BR_TLS12); /* facts stay */
        assert_int_equal(stint_tls_suite(&desk.tls), desk.server.context.eng.session.cipher_suite);
        assert_int_equal(stint_tls_curve(&desk.tls), BR_EC_curve25519);
    }
}

static void nothing_is_left_with_login(void **state)
{
    (void)state;
    sit_down(SECURE LOGIN "S: 535 5.7.8 No\n" DESK_QUIT);
    desk.account.mechanism = "LOGIN";
    desk_run(&desk);
    assert_int_equal(desk.client.result.code, 535);
    assert_all_gone();
}

/* Neither of what SCRAM makes of the password, however it ends. */
static void nothing_is_left_with_scram(void **state)
{
    static const struct {
        const char *script;
        enum stint_error error;
    } cases[] = {
        {SCRAM WELCOME DESK_ENVELOPE DESK_DATA DESK_MESSAGE "S: 250 Ok\n" DESK_QUIT,
         STINT_ERROR_NONE},
        {SCRAM_FIRST SCRAM_FINAL "S: 535 5.7.8 No\n" DESK_QUIT, STINT_ERROR_PERMANENT},
        {SCRAM_FIRST SCRAM_FINAL "S: 235 Welcome\n", STINT_ERROR_SERVER_AUTH},
        {SCRAM_FIRST SCRAM_FINAL "S: 334 dj04aWRv\nC: *\nS: 501 Ok\n" DESK_QUIT,
         STINT_ERROR_SERVER_AUTH},
        {SCRAM_FIRST SCRAM_FINAL "== lost ==\n", STINT_ERROR_IO},
        {SCRAM_FIRST SCRAM_FINAL "== silence ==\n", STINT_ERROR_TIMEOUT},
        {SCRAM "== cut off ==\n", STINT_ERROR_TRUNCATED},
    };
    static char script[2000];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        snprintf(script, sizeof script,
                 "S: 220 mx\nC: EHLO client.example.com\nS: 250-mx\nS: 250 STARTTLS\n"
                 "C: STARTTLS\nS: 220 Go\n== TLS ==\nC: EHLO client.example.com\n"
                 "S: 250-mx\nS: 250 AUTH PLAIN SCRAM-SHA-256\n%s",
                 cases[i].script);
        sit_down(script);
        desk_run(&desk);
        assert_int_equal(desk.client.result.error, cases[i].error);
        assert_all_gone();
        assert_gone(SALTED, 32);
        assert_gone(CLIENT_KEY, 32);
        assert_gone(SERVER_KEY, 32);
        assert_gone("baUQCQAbm/EJWnpwaNnoEdwnxaRW+nXXD5KhDwydR30", 43);
        assert_not_traced("dj04aWRvd05VVTRsSi9aMVdINERsYldabmRSbnFKUFRGdmE2N1MvaTRaeGVvPQ==");
    }
}

static void nothing_is_left_with_one_buffer(void **state)
{
    (void)state;
    sit_down(SECURE PLAIN "== lost ==\n");
    desk.client.out = NULL;
    desk_run(&desk);
    assert_int_equal(desk.client.result.error, STINT_ERROR_IO);
    assert_all_gone();
}

/* Steps until the client waits for the reply to AUTH: then both are there, and are found. */
static void what_is_looked_for_can_be_found(void **state)
{
    (void)state;
    sit_down(SECURE PLAIN "== silence ==\n");
    stint_start(&desk.client, &desk.account, &desk.mail, desk.now_ms);
    while (stint_session_stage(&desk.client.session) != STINT_STAGE_AUTH ||
           desk.client.input_waits == false) {
        assert_int_equal(stint_step(&desk.client, desk.now_ms), STINT_RUNNING);
    }
    assert_true(is_anywhere(desk.server.context.eng.session.master_secret, 48));
    stint_abort(&desk.client);
    while (stint_step(&desk.client, desk.now_ms) == STINT_RUNNING) {
    }
    assert_all_gone();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_left_of_a_session),
        cmocka_unit_test(nothing_is_left_with_login),
        cmocka_unit_test(nothing_is_left_with_scram),
        cmocka_unit_test(nothing_is_left_with_one_buffer),
        cmocka_unit_test(what_is_looked_for_can_be_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
