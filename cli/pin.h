/* SPDX-License-Identifier: MIT */
#ifndef CLI_PIN_H
#define CLI_PIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stint/tls.h"

/* Pins as text: "sha256//" and the base64 of the hash of a SubjectPublicKeyInfo (RFC 7469 2.4). */
#define PIN_TEXT_OCTETS 53 /* with its NUL */

/* Returns false if `text` is no pin. */
bool pin_read(const char *text, uint8_t *pin);

/* The pin of the SubjectPublicKeyInfo at `info`. */
void pin_of(const uint8_t *info, size_t length, uint8_t *pin);

void pin_write(const uint8_t *pin, char *text);

#endif
