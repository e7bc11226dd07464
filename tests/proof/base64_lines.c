/* SPDX-License-Identifier: MIT */

/*
 * Lines of base64: of any octets, of every length.
 *
 * What stint_put does is stated in put.h, and proved by writer.c.
 */

#include "any.h"
#include "put.h"

#include "message/base64_lines.h"

int main(void)
{
    struct stint_composer composer = {0};
    uint8_t memory[STINT_BASE64_OCTETS];
    size_t length;
    int i;

    /*@ loop unroll STINT_BASE64_OCTETS; */
    for (i = 0; i < (int)STINT_BASE64_OCTETS; i++) {
        memory[i] = any_octet();
    }
    /*@ loop unroll STINT_BASE64_OCTETS + 1; */
    for (length = 0; length <= STINT_BASE64_OCTETS; length++) {
        stint_put_base64_line(&composer, memory + STINT_BASE64_OCTETS - length, length);
    }
    (void)stint_base64_size(any_number(UINT32_MAX));
    return 0;
}
