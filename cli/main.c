/* SPDX-License-Identifier: MIT */
#include "alert.h"
#include "chain.h"
#include "check.h"
#include "explain.h"
#include "hostname.h"
#include "interrupt.h"
#include "message.h"
#include "options.h"
#include "password.h"
#include "print.h"
#include "run.h"
#include "status.h"
#include "verbose.h"

#include "stint_posix.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* All that one run of the command is made of. */
struct command {
    struct options options;
    struct password password;
    struct stint_posix_anchors anchors;
    const char *anchors_path;
    struct alert alert;
    struct message message;

    struct stint_account account;
    struct stint_mail mail;
    struct stint_tls tls;
    struct stint_posix port;
    struct stint_client client;
    uint8_t in[STINT_IN_ANY_SERVER];
    uint8_t out[STINT_OUT_FULL];
    char text[1024]; /* the server's */

    struct chain chain;
    struct verbose verbose;
    struct check check;
};

/* Whoever starts the command with a closed descriptor 0, 1 or 2 must not find the connection to the
 * server in its place. What stands in for it can do neither what is done with 0 nor with 1 and 2.
 */
static void occupy_standard_descriptors(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        if (fcntl(descriptor, F_GETFD) < 0) {
            (void)open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

/* ---- Before connecting ---- */

static int read_password(struct command *command)
{
    return command->options.user != NULL ? password_read(&command->password, &command->options)
                                         : STATUS_DONE;
}

static int load_anchors(struct command *command)
{
    const char *path = command->options.ca;
    char why[256];

    if (command->options.security == STINT_SECURITY_NONE ||
        (path == NULL && command->options.pin_count > 0)) {
        return STATUS_DONE;
    }
    if (path == NULL) {
        path = stint_posix_system_bundle();
    }
    if (path == NULL) {
        complain("this system keeps no trusted roots in the usual places: give --ca FILE; nothing "
                 "was sent");
        return STATUS_CONFIGURATION;
    }
    command->anchors_path = path;
    if (stint_posix_anchors_load(&command->anchors, path, why, sizeof why) == 0) {
        return STATUS_DONE;
    }
    complain("%s: %s; nothing was sent",
             command->options.ca != NULL ? "--ca" : "the system's trusted roots", why);
    return STATUS_CONFIGURATION;
}

static int open_message(struct command *command)
{
    const struct options *options = &command->options;
    int status;

    if (options->check) {
        return STATUS_DONE;
    }
    if (options->subject == NULL && options->text == NULL) {
        return message_open(&command->message, options->message_path);
    }
    status = alert_write(&command->alert, options);
    message_in_memory(&command->message, command->alert.octets, command->alert.length);
    return status;
}

static int prepare(struct command *command)
{
    int status = read_password(command);

    if (command->options.helo == NULL) {
        command->options.helo = hostname_full();
    }
    if (status == STATUS_DONE) {
        status = load_anchors(command);
    }
    if (status == STATUS_DONE) {
        status = open_message(command);
    }
    if (status == STATUS_DONE) {
        status = interrupt_prepare();
    }
    return status;
}

/* ---- The session ---- */

static void fill_account(struct command *command)
{
    const struct options *options = &command->options;

    command->account.host = options->host;
    command->account.port = options->port;
    command->account.security = options->security;
    command->account.ehlo_name = options->helo;
    command->account.user = options->user;
    command->account.password = options->user != NULL ? command->password.text : NULL;
    command->account.mechanism = options->mechanism;
    command->account.timeout_ms = options->timeout_ms;
    command->account.deadline_ms = options->deadline_ms;
}

static void fill_mail(struct command *command)
{
    const struct options *options = &command->options;

    command->mail.reverse_path = options->from;
    command->mail.recipients = options->to;
    command->mail.recipient_count = (uint16_t)options->to_count;
    command->mail.policy = options->policy;
    command->mail.source = &command->message.source;
}

static void fill_tls(struct command *command)
{
    command->tls.profile = stint_tls_profile_fast;
    command->tls.anchors = command->anchors.anchors;
    command->tls.anchor_count = command->anchors.count;
    command->tls.pins = (const uint8_t(*)[STINT_TLS_PIN_OCTETS])command->options.pins;
    command->tls.pin_count = command->options.pin_count;
    command->tls.entropy = stint_posix_entropy;
    command->tls.unix_time = stint_posix_unix_time();
    command->tls.watch = chain_watch;
    command->tls.watch_context = &command->chain;
}

static void fill_client(struct command *command)
{
    command->client.io = &stint_posix_io;
    command->client.io_context = &command->port;
    command->client.tls = &command->tls;
    command->client.in = command->in;
    command->client.in_size = sizeof command->in;
    command->client.out = command->out;
    command->client.out_size = sizeof command->out;
    command->client.text = command->text;
    command->client.text_size = sizeof command->text;
    if (command->options.verbose) {
        command->client.trace = verbose_trace;
        command->client.trace_context = &command->verbose;
    }
}

static void fill_observers(struct command *command)
{
    command->verbose.client = &command->client;
    command->verbose.port = &command->port;
    command->verbose.host = command->options.host;
    if (command->options.check) {
        command->chain.show = check_certificate;
        command->chain.show_context = &command->check;
    }
    command->check.client = &command->client;
    command->check.port = &command->port;
    command->check.account = &command->account;
    command->check.anchors = &command->anchors;
    command->check.anchors_path = command->anchors_path;
}

static void look(void *context)
{
    struct command *command = context;

    if (command->options.verbose) {
        verbose_look(&command->verbose);
    }
    if (command->options.check) {
        check_look(&command->check);
    }
}

static void converse(struct command *command)
{
    const bool check = command->options.check;

    fill_account(command);
    fill_mail(command);
    fill_tls(command);
    fill_client(command);
    fill_observers(command);
    stint_start(&command->client, &command->account, check ? NULL : &command->mail,
                stint_posix_clock_ms());
    run(&command->client, &command->port, check ? NULL : &command->message, look, command);
}

/* ---- After it ---- */

static int report(struct command *command)
{
    struct outcome outcome = {.options = &command->options,
                              .result = &command->client.result,
                              .text = command->text,
                              .port = &command->port,
                              .chain = &command->chain,
                              .message = command->options.check ? NULL : &command->message,
                              .signal = interrupt_signal()};
    int printed = command->options.check ? check_report(&command->check) : STATUS_DONE;
    int status = explain_status(&outcome);

    if (command->options.verbose) {
        verbose_end(&command->verbose);
    }
    explain(&outcome);
    return status == STATUS_DONE ? printed : status;
}

static void clean_up(struct command *command)
{
    password_wipe(&command->password);
    message_close(&command->message);
    alert_free(&command->alert);
    stint_posix_anchors_free(&command->anchors);
    options_free(&command->options);
}

static int run_command(struct command *command, int argc, char **argv)
{
    int status = options_read(&command->options, argc, argv);

    if (status != OPTIONS_GO_ON) {
        return status;
    }
    status = prepare(command);
    if (status != STATUS_DONE) {
        return status;
    }
    converse(command);
    password_wipe(&command->password);
    return report(command);
}

int main(int argc, char **argv)
{
    static struct command command;
    static char line[512];
    int status;

    occupy_standard_descriptors();
    setvbuf(stderr, line, _IOLBF, sizeof line);
    status = run_command(&command, argc, argv);
    clean_up(&command);
    return status;
}
