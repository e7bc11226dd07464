/* SPDX-License-Identifier: MIT */
#include "tls/resume.h"
#include "tls/ticket_store.h"

#include <string.h>

/*
 * Session tickets (RFC 5077) around BearSSL's engine, which knows none: a filter between the
 * transport and the engine, as long as all is in clear. It adds the extension to the ClientHello
 * before that leaves; shows the engine the server's answer to it under a number that the engine has
 * asked for and whose body it skips; and keeps the server's NewSessionTicket to itself.
 *
 * The engine's hash of the handshake stays that of the octets on the wire, whatever the engine was
 * shown: so the Finished messages, made and checked by the engine, still cover all of it, and a
 * mistake here ends the handshake and does not weaken it.
 *
 * The filter reads exactly what it can pass on at once: first a record's header, then a message's,
 * then as much of that as is in the record. It passes on records of its own making, one for each
 * such piece.
 */

enum state {
    STATE_RECORD,  /* a record's header is to come */
    STATE_MESSAGE, /* a handshake message's */
    STATE_BODY,    /* a part of the message, for which the engine was given a header */
    STATE_TICKET,  /* a part of one that the engine does not see */
    STATE_OTHER,   /* a record of another type */
    STATE_THROUGH  /* whatever comes is the engine's: there is nothing to filter, or it is encrypted
                    */
};

/* Of a ServerHello. */
enum part {
    PART_ID, /* length of the session ID */
    PART_NUMBER_HIGH,
    PART_NUMBER_LOW,
    PART_LENGTH_HIGH,
    PART_LENGTH_LOW
};

/* RFC 5246 6.2.1, 7.4 */
#define RECORD_HEADER_OCTETS  5
#define RECORD_MAX            16384
#define RECORD_CCS            20
#define RECORD_HANDSHAKE      22
#define MESSAGE_HEADER_OCTETS 4
#define SERVER_HELLO          2
#define NEW_SESSION_TICKET    4
#define SERVER_HELLO_DONE     14

/* RFC 5077 3.2, 3.3 */
#define EXTENSION_TICKET        35
#define EXTENSION_HEADER_OCTETS 4
#define TICKET_HEADER_OCTETS    6

/* Before a hello's session ID, and behind it in a ServerHello, before the extensions. */
#define VERSION_AND_RANDOM_OCTETS         34
#define SUITE_COMPRESSION_AND_SIZE_OCTETS 5

static struct stint_ticket_filter *filter_of(struct stint_tls *tls)
{
    return &tls->resume->filter;
}

static size_t least_of(size_t one, size_t other)
{
    return one < other ? one : other;
}

static unsigned read16(const uint8_t *octets)
{
    return (unsigned)octets[0] << 8 | octets[1];
}

static uint32_t read24(const uint8_t *octets)
{
    return (uint32_t)read16(octets) << 8 | octets[2];
}

static void write16(uint8_t *octets, size_t value)
{
    octets[0] = (uint8_t)(value >> 8);
    octets[1] = (uint8_t)value;
}

/* ---- The ClientHello ---- */

/* Where the size of its extensions is; 0: this is not the record that it must be. */
static size_t find_extensions(const br_ssl_engine_context *engine, const uint8_t *record,
                              size_t length)
{
    const size_t id_length = engine->session.session_id_len;
    const size_t suites_length = 2 * (size_t)engine->suites_num;
    const size_t at = RECORD_HEADER_OCTETS + MESSAGE_HEADER_OCTETS + VERSION_AND_RANDOM_OCTETS + 1 +
                      id_length + 2 + suites_length + 2;

    return length > at + 2 && read16(record + at) == length - at - 2 ? at : 0;
}

static void lengthen(uint8_t *size, size_t more)
{
    write16(size, read16(size) + more);
}

/* In its place, and the record leaves as the engine's own. */
static void append(br_ssl_engine_context *engine, uint8_t *record, size_t length, size_t extensions,
                   const uint8_t *ticket, size_t ticket_length)
{
    uint8_t *end = record + length;
    size_t more = EXTENSION_HEADER_OCTETS + ticket_length;

    write16(end, EXTENSION_TICKET);
    write16(end + 2, ticket_length);
    memcpy(end + EXTENSION_HEADER_OCTETS, ticket, ticket_length);
    lengthen(record + 3, more);
    lengthen(record + RECORD_HEADER_OCTETS + 2, more);
    lengthen(record + extensions, more);
    engine->oxc += more;
    br_multihash_init(&engine->mhash);
    br_multihash_update(&engine->mhash, record + RECORD_HEADER_OCTETS,
                        length + more - RECORD_HEADER_OCTETS);
}

/* A ticket that there is no room for is not offered. */
static void offer(struct stint_tls *tls)
{
    const struct stint_ticket *ticket = tls->resume->ticket;
    br_ssl_engine_context *engine = &tls->client.eng;
    size_t ticket_length = ticket->is_ticket ? ticket->length : 0;
    size_t length, extensions, room;
    uint8_t *record = br_ssl_engine_sendrec_buf(engine, &length);

    extensions = find_extensions(engine, record, length);
    room = extensions != 0 ? (size_t)(engine->obuf + engine->obuf_len - record) - length : 0;
    if (room < EXTENSION_HEADER_OCTETS) {
        filter_of(tls)->state = STATE_THROUGH;
        return;
    }
    if (ticket_length > room - EXTENSION_HEADER_OCTETS) {
        ticket_length = 0;
    }
    append(engine, record, length, extensions, ticket->octets, ticket_length);
    filter_of(tls)->asks = true;
}

/* ---- What the engine is shown ---- */

/* Into its door, which is open. Behind an error it is not, nor when all is said. */
static void show(br_ssl_engine_context *engine, const uint8_t *octets, size_t length)
{
    size_t room;
    uint8_t *door = br_ssl_engine_recvrec_buf(engine, &room);

    if (door != NULL && length > 0) {
        memmove(door, octets, length);
        br_ssl_engine_recvrec_ack(engine, length);
    }
}

/* Have the engine end it: there is no such type of record. */
static void refuse(br_ssl_engine_context *engine)
{
    static const uint8_t record[RECORD_HEADER_OCTETS + 1] = {0, 3, 3, 0, 1, 0};

    show(engine, record, RECORD_HEADER_OCTETS);
    show(engine, record + RECORD_HEADER_OCTETS, 1);
}

/* The header of a record that holds so much. */
static void show_header(struct stint_tls *tls, size_t length)
{
    uint8_t header[RECORD_HEADER_OCTETS];

    memcpy(header, filter_of(tls)->record, sizeof header);
    write16(header + 3, length);
    show(&tls->client.eng, header, sizeof header);
}

/* One octet for another, which is what came. */
static void show_instead(br_ssl_engine_context *engine, uint8_t shown, uint8_t octet)
{
    br_multihash_context before = engine->mhash;

    show(engine, &shown, 1);
    engine->mhash = before;
    br_multihash_update(&engine->mhash, &octet, 1);
}

/* ---- The ServerHello ---- */

/* Bits of `seen` and `shown`: signature_algorithms, supported_groups and ec_point_formats, which
 * the engine asks for and skips the answer of, and the ticket, which it does not know. */
static const uint8_t numbers[] = {13, 10, 11, EXTENSION_TICKET};
#define SKIPPED 3U

/* The ticket passes as one of the others, and if that comes, too (some servers send it against RFC
 * 5246), it as another one. What comes twice the engine must refuse, as what it has not asked for.
 */
static uint8_t number_to_show(struct stint_ticket_filter *filter)
{
    const uint8_t *found = memchr(numbers, filter->number & 0xFF, sizeof numbers);
    unsigned i;

    if (filter->number > 0xFF || found == NULL) {
        return (uint8_t)filter->number;
    }
    i = (unsigned)(found - numbers);
    filter->agreed = filter->agreed || i == SKIPPED;
    if ((filter->seen >> i & 1) != 0) {
        return EXTENSION_TICKET;
    }
    filter->seen |= (uint8_t)(1U << i);
    if (i == SKIPPED || (filter->shown >> i & 1) != 0) {
        for (i = 0; (filter->shown >> i & 1) != 0; i++) {
        }
    }
    filter->shown |= (uint8_t)(1U << i);
    return numbers[i];
}

/* Returns what the engine is shown for it. */
static uint8_t hello_octet(struct stint_ticket_filter *filter, uint8_t octet)
{
    if (filter->skip > 0) {
        filter->skip--;
        return octet;
    }
    filter->value = (uint16_t)(filter->value << 8 | octet);
    switch (filter->part++) {
    case PART_ID: filter->skip = (uint16_t)(octet + SUITE_COMPRESSION_AND_SIZE_OCTETS); break;
    case PART_NUMBER_LOW: filter->number = filter->value; return number_to_show(filter);
    case PART_LENGTH_LOW:
        filter->skip = filter->value;
        if (filter->number == EXTENSION_TICKET && filter->skip > 0) {
            filter->is_bad = true;
        }
        filter->part = PART_NUMBER_HIGH;
        break;
    default: break;
    }
    return octet;
}

static void show_hello(struct stint_tls *tls, const uint8_t *octets, size_t length)
{
    br_ssl_engine_context *engine = &tls->client.eng;
    size_t start = 0;
    size_t i;

    for (i = 0; i < length; i++) {
        uint8_t octet = octets[i];
        uint8_t shown = hello_octet(filter_of(tls), octet);

        if (shown != octet) {
            show(engine, octets + start, i - start);
            show_instead(engine, shown, octet);
            start = i + 1;
        }
    }
    show(engine, octets + start, length - start);
}

/* ---- A new ticket ---- */

/* Lifetime, length, ticket. The ticket offered has left long ago. */
static void ticket_octet(struct stint_ticket_filter *filter, struct stint_ticket *ticket,
                         uint8_t octet)
{
    uint32_t at = filter->ticket_read++;

    if (at < 4) {
        filter->lifetime = filter->lifetime << 8 | octet;
    } else if (at < TICKET_HEADER_OCTETS) {
        filter->ticket_length = (uint16_t)(filter->ticket_length << 8 | octet);
    } else if (filter->ticket_length <= STINT_TICKET_MAX &&
               at - TICKET_HEADER_OCTETS < filter->ticket_length) {
        ticket->octets[at - TICKET_HEADER_OCTETS] = octet;
    }
}

static void read_ticket(struct stint_tls *tls, const uint8_t *octets, size_t length)
{
    struct stint_ticket_filter *filter = filter_of(tls);
    size_t i;

    br_multihash_update(&tls->client.eng.mhash, octets, length);
    for (i = 0; i < length; i++) {
        ticket_octet(filter, tls->resume->ticket, octets[i]);
    }
}

/* ---- Messages and records ---- */

static bool is_ticket(const struct stint_ticket_filter *filter)
{
    return filter->message[0] == NEW_SESSION_TICKET && filter->agreed &&
           (filter->last == SERVER_HELLO || filter->last == SERVER_HELLO_DONE);
}

static void end_message(struct stint_ticket_filter *filter)
{
    filter->last = filter->message[0];
    filter->message_length = 0;
    if (filter->last == NEW_SESSION_TICKET) {
        if (read24(filter->message + 1) != TICKET_HEADER_OCTETS + (uint32_t)filter->ticket_length) {
            filter->is_bad = true;
        }
    } else {
        filter->resumes = filter->last == SERVER_HELLO;
    }
}

/* What comes next? */
static void go_on(struct stint_tls *tls)
{
    struct stint_ticket_filter *filter = filter_of(tls);

    if (filter->message_length == MESSAGE_HEADER_OCTETS && filter->message_left == 0) {
        end_message(filter);
    }
    if (filter->record_left == 0) {
        filter->record_length = 0;
        filter->state = STATE_RECORD;
    } else if (filter->message_length < MESSAGE_HEADER_OCTETS) {
        filter->state = STATE_MESSAGE;
    } else if (is_ticket(filter)) {
        filter->state = STATE_TICKET;
    } else if (filter->state != STATE_BODY) {
        filter->state = STATE_BODY;
        show_header(tls, least_of(filter->message_left, filter->record_left));
    }
}

/* Behind a ticket no message follows in clear. Behind ServerHelloDone none may follow in the
 * record, which the engine cannot see any more. */
static bool is_out_of_place(const struct stint_ticket_filter *filter)
{
    return filter->is_bad || filter->last == NEW_SESSION_TICKET ||
           (filter->message[0] == SERVER_HELLO_DONE && filter->record_left > 0);
}

static void begin_message(struct stint_tls *tls)
{
    struct stint_ticket_filter *filter = filter_of(tls);
    br_ssl_engine_context *engine = &tls->client.eng;

    filter->message_left = read24(filter->message + 1);
    if (is_out_of_place(filter)) {
        refuse(engine);
    } else if (is_ticket(filter)) {
        br_multihash_update(&engine->mhash, filter->message, sizeof filter->message);
    } else {
        show_header(tls, sizeof filter->message);
        show(engine, filter->message, sizeof filter->message);
    }
    if (filter->message[0] == SERVER_HELLO) {
        filter->skip = VERSION_AND_RANDOM_OCTETS;
    }
}

/* The version, and the length, of a record that the engine does not see are checked here. */
static bool is_handshake(const struct stint_tls *tls, const uint8_t *record, size_t length)
{
    unsigned version = tls->client.eng.version_in;

    return record[0] == RECORD_HANDSHAKE && length <= RECORD_MAX &&
           (version == 0 || version == read16(record + 1));
}

/* The engine's, header and all. */
static void pass_record(struct stint_tls *tls)
{
    struct stint_ticket_filter *filter = filter_of(tls);

    filter->record_length = 0;
    filter->state = filter->record_left > 0 ? STATE_OTHER : STATE_RECORD;
    if (filter->record[0] == RECORD_CCS) {
        filter->state = STATE_THROUGH;
    }
    show(&tls->client.eng, filter->record, sizeof filter->record);
}

static void begin_record(struct stint_tls *tls)
{
    struct stint_ticket_filter *filter = filter_of(tls);

    filter->record_left = (uint16_t)read16(filter->record + 3);
    if (is_handshake(tls, filter->record, filter->record_left)) {
        go_on(tls);
        return;
    }
    if (filter->record[0] == RECORD_CCS && (filter->is_bad || filter->message_length > 0)) {
        refuse(&tls->client.eng);
    }
    pass_record(tls);
}

/* ---- The door ---- */

/* Where the engine says, and as much as belongs together. A ticket may take the engine's memory, of
 * which nothing else is in use now. */
static uint8_t *record_in(const struct stint_tls *tls, size_t *room)
{
    const struct stint_ticket_filter *filter = &tls->resume->filter;
    uint8_t *octets = br_ssl_engine_recvrec_buf(&tls->client.eng, room);

    switch (filter->state) {
    case STATE_RECORD: *room = RECORD_HEADER_OCTETS - (size_t)filter->record_length; break;
    case STATE_MESSAGE:
        *room =
            least_of(MESSAGE_HEADER_OCTETS - (size_t)filter->message_length, filter->record_left);
        break;
    case STATE_TICKET:
        *room =
            least_of(tls->client.eng.ibuf_len, least_of(filter->message_left, filter->record_left));
        break;
    default: break;
    }
    return octets;
}

static void record_header(struct stint_tls *tls, const uint8_t *octets, size_t length)
{
    struct stint_ticket_filter *filter = filter_of(tls);

    memcpy(filter->record + filter->record_length, octets, length);
    filter->record_length = (uint8_t)(filter->record_length + length);
    if (filter->record_length == RECORD_HEADER_OCTETS) {
        begin_record(tls);
    }
}

static void message_header(struct stint_tls *tls, const uint8_t *octets, size_t length)
{
    struct stint_ticket_filter *filter = filter_of(tls);

    memcpy(filter->message + filter->message_length, octets, length);
    filter->message_length = (uint8_t)(filter->message_length + length);
    filter->record_left = (uint16_t)(filter->record_left - length);
    if (filter->message_length == MESSAGE_HEADER_OCTETS) {
        begin_message(tls);
    }
    go_on(tls);
}

static void body(struct stint_tls *tls, const uint8_t *octets, size_t length)
{
    struct stint_ticket_filter *filter = filter_of(tls);

    filter->message_left -= (uint32_t)length;
    filter->record_left = (uint16_t)(filter->record_left - length);
    if (filter->state == STATE_TICKET) {
        read_ticket(tls, octets, length);
    } else if (filter->message[0] == SERVER_HELLO) {
        show_hello(tls, octets, length);
    } else {
        show(&tls->client.eng, octets, length);
    }
    go_on(tls);
}

static void other(struct stint_tls *tls, size_t length)
{
    struct stint_ticket_filter *filter = filter_of(tls);

    br_ssl_engine_recvrec_ack(&tls->client.eng, length);
    filter->record_left = (uint16_t)(filter->record_left - length);
    if (filter->record_left == 0) {
        filter->state = STATE_RECORD;
    }
}

static void record_in_ack(struct stint_tls *tls, size_t length)
{
    size_t room;
    const uint8_t *octets = record_in(tls, &room);

    switch (filter_of(tls)->state) {
    case STATE_RECORD: record_header(tls, octets, length); break;
    case STATE_MESSAGE: message_header(tls, octets, length); break;
    case STATE_OTHER: other(tls, length); break;
    case STATE_THROUGH: br_ssl_engine_recvrec_ack(&tls->client.eng, length); break;
    default: body(tls, octets, length); break;
    }
}

const struct stint_resume_class stint_resume_by_tickets = {.load = stint_ticket_load,
                                                           .offer = offer,
                                                           .record_in = record_in,
                                                           .record_in_ack = record_in_ack,
                                                           .keep = stint_ticket_keep,
                                                           .end = stint_ticket_end};
