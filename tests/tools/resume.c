/* SPDX-License-Identifier: MIT */

/*
 * resume CA PORT implicit|starttls STORE SESSION...
 *
 * One mail to localhost for each SESSION, with what STORE keeps of the one before: a file, which
 * may be missing. A SESSION is the time in seconds, and what is done to the session that is
 * offered:
 *
 *     1000         nothing
 *     1000:t5      the ticket's octet 5 is changed, so that the server sees another one
 *     1000:s5      octet 5 of the secret is, which only this side knows
 *     1000:f5      octet 5 of STORE is, before it is read
 *
 * STINT_USER and STINT_PASSWORD, if set, are the login. With STINT_BOUND it is bound to the channel
 * where the server can do that; if it is "once", not by what is kept of the channel. Prints for
 * each: whether it was resumed, the fate, the error, the TLS error, connections, round trips,
 * octets received, and how long what is kept now is.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stint_posix.h"
#include "tls/resume.h"

static struct stint_posix port;
static struct stint_tls tls;
static struct stint_ticket ticket;
static struct stint_tls_binding binding;
static unsigned connections;

/* What is done to the session. */
static char damage;
static size_t place;

static void die(const char *what)
{
    fprintf(stderr, "resume: %s\n", what);
    exit(2);
}

/* ---- Damage ---- */

static bool load(struct stint_tls *client, const struct stint_account *account)
{
    bool is_loaded = stint_resume_by_tickets.load(client, account);

    if (damage == 't') {
        ticket.octets[place % STINT_TICKET_MAX] ^= 0x10;
    } else if (damage == 's') {
        client->client.eng.session.master_secret[place % 48] ^= 0x10;
    }
    return is_loaded;
}

/* ---- The store ---- */

static void read_store(const char *path)
{
    FILE *file = fopen(path, "rb");

    memset(&ticket, 0xA5, sizeof ticket);
    if (file != NULL) {
        if (fread(&ticket, 1, sizeof ticket, file) != sizeof ticket) {
            die("the store is cut off");
        }
        fclose(file);
    }
    if (damage == 'f') {
        ((uint8_t *)&ticket)[place % sizeof ticket] ^= 0x10;
    }
}

static void write_store(const char *path)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL || fwrite(&ticket, 1, sizeof ticket, file) != sizeof ticket ||
        fclose(file) != 0) {
        die("the store cannot be written");
    }
}

/* ---- A session ---- */

static int open_and_count(void *context, const char *host, uint16_t number, uint32_t left_ms)
{
    int status = stint_posix_io.open(context, host, number, left_ms);

    connections += status == STINT_IO_DONE;
    return status;
}

static void send_mail(const struct stint_account *account, struct stint_resume *resume)
{
    static const char text[] =
        "From: pump3@example.test\r\nTo: ops@example.test\r\nSubject: x\r\n\r\nLow.\r\n";
    static struct stint_client client;
    static uint8_t in[STINT_IN_SMALL], out[STINT_OUT_MIN];
    struct stint_io io = stint_posix_io;
    struct stint_recipient recipient = {.address = "ops@example.test"};
    struct stint_memory memory;
    struct stint_source source;
    struct stint_mail mail = {.reverse_path = "pump3@example.test",
                              .recipients = &recipient,
                              .recipient_count = 1,
                              .source = &source};

    io.open = open_and_count;
    connections = 0;
    stint_source_from_memory(&source, &memory, text, sizeof text - 1);
    memset(&client, 0, sizeof client);
    client.io = &io;
    client.io_context = &port;
    client.tls = &tls;
    client.in = in;
    client.in_size = sizeof in;
    client.out = out;
    client.out_size = sizeof out;
    tls.resume = resume;
    stint_start(&client, account, &mail, stint_posix_clock_ms());
    stint_posix_run(&port, &client);
    printf("%s %s %s %d %u %u %lu %u\n", stint_tls_resumed(&tls) ? "resumed" : "full",
           stint_fate_name(client.result.fate), stint_error_name(client.result.error),
           client.result.tls_error, connections, (unsigned)client.result.round_trips,
           (unsigned long)client.result.octets_received, (unsigned)ticket.length);
}

static void bind_login(void)
{
    binding.tls = &tls;
    tls.binding = &binding;
    tls.watch = stint_tls_binding_watch;
    tls.watch_context = &binding;
}

static void run_session(const struct stint_account *account, const char *path, const char *session)
{
    struct stint_resume_class by_damaged_tickets = stint_resume_by_tickets;
    struct stint_resume resume = {.by = &by_damaged_tickets, .ticket = &ticket};
    char *rest;

    by_damaged_tickets.load = load;
    if (tls.binding != NULL && strcmp(getenv("STINT_BOUND"), "once") != 0) {
        resume.binding = &binding;
    }
    resume.now = strtoul(session, &rest, 10);
    damage = *rest == ':' ? rest[1] : '\0';
    place = damage != '\0' ? strtoul(rest + 2, NULL, 10) : 0;
    read_store(path);
    send_mail(account, &resume);
    write_store(path);
}

int main(int argc, char **argv)
{
    static struct stint_posix_anchors anchors;
    struct stint_account account = {.host = "localhost", .ehlo_name = "pump3.example.test"};
    char why[200];
    int i;

    if (argc < 6) {
        die("usage: resume CA PORT implicit|starttls STORE SESSION...");
    }
    if (stint_posix_anchors_load(&anchors, argv[1], why, sizeof why) != 0) {
        die(why);
    }
    account.port = (uint16_t)atoi(argv[2]);
    account.security =
        strcmp(argv[3], "starttls") == 0 ? STINT_SECURITY_STARTTLS : STINT_SECURITY_IMPLICIT;
    account.user = getenv("STINT_USER");
    account.password = getenv("STINT_PASSWORD");
    tls.profile = stint_tls_profile_fast;
    tls.anchors = anchors.anchors;
    tls.anchor_count = anchors.count;
    tls.entropy = stint_posix_entropy;
    tls.unix_time = stint_posix_unix_time();
    if (getenv("STINT_BOUND") != NULL) {
        bind_login();
    }
    for (i = 5; i < argc; i++) {
        run_session(&account, argv[4], argv[i]);
    }
    stint_posix_anchors_free(&anchors);
    return 0;
}
