/* SPDX-License-Identifier: MIT */
#include "kinds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEN(x) x x x x x x x x x x

/* clang-format off */
#define PORT(name, counter, mishap)   {name, counter, mishap, TROUBLE_NONE, SWAP_NONE, NULL, 0, TEMPER_STRICT}
#define WORLD(name, counter, trouble) {name, counter, MISHAP_NONE, trouble, SWAP_NONE, NULL, 0, TEMPER_STRICT}
#define EARLY(name, words)            {"early-" name, COUNT_UP, MISHAP_INTERRUPTS, TROUBLE_NONE, SWAP_NONE, words, sizeof words - 1, TEMPER_STRICT}
#define SWAP(name, swap, words, temper)                                                            \
    {"reply-" name, COUNT_REPLIES, MISHAP_NONE, TROUBLE_NONE, swap, words, sizeof words - 1, temper}
#define REPLY(name, words)            SWAP(name, SWAP_WORDS, words, TEMPER_STRICT)

const struct kind kinds[] = {
    PORT("whole",        COUNT_NOTHING, MISHAP_NONE),
    PORT("read-closes",  COUNT_DOWN,    MISHAP_READ_CLOSES),
    PORT("read-fails",   COUNT_DOWN,    MISHAP_READ_FAILS),
    PORT("read-huge",    COUNT_DOWN,    MISHAP_READ_HUGE),
    PORT("read-stalls",  COUNT_DOWN,    MISHAP_READ_STALLS),
    PORT("flips",        COUNT_DOWN,    MISHAP_FLIPS),
    PORT("write-closes", COUNT_UP,      MISHAP_WRITE_CLOSES),
    PORT("write-fails",  COUNT_UP,      MISHAP_WRITE_FAILS),
    PORT("write-stalls", COUNT_UP,      MISHAP_WRITE_STALLS),
    PORT("call-fails",   COUNT_CALLS,   MISHAP_CALL_FAILS),
    PORT("call-pauses",  COUNT_CALLS,   MISHAP_CALL_PAUSES),

    WORLD("time-leaps",    COUNT_STEPS,   TROUBLE_LEAP),
    WORLD("time-stands",   COUNT_NOTHING, TROUBLE_STANDSTILL),
    WORLD("aborted",       COUNT_STEPS,   TROUBLE_ABORT),
    WORLD("no-entropy",    COUNT_NOTHING, TROUBLE_ENTROPY),
    WORLD("source-fails",  COUNT_READS,   TROUBLE_SOURCE),
    WORLD("rewind-fails",  COUNT_REWINDS, TROUBLE_REWIND),
    WORLD("no-address",    COUNT_NOTHING, TROUBLE_NO_ADDRESS),
    WORLD("other-name",    COUNT_NOTHING, TROUBLE_OTHER_NAME),

    EARLY("421", "421 4.3.2 Leaving\r\n"),
    EARLY("552", "552 5.3.4 Too big\r\n"),
    EARLY("250", "250 2.0.0 Ok\r\n"),

    REPLY("421",          "421 4.3.2 Leaving\r\n"),
    SWAP ("450",          SWAP_WORDS, "450 4.3.0 Later\r\n", TEMPER_LENIENT),
    REPLY("452",          "452 4.5.3 Too many\r\n"),
    SWAP ("499-bare",     SWAP_WORDS, "499\r\n", TEMPER_STUBBORN),
    REPLY("550",          "550 5.3.0 No\r\n"),
    SWAP ("550-lines",    SWAP_WORDS, "550-5.3.0 No\r\n550 never\r\n", TEMPER_STUBBORN),
    SWAP ("599-bare",     SWAP_WORDS, "599\r\n", TEMPER_LENIENT),
    REPLY("150",          "150 Wait\r\n"),
    REPLY("199-bare",     "199\r\n"),
    REPLY("350",          "350 Go on\r\n"),
    REPLY("355-bare",     "355\r\n"),
    REPLY("250",          "250 Ok\r\n"),
    REPLY("221",          "221 2.0.0 Bye\r\n"),
    SWAP ("299",          SWAP_WORDS, "299 Hm\r\n", TEMPER_STUBBORN),
    REPLY("garbage",      "Hello\r\n"),
    REPLY("2a0",          "2a0 Hm\r\n"),
    REPLY("650",          "650 Hm\r\n"),
    REPLY("no-separator", "250_Hm\r\n"),
    REPLY("mixed-codes",  "250-Hm\r\n550 Hm\r\n"),
    REPLY("bare-lf",      "250 Hm\n"),
    REPLY("bare-cr",      "250 H\rm\r\n"),
    REPLY("nul",          "250 H\0m\r\n"),
    SWAP ("bare-code",    SWAP_TEXT, "xyz\r\n", TEMPER_STRICT),
    SWAP ("long-line",    SWAP_TEXT, "xyz " TEN(TEN("octets")) "\r\n", TEMPER_STRICT),
    SWAP ("twice",        SWAP_TWICE, "", TEMPER_STRICT),
    SWAP ("none",         SWAP_AWAY, "", TEMPER_STUBBORN),
};
/* clang-format on */
const size_t kind_count = sizeof kinds / sizeof kinds[0];

const struct kind *kind_named(const char *name, size_t length)
{
    size_t i;

    for (i = 0; i < kind_count; i++) {
        if (strlen(kinds[i].name) == length && memcmp(kinds[i].name, name, length) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

void kind_print(const struct fault_case *one, char *text, size_t room)
{
    char at[32] = "";
    char split[32] = "";

    if (one->kind->counter != COUNT_NOTHING) {
        snprintf(at, sizeof at, "@%zu", one->at);
    }
    if (one->manner.most > 0) {
        snprintf(split, sizeof split, ":split=%zu", one->manner.most);
    }
    snprintf(text, room, "%s%s%s%s%s%s%s%s", one->kind->name, at, split,
             one->manner.again ? ":again" : "", one->manner.one_buffer ? ":one-buffer" : "",
             one->manner.rsa ? ":rsa" : "", one->manner.late ? ":late" : "",
             one->manner.prompt ? ":prompt" : "");
}

static bool is_word(const char *word, size_t length, const char *wanted)
{
    return strlen(wanted) == length && memcmp(word, wanted, length) == 0;
}

static bool parse_manner(struct manner *manner, const char *word, size_t length)
{
    if (length > 6 && memcmp(word, "split=", 6) == 0) {
        manner->most = strtoul(word + 6, NULL, 10);
        return manner->most > 0;
    }
    if (is_word(word, length, "again")) {
        manner->again = true;
    } else if (is_word(word, length, "one-buffer")) {
        manner->one_buffer = true;
    } else if (is_word(word, length, "rsa")) {
        manner->rsa = true;
    } else if (is_word(word, length, "late")) {
        manner->late = true;
    } else if (is_word(word, length, "prompt")) {
        manner->prompt = true;
    } else {
        return false;
    }
    return true;
}

bool kind_parse(struct fault_case *one, const char *text)
{
    size_t length = strcspn(text, "@:");
    const char *rest = text + length;
    bool good = true;

    memset(one, 0, sizeof *one);
    one->kind = kind_named(text, length);
    if (*rest == '@') {
        one->at = strtoul(rest + 1, NULL, 10);
        rest += strcspn(rest, ":");
    }
    while (good && *rest == ':') {
        length = strcspn(rest + 1, ":");
        good = parse_manner(&one->manner, rest + 1, length);
        rest += 1 + length;
    }
    return good && one->kind != NULL && *rest == '\0';
}
