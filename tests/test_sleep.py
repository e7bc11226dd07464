"""The firmware of tests/firmware that sleeps deeply between two alerts: it resumes with real servers what
it kept over the sleep, and nothing that is damaged, old or another's keeps an alert from arriving. What
becomes of a session is read off the frames, and not asked of the device."""

import collections
import hashlib
import itertools
import os
import socket
import struct
import subprocess
import time

import board
import compare
import flights
import frames
import pytest
from board import IMPLICIT, STARTTLS, Settings
from conftest import TOP, Postfix
from relay import Relay
from test_firmware import CHANGE_CIPHER_SPEC, HANDSHAKE, accepted, check_effort, message, well
from test_servers import without_trace

IMAGE = "sleeper"
CLOCK_AHEAD = TOP / "build" / "test" / "clock_ahead.so"
HOUR, DAY = 3600, 86400

# What a resumed handshake may take.
INSTRUCTIONS_MAX = 1000000

# struct stint_ticket: where some of it lies.
TAG, VERIFIED, LENGTH, SECRET, OCTETS, END = 0, 64, 84, 88, 200, 712

# firmware/sleep.c
LOST = bytes.fromhex("efbeadde")


# ---- What went over the wire ----

# How a connection begins: with a session that the device offers or without, and with certificates of the
# server or without.
FULL, RESUMED, REFUSED = "full", "resumed", "refused"
BEGINNINGS = {(False, True): FULL, (True, False): RESUMED, (True, True): REFUSED}


def from_hello(octets):
    """From the first record on."""
    return octets[octets.index(bytes([HANDSHAKE, 3])):]


def messages(octets):
    """The names of a handshake's messages that are in clear."""
    fragments = []
    for kind, _, fragment in flights.records(from_hello(octets)):
        if kind == CHANGE_CIPHER_SPEC:
            break
        fragments += [fragment] if kind == HANDSHAKE else []
    return [name for name, _ in flights.handshake_messages(b"".join(fragments))]


class Wire:
    """The device's, as a file of captured frames."""

    def __init__(self, dump):
        self.dump, self.seen = dump, 0

    def news(self):
        """(how each connection began, octets that the device was sent) since the last time."""
        captured = list(frames.segments(self.dump))[self.seen:]
        self.seen += len(captured)
        device, server = map(socket.inet_aton, (board.DEVICE, board.LOOPBACK_4))
        ports = dict.fromkeys(each.source[1] for each in captured
                              if each.source[0] == device and each.flags & frames.SYN)
        began = []
        for port in ports:
            own = [each for each in captured if port in (each.source[1], each.target[1])]
            hello, answer = (frames.stream(own, side) for side in (device, server))
            id_length = from_hello(hello)[5 + 4 + 2 + 32]
            began.append(BEGINNINGS[id_length > 0, "Certificate" in messages(answer)])
        return began, len(frames.stream(captured, server))


# ---- The device ----

class Sleeper:
    """With its server's mailbox."""

    marks = itertools.count(2000)  # which tell one test's mails from another's

    def __init__(self, boot, directory, server, port, security=STARTTLS, **options):
        self.readings = next(self.marks)
        dump = directory / f"dump{self.readings}"
        settings = Settings(port, security=security, readings=self.readings,
                            host=options.pop("host", "localhost"))
        self.server, self.wire, self.sent = server, Wire(dump), collections.Counter()
        self.board = boot(IMAGE, settings, within=[], dump=dump, **options)
        self.instructions = self.octets = self.effort = None  # of the last alert
        self.story = []

    def alert(self):
        """One is accepted, and arrives, once; then the device has slept and is awake. Returns how its
        connections began."""
        report = self.board.alert()
        assert accepted(report)
        self.instructions = report.instructions
        self.effort = report.instructions / 1e6, report.longest / 1e6
        began, self.octets = self.wire.news()
        self.story.append(f"{' + '.join(began)} {self.instructions / 1e6:.2f} M, {self.octets}")
        self.sent[self.server] += 1
        assert self.arrived() == self.sent[self.server]
        return began

    def arrived(self):
        """How many of its mails there are, when there are as many as it sent, or more."""
        mark = f"first:\n.{self.readings}\n".encode()
        for _ in range(1000):
            mails = list(self.server.all_with(mark))
            if len(mails) >= self.sent[self.server]:
                break
            time.sleep(0.02)
        for mail in mails:
            assert compare.difference(message(self.readings), without_trace(mail)) == ""
        return len(mails)

    def kept(self):
        with self.board.debugger() as debugger:
            return debugger.read(board.symbols(IMAGE)["noinit_start"], END)

    def keep(self, octets):
        """This instead."""
        with self.board.debugger() as debugger:
            debugger.write(board.symbols(IMAGE)["noinit_start"], octets)


def damaged(kept, place, sealed):
    """A bit is another one. `sealed`: so that the device does not see it."""
    octets = bytearray(kept)
    octets[place] ^= 0x10
    if sealed:
        used = OCTETS + int.from_bytes(octets[LENGTH:LENGTH + 2], "little")
        octets[TAG:TAG + 32] = hashlib.sha256(octets[TAG + 32:used]).digest()
    return bytes(octets)


@pytest.fixture
def sleeper(boot, postfix, tmp_path, request):
    """A function that switches one on, with Postfix for a server unless another port is said. For `make
    resume-test` it is told what became of it."""
    started = []

    def start(service="starttls-rsa", server=postfix, port=None, **options):
        security = IMPLICIT if service.startswith("tls") else STARTTLS
        started.append(Sleeper(boot, tmp_path, server, port or server.port(service), security, **options))
        return started[-1]

    yield start
    if path := os.environ.get("FIRMWARE_RESUMED"):
        with open(path, "a", encoding="ascii") as file:
            stories = ("; ".join(each.story) for each in started)
            print(f"{request.node.name:<44}", " | ".join(stories), file=file)


# ---- Resumed ----

@pytest.mark.parametrize("service", ["starttls-p256", "starttls-rsa", "tls-p256", "tls-rsa"])
def test_resumed(sleeper, service):
    """And again: what was resumed is kept once more."""
    device = sleeper(service)
    device.keep(os.urandom(END))
    assert device.alert() == [FULL]
    full, octets = device.effort, device.octets
    assert device.alert() == [RESUMED] and device.alert() == [RESUMED]
    assert device.instructions <= INSTRUCTIONS_MAX and device.octets < octets - 500
    security, _, chain = service.partition("-")
    if security == "starttls":
        check_effort(IMAGE, chain, *full)
        check_effort(IMAGE, "resumed", *device.effort)
    assert well(device.board)


def test_all_else_is_lost(sleeper):
    """When it comes to its reset vector, there is nothing in its RAM but what is kept."""
    device = sleeper()
    device.alert()
    symbols = board.symbols(IMAGE)
    start, end = symbols["stack_bottom"], symbols["noinit_start"]
    with device.board.debugger() as debugger:
        assert debugger.go_to(symbols["reset"], meanwhile=device.alert) == [RESUMED]
        assert debugger.read(start, end - start) == LOST * ((end - start) // len(LOST))
        assert debugger.read(end, END)[TAG:TAG + 32] != bytes(32)
    assert device.alert() == [RESUMED]


# ---- Not resumed ----

def plausible():
    """Garbage, but verified a minute ago, of a length that may be."""
    times = struct.pack("<QQ", int(time.time()) - 60, 2**64 - 1)
    octets = os.urandom(VERIFIED) + times + os.urandom(LENGTH - VERIFIED - len(times)) + b"\x80\0"
    return octets + os.urandom(END - len(octets))


@pytest.mark.parametrize("garbage", [lambda: bytes(END), lambda: b"\xff" * END, lambda: os.urandom(END),
                                     plausible], ids=["zeros", "ones", "random", "plausible"])
def test_first_boot(sleeper, garbage):
    """Memory holds anything."""
    device = sleeper()
    device.keep(garbage())
    assert device.alert() == [FULL]


@pytest.mark.parametrize("place", [0, 15, 16, 100, 150])
def test_ticket_damaged(sleeper, place):
    """As the server sees it, which refuses: at once there is a full handshake, and a new ticket."""
    device = sleeper()
    device.alert()
    device.keep(damaged(device.kept(), OCTETS + place, sealed=True))
    assert device.alert() == [REFUSED]
    assert device.alert() == [RESUMED]


def test_wrong_secret(sleeper):
    """The server takes the ticket, and then nothing fits: a second connection, without it."""
    device = sleeper()
    device.alert()
    device.keep(damaged(device.kept(), SECRET + 7, sealed=True))
    assert device.alert() == [RESUMED, FULL]
    assert device.alert() == [RESUMED]


@pytest.mark.parametrize("place", [TAG, VERIFIED, LENGTH, LENGTH + 1, SECRET, OCTETS, OCTETS + 100])
def test_memory_damaged(sleeper, place):
    """While it slept: the device sees it, and offers nothing."""
    device = sleeper()
    device.alert()
    device.keep(damaged(device.kept(), place, sealed=False))
    assert device.alert() == [FULL]
    assert device.alert() == [RESUMED]


def test_expired(sleeper, tmp_path):
    """It sleeps for an hour, and then for a day, which is too long."""
    subprocess.run(["make", "-s", "-f", "tests/tests.mk", CLOCK_AHEAD.relative_to(TOP)], cwd=TOP, check=True)
    ahead = tmp_path / "ahead"
    ahead.write_text("0")
    device = sleeper(environment={"LD_PRELOAD": str(CLOCK_AHEAD), "CLOCK_AHEAD": str(ahead)})
    assert device.alert() == [FULL]
    ahead.write_text(str(HOUR))
    assert device.alert() == [RESUMED]
    ahead.write_text(str(HOUR + DAY))
    assert device.alert() == [FULL]
    assert device.alert() == [RESUMED]


def test_server_with_other_keys(sleeper, postfix, tmp_path):
    """As one has that was started anew: it refuses the ticket, and gives one of its own."""
    other = Postfix(tmp_path / "other")
    relay = Relay(postfix.port("starttls-rsa"))
    try:
        device = sleeper(port=relay.port)
        assert device.alert() == [FULL]
        assert device.alert() == [RESUMED]
        relay.target, device.server = other.port("starttls-rsa"), other
        assert device.alert() == [REFUSED]
        assert device.alert() == [RESUMED]
    finally:
        relay.close()
        other.close()


@pytest.mark.parametrize("service, host", [("starttls-p256", "localhost"), ("tls-rsa", "localhost"),
                                           ("starttls-rsa", "mail.example.test")])
def test_ticket_of_another_host(sleeper, service, host):
    """Which the server would take: to another port, or by another name, it is not offered."""
    first, second = sleeper(), sleeper(service, host=host)
    assert first.alert() == [FULL]
    second.keep(first.kept())
    assert second.alert() == [FULL]
