"""SASL mechanisms against implementations of other people: Dovecot's, alone and behind Postfix, Cyrus SASL's
and GNU SASL's; and against servers that break their rules."""

import base64

import jwt
import pytest
from conftest import CERTS, FROM, MESSAGE, PASSWORD, TO, USER, last_line, options_for, stint

SCRAM = ["SCRAM-SHA-1", "SCRAM-SHA-256"]
PLUS = ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"]
CRAM = ["CRAM-MD5"]  # the command is built with it here
LIBRARIES = ([("cyrus", mechanism) for mechanism in SCRAM + PLUS + CRAM] +
             [("gnu", mechanism) for mechanism in SCRAM + CRAM])


def begun(mechanism):
    """How the dialogue shows it; with CRAM-MD5 the server speaks first."""
    return f"\nC: AUTH {mechanism}\n" if mechanism in CRAM else f"\nC: AUTH {mechanism} ****\n"


@pytest.mark.parametrize("library, mechanism", LIBRARIES)
@pytest.mark.parametrize("chain", ["rsa", "p256"])
def test_libraries(sink, library, mechanism, chain):
    server = sink("--sasl", library, "--mechanisms", mechanism, chain=chain)
    run = stint(*options_for(server), "--verbose")
    assert run.returncode == 0, run.stderr
    assert begun(mechanism) in run.stderr
    # SCRAM's last challenge would let whoever reads the log guess the password.
    assert run.stderr.count("\nS: 334 ****\n") == (mechanism not in CRAM)
    session = server.session()
    assert session["auth"] == [[mechanism]] and session["faults"] == []
    assert session["messages"][0]["accepted"]


@pytest.mark.parametrize("library, mechanism", LIBRARIES)
def test_libraries_refuse_another_password(sink, library, mechanism):
    server = sink("--sasl", library, "--mechanisms", f"{mechanism} PLAIN")
    wanted = ["--auth", mechanism] if mechanism in CRAM else []  # it comes behind PLAIN
    run = stint(*options_for(server), *wanted, password=PASSWORD + "x")
    assert run.returncode == 77 and "535 5.7.8 no" in last_line(run), run.stderr
    session = server.session()
    assert session["auth"] == [[mechanism]], "a second try"
    assert session["messages"] == [] and session["quit"]


def test_an_offer_without_plus_is_noticed_by_a_server_that_made_another(sink):
    """RFC 5802 6: the flag "y" says that we could have bound, and that is what gives it away."""
    server = sink("--sasl", "cyrus", "--mechanisms", "SCRAM-SHA-256", "--stripped")
    run = stint(*options_for(server))
    assert run.returncode == 77 and "535" in last_line(run), run.stderr


def test_another_channel_is_noticed(sink):
    """The server's own certificate is another one than the client has seen: somebody is in between."""
    server = sink("--sasl", "cyrus", "--mechanisms", "SCRAM-SHA-256-PLUS", "--bound-to",
                  CERTS / "p256" / "all.pem")
    run = stint(*options_for(server))
    assert run.returncode == 77 and "535" in last_line(run), run.stderr


def test_the_nonce_is_fresh(sink):
    server = sink("--sasl", "cyrus", "--mechanisms", "SCRAM-SHA-256")
    nonces = set()
    for number in range(1, 4):
        assert stint(*options_for(server), "--check").returncode == 0
        line = next(line for line in server.session(number)["commands"] if line.startswith("AUTH "))
        first = base64.b64decode(line.split()[2]).decode()
        nonces.add(first.rpartition(",r=")[2])
    assert len(nonces) == 3 and all(len(base64.b64decode(nonce)) == 18 for nonce in nonces)


@pytest.fixture
def token_file(tmp_path):
    """A function that writes a token into a file."""

    def write(text):
        path = tmp_path / "token"
        path.write_text(text + "\n")
        path.chmod(0o600)
        return path

    return write


DOVECOT = ["tls-sasl", "tls-dovecot"]
TOKENS = ["OAUTHBEARER", "XOAUTH2"]


@pytest.mark.parametrize("service", DOVECOT)
@pytest.mark.parametrize("mechanism", [*SCRAM, *CRAM, None])
def test_dovecot(postfix, service, mechanism):
    wanted = ["--auth", mechanism] if mechanism else []
    ident = f"scram-{service}-{mechanism}"
    message = MESSAGE.replace(b"\r\n\r\n", f"\r\nMessage-ID: <{ident}@example.test>\r\n\r\n".encode(), 1)
    run = stint(*postfix.account(service), "--from", FROM, "--to", TO, "-v", *wanted, message=message)
    assert run.returncode == 0, run.stderr
    assert begun(mechanism or "SCRAM-SHA-256") in run.stderr
    assert postfix.arrived(ident)


@pytest.mark.parametrize("service", DOVECOT)
@pytest.mark.parametrize("mechanism", SCRAM + CRAM)
@pytest.mark.parametrize("user, password", [(USER, "another"), ("nobody@example.test", PASSWORD)])
def test_dovecot_refuses(postfix, service, mechanism, user, password):
    run = stint(*postfix.account(service), "--user", user, "--auth", mechanism, "--check", password=password)
    assert run.returncode == 77 and "535" in last_line(run), run.stderr


@pytest.mark.parametrize("service", DOVECOT)
@pytest.mark.parametrize("mechanism", [*TOKENS, None])
def test_dovecot_takes_a_token(postfix, service, mechanism, token_file):
    """Of more than 512 octets with what is around it, so it goes after an empty 334, too."""
    wanted = ["--auth", mechanism] if mechanism else []
    for user in (USER, "x" * 200 + "@example.test"):
        run = stint(*postfix.account(service), "--user", user, "--token-file", token_file(jwt.token(user)), "--check",
                    "-v", *wanted, password=None)
        assert run.returncode == 0, run.stderr
        assert f"\nC: AUTH {mechanism or 'OAUTHBEARER'}{' ****' if user == USER else ''}\n" in run.stderr
        assert "logged in as" in run.stdout


@pytest.mark.parametrize("service", DOVECOT)
@pytest.mark.parametrize("mechanism, why", [("OAUTHBEARER", '{"status":"invalid_token"}'),
                                            ("XOAUTH2", '{"status":"401","schemes":"bearer","scope":"mail"}')])
@pytest.mark.parametrize("token", [jwt.token(USER, -60), jwt.token(USER, key=b"another"),
                                   jwt.token("other@example.test"), "nonsense"],
                         ids=["expired", "forged", "another's", "nonsense"])
def test_dovecot_says_why_not(postfix, service, mechanism, why, token, token_file):
    run = stint(*postfix.account(service), "--token-file", token_file(token), "--auth", mechanism, "--check",
                "-v", password=None)
    assert run.returncode == 77, run.stderr
    assert f"535 {why} / 5.7.8 " in last_line(run) and "expired" in last_line(run), run.stderr
    assert token not in run.stderr


def test_a_token_is_said_by_nothing_else(sink, token_file):
    server = sink("--mechanisms", "PLAIN LOGIN SCRAM-SHA-256")
    run = stint(*options_for(server), "--token-file", token_file("abc"), password=None)
    assert run.returncode == 78, run.stderr
    assert server.session()["auth"] == []


@pytest.mark.parametrize("text, code", [("", 64), ("a b", 64), ("a\tb", 64), ("\u00e4", 64), ("t" * 8001, 64),
                                        ("t" * 8000, 78)])
def test_what_is_no_token(sink, text, code, token_file):
    server = sink()
    run = stint(*options_for(server), "--token-file", token_file(text), password=None)
    assert run.returncode == code, run.stderr
    assert (server.sessions() == 0) == (code == 64)


# ---- EXTERNAL ----

SHOWN = "mail.example.test"  # the name in the client's certificate
CERTIFICATE = ["--client-cert", CERTS / "clienteku" / "chain.pem", "--client-key", CERTS / "clienteku" / "key.pem"]


@pytest.mark.parametrize("user", [None, SHOWN, "other"])
def test_a_certificate(sink, user):
    """Cyrus SASL lets nobody in who wants to be another one than the certificate says."""
    server = sink("--sasl", "cyrus", "--mechanisms", "EXTERNAL PLAIN", "--client-ca", CERTS / "ca.pem")
    run = stint(*options_for(server, login=False), *CERTIFICATE, "--auth", "EXTERNAL",
                *(["--user", user] if user else []), password=None)
    assert run.returncode == (77 if user == "other" else 0), run.stderr
    session = server.session()
    assert session["auth"] == [["EXTERNAL"]] and session["faults"] == []
    line = next(line for line in session["commands"] if line.startswith("AUTH "))
    assert line == f"AUTH EXTERNAL {base64.b64encode(user.encode()).decode() if user else '='}"


@pytest.mark.parametrize("certificate", ["clienteku", "clienteku-p256"])
@pytest.mark.parametrize("user", [None, SHOWN, "other"])
def test_a_certificate_for_exim(exim, user, certificate):
    """Which has GnuTLS verify it, by RSA or ECDSA."""
    ident = f"external-{user}-{certificate}"
    message = MESSAGE.replace(b"\r\n\r\n", f"\r\nMessage-ID: <{ident}@example.test>\r\n\r\n".encode(), 1)
    run = stint("--server", f"localhost:{exim.port('tls-external')}", "--tls", "implicit", "--ca", CERTS / "ca.pem",
                "--from", FROM, "--to", TO, "--client-cert", CERTS / certificate / "chain.pem",
                "--client-key", CERTS / certificate / "key.pem", "--auth", "EXTERNAL",
                *(["--user", user] if user else []), message=message, password=None)
    assert run.returncode == (77 if user == "other" else 0), run.stderr
    if user == "other":
        assert "535" in last_line(run)
    else:
        assert exim.arrived(ident)


@pytest.mark.parametrize("certificate", ["unknownca", "expired"])
def test_another_certificate_does_not_let_in(exim, certificate):
    """One of an unknown issuer, or an old one: there is no EXTERNAL to be had, nor anything else without a password."""
    run = stint("--server", f"localhost:{exim.port('tls-external')}", "--tls", "implicit", "--ca", CERTS / "ca.pem",
                "--from", FROM, "--to", TO, "--client-cert", CERTS / certificate / "chain.pem",
                "--client-key", CERTS / certificate / "key.pem", "--auth", "EXTERNAL", password=None)
    assert run.returncode == 78 and "log in" in last_line(run), run.stderr


def test_a_certificate_is_not_shown_in_vain(sink):
    server = sink("--sasl", "cyrus", "--mechanisms", "EXTERNAL")
    run = stint(*options_for(server, login=False), *CERTIFICATE, "--auth", "EXTERNAL", password=None)
    assert run.returncode == 77 and "whether this certificate may log in" in last_line(run), run.stderr
    server = sink("--mechanisms", "PLAIN")
    run = stint(*options_for(server, login=False), *CERTIFICATE, "--auth", "EXTERNAL", password=None)
    assert run.returncode == 78, run.stderr


@pytest.mark.parametrize("options", [["--auth", "EXTERNAL"],
                                     [*CERTIFICATE, "--auth", "EXTERNAL", "--token-file", "/dev/null", "--user", "x"]])
def test_external_needs_a_certificate_alone(sink, options):
    server = sink()
    assert stint(*options_for(server, login=False), *options, password=None).returncode == 64
    assert server.sessions() == 0


# ---- Servers that break the rules ----

NONCE = base64.b64encode(b"r=not-the-client-s-own,s=c2FsdA==,i=4096").decode()


@pytest.mark.parametrize("replies, code, said", [
    (["CHALLENGE.1=334 r=abc"], 78, ["*"]),
    (["CHALLENGE.1=334 not base64!"], 76, ["*"]),
    (["CHALLENGE.1=334 " + NONCE], 78, ["*"]),
    (["CHALLENGE.1=334 " + "QUJD" * 3072], 78, ["*"]),
    (["CHALLENGE.1=334 "], 78, ["*"]),
    (["CHALLENGE.1=235 2.7.0 come in"], 78, []),
    (["CHALLENGE.2=334 " + base64.b64encode(b"v=" + base64.b64encode(bytes(32))).decode()], 78, ["**", "*"]),
    (["CHALLENGE.2=334 " + base64.b64encode(b"e=other-error").decode(), "AUTH=235 2.7.0 come in"], 78, ["**", ""]),
    (["CHALLENGE.2=334 " + base64.b64encode(b"e=other-error").decode(), "AUTH=535 5.7.8 no"], 77, ["**", ""]),
    (["CHALLENGE.2=235 2.7.0 come in"], 78, ["**"]),
    (["AUTH=334 QUJD"], 76, ["**", "", "*"]),
], ids=str)
def test_hostile(sink, replies, code, said):
    """Named, at once, with nothing sent twice, and never a mail. `**`: some response."""
    script = [word for reply in replies for word in ("--reply", reply)]
    server = sink("--sasl", "cyrus", "--mechanisms", "SCRAM-SHA-256 PLAIN", *script)
    run = stint(*options_for(server), timeout=20)
    assert run.returncode == code, run.stderr
    session = server.session()
    lines = server.wire().decode().split("\r\n")
    heard = lines[lines.index(next(line for line in lines if line.startswith("AUTH "))):]
    heard = [line for line in heard if line != "QUIT"][1:-1]
    assert len(heard) == len(said) and all(wanted in ("**", line) for wanted, line in zip(said, heard)), heard
    assert session["messages"] == [] and len([line for line in lines if line.startswith("AUTH ")]) == 1


@pytest.mark.parametrize("behind", [
    *(f",s=c2FsdA==,i={count}" for count in (0, 1, 4095, 600001, 2**31, 2**32 + 4096, "04096", "-4096", "")),
    ",s=c2FsdA==,i=4096,m=x", ",s=,i=4096", ",i=4096,s=c2FsdA==", ",s=" + 171 * "YWJj" + ",i=4096"])
def test_hostile_first_messages(sink, behind):
    """With the right nonce. The proof would let whoever poses as the server guess the password."""
    server = sink("--sasl", "cyrus", "--mechanisms", "SCRAM-SHA-256 PLAIN", "--behind-nonce", behind)
    run = stint(*options_for(server), timeout=20)
    assert run.returncode == 78, run.stderr
    session = server.session()
    assert session["auth"] == [["SCRAM-SHA-256", "cancelled"]] and session["messages"] == []
    assert session["quit"]


def test_a_count_that_may_be_wanted(sink):
    """With another salt than the library's it is no proof, but it is computed and said."""
    server = sink("--sasl", "cyrus", "--mechanisms", "SCRAM-SHA-256", "--behind-nonce", ",s=c2FsdA==,i=4096")
    run = stint(*options_for(server), timeout=20)
    assert run.returncode == 77, run.stderr
    assert server.session()["auth"] == [["SCRAM-SHA-256"]]
