/* SPDX-License-Identifier: MIT */

/*
 * What is made of a server's reply to EHLO: the reply parser, its enhanced status code, and the
 * capabilities, as the session drives them.
 *
 * Input: a seed for the pieces, the octets.
 * Promise: the same whatever the pieces, and what a reading line by line makes of it.
 */

#include "fuzz.h"

#include "session/capabilities.h"
#include "session/enhanced.h"
#include "session/reply.h"
#include "session/session.h"

#include <strings.h>

struct finding {
    bool malformed;
    bool complete;
    uint16_t code;
    size_t used; /* octets, until it was complete or malformed */
    struct stint_enhanced enhanced;
    bool starttls, pipelining, eight_bit_mime, size;
    bool plain, login;
};

/* ---- The reference: whole lines ---- */

/* "2.x.y" with a class like the code's, at the start of the text. */
static struct stint_enhanced enhanced_in(const char *text, uint16_t code)
{
    static const struct stint_enhanced none = {0, 0, 0};
    struct stint_enhanced value;
    size_t subject = strspn(text, "0123456789");
    size_t detail;
    const char *at = text + 2;

    if (subject != 1 || text[1] != '.' || text[0] - '0' != code / 100 ||
        strchr("245", text[0]) == NULL) {
        return none;
    }
    subject = strspn(at, "0123456789");
    if (subject < 1 || subject > 3 || at[subject] != '.') {
        return none;
    }
    detail = strspn(at + subject + 1, "0123456789");
    if (detail < 1 || detail > 3 || strchr(" ", at[subject + 1 + detail]) == NULL) {
        return none;
    }
    value.status_class = (uint8_t)(text[0] - '0');
    value.subject = (uint16_t)atoi(at);
    value.detail = (uint16_t)atoi(at + subject + 1);
    return value;
}

/* A line behind the first: "KEYWORD parameter parameter". Changes `text`. */
static void capability(struct finding *found, char *text)
{
    bool old_auth = strncasecmp(text, "AUTH=", 5) == 0;
    size_t length = old_auth ? 4 : strcspn(text, " ");
    bool more = text[length] != '\0';
    char *word;

    text[length] = '\0';
    found->starttls |= strcasecmp(text, "STARTTLS") == 0;
    found->pipelining |= strcasecmp(text, "PIPELINING") == 0;
    found->eight_bit_mime |= strcasecmp(text, "8BITMIME") == 0;
    found->size |= strcasecmp(text, "SIZE") == 0;
    if (!more || strcasecmp(text, "AUTH") != 0) {
        return;
    }
    for (word = strtok(text + length + 1, " "); word != NULL; word = strtok(NULL, " ")) {
        found->plain |= strcasecmp(word, "PLAIN") == 0;
        found->login |= strcasecmp(word, "LOGIN") == 0;
    }
}

static bool is_code(const uint8_t *line)
{
    return line[0] >= '1' && line[0] <= '5' && line[1] >= '0' && line[1] <= '9' && line[2] >= '0' &&
           line[2] <= '9';
}

/* One line without its CRLF. Returns false if it is malformed. */
static bool reference_line(struct finding *found, const uint8_t *line, size_t length, bool first)
{
    uint16_t code;
    char *text;

    if (length < 3 || !is_code(line) || (length > 3 && line[3] != ' ' && line[3] != '-') ||
        memchr(line, '\0', length) != NULL || memchr(line, '\r', length) != NULL ||
        memchr(line, '\n', length) != NULL) {
        return false;
    }
    code = (uint16_t)(100 * (line[0] - '0') + 10 * (line[1] - '0') + (line[2] - '0'));
    if (!first && code != found->code) {
        return false;
    }
    found->code = code;
    found->complete = length == 3 || line[3] == ' ';
    text = exact_string(line + 4, length > 4 ? length - 4 : 0);
    if (first) {
        found->enhanced = enhanced_in(text, code);
    } else {
        capability(found, text);
    }
    free(text);
    return true;
}

/* Until the reply is complete or malformed, or no whole line is left. */
static struct finding reference(const uint8_t *octets, size_t length)
{
    struct finding found;
    size_t start = 0;
    size_t i;

    memset(&found, 0, sizeof found);
    for (i = 1; i < length && !found.complete && !found.malformed; i++) {
        if (octets[i] == '\n' && octets[i - 1] == '\r') {
            found.malformed = !reference_line(&found, octets + start, i - 1 - start, start == 0);
            start = i + 1;
            found.used = start;
        }
    }
    return found;
}

/* ---- The parsers ---- */

static struct finding parse(const uint8_t *octets, size_t length)
{
    struct finding found;
    struct stint_reply reply;
    struct stint_enhanced_parser enhanced;
    struct stint_capabilities offered;
    enum stint_reply_event event = STINT_REPLY_MORE;
    bool first = true;

    memset(&found, 0, sizeof found);
    stint_reply_start(&reply);
    stint_enhanced_start(&enhanced);
    stint_capabilities_clear(&offered);
    while (found.used < length && event != STINT_REPLY_COMPLETE && event != STINT_REPLY_MALFORMED) {
        uint8_t octet = octets[found.used++];

        event = stint_reply_octet(&reply, octet);
        if (event == STINT_REPLY_TEXT) {
            PROMISE(reply.code >= 100 && reply.code <= 599);
            stint_capabilities_octet(&offered, octet);
            if (first) {
                stint_enhanced_octet(&enhanced, octet);
            }
        } else if (event == STINT_REPLY_LINE || event == STINT_REPLY_COMPLETE) {
            stint_capabilities_line_end(&offered);
            first = false;
        }
    }
    found.malformed = event == STINT_REPLY_MALFORMED;
    found.complete = event == STINT_REPLY_COMPLETE;
    found.code = reply.code;
    found.enhanced = stint_enhanced_value(&enhanced, reply.code);
    found.starttls = stint_capabilities_offer(&offered, STINT_EXTENSION_STARTTLS);
    found.pipelining = stint_capabilities_offer(&offered, STINT_EXTENSION_PIPELINING);
    found.eight_bit_mime = stint_capabilities_offer(&offered, STINT_EXTENSION_8BITMIME);
    found.size = stint_capabilities_offer(&offered, STINT_EXTENSION_SIZE);
    found.plain = (offered.mechanisms & STINT_MECHANISM_PLAIN) != 0;
    found.login = (offered.mechanisms & STINT_MECHANISM_LOGIN) != 0;
    return found;
}

static void check_parsers(const uint8_t *octets, size_t length)
{
    struct finding wanted = reference(octets, length);
    struct finding got = parse(octets, length);

    if (wanted.complete) {
        PROMISE(got.complete && got.code == wanted.code && got.used == wanted.used);
        PROMISE(got.enhanced.status_class == wanted.enhanced.status_class);
        PROMISE(got.enhanced.subject == wanted.enhanced.subject);
        PROMISE(got.enhanced.detail == wanted.enhanced.detail);
        PROMISE(got.starttls == wanted.starttls && got.pipelining == wanted.pipelining);
        PROMISE(got.eight_bit_mime == wanted.eight_bit_mime && got.size == wanted.size);
        PROMISE(got.plain == wanted.plain && got.login == wanted.login);
    } else {
        PROMISE(!got.complete);
        PROMISE(got.malformed || !wanted.malformed);
    }
}

/* ---- The session ---- */

struct heard {
    struct stint_session session;
    struct stint_result result;
    char text[64];
    size_t used;
};

/* A session that has just said EHLO reads it. A seed of 0 means in one piece. */
static void hear(struct heard *heard, const uint8_t *octets, size_t length, uint32_t seed)
{
    static const uint8_t greeting[] = "220 mx.example.org\r\n";
    static const struct stint_account account = {
        .host = "h", .security = STINT_SECURITY_NONE, .ehlo_name = "c.example"};
    struct stint_session *session = &heard->session;
    uint8_t room[64];
    size_t n = 1;

    memset(heard, 0, sizeof *heard);
    session->account = &account;
    session->result = &heard->result;
    session->text = heard->text;
    session->text_size = sizeof heard->text;
    stint_session_start(session, false);
    stint_session_read(session, greeting, sizeof greeting - 1);
    stint_session_sent(session, (uint32_t)stint_session_write(session, room, sizeof room));
    while (heard->used < length && n > 0) {
        size_t size = seed == 0 ? length - heard->used : piece_size(&seed, length - heard->used);
        uint8_t *piece = exact_copy(octets + heard->used, size);

        n = stint_session_read(session, piece, size);
        PROMISE(n <= size && (n == size || session->state != STINT_SESSION_TALKS));
        heard->used += n;
        free(piece);
    }
}

static void check_session(const uint8_t *octets, size_t length, uint32_t seed)
{
    struct heard whole, pieces;

    hear(&whole, octets, length, 0);
    hear(&pieces, octets, length, seed);
    PROMISE(whole.used == pieces.used);
    PROMISE(whole.session.state == pieces.session.state);
    PROMISE(whole.session.reader.row == pieces.session.reader.row);
    PROMISE(whole.session.outstanding == pieces.session.outstanding);
    PROMISE(whole.session.capabilities.extensions == pieces.session.capabilities.extensions);
    PROMISE(whole.session.capabilities.mechanisms == pieces.session.capabilities.mechanisms);
    PROMISE(whole.session.capabilities.size == pieces.session.capabilities.size);
    PROMISE(whole.result.error == pieces.result.error && whole.result.code == pieces.result.code);
    PROMISE(whole.result.enhanced.status_class == pieces.result.enhanced.status_class);
    PROMISE(whole.result.enhanced.subject == pieces.result.enhanced.subject);
    PROMISE(whole.result.enhanced.detail == pieces.result.enhanced.detail);
    PROMISE(memcmp(whole.text, pieces.text, sizeof whole.text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    uint32_t seed = take_octet(&input) + 1U;

    check_parsers(input.octets, input.left);
    check_session(input.octets, input.left, seed);
    check_session(input.octets, input.left, seed * 0x9E3779B9U);
    check_session(input.octets, input.left, seed * 0x85EBCA6BU);
    return 0;
}
