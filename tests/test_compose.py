"""What the library composes, read back by three parsers that are not ours: structure, names, texts and files;
and held to the rules of lint.py."""

import datetime
import email
import email.policy
import functools
import os
import random
import re
import subprocess
import unicodedata

import hypothesis
import hypothesis.strategies as st
import lint
import measure
import parsers
import pytest
from conftest import TOP

COMPOSE = TOP / "build" / "test" / "asan" / "compose"
RELEASE = TOP / "build" / "test" / "gcc" / "compose"
TEXT, FILES, LETTER = range(3)

SCRIPTS = ["pump pressure is low at valve seven", "Düsseldorf Überdruck Größe süß", "Température élevée à côté",
           "Насос давление слишком низкое", "αντλία πίεση χαμηλή", "ポンプ 圧力 が低い です", "水泵 压力 过低",
           "펌프 압력 낮음", "مضخة ضغط منخفض", "משאבה לחץ נמוך", "पंप दबाव कम है", "ปั๊ม แรงดัน ต่ำ", "𝔭𝔲𝔪𝔭 🚨🚒 𐍈",
           "e\u0301 a\u0308 \u200b\u202exyz", "Nguyễn Trần bơm áp suất"]


# ---- The tool

def hexadecimal(value):
    if value is None:
        return "-"
    return "x" + (value.encode() if isinstance(value, str) else value).hex()


def description(message):
    """Lines for tools/compose.c. A mailbox is (name, address), a part (name, type, id, content, how)."""
    lines = []
    for key, values in message.items():
        for value in values if isinstance(values, list) else [values]:
            if key == "part":
                words = [*map(hexadecimal, value[:4]), value[4]]
            elif isinstance(value, tuple):
                words = map(hexadecimal, value)
            elif isinstance(value, int):
                words = [str(value)]
            else:
                words = [hexadecimal(value)]
            lines.append(" ".join([key, *words]))
    return "\n".join([*lines, "end", ""])


class Tool:
    def __init__(self):
        self.process = subprocess.Popen([COMPOSE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, message):
        """The octets, or what is wrong."""
        self.process.stdin.write(description(message).encode())
        self.process.stdin.flush()
        word, _, rest = self.process.stdout.readline().decode().strip().partition(" ")
        assert word in ("good", "bad"), f"compose ended: {self.process.wait()}"
        return self.process.stdout.read(int(rest)) if word == "good" else rest


@functools.cache
def tool():
    return Tool()


# ---- Reading back

def canonical(text):
    return re.sub(r"\r\n|\r|\n", "\r\n", text)


def unflow(octets):
    """RFC 3676 4: a line that ends in a space goes on in the next, but for what is in front of a signature."""
    lines = [line.removeprefix(" ") for line in canonical(octets.decode()).split("\r\n")]
    return "".join(line if line.endswith(" ") and line != "-- " else line + "\r\n" for line in lines).encode()


def text_leaf(kind, text):
    return {"type": f"text/{kind}", "disposition": None, "id": None, "name": None, "octets": text}


def part_leaf(part):
    name, kind, identifier, content, how = part
    if how.endswith("t"):
        content = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    return {"type": (kind or "application/octet-stream").partition(";")[0],
            "disposition": "inline" if identifier else "attachment",
            "id": f"<{identifier}>" if identifier else None,
            "name": re.split(r"[/\\]", name)[-1].replace('"', "") if name else None, "octets": content}


def multipart(kind, trees):
    """None of its own for one alone."""
    return trees[0] if len(trees) == 1 and kind != "mixed" else [f"multipart/{kind}", *trees]


def tree(message):
    parts, html = message.get("part", []), message.get("html")
    shown = [part for part in parts if html is not None and part[2]]
    text = message.get("text")
    if "flowed" in message:  # spaces where lines end are left out
        text = re.sub(r"(?m)(?<!^--)(?<! ) +$", "", text.replace("\r\n", "\n"))
    texts = [text_leaf("plain", text)] if text is not None else []
    if html is not None:
        texts.append(multipart("related", [text_leaf("html", html), *map(part_leaf, shown)]))
    attached = [part_leaf(part) for part in parts if part not in shown]
    bodies = [multipart("alternative", texts)] if texts else []
    return multipart("mixed", bodies + attached) if attached or message["kind"] == FILES else bodies[0]


def assert_tree(got, wanted):
    if isinstance(wanted, list):
        assert got[0] == wanted[0] and len(got) == len(wanted)
        for one, other in zip(got[1:], wanted[1:]):
            assert_tree(one, other)
    elif isinstance(wanted["octets"], str):
        assert got | {"octets": ""} == wanted | {"octets": ""}
        assert canonical(got["octets"].decode()).removesuffix("\r\n") in (
            canonical(wanted["octets"]), canonical(wanted["octets"]).removesuffix("\r\n"))
    else:
        assert got == wanted


def first_leaf(tree):
    return first_leaf(tree[1]) if isinstance(tree, list) else tree


def assert_date(parsed, message):
    if message.get("time", 0) == 0:
        assert parsed["Date"] is None
        return
    zone = message.get("zone", 0) if message["kind"] == LETTER else 0
    got = parsed["Date"].datetime
    assert got.timestamp() == message["time"]
    assert (got.utcoffset() or datetime.timedelta()) == datetime.timedelta(minutes=zone if zone < 1440 else 0)


def assert_read(got, message):
    """By one of the parsers."""
    for key in parsers.FIELDS:
        mailboxes = message.get(key, [])
        mailboxes = mailboxes if isinstance(mailboxes, list) else [mailboxes]
        assert got[key] == [(name or "", address) for name, address in mailboxes], key
    assert got["subject"] == message.get("subject", "")
    assert got["id"] == f"<{message['id']}>"
    if "flowed" in message:
        text = first_leaf(got["tree"])
        text["octets"] = unflow(text["octets"])
    assert_tree(got["tree"], tree(message))


def assert_comes_back(message):
    octets = tool()(message)
    assert isinstance(octets, bytes), octets
    lint.check(octets)
    parsed = email.message_from_bytes(octets, policy=email.policy.default)
    assert not any(part.defects for part in parsed.walk())
    for key, name in ("in_reply_to", "In-Reply-To"), ("references", "References"), ("list_unsubscribe", "List-Unsubscribe"):
        assert parsed[name] == message.get(key)
    for name, text in message.get("extra", []):
        assert str(parsed[name]) == text
    assert_date(parsed, message)
    for parser in parsers.PARSERS:
        try:
            assert_read(parser(octets), message)
        except AssertionError as failure:
            raise AssertionError(f"read by {parser.__name__}") from failure


# ---- A corpus

def words(rng, most):
    script = rng.choice(SCRIPTS).split(" ")
    return " ".join(rng.choice(script) for _ in range(rng.randint(1, most)))


def text(rng):
    paragraphs = [words(rng, rng.choice([3, 30, 120])) + rng.choice(["", " ", "=", ".", "\t"])
                  for _ in range(rng.randint(0, 12))]
    return rng.choice(["\n", "\r\n", "\n\n"]).join(paragraphs) + rng.choice(["", "\n"])


def mailbox(rng):
    name = rng.choice([None, "", "Pump 3", 'Doe, "J."', "a\\b", words(rng, 12)])
    return (name, rng.choice(["ops@example.com", "a.b+c@x.example", '"a b"@example.com']))


def part(rng, number, kind):
    name = rng.choice([None, "a.txt", "dir/Bericht größer.csv", words(rng, 10) + ".pdf", 'C:\\x "y".bin',
                       "=?utf-8?Q?..=2Fx?=", '="?utf-8?B?Li4veA==?=',
                       "x" * rng.randint(40, 200)])
    identifier = rng.choice([None, f"part{number}@pump3"]) if kind == LETTER else None
    size = rng.choice([0, 1, 2, 3, 56, 57, 58, 114, 5000])
    if rng.randrange(3) == 0:
        content = "".join(rng.choice(["\n", "\r\n", "\r", "; ", words(rng, 1)]) for _ in range(size // 3)).encode()
        return (name, "text/csv; charset=utf-8", identifier, content, rng.choice("mre") + "t")
    return (name, rng.choice([None, "image/png"]), identifier, rng.randbytes(size), rng.choice("mre"))


def generated(number):
    rng = random.Random(number)
    kind = number % 3
    message = {"kind": kind, "room": rng.choice([11, 77, 78, 200, 5000]), "from": mailbox(rng),
               "to": [mailbox(rng) for _ in range(rng.choice([1, 1, 2, 30]))],
               "subject": rng.choice(["", words(rng, 4), words(rng, 40)]), "id": f"{number}@example.com",
               "text": text(rng), "time": rng.choice([0, rng.randint(1577836800 + 86400, 4102444799 - 86400)])}
    if kind != TEXT:
        message["part"] = [part(rng, index, kind) for index in range(rng.choice([1, 2, 5]))]
    if kind == LETTER:
        message |= {"zone": rng.choice([0, 60, -210, 1440]), "cc": [mailbox(rng)] * rng.randint(0, 3),
                    "reply_to": [mailbox(rng)] * rng.randint(0, 2), "html": rng.choice([None, text(rng)]),
                    "extra": [("X-Place", words(rng, 20))], "author": rng.randint(0, 2),
                    "priority": rng.randint(0, 2), "sender": rng.choice([None, mailbox(rng)]),
                    "in_reply_to": rng.choice([None, "<1@example.com>"]),
                    "references": rng.choice([None, " ".join(f"<{n}.pump3@example.com>" for n in range(9))]),
                    "list_unsubscribe": rng.choice([None, "<mailto:x@example.com>, <https://example.com/u>"])}
        message |= {"flowed": rng.choice([None, 1])}
        message = {key: value for key, value in message.items() if value is not None}
    return message


CORPUS = 600


def test_corpus(record_property):
    for number in range(CORPUS):
        try:
            assert_comes_back(generated(number))
        except AssertionError as failure:
            raise AssertionError(f"message {number}: {generated(number)}") from failure
    record_property("cases", CORPUS)


def scripts_of(text):
    return {unicodedata.name(c).partition(" ")[0] for c in text if c.isalpha()}


def test_the_corpus_is_of_many_scripts():
    """300 messages and more, with each script in subjects, names, texts and names of files."""
    messages = [generated(number) for number in range(CORPUS)]
    strings = {"subject": [message["subject"] for message in messages],
               "name": [message["from"][0] or "" for message in messages],
               "text": [message["text"] for message in messages],
               "file": [part[0] or "" for message in messages for part in message.get("part", [])]}
    wanted = scripts_of("".join(SCRIPTS))
    assert CORPUS >= 300 and len(wanted) >= 12
    for key, found in strings.items():
        assert wanted <= set.union(*map(scripts_of, found)), key


# ---- Whatever the strings

# Which Perl does not take for characters.
NONE = "".join(map(chr, [*range(0xFDD0, 0xFDF0), *(plane << 16 | 0xFFFE | i for plane in range(17) for i in (0, 1))]))
HEADER_TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp"), blacklist_characters=NONE),
                      max_size=200)
BODY_TEXT = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=500)
FILE_NAME = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters='"/\\' + NONE),
                    min_size=1, max_size=60).filter(lambda name: name.strip().strip(".") == name)

SETTINGS = hypothesis.settings(max_examples=400, derandomize=True, deadline=None, database=None)


@SETTINGS
@hypothesis.given(HEADER_TEXT, BODY_TEXT, BODY_TEXT, FILE_NAME, st.binary(max_size=300))
def test_whatever_is_said_comes_back(subject, plain, html, name, content):
    hypothesis.assume(subject.strip() == subject)
    assert_comes_back({"kind": LETTER, "from": (subject, "a@b.example"), "to": [("y", "c@d.example")],
                       "subject": subject, "id": "1@b.example", "text": plain, "html": html,
                       "part": [(name, None, None, content, "r")]})


NOT_GOOD = st.binary(max_size=60).map(lambda octets: octets.replace(b"\0", b"\1"))
KEYS = ["subject", "id", "text", "html", "in_reply_to", "references", "list_unsubscribe", "from", "to", "cc",
        "sender", "extra", "part"]


@SETTINGS
@hypothesis.given(st.sampled_from(KEYS), NOT_GOOD, NOT_GOOD)
def test_any_octets_are_refused_or_right(key, octets, others):
    message = {"kind": LETTER, "from": ("x", "a@b.example"), "to": [("y", "c@d.example")], "subject": "z",
               "id": "1@b.example", "text": ""}
    if key in ("from", "sender"):
        message[key] = (octets, others)
    elif key in ("to", "cc", "extra"):
        message[key] = [(octets, others)]
    elif key == "part":
        message[key] = [(octets, None, None, others, "m")]
    else:
        message[key] = octets
    made = tool()(message)
    if isinstance(made, bytes):
        lint.check(made)


INJECTIONS = ["\r\nBcc: evil@example.com", "\n\n.", "\r", "\n", "\tx\n", "\x0b", "\x1b[2J", "\x7f"]


@pytest.mark.parametrize("injection", INJECTIONS)
@pytest.mark.parametrize("key", [key for key in KEYS if key not in ("text", "html")])
def test_nothing_is_injected(key, injection):
    good = {"kind": LETTER, "from": ("x", "a@b.example"), "to": [("y", "c@d.example")], "subject": "z",
            "id": "1@b.example", "text": ""}
    bad = {"from": [("x" + injection, "a@b.example"), ("x", "a@b.example" + injection)],
           "sender": [("x" + injection, "a@b.example"), ("x", "a@b.example" + injection)],
           "to": [[("x" + injection, "a@b.example")], [("x", "a@b.example" + injection)]],
           "cc": [[("x" + injection, "a@b.example")], [("x", "a@b.example" + injection)]],
           "extra": [[("X-A" + injection, "x")], [("X-A", "x" + injection)]],
           "part": [[("a" + injection, None, None, b"", "m")], [("a", "a/b" + injection, None, b"", "m")],
                    [("a", "a/b", "a@b" + injection, b"", "m")]]}
    for value in bad.get(key, ["<a@b.example>" + injection]):
        assert isinstance(tool()(good | {key: value}), str)


# ---- What it costs

OCTETS = 200000
PARAGRAPH = "The pump at valve seven has a low pressure of 0.3 bar, and the temperature is 85 degrees. "
GERMAN = "Bitte prüfen Sie die Leitung zum Kessel, denn der Druck am Ventil sieben ist auf 0,3 bar gefallen. "
COSTS = {"quoted-printable": {"kind": TEXT, "text": (PARAGRAPH * OCTETS)[:OCTETS]},
         "german": {"kind": LETTER, "text": (GERMAN * OCTETS)[:OCTETS]},
         "base64": {"kind": FILES, "text": "", "part": [(None, None, None, random.Random(1).randbytes(OCTETS), "m")]}}


@pytest.mark.parametrize("name", COSTS)
def test_instructions_an_octet(name):
    """At most 12 for each octet of a text or a file, while it is read."""
    message = COSTS[name] | {"from": ("x", "a@b.example"), "to": [("y", "c@d.example")], "id": "1@b.example",
                             "room": 8192}
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                          "--toggle-collect=stint_compose_read", RELEASE], input=description(message).encode(),
                         capture_output=True, env={**os.environ, **measure.PLAIN_MOVES}, check=True)
    collected = int(re.search(r"Collected : (\d+)", run.stderr.decode())[1])
    assert 5 * OCTETS < collected <= 12 * OCTETS, collected / OCTETS
