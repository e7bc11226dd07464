"""Resumption (stint/resume.h) with real servers: who was there before comes in by its ticket."""

import dataclasses
import os
import subprocess

import pytest
from conftest import CERTS, PASSWORD, TOP, USER, Aiosmtpd
from relay import Relay

RESUME = TOP / "build" / "test" / "asan" / "resume"
TICKET_MAX = 512
STORE_OCTETS = 200 + TICKET_MAX


@dataclasses.dataclass
class Session:
    how: str
    fate: str
    error: str
    tls_error: int
    connections: int
    round_trips: int
    octets: int
    kept: int


def attempt(port, mode, store, *sessions, **environment):
    return subprocess.run([RESUME, CERTS / "ca.pem", str(port), mode, store, *map(str, sessions)],
                          capture_output=True, text=True, timeout=300,
                          env={**os.environ, "STINT_USER": USER, "STINT_PASSWORD": PASSWORD, **environment})


def send(port, mode, store, *sessions, **environment):
    """A mail for each; see tools/resume.c. All must have been accepted."""
    run = attempt(port, mode, store, *sessions, **environment)
    assert run.returncode == 0 and run.stderr == "", run.stderr
    lines = [line.replace("not accepted", "refused").split() for line in run.stdout.splitlines()]
    done = [Session(*words[:3], *map(int, words[3:])) for words in lines]
    assert [one.fate for one in done] == ["accepted"] * len(sessions), run.stdout
    return done


def hows(done):
    return [one.how for one in done]


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def aiosmtpd_by_id(tmp_path):
    server = Aiosmtpd(tmp_path, "--no-tickets")
    yield server
    server.close()


def port_of(server, service):
    return server.port if isinstance(server, Aiosmtpd) else server.port(service)


# The round trips that the handshake takes less. With implicit TLS the greeting waits for the client's
# Finished, which comes no earlier.
WAYS = {
    "Postfix, RSA": ("postfix", "starttls-rsa", "starttls", 1),
    "Postfix, ECDSA": ("postfix", "starttls-p256", "starttls", 1),
    "Postfix, from the start": ("postfix", "tls-rsa", "implicit", 0),
    "Exim": ("exim", "tls", "implicit", 0),
    "aiosmtpd": ("aiosmtpd", "starttls", "starttls", 1),
}


@pytest.mark.parametrize("way", WAYS)
def test_resumed(way, store, request):
    kind, service, mode, saved = WAYS[way]
    port = port_of(request.getfixturevalue(kind), service)
    done = send(port, mode, store, 1000, 1001, 1002)
    assert hows(done) == ["full", "resumed", "resumed"]
    assert [one.round_trips for one in done[1:]] == [done[0].round_trips - saved] * 2
    assert all(one.octets < done[0].octets - 500 and one.connections == 1 for one in done[1:])
    assert all(100 < one.kept <= TICKET_MAX for one in done)


def test_by_session_id(store, aiosmtpd_by_id):
    done = send(aiosmtpd_by_id.port, "starttls", store, 1000, 1001, 1002)
    assert hows(done) == ["full", "resumed", "resumed"]
    assert [one.kept for one in done] == [32] * 3


def test_ticket_damaged(store, aiosmtpd):
    """At each of its octets: on the same connection there is a full handshake, and a new one."""
    length = send(aiosmtpd.port, "starttls", store, 1000)[0].kept
    done = send(aiosmtpd.port, "starttls", store, *(f"1001:t{place}" for place in range(length)))
    assert hows(done) == ["full"] * length
    assert {one.connections for one in done} == {1}
    assert hows(send(aiosmtpd.port, "starttls", store, 1002)) == ["resumed"]


def test_ticket_damaged_for_postfix(store, postfix):
    port = postfix.port("starttls-rsa")
    damaged = [f"1001:t{place}" for place in range(0, 160, 11)]
    done = send(port, "starttls", store, 1000, *damaged, 1002)
    assert hows(done) == ["full"] * (len(done) - 1) + ["resumed"]
    assert {one.connections for one in done} == {1}


def test_store_damaged(store, aiosmtpd):
    """What is not as it was written is not offered; so the server keeps what it has."""
    places = range(64, STORE_OCTETS, 21)  # behind what is written anew each time
    sessions = [f"1001:f{place}" for place in places]
    done = send(aiosmtpd.port, "starttls", store, 1000, *sessions)
    used = STORE_OCTETS - TICKET_MAX + done[0].kept
    assert hows(done[1:]) == ["resumed" if place >= used else "full" for place in places]
    assert {one.connections for one in done} == {1}


@pytest.mark.parametrize("kind", ["postfix", "aiosmtpd"])
def test_wrong_secret(kind, store, request):
    """The server takes the ticket, and then nothing fits: a second connection, without it."""
    port = port_of(request.getfixturevalue(kind), "starttls-rsa")
    done = send(port, "starttls", store, 1000, "1001:s7", 1002)
    assert hows(done) == ["full", "full", "resumed"]
    assert [one.connections for one in done] == [1, 2, 1]


def test_too_old(store, postfix):
    day = 86400
    done = send(postfix.port("starttls-rsa"), "starttls", store, 1000, 1000 + day, 999 + day, 1000)
    assert hows(done) == ["full"] * 4 and {one.connections for one in done} == {1}


def test_of_another_server(store, postfix, aiosmtpd):
    """Behind one name and port there is another one, as after a restart: it has other keys."""
    relay = Relay(postfix.port("starttls-rsa"))
    try:
        assert hows(send(relay.port, "starttls", store, 1000, 1001)) == ["full", "resumed"]
        relay.target = aiosmtpd.port
        done = send(relay.port, "starttls", store, 1002, 1003)
        assert hows(done) == ["full", "resumed"] and done[0].connections == 1
        relay.target = postfix.port("starttls-rsa")
        assert hows(send(relay.port, "starttls", store, 1004)) == ["full"]
    finally:
        relay.close()


def test_elsewhere(store, postfix):
    """A ticket is for one host and port, although the server knows it on the other."""
    send(postfix.port("starttls-rsa"), "starttls", store, 1000)
    done = send(postfix.port("tls-rsa"), "implicit", store, 1001)
    assert hows(done) == ["full"]


PLUS = ["--sasl", "cyrus", "--mechanisms", "SCRAM-SHA-256 SCRAM-SHA-256-PLUS", "--resume"]


@pytest.mark.parametrize("mode", ["starttls", "implicit"])
@pytest.mark.parametrize("chain", ["rsa", "p256"])
def test_a_login_is_bound_to_a_channel_that_was_resumed(sink, store, chain, mode):
    """No certificate is shown then; Cyrus SASL on the other side has it nevertheless."""
    server = sink(*PLUS, *(["--implicit"] if mode == "implicit" else []), chain=chain)
    done = send(server.port, mode, store, 1000, 1001, 1002, STINT_BOUND="yes")
    assert hows(done) == ["full", "resumed", "resumed"]
    for number in range(1, 4):
        assert server.session(number)["auth"] == [["SCRAM-SHA-256-PLUS"]]


def test_a_login_is_bound_to_no_other_channel(sink, store):
    server = sink(*PLUS, "--bound-to", CERTS / "p256" / "all.pem")
    run = attempt(server.port, "starttls", store, 1000, STINT_BOUND="yes")
    assert run.stdout.startswith("full not accepted permanent"), run.stdout


def test_what_a_login_is_bound_to_must_be_kept(sink, store):
    """Otherwise the chain is shown once more, so that there is something to bind it to."""
    server = sink(*PLUS)
    done = send(server.port, "starttls", store, 1000, 1001, STINT_BOUND="once")
    assert hows(done) == ["full", "full"]
    for number in range(1, 3):
        assert server.session(number)["auth"] == [["SCRAM-SHA-256-PLUS"]]


def test_a_ticket_without_it_is_not_taken_for_a_bound_login(sink, store):
    """RFC 5802 6: who cannot bind says "n"; at "y" Cyrus SASL, which could, would let nobody in."""
    server = sink(*PLUS)
    done = send(server.port, "starttls", store, 1000, 1001)
    done += send(server.port, "starttls", store, 1002, 1003, STINT_BOUND="yes")
    assert hows(done) == ["full", "resumed", "full", "resumed"]
    auths = [server.session(number)["auth"] for number in range(1, 5)]
    assert auths == [[["SCRAM-SHA-256"]]] * 2 + [[["SCRAM-SHA-256-PLUS"]]] * 2
