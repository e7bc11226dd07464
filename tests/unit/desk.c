/* SPDX-License-Identifier: MIT */
#include "desk.h"

#include "test.h"

static int entropy(void *context, uint8_t *buffer, size_t length)
{
    struct desk *desk = context;

    desk->entropy_asked++;
    memset(buffer, 0x5A, length);
    return desk->no_entropy ? 0 : 1;
}

static void set_up_tls(struct desk *desk)
{
    desk->tls.profile = stint_tls_profile_fast;
    desk->tls.anchors = &tls_server_anchor;
    desk->tls.anchor_count = 1;
    desk->tls.entropy = entropy;
    desk->tls.entropy_context = desk;
    desk->tls.unix_time = TLS_SERVER_TIME;
    desk->fake.tls = &desk->server;
}

void desk_set_up(struct desk *desk, const char *script)
{
    memset(desk, 0, sizeof *desk);
    transcript_parse(&desk->script, "script", script);
    fake_io_start(&desk->fake, desk->script.turns);
    fake_source_start(&desk->source, "Hello\r\n", 7);
    set_up_tls(desk);
    desk->account.host = "mail.example.com";
    desk->account.ehlo_name = "client.example.com";
    desk->account.security = STINT_SECURITY_NONE;
    desk->recipients[0].address = "b@example.org";
    desk->recipients[1].address = "c@example.org";
    desk->mail.reverse_path = "a@example.com";
    desk->mail.recipients = desk->recipients;
    desk->mail.recipient_count = 1;
    desk->mail.source = &desk->source.source;
    desk->client.io = &fake_io;
    desk->client.io_context = &desk->fake;
    desk->client.tls = &desk->tls;
    desk->client.in = desk->in;
    desk->client.in_size = sizeof desk->in;
    desk->client.out = desk->out;
    desk->client.out_size = sizeof desk->out;
    desk->client.text = desk->text;
    desk->client.text_size = sizeof desk->text;
    memset(desk->text, 'X', sizeof desk->text);
    desk->now_ms = 0xFFFFF000U; /* wraps soon */
}

void desk_run(struct desk *desk)
{
    stint_start(&desk->client, &desk->account, &desk->mail, desk->now_ms);
    fake_io_run(&desk->fake, &desk->client, &desk->source, &desk->now_ms, "client");
}

void desk_assert(const struct desk *desk, enum stint_error error, enum stint_stage stage,
                 enum stint_fate fate)
{
    const struct stint_result *result = &desk->client.result;

    if (result->error != error || result->stage != stage || result->fate != fate) {
        fail_msg("error %s at %s, %s; expected %s at %s, %s", stint_error_name(result->error),
                 stint_stage_name(result->stage), stint_fate_name(result->fate),
                 stint_error_name(error), stint_stage_name(stage), stint_fate_name(fate));
    }
    assert_int_equal(desk->recipients[0].fate, fate);
    assert_non_null(memchr(desk->text, '\0', sizeof desk->text));
}
