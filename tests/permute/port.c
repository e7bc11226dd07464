/* SPDX-License-Identifier: MIT */
#include "port.h"

#include "rsa_server.h"

#include <stdio.h>
#include <string.h>

enum call { CALL_OPEN, CALL_READ, CALL_WRITE, CALL_FLUSH, CALL_CLOSE };

static void trace(const struct port *port, const char *what, const char *octets, size_t length)
{
    if (port->trace != NULL) {
        port->trace(what, octets, length);
    }
}

static void fault(struct port *port, enum stint_error error, const char *what)
{
    trace(port, what, "", 0);
    rule_fault(port->rule, error);
}

static size_t least(size_t one, size_t two)
{
    return one < two ? one : two;
}

static bool is_mannered(const struct port *port)
{
    return !port->manner.late || (port->in_tls && !port->is_shaking);
}

static size_t at_most(const struct port *port, size_t n)
{
    return port->manner.most > 0 && is_mannered(port) ? least(n, port->manner.most) : n;
}

/* Counts a call. What it is to answer, or 0. */
static int begin_call(struct port *port, enum call call)
{
    bool is_it = ++port->calls == port->at;

    if (is_it && port->mishap == MISHAP_CALL_FAILS && call != CALL_CLOSE) {
        fault(port, STINT_ERROR_IO, "(the call fails)");
        return STINT_IO_FAILED;
    }
    if (is_it && port->mishap == MISHAP_CALL_PAUSES && !server_is_early(port->server)) {
        port->can_go_on = true;
        return STINT_IO_AGAIN;
    }
    return 0;
}

static bool pauses(struct port *port, enum call call)
{
    port->has_paused[call] = port->manner.again && is_mannered(port) && !port->has_paused[call];
    port->can_go_on = port->can_go_on || port->has_paused[call];
    return port->has_paused[call];
}

/* ---- TLS ---- */

static br_ssl_engine_context *engine(const struct port *port)
{
    return &port->tls->context.eng;
}

static bool has_records(const struct port *port)
{
    size_t length;

    return port->in_tls && br_ssl_engine_sendrec_buf(engine(port), &length) != NULL;
}

static void shake_hands(struct port *port)
{
    if (port->in_tls || !server_expects(port->server, PIECE_TLS)) {
        return;
    }
    port->in_tls = true;
    port->is_shaking = true;
    port->clear_down = port->down;
    port->clear_up = port->up;
    if (port->manner.rsa) {
        rsa_server_start(port->tls);
    } else {
        tls_server_start(port->tls);
    }
}

/* The handshake is done when all of it has been read. */
static void look_at_handshake(struct port *port)
{
    if (port->is_shaking && !has_records(port) &&
        (br_ssl_engine_current_state(engine(port)) & BR_SSL_SENDAPP) != 0) {
        port->is_shaking = false;
        port->shaken_down = port->down;
        server_passes(port->server);
        rule_secured(port->rule);
        trace(port, "== TLS ==", "", 0);
    }
}

static void note_records(struct record_ends *ends, const uint8_t *octets, size_t length,
                         size_t offset)
{
    size_t i;

    for (i = 0; i < length; i++) {
        if (ends->head_length < sizeof ends->head) {
            ends->head[ends->head_length++] = octets[i];
            ends->left = ends->head_length == sizeof ends->head
                             ? (size_t)(ends->head[3] << 8 | ends->head[4])
                             : 1;
        } else {
            ends->left--;
        }
        if (ends->left == 0) {
            ends->head_length = 0;
            if (ends->count < sizeof ends->ends / sizeof ends->ends[0]) {
                ends->ends[ends->count++] = offset + i + 1;
            }
        }
    }
}

/* ---- From the server to the client ---- */

/* One piece of the server's words into a record, as far as there is room. Returns how long it is.
 */
static size_t load_words(struct port *port, uint8_t *octets, size_t room)
{
    size_t length = 0;
    const char *words = server_words(port->server, &length);

    length = words != NULL ? least(length, room) : 0;
    memcpy(port->words + port->loaded, words != NULL ? words : "", length);
    memcpy(octets, port->words + port->loaded, length);
    port->loaded += length;
    if (length > 0) {
        server_has_said(port->server, length);
    }
    return length;
}

/* As servers do, it puts all that it has to say now into one record; but not where every call
 * pauses, so that there are others, too. */
static void load_record(struct port *port)
{
    size_t room;
    uint8_t *octets = br_ssl_engine_sendapp_buf(engine(port), &room);
    size_t n;

    if (server_end(port->server) == TRANSCRIPT_CLOSED && !port->said_goodbye) {
        br_ssl_engine_close(engine(port));
        port->said_goodbye = true;
    } else if (octets != NULL && !port->is_unflushed) {
        room = least(room, sizeof port->words);
        do {
            n = load_words(port, octets + port->loaded, room - port->loaded);
        } while (n > 0 && !port->manner.again && !server_is_early(port->server));
        if (port->loaded > 0) {
            br_ssl_engine_sendapp_ack(engine(port), port->loaded);
            br_ssl_engine_flush(engine(port), 0);
        }
    }
}

static void words_arrived(struct port *port)
{
    if (port->loaded > 0) {
        trace(port, "S", port->words, port->loaded);
        rule_server_said(port->rule, port->words, port->loaded);
    }
    port->loaded = 0;
}

static bool may_read_go_wrong(const struct port *port)
{
    return port->mishap >= MISHAP_READ_CLOSES && port->mishap <= MISHAP_READ_STALLS &&
           port->at >= port->down;
}

static size_t up_to_mishap(const struct port *port, size_t n)
{
    return may_read_go_wrong(port) && port->at > port->down ? least(n, port->at - port->down) : n;
}

static size_t give_records(struct port *port, uint8_t *buffer, size_t room)
{
    size_t length;
    const uint8_t *octets = br_ssl_engine_sendrec_buf(engine(port), &length);
    size_t n = at_most(port, least(room, length));

    n = up_to_mishap(port, n);
    memcpy(buffer, octets, n);
    note_records(&port->down_ends, buffer, n, port->down);
    if (port->mishap == MISHAP_FLIPS && port->at >= port->down && port->at < port->down + n) {
        buffer[port->at - port->down] ^= 0x41;
        port->is_flipped = true;
        fault(port, STINT_ERROR_TLS, "(an octet is changed)");
    }
    port->down += n;
    br_ssl_engine_sendrec_ack(engine(port), n);
    if (!has_records(port)) {
        if (!port->is_flipped) {
            words_arrived(port);
        }
        port->loaded = 0;
        if (port->said_goodbye && port->read_end == 0) {
            fault(port, STINT_ERROR_CLOSED, "== closed ==");
            port->read_end = STINT_IO_CLOSED;
        }
    }
    if (!port->is_flipped) {
        look_at_handshake(port);
    }
    return n;
}

static size_t give_some_words(struct port *port, char *buffer, size_t room)
{
    size_t length = 0;
    const char *words = server_words(port->server, &length);
    size_t n = words != NULL ? least(room, length) : 0;

    if (n > 0) {
        memcpy(buffer, words, n);
        port->down += n;
        trace(port, "S", buffer, n);
        rule_server_said(port->rule, buffer, n);
        server_has_said(port->server, n);
    }
    return n;
}

/* All that the server has to say now. */
static size_t give_words(struct port *port, char *buffer, size_t room)
{
    size_t most = up_to_mishap(port, at_most(port, room));
    size_t total = 0;
    size_t n;

    do {
        n = give_some_words(port, buffer + total, most - total);
        total += n;
    } while (n > 0 && total < most && !server_is_early(port->server));
    return total;
}

static bool can_give(const struct port *port)
{
    size_t length;

    if (port->is_unflushed && port->write_end == 0) {
        return false;
    }
    return port->in_tls ? has_records(port) : server_words(port->server, &length) != NULL;
}

/* How a stream has ended, or why there is nothing now. */
static int nothing_to_give(struct port *port)
{
    enum transcript_act act = server_end(port->server);

    if (port->read_end != 0) {
        return port->read_end;
    }
    if (port->is_unflushed || port->is_stalled) {
        return STINT_IO_AGAIN;
    }
    switch (act) {
    case TRANSCRIPT_CLOSED: fault(port, STINT_ERROR_CLOSED, "== closed =="); return STINT_IO_CLOSED;
    case TRANSCRIPT_CUT_OFF:
        fault(port, STINT_ERROR_TRUNCATED, "== cut off ==");
        return STINT_IO_CLOSED;
    case TRANSCRIPT_LOST: fault(port, STINT_ERROR_IO, "== lost =="); return STINT_IO_FAILED;
    default: return port->is_lost ? STINT_IO_FAILED : STINT_IO_AGAIN;
    }
}

/* RFC 5246 7.2.1: an end without close_notify is a truncation, once there is something to cut. */
static enum stint_error error_of_end(const struct port *port)
{
    return port->in_tls && !port->is_shaking ? STINT_ERROR_TRUNCATED : STINT_ERROR_CLOSED;
}

/* Application data of 16,400 octets, as large as any suite here has them (RFC 5246 6.2.3). */
static int give_huge(struct port *port, uint8_t *buffer, size_t room)
{
    static const uint8_t header[] = {23, 3, 3, 0x40, 0x10};

    if (room < sizeof header) {
        server_objects(port->server, "a record is read before its header", "", 0);
    }
    memcpy(buffer, header, sizeof header);
    fault(port, STINT_ERROR_RECORD_SIZE, "(a record that is too large)");
    port->is_stalled = true;
    port->mishap = MISHAP_READ_STALLS;
    return sizeof header;
}

static int read_mishap(struct port *port, uint8_t *buffer, size_t room)
{
    switch (port->mishap) {
    case MISHAP_READ_CLOSES:
        fault(port, error_of_end(port), "(closed)");
        port->read_end = STINT_IO_CLOSED;
        break;
    case MISHAP_READ_FAILS:
        fault(port, STINT_ERROR_IO, "(reading fails)");
        port->read_end = STINT_IO_FAILED;
        break;
    case MISHAP_READ_HUGE: return give_huge(port, buffer, room);
    default:
        if (!port->is_stalled) {
            fault(port, STINT_ERROR_TIMEOUT, "(nothing more comes)");
        }
        port->is_stalled = true;
        return STINT_IO_AGAIN;
    }
    return port->read_end;
}

static bool is_between_records(const struct port *port)
{
    return port->in_tls && !port->is_shaking && port->down_ends.head_length == 0 &&
           port->down_ends.left == 0;
}

static bool read_goes_wrong(const struct port *port)
{
    return may_read_go_wrong(port) && port->down == port->at &&
           (port->mishap != MISHAP_READ_HUGE || is_between_records(port));
}

/* The peer says something that nobody waits for. */
static void interrupt(struct port *port)
{
    if (port->mishap == MISHAP_INTERRUPTS && port->up == port->at && port->interruption != NULL &&
        !port->is_shaking) {
        trace(port, "(the server interrupts)", "", 0);
        server_interrupt(port->server, port->interruption);
        port->interruption = NULL;
    }
}

static int do_read(void *context, uint8_t *buffer, size_t room)
{
    struct port *port = context;
    int answer = begin_call(port, CALL_READ);

    if (!port->is_open || room == 0) {
        server_objects(port->server, "read without a connection, or without room", "", 0);
    }
    if (answer != 0) {
        return answer;
    }
    shake_hands(port);
    interrupt(port);
    if (port->in_tls && !port->is_shaking && !has_records(port)) {
        load_record(port);
    }
    if (read_goes_wrong(port)) {
        return read_mishap(port, buffer, room);
    }
    if (!can_give(port)) {
        return nothing_to_give(port);
    }
    if (!server_is_early(port->server) && pauses(port, CALL_READ)) {
        return STINT_IO_AGAIN;
    }
    return (int)(port->in_tls ? give_records(port, buffer, room)
                              : give_words(port, (char *)buffer, room));
}

/* ---- From the client to the server ---- */

static void hear(struct port *port, const char *octets, size_t length)
{
    size_t n = 1;

    trace(port, "C", octets, length);
    rule_client_said(port->rule, octets, length);
    while (length > 0 && n > 0 && port->server->wrong[0] == '\0') {
        n = server_takes(port->server, octets, length);
        octets += n;
        length -= n;
    }
}

static size_t take_records(struct port *port, const uint8_t *data, size_t length)
{
    size_t room;
    uint8_t *octets = br_ssl_engine_recvrec_buf(engine(port), &room);
    size_t n;

    if (octets == NULL) {
        return length; /* behind close_notify: nobody listens any more */
    }
    n = least(length, room);
    memcpy(octets, data, n);
    note_records(&port->up_ends, octets, n, port->up);
    br_ssl_engine_recvrec_ack(engine(port), n);
    octets = br_ssl_engine_recvapp_buf(engine(port), &room);
    if (octets != NULL) {
        hear(port, (const char *)octets, room);
        br_ssl_engine_recvapp_ack(engine(port), room);
    }
    return n;
}

static size_t take_words(struct port *port, const uint8_t *data, size_t length)
{
    size_t n = 0;

    if (!server_insists(port->server)) {
        n = server_takes(port->server, (const char *)data, length);
    }
    trace(port, "C", (const char *)data, n);
    rule_client_said(port->rule, (const char *)data, n);
    return n;
}

static int write_mishap(struct port *port)
{
    switch (port->mishap) {
    case MISHAP_WRITE_CLOSES:
        fault(port, error_of_end(port), "(closed)");
        port->read_end = STINT_IO_CLOSED;
        port->write_end = STINT_IO_FAILED;
        break;
    case MISHAP_WRITE_FAILS:
        fault(port, STINT_ERROR_IO, "(writing fails)");
        port->read_end = STINT_IO_FAILED;
        port->write_end = STINT_IO_FAILED;
        break;
    default:
        fault(port, STINT_ERROR_TIMEOUT, "(nothing more is taken)");
        port->is_stalled = true;
        port->write_end = STINT_IO_AGAIN;
        break;
    }
    return port->write_end;
}

static bool may_write_go_wrong(const struct port *port)
{
    return port->mishap >= MISHAP_WRITE_CLOSES && port->mishap <= MISHAP_WRITE_STALLS;
}

/* A record may come in the handshake, at the client's turn, and where all is said: close_notify. */
static bool listens_in_tls(const struct port *port)
{
    return port->is_shaking || port->said_goodbye ||
           (server_listens(port->server) && !server_insists(port->server) && port->loaded == 0);
}

/* What TLS sends to a server that has gone is taken and lost: a record in parts means nothing. In
 * clear, what is behind the script's end is not taken, as there every octet counts. */
static bool has_left(const struct port *port)
{
    enum transcript_act act = server_end(port->server);

    return (act == TRANSCRIPT_CLOSED || act == TRANSCRIPT_CUT_OFF || act == TRANSCRIPT_LOST) &&
           !port->said_goodbye && (port->in_tls || port->rule->next == STINT_STAGE_TLS);
}

static int do_write(void *context, const uint8_t *data, size_t length)
{
    struct port *port = context;
    int answer = begin_call(port, CALL_WRITE);
    size_t n = at_most(port, length);

    if (!port->is_open || length == 0) {
        server_objects(port->server, "write without a connection, or of nothing", "", 0);
    }
    if (answer != 0) {
        return answer;
    }
    if (port->write_end != 0) {
        return port->write_end;
    }
    if (may_write_go_wrong(port) && port->up == port->at) {
        return write_mishap(port);
    }
    if (pauses(port, CALL_WRITE)) {
        return STINT_IO_AGAIN;
    }
    shake_hands(port);
    interrupt(port);
    if ((may_write_go_wrong(port) || port->interruption != NULL) && port->at > port->up) {
        n = least(n, port->at - port->up);
    }
    if (has_left(port)) {
        trace(port, "(lost)", "", 0);
    } else if (!port->in_tls) {
        n = take_words(port, data, n);
    } else if (listens_in_tls(port)) {
        n = take_records(port, data, n);
    } else {
        n = 0;
    }
    if (n == 0) {
        port->is_unflushed = false; /* whoever takes no more sends what it has */
        return STINT_IO_AGAIN;
    }
    port->is_unflushed = !has_left(port);
    port->up += n;
    return (int)n;
}

static int do_flush(void *context)
{
    struct port *port = context;
    int answer = begin_call(port, CALL_FLUSH);

    if (!port->is_open) {
        server_objects(port->server, "flush without a connection", "", 0);
    }
    if (answer == STINT_IO_FAILED || port->write_end != 0) {
        port->write_end = STINT_IO_FAILED;
        port->is_lost = true;
        port->is_unflushed = false;
        return STINT_IO_DONE; /* what was written has left, so it must not deny that */
    }
    if (answer != 0) {
        return answer;
    }
    if (pauses(port, CALL_FLUSH)) {
        return STINT_IO_AGAIN;
    }
    port->is_unflushed = false;
    return STINT_IO_DONE;
}

/* ---- Beginning and end ---- */

static int do_open(void *context, const char *host, uint16_t number, uint32_t left_ms)
{
    struct port *port = context;
    int answer;

    (void)host, (void)number, (void)left_ms;
    answer = begin_call(port, CALL_OPEN);
    port->opened = 1;
    if (port->is_open) {
        server_objects(port->server, "opened twice", "", 0);
    }
    if (answer != 0) {
        return answer;
    }
    if (pauses(port, CALL_OPEN)) {
        return STINT_IO_AGAIN;
    }
    port->is_open = true;
    if (port->knows_no_address && port->rule->given->account.ehlo_name == NULL) {
        fault(port, STINT_ERROR_CONFIG, "(an unknown address)");
    } else if (port->rule->security != STINT_SECURITY_IMPLICIT) {
        rule_connected(port->rule);
    }
    return STINT_IO_DONE;
}

static int port_close(void *context)
{
    struct port *port = context;
    int answer = begin_call(port, CALL_CLOSE);

    if (answer != 0 || pauses(port, CALL_CLOSE)) {
        return STINT_IO_AGAIN;
    }
    port->is_open = false;
    port->closed++;
    return STINT_IO_DONE;
}

static const char *port_local_address(void *context)
{
    const struct port *port = context;

    return port->knows_no_address ? NULL : port->rule->given->local_address;
}

/* ---- The calls, with a note of what the client has to wait for ---- */

static int noted(struct port *port, int answer, enum stint_want want)
{
    port->waits |= answer == STINT_IO_AGAIN ? (unsigned)want : 0U;
    return answer;
}

static int port_open(void *context, const char *host, uint16_t number, uint32_t left_ms)
{
    return noted(context, do_open(context, host, number, left_ms), STINT_WANT_WRITE);
}

static int port_read(void *context, uint8_t *buffer, size_t room)
{
    return noted(context, do_read(context, buffer, room), STINT_WANT_READ);
}

static int port_write(void *context, const uint8_t *data, size_t length)
{
    struct port *port = context;
    int answer = do_write(context, data, length);

    rule_keeps(port->rule, answer < 0 || (size_t)answer < length);
    return noted(context, answer, STINT_WANT_WRITE);
}

static int port_flush(void *context)
{
    return noted(context, do_flush(context), STINT_WANT_WRITE);
}

const struct stint_io port_io = {.open = port_open,
                                 .read = port_read,
                                 .write = port_write,
                                 .flush = port_flush,
                                 .close = port_close,
                                 .local_address = port_local_address};

void port_start(struct port *port, struct server *server, struct tls_server *tls, struct rule *rule)
{
    memset(port, 0, sizeof *port);
    port->server = server;
    port->tls = tls;
    port->rule = rule;
}

bool port_has_news(const struct port *port)
{
    enum transcript_act act = server_end(port->server);
    size_t length;

    if (port->can_go_on) {
        return true;
    }
    if (port->is_stalled || port->is_unflushed) {
        return false;
    }
    return has_records(port) || server_words(port->server, &length) != NULL ||
           act == TRANSCRIPT_CLOSED || act == TRANSCRIPT_CUT_OFF || act == TRANSCRIPT_LOST;
}
