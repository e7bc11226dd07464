/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "misfit.h"
#include "number.h"
#include "parameters.h"
#include "pin.h"
#include "print.h"
#include "status.h"
#include "usage.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALUES_MAX  65535U
#define SECONDS_MAX 2147483U /* 2^31 - 1 milliseconds */

enum option_id {
    OPTION_SERVER = 256,
    OPTION_TLS,
    OPTION_LMTP,
    OPTION_USER,
    OPTION_PASSWORD_FILE,
    OPTION_TOKEN_FILE,
    OPTION_AUTH,
    OPTION_CLIENT_CERT,
    OPTION_CLIENT_KEY,
    OPTION_CA,
    OPTION_PIN,
    OPTION_FROM,
    OPTION_TO,
    OPTION_POLICY,
    OPTION_EAGER,
    OPTION_BINARY,
    OPTION_NOTIFY,
    OPTION_RET,
    OPTION_ENVID,
    OPTION_ORCPT,
    OPTION_SUBMITTER,
    OPTION_REQUIRE_TLS,
    OPTION_MT_PRIORITY,
    OPTION_DELIVER_BY,
    OPTION_HOLD_FOR,
    OPTION_HOLD_UNTIL,
    OPTION_HELO,
    OPTION_TIMEOUT,
    OPTION_DEADLINE,
    OPTION_CHECK,
    OPTION_SUBJECT,
    OPTION_TEXT,
    OPTION_FLOWED,
    OPTION_HTML,
    OPTION_ATTACH,
    OPTION_INLINE,
    OPTION_CC,
    OPTION_BCC,
    OPTION_REPLY_TO,
    OPTION_HEADER,
    OPTION_RENDER,
    OPTION_NAME
};

static const struct option long_options[] = {
    {"server", required_argument, NULL, OPTION_SERVER},
    {"tls", required_argument, NULL, OPTION_TLS},
    {"lmtp", no_argument, NULL, OPTION_LMTP},
    {"user", required_argument, NULL, OPTION_USER},
    {"password-file", required_argument, NULL, OPTION_PASSWORD_FILE},
    {"token-file", required_argument, NULL, OPTION_TOKEN_FILE},
    {"auth", required_argument, NULL, OPTION_AUTH},
    {"client-cert", required_argument, NULL, OPTION_CLIENT_CERT},
    {"client-key", required_argument, NULL, OPTION_CLIENT_KEY},
    {"ca", required_argument, NULL, OPTION_CA},
    {"pin", required_argument, NULL, OPTION_PIN},
    {"from", required_argument, NULL, OPTION_FROM},
    {"to", required_argument, NULL, OPTION_TO},
    {"policy", required_argument, NULL, OPTION_POLICY},
    {"eager", no_argument, NULL, OPTION_EAGER},
    {"binary", no_argument, NULL, OPTION_BINARY},
    {"notify", required_argument, NULL, OPTION_NOTIFY},
    {"ret", required_argument, NULL, OPTION_RET},
    {"envid", required_argument, NULL, OPTION_ENVID},
    {"orcpt", required_argument, NULL, OPTION_ORCPT},
    {"submitter", required_argument, NULL, OPTION_SUBMITTER},
    {"require-tls", no_argument, NULL, OPTION_REQUIRE_TLS},
    {"mt-priority", required_argument, NULL, OPTION_MT_PRIORITY},
    {"deliver-by", required_argument, NULL, OPTION_DELIVER_BY},
    {"hold-for", required_argument, NULL, OPTION_HOLD_FOR},
    {"hold-until", required_argument, NULL, OPTION_HOLD_UNTIL},
    {"helo", required_argument, NULL, OPTION_HELO},
    {"timeout", required_argument, NULL, OPTION_TIMEOUT},
    {"deadline", required_argument, NULL, OPTION_DEADLINE},
    {"check", no_argument, NULL, OPTION_CHECK},
    {"subject", required_argument, NULL, OPTION_SUBJECT},
    {"text", required_argument, NULL, OPTION_TEXT},
    {"flowed", no_argument, NULL, OPTION_FLOWED},
    {"html", required_argument, NULL, OPTION_HTML},
    {"attach", required_argument, NULL, OPTION_ATTACH},
    {"inline", required_argument, NULL, OPTION_INLINE},
    {"cc", required_argument, NULL, OPTION_CC},
    {"bcc", required_argument, NULL, OPTION_BCC},
    {"reply-to", required_argument, NULL, OPTION_REPLY_TO},
    {"header", required_argument, NULL, OPTION_HEADER},
    {"render", no_argument, NULL, OPTION_RENDER},
    {"verbose", no_argument, NULL, 'v'},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

/* Those of `stint anchors`. */
static const struct option anchors_options[] = {
    {"server", required_argument, NULL, OPTION_SERVER},
    {"tls", required_argument, NULL, OPTION_TLS},
    {"ca", required_argument, NULL, OPTION_CA},
    {"pin", required_argument, NULL, OPTION_PIN},
    {"name", required_argument, NULL, OPTION_NAME},
    {"helo", required_argument, NULL, OPTION_HELO},
    {"timeout", required_argument, NULL, OPTION_TIMEOUT},
    {"deadline", required_argument, NULL, OPTION_DEADLINE},
    {"verbose", no_argument, NULL, 'v'},
    {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

/* How complaints end. */
static const char *undone = "nothing was sent";

static bool refuse(const char *option, const char *value, const char *why)
{
    complain("%s '%s': %s; %s", option, value, why, undone);
    return false;
}

static bool has_control(const char *value)
{
    for (; *value != '\0'; value++) {
        if ((unsigned char)*value < 0x20 || *value == 0x7F) {
            return true;
        }
    }
    return false;
}

/* A value that goes into the dialogue: no control character, so no command in it. */
static bool read_line(const char *option, const char *value, const char **to)
{
    if (*value == '\0') {
        return refuse(option, value, "it is empty");
    }
    if (has_control(value)) {
        return refuse(option, value, "it holds a control character");
    }
    if (strlen(value) > 255) {
        return refuse(option, value, "it is longer than 255 octets");
    }
    *to = value;
    return true;
}

static bool read_path(const char *option, const char *value, const char **to)
{
    if (*value == '\0') {
        return refuse(option, value, "it is empty");
    }
    *to = value;
    return true;
}

static bool read_server(struct options *options, const char *value)
{
    const char *why = server_read(options->host, &options->port, value);

    return why == NULL || refuse("--server", value, why);
}

static bool read_tls(struct options *options, const char *value)
{
    if (strcmp(value, "starttls") == 0) {
        options->security = STINT_SECURITY_STARTTLS;
    } else if (strcmp(value, "implicit") == 0) {
        options->security = STINT_SECURITY_IMPLICIT;
    } else if (strcmp(value, "none") == 0) {
        options->security = STINT_SECURITY_NONE;
    } else {
        return refuse("--tls", value, "it is not starttls, implicit or none");
    }
    options->tls = value;
    return true;
}

static bool read_pin(struct options *options, const char *value)
{
    if (options->pin_count == OPTIONS_PINS_MAX) {
        return refuse("--pin", value, "more than 8 pins");
    }
    if (!pin_read(value, options->pins[options->pin_count])) {
        return refuse("--pin", value, "it is not sha256// and 44 letters of base64");
    }
    options->pin_count++;
    return true;
}

static bool read_policy(struct options *options, const char *value)
{
    if (strcmp(value, "any") == 0) {
        options->policy = STINT_POLICY_ANY;
    } else if (strcmp(value, "all") == 0) {
        options->policy = STINT_POLICY_ALL;
    } else {
        return refuse("--policy", value, "it is not any or all");
    }
    return true;
}

static bool read_seconds(const char *option, const char *value, uint32_t *ms)
{
    uint32_t seconds;
    const char *rest = number_read(&seconds, value, SECONDS_MAX);

    if (rest == NULL || *rest != '\0') {
        return refuse(option, value, "it is not a whole number of seconds from 1 to 2147483");
    }
    *ms = seconds * 1000;
    return true;
}

static bool add(struct values *values, const char *option, const char *value)
{
    size_t room = values->room == 0 ? 8 : 2 * values->room;
    void *more = NULL;

    if (values->count == VALUES_MAX) {
        return refuse(option, value, "it is given more than 65535 times");
    }
    if (values->count == values->room) {
        more = realloc(values->all, room * sizeof *values->all);
        if (more == NULL) {
            return refuse(option, value, "out of memory");
        }
        values->all = more;
        values->room = room;
    }
    values->all[values->count++] = value;
    return true;
}

static bool compose(struct options *options, const char **to, const char *value)
{
    options->composes = true;
    *to = value;
    return true;
}

static bool compose_with(struct options *options, struct values *to, const char *option,
                         const char *value)
{
    options->composes = true;
    return add(to, option, value);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Not an underscore first: such names are the system's. */
static bool read_name(struct options *options, const char *value)
{
    size_t length = 0;

    while (
        is_letter(value[length]) ||
        (length > 0 && (value[length] == '_' || (value[length] >= '0' && value[length] <= '9')))) {
        length++;
    }
    if (length == 0 || value[length] != '\0') {
        return refuse("--name", value,
                      "it is not a name for C: a letter, then letters, digits and _");
    }
    options->name = value;
    return true;
}

static bool read_notify(struct options *options, const char *value)
{
    const char *why = parameters_read_notify(&options->notify, value);

    return why == NULL || refuse("--notify", value, why);
}

/* What the library judges. */
static bool read_text(struct options *options, int id, const char *value)
{
    struct stint_mail_parameters *to = &options->parameters;

    options->has_parameters = true;
    switch (id) {
    case OPTION_ENVID: return read_line("--envid", value, &to->envelope_id);
    case OPTION_HOLD_UNTIL: return read_line("--hold-until", value, &to->hold_until);
    case OPTION_SUBMITTER: to->submitter = value; return true; /* '': not known */
    default: return add(&options->originals, "--orcpt", value);
    }
}

static bool read_parameter(struct options *options, int id, const char *value)
{
    struct stint_mail_parameters *to = &options->parameters;
    const char *option;
    const char *why;

    options->has_parameters = true;
    switch (id) {
    case OPTION_RET:
        option = "--ret";
        why = parameters_read_return(to, value);
        break;
    case OPTION_MT_PRIORITY:
        option = "--mt-priority";
        why = parameters_read_priority(to, value);
        break;
    case OPTION_DELIVER_BY:
        option = "--deliver-by";
        why = parameters_read_deliver_by(to, value);
        break;
    default:
        option = "--hold-for";
        why = parameters_read_hold_for(to, value);
        break;
    }
    return why == NULL || refuse(option, value, why);
}

static bool read_of_message(struct options *options, int id, const char *value)
{
    switch (id) {
    case OPTION_SUBJECT: return compose(options, &options->subject, value);
    case OPTION_TEXT: return compose(options, &options->text, value);
    case OPTION_FLOWED: options->flowed = true; return true;
    case OPTION_HTML: return compose(options, &options->html, value);
    case OPTION_ATTACH: return compose_with(options, &options->attached, "--attach", value);
    case OPTION_INLINE: return compose_with(options, &options->shown, "--inline", value);
    case OPTION_CC: return compose_with(options, &options->cc, "--cc", value);
    case OPTION_BCC: return compose_with(options, &options->bcc, "--bcc", value);
    case OPTION_REPLY_TO: return compose_with(options, &options->reply_to, "--reply-to", value);
    case OPTION_HEADER: return compose_with(options, &options->headers, "--header", value);
    default: return false; /* getopt_long has said why */
    }
}

static bool read_option(struct options *options, int id, const char *value)
{
    switch (id) {
    case OPTION_SERVER: return read_server(options, value);
    case OPTION_TLS: return read_tls(options, value);
    case OPTION_LMTP: options->lmtp = true; return true;
    case OPTION_USER: return read_line("--user", value, &options->user);
    case OPTION_PASSWORD_FILE: return read_path("--password-file", value, &options->password_file);
    case OPTION_TOKEN_FILE: return read_path("--token-file", value, &options->token_file);
    case OPTION_AUTH: return read_line("--auth", value, &options->mechanism);
    case OPTION_CLIENT_CERT: return read_path("--client-cert", value, &options->client_cert);
    case OPTION_CLIENT_KEY: return read_path("--client-key", value, &options->client_key);
    case OPTION_CA: return read_path("--ca", value, &options->ca);
    case OPTION_PIN: return read_pin(options, value);
    case OPTION_FROM: options->from = value; return true; /* '': the null reverse-path */
    case OPTION_TO: return add(&options->to, "--to", value);
    case OPTION_POLICY: return read_policy(options, value);
    case OPTION_HELO: return read_line("--helo", value, &options->helo);
    case OPTION_TIMEOUT: return read_seconds("--timeout", value, &options->timeout_ms);
    case OPTION_DEADLINE: return read_seconds("--deadline", value, &options->deadline_ms);
    case OPTION_NAME: return read_name(options, value);
    case OPTION_NOTIFY: return read_notify(options, value);
    case OPTION_RET:
    case OPTION_MT_PRIORITY:
    case OPTION_DELIVER_BY:
    case OPTION_HOLD_FOR: return read_parameter(options, id, value);
    case OPTION_ENVID:
    case OPTION_ORCPT:
    case OPTION_SUBMITTER:
    case OPTION_HOLD_UNTIL: return read_text(options, id, value);
    case OPTION_REQUIRE_TLS:
        options->has_parameters = true;
        options->parameters.requires_tls = true;
        return true;
    case OPTION_EAGER: options->eager = true; return true;
    case OPTION_BINARY: options->binary = true; return true;
    case OPTION_CHECK: options->check = true; return true;
    case OPTION_RENDER: options->render = true; return true;
    case 'v': options->verbose = true; return true;
    case 'q': options->quiet = true; return true;
    default: return read_of_message(options, id, value);
    }
}

static bool insist(const char *complaint)
{
    if (complaint != NULL) {
        complain("%s; %s", complaint, undone);
    }
    return complaint == NULL;
}

static uint16_t default_port(unsigned security)
{
    switch (security) {
    case STINT_SECURITY_STARTTLS: return PORT_SUBMISSION;
    case STINT_SECURITY_NONE: return PORT_SMTP;
    default: return PORT_SUBMISSIONS;
    }
}

/* RFC 8314 for 465; on any other port STARTTLS, and then it is required. */
static void choose_security(struct options *options)
{
    if (options->tls == NULL) {
        options->security =
            options->port == PORT_SUBMISSIONS ? STINT_SECURITY_IMPLICIT : STINT_SECURITY_STARTTLS;
    }
}

bool options_are_external(const struct options *options)
{
    return options->mechanism != NULL && strcmp(options->mechanism, "EXTERNAL") == 0;
}

static bool read_operands(struct options *options, int argc, char **argv)
{
    for (int i = optind; i < argc; i++) {
        if (argv[i][0] == '\0') {
            return insist("a file's name is empty");
        }
    }
    options->files = argv + optind;
    options->file_count = (size_t)(argc - optind);
    return true;
}

static const struct option *choose_command(struct options *options, int *argc, char ***argv)
{
    static char name[] = "stint";

    memset(options, 0, sizeof *options);
    options->name = "anchors";
    options->anchors = *argc > 1 && strcmp((*argv)[1], "anchors") == 0;
    if (options->anchors) {
        undone = "nothing was written";
        (*argc)--;
        (*argv)++;
    }
    if (*argc > 0) {
        (*argv)[0] = name; /* how getopt_long begins its complaints */
    }
    return options->anchors ? anchors_options : long_options;
}

int options_read(struct options *options, int argc, char **argv)
{
    const struct option *allowed = choose_command(options, &argc, &argv);
    int id;

    while ((id = getopt_long(argc, argv, "hVvq", allowed, NULL)) != -1) {
        if (id == 'h') {
            return usage_help();
        }
        if (id == 'V') {
            return usage_version();
        }
        if (!read_option(options, id, optarg)) {
            return STATUS_USAGE;
        }
    }
    if (options->port == 0 && !options->lmtp) {
        options->port = default_port(options->security);
    }
    choose_security(options);
    if (!read_operands(options, argc, argv) || !insist(misfit(options))) {
        return STATUS_USAGE;
    }
    options->check = options->check || (options->anchors && options->host[0] != '\0');
    return OPTIONS_GO_ON;
}

void options_free(struct options *options)
{
    struct values *all[] = {&options->to,       &options->cc,       &options->bcc,
                            &options->reply_to, &options->headers,  &options->attached,
                            &options->shown,    &options->originals};

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        free(all[i]->all);
        memset(all[i], 0, sizeof *all[i]);
    }
}
