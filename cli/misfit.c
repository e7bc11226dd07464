/* SPDX-License-Identifier: MIT */
#include "misfit.h"

/* What nobody is told, or asked for, in clear. */
static const char *clear_misfit(const struct options *options)
{
    if (options->security != STINT_SECURITY_NONE) {
        return NULL;
    }
    if (options->user != NULL) {
        return "--user with --tls none: a password is never sent in clear";
    }
    if (options->pin_count > 0) {
        return "--pin with --tls none: in clear nobody shows a key";
    }
    if (options->client_cert != NULL) {
        return "--client-cert with --tls none: in clear nobody asks for it";
    }
    return options->parameters.requires_tls ? "--require-tls with --tls none" : NULL;
}

static const char *login_misfit(const struct options *options)
{
    bool is_external = options_are_external(options);

    if ((options->client_cert == NULL) != (options->client_key == NULL)) {
        return "--client-cert and --client-key need each other";
    }
    if (options->user == NULL && options->password_file != NULL) {
        return "--password-file without --user";
    }
    if (options->user == NULL && options->token_file != NULL) {
        return "--token-file without --user";
    }
    if (options->password_file != NULL && options->token_file != NULL) {
        return "both --password-file and --token-file";
    }
    if (options->user == NULL && options->mechanism != NULL && !is_external) {
        return "--auth without --user";
    }
    if (is_external && options->client_cert == NULL) {
        return "--auth EXTERNAL without --client-cert";
    }
    if (is_external && (options->password_file != NULL || options->token_file != NULL)) {
        return "--auth EXTERNAL with a password or a token";
    }
    return NULL;
}

static const char *account_misfit(const struct options *options)
{
    const char *why;

    if (options->host[0] == '\0') {
        return "--server is missing";
    }
    if (options->lmtp && (options->port == 0 || options->port == PORT_SMTP)) {
        return "--lmtp needs a port in --server, and not 25";
    }
    why = clear_misfit(options);
    return why != NULL ? why : login_misfit(options);
}

static const char *composition_misfit(const struct options *options)
{
    if (options->file_count > 0) {
        return "both a message file and options that compose one (a file goes into a message by "
               "--attach)";
    }
    if (options->binary) {
        return "both --binary and options that compose a message";
    }
    if (options->from[0] == '\0') {
        return "a message that is composed needs an address in --from";
    }
    return options->html == NULL && options->shown.count > 0 ? "--inline without --html" : NULL;
}

static const char *message_misfit(const struct options *options)
{
    size_t recipients = options->to.count + options->cc.count + options->bcc.count;

    if (options->from == NULL) {
        return "--from is missing";
    }
    if (recipients == 0 && !options->render) {
        return "no recipient: --to is missing";
    }
    if (options->text == NULL && options->flowed) {
        return "--flowed without --text";
    }
    if (options->parameters.hold_for_s > 0 && options->parameters.hold_until != NULL) {
        return "both --hold-for and --hold-until";
    }
    if (options->render && !options->composes) {
        return "--render without --subject, --text or another option that composes a message";
    }
    return options->composes ? composition_misfit(options) : NULL;
}

/* What is asked of the server is verified by what is written: --ca or the system's roots, and
 * --pin. */
static const char *anchors_misfit(const struct options *options)
{
    bool connects = options->host[0] != '\0';

    if (!connects && options->file_count + options->pin_count == 0) {
        return "neither a PEM file nor --server nor --pin";
    }
    if (connects && options->file_count > 0) {
        return "both a PEM file and --server (to trust only that file's, give --ca)";
    }
    if (!connects && options->ca != NULL) {
        return "--ca without --server";
    }
    return options->security == STINT_SECURITY_NONE
               ? "--tls none: in clear nobody shows a certificate"
               : NULL;
}

const char *misfit(const struct options *options)
{
    const char *why = NULL;

    if (options->anchors) {
        return anchors_misfit(options);
    }
    if (options->render && options->check) {
        return "both --render and --check";
    }
    if (!options->render) {
        why = account_misfit(options);
    }
    return why != NULL || options->check ? why : message_misfit(options);
}
