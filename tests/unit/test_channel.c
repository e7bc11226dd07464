/* SPDX-License-Identifier: MIT */

/* The four doors between session and transport, in clear. (In TLS they are BearSSL's.) */

#include "test.h"

#include "channel.h"

#define IN  40
#define OUT 30

struct bench {
    struct stint_channel channel;
    uint8_t in[IN];
    uint8_t out[OUT];
};

static void set_up(struct bench *bench, bool two_buffers)
{
    memset(bench, 0, sizeof *bench);
    stint_channel_start(&bench->channel, bench->in, IN, two_buffers ? bench->out : NULL, OUT);
}

static void it_starts_empty(void **state)
{
    struct bench bench;
    size_t length;

    (void)state;
    set_up(&bench, true);
    assert_ptr_equal(stint_channel_record_in(&bench.channel, &length), bench.in);
    assert_int_equal(length, IN);
    assert_ptr_equal(stint_channel_data_out(&bench.channel, &length), bench.out);
    assert_int_equal(length, OUT);
    assert_null(stint_channel_data_in(&bench.channel, &length));
    assert_null(stint_channel_record_out(&bench.channel, &length));
}

/* One buffer serves both directions by halves that do not touch. */
static void one_buffer_is_halved(void **state)
{
    struct bench bench;
    size_t in;
    size_t out;

    (void)state;
    set_up(&bench, false);
    assert_ptr_equal(stint_channel_record_in(&bench.channel, &in), bench.in);
    assert_ptr_equal(stint_channel_data_out(&bench.channel, &out), bench.in + in);
    assert_int_equal(in + out, IN);
}

static void input_is_handed_on_before_more_is_taken(void **state)
{
    struct bench bench;
    size_t length;

    (void)state;
    set_up(&bench, true);
    stint_channel_record_in_ack(&bench.channel, 5);
    assert_null(stint_channel_record_in(&bench.channel, &length));
    assert_ptr_equal(stint_channel_data_in(&bench.channel, &length), bench.in);
    assert_int_equal(length, 5);
    stint_channel_data_in_ack(&bench.channel, 2);
    assert_ptr_equal(stint_channel_data_in(&bench.channel, &length), bench.in + 2);
    assert_int_equal(length, 3);
    assert_null(stint_channel_record_in(&bench.channel, &length));
    stint_channel_data_in_ack(&bench.channel, 3);
    assert_null(stint_channel_data_in(&bench.channel, &length));
    assert_ptr_equal(stint_channel_record_in(&bench.channel, &length), bench.in);
}

/* Every octet counts as sent when the transport has taken it, and not before. */
static void output_is_counted_as_it_leaves(void **state)
{
    struct bench bench;
    size_t length;

    (void)state;
    set_up(&bench, true);
    stint_channel_data_out_flush(&bench.channel, 10);
    assert_int_equal(bench.channel.accepted, 10);
    assert_int_equal(bench.channel.sent, 0);
    assert_null(stint_channel_data_out(&bench.channel, &length));
    assert_ptr_equal(stint_channel_record_out(&bench.channel, &length), bench.out);
    assert_int_equal(length, 10);
    stint_channel_record_out_ack(&bench.channel, 9);
    assert_int_equal(bench.channel.sent, 9);
    assert_null(stint_channel_data_out(&bench.channel, &length));
    stint_channel_record_out_ack(&bench.channel, 1);
    assert_int_equal(bench.channel.sent, 10);
    assert_null(stint_channel_record_out(&bench.channel, &length));
    assert_non_null(stint_channel_data_out(&bench.channel, &length));
}

/* What is discarded was not sent; and input still comes in. */
static void what_is_discarded_does_not_count(void **state)
{
    struct bench bench;
    size_t length;

    (void)state;
    set_up(&bench, true);
    stint_channel_data_out_flush(&bench.channel, 10);
    stint_channel_record_out_ack(&bench.channel, 4);
    stint_channel_discard(&bench.channel);
    assert_null(stint_channel_record_out(&bench.channel, &length));
    assert_int_equal(bench.channel.sent, 4);
    assert_non_null(stint_channel_record_in(&bench.channel, &length));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_starts_empty),
        cmocka_unit_test(one_buffer_is_halved),
        cmocka_unit_test(input_is_handed_on_before_more_is_taken),
        cmocka_unit_test(output_is_counted_as_it_leaves),
        cmocka_unit_test(what_is_discarded_does_not_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
