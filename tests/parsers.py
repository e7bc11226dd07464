"""Parsers of mail that are not ours: what each makes of the octets of a message, in one shape.

    from, sender, to, cc, reply_to    [(name, address)]
    subject, id                       text; the Message-ID in its brackets
    tree                              of a multipart [type, tree, ...], of a leaf {type, disposition, id, name, octets}
"""

import base64
import email
import email.header
import email.policy
import email.utils
import functools
import json
import re
import subprocess

import gi
from conftest import TESTS

gi.require_version("GMime", "3.0")
from gi.repository import GMime  # noqa: E402

FIELDS = {"from": "From", "sender": "Sender", "to": "To", "cc": "Cc", "reply_to": "Reply-To"}


# ---- Python

def decoded(value):
    return str(email.header.make_header(email.header.decode_header(value)))


def python_mailboxes(octets, field):
    """By the older of Python's two parsers: the newer keeps the space between encoded words of a name,
    which is none (RFC 2047 6.2)."""
    raw = email.message_from_bytes(octets)[field]
    pairs = email.utils.getaddresses([re.sub(r"\r?\n", "", raw)]) if raw else []
    return [(decoded(name), address) for name, address in pairs]


def python_tree(part):
    if part.is_multipart():
        return [part.get_content_type(), *map(python_tree, part.iter_parts())]
    return {"type": part.get_content_type(), "disposition": part.get_content_disposition(),
            "id": part["Content-ID"], "name": part.get_filename(), "octets": part.get_payload(decode=True)}


def python(octets):
    message = email.message_from_bytes(octets, policy=email.policy.default)
    return {**{key: python_mailboxes(octets, name) for key, name in FIELDS.items()},
            "subject": str(message["Subject"] or ""), "id": message["Message-ID"], "tree": python_tree(message)}


# ---- GMime

@functools.cache
def start_gmime():
    GMime.init()


def gmime_mailboxes(message, kind):
    """It leaves in the names in quotes where they were folded, which is no part of them (RFC 5322 3.2.4)."""
    mailboxes = message.get_addresses(kind)
    found = [mailboxes.get_address(index) for index in range(mailboxes.length())]
    return [((mailbox.get_name() or "").replace("\r\n", ""), mailbox.get_addr()) for mailbox in found
            if isinstance(mailbox, GMime.InternetAddressMailbox)]


def gmime_tree(part):
    if isinstance(part, GMime.Multipart):
        return [part.get_content_type().get_mime_type(),
                *(gmime_tree(part.get_part(index)) for index in range(part.get_count()))]
    stream = GMime.StreamMem.new()
    part.get_content().write_to_stream(stream)
    identifier = part.get_content_id()
    return {"type": part.get_content_type().get_mime_type(), "disposition": part.get_disposition(),
            "id": identifier and f"<{identifier}>", "name": part.get_filename(),
            "octets": bytes(stream.get_byte_array())}


def gmime(octets):
    start_gmime()
    kinds = GMime.AddressType
    message = GMime.Parser.new_with_stream(GMime.StreamMem.new_with_buffer(octets)).construct_message(None)
    return {"from": gmime_mailboxes(message, kinds.FROM), "sender": gmime_mailboxes(message, kinds.SENDER),
            "to": gmime_mailboxes(message, kinds.TO), "cc": gmime_mailboxes(message, kinds.CC),
            "reply_to": gmime_mailboxes(message, kinds.REPLY_TO),
            "subject": message.get_subject() or "", "id": f"<{message.get_message_id()}>",
            "tree": gmime_tree(message.get_mime_part())}


# ---- Perl

@functools.cache
def perl_process():
    return subprocess.Popen(["perl", TESTS / "tools" / "mime_parser.pl"], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE)


def with_octets(tree):
    if isinstance(tree, list):
        return [tree[0], *map(with_octets, tree[1:])]
    return tree | {"octets": base64.b64decode(tree["octets"])}


def perl(octets):
    process = perl_process()
    process.stdin.write(b"%d\n" % len(octets) + octets)
    process.stdin.flush()
    found = json.loads(process.stdout.readline())
    assert not found["errors"], found["errors"]
    return found | {key: list(map(tuple, found[key])) for key in FIELDS} | {"tree": with_octets(found["tree"])}


PARSERS = [python, gmime, perl]
