"""SASL mechanisms against implementations of other people: Dovecot's, alone and behind Postfix, Cyrus SASL's
and GNU SASL's; and against servers that break their rules."""

import pytest
from conftest import CERTS, PASSWORD, last_line, options_for, stint

SCRAM = ["SCRAM-SHA-1", "SCRAM-SHA-256"]
PLUS = ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"]
LIBRARIES = [("cyrus", mechanism) for mechanism in SCRAM + PLUS] + [("gnu", mechanism) for mechanism in SCRAM]


@pytest.mark.parametrize("library, mechanism", LIBRARIES)
@pytest.mark.parametrize("chain", ["rsa", "p256"])
def test_libraries(sink, library, mechanism, chain):
    server = sink("--sasl", library, "--mechanisms", mechanism, chain=chain)
    run = stint(*options_for(server), "--verbose")
    assert run.returncode == 0, run.stderr
    assert f"\nC: AUTH {mechanism} ****\n" in run.stderr
    session = server.session()
    assert session["auth"] == [[mechanism]] and session["faults"] == []
    assert session["messages"][0]["accepted"]


@pytest.mark.parametrize("library, mechanism", LIBRARIES)
def test_libraries_refuse_another_password(sink, library, mechanism):
    server = sink("--sasl", library, "--mechanisms", f"{mechanism} PLAIN")
    run = stint(*options_for(server), password=PASSWORD + "x")
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
