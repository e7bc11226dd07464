/* SPDX-License-Identifier: MIT */
#include "message/base64_lines.h"
#include "message/encoding.h"
#include "message/letter.h"
#include "message/quoted.h"
#include "message/utf8.h"

/*
 * The bodies are the table below (RFC 2046 5.1): what is opened, put and closed after what. Of the
 * levels of multipart only those are there that have more than one part to hold.
 */

enum level { NONE, MIXED, ALTERNATIVE, RELATED };

enum kind { OPEN, CLOSE, TEXT, HTML, SHOWN, ATTACHED, END };

/* clang-format off */
static const struct {
    uint8_t kind;
    uint8_t level; /* that it opens, or closes, or is in if there is that one */
} rows[] = {
    {OPEN,     MIXED},
    {OPEN,     ALTERNATIVE},
    {TEXT,     ALTERNATIVE},
    {OPEN,     RELATED},
    {HTML,     RELATED},
    {SHOWN,    RELATED},
    {CLOSE,    RELATED},
    {CLOSE,    ALTERNATIVE},
    {ATTACHED, MIXED},
    {CLOSE,    MIXED},
    {END,      NONE},
};
/* clang-format on */

/* ---- Which there are ---- */

/* Is it for the HTML? */
static bool is_shown(const struct stint_letter *letter, const struct stint_part *part)
{
    return letter->html != NULL && part->id != NULL;
}

static uint8_t levels_of(const struct stint_letter *letter)
{
    unsigned levels = 0;
    uint16_t i;

    if (letter->message.text != NULL && letter->html != NULL) {
        levels = 1U << ALTERNATIVE;
    }
    for (i = 0; i < letter->part_count; i++) {
        levels |= 1U << (is_shown(letter, &letter->parts[i]) ? RELATED : MIXED);
    }
    return (uint8_t)levels;
}

static bool has_level(const struct stint_letter_composer *composer, unsigned level)
{
    return (composer->levels >> level & 1) != 0;
}

/* ---- What is wrong with them ---- */

static enum stint_message_fault look_at_text(struct stint_letter_composer *composer,
                                             enum stint_message_field field, const char *text,
                                             uint8_t *encoding)
{
    composer->composer.field = (uint8_t)field;
    if (text == NULL) {
        return STINT_MESSAGE_GOOD;
    }
    *encoding = (uint8_t)stint_encoding_of(text);
    return stint_utf8_fault(text, 0);
}

enum stint_message_fault stint_bodies_look(struct stint_letter_composer *composer)
{
    const struct stint_letter *letter = composer->letter;
    const char *text = letter->message.text;
    enum stint_message_fault fault;

    composer->levels = levels_of(letter);
    fault = look_at_text(composer, STINT_MESSAGE_TEXT, text, &composer->encodings[0]);
    if (fault != STINT_MESSAGE_GOOD) {
        return fault;
    }
    if (text == NULL && letter->html == NULL && letter->part_count == 0) {
        return STINT_MESSAGE_MISSING;
    }
    fault = look_at_text(composer, STINT_MESSAGE_HTML, letter->html, &composer->encodings[1]);
    if (fault != STINT_MESSAGE_GOOD) {
        return fault;
    }
    return stint_parts_set(composer, letter->parts, letter->part_count);
}

/* ---- What is put ---- */

/* The innermost level that there is, up to `level`. */
static unsigned level_at(struct stint_composer *composer, unsigned level)
{
    while (level > NONE && !has_level(stint_letter_composer(composer), level)) {
        level--;
    }
    return level;
}

/* In front of a part that may be in `level`. */
static void put_delimiter(struct stint_composer *composer, unsigned level)
{
    level = level_at(composer, level);
    if (level > NONE) {
        stint_parts_put_boundary(composer, level, "");
    }
}

static void next_row(struct stint_composer *composer)
{
    composer->next.row++;
    composer->next.item = 0;
    composer->next.offset = 0;
    composer->next.text = stint_parts_begin;
}

static void put_open(struct stint_composer *composer, unsigned level)
{
    static const char *const types[] = {
        [MIXED] = "mixed",
        [ALTERNATIVE] = "alternative",
        [RELATED] = "related; type=\"text/html\"", /* RFC 2387 3.1 */
    };

    put_delimiter(composer, level - 1);
    stint_put_string(composer, "Content-Type: multipart/");
    stint_put_string(composer, types[level]);
    stint_put_string(composer, "; boundary=\"=_");
    stint_put_char(composer, '0' + level);
    stint_put_char(composer, '"');
    stint_put_line_end(composer);
    stint_put_line_end(composer);
}

static void put_encoding(struct stint_composer *composer, unsigned encoding)
{
    static const char *const names[] = {"7bit", "quoted-printable", "base64"};

    stint_put_string(composer, "Content-Transfer-Encoding: ");
    stint_put_string(composer, names[encoding]);
    stint_put_line_end(composer);
}

static void put_text_header(struct stint_composer *composer, unsigned level, bool is_html,
                            unsigned encoding)
{
    put_delimiter(composer, level);
    stint_put_string(composer, is_html ? "Content-Type: text/html" : "Content-Type: text/plain");
    stint_put_string(composer, "; charset=utf-8");
    if (!is_html && stint_letter_composer(composer)->letter->flowed) {
        stint_put_string(composer, "; format=flowed");
    }
    stint_put_line_end(composer);
    put_encoding(composer, encoding);
    stint_put_line_end(composer);
}

/* A line, and as many more as there is room for: that is faster than a unit for each. */
static void put_lines(struct stint_composer *composer, unsigned encoding)
{
    do {
        if (encoding == STINT_ENCODING_BASE64) {
            stint_put_base64_text(composer);
        } else {
            stint_put_quoted_line(composer);
        }
    } while (*composer->next.text != '\0' &&
             composer->position + STINT_BASE64_LINE <= composer->taken + composer->room);
}

static void put_text(struct stint_composer *composer, unsigned level, bool is_html,
                     const char *text)
{
    unsigned encoding = stint_letter_composer(composer)->encodings[is_html];

    if (composer->next.text == stint_parts_begin) {
        put_text_header(composer, level, is_html, encoding);
        composer->next.text = text;
    } else {
        put_lines(composer, encoding);
    }
    if (*composer->next.text == '\0') {
        next_row(composer);
    }
}

/* Those that are shown, or the others. */
static void put_parts(struct stint_composer *composer, unsigned level, bool shown)
{
    const struct stint_letter *letter = stint_letter_composer(composer)->letter;

    if (composer->next.item == letter->part_count) {
        next_row(composer);
    } else if (is_shown(letter, &letter->parts[composer->next.item]) == shown) {
        stint_parts_put_unit(composer, level);
    } else {
        stint_parts_skip(composer);
    }
}

void stint_bodies_put_unit(struct stint_composer *composer)
{
    const struct stint_letter_composer *letter = stint_letter_composer(composer);
    unsigned kind = rows[composer->next.row].kind;
    unsigned level = rows[composer->next.row].level;
    const char *text = kind == HTML ? letter->letter->html : letter->letter->message.text;

    switch (kind) {
    case TEXT:
    case HTML:
        if (text != NULL) {
            put_text(composer, level, kind == HTML, text);
        } else {
            next_row(composer);
        }
        break;
    case SHOWN:
    case ATTACHED: put_parts(composer, level, kind == SHOWN); break;
    case END: composer->next.text = ""; break;
    default:
        if (has_level(letter, level) && kind == OPEN) {
            put_open(composer, level);
        } else if (has_level(letter, level)) {
            stint_parts_put_boundary(composer, level, "--");
        }
        next_row(composer);
        break;
    }
}
