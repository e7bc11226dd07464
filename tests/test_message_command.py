"""The command composes: what --render shows is what arrives; it keeps to lint.py's rules, and is read back by
parsers; and what is no message is refused before anybody is called."""

import email
import email.policy
import os
import pathlib
import pty
import re
import resource
import select
import signal
import socket
import struct
import subprocess
import threading
import time

import lint
import parsers
import pytest
from conftest import FROM, PASSWORD, RELEASE, SANITIZED, TO, last_line, options_for, stint

HTML = '<p>Größe: 7 <img src="cid:chart.png"></p>'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10


@pytest.fixture
def unsent(sink):
    """A server, which nobody called in the end."""
    server = sink(chain=None)
    yield server
    assert server.sessions() == 0


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "chart.png").write_bytes(PNG)
    (tmp_path / "log.csv").write_text("time,bar\n1,2.5\n.\n")
    (tmp_path / "empty").touch()
    return tmp_path


def render(*options, sender=FROM, **settings):
    """The octets."""
    run = subprocess.run([settings.pop("binary", SANITIZED), "--render", "--from", sender, *map(str, options)],
                         capture_output=True, **settings)
    assert run.returncode == 0, run.stderr
    assert run.stderr == b""
    lint.check(run.stdout)
    return run.stdout


def parse(octets):
    parsed = email.message_from_bytes(octets, policy=email.policy.default)
    for part in parsed.walk():
        assert not part.defects, part.defects
    return parsed


def without_what_is_random(octets):
    octets = re.sub(rb"(?m)^(Message-ID: <|Date: ).*\r$", rb"\1\r", octets)
    return re.sub(rb"inline(\d+)\.[0-9a-f]{16}@", rb"inline\1@", octets)


def everything(folder):
    """Options for a letter with all there is."""
    return ["--subject", "Grüße, 水泵 🚨", "--text", "Pressure is low.\n.\nПока", "--html", HTML,
            "--inline", folder / "chart.png", "--attach", folder / "log.csv", "--attach", folder / "empty",
            "--cc", '"Grüße, Inc." <info@example.test>, x@example.test', "--bcc", "secret@example.test",
            "--reply-to", "Ops <ops@example.test>", "--header", "X-Device: Pumpe №3",
            "--header", "References: <1@example.test> <2@example.test>", "--header", "importance: high",
            "--header", "Auto-Submitted: auto-generated"]


# ---- What arrives ----


def test_what_is_rendered_is_what_is_sent(sink, folder):
    server = sink(chain=None)
    run = stint(*options_for(server, "none"), *everything(folder), message=None)
    assert run.returncode == 0, run.stderr
    session = server.session()
    assert session["faults"] == []
    assert session["messages"][0]["rcpt"] == [TO, "info@example.test", "x@example.test", "secret@example.test"]
    assert session["messages"][0]["from"] == FROM
    sent = server.content(1)
    assert session["messages"][0]["parameters"]["SIZE"] == str(len(sent))
    rendered = render("--to", TO, *everything(folder))
    assert without_what_is_random(sent) == without_what_is_random(rendered)
    assert sent != rendered, "Message-IDs are unique"


def test_postfix_takes_it(postfix, folder):
    run = stint(*postfix.account("tls-rsa"), "--from", FROM, "--to", TO, *everything(folder), message=None)
    assert run.returncode == 0, run.stderr
    stored = postfix.arrived_with("X-Device:".encode())
    rendered = render("--to", TO, *everything(folder))
    begin = stored.index(b"Date: ")
    assert without_what_is_random(stored[begin:].replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")) == \
        without_what_is_random(rendered)


@pytest.mark.parametrize("offer", [[], ["--offer", "CHUNKING"], ["--offer", "LIMITS RCPTMAX=1"]])
def test_any_server_gets_the_same(sink, folder, offer):
    """By BDAT, and in several transactions, for which the files are read again."""
    server = sink(*offer, chain=None)
    run = stint(*options_for(server, "none"), *everything(folder), message=None)
    assert run.returncode == 0, run.stderr
    messages = server.session()["messages"]
    assert len(messages) == (4 if "LIMITS RCPTMAX=1" in offer else 1)
    assert len({server.content(1, n) for n in range(1, len(messages) + 1)}) == 1


# ---- What is in it ----


def test_everything_comes_back(folder):
    before = int(time.time())
    parsed = parse(render("--to", f"Ops <{TO}>, =?x?= <y@example.test>", *everything(folder), sender=f"Pümp 3 <{FROM}>"))
    assert [(a.display_name, a.addr_spec) for a in parsed["From"].addresses] == [("Pümp 3", FROM)]
    assert [a.addr_spec for a in parsed["To"].addresses] == [TO, "y@example.test"]
    assert [(a.display_name, a.addr_spec) for a in parsed["Cc"].addresses] == [
        ("Grüße, Inc.", "info@example.test"), ("", "x@example.test")]
    assert parsed["Bcc"] is None and "secret" not in str(parsed)
    assert parsed["Subject"] == "Grüße, 水泵 🚨"
    assert parsed["X-Device"] == "Pumpe №3"
    assert parsed["References"] == "<1@example.test> <2@example.test>"
    assert parsed["Importance"] == "high" and parsed["Auto-Submitted"] == "auto-generated"
    assert before <= parsed["Date"].datetime.timestamp() <= time.time()
    text, html, picture, table, empty = [part for part in parsed.walk() if not part.is_multipart()]
    assert text.get_content() == "Pressure is low.\r\n.\r\nПока"
    identifier = picture["Content-ID"].strip("<>")
    assert html.get_content() == HTML.replace("chart.png", identifier)
    assert picture.get_content_type() == "image/png" and picture.get_content() == PNG
    assert table.get_content_type() == "text/csv" and table.get_filename() == "log.csv"
    assert table.get_payload(decode=True) == b"time,bar\r\n1,2.5\r\n.\r\n"
    assert empty.get_content_type() == "application/octet-stream" and empty.get_payload(decode=True) == b""


@pytest.mark.parametrize("options, types", [
    (["--subject", "x"], ["text/plain"]), (["--text", ""], ["text/plain"]),
    (["--html", "<p>x"], ["text/html"]), (["--cc", "a@b.test"], ["text/plain"]),
    (["--text", "x", "--html", "<p>x"], ["multipart/alternative", "text/plain", "text/html"]),
    (["--attach", "log.csv"], ["multipart/mixed", "text/csv"]),
    (["--text", "x", "--attach", "log.csv"], ["multipart/mixed", "text/plain", "text/csv"])])
def test_structure(folder, options, types):
    assert [part.get_content_type() for part in parse(render(*options, cwd=folder)).walk()] == types


def test_flowed(folder):
    """RFC 3676; only the text."""
    text = "word " * 40 + "end\n>x\n-- \nPump"
    parsed = parse(render("--text", text, "--flowed", "--html", "word " * 40, "--attach", folder / "log.csv"))
    plain, html, table = [part for part in parsed.walk() if not part.is_multipart()]
    lines = plain.get_content().split("\r\n")
    assert all(len(line) <= 72 for line in lines)
    assert "".join(line if line.endswith("d ") else line + "\n" for line in lines) == \
        text.replace(">", " >") + "\n"
    assert [part.get_param("format") for part in (plain, html, table)] == ["flowed", None, None]


@pytest.mark.parametrize("zone, written", [("UTC", "+0000"), ("<+0545>-5:45", "+0545"), ("<-0330>3:30", "-0330"),
                                           ("Europe/Berlin", None), ("ABC-24:30", "-0000")])
def test_the_date_is_in_the_zone_of_the_machine(zone, written):
    date = parse(render("--text", "x", env={**os.environ, "TZ": zone}))["Date"]
    assert abs(date.datetime.timestamp() - time.time()) < 30
    assert written is None or date.endswith(written)


MIME_TYPES = "# of mine\nimage/x-mine  PNG mine # comment\ntext/x-log log\nmessage/rfc822 eml\n"


@pytest.mark.parametrize("name, kind", [
    ("a.png", "image/png"), ("a.PNG", "image/png"), ("a.b.pdf", "application/pdf"), ("a.txt", "text/plain"),
    ("a.html", "text/html"), ("a", "application/octet-stream"), (".png", "application/octet-stream"),
    ("a.", "application/octet-stream"), ("a.nonsense", "application/octet-stream"),
    ("a.eml", "application/octet-stream"), ("dir.png/a", "application/octet-stream"),
    ("a.png;text/x-own; a=b", "text/x-own"), ("a;b.png", "image/png"), ("a;b/c.png;image/x-c", "image/x-c")])
def test_type_by_the_system(tmp_path, name, kind):
    path = tmp_path / re.sub(r";[a-z]+/x-.*", "", name)
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_bytes(b"x")
    part = list(parse(render("--attach", tmp_path / name, env={**os.environ, "HOME": "/nowhere"})).walk())[1]
    assert part.get_content_type() == kind
    assert part.get_filename() == path.name
    assert part.get_content_charset() == ("utf-8" if kind == "text/plain" else None)


@pytest.mark.parametrize("name, kind", [("a.png", "image/x-mine"), ("a.mine", "image/x-mine"), ("a.log", "text/x-log"),
                                        ("a.pdf", "application/pdf"), ("a.eml", "application/octet-stream")])
def test_type_by_the_user(tmp_path, name, kind):
    (tmp_path / ".mime.types").write_text(MIME_TYPES)
    (tmp_path / name).write_bytes(b"x")
    octets = render("--attach", tmp_path / name, env={**os.environ, "HOME": str(tmp_path)})
    assert list(parse(octets).walk())[1].get_content_type() == kind


def attached(octets):
    """(type, octets) of the file in a message with no text and no other, as three parsers read it."""
    leaves = [parser(octets)["tree"][1] for parser in parsers.PARSERS]
    read = {(leaf["type"].lower(), leaf["octets"]) for leaf in leaves}
    assert len(read) == 1
    return read.pop()


UTF8 = "Größe: 水泵 🚨 \U0010ffff\n".encode() * 500  # with characters at every border of blocks


@pytest.mark.parametrize("content, sent", [
    (b"", b""), (b"x", b"x"), (b"a\nb\n", b"a\r\nb\r\n"), (b"\n\n a", b"\r\n\r\n a"), (b"a\r\nb\r\n", b"a\r\nb\r\n"),
    (b"x" * 5000 + b"\n", b"x" * 5000 + b"\r\n"), (UTF8, UTF8.replace(b"\n", b"\r\n")),
    (b"\t\x0c\x1b[1m\x7f\n", b"\t\x0c\x1b[1m\x7f\r\n")])
def test_texts_have_crlf(tmp_path, content, sent):
    """RFC 2049 4."""
    (tmp_path / "a.csv").write_bytes(content)
    assert attached(render("--attach", tmp_path / "a.csv")) == ("text/csv", sent)


@pytest.mark.parametrize("content", [
    b"a\nb\r\n", b"a\r\nb\n", b"a\rb\r", b"a\r", b"\r\r\n", b"a\n\rb", b"a\0b\n", "a\n".encode("utf-16"), b"caf\xe9\n",
    b"\xc3", b"x" * 4095 + b"\xc3\n", b"\x80", b"\xc0\xaf", b"\xe0\x9f\xbf", b"\xed\xa0\x80", b"\xf0\x8f\xbf\xbf",
    b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xe2\x82"])
def test_what_is_no_plain_text_comes_out_as_it_is(tmp_path, content):
    (tmp_path / "a.csv").write_bytes(content)
    assert attached(render("--attach", tmp_path / "a.csv")) == ("application/octet-stream", content)


@pytest.mark.parametrize("kind, content, sent", [
    ("application/octet-stream", b"a\nb\r\n", b"a\nb\r\n"), ("image/x-own", b"a\n", b"a\n"),
    ("text/csv", b"a\nb\r\nc\rd", b"a\r\nb\r\nc\r\nd"), ("Text/CSV", b"a\n", b"a\r\n"),
    ("text/csv; charset=iso-8859-1", b"\xe9\n", b"\xe9\r\n")])
def test_who_says_the_type_decides(tmp_path, kind, content, sent):
    (tmp_path / "a.csv").write_bytes(content)
    octets = render("--attach", f"{tmp_path}/a.csv;{kind}")
    assert attached(octets) == (kind.partition(";")[0].lower(), sent)
    assert kind.encode() in octets


@pytest.mark.parametrize("name", ["Überdruck.txt", "水泵 压力.txt", "a b;c.txt", "x" * 200 + ".txt",
                                  "=?utf-8?Q?..=2Fevil=2Eexe?=", "why?.txt"])
def test_file_names(tmp_path, name):
    (tmp_path / name).write_text("x")
    assert list(parse(render("--attach", tmp_path / name)).walk())[1].get_filename() == name


def test_pictures_are_shown_where_the_html_says(folder):
    """Each time that it does, and nowhere else."""
    (folder / "chart").write_bytes(b"other")
    html = "<img src=cid:chart.png><img src='cid:chart'> cid:chart.pngs <img src=\"cid:chart.png\">"
    parsed = parse(render("--html", html, "--inline", "chart.png", "--inline", "chart", cwd=folder))
    _, body, first, second = parsed.walk()
    ids = [part["Content-ID"].strip("<>") for part in (first, second)]
    assert body.get_content() == (f"<img src=cid:{ids[0]}><img src='cid:{ids[1]}'> cid:chart.pngs "
                                  f"<img src=\"cid:{ids[0]}\">")


def test_each_recipient_once(sink):
    server = sink(chain=None)
    run = stint(*options_for(server, "none", [f"Ops <{TO}>, a@x.test"]), "--to", "a@X.TEST", "--cc", f"{TO}, A@x.test",
                "--bcc", "b@x.test, a@x.test", "--text", "x", message=None)
    assert run.returncode == 0, run.stderr
    assert server.session()["messages"][0]["rcpt"] == [TO, "a@x.test", "A@x.test", "b@x.test"]


@pytest.mark.parametrize("way", ["composed", "as it is"])
def test_domains_in_all_letters(sink, way):
    """By their A-labels (RFC 5891), in the envelope and in the header."""
    server = sink(chain=None)
    options = options_for(server, "none", ["Größe <a@Müller.test>, b@faß.test", "c@例え.test"])
    options[options.index(FROM)] = "d@ü.test"
    run = stint(*options, *(["--cc", "e@é.test", "--text", "x"] if way == "composed" else []))
    assert run.returncode == 0, run.stderr
    message = server.session()["messages"][0]
    assert message["from"] == "d@xn--tda.test"
    to = ["a@xn--mller-kva.test", "b@xn--fa-hia.test", "c@xn--r8jz45g.test"]
    assert message["rcpt"] == to + (["e@xn--9ca.test"] if way == "composed" else [])
    if way == "composed":
        assert [a.addr_spec for a in parse(server.content(1))["To"].addresses] == to


@pytest.mark.parametrize("address", ["a@ü..test", "a@\u2603.test", "a@ü_.test", "Ü <ü@a.test>", "a@\udcff.test",
                                     "a@" + "ü" * 70 + ".test", "a@ü test", "a@ü.test\r\nx", "a@b.test (Müller)",
                                     "a@b.test ü", "a@ ü", "a@ü.test ü", "a@b.test, c@d.test <ü>"])
def test_domains_that_are_none(unsent, address):
    for options in (["--to", address], ["--cc", address, "--text", "x"]):
        run = stint(*options_for(unsent, "none"), *options)
        assert run.returncode == 64 and options[0] in last_line(run), run.stderr


def test_domains_without_the_library(unsent, tmp_path):
    """A loader that finds none; nobody else minds."""
    (tmp_path / "libidn2.so.0").write_text("none")
    environment = {"LD_LIBRARY_PATH": str(tmp_path)}
    run = stint(*options_for(unsent, "none"), "--to", "a@ü.test", environment=environment, binary=RELEASE)
    assert run.returncode == 64 and "libidn2" in last_line(run) and "xn--" in last_line(run)
    render("--to", TO, "--text", "x", env={**os.environ, **environment}, binary=RELEASE)


def test_only_hidden_recipients(sink):
    server = sink(chain=None)
    options = options_for(server, "none", [])
    run = stint(*options, "--bcc", TO, "--text", "x", message=None)
    assert run.returncode == 0, run.stderr
    assert server.session()["messages"][0]["rcpt"] == [TO]
    assert TO.encode() not in server.content(1)


# ---- What is refused ----


def refused(server, *options, code=64, recipients=(TO,), **settings):
    run = stint(*options_for(server, "none", recipients), *options, message=None, **settings)
    assert run.returncode == code, run.stderr
    assert run.stderr.endswith("; nothing was sent\n") and len(run.stderr.splitlines()) == 1
    rendered = subprocess.run([SANITIZED, "--render", "--from", FROM, *map(os.fsencode, map(str, options))],
                              capture_output=True, cwd=settings.get("cwd"))
    assert rendered.returncode == code and rendered.stdout == b""
    return last_line(run)


INJECTIONS = ["x\r\nBcc: <v@y.test>", "x\nX-Y: z", "x\ry", "x\x01", "x\x7f"]
INVALID = ["\udcff", "a\udcc3", "\udced\udca0\udc80", "\udcc0\udcaf", "\udcf5\udc80\udc80\udc80"]


@pytest.mark.parametrize("value", [*INJECTIONS, *INVALID])
@pytest.mark.parametrize("option, before, behind", [
    ("--subject", "", ""), ("--to", "", " <a@b.test>"), ("--to", "<a@b.test", ">"), ("--cc", '"', '" <a@b.test>'),
    ("--bcc", "", "@b.test"), ("--reply-to", "", " <a@b.test>"), ("--header", "X-Device: ", ""),
    ("--reply-to", "<a@", ".test>"), ("--header", "X-", ": 7"), ("--header", "In-Reply-To: <", "@b.test>"),
    ("--header", "References: <a@b.test> <", "@b.test>"), ("--header", "List-Unsubscribe: <mailto:", ">"),
    ("--header", "Importance: high", ""), ("--header", "Auto-Submitted: ", "")])
def test_nothing_ends_a_field(unsent, option, before, behind, value):
    assert option in refused(unsent, "--text", "x", option, before + value + behind)


@pytest.mark.parametrize("value", [*INJECTIONS, *INVALID])
def test_nor_does_the_sender(unsent, value):
    for sender in (f"{value} <a@b.test>", f"<{value}@b.test>"):
        options = options_for(unsent, "none")
        options[options.index(FROM)] = sender
        run = stint(*options, "--text", "x", message=None)
        assert run.returncode == 64 and "--from" in last_line(run), run.stderr


@pytest.mark.parametrize("option", ["--text", "--html"])
@pytest.mark.parametrize("value", INVALID)
def test_texts_are_utf8(unsent, option, value):
    assert option in refused(unsent, option, value)


@pytest.mark.parametrize("value", [*INJECTIONS, *INVALID])
@pytest.mark.parametrize("option", ["--attach", "--inline"])
def test_names_of_files(unsent, tmp_path, option, value):
    """In the HTML an invalid name is found first."""
    path = tmp_path / value
    path.write_text("x")
    html = ["--html", f"<img src='cid:{value}'>"] if option == "--inline" else []
    words = refused(unsent, *html, option, path)
    assert f"{option} '{tmp_path}" in words and "its name" in words or html and value in INVALID and "--html" in words


@pytest.mark.parametrize("value", ["text/plain\r\nX: y", "text/plain; a=\x01", "multipart/mixed", "message/rfc822",
                                   "text/plain ü", "text/plain; a=\x7f", "image/x; \udcff", "text/" + "x" * 300])
def test_types(unsent, folder, value):
    assert "--attach" in refused(unsent, "--attach", f"{folder}/log.csv;{value}")


@pytest.mark.parametrize("content", [b"a\0b\n", "a\n".encode("utf-16")])
def test_what_is_said_to_be_a_text_is_one(unsent, folder, content):
    (folder / "log.csv").write_bytes(content)
    assert "no text" in refused(unsent, "--attach", f"{folder}/log.csv;text/csv; charset=utf-16", code=65)


@pytest.mark.parametrize("value", ["", "x", "@b.test", "a@b.test, ", "a@b.test c@d.test", "Ops <a@b.test",
                                   "O<p>s <a@b.test>", '"Ops <a@b.test>', "<a@b.test> c", "ü@b.test"])
def test_lists(unsent, value):
    assert "--cc" in refused(unsent, "--text", "x", "--cc", value)


@pytest.mark.parametrize("value", ["X-Device", ": x", "X Device: x", "Ü: x", "X" * 65 + ": x", "Subject: x", "bcc: a@b.test",
                                   "Content-Type: x", "References: x", "Importance: very", "Auto-Submitted: maybe"])
def test_headers(unsent, value):
    assert "--header" in refused(unsent, "--text", "x", "--header", value)


@pytest.mark.parametrize("name", ["In-Reply-To", "References", "list-unsubscribe"])
def test_headers_that_are_there_but_once(unsent, name):
    words = refused(unsent, "--text", "x", "--header", f"{name}: <a@b.test>", "--header", f"{name}: <c@b.test>")
    assert "twice" in words and name in words


LONG, UMLAUTS = "x" * 10_000, "ü" * 10_000


@pytest.mark.parametrize("option, value, words", [
    ("--subject", LONG, "too long"), ("--subject", UMLAUTS, "too long"), ("--subject", "x " * 5000 + "x", "too long"),
    ("--to", f"{UMLAUTS} <a@b.test>", "<a@b.test> is too long"), ("--cc", f'"{LONG}" <a@b.test>', "<a@b.test> is too long"),
    ("--reply-to", f"{UMLAUTS} <a@b.test>", "<a@b.test> is too long"), ("--to", f"{LONG}@b.test", "no address"),
    ("--cc", f"a@{LONG}.test", "no address"), ("--bcc", f"{LONG}@b.test", "no address"),
    ("--header", f"X-Name: {UMLAUTS}", "'X-Name': is too long"), ("--header", f"{LONG}: x", "is too long"),
    ("--header", f"References: <{LONG}@b.test>", "'References': its value is too long"),
    ("--header", f"List-Unsubscribe: <{LONG}>", "'List-Unsubscribe': its value is too long")])
def test_very_long_strings(unsent, option, value, words):
    """Refused, but never cut."""
    line = refused(unsent, "--text", "x", option, value)
    assert option in line and words in line and len(line) < 500


def test_a_very_long_name_of_the_sender(unsent):
    options = options_for(unsent, "none")
    options[options.index(FROM)] = f"{UMLAUTS} <{FROM}>"
    run = stint(*options, "--text", "x", message=None)
    assert run.returncode == 64 and f"--from: the name of <{FROM}> is too long" in last_line(run)


def test_very_long_texts():
    """Have no limit."""
    plain, html = [part for part in parse(render("--text", LONG, "--html", UMLAUTS)).walk() if not part.is_multipart()]
    assert (plain.get_content(), html.get_content()) == (LONG, UMLAUTS)


def test_long_file_name(unsent, tmp_path):
    assert "cannot be read" in refused(unsent, "--attach", tmp_path / ("x" * 10_000), code=66)


def test_a_file_without_a_name(unsent):
    assert "empty" in refused(unsent, "--attach", ";text/plain")


def test_standard_input_twice(unsent):
    assert "twice" in refused(unsent, "--attach", "-", "--attach", "-;image/png")


def test_files_that_cannot_be_read(unsent, folder):
    for path in (folder / "missing", folder, folder / "log.csv" / "x"):
        for options in (["--attach", path], ["--html", "x", "--inline", path]):
            assert str(path) in refused(unsent, *options, code=66)


def test_file_without_permission(unsent, folder):
    """As somebody who has none."""
    (folder / "log.csv").chmod(0)
    command = [RELEASE, *options_for(unsent, "none"), "--attach", folder / "log.csv"]
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid=65534", "--clear-groups", "--bounding-set=-all", *command]
    run = subprocess.run([*map(str, command)], capture_output=True, text=True)
    assert run.returncode == 66 and "Permission denied" in run.stderr, run.stderr


@pytest.mark.parametrize("options, words", [
    (["--inline", "chart.png"], "without --html"), (["--html", "<p>", "--inline", "chart.png"], "cid:chart.png"),
    (["--flowed", "--subject", "x"], "without --text"), (["--flowed", "log.csv"], "without --text"),
    (["--text", "x", "log.csv"], "both"), (["--text", "x", "--binary"], "--binary"),
    (["--render", "--check"], "both"), (["--render"], "composes"), (["--render", "log.csv"], "composes")])
def test_options_that_do_not_go_together(unsent, folder, options, words):
    run = stint(*options_for(unsent, "none"), *options, message=None, cwd=folder)
    assert run.returncode == 64 and words in last_line(run), run.stderr


def test_sender_is_one_address(unsent):
    for sender, words in ("", "--from"), ("a@b.test, c@d.test", "more than one"):
        options = options_for(unsent, "none")
        options[options.index(FROM)] = sender
        run = stint(*options, "--text", "x", message=None)
        assert run.returncode == 64 and words in last_line(run), run.stderr


# ---- Files that change, and pipes ----


class Throttle:
    """A way to `port` that lets so much through in a second."""

    def __init__(self, port, octets_in_a_second):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.target, self.rate = port, octets_in_a_second
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        here, _ = self.listener.accept()
        there = socket.create_connection(("127.0.0.1", self.target))
        while True:
            ready, _, _ = select.select([here, there], [], [])
            for one in ready:
                octets = one.recv(self.rate // 20)
                if not octets:
                    here.close()
                    there.close()
                    return
                (there if one is here else here).sendall(octets)
                time.sleep(len(octets) / self.rate if one is here else 0)


def slowly(server, *options):
    return [*(f"localhost:{Throttle(server.port, 4_000_000).port}" if str(word).startswith("localhost:") else word
              for word in options_for(server, "none")), *options]


def shrink(path):
    os.truncate(path, path.stat().st_size // 2)


def grow(path):
    with path.open("ab") as file:
        file.write(b"x")


def change(path):
    """Of the same size at any time."""
    with path.open("r+b") as file:
        file.write(b"y")


@pytest.mark.parametrize("act", [shrink, grow, change, os.unlink])
@pytest.mark.parametrize("size", [1, 5_000_000])
@pytest.mark.parametrize("name", ["data.bin", "data.txt"])
def test_file_that_is_not_what_it_was(sink, tmp_path, act, size, name):
    """Looked at before the session; if it is another when it is read, no final dot goes out."""
    path = tmp_path / name
    path.write_bytes(b"x" * (size - 1) + b"\n")
    server = sink("--without", "PIPELINING", "--delay", "MAIL=1", chain=None)
    with subprocess.Popen([SANITIZED, *map(str, options_for(server, "none")), "--verbose", "--attach", path],
                          stderr=subprocess.PIPE, text=True) as process:
        for line in process.stderr:
            if line.startswith("C: MAIL"):
                break
        act(path)
        lines = process.stderr.read()
        assert process.wait(60) == 74, lines
    assert str(path) in lines.splitlines()[-1]
    session = server.session()
    assert session["messages"] == []


@pytest.mark.parametrize("act", [shrink, grow, change])
@pytest.mark.parametrize("name", ["data.bin", "data.txt"])
def test_file_that_changes_while_it_is_sent(sink, tmp_path, act, name):
    path = tmp_path / name
    path.write_bytes(b"x\n" * 4_500_000)
    server = sink(chain=None)
    with subprocess.Popen([SANITIZED, *map(str, slowly(server, "--attach", path))], stderr=subprocess.PIPE,
                          text=True) as process:
        time.sleep(1.5)
        act(path)
        line = process.stderr.read()
        assert process.wait(60) == 74, line
    assert str(path) in line and "changed while it was read" in line
    session = server.session()
    assert session["messages"] == [] and session["partial"] > 1_000_000


def test_file_that_changes_while_it_is_rendered(tmp_path):
    path = tmp_path / "data.bin"
    path.write_bytes(b"x" * 5_000_000)
    with subprocess.Popen([SANITIZED, "--render", "--from", FROM, "--attach", path], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        octets = process.stdout.read(1000)
        shrink(path)
        octets += process.stdout.read()
        assert process.wait(30) == 74
        line = process.stderr.read().decode()
    assert not octets.endswith(b"--\r\n")
    assert str(path) in line and "size changed" in line and "not all of the message" in line


@pytest.mark.parametrize("kind", ["application/octet-stream", "text/csv"])
@pytest.mark.parametrize("offer", [[], ["--offer", "CHUNKING"]])
def test_a_source_that_fails_half_way(sink, kind, offer):
    """Its last octets are lost in a reset: no final dot, no BDAT LAST."""
    server = sink(*offer, chain=None)
    listener = socket.create_server(("127.0.0.1", 0))
    given = socket.create_connection(listener.getsockname())
    writer, _ = listener.accept()
    with subprocess.Popen([SANITIZED, *map(str, options_for(server, "none")), "--attach", f"-;{kind}"], stdin=given,
                          stderr=subprocess.PIPE, text=True) as process:
        given.close()
        writer.sendall(b"one line\n" * 10_000)
        time.sleep(0.5)
        writer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.close()
        line = process.stderr.read()
        assert process.wait(30) == 74, line
    assert "standard input" in line and "Connection reset by peer" in line, line
    session = server.session()
    assert session["messages"] == [] and session["partial"] > 100_000


def test_pipes(sink):
    """Standard input, and another, one after the other."""
    server = sink("--offer", "CHUNKING", chain=None)
    first, second = os.pipe(), os.pipe()
    with subprocess.Popen([SANITIZED, *map(str, options_for(server, "none")), "--attach", "-;text/x-one", "--attach",
                           f"/dev/fd/{second[0]};image/x-two"], stdin=first[0], pass_fds=[second[0]],
                          stderr=subprocess.PIPE) as process:
        os.close(first[0])
        os.close(second[0])
        for descriptor, octets in (first[1], b"one\n"), (second[1], b"two\n"):
            for _ in range(3):
                time.sleep(0.1)
                os.write(descriptor, octets * 1000)
            os.close(descriptor)
        assert process.wait(30) == 0, process.stderr.read()
    assert "SIZE" not in server.session()["messages"][0]["parameters"], "nobody knows it"
    _, one, two = parse(server.content(1)).walk()
    assert (one.get_content_type(), one.get_filename()) == ("text/x-one", None)
    assert one.get_payload(decode=True) == b"one\r\n" * 3000 and two.get_payload(decode=True) == b"two\n" * 3000


@pytest.mark.parametrize("way", ["attached", "as it is"])
def test_files_without_a_size(sink, way):
    """What the system makes while it is read."""
    path = "/proc/cpuinfo"
    server = sink(chain=None)
    run = stint(*options_for(server, "none"), *(["--attach", path] if way == "attached" else [path]))
    assert run.returncode == 0, run.stderr
    content = server.content(1)
    if way == "attached":
        content = list(parse(content).walk())[1].get_payload(decode=True)
    assert content.count(b"processor") == pathlib.Path(path).read_bytes().count(b"processor") > 0


def test_a_pipe_is_read_once(sink):
    """What needs a second transaction is told, and not sent wrong."""
    server = sink("--offer", "LIMITS RCPTMAX=1", chain=None)
    run = stint(*options_for(server, "none", ["a@x.test", "b@x.test"]), "--attach", "-", message=b"once")
    assert run.returncode == 75, run.stderr
    assert "1 of 2 recipients" in last_line(run)


def test_a_pipe_that_stops_half_way(sink):
    server = sink(chain=None)
    with subprocess.Popen([SANITIZED, *map(str, options_for(server, "none")), "--attach", "-", "--timeout", "1"],
                          stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdin.write(b"x" * 100_000)
        process.stdin.flush()
        assert process.wait(30) == 75, process.stderr.read()
    session = server.session()
    assert session["messages"] == [] and session["partial"]


def test_interrupted(sink):
    server = sink(chain=None)
    with subprocess.Popen([SANITIZED, *map(str, options_for(server, "none")), "--attach", "-"],
                          stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdin.write(b"x" * 100_000)
        process.stdin.flush()
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 128 + signal.SIGTERM
    assert server.session()["messages"] == []


def test_more_files_than_may_be_open(folder):
    names = [folder / f"{number}.bin" for number in range(100)]
    for name in names:
        name.write_bytes(name.name.encode())
    options = [word for name in names for word in ("--attach", name)]
    octets = render(*options, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32)))
    assert [part.get_payload(decode=True) for part in list(parse(octets).walk())[1:]] == [
        name.name.encode() for name in names]


def test_output_that_cannot_be_written():
    with open("/dev/full", "wb") as full:
        run = subprocess.run([SANITIZED, "--render", "--from", FROM, "--text", "x"], stdout=full,
                             stderr=subprocess.PIPE, text=True)
    assert run.returncode == 73 and "standard output" in run.stderr


# ---- Large ----


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    path = tmp_path_factory.mktemp("large") / "50.bin"
    path.write_bytes(os.urandom(1_000_000) * 50)
    return path


def peak_of(arguments):
    """Of the resident memory, in KB."""
    process = subprocess.Popen([RELEASE, *map(str, arguments)], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               env={**os.environ, "STINT_PASSWORD": PASSWORD})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.stderr.read()
    process.stderr.close()
    return usage.ru_maxrss


def test_fifty_megabytes_in_constant_memory(sink, large, folder):
    small, big = sink(), sink("--without", "SIZE")
    usual = peak_of([*options_for(small), "--attach", folder / "log.csv"])
    peak = peak_of([*options_for(big), "--attach", large])
    assert peak - usual < 512, f"{peak} KB, and {usual} KB for a small one"
    assert big.session()["faults"] == []
    _, part = parse(big.content(1)).walk()
    assert part.get_payload(decode=True) == large.read_bytes()


# ---- On a terminal ----


def on_a_terminal(arguments):
    """What is printed there."""
    controller, terminal = pty.openpty()
    process = subprocess.Popen([RELEASE, *map(str, arguments)], stdin=subprocess.DEVNULL, stderr=terminal)
    os.close(terminal)
    printed = b""
    try:
        while octets := os.read(controller, 4096):
            printed += octets
    except OSError:
        pass
    os.close(controller)
    assert process.wait(30) == 0, printed
    return printed.decode()


@pytest.mark.parametrize("way", ["attached", "as it is"])
def test_progress(sink, tmp_path, way):
    """After a second, until all has gone; and then it is gone, too."""
    path = tmp_path / "long"
    path.write_bytes(b"Subject: x\r\n\r\n" + b"line of text\r\n" * 1_000_000)
    printed = on_a_terminal(slowly(sink(chain=None), *(["--attach", path] if way == "attached" else [path])))
    bars = re.findall(r"\r\[([#.]{40})\] +(\d+)% of (\d+\.\d) MB", printed)
    assert len(bars) >= 5
    shares = [int(bar[1]) for bar in bars]
    assert shares == sorted(shares) and 0 < shares[0] < 70 < shares[-1] <= 100
    assert all(abs(bar[0].count("#") - int(bar[1]) * 0.4) <= 1 for bar in bars)
    assert re.search(r"\r +\rstint: sent: ", printed), "it is wiped away"


@pytest.mark.parametrize("options", [["--quiet"], ["--verbose"]])
def test_no_progress_where_nobody_asked_for_it(sink, tmp_path, options):
    path = tmp_path / "long"
    path.write_bytes(b"x" * 6_000_000)
    assert "%" not in on_a_terminal(slowly(sink(chain=None), "--attach", path, *options))


def test_no_progress_of_what_is_short(sink, folder):
    assert on_a_terminal([*options_for(sink(chain=None), "none"), "--attach", folder / "log.csv"]).count("\r") == 1


def test_no_progress_without_a_terminal(sink, tmp_path):
    path = tmp_path / "long"
    path.write_bytes(b"x" * 8_000_000)
    run = stint(*slowly(sink(chain=None), "--attach", path), binary=RELEASE)
    assert run.returncode == 0 and "%" not in run.stderr
