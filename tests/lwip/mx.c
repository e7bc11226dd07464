/* SPDX-License-Identifier: MIT */
#include "mx.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

extern uint32_t clock_ms;

void mx_set_up(struct mx *mx, bool v6)
{
    struct sockaddr_in6 loopback_v6 = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
    struct sockaddr_in loopback = {.sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr *address = v6 ? (void *)&loopback_v6 : (void *)&loopback;
    socklen_t length = v6 ? sizeof loopback_v6 : sizeof loopback;
    int status;

    memset(mx, 0, sizeof *mx);
    mx->socket = mx->kept = -1;
    mx->listener = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert(mx->listener >= 0);
    status = bind(mx->listener, address, length);
    assert(status == 0);
    status = listen(mx->listener, 8);
    assert(status == 0);
    status = getsockname(mx->listener, address, &length);
    assert(status == 0);
    mx->port = ntohs(v6 ? loopback_v6.sin6_port : loopback.sin_port);
}

void mx_hang_up(struct mx *mx, enum mx_end end)
{
    const struct linger reset = {.l_onoff = 1, .l_linger = 0};

    if (mx->socket < 0) {
        return;
    }
    if (end == MX_RESETS) {
        (void)setsockopt(mx->socket, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
    close(mx->socket);
    mx->socket = -1;
}

static void close_kept(struct mx *mx)
{
    if (mx->kept >= 0) {
        close(mx->kept);
    }
}

void mx_tear_down(struct mx *mx)
{
    mx_hang_up(mx, MX_RESETS);
    close_kept(mx);
    close(mx->listener);
}

void mx_start(struct mx *mx)
{
    const int listener = mx->listener;
    const uint16_t port = mx->port;

    mx_hang_up(mx, MX_RESETS);
    close_kept(mx);
    memset(mx, 0, offsetof(struct mx, tls));
    mx->listener = listener;
    mx->port = port;
    mx->socket = mx->kept = -1;
}

/* ---- What it says ---- */

static void say(struct mx *mx, const char *words)
{
    size_t length = strlen(words);

    assert(length <= sizeof mx->words - mx->to_say);
    memcpy(mx->words + mx->to_say, words, length);
    mx->to_say += length;
}

static void say_hello(struct mx *mx)
{
    char line[80];

    say(mx, mx->pipelining ? "250-mx\r\n250-PIPELINING\r\n" : "250-mx\r\n");
    for (unsigned i = 0; i < mx->ehlo_lines; i++) {
        snprintf(line, sizeof line, "250-X-LINE-%u which nobody has to understand\r\n", i);
        say(mx, line);
    }
    say(mx, mx->in_tls ? "250 SIZE\r\n" : "250-STARTTLS\r\n250 SIZE\r\n");
}

static void answer(struct mx *mx, const char *line)
{
    if (strncmp(line, "EHLO ", 5) == 0) {
        snprintf(mx->hello, sizeof mx->hello, "%s", line);
        say_hello(mx);
    } else if (strcmp(line, "STARTTLS\r\n") == 0 && !mx->in_tls) {
        say(mx, "220 go\r\n");
        mx->starts_tls = true;
    } else if (strcmp(line, "DATA\r\n") == 0) {
        say(mx, "354 go\r\n");
        mx->in_content = true;
        mx->content_since = clock_ms;
        mx->message_length = 0;
    } else if (strcmp(line, "QUIT\r\n") == 0) {
        say(mx, "221 bye\r\n");
        mx->quits = true;
    } else if (strncmp(line, "MAIL FROM:<", 11) == 0 || strncmp(line, "RCPT TO:<", 9) == 0) {
        say(mx, "250 ok\r\n");
    } else {
        say(mx, "500 what?\r\n");
    }
}

static void take_content(struct mx *mx, const char *line, size_t length)
{
    if (strcmp(line, ".\r\n") == 0) {
        mx->in_content = false;
        mx->accepted++;
        mx->end = mx->after_dot;
        say(mx, "250 kept\r\n");
        return;
    }
    assert(length <= sizeof mx->message - mx->message_length);
    memcpy(mx->message + mx->message_length, line, length);
    mx->message_length += length;
}

static void hear(struct mx *mx, const char *octets, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        assert(mx->line_length < sizeof mx->line - 1);
        mx->line[mx->line_length++] = octets[i];
        if (octets[i] != '\n') {
            continue;
        }
        mx->line[mx->line_length] = '\0';
        if (mx->in_content) {
            take_content(mx, mx->line, mx->line_length);
        } else {
            answer(mx, mx->line);
        }
        mx->line_length = 0;
    }
}

/* ---- Its socket ---- */

static void accept_next(struct mx *mx)
{
    const int on = 1;

    mx->socket = accept4(mx->listener, NULL, NULL, SOCK_NONBLOCK);
    if (mx->socket < 0) {
        return;
    }
    (void)setsockopt(mx->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    mx->connections++;
    mx->in_tls = mx->starts_tls = mx->in_content = mx->quits = false;
    mx->line_length = mx->said = mx->to_say = 0;
    mx->end = MX_STAYS;
    mx->ended[0] = '\0';
    if (!mx->is_mute) {
        say(mx, mx->greeting != NULL ? mx->greeting : "220 mx\r\n");
    }
}

/* Returns how many octets, 0 for none now, -1 when the client has ended. */
static ssize_t receive(struct mx *mx, void *octets, size_t room)
{
    ssize_t got = recv(mx->socket, octets, room, 0);

    if (got > 0) {
        return got;
    }
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        return 0;
    }
    strcpy(mx->ended, got == 0 ? "fin" : "reset");
    return -1;
}

static size_t transmit(struct mx *mx, const void *octets, size_t length)
{
    ssize_t sent = send(mx->socket, octets, length, MSG_NOSIGNAL);

    return sent > 0 ? (size_t)sent : 0;
}

static bool run_clear(struct mx *mx)
{
    char octets[2000];
    ssize_t got = receive(mx, octets, sizeof octets);
    size_t sent;

    if (got > 0) {
        hear(mx, octets, (size_t)got);
    }
    sent = transmit(mx, mx->words + mx->said, mx->to_say - mx->said);
    mx->said += sent;
    if (mx->starts_tls && mx->said == mx->to_say) {
        mx->starts_tls = false;
        mx->in_tls = true;
        tls_server_start(&mx->tls);
    }
    return got != 0 || sent > 0;
}

static bool run_tls(struct mx *mx)
{
    br_ssl_engine_context *engine = &mx->tls.context.eng;
    bool moved = false;
    unsigned char *octets;
    size_t length;
    ssize_t got;

    octets = br_ssl_engine_sendrec_buf(engine, &length);
    if (octets != NULL && (length = transmit(mx, octets, length)) > 0) {
        br_ssl_engine_sendrec_ack(engine, length);
        moved = true;
    }
    octets = br_ssl_engine_recvrec_buf(engine, &length);
    if (octets != NULL && (got = receive(mx, octets, length)) != 0) {
        moved = true;
        if (got > 0) {
            br_ssl_engine_recvrec_ack(engine, (size_t)got);
        }
    }
    octets = br_ssl_engine_recvapp_buf(engine, &length);
    if (octets != NULL) {
        hear(mx, (const char *)octets, length);
        br_ssl_engine_recvapp_ack(engine, length);
        moved = true;
    }
    octets = br_ssl_engine_sendapp_buf(engine, &length);
    if (octets != NULL && mx->said < mx->to_say) {
        length = length < mx->to_say - mx->said ? length : mx->to_say - mx->said;
        memcpy(octets, mx->words + mx->said, length);
        br_ssl_engine_sendapp_ack(engine, length);
        br_ssl_engine_flush(engine, 0);
        mx->said += length;
        moved = true;
    }
    if (br_ssl_engine_current_state(engine) == BR_SSL_CLOSED && mx->ended[0] == '\0') {
        strcpy(mx->ended, "closed");
    }
    return moved;
}

static bool has_said_all(const struct mx *mx)
{
    size_t length;

    return mx->said == mx->to_say &&
           (!mx->in_tls || br_ssl_engine_sendrec_buf(&mx->tls.context.eng, &length) == NULL);
}

bool mx_run(struct mx *mx)
{
    bool moved;

    if (mx->socket < 0) {
        accept_next(mx);
        return mx->socket >= 0;
    }
    if (mx->in_content && mx->leaves_ms > 0 && clock_ms - mx->content_since >= mx->leaves_ms) {
        mx->leaves_ms = 0;
        say(mx, "421 too slow\r\n");
    }
    moved = mx->in_tls ? run_tls(mx) : run_clear(mx);
    if (mx->ended[0] != '\0') {
        if (mx->keeps_open && mx->kept < 0) {
            mx->kept = mx->socket;
            mx->socket = -1;
        }
        mx_hang_up(mx, MX_CLOSES);
        return true;
    }
    if (has_said_all(mx) && mx->to_say > 0 && (mx->end != MX_STAYS || mx->quits)) {
        mx_hang_up(mx, mx->quits ? MX_CLOSES : mx->end);
        return true;
    }
    return moved;
}
