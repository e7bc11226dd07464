/* SPDX-License-Identifier: MIT */
#include "stint_lwip.h"

#define RETRY_MS 100

uint32_t stint_lwip_wait_ms(const struct stint_lwip *port, const struct stint_client *client,
                            uint32_t now_ms)
{
    uint32_t wait = stint_wait_ms(client, now_ms);

    return port->retries && wait > RETRY_MS ? RETRY_MS : wait;
}
