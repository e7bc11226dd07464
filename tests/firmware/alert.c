/* SPDX-License-Identifier: MIT */
#include "budget.h"
#include "clock.h"
#include "console.h"
#include "limits.h"
#include "network.h"
#include "profiles.h"
#include "readings.h"
#include "semihosting.h"
#include "settings.h"

#include "stint/stint.h"
#include "stint_lwip.h"

#define PATIENCE_MS 20000U

extern const br_x509_trust_anchor firmware_anchors[]; /* by tests/tools/write_anchors.c */
extern const size_t firmware_anchors_count;

static struct stint_client client;
static struct stint_lwip port;
static struct stint_tls tls;
static uint8_t in[BUDGET_IN];
#if BUDGET_OUT > 0
static uint8_t out[BUDGET_OUT];
#else
static uint8_t *const out = NULL; /* `in` is for both */
#endif

static bool wait_until(bool (*is_so)(void))
{
    uint32_t begun = clock_ms();

    while (!is_so()) {
        if (clock_ms() - begun > PATIENCE_MS) {
            return false;
        }
        network_poll();
        clock_sleep();
    }
    return true;
}

/* The server is where the settings say, if they say; its certificate must have its name anyhow. */
static int open_connection(void *context, const char *host, uint16_t number, uint32_t left_ms)
{
    const char *where = settings.server[0] != '\0' ? settings.server : host;

    return stint_lwip_io.open(context, where, number, left_ms);
}

static void prepare(struct stint_io *io)
{
    *io = stint_lwip_io;
    io->open = open_connection;
    client.io = io;
    client.io_context = &port;
    client.tls = &tls;
    client.in = in;
    client.in_size = BUDGET_IN;
    client.out = out;
    client.out_size = BUDGET_OUT;
    tls.profile = FIRMWARE_PROFILE;
    tls.anchors = firmware_anchors;
    tls.anchor_count = firmware_anchors_count;
    tls.entropy = semihosting_entropy;
    tls.unix_time = semihosting_time();
}

static void report(const struct stint_result *result)
{
    console_number("fate ", result->fate);
    console_number(" error ", result->error);
    console_number(" stage ", result->stage);
    console_number(" code ", result->code);
    console_number(" tls ", (uint32_t)result->tls_error);
    console_text("\n");
}

static enum stint_fate send_alert(void)
{
    const struct stint_account account = {.host = settings.host,
                                          .port = settings.port,
                                          .security = settings.security,
                                          .ehlo_name = "pump3.example.test",
                                          .user = settings.user,
                                          .password = settings.password};
    struct stint_recipient to = {.address = "ops@example.test"};
    struct readings readings = {.count = settings.readings};
    struct stint_source source;
    const struct stint_mail mail = {.reverse_path = "pump3@example.test",
                                    .recipients = &to,
                                    .recipient_count = 1,
                                    .source = &source};
    struct stint_io io;

    prepare(&io);
    readings_source(&source, &readings);
    stint_start(&client, &account, &mail, clock_ms());
    while (stint_step(&client, clock_ms()) == STINT_RUNNING) {
        network_poll();
        if (stint_wants(&client) != STINT_WANT_NOTHING) {
            clock_sleep();
        }
    }
    report(&client.result);
    return (enum stint_fate)client.result.fate;
}

int main(void)
{
    static const uint8_t status_of[] = {[STINT_FATE_NOT_ACCEPTED] = STATUS_NOT_ACCEPTED,
                                        [STINT_FATE_UNKNOWN] = STATUS_UNKNOWN,
                                        [STINT_FATE_ACCEPTED] = STATUS_ACCEPTED};
    enum stint_fate fate = STINT_FATE_NOT_ACCEPTED;

    clock_start();
    network_start();
    if (!wait_until(network_is_up)) {
        return STATUS_NO_NETWORK;
    }
    for (unsigned i = 0; i < settings.alerts; i++) {
        limits_begin();
        fate = send_alert();
        if (!wait_until(limits_all_is_back) || !limits_hold()) {
            return STATUS_LIMIT;
        }
    }
    return status_of[fate];
}
