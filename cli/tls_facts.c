/* SPDX-License-Identifier: MIT */
#include "tls_facts.h"

#include "tls_names.h"

void tls_facts_print(FILE *stream, const struct stint_tls *tls)
{
    fprintf(stream, "%s, %s, %s", tls_version_name(stint_tls_version(tls)),
            tls_suite_name(stint_tls_suite(tls)), tls_curve_name(stint_tls_curve(tls)));
}
