/* SPDX-License-Identifier: MIT */
#include "advice.h"

#include "stint/account.h"
#include "stint/tls.h"

#include <bearssl.h>
#include <stdbool.h>
#include <stddef.h>

#define RECEIVED(alert) (BR_ERR_RECV_FATAL_ALERT + (alert))

/* The first case that fits counts. What is 0 in it fits everything. */
struct advised_case {
    uint8_t error;
    uint8_t stage;
    uint8_t security;
    uint16_t code;
    int tls_error;
    const char *text;
};

#define TRY_IMPLICIT "this port may expect TLS at once: try --tls implicit"
#define TRY_STARTTLS "this port may want --tls starttls"
#define NO_COMMON_SUITE                                                                            \
    "server and stint have no algorithm in common: stint speaks TLS 1.2 with ECDHE and AES-GCM "   \
    "or "                                                                                          \
    "ChaCha20-Poly1305"
#define OTHER_VERSION "stint speaks TLS 1.2, the server wants another version: ask its operator"
#define TAMPERED      "it was damaged or tampered with on its way: try again, or from another network"
#define APP_PASSWORD                                                                               \
    "check --user and the password; many providers want an app password here, not that of the "    \
    "account"
#define NO_EHLO       "a server without EHLO has neither STARTTLS nor AUTH: use another one"
#define CHECK_ADDRESS "check the address; if the server speaks of relaying, log in with --user"

static const struct advised_case cases[] = {
    {STINT_ERROR_ENTROPY, 0, 0, 0, 0, "try again when the system has gathered randomness"},
    {STINT_ERROR_IO, STINT_STAGE_CONNECT, 0, 0, 0, "check --server and the network"},
    {STINT_ERROR_TIMEOUT, STINT_STAGE_CONNECT, 0, 0, 0,
     "check --server and the network; a firewall may block this port: try 465 or 587"},

    /* TLS on a port without, and the other way round */
    {STINT_ERROR_TIMEOUT, STINT_STAGE_GREETING, STINT_SECURITY_STARTTLS, 0, 0, TRY_IMPLICIT},
    {STINT_ERROR_TIMEOUT, STINT_STAGE_GREETING, STINT_SECURITY_NONE, 0, 0, TRY_IMPLICIT},
    {STINT_ERROR_CLOSED, STINT_STAGE_GREETING, STINT_SECURITY_STARTTLS, 0, 0, TRY_IMPLICIT},
    {STINT_ERROR_CLOSED, STINT_STAGE_GREETING, STINT_SECURITY_NONE, 0, 0, TRY_IMPLICIT},
    {STINT_ERROR_PROTOCOL, STINT_STAGE_GREETING, STINT_SECURITY_STARTTLS, 0, 0,
     "is this an SMTP server? " TRY_IMPLICIT},
    {STINT_ERROR_PROTOCOL, STINT_STAGE_GREETING, STINT_SECURITY_NONE, 0, 0,
     "is this an SMTP server? " TRY_IMPLICIT},
    {STINT_ERROR_TLS, STINT_STAGE_TLS, STINT_SECURITY_IMPLICIT, 0, BR_ERR_UNSUPPORTED_VERSION,
     "the server answered in plain text, or in another TLS version: " TRY_STARTTLS},
    {STINT_ERROR_TLS, STINT_STAGE_TLS, STINT_SECURITY_IMPLICIT, 0, BR_ERR_BAD_VERSION,
     "the server answered in plain text: " TRY_STARTTLS},
    {STINT_ERROR_TIMEOUT, STINT_STAGE_TLS, STINT_SECURITY_IMPLICIT, 0, 0, TRY_STARTTLS},
    {STINT_ERROR_CLOSED, STINT_STAGE_TLS, STINT_SECURITY_IMPLICIT, 0, 0, TRY_STARTTLS},
    {STINT_ERROR_TRUNCATED, STINT_STAGE_TLS, STINT_SECURITY_IMPLICIT, 0, 0, TRY_STARTTLS},

    {STINT_ERROR_TLS, 0, 0, 0, BR_ERR_UNSUPPORTED_VERSION, OTHER_VERSION},
    {STINT_ERROR_TLS, 0, 0, 0, RECEIVED(BR_ALERT_PROTOCOL_VERSION), OTHER_VERSION},
    {STINT_ERROR_TLS, 0, 0, 0, RECEIVED(BR_ALERT_HANDSHAKE_FAILURE), NO_COMMON_SUITE},
    {STINT_ERROR_TLS, 0, 0, 0, RECEIVED(BR_ALERT_INSUFFICIENT_SECURITY), NO_COMMON_SUITE},
    {STINT_ERROR_TLS, 0, 0, 0, BR_ERR_INVALID_ALGORITHM, NO_COMMON_SUITE},
    {STINT_ERROR_TLS, 0, 0, 0, BR_ERR_BAD_MAC, TAMPERED},
    {STINT_ERROR_TLS, 0, 0, 0, BR_ERR_BAD_FINISHED, TAMPERED},
    {STINT_ERROR_TLS, 0, 0, 0, BR_ERR_BAD_SIGNATURE, TAMPERED},
    {STINT_ERROR_TLS, 0, 0, 0, 0, "ask the server's operator; --verbose shows how far it came"},

    {STINT_ERROR_CERTIFICATE, 0, 0, 0, BR_ERR_X509_NOT_TRUSTED,
     "if you trust this server, give its root with --ca; stint --check shows which one it needs"},
    {STINT_ERROR_CERTIFICATE, 0, 0, 0, STINT_TLS_ERROR_PIN,
     "if the server's key was changed on purpose, give the new one's pin; stint --check prints it"},
    {STINT_ERROR_CERTIFICATE, 0, 0, 0, BR_ERR_X509_EXPIRED,
     "check this machine's clock; if it is right, the operator must renew the certificate (stint "
     "--check shows its dates)"},
    {STINT_ERROR_CERTIFICATE, 0, 0, 0, BR_ERR_X509_BAD_SERVER_NAME,
     "give --server a name that the certificate has; stint --check shows them"},
    {STINT_ERROR_CERTIFICATE, 0, 0, 0, BR_ERR_X509_TIME_UNKNOWN, "set this machine's clock"},
    {STINT_ERROR_CERTIFICATE, 0, 0, 0, BR_ERR_X509_WEAK_PUBLIC_KEY,
     "the operator must use longer keys; stint --check shows them"},
    {STINT_ERROR_CERTIFICATE, 0, 0, 0, 0,
     "the operator must repair the certificate; stint --check shows the chain"},

    {STINT_ERROR_NO_STARTTLS, 0, 0, 0, 0,
     "nothing secret was sent; try --tls implicit on port 465, or ask the server's operator"},
    {STINT_ERROR_INJECTION, 0, 0, 0, 0,
     "somebody between here and the server tampers: do not use this network; nothing secret was "
     "sent"},
    {STINT_ERROR_NO_AUTH, 0, 0, 0, 0,
     "stint --check shows which of the server's mechanisms stint knows; of these SCRAM is only "
     "for a user and a password of printable ASCII"},
    {STINT_ERROR_SERVER_AUTH, 0, 0, 0, 0,
     "ask the server's operator; whoever answers there may be another than the one who knows the "
     "password"},
    {STINT_ERROR_NO_8BITMIME, 0, 0, 0, 0,
     "encode the message in 7-bit (quoted-printable or base64)"},
    {STINT_ERROR_NO_BINARYMIME, 0, 0, 0, 0,
     "encode what is not text (base64), and leave out --binary"},
    {STINT_ERROR_NO_SMTPUTF8, 0, 0, 0, 0,
     "encode the header (RFC 2047); for the address use a server that offers SMTPUTF8 (stint "
     "--check shows it)"},
    {STINT_ERROR_NO_EXTENSION, 0, 0, 0, 0,
     "leave that out, or use another server; stint --check shows what it offers"},
    {STINT_ERROR_TOO_LARGE, 0, 0, 0, 0, "send less; stint --check shows the limit"},
    {STINT_ERROR_CONTENT, 0, 0, 0, 0,
     "encode it (quoted-printable or base64); of a message in a file stint names the line"},

    {STINT_ERROR_PERMANENT, STINT_STAGE_GREETING, 0, 0, 0,
     "the server takes no mail from this address: use your provider's submission server"},
    {STINT_ERROR_PERMANENT, STINT_STAGE_EHLO, 0, 500, 0, NO_EHLO},
    {STINT_ERROR_PERMANENT, STINT_STAGE_EHLO, 0, 502, 0, NO_EHLO},
    {STINT_ERROR_PERMANENT, STINT_STAGE_EHLO, 0, 0, 0, "try another --helo"},
    {STINT_ERROR_PERMANENT, STINT_STAGE_AUTH, 0, 535, 0, APP_PASSWORD},
    {STINT_ERROR_PERMANENT, STINT_STAGE_AUTH, 0, 534, 0, APP_PASSWORD},
    {STINT_ERROR_PERMANENT, STINT_STAGE_AUTH, 0, 504, 0, "leave out --auth, or try another"},
    {STINT_ERROR_PERMANENT, STINT_STAGE_AUTH, 0, 0, 0, "check --user and the password or token"},
    {STINT_ERROR_PERMANENT, STINT_STAGE_MAIL, STINT_SECURITY_NONE, 530, 0,
     "the server wants TLS or a login: use --tls starttls, and --user"},
    {STINT_ERROR_PERMANENT, STINT_STAGE_MAIL, 0, 530, 0, "the server wants a login: give --user"},
    {STINT_ERROR_PERMANENT, STINT_STAGE_MAIL, 0, 552, 0, "send less; --check shows the limit"},
    {STINT_ERROR_PERMANENT, STINT_STAGE_MAIL, 0, 0, 0,
     "check --from: it must be an address that this login may use"},
    {STINT_ERROR_PERMANENT, STINT_STAGE_RCPT, 0, 530, 0, "the server wants a login: give --user"},
    {STINT_ERROR_PERMANENT, STINT_STAGE_RCPT, 0, 0, 0, CHECK_ADDRESS},
    {STINT_ERROR_PERMANENT, STINT_STAGE_CONTENT, 0, 552, 0, "send less"},
    {STINT_ERROR_PERMANENT, STINT_STAGE_CONTENT, 0, 0, 0,
     "it does not want this message: check its header (From, Date, Message-ID) and content"},
    {STINT_ERROR_PERMANENT, 0, 0, 0, 0, "do not try the same again; ask the server's operator"},
    {STINT_ERROR_TEMPORARY, 0, 0, 0, 0, "try again later"},

    {STINT_ERROR_PROTOCOL, STINT_STAGE_GREETING, 0, 0, 0, "is this an SMTP server?"},
    {STINT_ERROR_PROTOCOL, 0, 0, 0, 0, "ask the server's operator; --verbose shows the dialogue"},
    {STINT_ERROR_IO, 0, 0, 0, 0, "try again later"},
    {STINT_ERROR_CLOSED, 0, 0, 0, 0, "try again later"},
    {STINT_ERROR_TRUNCATED, 0, 0, 0, 0, "try again later"},
    {STINT_ERROR_TIMEOUT, 0, 0, 0, 0,
     "try again later, or allow more with --timeout or --deadline"},
};

static bool fits(const struct advised_case *c, const struct stint_result *result, unsigned security)
{
    return c->error == result->error && (c->stage == 0 || c->stage == result->stage) &&
           (c->security == 0 || c->security == security) &&
           (c->code == 0 || c->code == result->code) &&
           (c->tls_error == 0 || c->tls_error == result->tls_error);
}

const char *advice(const struct stint_result *result, unsigned security)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (fits(&cases[i], result, security)) {
            return cases[i].text;
        }
    }
    return "";
}
