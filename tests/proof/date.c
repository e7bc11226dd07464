/* SPDX-License-Identifier: MIT */

/*
 * The date of every second that has one: year by year, as years begin with March.
 */

#include "any.h"

#include "message/date.h"

#define BEGIN 951868800U /* 2000-03-01 */
#define DAY   86400U
#define YEARS 100

static void year(uint32_t begin, uint32_t days)
{
    uint8_t numbers[STINT_DATE_NUMBERS];

    stint_date(numbers, begin + any_number(days * DAY - 1));
    /*@ assert numbers[STINT_DATE_WEEKDAY] <= 6; */
    /*@ assert 7 <= numbers[STINT_DATE_MONTH] <= 18; */
    /*@ assert numbers[STINT_DATE_YEAR] <= 99; */
    /*@ assert numbers[STINT_DATE_HOUR] <= 23; */
    /*@ assert numbers[STINT_DATE_MINUTE] <= 59 && numbers[STINT_DATE_SECOND] <= 59; */
}

int main(void)
{
    uint32_t begin = BEGIN;
    uint32_t days;
    unsigned n;

    /*@ loop unroll YEARS; */
    for (n = 0; n < YEARS; n++) {
        days = n % 4 == 3 ? 366 : 365;
        days = n == YEARS - 1 ? 306 : days; /* the century ends with December */
        year(begin, days);
        begin += days * DAY;
    }
    /*@ assert begin - 1 == 4102444799; */
    return 0;
}
