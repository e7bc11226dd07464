/* SPDX-License-Identifier: MIT */

/* SASL mechanisms: which is used (RFC 4954), and what the plain ones say (RFC 4616). */

#include "test.h"

#include "sasl/sasl.h"
#include "session/capabilities.h"
#include "session/session.h"

#define PLAIN STINT_MECHANISM_PLAIN
#define LOGIN STINT_MECHANISM_LOGIN

/* A password that only a callback knows, and how often it was asked. */
struct vault {
    const char *secret;
    unsigned asked;
};

static size_t open_vault(void *context, size_t offset, uint8_t *buffer, size_t room)
{
    struct vault *vault = context;
    size_t length = strlen(vault->secret);
    size_t n = 0;

    vault->asked++;
    while (n < room && offset + n < length) {
        buffer[n] = (uint8_t)vault->secret[offset + n];
        n++;
    }
    return n;
}

static void the_best_that_is_offered_and_allowed(void **state)
{
    static const struct {
        const char *wanted;
        unsigned offered;
        const char *chosen;
    } cases[] = {
        {NULL, PLAIN | LOGIN, "PLAIN"},
        {NULL, PLAIN, "PLAIN"},
        {NULL, LOGIN, "LOGIN"},
        {NULL, 0, NULL},
        {"LOGIN", PLAIN | LOGIN, "LOGIN"},
        {"PLAIN", PLAIN | LOGIN, "PLAIN"},
        {"PLAIN", LOGIN, NULL},
        {"LOGIN", PLAIN, NULL},
        {"PLAIN", 0, NULL},
    };
    struct stint_account account = {.user = "user", .password = "secret"};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        const struct stint_sasl *sasl;

        account.mechanism = cases[i].wanted;
        sasl = stint_sasl_choose(&account, (uint16_t)cases[i].offered, NULL);
        if (cases[i].chosen == NULL) {
            assert_null(sasl);
        } else {
            assert_non_null(sasl);
            assert_string_equal(sasl->name, cases[i].chosen);
        }
    }
}

static void names_are_known_whole(void **state)
{
    static const char *const unknown[] = {"",
                                          "PLAI",
                                          "PLAINISH",
                                          "plain",
                                          "Login",
                                          "LOGIN ",
                                          "SCRAM-SHA-2",
                                          "SCRAM-SHA-256-PLU",
                                          "SCRAM-SHA-256-PLUSS",
                                          "PLAIN\r\n"};
    static const char *const known[] = {
        "PLAIN", "LOGIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"};
    struct stint_account account = {.user = "user", .password = "secret"};
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(known); i++) {
        account.mechanism = known[i];
        assert_true(stint_sasl_is_known(&account));
    }
    for (i = 0; i < COUNT(unknown); i++) {
        account.mechanism = unknown[i];
        assert_false(stint_sasl_is_known(&account));
    }
}

/* The mechanism's message is `expected`, from every offset into every room, and nothing behind. */
static void assert_reads(struct stint_account *account, const char *mechanism, size_t message,
                         const char *expected, size_t length)
{
    const struct stint_sasl *sasl;
    size_t offset;
    size_t room;

    account->mechanism = mechanism;
    sasl = stint_sasl_choose(account, PLAIN | LOGIN, NULL);
    assert_non_null(sasl);
    for (offset = 0; offset < length + 5; offset++) {
        for (room = 1; room < length + 5; room++) {
            size_t left = offset < length ? length - offset : 0;
            uint8_t octets[64];

            memset(octets, 0xA5, sizeof octets);
            assert_int_equal(
                stint_sasl_read(sasl->messages[message], account, NULL, offset, octets, room),
                left < room ? left : room);
            assert_true(left == 0 || octets[0] == (uint8_t)expected[offset]);
            assert_memory_equal(octets, expected + (left > 0 ? offset : 0),
                                left < room ? left : room);
            assert_int_equal(octets[room], 0xA5);
        }
    }
}

static void messages_are_read_from_any_offset(void **state)
{
    struct stint_account account = {.user = "tim", .password = "tanstaaftanstaaf"};

    (void)state;
    assert_reads(&account, "PLAIN", 0, "\0tim\0tanstaaftanstaaf", 21); /* RFC 4616 4 */
    assert_reads(&account, "LOGIN", 0, "tim", 3);
    assert_reads(&account, "LOGIN", 1, "tanstaaftanstaaf", 16);
}

static void a_callback_is_as_good_as_a_string(void **state)
{
    struct vault vault = {"tanstaaftanstaaf", 0};
    struct stint_account account = {.user = "tim", .secret = open_vault, .secret_context = &vault};

    (void)state;
    assert_reads(&account, "PLAIN", 0, "\0tim\0tanstaaftanstaaf", 21);
    assert_reads(&account, "LOGIN", 1, "tanstaaftanstaaf", 16);
    assert_true(vault.asked > 0);
}

/* One that tells of more than it was given room for, as a driver's -1 does. */
static size_t boast(void *context, size_t offset, uint8_t *buffer, size_t room)
{
    (void)context, (void)offset;
    memset(buffer, 'x', room);
    return SIZE_MAX;
}

static void a_callback_gives_no_more_than_there_is_room_for(void **state)
{
    struct stint_account account = {.user = "tim", .secret = boast};
    uint8_t octets[7];

    (void)state;
    assert_int_equal(stint_sasl_secret(&account, 0, octets, sizeof octets), sizeof octets);
}

/* RFC 4954 4: "AUTH PLAIN ", base64 and CRLF in 512 octets: 372 octets of message, 124 quanta. */
static void a_long_first_response_goes_alone(void **state)
{
    char user[256];
    char password[256];
    struct stint_account account = {.user = user, .password = password};
    const struct stint_sasl *plain = stint_sasl_choose(&account, PLAIN, NULL);
    size_t message;
    size_t line;

    (void)state;
    for (message = 4; message <= 512; message++) {
        size_t length = message - 2 < 256 ? 1 : message - 2 - 255;

        memset(user, 'u', length);
        user[length] = '\0';
        memset(password, 'p', message - 2 - length);
        password[message - 2 - length] = '\0';
        line = strlen("AUTH PLAIN ") + (message + 2) / 3 * 4 + strlen("\r\n");
        assert_int_equal(stint_sasl_first_fits(plain, &account, NULL), line <= 512);
    }
}

static void login_has_no_first_response(void **state)
{
    struct stint_account account = {.user = "u", .password = "p"};
    const struct stint_sasl *login = stint_sasl_choose(&account, LOGIN, NULL);

    (void)state;
    assert_false(stint_sasl_first_fits(login, &account, NULL));
    assert_int_equal(login->count, 2);
}

static void external_says_who_or_nothing(void **state)
{
    struct stint_account account = {.host = "mail.example.com",
                                    .user = "",
                                    .mechanism = "EXTERNAL",
                                    .credential = STINT_CREDENTIAL_CERTIFICATE};
    const struct stint_sasl *external =
        stint_sasl_choose(&account, STINT_MECHANISM_EXTERNAL | PLAIN, NULL);
    struct stint_result result;

    (void)state;
    assert_string_equal(external->name, "EXTERNAL");
    assert_true(stint_sasl_first_is_empty(external, &account, NULL));
    assert_true(stint_session_check(&account, NULL, &result));
    account.user = "tim";
    assert_false(stint_sasl_first_is_empty(external, &account, NULL));
    assert_true(stint_session_check(&account, NULL, &result));
    account.password = "secret"; /* it would not be used */
    assert_false(stint_session_check(&account, NULL, &result));
    assert_int_equal(result.field, STINT_FIELD_PASSWORD);
    account.credential = STINT_CREDENTIAL_PASSWORD;
    assert_null(stint_sasl_choose(&account, STINT_MECHANISM_EXTERNAL, NULL));
    account.mechanism = NULL;
    account.user = ""; /* of a certificate only */
    assert_false(stint_session_check(&account, NULL, &result));
    assert_int_equal(result.field, STINT_FIELD_USER);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_that_is_offered_and_allowed),
        cmocka_unit_test(names_are_known_whole),
        cmocka_unit_test(messages_are_read_from_any_offset),
        cmocka_unit_test(a_callback_is_as_good_as_a_string),
        cmocka_unit_test(a_callback_gives_no_more_than_there_is_room_for),
        cmocka_unit_test(a_long_first_response_goes_alone),
        cmocka_unit_test(login_has_no_first_response),
        cmocka_unit_test(external_says_who_or_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
