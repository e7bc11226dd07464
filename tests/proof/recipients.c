/* SPDX-License-Identifier: MIT */

/*
 * Whom a transaction is for: any function from any state, with any limits, for up to MOST
 * recipients in any states whose addresses are any strings of at most FEW octets; and for one
 * behind another whose addresses are any strings of at most LENGTH octets. The memory of each ends
 * with its NUL.
 *
 * What stint_enhanced_value does is stated here, and proved by reply.c.
 */

#include "any.h"

#include "session/capabilities.h"
#include "session/enhanced.h"
#include "session/recipients.h"

#define MOST   3
#define FEW    2
#define LENGTH 4

struct stint_enhanced stint_enhanced_value(const struct stint_enhanced_parser *parser,
                                           uint16_t code)
{
    struct stint_enhanced value;

    (void)parser;
    (void)code;
    value.status_class = (uint8_t)any_number(5);
    value.subject = (uint16_t)any_number(999);
    value.detail = (uint16_t)any_number(999);
    return value;
}

static int rewind_any(void *context)
{
    (void)context;
    return any_more() ? 0 : -1;
}

static char addresses[MOST][LENGTH + 1];
static struct stint_recipient recipients[MOST];
static struct stint_source source;
static struct stint_mail mail = {.recipients = recipients, .source = &source};
static struct stint_result result;
static struct stint_session session;

static void any_recipients(uint16_t count, size_t length)
{
    size_t i, j;

    mail.recipient_count = count;
    /*@ loop unroll MOST; */
    for (i = 0; i < count; i++) {
        /*@ loop unroll LENGTH; */
        for (j = LENGTH - length; j < LENGTH; j++) {
            addresses[i][j] = (char)any_octet();
        }
        recipients[i].address = addresses[i] + LENGTH - length;
        recipients[i].state = (uint8_t)any_number(STINT_RECIPIENT_SETTLED);
    }
}

static void any_session(void)
{
    size_t i;

    source.rewind = any_more() ? rewind_any : NULL;
    mail.policy = (uint8_t)any_number(STINT_POLICY_ALL);
    session.result = &result;
    session.writer.mail = &mail;
    session.reader.mail = &mail;
    session.writer.recipient = (uint16_t)any_number(UINT16_MAX);
    session.reader.recipient = (uint16_t)any_number(UINT16_MAX);
    session.reply.code = (uint16_t)any_number(UINT16_MAX);
    session.content_begun = any_more();
    session.asked = (uint16_t)any_number(UINT16_MAX);
    session.unanswered = (uint16_t)any_number(UINT16_MAX);
    session.taken = (uint16_t)any_number(UINT16_MAX);
    session.domains = (uint16_t)any_number(UINT16_MAX);
    /*@ loop unroll 3; */
    for (i = 0; i < 3; i++) {
        session.capabilities.limits[i] = (uint16_t)any_number(UINT16_MAX);
    }
}

static void call_any(uint16_t count)
{
    switch (any_number(5)) {
    case 0: stint_recipients_start(&session); break;
    case 1:
        if (stint_recipients_ask(&session)) {
            /*@ assert session.writer.recipient < count; */
        }
        break;
    case 2:
        if (stint_recipients_follow(&session)) {
            /*@ assert session.reader.recipient < count; */
        }
        break;
    case 3:
        if (stint_recipients_were_too_many(&session)) {
            /*@ assert session.taken > 0; */
        }
        break;
    case 4:
        if (!stint_recipients_wait(&mail)) {
            /*@ assert \forall integer i; 0 <= i < count ==>
                    recipients[i].state != STINT_RECIPIENT_WAITS; */
        }
        break;
    default:
        stint_recipients_give_up(&mail);
        /*@ assert \forall integer i; 0 <= i < count ==>
                recipients[i].state != STINT_RECIPIENT_WAITS; */
        break;
    }
}

static void two_addresses(void)
{
    any_session();
    any_recipients(2, LENGTH);
    recipients[0].state = STINT_RECIPIENT_ASKED;
    recipients[1].state = STINT_RECIPIENT_WAITS;
    (void)stint_recipients_ask(&session);
}

int main(void)
{
    uint16_t count;

    /*@ loop unroll MOST + 1; */
    for (count = 0; count <= MOST; count++) {
        any_session();
        any_recipients(count, FEW);
        call_any(count);
    }
    two_addresses();
    return 0;
}
