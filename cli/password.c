/* SPDX-License-Identifier: MIT */
#include "password.h"

#include "print.h"
#include "read.h"
#include "status.h"
#include "wipe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VARIABLE "STINT_PASSWORD"

/* A CR before the line end goes with it: the file may come from Windows. */
static size_t first_line(const char *buffer, size_t length)
{
    const char *end = memchr(buffer, '\n', length);
    size_t line = end != NULL ? (size_t)(end - buffer) : length;

    return line > 0 && buffer[line - 1] == '\r' ? line - 1 : line;
}

/* What is read, and from where. */
struct kind {
    const char *option;
    const char *name;
    size_t max;
};

static const struct kind a_password = {"--password-file", "password", PASSWORD_MAX};
static const struct kind a_token = {"--token-file", "token", TOKEN_MAX};

/* `from` is where it comes from. */
static int accept(struct password *password, const struct kind *kind, const char *from,
                  const char *text, size_t length)
{
    char why[64] = "";

    if (length == 0) {
        snprintf(why, sizeof why, "the %s is empty", kind->name);
    } else if (length > kind->max) {
        snprintf(why, sizeof why, "the %s is longer than %zu octets", kind->name, kind->max);
    } else if (memchr(text, '\0', length) != NULL) {
        snprintf(why, sizeof why, "the %s holds a NUL octet", kind->name);
    }
    if (*why != '\0') {
        complain("%s: %s; nothing was sent", from, why);
        return STATUS_USAGE;
    }
    memcpy(password->text, text, length);
    password->text[length] = '\0';
    return STATUS_DONE;
}

static int read_file(struct password *password, const struct kind *kind, const char *path)
{
    char start[TOKEN_MAX + 3]; /* with CR and LF, or one more to see that it is too long */
    int descriptor = open(path, O_RDONLY | O_NOCTTY);
    ssize_t length = descriptor < 0 ? -1 : read_up_to('\n', descriptor, start, kind->max + 3);
    int status = STATUS_NO_INPUT;

    if (length < 0) {
        complain("%s %s: cannot be read: %s; nothing was sent", kind->option, path,
                 strerror(errno));
    } else {
        warn_if_open_to_all(descriptor, path);
        status = accept(password, kind, path, start, first_line(start, (size_t)length));
    }
    wipe(start, sizeof start);
    if (descriptor >= 0) {
        close(descriptor);
    }
    return status;
}

int password_read(struct password *password, const struct options *options)
{
    const char *value = getenv(VARIABLE);

    if (options->token_file != NULL) {
        return read_file(password, &a_token, options->token_file);
    }
    if (options->password_file != NULL) {
        return read_file(password, &a_password, options->password_file);
    }
    if (value != NULL) {
        return accept(password, &a_password, VARIABLE, value, strlen(value));
    }
    complain("--user without a password: give --password-file or --token-file, or set " VARIABLE
             "; nothing was sent");
    return STATUS_USAGE;
}

void password_wipe(struct password *password)
{
    wipe(password, sizeof *password);
}
