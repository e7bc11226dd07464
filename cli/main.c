/* SPDX-License-Identifier: MIT */
#include "anchors.h"
#include "chain.h"
#include "check.h"
#include "explain.h"
#include "hostname.h"
#include "identity.h"
#include "interrupt.h"
#include "mails.h"
#include "options.h"
#include "password.h"
#include "print.h"
#include "progress.h"
#include "render.h"
#include "run.h"
#include "status.h"
#include "total.h"
#include "verbose.h"

#include "stint_posix.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* All that one run of the command is made of. */
struct command {
    struct options options;
    struct password password;
    struct stint_posix_anchors anchors;
    const char *anchors_path;
    struct mails mails;

    uint32_t begun_ms; /* by stint_posix_clock_ms: the deadline is for all sessions together */
    struct stint_account account;
    struct stint_tls tls;
    struct stint_posix port;
    struct stint_client client;
    uint8_t in[STINT_IN_ANY_SERVER];
    uint8_t out[STINT_OUT_FULL];
    char text[1024]; /* the server's */

    struct chain chain;
    struct stint_tls_binding binding;
    struct verbose verbose;
    bool shows_progress;
    struct progress progress;
    struct check check;
    struct anchors written; /* by `stint anchors` */
    int printed;            /* its report: enum status */

    bool taken; /* somebody got a mail in this session */
    struct total total;
};

/* Whoever starts the command with a closed descriptor 0, 1 or 2 must not find the connection to the
 * server in its place. What stands in for it can do neither what is done with 0 nor with 1 and 2.
 */
static void occupy_standard_descriptors(void)
{
    struct pollfd entries[] = {{STDIN_FILENO, 0, 0}, {STDOUT_FILENO, 0, 0}, {STDERR_FILENO, 0, 0}};

    if (poll(entries, 3, 0) == 0) {
        return;
    }
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        if (fcntl(descriptor, F_GETFD) < 0) {
            (void)open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

/* ---- Before connecting ---- */

static int read_password(struct command *command)
{
    return command->options.user != NULL && !options_are_external(&command->options)
               ? password_read(&command->password, &command->options)
               : STATUS_DONE;
}

static int read_identity(const struct options *options)
{
    return options->client_cert != NULL ? identity_read(options->client_cert, options->client_key)
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

static int prepare(struct command *command)
{
    int status = read_password(command);

    if (command->options.helo == NULL) {
        command->options.helo = hostname_full();
    }
    if (status == STATUS_DONE) {
        status = read_identity(&command->options);
    }
    if (status == STATUS_DONE) {
        status = load_anchors(command);
    }
    if (status == STATUS_DONE && !command->options.check) {
        status = mails_open(&command->mails, &command->options);
    }
    if (status == STATUS_DONE) {
        status = interrupt_prepare();
    }
    return status;
}

/* ---- A session ---- */

/* 0: none is given. One that has passed ends a session as soon as it begins. */
static uint32_t deadline_left_ms(const struct command *command)
{
    uint32_t deadline = command->options.deadline_ms;
    uint32_t passed = stint_posix_clock_ms() - command->begun_ms;

    if (deadline == 0) {
        return 0;
    }
    return passed < deadline ? deadline - passed : 1;
}

static void fill_credential(struct stint_account *account, const struct options *options,
                            const struct password *password)
{
    account->user = options->user;
    if (options_are_external(options)) {
        account->credential = STINT_CREDENTIAL_CERTIFICATE;
        account->user = options->user != NULL ? options->user : "";
    } else if (options->user != NULL) {
        account->credential =
            options->token_file != NULL ? STINT_CREDENTIAL_TOKEN : STINT_CREDENTIAL_PASSWORD;
        account->password = password->text;
    }
}

static void fill_account(struct command *command)
{
    const struct options *options = &command->options;

    command->account.host = options->host;
    command->account.port = options->port;
    command->account.security = options->security;
    command->account.lmtp = options->lmtp;
    command->account.ehlo_name = options->helo;
    fill_credential(&command->account, options, &command->password);
    command->account.mechanism = options->mechanism;
    command->account.scram_keys = &command->password.keys;
    command->account.timeout_ms = options->timeout_ms;
    command->account.deadline_ms = deadline_left_ms(command);
}

/* The server's certificates are looked at by two. */
static void watch(void *context, enum stint_tls_chain_event event, const uint8_t *data,
                  size_t length)
{
    struct command *command = context;

    chain_watch(&command->chain, event, data, length);
    stint_tls_binding_watch(&command->binding, event, data, length);
}

static void fill_tls(struct command *command)
{
    command->tls.profile =
        command->options.client_cert != NULL ? identity_profile : stint_tls_profile_fast;
    command->tls.anchors = command->anchors.anchors;
    command->tls.anchor_count = command->anchors.count;
    command->tls.pins = (const uint8_t(*)[STINT_TLS_PIN_OCTETS])command->options.pins;
    command->tls.pin_count = command->options.pin_count;
    command->tls.entropy = stint_posix_entropy;
    command->tls.unix_time = stint_posix_unix_time();
    command->tls.watch = watch;
    command->tls.watch_context = command;
    command->tls.binding = &command->binding;
    command->binding.tls = &command->tls;
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
    memset(&command->chain, 0, sizeof command->chain);
    memset(&command->verbose, 0, sizeof command->verbose);
    command->verbose.client = &command->client;
    command->verbose.port = &command->port;
    command->verbose.host = command->options.host;
    if (command->options.check) {
        command->chain.show = check_certificate;
        command->chain.show_context = &command->check;
    }
    if (command->options.anchors) {
        anchors_expect(&command->written);
        command->chain.show = anchors_certificate;
        command->chain.show_context = &command->written;
    }
    command->check.stream = command->options.anchors ? command->written.report : stdout;
    command->check.client = &command->client;
    command->check.port = &command->port;
    command->check.account = &command->account;
    command->check.anchors = &command->anchors;
    command->check.anchors_path = command->anchors_path;
}

static const struct message *message_under_way(const struct command *command)
{
    const struct stint_mail *mail = command->client.result.mail;

    return mail != NULL ? &mail_of(mail)->message : NULL;
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
    if (command->shows_progress) {
        progress_look(&command->progress, message_under_way(command), stint_posix_clock_ms());
    }
}

static void explain_mail(struct command *command)
{
    const struct stint_result *result = &command->client.result;
    struct outcome outcome = {.options = &command->options,
                              .mail = mail_of(result->mail),
                              .named = command->mails.count > 1,
                              .result = result,
                              .text = command->text,
                              .port = &command->port,
                              .chain = &command->chain,
                              .signal = interrupt_signal()};

    progress_clear(&command->progress);
    explain(&outcome);
    command->taken = command->taken || outcome_is_taken(&outcome);
    total_add(&command->total, outcome_status(&outcome), result->fate == STINT_FATE_UNKNOWN);
}

static void fill(struct command *command)
{
    fill_account(command);
    fill_tls(command);
    fill_client(command);
    fill_observers(command);
}

/* `mail` and those behind it; NULL: a check. */
static void converse(struct command *command, const struct stint_mail *mail)
{
    const struct message *message = mail != NULL ? &mail_of(mail)->message : NULL;

    command->taken = false;
    fill(command);
    stint_start(&command->client, &command->account, mail, stint_posix_clock_ms());
    while (run(&command->client, &command->port, message, look, command) == STINT_MAIL_DONE) {
        if (command->options.verbose) {
            verbose_pause(&command->verbose);
        }
        explain_mail(command);
    }
    if (command->options.check) {
        command->printed = check_report(&command->check);
    }
    if (command->options.verbose) {
        verbose_end(&command->verbose);
    }
    explain_mail(command);
}

/* ---- All of them ---- */

/* Did the session end in order, although there were more mails? Then the server limits how many it
 * takes in one (RFC 9422); or it refused one that was half on its way. */
static bool ended_in_order(const struct stint_result *result)
{
    bool refused =
        (result->error == STINT_ERROR_TEMPORARY || result->error == STINT_ERROR_PERMANENT ||
         result->error == STINT_ERROR_PARTIAL) &&
        result->stage >= STINT_STAGE_MAIL && result->code != 421;

    return result->error == STINT_ERROR_NONE || refused;
}

static const struct stint_mail *next_mail(const struct command *command)
{
    const struct stint_mail *mail = command->client.result.mail;

    return mail != NULL ? mail->next : NULL;
}

static void name_unsent(struct command *command, const struct stint_mail *mail)
{
    for (; mail != NULL; mail = mail->next) {
        complain("%s: not sent", mail_of(mail)->message.name);
        total_add(&command->total, STATUS_AGAIN, false);
    }
}

/* Another session only as long as each of them gets something done. */
static void send_all(struct command *command)
{
    command->begun_ms = stint_posix_clock_ms();
    command->shows_progress = !command->options.quiet && !command->options.verbose &&
                              !command->options.check && progress_is_possible();
    converse(command, command->options.check ? NULL : &command->mails.all[0].envelope);
    while (next_mail(command) != NULL && command->taken &&
           ended_in_order(&command->client.result)) {
        converse(command, next_mail(command));
    }
    name_unsent(command, next_mail(command));
    total_explain(&command->total);
}

/* ---- For firmware ---- */

/* Connect as a device does, with little memory. Returns whether the profile is known not to do. */
static bool try_as_device(struct command *command, bool is_small)
{
    fill(command);
    command->tls.profile = is_small ? stint_tls_profile_small : stint_tls_profile_fast;
    command->client.in_size = STINT_IN_SMALL;
    command->client.out_size = STINT_OUT_MIN;
    stint_start(&command->client, &command->account, NULL, stint_posix_clock_ms());
    while (run(&command->client, &command->port, NULL, look, command) != STINT_DONE) {
        continue;
    }
    if (command->options.verbose) {
        verbose_end(&command->verbose);
    }
    return anchors_tried(&command->written, &command->client, is_small);
}

static int anchors_of_server(struct command *command)
{
    int status;

    command->written.options = &command->options;
    command->written.check = &command->check;
    command->written.path = command->anchors_path;
    status = anchors_begin(&command->written);
    if (status != STATUS_DONE) {
        return status;
    }
    send_all(command);
    status = command->total.status;
    if (status == STATUS_DONE) {
        status = anchors_accepted(&command->written, command->tls.profile);
    }
    if (status != STATUS_DONE) {
        return status;
    }
    (void)(try_as_device(command, true) && try_as_device(command, false));
    if (interrupt_signal() != 0) {
        complain("stopped by signal %d; nothing was written", interrupt_signal());
        return STATUS_SIGNAL + interrupt_signal();
    }
    return anchors_write(&command->written);
}

/* ---- To look at ---- */

static int render_message(struct command *command)
{
    int status = mails_open(&command->mails, &command->options);

    return status == STATUS_DONE ? render(&command->mails.all[0].message) : status;
}

static void clean_up(struct command *command)
{
    password_wipe(&command->password);
    identity_wipe();
    mails_close(&command->mails);
    stint_posix_anchors_free(&command->anchors);
    anchors_free(&command->written);
    options_free(&command->options);
}

static int run_command(struct command *command, int argc, char **argv)
{
    int status = options_read(&command->options, argc, argv);

    if (status != OPTIONS_GO_ON) {
        return status;
    }
    if (command->options.anchors && !command->options.check) {
        return anchors_from_files(&command->options);
    }
    if (command->options.render) {
        return render_message(command);
    }
    status = prepare(command);
    if (status != STATUS_DONE) {
        return status;
    }
    if (command->options.anchors) {
        return anchors_of_server(command);
    }
    send_all(command);
    return command->total.status == STATUS_DONE ? command->printed : command->total.status;
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
