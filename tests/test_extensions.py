"""What the command makes of the server's extensions: --eager, --binary, and what it tells of them."""

import re
import subprocess

import pytest
from conftest import MESSAGE, SANITIZED, TO, last_line, options_for, stint

CHUNKING = ["--offer", "CHUNKING"]
BINARYMIME = [*CHUNKING, "--offer", "BINARYMIME"]


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "message.eml"
    path.write_bytes(MESSAGE)
    return path


def send(server, *options, recipients=(TO,), **settings):
    return stint(*options_for(server, "none", recipients), *options, **settings)


def used(run):
    """The extensions and figures of the line that --verbose ends with."""
    line = re.search(r"^\* used: (.*); round trips: (\d+); octets: (\d+) sent, (\d+) received$",
                     run.stderr, re.M)
    return line[1].split(), int(line[2]), int(line[3]), int(line[4])


# ---- --eager ----


def round_trips(sink, script, options):
    server = sink(*script, chain=None)
    run = send(server, "--verbose", *options)
    assert run.returncode == 0, run.stderr
    assert server.session()["faults"] == []
    assert server.content(1) == MESSAGE
    return used(run)[1]


def test_eager_saves_a_round_trip(sink, path):
    with_it, without = (round_trips(sink, CHUNKING, [path, *option]) for option in (["--eager"], []))
    assert with_it == without - 1


@pytest.mark.parametrize("script, options", [
    ([], []), ([*CHUNKING, "--without", "PIPELINING"], []), (CHUNKING, ["--policy", "all"])],
    ids=["no CHUNKING", "no PIPELINING", "policy all"])
def test_eager_changes_nothing_where_it_must_not(sink, path, script, options):
    eager, patient = (round_trips(sink, script, [path, *options, *option])
                      for option in (["--eager"], []))
    assert eager == patient


def test_eager_changes_nothing_for_a_pipe(sink):
    assert round_trips(sink, CHUNKING, ["--eager"]) == round_trips(sink, CHUNKING, [])


@pytest.mark.parametrize("reply, stage", [("RCPT=550 5.1.1 unknown", "recipients (RCPT)"),
                                          ("MAIL=550 5.7.1 no", "sender (MAIL)")])
def test_eager_and_refused(sink, path, reply, stage):
    """The message was sent, and nobody has it."""
    run = send(sink(*CHUNKING, "--reply", reply, chain=None), path, "--eager")
    assert run.returncode == 69, run.stderr
    assert stage in last_line(run) and reply.split("=")[1] in last_line(run)
    assert "; the message was not accepted; " in last_line(run)


def test_eager_to_some(sink, path):
    server = sink(*CHUNKING, "--reply", "RCPT.1=550 5.1.1 unknown", chain=None)
    run = send(server, path, "--eager", recipients=["a@x.test", "b@x.test"])
    assert run.returncode == 69, run.stderr
    assert "1 of 2 recipients have the message" in last_line(run)
    assert server.session()["messages"][0]["rcpt"] == ["b@x.test"]


@pytest.mark.parametrize("point", ["MAIL", "RCPT", "DOT"])
def test_eager_and_gone(sink, path, point):
    """All of it is out before the first answer: whatever breaks then leaves a doubt."""
    run = send(sink(*CHUNKING, "--do", f"{point}=close", chain=None), path, "--eager")
    assert run.returncode == 75, run.stderr
    assert "twice" in last_line(run)


# ---- --binary ----

BINARY = MESSAGE + bytes(range(256)) * 20 + b"\r\n.\r\n.\n\r" + b"x" * 2000


@pytest.mark.parametrize("eager", [[], ["--eager"]], ids=["", "eager"])
@pytest.mark.parametrize("octets", [BINARY, BINARY * 100], ids=["small", "large"])
@pytest.mark.parametrize("way", ["file", "pipe"])
def test_binary(sink, path, way, octets, eager):
    path.write_bytes(octets)
    server = sink(*BINARYMIME)
    run = stint(*options_for(server), "--binary", *eager, *([path] if way == "file" else []),
                message=octets)
    assert run.returncode == 0, run.stderr
    session = server.session()
    assert session["faults"] == []
    assert session["messages"][0]["parameters"]["BODY"] == "BINARYMIME"
    assert server.content(1) == octets


def test_several_binary_messages(sink, path):
    path.write_bytes(BINARY)
    server = sink(*BINARYMIME, chain=None)
    assert send(server, "--binary", path, path).returncode == 0
    server.session()
    assert [server.content(1, number) for number in (1, 2)] == [BINARY, BINARY]


def test_a_part_of_a_file_by_the_shell(sink, path):
    """What the shell has read of it is not the message's."""
    path.write_bytes(b"x" * 100 + BINARY)
    server = sink(*BINARYMIME, chain=None)
    with path.open("rb", buffering=0) as file:
        file.seek(100)
        command = [SANITIZED, *options_for(server, "none"), "--binary"]
        run = subprocess.run(command, stdin=file, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    session = server.session()
    assert server.content(1) == BINARY
    assert session["messages"][0]["parameters"]["SIZE"] == str(len(BINARY))


@pytest.mark.parametrize("offer", [[], CHUNKING], ids=["neither", "CHUNKING alone"])
def test_binary_where_it_is_not_offered(sink, path, offer):
    path.write_bytes(BINARY)
    server = sink(*offer, chain=None)
    run = send(server, "--binary", path)
    assert run.returncode == 65, run.stderr
    assert "the server takes text only; the message was not sent; encode" in last_line(run)
    assert not any("MAIL" in line for line in server.session()["commands"])


# ---- What is told ----


def test_verbose_ends_with_what_was_used(sink, path):
    server = sink(*CHUNKING)
    run = stint(*options_for(server), "--verbose", path)
    assert run.returncode == 0, run.stderr
    extensions, trips, sent, received = used(run)
    assert extensions == ["STARTTLS", "AUTH", "PIPELINING", "ENHANCEDSTATUSCODES", "CHUNKING", "SIZE"]
    assert trips == 10  # TCP, greeting, EHLO, STARTTLS, TLS (2), EHLO, AUTH, envelope, message
    lines = run.stderr.splitlines()
    assert lines[-1].startswith("stint: sent: ") and lines[-2].startswith("* used: ")
    wire = len(server.wire())
    assert wire < sent < wire + 1000 and received > 2000


def test_verbose_without_any(sink, path):
    server = sink("--reply", "EHLO=250 sink.example.test", chain=None)
    run = send(server, "--verbose", path)
    assert run.returncode == 0, run.stderr
    assert "\n* used: no extension; round trips: 8; octets: " in run.stderr
    assert used(run)[2] == len(server.wire())


def test_verbose_without_a_connection():
    run = stint("--server", "localhost:1", "--tls", "none", "--from", "", "--to", TO, "--verbose")
    assert "* used" not in run.stderr


@pytest.mark.parametrize("offers, shown", [
    (["LIMITS RCPTMAX=20 MAILMAX=5", "DSN"], " DSN SIZE 33554432 LIMITS RCPTMAX=20 MAILMAX=5"),
    (["LIMITS MAILMAX=5"], " SIZE 33554432 LIMITS MAILMAX=5"), (["CHUNKING"], " CHUNKING SIZE"),
    (["LIMITS"], " SIZE 33554432 LIMITS\n")])
def test_check_shows_limits(sink, offers, shown):
    server = sink(*(word for offer in offers for word in ("--offer", offer)), chain=None)
    run = stint("--server", f"localhost:{server.port}", "--tls", "none", "--check", "--helo",
                "pump3.example.test")
    assert run.returncode == 0, run.stderr
    assert re.search(r"^offers +PIPELINING 8BITMIME ENHANCEDSTATUSCODES" + shown, run.stdout, re.M)


# Refusals are what a server may be long about; so long that together they fit in no socket's buffer.
LONG = "\r\n".join(["250-" + 500 * "x"] * 120 + ["250 yes"])


@pytest.mark.parametrize("mode", ["none", "starttls"])
def test_a_server_that_does_not_read_before_it_is_read(sink, path, mode):
    """Both sides have more to say than the buffers between them hold."""
    path.write_bytes(MESSAGE + b"0123456789abcdef\r\n" * 600000)
    server = sink(*CHUNKING, "--reply", f"RCPT={LONG}", chain=None if mode == "none" else "rsa")
    run = stint(*options_for(server, mode, [f"r{n}@x.test" for n in range(200)]), path, "--eager")
    assert run.returncode == 0, run.stderr
    assert len(server.session()["messages"][0]["rcpt"]) == 200
    assert server.content(1) == path.read_bytes()


# ---- What a message may ask for ----

FUTURE = "FUTURERELEASE 3600 2027-01-01T00:00:00Z"
ASKED = [
    ("DSN", ["--notify", "success,delay", "--ret", "hdrs", "--envid", "pump 3+4=7"],
     {"RET": "HDRS", "ENVID": "pump+203+2B4+3D7"}, {"NOTIFY": "SUCCESS,DELAY"}),
    ("DSN", ["--notify", "never"], {}, {"NOTIFY": "NEVER"}),
    ("MT-PRIORITY", ["--mt-priority", "-9"], {"MT-PRIORITY": "-9"}, {}),
    ("DELIVERBY 60", ["--deliver-by", "60"], {"BY": "60;R"}, {}),
    ("DELIVERBY 60", ["--deliver-by", "59:N"], {"BY": "59;N"}, {}),
    (FUTURE, ["--hold-for", "3600"], {"HOLDFOR": "3600"}, {}),
    (FUTURE, ["--hold-until", "2026-12-24T18:00:00Z"], {"HOLDUNTIL": "2026-12-24T18:00:00Z"}, {}),
]
BY_NAME = [" ".join(each[1]) for each in ASKED]


@pytest.mark.parametrize("offer, options, of_mail, of_rcpt", ASKED, ids=BY_NAME)
@pytest.mark.parametrize("chunking", [[], CHUNKING], ids=["DATA", "BDAT"])
def test_what_is_asked_for_is_said(sink, path, chunking, offer, options, of_mail, of_rcpt):
    """To a server that holds every octet of it against its RFC."""
    server = sink(*chunking, "--offer", offer, chain=None)
    run = send(server, path, *options, "--verbose", "--eager", recipients=["a@x.test", "b@x.test"])
    assert run.returncode == 0, run.stderr
    session = server.session()
    message = session["messages"][0]
    of_content = {name: message["parameters"][name] for name in ("SIZE", "BODY")
                  if name in message["parameters"]}
    assert session["faults"] == [] and server.content(1) == MESSAGE
    assert message["parameters"] == {**of_content, **of_mail}
    assert message["rcpt_parameters"] == [of_rcpt] * 2
    assert offer.split()[0] in used(run)[0]


@pytest.mark.parametrize("offer, options", [each[:2] for each in ASKED], ids=BY_NAME)
def test_what_is_not_offered_keeps_it_from_being_sent(sink, path, offer, options):
    server = sink(chain=None)
    run = send(server, path, *options)
    assert run.returncode == 69, run.stderr
    assert f"offers no {offer.split()[0]}" in last_line(run) and options[0] in last_line(run)
    assert "the message was not sent" in last_line(run)
    assert [command.split()[0] for command in server.session()["commands"]] == ["EHLO", "QUIT"]


@pytest.mark.parametrize("offer, options", [("DELIVERBY 60", ["--deliver-by", "59"]),
                                            (FUTURE, ["--hold-for", "3601"])])
def test_times_beyond_the_servers(sink, path, offer, options):
    run = send(sink("--offer", offer, chain=None), path, *options)
    assert run.returncode == 69 and f"offers no {offer.split()[0]}, or not for so" in last_line(run), run.stderr


@pytest.mark.parametrize("offer, status", [(["--offer", "REQUIRETLS"], 0), ([], 78)])
def test_require_tls(sink, path, offer, status):
    server = sink(*offer, chain="p256")
    run = stint(*options_for(server, "starttls", [TO]), path, "--require-tls")
    assert run.returncode == status, run.stderr
    messages = server.session()["messages"]
    assert server.session()["faults"] == []
    assert [message["parameters"].get("REQUIRETLS") for message in messages] == [""] * (status == 0)


@pytest.mark.parametrize("option, value", [
    ("--notify", ""), ("--notify", "success,"), ("--notify", "never,delay"), ("--notify", "SUCCESS"),
    ("--ret", "headers"), ("--envid", ""), ("--envid", "a\tb"), ("--envid", "\u00e4"),
    ("--envid", 101 * "x"), ("--envid", 34 * "+"), ("--mt-priority", "10"), ("--mt-priority", "-10"),
    ("--mt-priority", "+1"), ("--mt-priority", ""), ("--deliver-by", "0"), ("--deliver-by", "1000000000"),
    ("--deliver-by", "60:X"), ("--deliver-by", "60;R"), ("--hold-for", "0"), ("--hold-for", "-1"),
    ("--hold-for", "1000000000"), ("--hold-until", ""), ("--hold-until", "tomorrow"),
    ("--hold-until", "2026-12-24T18:00:00"), ("--hold-until", "2026-12-24T18:00:00+01:00"), ("--submitter", "x"),
    ("--submitter", "a@x.test\r\nRSET"), ("--submitter", "\u00fc@x.test"), ("--orcpt", "bob@x.test"),
    ("--orcpt", ";bob@x.test"), ("--orcpt", "rfc822;"), ("--orcpt", "rfc 822;bob@x.test"),
    ("--orcpt", "rfc822;b\u00f6b@x.test"), ("--orcpt", "rfc822;" + 494 * "x"), ("--orcpt", "rfc822;b\r\nb")])
def test_bad_values_of_what_is_asked_for(sink, path, option, value):
    server = sink("--offer", "DSN", chain=None)
    run = send(server, path, option, value)
    assert run.returncode == 64 and option in last_line(run), run.stderr
    assert server.sessions() == 0


@pytest.mark.parametrize("mailbox, said", [("e+mc=2@example.test", "e+2Bmc+3D2@example.test"), ("", "<>")])
def test_a_submitter(sink, path, mailbox, said):
    server = sink(chain="p256")
    run = stint(*options_for(server), path, "--submitter", mailbox)
    assert run.returncode == 0, run.stderr
    session = server.session()
    assert session["faults"] == [] and session["messages"][0]["parameters"]["AUTH"] == said
    server = sink(chain=None)
    run = send(server, path, "--submitter", mailbox)
    assert run.returncode == 69 and "offers no AUTH, for --submitter" in last_line(run), run.stderr
    assert [command.split()[0] for command in server.session()["commands"]] == ["EHLO", "QUIT"]


def test_originals_belong_to_recipients(sink, path):
    """In their order; the same for every message."""
    server = sink("--offer", "DSN", chain=None)
    options = ["--orcpt", "rfc822;Bob+1@example.com", "--orcpt", "", "--orcpt", "utf-8;j\u00f6rg=1@x.test",
               "--orcpt", "x400;/C=de/", "--envid", "7"]
    run = send(server, path, path, *options, recipients=["a@x.test, b@x.test", "c@x.test", "d@x.test"])
    assert run.returncode == 0, run.stderr
    session = server.session()
    assert session["faults"] == []
    for message in session["messages"]:
        assert [of.get("ORCPT") for of in message["rcpt_parameters"]] == [
            "rfc822;Bob+2B1@example.com", None, r"utf-8;j\x{F6}rg\x{3D}1@x.test", "x400;/C+3Dde/"]
    assert len(session["messages"]) == 2


def test_originals_of_a_composed_message(sink):
    server = sink("--offer", "DSN", chain=None)
    run = send(server, "--subject", "x", "--bcc", "b@x.test", "--orcpt", "", "--orcpt", "rfc822;b@y.test")
    assert run.returncode == 0, run.stderr
    assert server.session()["messages"][0]["rcpt_parameters"] == [{}, {"ORCPT": "rfc822;b@y.test"}]


@pytest.mark.parametrize("options, words", [
    (["--orcpt", "rfc822;a@x.test", "--orcpt", "rfc822;b@x.test"], "more of --orcpt than recipients"),
    (["--hold-for", "1", "--hold-until", "2026-12-24T18:00:00Z"], "both --hold-for and --hold-until"),
    (["--envid", 101 * "x", "--orcpt", "rfc822;a@x.test"], "; or --orcpt 'rfc822;a@x.test'")])
def test_what_cannot_be_asked_for_together(sink, path, options, words):
    server = sink("--offer", "DSN", "--offer", FUTURE, chain=None)
    run = send(server, path, *options)
    assert run.returncode == 64 and words in last_line(run), run.stderr
    assert server.sessions() == 0


def test_no_original_where_there_is_no_dsn(sink, path):
    run = send(sink(chain=None), path, "--orcpt", "rfc822;a@x.test")
    assert run.returncode == 69 and "offers no DSN" in last_line(run) and "--orcpt" in last_line(run)


def test_require_tls_in_clear(sink, path):
    server = sink(chain=None)
    assert send(server, path, "--require-tls").returncode == 64
    assert server.sessions() == 0


def test_check_shows_what_may_be_asked_for(sink):
    offers = ["DSN", "MT-PRIORITY", "DELIVERBY 60", FUTURE]
    server = sink(*(word for offer in offers for word in ("--offer", offer)), chain=None)
    run = stint("--server", f"localhost:{server.port}", "--tls", "none", "--check")
    shown = re.search(r"^offers +(.*)$", run.stdout, re.M)[1]
    assert "DSN MT-PRIORITY DELIVERBY 60 FUTURERELEASE 3600 SIZE" in shown, run.stdout


# ---- SMTPUTF8 ----

UTF8 = ["--offer", "SMTPUTF8"]
GERMAN, CHINESE = "j\u00f6rg@b\u00fccher.example", "\u7528\u6237@\u4f8b\u3048.example"
HEADER = "Subject: Gr\u00fc\u00dfe\r\n".encode() + MESSAGE


@pytest.mark.parametrize("sender, recipient, message, needed", [
    (GERMAN, TO, MESSAGE, True), (TO, CHINESE, MESSAGE, True), (TO, TO, HEADER, True),
    (TO, TO, HEADER.replace(b"\r\n", b"\n"), True), (TO, TO, MESSAGE, False),
    (TO, TO, MESSAGE + HEADER, False),                                # in the content it is just 8-bit
], ids=["sender", "recipient", "header", "header with LF", "none", "content"])
@pytest.mark.parametrize("offered", [True, False], ids=["offered", "not offered"])
def test_utf8_where_it_is_needed(sink, path, sender, recipient, message, needed, offered):
    path.write_bytes(message)
    server = sink(*(UTF8 if offered else []), chain=None)
    run = stint("--server", f"localhost:{server.port}", "--tls", "none", "--from", sender, "--to", recipient,
                path, "--verbose", binary=SANITIZED)
    session = server.session()
    assert session["faults"] == []
    if needed and not offered:
        assert run.returncode == 65 and "is not ASCII" in last_line(run), run.stderr
        assert [command.split()[0] for command in session["commands"]] == ["EHLO", "QUIT"]
    else:
        assert run.returncode == 0, run.stderr
        assert ("SMTPUTF8" in session["messages"][0]["parameters"]) == needed
        assert session["messages"][0]["from"] == sender and session["messages"][0]["rcpt"] == [recipient]
        assert ("SMTPUTF8" in used(run)[0]) == needed


def test_a_header_in_latin_1_is_no_utf8(sink, path):
    """As before: its octets go as the content's do. A strict server minds."""
    path.write_bytes(b"Subject: Gr\xfc\xdfe\r\n" + MESSAGE)
    server = sink(*UTF8, chain=None)
    assert send(server, path).returncode == 0
    assert "SMTPUTF8" not in server.session()["messages"][0]["parameters"]


@pytest.mark.parametrize("address", [b"\xfc@x.test", b"a\xc0\xae@x.test", b"\xc2\x85@x.test"])
def test_what_is_no_utf8_is_refused(sink, path, address):
    server = sink(*UTF8, chain=None)
    assert send(server, path, "--to", address).returncode == 64
    assert server.sessions() == 0
