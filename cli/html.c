/* SPDX-License-Identifier: MIT */
#include "html.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* The next "cid:" and the name, with nothing behind it that could be more of a name. */
static const char *find(const char *html, const char *name)
{
    size_t length = strlen(name);

    for (; (html = strstr(html, "cid:")) != NULL; html += 4) {
        if (strncmp(html + 4, name, length) == 0 &&
            strchr("\"'>)` \t\r\n", html[4 + length]) != NULL) { /* or the end */
            return html + 4;
        }
    }
    return NULL;
}

static size_t count(const char *html, const char *name)
{
    size_t found = 0;

    for (; (html = find(html, name)) != NULL; html += strlen(name)) {
        found++;
    }
    return found;
}

char *html_with_id(const char *html, const char *name, const char *id, bool *is_shown)
{
    size_t places = count(html, name);
    char *copy = malloc(strlen(html) + places * strlen(id) + 1);
    char *to = copy;
    const char *place;

    *is_shown = places > 0;
    if (copy == NULL) {
        return NULL;
    }
    while ((place = find(html, name)) != NULL) {
        memcpy(to, html, (size_t)(place - html));
        to += place - html;
        strcpy(to, id);
        to += strlen(id);
        html = place + strlen(name);
    }
    strcpy(to, html);
    return copy;
}
