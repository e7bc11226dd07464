/* SPDX-License-Identifier: MIT */
#include "composed.h"

#include "semihosting.h"

#include "stint/letter.h"

#include <string.h>

#define FROM "pump3@example.test"
#define TO   "ops@example.test"

extern const uint8_t flash_start[]; /* sections.ld */

const struct stint_mail *composed_alert(void)
{
    static struct stint_alert alert;

    alert.message.entropy = semihosting_entropy;
    alert.message.unix_time = semihosting_time();
    return stint_alert(&alert, FROM, TO, "Pump 3: 85 \u00B0C", "Look at valve 7.\n");
}

static int read_flash(void *context, uint32_t offset, uint8_t *buffer, size_t room)
{
    (void)context;
    memcpy(buffer, flash_start + offset, room);
    return (int)room;
}

const struct stint_mail *composed_report(uint32_t octets)
{
    static const struct stint_mailbox to = {"Operations", TO};
    static struct stint_message message = {.from = {"Pump 3", FROM},
                                           .to = {&to, 1},
                                           .subject = "Night report",
                                           .entropy = semihosting_entropy,
                                           .text = "All is well.\n"};
    static struct stint_part program = {.name = "program.bin", .read = read_flash};
    static struct stint_letter_composer composer;
    static struct stint_recipient recipient = {.address = TO};
    static struct stint_mail mail = {.reverse_path = FROM,
                                     .recipients = &recipient,
                                     .recipient_count = 1,
                                     .source = &composer.composer.source};

    message.unix_time = semihosting_time();
    program.size = octets;
    (void)stint_compose_files(&composer, &message, &program, 1);
    return &mail;
}
