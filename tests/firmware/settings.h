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
    uint8_t address[4]; /* ours, IPv4; all zero: by DHCP */
    char server[16];    /* the server's address, IPv4; empty: `host` is looked up by DNS */
    char host[64];      /* the server's name, which its certificate must have */
    char user[32];
    char password[32];
    uint16_t port;
    uint8_t security;  /* enum stint_security */
    uint8_t alerts;    /* how many to send, one after the other */
    uint32_t readings; /* lines in each */
};

extern const struct settings settings;

#endif
