/* SPDX-License-Identifier: MIT */
#ifndef STINT_PERMUTE_WORLD_H
#define STINT_PERMUTE_WORLD_H

#include "feed.h"
#include "kinds.h"
#include "port.h"
#include "rule.h"
#include "script.h"
#include "server.h"

/* What is played: a transcript, as it is or inside implicit TLS. */
struct play {
    char name[100];
    struct transcript transcript;
    bool is_wrapped;
    struct stint_account account; /* the transcript's, or in TLS */
    struct script script;
    size_t replies;   /* for so many there is room in one buffer for both directions */
    bool is_thorough; /* in TLS, faults are tried at every octet, and with each kind of chain */
};

/* The most that a transcript may need. */
#define PLAY_REPLIES_MAX 16

void play_load(struct play *play, const char *path, const char *name, bool wrapped);

/* Can it be played like that? */
bool play_allows(const struct play *play, const struct manner *manner);

/*
 * One client, all that it needs, and the other side. There is one world only, at one place, and no
 * memory of another kind: so its octets, copied away and back, are a way back in time.
 */
struct world {
    const struct play *play;
    struct fault_case fault;
    struct stint_client client;
    struct stint_mail mails[TRANSCRIPT_MAILS_MAX];
    struct stint_recipient recipients[TRANSCRIPT_MAILS_MAX][TRANSCRIPT_RECIPIENTS_MAX];
    struct stint_account account;
    struct feed feeds[TRANSCRIPT_MAILS_MAX];
    size_t reads, rewinds; /* of all of them */
    struct server server;
    struct rule rule;
    struct port port;
    char instead[1024]; /* the server's words in place of others */
    char text[HEARD_TEXT_MAX];
    uint32_t now_ms;
    size_t steps;
    bool is_done;
    char wrong[600]; /* the first thing that was not as it must be */
    uint8_t in[STINT_IN_OVERHEAD + 512 * PLAY_REPLIES_MAX];
    uint8_t out[STINT_OUT_MIN];

    /* only in TLS */
    struct stint_tls tls;
    struct tls_server tls_server;
};

extern struct world world;

void world_start(const struct play *play, const struct fault_case *fault);

/* The fault of the next case, for a world that has come there without one. */
void world_set_fault(const struct fault_case *fault);

/* One step of the client. */
void world_step(void);

/* All steps that are left. */
void world_run(void);

/* What has been counted so far. */
size_t world_count(enum counter counter);

/* If set, it is told of each result that the caller is given, and of what it must be. */
extern void (*world_judged)(const struct verdict *wanted);

/* Is all as it must be? world.wrong says what is not. */
bool world_is_right(void);

/* Copies of the world: of what is in use of it. */
void world_save(struct world *copy);
void world_restore(const struct world *copy);

#endif
