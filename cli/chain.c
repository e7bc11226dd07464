/* SPDX-License-Identifier: MIT */
#include "chain.h"

#include <string.h>

static void remember(struct chain *chain, const struct certificate *certificate)
{
    if (chain->count < CHAIN_REMEMBERED) {
        certificate_write_name(chain->names[chain->count].subject, CHAIN_NAME_MAX,
                               certificate->subject);
        certificate_write_name(chain->names[chain->count].issuer, CHAIN_NAME_MAX,
                               certificate->issuer);
        certificate_write_time(chain->names[chain->count].not_before, certificate->not_before);
        certificate_write_time(chain->names[chain->count].not_after, certificate->not_after);
    }
}

static void end_certificate(struct chain *chain)
{
    struct certificate certificate;
    bool readable =
        chain->have == chain->expected && certificate_read(&certificate, chain->der, chain->have);

    if (readable) {
        remember(chain, &certificate);
    }
    chain->count++;
    if (chain->show != NULL) {
        chain->show(chain->show_context, readable ? &certificate : NULL, chain->expected);
    }
}

void chain_watch(void *context, enum stint_tls_chain_event event, const uint8_t *data,
                 size_t length)
{
    struct chain *chain = context;

    if (event == STINT_TLS_CERTIFICATE_BEGIN) {
        chain->expected = length;
        chain->have = 0;
    } else if (event == STINT_TLS_CERTIFICATE_END) {
        end_certificate(chain);
    } else if (length <= CHAIN_CERTIFICATE_MAX - chain->have) {
        memcpy(chain->der + chain->have, data, length);
        chain->have += length;
    }
}
