"""Real servers: what each keeps is what was sent, octet by octet, whichever way it went."""

import compare
import mkmails
import pytest
from conftest import FROM, RELEASE, TO, stint

# A fixture, its port, and how a file goes there.
WAYS = {
    "Postfix": ("postfix", "tls-rsa", "BDAT"),
    "Postfix without PIPELINING": ("postfix", "tls-lockstep", "BDAT"),
    "Postfix without CHUNKING": ("postfix", "tls-data", "DATA"),
    "Dovecot": ("postfix", "tls-dovecot", "BDAT"),
    "Exim": ("exim", "tls", "BDAT"),
    "Exim without PIPELINING": ("exim", "tls-lockstep", "BDAT"),
    "Exim without CHUNKING": ("exim", "tls-data", "DATA"),
    "aiosmtpd": ("aiosmtpd", "starttls", "DATA"),
}
NAMES = sorted(mkmails.mails().keys() - {"5m"})


def without_trace(kept):
    """A server adds what is in front, and Maildir has LF."""
    return kept if b"\r\n" in kept else compare.from_mailbox(kept)


@pytest.fixture
def post(request, tmp_path):
    """A function that sends mails in groups, a session each, and compares what came of them."""

    def send_and_compare(way, ident, groups, *options, by_pipe=False):
        ident = ident.replace(" ", "-")
        kind, service, command = WAYS[way]
        server = request.getfixturevalue(kind)
        mails = mkmails.mails(ident)
        for group in groups:
            paths = [tmp_path / name for name in group]
            for path in paths:
                path.write_bytes(mails[path.name])
            run = stint(*server.account(service), "--from", FROM, "--to", TO, "--verbose", *options,
                        *([] if by_pipe else paths), message=mails[group[0]], binary=RELEASE)
            assert run.returncode == 0, run.stderr
            assert ("\nC: BDAT " in run.stderr) == (command == "BDAT" and not by_pipe), run.stderr
            assert run.stderr.count("\n* used: ") == 1
        for name in sum(groups, []):
            kept = server.arrived(f"{name}.{ident}")
            assert kept is not None, name
            assert compare.difference(mails[name], without_trace(kept)) == "", name

    return send_and_compare


ALONE = [[name] for name in NAMES]
BY_THREE = [NAMES[first:first + 3] for first in range(0, len(NAMES), 3)]


@pytest.mark.parametrize("way", WAYS)
def test_octet_by_octet(post, way):
    post(way, f"{way}-alone", ALONE)


@pytest.mark.parametrize("way", WAYS)
def test_three_in_a_session(post, way):
    post(way, f"{way}-three", BY_THREE)


@pytest.mark.parametrize("groups", [ALONE, BY_THREE], ids=["one", "three"])
@pytest.mark.parametrize("way", ["Postfix", "Dovecot", "Exim"])
def test_eager(post, way, groups):
    """Where it makes a difference: with PIPELINING and CHUNKING."""
    post(way, f"{way}-eager-{len(groups)}", groups, "--eager")


@pytest.mark.parametrize("way", ["Postfix", "Dovecot", "Exim"])
def test_by_data_although_bdat_is_offered(post, way):
    """What comes through a pipe has no size that BDAT could promise."""
    post(way, f"{way}-pipe", ALONE, by_pipe=True)


@pytest.mark.parametrize("service", ["tls-rsa", "tls-data"])
def test_internationalised_mail(postfix, tmp_path, service):
    """An address and a header in UTF-8 (RFC 6531, RFC 6532) arrive as they were given."""
    path = tmp_path / "message.eml"
    path.write_bytes("Subject: Grüße\r\n".encode() + mkmails.mails(f"utf8-{service}")["utf8"])
    run = stint(*postfix.account(service), "--from", FROM, "--to", "jörg@example.test", "--verbose", path)
    assert run.returncode == 0 and " SMTPUTF8" in run.stderr.split("* used:")[1], run.stderr
    kept = postfix.arrived(f"utf8.utf8-{service}")
    assert "Delivered-To: jörg@example.test".encode() in kept
    assert compare.difference(path.read_bytes(), compare.from_mailbox(kept)) == ""


def test_internationalised_mail_for_an_ascii_server(postfix, tmp_path):
    """Dovecot's submission server offers no SMTPUTF8 in this version: nothing is sent."""
    run = stint(*postfix.account("tls-dovecot"), "--from", FROM, "--to", "jörg@example.test",
                message=mkmails.mails("ascii")["plain"])
    assert run.returncode == 65 and "is not ASCII" in run.stderr, run.stderr
