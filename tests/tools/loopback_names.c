/* SPDX-License-Identifier: MIT */

/* For LD_PRELOAD: every name in .test (RFC 6761 6.2) is this machine, without a change to it. So
 * the command can be asked for a host of any name. */

#define _GNU_SOURCE /* RTLD_NEXT */

#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <strings.h>

typedef int lookup(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static int is_test_name(const char *name)
{
    size_t length = name != NULL ? strlen(name) : 0;

    return length >= 5 && strcasecmp(name + length - 5, ".test") == 0;
}

int getaddrinfo(const char *restrict name, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict result)
{
    void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");
    lookup *next;

    memcpy(&next, &symbol, sizeof next); /* ISO C converts no object pointer to a function's */
    return next(is_test_name(name) ? "127.0.0.1" : name, service, hints, result);
}
