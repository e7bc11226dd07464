/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_SEMIHOSTING_H
#define FIRMWARE_SEMIHOSTING_H

#include <stddef.h>
#include <stdint.h>

/*
 * What the emulator, or a debugger, does for the program when it asks. Without one, asking is a
 * fault: a product has none of this file. In its place:
 *   exit     it goes back to its work
 *   time     a real-time clock with a battery, or the time from its gateway; or none, and
 * floor_time in struct stint_tls entropy  see semihosting_entropy
 */

/* Exit codes; 1 is what the emulator has for errors of its own. */
enum status {
    STATUS_WELL = 0,
    STATUS_LIMIT = 2, /* something was over its limit, or not given back */
    STATUS_FAULT = 3
};

/* End the emulator. */
void semihosting_exit(int status) __attribute__((noreturn));

/* Seconds since 1970. */
uint32_t semihosting_time(void);

/*
 * Fill `buffer` with octets that nobody can guess; 1, or 0 if that failed. Has the type of
 * `entropy` in struct stint_tls.
 *
 * The emulated board has nothing of the kind, so the host's generator is asked. A real device reads
 * its true random number generator here: waits for it, runs the tests that its manual asks for, and
 * returns 0 if one fails. A device without one has an unguessable seed from its production in
 * flash, and writes a new one made of it before each use. Not entropy: the serial number, the time,
 * an uninitialised RAM, noise of an ADC whose pin anybody can hold.
 */
int semihosting_entropy(void *context, uint8_t *buffer, size_t length);

#endif
