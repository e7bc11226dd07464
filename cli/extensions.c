/* SPDX-License-Identifier: MIT */
#include "extensions.h"

#include "stint/result.h"

#include <stddef.h>

static const struct {
    enum stint_extension extension;
    const char *keyword;
} extensions_by_keyword[] = {
    {STINT_EXTENSION_STARTTLS, "STARTTLS"},
    {STINT_EXTENSION_AUTH, "AUTH"},
    {STINT_EXTENSION_PIPELINING, "PIPELINING"},
    {STINT_EXTENSION_8BITMIME, "8BITMIME"},
    {STINT_EXTENSION_ENHANCEDSTATUSCODES, "ENHANCEDSTATUSCODES"},
    {STINT_EXTENSION_CHUNKING, "CHUNKING"},
    {STINT_EXTENSION_BINARYMIME, "BINARYMIME"},
    {STINT_EXTENSION_SMTPUTF8, "SMTPUTF8"},
    {STINT_EXTENSION_DSN, "DSN"},
    {STINT_EXTENSION_SIZE, "SIZE"},
    {STINT_EXTENSION_LIMITS, "LIMITS"},
};

void extensions_print(FILE *to, unsigned extensions)
{
    size_t count = sizeof extensions_by_keyword / sizeof extensions_by_keyword[0];

    for (size_t i = 0; i < count; i++) {
        if ((extensions & extensions_by_keyword[i].extension) != 0) {
            fprintf(to, " %s", extensions_by_keyword[i].keyword);
        }
    }
}
