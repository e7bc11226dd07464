/* SPDX-License-Identifier: MIT */

/*
 * The reader of EHLO's reply: lines of any octets, of any length and number.
 */

#include "any.h"

#include "session/capabilities.h"

int main(void)
{
    struct stint_capabilities c;

    stint_capabilities_clear(&c);
    while (any_more()) {
        if (any_more()) {
            stint_capabilities_octet(&c, any_octet());
        } else if (any_more()) {
            stint_capabilities_line_end(&c);
        } else {
            stint_capabilities_clear(&c);
        }
        /*@ assert c.length <= STINT_KEYWORD_MAX + 1 && c.word <= 2; */
        (void)stint_capabilities_offer(&c, STINT_EXTENSION_STARTTLS);
    }
    return 0;
}
