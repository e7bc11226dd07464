/* SPDX-License-Identifier: MIT */

/*
 * The whole client in clear, against a server and a network that the input makes up.
 *
 * Input: five octets of settings (see `start`); the message and the network's behaviour, each an
 * octet of length and the octets; what the server says. In that, 0x01 to 0x07 are no octets but
 * events (enum event).
 * Promise: it ends; what is said is an SMTP dialogue with this message in it; and the fate of every
 * recipient is what the octets that passed by say.
 */

#include "fuzz.h"

#include "stint/client.h"

#define RECIPIENTS_MAX 4
#define SESSION_MS     1800000U

/* In what the server says. */
enum event {
    EVENT_CLIENT_SAYS = 1, /* goes on when something more has come from the client */
    EVENT_CLIENT_IS_DONE,  /* goes on when the client has come to the end of what it says */
    EVENT_SILENCE,         /* for ever */
    EVENT_CLOSED,
    EVENT_FAILED,
    EVENT_ABORT, /* the caller gives up */
    EVENT_MINUTE /* passes */
};

/* What the client is saying, octet by octet. */
enum saying { SAYING_COMMAND, SAYING_DATA, SAYING_CONTENT };

static const char *const addresses[RECIPIENTS_MAX] = {"b@example.org", "postmaster",
                                                      "\"c d\"@example.org", "e@[192.0.2.9]"};

struct world {
    struct input behaviour, script;
    size_t turn; /* of the behaviour, which repeats */
    struct stint_client *client;
    uint32_t now_ms, passed_ms;
    unsigned times_again;      /* in a row */
    bool can_go_on;            /* something answered AGAIN, and will not for ever */
    unsigned writes, fails_at; /* this write and all later ones fail; 0: none */
    bool hangs;                /* instead, they answer AGAIN for ever */
    bool open, opened, closing, closed;
    bool aborted;

    /* the message: as it is read, and as it must be on the wire */
    struct input source;
    bool source_fails, source_hangs;
    uint8_t wire[2 * 256 + 8];
    size_t wire_length;
    size_t wire_seven; /* as long as the message is 7-bit */
    bool wire_whole;   /* with the dot */

    /* what the client said */
    enum saying saying;
    char line[600];
    size_t line_length;
    size_t content_length;
    uint8_t heard;     /* the last octet */
    unsigned commands; /* whole ones */
    char last[8];      /* the last one's verb */
    unsigned recipients_named;
    bool eight_bit;
    bool dot_left;
    size_t said, said_before; /* octets; at the last EVENT_CLIENT_SAYS */

    /* what the server said */
    uint16_t code, digits;
    size_t position;
    uint8_t separator;
    bool is_bad;      /* no reply any more */
    unsigned replies; /* since the last command */
    uint16_t first;   /* code of the first of them */
    uint16_t rcpt_codes[RECIPIENTS_MAX];
    bool knows_8bitmime;
    char words[16]; /* the last octets */
};

/* ---- Behaviour ---- */

/* 0: AGAIN, which never comes more than three times in a row; 15: all that there is. */
static size_t next_move(struct world *world, bool high)
{
    uint8_t octet = 0xFF;
    size_t move;

    if (world->behaviour.left > 0) {
        octet = world->behaviour.octets[world->turn++ % world->behaviour.left];
    }
    move = high ? octet >> 4 : octet & 0x0F;
    if (move == 0 && ++world->times_again <= 3) {
        world->can_go_on = true;
        return 0;
    }
    world->times_again = 0;
    return move == 0 ? 1 : move == 15 ? SIZE_MAX : move;
}

static size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

/* ---- What the server says ---- */

/* RFC 5321 4.2, once more. */
static void note_reply_octet(struct world *world, uint8_t octet)
{
    size_t at = world->position++;

    memmove(world->words, world->words + 1, sizeof world->words - 2);
    world->words[sizeof world->words - 2] =
        (char)(octet >= 'a' && octet <= 'z' ? octet - 'a' + 'A' : octet);
    world->knows_8bitmime |= strstr(world->words, "8BITMIME") != NULL;

    if (at < 3) {
        world->is_bad |= octet < (at == 0 ? '1' : '0') || octet > (at == 0 ? '5' : '9');
        world->digits = (uint16_t)(world->digits * 10 + octet - '0');
    } else if (world->heard == '\r' || octet == '\n') {
        world->is_bad |= octet != '\n' || world->heard != '\r';
    } else if (at == 3) {
        world->separator = octet;
        world->is_bad |= octet != ' ' && octet != '-' && octet != '\r';
        world->is_bad |= world->code != 0 && world->code != world->digits;
        world->code = world->digits;
    } else {
        world->is_bad |= octet == '\0';
    }
    world->heard = octet;
    if (octet != '\n' || world->is_bad) {
        return;
    }
    world->position = 0;
    world->digits = 0;
    if (world->separator != '-') {
        world->first = world->replies++ == 0 ? world->code : world->first;
        if (world->replies == 1 && strcmp(world->last, "RCPT") == 0) {
            world->rcpt_codes[world->recipients_named - 1] = world->code;
        }
        world->code = 0;
    }
}

static bool client_is_done(const struct world *world)
{
    return world->line_length == 0 && (world->saying != SAYING_CONTENT || world->dot_left);
}

/* Lets events pass. Returns what read answers, or STINT_IO_DONE if there is an octet to be had. */
static int next_event(struct world *world)
{
    while (world->script.left > 0 && *world->script.octets <= EVENT_MINUTE) {
        switch (*world->script.octets) {
        case EVENT_CLIENT_SAYS:
            if (world->said == world->said_before) {
                return STINT_IO_AGAIN;
            }
            world->said_before = world->said;
            break;
        case EVENT_CLIENT_IS_DONE:
            if (world->said == world->said_before || !client_is_done(world)) {
                return STINT_IO_AGAIN;
            }
            world->said_before = world->said;
            break;
        case EVENT_SILENCE: return STINT_IO_AGAIN;
        case EVENT_CLOSED: return STINT_IO_CLOSED;
        case EVENT_FAILED: return STINT_IO_FAILED;
        case EVENT_ABORT: world->aborted = true; break;
        case EVENT_MINUTE:
            (void)take_octet(&world->script);
            world->passed_ms = 60000;
            world->can_go_on = true;
            return STINT_IO_AGAIN;
        default: return STINT_IO_DONE; /* NUL is an octet like others */
        }
        (void)take_octet(&world->script);
    }
    return world->script.left > 0 ? STINT_IO_DONE : STINT_IO_AGAIN;
}

/* ---- What the client says ---- */

/* A command that may come at this place of the dialogue, whole or only begun. */
static bool fits(const struct world *world, const char *command, bool whole)
{
    size_t length = strlen(command);

    return world->line_length <= length && (!whole || world->line_length == length) &&
           memcmp(world->line, command, world->line_length) == 0;
}

static bool is_last(const struct world *world, const char *verb)
{
    return strcmp(world->last, verb) == 0;
}

static bool may_say_mail(const struct world *world, bool whole)
{
    static const char *const forms[] = {"MAIL FROM:<a@example.com>\r\n",
                                        "MAIL FROM:<a@example.com> SIZE=77\r\n",
                                        "MAIL FROM:<a@example.com> BODY=8BITMIME\r\n",
                                        "MAIL FROM:<a@example.com> SIZE=77 BODY=8BITMIME\r\n"};
    size_t i;

    for (i = 0; i < 4; i++) {
        if (fits(world, forms[i], whole) && (i < 2 || world->knows_8bitmime || !whole)) {
            return true;
        }
    }
    return false;
}

static bool may_say_rcpt(const struct world *world, bool whole)
{
    char command[64];

    if (world->recipients_named == world->client->session.reader.mail->recipient_count) {
        return false;
    }
    snprintf(command, sizeof command, "RCPT TO:<%s>\r\n", addresses[world->recipients_named]);
    return fits(world, command, whole);
}

/* RFC 5321 4.3.2 in clear: what may follow what, by the first reply in between. */
static bool may_say(const struct world *world, bool whole)
{
    unsigned yes = world->first / 100 == 2;
    bool spoken = world->replies > 0 && !world->is_bad;

    if (world->commands > 0 && fits(world, "QUIT\r\n", whole)) {
        return !is_last(world, "QUIT") && (spoken || world->dot_left);
    }
    if (!spoken) {
        return false;
    }
    if (is_last(world, "")) {
        return (world->first == 220 && (fits(world, "EHLO client.example.com\r\n", whole) ||
                                        fits(world, "EHLO [IPv6:2001:db8::1]\r\n", whole))) ||
               fits(world, "QUIT\r\n", whole);
    }
    if (is_last(world, "EHLO") && (world->first == 500 || world->first == 502) &&
        (fits(world, "HELO client.example.com\r\n", whole) ||
         fits(world, "HELO [IPv6:2001:db8::1]\r\n", whole))) {
        return true;
    }
    if (is_last(world, "EHLO") || is_last(world, "HELO")) {
        return yes && may_say_mail(world, whole);
    }
    if (is_last(world, "MAIL")) {
        return yes && may_say_rcpt(world, whole);
    }
    if (is_last(world, "RCPT")) {
        return may_say_rcpt(world, whole) ||
               (world->recipients_named == world->client->session.reader.mail->recipient_count &&
                fits(world, "DATA\r\n", whole));
    }
    return false;
}

static void command_octet(struct world *world, uint8_t octet)
{
    PROMISE(octet != '\n' ||
            (world->line_length > 0 && world->line[world->line_length - 1] == '\r'));
    PROMISE(world->line_length == 0 || world->line[world->line_length - 1] != '\r' ||
            octet == '\n');
    PROMISE(world->line_length < sizeof world->line);
    world->line[world->line_length++] = (char)octet;
    PROMISE(may_say(world, octet == '\n'));
    if (octet != '\n') {
        return;
    }
    memcpy(world->last, world->line, 4);
    world->eight_bit |= world->line_length > 16 && world->line[world->line_length - 3] == 'E';
    world->recipients_named += is_last(world, "RCPT");
    world->saying = is_last(world, "DATA") ? SAYING_DATA : SAYING_COMMAND;
    world->line_length = 0;
    world->commands++;
    if (!is_last(world, "QUIT")) {
        world->replies = 0; /* QUIT may go along with the dot */
    }
}

/* The message as it must be, and nothing else. */
static void content_octet(struct world *world, uint8_t octet)
{
    size_t length = world->eight_bit ? world->wire_length : world->wire_seven;

    PROMISE(world->content_length < length && octet == world->wire[world->content_length]);
    world->content_length++;
    if (world->wire_whole && world->content_length == world->wire_length) {
        world->dot_left = true;
        world->saying = SAYING_COMMAND;
        world->replies = 0;
        memcpy(world->last, "DOT", 4);
    }
}

static void client_octet(struct world *world, uint8_t octet)
{
    world->said++;
    if (world->saying == SAYING_DATA) {
        PROMISE(world->replies > 0 && !world->is_bad);
        world->saying = world->first == 354 ? SAYING_CONTENT : SAYING_COMMAND;
    }
    if (world->saying == SAYING_CONTENT) {
        content_octet(world, octet);
    } else {
        command_octet(world, octet);
    }
}

/* ---- The port ---- */

static int port_open(void *context, const char *host, uint16_t port, uint32_t left_ms)
{
    struct world *world = context;

    PROMISE(!world->open && !world->closing);
    PROMISE(strcmp(host, "mail.example.com") == 0 && port == 25 && left_ms <= SESSION_MS);
    world->opened = true;
    if (world->fails_at == 1) {
        world->can_go_on = world->can_go_on && !world->hangs;
        return world->hangs ? STINT_IO_AGAIN : STINT_IO_FAILED;
    }
    if (next_move(world, true) == 0) {
        return STINT_IO_AGAIN;
    }
    world->open = true;
    return STINT_IO_DONE;
}

static int port_read(void *context, uint8_t *buffer, size_t room)
{
    struct world *world = context;
    size_t most;
    size_t n = 0;
    int status;

    PROMISE(world->open && !world->closing && room >= 1);
    status = next_event(world);
    if (status != STINT_IO_DONE) {
        return status;
    }
    most = least(next_move(world, false), room);
    if (most == 0) {
        return STINT_IO_AGAIN;
    }
    while (n < most && world->script.left > 0 &&
           (*world->script.octets > EVENT_MINUTE || *world->script.octets == 0)) {
        buffer[n] = take_octet(&world->script);
        note_reply_octet(world, buffer[n]);
        n++;
    }
    return (int)n;
}

static int write_fault(struct world *world)
{
    return world->fails_at == 0 || world->writes < world->fails_at ? STINT_IO_DONE
           : world->hangs                                          ? STINT_IO_AGAIN
                                                                   : STINT_IO_FAILED;
}

static int port_write(void *context, const uint8_t *data, size_t length)
{
    struct world *world = context;
    size_t n, i;
    int status;

    PROMISE(world->open && !world->closing && length >= 1);
    world->writes++;
    status = write_fault(world);
    if (status != STINT_IO_DONE) {
        return status;
    }
    n = least(next_move(world, true), length);
    for (i = 0; i < n; i++) {
        client_octet(world, data[i]);
    }
    return n > 0 ? (int)n : STINT_IO_AGAIN;
}

static int port_flush(void *context)
{
    struct world *world = context;

    PROMISE(world->open && !world->closing);
    world->writes++;
    if (write_fault(world) != STINT_IO_DONE) {
        return write_fault(world);
    }
    return next_move(world, true) > 0 ? STINT_IO_DONE : STINT_IO_AGAIN;
}

static int port_close(void *context)
{
    struct world *world = context;

    PROMISE(world->opened && !world->closed);
    world->closing = true;
    if (next_move(world, true) == 0) {
        return STINT_IO_AGAIN;
    }
    world->closed = true;
    return STINT_IO_DONE;
}

static const char *port_local_address(void *context)
{
    (void)context;
    return "IPv6:2001:db8::1";
}

static const struct stint_io port = {port_open,  port_read,  port_write,
                                     port_flush, port_close, port_local_address};

/* ---- The message ---- */

static int source_read(void *context, uint8_t *buffer, size_t room)
{
    struct world *world = context;
    size_t n;

    PROMISE(world->saying != SAYING_COMMAND && room >= 1);
    if (world->source.left == 0) {
        return world->source_hangs   ? STINT_SOURCE_AGAIN
               : world->source_fails ? STINT_SOURCE_FAILED
                                     : STINT_SOURCE_END;
    }
    n = least(least(next_move(world, false), room), world->source.left);
    if (n == 0) {
        return STINT_SOURCE_AGAIN;
    }
    memcpy(buffer, world->source.octets, n);
    world->source.octets += n;
    world->source.left -= n;
    return (int)n;
}

/* RFC 5321 2.3.8 and 4.5.2, up to what must not be sent; with the dot if there is no such thing. */
static void put_on_wire(struct world *world)
{
    const struct input *text = &world->source;
    uint8_t *wire = world->wire;
    size_t n = 0;
    size_t i;
    bool seven = true;

    for (i = 0; i < text->left && text->octets[i] != '\0'; i++) {
        uint8_t octet = text->octets[i];

        world->wire_seven = seven ? n : world->wire_seven;
        seven = seven && octet < 128;
        if (octet == '\n' && i > 0 && text->octets[i - 1] == '\r') {
            continue;
        }
        if (octet == '.' && (n == 0 || wire[n - 1] == '\n')) {
            wire[n++] = '.';
        }
        if (octet == '\r' || octet == '\n') {
            wire[n++] = '\r';
            octet = '\n';
        }
        wire[n++] = octet;
    }
    world->wire_seven = seven ? n : world->wire_seven;
    world->wire_length = n;
    if (i == text->left && !world->source_fails && !world->source_hangs) {
        if (n > 0 && wire[n - 1] != '\n') {
            wire[n++] = '\r';
            wire[n++] = '\n';
        }
        memcpy(wire + n, ".\r\n", 3);
        world->wire_length = n + 3;
        world->wire_whole = true;
        world->wire_seven = seven ? n + 3 : world->wire_seven;
    }
}

/* ---- One session ---- */

static void run(struct world *world)
{
    struct stint_client *client = world->client;
    uint32_t started = world->now_ms;
    unsigned steps = 0;
    uint32_t wait;

    for (;;) {
        world->can_go_on = false;
        world->passed_ms = 0;
        world->aborted = false;
        if (stint_step(client, world->now_ms) == STINT_DONE) {
            break;
        }
        PROMISE(++steps < 20000);
        PROMISE(stint_wants(client) <= (STINT_WANT_READ | STINT_WANT_WRITE | STINT_WANT_SOURCE));
        wait = stint_wait_ms(client, world->now_ms);
        PROMISE(wait <= SESSION_MS + world->said);
        PROMISE(stint_wants(client) != STINT_WANT_NOTHING || wait == 0);
        wait = world->can_go_on && wait > 10 ? 10 : wait;
        world->now_ms += wait > world->passed_ms ? wait : world->passed_ms;
        if (world->aborted) {
            stint_abort(client);
        }
    }
    PROMISE(world->now_ms - started <= SESSION_MS + world->said + 120000);
    PROMISE(world->opened == world->closed);
    PROMISE(stint_step(client, world->now_ms) == STINT_DONE);
}

/* What became of one recipient, seen from outside. */
static enum stint_fate wanted_fate(const struct world *world, size_t i)
{
    if (!world->dot_left || world->rcpt_codes[i] / 100 != 2 ||
        (world->replies > 0 && (world->first / 100 == 4 || world->first / 100 == 5))) {
        return STINT_FATE_NOT_ACCEPTED;
    }
    return world->replies > 0 && world->first / 100 == 2 ? STINT_FATE_ACCEPTED : STINT_FATE_UNKNOWN;
}

static void check_result(const struct world *world)
{
    const struct stint_result *result = &world->client->result;
    const struct stint_mail *mail = world->client->session.reader.mail;
    const char *text = world->client->text;
    enum stint_fate worst = STINT_FATE_ACCEPTED;
    size_t i;

    for (i = 0; i < mail->recipient_count; i++) {
        enum stint_fate fate = wanted_fate(world, i);

        PROMISE(mail->recipients[i].fate == fate);
        PROMISE(mail->recipients[i].code < 600);
        PROMISE(fate != STINT_FATE_ACCEPTED || mail->recipients[i].code == world->first);
        if (worst == STINT_FATE_ACCEPTED || fate == STINT_FATE_UNKNOWN) {
            worst = fate;
        }
    }
    PROMISE(result->fate == worst);
    PROMISE((result->error == STINT_ERROR_NONE) == (worst == STINT_FATE_ACCEPTED));
    PROMISE(result->error <= STINT_ERROR_INJECTION && result->stage <= STINT_STAGE_QUIT);
    PROMISE(result->field == STINT_FIELD_NONE && result->error != STINT_ERROR_CONFIG);
    PROMISE(result->code == 0 || (result->code >= 100 && result->code <= 599));
    PROMISE(result->recipient < mail->recipient_count && result->tls_error == 0);
    PROMISE(!world->dot_left ||
            (result->error != STINT_ERROR_CONTENT && result->error != STINT_ERROR_SOURCE));
    PROMISE(strcmp(stint_error_name(result->error), "?") != 0);
    for (i = 0; text != NULL && i < world->client->text_size && text[i] != '\0'; i++) {
        PROMISE(text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~'));
    }
    PROMISE(text == NULL || i < world->client->text_size);
}

/* Buffers of exactly the size that the client is told. */
static void give_buffers(struct stint_client *client, bool one, bool no_text)
{
    client->in_size = STINT_IN_MIN;
    client->in = malloc(client->in_size);
    client->out_size = one ? 0 : STINT_OUT_MIN;
    client->out = one ? NULL : malloc(client->out_size);
    client->text_size = no_text ? 0 : 20;
    client->text = no_text ? NULL : malloc(client->text_size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {data, size};
    uint8_t settings = take_octet(&input);
    uint8_t fault = take_octet(&input);
    uint8_t timeouts = take_octet(&input);
    uint8_t content = take_octet(&input);
    struct world world = {.now_ms = take_octet(&input) * 0x01010101U};
    struct stint_client client = {.io = &port, .io_context = &world};
    struct stint_source source = {.read = source_read, .context = &world};
    struct stint_recipient recipients[RECIPIENTS_MAX];
    struct stint_mail mail = {.reverse_path = "a@example.com",
                              .recipients = recipients,
                              .recipient_count = (uint16_t)(1 + (settings & 3)),
                              .policy = (settings & 4) != 0,
                              .source = &source};
    struct stint_account account = {.host = "mail.example.com",
                                    .port = 25,
                                    .security = STINT_SECURITY_NONE,
                                    .ehlo_name = (settings & 8) != 0 ? NULL : "client.example.com",
                                    .timeout_ms = (timeouts & 0x0F) * 1000U,
                                    .deadline_ms = (timeouts >> 4) * 5000U};
    size_t i;

    memset(recipients, 0xA5, sizeof recipients);
    for (i = 0; i < RECIPIENTS_MAX; i++) {
        recipients[i].address = addresses[i];
    }
    world.hangs = (settings & 16) != 0;
    world.fails_at = fault;
    world.source_fails = (content & 4) != 0;
    world.source_hangs = (content & 8) != 0;
    source.content = content % 4 % 3;
    source.size = (content & 16) != 0 ? 77 : 0;
    world.source = take_piece(&input);
    put_on_wire(&world);
    world.behaviour = take_piece(&input);
    world.script = input;
    world.client = &client;
    give_buffers(&client, (settings & 32) != 0, (settings & 64) != 0);
    stint_start(&client, &account, &mail, world.now_ms);
    run(&world);
    check_result(&world);
    free(client.in);
    free(client.out);
    free(client.text);
    return 0;
}
