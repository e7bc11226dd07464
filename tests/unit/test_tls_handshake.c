/* SPDX-License-Identifier: MIT */

/* The server's handshake in the wrong order: messages left out, doubled and swapped, keys changed
 * too early and twice, mail before its end; and ServerHellos that nobody asked for. All of it ends
 * the handshake, and nothing is told to such a server. */

#include "test.h"

#include "tls_wire.h"

static struct tls_wire wire;

/*
 * What the server sends, a letter a record. Its own: S(erverHello), C(ertificate), K(eyExchange),
 * D(one), X (the change of keys, ChangeCipherSpec), F(inished).
 * In clear: x the change, y and z two that are malformed, a application data, f a Finished.
 * Encrypted: A application data, W a wrong Finished, Y the change.
 */
static const struct recipe {
    const char *first; /* its answer to the ClientHello, and... */
    const char *last;  /* ...to the client's Finished */
    enum stint_error error;
    int tls_error;
} recipes[] = {
    {"SCKD", "XF", STINT_ERROR_NONE, 0},
    /* left out */
    {"CKD", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SKD", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SCD", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SD", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"D", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SCKD", "F", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"", "", STINT_ERROR_TIMEOUT, 0},
    {"SCK", "", STINT_ERROR_TIMEOUT, 0},
    {"SCKD", "", STINT_ERROR_TLS, BR_ERR_UNEXPECTED}, /* its mail follows */
    {"SCKD", "X", STINT_ERROR_TLS, BR_ERR_BAD_MAC},
    /* doubled */
    {"SSCKD", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SCCKD", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SCKKD", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SCKDD", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SCKDS", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SCKD", "XFF", STINT_ERROR_TLS, BR_ERR_BAD_MAC},
    /* swapped */
    {"CSKD", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SKCD", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SCDK", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SCKD", "FX", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    /* keys changed too early */
    {"xSCKD", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SxCKD", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SCxKD", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SCKxD", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"Sx", "F", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    /* by then the keys are this handshake's own: so no harm is done, unlike with CVE-2014-0224 */
    {"SCKDx", "F", STINT_ERROR_NONE, 0},
    {"SCKDx", "XF", STINT_ERROR_TLS, BR_ERR_BAD_LENGTH}, /* but then it is one too many */
    /* changed twice, or to what is no change; and once more later */
    {"SCKD", "XXF", STINT_ERROR_TLS, BR_ERR_BAD_LENGTH},
    {"SCKD", "XYF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SCKD", "yF", STINT_ERROR_TLS, BR_ERR_BAD_CCS},
    {"SCKD", "zF", STINT_ERROR_TLS, BR_ERR_BAD_CCS},
    {"SCKD", "XFX", STINT_ERROR_TLS, BR_ERR_BAD_LENGTH},
    {"SCKD", "XFY", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    /* mail before the end */
    {"aSCKD", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SaCKD", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SCKaD", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SCKDa", "XF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SCKD", "aXF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SCKD", "XaF", STINT_ERROR_TLS, BR_ERR_BAD_LENGTH},
    {"SCKD", "XAF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    /* Finished in clear, and a wrong one */
    {"SCKD", "fXF", STINT_ERROR_TLS, BR_ERR_UNEXPECTED},
    {"SCKD", "XfF", STINT_ERROR_TLS, BR_ERR_BAD_LENGTH},
    {"SCKD", "XW", STINT_ERROR_TLS, BR_ERR_BAD_FINISHED},
};

static const struct recipe *recipe;
static const char *rest; /* of its last part */
static uint8_t records[TLS_WIRE_MESSAGES][1024];
static size_t lengths[TLS_WIRE_MESSAGES];

static const uint8_t finished[16] = {20, 0, 0, 12};
static const char early_reply[] = "220 mx\r\n";

static void put_own(struct tls_wire *w, enum tls_wire_message message)
{
    tls_wire_put(w, records[message], lengths[message]);
}

static void cook(struct tls_wire *w, char letter)
{
    switch (letter) {
    case 'S': put_own(w, TLS_WIRE_SERVER_HELLO); break;
    case 'C': put_own(w, TLS_WIRE_CERTIFICATE); break;
    case 'K': put_own(w, TLS_WIRE_KEY_EXCHANGE); break;
    case 'D': put_own(w, TLS_WIRE_HELLO_DONE); break;
    case 'X': put_own(w, TLS_WIRE_CCS); break;
    case 'F':
        put_own(w, TLS_WIRE_FINISHED);
        w->secured_end = w->secured_end == 0 ? w->down_length : w->secured_end;
        break;
    case 'x': tls_wire_put_clear(w, TLS_CHANGE_CIPHER_SPEC, "\1", 1); break;
    case 'y': tls_wire_put_clear(w, TLS_CHANGE_CIPHER_SPEC, "\2", 1); break;
    case 'z': tls_wire_put_clear(w, TLS_CHANGE_CIPHER_SPEC, "\1\1", 2); break;
    case 'a': tls_wire_put_clear(w, TLS_APPLICATION_DATA, early_reply, 8); break;
    case 'f': tls_wire_put_clear(w, TLS_HANDSHAKE, finished, sizeof finished); break;
    case 'A': tls_wire_seal(w, TLS_APPLICATION_DATA, early_reply, 8); break;
    case 'Y': tls_wire_seal(w, TLS_CHANGE_CIPHER_SPEC, "\1", 1); break;
    case 'W':
        tls_server_take_back(&w->server);
        tls_wire_seal(w, TLS_HANDSHAKE, finished, sizeof finished);
        break;
    default: fail_msg("no such letter: %c", letter);
    }
}

/* What is encrypted must be so in the order in which it is sent: the server's Finished is, when it
 * is seen here. */
static bool by_recipe(struct tls_wire *w, enum tls_wire_message message, const uint8_t *record,
                      size_t length)
{
    const char *letter;

    assert_true(length <= sizeof records[message]);
    memcpy(records[message], record, length);
    lengths[message] = length;
    if (message == TLS_WIRE_HELLO_DONE) {
        for (letter = recipe->first; *letter != '\0'; letter++) {
            cook(w, *letter);
        }
        rest = recipe->last;
    }
    while ((message == TLS_WIRE_CCS && strchr("FW", *rest) == NULL) ||
           (message == TLS_WIRE_FINISHED && *rest != '\0')) {
        cook(w, *rest++);
    }
    return false;
}

/* Is the server's Finished one that the client may believe? */
static bool is_proper(void)
{
    return recipe->error == STINT_ERROR_NONE ||
           (strcmp(recipe->first, "SCKD") == 0 && strncmp(recipe->last, "XF", 2) == 0);
}

static bool is_over_before_mail(void)
{
    return wire.secured_end == 0 || wire.read < wire.secured_end;
}

static void in_any_other_order_it_fails(void **state)
{
    size_t layout;
    size_t i;
    char how[50];

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(recipes); i++) {
            recipe = &recipes[i];
            tls_wire_set_up(&wire, &tls_wire_layouts[layout]);
            wire.handshake = by_recipe;
            tls_wire_run(&wire);
            sprintf(how, "%s, then %s", recipe->first, recipe->last);
            wire.secured_end = is_proper() ? wire.secured_end : 0;
            tls_wire_judge(&wire, recipe->error, recipe->tls_error, how);
            if (is_over_before_mail()) {
                tls_wire_judge_unsecured(&wire, how);
            }
            assert_true(wire.now - wire.started <= 120100); /* two minutes for the handshake */
        }
    }
}

/* ---- What it says ---- */

/* The octet of a record that is another one. */
static const struct change {
    const char *name;
    enum tls_wire_message message;
    size_t offset;
    uint8_t value;
    int tls_error;
} changes[] = {
    {"SSL 3.0", TLS_WIRE_SERVER_HELLO, 10, 0, BR_ERR_UNSUPPORTED_VERSION},
    {"TLS 1.0", TLS_WIRE_SERVER_HELLO, 10, 1, BR_ERR_UNSUPPORTED_VERSION},
    {"TLS 1.1", TLS_WIRE_SERVER_HELLO, 10, 2, BR_ERR_UNSUPPORTED_VERSION},
    {"TLS 1.3", TLS_WIRE_SERVER_HELLO, 10, 4, BR_ERR_UNSUPPORTED_VERSION},
    {"a record of TLS 1.1", TLS_WIRE_SERVER_HELLO, 2, 2, BR_ERR_BAD_VERSION},
    {"one of TLS 1.1 later", TLS_WIRE_CERTIFICATE, 2, 2, BR_ERR_BAD_VERSION},
    {"one of TLS 1.1 still later", TLS_WIRE_HELLO_DONE, 2, 2, BR_ERR_BAD_VERSION},
    {"a change to TLS 1.1", TLS_WIRE_CCS, 2, 2, BR_ERR_BAD_VERSION},
    {"Finished by TLS 1.1", TLS_WIRE_FINISHED, 2, 2, BR_ERR_BAD_VERSION},
    {"a record of no TLS", TLS_WIRE_SERVER_HELLO, 1, 2, BR_ERR_UNSUPPORTED_VERSION},
    {"one of no TLS later", TLS_WIRE_KEY_EXCHANGE, 1, 0x80, BR_ERR_UNSUPPORTED_VERSION},
    {"a very long session's name", TLS_WIRE_SERVER_HELLO, 43, 33, BR_ERR_OVERSIZED_ID},
    {"a suite not offered", TLS_WIRE_SERVER_HELLO, 77, 0x2C, BR_ERR_BAD_CIPHER_SUITE},
    {"a suite without names", TLS_WIRE_SERVER_HELLO, 76, 0, BR_ERR_BAD_CIPHER_SUITE},
    {"compression", TLS_WIRE_SERVER_HELLO, 78, 1, BR_ERR_BAD_COMPRESSION},
    {"an extension not asked for", TLS_WIRE_SERVER_HELLO, 81, 0x7F, BR_ERR_EXTRA_EXTENSION},
    {"another kind of curve", TLS_WIRE_KEY_EXCHANGE, 9, 1, BR_ERR_INVALID_ALGORITHM},
    {"another curve", TLS_WIRE_KEY_EXCHANGE, 11, 22, BR_ERR_INVALID_ALGORITHM},
    {"Done with something to do", TLS_WIRE_HELLO_DONE, 8, 1, BR_ERR_BAD_HELLO_DONE},
};

static const struct change *change;

static bool by_change(struct tls_wire *w, enum tls_wire_message message, const uint8_t *record,
                      size_t length)
{
    if (message == change->message) {
        assert_true(change->offset < length && record[change->offset] != change->value);
        w->flip_at = w->down_length + change->offset;
        w->flip = record[change->offset] ^ change->value;
    }
    return true;
}

static void what_was_not_asked_for_is_refused(void **state)
{
    size_t layout;
    size_t i;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(changes); i++) {
            change = &changes[i];
            tls_wire_set_up(&wire, &tls_wire_layouts[layout]);
            wire.handshake = by_change;
            tls_wire_run(&wire);
            tls_wire_judge(&wire, STINT_ERROR_TLS, change->tls_error, change->name);
            tls_wire_judge_unsecured(&wire, change->name);
        }
    }
}

/* ---- Afterwards ---- */

static enum tls_wire_point point_of_record;
static uint8_t type_of_record;

static bool put_record(struct tls_wire *w, enum tls_wire_point point)
{
    if (point != point_of_record) {
        return true;
    }
    tls_wire_seal(w, (enum tls_type)type_of_record, "\1", 1);
    tls_wire_reply_in_vain(w);
    return false;
}

/* The keys are changed no more; and there are no other records than those of RFC 5246. */
static void no_other_records_come_afterwards(void **state)
{
    static const uint8_t types[] = {TLS_CHANGE_CIPHER_SPEC, 0, 1, 19, 24, 25, 127, 255};
    size_t layout;
    size_t i;

    (void)state;
    for (layout = 0; layout < TLS_WIRE_LAYOUTS; layout++) {
        for (i = 0; i < COUNT(types); i++) {
            for (point_of_record = TLS_WIRE_GREETING; point_of_record < TLS_WIRE_OVER;
                 point_of_record++) {
                type_of_record = types[i];
                tls_wire_secure(&wire, &tls_wire_layouts[layout]);
                wire.answer = put_record;
                tls_wire_go_on(&wire);
                tls_wire_judge(&wire, STINT_ERROR_TLS, BR_ERR_UNEXPECTED, "type of record");
                assert_int_equal(wire.point, point_of_record + 1);
            }
        }
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_any_other_order_it_fails),
        cmocka_unit_test(what_was_not_asked_for_is_refused),
        cmocka_unit_test(no_other_records_come_afterwards),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
