/* SPDX-License-Identifier: MIT */
#include "read.h"

#include "print.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

ssize_t read_some(int descriptor, void *buffer, size_t room)
{
    ssize_t got;

    do {
        got = read(descriptor, buffer, room);
    } while (got < 0 && errno == EINTR);
    return got;
}

ssize_t read_up_to(char end, int descriptor, char *buffer, size_t room)
{
    size_t have = 0;
    ssize_t got = 1;

    while (got > 0 && have < room && memchr(buffer, end, have) == NULL) {
        got = read_some(descriptor, buffer + have, room - have);
        have += got > 0 ? (size_t)got : 0;
    }
    return got < 0 ? -1 : (ssize_t)have;
}

void warn_if_open_to_all(int descriptor, const char *path)
{
    struct stat file;

    if (fstat(descriptor, &file) == 0 && S_ISREG(file.st_mode) && (file.st_mode & S_IROTH) != 0) {
        complain("warning: %s can be read by everybody on this machine (chmod 600 it)", path);
    }
}
