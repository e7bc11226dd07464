/* SPDX-License-Identifier: MIT */
#ifndef STINT_SRC_DATE_H
#define STINT_SRC_DATE_H

#include <stdint.h>

/* The numbers of a date (RFC 5322 3.3): the weekday from Wednesday on, the month from March on,
 * behind the weekdays; the year of its century. */
enum stint_date {
    STINT_DATE_WEEKDAY = 0,
    STINT_DATE_MONTH,
    STINT_DATE_DAY,
    STINT_DATE_YEAR,
    STINT_DATE_HOUR,
    STINT_DATE_MINUTE,
    STINT_DATE_SECOND,
    STINT_DATE_NUMBERS
};

/* `seconds` since 1970, from 2000-03-01 on, until 2100. */
void stint_date(uint8_t *numbers, uint32_t seconds);

#endif
