/* SPDX-License-Identifier: MIT */
#include "place.h"

#include <assert.h>
#include <string.h>

#if defined __has_feature
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#define POISON(memory)   ASAN_POISON_MEMORY_REGION(&(memory), sizeof(memory))
#define UNPOISON(memory) ASAN_UNPOISON_MEMORY_REGION(&(memory), sizeof(memory))
#endif
#endif
#ifndef POISON
#define POISON(memory)   ((void)0)
#define UNPOISON(memory) ((void)0)
#endif

#include "lwip/memp.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/stats.h"
#include "lwip/timeouts.h"

#define LONGEST_MS   3600000U
#define FORGOTTEN_MS 7200000U
#define TICK_MS      200U /* no more often does slirp look at the clock */
#define PATIENCE     2    /* times that descriptors are waited for before the clock goes on */

struct place place;

#define TEN(x) x x x x x x x x x x
#define LINE   "It is 4.2 bar at pump 3, and there it should be 5.0 all day.\r\n"
#define MESSAGE(dot)                                                                               \
    "From: pump3@example.com\r\nSubject: Pressure\r\n\r\n" dot ".\r\n" TEN(LINE) TEN(LINE) TEN(LINE)
static const char message[] = MESSAGE("");
const char place_message[] = MESSAGE(".");
const size_t place_message_length = sizeof place_message - 1;

/* ---- Memory that lwIP does not get ---- */

void *__real_memp_malloc(memp_t type);
void *__wrap_memp_malloc(memp_t type);
void *__real_mem_malloc(mem_size_t size);
void *__wrap_mem_malloc(mem_size_t size);

static bool fails_now(void)
{
    place.allocations++;
    if (place.fail_at == 0 || place.allocations < place.fail_at) {
        return false;
    }
    if (place.allocations == place.fail_at) {
        place.failed_at_ms = clock_ms;
        return true;
    }
    return clock_ms - place.failed_at_ms < place.fail_ms;
}

/* What lwIP cannot do without is not taken from it: it would end the program. */
void *__wrap_memp_malloc(memp_t type)
{
    return type != MEMP_SYS_TIMEOUT && fails_now() ? NULL : __real_memp_malloc(type);
}

void *__wrap_mem_malloc(mem_size_t size)
{
    return !MEMP_MEM_MALLOC && fails_now() ? NULL : __real_mem_malloc(size);
}

static size_t memory_used(void)
{
    size_t used = lwip_stats.mem.used;

#if !MEMP_MEM_MALLOC
    for (size_t i = 0; i < MEMP_MAX; i++) {
        used += i == MEMP_SYS_TIMEOUT ? 0 : lwip_stats.memp[i]->used;
    }
#endif
    return used;
}

/* ---- Setting up ---- */

static int entropy(void *context, uint8_t *buffer, size_t length)
{
    (void)context;
    memset(buffer, 0x5A, length);
    return 1;
}

static void busy(void *context)
{
    (void)context;
    place.busy++;
}

static void woken(void *context)
{
    assert(context == &place);
    place.wakes++;
}

/* The server is known by its key: its certificate names no address. */
static uint8_t pins[1][STINT_TLS_PIN_OCTETS];

static void set_up_pin(void)
{
    static const uint8_t head[] = {0x30, 0x59, 0x30, 0x13}; /* of its SubjectPublicKeyInfo */
    const uint8_t *key =
        memmem(tls_server_certificate, tls_server_certificate_length, head, sizeof head);
    br_sha256_context hash;

    assert(key != NULL);
    br_sha256_init(&hash);
    br_sha256_update(&hash, key, 2 + 0x59);
    br_sha256_out(&hash, pins[0]);
}

static void set_up_client(enum flavour flavour)
{
    struct stint_client *client = &place.memory.client;
    struct stint_tls *tls = &place.memory.tls;

    tls->profile = stint_tls_profile_fast;
    tls->pins = (const void *)pins;
    tls->pin_count = 1;
    tls->entropy = entropy;
    tls->busy = busy;
    client->io = &stint_lwip_io;
    client->io_context = &place.memory.port;
    client->tls = tls;
    client->in = place.memory.in;
    client->in_size = sizeof place.memory.in;
    if (flavour != FLAVOUR_ONE_BUFFER) {
        client->out = place.memory.out;
        client->out_size = sizeof place.memory.out;
    }
}

static size_t used_before;

void place_set_up(bool v6)
{
    wire_set_up();
    mx_set_up(&place.mx, v6);
    set_up_pin();
    used_before = memory_used();
}

void place_tear_down(void)
{
    mx_tear_down(&place.mx);
}

void place_start(enum flavour flavour)
{
    struct mx *mx = &place.mx;

    mx_start(mx);
    mx->pipelining = flavour != FLAVOUR_CLEAR;
    wire_start();
    UNPOISON(place.memory);
    memset(&place.memory, 0, sizeof place - offsetof(struct place, memory));
    place.memory.port.wake = woken;
    place.memory.port.wake_context = &place;
    set_up_client(flavour);
    place.account.host = WIRE_HOST;
    place.account.port = mx->port;
    place.account.security =
        flavour == FLAVOUR_CLEAR ? STINT_SECURITY_NONE : STINT_SECURITY_STARTTLS;
    stint_source_from_memory(&place.source, &place.message, message, sizeof message - 1);
    place.recipient.address = "ops@example.com";
    place.mail.reverse_path = "pump3@example.com";
    place.mail.recipients = &place.recipient;
    place.mail.recipient_count = 1;
    place.mail.source = &place.source;
}

/* ---- Running ---- */

/* Everything but the client. */
static bool run_others(bool waits)
{
    bool moved = wire_run(waits);

    while (mx_run(&place.mx)) {
        moved = true;
    }
    return moved;
}

static void advance(uint32_t most_ms)
{
    uint32_t next = sys_timeouts_sleeptime();

    next = next < TICK_MS ? next : TICK_MS;
    next = next < most_ms ? next : most_ms;
    clock_ms += next > 0 ? next : 1;
}

/* Lets everything but the client run, and time if nothing else does, until `done`. */
static void run_until(bool (*done)(void), uint32_t ends_ms)
{
    int idle = 0;

    while (!done() && (int32_t)(ends_ms - clock_ms) > 0) {
        if (run_others(idle > 0 && idle <= PATIENCE)) {
            idle = 0;
        } else if (idle++ >= PATIENCE) {
            advance(ends_ms - clock_ms);
        }
    }
}

static unsigned wakes_seen;

static bool is_woken(void)
{
    return place.wakes != wakes_seen;
}

static bool never(void)
{
    return false;
}

/* One step. Returns whether the session goes on. */
static bool step(void)
{
    struct stint_client *client = &place.memory.client;

    wakes_seen = place.wakes;
    place.steps++;
    if (place.steps == place.abort_at) {
        stint_abort(client);
    }
    return stint_step(client, clock_ms) != STINT_DONE;
}

void place_run(void)
{
    struct stint_client *client = &place.memory.client;
    const uint32_t started = clock_ms;

    place.allocations = 0;
    stint_start(client, &place.account, &place.mail, clock_ms);
    while (step()) {
        if (clock_ms - started > LONGEST_MS) {
            place.lasted = true;
            break;
        }
        if (stint_wants(client) != STINT_WANT_NOTHING) {
            run_until(is_woken,
                      clock_ms + stint_lwip_wait_ms(&place.memory.port, client, clock_ms));
        }
    }
    place.took_ms = clock_ms - started;
    place.result = client->result;
    place.error = place.memory.port.error;
}

static bool is_forgotten(void)
{
    return tcp_active_pcbs == NULL && tcp_tw_pcbs == NULL && tcp_bound_pcbs == NULL;
}

void place_finish(void)
{
    const unsigned failed = place.fail_at;

    place.fail_at = 0;
    memset(&place.memory, 0xA5, sizeof place.memory);
    POISON(place.memory);
    run_until(is_forgotten, clock_ms + FORGOTTEN_MS);
    wire.accident = ACCIDENT_NONE;
    run_until(never, clock_ms + 10000); /* and what waits for ARP */
    place.fail_at = failed;
    wire_end();
    place.lost_memory = !is_forgotten() || memory_used() != used_before;
}

void place_wait(uint32_t ms)
{
    run_until(never, clock_ms + ms);
}
