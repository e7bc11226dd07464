/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "stint_posix.h"

#include <stdio.h>
#include <string.h>

const char *stint_posix_peer(const struct stint_posix *port, char *buffer, size_t size)
{
    char host[80], number[8];
    bool v6 = port->peer.ss_family == AF_INET6;

    if (port->peer.ss_family == 0 ||
        getnameinfo((const void *)&port->peer, port->peer_length, host, sizeof host, number,
                    sizeof number, NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        snprintf(buffer, size, "%s", "");
    } else {
        snprintf(buffer, size, v6 ? "[%s]:%s" : "%s:%s", host, number);
    }
    return buffer;
}

const char *stint_posix_error(const struct stint_posix *port, char *buffer, size_t size)
{
    char peer[96];

    stint_posix_peer(port, peer, sizeof peer);
    if (port->failed_eai != 0 && port->failed_eai != EAI_SYSTEM) {
        snprintf(buffer, size, "%s", gai_strerror(port->failed_eai));
    } else if (port->failed_errno == 0) {
        snprintf(buffer, size, "%s", "");
    } else if (peer[0] == '\0') {
        snprintf(buffer, size, "%s", strerror(port->failed_errno));
    } else {
        snprintf(buffer, size, "%s: %s", peer, strerror(port->failed_errno));
    }
    return buffer;
}
