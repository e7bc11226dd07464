/* SPDX-License-Identifier: MIT */
#include "limits.h"

#include "console.h"
#include "stack.h"

#include "lwip/memp.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/stats.h"

static uint32_t heap_before;

void limits_begin(void)
{
    heap_before = lwip_stats.mem.used;
}

/* A connection that has ended waits for stray segments (RFC 9293 3.6.1) in a block that lwIP takes
 * for the next one if it must; and lwIP's timers and groups stay for good. */
static uint32_t kept(size_t pool)
{
    switch (pool) {
    case MEMP_TCP_PCB: return tcp_tw_pcbs != NULL;
    case MEMP_TCP_SEG:
    case MEMP_PBUF:
    case MEMP_PBUF_POOL: return 0;
    default: return lwip_stats.memp[pool]->used;
    }
}

bool limits_all_is_back(void)
{
    for (size_t i = 0; i < MEMP_MAX; i++) {
        if (lwip_stats.memp[i]->used != kept(i)) {
            return false;
        }
    }
    return lwip_stats.mem.used <= heap_before;
}

static bool show(const char *name, size_t used, size_t limit)
{
    console_number(name, used);
    console_number(" of ", limit);
    console_text("\n");
    return used <= limit;
}

bool limits_hold(void)
{
    /* An untouched word is what shows that the stack went no deeper. */
    bool hold = show("stack ", stack_peak(), stack_size() - sizeof(uint32_t));

    hold &= show("heap ", lwip_stats.mem.max, lwip_stats.mem.avail);
    hold &= lwip_stats.mem.err == 0;
    for (size_t i = 0; i < MEMP_MAX; i++) {
        hold &= show("pool ", lwip_stats.memp[i]->max, lwip_stats.memp[i]->avail);
        hold &= lwip_stats.memp[i]->err == 0;
    }
    return hold;
}
