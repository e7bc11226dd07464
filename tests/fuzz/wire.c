/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include "stint/client.h"

static bool is_octet(const struct wire *wire)
{
    return wire->script.left > 0 &&
           (*wire->script.octets > EVENT_MAIL || *wire->script.octets == '\0');
}

/* ---- What the server says ---- */

static bool client_is_done(const struct wire *wire)
{
    return !ear_is_between(&wire->rule->ear) && !wire->rule->is_kept;
}

static int end_of_input(struct wire *wire, int status, enum stint_error error)
{
    rule_fault(wire->rule, error);
    return status;
}

/* What read answers because of the event that is next; STINT_IO_DONE if it has passed. */
static int one_event(struct wire *wire)
{
    enum event event = *wire->script.octets;

    switch (event) {
    case EVENT_CLIENT_SAYS:
    case EVENT_CLIENT_IS_DONE:
        if (wire->said == wire->said_before ||
            (event == EVENT_CLIENT_IS_DONE && !client_is_done(wire))) {
            return STINT_IO_AGAIN;
        }
        wire->said_before = wire->said;
        break;
    case EVENT_SILENCE: return STINT_IO_AGAIN;
    case EVENT_CLOSED: return end_of_input(wire, STINT_IO_CLOSED, STINT_ERROR_CLOSED);
    case EVENT_FAILED: return end_of_input(wire, STINT_IO_FAILED, STINT_ERROR_IO);
    case EVENT_ABORT: wire->is_given_up = true; break;
    case EVENT_MINUTE:
        (void)take_octet(&wire->script);
        wire->passed_ms = 60000;
        wire->pace->can_go_on = true;
        return STINT_IO_AGAIN;
    case EVENT_MAIL: wire->wants_mail = true; return STINT_IO_AGAIN;
    default: break;
    }
    (void)take_octet(&wire->script);
    return STINT_IO_DONE;
}

void wire_pass_mail(struct wire *wire)
{
    (void)take_octet(&wire->script);
    wire->wants_mail = false;
}

static int do_read(struct wire *wire, uint8_t *buffer, size_t room)
{
    size_t most;
    size_t n = 0;
    int status;

    PROMISE(wire->open && !wire->closing && room >= 1);
    while (wire->script.left > 0 && !is_octet(wire)) {
        status = one_event(wire);
        if (status != STINT_IO_DONE) {
            return status;
        }
    }
    most = wire->script.left > 0 ? pace_least(pace_move(wire->pace, false), room) : 0;
    while (n < most && is_octet(wire)) {
        buffer[n++] = take_octet(&wire->script);
    }
    if (n == 0) {
        return STINT_IO_AGAIN;
    }
    rule_server_said(wire->rule, (const char *)buffer, n);
    if (wire->script.left > 0 && *wire->script.octets == EVENT_ABORT) {
        (void)one_event(wire); /* at the step that follows, whatever comes of the words */
    }
    return (int)n;
}

/* ---- What the client says ---- */

static int write_fault(struct wire *wire)
{
    if (wire->fails_at == 0 || wire->writes < wire->fails_at) {
        return STINT_IO_DONE;
    }
    if (wire->hangs) {
        return STINT_IO_AGAIN;
    }
    rule_fault(wire->rule, STINT_ERROR_IO);
    return STINT_IO_FAILED;
}

static int do_write(struct wire *wire, const uint8_t *data, size_t length)
{
    size_t n;
    int status;

    PROMISE(wire->open && !wire->closing && length >= 1);
    wire->writes++;
    status = write_fault(wire);
    if (status != STINT_IO_DONE) {
        return status;
    }
    n = pace_least(pace_move(wire->pace, true), length);
    wire->said += n;
    rule_client_said(wire->rule, (const char *)data, n);
    return n > 0 ? (int)n : STINT_IO_AGAIN;
}

/* What was written has left, so a failure is for the next write to tell. */
static int do_flush(struct wire *wire)
{
    PROMISE(wire->open && !wire->closing);
    return pace_move(wire->pace, true) > 0 ? STINT_IO_DONE : STINT_IO_AGAIN;
}

/* ---- Beginning and end ---- */

static int do_open(struct wire *wire)
{
    int status;

    PROMISE(!wire->open && !wire->closing);
    wire->opened = true;
    wire->writes += wire->writes == 0;
    status = write_fault(wire);
    if (status != STINT_IO_DONE) {
        return status;
    }
    if (pace_move(wire->pace, true) == 0) {
        return STINT_IO_AGAIN;
    }
    wire->open = true;
    rule_connected(wire->rule);
    return STINT_IO_DONE;
}

static int port_close(void *context)
{
    struct wire *wire = context;

    PROMISE(wire->opened && !wire->closed);
    wire->closing = true;
    if (pace_move(wire->pace, true) == 0) {
        return STINT_IO_AGAIN;
    }
    wire->closed = true;
    return STINT_IO_DONE;
}

static const char *port_local_address(void *context)
{
    (void)context;
    return "IPv6:2001:db8::1";
}

/* ---- The calls, with a note of what the client has to wait for ---- */

static int noted(struct wire *wire, int answer, enum stint_want want)
{
    wire->waits |= answer == STINT_IO_AGAIN ? (unsigned)want : 0U;
    return answer;
}

static int port_open(void *context, const char *host, uint16_t port, uint32_t left_ms)
{
    struct wire *wire = context;

    const struct stint_account *given = &wire->rule->given->account;

    PROMISE(strcmp(host, given->host) == 0 && port == given->port && left_ms <= 60000);
    return noted(wire, do_open(wire), STINT_WANT_WRITE);
}

static int port_read(void *context, uint8_t *buffer, size_t room)
{
    struct wire *wire = context;

    rule_hears_on(wire->rule);
    return noted(wire, do_read(wire, buffer, room), STINT_WANT_READ);
}

static int port_write(void *context, const uint8_t *data, size_t length)
{
    struct wire *wire = context;
    int answer;

    rule_hears_on(wire->rule);
    answer = do_write(wire, data, length);
    rule_keeps(wire->rule, answer < 0 || (size_t)answer < length);
    return noted(wire, answer, STINT_WANT_WRITE);
}

static int port_flush(void *context)
{
    return noted(context, do_flush(context), STINT_WANT_WRITE);
}

const struct stint_io wire_io = {port_open,  port_read,  port_write,
                                 port_flush, port_close, port_local_address};
