/* SPDX-License-Identifier: MIT */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server.h"
#include "stint/account.h"
#include "stint/parameters.h"
#include "stint/tls.h"

#define OPTIONS_PINS_MAX 8

/* What an option that may be repeated was given, each time. */
struct values {
    const char **all;
    size_t count;
    size_t room;
};

/* The command line, checked as far as one option can be judged alone and beside the others. What
 * needs the rules of SMTP (addresses, names) is left to stint_start, which opens no connection
 * either. Strings lie in argv. */
struct options {
    char host[SERVER_HOST_SIZE];
    uint16_t port;
    uint8_t security; /* enum stint_security, never BY_PORT */
    const char *tls;  /* as given; NULL: by the port */
    bool lmtp;

    const char *user;
    const char *password_file;
    const char *token_file;
    const char *mechanism;
    const char *client_cert; /* both or none */
    const char *client_key;

    const char *ca; /* NULL: the system's, or none if there are pins */
    uint8_t pins[OPTIONS_PINS_MAX][STINT_TLS_PIN_OCTETS];
    size_t pin_count;
    const char *helo;

    const char *from;
    struct values to; /* lists of mailboxes */
    uint8_t policy;   /* enum stint_policy */
    bool eager;
    uint8_t notify;          /* of every recipient */
    struct values originals; /* of the recipients, in their order; '': none */
    struct stint_mail_parameters parameters;
    bool has_parameters; /* any of them is given */

    uint32_t timeout_ms;
    uint32_t deadline_ms;

    bool verbose;
    bool quiet;
    bool check;

    bool anchors;     /* `stint anchors`: `check` if there is a host, and the files are roots */
    const char *name; /* of the array */

    /* A message that is composed; what goes into it is judged where that is done. */
    bool composes;
    bool render;
    const char *subject;
    const char *text;
    bool flowed;
    const char *html;
    struct values cc;
    struct values bcc;
    struct values reply_to;
    struct values headers;
    struct values attached; /* FILE[;TYPE] */
    struct values shown;    /* in the HTML; likewise */

    char **files; /* messages, or roots; no messages: standard input */
    size_t file_count;
    bool binary;
};

/* What options_read says beside enum status: go on. */
#define OPTIONS_GO_ON (-1)

/* Returns OPTIONS_GO_ON, or an enum status to leave with: what was asked for is done (--help), or
 * it complained. */
int options_read(struct options *options, int argc, char **argv);

/* Is the certificate what logs in? */
bool options_are_external(const struct options *options);

void options_free(struct options *options);

#endif
