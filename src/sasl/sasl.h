/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_SASL_H
#define STINT_SRC_SASL_H

#include "stint/config.h"
#include "stint/private.h"

/*
 * SASL mechanisms for AUTH (RFC 4954): which to use, what each says, and what it makes of the
 * server's challenges. What the caller has is read octet by octet, straight into the record; what
 * must be computed lies in memory that the client lends (`work`; NULL: it lends none).
 */

/* What a mechanism says: the octet at `offset`. Returns false at and behind its end. */
typedef bool (*stint_sasl_message)(const struct stint_account *account,
                                   const struct stint_sasl_work *work, size_t offset,
                                   uint8_t *octet);

#define STINT_SASL_MESSAGES_MAX 3

/* SCRAM's last. */
enum stint_hash { STINT_HASH_NONE, STINT_HASH_MD5, STINT_HASH_SHA_1, STINT_HASH_SHA_256 };

struct stint_sasl {
    const char *name;
    stint_sasl_message messages[STINT_SASL_MESSAGES_MAX];
    uint16_t mechanism; /* enum stint_mechanism */
    uint8_t credential; /* enum stint_credential */
    uint8_t count;      /* of the messages */
    uint8_t enough;     /* of them are said when it succeeds; another one is about a failure */
    bool speaks_first;  /* the first message needs no challenge, and may go along with AUTH */
    uint8_t hash;       /* that it computes with: enum stint_hash */
};

/* The mechanism to use: the account's, or the best, among those offered (bits of
 * enum stint_mechanism). NULL: none. */
const struct stint_sasl *stint_sasl_choose(const struct stint_account *account, uint16_t offered,
                                           const struct stint_sasl_work *work);

/* Is the account's mechanism one that Stint speaks, by its exact name, and fit for what the account
 * has? */
bool stint_sasl_is_known(const struct stint_account *account);

/* May the first message go along with AUTH? Not if the line would pass 512 octets (RFC 4954 4). */
bool stint_sasl_first_fits(const struct stint_sasl *sasl, const struct stint_account *account,
                           const struct stint_sasl_work *work);

/* Is it empty? Then "=" stands for it along with AUTH. */
bool stint_sasl_first_is_empty(const struct stint_sasl *sasl, const struct stint_account *account,
                               const struct stint_sasl_work *work);

/* A message: at most `room` octets from `offset` on. Returns how many. */
size_t stint_sasl_read(stint_sasl_message message, const struct stint_account *account,
                       const struct stint_sasl_work *work, size_t offset, uint8_t *octets,
                       size_t room);

/* The account's password or token, wherever it lies; likewise. */
size_t stint_sasl_secret(const struct stint_account *account, size_t offset, uint8_t *octets,
                         size_t room);

#if STINT_SASL_COMPUTES

/* Before the first message. `offered`: bits of enum stint_mechanism. */
void stint_sasl_begin(const struct stint_sasl *sasl, const struct stint_account *account,
                      uint16_t offered, struct stint_sasl_work *work);

/* A challenge comes; an octet of it, in base64; and its end, when `step` messages were said.
 * Returns false if the server broke the mechanism's rules, or failed to prove who it is. */
void stint_sasl_listen(struct stint_sasl_work *work);
void stint_sasl_hear(const struct stint_sasl *sasl, struct stint_sasl_work *work, uint8_t octet);
bool stint_sasl_challenge(const struct stint_sasl *sasl, const struct stint_account *account,
                          struct stint_sasl_work *work, uint8_t step);

/* Is the challenge behind `step` messages made of the password? So is SCRAM's last one, as its
 * proof.
 */
static inline bool stint_sasl_is_secret(const struct stint_sasl *sasl, uint8_t step)
{
    return sasl->hash > STINT_HASH_MD5 && step + 1 == sasl->count;
}

/* Has the server proved all that the mechanism has it prove? */
bool stint_sasl_is_proved(const struct stint_sasl *sasl, const struct stint_sasl_work *work);

/* The exchange is over: nothing of it is left but what the account wants kept. */
void stint_sasl_end(const struct stint_sasl *sasl, const struct stint_account *account,
                    struct stint_sasl_work *work);

#else

static inline void stint_sasl_begin(const struct stint_sasl *sasl,
                                    const struct stint_account *account, uint16_t offered,
                                    struct stint_sasl_work *work)
{
    (void)sasl, (void)account, (void)offered, (void)work;
}
static inline void stint_sasl_listen(struct stint_sasl_work *work)
{
    (void)work;
}
static inline void stint_sasl_hear(const struct stint_sasl *sasl, struct stint_sasl_work *work,
                                   uint8_t octet)
{
    (void)sasl, (void)work, (void)octet;
}
static inline bool stint_sasl_challenge(const struct stint_sasl *sasl,
                                        const struct stint_account *account,
                                        struct stint_sasl_work *work, uint8_t step)
{
    (void)sasl, (void)account, (void)work, (void)step;
    return true;
}
static inline bool stint_sasl_is_secret(const struct stint_sasl *sasl, uint8_t step)
{
    (void)sasl, (void)step;
    return false;
}
static inline bool stint_sasl_is_proved(const struct stint_sasl *sasl,
                                        const struct stint_sasl_work *work)
{
    (void)sasl, (void)work;
    return true;
}
static inline void stint_sasl_end(const struct stint_sasl *sasl,
                                  const struct stint_account *account, struct stint_sasl_work *work)
{
    (void)sasl, (void)account, (void)work;
}

#endif

#if STINT_SCRAM

/* Is there something to compute before the next message? Some of it. */
bool stint_sasl_computes(const struct stint_sasl_work *work);
void stint_sasl_compute(struct stint_sasl_work *work);

#else

static inline bool stint_sasl_computes(const struct stint_sasl_work *work)
{
    (void)work;
    return false;
}
static inline void stint_sasl_compute(struct stint_sasl_work *work)
{
    (void)work;
}

#endif

#endif
