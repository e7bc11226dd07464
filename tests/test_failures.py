"""What is told when it does not work: exit code, fate and advice, and that nothing leaked."""

import pytest
from conftest import CERTS, FROM, MESSAGE, PASSWORD, TO, last_line, options_for, stint

LARGE = MESSAGE + b"0123456789abcdef\r\n" * 60000


def run_against(sink, server_options=(), mode="starttls", chain="rsa", recipients=(TO,),
                options=(), message=MESSAGE, **settings):
    server = sink(*server_options, chain=chain)
    run = stint(*options_for(server, mode, recipients), *options, message=message, **settings)
    return run, server


# What a server says at a point, the exit code, words of the last line.
REPLIES = [
    ("GREETING=554 no", 69, ["greeting", "554"]),
    ("GREETING=421 busy", 75, ["greeting", "421", "try again"]),
    ("GREETING=250 what", 76, ["greeting", "250"]),
    ("GREETING=HTTP/1.1 400 Bad Request", 76, ["greeting"]),
    ("EHLO=550 go away", 69, ["EHLO", "550", "--helo"]),
    ("EHLO=502 what", 69, ["EHLO", "502", "neither STARTTLS nor AUTH"]),
    ("EHLO=421 bye", 75, ["EHLO", "421"]),
    ("STARTTLS=454 4.7.0 TLS not available", 75, ["STARTTLS", "454"]),
    ("STARTTLS=502 no", 69, ["STARTTLS", "502"]),
    ("STARTTLS=250 ok", 76, ["STARTTLS", "250"]),
    ("EHLO.2=421 bye", 75, ["EHLO", "421"]),
    ("AUTH=535 5.7.8 wrong", 77, ["AUTH", "535", "password"]),
    ("AUTH=454 4.7.0 later", 75, ["AUTH", "454"]),
    ("AUTH=534 5.7.9 app password required", 77, ["AUTH", "534", "app password"]),
    ("AUTH=432 4.7.12 password transition needed", 75, ["AUTH", "432"]),
    ("AUTH=334 ", 76, ["AUTH"]),
    (f"AUTH=334 {12288 * 'A'}", 76, ["AUTH"]),
    ("MAIL=451 4.3.0 later", 75, ["MAIL", "451", "not sent"]),
    ("MAIL=550 5.7.1 no", 69, ["MAIL", "550", "not sent"]),
    ("MAIL=354 what", 76, ["MAIL", "354"]),
    ("RCPT=450 4.2.0 busy", 75, ["RCPT", "450", "not sent"]),
    ("RCPT=550 5.1.1 unknown", 69, ["RCPT", "550", "not sent"]),
    ("RCPT=421 4.3.0 bye", 75, ["RCPT", "421"]),
    ("DATA=451 4.3.0 later", 75, ["DATA", "451"]),
    ("DATA=554 5.5.1 no", 69, ["DATA", "554"]),
    ("DATA=250 what", 76, ["DATA", "250"]),
    ("DOT=451 4.3.0 later", 75, ["451", "not accepted"]),
    ("DOT=554 5.6.0 spam", 69, ["554", "not accepted"]),
    ("DOT=354 what", 75, ["twice"]),
    ("DOT=bananas", 75, ["twice"]),
]


@pytest.mark.parametrize("reply, code, words", REPLIES, ids=[r[0].split(" ")[0] for r in REPLIES])
def test_reply(sink, reply, code, words):
    run, server = run_against(sink, ["--reply", reply])
    assert run.returncode == code, run.stderr
    for word in words:
        assert word in last_line(run), last_line(run)
    assert "reply before" not in last_line(run)  # what is told is the reply that is meant
    session = server.session()
    if reply.startswith("AUTH=334 "):  # a challenge too many: "*" says that we give up (RFC 4954 4)
        assert session["faults"] == ["unknown command: b'*'"]
    else:
        assert session["faults"] == []
    assert not any(message["accepted"] for message in session["messages"])


# An action of the server, the exit code, whether the message's fate is unknown.
ACTIONS = [
    ("GREETING=close", 75, False), ("EHLO=close", 75, False), ("STARTTLS=close", 75, False),
    ("TLS=close", 75, False), ("AUTH=close", 75, False), ("MAIL=reset", 75, False),
    ("RCPT=truncate", 75, False), ("DATA=reset", 75, False), ("BODY.20=reset", 75, False),
    ("BODY.20=close", 75, False), ("BODY.300000=reset", 75, False),
    ("BODY.300000=close", 75, False), ("DOT=close", 75, True), ("DOT=reset", 75, True),
    ("DOT=truncate", 75, True),
]


# In clear there are fewer exchanges.
GONE = [("starttls", *case) for case in ACTIONS] + [
    ("none", *case) for case in ACTIONS if case[0].split("=")[0] not in ("STARTTLS", "TLS", "AUTH")]


@pytest.mark.parametrize("mode, action, code, unknown", GONE,
                         ids=[f"{case[0]}-{case[1]}" for case in GONE])
def test_server_gone(sink, mode, action, code, unknown):
    point = action.split("=")[0]
    # More than the sockets between them can hold, so that the end is in the middle.
    run, server = run_against(sink, ["--do", action], mode=mode,
                              message=LARGE * (20 if point.startswith("BODY") else 1),
                              chain="rsa" if mode == "starttls" else None)
    assert run.returncode == code, run.stderr
    assert ("twice" in last_line(run)) == unknown, last_line(run)
    assert unknown or "not" in last_line(run)
    assert not any(message["accepted"] for message in server.session()["messages"])


@pytest.mark.parametrize("action", ["QUIT=close", "QUIT=reset", "QUIT=truncate", "QUIT=stall"])
def test_quit_changes_nothing(sink, action):
    run, server = run_against(sink, ["--do", action], options=["--timeout", "2"])
    assert run.returncode == 0, run.stderr
    assert server.session()["messages"][0]["accepted"]


@pytest.mark.parametrize("point, stage", [
    ("GREETING", "greeting"), ("EHLO", "EHLO"), ("STARTTLS", "STARTTLS"), ("TLS", "TLS"),
    ("AUTH", "AUTH"), ("MAIL", "MAIL"), ("RCPT", "RCPT"), ("DATA", "DATA"), ("DOT", "message")])
def test_silence(sink, point, stage):
    run, _ = run_against(sink, ["--do", f"{point}=stall"], options=["--timeout", "1"])
    assert run.returncode == 75, run.stderr
    assert stage in last_line(run)
    assert ("twice" in last_line(run)) == (point == "DOT")


def test_dribbling_does_not_outlast_the_deadline(sink):
    """The deadline is for the whole reply: an octet now and then does not put it off."""
    run, _ = run_against(sink, ["--trickle", "MAIL=0.3"], options=["--timeout", "1"])
    assert run.returncode == 75 and "MAIL" in last_line(run), run.stderr


def test_deadline_for_everything(sink):
    run, _ = run_against(sink, ["--delay", "MAIL=1", "--delay", "RCPT=1", "--delay", "DATA=1"],
                         options=["--deadline", "2"])
    assert run.returncode == 75, run.stderr


def test_a_peer_that_does_not_read(sink):
    run, _ = run_against(sink, ["--do", "BODY.1=freeze"], options=["--timeout", "2"],
                         message=LARGE * 20)
    assert run.returncode == 75, run.stderr
    assert "not accepted" in last_line(run)


CERTIFICATES = [
    ("expired", "expired"), ("future", "not yet valid"), ("wrongname", "name"), ("nulname", "name"),
    ("selfsigned", "trusted"), ("unknownca", "trusted"), ("unknownca-rootsent", "trusted"),
    ("noint", "trusted"), ("rsa1024", ""), ("sha1", ""), ("nonca", ""), ("nameconstraint", ""),
    ("pathlen", ""), ("forged", ""), ("badsig", ""), ("elsewhere", "name"), ("cnonly", "name"),
    ("clienteku", "TLS server"), ("wildcard", "name"),
]


@pytest.mark.parametrize("mode", ["starttls", "implicit"])
@pytest.mark.parametrize("chain, word", CERTIFICATES, ids=[c[0] for c in CERTIFICATES])
def test_bad_certificate(sink, mode, chain, word):
    run, server = run_against(sink, ["--implicit"] if mode == "implicit" else [], mode=mode,
                              chain=chain)
    assert run.returncode == 78, run.stderr
    assert "certificate" in last_line(run) and word in last_line(run)
    assert PASSWORD.encode() not in server.wire()
    assert not any("AUTH" in line or "MAIL" in line for line in server.session()["commands"])


@pytest.mark.parametrize("mode", ["starttls", "implicit"])
@pytest.mark.parametrize("chain", ["rsa", "p256", "p384", "mixed", "rsa4096", "manysan"])
def test_good_certificate(sink, mode, chain):
    run, server = run_against(sink, ["--implicit"] if mode == "implicit" else [], mode=mode,
                              chain=chain)
    assert run.returncode == 0, run.stderr
    assert server.session()["tls"]["name"] == "localhost", "SNI"


@pytest.mark.parametrize("address", ["127.0.0.1", "[::1]"])
def test_address_as_host(sink, address):
    """An address is looked for among the certificate's addresses, and is not sent as SNI."""
    server = sink()
    options = [str(word).replace("localhost", address) for word in options_for(server)]
    run = stint(*options)
    assert run.returncode == 0, run.stderr
    assert server.session()["tls"]["name"] is None


def test_unknown_root(sink):
    server = sink()
    options = options_for(server)
    options[options.index(CERTS / "ca.pem")] = CERTS / "root-unknown.pem"
    run = stint(*options)
    assert run.returncode == 78 and "--ca" in last_line(run), run.stderr


def test_self_signed_server_as_its_own_anchor(sink):
    """Testers need no way to switch verification off."""
    server = sink(chain="selfsigned")
    options = options_for(server)
    options[options.index(CERTS / "ca.pem")] = CERTS / "selfsigned" / "cert.pem"
    assert stint(*options).returncode == 0


def assert_nothing_leaked(server):
    wire = server.wire()
    session = server.session()
    assert session["auth"] == [] and session["messages"] == []
    for secret in (b"AUTH", b"MAIL", PASSWORD.encode()):
        assert secret not in wire, wire


def test_starttls_missing(sink):
    run, server = run_against(sink, ["--without", "STARTTLS", "--clear-auth"])
    assert run.returncode == 78, run.stderr
    assert "STARTTLS" in last_line(run) and "implicit" in last_line(run)
    assert_nothing_leaked(server)


@pytest.mark.parametrize("behind", [r"\r\n250 ok", r"\r\n250-x\r\n250 AUTH PLAIN", r"\r\n2"])
def test_octets_behind_the_220(sink, behind):
    """CVE-2021-22947."""
    run, server = run_against(sink, ["--reply", f"STARTTLS=220 go{behind}"])
    assert run.returncode == 76, run.stderr
    assert "tamper" in last_line(run)
    assert_nothing_leaked(server)


def test_plain_text_on_a_tls_port(sink):
    run, _ = run_against(sink, mode="implicit", chain=None)
    assert run.returncode == 76 and "starttls" in last_line(run), run.stderr


def test_tls_on_a_plain_port(sink):
    run, _ = run_against(sink, ["--implicit"], options=["--timeout", "1"])
    assert run.returncode == 75 and "implicit" in last_line(run), run.stderr


def test_no_auth_offered(sink):
    run, server = run_against(sink, ["--without", "AUTH"])
    assert run.returncode == 78 and "log in" in last_line(run), run.stderr
    assert not any("MAIL" in line for line in server.session()["commands"])


def test_no_common_mechanism(sink):
    run, _ = run_against(sink, ["--mechanisms", "PLAINISH DIGEST-MD5"])
    assert run.returncode == 78, run.stderr


def test_file_too_large(sink, tmp_path):
    path = tmp_path / "large.eml"
    path.write_bytes(LARGE)
    run, server = run_against(sink, ["--without", "SIZE", "--offer", "SIZE 1000"], options=[path])
    assert run.returncode == 69, run.stderr
    assert not any("MAIL" in line for line in server.session()["commands"])


def test_8_bit_without_8bitmime(sink, tmp_path):
    path = tmp_path / "eight.eml"
    path.write_bytes(MESSAGE + "Grüße\r\n".encode())
    run, server = run_against(sink, ["--without", "8BITMIME"], options=[path])
    assert run.returncode == 65, run.stderr
    assert not any("MAIL" in line for line in server.session()["commands"])


@pytest.mark.parametrize("bad", [b"NUL \0 here\r\n", b"x" * 999 + b"\r\n"], ids=["NUL", "long"])
@pytest.mark.parametrize("before", [0, 100_000])
def test_bad_content_from_a_pipe(sink, bad, before):
    """A pipe cannot be looked at beforehand: the connection is dropped without the final dot."""
    message = MESSAGE + b"line\r\n" * (before // 6) + bad + b"end\r\n"
    run, server = run_against(sink, message=message)
    assert run.returncode == 65, run.stderr
    assert "not accepted" in last_line(run) or "not sent" in last_line(run)
    session = server.session()
    assert session["messages"] == [] and session["partial"] is not None
    assert not server.wire().endswith(b".\r\n")


def test_8_bit_from_a_pipe_without_8bitmime(sink):
    run, server = run_against(sink, ["--without", "8BITMIME"], message=MESSAGE + b"\xe4\r\n")
    assert run.returncode == 65, run.stderr
    assert server.session()["messages"] == []


@pytest.mark.parametrize("reply, code", [("421 4.3.2 shutting down", 75),
                                         ("552 5.3.4 too big", 69), ("250 2.0.0 kept", 76)])
def test_reply_before_the_dot(sink, reply, code):
    """An early no ends the session without the dot; an early yes is not believed."""
    run, server = run_against(sink, ["--reply", f"BODY.100={reply}"], message=LARGE * 4)
    assert run.returncode == code, run.stderr
    assert "not accepted" in last_line(run)
    assert server.session()["messages"] == []


@pytest.mark.parametrize("recipients, replies, code, listed", [
    (["a@x.test", "b@x.test", "c@x.test"], ["RCPT.2=550 5.1.1 no"], 69,
     ["accepted: <a@x.test>", "refused: <b@x.test>: 550 5.1.1", "accepted: <c@x.test>"]),
    (["a@x.test", "b@x.test"], ["RCPT.1=450 4.2.0 busy"], 75,
     ["refused: <a@x.test>: 450 4.2.0", "accepted: <b@x.test>"]),
    (["a@x.test", "b@x.test"], ["RCPT.1=450 4.2.0 busy", "RCPT.2=550 5.1.1 no"], 69,
     ["refused: <a@x.test>: 450", "refused: <b@x.test>: 550"]),
])
def test_partial_refusal(sink, recipients, replies, code, listed):
    script = [word for reply in replies for word in ("--reply", reply)]
    run, _ = run_against(sink, script, recipients=recipients)
    assert run.returncode == code, run.stderr
    for line in listed:
        assert line in run.stderr


def test_control_characters_of_the_server_are_escaped(sink):
    run, _ = run_against(sink, ["--reply", r"MAIL=550 \x1b[2J\x07 evil \xff"],
                         options=["--verbose"])
    assert run.returncode == 69
    assert "\x1b" not in run.stderr and "\x07" not in run.stderr and "evil" in last_line(run)


def test_nobody_listens():
    run = stint("--server", "localhost:1", "--tls", "none", "--from", FROM, "--to", TO)
    assert run.returncode == 75 and "refused" in last_line(run), run.stderr


def test_no_such_host():
    run = stint("--server", "no-such-host.invalid", "--ca", CERTS / "ca.pem", "--from", FROM,
                "--to", TO)
    assert run.returncode == 75 and "no-such-host.invalid" in last_line(run), run.stderr
