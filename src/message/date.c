/* SPDX-License-Identifier: MIT */
#include "message/date.h"

/* From 2000-03-01 on, until the century's end, every fourth year ends with a leap day. */
#define DAYS_TO_2000 11017U /* from 1970-01-01; it was a Wednesday */
#define DAYS_PER_4   1461U
#define DAYS_PER_5   153U /* months: March to July, August to December, and so on, nearly */

void stint_date(uint8_t *numbers, uint32_t seconds)
{
    uint32_t minutes = seconds / 60;
    uint32_t hours = minutes / 60;
    uint32_t day = hours / 24 - DAYS_TO_2000;
    uint32_t year, month;

    numbers[STINT_DATE_SECOND] = (uint8_t)(seconds % 60);
    numbers[STINT_DATE_MINUTE] = (uint8_t)(minutes % 60);
    numbers[STINT_DATE_HOUR] = (uint8_t)(hours % 24);
    numbers[STINT_DATE_WEEKDAY] = (uint8_t)(day % 7);
    year = (4 * day + 3) / DAYS_PER_4;
    day -= DAYS_PER_4 * year / 4;
    month = (5 * day + 2) / DAYS_PER_5;
    numbers[STINT_DATE_DAY] = (uint8_t)(day + 1 - (DAYS_PER_5 * month + 2) / 5);
    numbers[STINT_DATE_MONTH] = (uint8_t)(7 + month);
    numbers[STINT_DATE_YEAR] = (uint8_t)(year + (month >= 10));
}
