"""The firmware of tests/firmware on an emulated board: within its budget it sends, what arrives is what
it made, and afterwards lwIP has everything back. Each image says of each alert how deep its stack
was and how much it took of lwIP's heap and pools; and its exit code, whether that was within what the
linker script reserves."""

import email
import email.policy
import os
import re
import socket
import subprocess
import time

import board
import compare
import flights
import frames
import handshakes
import pytest
from board import BUDGETS, BUILD, IMPLICIT, LOOPBACK_4, LOOPBACK_6, MACHINES, Settings
from conftest import PASSWORD, SERVERS, TOP, USER, Helper
from test_servers import without_trace

FIRMWARE = board.FIRMWARE

# Octets of stack, more or less, with the same calls.
OF_AN_INTERRUPT = 64

# How often the same is done for what happens only now and then: `make firmware-soak` has more, and asks
# for a machine that has time.
RUNS = int(os.environ.get("FIRMWARE_SOAK", 5))
LONGEST_WAIT_MS = 300 if "FIRMWARE_SOAK" in os.environ else float("inf")


def message(readings):
    """As firmware/readings.c makes it."""
    head = ("From: Pump 3 <pump3@example.test>\r\nTo: <ops@example.test>\r\n"
            "Subject: Pump 3: pressure is low\r\n\r\nReadings, newest first:\r\n")
    lines = (f".{number}\r\n" for number in range(readings, 0, -1))
    return (head + "".join(lines)).encode()


@pytest.fixture
def server(network, sink):
    """As `sink`, in the namespace."""
    return lambda *options, **settings: sink(*options, within=network.within, **settings)


@pytest.fixture
def names(network):
    """A function that starts a DNS server there."""
    started = []

    def start(*entries):
        started.append(Helper(SERVERS / "names.py", *entries, within=network.within))
        return started[-1]

    yield start
    for each in started:
        each.close()


def well(device):
    """It ended, within its limits, with all given back."""
    return device.end() == 0 and all(used <= limit for _, used, limit in device.measures())


def accepted(report):
    return (report.fate, report.error, report.stage) == ("ACCEPTED", "NONE", "QUIT")


def check_mail(sink, readings, number=1):
    """What came in the sink's session of this number is the alert, sent without fault."""
    session = sink.session(number)
    assert session["faults"] == [] and session["end"] == "close_notify"
    assert session["auth"] == [["PLAIN", USER, PASSWORD]]
    assert [mail["accepted"] for mail in session["messages"]] == [True]
    assert sink.content(number) == message(readings)


def check(device, sink, readings=3):
    """One alert of it is accepted and arrives, and nothing is exceeded."""
    report = device.alert()
    assert accepted(report)
    check_mail(sink, readings)
    assert well(device) and device.measures()
    return report


def check_effort(image, row, *numbers):
    """They are in README.md: `make firmware-update`. What is measured differs by an interrupt at most."""
    if path := os.environ.get("FIRMWARE_HANDSHAKES"):
        with open(path, "a", encoding="ascii") as file:
            print(image, row, *numbers, file=file)
    else:
        assert numbers == pytest.approx(handshakes.committed(image, row), rel=0.015, abs=0.1)


# ---- What it takes ----

def sections(image):
    """{name: octets}"""
    listing = subprocess.run(["arm-none-eabi-size", "-A", BUILD / f"{image}.elf"], text=True,
                             capture_output=True, check=True).stdout
    return {name: int(octets) for name, octets in re.findall(r"^(\.\w+) +(\d+)", listing, re.M)}


@pytest.mark.parametrize("image", [*BUDGETS, "sleeper", "alert", "report"])
def test_budget(images, image):
    """As `size` counts it; the page of settings lies at the flash's end."""
    flash, ram = BUDGETS[{"alert": "tiny", "report": "standard", "sleeper": "standard"}.get(image, image)]
    octets, page = sections(image), board.symbols(image)["settings"]
    assert octets[".text"] + octets[".data"] <= page < flash
    assert page + len(Settings(0).octets()) <= flash
    assert sum(octets.get(name, 0) for name in (".stack", ".data", ".bss", ".noinit")) <= ram
    headers = subprocess.run(["arm-none-eabi-readelf", "-SW", BUILD / f"{image}.elf"], text=True,
                             capture_output=True, check=True).stdout
    assert re.search(r"\.stack +NOBITS +20000000 ", headers), "it must meet no variable below it"


def test_no_heap(images):
    for image in MACHINES:
        assert not {"malloc", "free", "_sbrk", "printf", "abort"} & board.symbols(image).keys()


def test_table(images):
    """README.md has what sizes.py measures: `make firmware-update`."""
    table = subprocess.run(["/usr/bin/python3", FIRMWARE / "sizes.py"], text=True, capture_output=True,
                           check=True).stdout
    committed = re.search(r"<!-- sizes.*?-->\n(.*?)<!-- end of sizes", (FIRMWARE / "README.md").read_text(),
                          re.S)[1]
    assert committed == table


def test_whole(images):
    """The top README has what tools/whole.py finds: `make firmware-update`."""
    table = subprocess.run(["/usr/bin/python3", TOP / "tests/tools/whole.py"], text=True, capture_output=True,
                           check=True).stdout
    assert re.search(r"<!-- whole.*?-->\n(.*?)<!-- end of whole", (TOP / "README.md").read_text(), re.S)[1] == table


def test_ledger(images):
    """Each part of tiny takes no more than docs/memory.md allots it, which is the budget."""
    run = subprocess.run(["/usr/bin/python3", FIRMWARE / "sizes.py", "--ledger"], text=True,
                         capture_output=True)
    assert run.returncode == 0, run.stdout
    committed = re.search(r"<!-- ledger.*?-->\n(.*?)<!-- end of ledger", (TOP / "docs/memory.md").read_text(),
                          re.S)[1]
    assert committed == run.stdout
    for budget, rows in zip(BUDGETS["tiny"], committed.split("\n\n")):
        ceilings = [int(cell) for cell in re.findall(r"\| (\d+) \|$", rows, re.M)]
        assert sum(ceilings) == budget and f"**{budget}** |" in rows


# ---- Composed messages ----

def parsed(sink):
    return email.message_from_bytes(sink.content(1), policy=email.policy.default)


@pytest.mark.parametrize("chain", ["p256", "rsa", "gmail"])
def test_composed_alert(boot, server, chain):
    """An image that composes it, in tiny's budget."""
    sink = server(chain=chain)
    device = boot("alert", Settings(sink.port))
    assert accepted(device.alert()) and well(device)
    mail = parsed(sink)
    assert mail["Subject"] == "Pump 3: 85 \u00b0C" and mail.get_content().splitlines() == ["Look at valve 7."]
    assert mail["Message-ID"].endswith("@example.test>")
    assert abs(mail["Date"].datetime.timestamp() - time.time()) < 600


def test_composed_report(boot, server):
    """With a file from flash, which is the device's own program, in standard's budget."""
    octets = 50000
    sink = server(chain="p384")
    device = boot("report", Settings(sink.port, readings=octets))
    assert accepted(device.alert()) and well(device)
    text, program = parsed(sink).iter_parts()
    binary = subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", "-j", ".text", BUILD / "report.elf",
                             "/dev/stdout"], capture_output=True, check=True).stdout
    assert text.get_content().splitlines() == ["All is well."]
    assert program.get_filename() == "program.bin" and program.get_content() == binary[:octets]


# ---- Sending ----

EVERYWHERE = ["p256-short", "rsa-short", "p256", "rsa", "gmail"]
CHAINS = {
    "tiny": [*EVERYWHERE, "mixed", "rsa4096", "manysan"],
    "standard": [*EVERYWHERE, "mixed", "rsa4096", "manysan", "p384", "outlook", "letsencrypt"],
    "any-server": [*EVERYWHERE, "outlook", "letsencrypt", "p256 prime256v1", "p256 secp384r1"],
    "tiny-m3": EVERYWHERE,
    "tiny-m0plus": EVERYWHERE,
}


@pytest.mark.parametrize("image, chain", [(image, chain) for image in CHAINS
                                          for chain in CHAINS[image]])
def test_chain(boot, server, image, chain):
    """By STARTTLS, with every kind of chain that the image is for."""
    name, _, curve = chain.partition(" ")
    sink = server(*(["--curve", curve] if curve else []), chain=name)
    device = boot(image, Settings(sink.port, readings=300))
    report = check(device, sink, readings=300)
    stack = {what: used for what, used, _ in device.measures()}["stack"]
    check_effort(image, chain, report.instructions / 1e6, report.longest / 1e6, stack)


AES, CHACHA = handshakes.CIPHERS


@pytest.mark.parametrize("image, cipher", [*((image, AES) for image in MACHINES), ("standard", CHACHA),
                                           ("any-server", CHACHA)])
def test_long_message(boot, server, image, cipher):
    """200 KB, made while they are sent, take the stack that three lines take, and what else there is does
    not grow. By implicit TLS."""
    took, instructions = [], []
    for readings in (3, 30000):
        sink = server("--implicit", "--cipher", cipher, chain="p256")
        device = boot(image, Settings(sink.port, security=IMPLICIT, readings=readings))
        instructions.append(check(device, sink, readings).after)
        assert sink.session()["tls"]["cipher"] == cipher
        took.append({what: used for what, used, _ in device.measures()})
    more = len(message(30000)) - len(message(3))
    assert more > 200000
    assert abs(took[0]["stack"] - took[1]["stack"]) <= OF_AN_INTERRUPT
    check_effort(image, cipher, (instructions[1] - instructions[0]) / more)


@pytest.mark.parametrize("image", BUDGETS)
def test_again_and_again(boot, server, image):
    """With one block for a connection, whose predecessor still waits for stray segments."""
    sink = server(chain="p256")
    device = boot(image, Settings(sink.port))
    for number in (1, 2, 3):
        assert accepted(device.alert())
        check_mail(sink, 3, number)
    assert well(device)


@pytest.mark.parametrize("image", ["standard", "any-server"])
def test_dhcp_and_dns(boot, server, names, image):
    sink = server(chain="rsa")
    names(f"mail.example.test={LOOPBACK_4}")
    device = boot(image, Settings(sink.port, address=board.BY_DHCP, server="", host="mail.example.test"))
    check(device, sink)
    assert sink.session()["tls"]["name"] == "mail.example.test"


def test_ipv6(boot, server, names):
    """Where there is nothing else: the address, the router and the DNS server are advertised."""
    sink = server(chain="p256")
    names(f"mail.example.test={LOOPBACK_6}")
    check(boot("standard", Settings(sink.port, address=board.BY_DHCP, server="", host="mail.example.test"),
               nic=",ipv4=off"), sink)


@pytest.mark.parametrize("image", BUDGETS)
def test_behind_a_router(boot, server, network, image):
    network.has("192.0.2.7")
    sink = server("--address", "192.0.2.7", chain="p256")
    check(boot(image, Settings(sink.port, server="192.0.2.7")), sink)


def reply_of(octets):
    """Of a server to EHLO: so many in all."""
    last = "250 AUTH PLAIN"
    rest = octets - len(last + "\r\n")
    lengths = [200] * (rest // 200 - 1) + [200 + rest % 200]
    return "".join(f"250-X{'-' * (length - 7)}\\r\\n" for length in lengths) + last


@pytest.mark.parametrize("image", BUDGETS)
def test_asks_for_short_records(boot, server, tmp_path, image):
    """A reply of 16,000 octets. To any-server it comes in one record; the others ask for short ones."""
    sink = server("--reply", f"EHLO.2={reply_of(16000)}", chain="p256")
    check(boot(image, Settings(sink.port), dump=tmp_path / "dump"), sink)
    records = re.findall(rb"\x17\x03\x03([\x3E-\x40].)", (tmp_path / "dump").read_bytes(), re.S)
    assert bool(records) == (image == "any-server")


@pytest.mark.parametrize("image, octets", [("tiny", 2048), ("standard", 1024), ("any-server", 16000)])
@pytest.mark.parametrize("options, security", [([], board.STARTTLS), (["--implicit"], IMPLICIT)],
                         ids=["starttls", "implicit"])
def test_server_does_not_know_short_records(boot, server, image, octets, options, security):
    """Then one that fits will do; the handshake's need not fit."""
    sink = server(*options, "--large-records", "--reply",
                  f"EHLO.{2 - len(options)}={reply_of(octets)}", chain="gmail")
    check(boot(image, Settings(sink.port, security=security)), sink)


@pytest.mark.parametrize("image", ["tiny", "standard"])
def test_record_does_not_fit(boot, server, image):
    sink = server("--large-records", "--reply", f"EHLO.2={reply_of(2400)}", chain="p256")
    device = boot(image, Settings(sink.port))
    report = device.alert()
    assert (report.fate, report.error, report.stage) == ("NOT_ACCEPTED", "RECORD_SIZE", "EHLO")
    assert well(device) and sink.session()["auth"] == []


REAL = [(image, kind, service) for image in BUDGETS for kind, service in [
    ("postfix", "starttls-p256"), ("postfix", "tls-rsa"), ("postfix", "tls-dovecot"), ("exim", "tls"),
    ("aiosmtpd", "starttls")]]


@pytest.mark.parametrize("image, kind, service", REAL)
def test_real_server(boot, request, image, kind, service):
    """What it stores is what was sent."""
    real = request.getfixturevalue(kind)
    readings = 1000 + REAL.index((image, kind, service))  # which tells one mail from another
    port = real.port if kind == "aiosmtpd" else real.port(service)
    security = IMPLICIT if service.startswith("tls") else board.STARTTLS
    device = boot(image, Settings(port, security=security, readings=readings), within=[])
    assert accepted(device.alert()) and well(device)
    line_end = "\r\n" if kind == "aiosmtpd" else "\n"
    stored = real.arrived_with(f"first:{line_end}.{readings}{line_end}".encode())
    assert compare.difference(message(readings), without_trace(stored)) == ""


CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23  # records


@pytest.mark.parametrize("image", BUDGETS)
@pytest.mark.parametrize("chain", ["p256", "gmail"])
def test_nothing_is_readable(boot, server, tmp_path, image, chain):
    """Before TLS there is no more than it takes to ask for it; then there are records, encrypted."""
    sink = server(chain=chain)
    dump = tmp_path / "dump"
    check(boot(image, Settings(sink.port, readings=300), dump=dump), sink, 300)
    captured = list(frames.segments(dump))
    said = frames.stream(captured, socket.inet_aton(board.DEVICE))
    asks = b"EHLO pump3.example.test\r\nSTARTTLS\r\n"
    assert said.startswith(asks)
    answered = frames.stream(captured, socket.inet_aton(LOOPBACK_4))
    answers, tells, rest = answered.partition(b"220 2.0.0 go ahead\r\n")
    assert answers.startswith(b"220 sink") and answers.count(b"\n250 ") == 1 and tells
    for octets in (said.removeprefix(asks), rest):
        kinds = [kind for kind, _, _ in flights.records(octets)]
        change = kinds.index(CHANGE_CIPHER_SPEC)
        assert set(kinds[:change]) == {HANDSHAKE} and kinds[change + 1] == HANDSHAKE
        assert set(kinds[change + 2:]) == {ALERT, DATA}
        for secret in (b"pump3", b"ops@", PASSWORD.encode(), b"AUTH", b"MAIL", b"Subject", b"\n.299\r"):
            assert secret not in octets


def test_waits_for_nothing(boot, server, tmp_path):
    """No segment goes twice, so none waited for that; and the device is never silent for long."""
    for number in range(RUNS):
        sink = server(chain=EVERYWHERE[number % len(EVERYWHERE)])
        dump = tmp_path / "dump"
        device = boot("tiny", Settings(sink.port, readings=300), dump=dump)
        check(device, sink, 300)
        device.stop()
        sink.close()
        captured = list(frames.segments(dump))
        wait = frames.longest_wait(captured, socket.inet_aton(board.DEVICE))
        print(f"run {number + 1}: {len(captured)} segments, waited {wait:.0f} ms at most")
        assert frames.retransmissions(captured) == []
        assert wait < LONGEST_WAIT_MS


# ---- Not sending ----

@pytest.mark.parametrize("image", BUDGETS)
@pytest.mark.parametrize("chain, code", [("wrongname", 56), ("expired", 54), ("unknownca", 62),
                                         ("badsig", 52), ("future", 54), ("clienteku", 59)])
def test_bad_certificate(boot, server, image, chain, code):
    """With BearSSL's code for what is bad about it."""
    sink = server(chain=chain)
    device = boot(image, Settings(sink.port))
    report = device.alert()
    assert (report.fate, report.error, report.stage) == ("NOT_ACCEPTED", "CERTIFICATE", "TLS")
    assert report.tls_error == code
    assert well(device) and sink.session()["auth"] == []


@pytest.mark.parametrize("image", BUDGETS)
@pytest.mark.parametrize("chain, error", [("p256", "NONE"), ("future", "NONE"), ("expired", "CERTIFICATE")])
def test_no_clock(boot, server, image, chain, error):
    """It is later than a time that has passed for sure, and that is all that is known."""
    sink = server(chain=chain)
    device = boot(image, Settings(sink.port, floor_time=int(time.time())))
    assert device.alert().error == error
    assert well(device)


@pytest.mark.parametrize("image", BUDGETS)
def test_no_entropy(boot, server, network, tmp_path, image):
    """Nothing is said; when there is some, the next alert is sent."""
    random = tmp_path / "random"
    random.touch()
    without = [*network.within, "unshare", "--mount", "sh", "-c",
               'mount --bind "$0" /dev/urandom && exec "$@"', random]
    sink = server("--implicit", chain="p256")
    dump = tmp_path / "dump"
    device = boot(image, Settings(sink.port, security=IMPLICIT), within=without, dump=dump)
    report = device.alert()
    assert (report.fate, report.error) == ("NOT_ACCEPTED", "ENTROPY")
    assert frames.stream(list(frames.segments(dump)), socket.inet_aton(board.DEVICE)) == b""
    random.write_bytes(os.urandom(4096))
    assert accepted(device.alert()) and well(device)


@pytest.mark.parametrize("image", BUDGETS)
@pytest.mark.parametrize("options, fates, errors", [
    (["--do", "GREETING=close"], ["NOT_ACCEPTED"], ["CLOSED"]),
    (["--do", "TLS=reset"], ["NOT_ACCEPTED"], ["IO", "CLOSED"]),
    (["--do", "MAIL=close"], ["NOT_ACCEPTED"], ["CLOSED"]),
    (["--reply", "RCPT=550 5.1.1 nobody"], ["NOT_ACCEPTED"], ["PERMANENT"]),
    (["--do", "BODY.9000=reset"], ["NOT_ACCEPTED", "UNKNOWN"], ["IO", "TRUNCATED"]),
    (["--do", "DOT=reset"], ["UNKNOWN"], ["IO", "TRUNCATED"]),
    (["--do", "DOT=truncate"], ["UNKNOWN"], ["TRUNCATED"]),
], ids=lambda values: "-".join(map(str, values)))
def test_failure(boot, server, image, options, fates, errors):
    """The fate is told, and nothing stays behind in lwIP, however a session ends. The emulator's
    network takes some octets that the server never reads, and makes of some resets an end."""
    sink = server(*options, chain="p256")
    device = boot(image, Settings(sink.port, readings=5000))
    report = device.alert()
    assert report.fate in fates and report.error in errors and well(device)


PORT = 2525  # in the namespace, where all are ours
PATIENCE, DNS_WAITS = 2, 4
SLACK_MS = 1000  # for what the device computes, and a busy machine


class Trouble:
    """One board that is never switched off. Something fails, and is told within its time; then all is
    well again, and the next alert is sent."""

    def __init__(self, device, start):
        self.device, self.start = device, start

    def fails(self, fates, errors, stage, waits=1):
        """`waits`: how many of them there may be."""
        report = self.device.alert()
        assert report.fate in fates and report.error in errors and report.stage == stage
        assert report.ms <= waits * PATIENCE * 1000 + SLACK_MS

    def passes(self):
        sink = self.start("--port", PORT, chain="p256")
        assert accepted(self.device.alert())
        check_mail(sink, 3000)
        sink.close()

    def of_server(self, *options, **expected):
        """It behaves as these options say."""
        sink = self.start("--port", PORT, *options, chain="p256")
        self.fails(**expected)
        sink.close()
        self.passes()

    def of_servers(self):
        self.fails(["NOT_ACCEPTED"], ["IO"], "CONNECT")  # nobody listens
        self.passes()
        self.of_server("--do", "GREETING=stall", fates=["NOT_ACCEPTED"], errors=["TIMEOUT"], stage="GREETING",
                       waits=2)
        self.of_server("--do", "RCPT=stall", fates=["NOT_ACCEPTED"], errors=["TIMEOUT"], stage="RCPT", waits=2)
        self.of_server("--do", "GREETING=reset", fates=["NOT_ACCEPTED"], errors=["IO", "CLOSED"],
                       stage="GREETING")
        self.of_server("--do", "BODY.9000=reset", fates=["NOT_ACCEPTED", "UNKNOWN"],
                       errors=["IO", "TRUNCATED"], stage="CONTENT")

    def of_the_cable(self):
        self.device.plug(False)
        self.fails(["NOT_ACCEPTED"], ["TIMEOUT", "IO"], "CONNECT", waits=DNS_WAITS)
        self.device.plug(True)
        self.passes()


def test_every_trouble_in_one_boot(boot, server):
    device = boot("tiny", Settings(PORT, patience=PATIENCE, readings=3000))
    trouble = Trouble(device, server)
    trouble.of_servers()
    trouble.of_the_cable()
    assert well(device)


def test_every_trouble_with_names_in_one_boot(boot, server, names):
    """And without DHCP at first."""
    device = boot("standard", Settings(PORT, address=board.BY_DHCP, server="", host="mail.example.test",
                                       patience=PATIENCE, readings=3000), plugged=False)
    trouble = Trouble(device, server)
    trouble.fails(["NOT_ACCEPTED"], ["IO"], "CONNECT")  # no address
    device.plug(True)
    # Nobody to ask for a name. It may be over sooner, but not before lwIP has given up to ask.
    trouble.fails(["NOT_ACCEPTED"], ["TIMEOUT"], "CONNECT", waits=DNS_WAITS)
    helper = names(f"other.example.test={LOOPBACK_4}")
    trouble.fails(["NOT_ACCEPTED"], ["IO"], "CONNECT")  # no such name
    helper.close()
    for nowhere in ("10.0.2.77", "192.0.2.99"):  # nobody has this address; no router leads there
        helper = names(f"mail.example.test={nowhere}")
        trouble.fails(["NOT_ACCEPTED"], ["TIMEOUT", "IO"], "CONNECT")
        helper.close()
    names(f"mail.example.test={LOOPBACK_4}")
    trouble.passes()
    trouble.of_servers()
    trouble.of_the_cable()
    assert well(device)
