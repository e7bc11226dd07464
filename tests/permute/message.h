/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_MESSAGE_H
#define STINT_PERMUTE_MESSAGE_H

#include "fake_source.h"

/* The message as it must appear on the wire. */

struct message {
    const struct fake_source *source;
    bool eight_bit; /* octets over 127 may be sent */
    bool dots;      /* by DATA: dots are doubled, and one alone ends it */

    char octets[65536]; /* as far as it may be sent */
    size_t length;
    bool is_bad; /* behind them comes what may not: RFC 5321 4.5.3.1.6, RFC 6152 3 */
};

/* Valid until it is asked for another one. */
const struct message *message_of(const struct fake_source *source, bool eight_bit, bool dots);

/* The sources have changed. */
void message_forget(void);

#endif
