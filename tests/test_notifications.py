"""Notifications (DSN, RFC 3461) by real servers: they come for what was asked, and for nothing else."""

import re

import mkmails
import pytest
from conftest import FROM, TO, stint

WAYS = [("postfix", "tls-rsa"), ("postfix", "tls-data"), ("exim", "tls"), ("exim", "tls-data")]
NOBODY = "bounce@example.test"  # Postfix takes it, and cannot deliver


def send(server, service, ident, *options, to=TO):
    octets = mkmails.mails(ident)["plain"]
    return stint(*server.account(service), "--from", FROM, "--to", to, *options, message=octets)


@pytest.fixture(params=WAYS, ids="-".join)
def way(request):
    kind, service = request.param
    return request.getfixturevalue(kind), service


def notification(server, envid, wait=20):
    """The one for this envelope. Postfix decodes xtext, Exim does not."""
    if type(server).__name__ == "Exim":
        xtext = "".join(c if c.isalnum() or c == "-" else f"+{ord(c):02X}" for c in envid)
        return server.arrived_with(f"Original-Envelope-ID: {xtext}".encode(), wait)
    return server.arrived_with(f"Original-Envelope-Id: {envid}".encode(), wait)


def test_of_success(way):
    """It says what it is about: the envelope's name comes back as it was given, the content does not."""
    server, service = way
    envid = f"{service} of+success=1"
    run = send(server, service, f"success-{service}", "--notify", "success,failure", "--envid", envid,
               "--ret", "hdrs", "--orcpt", "rfc822;Old+Ops@example.com", "--verbose")
    assert run.returncode == 0 and re.search(r"^\* used: .*\bDSN\b", run.stderr, re.M), run.stderr
    assert server.arrived(f"plain.success-{service}") is not None
    notified = notification(server, envid)
    assert notified is not None
    assert f"plain.success-{service}@example.test".encode() in notified
    assert re.search(rb"^Original-Recipient: rfc822; ?Old(\+2B|\+)Ops@example.com", notified, re.M)
    assert b"Action: delivered" in notified or b"Action: relayed" in notified


def test_of_nothing(way):
    """Without --notify nobody is notified of success; nor with never, or failure."""
    server, service = way
    for options in ([], ["--notify", "never"], ["--notify", "failure"]):
        ident = envid = f"nothing-{service}-{'-'.join(options)}"
        run = send(server, service, ident, "--envid", envid, *options)
        assert run.returncode == 0, run.stderr
        assert server.arrived(f"plain.{ident}") is not None
        assert notification(server, envid, wait=1) is None


@pytest.mark.parametrize("returns", ["full", "hdrs"])
def test_of_failure(postfix, returns):
    envid = f"failure-{returns}"
    run = send(postfix, "tls-rsa", envid, "--notify", "failure", "--envid", envid, "--ret", returns, to=NOBODY)
    assert run.returncode == 0, run.stderr
    notified = notification(postfix, envid)
    assert notified is not None
    body = mkmails.mails(envid)["plain"].split(b"\r\n\r\n")[1].split(b"\r\n")[0]
    assert (body in notified) == (returns == "full")


def test_never_of_failure(postfix):
    run = send(postfix, "tls-rsa", "never", "--notify", "never", "--envid", "never-failed", to=NOBODY)
    assert run.returncode == 0, run.stderr
    assert notification(postfix, "never-failed", wait=2) is None
