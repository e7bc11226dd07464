/* SPDX-License-Identifier: MIT */
#include "channel.h"

#include "tls/tls.h"
#include "wipe.h"

#include <string.h>

void stint_channel_start(struct stint_channel *channel, uint8_t *in, size_t in_size, uint8_t *out,
                         size_t out_size)
{
    memset(channel, 0, sizeof *channel);
    channel->in = in;
    channel->in_size = in_size;
    channel->out = out;
    channel->out_size = out_size;
    if (out == NULL) {
        channel->in_size = in_size / 2;
        channel->out = in + channel->in_size;
        channel->out_size = in_size - channel->in_size;
    }
}

void stint_channel_secure(struct stint_channel *channel, struct stint_tls *tls)
{
    channel->tls = tls;
}

uint8_t *stint_channel_record_in(struct stint_channel *channel, size_t *room)
{
    if (channel->tls != NULL) {
        return stint_tls_record_in(channel->tls, room);
    }
    *room = channel->in_size;
    return channel->in_start == channel->in_end ? channel->in : NULL;
}

void stint_channel_record_in_ack(struct stint_channel *channel, size_t length)
{
    if (channel->tls != NULL) {
        stint_tls_record_in_ack(channel->tls, length);
        return;
    }
    channel->in_start = 0;
    channel->in_end = length;
}

uint8_t *stint_channel_record_out(const struct stint_channel *channel, size_t *length)
{
    if (channel->tls != NULL) {
        return stint_tls_record_out(channel->tls, length);
    }
    *length = channel->out_end - channel->out_start;
    return *length > 0 ? channel->out + channel->out_start : NULL;
}

/* In TLS a record counts as sent when it has left whole: nobody can read a part of it. Behind it
 * the engine may have an alert of its own to send; all that the session put in has left by then. */
void stint_channel_record_out_ack(struct stint_channel *channel, size_t length)
{
    size_t record;

    if (channel->tls == NULL) {
        channel->out_start += length;
        channel->sent += (uint32_t)length;
        return;
    }
    (void)stint_tls_record_out(channel->tls, &record);
    stint_tls_record_out_ack(channel->tls, length);
    if (length == record) {
        channel->sent = channel->accepted;
    }
}

uint8_t *stint_channel_data_in(const struct stint_channel *channel, size_t *length)
{
    if (channel->tls != NULL) {
        return stint_tls_data_in(channel->tls, length);
    }
    *length = channel->in_end - channel->in_start;
    return *length > 0 ? channel->in + channel->in_start : NULL;
}

void stint_channel_data_in_ack(struct stint_channel *channel, size_t length)
{
    if (channel->tls != NULL) {
        stint_tls_data_in_ack(channel->tls, length);
        return;
    }
    channel->in_start += length;
}

uint8_t *stint_channel_data_out(struct stint_channel *channel, size_t *room)
{
    if (channel->tls != NULL) {
        return stint_tls_data_out(channel->tls, room);
    }
    *room = channel->out_size;
    return channel->out_start == channel->out_end ? channel->out : NULL;
}

void stint_channel_data_out_flush(struct stint_channel *channel, size_t length)
{
    channel->accepted += (uint32_t)length;
    if (channel->tls != NULL) {
        stint_tls_data_out_ack(channel->tls, length);
        stint_tls_flush(channel->tls);
        return;
    }
    channel->out_start = 0;
    channel->out_end = length;
}

void stint_channel_discard(struct stint_channel *channel)
{
    size_t length;

    if (channel->tls == NULL) {
        channel->out_start = channel->out_end;
        return;
    }
    while (stint_tls_record_out(channel->tls, &length) != NULL) {
        stint_tls_record_out_ack(channel->tls, length);
    }
}

void stint_channel_end(struct stint_channel *channel)
{
    if (channel->tls != NULL) {
        stint_tls_end(channel->tls);
    }
    stint_wipe(channel->in, channel->in_size);
    stint_wipe(channel->out, channel->out_size);
}
