/* SPDX-License-Identifier: MIT */
#ifndef STINT_CONFIG_H
#define STINT_CONFIG_H

/*
 * Build settings. Give them to the compiler (-DSTINT_TRACE=0); the library and everything that
 * includes its headers must agree on them.
 */

/*
 * 1: `trace` in struct stint_client is called with what is sent and received, secrets left out.
 * 0: the calls and their code are gone. Default 1.
 */
#ifndef STINT_TRACE
#define STINT_TRACE 1
#endif

/*
 * What may be left out of the code, each 1 (default) or 0. README.md has what they take.
 *
 * STINT_CHUNKING: BDAT where the server offers CHUNKING (RFC 3030). Without, every message goes by
 * DATA, one round trip more where `eager` would have saved it, and one that is binary is refused
 * with STINT_ERROR_NO_BINARYMIME.
 *
 * STINT_MAILS: several mails in a session. Without, `next` and `idle_ms` must be 0.
 *
 * STINT_LIMITS: another transaction for those whom the server has no room for in one (RFC 9422, RFC
 * 5321 4.5.3.1.10). Without, these are refused as the server refuses them.
 *
 * STINT_PIPELINING: commands that need no reply first go together (RFC 2920). Without, each waits
 * for the one before: four round trips more for a mail to one recipient, and one more for each
 * other recipient. stint_tls_fragment_limit then says 16,384 always.
 *
 * STINT_ENHANCED: enhanced status codes (RFC 2034) in results. Without they are 0.0.0; the server's
 * words have them all the same. With STINT_LIMITS every 452 then is one for lack of room.
 *
 * STINT_SYNTAX: addresses and names are held against the RFCs' grammar before a connection is made.
 * Without, it is only seen to that none can end a command or begin another: of 1 to 255 octets each
 * must be a letter, a digit or punctuation of ASCII, and neither "<" nor ">", and an address must
 * have an "@"; what the server does not like it refuses.
 *
 * STINT_LMTP: LMTP (RFC 2033) where the account asks for it. Without, such an account is refused.
 *
 * STINT_PARAMETERS: what a mail may ask for beside delivery (stint/parameters.h). Without, a mail
 * that asks for any of it is refused.
 *
 * STINT_SMTPUTF8: addresses, and header fields, that hold UTF-8 (RFC 6531). Without, such a mail is
 * refused. Without STINT_SYNTAX addresses are ASCII all the same.
 *
 * STINT_ADDRESSES: `host` may be an IP address, for which the server's certificate must have it.
 * Without, such an account is refused, unless it asks for no TLS.
 *
 * STINT_SCRAM: SCRAM-SHA-256 and SCRAM-SHA-1, with and without channel binding (RFC 5802, RFC
 * 7677). Without, a password goes by PLAIN or LOGIN. What it takes of RAM is free after the
 * handshake.
 *
 * STINT_SCRAM_SHA_1: of these, SCRAM-SHA-1. Without, BearSSL's SHA-1 is not linked for it, and
 * servers that know no other SCRAM are given the password by PLAIN or LOGIN.
 *
 * STINT_OAUTH: XOAUTH2 and OAUTHBEARER (RFC 7628). Without, an account with a token is refused.
 *
 * STINT_EXTERNAL: EXTERNAL (RFC 4422 A), for a client's certificate. Without, an account with one
 * is refused; the certificate is shown all the same.
 */
#ifndef STINT_CHUNKING
#define STINT_CHUNKING 1
#endif
#ifndef STINT_MAILS
#define STINT_MAILS 1
#endif
#ifndef STINT_LIMITS
#define STINT_LIMITS 1
#endif
#ifndef STINT_PIPELINING
#define STINT_PIPELINING 1
#endif
#ifndef STINT_ENHANCED
#define STINT_ENHANCED 1
#endif
#ifndef STINT_SYNTAX
#define STINT_SYNTAX 1
#endif
#ifndef STINT_LMTP
#define STINT_LMTP 1
#endif
#ifndef STINT_PARAMETERS
#define STINT_PARAMETERS 1
#endif
#ifndef STINT_SMTPUTF8
#define STINT_SMTPUTF8 1
#endif
#ifndef STINT_ADDRESSES
#define STINT_ADDRESSES 1
#endif
#ifndef STINT_SCRAM
#define STINT_SCRAM 1
#endif
#ifndef STINT_SCRAM_SHA_1
#define STINT_SCRAM_SHA_1 1
#endif
#ifndef STINT_OAUTH
#define STINT_OAUTH 1
#endif
#ifndef STINT_EXTERNAL
#define STINT_EXTERNAL 1
#endif

/*
 * What is in the code only if it is 1; the default is 0.
 *
 * STINT_CRAM_MD5: CRAM-MD5 (RFC 2195), for servers that offer no better one. It comes last.
 */
#ifndef STINT_CRAM_MD5
#define STINT_CRAM_MD5 0
#endif

/*
 * SCRAM: how many iterations of HMAC a server may ask for before it gets a proof (RFC 5802 5.1); at
 * least 4,096, at most 999,999,999. stint_step computes 64 of them at a time, and the time for a
 * reply runs on. 4,096 is what servers ask for as a rule.
 */
#ifndef STINT_SCRAM_ITERATIONS_MAX
#define STINT_SCRAM_ITERATIONS_MAX 600000
#endif
#if STINT_SCRAM_ITERATIONS_MAX < 4096 || STINT_SCRAM_ITERATIONS_MAX > 999999999
#error "STINT_SCRAM_ITERATIONS_MAX: 4096 to 999999999"
#endif

/*
 * Octets of the largest session ticket (RFC 5077) that is kept; larger ones are not used. Servers'
 * have 130 to 400. At least 32, at most 1,000; only where stint/resume.h is used.
 */
#ifndef STINT_TICKET_MAX
#define STINT_TICKET_MAX 512
#endif
#if STINT_TICKET_MAX < 32 || STINT_TICKET_MAX > 1000
#error "STINT_TICKET_MAX: 32 to 1000"
#endif

/*
 * Record buffers: what `in` and `out` of struct stint_client must hold, in octets.
 *
 * An encrypted record must fit into `in` whole. Records of the handshake are not encrypted and
 * need not fit: a long certificate chain asks for no larger buffer (docs/design.md). An encrypted
 * one that does not fit ends the session with STINT_ERROR_RECORD_SIZE. BearSSL asks the server for
 * records that fit (max_fragment_length, RFC 6066 4), but not every server listens;
 * stint_tls_fragment_limit says what it agreed to.
 *
 * Two buffers are the default. With `out` NULL the one at `in` serves both ways in turn, and the
 * sizes of `in` hold for it. While a record waits to leave nothing can be read then, and while one
 * is coming in nothing can be sent.
 *
 * With PIPELINING (RFC 2920) a server may answer several commands in one record. So no more of them
 * are sent at a time than there is room for answers of 512 octets; without limit only where `in` is
 * apart from `out` and no record can come that is too large for it. With room for three a mail to
 * one recipient takes the fewest round trips.
 */

/* Octets of a record beside its plaintext, at most. */
#define STINT_IN_OVERHEAD 325

/* `in` for any conforming TLS server: 16,384 octets of plaintext (RFC 5246 6.2.1). */
#define STINT_IN_ANY_SERVER 16709

/* `in` for servers that answer in records of at most 1,024 octets: every reply of one line does. */
#define STINT_IN_SMALL 1349

/* `in` at the least: BearSSL refuses anything smaller. 512 octets of plaintext. */
#define STINT_IN_MIN 837

/* `out` at the least: records of 512 octets. They cost about 30 octets each on the wire. */
#define STINT_OUT_MIN 597

/* `out` for the largest records: best throughput. */
#define STINT_OUT_FULL 16469

#endif
