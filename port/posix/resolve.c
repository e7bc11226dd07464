/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* pipe2 */

#include "resolve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SERVICE_SIZE 6 /* "65535" */

/*
 * Shared by the thread and the port. Whoever comes second frees it: the port if the thread has
 * finished, the thread if the port has abandoned it.
 */
struct stint_posix_resolver {
    pthread_mutex_t lock; /* guards the two flags and what was resolved */
    bool finished;
    bool abandoned;
    struct stint_posix_resolved resolved;
    int ends[2]; /* the pipe's reading and writing end, the port's to close */
    char service[SERVICE_SIZE];
    char host[];
};

bool stint_posix_read_address(const char *text, uint16_t port, struct addrinfo *address,
                              struct sockaddr_storage *storage)
{
    struct sockaddr_in *v4 = (void *)storage;
    struct sockaddr_in6 *v6 = (void *)storage;

    memset(address, 0, sizeof *address);
    memset(storage, 0, sizeof *storage);
    address->ai_addr = (void *)storage;
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        address->ai_addrlen = sizeof *v4;
    } else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        address->ai_addrlen = sizeof *v6;
    }
    address->ai_family = storage->ss_family;
    return address->ai_addrlen > 0;
}

/* Without AI_ADDRCONFIG: it hides ::1 and 127.0.0.1 where only loopback is configured. An address
 * of a family that has no route fails at once when it is tried. */
static int look_up(const char *host, const char *service, struct addrinfo **addresses)
{
    struct addrinfo hints = {0};

    hints.ai_flags = AI_NUMERICSERV;
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_protocol = IPPROTO_TCP;
    *addresses = NULL;
    return getaddrinfo(host, service, &hints, addresses);
}

static int open_pipe(int ends[2])
{
#ifdef __APPLE__
    if (pipe(ends) < 0) {
        return -1;
    }
    for (int i = 0; i < 2; i++) {
        (void)fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        (void)fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
    return 0;
#else
    return pipe2(ends, O_CLOEXEC | O_NONBLOCK);
#endif
}

static void close_pipe(const struct stint_posix_resolver *resolver)
{
    close(resolver->ends[0]);
    close(resolver->ends[1]);
}

static struct stint_posix_resolver *allocate(const char *host, uint16_t port)
{
    size_t size = strlen(host) + 1;
    struct stint_posix_resolver *resolver = calloc(1, sizeof *resolver + size);

    if (resolver == NULL) {
        return NULL;
    }
    if (open_pipe(resolver->ends) < 0) {
        free(resolver);
        return NULL;
    }
    pthread_mutex_init(&resolver->lock, NULL);
    snprintf(resolver->service, sizeof resolver->service, "%u", (unsigned)port);
    memcpy(resolver->host, host, size);
    return resolver;
}

static void release(struct stint_posix_resolver *resolver)
{
    pthread_mutex_destroy(&resolver->lock);
    free(resolver);
}

static void *resolve(void *argument)
{
    struct stint_posix_resolver *resolver = argument;
    struct stint_posix_resolved resolved;
    bool abandoned;

    resolved.eai = look_up(resolver->host, resolver->service, &resolved.addresses);
    resolved.error = errno;

    pthread_mutex_lock(&resolver->lock);
    abandoned = resolver->abandoned;
    if (!abandoned) {
        ssize_t written = write(resolver->ends[1], "", 1); /* into an empty pipe: cannot fail */

        (void)written;
        resolver->resolved = resolved;
        resolver->finished = true;
    }
    pthread_mutex_unlock(&resolver->lock);

    if (abandoned) {
        if (resolved.eai == 0) {
            freeaddrinfo(resolved.addresses);
        }
        release(resolver);
    }
    return NULL;
}

/* Signals stay with the threads of the program: none of its handlers may run in ours. */
static int start_thread(struct stint_posix_resolver *resolver)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    pthread_t thread;
    int error = pthread_attr_init(&attributes);

    if (error != 0) {
        return error;
    }
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&thread, &attributes, resolve, resolver);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return error;
}

struct stint_posix_resolver *stint_posix_resolver_start(const char *host, uint16_t port)
{
    struct stint_posix_resolver *resolver = allocate(host, port);
    int error;

    if (resolver == NULL) {
        return NULL;
    }
    error = start_thread(resolver);
    if (error != 0) {
        close_pipe(resolver);
        release(resolver);
        errno = error;
        return NULL;
    }
    return resolver;
}

int stint_posix_resolver_descriptor(const struct stint_posix_resolver *resolver)
{
    return resolver->ends[0];
}

bool stint_posix_resolver_finish(struct stint_posix_resolver *resolver,
                                 struct stint_posix_resolved *resolved)
{
    bool finished;

    pthread_mutex_lock(&resolver->lock);
    finished = resolver->finished;
    pthread_mutex_unlock(&resolver->lock);
    if (!finished) {
        return false;
    }
    *resolved = resolver->resolved;
    close_pipe(resolver);
    release(resolver);
    return true;
}

void stint_posix_resolver_abandon(struct stint_posix_resolver *resolver)
{
    bool finished;

    pthread_mutex_lock(&resolver->lock);
    finished = resolver->finished;
    resolver->abandoned = true;
    close_pipe(resolver);
    pthread_mutex_unlock(&resolver->lock);
    if (finished) {
        if (resolver->resolved.eai == 0) {
            freeaddrinfo(resolver->resolved.addresses);
        }
        release(resolver);
    }
}
