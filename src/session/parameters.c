/* SPDX-License-Identifier: MIT */
#include "session/parameters.h"

#if STINT_PARAMETERS

#include "session/capabilities.h"
#include "session/decimal.h"
#include "session/syntax.h"
#include "unicode.h"

#include <string.h>

#define SECONDS_MAX     999999999U /* nine digits: RFC 2852 4, RFC 4865 */
#define PRIORITY_MAX    9          /* RFC 6710 */
#define ENVELOPE_ID_MAX 100U       /* RFC 3461 4 */
#define ORIGINAL_MAX    500U       /* RFC 3461 4 */
#define SUBMITTER_MAX   494U       /* RFC 4954 3: 500 with " AUTH=" */

/* ---- Writing: all of it each time, of which a window shows what is wanted ---- */

struct window {
    uint8_t *octets;
    size_t room;
    size_t offset; /* of its first octet in all of the text */
    size_t length; /* of the text so far */
};

static void put(struct window *window, char octet)
{
    if (window->length >= window->offset && window->length - window->offset < window->room) {
        window->octets[window->length - window->offset] = (uint8_t)octet;
    }
    window->length++;
}

static void put_text(struct window *window, const char *text)
{
    while (*text != '\0') {
        put(window, *text++);
    }
}

static const char hexadecimal[] = "0123456789ABCDEF";

/* RFC 3461 4: what is not printable, a space, "+" and "=" as "+" and two digits. */
static void put_xtext(struct window *window, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text > ' ' && *text <= '~' && *text != '+' && *text != '=') {
            put(window, *text);
        } else {
            put(window, '+');
            put(window, hexadecimal[(uint8_t)*text >> 4]);
            put(window, hexadecimal[*text & 15]);
        }
    }
}

/* Two digits at the least, and no more than it takes. */
static void put_hexadecimal(struct window *window, uint32_t value)
{
    int shift = 4;

    while (value >> shift > 15) {
        shift += 4;
    }
    for (; shift >= 0; shift -= 4) {
        put(window, hexadecimal[value >> shift & 15]);
    }
}

/* RFC 6533 3 (utf-8-addr-xtext): what xtext would encode, and "\", as "\x{2B}". */
static void put_unicode(struct window *window, const char *text)
{
    uint32_t character;

    while (text != NULL && *text != '\0') {
        text = stint_unicode_take(text, &character);
        if (character > ' ' && character <= '~' && character != '+' && character != '=' &&
            character != '\\') {
            put(window, (char)character);
        } else {
            put_text(window, "\\x{");
            put_hexadecimal(window, character);
            put(window, '}');
        }
    }
}

static void put_number(struct window *window, uint32_t value)
{
    char digits[STINT_DECIMAL_MAX + 1];

    digits[STINT_DECIMAL_MAX] = '\0';
    put_text(window, stint_decimal(digits + STINT_DECIMAL_MAX, value));
}

/* RFC 3461 4.3, 4.4. */
static void put_dsn(struct window *window, const struct stint_mail_parameters *parameters)
{
    if (parameters->returns != STINT_RETURN_BY_SERVER) {
        put_text(window, parameters->returns == STINT_RETURN_FULL ? " RET=FULL" : " RET=HDRS");
    }
    if (parameters->envelope_id != NULL) {
        put_text(window, " ENVID=");
        put_xtext(window, parameters->envelope_id);
    }
}

/* RFC 4954 5. */
static void put_submitter(struct window *window, const char *submitter)
{
    if (submitter != NULL) {
        put_text(window, " AUTH=");
        if (submitter[0] == '\0') {
            put_text(window, "<>");
        } else {
            put_xtext(window, submitter);
        }
    }
}

/* RFC 6710. */
static void put_priority(struct window *window, int priority)
{
    if (priority != 0) {
        put_text(window, priority < 0 ? " MT-PRIORITY=-" : " MT-PRIORITY=");
        put_number(window, (uint32_t)(priority < 0 ? -priority : priority));
    }
}

/* RFC 2852 4. */
static void put_deliver_by(struct window *window, const struct stint_mail_parameters *parameters)
{
    if (parameters->deliver_by_s != 0) {
        put_text(window, " BY=");
        put_number(window, parameters->deliver_by_s);
        put_text(window, parameters->late == STINT_LATE_RETURN ? ";R" : ";N");
        put_text(window, parameters->traces_relay ? "T" : "");
    }
}

/* RFC 4865. */
static void put_hold(struct window *window, const struct stint_mail_parameters *parameters)
{
    if (parameters->hold_for_s != 0) {
        put_text(window, " HOLDFOR=");
        put_number(window, parameters->hold_for_s);
    }
    if (parameters->hold_until != NULL) {
        put_text(window, " HOLDUNTIL=");
        put_text(window, parameters->hold_until);
    }
}

static void put_of_mail(struct window *window, const struct stint_mail_parameters *parameters)
{
    if (parameters != NULL) {
        put_dsn(window, parameters);
        put_submitter(window, parameters->submitter);
        put_text(window, parameters->requires_tls ? " REQUIRETLS" : "");
        put_priority(window, parameters->priority);
        put_deliver_by(window, parameters);
        put_hold(window, parameters);
    }
}

/* RFC 3461 4.1. */
static void put_notify(struct window *window, uint8_t notify)
{
    static const char names[][8] = {"SUCCESS", "FAILURE", "DELAY", "NEVER"};
    const char *before = " NOTIFY=";
    unsigned i;

    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if ((notify >> i & 1) != 0) {
            put_text(window, before);
            put_text(window, names[i]);
            before = ",";
        }
    }
}

/* RFC 6533 3: is it of the type for addresses that are not ASCII? */
static bool is_international(const char *original)
{
    static const char type[] = "utf-8;";
    size_t i = 0;

    while (STINT_SMTPUTF8 && type[i] != '\0' && (original[i] | 0x20) == type[i]) {
        i++;
    }
    return i == sizeof type - 1;
}

/* RFC 3461 4.2: the type goes as it is. */
static void put_original(struct window *window, const char *text)
{
    bool international = is_international(text);

    while (*text != ';') {
        put(window, *text++);
    }
    put(window, *text++);
    if (international) {
        put_unicode(window, text);
    } else {
        put_xtext(window, text);
    }
}

static void put_of_recipient(struct window *window, const char *text)
{
    if (text != NULL) {
        put_text(window, " ORCPT=");
        put_original(window, text);
    }
}

static const char *original(const struct stint_mail *mail, uint16_t recipient)
{
    const struct stint_mail_parameters *parameters = mail->parameters;

    return parameters != NULL && parameters->originals != NULL ? parameters->originals[recipient]
                                                               : NULL;
}

size_t stint_parameters_write(const struct stint_cursor *cursor, uint8_t slot, size_t offset,
                              uint8_t *octets, size_t room)
{
    struct window window = {octets, room, offset, 0};

    if (slot == STINT_SLOT_MAIL_PARAMETERS) {
        put_of_mail(&window, cursor->mail->parameters);
    } else {
        put_notify(&window, cursor->mail->recipients[cursor->recipient].notify);
        put_of_recipient(&window, original(cursor->mail, cursor->recipient));
    }
    return window.length - offset;
}

/* ---- Are they what they may be? ---- */

/* Printable ASCII with spaces, 1 to `max` octets as xtext. */
static bool is_xtext(const char *text, size_t max)
{
    struct window counted = {NULL, 0, 0, 0};
    size_t i;

    for (i = 0; text[i] != '\0'; i++) {
        if (text[i] < ' ' || text[i] > '~' || i == max) {
            return false;
        }
    }
    put_xtext(&counted, text);
    return counted.length > 0 && counted.length <= max;
}

static bool is_digit(char octet)
{
    return octet >= '0' && octet <= '9';
}

/* RFC 3461 4.2: an atom, of which more is known than that it is one. */
static bool is_type(char octet)
{
    char lower = (char)(octet | 0x20);

    return is_digit(octet) || octet == '-' || (lower >= 'a' && lower <= 'z');
}

/* An address in UTF-8 behind its type, without control characters. */
static bool is_unicode(const char *original)
{
    struct window counted = {NULL, 0, 0, 0};
    size_t i;

    for (i = 0; original[i] != '\0'; i++) {
        if ((uint8_t)original[i] < ' ' || original[i] == 0x7F || i == ORIGINAL_MAX) {
            return false;
        }
    }
    if (!stint_unicode_is_sound(original)) {
        return false;
    }
    put_original(&counted, original);
    return counted.length > sizeof "utf-8;" - 1 && counted.length <= ORIGINAL_MAX;
}

static bool is_original(const char *text)
{
    size_t type = 0;

    while (is_type(text[type])) {
        if (++type == ORIGINAL_MAX) {
            return false;
        }
    }
    if (type == 0 || text[type] != ';') {
        return false;
    }
    return is_international(text) ? is_unicode(text)
                                  : is_xtext(text + type + 1, ORIGINAL_MAX - type - 1);
}

/* "2026-12-24T18:00:00Z" (RFC 3339 5.6). How many days its month has, the server knows. */
static bool is_date(const char *date)
{
    static const char least[] = "0000-01-01T00:00:00Z";
    static const char most[] = "9999-12-31T23:59:60Z";
    size_t i;

    for (i = 0; least[i] != '\0'; i++) {
        if (is_digit(least[i]) ? !is_digit(date[i]) : date[i] != least[i]) {
            return false;
        }
    }
    for (i = sizeof "0000-" - 1; i < sizeof least - 1; i += sizeof "00-" - 1) {
        if (memcmp(date + i, least + i, 2) < 0 || memcmp(date + i, most + i, 2) > 0) {
            return false;
        }
    }
    return date[sizeof least - 1] == '\0';
}

static bool is_submitter(const char *submitter)
{
    return submitter[0] == '\0' ||
           (stint_syntax_mailbox(submitter) && is_xtext(submitter, SUBMITTER_MAX));
}

static enum stint_field faulty_parameter(const struct stint_mail_parameters *parameters)
{
    if (parameters->returns > STINT_RETURN_HEADERS ||
        (parameters->envelope_id != NULL && !is_xtext(parameters->envelope_id, ENVELOPE_ID_MAX))) {
        return STINT_FIELD_DSN;
    }
    if (parameters->submitter != NULL && !is_submitter(parameters->submitter)) {
        return STINT_FIELD_SUBMITTER;
    }
    if (parameters->priority < -PRIORITY_MAX || parameters->priority > PRIORITY_MAX) {
        return STINT_FIELD_PRIORITY;
    }
    if (parameters->deliver_by_s > SECONDS_MAX || parameters->late > STINT_LATE_NOTIFY ||
        (parameters->deliver_by_s == 0 && (parameters->late != 0 || parameters->traces_relay))) {
        return STINT_FIELD_DELIVER_BY;
    }
    if (parameters->hold_for_s > SECONDS_MAX ||
        (parameters->hold_until != NULL &&
         (parameters->hold_for_s != 0 || !is_date(parameters->hold_until)))) {
        return STINT_FIELD_HOLD;
    }
    return STINT_FIELD_NONE;
}

static bool originals_are_sound(const struct stint_mail *mail, uint16_t *recipient)
{
    uint16_t i;

    for (i = 0; i < mail->recipient_count; i++) {
        if (original(mail, i) != NULL && !is_original(original(mail, i))) {
            *recipient = i;
            return false;
        }
    }
    return true;
}

enum stint_field stint_parameters_fault(const struct stint_mail *mail, uint16_t *recipient)
{
    if (mail->parameters == NULL) {
        return STINT_FIELD_NONE;
    }
    return originals_are_sound(mail, recipient) ? faulty_parameter(mail->parameters)
                                                : STINT_FIELD_DSN;
}

/* ---- Does the server offer them? ---- */

static const struct {
    uint16_t extension;
    uint8_t field;
} extensions[] = {
    {STINT_EXTENSION_DSN, STINT_FIELD_DSN},
    {STINT_EXTENSION_AUTH, STINT_FIELD_SUBMITTER},
    {STINT_EXTENSION_REQUIRETLS, STINT_FIELD_REQUIRE_TLS},
    {STINT_EXTENSION_MT_PRIORITY, STINT_FIELD_PRIORITY},
    {STINT_EXTENSION_DELIVERBY, STINT_FIELD_DELIVER_BY},
    {STINT_EXTENSION_FUTURERELEASE, STINT_FIELD_HOLD},
};

static bool wants_dsn(const struct stint_mail *mail)
{
    const struct stint_mail_parameters *parameters = mail->parameters;
    bool wants = parameters != NULL &&
                 (parameters->returns != STINT_RETURN_BY_SERVER || parameters->envelope_id != NULL);
    uint16_t i;

    for (i = 0; i < mail->recipient_count && !wants; i++) {
        wants = mail->recipients[i].notify != 0 || original(mail, i) != NULL;
    }
    return wants;
}

uint16_t stint_parameters_extensions(const struct stint_mail *mail)
{
    const struct stint_mail_parameters *parameters = mail->parameters;
    unsigned wanted = wants_dsn(mail) ? STINT_EXTENSION_DSN : 0U;

    if (parameters == NULL) {
        return (uint16_t)wanted;
    }
    wanted |= parameters->submitter != NULL ? STINT_EXTENSION_AUTH : 0U;
    wanted |= parameters->requires_tls ? STINT_EXTENSION_REQUIRETLS : 0U;
    wanted |= parameters->priority != 0 ? STINT_EXTENSION_MT_PRIORITY : 0U;
    wanted |= parameters->deliver_by_s != 0 ? STINT_EXTENSION_DELIVERBY : 0U;
    if (parameters->hold_for_s != 0 || parameters->hold_until != NULL) {
        wanted |= STINT_EXTENSION_FUTURERELEASE;
    }
    return (uint16_t)wanted;
}

/* What is offered, but not so far; RFC 8689 2 and 4.2: REQUIRETLS is worth nothing in clear. */
static unsigned out_of_reach(const struct stint_session *session,
                             const struct stint_mail_parameters *parameters)
{
    const struct stint_capabilities *offered = &session->capabilities;
    unsigned missed = 0;

    if (!session->secure) {
        missed |= STINT_EXTENSION_REQUIRETLS;
    }
    if (parameters->late == STINT_LATE_RETURN && parameters->deliver_by_s < offered->by_min) {
        missed |= STINT_EXTENSION_DELIVERBY;
    }
    if (offered->hold_max > 0 && parameters->hold_for_s > offered->hold_max) {
        missed |= STINT_EXTENSION_FUTURERELEASE;
    }
    return missed;
}

enum stint_field stint_parameters_misfit(const struct stint_session *session,
                                         const struct stint_mail *mail)
{
    unsigned wanted = stint_parameters_extensions(mail);
    unsigned missed = ~(unsigned)session->capabilities.extensions;
    size_t i;

    if (mail->parameters != NULL) {
        missed |= out_of_reach(session, mail->parameters);
    }
    for (i = 0; i < sizeof extensions / sizeof extensions[0]; i++) {
        if ((wanted & missed & extensions[i].extension) != 0) {
            return (enum stint_field)extensions[i].field;
        }
    }
    return STINT_FIELD_NONE;
}

#endif
