"""LMTP (RFC 2033) with Dovecot, which keeps the mail: what became of it for each recipient."""

import re

import compare
import mkmails
import pytest
from conftest import FROM, RELEASE, last_line, stint

ANA, BEN = "ana@example.test", "ben@example.test"
FULL = "full@example.test"  # its mailbox is: the server says so when it has the message
NOBODY = "nobody@example.test"
WAYS = {"in clear": ("plain-lmtp", "none"), "STARTTLS": ("starttls-lmtp", "starttls")}


@pytest.fixture(params=WAYS)
def account(request, postfix):
    service, mode = WAYS[request.param]
    secured = postfix.account("starttls-rsa")
    trust = secured[secured.index("--ca"):][:2] if mode == "starttls" else []
    return ["--server", f"localhost:{postfix.port(service)}", "--lmtp", "--tls", mode, *trust]


def send(account, *recipients, message, options=(), **settings):
    to = [word for recipient in recipients for word in ("--to", recipient)]
    return stint(*account, "--from", FROM, *to, "--verbose", *options, message=message, **settings)


def kept(postfix, recipient, ident):
    """The octets of the mail with this Message-ID in this mailbox; None: it is not there."""
    folder = postfix.directory / "mail" / "lmtp" / recipient.split("@")[0] / "new"
    for path in folder.iterdir() if folder.exists() else []:
        if f"<{ident}@example.test>".encode() in path.read_bytes():
            return compare.from_mailbox(path.read_bytes())
    return None


def fates(run):
    return {to: fate for fate, to in re.findall(r"^stint: (\w+): <(.*?)>", run.stderr, re.M)}


@pytest.mark.parametrize("command", ["BDAT", "DATA"])
def test_each_has_it_or_not(postfix, account, command, tmp_path):
    """A message from a pipe goes by DATA."""
    ident = f"plain.lmtp-{command}-{account[1][-1]}-{account[4]}"
    octets = mkmails.mails(ident.removeprefix("plain."))["plain"]
    path = tmp_path / "mail"
    path.write_bytes(octets)
    run = send(account, ANA, FULL, BEN, NOBODY, message=octets,
               options=[path] if command == "BDAT" else [])
    assert run.returncode == 69, run.stderr
    assert "\nC: LHLO " in run.stderr and f"\nC: {command}" in run.stderr
    assert fates(run) == {ANA: "accepted", FULL: "refused", BEN: "accepted", NOBODY: "refused"}
    assert "2 of 4 recipients have the message" in last_line(run)
    assert len(re.findall(r"^S: (?:250 2\.0\.0|552 5\.2\.2) <", run.stderr, re.M)) == 3
    for recipient in (ANA, BEN):
        assert compare.difference(octets, kept(postfix, recipient, ident)) == ""
    assert kept(postfix, FULL, ident) is None


def test_refused_with_the_message_in_hand(account):
    run = send(account, FULL, message=mkmails.mails("lmtp-full")["plain"])
    assert run.returncode == 69
    assert f"message: the server refused <{FULL}> for good: 552 5.2.2" in last_line(run)
    assert "ask whoever keeps these mailboxes" in last_line(run)


def test_policy_all_goes_by_rcpt(postfix, account):
    """Who is unknown is so before the message; who is full, behind it."""
    run = send(account, ANA, NOBODY, message=mkmails.mails("lmtp-all-rcpt")["plain"],
               options=["--policy", "all"])
    assert run.returncode == 69 and "the message was not sent" in last_line(run)
    assert kept(postfix, ANA, "plain.lmtp-all-rcpt") is None
    run = send(account, ANA, FULL, message=mkmails.mails(f"lmtp-all-{account[4]}")["plain"],
               options=["--policy", "all"])
    assert run.returncode == 69 and "1 of 2 recipients have the message" in last_line(run)
    assert kept(postfix, ANA, f"plain.lmtp-all-{account[4]}") is not None


def test_octet_by_octet(postfix, account, tmp_path):
    """All sorts of mails, in one session."""
    ident = f"lmtp-octets-{account[4]}"
    mails = {name: octets for name, octets in mkmails.mails(ident).items() if name != "5m"}
    for name, octets in mails.items():
        (tmp_path / name).write_bytes(octets)
    run = send(account, ANA, BEN, message=b"", options=[tmp_path / name for name in mails],
               binary=RELEASE)
    assert run.returncode == 0, run.stderr
    for name, octets in mails.items():
        for recipient in (ANA, BEN):
            assert compare.difference(octets, kept(postfix, recipient, f"{name}.{ident}")) == "", name


# ---- The other protocol ----


def test_smtp_server(postfix):
    """It knows no LHLO; nothing else is tried."""
    run = stint("--server", f"localhost:{postfix.port('plain')}", "--lmtp", "--tls", "none",
                "--from", FROM, "--to", ANA, "--verbose")
    assert run.returncode == 69
    assert re.findall(r"^C: (\w+)", run.stderr, re.M) == ["LHLO", "QUIT"]
    assert "stint: LHLO: the server refused for good: 50" in last_line(run)
    assert "leave out --lmtp" in last_line(run).lower()


def test_lmtp_server_without_the_option(postfix):
    run = stint("--server", f"localhost:{postfix.port('plain-lmtp')}", "--tls", "none", "--from", FROM,
                "--to", ANA)
    assert run.returncode == 69 and "HELO: the server refused for good: 50" in last_line(run)


@pytest.mark.parametrize("server", ["localhost", "localhost:25"])
def test_no_port_or_that_of_smtp(server):
    run = stint("--server", server, "--lmtp", "--from", FROM, "--to", ANA)
    assert run.returncode == 64
    assert "--lmtp needs a port in --server, and not 25; nothing was sent" in last_line(run)
