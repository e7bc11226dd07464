/* SPDX-License-Identifier: MIT */
#include "idn.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/* The interface of libidn2, which is looked for only when a domain needs it: so nobody else pays
 * for loading it, and the command is built and runs without. */
#define LIBRARY         "libidn2.so.0"
#define NFC_INPUT       1 /* IDN2_NFC_INPUT */
#define NONTRANSITIONAL 8 /* IDN2_NONTRANSITIONAL: UTS 46 as registries use it */
#define OK              0 /* IDN2_OK */

typedef int (*to_ascii)(const char *input, char **output, int flags);
typedef void (*free_output)(void *output);

struct library {
    to_ascii to_ascii;
    free_output free_output;
};

/* C knows no conversion to a pointer to a function; POSIX promises that they are alike. */
static void *find(void *handle, const char *name, void *function, size_t size)
{
    void *symbol = dlsym(handle, name);

    memcpy(function, &symbol, size);
    return symbol;
}

/* It stays loaded. */
static int load(struct library *library)
{
    void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

    return handle != NULL &&
           find(handle, "idn2_to_ascii_8z", &library->to_ascii, sizeof library->to_ascii) != NULL &&
           find(handle, "idn2_free", &library->free_output, sizeof library->free_output) != NULL;
}

enum idn_result idn_to_ascii(const char *domain, char **ascii)
{
    struct library library;
    char *output = NULL;

    *ascii = NULL;
    if (!load(&library)) {
        return IDN_NO_LIBRARY;
    }
    if (library.to_ascii(domain, &output, NFC_INPUT | NONTRANSITIONAL) != OK) {
        return IDN_REFUSED;
    }
    *ascii = strdup(output);
    library.free_output(output);
    return *ascii != NULL ? IDN_DONE : IDN_REFUSED;
}
