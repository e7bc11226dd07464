/* SPDX-License-Identifier: MIT */
#include "test.h"

#include "composed.h"
#include "guard.h"
#include "message/utf8.h"

#include <stdlib.h>

void composed_read(struct composed *composed, struct stint_composer *composer, size_t room)
{
    const struct stint_source *source = &composer->source;
    static struct guard guard;
    int got;

    if (guard.mapping == NULL) {
        guard_map(&guard, COMPOSED_MAX);
    }
    composed->length = 0;
    assert_int_equal(source->rewind(source->context), 0);
    while ((got = source->read(source->context, guard.end - room, room)) > 0) {
        assert_true((size_t)got <= room);
        assert_true(composed->length + (size_t)got <= COMPOSED_MAX);
        memcpy(composed->octets + composed->length, guard.end - room, (size_t)got);
        composed->length += (size_t)got;
    }
    assert_int_equal(got, STINT_SOURCE_END);
    assert_int_equal(source->read(source->context, guard.end - room, room), STINT_SOURCE_END);
    composed->octets[composed->length] = '\0';
}

static void check_lines(const struct composed *composed, size_t longest)
{
    const char *line = composed->octets;
    const char *end = composed->octets + composed->length;
    const char *lf;

    while (line < end) {
        lf = memchr(line, '\n', (size_t)(end - line));
        assert_non_null(lf);
        assert_true(lf > line && lf[-1] == '\r');
        assert_true((size_t)(lf - 1 - line) <= longest);
        assert_null(memchr(line, '\r', (size_t)(lf - 1 - line)));
        line = lf + 1;
    }
}

void composed_check(struct composed *composed, struct stint_composer *composer, size_t longest)
{
    static const size_t rooms[] = {1, 2, 3, 5, 7, 57, 75, 76, 77, 78, 79, 80, 81, 128, 256, 1000};
    static struct composed again;
    size_t i;

    assert_int_equal(composer->fault, STINT_MESSAGE_GOOD);
    composed_read(composed, composer, COMPOSED_MAX);
    assert_true(composer->source.size_is_exact);
    assert_int_equal(composer->source.size, composed->length);
    assert_int_equal(composer->source.content, STINT_CONTENT_7BIT);
    check_lines(composed, longest > 76 ? longest : 76);
    for (i = 0; i < COUNT(rooms); i++) {
        if (composed->length * composed->length / rooms[i] < 100000000) {
            composed_read(&again, composer, rooms[i]);
            assert_int_equal(again.length, composed->length);
            assert_memory_equal(again.octets, composed->octets, composed->length);
        }
    }
}

static bool begins_field(const char *line, const char *name)
{
    size_t length = strlen(name);

    return strncmp(line, name, length) == 0 && line[length] == ':';
}

const char *composed_field(const struct composed *composed, const char *name)
{
    static char value[COMPOSED_MAX];
    const char *line = composed->octets;
    const char *end = composed_body(composed) - 2;
    size_t n = 0;

    while (line < end && !begins_field(line, name)) {
        line = strchr(line, '\n') + 1;
    }
    if (line == end) {
        return NULL;
    }
    line += strlen(name) + 1;
    line += *line == ' ';
    while (line[0] != '\r' || line[2] == ' ') {
        if (line[0] == '\r') {
            line += 2;
        }
        value[n++] = *line++;
    }
    value[n] = '\0';
    return value;
}

const char *composed_body(const struct composed *composed)
{
    const char *end = strstr(composed->octets, "\r\n\r\n");

    assert_non_null(end);
    return end + 4;
}

static unsigned hexadecimal(const char *digits)
{
    static const char all[] = "0123456789ABCDEF";
    const char *high = strchr(all, digits[0]);
    const char *low = strchr(all, digits[1]);

    assert_true(digits[0] != '\0' && high != NULL && digits[1] != '\0' && low != NULL);
    return (unsigned)(high - all) << 4 | (unsigned)(low - all);
}

/* The word's text to `text`; returns what is behind the word. */
static const char *decode_word(const char *word, char *text)
{
    const char *begin = word;

    for (word += strlen("=?UTF-8?Q?"); *word != '?'; text++) {
        assert_true(*word > ' ' && *word <= '~');
        if (*word == '=') {
            *text = (char)hexadecimal(word + 1);
            word += 3;
        } else {
            *text = *word == '_' ? ' ' : *word;
            word++;
        }
    }
    *text = '\0';
    assert_int_equal(word[1], '=');
    assert_true(word + 2 - begin <= 75);
    return word + 2;
}

const char *composed_decode_words(const char *value)
{
    static char text[COMPOSED_MAX];
    size_t n = 0;
    bool behind_word = false;

    while (*value != '\0') {
        if (behind_word && strncmp(value, " =?", 3) == 0) {
            value++;
        }
        behind_word = strncmp(value, "=?UTF-8?Q?", 10) == 0;
        if (behind_word) {
            value = decode_word(value, text + n);
            assert_int_equal(stint_utf8_fault(text + n, ' '), STINT_MESSAGE_GOOD);
            n += strlen(text + n);
        } else {
            text[n++] = *value++;
        }
    }
    text[n] = '\0';
    return text;
}

size_t composed_decode_quoted(const char *quoted, size_t length, char *text)
{
    const char *end = quoted + length;
    size_t n = 0;

    while (quoted < end) {
        if (quoted[0] == '=' && quoted[1] == '\r') {
            assert_int_equal(quoted[2], '\n');
            quoted += 3;
        } else if (quoted[0] == '=') {
            text[n++] = (char)hexadecimal(quoted + 1);
            quoted += 3;
        } else {
            if (quoted[0] == '\r') {
                assert_int_equal(quoted[1], '\n');
            } else if (quoted[0] != '\n') {
                assert_true(quoted[0] >= ' ' && quoted[0] <= '~');
                assert_true(quoted[0] != ' ' || quoted[1] != '\r');
            }
            text[n++] = *quoted++;
        }
    }
    text[n] = '\0';
    return n;
}

int composed_entropy(void *state, uint8_t *buffer, size_t length)
{
    size_t i;

    for (i = 0; i < length; i++) {
        buffer[i] = (uint8_t)(test_random(state) >> 11);
    }
    return 1;
}
