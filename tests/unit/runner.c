/* SPDX-License-Identifier: MIT */
#include "runner.h"

#include "test.h"

#include "session/mails.h"
#include "session/outcome.h"
#include "session/session.h"

#define ROOM_MAX  16384
#define TEXT_SIZE 1024

/* The transcript under way, for complaints. */
static const char *playing;

unsigned long runner_session_runs;

/* One run of one transcript. */
struct play {
    struct transcript *transcript;
    struct stint_session session;
    struct stint_result result;
    char text[TEXT_SIZE];
    size_t split;   /* octets of the server's that are read at a time */
    size_t room;    /* octets that may be written at a time */
    size_t results; /* that were complete */
    size_t turn;
    size_t offset;          /* in the turn */
    const uint8_t *waiting; /* written, but not taken by the transport */
    size_t waiting_length;
    uint32_t sent;
    char how[400];
};

/* Too large for every run's stack frame. */
static uint8_t written[ROOM_MAX];

static const struct transcript_turn *turn_of(const struct play *play)
{
    return &play->transcript->turns[play->turn];
}

static void fail_at(const struct play *play, const char *what)
{
    fail_msg("%s: turn %zu, octet %zu: %s: %.*s", play->how, play->turn, play->offset, what,
             (int)play->waiting_length, (const char *)play->waiting);
}

static void pass(struct play *play, size_t length)
{
    play->offset += length;
    if (play->offset == turn_of(play)->length) {
        play->offset = 0;
        play->turn++;
    }
}

/* The transport takes what the transcript has the client say now. */
static void take(struct play *play)
{
    const struct transcript_turn *turn = turn_of(play);
    size_t n = turn->length - play->offset;

    if ((turn->act != TRANSCRIPT_CLIENT && turn->act != TRANSCRIPT_PART) ||
        play->waiting_length == 0) {
        return;
    }
    n = n < play->waiting_length ? n : play->waiting_length;
    if (memcmp(play->waiting, turn->octets + play->offset, n) != 0) {
        fail_at(play, "other words of the client");
    }
    play->waiting += n;
    play->waiting_length -= n;
    play->sent += (uint32_t)n;
    stint_session_sent(&play->session, play->sent);
    pass(play, n);
}

/* Writes a record. Returns false if there is none. */
static bool write_record(struct play *play)
{
    size_t n;

    if (!stint_session_may_write(&play->session)) {
        return false;
    }
    n = stint_session_write(&play->session, written, play->room);
    assert_true(n <= play->room);
    if (play->session.state != STINT_SESSION_TALKS) {
        return false; /* what was written is dropped, as the client does */
    }
    play->waiting = written;
    play->waiting_length = n;
    if (n == 0 && !play->session.source_waits) {
        fail_at(play, "the client wants to say something, but does not");
    }
    return true;
}

/* The client says what it wants to say, until it must wait for the server or for the transport. */
static void client_speaks(struct play *play)
{
    take(play);
    while (play->waiting_length == 0 && write_record(play)) {
        take(play);
    }
}

/* The result is about the mail that comes next; when the idle time is over, about the last one. */
static void judge_result(struct play *play)
{
    size_t index = play->results;

    if (index > 0 && play->result.mail == &play->transcript->mails[index - 1].mail) {
        index--;
    }
    if (index == play->transcript->result_count) {
        fail_at(play, "a result too many");
    }
    transcript_judge(play->transcript, index, &play->result, play->text, play->how);
    play->results = index + 1;
}

/* What the client does at each step. */
static void go_on(struct play *play)
{
    while (play->session.mail_done) {
        judge_result(play);
        stint_mails_continue(&play->session);
    }
    stint_mails_continue(&play->session);
}

static void check_silence(const struct play *play)
{
    if (play->waiting_length > 0) {
        fail_at(play, "unexpected words of the client");
    }
}

static void server_speaks(struct play *play)
{
    const struct transcript_turn *turn = turn_of(play);
    size_t used = 1;

    while (turn == turn_of(play) && play->session.state == STINT_SESSION_TALKS && used > 0) {
        size_t left = turn->length - play->offset;
        size_t n = left < play->split ? left : play->split;

        if (play->offset < turn->due && turn->act == TRANSCRIPT_SERVER) {
            check_silence(play);
        }
        used = stint_session_read(&play->session, (const uint8_t *)turn->octets + play->offset, n);
        assert_true(used == n || play->session.mail_done ||
                    play->session.state != STINT_SESSION_TALKS);
        pass(play, used);
        go_on(play);
        if (turn == turn_of(play)) {
            client_speaks(play);
        }
    }
}

/* What the client does at the seam: octets behind the 220 are an attack. */
static void cross_seam(struct play *play)
{
    check_silence(play);
    if (play->offset > 0) {
        stint_session_break(&play->session, STINT_ERROR_INJECTION);
    } else if (turn_of(play)->act == TRANSCRIPT_TLS) {
        play->turn++;
        stint_session_secured(&play->session);
    } else if (turn_of(play)->act == TRANSCRIPT_CLOSED) {
        play->turn++;
        stint_session_lost(&play->session, STINT_ERROR_CLOSED);
    } else {
        fail_at(play, "the client wants TLS");
    }
}

static void lost(struct play *play, enum stint_error error)
{
    play->turn++;
    stint_session_lost(&play->session, error);
}

static void next_mail(struct play *play)
{
    play->turn++;
    transcript_next(play->transcript);
    go_on(play);
}

static void end_idle_time(struct play *play)
{
    if (!stint_mails_are_awaited(&play->session)) {
        fail_at(play, "the client is not idle");
    }
    play->turn++;
    stint_mails_end(&play->session);
}

static void next_turn(struct play *play)
{
    switch (turn_of(play)->act) {
    case TRANSCRIPT_CLIENT: fail_at(play, "the client does not say it"); break;
    case TRANSCRIPT_SERVER:
    case TRANSCRIPT_EARLY: server_speaks(play); break;
    case TRANSCRIPT_CLOSED: lost(play, STINT_ERROR_CLOSED); break;
    case TRANSCRIPT_CUT_OFF: lost(play, STINT_ERROR_TRUNCATED); break;
    case TRANSCRIPT_LOST: lost(play, STINT_ERROR_IO); break;
    case TRANSCRIPT_SILENCE: lost(play, STINT_ERROR_TIMEOUT); break;
    case TRANSCRIPT_ABORT: lost(play, STINT_ERROR_ABORTED); break;
    case TRANSCRIPT_NEXT: next_mail(play); break;
    case TRANSCRIPT_IDLE: end_idle_time(play); break;
    default: fail_at(play, "the client goes on"); break;
    }
}

static bool is_over(const struct play *play)
{
    return play->session.state == STINT_SESSION_ENDED ||
           play->session.state == STINT_SESSION_BROKEN;
}

static void play_all(struct play *play)
{
    while (!is_over(play)) {
        if (play->session.state == STINT_SESSION_WANTS_TLS) {
            cross_seam(play);
        } else {
            client_speaks(play);
            if (!is_over(play)) {
                next_turn(play);
            }
        }
    }
}

static void judge(struct play *play)
{
    const struct transcript *transcript = play->transcript;
    enum transcript_act act = turn_of(play)->act;
    size_t rest =
        play->turn + (act == TRANSCRIPT_PART || (play->offset > 0 && act != TRANSCRIPT_CLIENT));

    if (transcript->turns[rest].act != TRANSCRIPT_END) {
        fail_at(play, "the client has ended before");
    }
    if ((play->session.state == STINT_SESSION_ENDED) != transcript->in_order) {
        fail_at(play, "not the end that was expected");
    }
    if (play->result.error == STINT_ERROR_NONE) {
        play->result.stage = STINT_STAGE_QUIT; /* as the client does */
    }
    judge_result(play);
    if (play->results != transcript->result_count) {
        fail_at(play, "a result is missing");
    }
}

static void play_session(struct transcript *transcript, size_t split, size_t room)
{
    static struct play play;
    bool implicit = transcript->turns[0].act == TRANSCRIPT_TLS;
    const struct stint_mail *mail;

    memset(&play, 0, sizeof play);
    play.transcript = transcript;
    play.split = split;
    play.room = room;
    play.turn = implicit ? 1 : 0;
    snprintf(play.how, sizeof play.how, "%s: split %zu, room %zu, source %zu%s", playing, split,
             room, transcript->mails[0].source.most,
             transcript->mails[0].source.again ? " with pauses" : "");
    memset(play.text, 'X', sizeof play.text);
    play.text[0] = '\0';
    play.session.account = &transcript->account;
    stint_session_set_mail(&play.session, transcript_mail(transcript));
    play.session.result = &play.result;
    play.session.reply_limit = (uint8_t)(transcript->replies > 0 ? transcript->replies : UINT8_MAX);
    play.session.local_address = transcript->local_address;
    play.session.text = play.text;
    play.session.text_size = sizeof play.text;
    stint_outcome_start(&play.result, play.session.reader.mail);
    for (mail = play.session.reader.mail; mail != NULL; mail = mail->next) {
        stint_outcome_forget_recipients(mail);
    }
    stint_session_start(&play.session, implicit);
    play_all(&play);
    judge(&play);
    runner_session_runs++;
}

static const size_t rooms[] = {2, 3, 5, 17, 64, 512, ROOM_MAX};

/* What a chunk needs at least (session/content.h). */
#define ROOM_FOR_A_CHUNK 512

static bool fits(const struct transcript *transcript, size_t room)
{
    return (transcript->record == 0 || room <= transcript->record) &&
           (room >= ROOM_FOR_A_CHUNK || !transcript_has_chunks(transcript));
}

static size_t longest_turn(const struct transcript *transcript)
{
    size_t longest = 1;
    size_t i;

    for (i = 0; i < transcript->turn_count; i++) {
        if (transcript->turns[i].act != TRANSCRIPT_CLIENT &&
            transcript->turns[i].length > longest) {
            longest = transcript->turns[i].length;
        }
    }
    return longest;
}

static void every_split(struct transcript *transcript)
{
    size_t longest = longest_turn(transcript);
    size_t split;
    size_t i;

    for (split = 1; split <= longest; split++) {
        for (i = 0; i < COUNT(rooms); i++) {
            if (fits(transcript, rooms[i])) {
                play_session(transcript, split, rooms[i]);
            }
        }
    }
}

static void set_sources(struct transcript *transcript, size_t most, bool again)
{
    size_t i;

    for (i = 0; i < TRANSCRIPT_MAILS_MAX; i++) {
        transcript->mails[i].source.most = most;
        transcript->mails[i].source.again = again;
    }
}

static void every_piece_of_the_message(struct transcript *transcript)
{
    size_t most;
    size_t i;

    for (most = 1; most <= 16; most++) {
        set_sources(transcript, most, true);
        for (i = 0; i < COUNT(rooms) && fits(transcript, rooms[i]); i++) {
            play_session(transcript, 1, rooms[i]);
            play_session(transcript, ROOM_MAX, rooms[i]);
        }
    }
    set_sources(transcript, 0, false);
}

void runner_play(struct transcript *transcript, const char *name)
{
    playing = name;
    every_split(transcript);
    if (!transcript_has_chunks(transcript)) {
        every_piece_of_the_message(transcript);
    }
}
