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
    source->size = length <= UINT32_MAX ? (uint32_t)length : 0;
}
