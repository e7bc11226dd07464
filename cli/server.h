/* SPDX-License-Identifier: MIT */
#ifndef CLI_SERVER_H
#define CLI_SERVER_H

#include <stdint.h>

#define SERVER_HOST_SIZE 256

#define PORT_SUBMISSIONS 465U /* RFC 8314 3.3 */
#define PORT_SUBMISSION  587U /* RFC 6409 3.1 */
#define PORT_SMTP        25U  /* RFC 5321 4.5.4.2 */

/* "HOST", "HOST:PORT", "[IPv6]", "[IPv6]:PORT", or an IPv6 address alone. Copies the host; without
 * a port that is 0. Returns NULL or what is wrong with it. */
const char *server_read(char host[SERVER_HOST_SIZE], uint16_t *port, const char *value);

#endif
