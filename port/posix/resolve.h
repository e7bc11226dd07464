/* SPDX-License-Identifier: MIT */
#ifndef STINT_POSIX_RESOLVE_H
#define STINT_POSIX_RESOLVE_H

#include <netdb.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/*
 * Host names to addresses, without waiting. getaddrinfo waits and cannot be cancelled, so each
 * look-up has a thread of its own; one that is abandoned frees itself when getaddrinfo returns.
 */
struct stint_posix_resolver;

/* An IP address as text needs no look-up, no thread and no heap: put it into `address`, whose
 * octets are in `storage`. Returns false if `text` is none, or one with a zone. */
bool stint_posix_read_address(const char *text, uint16_t port, struct addrinfo *address,
                              struct sockaddr_storage *storage);

/* Begin a look-up. `host` is copied. Returns NULL with errno set if it could not begin. */
struct stint_posix_resolver *stint_posix_resolver_start(const char *host, uint16_t port);

/* Readable when the look-up is over. */
int stint_posix_resolver_descriptor(const struct stint_posix_resolver *resolver);

/* What getaddrinfo returned, and errno with EAI_SYSTEM. */
struct stint_posix_resolved {
    struct addrinfo *addresses; /* to be freed by freeaddrinfo */
    int eai;
    int error;
};

/* Is the look-up over? Then `resolved` has what came of it, and the resolver is gone. */
bool stint_posix_resolver_finish(struct stint_posix_resolver *resolver,
                                 struct stint_posix_resolved *resolved);

/* Give up the look-up; the resolver is gone. */
void stint_posix_resolver_abandon(struct stint_posix_resolver *resolver);

#endif
