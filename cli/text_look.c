/* SPDX-License-Identifier: MIT */
#include "text_look.h"

#include <string.h>

#define BLOCK_OCTETS 4096

static void look_at_line_end(struct text_look *look, uint8_t octet)
{
    if (octet == '\n') {
        look->line_ends |= look->last == '\r' ? LINE_END_CRLF : LINE_END_LF;
    } else if (look->last == '\r') {
        look->line_ends |= LINE_END_CR;
    }
    look->last = octet;
}

/* RFC 3629 4: its first octet says how many there are, and some what the second one may be. */
static void begin_character(struct text_look *look, uint8_t octet)
{
    look->left = octet < 0xE0 ? 1 : octet < 0xF0 ? 2 : 3;
    look->least = octet == 0xE0 ? 0xA0 : octet == 0xF0 ? 0x90 : 0x80;
    look->most = octet == 0xED ? 0x9F : octet == 0xF4 ? 0x8F : 0xBF;
    look->is_utf8 = look->is_utf8 && octet >= 0xC2 && octet <= 0xF4;
}

static void look_at_character(struct text_look *look, uint8_t octet)
{
    if (look->left > 0) {
        look->is_utf8 = look->is_utf8 && octet >= look->least && octet <= look->most;
        look->least = 0x80;
        look->most = 0xBF;
        look->left--;
    } else if (octet >= 0x80) {
        begin_character(look, octet);
    }
}

int text_look_at(struct text_look *look, const struct stint_part *part)
{
    uint8_t block[BLOCK_OCTETS];
    uint32_t offset = 0;

    memset(look, 0, sizeof *look);
    look->is_utf8 = true;
    while (offset < part->size) {
        int got = part->read(part->context, offset, block, sizeof block);

        if (got <= 0) {
            return got;
        }
        look->holds_nul = look->holds_nul || memchr(block, '\0', (size_t)got) != NULL;
        for (int i = 0; i < got; i++) {
            look_at_line_end(look, block[i]);
            look_at_character(look, block[i]);
        }
        offset += (uint32_t)got;
    }
    look_at_line_end(look, '\0');
    look->is_utf8 = look->is_utf8 && look->left == 0;
    return 0;
}

bool text_look_is_plain(const struct text_look *look)
{
    return look->is_utf8 && !look->holds_nul &&
           (look->line_ends == 0 || look->line_ends == LINE_END_LF ||
            look->line_ends == LINE_END_CRLF);
}
