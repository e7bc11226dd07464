/* SPDX-License-Identifier: MIT */
#include "heard.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

void heard_start(struct heard *heard)
{
    memset(heard, 0, sizeof *heard);
    heard->is_first_line = true;
    heard->is_base64 = true;
}

static void keep_text(struct heard *heard, char octet)
{
    bool shown = (octet >= ' ' && octet <= '~') || octet == '\n';

    if (heard->text_length + 1 < sizeof heard->text) {
        heard->text[heard->text_length++] = shown ? octet : '?';
        heard->text[heard->text_length] = '\0';
    }
}

/* Is `octet` possible in a line where it stands? */
static bool is_possible(const struct heard *heard, char octet)
{
    size_t place = heard->line_length;
    bool is_digit = octet >= '0' && octet <= '9';

    if (heard->after_cr || octet == '\n') {
        return heard->after_cr && octet == '\n';
    }
    switch (place) {
    case 0: return octet >= '1' && octet <= '5';
    case 1: return is_digit;
    case 2:
        return is_digit &&
               (heard->is_first_line ||
                (memcmp(heard->line, heard->first_code, 2) == 0 && octet == heard->first_code[2]));
    case 3: return octet == ' ' || octet == '-' || octet == '\r';
    default: return octet != '\0';
    }
}

/* Of one to three digits, with one of `ends` behind it. */
static bool number(const char **text, const char *ends, uint16_t *value)
{
    size_t digits = strspn(*text, "0123456789");
    const char *behind = *text + digits;
    bool is_good = digits >= 1 && digits <= 3 && *behind != '\0' && strchr(ends, *behind) != NULL;

    *value = (uint16_t)strtoul(*text, NULL, 10);
    *text = behind + 1;
    return is_good;
}

/* RFC 3463 2, RFC 2034 3. */
static void read_enhanced(struct heard *heard)
{
    struct stint_enhanced value = {0, 0, 0};
    const char *text = heard->line + 4;
    uint16_t first;

    if (heard->line_length > 5 && heard->line[5] == '.' && number(&text, ".", &first) &&
        number(&text, ".", &value.subject) && number(&text, " \r", &value.detail) &&
        first == heard->code / 100 && (first == 2 || first == 4 || first == 5)) {
        value.status_class = (uint8_t)first;
        heard->enhanced = value;
    }
}

static enum heard_event end_line(struct heard *heard)
{
    bool goes_on = heard->line[3] == '-';

    heard->line[heard->line_length] = '\0';
    heard->line_is_complete = true;
    if (heard->is_first_line) {
        memcpy(heard->first_code, heard->line, 3);
        heard->code = (unsigned)strtoul(heard->first_code, NULL, 10);
        read_enhanced(heard);
    }
    if (goes_on) {
        keep_text(heard, '\n');
    }
    heard->is_complete = !goes_on;
    return goes_on ? HEARD_LINE : HEARD_REPLY;
}

static void begin_line(struct heard *heard)
{
    if (heard->is_complete) {
        heard_start(heard);
    } else if (heard->line_is_complete) {
        heard->is_first_line = false;
        heard->line_is_complete = false;
        heard->line_length = 0;
        heard->after_cr = false;
    }
}

bool heard_is_between(const struct heard *heard)
{
    return heard->is_complete || (heard->is_first_line && heard->line_length == 0);
}

enum heard_event heard_octet(struct heard *heard, char octet)
{
    begin_line(heard);
    if (!is_possible(heard, octet)) {
        return HEARD_NONSENSE;
    }
    if (heard->line_length >= 4 && octet != '\r' && octet != '\n') {
        heard->is_base64 = heard->is_base64 && strchr(base64, octet) != NULL;
        keep_text(heard, octet);
    }
    if (heard->line_length + 1 < sizeof heard->line) {
        heard->line[heard->line_length++] = octet;
    }
    heard->after_cr = octet == '\r';
    return octet == '\n' ? end_line(heard) : HEARD_MORE;
}

/* ---- Offers (RFC 5321 4.1.1.1) ---- */

/* No parameter of these is longer: RFC 1870 4 has 20 digits, RFC 9422 4 six, behind a name. */
#define WORD_MAX 20

/* What is no number is none. */
static unsigned long value_of(const char *digits)
{
    char *end;
    unsigned long value = strtoul(digits, &end, 10);

    return digits[0] >= '0' && digits[0] <= '9' && *end == '\0' && value <= UINT32_MAX &&
                   strlen(digits) <= WORD_MAX
               ? value
               : 0;
}

/* The first parameter of the line. */
static unsigned long read_value(void)
{
    const char *digits = strtok(NULL, " \r\n");

    return digits != NULL ? value_of(digits) : 0;
}

static void read_limit(struct offer *offer, const char *word)
{
    const struct {
        const char *name;
        unsigned long *value;
    } limits[] = {{"MAILMAX=", &offer->mail_max},
                  {"RCPTMAX=", &offer->rcpt_max},
                  {"RCPTDOMAINMAX=", &offer->domain_max}};
    size_t i;

    for (i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        size_t length = strlen(limits[i].name);

        if (strlen(word) <= WORD_MAX && strncasecmp(word, limits[i].name, length) == 0 &&
            value_of(word + length) > 0) {
            *limits[i].value = value_of(word + length);
        }
    }
}

static void read_words(struct offer *offer, const char *keyword)
{
    char *word;

    for (word = strtok(NULL, " \r\n"); word != NULL; word = strtok(NULL, " \r\n")) {
        if (strcasecmp(keyword, "LIMITS") == 0) {
            read_limit(offer, word);
        } else {
            offer->plain = offer->plain || strcasecmp(word, "PLAIN") == 0;
            offer->login = offer->login || strcasecmp(word, "LOGIN") == 0;
        }
    }
}

void offer_line(struct offer *offer, char *line)
{
    char *text = line + 4;
    char *keyword = strlen(line) > 5 ? strtok(text, " \r\n") : NULL;

    if (keyword != text) {
        return; /* the keyword begins the line */
    }
    offer->starttls = offer->starttls || strcasecmp(keyword, "STARTTLS") == 0;
    offer->pipelining = offer->pipelining || strcasecmp(keyword, "PIPELINING") == 0;
    offer->eight_bit = offer->eight_bit || strcasecmp(keyword, "8BITMIME") == 0;
    offer->chunking = offer->chunking || strcasecmp(keyword, "CHUNKING") == 0;
    offer->binary = offer->binary || strcasecmp(keyword, "BINARYMIME") == 0;
    offer->auth = offer->auth || strcasecmp(keyword, "AUTH") == 0;
    offer->utf8 = offer->utf8 || strcasecmp(keyword, "SMTPUTF8") == 0;
    offer->dsn = offer->dsn || strcasecmp(keyword, "DSN") == 0;
    offer->requires_tls = offer->requires_tls || strcasecmp(keyword, "REQUIRETLS") == 0;
    offer->priority = offer->priority || strcasecmp(keyword, "MT-PRIORITY") == 0;
    if (strcasecmp(keyword, "SIZE") == 0) {
        offer->size = true;
        offer->size_limit = read_value();
    } else if (strcasecmp(keyword, "DELIVERBY") == 0) {
        offer->deliver_by = true;
        offer->by_min = read_value();
    } else if (strcasecmp(keyword, "FUTURERELEASE") == 0) {
        offer->hold = true;
        offer->hold_max = read_value();
    } else if (strncasecmp(keyword, "AUTH=", 5) == 0) {
        offer->auth = true;
        offer->plain = offer->plain || strcasecmp(keyword + 5, "PLAIN") == 0;
        offer->login = offer->login || strcasecmp(keyword + 5, "LOGIN") == 0;
        read_words(offer, "AUTH");
    } else if (strcasecmp(keyword, "AUTH") == 0 || strcasecmp(keyword, "LIMITS") == 0) {
        read_words(offer, keyword);
    }
}
