/* SPDX-License-Identifier: MIT */
#ifndef STINT_LETTER_H
#define STINT_LETTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stint/account.h"
#include "stint/message.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A letter: a message with all that a header may have, with HTML, pictures and files.
 *
 *     static const struct stint_part parts[] = {
 *         {.name = "log.bin", .octets = log, .size = log_size},
 *         {.id = "chart@pump3", .type = "image/png", .read = read_flash, .size = chart_size},
 *     };
 *     static const struct stint_letter letter = {
 *         .message = {.from = {"Pump 3", "pump3@example.com"}, .to = {to, 1}, .subject = "Report",
 *                     .id = "4711@example.com", .text = "All is well."},
 *         .html = "<p>All is well.<p><img src='cid:chart@pump3'>",
 *         .parts = parts, .part_count = 2};
 *     static struct stint_letter_composer composer;
 *
 *     if (stint_compose_letter(&composer, &letter) == STINT_MESSAGE_GOOD) {
 *         mail.source = &composer.composer.source;
 *     }
 *
 * What stint/message.h says of strings holds here, too. Not linked where nobody calls it.
 */

/* A field that struct stint_letter has not: {"X-Device", "7"}. */
struct stint_header {
    const char *name; /* printable ASCII but colon and space, 1 to 64 octets (RFC 5322 2.2) */
    const char *text; /* as a subject; NULL or "": no field */
};

/* A file, or a picture in the HTML. */
struct stint_part {
    /* A file's name, at most 255 octets; of a path what is behind the last "/" or "\". NULL: none.
     */
    const char *name;

    /* RFC 2045 5.1: "image/png", with parameters if it has any; not "multipart/" and not
     * "message/"; at most 200 octets. NULL: "application/octet-stream". */
    const char *type;

    /* NULL: attached. Else, of the form "left@right" (RFC 2392), shown where the HTML says "cid:"
     * and this; without HTML, behind the text. */
    const char *id;

    /* How many octets there are, and where: at `octets`, or, if that is NULL, got by `read`. They
     * come out as they are, whatever the type. Those of a "text/" must have CRLF line ends (RFC
     * 2049 4); if they have not, see stint_part_as_text. */
    uint32_t size;
    const void *octets;

    /* Copy at most `room` octets, from `offset` on, to `buffer`. Returns how many (> 0),
     * STINT_SOURCE_AGAIN or STINT_SOURCE_FAILED. `offset` is 0 at first, and when the letter is
     * read again, and otherwise where the last call ended; `room` is STINT_PART_ROOM at most. If it
     * has fewer octets than `size`, the letter is broken off, and nobody gets it. */
    int (*read)(void *context, uint32_t offset, uint8_t *buffer, size_t room);
    void *context;
};

/* Octets that are read of a part at a time: a line of base64 (RFC 2045 6.8). */
#define STINT_PART_ROOM 57

/* `size` of a part of which only `read` knows where it ends: it answers STINT_SOURCE_END, and from
 * then on nothing else. Then the letter's size is not known beforehand. */
#define STINT_PART_SIZE_UNKNOWN UINT32_MAX

/* Octets of all parts together at most (STINT_MESSAGE_TOO_LONG); a part of unknown size that has
 * more breaks the letter off. */
#define STINT_PARTS_MAX 3000000000U

/* What a part is made of that is a text. Private: src/message/text_part.c */
struct stint_text {
    struct stint_part stored; /* as it is without it */
    const uint8_t *at;        /* its octets from here on were not given out yet: */
    uint32_t left;            /* so many, */
    uint32_t offset;          /* and those from there on, which were not read */
    uint8_t last;             /* octet that was given out */
    uint8_t block[STINT_PART_ROOM];
};

/*
 * Make every line end of `part`, a CRLF, LF or CR, come out as CRLF, as a text's must (RFC 2045
 * 6.8). Where a file is to come out octet by octet as it is, leave this out, and give it no
 * "text/".
 *
 *     static struct stint_text text;
 *     struct stint_part part = {.name = "log.csv", .type = "text/csv", .octets = log,
 *                               .size = log_size};
 *
 *     if (stint_part_as_text(&part, &text)) { ...
 *
 * `text` must stay where it is while the part is in use. For the size of the part, unless it is
 * STINT_PART_SIZE_UNKNOWN, all octets are looked at here; call it again when they are others.
 * Returns false if `read` did not give them all; then nothing was done. Not linked where nobody
 * calls it.
 */
bool stint_part_as_text(struct stint_part *part, struct stint_text *text);

/* `zone` for UTC as a zone, "+0000"; 0 is "-0000", which says nothing of the zone (RFC 5322 3.3).
 */
#define STINT_ZONE_UTC 1440

enum stint_author {
    STINT_AUTHOR_DEVICE = 0, /* "Auto-Submitted: auto-generated" (RFC 3834 5) */
    STINT_AUTHOR_RESPONDER,  /* "Auto-Submitted: auto-replied" */
    STINT_AUTHOR_PERSON      /* nothing is said */
};

enum stint_priority {
    STINT_PRIORITY_NORMAL = 0, /* nothing is said */
    STINT_PRIORITY_HIGH,       /* "Importance: high" (RFC 2156), and "X-Priority: 1" */
    STINT_PRIORITY_LOW         /* "Importance: low", and "X-Priority: 5" */
};

/* Zero it first: what is 0, NULL or "" is left out. */
struct stint_letter {
    struct stint_message message; /* `to` may be empty; `text` may be NULL where there is something
                                     else */

    int16_t zone; /* for the Date: minutes east of UTC, -1,439 to 1,439, or STINT_ZONE_UTC */

    uint8_t author;   /* enum stint_author */
    uint8_t priority; /* enum stint_priority */

    bool flowed; /* `text` is as stint_flow makes it: "format=flowed" (RFC 3676) */

    struct stint_mailbox sender;     /* who sends it for `from` (RFC 5322 3.6.2) */
    struct stint_mailboxes reply_to; /* whom an answer is for, if not for `from` */
    struct stint_mailboxes cc;
    struct stint_mailboxes bcc; /* only for stint_letter_recipients: it is not written */

    /* RFC 5322 3.6.4: Message-IDs, each in angle brackets and of at most 900 octets with them, with
     * spaces between. */
    const char *in_reply_to;
    const char *references;

    /* RFC 2369 3.2: URIs, each in angle brackets and likewise, with ", " between. */
    const char *list_unsubscribe;

    const struct stint_header *extra;
    uint16_t extra_count;

    const char *html; /* the same as the text, for those who can show it */

    uint16_t part_count;
    const struct stint_part *parts;
};

struct stint_letter_composer {
    struct stint_composer composer; /* its `source` is for struct stint_mail */

    /* Private: src/message/letter.h */
    const struct stint_letter *letter;
    const struct stint_part *parts;
    uint16_t part_count;
    uint8_t encodings[2]; /* of text and HTML */
    uint8_t levels;       /* of multipart that there are, a bit each */
    bool endless;         /* a part's size is not known */
    bool waits;           /* a part has no octet now */
    uint8_t held_length;
    uint32_t held_offset;
    uint8_t held[STINT_PART_ROOM]; /* octets of a part, for the line being given out */
};

/*
 * As stint_compose, for a message of text and files: that is a letter which has no more, and takes
 * less code.
 */
enum stint_message_fault stint_compose_files(struct stint_letter_composer *composer,
                                             const struct stint_message *message,
                                             const struct stint_part *parts, uint16_t part_count);

/* As stint_compose. */
enum stint_message_fault stint_compose_letter(struct stint_letter_composer *composer,
                                              const struct stint_letter *letter);

/*
 * A text as format=flowed has it: a line is broken at spaces, so that it is short where it is seen
 * as it is, and whoever knows of it puts the pieces together again and breaks them anew for his
 * screen. Who does not sees short lines; so it is for readers of whom one knows. Spaces at the ends
 * of lines are left out, but for those of "-- " in front of a signature.
 *
 * Writes at most `room` octets to `flowed`, a NUL included, and returns how many it takes; if that
 * is more, `flowed` is none. Not linked where nobody calls it.
 */
size_t stint_flow(char *flowed, size_t room, const char *text);

/* The envelope: To, Cc and Bcc in this order. Writes at most `most` of them to `recipients`, and
 * returns how many there are. */
size_t stint_letter_recipients(const struct stint_letter *letter,
                               struct stint_recipient *recipients, size_t most);

#ifdef __cplusplus
}
#endif

#endif
