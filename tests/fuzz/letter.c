/* SPDX-License-Identifier: MIT */
#include "letter.h"

#define TIMES_MANY   8  /* a message of several records, and of lines that are too long */
#define PAUSES_MAX   16 /* chunks end where the source pauses, and each waits for a reply */
#define SIZE_GUESSED 77

/* The first octet of the settings: bits 0 and 1 are the recipients but one, 4 and 5 the content. */
enum {
    POLICY_ALL = 1 << 2,
    EAGER = 1 << 3,
    SIZE_IS_GUESSED = 1 << 6,
    SIZE_IS_EXACT = 1 << 7 /* both: one octet too many */
};

/* The second one: bits 0 and 1 are how the source ends, 2 and 3 how it goes back. */
enum {
    END_FAILS = 1,
    END_HANGS = 2,
    REWIND_NONE = 1,
    REWIND_FAILS_AT_ONCE = 2,
    REWIND_FAILS_LATER = 3,
    MALFORMED = 1 << 4,
    LATER = 1 << 5,
    MANY_TIMES = 1 << 6,
    OTHER_DOMAINS = 1 << 7
};

static const char *const addresses[] = {
    "b@example.org", "\"c d\"@EXAMPLE.org", "postmaster",    "e@[192.0.2.9]",
    "f@example.com", "g@example.org",       "h@example.com", "i@b.example.com",
};

static int source_read(void *context, uint8_t *buffer, size_t room)
{
    struct letter *letter = context;
    const struct fake_source *message = &letter->given->source;
    size_t move = letter->pauses < PAUSES_MAX ? pace_move(letter->pace, false) : SIZE_MAX;
    size_t n = pace_least(pace_least(move, room), message->length - letter->offset);

    PROMISE(room >= 1 && !letter->has_ended);
    rule_hears_on(letter->rule);
    letter->waits = move == 0 || (n == 0 && letter->hangs);
    if (letter->waits) {
        letter->pauses += move == 0;
        return STINT_SOURCE_AGAIN;
    }
    if (n == 0 && message->end == STINT_SOURCE_END) {
        letter->has_ended = true;
        return STINT_SOURCE_END;
    }
    if (n == 0) {
        rule_fault(letter->rule, STINT_ERROR_SOURCE);
        return STINT_SOURCE_FAILED;
    }
    memcpy(buffer, message->text + letter->offset, n);
    letter->offset += n;
    return (int)n;
}

static int source_rewind(void *context)
{
    struct letter *letter = context;

    letter->offset = 0;
    letter->pauses = 0;
    letter->has_ended = false;
    letter->rewinds++;
    if (letter->stuck_at == 0 || letter->rewinds < letter->stuck_at) {
        return 0;
    }
    rule_cannot_start(letter->rule, letter->number);
    return -1;
}

static void take_message(struct fake_source *message, struct input *input, size_t times)
{
    struct input piece = take_piece(input);
    char *text = malloc(piece.left * times + 1);
    size_t i;

    for (i = 0; i < times; i++) {
        memcpy(text + i * piece.left, piece.octets, piece.left);
    }
    message->text = text;
    message->length = piece.left * times;
}

/* As in stint/source.h. */
static size_t exact_size(const struct fake_source *message)
{
    bool is_binary = message->source.content == STINT_CONTENT_BINARY;
    size_t size = 0;
    char before = '\n';
    size_t i;

    for (i = 0; i < message->length; i++) {
        char octet = message->text[i];
        bool ends_line = octet == '\r' || octet == '\n';

        size += octet == '\n' && before == '\r' ? 0 : ends_line ? 2 : 1;
        before = octet;
    }
    size += before == '\r' || before == '\n' ? 0 : 2;
    return is_binary ? message->length : size;
}

static uint32_t size_of(const struct fake_source *message, unsigned kind)
{
    if ((kind & SIZE_IS_EXACT) == 0) {
        return kind != 0 ? SIZE_GUESSED : 0;
    }
    return (uint32_t)exact_size(message) + (kind != SIZE_IS_EXACT);
}

static void set_source(struct letter *letter, unsigned first, unsigned second)
{
    struct fake_source *message = &letter->given->source;
    struct stint_source *source = &message->source;
    unsigned rewind = second >> 2 & 3;

    letter->stuck_at = rewind == REWIND_FAILS_AT_ONCE ? 1 : rewind == REWIND_FAILS_LATER ? 3 : 0;
    letter->hangs = (second & 3) == END_HANGS;
    message->end = (second & 3) == END_FAILS ? STINT_SOURCE_FAILED : STINT_SOURCE_END;
    source->read = source_read;
    source->rewind = rewind == REWIND_NONE ? NULL : source_rewind;
    source->context = letter;
    source->content = first >> 4 & 3;
    source->size = size_of(message, first & (SIZE_IS_GUESSED | SIZE_IS_EXACT));
    source->size_is_exact = (first & SIZE_IS_EXACT) != 0;
}

static void set_mail(struct transcript_mail *given, unsigned first, unsigned second)
{
    struct stint_mail *mail = &given->mail;
    size_t offset = (second & OTHER_DOMAINS) != 0 ? 4 : 0;
    size_t i;

    mail->reverse_path = "a@example.com";
    mail->recipient_count = (uint16_t)(1 + (first & 3));
    mail->recipients = malloc(mail->recipient_count * sizeof mail->recipients[0]);
    memset(mail->recipients, 0xA5, mail->recipient_count * sizeof mail->recipients[0]);
    for (i = 0; i < mail->recipient_count; i++) {
        mail->recipients[i].address = addresses[i + offset];
        mail->recipients[i].notify = 0;
    }
    mail->policy = (first & POLICY_ALL) != 0 ? STINT_POLICY_ALL : STINT_POLICY_ANY;
    mail->eager = (first & EAGER) != 0;
    mail->source = &given->source.source;
    mail->next = NULL;
}

void letter_start(struct letter *letter, struct transcript_mail *given, size_t number,
                  struct input *input)
{
    unsigned first = take_octet(input);
    unsigned second = take_octet(input);

    memset(given, 0, sizeof *given);
    letter->given = given;
    letter->number = number;
    take_message(&given->source, input, (second & MANY_TIMES) != 0 ? TIMES_MANY : 1);
    set_source(letter, first, second);
    set_mail(given, first, second);
    if (number > 0 && (second & MALFORMED) != 0) {
        given->mail.recipients[given->mail.recipient_count - 1].address = "j";
    }
    given->is_later = number > 0 && (second & LATER) != 0;
}

void letter_end(struct letter *letter)
{
    free((char *)(uintptr_t)letter->given->source.text);
    free(letter->given->mail.recipients);
}
