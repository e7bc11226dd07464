/* SPDX-License-Identifier: MIT */
#include "hostname.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* RFC 5321 4.1.2 Domain, with a dot in it. Machines have odd names ("my_host.lan"): those are no
 * reason to send nothing, but not fit to be said either. */
static bool is_full_domain(const char *name)
{
    size_t label = 0;
    bool dot = false;

    for (size_t i = 0; name[i] != '\0'; i++) {
        bool end = name[i + 1] == '.' || name[i + 1] == '\0';

        if (name[i] == '.') {
            if (label == 0) {
                return false;
            }
            label = 0;
            dot = true;
        } else if (++label > 63 || !(is_alnum(name[i]) || (name[i] == '-' && label > 1 && !end))) {
            return false;
        }
    }
    return dot && label > 0;
}

const char *hostname_full(void)
{
    static char name[256];

    if (gethostname(name, sizeof name - 1) != 0 || strncmp(name, "localhost", 9) == 0) {
        return NULL;
    }
    return is_full_domain(name) ? name : NULL;
}
