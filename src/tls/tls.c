/* SPDX-License-Identifier: MIT */
#include "tls/tls.h"

#include "tls/address.h"
#include "tls/resume.h"
#include "tls/server_hello.h"
#include "tls/verify.h"
#include "wipe.h"

#include <string.h>

/* What the DRBG is seeded with: as strong as any key here. */
#define SEED_OCTETS 32

static bool has_trust(const struct stint_tls *tls)
{
    return tls->anchor_count + tls->pin_count > 0 &&
           (tls->anchors != NULL || tls->anchor_count == 0) &&
           (tls->pins != NULL || tls->pin_count == 0);
}

enum stint_field stint_tls_check(const struct stint_tls *tls, const char *host)
{
    if (stint_address_is_left_out(host)) {
        return STINT_FIELD_HOST;
    }
    if (tls->profile == NULL) {
        return STINT_FIELD_PROFILE;
    }
    if (tls->entropy == NULL) {
        return STINT_FIELD_ENTROPY;
    }
    if (tls->resume != NULL && (tls->resume->by == NULL || tls->resume->ticket == NULL)) {
        return STINT_FIELD_RESUME;
    }
    if (!has_trust(tls)) {
        return STINT_FIELD_ANCHORS;
    }
    if (tls->anchor_count == 0) {
        return STINT_FIELD_NONE;
    }
    return tls->unix_time == 0 && tls->floor_time == 0 ? STINT_FIELD_CLOCK : STINT_FIELD_NONE;
}

/* Ours first: BearSSL would be content with the system's alone, where there is one. */
static bool seed(struct stint_tls *tls)
{
    uint8_t octets[SEED_OCTETS];
    bool seeded = tls->entropy(tls->entropy_context, octets, sizeof octets) == 1;

    if (seeded) {
        br_ssl_engine_inject_entropy(&tls->client.eng, octets, sizeof octets);
    }
    stint_wipe(octets, sizeof octets);
    return seeded;
}

/* RFC 6066 3: an address is no server name. */
static const char *server_name(const struct stint_tls *tls, const char *host)
{
    return tls->verify.certificate.address_length > 0 ? NULL : host;
}

/* The engine makes its ClientHello. */
static bool greet(struct stint_tls *tls, const struct stint_account *account)
{
    const char *name = server_name(tls, account->host);

    if (tls->resume == NULL) {
        return br_ssl_client_reset(&tls->client, name, 0) == 1;
    }
    if (br_ssl_client_reset(&tls->client, name, tls->resume->by->load(tls, account)) == 1) {
        tls->resume->by->offer(tls);
        return true;
    }
    return false;
}

/* One of another connection would bind the login to what is not there. */
static void forget_binding(struct stint_tls *tls)
{
    if (STINT_SCRAM && tls->binding != NULL) {
        tls->binding->length = 0;
    }
}

enum stint_error stint_tls_start(struct stint_tls *tls, const struct stint_account *account,
                                 uint8_t *in, size_t in_size, uint8_t *out, size_t out_size)
{
    br_ssl_client_context *client = &tls->client;

    br_ssl_client_zero(client);
    br_x509_minimal_init(&tls->verify.memory.minimal, &br_sha256_vtable, tls->anchors,
                         tls->anchor_count);
    tls->profile(client, &tls->verify.memory.minimal);
    stint_verify_start(&tls->verify, tls, account->host);
    br_ssl_engine_set_x509(&client->eng, &tls->verify.vtable);
    br_ssl_engine_set_versions(&client->eng, BR_TLS12, BR_TLS12);
    br_ssl_engine_add_flags(&client->eng, BR_OPT_NO_RENEGOTIATION);
    stint_server_hello_start(&tls->hello);
    br_ssl_engine_set_buffers_bidi(&client->eng, in, in_size, out, out_size);
    if (!seed(tls)) {
        return STINT_ERROR_ENTROPY;
    }
    forget_binding(tls);
    stint_tls_busy(tls);
    return greet(tls, account) ? STINT_ERROR_NONE : STINT_ERROR_TLS;
}

void stint_tls_keep(struct stint_tls *tls)
{
    if (tls->resume != NULL) {
        tls->resume->by->keep(tls);
    }
}

#if STINT_SASL_COMPUTES
struct stint_sasl_work *stint_tls_lend(struct stint_tls *tls)
{
    struct stint_sasl_work *work = &tls->verify.memory.work;

    memset(work, 0, sizeof *work);
    work->binding = tls->binding;
    work->random_length = sizeof work->random;
    br_hmac_drbg_generate(&tls->client.eng.rng, work->random, sizeof work->random);
    return work;
}
#endif

bool stint_tls_has_offered(const struct stint_tls *tls)
{
    return tls->resume != NULL && tls->resume->filter.offered;
}

bool stint_tls_is_ready(const struct stint_tls *tls)
{
    return (br_ssl_engine_current_state(&tls->client.eng) & BR_SSL_SENDAPP) != 0;
}

bool stint_tls_is_closed(const struct stint_tls *tls)
{
    return br_ssl_engine_current_state(&tls->client.eng) == BR_SSL_CLOSED;
}

enum stint_error stint_tls_error(const struct stint_tls *tls)
{
    int code = br_ssl_engine_last_error(&tls->client.eng);

    if (code == BR_ERR_OK) {
        return STINT_ERROR_CLOSED;
    }
    if (code == BR_ERR_TOO_LARGE) {
        return STINT_ERROR_RECORD_SIZE;
    }
    return code == BR_ERR_WRONG_KEY_USAGE || (code > BR_ERR_X509_OK && code <= STINT_TLS_ERROR_PIN)
               ? STINT_ERROR_CERTIFICATE
               : STINT_ERROR_TLS;
}

void stint_tls_explain(const struct stint_tls *tls, struct stint_result *result)
{
    if (result->error >= STINT_ERROR_TLS && result->error <= STINT_ERROR_CERTIFICATE) {
        result->tls_error = br_ssl_engine_last_error(&tls->client.eng);
        result->certificate = tls->verify.refused;
    }
}

uint8_t *stint_tls_record_in(const struct stint_tls *tls, size_t *room)
{
    if (tls->resume != NULL) {
        return tls->resume->by->record_in(tls, room);
    }
    return br_ssl_engine_recvrec_buf(&tls->client.eng, room);
}

void stint_tls_record_in_ack(struct stint_tls *tls, size_t length)
{
    size_t room;

    stint_server_hello_octets(&tls->hello, stint_tls_record_in(tls, &room), length);
    if (tls->resume != NULL) {
        tls->resume->by->record_in_ack(tls, length);
    } else {
        br_ssl_engine_recvrec_ack(&tls->client.eng, length);
    }
}

uint8_t *stint_tls_record_out(const struct stint_tls *tls, size_t *length)
{
    return br_ssl_engine_sendrec_buf(&tls->client.eng, length);
}

void stint_tls_record_out_ack(struct stint_tls *tls, size_t length)
{
    br_ssl_engine_sendrec_ack(&tls->client.eng, length);
}

uint8_t *stint_tls_data_in(const struct stint_tls *tls, size_t *length)
{
    return br_ssl_engine_recvapp_buf(&tls->client.eng, length);
}

void stint_tls_data_in_ack(struct stint_tls *tls, size_t length)
{
    br_ssl_engine_recvapp_ack(&tls->client.eng, length);
}

uint8_t *stint_tls_data_out(const struct stint_tls *tls, size_t *room)
{
    return br_ssl_engine_sendapp_buf(&tls->client.eng, room);
}

void stint_tls_data_out_ack(struct stint_tls *tls, size_t length)
{
    br_ssl_engine_sendapp_ack(&tls->client.eng, length);
}

void stint_tls_flush(struct stint_tls *tls)
{
    br_ssl_engine_flush(&tls->client.eng, 0);
}

void stint_tls_close(struct stint_tls *tls)
{
    br_ssl_engine_close(&tls->client.eng);
}

static void wipe_work(struct stint_tls *tls)
{
    if (STINT_SASL_COMPUTES) {
        stint_wipe(&tls->verify.memory, sizeof tls->verify.memory);
    }
}

void stint_tls_end(struct stint_tls *tls)
{
    br_ssl_engine_context *engine = &tls->client.eng;
    const uint16_t version = engine->session.version;
    const uint16_t suite = engine->session.cipher_suite;
    const uint8_t curve = engine->ecdhe_curve;

    if (tls->resume != NULL) {
        tls->resume->by->end(tls);
    }
    stint_wipe(&tls->client, sizeof tls->client);
    wipe_work(tls);
    engine->session.version = version;
    engine->session.cipher_suite = suite;
    engine->ecdhe_curve = curve;
}

void stint_tls_busy(const struct stint_tls *tls)
{
    if (tls->busy != NULL) {
        tls->busy(tls->busy_context);
    }
}
