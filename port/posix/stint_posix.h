/* SPDX-License-Identifier: MIT */
#ifndef STINT_POSIX_H
#define STINT_POSIX_H

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include "stint/stint.h"

/*
 * Stint on POSIX systems: TCP sockets, names, clocks, randomness, trust anchors from PEM files.
 *
 * Sockets are non-blocking; nothing here waits but stint_posix_wait and stint_posix_run. A host
 * name is resolved by a thread of its own, whose end is seen by poll: so resolving neither blocks a
 * step nor outlasts the connect deadline. Addresses are tried in the resolver's order, each for its
 * share of the time left. SIGPIPE is never raised.
 */

/* Octets read ahead of the engine, and small writes gathered until flush. */
#define STINT_POSIX_READ_AHEAD 4096
#define STINT_POSIX_GATHER     2048

struct stint_posix_resolver; /* private: one look-up under way */

/* One connection; the context of stint_posix_io. Zero it before the first use. */
struct stint_posix {
    /* Readable when an operation failed: what was tried, and errno or the resolver's EAI_ code.
     * See stint_posix_error. */
    int failed_errno;
    int failed_eai;
    struct sockaddr_storage peer; /* the address tried last; family 0: none yet */
    socklen_t peer_length;

    /* Private. */
    int descriptor; /* valid if open_state says so */
    int open_state;
    struct stint_posix_resolver *resolver;
    struct addrinfo *addresses, *next;
    uint32_t attempt_ends_ms; /* left_ms at which the attempt under way has had its share */
    int read_status;
    char local[64];
    size_t read_start, read_end;
    size_t gathered;
    uint8_t read_ahead[STINT_POSIX_READ_AHEAD];
    uint8_t gather[STINT_POSIX_GATHER];
};

/* The port itself: for `io` in struct stint_client, with a struct stint_posix as `io_context`. */
extern const struct stint_io stint_posix_io;

/* For a caller's own event loop: fill `entry` with the descriptor and the events that `client`
 * (whose port is `port`) waits for now. Returns 1, or 0 if there is nothing to wait for but time:
 * then entry->fd is -1. */
int stint_posix_pollfd(const struct stint_posix *port, const struct stint_client *client,
                       struct pollfd *entry);

/* Wait until `client` can go on or its deadline passes. Waits up to 10 ms where only the source is
 * waited for. */
void stint_posix_wait(const struct stint_posix *port, const struct stint_client *client);

/* Step `client` until it is done: a whole session, waiting where needed. stint_start was called. */
void stint_posix_run(const struct stint_posix *port, struct stint_client *client);

/* One line about the last failure of `port`, such as "192.0.2.1:465: Connection refused"; "" if
 * there was none. Valid until the next call. `buffer` receives it; returns `buffer`. */
const char *stint_posix_error(const struct stint_posix *port, char *buffer, size_t size);

/* "192.0.2.1:465" or "[2001:db8::1]:465": the address tried last. Returns `buffer`. */
const char *stint_posix_peer(const struct stint_posix *port, char *buffer, size_t size);

/* A monotonic clock in milliseconds, for now_ms. */
uint32_t stint_posix_clock_ms(void);

/* The wall clock in seconds since 1970, for unix_time in struct stint_tls. */
uint64_t stint_posix_unix_time(void);

/* The system's randomness, for `entropy` in struct stint_tls. `context` is not used. */
int stint_posix_entropy(void *context, uint8_t *buffer, size_t length);

/* Trust anchors from PEM certificates, on the heap. */
struct stint_posix_anchors {
    br_x509_trust_anchor *anchors;
    size_t count;
    size_t skipped; /* certificates whose key BearSSL cannot use */
};

/* Where the system keeps its roots: the first that exists of the usual places, or NULL. The
 * environment's SSL_CERT_FILE comes first. */
const char *stint_posix_system_bundle(void);

/*
 * Read all certificates of the PEM file at `path` into `anchors`. A self-signed or CA certificate
 * becomes a CA anchor; any other the server's own key, trusted directly.
 * Returns 0, or -1 with one line of reason in `why` (of `why_size` octets): unreadable, not PEM, a
 * damaged certificate, no certificate. Then there is nothing to free.
 */
int stint_posix_anchors_load(struct stint_posix_anchors *anchors, const char *path, char *why,
                             size_t why_size);
void stint_posix_anchors_free(struct stint_posix_anchors *anchors);

#endif
