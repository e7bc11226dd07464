/* SPDX-License-Identifier: MIT */
#include "session/capabilities.h"

#include "stint/config.h"

#include <string.h>

#define LENGTH_OF(array) (sizeof(array) / sizeof(array)[0])

/* A word that means something, and its bit. */
struct word {
    char letters[STINT_KEYWORD_MAX];
    uint16_t bit;
};

static const struct word keywords[] = {
    {"STARTTLS", STINT_EXTENSION_STARTTLS},
    {"AUTH", STINT_EXTENSION_AUTH},
    {"SIZE", STINT_EXTENSION_SIZE},
    {"8BITMIME", STINT_EXTENSION_8BITMIME},
#if STINT_PIPELINING
    {"PIPELINING", STINT_EXTENSION_PIPELINING},
#endif
#if STINT_ENHANCED
    {"ENHANCEDSTATUSCODES", STINT_EXTENSION_ENHANCEDSTATUSCODES},
#endif
#if STINT_CHUNKING
    {"CHUNKING", STINT_EXTENSION_CHUNKING},
    {"BINARYMIME", STINT_EXTENSION_BINARYMIME},
#endif
#if STINT_LIMITS
    {"LIMITS", STINT_EXTENSION_LIMITS},
#endif
#if STINT_SMTPUTF8
    {"SMTPUTF8", STINT_EXTENSION_SMTPUTF8},
#endif
#if STINT_PARAMETERS
    {"DSN", STINT_EXTENSION_DSN},
    {"REQUIRETLS", STINT_EXTENSION_REQUIRETLS},
    {"MT-PRIORITY", STINT_EXTENSION_MT_PRIORITY},
    {"DELIVERBY", STINT_EXTENSION_DELIVERBY},
    {"FUTURERELEASE", STINT_EXTENSION_FUTURERELEASE},
#endif
};

static const struct word mechanisms[] = {
#if STINT_SCRAM
    {"SCRAM-SHA-256-PLUS", STINT_MECHANISM_SCRAM_SHA_256_PLUS},
    {"SCRAM-SHA-256", STINT_MECHANISM_SCRAM_SHA_256},
#endif
#if STINT_SCRAM && STINT_SCRAM_SHA_1
    {"SCRAM-SHA-1-PLUS", STINT_MECHANISM_SCRAM_SHA_1_PLUS},
    {"SCRAM-SHA-1", STINT_MECHANISM_SCRAM_SHA_1},
#endif
    {"PLAIN", STINT_MECHANISM_PLAIN},
    {"LOGIN", STINT_MECHANISM_LOGIN},
#if STINT_CRAM_MD5
    {"CRAM-MD5", STINT_MECHANISM_CRAM_MD5},
#endif
#if STINT_OAUTH
    {"OAUTHBEARER", STINT_MECHANISM_OAUTHBEARER},
    {"XOAUTH2", STINT_MECHANISM_XOAUTH2},
#endif
#if STINT_EXTERNAL
    {"EXTERNAL", STINT_MECHANISM_EXTERNAL},
#endif
};

void stint_capabilities_clear(struct stint_capabilities *capabilities)
{
    memset(capabilities, 0, sizeof *capabilities);
    capabilities->first_line = true;
}

static uint8_t upper(uint8_t octet)
{
    return octet >= 'a' && octet <= 'z' ? (uint8_t)(octet - 'a' + 'A') : octet;
}

/* The bit of the word that was read, whole; 0 if it is none of the `count` in `words`. */
static uint16_t look_up(const struct stint_capabilities *c, const struct word *words, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (strlen(words[i].letters) == c->length &&
            memcmp(words[i].letters, c->letters, c->length) == 0) {
            return words[i].bit;
        }
    }
    return 0;
}

/* The word from `start` on as a number; 0 for nothing, or for what is no number of 32 bits. */
static uint32_t number(const struct stint_capabilities *c, size_t start)
{
    uint32_t value = 0;
    unsigned digit;
    size_t i;

    if (c->length > STINT_KEYWORD_MAX) {
        return 0;
    }
    for (i = start; i < c->length; i++) {
        digit = (unsigned)(uint8_t)c->letters[i] - '0';
        if (digit > 9 || value > (UINT32_MAX - digit) / 10) {
            return 0;
        }
        value = value * 10 + digit;
    }
    return value;
}

/* RFC 9422 3: names that are not known, and values that are no number, are passed over. */
static void limit(struct stint_capabilities *c)
{
    static const char names[][16] = {
        [STINT_LIMIT_MAILMAX] = "MAILMAX=",
        [STINT_LIMIT_RCPTMAX] = "RCPTMAX=",
        [STINT_LIMIT_RCPTDOMAINMAX] = "RCPTDOMAINMAX=",
    };
    uint32_t value;
    size_t i;

    for (i = 0; i < LENGTH_OF(names); i++) {
        if (strlen(names[i]) < c->length && memcmp(names[i], c->letters, strlen(names[i])) == 0) {
            value = number(c, strlen(names[i]));
            value = value < UINT16_MAX ? value : UINT16_MAX;
            c->limits[i] = value > 0 ? (uint16_t)value : c->limits[i];
        }
    }
}

static void word_end(struct stint_capabilities *c)
{
    if (c->length == 0 && c->word != 0) {
        return; /* one space more between parameters */
    }
    if (c->word == 0) {
        c->line = look_up(c, keywords, LENGTH_OF(keywords));
        c->extensions |= c->line;
    } else if (c->line == STINT_EXTENSION_AUTH) {
        c->mechanisms |= look_up(c, mechanisms, LENGTH_OF(mechanisms));
    } else if (c->line == STINT_EXTENSION_SIZE && c->word == 1) {
        c->size = number(c, 0); /* RFC 1870 4: with 0 no limit is known */
    } else if (STINT_PARAMETERS && c->line == STINT_EXTENSION_DELIVERBY && c->word == 1) {
        c->by_min = number(c, 0);
    } else if (STINT_PARAMETERS && c->line == STINT_EXTENSION_FUTURERELEASE && c->word == 1) {
        c->hold_max = number(c, 0);
    } else if (STINT_LIMITS && c->line == STINT_EXTENSION_LIMITS) {
        limit(c);
    }
    c->word = c->word == 0 ? 1 : 2;
    c->length = 0;
}

/* Servers for old clients write "AUTH=PLAIN LOGIN": the keyword ends at "=". */
static bool old_auth(const struct stint_capabilities *c, uint8_t octet)
{
    return octet == '=' && c->word == 0 && c->length == 4 && memcmp(c->letters, "AUTH", 4) == 0;
}

void stint_capabilities_octet(struct stint_capabilities *c, uint8_t octet)
{
    if (c->first_line) {
        return;
    }
    if (octet == ' ' || old_auth(c, octet)) {
        word_end(c);
    } else if (c->length < STINT_KEYWORD_MAX) {
        c->letters[c->length++] = (char)upper(octet);
    } else {
        c->length = STINT_KEYWORD_MAX + 1;
    }
}

void stint_capabilities_line_end(struct stint_capabilities *c)
{
    if (!c->first_line) {
        word_end(c);
    }
    c->first_line = false;
    c->word = 0;
    c->length = 0;
    c->line = 0;
}

bool stint_capabilities_offer(const struct stint_capabilities *c, enum stint_extension extension)
{
    return (c->extensions & extension) != 0;
}
