"""The firmware of tests/firmware on an emulated board: within its budget it sends, what arrives is what
it made, and afterwards lwIP has everything back. Each image says at the end of a run how deep its stack
was and how much it took of lwIP's heap and pools; and its exit code, whether that was within what the
linker script reserves."""

import dataclasses
import os
import re
import struct
import subprocess

import compare
import pytest
from conftest import PASSWORD, SERVERS, TESTS, TOP, USER, Helper

FIRMWARE = TESTS / "firmware"
BUILD = TOP / "build" / "firmware"
MACHINES = {"tiny": "mps2-an386", "standard": "mps2-an386", "any-server": "mps2-an386",
            "tiny-m3": "mps2-an385", "tiny-m0plus": "mps2-an385"}
BUDGETS = {"tiny": (65536, 16384), "standard": (98304, 20480), "any-server": (98304, 32768)}

# What semihosting.h has as exit codes.
ACCEPTED, NOT_ACCEPTED, UNKNOWN = 0, 2, 3

# How the emulated network calls us, and this machine's loopback.
DEVICE, LOOPBACK_4, LOOPBACK_6 = bytes([10, 0, 2, 15]), "10.0.2.2", "fec0::2"
IMPLICIT, STARTTLS = 1, 2


def enumerators(header, name):
    """Of an enum of include/stint: {value: name}."""
    text = re.sub(r"/\*.*?\*/", "", (TOP / "include/stint" / header).read_text(), flags=re.S)
    body = re.search(rf"enum {name} {{(.*?)}}", text, re.S)[1]
    return dict(enumerate(re.findall(r"STINT_[A-Z]+_(\w+)", body)))


ERRORS = enumerators("result.h", "stint_error")


def message(readings):
    """As firmware/readings.c makes it."""
    head = ("From: Pump 3 <pump3@example.test>\r\nTo: <ops@example.test>\r\n"
            "Subject: Pump 3: pressure is low\r\n\r\nReadings, newest first:\r\n")
    lines = (f".{number}\r\n" for number in range(readings, 0, -1))
    return (head + "".join(lines)).encode()


@pytest.fixture(scope="session")
def images(certificates):
    subprocess.run([TESTS / "sources.sh", "bearssl", "lwip"], check=True)
    subprocess.run(["make", "-s", "-j2", "-f", FIRMWARE / "firmware.mk"], cwd=TOP, check=True)


class Network:
    """A namespace in which there is nothing but loopback, and who asks for names is sent to it."""

    def __init__(self, directory):
        resolvers = directory / "resolv.conf"
        resolvers.write_text("nameserver 127.0.0.1\nnameserver ::1\n")
        user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        script = ('ip link set lo up && mount --bind "$1" "$(realpath /etc/resolv.conf)" && echo $$ && '
                  'read -r _')
        self.holder = subprocess.Popen(
            ["unshare", *user, "--net", "--mount", "sh", "-c", script, "sh", resolvers], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        number = self.holder.stdout.readline().strip()
        self.within = ["nsenter", *(["--user", "--preserve-credentials"] if user else []), "--net",
                       "--mount", f"--target={number}"]

    def stop(self):
        self.holder.stdin.close()
        self.holder.wait()
        self.holder.stdout.close()


@pytest.fixture(scope="session")
def network(tmp_path_factory):
    network = Network(tmp_path_factory.mktemp("network"))
    yield network
    network.stop()


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

    yield start
    for each in started:
        each.close()


@dataclasses.dataclass
class Settings:
    """The device's page of flash: firmware/settings.h."""

    port: int
    address: bytes = DEVICE
    server: str = LOOPBACK_4
    host: str = "localhost"
    security: int = STARTTLS
    alerts: int = 1
    readings: int = 3

    def octets(self):
        return struct.pack("<4s16s64s32s32sHBBI", self.address, self.server.encode(),
                           self.host.encode(), USER.encode(), PASSWORD.encode(), self.port,
                           self.security, self.alerts, self.readings)


@dataclasses.dataclass
class Run:
    status: int
    text: str

    @property
    def error(self):
        """Of the last alert."""
        return ERRORS[int(re.findall(r"^fate \d error (\d+)", self.text, re.M)[-1])]

    def measures(self):
        """(what, how much of it was used at most, how much there is)"""
        found = re.findall(r"^(\w+) (\d+) of (\d+)$", self.text, re.M)
        return [(what, int(used), int(limit)) for what, used, limit in found]


def address_of(image, symbol):
    listing = subprocess.run(["arm-none-eabi-nm", BUILD / f"{image}.elf"], text=True,
                             capture_output=True, check=True).stdout
    return int(re.search(rf"^(\w+) . {symbol}$", listing, re.M)[1], 16)


@pytest.fixture
def boot(images, network, tmp_path):
    """A function that runs an image to its end. Time is counted in instructions, a nanosecond each:
    a busy machine makes no timeout."""
    def run(image, settings, nic="", within=network.within, dump=None):
        page = tmp_path / "settings"
        page.write_bytes(settings.octets())
        capture = ["-object", f"filter-dump,id=dump,netdev=net,file={dump}"] if dump else []
        result = subprocess.run(
            [*within, "qemu-system-arm", "-M", MACHINES[image], "-nographic", "-monitor", "none",
             "-serial", "stdio", "-semihosting-config", "enable=on,target=native",
             "-icount", "shift=0", "-nic", f"user,id=net,model=lan9118{nic}", *capture,
             "-device", f"loader,file={page},addr={address_of(image, 'settings')},force-raw=on",
             "-kernel", BUILD / f"{image}.elf"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        text = result.stdout + result.stderr
        print(f"{image}: exit code {result.returncode}\n{text}")
        return Run(result.returncode, text)

    return run


def check(run, sink, readings, alerts=1):
    """The alerts were accepted and arrived, and nothing was exceeded."""
    assert run.status == ACCEPTED, run.text
    assert len(re.findall("^fate 2 error 0 ", run.text, re.M)) == alerts
    assert run.measures() and all(used <= limit for _, used, limit in run.measures())
    for number in range(1, alerts + 1):
        session = sink.session(number)
        assert session["faults"] == [] and session["end"] == "close_notify"
        assert session["auth"] == [["PLAIN", USER, PASSWORD]]
        assert [mail["accepted"] for mail in session["messages"]] == [True]
        assert sink.content(number) == message(readings)
    return session


# ---- What it takes ----

def sections(image):
    """{name: octets}"""
    listing = subprocess.run(["arm-none-eabi-size", "-A", BUILD / f"{image}.elf"], text=True,
                             capture_output=True, check=True).stdout
    return {name: int(octets) for name, octets in re.findall(r"^(\.\w+) +(\d+)", listing, re.M)}


@pytest.mark.parametrize("image", BUDGETS)
def test_budget(images, image):
    """As `size` counts it; the page of settings lies at the flash's end."""
    flash, ram = BUDGETS[image]
    octets = sections(image)
    assert octets[".text"] + octets[".data"] <= address_of(image, "settings") < flash
    assert address_of(image, "settings") + len(Settings(0).octets()) <= flash
    assert octets[".stack"] + octets[".data"] + octets[".bss"] <= ram
    headers = subprocess.run(["arm-none-eabi-readelf", "-SW", BUILD / f"{image}.elf"], text=True,
                             capture_output=True, check=True).stdout
    assert re.search(r"\.stack +NOBITS +20000000 ", headers), "it must meet no variable below it"


def test_no_heap(images):
    for image in MACHINES:
        listing = subprocess.run(["arm-none-eabi-nm", BUILD / f"{image}.elf"], text=True,
                                 capture_output=True, check=True).stdout
        assert not re.search(r" (malloc|free|_sbrk|printf|abort)$", listing, re.M)


def test_table(images):
    """README.md has what sizes.py measures: `make firmware-update`."""
    table = subprocess.run(["/usr/bin/python3", FIRMWARE / "sizes.py"], text=True, capture_output=True,
                           check=True).stdout
    committed = re.search(r"<!-- sizes.*?-->\n(.*?)<!-- end of sizes", (FIRMWARE / "README.md").read_text(),
                          re.S)[1]
    assert committed == table


# ---- Sending ----

CHAINS = {
    "tiny": ["p256", "rsa", "mixed", "gmail", "rsa4096", "manysan"],
    "standard": ["p256", "rsa", "mixed", "gmail", "rsa4096", "manysan", "p384", "outlook",
                 "letsencrypt"],
    "any-server": ["gmail", "outlook", "letsencrypt"],
    "tiny-m3": ["p256", "gmail"],
    "tiny-m0plus": ["p256", "gmail"],
}


@pytest.mark.parametrize("image, chain", [(image, chain) for image in CHAINS
                                          for chain in CHAINS[image]])
def test_chain(boot, server, image, chain):
    """By STARTTLS, with every kind of chain that the image is for."""
    sink = server(chain=chain)
    run = boot(image, Settings(sink.port, readings=300))
    check(run, sink, readings=300)


@pytest.mark.parametrize("image", MACHINES)
def test_long_message(boot, server, image):
    """100 times what is in memory, by implicit TLS."""
    sink = server("--implicit", chain="p256")
    run = boot(image, Settings(sink.port, security=IMPLICIT, readings=30000))
    check(run, sink, readings=30000)


@pytest.mark.parametrize("image", BUDGETS)
def test_again_and_again(boot, server, image):
    """With one block for a connection, whose predecessor still waits for stray segments."""
    sink = server(chain="p256")
    run = boot(image, Settings(sink.port, alerts=3))
    check(run, sink, readings=3, alerts=3)


@pytest.mark.parametrize("image", ["standard", "any-server"])
def test_dhcp_and_dns(boot, server, names, image):
    sink = server(chain="rsa")
    names(f"mail.example.test={LOOPBACK_4}")
    run = boot(image, Settings(sink.port, address=bytes(4), server="", host="mail.example.test"))
    session = check(run, sink, readings=3)
    assert session["tls"]["name"] == "mail.example.test"


def test_ipv6(boot, server, names):
    """Where there is nothing else: the address, the router and the DNS server are advertised."""
    sink = server(chain="p256")
    names(f"mail.example.test={LOOPBACK_6}")
    run = boot("standard", Settings(sink.port, address=bytes(4), server="", host="mail.example.test"),
               nic=",ipv4=off")
    check(run, sink, readings=3)


LONG_REPLY = "".join(f"250-X{number:05}{'-' * 490}\\r\\n" for number in range(32))


@pytest.mark.parametrize("image", BUDGETS)
def test_long_record(boot, server, tmp_path, image):
    """A reply of 16,000 octets. To any-server it comes in one record; the others ask for short ones."""
    sink = server("--reply", f"EHLO.2={LONG_REPLY}250 AUTH PLAIN", chain="p256")
    dump = tmp_path / "dump"
    run = boot(image, Settings(sink.port), dump=dump)
    check(run, sink, readings=3)
    records = re.findall(rb"\x17\x03\x03([\x3E-\x40].)", dump.read_bytes(), re.S)
    assert bool(records) == (image == "any-server")


@pytest.mark.parametrize("image, service", [("tiny", "starttls-p256"), ("tiny", "tls-rsa"),
                                            ("standard", "starttls-rsa"), ("any-server", "tls-p256")])
def test_postfix(boot, postfix, image, service):
    readings = 1000 + sorted(BUDGETS).index(image) * 2 + service.startswith("tls")  # tells which
    security = IMPLICIT if service.startswith("tls") else STARTTLS
    run = boot(image, Settings(postfix.port(service), security=security, readings=readings), within=[])
    assert run.status == ACCEPTED, run.text
    stored = postfix.arrived_with(f"first:\n.{readings}\n".encode())
    assert compare.difference(message(readings), compare.from_mailbox(stored)) == ""


# ---- Not sending ----

@pytest.mark.parametrize("chain", ["wrongname", "expired", "unknownca", "badsig", "clienteku"])
def test_bad_certificate(boot, server, chain):
    sink = server(chain=chain)
    run = boot("tiny", Settings(sink.port))
    assert (run.status, run.error) == (NOT_ACCEPTED, "CERTIFICATE"), run.text
    assert sink.session()["auth"] == []


@pytest.mark.parametrize("image", BUDGETS)
@pytest.mark.parametrize("options, statuses, errors", [
    (["--do", "GREETING=close"], [NOT_ACCEPTED], ["CLOSED"]),
    (["--do", "TLS=reset"], [NOT_ACCEPTED], ["IO", "CLOSED"]),
    (["--do", "MAIL=close"], [NOT_ACCEPTED], ["CLOSED"]),
    (["--reply", "RCPT=550 5.1.1 nobody"], [NOT_ACCEPTED], ["PERMANENT"]),
    (["--do", "BODY.9000=reset"], [NOT_ACCEPTED, UNKNOWN], ["IO", "TRUNCATED"]),
    (["--do", "DOT=reset"], [UNKNOWN], ["IO", "TRUNCATED"]),
    (["--do", "DOT=truncate"], [UNKNOWN], ["TRUNCATED"]),
], ids=lambda values: "-".join(map(str, values)))
def test_failure(boot, server, image, options, statuses, errors):
    """The fate is told, and nothing stays behind in lwIP, however a session ends. The emulator's
    network takes some octets that the server never reads, and makes of some resets an end."""
    sink = server(*options, chain="p256")
    run = boot(image, Settings(sink.port, readings=5000))
    assert run.status in statuses and run.error in errors, run.text


def test_nobody_listens(boot, server):
    sink = server(chain="p256")
    sink.close()
    run = boot("tiny", Settings(sink.port))
    assert (run.status, run.error) == (NOT_ACCEPTED, "IO"), run.text
