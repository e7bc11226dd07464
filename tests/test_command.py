"""The command's own manners: what it refuses, and that it then opens no connection."""

import email.policy
import os
import random
import re
import signal
import socket
import subprocess
import time

import compare
import mkmails
import pytest
from conftest import (CERTS, FROM, MESSAGE, PASSWORD, SANITIZED, TO, USER, last_line, options_for,
                      stint)


@pytest.fixture
def watched():
    """A port that notices whether anybody connects."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    yield listener
    with pytest.raises(BlockingIOError):
        listener.accept()
    listener.close()


def refused(watched, *options, code=64, clear=False, **settings):
    port = watched.getsockname()[1]
    base = {"--server": f"localhost:{port}", "--tls": "none" if clear else "starttls",
            "--ca": CERTS / "ca.pem", "--helo": "pump3.example.test", "--from": FROM, "--to": TO}
    if not clear:
        base["--user"] = USER
    given = list(options)
    words = [word for name, value in base.items() if name not in given for word in (name, value)]
    without = [word[1:] for word in given if str(word).startswith("!")]
    for name in without:
        at = words.index(name)
        del words[at:at + 2]
    given = [word for word in given if not str(word).startswith("!")]
    run = stint(*words, *given, **settings)
    assert run.returncode == code, run.stderr
    return run


INJECTIONS = ["a@b.test\r\nRCPT TO:<x@y.test>", "a@b.test\n", "\ra@b.test",
              "a@b.test> NOTIFY=NEVER", "<a@b.test", '"a\r\nb"@c.test', "a b@c.test", "a@b@c.test",
              "a@-b.test", "a@b..test", "a@", "@b.test", "a@b.test\x7f",
              "a" * 65 + "@b.test", "a@" + "b." * 130 + "test", "", " "]


@pytest.mark.parametrize("address", [a for a in INJECTIONS if a])
def test_bad_sender(watched, address):
    assert "--from" in last_line(refused(watched, "--from", address))


@pytest.mark.parametrize("address", INJECTIONS)
def test_bad_recipient(watched, address):
    assert "--to" in last_line(refused(watched, "--to", TO, "--to", address))


@pytest.mark.parametrize("option, value", [
    ("--helo", "a b"), ("--helo", "localhost"), ("--helo", "a\r\nQUIT"), ("--helo", ""),
    ("--helo", "x" * 256), ("--helo", "[127.0.0.1"), ("--user", "a\r\nb"), ("--user", ""),
    ("--user", "x" * 256), ("--auth", "plain"), ("--auth", "PLAINISH"), ("--tls", "maybe"),
    ("--timeout", "0"), ("--timeout", "-1"), ("--timeout", "x"), ("--timeout", "99999999999"),
    ("--deadline", ""), ("--policy", "some"), ("--server", ""), ("--server", ":25"),
    ("--server", "a b"), ("--server", "host:0"), ("--server", "host:65536"),
    ("--server", "host:x"), ("--server", "[::1"), ("--server", "x" * 256),
    ("--server", "a\r\nb")])
def test_bad_value(watched, option, value):
    assert option in last_line(refused(watched, option, value))


@pytest.mark.parametrize("tls, port", [(None, 465), ("implicit", 465), ("starttls", 587),
                                       ("none", 25)])
def test_default_port(tls, port):
    """To an address that TCP cannot connect to."""
    run = stint("--server", "255.255.255.255", *(["--tls", tls] if tls else []), "--from", FROM,
                "--to", TO, "--text", "x", "--ca", CERTS / "ca.pem")
    assert run.returncode == 75
    assert f"port {port}: " in last_line(run)


def test_required(watched):
    assert "--to" in last_line(refused(watched, "!--to"))
    assert "--from" in last_line(refused(watched, "!--from"))
    assert "--server" in last_line(refused(watched, "!--server"))


def test_password_missing(watched):
    assert "password" in last_line(refused(watched, password=None))
    assert "password" in last_line(refused(watched, password=""))


@pytest.mark.parametrize("password", ["a\nb", "a\rb", "x" * 256])
def test_bad_password(watched, password):
    refused(watched, password=password)


def test_no_login_in_clear(watched):
    refused(watched, "--user", USER, clear=True)


def test_unknown_option(watched):
    refused(watched, "--no-such-option")
    refused(watched, "--insecure")


def test_input_that_cannot_be_read(watched, tmp_path):
    for path in (tmp_path / "missing.eml", tmp_path):
        assert str(path) in last_line(refused(watched, path, code=66))


def test_password_file_that_cannot_be_read(watched, tmp_path):
    run = refused(watched, "--password-file", tmp_path / "missing", code=66, password=None)
    assert "missing" in last_line(run)


def test_roots_that_cannot_be_read(watched, tmp_path):
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    damaged = tmp_path / "damaged.pem"
    damaged.write_text((CERTS / "ca.pem").read_text().replace("M", "?", 9))
    for path in (tmp_path / "missing.pem", empty, damaged, tmp_path, "/dev/zero"):
        refused(watched, "--ca", path, code=78)


def test_a_fifo_that_nobody_writes_to_is_not_waited_for_longer_than_all_may_last(sink, tmp_path):
    path = tmp_path / "fifo"
    os.mkfifo(path)
    run = stint(*options_for(sink(chain=None), "none"), "--deadline", "1", path)
    assert run.returncode == 75
    assert "time ran out" in last_line(run)


@pytest.mark.parametrize("bad, words", [
    (b"x\0y\r\n", ["line 6", "NUL"]), (b"x" * 999 + b"\r\n", ["line 6", "998"]),
    (b"ok\r\n" * 30000 + b"x" * 999 + b"\n", ["line 30006", "998"])],
    ids=["NUL", "long", "long, far behind"])
def test_bad_file_is_found_before_connecting(watched, tmp_path, bad, words):
    path = tmp_path / "bad.eml"
    path.write_bytes(MESSAGE + bad)
    run = refused(watched, path, code=65)
    for word in words:
        assert word in last_line(run)


def test_an_alert_is_a_complete_message(sink):
    """RFC 5322 3.6: what must be there, and once."""
    server = sink(chain=None)
    before = time.time()
    run = stint(*options_for(server, "none"), "--subject", "Pump 3", "--text", "Low.\n.\nReally.",
                message=b"")
    assert run.returncode == 0, run.stderr
    server.session()
    alert = email.message_from_bytes(server.content(1), policy=email.policy.default)
    assert alert.defects == [] and len(alert.keys()) == len({key.lower() for key in alert.keys()})
    assert alert["From"].addresses[0].addr_spec == FROM
    assert [to.addr_spec for to in alert["To"].addresses] == [TO]
    assert alert["Subject"] == "Pump 3"
    assert before - 1 <= alert["Date"].datetime.timestamp() <= time.time()
    assert re.fullmatch(r"<[a-p]{24}@example\.test>", alert["Message-ID"])
    assert alert.get_content_type() == "text/plain"
    assert alert.get_content() == "Low.\r\n.\r\nReally.\r\n"


def test_null_reverse_path(sink):
    server = sink(chain=None)
    options = options_for(server, "none")
    options[options.index(FROM)] = ""
    assert stint(*options).returncode == 0
    assert "MAIL FROM:<>" in server.session()["commands"][1]


def test_address_literal_without_a_name(sink):
    """An account without a name says which address it calls from, never localhost."""
    server = sink(chain=None)
    options = options_for(server, "none")
    at = options.index("--helo")
    del options[at:at + 2]
    run = stint(*options)
    assert run.returncode == 0, run.stderr
    hello = server.session()["commands"][0]
    assert hello in ("EHLO [127.0.0.1]", "EHLO [IPv6:::1]") or "." in hello.split()[1], hello
    assert "localhost" not in hello


@pytest.mark.parametrize("address, literal", [("127.0.0.1", "[127.0.0.1]"),
                                              ("[::1]", "[IPv6:::1]")])
def test_both_protocols(sink, address, literal):
    server = sink(chain=None)
    run = stint("--server", f"{address}:{server.port}", "--tls", "none", "--helo", literal,
                "--from", FROM, "--to", TO)
    assert run.returncode == 0, run.stderr
    assert server.session()["commands"][0] == f"EHLO {literal}"


def test_verbose_keeps_secrets(sink):
    for mechanism in ("PLAIN", "LOGIN"):
        server = sink()
        run = stint(*options_for(server), "--auth", mechanism, "--verbose")
        assert run.returncode == 0, run.stderr
        assert "****" in run.stderr and PASSWORD not in run.stderr
        for secret in ("czNjcmV0", "AHRlc3Rlc"):
            assert secret not in run.stderr
        assert server.session()["auth"] == [[mechanism, USER, PASSWORD]]


def test_password_file(sink, tmp_path):
    path = tmp_path / "password"
    path.write_text(PASSWORD + "\nsecond line\n")
    path.chmod(0o600)
    server = sink()
    run = stint(*options_for(server), "--password-file", path, password=None)
    assert run.returncode == 0, run.stderr
    assert server.session()["auth"] == [["PLAIN", USER, PASSWORD]]


def test_a_password_may_hold_almost_anything(sink):
    server = sink()
    odd = "a\tb \x01\x7f\u00fc\\"
    assert stint(*options_for(server), password=odd).returncode == 77
    assert server.session()["auth"] == [["PLAIN", USER, odd]]


@pytest.mark.parametrize("length", [200, 255])
def test_long_credentials_go_after_an_empty_334(sink, length):
    """RFC 4954 4: no AUTH line over 512 octets."""
    server = sink()
    run = stint(*options_for(server), password="x" * length)
    assert run.returncode == (77 if length else 0)
    session = server.session()
    assert session["faults"] == []
    assert session["auth"] == [["PLAIN", USER, "x" * length]]
    assert all(len(line) <= 510 for line in session["commands"])


def test_content_of_a_signed_message_is_not_touched(sink, tmp_path):
    server = sink()
    path = tmp_path / "m.eml"
    octets = MESSAGE + bytes(range(1, 128)).replace(b"\r", b"").replace(b"\n", b"") + b"\r\n" * 3
    path.write_bytes(octets)
    assert stint(*options_for(server), path).returncode == 0
    server.session()
    assert server.content(1) == octets


# Line ends of all kinds, wherever the blocks end in which a file is looked through.
RAGGED = {f"ragged{seed}": MESSAGE + bytes(random.Random(seed).choices(b"\r\n.a", k=200_000))
          for seed in range(3)}


@pytest.mark.parametrize("octets", [pytest.param(octets, id=name) for name, octets
                                    in sorted({**mkmails.mails(), **RAGGED}.items())])
def test_the_size_of_a_file_is_exact(sink, tmp_path, octets):
    """What BDAT promises cannot be taken back (RFC 3030)."""
    path = tmp_path / "m.eml"
    path.write_bytes(octets)
    server = sink("--offer", "CHUNKING", chain=None)
    run = stint(*options_for(server, "none"), "--eager", path)
    assert run.returncode == 0, run.stderr
    session = server.session()
    assert compare.difference(octets, server.content(1)) == ""
    size = str(len(compare.expected(octets)))
    assert session["messages"][0]["parameters"]["SIZE"] == size
    assert f"BDAT {size} LAST" in session["commands"]
    assert session["faults"] == []


def test_the_size_of_a_large_file_is_an_estimate(sink, tmp_path):
    """Nobody who is not eager gains by a look at each line end."""
    octets = mkmails.mails()["5m"].replace(b"\r\n", b"\n")
    path = tmp_path / "m.eml"
    path.write_bytes(octets)
    server = sink("--offer", "CHUNKING", chain=None)
    run = stint(*options_for(server, "none"), path)
    assert run.returncode == 0, run.stderr
    session = server.session()
    assert compare.difference(octets, server.content(1)) == ""
    size = len(compare.expected(octets))
    assert abs(int(session["messages"][0]["parameters"]["SIZE"]) - size) < size / 100
    assert "DATA" in session["commands"]


def test_message_from_a_slow_pipe(sink):
    server = sink()
    with subprocess.Popen([SANITIZED, *map(str, options_for(server))], stdin=subprocess.PIPE,
                          stderr=subprocess.PIPE,
                          env={**os.environ, "STINT_PASSWORD": PASSWORD}) as process:
        for part in (MESSAGE[:30], MESSAGE[30:-1], MESSAGE[-1:]):
            process.stdin.write(part)
            process.stdin.flush()
            time.sleep(0.2)
        process.stdin.close()
        assert process.wait(30) == 0, process.stderr.read()
    server.session()
    assert server.content(1) == MESSAGE


def test_a_pipe_that_never_ends_meets_the_deadline(sink):
    server = sink()
    with subprocess.Popen([SANITIZED, *map(str, options_for(server)), "--timeout", "1"],
                          stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={**os.environ, "STINT_PASSWORD": PASSWORD}) as process:
        process.stdin.write(MESSAGE)
        process.stdin.flush()
        assert process.wait(30) == 75
    assert server.session()["messages"] == []


@pytest.mark.parametrize("lines", [0, 30_000])
def test_standard_input_from_where_it_stands(sink, tmp_path, lines):
    """The shell may have read a part of it."""
    message = MESSAGE + b"low\r\n" * lines
    path = tmp_path / "mail"
    path.write_bytes(b"not of the message\n" + message)
    server = sink()
    with path.open("rb", buffering=0) as file:
        file.seek(len(b"not of the message\n"))
        run = subprocess.run([SANITIZED, *map(str, options_for(server))], stdin=file, timeout=60,
                             env={**os.environ, "STINT_PASSWORD": PASSWORD})
    assert run.returncode == 0
    server.session()
    assert server.content(1) == message


@pytest.mark.parametrize("lines", [0, 30_000])
def test_file_that_grows_is_not_sent(sink, tmp_path, lines):
    """What was looked at is not what is sent, or not all of it: then there is no final dot."""
    path = tmp_path / "grows.eml"
    path.write_bytes(MESSAGE + b"low\r\n" * lines)
    server = sink("--delay", "MAIL=1")
    with subprocess.Popen([SANITIZED, *map(str, options_for(server)), path],
                          stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          env={**os.environ, "STINT_PASSWORD": PASSWORD}) as process:
        time.sleep(0.7)
        with path.open("ab") as file:
            file.write(b"more\r\n")
        assert process.wait(30) in (73, 74), process.stderr.read()
    assert server.session()["messages"] == []


def test_interrupted(sink):
    """No final dot after an interrupt in the middle of the message."""
    server = sink()
    with subprocess.Popen([SANITIZED, *map(str, options_for(server))], stdin=subprocess.PIPE,
                          stderr=subprocess.PIPE,
                          env={**os.environ, "STINT_PASSWORD": PASSWORD}) as process:
        process.stdin.write(MESSAGE)
        process.stdin.flush()
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 128 + signal.SIGTERM
    session = server.session()
    assert session["messages"] == [] and session["partial"] is not None


def test_quiet_says_nothing(sink):
    run = stint(*options_for(sink()), "--quiet")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_help_and_version():
    assert "--server" in stint("--help").stdout
    assert stint("--version").stdout.startswith("stint ")
