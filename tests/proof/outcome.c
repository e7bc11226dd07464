/* SPDX-License-Identifier: MIT */

/*
 * What the caller is told: text of any octets and any length, into a buffer of up to ROOM; decoded
 * as base64, which is why a token is refused; and any fates, of none or some of RECIPIENTS.
 */

#include "any.h"

#include "sasl/sasl.h"
#include "session/lmtp.h"
#include "session/outcome.h"
#include "session/session.h"

#define ROOM       10
#define RECIPIENTS 2

static struct stint_account account;
static struct stint_recipient recipients[RECIPIENTS];
static struct stint_mail mail = {.recipients = recipients, .recipient_count = RECIPIENTS};
static struct stint_result result;
static struct stint_session session;
static struct stint_sasl sasl;
static char memory[ROOM];

enum stint_stage stint_session_stage(const struct stint_session *it)
{
    (void)it;
    return (enum stint_stage)any_number(STINT_STAGE_QUIT);
}

bool stint_session_goes_on(const struct stint_session *it)
{
    (void)it;
    return any_more();
}

uint16_t stint_lmtp_recipient(const struct stint_session *it)
{
    (void)it;
    return (uint16_t)any_number(RECIPIENTS - 1);
}

static void start(size_t room)
{
    session.result = &result;
    session.account = &account;
    session.sasl = &sasl;
    session.reader.mail = &mail;
    session.text = memory + ROOM - room;
    session.text_size = room;
    session.text_length = 0;
    account.lmtp = any_more();
    sasl.enough = any_octet();
    stint_outcome_start(&result, &mail);
    stint_outcome_forget_recipients(&mail);
}

/* Replies. */
static void hear(void)
{
    session.sasl_step = any_octet();
    session.reply.code = (uint16_t)any_number(599);
    session.enhanced.digits = any_octet();
    session.reader.row = any_octet();
    session.content_ended = any_more();
    session.began_in_time = any_more();
    if (any_more()) {
        stint_outcome_reply_start(&session);
    } else if (any_more()) {
        stint_outcome_text(&session, any_octet());
    } else if (any_more()) {
        stint_outcome_reply_end(&session);
    } else if (any_more()) {
        stint_outcome_forget_latest(&session);
    }
}

static void check_room(size_t room)
{
    start(room);
    /*@ dynamic_split session.text_length; */
    while (any_more()) {
        hear();
        /*@ assert session.text_length < room || session.text_length == 0; */
        if (any_more()) {
            stint_outcome_decode_text(&session);
        }
    }
}

static void set_fates(void)
{
    size_t i;

    /*@ loop unroll RECIPIENTS; */
    for (i = 0; i < RECIPIENTS; i++) {
        recipients[i].state = any_octet();
        recipients[i].fate = (uint8_t)any_number(STINT_FATE_UNKNOWN);
        recipients[i].code = (uint16_t)any_number(599);
    }
}

static void conclude(void)
{
    start(ROOM);
    set_fates();
    session.reply.code = (uint16_t)any_number(599);
    stint_outcome_settle(&session, (enum stint_fate)any_number(STINT_FATE_UNKNOWN),
                         any_more() ? &session.reply : NULL);
    stint_outcome_fault(&session, (enum stint_error)any_octet(), STINT_STAGE_RCPT);
    stint_outcome_start(&result, &mail);
    result.fate = STINT_FATE_NOT_ACCEPTED;
    recipients[1].fate = STINT_FATE_NOT_ACCEPTED;
    result.code = (uint16_t)any_number(599);
    stint_outcome_conclude(&session);
    result.fate = STINT_FATE_ACCEPTED;
    stint_outcome_conclude(&session);
    stint_outcome_next(&session);
    session.reader.mail = NULL;
    stint_outcome_settle(&session, STINT_FATE_UNKNOWN, NULL);
}

int main(void)
{
    size_t room;

    /*@ loop unroll ROOM + 1; */
    for (room = 0; room <= ROOM; room++) {
        check_room(room);
    }
    conclude();
    return 0;
}
