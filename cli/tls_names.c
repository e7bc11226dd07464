/* SPDX-License-Identifier: MIT */
#include "tls_names.h"

#include "stint/tls.h"

#include <bearssl.h>
#include <stddef.h>

struct name {
    int number;
    const char *text;
};

static const char *look_up(const struct name *names, size_t count, int number,
                           const char *otherwise)
{
    for (size_t i = 0; i < count; i++) {
        if (names[i].number == number) {
            return names[i].text;
        }
    }
    return otherwise;
}
#define LOOK_UP(names, number, otherwise)                                                          \
    look_up(names, sizeof names / sizeof names[0], number, otherwise)

const char *tls_error_text(int error)
{
    static const struct name texts[] = {
        {BR_ERR_OK, "no error"},
        {BR_ERR_BAD_PARAM, "a parameter is wrong (a fault in stint)"},
        {BR_ERR_BAD_STATE, "a call came at the wrong time (a fault in stint)"},
        {BR_ERR_UNSUPPORTED_VERSION, "the answer is not TLS 1.2"},
        {BR_ERR_BAD_VERSION, "the TLS version changed in mid-connection"},
        {BR_ERR_BAD_LENGTH, "a record has an impossible length"},
        {BR_ERR_TOO_LARGE, "a record is too large for the buffer"},
        {BR_ERR_BAD_MAC, "a record was damaged or forged on its way"},
        {BR_ERR_NO_RANDOM, "no randomness to begin with"},
        {BR_ERR_UNKNOWN_TYPE, "a record of unknown type"},
        {BR_ERR_UNEXPECTED, "a message out of place"},
        {BR_ERR_BAD_CCS, "a malformed ChangeCipherSpec"},
        {BR_ERR_BAD_ALERT, "a malformed alert"},
        {BR_ERR_BAD_HANDSHAKE, "a malformed handshake message"},
        {BR_ERR_OVERSIZED_ID, "a session ID over 32 octets"},
        {BR_ERR_BAD_CIPHER_SUITE, "the server chose a cipher suite that was not offered"},
        {BR_ERR_BAD_COMPRESSION, "the server chose a compression that was not offered"},
        {BR_ERR_BAD_FRAGLEN, "the server answered with another maximum fragment length"},
        {BR_ERR_BAD_SECRENEG, "a wrong secure-renegotiation extension (RFC 5746)"},
        {BR_ERR_EXTRA_EXTENSION, "the server sent an extension that was not offered"},
        {BR_ERR_BAD_SNI, "a malformed server-name extension"},
        {BR_ERR_BAD_HELLO_DONE, "a malformed ServerHelloDone"},
        {BR_ERR_LIMIT_EXCEEDED, "the server's key is larger than BearSSL can use"},
        {BR_ERR_BAD_FINISHED, "a wrong Finished message: the handshake was tampered with"},
        {BR_ERR_RESUME_MISMATCH, "the resumed session differs from the one before"},
        {BR_ERR_INVALID_ALGORITHM,
         "the server uses a signature, hash or curve that was not offered"},
        {BR_ERR_BAD_SIGNATURE, "a wrong signature on the server's key exchange"},
        {BR_ERR_WRONG_KEY_USAGE, "its key usage does not allow what the cipher suite needs"},
        {BR_ERR_NO_CLIENT_AUTH, "the server wants a client certificate"},
        {BR_ERR_IO, "the transport failed"},
        {BR_ERR_X509_OK, "no error"},
        {BR_ERR_X509_INVALID_VALUE, "it holds an invalid value"},
        {BR_ERR_X509_TRUNCATED, "it is cut off"},
        {BR_ERR_X509_EMPTY_CHAIN, "the server sent none"},
        {BR_ERR_X509_INNER_TRUNC, "an element in it is cut off"},
        {BR_ERR_X509_BAD_TAG_CLASS, "it is malformed (tag class)"},
        {BR_ERR_X509_BAD_TAG_VALUE, "it is malformed (tag value)"},
        {BR_ERR_X509_INDEFINITE_LENGTH, "it is malformed (indefinite length)"},
        {BR_ERR_X509_EXTRA_ELEMENT, "it is malformed (extra element)"},
        {BR_ERR_X509_UNEXPECTED, "it is malformed (unexpected element)"},
        {BR_ERR_X509_NOT_CONSTRUCTED, "it is malformed (element not constructed)"},
        {BR_ERR_X509_NOT_PRIMITIVE, "it is malformed (element not primitive)"},
        {BR_ERR_X509_PARTIAL_BYTE, "it is malformed (bit string)"},
        {BR_ERR_X509_BAD_BOOLEAN, "it is malformed (boolean)"},
        {BR_ERR_X509_OVERFLOW, "it is malformed (number too large)"},
        {BR_ERR_X509_BAD_DN, "it is malformed (distinguished name)"},
        {BR_ERR_X509_BAD_TIME, "it is malformed (date)"},
        {BR_ERR_X509_UNSUPPORTED, "it uses a key or signature algorithm that is not supported"},
        {BR_ERR_X509_LIMIT_EXCEEDED, "its key or signature is larger than BearSSL can use"},
        {BR_ERR_X509_WRONG_KEY_TYPE, "its key does not fit the cipher suite"},
        {BR_ERR_X509_BAD_SIGNATURE,
         "its signature is wrong, or made with an algorithm not supported"},
        {BR_ERR_X509_TIME_UNKNOWN, "the time is not known"},
        {BR_ERR_X509_EXPIRED, "it is expired or not yet valid"},
        {BR_ERR_X509_DN_MISMATCH, "the chain is broken: a certificate was not issued by the next"},
        {BR_ERR_X509_BAD_SERVER_NAME, "it was issued for another name"},
        {BR_ERR_X509_CRITICAL_EXTENSION,
         "it constrains names, or has a critical extension that is not supported"},
        {BR_ERR_X509_NOT_CA, "one in the chain was signed by a certificate that may not sign"},
        {BR_ERR_X509_FORBIDDEN_KEY_USAGE,
         "it may not be used for a TLS server, or to sign the one before it"},
        {BR_ERR_X509_WEAK_PUBLIC_KEY, "a key in the chain is too short to be safe"},
        {BR_ERR_X509_NOT_TRUSTED, "no trusted root has signed its chain"},
        {STINT_TLS_ERROR_PIN, "its key is none of those that --pin names"},
    };

    if (tls_alert_name(error) != NULL) {
        return error < BR_ERR_SEND_FATAL_ALERT ? "the server ended it by an alert"
                                               : "ended by an alert of ours";
    }
    return LOOK_UP(texts, error, "an unknown error");
}

const char *tls_alert_name(int error)
{
    static const struct name alerts[] = {
        {BR_ALERT_CLOSE_NOTIFY, "close_notify"},
        {BR_ALERT_UNEXPECTED_MESSAGE, "unexpected_message"},
        {BR_ALERT_BAD_RECORD_MAC, "bad_record_mac"},
        {BR_ALERT_RECORD_OVERFLOW, "record_overflow"},
        {BR_ALERT_DECOMPRESSION_FAILURE, "decompression_failure"},
        {BR_ALERT_HANDSHAKE_FAILURE, "handshake_failure"},
        {BR_ALERT_BAD_CERTIFICATE, "bad_certificate"},
        {BR_ALERT_UNSUPPORTED_CERTIFICATE, "unsupported_certificate"},
        {BR_ALERT_CERTIFICATE_REVOKED, "certificate_revoked"},
        {BR_ALERT_CERTIFICATE_EXPIRED, "certificate_expired"},
        {BR_ALERT_CERTIFICATE_UNKNOWN, "certificate_unknown"},
        {BR_ALERT_ILLEGAL_PARAMETER, "illegal_parameter"},
        {BR_ALERT_UNKNOWN_CA, "unknown_ca"},
        {BR_ALERT_ACCESS_DENIED, "access_denied"},
        {BR_ALERT_DECODE_ERROR, "decode_error"},
        {BR_ALERT_DECRYPT_ERROR, "decrypt_error"},
        {BR_ALERT_PROTOCOL_VERSION, "protocol_version"},
        {BR_ALERT_INSUFFICIENT_SECURITY, "insufficient_security"},
        {BR_ALERT_INTERNAL_ERROR, "internal_error"},
        {86, "inappropriate_fallback"},
        {BR_ALERT_USER_CANCELED, "user_canceled"},
        {BR_ALERT_NO_RENEGOTIATION, "no_renegotiation"},
        {BR_ALERT_UNSUPPORTED_EXTENSION, "unsupported_extension"},
        {112, "unrecognized_name"},
        {116, "certificate_required"},
        {BR_ALERT_NO_APPLICATION_PROTOCOL, "no_application_protocol"},
    };

    if (error < BR_ERR_RECV_FATAL_ALERT || error > BR_ERR_SEND_FATAL_ALERT + 255) {
        return NULL;
    }
    return LOOK_UP(alerts, error & 255, "an alert of unknown number");
}

const char *tls_version_name(unsigned version)
{
    static const struct name versions[] = {
        {BR_SSL30, "SSL 3.0"},
        {BR_TLS10, "TLS 1.0"},
        {BR_TLS11, "TLS 1.1"},
        {BR_TLS12, "TLS 1.2"},
    };

    return LOOK_UP(versions, (int)version, "unknown TLS version");
}

const char *tls_suite_name(unsigned suite)
{
    static const struct name suites[] = {
        {BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"},
        {BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"},
        {BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
        {BR_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, "ECDHE_RSA_WITH_AES_256_GCM_SHA384"},
        {BR_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
        {BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
         "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"},
    };

    return LOOK_UP(suites, (int)suite, "unknown cipher suite");
}

const char *tls_curve_name(int curve)
{
    static const struct name curves[] = {
        {BR_EC_secp256r1, "P-256"}, {BR_EC_secp384r1, "P-384"},
        {BR_EC_secp521r1, "P-521"}, {BR_EC_curve25519, "X25519"},
        {BR_EC_curve448, "X448"},   {BR_EC_brainpoolP256r1, "brainpoolP256r1"},
    };

    return LOOK_UP(curves, curve, "unknown curve");
}
