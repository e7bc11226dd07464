/* SPDX-License-Identifier: MIT */
#include "alert.h"

#include "console.h"
#include "network.h"
#include "readings.h"
#include "semihosting.h"
#include "settings.h"
#include "stacks.h"

#include "stint/stint.h"
#include "stint_lwip.h"

#include "lwip/sys.h"

#define PATIENCE_MS         (settings.patience * 1000U)
#define LOOK_AT_CONSOLE_MS  50
#define END_OF_TRANSMISSION 4 /* ASCII; any other octet asks for an alert */

extern const br_x509_trust_anchor alert_anchors[]; /* by `stint anchors` */
extern const size_t alert_anchors_count;

/* All that Stint needs, beside the stack. */
static struct stint_client client;
static struct stint_lwip port;
static struct stint_tls tls;
static uint8_t in[STINT_IN_SMALL], out[STINT_OUT_MIN];

/* The server is where the settings say, if they say; its certificate must have its name anyhow. */
static int open_connection(void *context, const char *host, uint16_t number, uint32_t left_ms)
{
    const char *where = settings.server[0] != '\0' ? settings.server : host;

    return stint_lwip_io.open(context, where, number, left_ms);
}

static void prepare(struct stint_io *io, void (*wake)(void *context))
{
    *io = stint_lwip_io;
    io->open = open_connection;
    port.wake = wake;
    client.io = io;
    client.io_context = &port;
    client.tls = &tls;
    client.in = in;
    client.in_size = sizeof in;
    client.out = out;
    client.out_size = sizeof out;
    tls.profile = stint_tls_profile_small;
    tls.anchors = alert_anchors;
    tls.anchor_count = alert_anchors_count;
    tls.entropy = semihosting_entropy;
    tls.unix_time = semihosting_time();
}

static void report(uint32_t begun)
{
    console_number("fate ", client.result.fate);
    console_number(" error ", client.result.error);
    console_number(" stage ", client.result.stage);
    console_number(" code ", client.result.code);
    console_number(" tls ", (uint32_t)client.result.tls_error);
    console_number(" ms ", sys_now() - begun);
    console_text("\n");
}

static void send_alert(void (*wait)(uint32_t ms), void (*wake)(void *context))
{
    const struct stint_account account = {.host = settings.host,
                                          .port = settings.port,
                                          .security = settings.security,
                                          .ehlo_name = "pump3.example.test",
                                          .user = settings.user,
                                          .password = settings.password,
                                          .timeout_ms = PATIENCE_MS};
    struct stint_recipient to = {.address = "ops@example.test"};
    struct readings readings = {.count = settings.readings};
    struct stint_source source;
    const struct stint_mail mail = {.reverse_path = "pump3@example.test",
                                    .recipients = &to,
                                    .recipient_count = 1,
                                    .source = &source};
    struct stint_io io;
    uint32_t begun = sys_now();

    prepare(&io, wake);
    readings_source(&source, &readings);
    stint_start(&client, &account, &mail, begun);
    while (stint_step(&client, sys_now()) == STINT_RUNNING) {
        wait(stint_lwip_wait_ms(&port, &client, sys_now()));
    }
    report(begun);
}

static uint8_t next_octet(void (*wait)(uint32_t ms))
{
    while (!console_has_octet() || !network_is_up()) {
        wait(LOOK_AT_CONSOLE_MS);
    }
    return console_octet();
}

void alert_run(void (*wait)(uint32_t ms), void (*wake)(void *context))
{
    while (next_octet(wait) != END_OF_TRANSMISSION) {
        send_alert(wait, wake);
        stacks_print();
    }
    semihosting_exit(STATUS_WELL);
}
