/* SPDX-License-Identifier: MIT */
#include "pin.h"

#include <bearssl.h>
#include <string.h>

#define PREFIX        "sha256//"
#define PREFIX_OCTETS (sizeof PREFIX - 1)
#define BASE64_OCTETS 44

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* 32 octets are ten groups of three, and two that one "=" makes up for. */
static void encode(const uint8_t *pin, char *text)
{
    uint32_t bits = 0;
    unsigned count = 0;

    for (size_t i = 0; i <= STINT_TLS_PIN_OCTETS; i++) {
        bits = bits << 8 | (i < STINT_TLS_PIN_OCTETS ? pin[i] : 0U);
        count += 8;
        while (count >= 6) {
            count -= 6;
            *text++ = alphabet[bits >> count & 63];
        }
    }
    text[-1] = '=';
    *text = '\0';
}

bool pin_read(const char *text, uint8_t *pin)
{
    char again[BASE64_OCTETS + 1];
    uint32_t bits = 0;
    unsigned count = 0;
    size_t done = 0;

    if (strncmp(text, PREFIX, PREFIX_OCTETS) != 0 ||
        strlen(text) != PREFIX_OCTETS + BASE64_OCTETS) {
        return false;
    }
    for (const char *at = text + PREFIX_OCTETS; done < STINT_TLS_PIN_OCTETS; at++) {
        const char *place = strchr(alphabet, *at);

        if (*at == '\0' || place == NULL) {
            return false;
        }
        bits = bits << 6 | (uint32_t)(place - alphabet);
        count += 6;
        if (count >= 8) {
            count -= 8;
            pin[done++] = (uint8_t)(bits >> count);
        }
    }
    encode(pin, again); /* so what is left over can only be what it must be */
    return strcmp(again, text + PREFIX_OCTETS) == 0;
}

void pin_of(const uint8_t *info, size_t length, uint8_t *pin)
{
    br_sha256_context context;

    br_sha256_init(&context);
    br_sha256_update(&context, info, length);
    br_sha256_out(&context, pin);
}

void pin_write(const uint8_t *pin, char *text)
{
    memcpy(text, PREFIX, PREFIX_OCTETS);
    encode(pin, text + PREFIX_OCTETS);
}
