/* SPDX-License-Identifier: MIT */
#include "stint/resume.h"

#define FRAGMENT_MAX 16384 /* RFC 5246 6.2.1 */

unsigned stint_tls_version(const struct stint_tls *tls)
{
    return br_ssl_engine_get_version(&tls->client.eng);
}

/* Read from the engine itself: BearSSL's call for this copies the master secret along, and the one
 * below takes no constant engine. */
uint16_t stint_tls_suite(const struct stint_tls *tls)
{
    return tls->client.eng.session.cipher_suite;
}

int stint_tls_curve(const struct stint_tls *tls)
{
    return tls->client.eng.ecdhe_curve;
}

bool stint_tls_resumed(const struct stint_tls *tls)
{
    return tls->resume != NULL && tls->resume->resumed;
}

uint16_t stint_tls_fragment_limit(const struct stint_tls *tls)
{
    return tls->hello.fragment_limit != 0 ? tls->hello.fragment_limit : FRAGMENT_MAX;
}
