/* SPDX-License-Identifier: MIT */

/*
 * Base64: any octets, any length of a quantum; of a text, any short one.
 */

#include "any.h"

#include "sasl/base64.h"

#define OCTETS 7

static void quanta(void)
{
    uint8_t octets[3] = {any_octet(), any_octet(), any_octet()};
    char characters[4];
    int i;

    stint_base64_quantum(characters, octets, 1 + any_number(2));
    for (i = 0; i < 4; i++) {
        (void)stint_base64_character((uint8_t)characters[i]);
    }
}

static void texts(void)
{
    uint8_t octets[OCTETS];
    char characters[4 * ((OCTETS + 2) / 3)];
    size_t count;
    int i;

    for (i = 0; i < OCTETS; i++) {
        octets[i] = any_octet();
    }
    (void)stint_base64_encode(characters, octets, any_number(OCTETS));
    for (i = 0; i < (int)sizeof characters; i++) {
        characters[i] = (char)any_octet();
    }
    (void)stint_base64_decode(characters, any_number(sizeof characters), (uint8_t *)characters,
                              &count);
}

int main(void)
{
    quanta();
    texts();
    return 0;
}
