/* SPDX-License-Identifier: MIT */
#include "profiles.h"

void profile_every(br_ssl_client_context *client, br_x509_minimal_context *x509)
{
    profile_standard(client, x509);
    br_ssl_engine_set_ec(&client->eng, &br_ec_all_m31);
}
