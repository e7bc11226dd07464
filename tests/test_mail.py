"""The main job, against Postfix with Dovecot SASL: what arrives is what was sent, octet by octet."""

import compare
import mkmails
import pytest
from conftest import FROM, PASSWORD, RELEASE, SANITIZED, TO, USER, last_line, stint

SERVICES = ["starttls-rsa", "starttls-p256", "tls-rsa", "tls-p256"]
MAILS = sorted(mkmails.mails())


def send(postfix, service, octets, *options, **settings):
    return stint(*postfix.account(service), "--from", FROM, "--to", TO, *options, message=octets,
                 **settings)


def mail(name, ident):
    return mkmails.mails(ident)[name]


@pytest.mark.parametrize("binary", [RELEASE, SANITIZED], ids=["release", "sanitized"])
@pytest.mark.parametrize("service", SERVICES)
def test_first_mail(postfix, service, binary):
    ident = f"{service}-{binary.parent.name}"
    octets = mail("plain", ident)
    run = send(postfix, service, octets, binary=binary)
    assert run.returncode == 0, run.stderr
    assert "accepted" in last_line(run)
    assert compare.difference(octets, compare.from_mailbox(postfix.arrived(f"plain.{ident}"))) == ""


@pytest.mark.parametrize("way", ["file", "pipe"])
@pytest.mark.parametrize("name", MAILS)
def test_content(postfix, tmp_path, name, way):
    service = "starttls-rsa" if way == "file" else "tls-p256"
    octets = mail(name, way)
    path = tmp_path / "message.eml"
    path.write_bytes(octets)
    run = send(postfix, service, octets, *([path] if way == "file" else []))
    assert run.returncode == 0, run.stderr
    stored = postfix.arrived(f"{name}.{way}")
    assert stored is not None
    assert compare.difference(octets, compare.from_mailbox(stored)) == ""


def test_login(postfix):
    octets = mail("plain", "login")
    run = send(postfix, "tls-rsa", octets, "--auth", "LOGIN", "--verbose")
    assert run.returncode == 0, run.stderr
    assert "AUTH LOGIN" in run.stderr and PASSWORD not in run.stderr
    assert postfix.arrived("plain.login") is not None


def test_in_clear(postfix):
    octets = mail("plain", "clear")
    run = send(postfix, "plain", octets, password=None)
    assert run.returncode == 0, run.stderr
    assert postfix.arrived("plain.clear") is not None


def test_every_recipient_gets_it(postfix):
    octets = mail("plain", "many")
    recipients = [word for n in range(100) for word in ("--to", f"ops{n}@example.test")]
    run = send(postfix, "tls-rsa", octets, *recipients)
    assert run.returncode == 0, run.stderr
    assert "101 recipients" in last_line(run)


@pytest.mark.parametrize("sender, recipients, code, words", [
    (FROM, ["refuse@example.test"], 69, ["550 5.1.1", "refuse@example.test", "not sent"]),
    (FROM, ["defer@example.test"], 75, ["450 4.2.0", "try again later"]),
    (FROM, [TO, "refuse@example.test"], 69, ["550 5.1.1", "1 of 2 recipients have the message"]),
    (FROM, [TO, "defer@example.test"], 75, ["450 4.2.0", "1 of 2"]),
    (FROM, ["refuse@example.test", "defer@example.test"], 69, ["550 5.1.1", "not sent"]),
    ("refuse-sender@example.test", [TO], 69, ["550 5.7.1", "MAIL"]),
    ("defer-sender@example.test", [TO], 75, ["451 4.7.1", "MAIL"]),
    ("refuse-data@example.test", [TO], 69, ["554 5.6.0", "not accepted"]),
    ("defer-data@example.test", [TO], 75, ["451 4.3.0", "not accepted"]),
])
def test_refusals(postfix, sender, recipients, code, words):
    to = [word for recipient in recipients for word in ("--to", recipient)]
    run = stint(*postfix.account("starttls-rsa"), "--from", sender, *to)
    assert run.returncode == code, run.stderr
    for word in words:
        assert word in last_line(run)


def test_policy_all_sends_to_nobody(postfix):
    octets = mail("plain", "policy")
    run = send(postfix, "tls-rsa", octets, "--to", "refuse@example.test", "--policy", "all")
    assert run.returncode == 69
    assert f"not sent: <{TO}>" in run.stderr
    assert postfix.arrived("plain.policy", wait=1) is None


def test_content_refused_by_header(postfix):
    octets = b"X-Test: reject\r\n" + mail("plain", "header")
    run = send(postfix, "tls-rsa", octets)
    assert run.returncode == 69, run.stderr
    assert postfix.arrived("plain.header", wait=1) is None


@pytest.mark.parametrize("service", ["starttls-rsa", "tls-p256"])
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_wrong_password(postfix, service, mechanism):
    run = send(postfix, service, mail("plain", "nobody"), "--auth", mechanism, password="wrong")
    assert run.returncode == 77, run.stderr
    assert "535 5.7.8" in last_line(run) and "password" in last_line(run)
    assert postfix.arrived("plain.nobody", wait=0) is None


def test_alert(postfix):
    run = stint(*postfix.account("tls-rsa"), "--from", FROM, "--to", TO, "--subject", "Pump 3",
                "--text", "Pressure is low.\n.\nReally.", message=b"")
    assert run.returncode == 0, run.stderr


def test_check(postfix):
    run = stint(*postfix.account("starttls-rsa"), "--check", message=b"")
    assert run.returncode == 0, run.stderr
    for word in ("PIPELINING", "SIZE", "8BITMIME", "PLAIN", "TLS 1.2", "ECDHE", "RSA",
                 "mail.example.test"):
        assert word in run.stdout, run.stdout


def test_check_shows_an_untrusted_chain(postfix):
    account = postfix.account("tls-p256")
    account[account.index(next(a for a in account if str(a).endswith("ca.pem")))] = \
        postfix.settings["CERTS"] + "/root-unknown.pem"
    run = stint(*account, "--check", message=b"")
    assert run.returncode == 78, run.stderr
    assert "P-256" in run.stdout and "root" in run.stdout
