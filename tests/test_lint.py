"""lint.py can complain: for each thing that it says there is a message, good but for that."""

import re

import lint
import pytest
from conftest import TESTS

GOOD = b"""Date: Sun, 29 Nov 2026 17:46:50 +0100
From: "Pump 3" <pump3@example.com>
To: =?UTF-8?Q?Gr=C3=BC=C3=9Fe=2C_Inc=2E?= <ops@example.com>,
 <log@example.com>
Message-ID: <4711@example.com>
Subject: Pressure: =?UTF-8?Q?85_=C2=B0C?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="=_1"

--=_1
Content-Type: multipart/alternative; boundary="=_2"

--=_2
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

One=3D1, and it =
goes on.
.
--=_2
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 7bit

<p>1
--=_2--
--=_1
Content-Type: text/csv
Content-Transfer-Encoding: base64
Content-Disposition: attachment;
 filename="log.csv"

MTsyDQo=
--=_1
Content-Type: application/octet-stream
Content-Transfer-Encoding: base64
Content-Disposition: attachment;
 filename*0*=UTF-8''%C3%9F123;
 filename*1*=45.bin

AAoNCg==
--=_1--
""".replace(b"\n", b"\r\n")

LONG = b"x" * 1000

# What is put in the place of what; the rule, and its words. Another rule may be broken by it, too.
BAD = [
    (b"<p>1", LONG, 39, "a line over 998 octets"),
    (b"<p>1", b"<p>\n1", 42, "a CR or LF alone"),
    (b"--=_1--\r\n", b"--=_1--", 42, "no line end at the end"),
    (b"<p>1", b"<p>\xc3\xa9", 44, "an octet that is 0 or over 127"),
    (b"<p>1", b"<p>\0", 44, "an octet that is 0 or over 127"),
    (b'From: "Pump 3" <pump3@example.com>\r\n', b"", 127, "no From"),
    (b"MIME-Version", b"Subject: x\r\nMIME-Version", 127, "a field twice"),
    (b"Content-Type: text/csv", b"Content-Type: text/csv\r\ncontent-type: x/y", 127, "a field twice"),
    (b'"Pump 3" <pump3@example.com>', b'"a,b" <a@b.c>, d@e.f', 127, "several authors and no Sender"),
    (b"Message-ID: <4711@example.com>\r\n", b"", 128, "no Message-ID, or none that is one"),
    (b"<4711@example.com>", b"<4711>", 128, "no Message-ID, or none that is one"),
    (b"Pressure:", b"Pressure: " + b"word " * 20, 129, "a line over 78 octets that could be folded"),
    (b"Subject:", b"Subject: x\r\n  \r\n", 129, "a line of white space"),
    (b"Pressure:", b"\x1b[2J", 130, "a control character in a header"),
    (b"Pressure:", b"Pressure\x7f", 130, "a control character in a header"),
    (b"text/csv", b"text/csv; a=\r", 130, "a control character in a header"),
    (b"MIME-Version", b"X Y: z\r\nMIME-Version", 131, "a line of a header that is no field"),
    (b"Date:", b" Date:", 131, "a line of a header that is no field"),
    (b"MIME-Version", b"BCC: a@b.c\r\nMIME-Version", 132, "a Bcc"),
    (b"+0100", b"CET", 133, "a Date of another form"),
    (b"+0100", b"+0160", 133, "a Date of another form"),
    (b"+0100", b"-2400", 133, "a Date of another form"),
    (b"29 Nov", b"31 Nov", 133, "a Date that no calendar has"),
    (b"17:46", b"24:46", 133, "a Date that no calendar has"),
    (b"Sun,", b"Mon,", 133, "a Date of another day of the week"),
    (b"Sun, 29 Nov 2026", b"Thu, 01 Jan 1970", 133, "a Date of another century"),
    (b'"Pump 3"', b"Doe, J.", 134, "a field that is no list of mailboxes"),
    (b'"Pump 3"', b'"a"b"', 134, "a field that is no list of mailboxes"),
    (b'"Pump 3"', b'"a\\"', 134, "a field that is no list of mailboxes"),
    (b"<ops@example.com>", b"<ops@example.com", 134, "a field that is no list of mailboxes"),
    (b"MIME-Version: 1.0\r\n", b"", 135, "no MIME-Version"),
    (b"MIME-Version: 1.0", b"MIME-Version: 2.0", 135, "no MIME-Version"),
    (b": 7bit", b": x-uuencode", 136, "another encoding"),
    (b"AAoNCg==", b"AAAA" * 20, 136, "a line of an encoding over 76 octets"),
    (b"One=3D1,", b"x" * 70, 136, "a line of an encoding over 76 octets"),
    (b"AAoNCg==", b"AAoNCg=", 136, "what is no base64"),
    (b"AAoNCg==", b"AAoNCg==AAAA", 136, "what is no base64"),
    (b"AAoNCg==", b"AAo*CgAA", 136, "what is no base64"),
    (b"One=3D1", b"One=1", 136, "what is no quoted-printable"),
    (b"One=3D1", b"One=3d1", 136, "what is no quoted-printable"),
    (b"goes on.", b"goes on. ", 136, "white space where a line of quoted-printable ends"),
    (b"MTsyDQo=", b"MTsyCg==", 137, "a text with other line ends than CRLF"),
    (b"One=3D1", b"One=0D1", 137, "a text with other line ends than CRLF"),
    (b"One=3D1", b"One=0A1", 137, "a text with other line ends than CRLF"),
    (b'"=_2"', b'""', 138, "a boundary that is none"),
    (b'"=_2"', b'"' + b"x" * 71 + b'"', 138, "a boundary that is none"),
    (b'"=_2"', b'"x;y"', 138, "a boundary that is none"),
    (b"--=_1--\r\n", b"--=_1\r\n", 138, "a multipart without end, or without parts"),
    (b'"=_2"', b'"=_1"', 138, "a boundary inside itself"),
    (b"<p>1", b"--=_1x", 138, "a boundary in a part"),
    (b"AAoNCg==", b"--=_1--x", 138, "a boundary in a part"),
    (b'boundary="=_2"', b'boundary="=_2"\r\nContent-Transfer-Encoding: base64', 139,
     "an encoding of what must not be encoded"),
    (b"application/octet-stream", b"message/rfc822", 139, "an encoding of what must not be encoded"),
    (b"=?UTF-8?Q?85_=C2=B0C?=", b"=?UTF-8?Q?85 =C2=B0C?=", 140, "what looks as an encoded word and is none"),
    (b"=?UTF-8?Q?85_=C2=B0C?=", b"=?UTF-8?Q?85\r\n _=C2=B0C?=", 140, "what looks as an encoded word and is none"),
    (b'"Pump 3"', b'"x =?UTF-8?Q?x?= x"', 140, "an encoded word where none may be"),
    (b"=?UTF-8?Q?85", b"\r\n =?UTF-8?Q?" + b"8" * 60, 140, "an encoded word, or a line with one, that is too long"),
    (b"Pressure:", b"Pressure: " + b"8" * 50, 140, "an encoded word, or a line with one, that is too long"),
    (b"85_=C2=B0C", b"85_=C2", 140, "an encoded word of no whole characters"),
    (b"=?UTF-8?Q?85", b"=?x?Q?85", 140, "an encoded word of no whole characters"),
    (b'"log.csv"', b"=?UTF-8?Q?x?=", 140, "an encoded word where none may be"),
    (b"<4711@example.com>", b"=?UTF-8?Q?x?=", 140, "an encoded word where none may be"),
    (b"filename*1*", b"filename*2*", 141, "segments of a file name that do not follow each other"),
    (b"filename*1*", b"filename", 141, "segments of a file name that do not follow each other"),
    (b"UTF-8''%C3", b"%C3", 141, "a file name that is not encoded"),
    (b"%9F123", b"%9f123", 141, "a file name that is not encoded"),
    (b"45.bin", b"45'.bin", 141, "a file name that is not encoded"),
    (b"%C3%9F123", b"%C3123", 141, "a file name that is not UTF-8"),
    (b"Pressure:", "Grüße:".encode(), 142, "UTF-8 in a header"),
    (b'"log.csv"', '"größer.csv"'.encode(), 142, "UTF-8 in a header"),
    (b'"log.csv"', b'"../log.csv"', 143, "a file name with a path, a quote or a control character, or of dots"),
    (b'"log.csv"', b'"C:\\\\log.csv"', 143, "a file name with a path, a quote or a control character, or of dots"),
    (b'"log.csv"', b'"\\"log.csv"', 143, "a file name with a path, a quote or a control character, or of dots"),
    (b'"log.csv"', b'".."', 143, "a file name with a path, a quote or a control character, or of dots"),
    (b"123;", b"%0A;", 143, "a file name with a path, a quote or a control character, or of dots"),
    (b"%9F123", b"%9F%2F", 143, "a file name with a path, a quote or a control character, or of dots"),
]


def test_a_good_message_is_good():
    assert lint.complaints(GOOD) == []


@pytest.mark.parametrize("old, new, number, words", BAD)
def test_what_is_wrong_is_seen(old, new, number, words):
    assert old in GOOD
    assert (number, words) in lint.complaints(GOOD.replace(old, new, 1))


def test_all_that_it_can_say_is_said():
    """And there is a rule for each number that concerns octets; 144 is about those that do not come."""
    said = re.findall(r'yield "(.*)"', (TESTS / "lint.py").read_text())
    assert set(said) == {words for _, _, _, words in BAD}
    assert set(range(127, 144)) <= set(lint.RULES) == {number for _, _, number, _ in BAD}
