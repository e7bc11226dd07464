/* SPDX-License-Identifier: MIT */
#include "budget.h"
#include "clock.h"
#include "composed.h"
#include "console.h"
#include "effort.h"
#include "limits.h"
#include "network.h"
#include "profiles.h"
#include "readings.h"
#include "semihosting.h"
#include "settings.h"
#include "sleep.h"

#include "stint/stint.h"
#include "stint_lwip.h"

#define PATIENCE_MS (settings.patience * 1000U)

#define END_OF_TRANSMISSION 4 /* ASCII; any other octet asks for an alert */

extern const br_x509_trust_anchor firmware_anchors[]; /* by `stint anchors` */
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
    tls.unix_time = settings.floor_time == 0 ? semihosting_time() : 0;
    tls.floor_time = settings.floor_time;
    if (FIRMWARE_SLEEPS) {
        sleep_resume(&tls);
    }
}

static void report(const struct stint_result *result, uint32_t begun, const struct effort *effort)
{
    console_number("fate ", result->fate);
    console_number(" error ", result->error);
    console_number(" stage ", result->stage);
    console_number(" code ", result->code);
    console_number(" tls ", (uint32_t)result->tls_error);
    console_number(" ms ", clock_ms() - begun);
    effort_print(effort);
    console_text("\n");
}

static const struct stint_mail *readings_mail(void)
{
    static struct stint_recipient to = {.address = "ops@example.test"};
    static struct readings readings;
    static struct stint_source source;
    static const struct stint_mail mail = {.reverse_path = "pump3@example.test",
                                           .recipients = &to,
                                           .recipient_count = 1,
                                           .source = &source};

    readings.count = settings.readings;
    readings_source(&source, &readings);
    return &mail;
}

static const struct stint_mail *make_mail(void)
{
    switch (FIRMWARE_COMPOSED) {
    case COMPOSED_ALERT: return composed_alert();
    case COMPOSED_REPORT: return composed_report(settings.readings);
    default: return readings_mail();
    }
}

static void send_alert(void)
{
    const struct stint_account account = {.host = settings.host,
                                          .port = settings.port,
                                          .security = settings.security,
                                          .ehlo_name = "pump3.example.test",
                                          .user = settings.user,
                                          .password = settings.password,
                                          .timeout_ms = PATIENCE_MS};
    struct stint_io io;
    struct effort effort = {0};
    uint32_t begun = clock_ms();

    prepare(&io);
    stint_start(&client, &account, make_mail(), begun);
    while (effort_step(&effort, &client) == STINT_RUNNING) {
        network_poll();
        if (stint_wants(&client) != STINT_WANT_NOTHING) {
            clock_sleep();
        }
    }
    report(&client.result, begun, &effort);
}

static uint8_t next_octet(void)
{
    while (!console_has_octet()) {
        network_poll();
        clock_sleep();
    }
    return console_octet();
}

/* An alert for each octet that comes from the console. Without a network Stint says so. What an
 * alert left behind that went to nobody, lwIP gives up after minutes, or for the next one. A device
 * that sleeps begins anew after each, unless something is wrong. */
int main(void)
{
    bool is_clean = true, holds = true;

    clock_start();
    console_start();
    network_start();
    while (next_octet() != END_OF_TRANSMISSION) {
        (void)wait_until(network_is_up);
        limits_begin();
        send_alert();
        is_clean = wait_until(limits_all_is_back);
        holds &= limits_hold();
        if (FIRMWARE_SLEEPS && is_clean && holds) {
            sleep_deeply();
        }
    }
    return is_clean && holds ? STATUS_WELL : STATUS_LIMIT;
}
