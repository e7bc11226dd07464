/* SPDX-License-Identifier: MIT */

/*
 * The handshake's first flight from a server that was offered a session, through the filter for
 * tickets.
 *
 * Input: a seed for the pieces, and its low bit for one record buffer instead of two; the octets of
 * the stream.
 * Promise: it never succeeds, for nobody here knows the secret; nothing is kept. As long as it has
 * not failed, the engine's hash is that of the messages that have come, whatever the pieces.
 */

#include "fuzz.h"

#include "stint/stint.h"
#include "tls/resume.h"
#include "tls/tls.h"

#define RECORD_HEAD     5
#define RECORD_CCS      20
#define RECORD_MESSAGES 22
#define MESSAGE_HEAD    4
#define TICKET_OCTETS   40

/* ---- The reference: the messages in clear ---- */

/* What lies in the handshake records up to ChangeCipherSpec; `*has_ended` is whether that came. */
static size_t gather(struct input stream, uint8_t *messages, bool *has_ended)
{
    size_t gathered = 0;
    size_t length;
    uint8_t type;

    while (stream.left >= RECORD_HEAD && stream.octets[0] != RECORD_CCS) {
        type = stream.octets[0];
        length = (size_t)(stream.octets[3] << 8 | stream.octets[4]);
        stream.octets += RECORD_HEAD;
        stream.left -= RECORD_HEAD;
        length = length < stream.left ? length : stream.left;
        if (type == RECORD_MESSAGES) {
            memcpy(messages + gathered, stream.octets, length);
            gathered += length;
        }
        stream.octets += length;
        stream.left -= length;
    }
    *has_ended = stream.left >= RECORD_HEAD;
    return gathered;
}

/* Without the beginning of a header at the end: that is hashed when it is whole. */
static size_t without_half_a_header(const uint8_t *messages, size_t length)
{
    size_t at = 0, size;

    while (length - at >= MESSAGE_HEAD) {
        size = MESSAGE_HEAD +
               (size_t)(messages[at + 1] << 16 | messages[at + 2] << 8 | messages[at + 3]);
        if (size > length - at) {
            return length;
        }
        at += size;
    }
    return at;
}

/* ---- The client ---- */

static const struct stint_account account = {.host = "mail.example.com"};
static struct stint_tls tls;
static struct stint_resume resume;
static struct stint_ticket ticket;
static uint8_t in[STINT_IN_SMALL], out[STINT_OUT_MIN];

static int entropy(void *context, uint8_t *buffer, size_t length)
{
    (void)context;
    memset(buffer, 0x5A, length);
    return 1;
}

static void profile(br_ssl_client_context *client, br_x509_minimal_context *x509)
{
    stint_tls_profile_small(client, x509);
    client->eng.rng_os_rand_done = 1; /* always alike */
}

/* As if a handshake had succeeded, with a ticket of the octets 0, 1, 2... */
static void make_ticket(void)
{
    br_ssl_session_parameters *session = &tls.client.eng.session;
    size_t i;

    session->version = BR_TLS12;
    session->cipher_suite = BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256;
    memset(session->master_secret, 0x77, sizeof session->master_secret);
    PROMISE(!resume.by->load(&tls, &account)); /* there is none yet; but now it is known what for */
    for (i = 0; i < TICKET_OCTETS; i++) {
        ticket.octets[i] = (uint8_t)i;
    }
    resume.filter.asks = true;
    resume.filter.ticket_length = TICKET_OCTETS;
    resume.by->keep(&tls);
}

static void start(bool one_buffer)
{
    static const uint8_t pins[1][STINT_TLS_PIN_OCTETS];

    memset(&tls, 0, sizeof tls);
    memset(&resume, 0, sizeof resume);
    memset(&ticket, 0, sizeof ticket);
    tls.profile = profile;
    tls.pins = pins;
    tls.pin_count = 1;
    tls.entropy = entropy;
    tls.resume = &resume;
    resume.by = &stint_resume_by_tickets;
    resume.ticket = &ticket;
    resume.now = 1;
    make_ticket();
    PROMISE(stint_tls_start(&tls, &account, in, sizeof in, one_buffer ? NULL : out, sizeof out) ==
            STINT_ERROR_NONE);
    PROMISE(stint_tls_has_offered(&tls));
}

static void hash_hello(br_sha256_context *hash)
{
    size_t length;
    uint8_t *record = stint_tls_record_out(&tls, &length);

    br_sha256_init(hash);
    br_sha256_update(hash, record + RECORD_HEAD, length - RECORD_HEAD);
    stint_tls_record_out_ack(&tls, length);
}

/* Returns whether all of it was: not behind an error, nor close_notify. */
static bool read_in_pieces(struct input stream, uint32_t seed)
{
    size_t room, size;
    uint8_t *octets;

    while (stream.left > 0 && (octets = stint_tls_record_in(&tls, &room)) != NULL) {
        PROMISE(room > 0);
        size = piece_size(&seed, stream.left);
        size = size < room ? size : room;
        memcpy(octets, stream.octets, size);
        stint_tls_record_in_ack(&tls, size);
        stream.octets += size;
        stream.left -= size;
    }
    return stream.left == 0;
}

static void check_hash(br_sha256_context *hash, const uint8_t *messages, size_t length)
{
    uint8_t wanted[32], is[32];

    br_sha256_update(hash, messages, without_half_a_header(messages, length));
    br_sha256_out(hash, wanted);
    br_multihash_out(&tls.client.eng.mhash, br_sha256_ID, is);
    PROMISE(memcmp(wanted, is, sizeof is) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct stint_ticket nothing;
    struct input input = {data, size};
    uint32_t seed = take_octet(&input) + 1U;
    uint8_t *messages = malloc(size + 1);
    br_sha256_context hash;
    bool has_ended, is_read;
    size_t length;

    PROMISE(messages != NULL);
    length = gather(input, messages, &has_ended);
    start((seed & 1) != 0);
    hash_hello(&hash);
    is_read = read_in_pieces(input, seed);
    PROMISE(!stint_tls_is_ready(&tls));
    if (is_read && !has_ended && br_ssl_engine_last_error(&tls.client.eng) == BR_ERR_OK) {
        check_hash(&hash, messages, length);
    }
    stint_tls_end(&tls);
    PROMISE(memcmp(&ticket, &nothing, sizeof ticket) == 0);
    free(messages);
    return 0;
}
