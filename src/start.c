/* SPDX-License-Identifier: MIT */
#include "start.h"

#include "channel.h"
#include "phase.h"
#include "session/mails.h"
#include "session/outcome.h"
#include "session/session.h"
#include "tls/tls.h"

#include <string.h>

static void start_session(struct stint_client *client, const struct stint_account *account,
                          const struct stint_mail *mail)
{
    struct stint_session *session = &client->session;

    memset(session, 0, sizeof *session);
    session->account = account;
    session->result = &client->result;
    stint_session_set_mail(session, mail);
    session->text = client->text;
    session->text_size = client->text != NULL ? client->text_size : 0;
    session->trace = client->trace;
    session->trace_context = client->trace_context;
    if (session->text_size > 0) {
        session->text[0] = '\0';
    }
}

void stint_client_begin(struct stint_client *client, const struct stint_account *account,
                        const struct stint_mail *mail)
{
    start_session(client, account, mail);
    stint_channel_start(&client->channel, client->in, client->in_size, client->out,
                        client->out_size);
    client->input_end = 0;
    client->output_end = 0;
    client->unflushed = false;
    client->opened = false;
    client->asked = false;
    client->epoch = 0;
    client->sent = 0;
    client->flushed = 0;
    stint_phase_enter(client, PHASE_OPEN);
}

void stint_client_finish(struct stint_client *client)
{
    stint_mails_forget_behind(client->result.mail);
    client->phase = PHASE_DONE;
}

static enum stint_field faulty_field(const struct stint_client *client,
                                     const struct stint_account *account)
{
    if (client->io == NULL) {
        return STINT_FIELD_IO;
    }
    if (account->ehlo_name == NULL && client->io->local_address == NULL) {
        return STINT_FIELD_EHLO_NAME;
    }
    if (client->in == NULL || client->in_size < STINT_IN_MIN ||
        (client->out != NULL && client->out_size < STINT_OUT_MIN)) {
        return STINT_FIELD_BUFFER;
    }
    if (account->security == STINT_SECURITY_NONE) {
        return STINT_FIELD_NONE;
    }
    return client->tls == NULL ? STINT_FIELD_SECURITY : stint_tls_check(client->tls, account->host);
}

static bool check(struct stint_client *client, const struct stint_account *account,
                  const struct stint_mail *mail)
{
    if (!stint_session_check(account, mail, &client->result)) {
        return false;
    }
    client->result.field = (uint8_t)faulty_field(client, account);
    return client->result.field == STINT_FIELD_NONE;
}

/* A source that was read before starts over. */
static bool rewind_source(const struct stint_mail *mail)
{
    return mail == NULL || mail->source->rewind == NULL ||
           mail->source->rewind(mail->source->context) == 0;
}

static void refuse(struct stint_client *client, enum stint_error error)
{
    stint_outcome_fault(&client->session, error, STINT_STAGE_START);
    stint_client_finish(client);
}

void stint_start(struct stint_client *client, const struct stint_account *account,
                 const struct stint_mail *mail, uint32_t now_ms)
{
    memset(&client->result, 0, sizeof client->result);
    stint_outcome_start(&client->result, mail);
    if (mail != NULL) {
        stint_outcome_forget_recipients(mail);
    }
    client->started = now_ms;
    client->wait_begun = now_ms;
    stint_client_begin(client, account, mail);
    if (!check(client, account, mail)) {
        refuse(client, STINT_ERROR_CONFIG);
    } else if (!rewind_source(mail)) {
        refuse(client, STINT_ERROR_SOURCE);
    }
}
