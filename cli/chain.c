/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "chain.h"

#include <string.h>

static void write_name(char *text, struct slice name)
{
    FILE *stream = fmemopen(text, CHAIN_NAME_MAX, "w");

    if (stream != NULL) {
        setbuf(stream, NULL); /* what does not fit is cut off, and the rest not lost with it */
        certificate_print_name(stream, name);
        fclose(stream);
    }
    text[CHAIN_NAME_MAX - 1] = '\0';
}

static void remember(struct chain *chain, const struct certificate *certificate)
{
    if (chain->count < CHAIN_REMEMBERED) {
        write_name(chain->names[chain->count].subject, certificate->subject);
        write_name(chain->names[chain->count].issuer, certificate->issuer);
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
