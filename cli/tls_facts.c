/* SPDX-License-Identifier: MIT */
#include "tls_facts.h"

#include "tls_names.h"

void tls_facts_print(FILE *stream, const struct stint_tls *tls)
{
    const br_ssl_engine_context *engine = &tls->client.eng;

    /* Not by br_ssl_engine_get_session_parameters: that would copy the master secret. */
    fprintf(stream, "%s, %s, %s", tls_version_name(br_ssl_engine_get_version(engine)),
            tls_suite_name(engine->session.cipher_suite), tls_curve_name(engine->ecdhe_curve));
}
