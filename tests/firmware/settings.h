/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_SETTINGS_H
#define FIRMWARE_SETTINGS_H

#include <stdint.h>

/*
 * What differs from device to device: a page of flash, written where the device is put into
 * service, and not part of the image. Strings end in NUL. tests/test_firmware.py writes the same
 * layout.
 */
struct settings {
    uint8_t address[4]; /* ours, IPv4, in a network of 256; all zero: by DHCP */
    uint8_t router[4];  /* to other networks, where the address is ours */
    char server[16];    /* the server's address, IPv4; empty: `host` is looked up by DNS */
    char host[60];      /* the server's name, which its certificate must have */
    char user[32];
    char password[32];
    uint32_t floor_time; /* there is no clock, but it is later than this; 0: there is one */
    uint16_t port;
    uint8_t security;  /* enum stint_security */
    uint8_t patience;  /* seconds to wait for anything */
    uint32_t readings; /* lines in each message */
};

extern const struct settings settings;

#endif
