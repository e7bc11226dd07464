"""What can be said of the octets of any composed message without knowing what it is of: the rules of
docs/conformance.md that concern them, each under its number there.

They are written from the RFCs, and share nothing with what makes messages or with the parsers. A rule yields
what is wrong; test_lint.py has a message for each thing that can be.
"""

import base64
import binascii
import calendar
import datetime
import re

WEEKDAYS = [day.encode() for day in calendar.day_abbr]
MONTHS = [month.encode() for month in calendar.month_abbr]

ATOM = rb"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
DOT_ATOM = rb"%s(?:\.%s)*" % (ATOM, ATOM)
QUOTED = rb'"(?:[ !#-\[\]-~]|\\[ -~])*"'
DOMAIN = rb"(?:%s|\[[!-Z^-~]*\])" % DOT_ATOM
ADDRESS = rb"(?:%s|%s)@%s" % (DOT_ATOM, QUOTED, DOMAIN)
PHRASE = rb"(?:%s|%s)(?: +(?:%s|%s))*" % (ATOM, QUOTED, ATOM, QUOTED)
MAILBOX = rb"(?:(?:%s)? *<%s>|%s)" % (PHRASE, ADDRESS, ADDRESS)
MAILBOXES = rb"%s(?: *, *%s)*" % (MAILBOX, MAILBOX)
NOBODY = rb"[a-z-]+:;"  # a group without members
PARAMETER = rb';\s*([^\s=;"]+)=(%s|[^\s;"]*)' % QUOTED
ENCODED_WORD = rb"=\?([!-~]+?)\?([QqBb])\?([!->@-~]+)\?="


# ---- Reading it ----


class Entity:
    """A message, or a part of one (RFC 2045 2.4)."""

    def __init__(self, octets, outer=()):
        head, _, self.body = (b"\r\n" + octets).partition(b"\r\n\r\n")
        self.head = head.removeprefix(b"\r\n").removesuffix(b"\r\n").split(b"\r\n")
        self.fields = []
        for line in self.head:
            if line[:1] in (b" ", b"\t") and self.fields:
                self.fields[-1][1] += line
            else:
                name, _, value = line.partition(b":")
                self.fields.append([name.lower(), value])
        self.type = self.first(b"content-type", b"text/plain").partition(b";")[0].strip().lower()
        self.encoding = self.first(b"content-transfer-encoding", b"7bit").strip().lower()
        self.boundary = dict(self.parameters(b"content-type")).get(b"boundary", b"")
        self.boundaries = (*outer, self.boundary) if self.is_multipart() else outer
        self.is_closed = True
        self.parts = self.split() if self.is_multipart() else []

    def is_multipart(self):
        return self.type.startswith(b"multipart/")

    def values(self, name):
        return [value.strip(b" ") for found, value in self.fields if found == name]

    def first(self, name, other):
        return (self.values(name) or [other])[0]

    def parameters(self, name):
        return [(key.lower(), re.sub(rb"\\(.)", rb"\1", value[1:-1]) if value[:1] == b'"' else value)
                for key, value in re.findall(PARAMETER, self.first(name, b""))]

    def split(self):
        """RFC 2046 5.1.1: the CRLF in front of a delimiter belongs to it."""
        delimiter = b"\r\n--" + self.boundary
        inside, end, _ = (b"\r\n" + self.body + b"\r\n").partition(delimiter + b"--\r\n")
        self.is_closed = end != b""
        return [Entity(part, self.boundaries) for part in inside.split(delimiter + b"\r\n")[1:]]

    def decoded(self):
        if self.encoding == b"base64":
            return base64.b64decode(self.body)
        return decode_quoted(self.body) if self.encoding == b"quoted-printable" else self.body

    def walk(self):
        yield self
        for part in self.parts:
            yield from part.walk()

    def leaves(self):
        return [entity for entity in self.walk() if not entity.is_multipart()]


def decode_quoted(octets):
    return re.sub(rb"=([0-9A-F]{2})", lambda match: bytes.fromhex(match[1].decode()),
                  re.sub(rb"=\r\n", b"", octets))


def is_utf8(octets):
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


# ---- The rules ----

RULES = {}


def rule(function):
    RULES[int(function.__name__.removeprefix("rule_"))] = function
    return function


@rule
def rule_39(octets, message):
    """Lines have at most 998 octets."""
    if any(len(line) > 998 for line in octets.split(b"\r\n")):
        yield "a line over 998 octets"


@rule
def rule_42(octets, message):
    """Line ends are CRLF, and one is the last thing."""
    if re.search(rb"\r(?!\n)|(?<!\r)\n", octets):
        yield "a CR or LF alone"
    if not octets.endswith(b"\r\n"):
        yield "no line end at the end"


@rule
def rule_44(octets, message):
    """It is said to be of seven bits, and so without NUL."""
    if re.search(rb"[^\x01-\x7F]", octets):
        yield "an octet that is 0 or over 127"


ONCE = [b"date", b"from", b"sender", b"reply-to", b"to", b"cc", b"message-id", b"in-reply-to", b"references",
        b"subject", b"mime-version", b"content-type", b"content-transfer-encoding", b"content-id",
        b"content-disposition"]


@rule
def rule_127(octets, message):
    """One From; a Sender if that has several; of most others at most one. A Date the server may add."""
    if not message.values(b"from"):
        yield "no From"
    if any(len(entity.values(name)) > 1 for entity in message.walk() for name in ONCE):
        yield "a field twice"
    bare = re.sub(QUOTED, b"", message.first(b"from", b""))
    if b"," in bare and not message.values(b"sender"):
        yield "several authors and no Sender"


@rule
def rule_128(octets, message):
    """RFC 5322 3.6.4."""
    if not re.fullmatch(rb"<%s@%s>" % (DOT_ATOM, DOMAIN), message.first(b"message-id", b"")):
        yield "no Message-ID, or none that is one"


@rule
def rule_129(octets, message):
    """RFC 5322 2.1.1, 2.2.3."""
    for entity in message.walk():
        if any(len(line) > 78 and b" " in line.strip(b" ") for line in entity.head):
            yield "a line over 78 octets that could be folded"
        if any(not line.strip(b" \t") for line in entity.head[1:]):
            yield "a line of white space"


@rule
def rule_130(octets, message):
    """No control character, but CRLF where a field is folded or ends."""
    if any(re.search(rb"[\0-\x08\x0A-\x1F\x7F]", line) for entity in message.walk() for line in entity.head):
        yield "a control character in a header"


@rule
def rule_131(octets, message):
    """RFC 5322 2.2."""
    for entity in message.walk():
        if not all(re.match(rb"[!-9;-~]+:|[ \t]", line) for line in entity.head if line) or \
                entity.head[0][:1] in (b" ", b"\t"):
            yield "a line of a header that is no field"


@rule
def rule_132(octets, message):
    """RFC 5322 3.6.3."""
    if message.values(b"bcc"):
        yield "a Bcc"


@rule
def rule_133(octets, message):
    """RFC 5322 3.3; what no right clock shows is wrong."""
    for value in message.values(b"date"):
        match = re.fullmatch(rb"(\w{3}), (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) [+-]([01]\d|2[0-3])[0-5]\d", value)
        if not match or match[3] not in MONTHS:
            yield "a Date of another form"
            continue
        year, day, hour, minute, second = (int(match[group]) for group in (4, 2, 5, 6, 7))
        try:
            date = datetime.datetime(year, MONTHS.index(match[3]), day, hour, minute, second)
        except ValueError:
            yield "a Date that no calendar has"
            continue
        if match[1] != WEEKDAYS[date.weekday()]:
            yield "a Date of another day of the week"
        if not 2020 <= year <= 2099:
            yield "a Date of another century"


MAILBOX_FIELDS = (b"from", b"sender", b"reply-to", b"to", b"cc")


@rule
def rule_134(octets, message):
    """RFC 5322 3.2.4, 3.4: in front of an address are words, and what is none of them is in quotes."""
    for name in MAILBOX_FIELDS:
        if not all(re.fullmatch(rb"%s|%s" % (MAILBOXES, NOBODY), value) for value in message.values(name)):
            yield "a field that is no list of mailboxes"


@rule
def rule_135(octets, message):
    """RFC 2045 4."""
    if any(name.startswith(b"content-") for name, _ in message.fields) and \
            message.values(b"mime-version") != [b"1.0"]:
        yield "no MIME-Version"


@rule
def rule_136(octets, message):
    """RFC 2045 6.7, 6.8."""
    for leaf in message.leaves():
        lines = leaf.body.split(b"\r\n")
        if leaf.encoding not in (b"7bit", b"quoted-printable", b"base64"):
            yield "another encoding"
        if leaf.encoding != b"7bit" and any(len(line) > 76 for line in lines):
            yield "a line of an encoding over 76 octets"
        if leaf.encoding == b"base64" and not re.fullmatch(
                rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", b"".join(lines)):
            yield "what is no base64"
        if leaf.encoding == b"quoted-printable" and re.search(rb"=(?![0-9A-F]{2}|\r\n)|[^\t\r\n -~]", leaf.body):
            yield "what is no quoted-printable"
        if leaf.encoding == b"quoted-printable" and any(line.endswith((b" ", b"\t")) for line in lines):
            yield "white space where a line of quoted-printable ends"


@rule
def rule_137(octets, message):
    """RFC 2045 6.5, 2049 4: of a text, once it is decoded."""
    for leaf in message.leaves():
        try:
            if leaf.type.startswith(b"text/") and re.search(rb"\r(?!\n)|(?<!\r)\n", leaf.decoded()):
                yield "a text with other line ends than CRLF"
        except binascii.Error:  # which is another rule's
            pass


@rule
def rule_138(octets, message):
    """RFC 2046 5.1.1."""
    for entity in message.walk():
        if entity.is_multipart():
            if not re.fullmatch(rb"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]", entity.boundary):
                yield "a boundary that is none"
            elif not entity.is_closed or not entity.parts:
                yield "a multipart without end, or without parts"
            if entity.boundary in entity.boundaries[:-1]:
                yield "a boundary inside itself"
        elif any(line.startswith(b"--" + boundary) for line in entity.body.split(b"\r\n")
                 for boundary in entity.boundaries):
            yield "a boundary in a part"


@rule
def rule_139(octets, message):
    """RFC 2045 6.4."""
    if any(entity.type.startswith((b"multipart/", b"message/")) and
           entity.encoding not in (b"7bit", b"8bit", b"binary") for entity in message.walk()):
        yield "an encoding of what must not be encoded"


# Fields that are of no text and no phrase, in any part of them.
WITHOUT_WORDS = {b"date", b"message-id", b"in-reply-to", b"references", b"list-unsubscribe", b"auto-submitted",
                 b"importance", b"x-priority", b"mime-version", b"received", b"return-path"}


def decode_word(encoding, text):
    if encoding in b"Bb":
        return base64.b64decode(text)
    return decode_quoted(text.replace(b"_", b" "))


@rule
def rule_140(octets, message):
    """RFC 2047 2, 5."""
    for line in [line for entity in message.walk() for line in entity.head if b"=?" in line]:
        text = line.partition(b":")[2] if line[:1] != b" " else line
        words = [word for word in text.split(b" ") if b"=?" in word.rstrip(b",")]
        matches = [re.fullmatch(ENCODED_WORD, word.rstrip(b",")) for word in words]
        if not all(matches):
            yield "what looks as an encoded word and is none"
        elif any(len(word.rstrip(b",")) > 75 for word in words) or len(line) > 76:
            yield "an encoded word, or a line with one, that is too long"
        elif not all(match[1].upper() == b"UTF-8" and is_utf8(decode_word(match[2], match[3])) for match in matches):
            yield "an encoded word of no whole characters"
    for name, value in [field for entity in message.walk() for field in entity.fields]:
        if b"=?" in value and (name in WITHOUT_WORDS or name.startswith(b"content-")) or \
                name in MAILBOX_FIELDS and any(b"=?" in quoted for quoted in re.findall(QUOTED, value)):
            yield "an encoded word where none may be"


def file_name_of(entity):
    """Of what parameters it is, and what it is; None: there is none."""
    named = [(key, value) for key, value in entity.parameters(b"content-disposition") if key.startswith(b"filename")]
    text = b"".join(value for _, value in named)
    if not named or named[0][0] == b"filename":
        return [key for key, _ in named], text if named else None
    return [key for key, _ in named], re.sub(rb"%([0-9A-F]{2})", lambda match: bytes.fromhex(match[1].decode()),
                                             text.removeprefix(b"UTF-8''"))


@rule
def rule_141(octets, message):
    """RFC 2231 3, 4, 7."""
    for entity in message.walk():
        keys, name = file_name_of(entity)
        if name is None or keys == [b"filename"]:
            continue
        values = [value for key, value in entity.parameters(b"content-disposition") if key in keys]
        if keys not in ([b"filename*"], [b"filename*%d*" % number for number in range(len(keys))]):
            yield "segments of a file name that do not follow each other"
        elif not values[0].startswith(b"UTF-8''") or not all(
                re.fullmatch(rb"(?:%[0-9A-F]{2}|[A-Za-z0-9!#$&+.^_`{|}~-])*", value)
                for value in [values[0].removeprefix(b"UTF-8''"), *values[1:]]):
            yield "a file name that is not encoded"
        elif not is_utf8(name):
            yield "a file name that is not UTF-8"


@rule
def rule_142(octets, message):
    """RFC 6532: in a header without SMTPUTF8 all is ASCII."""
    if any(max(line, default=0) > 127 for entity in message.walk() for line in entity.head):
        yield "UTF-8 in a header"


@rule
def rule_143(octets, message):
    """RFC 2183 2.3, 5."""
    for entity in message.walk():
        _, name = file_name_of(entity)
        if name is not None and (re.search(rb'[/\\"\0-\x1F\x7F]', name) or not name.strip(b".")):
            yield "a file name with a path, a quote or a control character, or of dots"


# ---- All of them ----


def complaints(octets):
    """(number, what is wrong)."""
    message = Entity(octets)
    return [(number, what) for number, function in RULES.items() for what in function(octets, message)]


def check(octets):
    found = complaints(octets)
    assert found == []
