/* SPDX-License-Identifier: MIT */
#include "message.h"

#include "print.h"
#include "read.h"
#include "scan.h"
#include "status.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* In a larger one all line ends are counted only if that is asked for: by DATA it costs at most one
 * round trip more, which is nothing beside the message. */
#define COUNTED_OCTETS 1048576

static int fail(struct message *message, const char *why)
{
    message->failure = why;
    return STINT_SOURCE_FAILED;
}

static void let_go(struct message *message)
{
    if (message->path != NULL && message->descriptor >= 0) {
        close(message->descriptor);
        message->descriptor = -1;
    }
}

static int end(struct message *message)
{
    message->ended = true;
    let_go(message);
    return STINT_SOURCE_END;
}

static size_t at_most_int(size_t room)
{
    return room < INT_MAX ? room : INT_MAX;
}

/* The time of the last change tells what the size does not. */
static bool is_as_before(const struct message *message)
{
    struct stat now;

    return fstat(message->descriptor, &now) == 0 && now.st_dev == message->before.st_dev &&
           now.st_ino == message->before.st_ino && now.st_size == message->before.st_size &&
           now.st_mtim.tv_sec == message->before.st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == message->before.st_mtim.tv_nsec;
}

/* A file that is no longer what was scanned must not get its final dot. */
static int end_file(struct message *message)
{
    return is_as_before(message) ? end(message) : fail(message, "it changed while it was read");
}

static int read_file(void *context, uint8_t *buffer, size_t room)
{
    struct message *message = context;
    ssize_t got;

    if (message->ended) {
        return STINT_SOURCE_END;
    }
    got = read_some(message->descriptor, buffer, at_most_int(room));
    if (got < 0) {
        return fail(message, strerror(errno));
    }
    message->handed += (uint64_t)got;
    if (message->handed > message->octets || (got == 0 && message->handed < message->octets)) {
        return fail(message, "its size changed while it was read");
    }
    return got > 0 ? (int)got : end_file(message);
}

static int open_path(const char *path)
{
    return open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK); /* a FIFO's writer may come later */
}

static int fail_rewind(struct message *message, const char *why)
{
    message->failure = why;
    return -1;
}

static int rewind_file(void *context)
{
    struct message *message = context;

    message->handed = 0;
    message->ended = false;
    if (message->descriptor < 0) {
        message->descriptor = open_path(message->path);
    }
    if (message->descriptor < 0 || lseek(message->descriptor, message->start, SEEK_SET) < 0) {
        return fail_rewind(message, strerror(errno));
    }
    return is_as_before(message) ? 0 : fail_rewind(message, "it changed since it was looked at");
}

/* A small file that is alone is read once. */
static int read_held(void *context, uint8_t *buffer, size_t room)
{
    struct message *message = context;
    size_t left = (size_t)(message->octets - message->handed);
    size_t n = at_most_int(room < left ? room : left);

    memcpy(buffer, message->held + message->handed, n);
    message->handed += n;
    return n > 0 ? (int)n : end_file(message);
}

static int rewind_held(void *context)
{
    struct message *message = context;

    message->handed = 0;
    message->ended = false;
    return 0;
}

/* read(2) would wait for whoever writes the pipe, past every deadline: so ask poll first. */
static int read_stream(void *context, uint8_t *buffer, size_t room)
{
    struct message *message = context;
    struct pollfd entry = {message->descriptor, POLLIN, 0};
    ssize_t got;

    if (message->ended) {
        return STINT_SOURCE_END;
    }
    if (poll(&entry, 1, 0) <= 0) {
        return STINT_SOURCE_AGAIN;
    }
    got = read_some(message->descriptor, buffer, at_most_int(room));
    if (got > 0) {
        message->handed += (uint64_t)got;
        return (int)got;
    }
    if (got == 0) {
        return end(message);
    }
    return errno == EAGAIN ? STINT_SOURCE_AGAIN : fail(message, strerror(errno));
}

static void be_stream(struct message *message, bool binary)
{
    if (isatty(message->descriptor)) {
        complain("reading the message from the terminal; end it with Ctrl-D on an empty line");
    }
    message->source.read = read_stream;
    message->source.content = binary ? STINT_CONTENT_BINARY : STINT_CONTENT_UNKNOWN;
}

static int complain_unreadable(const struct message *message, int error)
{
    complain("%.4096s: cannot be read: %s; nothing was sent", message->name, strerror(error));
    return STATUS_NO_INPUT;
}

static int complain_fault(const struct message *message, const struct scan *scan)
{
    complain("%s: line %llu %s; nothing was sent; encode that part (quoted-printable or base64)",
             message->name,
             (unsigned long long)scan_line_number(message->descriptor, message->start,
                                                  scan->fault_offset),
             scan->fault == SCAN_NUL ? "holds a NUL octet, which mail must not"
                                     : "is longer than the 998 octets that mail allows");
    return STATUS_BAD_DATA;
}

/* SIZE has 32 bits in the library: the largest servers take 150 MB. */
static int complain_too_large(const struct message *message)
{
    complain("%s: over 4,294,967,295 octets; nothing was sent", message->name);
    return STATUS_BAD_DATA;
}

/* Some octets, from `start` on or held, that go over the wire as `size`. */
static int be_source(struct message *message, uint64_t octets, uint64_t size,
                     enum stint_content content)
{
    if (size > UINT32_MAX) {
        return complain_too_large(message);
    }
    message->octets = octets;
    message->source.read = message->held != NULL ? read_held : read_file;
    message->source.rewind = message->held != NULL ? rewind_held : rewind_file;
    message->source.size = (uint32_t)size;
    message->source.content = (uint8_t)content;
    return STATUS_DONE;
}

/* Where the descriptor stood `back` octets ago: the shell may have read a part of standard input.
 */
static int find_start(struct message *message, uint64_t back)
{
    off_t here = lseek(message->descriptor, 0, SEEK_CUR);

    message->start = here - (off_t)back;
    return here >= 0 ? STATUS_DONE : complain_unreadable(message, errno);
}

static int be_scanned(struct message *message, const struct scan *scan)
{
    bool held = scan->fault == SCAN_GOOD && scan->whole != NULL && message->path == NULL;
    int status = held ? STATUS_DONE : find_start(message, scan->octets);

    message->held = held ? scan->whole : NULL;
    message->source.size_is_exact = scan_is_exact(scan);
    message->source.utf8_header = scan->utf8_header;
    if (status == STATUS_DONE && scan->fault != SCAN_GOOD) {
        status = complain_fault(message, scan);
    }
    return status != STATUS_DONE
               ? status
               : be_source(message, scan->octets, scan_wire_size(scan),
                           scan->eight_bit ? STINT_CONTENT_8BIT : STINT_CONTENT_7BIT);
}

static int be_text(struct message *message, bool exact)
{
    struct scan scan;
    uint64_t size = (uint64_t)message->before.st_size;
    int error = scan_file(message->descriptor, size, exact || size <= COUNTED_OCTETS, &scan);

    return error != 0 ? complain_unreadable(message, error) : be_scanned(message, &scan);
}

static int be_binary(struct message *message)
{
    int status = find_start(message, 0);
    uint64_t octets = 0;

    if (message->before.st_size > message->start) {
        octets = (uint64_t)(message->before.st_size - message->start);
    }
    message->source.size_is_exact = true;
    return status == STATUS_DONE ? be_source(message, octets, octets, STINT_CONTENT_BINARY)
                                 : status;
}

static int be_file(struct message *message, struct message_wish wish)
{
    int status = wish.binary ? be_binary(message) : be_text(message, wish.exact);

    let_go(message);
    return status;
}

static bool is_readable(int descriptor)
{
    int flags = fcntl(descriptor, F_GETFL);

    return flags >= 0 && (flags & O_ACCMODE) != O_WRONLY;
}

static int open_descriptor(struct message *message, const char *path)
{
    if (path != NULL && strcmp(path, "-") != 0) {
        message->name = path;
        return open_path(path);
    }
    message->name = "standard input";
    errno = EBADF;
    return is_readable(STDIN_FILENO) ? STDIN_FILENO : -1;
}

static bool is_empty(const struct message *message)
{
    char octet;

    return pread(message->descriptor, &octet, 1, lseek(message->descriptor, 0, SEEK_CUR)) == 0;
}

/* What the system makes as it is read (/proc) says that it has no size, and flows. */
static bool is_file(const struct message *message)
{
    return S_ISREG(message->before.st_mode) && (message->before.st_size > 0 || is_empty(message));
}

static bool is_named_file(const struct message *message)
{
    return is_file(message) && message->descriptor != STDIN_FILENO;
}

/* What flows by once cannot be looked at before the messages in front of it are sent. */
static int complain_not_alone(const struct message *message)
{
    complain("%s: it is not a file, and goes only as a single message; nothing was sent",
             message->name);
    return STATUS_USAGE;
}

int message_open(struct message *message, const char *path, struct message_wish wish)
{
    memset(message, 0, sizeof *message);
    message->source.context = message;
    message->descriptor = open_descriptor(message, path);
    if (message->descriptor < 0 || fstat(message->descriptor, &message->before) < 0) {
        return complain_unreadable(message, errno);
    }
    if (S_ISDIR(message->before.st_mode)) {
        return complain_unreadable(message, EISDIR);
    }
    if (!wish.alone && !wish.part && !is_named_file(message)) {
        return complain_not_alone(message);
    }
    message->path = wish.alone || !is_named_file(message) ? NULL : path;
    if (is_file(message)) {
        return be_file(message, wish);
    }
    be_stream(message, wish.binary);
    return STATUS_DONE;
}

int message_descriptor(const struct message *message)
{
    return message->descriptor;
}

void message_close(struct message *message)
{
    if (message->descriptor > STDIN_FILENO) {
        close(message->descriptor);
    }
    message->descriptor = -1;
}
