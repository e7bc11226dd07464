/* SPDX-License-Identifier: MIT */

/*
 * Every exchange of a session gets every wrong answer: transcripts like those of tests/sessions,
 * but written by a table. Also replies that have no end.
 */

#include "test.h"

#include "fake_io.h"
#include "runner.h"

#define TEXT_MAX 4096

/* One command and the reply that lets the session go on. */
struct exchange {
    const char *stage;
    const char *command; /* lines of a transcript */
    const char *reply;
    bool exact; /* another 2yz will not do */
};

static const struct exchange in_clear[] = {
    {"greeting", "", "S: 220 mx.example.org\n", true},
    {"EHLO", "C: EHLO client.example.com\n", "S: 250-mx.example.org\nS: 250 SIZE\n", false},
    {"MAIL", "C: MAIL FROM:<a@example.com>\n", "S: 250 2.1.0 Ok\n", false},
    {"RCPT", "C: RCPT TO:<b@example.org>\n", "S: 250 2.1.5 Ok\n", false},
    {"DATA", "C: DATA\n", "S: 354 Go\n", true},
    {"content", "C: Hello\nC: .\n", "S: 250 2.0.0 Queued\n", false},
    {"QUIT", "C: QUIT\n", "", false},
};

static const struct exchange in_tls[] = {
    {"greeting", "", "S: 220 mx.example.org\n", true},
    {"EHLO", "C: EHLO client.example.com\n", "S: 250-mx.example.org\nS: 250 STARTTLS\n", false},
    {"STARTTLS", "C: STARTTLS\n", "S: 220 Go\n== TLS ==\n", true},
    {"EHLO", "C: EHLO client.example.com\n", "S: 250-mx.example.org\nS: 250 AUTH LOGIN\n", false},
    {"AUTH", "C: AUTH LOGIN\n", "S: 334 VXNlcm5hbWU6\n", true},
    {"AUTH", "C: dGlt\n", "S: 334 UGFzc3dvcmQ6\n", true},
    {"AUTH", "C: dGFuc3RhYWZ0YW5zdGFhZg==\n", "S: 235 2.7.0 Welcome\n", true},
    {"MAIL", "C: MAIL FROM:<a@example.com>\n", "S: 250 2.1.0 Ok\n", false},
    {"RCPT", "C: RCPT TO:<b@example.org>\n", "S: 250 2.1.5 Ok\n", false},
    {"DATA", "C: DATA\n", "S: 354 Go\n", true},
    {"content", "C: Hello\nC: .\n", "S: 250 2.0.0 Queued\n", false},
    {"QUIT", "C: QUIT\n", "", false},
};

/* What comes instead of the reply. */
struct answer {
    const char *lines;
    const char *error;
    unsigned code; /* that the result tells */
    const char *told;
    bool refuses; /* a decision of the server's, and no doubt about the message */
    bool quits;   /* QUIT follows */
    bool not_2yz; /* only where one certain code will do */
};

static const struct answer answers[] = {
    {"S: 450 4.3.0 Later\n", "temporary", 450, "enhanced=4.3.0 text=\"4.3.0 Later\"", true, true,
     false},
    {"S: 400\n", "temporary", 400, "", true, true, false},
    {"S: 499\n", "temporary", 499, "", true, true, false},
    {"S: 550 5.3.0 No\n", "permanent", 550, "enhanced=5.3.0 text=\"5.3.0 No\"", true, true, false},
    {"S: 550-5.3.0 No\nS: 550 never\n", "permanent", 550,
     "enhanced=5.3.0 text=\"5.3.0 No\\nnever\"", true, true, false},
    {"S: 599\n", "permanent", 599, "", true, true, false},
    {"S: 421 4.3.2 Bye\n", "temporary", 421, "enhanced=4.3.2 text=\"4.3.2 Bye\"", true, false,
     false},
    {"S: 150 Wait\n", "protocol", 150, "text=Wait", false, false, false},
    {"S: 199\n", "protocol", 199, "", false, false, false},
    {"S: 300 Hm\n", "protocol", 300, "text=Hm", false, false, false},
    {"S: 355 Go\n", "protocol", 355, "text=Go", false, false, false},
    {"S: 299 Hm\n", "protocol", 299, "text=Hm", false, false, true},
    {"S: Hello\n", "protocol", 0, "", false, false, false},
    {"S: 2a0 Hm\n", "protocol", 0, "", false, false, false},
    {"S: 650 Hm\n", "protocol", 0, "", false, false, false},
    {"S: 250_Hm\n", "protocol", 0, "", false, false, false},
    {"S: 250-Hm\nS: 550 Hm\n", "protocol", 0, "", false, false, false},
    {"S: 250 Hm\\n\\c\n", "protocol", 0, "", false, false, false},
    {"S: 250 Hm\\0\n", "protocol", 0, "", false, false, false},
    {"== closed ==\n", "closed", 0, "", false, false, false},
    {"== lost ==\n", "io", 0, "", false, false, false},
    {"== silence ==\n", "timeout", 0, "", false, false, false},
    {"== abort ==\n", "aborted", 0, "", false, false, false},
    {"S: 250 2.0.0 O\\c\n== closed ==\n", "closed", 0, "", false, false, false},
    {"S: 550 5.3.0 N\\c\n== lost ==\n", "io", 0, "", false, false, false},
    {"S: 220-\\c\n== silence ==\n", "timeout", 0, "", false, false, false},
    {"S: 4\\c\n== abort ==\n", "aborted", 0, "", false, false, false},
};

static void append(char *text, const char *more)
{
    assert_true(strlen(text) + strlen(more) < TEXT_MAX);
    strcat(text, more);
}

/* What must come of `answer` at `stage`. */
static void append_outcome(char *text, const struct answer *answer, const char *stage)
{
    char line[200];
    bool behind_rcpt =
        strcmp(stage, "RCPT") == 0 || strcmp(stage, "DATA") == 0 || strcmp(stage, "content") == 0;
    bool in_doubt = strcmp(stage, "content") == 0 && !answer->refuses;

    sprintf(line, "result: error=%s stage=%s fate=%s code=%u %s\n", answer->error, stage,
            in_doubt ? "unknown" : "not-accepted", answer->code, answer->told);
    append(text, line);
    sprintf(line, "recipient: b@example.org %s", in_doubt ? "unknown" : "not-accepted");
    append(text, line);
    if (behind_rcpt && answer->refuses) {
        sprintf(line, " %u %.14s", answer->code,
                answer->told[0] != '\0' ? answer->told + strlen("enhanced=") : "0.0.0");
        line[strcspn(line + 5, " ") + 5] = '\0';
        append(text, line);
    }
    append(text, answer->quits ? "\nend: in order\n" : "\nend: broken off\n");
}

/* QUIT changes nothing, whatever the answer to it. */
static void append_success(char *text)
{
    append(text, "result: error=none stage=QUIT fate=accepted code=250 enhanced=2.0.0 "
                 "text=\"2.0.0 Queued\"\n"
                 "recipient: b@example.org accepted 250 2.0.0\n"
                 "end: in order\n");
}

static void write_transcript(char *text, const char *account, const struct exchange *exchanges,
                             size_t at, const struct answer *answer)
{
    bool quits = strcmp(exchanges[at].stage, "QUIT") == 0;
    size_t i;

    strcpy(text, account);
    append(text, "mail: from=a@example.com to=b@example.org\nmessage: Hello\\r\\n\n");
    for (i = 0; i < at; i++) {
        append(text, exchanges[i].command);
        append(text, exchanges[i].reply);
    }
    append(text, exchanges[at].command);
    append(text, answer->lines);
    if (quits) {
        append_success(text);
    } else {
        append(text, answer->quits ? "C: QUIT\nS: 221 Bye\n" : "");
        append_outcome(text, answer, exchanges[at].stage);
    }
}

static void refuse_everything(const char *account, const struct exchange *exchanges, size_t count)
{
    static struct transcript transcript;
    char text[TEXT_MAX];
    char name[100];
    size_t at;
    size_t i;

    for (at = 0; at < count; at++) {
        for (i = 0; i < COUNT(answers); i++) {
            if (answers[i].not_2yz && !exchanges[at].exact) {
                continue;
            }
            write_transcript(text, account, exchanges, at, &answers[i]);
            snprintf(name, sizeof name, "%s, answer %zu", exchanges[at].stage, i);
            transcript_parse(&transcript, name, text);
            runner_play(&transcript, name);
        }
    }
}

static void every_exchange_gets_every_wrong_answer(void **state)
{
    (void)state;
    refuse_everything("account: security=none\n", in_clear, COUNT(in_clear));
}

static void also_inside_tls(void **state)
{
    (void)state;
    refuse_everything("account: security=starttls user=tim password=tanstaaftanstaaf\n", in_tls,
                      COUNT(in_tls));
}

/* ---- Replies without end ---- */

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

static int tell(void **state)
{
    (void)state;
    print_message("%lu runs of the session, %lu of the client\n", runner_session_runs,
                  runner_client_runs);
    return 0;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_exchange_gets_every_wrong_answer),
        cmocka_unit_test(also_inside_tls),
        cmocka_unit_test(endless_replies_end_the_session),
    };

    return cmocka_run_group_tests(tests, NULL, tell);
}
