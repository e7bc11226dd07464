/* SPDX-License-Identifier: MIT */

/* Replies without end: at every exchange of a session. */

#include "test.h"

#include "fake_io.h"

#define ENDLESS 100000

/* Plays `turns`, of which the last is a reply that is longer than any may be. */
static void play_endless(const struct transcript_turn *turns, enum stint_error error,
                         enum stint_stage stage, enum stint_fate fate)
{
    static uint8_t in[STINT_IN_MIN], out[STINT_OUT_MIN];
    struct stint_account account = {.host = "mail.example.com",
                                    .ehlo_name = "client.example.com",
                                    .security = STINT_SECURITY_NONE};
    struct stint_recipient recipient = {.address = "b@example.org"};
    struct fake_source source;
    struct stint_mail mail = {.reverse_path = "a@example.com",
                              .recipients = &recipient,
                              .recipient_count = 1,
                              .source = &source.source};
    struct fake_io fake;
    uint32_t now_ms = 0;
    char text[64];
    struct stint_client client = {.io = &fake_io,
                                  .io_context = &fake,
                                  .in = in,
                                  .in_size = sizeof in,
                                  .out = out,
                                  .out_size = sizeof out,
                                  .text = text,
                                  .text_size = sizeof text};

    fake_io_start(&fake, turns);
    fake_source_start(&source, "Hello\r\n", 7);
    stint_start(&client, &account, &mail, now_ms);
    fake_io_run(&fake, &client, &source, &now_ms, "endless");
    assert_int_equal(client.result.error, error);
    assert_int_equal(client.result.stage, stage);
    assert_int_equal(client.result.fate, fate);
    assert_string_equal(text, error != STINT_ERROR_NONE ? "" : "Ok");
}

/* A session in clear up to the exchange `at`, whose reply repeats `line` for ever. */
static void endless_at(size_t at, const char *line, enum stint_error error, enum stint_stage stage,
                       enum stint_fate fate)
{
    static const char *const said[] = {
        "220 mx.example.org\r\n",
        "EHLO client.example.com\r\n",
        "250 mx.example.org\r\n",
        "MAIL FROM:<a@example.com>\r\n",
        "250 Ok\r\n",
        "RCPT TO:<b@example.org>\r\n",
        "250 Ok\r\n",
        "DATA\r\n",
        "354 Ok\r\n",
        "Hello\r\n.\r\n",
        "250 Ok\r\n",
        "QUIT\r\n",
    };
    static char endless[ENDLESS];
    struct transcript_turn turns[20];
    size_t i;

    memset(turns, 0, sizeof turns);
    for (i = 0; i < 2 * at; i++) {
        turns[i].act = i % 2 == 0 ? TRANSCRIPT_SERVER : TRANSCRIPT_CLIENT;
        turns[i].octets = said[i];
        turns[i].length = turns[i].due = strlen(said[i]);
    }
    for (i = 0; i < ENDLESS; i++) {
        endless[i] = line[i % strlen(line)];
    }
    turns[2 * at].act = TRANSCRIPT_SERVER;
    turns[2 * at].octets = endless;
    turns[2 * at].length = turns[2 * at].due = ENDLESS;
    play_endless(turns, error, stage, fate);
}

static void endless_replies_end_the_session(void **state)
{
    static const char *const lines[] = {"250-x\r\n", "354-\r\n", "220-mx.example.org ESMTP\r\n",
                                        "421-\r\n", "550-5.7.1 no\r\n"};
    static const enum stint_stage stages[] = {STINT_STAGE_GREETING, STINT_STAGE_EHLO,
                                              STINT_STAGE_MAIL,     STINT_STAGE_RCPT,
                                              STINT_STAGE_DATA,     STINT_STAGE_CONTENT};
    size_t at;
    size_t i;

    (void)state;
    for (at = 0; at < COUNT(stages); at++) {
        for (i = 0; i < COUNT(lines); i++) {
            endless_at(at, lines[i], STINT_ERROR_PROTOCOL, stages[at],
                       stages[at] == STINT_STAGE_CONTENT ? STINT_FATE_UNKNOWN
                                                         : STINT_FATE_NOT_ACCEPTED);
        }
    }
    endless_at(COUNT(stages), "221-x\r\n", STINT_ERROR_NONE, STINT_STAGE_QUIT, STINT_FATE_ACCEPTED);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(endless_replies_end_the_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
