/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_SLEEP_H
#define FIRMWARE_SLEEP_H

#include "stint/tls.h"

/*
 * Between two alerts there may be hours, for which a device on a battery sleeps so deeply that its
 * RAM is lost, but for a small part. What is kept there resumes the TLS session (stint/resume.h).
 * 1: this image sleeps; 0: it stays awake, and has none of this.
 */
#ifndef FIRMWARE_SLEEPS
#define FIRMWARE_SLEEPS 0
#endif

/* Before stint_start: with what was kept over the sleep, if there is anything. */
void sleep_resume(struct stint_tls *tls);

/* Sleep. The device awakes by way of its reset vector, here at once. */
void sleep_deeply(void);

#endif
