/* SPDX-License-Identifier: MIT */
#include "fake_io.h"

#include "test.h"

enum call { CALL_OPEN, CALL_READ, CALL_WRITE, CALL_FLUSH, CALL_CLOSE };

/* Far more than any session here takes. */
#define STEPS_MAX 1000000U

static const struct transcript_turn *turn_of(const struct fake_io *fake)
{
    return &fake->turns[fake->turn];
}

static bool is_servers_turn(const struct fake_io *fake)
{
    enum transcript_act act = turn_of(fake)->act;

    return act == TRANSCRIPT_SERVER || act == TRANSCRIPT_EARLY;
}

static bool is_later(const struct fake_io *fake, uint32_t time_ms)
{
    return (int32_t)(time_ms - fake->now_ms) > 0;
}

/* Are there octets to read now? */
static bool server_speaks(const struct fake_io *fake)
{
    return is_servers_turn(fake) && !fake->unflushed && !is_later(fake, fake->speaks_at);
}

static void went_wrong(struct fake_io *fake, const char *what, const void *octets, size_t length)
{
    int shown = (int)(length < 60 ? length : 60);

    if (fake->wrong[0] == '\0') {
        snprintf(fake->wrong, sizeof fake->wrong, "turn %zu, octet %zu: %s: %.*s", fake->turn,
                 fake->offset, what, shown, (const char *)octets);
    }
}

static void moved(struct fake_io *fake, size_t length)
{
    fake->offset += length;
    fake->speaks_at = fake->now_ms + fake->dribble_ms;
    if (fake->offset == turn_of(fake)->length) {
        fake->offset = 0;
        fake->turn++;
        fake->speaks_at = fake->now_ms + fake->delay_ms;
    }
}

static size_t least_of(size_t one, size_t two, size_t most)
{
    size_t n = one < two ? one : two;

    return most > 0 && most < n ? most : n;
}

/* Counts a call. Returns false if it fails by the test's will. */
static bool begin_call(struct fake_io *fake)
{
    fake->calls++;
    fake->broken = fake->broken || fake->calls == fake->fail_at;
    return fake->calls != fake->fail_at;
}

/* Does it pretend to be busy before it does what it could? (What is early is there at once.) */
static bool pauses(struct fake_io *fake, enum call call, enum stint_want want)
{
    if (fake->again && !fake->paused[call]) {
        fake->paused[call] = true;
        fake->waits |= want;
        fake->can_go_on = true;
        return true;
    }
    fake->paused[call] = false;
    return false;
}

static int nothing_now(struct fake_io *fake, enum stint_want want)
{
    fake->waits |= want;
    return STINT_IO_AGAIN;
}

/* ---- Inside TLS: what is read and written are records ---- */

static br_ssl_engine_context *engine(const struct fake_io *fake)
{
    return &fake->tls->context.eng;
}

/* Where the transcript has its TLS marker, the server expects a handshake; until it is done. */
static void shake_hands(struct fake_io *fake)
{
    if (turn_of(fake)->act != TRANSCRIPT_TLS || fake->tls == NULL) {
        return;
    }
    if (!fake->in_tls) {
        fake->in_tls = true;
        tls_server_start(fake->tls);
    }
    if ((br_ssl_engine_current_state(engine(fake)) & BR_SSL_SENDAPP) != 0) {
        moved(fake, 0);
    }
}

static bool has_records(const struct fake_io *fake)
{
    size_t length;

    return fake->in_tls && br_ssl_engine_sendrec_buf(engine(fake), &length) != NULL;
}

static void hear(struct fake_io *fake, const uint8_t *octets, size_t length)
{
    while (length > 0 && fake->wrong[0] == '\0') {
        const struct transcript_turn *turn = turn_of(fake);
        size_t n = least_of(length, turn->length - fake->offset, 0);

        if (turn->act != TRANSCRIPT_CLIENT && turn->act != TRANSCRIPT_PART) {
            went_wrong(fake, "unexpected words of the client", octets, length);
            return;
        }
        if (memcmp(octets, turn->octets + fake->offset, n) != 0) {
            went_wrong(fake, "other words of the client", octets, length);
        }
        moved(fake, n);
        octets += n;
        length -= n;
    }
}

/* What a record that has come whole tells the server. */
static void open_records(struct fake_io *fake)
{
    size_t length;
    const uint8_t *octets = br_ssl_engine_recvapp_buf(engine(fake), &length);

    if (octets != NULL) {
        hear(fake, octets, length);
        br_ssl_engine_recvapp_ack(engine(fake), length);
    }
}

/* In the handshake, at the client's turn, and for its close_notify. */
static bool takes_records(const struct fake_io *fake)
{
    enum transcript_act act = turn_of(fake)->act;

    return act == TRANSCRIPT_TLS || act == TRANSCRIPT_CLIENT || act == TRANSCRIPT_PART ||
           act == TRANSCRIPT_END;
}

static int write_record(struct fake_io *fake, const uint8_t *data, size_t length)
{
    size_t room;
    uint8_t *octets = br_ssl_engine_recvrec_buf(engine(fake), &room);
    size_t n;

    if (octets == NULL) {
        return (int)length; /* behind the end: nobody listens any more */
    }
    n = least_of(length, room, fake->most);
    memcpy(octets, data, n);
    br_ssl_engine_recvrec_ack(engine(fake), n);
    fake->unflushed = true;
    fake->taken += n;
    open_records(fake);
    return (int)n;
}

/* Puts what the server says now into records. */
static void make_records(struct fake_io *fake)
{
    const struct transcript_turn *turn = turn_of(fake);
    size_t room;
    uint8_t *octets = br_ssl_engine_sendapp_buf(engine(fake), &room);
    size_t n = least_of(turn->length - fake->offset, room, fake->dribble_ms > 0 ? 1 : 0);

    if (turn->act == TRANSCRIPT_CLOSED && !fake->said_goodbye) {
        br_ssl_engine_close(engine(fake));
        fake->said_goodbye = true;
    } else if (octets != NULL && server_speaks(fake)) {
        memcpy(octets, turn->octets + fake->offset, n);
        br_ssl_engine_sendapp_ack(engine(fake), n);
        br_ssl_engine_flush(engine(fake), 0);
        fake->loaded = n;
    }
}

/* Says of a turn what has been read of it, in whole records. */
static int read_record(struct fake_io *fake, uint8_t *buffer, size_t room)
{
    size_t length;
    const uint8_t *octets = br_ssl_engine_sendrec_buf(engine(fake), &length);
    size_t n = least_of(room, length, fake->most);
    size_t loaded = fake->loaded;

    memcpy(buffer, octets, n);
    br_ssl_engine_sendrec_ack(engine(fake), n);
    if (!has_records(fake) && loaded > 0) {
        fake->loaded = 0;
        moved(fake, loaded);
    }
    return (int)n;
}

/* ---- The port ---- */

static int fake_open(void *context, const char *host, uint16_t port, uint32_t left_ms)
{
    struct fake_io *fake = context;

    if (fake->is_open) {
        went_wrong(fake, "opened twice", "", 0);
    }
    fake->opened = 1;
    snprintf(fake->host, sizeof fake->host, "%s", host);
    fake->port = port;
    fake->left_ms = left_ms;
    if (!begin_call(fake)) {
        return STINT_IO_FAILED;
    }
    if (fake->open_hangs || is_later(fake, fake->takes_at)) {
        return nothing_now(fake, STINT_WANT_WRITE);
    }
    if (pauses(fake, CALL_OPEN, STINT_WANT_WRITE)) {
        return STINT_IO_AGAIN;
    }
    fake->is_open = true;
    return STINT_IO_DONE;
}

static bool ends_here(const struct fake_io *fake)
{
    return turn_of(fake)->act == TRANSCRIPT_CLOSED || turn_of(fake)->act == TRANSCRIPT_CUT_OFF;
}

/* How a stream ends that has no more octets, or why it has none now. */
static int no_octets(struct fake_io *fake)
{
    if (fake->broken || turn_of(fake)->act == TRANSCRIPT_LOST) {
        return STINT_IO_FAILED;
    }
    if (ends_here(fake) && !fake->unflushed) {
        return STINT_IO_CLOSED;
    }
    return nothing_now(fake, STINT_WANT_READ);
}

static int fake_read(void *context, uint8_t *buffer, size_t room)
{
    struct fake_io *fake = context;
    size_t n;

    fake->reads++;
    if (!fake->is_open || room == 0) {
        went_wrong(fake, "read without a connection, or without room", "", 0);
    }
    if (!begin_call(fake)) {
        return STINT_IO_FAILED;
    }
    if (turn_of(fake)->act == TRANSCRIPT_ANY && fake->said_any && !fake->unflushed) {
        fake->said_any = false;
        moved(fake, turn_of(fake)->length);
    }
    shake_hands(fake);
    if (fake->in_tls && !has_records(fake)) {
        make_records(fake);
    }
    if (fake->in_tls ? !has_records(fake) || fake->unflushed : !server_speaks(fake)) {
        return no_octets(fake);
    }
    if ((fake->offset < turn_of(fake)->due || fake->in_tls) &&
        pauses(fake, CALL_READ, STINT_WANT_READ)) {
        return STINT_IO_AGAIN;
    }
    if (fake->in_tls) {
        return read_record(fake, buffer, room);
    }
    n = least_of(room, turn_of(fake)->length - fake->offset, fake->dribble_ms > 0 ? 1 : fake->most);
    memcpy(buffer, turn_of(fake)->octets + fake->offset, n);
    moved(fake, n);
    return (int)n;
}

static int take_anything(struct fake_io *fake, size_t length)
{
    size_t n = least_of(length, length, fake->most);

    fake->unflushed = true;
    fake->said_any = true;
    fake->taken += n;
    return (int)n;
}

/* The server is at its turn: nothing is taken before it has spoken. */
static int not_the_turn(struct fake_io *fake, const uint8_t *data, size_t length)
{
    if (turn_of(fake)->act == TRANSCRIPT_SERVER && fake->offset < turn_of(fake)->due) {
        went_wrong(fake, "unexpected words of the client", data, length);
    }
    if (turn_of(fake)->act == TRANSCRIPT_END || turn_of(fake)->act == TRANSCRIPT_TLS) {
        went_wrong(fake, "words behind the end", data, length);
    }
    fake->unflushed = false; /* whoever takes no more sends what it has */
    return nothing_now(fake, STINT_WANT_WRITE);
}

static int fake_write(void *context, const uint8_t *data, size_t length)
{
    struct fake_io *fake = context;
    const struct transcript_turn *turn = turn_of(fake);
    size_t n = least_of(length, turn->length - fake->offset, fake->most);

    fake->writes++;
    if (!fake->is_open || length == 0) {
        went_wrong(fake, "write without a connection, or of nothing", "", 0);
    }
    if (!begin_call(fake) || fake->broken || fake->said_goodbye) {
        return STINT_IO_FAILED;
    }
    if (turn->act == TRANSCRIPT_ANY) {
        return take_anything(fake, length);
    }
    shake_hands(fake);
    if (fake->in_tls && takes_records(fake)) {
        return pauses(fake, CALL_WRITE, STINT_WANT_WRITE) ? STINT_IO_AGAIN
                                                          : write_record(fake, data, length);
    }
    if (turn->act != TRANSCRIPT_CLIENT && turn->act != TRANSCRIPT_PART) {
        return not_the_turn(fake, data, length);
    }
    if (is_later(fake, fake->takes_at)) {
        return nothing_now(fake, STINT_WANT_WRITE);
    }
    if (pauses(fake, CALL_WRITE, STINT_WANT_WRITE)) {
        return STINT_IO_AGAIN;
    }
    if (fake->take_ms > 0) {
        n = 1;
        fake->takes_at = fake->now_ms + fake->take_ms;
    }
    if (memcmp(data, turn->octets + fake->offset, n) != 0) {
        went_wrong(fake, "other words of the client", data, length);
    }
    fake->unflushed = true;
    fake->taken += n;
    moved(fake, n);
    return (int)n;
}

static int fake_flush(void *context)
{
    struct fake_io *fake = context;

    fake->flushes++;
    if (!fake->is_open) {
        went_wrong(fake, "flush without a connection", "", 0);
    }
    if (!begin_call(fake) || fake->broken) {
        fake->unflushed = false;
        return STINT_IO_DONE; /* what was written has left, so it must not say FAILED */
    }
    if (pauses(fake, CALL_FLUSH, STINT_WANT_WRITE)) {
        return STINT_IO_AGAIN;
    }
    fake->unflushed = false;
    return STINT_IO_DONE;
}

static int fake_close(void *context)
{
    struct fake_io *fake = context;

    begin_call(fake);
    if ((fake->close_again && !fake->paused[CALL_CLOSE]) || fake->again) {
        if (!fake->paused[CALL_CLOSE]) {
            fake->paused[CALL_CLOSE] = true;
            fake->can_go_on = true;
            return STINT_IO_AGAIN;
        }
    }
    fake->is_open = false;
    fake->closed++;
    return STINT_IO_DONE;
}

static const char *fake_local_address(void *context)
{
    const struct fake_io *fake = context;

    return fake->local_address;
}

const struct stint_io fake_io = {fake_open,  fake_read,  fake_write,
                                 fake_flush, fake_close, fake_local_address};

void fake_io_start(struct fake_io *fake, const struct transcript_turn *turns)
{
    memset(fake, 0, sizeof *fake);
    fake->turns = turns;
    fake->local_address = "192.0.2.1";
}

bool fake_io_is_over(const struct fake_io *fake)
{
    enum transcript_act act = turn_of(fake)->act;

    if (act == TRANSCRIPT_END) {
        return true;
    }
    if (act == TRANSCRIPT_CLIENT || (act == TRANSCRIPT_SERVER && fake->offset == 0)) {
        return false;
    }
    return fake->turns[fake->turn + 1].act == TRANSCRIPT_END;
}

/* ---- Running a client ---- */

/* Is there something for the client to see that was not there when it last looked? */
static bool has_news(const struct fake_io *fake)
{
    enum transcript_act act = turn_of(fake)->act;

    return server_speaks(fake) || (has_records(fake) && !fake->unflushed) ||
           ((ends_here(fake) || act == TRANSCRIPT_LOST || act == TRANSCRIPT_ABORT) &&
            !fake->unflushed);
}

/* One buffer for both directions, full of what the server does not take, leaves no room to read. */
static bool cannot_read(const struct fake_io *fake)
{
    return fake->in_tls && fake->waits == STINT_WANT_WRITE && !fake->can_go_on;
}

/* May the client wait for good now, until a deadline of its own? */
static bool may_hang(const struct fake_io *fake, const struct fake_source *source)
{
    return turn_of(fake)->act == TRANSCRIPT_SILENCE || fake->open_hangs || fake->idles ||
           (source != NULL && source->hangs);
}

/* Clears what was noted at the step before. */
static void before_step(struct fake_io *fake, struct stint_client *client,
                        struct fake_source *source)
{
    if (source != NULL) {
        source->waited = false;
    }
    fake->waits = 0;
    fake->can_go_on = false;
    if (turn_of(fake)->act == TRANSCRIPT_ABORT && fake->is_open && !fake->unflushed) {
        stint_abort(client);
    }
}

/* Does it say that it waits for what made it stop, and for nothing else? */
static void check_wants(struct fake_io *fake, const struct stint_client *client,
                        const struct fake_source *source, const char *how)
{
    unsigned wants = stint_wants(client);

    fake->waits |= source != NULL && source->waited ? STINT_WANT_SOURCE : 0U;
    if (wants != STINT_WANT_NOTHING && fake->waits != 0 && wants != fake->waits) {
        fail_msg("%s: wants %u, but %u could not go on", how, wants, fake->waits);
    }
}

/* How long to sleep until there is something to do. */
static uint32_t sleep_ms(struct fake_io *fake, const struct stint_client *client,
                         const struct fake_source *source, const char *how)
{
    uint32_t wait = stint_wait_ms(client, fake->now_ms);
    uint32_t until_speech = fake->speaks_at - fake->now_ms;

    if (stint_wants(client) == STINT_WANT_NOTHING) {
        assert_int_equal(wait, 0);
        return 0;
    }
    assert_true(wait > 0);
    if (cannot_read(fake)) {
        return wait;
    }
    if (fake->can_go_on || has_news(fake) || (source != NULL && source->paused)) {
        return 1;
    }
    if (is_later(fake, fake->takes_at)) {
        return fake->takes_at - fake->now_ms < wait ? fake->takes_at - fake->now_ms : wait;
    }
    if (is_servers_turn(fake) && !fake->unflushed) {
        return until_speech < wait ? until_speech : wait;
    }
    if (!may_hang(fake, source)) {
        fail_msg("%s: the client waits forever at turn %zu, octet %zu: %s", how, fake->turn,
                 fake->offset, fake->wrong);
    }
    return wait;
}

enum stint_progress fake_io_run(struct fake_io *fake, struct stint_client *client,
                                struct fake_source *source, uint32_t *now_ms, const char *how)
{
    enum stint_progress progress;
    unsigned steps = 0;

    fake->now_ms = *now_ms;
    fake->speaks_at = *now_ms + fake->delay_ms;
    fake->takes_at = *now_ms + fake->open_ms;
    before_step(fake, client, source);
    while ((progress = stint_step(client, fake->now_ms)) == STINT_RUNNING) {
        check_wants(fake, client, source, how);
        fake->now_ms += sleep_ms(fake, client, source, how);
        assert_true(steps++ < STEPS_MAX);
        before_step(fake, client, source);
    }
    *now_ms = fake->now_ms;
    if (fake->wrong[0] != '\0') {
        fail_msg("%s: %s", how, fake->wrong);
    }
    assert_int_equal(stint_wants(client), STINT_WANT_NOTHING);
    assert_int_equal(stint_wait_ms(client, fake->now_ms), 0);
    if (progress == STINT_DONE) {
        assert_int_equal(fake->closed, fake->opened);
    }
    return progress;
}
