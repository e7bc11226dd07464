/* SPDX-License-Identifier: MIT */
#ifndef STINT_TEST_FAKE_IO_H
#define STINT_TEST_FAKE_IO_H

#include "tls_server.h"
#include "transcript.h"

/*
 * A port whose server follows a transcript, and whose behaviour on the way is the test's choice. It
 * gathers what is written until flush, as a port may: a client that forgets to flush gets no
 * answer.
 */
struct fake_io {
    const struct transcript_turn *turns;
    struct tls_server *tls; /* what TRANSCRIPT_TLS needs; or NULL */

    /* Behaviour: all zero is a port that does at once what it is asked for. */
    size_t most;         /* octets that a read or write moves; 0: as many as there are */
    bool again;          /* AGAIN first, at every call that could do something */
    bool open_hangs;     /* open never comes to an end */
    bool idles;          /* the client may wait for a mail */
    bool close_again;    /* close answers AGAIN the first time */
    uint32_t open_ms;    /* how long connecting takes */
    uint32_t take_ms;    /* if not 0, one octet is taken at a time, so far apart (in clear) */
    uint32_t delay_ms;   /* how long the server thinks before it speaks */
    uint32_t dribble_ms; /* if not 0, it speaks one octet at a time, so far apart */
    unsigned fail_at;    /* this call fails, counted from 1, and all later writes; 0: none */
    const char *local_address;

    /* What happened. */
    size_t turn;
    size_t offset; /* in the turn */
    size_t taken;  /* octets from the client */
    unsigned calls, reads, writes, flushes;
    unsigned opened, closed;
    unsigned waits; /* enum stint_want: what answered AGAIN since this was last cleared */
    bool can_go_on; /* and one of them will not, next time */
    bool is_open, unflushed, broken, said_any;
    bool in_tls;   /* since the turn TRANSCRIPT_TLS */
    size_t loaded; /* of the turn, waiting in records to be read */
    bool said_goodbye;
    bool paused[5]; /* by kind of call: it has answered AGAIN */
    char host[256];
    uint16_t port;
    uint32_t left_ms;
    uint32_t now_ms;
    uint32_t takes_at;  /* when it takes the client's next octet */
    uint32_t speaks_at; /* when the server's next octet comes */
    char wrong[256];    /* the first thing that the client did wrong */
};

extern const struct stint_io fake_io;

/* Behaves well; the fields of the second part are the caller's to change. */
void fake_io_start(struct fake_io *fake, const struct transcript_turn *turns);

/* Has the transcript come to its end? What the server still has to say need not be heard. */
bool fake_io_is_over(const struct fake_io *fake);

/*
 * Steps a client that was started until it, or one of its mails, is done; from `*now_ms` on, by a
 * clock that passes only where there is nothing to do, and checks what it says it waits for.
 * `source` may be NULL. Ends the test, with `how` in what it says, if the client did something
 * wrong.
 */
enum stint_progress fake_io_run(struct fake_io *fake, struct stint_client *client,
                                struct fake_source *source, uint32_t *now_ms, const char *how);

#endif
