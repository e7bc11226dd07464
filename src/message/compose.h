/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_COMPOSE_H
#define STINT_SRC_COMPOSE_H

#include "stint/message.h"

/* Compose `message` of the units that `unit` makes: of the one at `next`, which it moves to what is
 * behind it. The message ends where `next.text` is empty and not NULL. As stint_compose. */
enum stint_message_fault stint_compose_units(struct stint_composer *composer,
                                             const struct stint_message *message,
                                             void (*unit)(struct stint_composer *composer));

/* The source's. */
int stint_compose_read(void *composer, uint8_t *buffer, size_t room);
int stint_compose_rewind(void *composer);

#endif
