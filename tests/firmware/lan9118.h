/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_LAN9118_H
#define FIRMWARE_LAN9118_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The board's Ethernet controller, SMSC LAN9118: frames to and from its FIFOs. */

/* Reset it and switch it on; false if it is not there. */
bool lan9118_start(const uint8_t mac[6]);

/* Is there somebody at the other end of the cable? */
bool lan9118_has_link(void);

/* A frame goes out in parts, all in one go: is there room, and what belongs to it. */
bool lan9118_has_room(size_t length, size_t parts);
void lan9118_write(const uint8_t *part, size_t part_length, size_t frame_length, bool first,
                   bool last);

/* The length of the next frame that came, 0 if there is none. Then it is read, or else dropped. */
size_t lan9118_next(void);
void lan9118_read(uint8_t *frame, size_t length);
void lan9118_drop(void);

/* For who does not ask all the time. An interrupt comes when a frame does from now on, until it is
 * switched off; of those that are there already none tells, so look afterwards. */
bool lan9118_has_frame(void);
void lan9118_interrupt_at_frame(void);
void lan9118_interrupt_off(void);

#endif
