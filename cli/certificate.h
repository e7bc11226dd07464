/* SPDX-License-Identifier: MIT */
#ifndef CLI_CERTIFICATE_H
#define CLI_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A run of octets inside a certificate. */
struct slice {
    const uint8_t *octets;
    size_t length;
};

/* What --check shows of an X.509 certificate (RFC 5280 4.1). Nothing is verified here. */
struct certificate {
    struct slice issuer;    /* Name, with its tag and length: as trust anchors hold it */
    struct slice subject;   /* the same */
    struct slice key_info;  /* SubjectPublicKeyInfo, the same */
    struct slice names;     /* GeneralNames of the SAN extension, without tag; may be empty */
    struct slice signature; /* content of the OID that names how it was signed */
    char not_before[16];    /* "YYYYMMDDHHMMSS", UTC; "" if not understood */
    char not_after[16];
    struct slice whole;
};

/* Take `der` apart; slices point into it. Returns false if it is no certificate. */
bool certificate_read(struct certificate *certificate, const uint8_t *der, size_t length);

/* "RSA 2048 bits", "EC P-256" */
void certificate_print_key(FILE *stream, const struct certificate *certificate);

/* How it was signed, as "RSA, SHA-256", or "?" where that is not one of the usual ways. */
void certificate_print_signature(FILE *stream, const struct certificate *certificate);

/* A Name as "C=US, O=Example, CN=Example Root". */
void certificate_print_name(FILE *stream, struct slice name);

/* The same into `text`, cut at `room` - 1 characters. */
void certificate_write_name(char *text, size_t room, struct slice name);

/* The DNS names and IP addresses, with a space between them. */
void certificate_print_alternatives(FILE *stream, struct slice names);

/* "2026-01-31 23:59:59", or "(unreadable)" */
#define CERTIFICATE_TIME_OCTETS 20
void certificate_write_time(char *text, const char *time);

#endif
