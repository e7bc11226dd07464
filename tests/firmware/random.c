/* SPDX-License-Identifier: MIT */
#include "semihosting.h"

#include "lwip/opt.h"

#include <string.h>

/* For lwIP. If there is none to be had, the TLS handshake will say so; this need not. */
uint32_t random_word(void)
{
    uint8_t octets[4] = {0};
    uint32_t word;

    (void)semihosting_entropy(NULL, octets, sizeof octets);
    memcpy(&word, octets, sizeof word);
    return word;
}
