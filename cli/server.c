/* SPDX-License-Identifier: MIT */
#include "server.h"

#include "number.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool is_one_word(const char *value)
{
    while ((unsigned char)*value > ' ' && *value != 0x7F) {
        value++;
    }
    return *value == '\0';
}

static bool is_ipv6(const char *text, size_t length)
{
    char address[INET6_ADDRSTRLEN];
    struct in6_addr ignored;
    const char *zone = memchr(text, '%', length);
    size_t n = zone != NULL ? (size_t)(zone - text) : length;

    if (n >= sizeof address) {
        return false;
    }
    memcpy(address, text, n);
    address[n] = '\0';
    return inet_pton(AF_INET6, address, &ignored) == 1;
}

/* Where in `value` the host lies, and the port's text or NULL. */
static const char *split(const char *value, const char **host, size_t *length, const char **port)
{
    const char *end;

    *host = value + (*value == '[');
    if (*value == '[') {
        end = strchr(value, ']');
    } else {
        end = is_ipv6(value, strlen(value)) ? value + strlen(value) : value + strcspn(value, ":");
    }
    if (end == NULL) {
        return "the ']' is missing";
    }
    *length = (size_t)(end - *host);
    if (*value == '[' && !is_ipv6(*host, *length)) {
        return "what is between the brackets is no IPv6 address";
    }
    end += *end == ']';
    if (*end != '\0' && *end != ':') {
        return "it is not HOST or HOST:PORT";
    }
    *port = *end == ':' ? end + 1 : NULL;
    return NULL;
}

static const char *read_port(uint16_t *port, const char *text)
{
    uint32_t number;
    const char *rest = number_read(&number, text, UINT16_MAX);

    if (strchr(text, ':') != NULL) {
        return "more than one ':' (write an IPv6 address as [ADDRESS])";
    }
    if (rest == NULL || *rest != '\0') {
        return "the port is not a number from 1 to 65535";
    }
    *port = (uint16_t)number;
    return NULL;
}

const char *server_read(char host[SERVER_HOST_SIZE], uint16_t *port, const char *value)
{
    const char *begin = value;
    const char *port_text = NULL;
    const char *why;
    size_t length = 0;

    if (!is_one_word(value)) {
        return "it holds a space or a control character";
    }
    why = split(value, &begin, &length, &port_text);
    if (why != NULL) {
        return why;
    }
    if (length == 0) {
        return "the host is empty";
    }
    if (length >= SERVER_HOST_SIZE) {
        return "the host is longer than 255 octets";
    }
    memcpy(host, begin, length);
    host[length] = '\0';
    *port = 0;
    return port_text != NULL ? read_port(port, port_text) : NULL;
}
