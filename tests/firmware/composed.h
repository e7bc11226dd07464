/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_COMPOSED_H
#define FIRMWARE_COMPOSED_H

#include "stint/account.h"

/*
 * Messages that Stint composes (stint/message.h, stint/letter.h), instead of the one that
 * readings.c makes by hand. Which an image sends:
 */
#define COMPOSED_NOTHING 0
#define COMPOSED_ALERT   1 /* a subject and a text */
#define COMPOSED_REPORT  2 /* a text, and a file from flash */

#ifndef FIRMWARE_COMPOSED
#define FIRMWARE_COMPOSED COMPOSED_NOTHING
#endif

const struct stint_mail *composed_alert(void);

/* The file is the first `octets` of the device's own program. */
const struct stint_mail *composed_report(uint32_t octets);

#endif
