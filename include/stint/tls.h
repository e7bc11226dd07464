/* SPDX-License-Identifier: MIT */
#ifndef STINT_TLS_H
#define STINT_TLS_H

#include <bearssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * TLS 1.2 (RFC 5246) by BearSSL: ECDHE with AES-GCM or ChaCha20-Poly1305, the chain verified to the
 * given trust anchors (RFC 5280 6), SNI sent (RFC 6066 3), the host's name checked (RFC 9525), no
 * renegotiation. There is no switch to leave any of it out.
 */

/*
 * A profile chooses algorithms: it calls br_ssl_engine_set_suites, _set_hash, _set_ec and the like
 * on a client context and an X.509 context that were just initialised. Only what the chosen profile
 * names is linked. Versions, buffers, time, names and anchors are set by Stint afterwards.
 */
typedef void (*stint_tls_profile)(br_ssl_client_context *client, br_x509_minimal_context *x509);

/* Microcontrollers: P-256, RSA to 4,096 bits, SHA-256, AES-128-GCM; constant-time, 32-bit. */
void stint_tls_profile_small(br_ssl_client_context *client, br_x509_minimal_context *x509);

/* Desktops: all curves, SHA-256/384/512, AES-GCM (AES-NI where present) and ChaCha20-Poly1305. */
void stint_tls_profile_fast(br_ssl_client_context *client, br_x509_minimal_context *x509);

/* Octets of a pin; and the error code, beside BearSSL's BR_ERR_*, of a key that is not pinned. */
#define STINT_TLS_PIN_OCTETS 32
#define STINT_TLS_ERROR_PIN  100

/* One certificate as the server sends it, in pieces; for showing a chain. See `watch` below. */
enum stint_tls_chain_event {
    STINT_TLS_CERTIFICATE_BEGIN, /* `length` is its size in octets, `data` NULL */
    STINT_TLS_CERTIFICATE_DATA,  /* the next octets of its DER encoding */
    STINT_TLS_CERTIFICATE_END
};

/* Private: src/tls/der.h. Here and below, what is used most comes first: that makes short code. */
#define STINT_DER_DEPTH 8
struct stint_der {
    uint8_t tag;
    uint8_t depth;
    uint8_t position;
    uint8_t length_octets; /* of a long length, still to come */
    uint32_t length;
    uint32_t left[STINT_DER_DEPTH + 1]; /* octets left in all there is, and in each open element */
};

/* Private: src/tls/certificate.h. What one certificate says that matters here. */
struct stint_certificate {
    /* of the one being read */
    bool is_damaged;
    bool names_host;
    bool has_purposes; /* extended key usage */
    bool is_for_servers;
    bool has_constraints; /* name constraints */
    bool has_begin;       /* notBefore has passed */
    bool hashes_key;

    uint8_t part;        /* of the Certificate: only the first one is signed */
    uint8_t field;       /* of the TBSCertificate */
    uint8_t extension;   /* last octet of 2.5.29.x; 0: another */
    uint8_t kept_length; /* octets of it so far, those not kept counted up to 255 */
    bool name_differs;
    uint16_t name_length;  /* of the subject alternative name being read */
    uint16_t host_matched; /* octets of the host that it has matched */
    struct stint_der der;
    uint8_t kept[8];            /* the start of an OID */
    br_sha256_context key_hash; /* of the SubjectPublicKeyInfo */

    /* of them all */
    uint8_t address_length; /* 0: the host is a name */
    uint8_t address[16];
    const char *host;
};

/* Private: src/tls/server_hello.h */
struct stint_server_hello {
    uint32_t value;          /* of what is being read */
    uint32_t left;           /* octets of the message */
    uint16_t skip;           /* octets of no interest */
    uint16_t record_left;    /* octets of the record */
    uint16_t fragment_limit; /* that the server agreed to; 0: none */
    uint8_t record_header;   /* octets of it that were read */
    uint8_t position;
    uint8_t count; /* octets of `value` */
};

struct stint_tls_binding;

/* Private: src/sasl/scram.c. */
#define STINT_SASL_TEXT 2176
struct stint_sasl_work {
    /* lent by the client */
    const struct stint_tls_binding *binding; /* NULL: none */
    uint8_t random[18];
    uint8_t random_length;

    bool proved;     /* the server knows the keys */
    bool remembered; /* so do we: they were not computed */
    uint16_t from;   /* what is said now: text[from..end) */
    uint16_t end;
    uint16_t heard; /* octets of the challenge behind it, in base64 */
    uint16_t bare;  /* where in `text` AuthMessage begins */
    uint16_t nonce;
    uint16_t nonce_length;
    uint16_t salt;
    uint16_t salt_length;
    uint32_t iterations;
    uint32_t left;
    const br_hash_class *hash;
    br_hmac_key_context key;
    br_hmac_context mac;
    uint8_t block[32];
    uint8_t salted[32];
    uint8_t client_key[32];
    uint8_t server_key[32];
    uint8_t signature[32];
    char text[STINT_SASL_TEXT];
};

/* Private: src/tls/verify.h. A BearSSL X.509 class around br_x509_minimal_context. */
struct stint_verify {
    const br_x509_class *vtable;
    const struct stint_tls *tls;
    int error;       /* BR_ERR_X509_*: the first rule of ours that was broken */
    uint8_t index;   /* in the chain, of the certificate being read; 0: the leaf */
    uint8_t refused; /* of the first one that did not pass, or of the last one */
    bool key_only;   /* there are pins and no anchors */
    bool is_of_path; /* from the leaf to the one that an anchor vouches for */
    struct stint_certificate certificate;
    union {
        br_x509_minimal_context minimal;
        struct stint_sasl_work work; /* the certificates are judged by then */
    } memory;
};

struct stint_resume;

/*
 * One TLS client. Zero it, set the first part, and hand it to struct stint_client. The caller owns
 * it; it may serve one client at a time, again and again. About 6.6 KB on a 32-bit target.
 */
struct stint_tls {
    stint_tls_profile profile; /* required; a client certificate is set up there, too */

    /* Roots or intermediates that are trusted, or servers' own keys (anchors without the CA flag).
     * Who holds such a key is believed whatever its certificate says, its names included: where
     * several are given, each may speak for every host. Not modified. Required, or else pins. */
    const br_x509_trust_anchor *anchors;
    size_t anchor_count;

    /* Pins: SHA-256 hashes of the SubjectPublicKeyInfo of the server's own key (RFC 7469 2.4), one
     * for the key in use and a spare for the next one. Not modified. Optional.
     * With anchors: the chain must be good, and the key be one of these (else
     * STINT_TLS_ERROR_PIN). Without anchors: the key must be one of these, and that is all; what
     * its certificate says of names, dates, purposes and issuers does not count (RFC 7671 5.1), and
     * no time is needed. */
    const uint8_t (*pins)[STINT_TLS_PIN_OCTETS];
    size_t pin_count;

    /* Fill `buffer` with `length` (32) octets that an attacker cannot guess. Returns 1, or 0 if it
     * cannot: then nothing is said in TLS. Asked once for each handshake. Required. */
    int (*entropy)(void *context, uint8_t *buffer, size_t length);
    void *entropy_context;

    /* Seconds since 1970-01-01 00:00 UTC, to check certificates' dates against. 0: no clock; then
     * `floor_time` is required. */
    uint64_t unix_time;

    /* Without a clock: a time that has passed for sure, such as that of the build or of the last
     * mail sent. A certificate that ended before it is refused, one that begins later is not. */
    uint64_t floor_time;

    /* Optional: called before each step of the handshake, for kicking a watchdog. The longest step
     * verifies one certificate, or the server's signature and computes the key exchange; BearSSL
     * cannot be interrupted in it. */
    void (*busy)(void *context);
    void *busy_context;

    /* Optional: sees the server's certificates, leaf first, before they are judged. */
    void (*watch)(void *context, enum stint_tls_chain_event event, const uint8_t *data,
                  size_t length);
    void *watch_context;

    /* Optional: resumption of earlier sessions (stint/resume.h). */
    struct stint_resume *resume;

    /* Optional: what SCRAM's -PLUS mechanisms bind the login to. */
    struct stint_tls_binding *binding;

    /* Private. */
    br_ssl_client_context client;
    struct stint_verify verify;
    struct stint_server_hello hello;
};

/*
 * The channel binding tls-server-end-point (RFC 5929 4): a hash of the server's certificate, for
 * those who authenticate over the connection and want to be sure of its other end. Zero it, set
 * `tls`, and set `watch` of that to stint_tls_binding_watch and `watch_context` to the binding; for
 * SCRAM set `binding` of it, too.
 * Not linked where nobody names it. With resumption, give it to struct stint_resume, too.
 */
struct stint_tls_binding {
    const struct stint_tls *tls; /* required */

    /* Written by Stint; valid from the end of a handshake that succeeded to the next stint_start.
     */
    uint8_t octets[64];
    uint8_t length; /* 32, 48 or 64; 0: not defined for this certificate's signature */

    /* Private. */
    bool is_read; /* the algorithm is known */
    uint8_t oid_length;
    uint8_t oid[16];
    struct stint_der der;
    br_multihash_context hash;
};

void stint_tls_binding_watch(void *context, enum stint_tls_chain_event event, const uint8_t *data,
                             size_t length);

/* What was agreed on, from the handshake's end to the next stint_start: for showing. */
unsigned stint_tls_version(const struct stint_tls *tls); /* BR_TLS12 */
uint16_t stint_tls_suite(const struct stint_tls *tls);   /* BR_TLS_* */
int stint_tls_curve(const struct stint_tls *tls);        /* BR_EC_*; 0: no key exchange */
bool stint_tls_resumed(const struct stint_tls *tls);     /* an earlier session (stint/resume.h) */

/* How many octets of plaintext the server puts into a record at most: what it agreed to with
 * max_fragment_length (RFC 6066 4), for which BearSSL asks where `in` or `out` of struct
 * stint_client is smaller than its largest size of stint/config.h. 16,384 if it did not agree: then
 * a record may come that is too large for `in` (STINT_ERROR_RECORD_SIZE). */
uint16_t stint_tls_fragment_limit(const struct stint_tls *tls);

#ifdef __cplusplus
}
#endif

#endif
