/* SPDX-License-Identifier: MIT */

/*
 * The DER reader: an element of any length announced, any octets, opened and left at any time.
 */

#include "any.h"

#include "tls/der.h"

int main(void)
{
    struct stint_der der;

    stint_der_start(&der, any_number(UINT32_MAX));
    /*@ dynamic_split der.depth; */
    /*@ dynamic_split der.position; */
    while (any_more()) {
        if (any_more()) {
            (void)stint_der_octet(&der, any_octet());
        } else if (any_more()) {
            stint_der_open(&der);
        } else if (any_more()) {
            (void)stint_der_end(&der);
        } else {
            (void)stint_der_has_ended(&der);
        }
        /*@ assert der.depth <= STINT_DER_DEPTH; */
    }
    return 0;
}
