/* SPDX-License-Identifier: MIT */
#ifndef CLI_RENDER_H
#define CLI_RENDER_H

#include "message.h"

/* The octets of a message on standard output. Returns an enum status, STATUS_DONE or after a
 * complaint. */
int render(struct message *message);

#endif
