/* SPDX-License-Identifier: MIT */
#ifndef CLI_TLS_NAMES_H
#define CLI_TLS_NAMES_H

/* BearSSL's numbers in words. Never NULL. */

/* A BR_ERR_* code: what went wrong, as a phrase. Alerts: see tls_alert_name. */
const char *tls_error_text(int error);

/* The alert in an error code of BR_ERR_RECV_FATAL_ALERT or BR_ERR_SEND_FATAL_ALERT, by its name in
 * RFC 5246 7.2; NULL if `error` is no such code. */
const char *tls_alert_name(int error);

/* "TLS 1.2" */
const char *tls_version_name(unsigned version);

/* "ECDHE_RSA_WITH_AES_128_GCM_SHA256" */
const char *tls_suite_name(unsigned suite);

/* "P-256", "X25519"; `curve` is a BR_EC_* number. */
const char *tls_curve_name(int curve);

#endif
