/* SPDX-License-Identifier: MIT */
#ifndef CLI_IDN_H
#define CLI_IDN_H

enum idn_result { IDN_DONE, IDN_REFUSED, IDN_NO_LIBRARY };

/* A domain in any letters as A-labels (RFC 5891), by libidn2: memory that is the caller's to free.
 */
enum idn_result idn_to_ascii(const char *domain, char **ascii);

#endif
