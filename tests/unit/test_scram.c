/* SPDX-License-Identifier: MIT */

/* SCRAM: the RFCs' own examples, channel binding, what is kept, and servers that break the rules.
 */

#include "auth_desk.h"
#include "test.h"

#include "sasl/base64.h"
#include "sasl/sasl.h"

static struct auth_desk desk;

/* RFC 5802 5 and RFC 7677 3. */
static const struct example {
    const char *mechanism;
    const char *nonce;
    const char *client_first;
    const char *server_first;
    const char *client_final;
    const char *server_final;
} examples[] = {
    {"SCRAM-SHA-1", "fyko+d2lbbFgONRv9qkxdawL", "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
     "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
     "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
     "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="},
    {"SCRAM-SHA-256", "rOprNGfwEbeRWgbNEkqO", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
     "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
     "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
     "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
     "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
};
#define SHA_1   (&examples[0])
#define SHA_256 (&examples[1])

static void assert_said(const char *expected)
{
    assert_string_equal(desk.said, expected);
}

static void sit_down(const struct example *example)
{
    size_t length = 0;

    auth_set_up(&desk);
    assert_true(
        stint_base64_decode(example->nonce, strlen(example->nonce), desk.work.random, &length));
    desk.work.random_length = (uint8_t)length;
}

static void log_in(const struct example *example)
{
    sit_down(example);
    auth_start(&desk, example->mechanism);
    auth_challenge(&desk, example->server_first);
}

static void the_examples_of_the_rfcs(void **state)
{
    char before[64];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(examples); i++) {
        sit_down(&examples[i]);
        auth_start(&desk, examples[i].mechanism);
        snprintf(before, sizeof before, "AUTH %s ", examples[i].mechanism);
        assert_string_equal(auth_said_between(&desk, before, "\r\n"), examples[i].client_first);
        auth_challenge(&desk, examples[i].server_first);
        assert_int_equal(desk.steps, 64); /* of 64 iterations each */
        assert_string_equal(auth_response(&desk), examples[i].client_final);
        auth_challenge(&desk, examples[i].server_final);
        assert_said("\r\n");
        auth_say(&desk, "235 Welcome\r\n");
        assert_said("QUIT\r\n");
        assert_int_equal(desk.result.error, STINT_ERROR_NONE);
        auth_assert_wiped(&desk);
    }
}

static void a_refusal_is_one(void **state)
{
    (void)state;
    log_in(SHA_256);
    auth_say(&desk, "535 5.7.8 No\r\n");
    assert_said("QUIT\r\n");
    assert_int_equal(desk.result.error, STINT_ERROR_PERMANENT);
    assert_int_equal(desk.result.code, 535);
    auth_assert_wiped(&desk);
}

/* RFC 5802 5.1: the server says why, and then that it is no. Whatever follows, it is none. */
static void an_error_is_no_success(void **state)
{
    (void)state;
    log_in(SHA_256);
    auth_challenge(&desk, "e=invalid-proof");
    assert_said("\r\n");
    auth_say(&desk, "535 5.7.8 No\r\n");
    assert_int_equal(desk.result.error, STINT_ERROR_PERMANENT);

    log_in(SHA_256);
    auth_challenge(&desk, "e=other-error");
    auth_say(&desk, "235 Welcome\r\n");
    assert_said("");
    assert_int_equal(desk.result.error, STINT_ERROR_SERVER_AUTH);
    assert_int_equal(desk.session.state, STINT_SESSION_BROKEN);
    auth_assert_wiped(&desk);
}

/* ---- Servers that break the rules ---- */

/* The exchange was cancelled, with this error, and nothing but QUIT follows. */
static void assert_cancelled(enum stint_error error, const char *of)
{
    if (strcmp(desk.said, "*\r\n") != 0 || desk.result.error != error) {
        fail_msg("%s: said \"%s\", error %s", of, desk.said, stint_error_name(desk.result.error));
    }
    assert_int_equal(desk.result.stage, STINT_STAGE_AUTH);
    assert_int_equal(desk.result.code, 334);
    auth_assert_wiped(&desk);
    auth_say(&desk, "501 5.7.0 Cancelled\r\n");
    assert_said("QUIT\r\n");
}

#define NONCE "r=rOprNGfwEbeRWgbNEkqOx"
#define SALT  ",s=W22ZaJ0SNY7soEsUEjb6gQ=="

static void a_first_message_that_is_wrong(void **state)
{
    static const char *const messages[] = {
        "",
        "r",
        "r=",
        NONCE,
        NONCE SALT,
        NONCE ",i=4096",
        SALT ",i=4096",
        "r=rOprNGfwEbeRWgbNEkqO" SALT ",i=4096",  /* nothing of the server's */
        "r=rOprNGfwEbeRWgbNEkqPx" SALT ",i=4096", /* not ours */
        "r=rOprNGfwEbeRWgbNEkq" SALT ",i=4096",
        "r=xrOprNGfwEbeRWgbNEkqO" SALT ",i=4096",
        NONCE " " SALT ",i=4096",
        NONCE "\x7F" SALT ",i=4096",
        NONCE "\xC3\xA4" SALT ",i=4096",
        NONCE ",i=4096" SALT, /* another order */
        NONCE ",s=,i=4096",
        NONCE ",s=W22,i=4096",
        NONCE ",s=====,i=4096",
        NONCE ",s=W2 Z,i=4096",
        NONCE ",s=W===W22Z,i=4096",
        NONCE SALT ",i=",
        NONCE SALT ",i=0",
        NONCE SALT ",i=1",
        NONCE SALT ",i=4095",
        NONCE SALT ",i=04096",
        NONCE SALT ",i=-4096",
        NONCE SALT ",i=+4096",
        NONCE SALT ",i=4096 ",
        NONCE SALT ",i=4096x",
        NONCE SALT ",i=600001",
        NONCE SALT ",i=2147483648",
        NONCE SALT ",i=4294971392", /* 2^32 + 4096 */
        NONCE SALT ",i=99999999999999999999",
        NONCE SALT ",i=4096,",
        NONCE SALT ",i=4096,x",
        NONCE SALT ",i=4096,m=x",
        NONCE SALT ",i=4096,a=b,m=x",
        "m=x," NONCE SALT ",i=4096",
        "a=b," NONCE SALT ",i=4096",
        "e=other-error",
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(messages); i++) {
        sit_down(SHA_256);
        auth_start(&desk, "SCRAM-SHA-256");
        auth_challenge(&desk, messages[i]);
        assert_int_equal(desk.steps, 0);
        if (messages[i][0] > ' ' && strpbrk(messages[i], "\x7F\xC3") == NULL) {
            assert_string_equal(desk.text, messages[i]); /* the caller is told what it was */
        }
        assert_cancelled(STINT_ERROR_SERVER_AUTH, messages[i]);
    }
}

static void what_is_optional_is_passed_over(void **state)
{
    (void)state;
    sit_down(SHA_256);
    auth_start(&desk, "SCRAM-SHA-256");
    auth_challenge(&desk, NONCE SALT ",i=4096,a=,x=y=z");
    assert_int_equal(strncmp(auth_response(&desk), "c=biws," NONCE ",p=", 33), 0);
}

static void as_many_iterations_as_are_done(void **state)
{
    (void)state;
    sit_down(SHA_256);
    auth_start(&desk, "SCRAM-SHA-256");
    auth_challenge(&desk, NONCE SALT ",i=600000");
    assert_int_equal(desk.steps, 9375);
    assert_int_equal(strncmp(auth_response(&desk), "c=biws,", 7), 0);
}

/* RFC 4954 4: what is not base64 is cancelled, too. */
static void a_challenge_that_is_no_base64(void **state)
{
    static const struct {
        const char *reply;
        enum stint_error error;
    } cases[] = {
        {"334 r=abc\r\n", STINT_ERROR_SERVER_AUTH},
        {"334 cj1h,\r\n", STINT_ERROR_PROTOCOL},
        {"334 cj1hY\r\n", STINT_ERROR_SERVER_AUTH},
        {"334 G1sySg=a\r\n", STINT_ERROR_SERVER_AUTH},
        {"334 cj=hYg==\r\n", STINT_ERROR_SERVER_AUTH},
        {"334 a b\r\n", STINT_ERROR_PROTOCOL},
        {"334\r\n", STINT_ERROR_SERVER_AUTH},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        sit_down(SHA_256);
        auth_start(&desk, "SCRAM-SHA-256");
        auth_say(&desk, cases[i].reply);
        assert_null(strchr(desk.text, 0x1B)); /* not even what its beginning stands for */
        assert_cancelled(cases[i].error, cases[i].reply);
    }
}

/* Up to 512 octets are kept of the first message, and less of the last. */
static void a_challenge_that_is_too_long(void **state)
{
    static char message[12289];
    size_t length;

    (void)state;
    for (length = 500; length < sizeof message; length += length < 520 ? 1 : 997) {
        memset(message, 0, sizeof message);
        memset(message, 'x', length);
        memcpy(message, NONCE, strlen(NONCE));
        memcpy(message + length - 28 - 7, SALT ",i=4096", 27 + 7);
        message[length - 1] = '\0';
        sit_down(SHA_256);
        auth_start(&desk, "SCRAM-SHA-256");
        auth_challenge(&desk, message);
        if (length - 1 <= 512) {
            assert_int_equal(strncmp(auth_response(&desk), "c=biws," NONCE, 30), 0);
        } else {
            assert_cancelled(STINT_ERROR_SERVER_AUTH, "too long");
        }

        log_in(SHA_256);
        memcpy(message, SHA_256->server_final, strlen(SHA_256->server_final));
        auth_challenge(&desk, message);
        assert_cancelled(STINT_ERROR_SERVER_AUTH, "too long at the end");
    }
}

static void a_last_message_that_is_wrong(void **state)
{
    static const char *const messages[] = {
        "",
        "v",
        "v=",
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G0=",     /* the last bit */
        "v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",     /* the first ones */
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4",      /* no base64 */
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95A==",     /* less */
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4AAAAA", /* more */
        "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
        "p=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        "V=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        "v= 6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=,", /* behind it */
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=,x",
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=,m=must",
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=,x=1,m=must",
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(messages); i++) {
        log_in(SHA_256);
        auth_challenge(&desk, messages[i]);
        assert_cancelled(STINT_ERROR_SERVER_AUTH, messages[i]);
    }
}

static void what_is_optional_behind_a_signature_is_passed_over(void **state)
{
    (void)state;
    log_in(SHA_256);
    auth_challenge(&desk, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=,x=1,y=2");
    assert_said("\r\n");
    auth_say(&desk, "235 Welcome\r\n");
    assert_said("QUIT\r\n");
    assert_int_equal(desk.result.error, STINT_ERROR_NONE);
}

/* Whoever knows no password has no signature, and leaves it out. */
static void success_without_a_signature(void **state)
{
    unsigned said;

    (void)state;
    for (said = 0; said < 2; said++) {
        sit_down(SHA_256);
        auth_start(&desk, "SCRAM-SHA-256");
        if (said > 0) {
            auth_challenge(&desk, SHA_256->server_first);
        }
        auth_say(&desk, "235 Welcome\r\n");
        assert_said("");
        assert_int_equal(desk.result.error, STINT_ERROR_SERVER_AUTH);
        assert_int_equal(desk.session.state, STINT_SESSION_BROKEN);
        auth_assert_wiped(&desk);
    }
}

static void a_challenge_too_many(void **state)
{
    (void)state;
    log_in(SHA_256);
    auth_challenge(&desk, SHA_256->server_final);
    auth_challenge(&desk, "");
    assert_cancelled(STINT_ERROR_PROTOCOL, "a fourth");
}

/* ---- What is said first ---- */

static void commas_and_equals_signs_of_names(void **state)
{
    (void)state;
    sit_down(SHA_256);
    desk.account.user = "a,b=c,";
    auth_start(&desk, "SCRAM-SHA-256");
    assert_string_equal(auth_said_between(&desk, "AUTH SCRAM-SHA-256 ", "\r\n"),
                        "n,,n=a=2Cb=3Dc=2C,r=rOprNGfwEbeRWgbNEkqO");
}

/* RFC 4954 4; and all that can be long at once. */
static void a_long_name_goes_after_an_empty_334(void **state)
{
    char user[256];
    char message[600];
    size_t length;

    (void)state;
    memset(user, '=', 255);
    user[255] = '\0';
    sit_down(SHA_1);
    memset(desk.binding.octets, 0xB5, 64);
    desk.binding.length = 64;
    desk.account.user = user;
    auth_start(&desk, "SCRAM-SHA-1-PLUS");
    assert_said("AUTH SCRAM-SHA-1-PLUS\r\n");
    auth_say(&desk, "334 \r\n");
    assert_int_equal(strlen(auth_response(&desk)), 24 + 2 + 3 * 255 + 3 + 24);
    length = (size_t)snprintf(message, sizeof message, "r=%s", SHA_1->nonce);
    memset(message + length, 'x', 512 - length - 14);
    memcpy(message + 512 - 14, ",s=QSXC,i=4096", 15);
    auth_challenge(&desk, message);
    assert_int_equal(strlen(auth_response(&desk)), 2 + 120 + 3 + 512 - 14 - 2 + 3 + 28);
    auth_challenge(&desk, "v=QSXC");
    assert_cancelled(STINT_ERROR_SERVER_AUTH, "another one's signature");
}

/* RFC 5802 6. */
static void what_the_flag_says(void **state)
{
    static const struct {
        const char *offer;
        const char *wanted;
        uint8_t binding;
        const char *first;
        const char *final; /* base64 of the flag, and of the binding: 0xB5... */
    } cases[] = {
        {"SCRAM-SHA-256", NULL, 0, "AUTH SCRAM-SHA-256 biwsb", "c=biws,"},
        {"SCRAM-SHA-256", NULL, 32, "AUTH SCRAM-SHA-256 eSwsb", "c=eSws,"},
        {"SCRAM-SHA-256 SCRAM-SHA-256-PLUS", NULL, 0, "AUTH SCRAM-SHA-256 biwsb", "c=biws,"},
        {"SCRAM-SHA-256 SCRAM-SHA-256-PLUS", NULL, 32,
         "AUTH SCRAM-SHA-256-PLUS cD10bHMtc2VydmVyLWVuZC1wb2ludCwsb",
         "c=cD10bHMtc2VydmVyLWVuZC1wb2ludCwstbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbW1tbU=,"},
        {"SCRAM-SHA-256 SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", 32, "AUTH SCRAM-SHA-256 biwsb",
         "c=biws,"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        sit_down(SHA_256);
        memset(desk.binding.octets, 0xB5, sizeof desk.binding.octets);
        desk.binding.length = cases[i].binding;
        desk.account.mechanism = cases[i].wanted;
        auth_start(&desk, cases[i].offer);
        assert_int_equal(strncmp(desk.said, cases[i].first, strlen(cases[i].first)), 0);
        auth_challenge(&desk, SHA_256->server_first);
        assert_int_equal(strncmp(auth_response(&desk), cases[i].final, strlen(cases[i].final)), 0);
    }
}

/* ---- Which one ---- */

#define ALL "PLAIN LOGIN SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-256-PLUS"

static size_t umlaut(void *context, size_t offset, uint8_t *buffer, size_t room)
{
    static const char password[] = "p\xC3\xA4ncil";
    size_t n;

    (void)context;
    for (n = 0; n < room && offset + n < sizeof password - 1; n++) {
        buffer[n] = (uint8_t)password[offset + n];
    }
    return n;
}

static void the_strongest_that_can_be_used(void **state)
{
    static const struct {
        const char *offer;
        const char *user;
        const char *password; /* NULL: the callback's */
        uint8_t binding;
        bool no_memory;
        const char *chosen;
    } cases[] = {
        {ALL, "user", "pencil", 32, false, "SCRAM-SHA-256-PLUS"},
        {ALL, "user", "pencil", 0, false, "SCRAM-SHA-256"},
        {ALL, "user", "pencil", 32, true, "PLAIN"},
        {"LOGIN SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256", "user", "pencil", 48, false,
         "SCRAM-SHA-1-PLUS"},
        {"LOGIN SCRAM-SHA-1 SCRAM-SHA-1-PLUS", "user", "pencil", 0, false, "SCRAM-SHA-1"},
        {"LOGIN SCRAM-SHA-1-PLUS", "user", "pencil", 0, false, "LOGIN"},
        /* SASLprep might change these */
        {ALL, "\xC3\xBCser", "pencil", 32, false, "PLAIN"},
        {ALL, "user", "p\xC3\xA4ncil", 32, false, "PLAIN"},
        {ALL, "user", "pen\tcil", 32, false, "PLAIN"},
        {ALL, "user", "pen\x7F", 32, false, "PLAIN"},
        {ALL, "user", NULL, 32, false, "PLAIN"},
        {ALL, "us er ~", " pen cil", 32, false, "SCRAM-SHA-256-PLUS"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(cases); i++) {
        sit_down(SHA_256);
        desk.account.user = cases[i].user;
        desk.account.password = cases[i].password;
        desk.account.secret = cases[i].password == NULL ? umlaut : NULL;
        desk.binding.length = cases[i].binding;
        desk.has_no_memory = cases[i].no_memory;
        auth_start(&desk, cases[i].offer);
        assert_string_equal(desk.session.sasl->name, cases[i].chosen);
    }
}

static void a_wanted_mechanism_must_fit(void **state)
{
    struct stint_account account = {
        .host = "mail.example.com", .user = "user", .password = "p\xC3\xA4ncil"};
    struct stint_result result;

    (void)state;
    memset(&result, 0, sizeof result);
    assert_true(stint_session_check(&account, NULL, &result));
    account.mechanism = "SCRAM-SHA-256";
    assert_false(stint_session_check(&account, NULL, &result));
    assert_int_equal(result.field, STINT_FIELD_MECHANISM);
    account.password = "pencil";
    assert_true(stint_session_check(&account, NULL, &result));
}

/* ---- What is kept ---- */

static void keys_are_computed_once(void **state)
{
    static const struct stint_scram_keys nothing;
    struct stint_scram_keys keys;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(examples); i++) {
        memset(&keys, 0, sizeof keys);
        sit_down(&examples[i]);
        desk.account.scram_keys = &keys;
        auth_start(&desk, examples[i].mechanism);
        auth_challenge(&desk, examples[i].server_first);
        assert_int_equal(desk.steps, 64);
        assert_memory_equal(&keys, &nothing, sizeof keys); /* not before the server's proof */
        auth_challenge(&desk, examples[i].server_final);
        auth_say(&desk, "235 Welcome\r\n");

        sit_down(&examples[i]);
        desk.account.scram_keys = &keys;
        auth_start(&desk, examples[i].mechanism);
        auth_challenge(&desk, examples[i].server_first);
        assert_int_equal(desk.steps, 0);
        assert_string_equal(auth_response(&desk), examples[i].client_final);
        auth_challenge(&desk, examples[i].server_final);
        assert_said("\r\n");
        auth_say(&desk, "235 Welcome\r\n");
        assert_int_equal(desk.result.error, STINT_ERROR_NONE);

        /* one that does not work is kept no longer: the password may be another one by now */
        sit_down(&examples[i]);
        desk.account.scram_keys = &keys;
        auth_start(&desk, examples[i].mechanism);
        auth_challenge(&desk, examples[i].server_first);
        auth_say(&desk, "535 No\r\n");
        assert_memory_equal(&keys, &nothing, sizeof keys);
    }
}

static void other_salt_other_keys(void **state)
{
    static const char *const others[] = {
        "r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXCR+Q6sek8bf93,i=4096",
        "r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXCR+Q6sek8,i=4096",
        "r=fyko+d2lbbFgONRv9qkxdawL3,s=QSXCR+Q6sek8bf92,i=4097",
    };
    struct stint_scram_keys keys;
    struct stint_scram_keys before;
    size_t i;

    (void)state;
    memset(&keys, 0, sizeof keys);
    sit_down(SHA_1);
    desk.account.scram_keys = &keys;
    auth_start(&desk, "SCRAM-SHA-1");
    auth_challenge(&desk, SHA_1->server_first);
    auth_challenge(&desk, SHA_1->server_final);
    auth_say(&desk, "235 Welcome\r\n");
    before = keys;
    for (i = 0; i < COUNT(others); i++) {
        sit_down(SHA_1);
        desk.account.scram_keys = &keys;
        auth_start(&desk, "SCRAM-SHA-1");
        auth_challenge(&desk, others[i]);
        assert_true(desk.steps > 60);
        auth_say(&desk, "535 No\r\n");
        assert_memory_equal(&keys, &before, sizeof keys);
    }
    sit_down(SHA_1); /* the same with the other hash is another one */
    desk.account.scram_keys = &keys;
    auth_start(&desk, "SCRAM-SHA-256");
    auth_challenge(&desk, SHA_1->server_first);
    assert_int_equal(desk.steps, 64);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_rfcs),
        cmocka_unit_test(a_refusal_is_one),
        cmocka_unit_test(an_error_is_no_success),
        cmocka_unit_test(a_first_message_that_is_wrong),
        cmocka_unit_test(what_is_optional_is_passed_over),
        cmocka_unit_test(as_many_iterations_as_are_done),
        cmocka_unit_test(a_challenge_that_is_no_base64),
        cmocka_unit_test(a_challenge_that_is_too_long),
        cmocka_unit_test(a_last_message_that_is_wrong),
        cmocka_unit_test(what_is_optional_behind_a_signature_is_passed_over),
        cmocka_unit_test(success_without_a_signature),
        cmocka_unit_test(a_challenge_too_many),
        cmocka_unit_test(commas_and_equals_signs_of_names),
        cmocka_unit_test(a_long_name_goes_after_an_empty_334),
        cmocka_unit_test(what_the_flag_says),
        cmocka_unit_test(the_strongest_that_can_be_used),
        cmocka_unit_test(a_wanted_mechanism_must_fit),
        cmocka_unit_test(keys_are_computed_once),
        cmocka_unit_test(other_salt_other_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
