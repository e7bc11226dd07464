/* SPDX-License-Identifier: MIT */
#include "transcript.h"

#include "test.h"

#include <stdlib.h>

/* ---- Text ---- */

/* Where the parser is, for its complaints. */
struct place {
    struct transcript *transcript;
    const char *name;
    unsigned line;
};

static void complain(const struct place *place, const char *what, const char *about)
{
    fail_msg("%s:%u: %s: %s", place->name, place->line, what, about);
}

/* All text lies in one room, in the order of the file: so the lines of a turn lie in a row. */
static void put(struct transcript *transcript, char octet)
{
    assert_true(transcript->used < TRANSCRIPT_ROOM);
    transcript->room[transcript->used++] = octet;
}

static char *end_of_room(struct transcript *transcript)
{
    return transcript->room + transcript->used;
}

static char *keep(struct transcript *transcript, const char *text)
{
    char *copy = end_of_room(transcript);

    do {
        put(transcript, *text);
    } while (*text++ != '\0');
    return copy;
}

static bool starts_with(const char **text, const char *start)
{
    size_t length = strlen(start);

    if (strncmp(*text, start, length) != 0) {
        return false;
    }
    *text += length;
    return true;
}

/* "\{600*x}": so many times the same octet. */
static const char *repeated(const struct place *place, const char *text)
{
    char *end;
    unsigned long count = strtoul(text, &end, 10);

    if (end[0] != '*' || end[1] == '\0' || end[2] != '}') {
        complain(place, "\\{COUNT*OCTET} expected", text);
    }
    while (count-- > 0) {
        put(place->transcript, end[1]);
    }
    return end + 3;
}

static const char *hexadecimal(const struct place *place, const char *text)
{
    char digits[3] = {text[0], text[0] != '\0' ? text[1] : '\0', '\0'};
    char *end;
    unsigned long octet = strtoul(digits, &end, 16);

    if (end != digits + 2) {
        complain(place, "\\xHH expected", text);
    }
    put(place->transcript, (char)octet);
    return text + 2;
}

/* What stands behind a backslash. Returns what comes after it. */
static const char *escape(const struct place *place, const char *text)
{
    static const char letters[] = "rnt0\\";
    static const char octets[] = "\r\n\t\0\\";
    const char *letter = strchr(letters, *text);

    if (*text == 'x') {
        return hexadecimal(place, text + 1);
    }
    if (*text == '{') {
        return repeated(place, text + 1);
    }
    if (*text == '\0' || letter == NULL) {
        complain(place, "unknown escape", text);
        return text;
    }
    put(place->transcript, octets[letter - letters]);
    return text + 1;
}

/* Puts a line's text, with its escapes replaced. Returns false if it ends with \c: no line end. */
static bool unescape(const struct place *place, const char *text)
{
    while (*text != '\0') {
        if (strcmp(text, "\\c") == 0) {
            return false;
        }
        if (*text == '\\') {
            text = escape(place, text + 1);
        } else {
            put(place->transcript, *text++);
        }
    }
    return true;
}

/* ---- Settings: key=value and key="some values" ---- */

/* Takes the next one off `*text`. Returns false at its end. */
static bool next_setting(const struct place *place, char **text, const char **key, char **value)
{
    char *end;

    *text += strspn(*text, " ");
    if (**text == '\0') {
        return false;
    }
    *key = *text;
    *value = strchr(*text, '=');
    if (*value == NULL) {
        complain(place, "KEY=VALUE expected", *text);
    }
    *(*value)++ = '\0';
    if (**value == '"') {
        (*value)++;
        end = strchr(*value, '"');
    } else {
        end = *value + strcspn(*value, " ");
    }
    if (end == NULL) {
        complain(place, "no closing quote", *value);
    }
    *text = *end == '\0' ? end : end + 1;
    *end = '\0';
    return true;
}

static unsigned number(const struct place *place, const char *text)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);

    if (*text == '\0' || *end != '\0') {
        complain(place, "number expected", text);
    }
    return (unsigned)value;
}

/* The index of `text` among `words`. */
static uint8_t choice(const struct place *place, const char *text, const char *const *words)
{
    uint8_t i;

    for (i = 0; words[i] != NULL; i++) {
        if (strcmp(text, words[i]) == 0) {
            return i;
        }
    }
    complain(place, "unknown value", text);
    return 0;
}

/* The value whose name is `text`, with "-" for the spaces in it. */
static uint8_t named(const struct place *place, const char *text, const char *(*name)(unsigned))
{
    uint8_t value;
    size_t i;

    for (value = 0; strcmp(name(value), "?") != 0; value++) {
        const char *candidate = name(value);

        for (i = 0; text[i] == candidate[i] || (text[i] == '-' && candidate[i] == ' '); i++) {
            if (text[i] == '\0') {
                return value;
            }
        }
    }
    complain(place, "unknown name", text);
    return 0;
}

static struct stint_enhanced enhanced(const struct place *place, const char *text)
{
    struct stint_enhanced value;
    unsigned status_class;
    unsigned subject;
    unsigned detail;

    if (sscanf(text, "%u.%u.%u", &status_class, &subject, &detail) != 3) {
        complain(place, "enhanced code expected", text);
    }
    value.status_class = (uint8_t)status_class;
    value.subject = (uint16_t)subject;
    value.detail = (uint16_t)detail;
    return value;
}

static bool yes(const struct place *place, const char *value)
{
    static const char *const answers[] = {"no", "yes", NULL};

    return choice(place, value, answers) == 1;
}

static void set_account(const struct place *place, const char *key, const char *value)
{
    static const char *const securities[] = {"by-port", "implicit", "starttls", "none", NULL};
    struct stint_account *account = &place->transcript->account;

    if (strcmp(key, "host") == 0) {
        account->host = value;
    } else if (strcmp(key, "port") == 0) {
        account->port = (uint16_t)number(place, value);
    } else if (strcmp(key, "security") == 0) {
        account->security = choice(place, value, securities);
    } else if (strcmp(key, "lmtp") == 0) {
        account->lmtp = yes(place, value);
    } else if (strcmp(key, "ehlo") == 0) {
        account->ehlo_name = value;
    } else if (strcmp(key, "address") == 0) {
        account->ehlo_name = NULL;
        place->transcript->local_address = value;
    } else if (strcmp(key, "user") == 0) {
        account->user = value;
    } else if (strcmp(key, "password") == 0) {
        account->password = value;
    } else if (strcmp(key, "mechanism") == 0) {
        account->mechanism = value;
    } else if (strcmp(key, "idle") == 0) {
        account->idle_ms = number(place, value);
    } else if (strcmp(key, "replies") == 0) {
        place->transcript->replies = number(place, value);
    } else if (strcmp(key, "record") == 0) {
        place->transcript->record = number(place, value);
    } else {
        complain(place, "unknown setting of the account", key);
    }
}

static void begin_mail(const struct place *place)
{
    struct transcript *transcript = place->transcript;

    assert_true(transcript->mail_count < TRANSCRIPT_MAILS_MAX);
    transcript->mail_count++;
}

/* The one that the lines are about. */
static struct transcript_mail *last_mail(const struct place *place)
{
    if (place->transcript->mail_count == 0) {
        complain(place, "mail: expected", "");
    }
    return &place->transcript->mails[place->transcript->mail_count - 1];
}

static void add_recipient(const struct place *place, const char *address)
{
    struct stint_mail *mail = &last_mail(place)->mail;

    assert_true(mail->recipient_count < TRANSCRIPT_RECIPIENTS_MAX);
    mail->recipients[mail->recipient_count++].address = address;
}

/* "success,delay": bits of enum stint_notify. */
static uint8_t notify(const struct place *place, const char *text)
{
    static const char *const names[] = {"success", "failure", "delay", "never", NULL};
    char *words = keep(place->transcript, text);
    unsigned bits = 0;

    for (words = strtok(words, ","); words != NULL; words = strtok(NULL, ",")) {
        bits |= 1U << choice(place, words, names);
    }
    return (uint8_t)bits;
}

/* What is asked for the last recipient. Returns false if that is no name of it. */
static bool set_of_recipient(const struct place *place, const char *key, const char *value)
{
    struct transcript_mail *given = last_mail(place);
    size_t last = (size_t)given->mail.recipient_count - 1;

    if (strcmp(key, "notify") == 0) {
        given->recipients[last].notify = notify(place, value);
    } else if (strcmp(key, "original") == 0) {
        given->originals[last] = value;
        given->parameters.originals = given->originals;
        given->mail.parameters = &given->parameters;
    } else {
        return false;
    }
    return true;
}

/* What is asked for all. */
static bool set_parameter(const struct place *place, const char *key, const char *value)
{
    static const char *const returns[] = {"by-server", "full", "headers", NULL};
    static const char *const late[] = {"return", "notify", NULL};
    struct transcript_mail *given = last_mail(place);
    struct stint_mail_parameters *parameters = &given->parameters;

    if (strcmp(key, "returns") == 0) {
        parameters->returns = choice(place, value, returns);
    } else if (strcmp(key, "envelope-id") == 0) {
        parameters->envelope_id = value;
    } else if (strcmp(key, "submitter") == 0) {
        parameters->submitter = value;
    } else if (strcmp(key, "requires-tls") == 0) {
        parameters->requires_tls = yes(place, value);
    } else if (strcmp(key, "priority") == 0) {
        parameters->priority = (int8_t)number(place, value);
    } else if (strcmp(key, "deliver-by") == 0) {
        parameters->deliver_by_s = number(place, value);
    } else if (strcmp(key, "late") == 0) {
        parameters->late = choice(place, value, late);
    } else if (strcmp(key, "traces-relay") == 0) {
        parameters->traces_relay = yes(place, value);
    } else if (strcmp(key, "hold-for") == 0) {
        parameters->hold_for_s = number(place, value);
    } else if (strcmp(key, "hold-until") == 0) {
        parameters->hold_until = value;
    } else {
        return set_of_recipient(place, key, value);
    }
    given->mail.parameters = parameters;
    return true;
}

static void set_source(const struct place *place, const char *key, const char *value)
{
    static const char *const contents[] = {"unknown", "7bit", "8bit", "binary", NULL};
    struct fake_source *source = &last_mail(place)->source;

    if (strcmp(key, "content") == 0) {
        source->source.content = choice(place, value, contents);
    } else if (strcmp(key, "utf8-header") == 0) {
        source->source.utf8_header = yes(place, value);
    } else if (strcmp(key, "size") == 0) {
        source->source.size = number(place, value);
    } else if (strcmp(key, "exact") == 0) {
        source->source.size_is_exact = yes(place, value);
    } else if (strcmp(key, "rewind") == 0) {
        source->source.rewind = yes(place, value) ? source->source.rewind : NULL;
    } else if (strcmp(key, "composed") == 0) {
        source->composed = yes(place, value);
    } else if (strcmp(key, "pause") == 0) {
        source->pause = number(place, value);
    } else if (strcmp(key, "source") == 0 && strcmp(value, "fails") == 0) {
        source->end = STINT_SOURCE_FAILED;
    } else {
        complain(place, "unknown setting of the mail", key);
    }
}

static void set_mail(const struct place *place, const char *key, const char *value)
{
    static const char *const policies[] = {"any", "all", NULL};
    struct transcript_mail *given = last_mail(place);

    if (strcmp(key, "from") == 0) {
        given->mail.reverse_path = value;
    } else if (strcmp(key, "to") == 0) {
        add_recipient(place, value);
    } else if (strcmp(key, "policy") == 0) {
        given->mail.policy = choice(place, value, policies);
    } else if (strcmp(key, "eager") == 0) {
        given->mail.eager = yes(place, value);
    } else if (strcmp(key, "later") == 0) {
        given->is_later = yes(place, value);
    } else if (!set_parameter(place, key, value)) {
        set_source(place, key, value);
    }
}

/* "SIZE,PIPELINING": bits of enum stint_extension. */
static uint16_t extensions(const struct place *place, const char *text)
{
    static const char *const names[] = {"STARTTLS",    "AUTH",       "SIZE",
                                        "8BITMIME",    "PIPELINING", "ENHANCEDSTATUSCODES",
                                        "CHUNKING",    "BINARYMIME", "LIMITS",
                                        "SMTPUTF8",    "DSN",        "REQUIRETLS",
                                        "MT-PRIORITY", "DELIVERBY",  "FUTURERELEASE",
                                        NULL};
    char *words = keep(place->transcript, text);
    unsigned bits = 0;

    for (words = strtok(words, ","); words != NULL; words = strtok(NULL, ",")) {
        bits |= 1U << choice(place, words, names);
    }
    return (uint16_t)bits;
}

static struct transcript_mail *begin_result(const struct place *place)
{
    struct transcript *transcript = place->transcript;

    assert_true(transcript->result_count < TRANSCRIPT_MAILS_MAX);
    transcript->mails[transcript->result_count].is_begun = true;
    return &transcript->mails[transcript->result_count++];
}

static struct transcript_mail *last_result(const struct place *place)
{
    if (place->transcript->result_count == 0) {
        complain(place, "result: expected", "");
    }
    return &place->transcript->mails[place->transcript->result_count - 1];
}

static void set_result(const struct place *place, const char *key, const char *value)
{
    struct transcript_mail *given = last_result(place);
    struct stint_result *result = &given->result;

    if (strcmp(key, "error") == 0) {
        result->error = named(place, value, stint_error_name);
    } else if (strcmp(key, "stage") == 0) {
        result->stage = named(place, value, stint_stage_name);
    } else if (strcmp(key, "fate") == 0) {
        result->fate = named(place, value, stint_fate_name);
    } else if (strcmp(key, "field") == 0) {
        result->field = named(place, value, stint_field_name);
    } else if (strcmp(key, "code") == 0) {
        result->code = (uint16_t)number(place, value);
    } else if (strcmp(key, "enhanced") == 0) {
        result->enhanced = enhanced(place, value);
    } else if (strcmp(key, "recipient") == 0) {
        result->recipient = (uint16_t)number(place, value);
    } else if (strcmp(key, "used") == 0) {
        result->extensions = extensions(place, value);
        given->tells_used = true;
    } else if (strcmp(key, "text") == 0) {
        given->text = end_of_room(place->transcript);
        unescape(place, value);
        put(place->transcript, '\0');
    } else {
        complain(place, "unknown setting of the result", key);
    }
}

static void settings(const struct place *place, const char *text,
                     void (*set)(const struct place *place, const char *key, const char *value))
{
    char *next = keep(place->transcript, text);
    const char *key;
    char *value;

    while (next_setting(place, &next, &key, &value)) {
        set(place, key, value);
    }
}

/* "green@foo.com not-accepted 550 5.1.1" */
static void set_outcome(const struct place *place, const char *text)
{
    struct transcript_mail *given = last_result(place);
    struct stint_recipient *outcome = &given->outcomes[given->outcome_count++];
    char *words = keep(place->transcript, text);
    char *word[4] = {NULL};
    size_t count = 0;

    assert_true(given->outcome_count <= TRANSCRIPT_RECIPIENTS_MAX);
    for (words = strtok(words, " "); words != NULL && count < 4; words = strtok(NULL, " ")) {
        word[count++] = words;
    }
    if (count < 2) {
        complain(place, "ADDRESS FATE [CODE [ENHANCED]] expected", text);
    }
    outcome->address = word[0];
    outcome->fate = named(place, word[1], stint_fate_name);
    outcome->code = (uint16_t)(count > 2 ? number(place, word[2]) : 0);
    if (count > 3) {
        outcome->enhanced = enhanced(place, word[3]);
    }
}

/* ---- Turns ---- */

static struct transcript_turn *add_turn(struct transcript *transcript, enum transcript_act act)
{
    struct transcript_turn *turn = &transcript->turns[transcript->turn_count++];

    assert_true(transcript->turn_count < TRANSCRIPT_TURNS_MAX);
    turn->act = act;
    turn->octets = end_of_room(transcript);
    return turn;
}

/* Is a line of `act` one more of `turn`? What is early in a turn of the server's just comes behind
 * the rest of it. */
static bool goes_on(const struct transcript_turn *turn, enum transcript_act act)
{
    return turn->act == act || (turn->act == TRANSCRIPT_SERVER && act == TRANSCRIPT_EARLY);
}

static struct transcript_turn *turn_for(struct transcript *transcript, enum transcript_act act)
{
    size_t count = transcript->turn_count;

    if (count > 0 && goes_on(&transcript->turns[count - 1], act)) {
        return &transcript->turns[count - 1];
    }
    return add_turn(transcript, act);
}

static void say(const struct place *place, enum transcript_act act, const char *text)
{
    struct transcript *transcript = place->transcript;
    struct transcript_turn *turn = turn_for(transcript, act);

    assert_ptr_equal(turn->octets + turn->length, end_of_room(transcript));
    if (unescape(place, text)) {
        put(transcript, '\r');
        put(transcript, '\n');
    }
    turn->length = (size_t)(end_of_room(transcript) - turn->octets);
    turn->due = act == TRANSCRIPT_EARLY ? turn->due : turn->length;
    transcript->has_early_in_tls |= act == TRANSCRIPT_EARLY && transcript->has_tls;
}

static void add_message(const struct place *place, const char *text)
{
    struct transcript *transcript = place->transcript;
    struct fake_source *source = &last_mail(place)->source;

    if (source->length == 0) {
        source->text = end_of_room(transcript);
    }
    assert_ptr_equal(source->text + source->length, end_of_room(transcript));
    unescape(place, text);
    source->length = (size_t)(end_of_room(transcript) - source->text);
}

static bool marker(const struct place *place, const char *line)
{
    static const struct {
        const char *line;
        enum transcript_act act;
    } markers[] = {
        {"== TLS ==", TRANSCRIPT_TLS},         {"== closed ==", TRANSCRIPT_CLOSED},
        {"== cut off ==", TRANSCRIPT_CUT_OFF}, {"== lost ==", TRANSCRIPT_LOST},
        {"== silence ==", TRANSCRIPT_SILENCE}, {"== abort ==", TRANSCRIPT_ABORT},
        {"== next ==", TRANSCRIPT_NEXT},       {"== idle ==", TRANSCRIPT_IDLE},
    };
    size_t i;

    for (i = 0; i < COUNT(markers); i++) {
        if (strcmp(line, markers[i].line) == 0) {
            add_turn(place->transcript, markers[i].act);
            place->transcript->has_tls |= markers[i].act == TRANSCRIPT_TLS;
            return true;
        }
    }
    return false;
}

static void set_end(const struct place *place, const char *text)
{
    if (strcmp(text, "in order") != 0 && strcmp(text, "broken off") != 0) {
        complain(place, "\"in order\" or \"broken off\" expected", text);
    }
    place->transcript->in_order = *text == 'i';
}

/* ---- All of it ---- */

static void parse_line(const struct place *place, const char *line)
{
    const char *text = line;

    if (*line == '\0' || *line == '#' || marker(place, line)) {
        return;
    }
    if (starts_with(&text, "account: ")) {
        settings(place, text, set_account);
    } else if (starts_with(&text, "mail: ")) {
        begin_mail(place);
        settings(place, text, set_mail);
    } else if (starts_with(&text, "message: ")) {
        add_message(place, text);
    } else if (starts_with(&text, "C: ")) {
        say(place, TRANSCRIPT_CLIENT, text);
    } else if (starts_with(&text, "C? ")) {
        say(place, TRANSCRIPT_PART, text);
    } else if (starts_with(&text, "S: ")) {
        say(place, TRANSCRIPT_SERVER, text);
    } else if (starts_with(&text, "S! ")) {
        say(place, TRANSCRIPT_EARLY, text);
    } else if (starts_with(&text, "result: ")) {
        begin_result(place);
        settings(place, text, set_result);
    } else if (starts_with(&text, "recipient: ")) {
        set_outcome(place, text);
    } else if (starts_with(&text, "end: ")) {
        set_end(place, text);
    } else {
        complain(place, "unknown line", line);
    }
}

static void start(struct transcript *transcript)
{
    size_t i;

    memset(transcript, 0, sizeof *transcript);
    transcript->account.host = "mail.example.com";
    transcript->account.ehlo_name = "client.example.com";
    transcript->local_address = "192.0.2.1";
    transcript->in_order = true;
    for (i = 0; i < TRANSCRIPT_MAILS_MAX; i++) {
        struct transcript_mail *given = &transcript->mails[i];

        fake_source_start(&given->source, "", 0);
        given->mail.reverse_path = "";
        given->mail.recipients = given->recipients;
        given->mail.source = &given->source.source;
        given->text = "";
    }
}

/* Octets with CRLF for each line end, and one at the end; of a binary message, as they are. */
static uint32_t size_of(const struct fake_source *source)
{
    bool binary = source->source.content == STINT_CONTENT_BINARY;
    uint32_t size = 0;
    char before = '\n';
    size_t i;

    for (i = 0; i < source->length; i++) {
        char octet = source->text[i];
        bool follows_cr = octet == '\n' && before == '\r';

        size += binary ? 1U : follows_cr ? 0U : octet == '\r' || octet == '\n' ? 2U : 1U;
        before = octet;
    }
    return binary || before == '\n' || before == '\r' ? size : size + 2;
}

static void finish(const struct place *place)
{
    struct transcript *transcript = place->transcript;
    size_t i;

    for (i = 0; i < transcript->mail_count; i++) {
        struct transcript_mail *given = &transcript->mails[i];
        struct stint_source *source = &given->source.source;

        if (source->size_is_exact && source->size == 0) {
            source->size = size_of(&given->source);
        }
        if (given->is_begun && given->outcome_count != given->mail.recipient_count) {
            complain(place, "not as many recipient: as to=", "");
        }
    }
}

void transcript_parse(struct transcript *transcript, const char *name, const char *text)
{
    struct place place = {transcript, name, 0};

    start(transcript);
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        char *line = malloc(length + 1);

        assert_non_null(line);
        memcpy(line, text, length);
        line[length] = '\0';
        place.line++;
        parse_line(&place, line);
        free(line);
        text += length + (text[length] == '\n');
    }
    finish(&place);
}

const struct stint_mail *transcript_mail(struct transcript *transcript)
{
    size_t i;

    for (i = 0; i < transcript->mail_count; i++) {
        struct transcript_mail *given = &transcript->mails[i];
        bool has_next = i + 1 < transcript->mail_count && !given[1].is_later;

        given->source.offset = 0;
        given->source.paused = 0;
        given->mail.next = has_next ? &given[1].mail : NULL;
    }
    return transcript->mail_count > 0 ? &transcript->mails[0].mail : NULL;
}

void transcript_next(struct transcript *transcript)
{
    size_t i = 0;

    while (transcript->mails[i].mail.next != NULL) {
        i++;
    }
    assert_true(i + 1 < transcript->mail_count);
    transcript->mails[i].mail.next = &transcript->mails[i + 1].mail;
}

bool transcript_has_chunks(const struct transcript *transcript)
{
    size_t i;

    for (i = 0; i < transcript->mail_count; i++) {
        const struct stint_source *source = &transcript->mails[i].source.source;

        if (source->content == STINT_CONTENT_BINARY && !source->size_is_exact) {
            return true;
        }
    }
    return false;
}

/* ---- Judging ---- */

static bool same_enhanced(const struct stint_enhanced *one, const struct stint_enhanced *other)
{
    return one->status_class == other->status_class && one->subject == other->subject &&
           one->detail == other->detail;
}

bool transcript_is_about_recipient(const struct transcript *transcript,
                                   const struct stint_result *result)
{
    return result->error == STINT_ERROR_CONFIG || result->stage == STINT_STAGE_RCPT ||
           (transcript->account.lmtp && result->stage == STINT_STAGE_CONTENT && result->code != 0);
}

static void judge_result(const struct transcript *transcript, const struct transcript_mail *given,
                         const struct stint_result *got, const char *how)
{
    const struct stint_result *wanted = &given->result;

    if (got->error != wanted->error || got->stage != wanted->stage || got->fate != wanted->fate) {
        fail_msg("%s: error %s at %s, %s; expected %s at %s, %s", how, stint_error_name(got->error),
                 stint_stage_name(got->stage), stint_fate_name(got->fate),
                 stint_error_name(wanted->error), stint_stage_name(wanted->stage),
                 stint_fate_name(wanted->fate));
    }
    if (got->code != wanted->code || !same_enhanced(&got->enhanced, &wanted->enhanced) ||
        (transcript_is_about_recipient(transcript, wanted) &&
         got->recipient != wanted->recipient)) {
        fail_msg("%s: code %u %u.%u.%u of recipient %u", how, got->code, got->enhanced.status_class,
                 got->enhanced.subject, got->enhanced.detail, got->recipient);
    }
    if (given->tells_used && got->extensions != wanted->extensions) {
        fail_msg("%s: used 0x%X, not 0x%X", how, got->extensions, wanted->extensions);
    }
    assert_int_equal(got->field, wanted->field);
    assert_int_equal(got->tls_error, 0);
}

static void judge_recipient(const struct stint_recipient *wanted, const struct stint_recipient *got,
                            const char *how)
{
    if (strcmp(wanted->address, got->address) != 0 || wanted->fate != got->fate ||
        wanted->code != got->code || !same_enhanced(&wanted->enhanced, &got->enhanced)) {
        fail_msg("%s: %s %s %u %u.%u.%u", how, got->address, stint_fate_name(got->fate), got->code,
                 got->enhanced.status_class, got->enhanced.subject, got->enhanced.detail);
    }
}

void transcript_judge(const struct transcript *transcript, size_t index,
                      const struct stint_result *result, const char *text, const char *how)
{
    const struct transcript_mail *given = &transcript->mails[index];
    size_t i;

    if (!given->is_begun || (transcript->mail_count > 0 && result->mail != &given->mail)) {
        fail_msg("%s: a result of another mail than number %zu", how, index + 1);
    }
    judge_result(transcript, given, result, how);
    if (strcmp(text, given->text) != 0) {
        fail_msg("%s: text \"%s\"", how, text);
    }
    for (i = 0; i < given->outcome_count; i++) {
        judge_recipient(&given->outcomes[i], &given->recipients[i], how);
    }
}

/* ---- Files ---- */

void transcript_load(struct transcript *transcript, const char *path)
{
    static char text[TRANSCRIPT_ROOM];
    FILE *file = fopen(path, "rb");
    size_t length;

    if (file == NULL) {
        fail_msg("cannot open %s", path);
        return;
    }
    length = fread(text, 1, sizeof text - 1, file);
    assert_true(feof(file));
    fclose(file);
    text[length] = '\0';
    transcript_parse(transcript, path, text);
}
