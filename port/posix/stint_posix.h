/* SPDX-License-Identifier: MIT */
#ifndef STINT_POSIX_H
#define STINT_POSIX_H

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include "stint/stint.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Stint on POSIX systems: TCP sockets, names, clocks, randomness, trust anchors from PEM files.
 *
 * Sockets are non-blocking; nothing here waits but stint_posix_wait and stint_posix_run. A host
 * name is resolved by a thread of its own, whose end is seen by poll: so resolving neither blocks a
 * step nor outlasts the connect deadline. Addresses are tried in the resolver's order, each for its
 * share of the time left. SIGPIPE is never raised.
 *
 * This header needs POSIX.1-2001's <netdb.h>: who compiles with -std=c99 defines _POSIX_C_SOURCE as
 * 200112L or more.
 */

/* Octets read ahead of the engine, and small writes gathered until flush. */
#define STINT_POSIX_READ_AHEAD 4096
#define STINT_POSIX_GATHER     2048

struct stint_posix_resolver; /* private: one look-up under way */

/* One connection; the context of stint_posix_io. Zero it before the first use. */
struct stint_posix {
    /* Why the last operation that failed did: errno, or the resolver's EAI_ code (with errno too if
     * that is EAI_SYSTEM); 0: none failed. Kept until the next open. See stint_posix_error. */
    int failed_errno;
    int failed_eai;

    /* The address tried last, or the last that there was a route to; ss_family 0: none yet. Kept
     * until the next open. */
    struct sockaddr_storage peer;
    socklen_t peer_length;

    /* Private. */
    int open_state;
    int descriptor; /* valid while connecting and open */
    struct stint_posix_resolver *resolver;
    struct addrinfo *addresses; /* that the resolver found */
    struct addrinfo numeric;    /* or the one that was given */
    struct sockaddr_storage numeric_address;
    struct addrinfo *next;
    uint32_t attempt_ends_ms; /* left_ms at which the attempt under way has had its share */
    uint32_t attempt_ends_at; /* the same by stint_posix_clock_ms */
    int read_status;          /* how the input ended: 0, STINT_IO_CLOSED or STINT_IO_FAILED */
    int write_errno;          /* why no more can be sent; 0: it can */
    int input;                /* what is known of it without asking the kernel */
    char local[64];
    size_t read_start, read_end;
    size_t gathered;
    bool sent_some; /* of what was written since the last flush */
    bool is_stream; /* the socket is set up for more than one write a flight */
    uint8_t read_ahead[STINT_POSIX_READ_AHEAD];
    uint8_t gather[STINT_POSIX_GATHER];
};

/* The port itself: for `io` in struct stint_client, with a struct stint_posix as `io_context`. */
extern const struct stint_io stint_posix_io;

/* For a caller's own event loop, after each step: fill `entry` with the descriptor and the events
 * that `client` (whose port is `port`) waits for. Returns 1, or 0 if there is nothing to poll: then
 * entry->fd is -1, which poll ignores. After a step it may be another descriptor, even with the
 * same number. Level-triggered, as poll is. */
int stint_posix_pollfd(const struct stint_posix *port, const struct stint_client *client,
                       struct pollfd *entry);

/* For a caller's own event loop: the timeout for poll, in ms. It is stint_wait_ms, or less: until
 * the next address is to be tried, and 10 ms where the message's source is waited for. */
int stint_posix_wait_ms(const struct stint_posix *port, const struct stint_client *client,
                        uint32_t now_ms);

/* Wait until `client` can go on or is to be stepped for the time that has passed. Returns early
 * when a signal was caught, and at once where nothing is waited for. */
void stint_posix_wait(const struct stint_posix *port, const struct stint_client *client);

/* Step `client`, waiting where needed, until it is done, which returns STINT_DONE; or one of
 * several mails, which returns STINT_MAIL_DONE: then call this again. stint_start was called. */
enum stint_progress stint_posix_run(const struct stint_posix *port, struct stint_client *client);

/* One line about the last failure of `port`, such as "192.0.2.1:465: Connection refused"; "" if
 * there was none. Cut at `size` - 1 octets. Returns `buffer`. */
const char *stint_posix_error(const struct stint_posix *port, char *buffer, size_t size);

/* "192.0.2.1:465" or "[2001:db8::1]:465": the address tried last; "" if none was. Returns
 * `buffer`. */
const char *stint_posix_peer(const struct stint_posix *port, char *buffer, size_t size);

/* A monotonic clock in milliseconds, for now_ms. */
uint32_t stint_posix_clock_ms(void);

/* The wall clock in seconds since 1970, for unix_time in struct stint_tls. */
uint64_t stint_posix_unix_time(void);

/* The system's randomness, for `entropy` in struct stint_tls. `context` is not used. Returns 1, or
 * 0 if there is none: also early after boot, where it would have to wait. */
int stint_posix_entropy(void *context, uint8_t *buffer, size_t length);

/* Trust anchors from PEM certificates, on the heap. */
struct stint_posix_anchors {
    br_x509_trust_anchor *anchors;
    size_t count;
    size_t skipped; /* certificates that BearSSL cannot use: another kind of key, or too large */
};

/* Where the system keeps its roots: the environment's SSL_CERT_FILE, whether it exists or not; else
 * the first of the usual places that can be read; else NULL. */
const char *stint_posix_system_bundle(void);

/*
 * Read all certificates of the PEM file at `path` (at most 4 MB) into `anchors`; what else the
 * file holds is passed over. A certificate whose basic constraints (RFC 5280 4.2.1.9) say CA
 * vouches for others. Any other, self-signed or not, is the server's own: its key and name are
 * trusted directly, and it vouches for nothing else.
 *
 * Returns 0; then stint_posix_anchors_free is to be called. Or -1 with one line of reason in `why`
 * (cut at `why_size` - 1 octets), which begins with the path: unreadable, larger than that, not
 * base64, a damaged certificate, none at all, or none that BearSSL can use. Then there is nothing
 * to free.
 */
int stint_posix_anchors_load(struct stint_posix_anchors *anchors, const char *path, char *why,
                             size_t why_size);
void stint_posix_anchors_free(struct stint_posix_anchors *anchors);

#ifdef __cplusplus
}
#endif

#endif
