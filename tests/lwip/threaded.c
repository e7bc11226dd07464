/* SPDX-License-Identifier: MIT */
/*
 * threaded PORT CLIENTS SESSIONS [PIN]: NO_SYS 0. A thread of lwIP's own, one for the network, and
 * CLIENTS that each send SESSIONS mails to the server on this machine's PORT, all at a time: in
 * clear, or by STARTTLS to the key whose SHA-256 hash PIN is, in hex. Every fifth session is
 * aborted at some step. Prints last
 *
 *     N sessions, N accepted, N aborted, N failures
 *
 * Returns 0 if there were no failures. Built for the thread sanitizer, which sees whether all that
 * the threads share is locked; that nothing else happens in the lock is seen to here.
 */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "stint_lwip.h"
#include "wire.h"

#include "lwip/tcpip.h"

#define CLIENT_MAX     8
#define ABORT_INTERVAL 5
#define PAUSE_US       500

struct user {
    pthread_t thread;
    sem_t woken;
    unsigned number;
    unsigned accepted, aborted, failed, wakes;
    struct {
        struct stint_lwip port;
        struct stint_client client;
        struct stint_tls tls;
        uint8_t in[STINT_IN_ANY_SERVER];
        uint8_t out[STINT_OUT_MIN];
    } memory;
};

static struct user users[CLIENT_MAX];
static unsigned sessions;
static struct stint_account account = {.host = WIRE_HOST};
static uint8_t pins[1][STINT_TLS_PIN_OCTETS];
static const char message[] =
    "From: pump3@example.test\r\nTo: ops@example.test\r\nSubject: x\r\n\r\n"
    "Low.\r\n.\r\nIt is, really, and has been so for the longest time "
    "that anybody here can remember.\r\n";

__thread unsigned core_locks; /* lwipopts.h counts */

static uint32_t now(void)
{
    return sys_now();
}

/* ---- What Stint asks for: never in the lock ---- */

static int entropy(void *context, uint8_t *buffer, size_t length)
{
    (void)context;
    assert(core_locks == 0);
    memset(buffer, 0x5A, length);
    return 1;
}

static void busy(void *context)
{
    (void)context;
    assert(core_locks == 0);
}

static int read_message(void *context, uint8_t *buffer, size_t room)
{
    size_t *offset = context;
    size_t length = sizeof message - 1 - *offset;

    assert(core_locks == 0);
    length = length < room ? length : room;
    memcpy(buffer, message + *offset, length);
    *offset += length;
    return length > 0 ? (int)length : STINT_SOURCE_END;
}

/* In lwIP's thread or the network's, and in the lock. */
static void wake(void *context)
{
    struct user *user = context;

    assert(core_locks > 0);
    user->wakes++;
    (void)sem_post(&user->woken);
}

/* ---- A client's thread ---- */

static void set_up(struct user *user)
{
    struct stint_client *client = &user->memory.client;
    struct stint_tls *tls = &user->memory.tls;

    memset(&user->memory, 0, sizeof user->memory);
    user->memory.port.wake = wake;
    user->memory.port.wake_context = user;
    tls->profile = stint_tls_profile_fast;
    tls->pins = (const void *)pins;
    tls->pin_count = 1;
    tls->entropy = entropy;
    tls->busy = busy;
    client->io = &stint_lwip_io;
    client->io_context = &user->memory.port;
    client->tls = tls;
    client->in = user->memory.in;
    client->in_size = sizeof user->memory.in;
    client->out = user->memory.out;
    client->out_size = sizeof user->memory.out;
}

static void wait_for(struct user *user)
{
    uint32_t ms = stint_lwip_wait_ms(&user->memory.port, &user->memory.client, now());
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    while (sem_timedwait(&user->woken, &until) < 0 && errno == EINTR) {
    }
}

static void run_session(struct user *user, unsigned abort_at)
{
    struct stint_client *client = &user->memory.client;
    size_t offset = 0;
    struct stint_source source = {.read = read_message, .context = &offset};
    struct stint_recipient to = {.address = "ops@example.test"};
    struct stint_mail mail = {.reverse_path = "pump3@example.test",
                              .recipients = &to,
                              .recipient_count = 1,
                              .source = &source};
    unsigned step = 1;

    set_up(user);
    stint_start(client, &account, &mail, now());
    while (stint_step(client, now()) != STINT_DONE) {
        if (stint_wants(client) != STINT_WANT_NOTHING) {
            wait_for(user);
        }
        if (++step == abort_at) {
            stint_abort(client);
        }
    }
    if (client->result.error == STINT_ERROR_NONE) {
        user->accepted += client->result.fate == STINT_FATE_ACCEPTED;
    } else if (client->result.error == STINT_ERROR_ABORTED && abort_at > 0) {
        user->aborted++;
    } else {
        user->failed++;
        printf("client %u: error %s at %s, %s (lwIP %d)\n", user->number,
               stint_error_name(client->result.error), stint_stage_name(client->result.stage),
               stint_fate_name(client->result.fate), user->memory.port.error);
    }
    memset(&user->memory, 0xA5, sizeof user->memory);
}

static void *run_user(void *context)
{
    struct user *user = context;

    for (unsigned i = 1; i <= sessions; i++) {
        run_session(user, i % ABORT_INTERVAL == 0 ? 2 + (7 * i + 3 * user->number) % 30 : 0);
    }
    return NULL;
}

/* ---- The network's thread ---- */

static atomic_bool is_over;

static void *run_network(void *context)
{
    bool moved;

    (void)context;
    while (!atomic_load(&is_over)) {
        LOCK_TCPIP_CORE();
        clock_ms = now();
        moved = wire_run(false);
        UNLOCK_TCPIP_CORE();
        if (!moved) {
            (void)usleep(PAUSE_US);
        }
    }
    return NULL;
}

static void is_up(void *context)
{
    (void)sem_post(context);
}

static void start_stack(void)
{
    sem_t up;

    (void)sem_init(&up, 0, 0);
    tcpip_init(is_up, &up);
    (void)sem_wait(&up);
    LOCK_TCPIP_CORE();
    wire_set_up();
    wire_start();
    UNLOCK_TCPIP_CORE();
}

static bool parse_pin(const char *hex)
{
    for (size_t i = 0; i < STINT_TLS_PIN_OCTETS; i++) {
        if (sscanf(hex + 2 * i, "%2hhx", &pins[0][i]) != 1) {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    unsigned clients = argc > 2 ? (unsigned)atoi(argv[2]) : 0;
    struct user sum = {0};
    pthread_t network;

    if (argc < 4 || clients < 1 || clients > CLIENT_MAX || (argc > 4 && !parse_pin(argv[4]))) {
        fprintf(stderr, "usage: threaded PORT CLIENTS SESSIONS [PIN]\n");
        return 2;
    }
    account.port = (uint16_t)atoi(argv[1]);
    account.security = STINT_SECURITY_NONE;
    if (argc > 4) {
        account.security = STINT_SECURITY_STARTTLS;
        account.user = "tester@example.test";
        account.password = "s3cret Pa55";
    }
    sessions = (unsigned)atoi(argv[3]);
    start_stack();
    (void)pthread_create(&network, NULL, run_network, NULL);
    for (unsigned i = 0; i < clients; i++) {
        users[i].number = i;
        (void)sem_init(&users[i].woken, 0, 0);
        (void)pthread_create(&users[i].thread, NULL, run_user, &users[i]);
    }
    for (unsigned i = 0; i < clients; i++) {
        (void)pthread_join(users[i].thread, NULL);
        sum.accepted += users[i].accepted;
        sum.aborted += users[i].aborted;
        sum.failed += users[i].failed;
    }
    atomic_store(&is_over, true);
    (void)pthread_join(network, NULL);
    printf("%u sessions, %u accepted, %u aborted, %u failures\n", clients * sessions, sum.accepted,
           sum.aborted, sum.failed);
    return sum.failed > 0;
}
