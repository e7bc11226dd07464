"""What the command makes of the server's extensions, and what it tells of them."""

import re

import pytest
from conftest import MESSAGE, TO, options_for, stint

CHUNKING = ["--offer", "CHUNKING"]


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
