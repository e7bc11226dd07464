#!/usr/bin/python3
"""Compare a message that arrived with the one that was sent, octet by octet.

    compare.py SENT ARRIVED [--mailbox]     exit 0 when ARRIVED is what SENT must become

What must arrive is known to the octet: CRLF, a lone CR and a lone LF each become CRLF, and a last
line without an end gets one. With --mailbox, ARRIVED comes from a mailbox: it has LF for CRLF and
trace fields in front.
"""
import re
import sys

TRACE = re.compile(
    rb"\A(?:(?:Return-Path|X-Original-To|Delivered-To|Received):.*\n(?:[ \t].*\n)*)+"
)


def expected(sent: bytes) -> bytes:
    """The content that must arrive for a message as it is in a file."""
    content = re.sub(rb"\r\n|\r|\n", b"\r\n", sent)
    return content if content.endswith(b"\r\n") or not content else content + b"\r\n"


def from_mailbox(stored: bytes) -> bytes:
    """A mailbox file without its trace fields, with CRLF for its line ends. A CR stays: there should
    be none, as what is sent has only CRLF."""
    return TRACE.sub(b"", stored, count=1).replace(b"\n", b"\r\n")


def difference(sent: bytes, arrived: bytes) -> str:
    """Where arrived is not what sent must become, or "" when it is."""
    want = expected(sent)
    if arrived == want:
        return ""
    pairs = enumerate(zip(want, arrived))
    at = next((n for n, (a, b) in pairs if a != b), min(len(want), len(arrived)))
    around = slice(max(0, at - 16), at + 16)
    return (
        f"differs at octet {at}; expected {len(want)} octets, {want[around]!r},"
        f" arrived {len(arrived)} octets, {arrived[around]!r}"
    )


def main() -> None:
    with open(sys.argv[1], "rb") as file:
        sent = file.read()
    with open(sys.argv[2], "rb") as file:
        arrived = file.read()
    if sys.argv[3:] == ["--mailbox"]:
        arrived = from_mailbox(arrived)
    sys.exit(difference(sent, arrived) or None)


if __name__ == "__main__":
    main()
