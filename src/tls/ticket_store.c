/* SPDX-License-Identifier: MIT */
#include "tls/ticket_store.h"

#include "wipe.h"

#include <string.h>

#define ID_MAX      32
#define DAY_SECONDS 86400U

void stint_ticket_wipe(struct stint_ticket *ticket)
{
    stint_wipe(ticket, sizeof *ticket);
}

/* With their length, so that no two lists of them are alike. */
static void add(br_sha256_context *hash, const void *octets, size_t length)
{
    br_sha256_update(hash, &length, sizeof length);
    br_sha256_update(hash, octets, length);
}

static void add_anchor(br_sha256_context *hash, const br_x509_trust_anchor *anchor)
{
    const br_x509_pkey *key = &anchor->pkey;

    add(hash, &anchor->flags, sizeof anchor->flags);
    add(hash, anchor->dn.data, anchor->dn.len);
    add(hash, &key->key_type, sizeof key->key_type);
    if (key->key_type == BR_KEYTYPE_RSA) {
        add(hash, key->key.rsa.n, key->key.rsa.nlen);
        add(hash, key->key.rsa.e, key->key.rsa.elen);
    } else {
        add(hash, &key->key.ec.curve, sizeof key->key.ec.curve);
        add(hash, key->key.ec.q, key->key.ec.qlen);
    }
}

/* Of all that a full handshake is judged by. */
static void hash_policy(const struct stint_tls *tls, const struct stint_account *account,
                        uint8_t *policy)
{
    const uint8_t kind[] = {(uint8_t)(account->port >> 8), (uint8_t)account->port,
                            account->security, tls->unix_time != 0, tls->resume->binding != NULL};
    br_sha256_context hash;
    size_t i;

    br_sha256_init(&hash);
    add(&hash, kind, sizeof kind);
    add(&hash, account->host, strlen(account->host));
    add(&hash, tls->pins, tls->pin_count * sizeof *tls->pins);
    for (i = 0; i < tls->anchor_count; i++) {
        add_anchor(&hash, &tls->anchors[i]);
    }
    br_sha256_out(&hash, policy);
}

static void hash_ticket(const struct stint_ticket *ticket, uint8_t *tag)
{
    const size_t start = offsetof(struct stint_ticket, policy);
    const size_t end = offsetof(struct stint_ticket, octets) + ticket->length;
    br_sha256_context hash;

    br_sha256_init(&hash);
    br_sha256_update(&hash, ticket->policy, end - start);
    br_sha256_out(&hash, tag);
    stint_wipe(&hash, sizeof hash);
}

static bool is_of_today(const struct stint_resume *resume)
{
    const struct stint_ticket *ticket = resume->ticket;
    uint32_t max_age = resume->max_age != 0 ? resume->max_age : DAY_SECONDS;

    return resume->now >= ticket->verified && resume->now - ticket->verified < max_age &&
           resume->now < ticket->expires;
}

static bool is_good(const struct stint_tls *tls)
{
    const struct stint_resume *resume = tls->resume;
    uint8_t tag[sizeof resume->ticket->tag];

    if (resume->now == 0 || (tls->watch != NULL && resume->binding == NULL) ||
        resume->ticket->length > STINT_TICKET_MAX) {
        return false;
    }
    hash_ticket(resume->ticket, tag);
    return memcmp(tag, resume->ticket->tag, sizeof tag) == 0 && is_of_today(resume);
}

/* The session is the server's if it echoes the ID. For a ticket the client makes one up (RFC 5077
 * 3.4). */
static void give_session(struct stint_tls *tls)
{
    const struct stint_ticket *ticket = tls->resume->ticket;
    br_ssl_session_parameters session;

    memset(&session, 0, sizeof session);
    session.session_id_len = (uint8_t)(ticket->length < ID_MAX ? ticket->length : ID_MAX);
    memcpy(session.session_id, ticket->octets, session.session_id_len);
    session.version = ticket->version;
    session.cipher_suite = ticket->suite;
    memcpy(session.master_secret, ticket->secret, sizeof session.master_secret);
    br_ssl_engine_set_session_parameters(&tls->client.eng, &session);
    stint_wipe(&session, sizeof session);
}

/* The tag fits if the ticket was made under this policy. Then it is of no more use, until the
 * handshake has succeeded. */
bool stint_ticket_load(struct stint_tls *tls, const struct stint_account *account)
{
    struct stint_resume *resume = tls->resume;
    struct stint_ticket *ticket = resume->ticket;

    memset(&resume->filter, 0, sizeof resume->filter);
    resume->resumed = false;
    hash_policy(tls, account, ticket->policy);
    resume->filter.offered = is_good(tls);
    stint_wipe(ticket->tag, sizeof ticket->tag);
    if (resume->filter.offered) {
        give_session(tls);
    } else {
        stint_wipe(&ticket->verified, sizeof *ticket - offsetof(struct stint_ticket, verified));
    }
    return resume->filter.offered;
}

/* Returns whether there is anything to resume the session by. */
static bool take_new(const struct stint_ticket_filter *filter,
                     const br_ssl_session_parameters *session, const struct stint_resume *resume,
                     struct stint_ticket *ticket)
{
    const bool has_ticket = filter->ticket_length > 0 && filter->ticket_length <= STINT_TICKET_MAX;

    if (!filter->resumes) {
        ticket->verified = resume->now;
    }
    if (has_ticket) {
        ticket->length = filter->ticket_length;
    } else if (!filter->resumes) {
        ticket->length = session->session_id_len;
        memcpy(ticket->octets, session->session_id, session->session_id_len);
    }
    if (has_ticket || !filter->resumes) {
        ticket->is_ticket = has_ticket;
        ticket->expires = filter->lifetime != 0 ? resume->now + filter->lifetime : UINT64_MAX;
    }
    return ticket->length > 0;
}

static void keep_binding(const struct stint_resume *resume)
{
    struct stint_ticket *ticket = resume->ticket;

    if (resume->binding == NULL) {
        return;
    }
    if (resume->filter.resumes) {
        memcpy(resume->binding->octets, ticket->binding, sizeof ticket->binding);
        resume->binding->length = ticket->binding_length;
    } else {
        memcpy(ticket->binding, resume->binding->octets, sizeof ticket->binding);
        ticket->binding_length = resume->binding->length;
    }
}

void stint_ticket_keep(struct stint_tls *tls)
{
    struct stint_resume *resume = tls->resume;
    struct stint_ticket *ticket = resume->ticket;
    const br_ssl_session_parameters *session = &tls->client.eng.session;

    resume->resumed = resume->filter.resumes;
    if (!resume->filter.asks || !take_new(&resume->filter, session, resume, ticket)) {
        return;
    }
    ticket->version = session->version;
    ticket->suite = session->cipher_suite;
    memcpy(ticket->secret, session->master_secret, sizeof ticket->secret);
    keep_binding(resume);
    hash_ticket(ticket, ticket->tag);
    resume->filter.is_kept = true;
}

/* RFC 5246 7.2.2: what ends with an error is not resumed. */
void stint_ticket_end(struct stint_tls *tls)
{
    if (!tls->resume->filter.is_kept || br_ssl_engine_last_error(&tls->client.eng) != BR_ERR_OK) {
        stint_ticket_wipe(tls->resume->ticket);
    }
}
