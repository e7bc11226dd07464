/* SPDX-License-Identifier: MIT */

/*
 * Base64: any octets, any length of a quantum.
 */

#include "any.h"

#include "sasl/base64.h"

int main(void)
{
    uint8_t octets[3] = {any_octet(), any_octet(), any_octet()};
    char characters[4];
    int i;

    stint_base64_quantum(characters, octets, 1 + any_number(2));
    for (i = 0; i < 4; i++) {
        (void)stint_base64_character((uint8_t)characters[i]);
    }
    return 0;
}
