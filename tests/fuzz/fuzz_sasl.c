/* SPDX-License-Identifier: MIT */

/*
 * AUTH in verified TLS, whatever the server says: SCRAM's messages, reasons why a token is refused,
 * and challenges where there should be none.
 *
 * Input: the mechanism; a seed for the pieces; then steps, each an octet for what comes and a
 * piece: a challenge in base64, the same many times over, a reply as it is, the server's right
 * proof. Promise: SCRAM goes on if and only if the server's message is as RFC 5802 has it, by a
 * second reading here; the proof said is right; and only the server's right proof leads to success.
 * Nothing is said after the end but "*" and QUIT, of what was computed nothing is left, and what is
 * told is printable.
 */

#include "fuzz.h"

#include "sasl/base64.h"
#include "sasl/sasl.h"
#include "session/outcome.h"
#include "session/session.h"
#include "stint/tls.h"

static const char *const mechanisms[] = {"SCRAM-SHA-256", "SCRAM-SHA-256-PLUS",
                                         "SCRAM-SHA-1",   "OAUTHBEARER",
                                         "XOAUTH2",       "PLAIN",
                                         "LOGIN",         "CRAM-MD5"};

enum step { STEP_CHALLENGE, STEP_LONG, STEP_REPLY, STEP_PROOF, STEP_COUNT };

static struct {
    struct stint_account account;
    struct stint_result result;
    struct stint_session session;
    struct stint_sasl_work work;
    struct stint_tls_binding binding;
    struct stint_scram_keys keys;
    char text[300];
    uint32_t seed;
    bool is_scram;
    bool has_proved; /* the server */
    unsigned said_lines;

    /* what was said and heard */
    char said[16384];
    char client_first[2048], server_first[1024], client_final[2048];
    unsigned challenges;
} desk;

/* ---- The reference ---- */

/* Returns how many octets; -1: it is no base64. */
static long reference_base64(const char *text, size_t length, uint8_t *octets)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t padding = length > 0 && text[length - 1] == '=';
    size_t bit;

    padding += padding > 0 && length > 1 && text[length - 2] == '=';
    if (length % 4 != 0) {
        return -1;
    }
    memset(octets, 0, length);
    for (bit = 0; bit < 6 * (length - padding); bit++) {
        const char *letter = strchr(letters, text[bit / 6]);

        if (letter == NULL || *letter == '\0') {
            return -1;
        }
        octets[bit / 8] |= (uint8_t)(((letter - letters) >> (5 - bit % 6) & 1) << (7 - bit % 8));
    }
    return (long)(3 * (length / 4) - padding);
}

/* A part "x=value" up to the next comma or the end; returns what is behind it, or NULL. */
static const char *reference_part(const char *at, char name, const char **value, size_t *length)
{
    if (at == NULL || at[0] == '\0' || at[0] != name || at[1] != '=') {
        return NULL;
    }
    *value = at + 2;
    *length = strcspn(at + 2, ",");
    return at + 2 + *length;
}

static const char *behind_comma(const char *at)
{
    return at != NULL && *at == ',' ? at + 1 : NULL;
}

static bool reference_nonce(const char *value, size_t length)
{
    const char *ours = strstr(desk.client_first, ",r=") + 3;
    size_t i;

    for (i = 0; i < length; i++) {
        if (value[i] < '!' || value[i] > '~') {
            return false;
        }
    }
    return length > strlen(ours) && strncmp(value, ours, strlen(ours)) == 0;
}

/* RFC 5802 7: nonce, salt, count, and extensions but "m". */
static bool reference_first(const char *message)
{
    uint8_t salt[1024];
    const char *at, *value;
    size_t length;

    at = reference_part(message, 'r', &value, &length);
    if (at == NULL || !reference_nonce(value, length)) {
        return false;
    }
    at = reference_part(behind_comma(at), 's', &value, &length);
    if (at == NULL || reference_base64(value, length, salt) <= 0) {
        return false;
    }
    at = reference_part(behind_comma(at), 'i', &value, &length);
    if (at == NULL || length < 4 || length > 6 || strspn(value, "0123456789") != length ||
        value[0] == '0' || atol(value) < 4096 || atol(value) > STINT_SCRAM_ITERATIONS_MAX) {
        return false;
    }
    while (*at != '\0') {
        at = behind_comma(at);
        at = at == NULL || *at == 'm' ? NULL : reference_part(at, *at, &value, &length);
        if (at == NULL) {
            return false;
        }
    }
    return true;
}

static void hmac(const uint8_t *key, const char *text, uint8_t *out)
{
    const br_hash_class *hash =
        strstr(desk.session.sasl->name, "256") != NULL ? &br_sha256_vtable : &br_sha1_vtable;
    br_hmac_key_context keyed;
    br_hmac_context mac;

    br_hmac_key_init(&keyed, hash, key, desk.keys.hash_length);
    br_hmac_init(&mac, &keyed, 0);
    br_hmac_update(&mac, text, strlen(text));
    br_hmac_out(&mac, out);
}

/* RFC 5802 3: AuthMessage, of what both have said. */
static const char *auth_message(void)
{
    static char message[4096];
    size_t final_length = (size_t)(strstr(desk.client_final, ",p=") - desk.client_final);

    snprintf(message, sizeof message, "%s,%s,%.*s", strstr(desk.client_first, "n="),
             desk.server_first, (int)final_length, desk.client_final);
    return message;
}

/* ClientKey XOR HMAC(H(ClientKey), AuthMessage). */
static void check_proof(void)
{
    const char *text = strstr(desk.client_final, ",p=") + 3;
    uint8_t proof[64], stored[32], signature[32];
    br_sha256_context sha256;
    br_sha1_context sha1;
    size_t i;

    PROMISE(reference_base64(text, strlen(text), proof) == desk.keys.hash_length);
    br_sha256_init(&sha256);
    br_sha256_update(&sha256, desk.keys.client_key, desk.keys.hash_length);
    br_sha256_out(&sha256, stored);
    if (desk.keys.hash_length == br_sha1_SIZE) {
        br_sha1_init(&sha1);
        br_sha1_update(&sha1, desk.keys.client_key, desk.keys.hash_length);
        br_sha1_out(&sha1, stored);
    }
    hmac(stored, auth_message(), signature);
    for (i = 0; i < desk.keys.hash_length; i++) {
        PROMISE((proof[i] ^ signature[i]) == desk.keys.client_key[i]);
    }
}

/* Is this server-final-message the server's right proof? */
static bool reference_final(const char *message)
{
    uint8_t octets[1024], signature[32];
    const char *value;
    size_t length;

    if (strlen(message) > 512 || desk.client_final[0] == '\0' ||
        reference_part(message, 'v', &value, &length) == NULL ||
        reference_base64(value, length, octets) != desk.keys.hash_length) {
        return false;
    }
    hmac(desk.keys.server_key, auth_message(), signature);
    return memcmp(octets, signature, desk.keys.hash_length) == 0;
}

/* ---- The client ---- */

/* Keys for "salt" and 4,096 iterations are kept, or else every exchange would compute them. */
static void set_up(unsigned mechanism)
{
    memset(&desk, 0, sizeof desk);
    desk.account.host = "mail.example.com";
    desk.account.ehlo_name = "client";
    desk.account.user = "us,er";
    desk.account.password = "pencil";
    desk.account.mechanism = mechanisms[mechanism];
    desk.is_scram = mechanism < 3;
    desk.account.credential =
        mechanism == 3 || mechanism == 4 ? STINT_CREDENTIAL_TOKEN : STINT_CREDENTIAL_PASSWORD;
    desk.binding.length = mechanism == 1 ? 32 : 0;
    memset(desk.keys.client_key, 0xC1, sizeof desk.keys.client_key);
    memset(desk.keys.server_key, 0x5E, sizeof desk.keys.server_key);
    memcpy(desk.keys.salt, "salt", 4);
    desk.keys.salt_length = 4;
    desk.keys.iterations = 4096;
    desk.keys.hash_length = mechanism == 2 ? br_sha1_SIZE : br_sha256_SIZE;
    desk.account.scram_keys = &desk.keys;
    desk.work.binding = &desk.binding;
    desk.work.random_length = sizeof desk.work.random;
    desk.session.account = &desk.account;
    desk.session.result = &desk.result;
    desk.session.work = &desk.work;
    desk.session.text = desk.text;
    desk.session.text_size = sizeof desk.text;
    desk.session.reply_limit = 1;
    stint_outcome_start(&desk.result, NULL);
    stint_session_start(&desk.session, true);
}

/* Returns whether it goes on: what must be computed is begun, but no more. */
static bool listen_to_client(void)
{
    uint32_t left = desk.work.left;
    size_t n;

    memset(desk.said, 0, sizeof desk.said);
    if (stint_sasl_computes(desk.session.work)) {
        PROMISE(desk.is_scram && !stint_session_may_write(&desk.session));
        PROMISE(left >= 4095 && left < STINT_SCRAM_ITERATIONS_MAX);
        stint_sasl_compute(desk.session.work);
        PROMISE(desk.work.left == left - 64);
        return false;
    }
    n = stint_session_write(&desk.session, (uint8_t *)desk.said, sizeof desk.said - 1);
    stint_session_sent(&desk.session, desk.session.sent + (uint32_t)n);
    desk.said_lines += n > 0;
    return true;
}

static bool say(const char *reply)
{
    size_t length = strlen(reply);
    size_t at = 0, size;
    uint8_t *piece;

    while (at < length && desk.session.state == STINT_SESSION_TALKS) {
        size = piece_size(&desk.seed, length - at);
        piece = exact_copy(reply + at, size);
        stint_session_read(&desk.session, piece, size);
        free(piece);
        at += size;
    }
    return listen_to_client();
}

/* The last word of what was said, in base64. */
static void keep_said(char *to, size_t room)
{
    const char *word = strrchr(desk.said, ' ');
    size_t length;
    long n;

    word = word != NULL ? word + 1 : desk.said;
    length = strcspn(word, "\r");
    PROMISE(length < room);
    n = reference_base64(word, length, (uint8_t *)to);
    PROMISE(n >= 0);
    to[n] = '\0';
}

static bool is_over(void)
{
    return desk.session.state != STINT_SESSION_TALKS || desk.session.authenticated ||
           desk.result.error != STINT_ERROR_NONE;
}

/* A challenge whose octets are these, none of them NUL. */
static bool challenge(const char *message)
{
    size_t length = strlen(message);
    char *reply = malloc(4 * (length / 3 + 1) + 8);
    bool goes_on;
    size_t n;

    PROMISE(reply != NULL);
    memcpy(reply, "334 ", 4);
    n = 4 + stint_base64_encode(reply + 4, (const uint8_t *)message, length);
    memcpy(reply + n, "\r\n", 3);
    desk.challenges++;
    if (desk.is_scram && desk.challenges == 1 && length <= 512) {
        memcpy(desk.server_first, message, length + 1);
    }
    goes_on = say(reply);
    free(reply);
    return goes_on;
}

/* Of a message of SCRAM's server: what did the client make of it? */
static bool check_challenge(const char *message)
{
    bool is_first = desk.challenges == 0;
    bool is_good = strlen(message) <= 512 &&
                   (is_first ? reference_first(message)
                             : reference_final(message) || strncmp(message, "e=", 2) == 0);
    bool goes_on = challenge(message);

    PROMISE(is_good == (strcmp(desk.said, "*\r\n") != 0));
    PROMISE(is_good == (desk.result.error == STINT_ERROR_NONE));
    if (is_good && is_first && goes_on) {
        keep_said(desk.client_final, sizeof desk.client_final);
        check_proof();
    }
    return goes_on;
}

static const char *right_proof(void)
{
    static char message[64];
    uint8_t signature[32];
    size_t n;

    hmac(desk.keys.server_key, auth_message(), signature);
    memcpy(message, "v=", 2);
    n = stint_base64_encode(message + 2, signature, desk.keys.hash_length);
    message[2 + n] = '\0';
    return message;
}

/* Returns whether it goes on. */
static bool take_step(struct input *input)
{
    unsigned step = take_octet(input) % STEP_COUNT;
    struct input piece = take_piece(input);
    char *once = exact_string(piece.octets, piece.left);
    char *text = malloc(48 * strlen(once) + 64);
    bool goes_on, proves = false;
    size_t i;

    PROMISE(text != NULL);
    text[0] = '\0';
    for (i = 0; i < (step == STEP_LONG ? 48 : 1); i++) {
        strcat(text, once);
    }
    if (step == STEP_PROOF && desk.client_final[0] != '\0') {
        strcpy(text, right_proof());
    }
    if (step == STEP_REPLY) {
        desk.challenges = 9; /* whatever that was */
        strcat(text, "\r\n");
        goes_on = say(text);
    } else if (desk.is_scram && desk.challenges < 2) {
        proves = desk.challenges == 1 && reference_final(text);
        goes_on = check_challenge(text);
    } else {
        goes_on = challenge(text);
    }
    free(once);
    free(text);
    if (proves && goes_on) {
        desk.has_proved = true;
        say("235 ok\r\n");
        PROMISE(desk.session.authenticated);
    }
    PROMISE(!desk.is_scram || desk.has_proved || !desk.session.authenticated);
    return goes_on;
}

static void check_end(void)
{
    static const struct stint_sasl_work nothing;
    size_t i;

    if (desk.session.sasl->hash != STINT_HASH_NONE && is_over() &&
        desk.result.error != STINT_ERROR_PROTOCOL) {
        PROMISE(memcmp(&desk.work, &nothing, sizeof nothing) == 0);
    }
    PROMISE(desk.said_lines <= 2 + desk.session.sasl->count + 2U); /* EHLO, AUTH, and "*", QUIT */
    PROMISE(memchr(desk.text, '\0', sizeof desk.text) != NULL);
    for (i = 0; desk.text[i] != '\0'; i++) {
        PROMISE(desk.text[i] == '\n' || (desk.text[i] >= ' ' && desk.text[i] <= '~'));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    unsigned mechanism = take_octet(&input) % (sizeof mechanisms / sizeof mechanisms[0]);
    char reply[64];

    set_up(mechanism);
    desk.seed = take_octet(&input) + 1U;
    say("220 mx\r\n");
    snprintf(reply, sizeof reply, "250-mx\r\n250 AUTH %s\r\n", mechanisms[mechanism]);
    say(reply);
    PROMISE(strncmp(desk.said, "AUTH ", 5) == 0);
    if (desk.is_scram) {
        keep_said(desk.client_first, sizeof desk.client_first);
    }
    while (input.left > 0 && !is_over() && take_step(&input)) {
    }
    check_end();
    return 0;
}
