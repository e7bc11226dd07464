/* SPDX-License-Identifier: MIT */
#include "effort.h"

#include "clock.h"
#include "console.h"

enum stint_progress effort_step(struct effort *effort, struct stint_client *client)
{
    uint32_t *part = stint_is_secure(client) ? &effort->after : &effort->until_secure;
    uint32_t begun = clock_count(), took;
    enum stint_progress progress = stint_step(client, clock_ms());

    took = clock_count() - begun;
    *part += took;
    effort->longest = took > effort->longest ? took : effort->longest;
    return progress;
}

void effort_print(const struct effort *effort)
{
    console_number(" count ", effort->until_secure);
    console_number(" after ", effort->after);
    console_number(" longest ", effort->longest);
}
