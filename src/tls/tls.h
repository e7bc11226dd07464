/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_TLS_H
#define STINT_SRC_TLS_H

#include <stdbool.h>

#include "stint/account.h"
#include "stint/private.h"
#include "stint/result.h"
#include "stint/tls.h"

/*
 * BearSSL's engine and nothing else: four doors (records and application data, in and out), each an
 * offer and an acknowledgement. The functions do not wait, and the engine's errors stick.
 */

/* Is there what a new client needs, and can the certificate of `host` be verified? Returns the
 * field that keeps it from that, or STINT_FIELD_NONE. */
enum stint_field stint_tls_check(const struct stint_tls *tls, const char *host);

/*
 * Begin a handshake with `account`'s host in these record buffers (`out` NULL: `in` for both
 * directions). Returns STINT_ERROR_NONE, STINT_ERROR_ENTROPY or STINT_ERROR_TLS.
 */
enum stint_error stint_tls_start(struct stint_tls *tls, const struct stint_account *account,
                                 uint8_t *in, size_t in_size, uint8_t *out, size_t out_size);

/* The handshake has succeeded: keep what the next one can resume, if that is wanted. */
void stint_tls_keep(struct stint_tls *tls);

#if STINT_SASL_COMPUTES
/* The handshake has succeeded: memory for SASL until the connection ends, with fresh randomness and
 * the channel binding in it, and all else zero. */
struct stint_sasl_work *stint_tls_lend(struct stint_tls *tls);
#else
static inline struct stint_sasl_work *stint_tls_lend(struct stint_tls *tls)
{
    (void)tls;
    return NULL;
}
#endif

/* Did this handshake begin with an offer to resume a session? Valid until the next one begins. */
bool stint_tls_has_offered(const struct stint_tls *tls);

/* May application data pass now? Right after a handshake that means that it succeeded. */
bool stint_tls_is_ready(const struct stint_tls *tls);

/* Has the engine stopped: after an error, or since the peer's close_notify came? */
bool stint_tls_is_closed(const struct stint_tls *tls);

/* Why it stopped: STINT_ERROR_CERTIFICATE, _RECORD_SIZE or _TLS; _CLOSED for close_notify. */
enum stint_error stint_tls_error(const struct stint_tls *tls);

/* If `result` is about TLS: add BearSSL's own code for it, and the certificate that did not pass.
 */
void stint_tls_explain(const struct stint_tls *tls, struct stint_result *result);

/* The doors. An offer is NULL while the door is closed; acknowledge exactly what moved, never 0. */
uint8_t *stint_tls_record_in(const struct stint_tls *tls, size_t *room);
void stint_tls_record_in_ack(struct stint_tls *tls, size_t length);
uint8_t *stint_tls_record_out(const struct stint_tls *tls, size_t *length);
void stint_tls_record_out_ack(struct stint_tls *tls, size_t length);
uint8_t *stint_tls_data_in(const struct stint_tls *tls, size_t *length);
void stint_tls_data_in_ack(struct stint_tls *tls, size_t length);
uint8_t *stint_tls_data_out(const struct stint_tls *tls, size_t *room);
void stint_tls_data_out_ack(struct stint_tls *tls, size_t length);

/* Make a record of the data put in so far. */
void stint_tls_flush(struct stint_tls *tls);

/* Put a close_notify alert into the record door. */
void stint_tls_close(struct stint_tls *tls);

/* The connection is over: leave no key behind, and nothing but the facts (src/tls/facts.c). */
void stint_tls_end(struct stint_tls *tls);

/* Tell the caller's watchdog that the next call may compute for long. */
void stint_tls_busy(const struct stint_tls *tls);

#endif
