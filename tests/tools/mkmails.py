#!/usr/bin/python3
"""Messages that are awkward to send, for the tests.

mails() maps a name to the octets of a message; `mkmails.py DIR` writes each to DIR/NAME.eml.
They are the same on every call, except for the identifier given.
"""
import os
import sys


def header(name: str, ident: str, charset: str, encoding: str) -> bytes:
    return (
        "From: Tester <tester@example.test>\r\n"
        "To: Recipient <rcpt@example.test>\r\n"
        f"Subject: {name}\r\n"
        "Date: Tue, 24 Nov 2026 06:00:00 +0000\r\n"
        f"Message-ID: <{name}.{ident}@example.test>\r\n"
        "MIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset={charset}\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n"
        "\r\n"
    ).encode()


def lines(octets: int) -> bytes:
    """Numbered lines of 76 octets and CRLF, some beginning with a dot; octets at least."""
    out = []
    for number in range(-(-octets // 78)):
        start = b"." if number % 7 == 0 else b" "
        out.append(start + b"%09d " % number + b"0123456789abcdef" * 4 + b"x\r\n")
    return b"".join(out)


def mails(ident: str = "0") -> "dict[str, bytes]":
    ascii_bodies = {
        "plain": b"Hello,\r\n\r\nthis is a plain message.\r\n-- \r\ntester\r\n",
        "dots": b".\r\n..\r\n...\r\n.one\r\n..two\r\n. space\r\nmid.dle\r\n\r\n.\r\n.\r\n\r\n.\r\n",
        "dots64k": b".\r\n" * 22000,
        "long998": b"a" * 998 + b"\r\n." + b"b" * 997 + b"\r\n" + b"c" * 997 + b"\r\nshort\r\n",
        "from": b"From here\r\n>From quoted\r\n\r\nFrom after a blank line\r\n",
        "blank": b"\r\n\r\ntext\r\n\r\n\r\n",
        "spaces": b"trailing space \r\ntrailing tab\t\r\n \r\n\t\r\nend\r\n",
        "empty": b"",
        "noend": b"the last line has no line end",
        "noend-dot": b"the last line is a dot\r\n.",
        "noend-cr": b"the last octet is CR\r",
        "unix": b"one\ntwo\n\n.\n..three\nfour\n",
        "barelf": b"one\ntwo\r\nthree\n.\nfour\n.\r\nfive\r\n",
        "barecr": b"one\rtwo\r\nthree\r.\rfour\r\n\r\r\nfive\r\n",
        "mixed": b"\n\r\r\n.\r.\n.\r\n\n.\n\r.\r\r\n.",
        "100k": lines(100 * 1024),
        "5m": lines(5 * 1024 * 1024),
    }
    all_mails = {
        name: header(name, ident, "us-ascii", "7bit") + body
        for name, body in ascii_bodies.items()
    }
    utf8 = "Grüße aus Köln — 日本語 🙂\r\n.naïve dot\r\n".encode()
    latin1 = bytes(range(160, 256)) + b"\r\n." + bytes(range(160, 256)) + b"\r\n"
    all_mails["utf8"] = header("utf8", ident, "utf-8", "8bit") + utf8
    all_mails["latin1"] = header("latin1", ident, "iso-8859-1", "8bit") + latin1
    return all_mails


def main() -> None:
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    for name, octets in mails().items():
        with open(os.path.join(folder, name + ".eml"), "wb") as file:
            file.write(octets)


if __name__ == "__main__":
    main()
