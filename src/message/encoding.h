/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_ENCODING_H
#define STINT_SRC_ENCODING_H

#include "message/writer.h"

/* Content-Transfer-Encodings (RFC 2045 6). What is 7bit is also quoted-printable, with nothing
 * quoted.
 */
enum stint_encoding {
    STINT_ENCODING_7BIT = 0,
    STINT_ENCODING_QUOTED_PRINTABLE,
    STINT_ENCODING_BASE64
};

/* Which makes the least of a text. */
enum stint_encoding stint_encoding_of(const char *text);

/* A line of the text at `next.text`, which moves behind it; its line ends are CRLF before it is
 * encoded (RFC 2045 6.8). */
void stint_put_base64_text(struct stint_composer *composer);

#endif
