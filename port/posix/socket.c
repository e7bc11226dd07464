/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "stint_posix.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "resolve.h"
#include "state.h"

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* then there is SO_NOSIGPIPE */
#endif

#ifndef IPPORT_RESERVED
#define IPPORT_RESERVED 1024
#endif

#define UNSENT_MAX 65536 /* octets that the kernel may keep and not have sent */

/* What is known of the input without asking the kernel. Whoever was told that there is none may
 * wait for some: what he asks next is looked up, unless he sent something first. */
enum {
    INPUT_UNKNOWN = 0,
    INPUT_DRAINED, /* the last recv brought all there was, and nobody was told that it is all */
    INPUT_TOLD,    /* somebody was */
    INPUT_QUIET    /* he then sent something: the answer comes a round trip later */
};

/* ---- Opening ---- */

static void drop_addresses(struct stint_posix *port)
{
    if (port->addresses != NULL) {
        freeaddrinfo(port->addresses);
    }
    port->addresses = NULL;
    port->next = NULL;
}

static void begin_open(struct stint_posix *port, const char *host, uint16_t number)
{
    port->failed_errno = 0;
    port->failed_eai = 0;
    memset(&port->peer, 0, sizeof port->peer);
    port->peer_length = 0;

    if (stint_posix_read_address(host, number, &port->numeric, &port->numeric_address)) {
        port->next = &port->numeric;
        port->open_state = STATE_TRYING;
        return;
    }
    port->resolver = stint_posix_resolver_start(host, number);
    if (port->resolver == NULL) {
        port->failed_errno = errno;
    }
    port->open_state = port->resolver != NULL ? STATE_RESOLVING : STATE_FAILED;
}

static void await_addresses(struct stint_posix *port, uint32_t left_ms)
{
    struct stint_posix_resolved resolved;

    if (!stint_posix_resolver_finish(port->resolver, &resolved)) {
        /* That no time is left is the caller's to declare; here it is only explained. */
        port->failed_eai = left_ms == 0 ? EAI_AGAIN : 0;
        return;
    }
    port->resolver = NULL;
    port->failed_eai = resolved.eai;
    if (resolved.eai == 0) {
        port->addresses = resolved.addresses;
        port->next = resolved.addresses;
        port->open_state = STATE_TRYING;
        return;
    }
    if (resolved.eai == EAI_SYSTEM) {
        port->failed_errno = resolved.error;
    }
    port->open_state = STATE_FAILED;
}

static int create_socket(int family)
{
#if defined(SOCK_NONBLOCK) && defined(SOCK_CLOEXEC)
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
#else
    int descriptor = socket(family, SOCK_STREAM, IPPROTO_TCP);
#ifdef SO_NOSIGPIPE
    const int on = 1;

    (void)setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif

    (void)fcntl(descriptor, F_SETFD, FD_CLOEXEC); /* nothing of the kind where nobody has exec */
    if (descriptor >= 0 && fcntl(descriptor, F_SETFL, O_NONBLOCK) < 0) {
        int error = errno;

        close(descriptor);
        errno = error;
        return -1;
    }
    return descriptor;
#endif
}

static void attempt_failed(struct stint_posix *port, int error)
{
    close(port->descriptor);
    port->failed_errno = error;
    port->open_state = STATE_TRYING;
}

/* The next address, with its share of the time that is left. */
static const struct addrinfo *take_address(struct stint_posix *port, uint32_t left_ms)
{
    const struct addrinfo *address = port->next;
    uint32_t count = 0;

    for (const struct addrinfo *each = address; each != NULL; each = each->ai_next) {
        count++;
    }
    port->next = address->ai_next;
    port->attempt_ends_ms = left_ms - left_ms / count;
    port->attempt_ends_at = stint_posix_clock_ms() + left_ms / count;
    return address;
}

/* Returns 0 when the attempt is under way, or errno. */
static int begin_connect(struct stint_posix *port, const struct addrinfo *address)
{
    int error;

    port->descriptor = create_socket(address->ai_family);
    if (port->descriptor < 0) {
        return errno;
    }
    /* Interrupted by a signal, it goes on as if it had not been (POSIX connect, EINTR). */
    if (connect(port->descriptor, address->ai_addr, address->ai_addrlen) == 0 ||
        errno == EINPROGRESS || errno == EINTR) {
        return 0;
    }
    error = errno;
    close(port->descriptor);
    return error;
}

static void begin_attempt(struct stint_posix *port, uint32_t left_ms)
{
    const struct addrinfo *address = take_address(port, left_ms);
    int error = begin_connect(port, address);

    /* That this host has no IPv6, say, is of no interest where an IPv4 address was refused. */
    if (port->failed_errno != 0 && (error == ENETUNREACH || error == EAFNOSUPPORT)) {
        return;
    }
    memcpy(&port->peer, address->ai_addr, address->ai_addrlen);
    port->peer_length = address->ai_addrlen;
    port->failed_errno = error;
    if (error == 0) {
        port->open_state = STATE_CONNECTING;
    }
}

static bool same_address(const struct sockaddr_storage *one, const struct sockaddr_storage *other)
{
    const struct sockaddr_in *v4 = (const void *)one, *other_v4 = (const void *)other;
    const struct sockaddr_in6 *v6 = (const void *)one, *other_v6 = (const void *)other;

    if (one->ss_family == AF_INET6) {
        return v6->sin6_port == other_v6->sin6_port &&
               memcmp(&v6->sin6_addr, &other_v6->sin6_addr, sizeof v6->sin6_addr) == 0;
    }
    return v4->sin_port == other_v4->sin_port && v4->sin_addr.s_addr == other_v4->sin_addr.s_addr;
}

static bool is_reserved(const struct sockaddr_storage *address)
{
    const struct sockaddr_in *v4 = (const void *)address;
    const struct sockaddr_in6 *v6 = (const void *)address;

    return ntohs(address->ss_family == AF_INET6 ? v6->sin6_port : v4->sin_port) < IPPORT_RESERVED;
}

/* Where a port of this host that nobody listens at was chosen for our end, too, TCP connects it to
 * itself. A reserved one is not chosen. */
static bool is_own_peer(const struct stint_posix *port, const struct sockaddr_storage *peer)
{
    struct sockaddr_storage local;
    socklen_t length = sizeof local;

    return !is_reserved(peer) &&
           getsockname(port->descriptor, (struct sockaddr *)&local, &length) == 0 &&
           same_address(&local, peer);
}

static void finish_attempt(struct stint_posix *port, const struct sockaddr_storage *peer)
{
    if (is_own_peer(port, peer)) {
        attempt_failed(port, ECONNREFUSED);
        return;
    }
    drop_addresses(port);
    port->input = INPUT_DRAINED;
    port->open_state = STATE_OPEN;
}

/* The last address's share is all the time there was. That none is left is the caller's to declare;
 * here it is only explained. */
static void attempt_is_late(struct stint_posix *port)
{
    if (port->next != NULL) {
        attempt_failed(port, ETIMEDOUT);
    } else {
        port->failed_errno = ETIMEDOUT;
    }
}

/* The socket is connected if the other end has an address. If not, the kernel knows why, or will.
 */
static void await_attempt(struct stint_posix *port, uint32_t left_ms)
{
    struct sockaddr_storage peer;
    socklen_t peer_length = sizeof peer;
    int error = 0;
    socklen_t length = sizeof error;

    if (getpeername(port->descriptor, (struct sockaddr *)&peer, &peer_length) == 0) {
        finish_attempt(port, &peer);
        return;
    }
    if (errno != ENOTCONN ||
        getsockopt(port->descriptor, SOL_SOCKET, SO_ERROR, &error, &length) < 0) {
        error = errno;
    }
    if (error != 0) {
        attempt_failed(port, error);
    } else if (left_ms <= port->attempt_ends_ms) {
        attempt_is_late(port);
    }
}

static int posix_open(void *context, const char *host, uint16_t number, uint32_t left_ms)
{
    struct stint_posix *port = context;

    if (port->open_state == STATE_CLOSED) {
        begin_open(port, host, number);
    }
    if (port->open_state == STATE_RESOLVING) {
        await_addresses(port, left_ms);
    }
    if (port->open_state == STATE_CONNECTING) {
        await_attempt(port, left_ms);
    }
    while (port->open_state == STATE_TRYING && port->next != NULL) {
        begin_attempt(port, left_ms);
    }
    if (port->open_state == STATE_TRYING) {
        drop_addresses(port);
        port->open_state = STATE_FAILED;
    }
    if (port->open_state == STATE_FAILED) {
        return STINT_IO_FAILED;
    }
    return port->open_state == STATE_OPEN ? STINT_IO_DONE : STINT_IO_AGAIN;
}

/* ---- Receiving ---- */

/* The input has come to its end. The kernel tells an error once; where sending was told, what shows
 * here as the peer's end is that error's. But EPIPE says that the peer had ended its side first. */
static int end_input(struct stint_posix *port, int error)
{
    if (error == 0 && port->write_errno != 0 && port->write_errno != EPIPE) {
        error = port->write_errno;
    }
    if (error != 0) {
        port->failed_errno = error;
    }
    port->read_status = error != 0 ? STINT_IO_FAILED : STINT_IO_CLOSED;
    return port->read_status;
}

/* Is it known, and was it not told just before, that there is nothing to receive? */
static bool finds_nothing(struct stint_posix *port)
{
    bool drained = port->input == INPUT_DRAINED;

    if ((!drained && port->input != INPUT_QUIET) || port->write_errno != 0) {
        return false;
    }
    port->input = drained ? INPUT_TOLD : INPUT_UNKNOWN;
    return true;
}

/* One recv, or none where it would find nothing. */
static int receive(struct stint_posix *port, uint8_t *buffer, size_t room)
{
    ssize_t got;

    if (finds_nothing(port)) {
        return STINT_IO_AGAIN;
    }
    do {
        got = recv(port->descriptor, buffer, room, 0);
    } while (got < 0 && errno == EINTR);
    if (got > 0) {
        port->input = (size_t)got < room ? INPUT_DRAINED : INPUT_UNKNOWN;
        return (int)got;
    }
    port->input = INPUT_TOLD;
    if (got == 0) {
        return end_input(port, 0);
    }
    if (errno != EAGAIN && errno != EWOULDBLOCK) {
        return end_input(port, errno);
    }
    /* What arrived before the connection broke would be here. */
    return port->write_errno != 0 ? end_input(port, port->write_errno) : STINT_IO_AGAIN;
}

static int posix_read(void *context, uint8_t *buffer, size_t room)
{
    struct stint_posix *port = context;
    size_t length;

    if (port->open_state != STATE_OPEN) {
        return STINT_IO_FAILED;
    }
    if (port->read_start == port->read_end) {
        int got;

        if (port->read_status != 0) {
            return port->read_status;
        }
        if (room >= sizeof port->read_ahead) {
            return receive(port, buffer, room < INT_MAX ? room : INT_MAX);
        }
        got = receive(port, port->read_ahead, sizeof port->read_ahead);
        if (got < 0) {
            return got;
        }
        port->read_start = 0;
        port->read_end = (size_t)got;
    }
    length = port->read_end - port->read_start;
    if (length > room) {
        length = room;
    }
    memcpy(buffer, port->read_ahead + port->read_start, length);
    port->read_start += length;
    return (int)length;
}

/* ---- Sending ---- */

/* Send what was gathered, and `data` behind it. Returns how many octets of `data` went, AGAIN if
 * not even the gathered ones all did, or FAILED. */
static int transmit(struct stint_posix *port, const uint8_t *data, size_t length)
{
    struct iovec pieces[2] = {{port->gather, port->gathered}, {(void *)data, length}};
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = 2};
    ssize_t sent;

    do {
        sent = sendmsg(port->descriptor, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        port->input = INPUT_UNKNOWN; /* by the time there is room */
        return STINT_IO_AGAIN;
    }
    port->sent_some = port->sent_some || sent > 0;
    if (sent < 0) {
        port->write_errno = errno;
        port->failed_errno = errno;
        return STINT_IO_FAILED;
    }
    if ((size_t)sent < port->gathered) {
        port->gathered -= (size_t)sent;
        memmove(port->gather, port->gather + sent, port->gathered);
        return STINT_IO_AGAIN;
    }
    sent -= (ssize_t)port->gathered;
    port->gathered = 0;
    return (int)sent;
}

/* For a flight of more than one write. It is gathered here, by those who know when it ends; Nagle's
 * gathering would only add delay. And the wait for a reply begins when the kernel has taken the
 * command: so it must not take megabytes that a slow network has yet to carry. */
static void be_stream(struct stint_posix *port)
{
    const int on = 1;
#ifdef TCP_NOTSENT_LOWAT
    const int unsent = UNSENT_MAX;

    (void)setsockopt(port->descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
#endif
    (void)setsockopt(port->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    port->is_stream = true;
}

static int posix_write(void *context, const uint8_t *data, size_t length)
{
    struct stint_posix *port = context;
    int sent;

    if (port->open_state != STATE_OPEN || port->write_errno != 0) {
        return STINT_IO_FAILED;
    }
    if (length <= sizeof port->gather - port->gathered) {
        memcpy(port->gather + port->gathered, data, length);
        port->gathered += length;
        return (int)length;
    }
    if (!port->is_stream) {
        be_stream(port);
    }
    sent = transmit(port, data, length < INT_MAX / 2 ? length : INT_MAX / 2);
    return sent != 0 ? sent : STINT_IO_AGAIN;
}

/* Failed for sure only if the kernel took nothing of it; what it did take may have arrived. */
static int posix_flush(void *context)
{
    struct stint_posix *port = context;
    int sent = port->open_state == STATE_OPEN && port->write_errno == 0 ? 0 : STINT_IO_FAILED;

    if (sent == 0 && port->gathered > 0) {
        sent = transmit(port, NULL, 0);
    }
    if (sent < 0) {
        return sent == STINT_IO_FAILED && port->sent_some ? STINT_IO_DONE : sent;
    }
    if (port->sent_some && port->input != INPUT_UNKNOWN) {
        port->input = INPUT_QUIET;
    }
    port->sent_some = false;
    return STINT_IO_DONE;
}

/* ---- Closing, and the rest of the interface ---- */

static int posix_close(void *context)
{
    struct stint_posix *port = context;

    if (port->resolver != NULL) {
        stint_posix_resolver_abandon(port->resolver);
    }
    port->resolver = NULL;
    drop_addresses(port);
    if (port->open_state == STATE_CONNECTING || port->open_state == STATE_OPEN) {
        close(port->descriptor);
    }
    port->open_state = STATE_CLOSED;
    port->read_status = 0;
    port->write_errno = 0;
    port->input = INPUT_UNKNOWN;
    port->read_start = 0;
    port->read_end = 0;
    port->gathered = 0;
    port->sent_some = false;
    port->is_stream = false;
    return STINT_IO_DONE;
}

static const char *posix_local_address(void *context)
{
    static const char tag[] = "IPv6:";
    struct stint_posix *port = context;
    struct sockaddr_storage local;
    const struct sockaddr_in *v4 = (const void *)&local;
    const struct sockaddr_in6 *v6 = (const void *)&local;
    socklen_t length = sizeof local;

    if (port->open_state != STATE_OPEN ||
        getsockname(port->descriptor, (struct sockaddr *)&local, &length) < 0) {
        return NULL;
    }
    if (local.ss_family == AF_INET) {
        return inet_ntop(AF_INET, &v4->sin_addr, port->local, sizeof port->local);
    }
    memcpy(port->local, tag, sizeof tag);
    return inet_ntop(AF_INET6, &v6->sin6_addr, port->local + sizeof tag - 1,
                     sizeof port->local - sizeof tag + 1) != NULL
               ? port->local
               : NULL;
}

const struct stint_io stint_posix_io = {
    .open = posix_open,
    .read = posix_read,
    .write = posix_write,
    .flush = posix_flush,
    .close = posix_close,
    .local_address = posix_local_address,
};
