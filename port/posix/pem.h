/* SPDX-License-Identifier: MIT */
#ifndef STINT_POSIX_PEM_H
#define STINT_POSIX_PEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Certificates as text (RFC 7468), decoded in place: zero it, then set the first part. What else
 * the text holds is passed over. */
struct stint_posix_pem {
    uint8_t *text;
    size_t length;

    size_t at;            /* the octet that is read next */
    unsigned long line;   /* the one that was read last, from 1 */
    unsigned long number; /* of the certificate, from 1 */
    unsigned long begins; /* the line it begins at */
    uint8_t *der;
    size_t der_length;
};

enum stint_posix_pem_status {
    STINT_POSIX_PEM_CERTIFICATE, /* at `der` is the next one */
    STINT_POSIX_PEM_END,         /* there is none */
    STINT_POSIX_PEM_CUT_OFF,     /* the text ends within one */
    STINT_POSIX_PEM_DAMAGED      /* `line` is no base64 */
};

enum stint_posix_pem_status stint_posix_pem_next(struct stint_posix_pem *pem);

#endif
