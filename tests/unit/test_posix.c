/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

/* The POSIX port: sockets on loopback, look-ups, clocks and randomness, trust anchors. Names are
 * resolved by the getaddrinfo below, so that no query leaves this program; and what the kernel does
 * only now and then, the calls behind it do on demand. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "stint_posix.h"

#define PATIENCE_MS 10000 /* far more than anything here takes */

/* ---- A resolver of our own ---- */

struct name {
    const char *name;
    const char *addresses[3]; /* "?" stands for an address of a family that no system has */
    int eai;
};

static const struct name names[] = {
    {"one.test", {"127.0.0.1"}, 0},
    {"two.test", {"127.0.0.2", "127.0.0.1"}, 0},
    {"three.test", {"127.0.0.3", "127.0.0.2", "127.0.0.1"}, 0},
    {"strange.test", {"127.0.0.1", "?", "255.255.255.255"}, 0}, /* TCP cannot broadcast */
    {"slow.test", {"127.0.0.1"}, 0},
    {"nowhere.test", {NULL}, EAI_NONAME},
    {"broken.test", {NULL}, EAI_SYSTEM},
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t caller; /* who runs the tests */
    bool held;        /* look-ups of slow.test do not return */
    int under_way;    /* of them */
    int lists;        /* not yet freed */
    bool in_caller;   /* what was seen during the last look-up of a name */
    bool signals_open;
    bool addrconfig;
} resolver = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static struct addrinfo *make_address(const char *text, const char *service)
{
    struct addrinfo *made = calloc(1, sizeof *made + sizeof(struct sockaddr_storage));
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    uint16_t port = htons((uint16_t)atoi(service));

    made->ai_addr = (void *)(made + 1);
    made->ai_socktype = SOCK_STREAM;
    made->ai_protocol = IPPROTO_TCP;
    if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1) {
        v6.sin6_port = port;
        made->ai_family = AF_INET6;
        made->ai_addrlen = sizeof v6;
        memcpy(made->ai_addr, &v6, sizeof v6);
    } else if (inet_pton(AF_INET, text, &v4.sin_addr) == 1 || *text == '?') {
        v4.sin_port = port;
        made->ai_family = *text == '?' ? 12345 : AF_INET;
        made->ai_addrlen = sizeof v4;
        memcpy(made->ai_addr, &v4, sizeof v4);
    } else {
        free(made);
        return NULL;
    }
    return made;
}

static void count_list(int by)
{
    pthread_mutex_lock(&resolver.lock);
    resolver.lists += by;
    pthread_mutex_unlock(&resolver.lock);
}

static void watch_look_up(const struct addrinfo *hints)
{
    sigset_t blocked;

    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    pthread_mutex_lock(&resolver.lock);
    resolver.in_caller = pthread_equal(pthread_self(), resolver.caller) != 0;
    resolver.signals_open = !sigismember(&blocked, SIGINT) || !sigismember(&blocked, SIGALRM);
    resolver.addrconfig = (hints->ai_flags & AI_ADDRCONFIG) != 0;
    pthread_mutex_unlock(&resolver.lock);
}

static void be_slow(void)
{
    pthread_mutex_lock(&resolver.lock);
    resolver.under_way++;
    pthread_cond_broadcast(&resolver.changed);
    while (resolver.held) {
        pthread_cond_wait(&resolver.changed, &resolver.lock);
    }
    resolver.under_way--;
    pthread_cond_broadcast(&resolver.changed);
    pthread_mutex_unlock(&resolver.lock);
}

static int answer(const struct name *name, const char *service, struct addrinfo **result)
{
    struct addrinfo **end = result;

    for (size_t i = 0; i < 3 && name->addresses[i] != NULL; i++) {
        *end = make_address(name->addresses[i], service);
        end = &(*end)->ai_next;
    }
    if (name->eai == 0) {
        count_list(1);
    }
    errno = ENETDOWN;
    return name->eai;
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **result)
{
    if (hints->ai_flags & AI_NUMERICHOST) {
        *result = make_address(node, service);
        count_list(*result != NULL ? 1 : 0);
        return *result != NULL ? 0 : EAI_NONAME;
    }
    watch_look_up(hints);
    if (strcmp(node, "slow.test") == 0) {
        be_slow();
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(node, names[i].name) == 0) {
            return answer(&names[i], service, result);
        }
    }
    return EAI_NONAME;
}

void freeaddrinfo(struct addrinfo *list)
{
    while (list != NULL) {
        struct addrinfo *next = list->ai_next;

        free(list);
        list = next;
    }
    count_list(-1);
}

static void hold_look_ups(bool held)
{
    pthread_mutex_lock(&resolver.lock);
    resolver.held = held;
    pthread_cond_broadcast(&resolver.changed);
    pthread_mutex_unlock(&resolver.lock);
}

/* Wait until `count` look-ups of slow.test are under way. */
static void await_look_ups(int count)
{
    pthread_mutex_lock(&resolver.lock);
    while (resolver.under_way != count) {
        pthread_cond_wait(&resolver.changed, &resolver.lock);
    }
    pthread_mutex_unlock(&resolver.lock);
}

/* How many lists of addresses were not given back. */
static int lists_alive(void)
{
    int lists;

    pthread_mutex_lock(&resolver.lock);
    lists = resolver.lists;
    pthread_mutex_unlock(&resolver.lock);
    return lists;
}

/* Let the `count` look-ups that are held, and abandoned, end. */
static void end_look_ups(int count)
{
    await_look_ups(count);
    hold_look_ups(false);
    await_look_ups(0);
    for (int i = 0; i < PATIENCE_MS && lists_alive() != 0; i++) {
        (void)poll(NULL, 0, 1);
    }
    assert_int_equal(lists_alive(), 0);
}

/* ---- A kernel of our own ---- */

static struct {
    size_t most;       /* octets that sendmsg and getrandom take and give at once; 0: all */
    int interrupted;   /* how many calls end with EINTR */
    int failure;       /* what sendmsg and getrandom fail with; 0: they do not */
    uint16_t our_port; /* what new sockets are bound to; 0: nothing */
    int sends, recvs;  /* how many calls there were */
} kernel;

static bool does_not_work(void)
{
    if (kernel.interrupted > 0) {
        kernel.interrupted--;
        errno = EINTR;
        return true;
    }
    errno = kernel.failure;
    return kernel.failure != 0;
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags)
{
    static uint8_t octets[65536];
    size_t length = 0;

    kernel.sends++;
    if (does_not_work()) {
        return -1;
    }
    for (size_t i = 0; i < (size_t)message->msg_iovlen; i++) {
        size_t more = message->msg_iov[i].iov_len;

        more = more < sizeof octets - length ? more : sizeof octets - length;
        if (more > 0) {
            memcpy(octets + length, message->msg_iov[i].iov_base, more);
        }
        length += more;
    }
    if (kernel.most > 0 && length > kernel.most) {
        length = kernel.most;
    }
    return send(descriptor, octets, length, flags);
}

ssize_t recv(int descriptor, void *buffer, size_t room, int flags)
{
    kernel.recvs++;
    if (kernel.failure == 0 && does_not_work()) {
        return -1;
    }
    return recvfrom(descriptor, buffer, room, flags, NULL, NULL);
}

ssize_t getrandom(void *buffer, size_t length, unsigned flags)
{
    if (does_not_work()) {
        return -1;
    }
    if (kernel.most > 0 && length > kernel.most) {
        length = kernel.most;
    }
    return syscall(SYS_getrandom, buffer, length, flags);
}

int socket(int family, int type, int protocol)
{
    struct sockaddr_in ours = {.sin_family = AF_INET, .sin_port = htons(kernel.our_port)};
    int descriptor = (int)syscall(SYS_socket, family, type, protocol);

    ours.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (kernel.our_port != 0) {
        assert_int_equal(bind(descriptor, (struct sockaddr *)&ours, sizeof ours), 0);
    }
    return descriptor;
}

static void kernel_is_normal(void)
{
    memset(&kernel, 0, sizeof kernel);
}

/* ---- A server by hand ---- */

static void pause_1ms(void)
{
    (void)poll(NULL, 0, 1);
}

/* Listen at `text`, at `*number` or, if that is 0, at a free port that is put there. Returns the
 * descriptor, or -1. */
static int listen_at(const char *text, uint16_t *number, int backlog)
{
    char service[8];
    struct addrinfo *address;
    struct sockaddr_storage bound;
    socklen_t length = sizeof bound;
    const int on = 1;
    int listener;

    snprintf(service, sizeof service, "%u", (unsigned)*number);
    address = make_address(text, service);
    listener = socket(address->ai_family, SOCK_STREAM, 0);
    (void)setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, address->ai_addr, address->ai_addrlen) < 0 ||
        listen(listener, backlog) < 0) {
        close(listener);
        listener = -1;
    } else if (getsockname(listener, (struct sockaddr *)&bound, &length) == 0) {
        *number = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                                    : ((struct sockaddr_in *)&bound)->sin_port);
    }
    free(address);
    return listener;
}

/* A port that nobody listens at: bound, so that nobody else gets it, but not listening. */
static int occupy(uint16_t *number)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);

    assert_int_equal(bind(descriptor, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(descriptor, (struct sockaddr *)&address, &length), 0);
    *number = ntohs(address.sin_port);
    return descriptor;
}

static int open_fully(struct stint_posix *port, const char *host, uint16_t number)
{
    int status = STINT_IO_AGAIN;

    for (int left = PATIENCE_MS; left > 0 && status == STINT_IO_AGAIN; left--) {
        status = stint_posix_io.open(port, host, number, (uint32_t)left);
        if (status == STINT_IO_AGAIN) {
            pause_1ms();
        }
    }
    return status;
}

/* What most tests need: a port that is connected to a server. */
struct link {
    struct stint_posix port;
    int listener;
    int peer;
    uint16_t number;
};

static int link_up(void **state)
{
    static struct link link;

    kernel_is_normal();
    memset(&link, 0, sizeof link);
    link.listener = listen_at("127.0.0.1", &link.number, 5);
    if (open_fully(&link.port, "127.0.0.1", link.number) != STINT_IO_DONE) {
        return -1;
    }
    link.peer = accept(link.listener, NULL, NULL);
    *state = &link;
    return link.peer < 0 ? -1 : 0;
}

static int link_down(void **state)
{
    struct link *link = *state;
    int left_open;

    kernel_is_normal();
    stint_posix_io.close(&link->port);
    left_open = fcntl(link->port.descriptor, F_GETFD) != -1;
    close(link->peer);
    close(link->listener);
    return left_open;
}

static void reset_by(int descriptor)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    (void)setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(descriptor);
}

/* Octets that tell where they belong. */
static uint8_t pattern(size_t at)
{
    return (uint8_t)(at * 31 + (at >> 8));
}

/* Read in pieces of `piece` octets until something else than octets or AGAIN comes; returns that.
 * `*total` is how many came; they must be the pattern. */
static int read_fully(struct stint_posix *port, size_t piece, size_t *total)
{
    static uint8_t buffer[16384];
    int got = STINT_IO_AGAIN;

    *total = 0;
    for (int tries = 0; tries < PATIENCE_MS && (got > 0 || got == STINT_IO_AGAIN); tries++) {
        got = stint_posix_io.read(port, buffer, piece);
        for (int i = 0; i < got; i++) {
            assert_int_equal(buffer[i], pattern(*total + (size_t)i));
        }
        *total += got > 0 ? (size_t)got : 0;
        if (got == STINT_IO_AGAIN) {
            pause_1ms();
        } else {
            tries = 0;
        }
    }
    return got;
}

static int read_some(struct stint_posix *port, void *buffer, size_t room)
{
    int got = STINT_IO_AGAIN;

    for (int tries = 0; tries < PATIENCE_MS && got == STINT_IO_AGAIN; tries++) {
        got = stint_posix_io.read(port, buffer, room);
        if (got == STINT_IO_AGAIN) {
            pause_1ms();
        }
    }
    return got;
}

static void send_pattern(int descriptor, size_t length)
{
    static uint8_t octets[16384];

    assert_true(length <= sizeof octets);
    for (size_t i = 0; i < length; i++) {
        octets[i] = pattern(i);
    }
    assert_int_equal(send(descriptor, octets, length, 0), length);
}

static int write_text(struct stint_posix *port, const char *text)
{
    return stint_posix_io.write(port, (const uint8_t *)text, strlen(text));
}

/* Write and flush until that fails, as it does some time after the peer has gone. */
static void write_until_failed(struct stint_posix *port)
{
    int status = STINT_IO_DONE;

    for (int tries = 0; tries < PATIENCE_MS && status != STINT_IO_FAILED; tries++) {
        status = write_text(port, "x");
        if (status > 0) {
            status = stint_posix_io.flush(port);
        }
        pause_1ms();
    }
    assert_int_equal(status, STINT_IO_FAILED);
    assert_int_equal(write_text(port, "x"), STINT_IO_FAILED);
    assert_int_equal(stint_posix_io.flush(port), STINT_IO_FAILED);
}

/* ---- Opening ---- */

static void connects_to_an_ipv4_address(void **state)
{
    struct link *link = *state;
    char text[64], expected[64];

    snprintf(expected, sizeof expected, "127.0.0.1:%u", (unsigned)link->number);
    assert_string_equal(stint_posix_peer(&link->port, text, sizeof text), expected);
    assert_string_equal(stint_posix_error(&link->port, text, sizeof text), "");
    assert_string_equal(stint_posix_io.local_address(&link->port), "127.0.0.1");
    assert_int_equal(link->port.peer.ss_family, AF_INET);
    assert_int_equal(lists_alive(), 0);
}

static void connects_to_an_ipv6_address(void **state)
{
    static struct stint_posix port;
    char text[64], expected[64];
    uint16_t number = 0;
    int listener = listen_at("::1", &number, 5);

    (void)state;
    if (listener < 0) {
        skip(); /* no IPv6 here */
    }
    assert_int_equal(open_fully(&port, "::1", number), STINT_IO_DONE);
    snprintf(expected, sizeof expected, "[::1]:%u", (unsigned)number);
    assert_string_equal(stint_posix_peer(&port, text, sizeof text), expected);
    assert_string_equal(stint_posix_io.local_address(&port), "IPv6:::1");
    stint_posix_io.close(&port);
    close(listener);
}

static bool has_nodelay(int descriptor)
{
    int nodelay = 0;
    socklen_t length = sizeof nodelay;

    assert_int_equal(getsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &nodelay, &length), 0);
    return nodelay != 0;
}

static void sets_the_socket_up(void **state)
{
    const struct link *link = *state;
    int descriptor = link->port.descriptor;

    assert_true(fcntl(descriptor, F_GETFL) & O_NONBLOCK);
    assert_true(fcntl(descriptor, F_GETFD) & FD_CLOEXEC);
}

/* Where a flight goes out in several writes, none may wait for the last one's acknowledgement. */
static void a_write_that_is_not_gathered_waits_for_no_acknowledgement(void **state)
{
    struct link *link = *state;
    static uint8_t large[STINT_POSIX_GATHER + 1];

    assert_int_equal(stint_posix_io.write(&link->port, large, sizeof large), sizeof large);
    assert_true(has_nodelay(link->port.descriptor));

    stint_posix_io.close(&link->port);
    assert_int_equal(open_fully(&link->port, "127.0.0.1", link->number), STINT_IO_DONE);
    assert_int_equal(stint_posix_io.write(&link->port, large, sizeof large), sizeof large);
    assert_true(has_nodelay(link->port.descriptor));
}

/* The next descriptor to be given out: the same again, if none was lost. */
static int next_descriptor(void)
{
    int descriptor = dup(0);

    close(descriptor);
    return descriptor;
}

static void resolves_a_name_in_another_thread(void **state)
{
    static struct stint_posix port;
    uint16_t number = 0;
    int listener = listen_at("127.0.0.1", &number, 5);
    int before = next_descriptor();

    (void)state;
    hold_look_ups(true);
    assert_int_equal(stint_posix_io.open(&port, "slow.test", number, 1000), STINT_IO_AGAIN);
    await_look_ups(1);
    assert_int_equal(stint_posix_io.open(&port, "slow.test", number, 1000), STINT_IO_AGAIN);
    assert_int_equal(port.peer.ss_family, 0);
    hold_look_ups(false);
    assert_int_equal(open_fully(&port, "slow.test", number), STINT_IO_DONE);
    assert_false(resolver.in_caller);
    assert_false(resolver.signals_open);
    assert_false(resolver.addrconfig);
    stint_posix_io.close(&port);
    assert_int_equal(next_descriptor(), before);
    close(listener);
    assert_int_equal(lists_alive(), 0);
}

static void look_ups_under_way_can_be_closed(void **state)
{
    static struct stint_posix port;
    int before = next_descriptor();

    (void)state;
    hold_look_ups(true);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(stint_posix_io.open(&port, "slow.test", 25, 1000), STINT_IO_AGAIN);
        assert_int_equal(stint_posix_io.close(&port), STINT_IO_DONE);
        assert_int_equal(next_descriptor(), before);
    }
    end_look_ups(3);
}

static void a_look_up_that_is_over_can_be_closed(void **state)
{
    static struct stint_posix port;
    int before = next_descriptor();
    struct pollfd entry;
    struct stint_client client = {0};

    (void)state;
    hold_look_ups(true);
    assert_int_equal(stint_posix_io.open(&port, "slow.test", 25, 1000), STINT_IO_AGAIN);
    assert_int_equal(stint_posix_pollfd(&port, &client, &entry), 1);
    assert_int_equal(entry.events, POLLIN);
    assert_true(fcntl(entry.fd, F_GETFD) & FD_CLOEXEC);
    assert_int_equal(poll(&entry, 1, 20), 0);
    hold_look_ups(false);
    assert_int_equal(poll(&entry, 1, PATIENCE_MS), 1);
    assert_true(entry.revents & POLLIN);
    assert_int_equal(stint_posix_io.close(&port), STINT_IO_DONE);
    assert_int_equal(next_descriptor(), before);
    assert_int_equal(lists_alive(), 0);
}

static void a_name_that_is_unknown_fails(void **state)
{
    static struct stint_posix port;
    char text[128];

    (void)state;
    assert_int_equal(open_fully(&port, "nowhere.test", 25), STINT_IO_FAILED);
    assert_int_equal(port.failed_eai, EAI_NONAME);
    stint_posix_io.close(&port);
    assert_string_equal(stint_posix_error(&port, text, sizeof text), gai_strerror(EAI_NONAME));
    assert_string_equal(stint_posix_peer(&port, text, sizeof text), "");
    (void)stint_posix_io.open(&port, "127.0.0.1", 25, 1000);
    assert_int_equal(port.failed_eai, 0);
    stint_posix_io.close(&port);
}

static void a_resolver_that_fails_tells_errno(void **state)
{
    static struct stint_posix port;
    char text[128];

    (void)state;
    assert_int_equal(open_fully(&port, "broken.test", 25), STINT_IO_FAILED);
    assert_int_equal(port.failed_eai, EAI_SYSTEM);
    assert_int_equal(port.failed_errno, ENETDOWN);
    assert_string_equal(stint_posix_error(&port, text, sizeof text), strerror(ENETDOWN));
    stint_posix_io.close(&port);
}

static void a_refused_connection_fails(void **state)
{
    static struct stint_posix port;
    char text[128], expected[128];
    uint16_t number;
    int occupied = occupy(&number);
    int before = next_descriptor();

    (void)state;
    assert_int_equal(open_fully(&port, "127.0.0.1", number), STINT_IO_FAILED);
    assert_int_equal(stint_posix_io.open(&port, "127.0.0.1", number, 1000), STINT_IO_FAILED);
    assert_int_equal(lists_alive(), 0);
    assert_int_equal(stint_posix_io.close(&port), STINT_IO_DONE);
    assert_int_equal(stint_posix_io.close(&port), STINT_IO_DONE);
    assert_int_equal(next_descriptor(), before);
    snprintf(expected, sizeof expected, "127.0.0.1:%u: %s", (unsigned)number,
             strerror(ECONNREFUSED));
    assert_string_equal(stint_posix_error(&port, text, sizeof text), expected);
    assert_string_equal(stint_posix_error(&port, text, 10), "127.0.0.1");
    assert_string_equal(stint_posix_error(&port, text, 1), "");

    assert_int_equal(listen(occupied, 5), 0);
    assert_int_equal(open_fully(&port, "127.0.0.1", number), STINT_IO_DONE);
    assert_string_equal(stint_posix_error(&port, text, sizeof text), "");
    stint_posix_io.close(&port);
    close(occupied);
}

/* TCP connects a port to itself where nobody else listens at it (RFC 9293 3.5). */
static void a_connection_to_itself_is_a_refusal(void **state)
{
    static struct stint_posix port;
    uint16_t number;
    int occupied = occupy(&number);
    int before;

    (void)state;
    close(occupied);
    before = next_descriptor();
    kernel.our_port = number;
    assert_int_equal(open_fully(&port, "127.0.0.1", number), STINT_IO_FAILED);
    kernel_is_normal();
    assert_int_equal(port.failed_errno, ECONNREFUSED);
    assert_int_equal(stint_posix_io.close(&port), STINT_IO_DONE);
    assert_int_equal(next_descriptor(), before);
}

static void the_next_address_is_tried_after_a_refusal(void **state)
{
    static struct stint_posix port;
    char text[128], expected[128];
    uint16_t number = 0;
    int listener = listen_at("127.0.0.1", &number, 5);

    (void)state;
    assert_int_equal(open_fully(&port, "three.test", number), STINT_IO_DONE);
    snprintf(expected, sizeof expected, "127.0.0.1:%u", (unsigned)number);
    assert_string_equal(stint_posix_peer(&port, text, sizeof text), expected);
    assert_string_equal(stint_posix_error(&port, text, sizeof text), "");
    stint_posix_io.close(&port);
    close(listener);
    assert_int_equal(lists_alive(), 0);
}

static void an_address_without_a_route_hides_no_refusal(void **state)
{
    static struct stint_posix port;
    uint16_t number;
    int occupied = occupy(&number);
    int before = next_descriptor();

    (void)state;
    assert_int_equal(open_fully(&port, "strange.test", number), STINT_IO_FAILED);
    assert_int_equal(port.failed_errno, ECONNREFUSED);
    assert_int_equal(((struct sockaddr_in *)&port.peer)->sin_addr.s_addr, htonl(INADDR_LOOPBACK));
    assert_int_equal(next_descriptor(), before);
    stint_posix_io.close(&port);
    close(occupied);
}

/* A listener that answers no more: its queue is full, and Linux drops what comes then. */
struct silent {
    int listener;
    int callers[8];
    size_t count;
};

static void fall_silent(struct silent *silent, const char *text, uint16_t *number)
{
    struct addrinfo *address;
    char service[8];
    bool full = false;

    silent->listener = listen_at(text, number, 0);
    assert_true(silent->listener >= 0);
    snprintf(service, sizeof service, "%u", (unsigned)*number);
    address = make_address(text, service);
    for (silent->count = 0; silent->count < 8 && !full; silent->count++) {
        struct pollfd entry = {.events = POLLOUT};

        entry.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        (void)connect(entry.fd, address->ai_addr, address->ai_addrlen);
        full = poll(&entry, 1, 50) == 0;
        silent->callers[silent->count] = entry.fd;
    }
    free(address);
    assert_true(full);
}

static void speak_again(struct silent *silent)
{
    while (silent->count > 0) {
        close(silent->callers[--silent->count]);
    }
    close(silent->listener);
}

static void an_address_that_is_silent_has_its_share_of_the_time(void **state)
{
    static struct stint_posix port;
    struct stint_client client = {0};
    struct pollfd entry;
    struct silent silent;
    uint16_t number = 0;
    int listener = listen_at("127.0.0.1", &number, 5);
    int first;

    (void)state;
    fall_silent(&silent, "127.0.0.2", &number);
    for (int i = 0; i < PATIENCE_MS && port.peer.ss_family == 0; i++) {
        assert_int_equal(stint_posix_io.open(&port, "two.test", number, 1000), STINT_IO_AGAIN);
        pause_1ms();
    }
    assert_int_equal(stint_posix_pollfd(&port, &client, &entry), 1);
    assert_int_equal(entry.events, POLLOUT);
    first = (int)((struct sockaddr_in *)&port.peer)->sin_addr.s_addr;

    assert_int_equal(stint_posix_io.open(&port, "two.test", number, 501), STINT_IO_AGAIN);
    assert_int_equal(((struct sockaddr_in *)&port.peer)->sin_addr.s_addr, first);
    assert_int_equal(stint_posix_io.open(&port, "two.test", number, 500), STINT_IO_AGAIN);
    assert_int_not_equal(((struct sockaddr_in *)&port.peer)->sin_addr.s_addr, first);
    assert_int_equal(open_fully(&port, "two.test", number), STINT_IO_DONE);
    stint_posix_io.close(&port);
    speak_again(&silent);
    close(listener);
}

/* Then the caller ends it; that is a timeout of his, and not a failure of the connection. */
static void the_last_address_has_all_the_time_that_is_left(void **state)
{
    static struct stint_posix port;
    char text[128], expected[128];
    struct silent silent;
    uint16_t number = 0;
    int before;

    (void)state;
    fall_silent(&silent, "127.0.0.1", &number);
    before = next_descriptor();
    assert_int_equal(stint_posix_io.open(&port, "127.0.0.1", number, 1000), STINT_IO_AGAIN);
    assert_int_equal(stint_posix_io.open(&port, "127.0.0.1", number, 1), STINT_IO_AGAIN);
    assert_string_equal(stint_posix_error(&port, text, sizeof text), "");
    assert_int_equal(stint_posix_io.open(&port, "127.0.0.1", number, 0), STINT_IO_AGAIN);
    stint_posix_io.close(&port);
    assert_int_equal(next_descriptor(), before);
    snprintf(expected, sizeof expected, "127.0.0.1:%u: %s", (unsigned)number, strerror(ETIMEDOUT));
    assert_string_equal(stint_posix_error(&port, text, sizeof text), expected);
    speak_again(&silent);
}

static void nothing_is_done_without_a_connection(void **state)
{
    static struct stint_posix port;
    struct stint_client client = {0};
    struct pollfd entry;
    uint8_t octet = 0;

    (void)state;
    assert_int_equal(stint_posix_io.read(&port, &octet, 1), STINT_IO_FAILED);
    assert_int_equal(stint_posix_io.write(&port, &octet, 1), STINT_IO_FAILED);
    assert_int_equal(stint_posix_io.flush(&port), STINT_IO_FAILED);
    assert_null(stint_posix_io.local_address(&port));
    assert_int_equal(stint_posix_pollfd(&port, &client, &entry), 0);
    assert_int_equal(entry.fd, -1);
    assert_int_equal(stint_posix_io.close(&port), STINT_IO_DONE);
}

/* The number of a descriptor that was closed may be somebody else's by now. */
static void nothing_is_done_after_close(void **state)
{
    struct link *link = *state;
    int others[2];
    uint8_t octet = 0;

    stint_posix_io.close(&link->port);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, others), 0);
    assert_int_equal(others[0], link->port.descriptor);
    assert_int_equal(send(others[1], "x", 1, 0), 1);
    assert_int_equal(stint_posix_io.read(&link->port, &octet, 1), STINT_IO_FAILED);
    assert_int_equal(stint_posix_io.close(&link->port), STINT_IO_DONE);
    assert_int_not_equal(fcntl(others[0], F_GETFD), -1);
    close(others[0]);
    close(others[1]);
}

/* ---- Receiving ---- */

static void octets_are_read_ahead(void **state)
{
    struct link *link = *state;
    uint8_t buffer[8192];

    send_pattern(link->peer, 10);
    assert_int_equal(read_some(&link->port, buffer, 4), 4);
    assert_int_equal(recv(link->port.descriptor, buffer + 4, 1, MSG_PEEK), -1);
    assert_int_equal(stint_posix_io.read(&link->port, buffer + 4, 4), 4);
    assert_int_equal(stint_posix_io.read(&link->port, buffer + 8, sizeof buffer - 8), 2);
    assert_int_equal(stint_posix_io.read(&link->port, buffer, 1), STINT_IO_AGAIN);
    assert_int_equal(buffer[9], pattern(9));

    send_pattern(link->peer, 5000);
    assert_int_equal(read_some(&link->port, buffer, 4095), 4095);
    assert_int_equal(stint_posix_io.read(&link->port, buffer, 4095), 1);
    assert_int_equal(buffer[0], pattern(4095));
    assert_int_equal(read_some(&link->port, buffer, sizeof buffer), 5000 - 4096);
    assert_int_equal(buffer[0], pattern(4096));
}

/* A port may spare a recv that would find nothing; but never two in turn, whatever is sent. */
static void input_is_looked_for_while_sending(void **state)
{
    struct link *link = *state;
    uint8_t buffer[16];
    int got = STINT_IO_AGAIN;

    (void)stint_posix_io.read(&link->port, buffer, sizeof buffer);
    (void)stint_posix_io.read(&link->port, buffer, sizeof buffer);
    assert_int_equal(send(link->peer, "421", 3, 0), 3);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(write_text(&link->port, "x"), 1);
        assert_int_equal(stint_posix_io.flush(&link->port), STINT_IO_DONE);
        got = stint_posix_io.read(&link->port, buffer, sizeof buffer);
        if (got > 0) {
            break;
        }
    }
    assert_int_equal(got, 3);
}

/* But where the last recv may have left something, it is looked up: at the seam of STARTTLS, say.
 */
static void input_is_looked_for_behind_what_filled_the_buffer(void **state)
{
    struct link *link = *state;
    uint8_t buffer[STINT_POSIX_READ_AHEAD];

    send_pattern(link->peer, sizeof buffer);
    assert_int_equal(read_some(&link->port, buffer, 4), 4);
    assert_int_equal(read_some(&link->port, buffer, sizeof buffer), sizeof buffer - 4);
    assert_int_equal(send(link->peer, "250", 3, 0), 3);
    pause_1ms();
    assert_int_equal(stint_posix_io.read(&link->port, buffer, sizeof buffer), 3);
}

/* While the kernel takes nothing time passes, and the peer may have said why. */
static void input_is_looked_for_where_the_socket_was_full(void **state)
{
    struct link *link = *state;
    uint8_t buffer[16];

    assert_int_equal(send(link->peer, "354", 3, 0), 3);
    assert_int_equal(read_some(&link->port, buffer, sizeof buffer), 3);
    assert_int_equal(write_text(&link->port, "x"), 1);
    kernel.failure = EAGAIN;
    assert_int_equal(stint_posix_io.flush(&link->port), STINT_IO_AGAIN);
    kernel_is_normal();
    assert_int_equal(send(link->peer, "421", 3, 0), 3);
    pause_1ms();
    assert_int_equal(stint_posix_io.read(&link->port, buffer, sizeof buffer), 3);
}

/* A reply comes in, is read, and there is no more of it; an answer goes out, and nothing has come
 * yet. */
static void a_flight_costs_one_recv_and_one_send(void **state)
{
    struct link *link = *state;
    struct pollfd entry = {.fd = link->port.descriptor, .events = POLLIN};
    uint8_t buffer[STINT_POSIX_READ_AHEAD];

    assert_int_equal(stint_posix_io.read(&link->port, buffer, sizeof buffer), STINT_IO_AGAIN);
    for (int flight = 1; flight <= 3; flight++) {
        assert_int_equal(send(link->peer, "250", 3, 0), 3);
        assert_int_equal(poll(&entry, 1, PATIENCE_MS), 1);
        assert_int_equal(stint_posix_io.read(&link->port, buffer, sizeof buffer), 3);
        assert_int_equal(stint_posix_io.read(&link->port, buffer, sizeof buffer), STINT_IO_AGAIN);
        assert_int_equal(write_text(&link->port, "MAIL "), 5);
        assert_int_equal(write_text(&link->port, "RCPT "), 5);
        assert_int_equal(stint_posix_io.flush(&link->port), STINT_IO_DONE);
        assert_int_equal(stint_posix_io.read(&link->port, buffer, sizeof buffer), STINT_IO_AGAIN);
        assert_int_equal(kernel.recvs, flight);
        assert_int_equal(kernel.sends, flight);
    }
}

static void all_is_read_before_the_end(void **state)
{
    struct link *link = *state;
    size_t total;
    uint8_t octet;

    send_pattern(link->peer, 10000);
    shutdown(link->peer, SHUT_WR);
    assert_int_equal(read_fully(&link->port, 7, &total), STINT_IO_CLOSED);
    assert_int_equal(total, 10000);
    assert_int_equal(stint_posix_io.read(&link->port, &octet, 1), STINT_IO_CLOSED);
    assert_int_equal(link->port.failed_errno, 0);
}

static void all_is_read_before_a_reset(void **state)
{
    struct link *link = *state;
    char text[128];
    size_t total;

    send_pattern(link->peer, 10000);
    reset_by(link->peer);
    link->peer = -1;
    assert_int_equal(read_fully(&link->port, 5000, &total), STINT_IO_FAILED);
    assert_int_equal(total, 10000);
    assert_non_null(
        strstr(stint_posix_error(&link->port, text, sizeof text), strerror(ECONNRESET)));
    assert_int_equal(read_fully(&link->port, 1, &total), STINT_IO_FAILED);
}

/* The kernel tells the error to the write; the read must know it nevertheless. SIGPIPE would end
 * this program. */
static void all_is_read_after_a_write_failed(void **state)
{
    struct link *link = *state;
    size_t total;

    signal(SIGPIPE, SIG_DFL);
    send_pattern(link->peer, 10000);
    reset_by(link->peer);
    link->peer = -1;
    write_until_failed(&link->port);
    assert_int_equal(read_fully(&link->port, 16384, &total), STINT_IO_FAILED);
    assert_int_equal(total, 10000);
}

/* Flush may say FAILED only where the kernel took nothing since flush was done last. */
static void flush_fails_only_if_nothing_left(void **state)
{
    struct link *link = *state;
    uint8_t octet;

    assert_int_equal(write_text(&link->port, "abc"), 3);
    assert_int_equal(stint_posix_io.flush(&link->port), STINT_IO_DONE);
    assert_int_equal(write_text(&link->port, "def"), 3);
    kernel.failure = ECONNRESET;
    assert_int_equal(stint_posix_io.flush(&link->port), STINT_IO_FAILED);
    assert_int_equal(stint_posix_io.flush(&link->port), STINT_IO_FAILED);
    kernel_is_normal();
    assert_int_equal(read_some(&link->port, &octet, 1), STINT_IO_FAILED);
}

static void what_may_have_left_is_not_denied(void **state)
{
    struct link *link = *state;
    uint8_t octet;

    assert_int_equal(write_text(&link->port, "abcdef"), 6);
    kernel.most = 2;
    assert_int_equal(stint_posix_io.flush(&link->port), STINT_IO_AGAIN);
    kernel.failure = ECONNRESET;
    assert_int_equal(stint_posix_io.flush(&link->port), STINT_IO_DONE);
    assert_int_equal(write_text(&link->port, "x"), STINT_IO_FAILED);
    kernel_is_normal();
    assert_int_equal(read_some(&link->port, &octet, 1), STINT_IO_FAILED);
    assert_int_equal(link->port.failed_errno, ECONNRESET);
}

static void the_end_is_read_after_a_write_failed(void **state)
{
    struct link *link = *state;
    size_t total;

    send_pattern(link->peer, 300);
    close(link->peer);
    link->peer = -1;
    write_until_failed(&link->port);
    assert_int_equal(read_fully(&link->port, 100, &total), STINT_IO_CLOSED);
    assert_int_equal(total, 300);
}

/* Where the kernel gives no reason any more (here because our own side was shut) and nothing comes:
 * a read that answered AGAIN would be waited for in vain. */
static void nothing_is_waited_for_after_a_write_failed(void **state)
{
    struct link *link = *state;
    uint8_t octet;

    shutdown(link->port.descriptor, SHUT_WR);
    write_until_failed(&link->port);
    assert_int_equal(stint_posix_io.read(&link->port, &octet, 1), STINT_IO_FAILED);
    assert_int_equal(link->port.failed_errno, EPIPE);
}

/* ---- Sending ---- */

static void small_writes_go_out_together(void **state)
{
    struct link *link = *state;
    struct pollfd entry = {.fd = link->peer, .events = POLLIN};
    char buffer[64];

    assert_int_equal(write_text(&link->port, "MAIL "), 5);
    assert_int_equal(write_text(&link->port, "FROM:<>"), 7);
    assert_int_equal(write_text(&link->port, "\r\n"), 2);
    assert_int_equal(poll(&entry, 1, 20), 0);
    assert_int_equal(stint_posix_io.flush(&link->port), STINT_IO_DONE);
    assert_int_equal(recv(link->peer, buffer, sizeof buffer, 0), 14);
    assert_memory_equal(buffer, "MAIL FROM:<>\r\n", 14);
    assert_int_equal(stint_posix_io.flush(&link->port), STINT_IO_DONE);
    assert_int_equal(poll(&entry, 1, 20), 0);
}

static void a_large_write_goes_out_behind_small_ones(void **state)
{
    struct link *link = *state;
    static uint8_t large[5000], received[6000];
    size_t total = 0;

    memset(large, 'b', sizeof large);
    assert_int_equal(write_text(&link->port, "aaa"), 3);
    assert_int_equal(stint_posix_io.write(&link->port, large, sizeof large), sizeof large);
    while (total < 3 + sizeof large) {
        ssize_t got = recv(link->peer, received + total, sizeof received - total, 0);

        assert_true(got > 0);
        total += (size_t)got;
    }
    assert_int_equal(total, 3 + sizeof large);
    assert_memory_equal(received, "aaab", 4);
    assert_int_equal(received[total - 1], 'b');
}

/* A stream of the pattern, from a port that writes pieces of all sizes to a peer that reads. */
struct stream {
    size_t written, all;
    size_t arrived;
    size_t again; /* how often the port took nothing */
};

static void write_of_stream(struct stint_posix *port, struct stream *stream)
{
    static uint8_t octets[40000];
    size_t length = (size_t)rand() % (rand() % 4 == 0 ? sizeof octets : 600) + 1;
    int status = STINT_IO_DONE;

    if (length > stream->all - stream->written) {
        length = stream->all - stream->written;
    }
    for (size_t i = 0; i < length; i++) {
        octets[i] = pattern(stream->written + i);
    }
    if (length > 0) {
        status = stint_posix_io.write(port, octets, length);
        stream->written += status > 0 ? (size_t)status : 0;
    }
    if (length == 0 || rand() % 8 == 0) {
        status = stint_posix_io.flush(port);
    }
    assert_true(status > 0 || status == STINT_IO_AGAIN);
    stream->again += status == STINT_IO_AGAIN;
}

static void read_of_stream(int peer, struct stream *stream)
{
    uint8_t received[3000];
    ssize_t got = recv(peer, received, sizeof received, 0);

    for (ssize_t i = 0; i < got; i++) {
        assert_int_equal(received[i], pattern(stream->arrived++));
    }
}

static void nothing_is_lost_or_doubled_where_the_socket_is_full(void **state)
{
    struct link *link = *state;
    struct stream stream = {.all = 2000000};
    const int little = 4096;

    (void)setsockopt(link->port.descriptor, SOL_SOCKET, SO_SNDBUF, &little, sizeof little);
    (void)fcntl(link->peer, F_SETFL, O_NONBLOCK);
    srand(1);
    while (stream.arrived < stream.all) {
        write_of_stream(&link->port, &stream);
        read_of_stream(link->peer, &stream);
    }
    assert_int_equal(stream.written, stream.all);
    assert_int_equal(stream.arrived, stream.all);
    assert_true(stream.again > 10);
}

/* A peer that does not read: what counts as sent is little more than what it has room for. */
static void the_kernel_takes_little_that_it_cannot_send(void **state)
{
    static struct stint_posix port;
    static const uint8_t data[65536];
    const int little = 16384;
    uint16_t number = 0;
    int listener = listen_at("127.0.0.1", &number, 1);
    size_t taken = 0;
    int idle = 0;
    int peer;

    (void)state;
    (void)setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
    assert_int_equal(open_fully(&port, "127.0.0.1", number), STINT_IO_DONE);
    peer = accept(listener, NULL, NULL);
    while (idle < 20 && taken < 8000000) {
        int status = stint_posix_io.write(&port, data, sizeof data);

        assert_true(status > 0 || status == STINT_IO_AGAIN);
        taken += status > 0 ? (size_t)status : 0;
        idle = status > 0 ? 0 : idle + 1;
        pause_1ms();
    }
    assert_true(taken >= 16384);
    assert_true(taken <= 400000);
    stint_posix_io.close(&port);
    close(peer);
    close(listener);
}

/* Whatever the kernel takes at once: parts of what was gathered, all of it and nothing else, a part
 * of the rest. */
static void every_part_of_a_write_may_be_taken(void **state)
{
    struct link *link = *state;
    const uint8_t data[3000] = {0};
    uint8_t received[8];
    int status = STINT_IO_AGAIN;

    assert_int_equal(write_text(&link->port, "abcdef"), 6);
    kernel.most = 2;
    assert_int_equal(stint_posix_io.flush(&link->port), STINT_IO_AGAIN);
    assert_int_equal(stint_posix_io.write(&link->port, data, sizeof data), STINT_IO_AGAIN);
    assert_int_equal(stint_posix_io.write(&link->port, data, sizeof data), STINT_IO_AGAIN);
    assert_int_equal(stint_posix_io.write(&link->port, data, sizeof data), 2);
    assert_int_equal(recv(link->peer, received, sizeof received, MSG_WAITALL), 8);
    assert_memory_equal(received, "abcdef\0\0", 8);

    assert_int_equal(write_text(&link->port, "ghi"), 3);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(status, STINT_IO_AGAIN);
        status = stint_posix_io.flush(&link->port);
    }
    assert_int_equal(status, STINT_IO_DONE);
    assert_int_equal(recv(link->peer, received, 3, MSG_WAITALL), 3);
    assert_memory_equal(received, "ghi", 3);
}

static void interrupted_calls_are_made_again(void **state)
{
    struct link *link = *state;
    char octet = 'a';

    kernel.interrupted = 3;
    assert_int_equal(write_text(&link->port, "x"), 1);
    assert_int_equal(stint_posix_io.flush(&link->port), STINT_IO_DONE);
    assert_int_equal(kernel.interrupted, 0);
    assert_int_equal(send(link->peer, "b", 1, 0), 1);
    kernel.interrupted = 3;
    assert_int_equal(read_some(&link->port, &octet, 1), 1);
    assert_int_equal(octet, 'b');
    assert_int_equal(kernel.interrupted, 0);
}

/* ---- Whole sessions ---- */

/* A server for one session, in a thread of its own. */
struct server {
    pthread_t thread;
    int listener;
    uint16_t number;
    char seen[2048]; /* what the client said */
};

static bool serve_line(FILE *in, FILE *out, char *seen, size_t room)
{
    char line[512];

    if (fgets(line, sizeof line, in) == NULL) {
        return false;
    }
    if (strlen(seen) + strlen(line) < room) {
        strcat(seen, line);
    }
    if (strncmp(line, "QUIT", 4) == 0) {
        fputs("221 bye\r\n", out);
        return false;
    }
    if (strncmp(line, "DATA", 4) == 0) {
        fputs("354 go\r\n", out);
        fflush(out);
        while (fgets(line, sizeof line, in) != NULL && strcmp(line, ".\r\n") != 0) {
        }
    }
    fputs("250 ok\r\n", out);
    return fflush(out) == 0;
}

static void *serve(void *argument)
{
    struct server *server = argument;
    int peer = accept(server->listener, NULL, NULL);
    FILE *in, *out;
    sigset_t pipe;

    if (peer < 0) {
        return NULL;
    }
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, NULL);
    in = fdopen(peer, "r");
    out = fdopen(dup(peer), "w");
    fputs("220 test\r\n", out);
    fflush(out);
    while (serve_line(in, out, server->seen, sizeof server->seen)) {
    }
    fclose(out);
    fclose(in);
    return NULL;
}

static void start_server(struct server *server)
{
    memset(server, 0, sizeof *server);
    server->listener = listen_at("127.0.0.1", &server->number, 5);
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

/* Also where nobody came. */
static void stop_server(struct server *server)
{
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
}

struct session {
    struct stint_posix port;
    struct stint_client client;
    struct stint_account account;
    uint8_t in[STINT_IN_MIN], out[STINT_OUT_MIN];
};

static void start_session(struct session *session, const char *host, const struct server *server,
                          const struct stint_mail *mail)
{
    memset(session, 0, sizeof *session);
    session->account.host = host;
    session->account.port = server->number;
    session->account.security = STINT_SECURITY_NONE;
    session->account.timeout_ms = PATIENCE_MS;
    session->client.io = &stint_posix_io;
    session->client.io_context = &session->port;
    session->client.in = session->in;
    session->client.in_size = sizeof session->in;
    session->client.out = session->out;
    session->client.out_size = sizeof session->out;
    stint_start(&session->client, &session->account, mail, stint_posix_clock_ms());
}

/* A source that has one octet more each time it is asked, and nothing in between. */
struct hesitant {
    const char *text;
    bool asked;
};

static int read_hesitantly(void *context, uint8_t *buffer, size_t room)
{
    struct hesitant *hesitant = context;

    (void)room;
    hesitant->asked = !hesitant->asked;
    if (hesitant->asked) {
        return STINT_SOURCE_AGAIN;
    }
    if (*hesitant->text == '\0') {
        return STINT_SOURCE_END;
    }
    *buffer = (uint8_t)*hesitant->text++;
    return 1;
}

static void a_session_is_run(void **state)
{
    static struct session session;
    static struct server server;
    struct hesitant hesitant = {.text = "a: b\r\n\r\nc\r\n"};
    struct stint_source source = {.read = read_hesitantly, .context = &hesitant};
    struct stint_recipient recipient = {.address = "b@example.com"};
    struct stint_mail mail = {
        .reverse_path = "a@example.com",
        .recipients = &recipient,
        .recipient_count = 1,
        .source = &source,
    };
    uint32_t began = stint_posix_clock_ms();

    (void)state;
    start_server(&server);
    start_session(&session, "two.test", &server, &mail);
    assert_int_equal(stint_posix_run(&session.port, &session.client), STINT_DONE);
    stop_server(&server);
    assert_true(stint_posix_clock_ms() - began < PATIENCE_MS); /* nothing was waited out */
    assert_string_equal(stint_error_name(session.client.result.error), "none");
    assert_int_equal(session.client.result.fate, STINT_FATE_ACCEPTED);
    assert_non_null(strstr(server.seen, "EHLO [127.0.0.1]\r\n"));
    assert_non_null(strstr(server.seen, "RCPT TO:<b@example.com>"));
}

static void two_sessions_share_a_thread(void **state)
{
    static struct session sessions[2];
    static struct server servers[2];
    int running = 2;

    (void)state;
    for (int i = 0; i < 2; i++) {
        start_server(&servers[i]);
        start_session(&sessions[i], i == 0 ? "slow.test" : "127.0.0.1", &servers[i], NULL);
    }
    while (running > 0) {
        struct pollfd entries[2];
        int timeout = PATIENCE_MS;

        running = 0;
        for (int i = 0; i < 2; i++) {
            uint32_t now = stint_posix_clock_ms();
            int wait;

            running += stint_step(&sessions[i].client, now) == STINT_RUNNING;
            wait = stint_posix_wait_ms(&sessions[i].port, &sessions[i].client, now);
            timeout = wait < timeout ? wait : timeout;
            (void)stint_posix_pollfd(&sessions[i].port, &sessions[i].client, &entries[i]);
        }
        (void)poll(entries, 2, timeout);
    }
    for (int i = 0; i < 2; i++) {
        stop_server(&servers[i]);
        assert_string_equal(stint_error_name(sessions[i].client.result.error), "none");
    }
    assert_int_equal(lists_alive(), 0);
}

/* 127.0.0.2 is silent and has half of the time; the wait must end with it. */
static void a_session_goes_on_to_the_next_address_in_time(void **state)
{
    static struct session session;
    static struct server server;
    struct silent silent;
    uint32_t began;

    (void)state;
    start_server(&server);
    fall_silent(&silent, "127.0.0.2", &server.number);
    start_session(&session, "two.test", &server, NULL);
    session.account.timeout_ms = 2000;
    began = stint_posix_clock_ms();
    assert_int_equal(stint_posix_run(&session.port, &session.client), STINT_DONE);
    assert_string_equal(stint_error_name(session.client.result.error), "none");
    assert_true(stint_posix_clock_ms() - began >= 990);
    stop_server(&server);
    speak_again(&silent);
}

static void a_session_ends_in_time_while_resolving(void **state)
{
    static struct session session;
    struct server nobody = {.number = 25};
    char text[128];

    (void)state;
    hold_look_ups(true);
    start_session(&session, "slow.test", &nobody, NULL);
    session.account.timeout_ms = 50;
    assert_int_equal(stint_posix_run(&session.port, &session.client), STINT_DONE);
    assert_string_equal(stint_error_name(session.client.result.error), "timeout");
    assert_int_equal(session.client.result.stage, STINT_STAGE_CONNECT);
    assert_string_equal(stint_posix_error(&session.port, text, sizeof text),
                        gai_strerror(EAI_AGAIN));
    end_look_ups(1);
}

/* ---- The system ---- */

static void the_clock_counts_milliseconds(void **state)
{
    struct timespec now;
    uint64_t expected;

    (void)state;
    clock_gettime(CLOCK_MONOTONIC, &now);
    expected = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    assert_in_range(stint_posix_clock_ms() - (uint32_t)expected, 0, PATIENCE_MS);
    pause_1ms();
    assert_in_range(stint_posix_clock_ms() - (uint32_t)expected, 1, PATIENCE_MS);
}

static void the_wall_clock_is_now(void **state)
{
    (void)state;
    assert_in_range(stint_posix_unix_time(), (uint64_t)time(NULL) - 1, (uint64_t)time(NULL) + 1);
}

static void entropy_fills_the_whole_buffer(void **state)
{
    static uint8_t one[3000], other[3000];
    unsigned same = 0;

    (void)state;
    kernel.most = 100;
    kernel.interrupted = 3;
    assert_int_equal(stint_posix_entropy(NULL, one, sizeof one), 1);
    assert_int_equal(stint_posix_entropy(NULL, other, sizeof other), 1);
    kernel_is_normal();
    for (size_t i = 0; i < sizeof one; i++) {
        same += one[i] == other[i];
    }
    assert_in_range(same, 0, 60); /* 12 are to be expected */
}

static void entropy_that_is_missing_is_told(void **state)
{
    uint8_t buffer[32];

    (void)state;
    kernel.failure = EAGAIN; /* as GRND_NONBLOCK says it before there is any */
    assert_int_equal(stint_posix_entropy(NULL, buffer, sizeof buffer), 0);
    kernel_is_normal();
}

/* ---- Trust anchors ---- */

/* openssl req -x509 -newkey rsa:1024 -nodes -keyout /dev/null -days 3650
 *     -subj "/CN=Stint test root" -addext basicConstraints=critical,CA:TRUE */
static const char rsa_ca[] = "-----BEGIN CERTIFICATE-----\n"
                             "MIICEDCCAXmgAwIBAgIUCISBm/5ozq5Jcv2aFn6UiVLwO2MwDQYJKoZIhvcNAQEL\n"
                             "BQAwGjEYMBYGA1UEAwwPU3RpbnQgdGVzdCByb290MB4XDTI2MTEyNDA3NTU0OFoX\n"
                             "DTM2MTEyMTA3NTU0OFowGjEYMBYGA1UEAwwPU3RpbnQgdGVzdCByb290MIGfMA0G\n"
                             "CSqGSIb3DQEBAQUAA4GNADCBiQKBgQDEfeQnfLJF9oVFSva/rg7j/o00pyTcfpBq\n"
                             "3/gNDF3GZTw1TtU8JeZZ6Y/e7nfE0Y7fU+9Q1q3O5wQn0LT37GQr69VwUclcwlCJ\n"
                             "gdK/ayPDYR5njAPDkhwzvfmMFPwUPzjgWpk2gXuE9VCTKH09GLRpbtWsLS5XMvQC\n"
                             "pNzW+SiYAwIDAQABo1MwUTAdBgNVHQ4EFgQUYohc0z3cxzp1rALr1K0XoD1kVMMw\n"
                             "HwYDVR0jBBgwFoAUYohc0z3cxzp1rALr1K0XoD1kVMMwDwYDVR0TAQH/BAUwAwEB\n"
                             "/zANBgkqhkiG9w0BAQsFAAOBgQBN8iSuw4TrXqyp0FhyYFeAqB1GtUJEgS+yUWET\n"
                             "UxjfKnc4vDXvG8qgosEsFV131t8yshHDcTeUrZfZpZlZS3AX91SPuhy1kRb8/oGA\n"
                             "+61eattvayJnM3XqJ1SsTHtU14HGtbTAo/Rilqh3ItTGOoyxwFHdGMUKqBlQNMJw\n"
                             "GeZf0A==\n"
                             "-----END CERTIFICATE-----\n";

/* openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -days 3650
 *     -subj "/CN=mail.test" -addext basicConstraints=CA:FALSE */
static const char ec_leaf[] = "-----BEGIN CERTIFICATE-----\n"
                              "MIIBdjCCAR2gAwIBAgIUF9biWyGbEdnEpWB3lzrFuXWRmxgwCgYIKoZIzj0EAwIw\n"
                              "FDESMBAGA1UEAwwJbWFpbC50ZXN0MB4XDTI2MTEyNDA3NTU0OFoXDTM2MTEyMTA3\n"
                              "NTU0OFowFDESMBAGA1UEAwwJbWFpbC50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0D\n"
                              "AQcDQgAE//p3tLblBPtgRcfl3wtQbPHenpa3Vva/DHhNZksbB0hMVtaKGHbQNpBn\n"
                              "jkd6iS2Nfd3ZGn6+SSTJc0hUdnYTHKNNMEswHQYDVR0OBBYEFADtj4ptuAdIsYAr\n"
                              "vl7GwiPyO7THMB8GA1UdIwQYMBaAFADtj4ptuAdIsYArvl7GwiPyO7THMAkGA1Ud\n"
                              "EwQCMAAwCgYIKoZIzj0EAwIDRwAwRAIgIyUrQw23TjnFQNsKD7+qvkkxsMuexwyO\n"
                              "9SmSo94oOKECIAzjtKF7MDcFwseKfmBLELtkjx6iWXNKzkV1DQ5PepAy\n"
                              "-----END CERTIFICATE-----\n";

/* openssl req -x509 -newkey ed25519 -nodes -keyout /dev/null -days 3650
 *     -subj "/CN=Stint test Ed25519" */
static const char ed25519_ca[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBTzCCAQGgAwIBAgIUa/4V5pQF821lE9dc6IiQXQ43IaYwBQYDK2VwMB0xGzAZ\n"
    "BgNVBAMMElN0aW50IHRlc3QgRWQyNTUxOTAeFw0yNjExMjQwNzU1NDhaFw0zNjEx\n"
    "MjEwNzU1NDhaMB0xGzAZBgNVBAMMElN0aW50IHRlc3QgRWQyNTUxOTAqMAUGAytl\n"
    "cAMhADFlVjfhI9ONakvMYIS5Lpk8C8Igk7EWCEBg3EePKjQvo1MwUTAdBgNVHQ4E\n"
    "FgQUBcawAZpbV50cobUZiNsxNnk4qlEwHwYDVR0jBBgwFoAUBcawAZpbV50cobUZ\n"
    "iNsxNnk4qlEwDwYDVR0TAQH/BAUwAwEB/zAFBgMrZXADQQCMfH6BQTdWG3HSzIk0\n"
    "wcVcXhBS9bRyUuLSWmCscKdUbMe+MjjFkaV/cgDqKMhMISKBBmeH2bREa/pe0CG0\n"
    "Wq0M\n"
    "-----END CERTIFICATE-----\n";

/* The beginning of a key as ssh-keygen and old OpenSSL write it; its headers are no base64. */
static const char old_key[] = "-----BEGIN RSA PRIVATE KEY-----\n"
                              "Proc-Type: 4,ENCRYPTED\n"
                              "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n"
                              "\n"
                              "MIICEDCCAXmgAwIBAgIUCISBm/5ozq5Jcv2aFn6UiVLwO2MwDQYJKoZIhvcNAQEL\n"
                              "-----END RSA PRIVATE KEY-----\n";

struct bundle {
    char directory[32];
    char path[64];
    char why[256];
    struct stint_posix_anchors anchors;
};

static int make_directory(void **state)
{
    static struct bundle bundle;

    memset(&bundle, 0, sizeof bundle);
    strcpy(bundle.directory, "/tmp/stint-posix-XXXXXX");
    *state = &bundle;
    if (mkdtemp(bundle.directory) == NULL) {
        return -1;
    }
    snprintf(bundle.path, sizeof bundle.path, "%s/bundle.pem", bundle.directory);
    return 0;
}

static int remove_directory(void **state)
{
    struct bundle *bundle = *state;

    (void)unlink(bundle->path);
    return rmdir(bundle->directory);
}

/* Load a file made of up to four parts. */
static int load(struct bundle *bundle, const char *a, const char *b, const char *c, const char *d)
{
    FILE *file = fopen(bundle->path, "wb");

    assert_non_null(file);
    fprintf(file, "%s%s%s%s", a, b, c, d);
    fclose(file);
    return stint_posix_anchors_load(&bundle->anchors, bundle->path, bundle->why,
                                    sizeof bundle->why);
}

/* A load that failed left nothing behind, and its reason is one line that ends like this. */
static void assert_refused(const struct bundle *bundle, const char *reason)
{
    char expected[256];

    snprintf(expected, sizeof expected, "%s: %s", bundle->path, reason);
    assert_string_equal(bundle->why, expected);
    assert_null(bundle->anchors.anchors);
    assert_int_equal(bundle->anchors.count, 0);
}

static void a_ca_vouches_for_others(void **state)
{
    static const uint8_t name[] = {0x30, 0x1A, 0x31, 0x18, 0x30, 0x16, 0x06, 0x03, 0x55, 0x04,
                                   0x03, 0x0C, 0x0F, 'S',  't',  'i',  'n',  't',  ' ',  't',
                                   'e',  's',  't',  ' ',  'r',  'o',  'o',  't'};
    struct bundle *bundle = *state;
    const br_x509_trust_anchor *anchor;

    assert_int_equal(load(bundle, rsa_ca, "", "", ""), 0);
    assert_int_equal(bundle->anchors.count, 1);
    assert_int_equal(bundle->anchors.skipped, 0);
    anchor = &bundle->anchors.anchors[0];
    assert_int_equal(anchor->flags, BR_X509_TA_CA);
    assert_int_equal(anchor->dn.len, sizeof name);
    assert_memory_equal(anchor->dn.data, name, sizeof name);
    assert_int_equal(anchor->pkey.key_type, BR_KEYTYPE_RSA);
    assert_int_equal(anchor->pkey.key.rsa.nlen, 128);
    assert_int_equal(anchor->pkey.key.rsa.n[0], 0xC4);
    assert_int_equal(anchor->pkey.key.rsa.elen, 3);
    assert_memory_equal(anchor->pkey.key.rsa.e, "\001\000\001", 3);
    stint_posix_anchors_free(&bundle->anchors);
    assert_null(bundle->anchors.anchors);
    stint_posix_anchors_free(&bundle->anchors);
}

static void a_leaf_is_trusted_itself(void **state)
{
    struct bundle *bundle = *state;
    const br_x509_trust_anchor *anchor;

    assert_int_equal(load(bundle, ec_leaf, "", "", ""), 0);
    assert_int_equal(bundle->anchors.count, 1);
    anchor = &bundle->anchors.anchors[0];
    assert_int_equal(anchor->flags, 0);
    assert_int_equal(anchor->pkey.key_type, BR_KEYTYPE_EC);
    assert_int_equal(anchor->pkey.key.ec.curve, BR_EC_secp256r1);
    assert_int_equal(anchor->pkey.key.ec.qlen, 65);
    assert_int_equal(anchor->pkey.key.ec.q[0], 4);
    stint_posix_anchors_free(&bundle->anchors);
}

static void what_is_no_certificate_is_passed_over(void **state)
{
    struct bundle *bundle = *state;

    assert_int_equal(load(bundle, "# roots\n", old_key, rsa_ca, "the end, without a line end"), 0);
    assert_int_equal(bundle->anchors.count, 1);
    stint_posix_anchors_free(&bundle->anchors);
}

static void a_key_that_bearssl_cannot_use_is_counted(void **state)
{
    struct bundle *bundle = *state;

    assert_int_equal(load(bundle, ed25519_ca, rsa_ca, ed25519_ca, ec_leaf), 0);
    assert_int_equal(bundle->anchors.count, 2);
    assert_int_equal(bundle->anchors.skipped, 2);
    assert_int_equal(bundle->anchors.anchors[1].flags, 0);
    stint_posix_anchors_free(&bundle->anchors);
    assert_int_equal(load(bundle, ed25519_ca, "", "", ""), -1);
    assert_refused(bundle, "no certificate that BearSSL can use");
}

static void many_certificates_are_read(void **state)
{
    struct bundle *bundle = *state;
    FILE *file = fopen(bundle->path, "wb");

    for (int i = 0; i < 100; i++) {
        fputs(i % 2 == 0 ? rsa_ca : ec_leaf, file);
    }
    fclose(file);
    assert_int_equal(
        stint_posix_anchors_load(&bundle->anchors, bundle->path, bundle->why, sizeof bundle->why),
        0);
    assert_int_equal(bundle->anchors.count, 100);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(bundle->anchors.anchors[i].flags, i % 2 == 0 ? BR_X509_TA_CA : 0);
        assert_int_equal(bundle->anchors.anchors[i].dn.len, i % 2 == 0 ? 28 : 22);
    }
    stint_posix_anchors_free(&bundle->anchors);
}

static void lines_may_end_in_crlf(void **state)
{
    struct bundle *bundle = *state;
    char crlf[2 * sizeof rsa_ca] = "";
    size_t length = 0;

    for (const char *from = rsa_ca; *from != '\0'; from++) {
        if (*from == '\n') {
            crlf[length++] = '\r';
        }
        crlf[length++] = *from;
    }
    crlf[length - 2] = '\0'; /* and the last may lack its end */
    assert_int_equal(load(bundle, crlf, "\r\n", crlf, ""), 0);
    assert_int_equal(bundle->anchors.count, 2);
    stint_posix_anchors_free(&bundle->anchors);
}

static void damage_is_told_with_its_place(void **state)
{
    struct bundle *bundle = *state;
    char damaged[sizeof rsa_ca];

    memcpy(damaged, rsa_ca, sizeof rsa_ca);
    damaged[28 + 3 * 65 + 10] = '*'; /* in the fifth line */
    assert_int_equal(load(bundle, ec_leaf, "\n", damaged, rsa_ca), -1);
    assert_refused(bundle, "line 16: not the base64 of certificate 2");

    memcpy(damaged, rsa_ca, sizeof rsa_ca);
    damaged[28] = 'N'; /* the tag of the outermost SEQUENCE becomes 34 */
    assert_int_equal(load(bundle, ec_leaf, "\n", damaged, rsa_ca), -1);
    assert_refused(bundle, "line 12: certificate 2 is damaged");
}

static void a_certificate_that_is_cut_off_is_refused(void **state)
{
    struct bundle *bundle = *state;
    char cut[sizeof rsa_ca] = "";

    memcpy(cut, rsa_ca, 28 + 4 * 65);
    assert_int_equal(load(bundle, rsa_ca, cut, "", ""), -1);
    assert_refused(bundle, "ends within certificate 2");
    assert_int_equal(load(bundle, cut, rsa_ca, "", ""), -1);
    assert_refused(bundle, "line 6: not the base64 of certificate 1");
    assert_int_equal(load(bundle, cut, "-----END CERTIFICATE-----\n", "", ""), -1);
    assert_refused(bundle, "line 1: certificate 1 is damaged");
}

/* RFC 7468 3: lax parsers allow for white space, and the older label. */
static void lax_text_is_read(void **state)
{
    struct bundle *bundle = *state;
    char lax[2 * sizeof rsa_ca] = "";
    size_t length = 0;

    for (const char *from = rsa_ca + 28; *from != '\0'; from++) {
        lax[length++] = *from;
        if (*from == 'A') {
            memcpy(lax + length, " \t\n", 3);
            length += 3;
        }
    }
    assert_int_equal(load(bundle, "-----BEGIN CERTIFICATE\n", "-----BEGIN X509 CERTIFICATE-----\n",
                          lax, ec_leaf),
                     0);
    assert_int_equal(bundle->anchors.count, 2);
    assert_int_equal(bundle->anchors.anchors[0].dn.len, 28);
    stint_posix_anchors_free(&bundle->anchors);
}

static void damaged_base64_is_told(void **state)
{
    static const struct {
        const char *base64;
        const char *reason;
    } cases[] = {
        {"MIIC=AAA\n", "line 2: not the base64 of certificate 1"},
        {"=\n", "line 2: not the base64 of certificate 1"},
        {"M===\n", "line 2: not the base64 of certificate 1"},
        {"MI=A\n", "line 2: not the base64 of certificate 1"},
        {"MII=\nMIIC\n", "line 3: not the base64 of certificate 1"},
        {"MII=\n=\n", "line 3: not the base64 of certificate 1"},
        {"MIICM\n", "line 3: not the base64 of certificate 1"},
        {"MIICMI=\n", "line 3: not the base64 of certificate 1"},
        {"\n{IIC\n", "line 3: not the base64 of certificate 1"},
        {"@IIC\n", "line 2: not the base64 of certificate 1"},
        {"[IIC\n", "line 2: not the base64 of certificate 1"},
        {":IIC\n", "line 2: not the base64 of certificate 1"},
        {",IIC\n", "line 2: not the base64 of certificate 1"},
        {"\xc3IIC\n", "line 2: not the base64 of certificate 1"},
        {"-----BEGIN\n", "line 2: not the base64 of certificate 1"},
    };
    struct bundle *bundle = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(load(bundle, "-----BEGIN CERTIFICATE-----\n", cases[i].base64,
                              "-----END CERTIFICATE-----\n", ""),
                         -1);
        assert_refused(bundle, cases[i].reason);
    }
}

/* It is read in pieces of 65,536 octets: one ends somewhere in the certificate, or beside it. */
static void a_file_of_any_length_is_read(void **state)
{
    struct bundle *bundle = *state;
    const size_t certificate = sizeof rsa_ca - 1;
    static char space[65536 + 1];

    for (size_t inside = 0; inside <= certificate + 1;
         inside += inside > 3 && inside + 64 < certificate ? 61 : 1) {
        memset(space, '\n', sizeof space);
        space[65536 - inside] = '\0';
        assert_int_equal(load(bundle, space, rsa_ca, "", ""), 0);
        assert_int_equal(bundle->anchors.count, 1);
        stint_posix_anchors_free(&bundle->anchors);
    }
}

static void files_without_certificates_are_refused(void **state)
{
    struct bundle *bundle = *state;

    assert_int_equal(load(bundle, "", "", "", ""), -1);
    assert_refused(bundle, "no certificate in it");
    assert_int_equal(load(bundle, old_key, "hello\n", "", ""), -1);
    assert_refused(bundle, "no certificate in it");
}

static void files_that_cannot_be_read_are_refused(void **state)
{
    struct bundle *bundle = *state;
    char why[256], expected[256];

    assert_int_equal(
        stint_posix_anchors_load(&bundle->anchors, bundle->path, bundle->why, sizeof bundle->why),
        -1);
    assert_refused(bundle, strerror(ENOENT));

    assert_int_equal(stint_posix_anchors_load(&bundle->anchors, bundle->directory, why, sizeof why),
                     -1);
    snprintf(expected, sizeof expected, "%s: %s", bundle->directory, strerror(EISDIR));
    assert_string_equal(why, expected);
    assert_int_equal(stint_posix_anchors_load(&bundle->anchors, bundle->directory, why, 5), -1);
    assert_string_equal(why, "/tmp");
}

static void the_systems_bundle_can_be_chosen(void **state)
{
    struct bundle *bundle = *state;
    const char *path;

    setenv("SSL_CERT_FILE", "/nowhere/at/all", 1);
    assert_string_equal(stint_posix_system_bundle(), "/nowhere/at/all");
    setenv("SSL_CERT_FILE", "", 1);
    path = stint_posix_system_bundle();
    if (path == NULL) {
        skip(); /* no roots here */
    }
    assert_int_equal(
        stint_posix_anchors_load(&bundle->anchors, path, bundle->why, sizeof bundle->why), 0);
    assert_true(bundle->anchors.count > 10);
    stint_posix_anchors_free(&bundle->anchors);
}

static int give_back_all(void **state)
{
    (void)state;
    return lists_alive();
}

#define linked(test)  cmocka_unit_test_setup_teardown(test, link_up, link_down)
#define on_file(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        linked(connects_to_an_ipv4_address),
        cmocka_unit_test(connects_to_an_ipv6_address),
        linked(sets_the_socket_up),
        linked(a_write_that_is_not_gathered_waits_for_no_acknowledgement),
        cmocka_unit_test(resolves_a_name_in_another_thread),
        cmocka_unit_test(look_ups_under_way_can_be_closed),
        cmocka_unit_test(a_look_up_that_is_over_can_be_closed),
        cmocka_unit_test(a_name_that_is_unknown_fails),
        cmocka_unit_test(a_resolver_that_fails_tells_errno),
        cmocka_unit_test(a_refused_connection_fails),
        cmocka_unit_test(a_connection_to_itself_is_a_refusal),
        cmocka_unit_test(the_next_address_is_tried_after_a_refusal),
        cmocka_unit_test(an_address_without_a_route_hides_no_refusal),
        cmocka_unit_test(an_address_that_is_silent_has_its_share_of_the_time),
        cmocka_unit_test(the_last_address_has_all_the_time_that_is_left),
        cmocka_unit_test(nothing_is_done_without_a_connection),
        linked(nothing_is_done_after_close),
        linked(octets_are_read_ahead),
        linked(input_is_looked_for_while_sending),
        linked(input_is_looked_for_behind_what_filled_the_buffer),
        linked(input_is_looked_for_where_the_socket_was_full),
        linked(a_flight_costs_one_recv_and_one_send),
        linked(all_is_read_before_the_end),
        linked(all_is_read_before_a_reset),
        linked(all_is_read_after_a_write_failed),
        linked(flush_fails_only_if_nothing_left),
        linked(what_may_have_left_is_not_denied),
        linked(the_end_is_read_after_a_write_failed),
        linked(nothing_is_waited_for_after_a_write_failed),
        linked(small_writes_go_out_together),
        linked(a_large_write_goes_out_behind_small_ones),
        linked(nothing_is_lost_or_doubled_where_the_socket_is_full),
        cmocka_unit_test(the_kernel_takes_little_that_it_cannot_send),
        linked(every_part_of_a_write_may_be_taken),
        linked(interrupted_calls_are_made_again),
        cmocka_unit_test(a_session_is_run),
        cmocka_unit_test(two_sessions_share_a_thread),
        cmocka_unit_test(a_session_goes_on_to_the_next_address_in_time),
        cmocka_unit_test(a_session_ends_in_time_while_resolving),
        cmocka_unit_test(the_clock_counts_milliseconds),
        cmocka_unit_test(the_wall_clock_is_now),
        cmocka_unit_test(entropy_fills_the_whole_buffer),
        cmocka_unit_test(entropy_that_is_missing_is_told),
        on_file(a_ca_vouches_for_others),
        on_file(a_leaf_is_trusted_itself),
        on_file(what_is_no_certificate_is_passed_over),
        on_file(a_key_that_bearssl_cannot_use_is_counted),
        on_file(many_certificates_are_read),
        on_file(lines_may_end_in_crlf),
        on_file(damage_is_told_with_its_place),
        on_file(a_certificate_that_is_cut_off_is_refused),
        on_file(lax_text_is_read),
        on_file(damaged_base64_is_told),
        on_file(a_file_of_any_length_is_read),
        on_file(files_without_certificates_are_refused),
        on_file(files_that_cannot_be_read_are_refused),
        on_file(the_systems_bundle_can_be_chosen),
    };

    resolver.caller = pthread_self();
    return cmocka_run_group_tests(tests, NULL, give_back_all);
}
