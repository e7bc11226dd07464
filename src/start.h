/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_START_H
#define STINT_SRC_START_H

#include "stint/client.h"

/* From the beginning, over a connection that is to be made. */
void stint_client_begin(struct stint_client *client, const struct stint_account *account,
                        const struct stint_mail *mail);

/* The result is complete. */
void stint_client_finish(struct stint_client *client);

#endif
