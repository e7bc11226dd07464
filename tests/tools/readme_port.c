/* SPDX-License-Identifier: MIT */

/* What README.md's example leaves to the port, here by port/posix; and a main that uses it:
 * PORT USER PASSWORD. Its anchors are what `stint anchors` wrote. Exit code 0 if the message was
 * accepted. */

#define _POSIX_C_SOURCE 200112L

#include "stint_posix.h"

#include <stdio.h>
#include <stdlib.h>

extern const struct stint_io port_io;
int port_entropy(void *context, uint8_t *buffer, size_t length);
uint64_t port_unix_time(void);
uint32_t port_ms(void);
void port_wait(unsigned wants, uint32_t ms);
enum stint_fate alert(void *port, const struct stint_account *account, const char *message);

static struct stint_posix posix;

/* The example's table is constant, as on a device; this one is filled by the same calls. */
static int port_open(void *context, const char *host, uint16_t port, uint32_t left_ms)
{
    return stint_posix_io.open(context, host, port, left_ms);
}

static int port_read(void *context, uint8_t *buffer, size_t room)
{
    return stint_posix_io.read(context, buffer, room);
}

static int port_write(void *context, const uint8_t *data, size_t length)
{
    return stint_posix_io.write(context, data, length);
}

static int port_flush(void *context)
{
    return stint_posix_io.flush(context);
}

static int port_close(void *context)
{
    return stint_posix_io.close(context);
}

static const char *port_local_address(void *context)
{
    return stint_posix_io.local_address(context);
}

const struct stint_io port_io = {port_open,  port_read,  port_write,
                                 port_flush, port_close, port_local_address};

int port_entropy(void *context, uint8_t *buffer, size_t length)
{
    return stint_posix_entropy(context, buffer, length);
}

uint64_t port_unix_time(void)
{
    return stint_posix_unix_time();
}

uint32_t port_ms(void)
{
    return stint_posix_clock_ms();
}

/* A device without an event loop would sleep a little, too. */
void port_wait(unsigned wants, uint32_t ms)
{
    (void)wants;
    poll(NULL, 0, ms < 5 ? (int)ms : 5);
}

int main(int argc, char **argv)
{
    struct stint_account account = {.host = "localhost", .security = STINT_SECURITY_IMPLICIT};

    if (argc != 4) {
        return EXIT_FAILURE;
    }
    account.port = (uint16_t)strtoul(argv[1], NULL, 10);
    account.user = argv[2];
    account.password = argv[3];
    return alert(&posix, &account, "Subject: Pump 3\n\nPressure is low.\n") == STINT_FATE_ACCEPTED
               ? EXIT_SUCCESS
               : EXIT_FAILURE;
}
