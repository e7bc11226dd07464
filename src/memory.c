/* SPDX-License-Identifier: MIT */
#include "stint/source.h"

#include <string.h>

static int memory_read(void *context, uint8_t *buffer, size_t room)
{
    struct stint_memory *memory = context;
    size_t n = memory->length - memory->offset;

    n = n < room ? n : room;
    memcpy(buffer, memory->octets + memory->offset, n);
    memory->offset += n;
    return n > 0 ? (int)n : STINT_SOURCE_END;
}

static int memory_rewind(void *context)
{
    struct stint_memory *memory = context;

    memory->offset = 0;
    return 0;
}

/* With every line end as CRLF, and one at the end. */
static uint32_t size_of_text(const uint8_t *octets, size_t length)
{
    size_t size = length;
    uint8_t before = '\n';
    size_t i;

    for (i = 0; i < length; i++) {
        if (octets[i] == '\n' && before != '\r') {
            size++;
        }
        if (octets[i] != '\n' && before == '\r') {
            size++;
        }
        before = octets[i];
    }
    size += before == '\r' ? 1U : before == '\n' ? 0U : 2U;
    return size <= UINT32_MAX ? (uint32_t)size : 0;
}

void stint_source_from_memory(struct stint_source *source, struct stint_memory *memory,
                              const void *octets, size_t length)
{
    memory->octets = octets;
    memory->length = length;
    memory->offset = 0;
    memset(source, 0, sizeof *source);
    source->read = memory_read;
    source->rewind = memory_rewind;
    source->context = memory;
    source->size = size_of_text(memory->octets, length);
    source->size_is_exact = source->size > 0;
}
