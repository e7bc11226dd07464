/* SPDX-License-Identifier: MIT */

/*
 * signer CA PORT CERTIFICATE... KEY
 *
 * One mail to localhost by implicit TLS, with a client certificate whose key only a function has
 * (stint/signer.h): the certificate and those behind it, and its key, all DER. STINT_USER and
 * STINT_PASSWORD are the login. Prints the fate, the error, and how often something was signed.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stint/signer.h"
#include "stint_posix.h"

#define CHAIN_MAX 4
#define FILE_MAX  8192

static struct stint_signer signer;
static br_skey_decoder_context key; /* of the "secure element" */
static unsigned signatures;

static void die(const char *what)
{
    fprintf(stderr, "signer: %s\n", what);
    exit(2);
}

/* ---- The secure element ---- */

static size_t sign(void *context, int hash_id, const uint8_t *hash, uint8_t *signature, size_t room)
{
    static const unsigned char *const oids[] = {[br_sha256_ID] = BR_HASH_OID_SHA256,
                                                [br_sha384_ID] = BR_HASH_OID_SHA384,
                                                [br_sha512_ID] = BR_HASH_OID_SHA512};
    static const br_hash_class *const hashes[] = {[br_sha256_ID] = &br_sha256_vtable,
                                                  [br_sha384_ID] = &br_sha384_vtable,
                                                  [br_sha512_ID] = &br_sha512_vtable};
    const br_rsa_private_key *rsa = br_skey_decoder_get_rsa(&key);
    size_t length = hashes[hash_id]->desc >> BR_HASHDESC_OUT_OFF & BR_HASHDESC_OUT_MASK;

    (void)context;
    signatures++;
    if (getenv("SIGNER_FAILS") != NULL) {
        return (size_t)atol(getenv("SIGNER_FAILS")); /* none, or more than there is room for */
    }
    if (rsa == NULL) {
        return br_ecdsa_sign_asn1_get_default()(br_ec_get_default(), hashes[hash_id], hash,
                                                br_skey_decoder_get_ec(&key), signature);
    }
    length = br_rsa_pkcs1_sign_get_default()(oids[hash_id], hash, length, rsa, signature);
    return length == 1 && room >= rsa->n_bitlen / 8 ? rsa->n_bitlen / 8 : 0;
}

/* ---- The client ---- */

static void profile(br_ssl_client_context *client, br_x509_minimal_context *x509)
{
    stint_tls_profile_fast(client, x509);
    stint_signer_use(&signer, client);
}

static size_t read_file(const char *path, unsigned char *octets)
{
    FILE *file = fopen(path, "rb");
    size_t length = file != NULL ? fread(octets, 1, FILE_MAX, file) : 0;

    if (length == 0) {
        die(path);
    }
    fclose(file);
    return length;
}

static void send_mail(const struct stint_account *account, struct stint_tls *tls)
{
    static const char text[] = "Subject: x\r\n\r\nLow.\r\n";
    static struct stint_posix port;
    static struct stint_client client;
    static uint8_t in[STINT_IN_ANY_SERVER], out[STINT_OUT_FULL];
    struct stint_recipient recipient = {.address = "ops@example.test"};
    struct stint_memory memory;
    struct stint_source source;
    struct stint_mail mail = {.reverse_path = "pump3@example.test",
                              .recipients = &recipient,
                              .recipient_count = 1,
                              .source = &source};

    stint_source_from_memory(&source, &memory, text, sizeof text - 1);
    client.io = &stint_posix_io;
    client.io_context = &port;
    client.tls = tls;
    client.in = in;
    client.in_size = sizeof in;
    client.out = out;
    client.out_size = sizeof out;
    stint_start(&client, account, &mail, stint_posix_clock_ms());
    stint_posix_run(&port, &client);
    printf("%s, %s: %u\n", stint_fate_name(client.result.fate),
           stint_error_name(client.result.error), signatures);
}

int main(int argc, char **argv)
{
    static struct stint_posix_anchors anchors;
    static struct stint_tls tls;
    static unsigned char octets[CHAIN_MAX + 1][FILE_MAX];
    static br_x509_certificate chain[CHAIN_MAX];
    struct stint_account account = {.host = "localhost", .ehlo_name = "pump3.example.test"};
    char why[200];
    int i;

    if (argc < 5 || argc > 4 + CHAIN_MAX) {
        die("usage: signer CA PORT CERTIFICATE... KEY");
    }
    if (stint_posix_anchors_load(&anchors, argv[1], why, sizeof why) != 0) {
        die(why);
    }
    for (i = 3; i < argc - 1; i++) {
        chain[i - 3].data = octets[i - 3];
        chain[i - 3].data_len = read_file(argv[i], octets[i - 3]);
    }
    br_skey_decoder_init(&key);
    br_skey_decoder_push(&key, octets[CHAIN_MAX], read_file(argv[argc - 1], octets[CHAIN_MAX]));
    signer.chain = chain;
    signer.chain_length = (size_t)(argc - 4);
    signer.key_type = br_skey_decoder_key_type(&key);
    signer.sign = sign;
    account.port = (uint16_t)atoi(argv[2]);
    account.security = STINT_SECURITY_IMPLICIT;
    account.user = getenv("STINT_USER");
    account.password = getenv("STINT_PASSWORD");
    tls.profile = profile;
    tls.anchors = anchors.anchors;
    tls.anchor_count = anchors.count;
    tls.entropy = stint_posix_entropy;
    tls.unix_time = stint_posix_unix_time();
    send_mail(&account, &tls);
    stint_posix_anchors_free(&anchors);
    return 0;
}
