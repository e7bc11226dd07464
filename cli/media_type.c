/* SPDX-License-Identifier: MIT */
#include "media_type.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BLANKS " \t\r\n"

/* What is behind the last dot of the name, unless that is its first octet; NULL: nothing. */
static const char *ending_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');

    return dot != NULL && dot > name && dot[1] != '\0' ? dot + 1 : NULL;
}

/* A line is a type and the endings that it has; behind # is a comment. */
static const char *type_in_line(char *line, const char *ending)
{
    char *rest = NULL;
    const char *type;
    const char *word;

    line[strcspn(line, "#")] = '\0';
    type = strtok_r(line, BLANKS, &rest);
    while (type != NULL && (word = strtok_r(NULL, BLANKS, &rest)) != NULL) {
        if (strcasecmp(word, ending) == 0) {
            return type;
        }
    }
    return NULL;
}

/* Such parts a message has only in clear, as what they are; here they are files like others. */
static bool is_of_messages(const char *type)
{
    return strncasecmp(type, "message/", 8) == 0 || strncasecmp(type, "multipart/", 10) == 0;
}

bool media_type_is_text(const char *type)
{
    return strncasecmp(type, "text/", 5) == 0;
}

/* Texts are UTF-8, unless they say themselves what they are. */
static const char *charset_of(const char *type)
{
    bool says_itself = strcasecmp(type, "text/html") == 0 || strcasecmp(type, "text/xml") == 0;

    return media_type_is_text(type) && !says_itself ? "; charset=utf-8" : "";
}

static bool look_up(const char *table, const char *ending, char type[MEDIA_TYPE_ROOM])
{
    FILE *file = fopen(table, "r");
    const char *found = NULL;
    char *line = NULL;
    size_t room = 0;

    while (file != NULL && found == NULL && getline(&line, &room, file) >= 0) {
        found = type_in_line(line, ending);
    }
    if (found != NULL && !is_of_messages(found)) {
        snprintf(type, MEDIA_TYPE_ROOM, "%s%s", found, charset_of(found));
    }
    free(line);
    if (file != NULL) {
        fclose(file);
    }
    return found != NULL;
}

static bool look_up_at_home(const char *ending, char type[MEDIA_TYPE_ROOM])
{
    const char *home = getenv("HOME");
    char path[4096];

    return home != NULL &&
           (size_t)snprintf(path, sizeof path, "%s/.mime.types", home) < sizeof path &&
           look_up(path, ending, type);
}

void media_type_of(const char *path, char type[MEDIA_TYPE_ROOM])
{
    const char *ending = ending_of(path);

    strcpy(type, MEDIA_TYPE_OCTETS);
    if (ending != NULL && !look_up_at_home(ending, type)) {
        (void)look_up("/etc/mime.types", ending, type);
    }
}
