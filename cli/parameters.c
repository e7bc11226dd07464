/* SPDX-License-Identifier: MIT */
#include "parameters.h"

#include "number.h"

#include <stddef.h>
#include <string.h>

#define SECONDS_MAX 999999999U /* RFC 2852 4, RFC 4865: nine digits */

const char *parameters_read_notify(uint8_t *notify, const char *value)
{
    static const char *const names[] = {"success", "failure", "delay", "never"};

    *notify = 0;
    for (;;) {
        size_t length = strcspn(value, ",");
        size_t i = 0;

        while (i < 4 && (strlen(names[i]) != length || strncmp(names[i], value, length) != 0)) {
            i++;
        }
        if (i == 4) {
            return "it is not never, or some of success,failure,delay";
        }
        *notify = (uint8_t)(*notify | 1U << i);
        if (value[length] == '\0') {
            break;
        }
        value += length + 1;
    }
    return *notify > STINT_NOTIFY_NEVER ? "never goes with no other" : NULL;
}

const char *parameters_read_return(struct stint_mail_parameters *to, const char *value)
{
    if (strcmp(value, "full") == 0) {
        to->returns = STINT_RETURN_FULL;
    } else if (strcmp(value, "hdrs") == 0) {
        to->returns = STINT_RETURN_HEADERS;
    } else {
        return "it is not full or hdrs";
    }
    return NULL;
}

const char *parameters_read_priority(struct stint_mail_parameters *to, const char *value)
{
    const char *digit = value + (*value == '-');

    if (*digit < '0' || *digit > '9' || digit[1] != '\0') {
        return "it is not a number from -9 to 9";
    }
    to->priority = (int8_t)(*value == '-' ? '0' - *digit : *digit - '0');
    return NULL;
}

const char *parameters_read_deliver_by(struct stint_mail_parameters *to, const char *value)
{
    const char *rest = number_read(&to->deliver_by_s, value, SECONDS_MAX);

    if (rest == NULL || (*rest != '\0' && strcmp(rest, ":R") != 0 && strcmp(rest, ":N") != 0)) {
        return "it is not SECONDS, SECONDS:R or SECONDS:N, of 1 to 999999999 seconds";
    }
    to->late = strcmp(rest, ":N") == 0 ? STINT_LATE_NOTIFY : STINT_LATE_RETURN;
    return NULL;
}

const char *parameters_read_hold_for(struct stint_mail_parameters *to, const char *value)
{
    const char *rest = number_read(&to->hold_for_s, value, SECONDS_MAX);

    return rest == NULL || *rest != '\0' ? "it is not 1 to 999999999 seconds" : NULL;
}
