/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "parameters.h"
#include "pin.h"
#include "print.h"
#include "status.h"
#include "usage.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PORT_DEFAULT    465U /* RFC 8314 3.3 */
#define PORT_SUBMISSION 587U /* RFC 6409 3.1 */
#define PORT_SMTP       25U  /* RFC 5321 4.5.4.2 */
#define VALUES_MAX      65535U
#define SECONDS_MAX     2147483UL /* 2^31 - 1 milliseconds */

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

static bool has_control(const char *value, const char *allowed)
{
    for (; *value != '\0'; value++) {
        if (((unsigned char)*value < 0x20 || *value == 0x7F) && strchr(allowed, *value) == NULL) {
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
    if (has_control(value, "")) {
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

static bool read_number(const char *value, unsigned long max, unsigned long *number)
{
    *number = 0;
    if (*value == '\0') {
        return false;
    }
    for (; *value != '\0'; value++) {
        if (*value < '0' || *value > '9') {
            return false;
        }
        *number = 10 * *number + (unsigned long)(*value - '0');
        if (*number > max) {
            return false;
        }
    }
    return *number > 0;
}

static bool is_ipv6(const char *text, size_t length)
{
    char address[INET6_ADDRSTRLEN];
    struct in6_addr ignored;
    const char *zone = memchr(text, '%', length);
    size_t n = zone != NULL ? (size_t)(zone - text) : length;

    if (n >= sizeof address) {
        return false;
    }
    memcpy(address, text, n);
    address[n] = '\0';
    return inet_pton(AF_INET6, address, &ignored) == 1;
}

/* "HOST", "HOST:PORT", "[IPv6]", "[IPv6]:PORT", or an IPv6 address alone: where in `value` the host
 * lies, and the port's text or NULL. */
static bool split_server(const char *value, const char **host, size_t *length, const char **port)
{
    const char *end;

    *host = value + (*value == '[');
    if (*value == '[') {
        end = strchr(value, ']');
    } else {
        end = is_ipv6(value, strlen(value)) ? value + strlen(value) : value + strcspn(value, ":");
    }
    if (end == NULL) {
        return refuse("--server", value, "the ']' is missing");
    }
    *length = (size_t)(end - *host);
    if (*value == '[' && !is_ipv6(*host, *length)) {
        return refuse("--server", value, "what is between the brackets is no IPv6 address");
    }
    end += *end == ']';
    if (*end != '\0' && *end != ':') {
        return refuse("--server", value, "it is not HOST or HOST:PORT");
    }
    *port = *end == ':' ? end + 1 : NULL;
    return true;
}

static bool read_server(struct options *options, const char *value)
{
    const char *host = value;
    const char *port = NULL;
    size_t length = 0;
    unsigned long number = 0;

    if (has_control(value, " ") || strchr(value, ' ') != NULL) {
        return refuse("--server", value, "it holds a space or a control character");
    }
    if (!split_server(value, &host, &length, &port)) {
        return false;
    }
    if (length == 0) {
        return refuse("--server", value, "the host is empty");
    }
    if (length >= sizeof options->host) {
        return refuse("--server", value, "the host is longer than 255 octets");
    }
    if (port != NULL && strchr(port, ':') != NULL) {
        return refuse("--server", value, "more than one ':' (write an IPv6 address as [ADDRESS])");
    }
    if (port != NULL && !read_number(port, 65535, &number)) {
        return refuse("--server", value, "the port is not a number from 1 to 65535");
    }
    memcpy(options->host, host, length);
    options->host[length] = '\0';
    options->port = (uint16_t)number;
    return true;
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
    unsigned long seconds;

    if (!read_number(value, SECONDS_MAX, &seconds)) {
        return refuse(option, value, "it is not a whole number of seconds from 1 to 2147483");
    }
    *ms = (uint32_t)(seconds * 1000);
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

static bool insist(bool met, const char *complaint)
{
    if (!met) {
        complain("%s; %s", complaint, undone);
    }
    return met;
}

static uint16_t default_port(unsigned security)
{
    switch (security) {
    case STINT_SECURITY_STARTTLS: return PORT_SUBMISSION;
    case STINT_SECURITY_NONE: return PORT_SMTP;
    default: return PORT_DEFAULT;
    }
}

/* RFC 8314 for 465; on any other port STARTTLS, and then it is required. */
static void choose_security(struct options *options)
{
    if (options->tls == NULL) {
        options->security =
            options->port == PORT_DEFAULT ? STINT_SECURITY_IMPLICIT : STINT_SECURITY_STARTTLS;
    }
}

bool options_are_external(const struct options *options)
{
    return options->mechanism != NULL && strcmp(options->mechanism, "EXTERNAL") == 0;
}

static bool account_fits_together(const struct options *options)
{
    return insist(options->host[0] != '\0', "--server is missing") &&
           insist(!options->lmtp || (options->port != 0 && options->port != PORT_SMTP),
                  "--lmtp needs a port in --server, and not 25") &&
           insist(options->user == NULL || options->security != STINT_SECURITY_NONE,
                  "--user with --tls none: a password is never sent in clear") &&
           insist(options->pin_count == 0 || options->security != STINT_SECURITY_NONE,
                  "--pin with --tls none: in clear nobody shows a key") &&
           insist((options->client_cert == NULL) == (options->client_key == NULL),
                  "--client-cert and --client-key need each other") &&
           insist(options->client_cert == NULL || options->security != STINT_SECURITY_NONE,
                  "--client-cert with --tls none: in clear nobody asks for it") &&
           insist(!options->parameters.requires_tls || options->security != STINT_SECURITY_NONE,
                  "--require-tls with --tls none") &&
           insist(options->user != NULL || options->password_file == NULL,
                  "--password-file without --user") &&
           insist(options->user != NULL || options->token_file == NULL,
                  "--token-file without --user") &&
           insist(options->password_file == NULL || options->token_file == NULL,
                  "both --password-file and --token-file") &&
           insist(options->user != NULL || options->mechanism == NULL ||
                      options_are_external(options),
                  "--auth without --user") &&
           insist(!options_are_external(options) || options->client_cert != NULL,
                  "--auth EXTERNAL without --client-cert") &&
           insist(!options_are_external(options) ||
                      (options->password_file == NULL && options->token_file == NULL),
                  "--auth EXTERNAL with a password or a token");
}

static bool composition_fits_together(const struct options *options)
{
    return insist(options->file_count == 0,
                  "both a message file and options that compose one (a file goes into a message by "
                  "--attach)") &&
           insist(!options->binary, "both --binary and options that compose a message") &&
           insist(options->from[0] != '\0',
                  "a message that is composed needs an address in --from") &&
           insist(options->html != NULL || options->shown.count == 0, "--inline without --html");
}

static bool message_fits_together(const struct options *options)
{
    size_t recipients = options->to.count + options->cc.count + options->bcc.count;

    return insist(options->from != NULL, "--from is missing") &&
           insist(recipients > 0 || options->render, "no recipient: --to is missing") &&
           insist(options->parameters.hold_for_s == 0 || options->parameters.hold_until == NULL,
                  "both --hold-for and --hold-until") &&
           insist(options->composes || !options->render,
                  "--render without --subject, --text or another option that composes a message") &&
           (!options->composes || composition_fits_together(options));
}

static bool fits_together(const struct options *options)
{
    return insist(!options->render || !options->check, "both --render and --check") &&
           (options->render || account_fits_together(options)) &&
           (options->check || message_fits_together(options));
}

/* What is asked of the server is verified by what is written: --ca or the system's roots, and
 * --pin.
 */
static bool anchors_fit_together(const struct options *options)
{
    bool connects = options->host[0] != '\0';

    return insist(connects || options->file_count + options->pin_count > 0,
                  "neither a PEM file nor --server nor --pin") &&
           insist(!connects || options->file_count == 0,
                  "both a PEM file and --server (to trust only that file's, give --ca)") &&
           insist(connects || options->ca == NULL, "--ca without --server") &&
           insist(options->security != STINT_SECURITY_NONE,
                  "--tls none: in clear nobody shows a certificate");
}

static bool read_operands(struct options *options, int argc, char **argv)
{
    for (int i = optind; i < argc; i++) {
        if (argv[i][0] == '\0') {
            return insist(false, "a file's name is empty");
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
    if (!read_operands(options, argc, argv) ||
        !(options->anchors ? anchors_fit_together(options) : fits_together(options))) {
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
