/* SPDX-License-Identifier: MIT */
#include "stint/result.h"

#define COUNT(names) (sizeof(names) / sizeof((names)[0]))

static const char *name(const char *const *names, size_t count, unsigned value)
{
    return value < count ? names[value] : "?";
}

const char *stint_error_name(unsigned error)
{
    static const char *const names[] = {
        [STINT_ERROR_NONE] = "none",
        [STINT_ERROR_CONFIG] = "config",
        [STINT_ERROR_CONTENT] = "content",
        [STINT_ERROR_SOURCE] = "source",
        [STINT_ERROR_ABORTED] = "aborted",
        [STINT_ERROR_ENTROPY] = "entropy",
        [STINT_ERROR_IO] = "io",
        [STINT_ERROR_CLOSED] = "closed",
        [STINT_ERROR_TRUNCATED] = "truncated",
        [STINT_ERROR_TIMEOUT] = "timeout",
        [STINT_ERROR_TLS] = "tls",
        [STINT_ERROR_RECORD_SIZE] = "record size",
        [STINT_ERROR_CERTIFICATE] = "certificate",
        [STINT_ERROR_NO_STARTTLS] = "no STARTTLS",
        [STINT_ERROR_NO_AUTH] = "no AUTH",
        [STINT_ERROR_NO_8BITMIME] = "no 8BITMIME",
        [STINT_ERROR_NO_BINARYMIME] = "no BINARYMIME",
        [STINT_ERROR_NO_SMTPUTF8] = "no SMTPUTF8",
        [STINT_ERROR_NO_EXTENSION] = "no extension",
        [STINT_ERROR_TOO_LARGE] = "too large",
        [STINT_ERROR_TEMPORARY] = "temporary",
        [STINT_ERROR_PERMANENT] = "permanent",
        [STINT_ERROR_PARTIAL] = "partial",
        [STINT_ERROR_PROTOCOL] = "protocol",
        [STINT_ERROR_INJECTION] = "injection",
        [STINT_ERROR_SERVER_AUTH] = "server's proof",
    };

    return name(names, COUNT(names), error);
}

const char *stint_stage_name(unsigned stage)
{
    static const char *const names[] = {
        [STINT_STAGE_START] = "start",       [STINT_STAGE_CONNECT] = "connect",
        [STINT_STAGE_TLS] = "TLS handshake", [STINT_STAGE_GREETING] = "greeting",
        [STINT_STAGE_EHLO] = "EHLO",         [STINT_STAGE_HELO] = "HELO",
        [STINT_STAGE_STARTTLS] = "STARTTLS", [STINT_STAGE_AUTH] = "AUTH",
        [STINT_STAGE_RSET] = "RSET",         [STINT_STAGE_MAIL] = "MAIL",
        [STINT_STAGE_RCPT] = "RCPT",         [STINT_STAGE_DATA] = "DATA",
        [STINT_STAGE_CONTENT] = "content",   [STINT_STAGE_QUIT] = "QUIT",
    };

    return name(names, COUNT(names), stage);
}

const char *stint_fate_name(unsigned fate)
{
    static const char *const names[] = {
        [STINT_FATE_NOT_ACCEPTED] = "not accepted",
        [STINT_FATE_UNKNOWN] = "unknown",
        [STINT_FATE_ACCEPTED] = "accepted",
    };

    return name(names, COUNT(names), fate);
}

const char *stint_field_name(unsigned field)
{
    static const char *const names[] = {
        [STINT_FIELD_NONE] = "none",
        [STINT_FIELD_HOST] = "host",
        [STINT_FIELD_SECURITY] = "security",
        [STINT_FIELD_EHLO_NAME] = "EHLO name",
        [STINT_FIELD_USER] = "user",
        [STINT_FIELD_PASSWORD] = "password",
        [STINT_FIELD_MECHANISM] = "mechanism",
        [STINT_FIELD_TIMEOUT] = "timeout",
        [STINT_FIELD_REVERSE_PATH] = "reverse-path",
        [STINT_FIELD_RECIPIENT] = "recipient",
        [STINT_FIELD_POLICY] = "policy",
        [STINT_FIELD_SOURCE] = "source",
        [STINT_FIELD_IO] = "io",
        [STINT_FIELD_BUFFER] = "buffer",
        [STINT_FIELD_ANCHORS] = "trust anchors",
        [STINT_FIELD_PROFILE] = "TLS profile",
        [STINT_FIELD_ENTROPY] = "entropy",
        [STINT_FIELD_CLOCK] = "clock",
        [STINT_FIELD_NEXT] = "next",
        [STINT_FIELD_RESUME] = "resumption",
        [STINT_FIELD_LMTP] = "LMTP",
        [STINT_FIELD_PARAMETERS] = "parameters",
        [STINT_FIELD_DSN] = "DSN",
        [STINT_FIELD_SUBMITTER] = "submitter",
        [STINT_FIELD_REQUIRE_TLS] = "REQUIRETLS",
        [STINT_FIELD_PRIORITY] = "priority",
        [STINT_FIELD_DELIVER_BY] = "time to deliver",
        [STINT_FIELD_HOLD] = "time to hold",
    };

    return name(names, COUNT(names), field);
}
