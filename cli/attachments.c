/* SPDX-License-Identifier: MIT */
#include "attachments.h"

#include "print.h"
#include "status.h"
#include "text_look.h"

#include "stint_posix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Reading ---- */

static bool begin(struct attachment *attachment)
{
    struct attachments *among = attachment->among;
    struct message *file = &attachment->file;

    among->current = attachment;
    among->offset = 0;
    among->length = 0;
    if (file->source.rewind != NULL) {
        return file->source.rewind(file) == 0;
    }
    if (file->handed > 0 || file->ended) {
        file->failure = "it came through a pipe, and cannot be read again";
        return false;
    }
    return true;
}

/* The next octets of the file in place of those that were handed out. Behind its last ones it is
 * asked for its end at once: nobody reads further than the size that was said, and it must not have
 * grown. */
static int fill(struct attachments *among, struct message *file)
{
    uint8_t beyond;
    int got = file->source.read(file, among->block, sizeof among->block);

    among->offset += (uint32_t)among->length;
    among->length = got > 0 ? (size_t)got : 0;
    if (got > 0 && file->source.rewind != NULL && file->handed == file->octets &&
        file->source.read(file, &beyond, 1) != STINT_SOURCE_END) {
        return STINT_SOURCE_FAILED;
    }
    return got;
}

static int read_attachment(void *context, uint32_t offset, uint8_t *buffer, size_t room)
{
    struct attachment *attachment = context;
    struct attachments *among = attachment->among;
    size_t left;
    int got;

    if ((offset == 0 || among->current != attachment) && !begin(attachment)) {
        return STINT_SOURCE_FAILED;
    }
    if (offset >= STINT_PARTS_MAX) {
        attachment->file.failure = "it has more than 3,000,000,000 octets";
        return STINT_SOURCE_FAILED;
    }
    if (offset - among->offset == among->length) {
        got = fill(among, &attachment->file);
        if (got <= 0) {
            return got;
        }
    }
    left = among->length - (offset - among->offset);
    room = room < left ? room : left;
    memcpy(buffer, among->block + (offset - among->offset), room);
    return (int)room;
}

/* ---- Opening ---- */

static bool is_token(char c)
{
    return c > ' ' && c <= '~' && strchr("()<>@,;:\\\"/[]?=", c) == NULL;
}

/* Does it begin with type/subtype? */
static bool is_type(const char *text)
{
    const char *subtype = text;
    const char *end;

    while (is_token(*subtype)) {
        subtype++;
    }
    if (*subtype != '/' || subtype == text) {
        return false;
    }
    end = ++subtype;
    while (is_token(*end)) {
        end++;
    }
    return end > subtype;
}

/* Cut FILE;TYPE at the last ";" that has a type behind it, and return that; NULL: there is none. */
static const char *cut_type(char *value)
{
    char *at = value + strlen(value);

    while (at > value) {
        at--;
        if (*at == ';' && is_type(at + 1 + strspn(at + 1, " "))) {
            *at = '\0';
            return at + 1 + strspn(at + 1, " ");
        }
    }
    return NULL;
}

const char *attachment_name(const struct attachment *attachment)
{
    const char *slash = strrchr(attachment->path, '/');

    return slash != NULL ? slash + 1 : attachment->path;
}

static void describe(struct attachment *attachment, struct stint_part *part, const char *type)
{
    const struct message *file = &attachment->file;

    part->name = strcmp(attachment->path, "-") != 0 ? attachment_name(attachment) : NULL;
    part->type = type != NULL ? type : attachment->type;
    part->size = file->source.rewind != NULL ? file->source.size : STINT_PART_SIZE_UNKNOWN;
    part->read = read_attachment;
    part->context = attachment;
}

static int complain_unreadable(const struct attachment *attachment)
{
    complain("%s cannot be read to its end: %s; nothing was sent", attachment->file.name,
             attachment->file.failure);
    return STATUS_NO_INPUT;
}

/* The line ends of a text go as CRLF. By its name alone it is none yet: where there is more that it
 * might not come out with as it was, it goes octet by octet instead. */
static int be_text(struct attachment *attachment, struct stint_part *part)
{
    bool is_said = part->type != attachment->type;
    bool flows = part->size == STINT_PART_SIZE_UNKNOWN;
    struct text_look look;

    if (!flows && text_look_at(&look, part) != 0) {
        return complain_unreadable(attachment);
    }
    if (!is_said && (flows || !text_look_is_plain(&look))) {
        strcpy(attachment->type, MEDIA_TYPE_OCTETS);
        return STATUS_DONE;
    }
    if (!flows && look.holds_nul) {
        complain("%s holds a NUL octet, so it is no text: attach it as " MEDIA_TYPE_OCTETS
                 "; nothing was sent",
                 attachment->file.name);
        return STATUS_BAD_DATA;
    }
    return stint_part_as_text(part, &attachment->text) ? STATUS_DONE
                                                       : complain_unreadable(attachment);
}

/* Standard input can be read but once. */
static bool is_taken(const struct attachments *attachments, const char *path)
{
    bool taken = false;

    for (size_t i = 0; i < attachments->count && strcmp(path, "-") == 0; i++) {
        taken = taken || strcmp(attachments->all[i].path, "-") == 0;
    }
    return taken;
}

static int open_one(struct attachments *attachments, const char *value)
{
    const struct message_wish wish = {.binary = true, .part = true};
    struct attachment *attachment = &attachments->all[attachments->count];
    struct stint_part *part = &attachments->parts[attachments->count];
    const char *type;
    int status;

    attachment->among = attachments;
    attachment->path = strdup(value);
    if (attachment->path == NULL) {
        complain("out of memory; nothing was sent");
        return STATUS_LOCAL;
    }
    type = cut_type(attachment->path);
    if (attachment->path[0] == '\0' || is_taken(attachments, attachment->path)) {
        complain("'%s': %s; nothing was sent", value,
                 attachment->path[0] == '\0' ? "the name of the file to attach is empty"
                                             : "standard input is attached twice");
        free(attachment->path);
        return STATUS_USAGE;
    }
    if (type == NULL) {
        media_type_of(attachment->path, attachment->type);
    }
    status = message_open(&attachment->file, attachment->path, wish);
    describe(attachment, part, type);
    attachments->flows = attachments->flows || attachment->file.source.rewind == NULL;
    attachments->count++;
    if (status == STATUS_DONE && media_type_is_text(part->type)) {
        status = be_text(attachment, part);
    }
    return status;
}

/* RFC 2392 wants it to be another than any other in the world. */
static int identify(struct attachments *attachments, const char *domain)
{
    struct attachment *attachment = &attachments->all[attachments->count - 1];
    unsigned long long unique = 0;
    uint8_t random[sizeof unique];

    if (stint_posix_entropy(NULL, random, sizeof random) != 1) {
        complain("this machine has no randomness to give; nothing was sent");
        return STATUS_LOCAL;
    }
    memcpy(&unique, random, sizeof unique);
    snprintf(attachment->id, sizeof attachment->id, "inline%u.%016llx%s",
             (unsigned)attachments->count, unique, domain);
    attachments->parts[attachments->count - 1].id = attachment->id;
    return STATUS_DONE;
}

int attachments_open(struct attachments *attachments, const struct options *options,
                     const char *domain)
{
    size_t count = options->shown.count + options->attached.count;
    int status = STATUS_DONE;

    if (count == 0) {
        return STATUS_DONE;
    }
    attachments->all = calloc(count, sizeof *attachments->all);
    attachments->parts = calloc(count, sizeof *attachments->parts);
    if (attachments->all == NULL || attachments->parts == NULL || count > UINT16_MAX) {
        complain("too many files, or out of memory; nothing was sent");
        return STATUS_LOCAL;
    }
    for (size_t i = 0; i < options->shown.count && status == STATUS_DONE; i++) {
        status = open_one(attachments, options->shown.all[i]);
        if (status == STATUS_DONE) {
            status = identify(attachments, domain);
        }
    }
    for (size_t i = 0; i < options->attached.count && status == STATUS_DONE; i++) {
        status = open_one(attachments, options->attached.all[i]);
    }
    return status;
}

void attachments_close(struct attachments *attachments)
{
    for (size_t i = 0; i < attachments->count; i++) {
        message_close(&attachments->all[i].file);
        free(attachments->all[i].path);
    }
    free(attachments->all);
    free(attachments->parts);
    attachments->all = NULL;
    attachments->parts = NULL;
    attachments->count = 0;
}
