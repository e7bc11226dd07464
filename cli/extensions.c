/* SPDX-License-Identifier: MIT */
#include "extensions.h"

#include "stint/result.h"

#include <stddef.h>

struct word {
    unsigned bit;
    const char *text;
};

static const struct word extensions[] = {
    {STINT_EXTENSION_STARTTLS, "STARTTLS"},
    {STINT_EXTENSION_AUTH, "AUTH"},
    {STINT_EXTENSION_PIPELINING, "PIPELINING"},
    {STINT_EXTENSION_8BITMIME, "8BITMIME"},
    {STINT_EXTENSION_ENHANCEDSTATUSCODES, "ENHANCEDSTATUSCODES"},
    {STINT_EXTENSION_CHUNKING, "CHUNKING"},
    {STINT_EXTENSION_BINARYMIME, "BINARYMIME"},
    {STINT_EXTENSION_SMTPUTF8, "SMTPUTF8"},
    {STINT_EXTENSION_DSN, "DSN"},
    {STINT_EXTENSION_REQUIRETLS, "REQUIRETLS"},
    {STINT_EXTENSION_MT_PRIORITY, "MT-PRIORITY"},
    {STINT_EXTENSION_DELIVERBY, "DELIVERBY"},
    {STINT_EXTENSION_FUTURERELEASE, "FUTURERELEASE"},
    {STINT_EXTENSION_SIZE, "SIZE"},
    {STINT_EXTENSION_LIMITS, "LIMITS"},
};

static const struct word mechanisms[] = {
    {STINT_MECHANISM_SCRAM_SHA_256_PLUS, "SCRAM-SHA-256-PLUS"},
    {STINT_MECHANISM_SCRAM_SHA_1_PLUS, "SCRAM-SHA-1-PLUS"},
    {STINT_MECHANISM_SCRAM_SHA_256, "SCRAM-SHA-256"},
    {STINT_MECHANISM_SCRAM_SHA_1, "SCRAM-SHA-1"},
    {STINT_MECHANISM_PLAIN, "PLAIN"},
    {STINT_MECHANISM_LOGIN, "LOGIN"},
    {STINT_MECHANISM_OAUTHBEARER, "OAUTHBEARER"},
    {STINT_MECHANISM_XOAUTH2, "XOAUTH2"},
    {STINT_MECHANISM_EXTERNAL, "EXTERNAL"},
    {STINT_MECHANISM_CRAM_MD5, "CRAM-MD5"},
};

static void print(FILE *to, const struct word *words, size_t count, unsigned bits)
{
    for (size_t i = 0; i < count; i++) {
        if ((bits & words[i].bit) != 0) {
            fprintf(to, " %s", words[i].text);
        }
    }
}

void extensions_print(FILE *to, unsigned bits)
{
    print(to, extensions, sizeof extensions / sizeof extensions[0], bits);
}

void mechanisms_print(FILE *to, unsigned bits)
{
    print(to, mechanisms, sizeof mechanisms / sizeof mechanisms[0], bits);
}
