/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLE_ARCH_CC_H
#define EXAMPLE_ARCH_CC_H

#include <stdint.h>

/* What lwIP wants to know of the compiler and the system; the rest it guesses. */

void assert_failed(const char *what);
#define LWIP_PLATFORM_ASSERT(text) assert_failed(text)

/* No text is printed. */
#define LWIP_PLATFORM_DIAG(arguments)

/* No table of characters is needed. */
#define LWIP_NO_CTYPE_H 1

/* For port numbers and identifiers that are not to be guessed. */
uint32_t random_word(void);
#define LWIP_RAND random_word

#endif
