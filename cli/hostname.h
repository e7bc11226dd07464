/* SPDX-License-Identifier: MIT */
#ifndef CLI_HOSTNAME_H
#define CLI_HOSTNAME_H

/* This machine's name for EHLO: what it is called, if that is a full domain name; otherwise NULL,
 * and its address must do. */
const char *hostname_full(void);

#endif
