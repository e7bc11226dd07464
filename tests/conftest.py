"""What the end-to-end tests share; and the closing line with the count of everything."""

import os
import pathlib
import subprocess
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parent
TOP = TESTS.parent
SERVERS = TESTS / "servers"
sys.path[:0] = [str(SERVERS), str(TESTS / "tools"), str(TESTS / "bench")]

from board import FIRMWARE, Board, Network, Sleeper
from started import CERTS, PASSWORD, USER, Aiosmtpd, Exim, Helper, Postfix, Sink

# The command as users have it, and as the sanitizers see it.
RELEASE = TOP / "stint"
SANITIZED = TOP / "build" / "test" / "asan" / "stint"

# How to compile and link with BearSSL: the system's, or the one that `make BEARSSL=` names.
BEARSSL = os.environ.get("BEARSSL")
BEARSSL_HEADERS = pathlib.Path(BEARSSL, "inc") if BEARSSL else pathlib.Path("/usr/include/bearssl")
BEARSSL_FLAGS = ["-isystem", f"{BEARSSL}/inc"] if BEARSSL else []
BEARSSL_LIBS = [f"{BEARSSL}/build/libbearssl.a"] if BEARSSL else ["-lbearssl"]

FROM, TO = "pump3@example.test", "ops@example.test"
MESSAGE = b"From: pump3@example.test\r\nTo: ops@example.test\r\nSubject: x\r\n\r\nLow.\r\n"


def stint(*arguments, binary=SANITIZED, message=MESSAGE, password=PASSWORD, environment=None,
          timeout=120, cwd=None):
    """Run the command; `message` goes to its standard input."""
    variables = {**os.environ, "UBSAN_OPTIONS": "print_stacktrace=1", **(environment or {})}
    if password is not None:
        variables["STINT_PASSWORD"] = password
    run = subprocess.run([binary, *map(str, arguments)], input=message, capture_output=True,
                         timeout=timeout, env=variables, cwd=cwd)
    run.stdout, run.stderr = run.stdout.decode(), run.stderr.decode()
    assert "Sanitizer" not in run.stderr and "runtime error" not in run.stderr, run.stderr
    return run


def last_line(run):
    return run.stderr.rstrip("\n").rsplit("\n", 1)[-1]


@pytest.fixture(scope="session", autouse=True)
def certificates():
    subprocess.run([SERVERS / "certs.sh", CERTS], check=True)


@pytest.fixture
def sink(tmp_path):
    """A function that starts a sink with options; it ends with the test."""
    started = []

    def start(*options, **settings):
        directory = tmp_path / f"sink{len(started)}"
        directory.mkdir()
        started.append(Sink(directory, *options, **settings))
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.fixture
def delay_proxy():
    started = []

    def start(port, delay):
        started.append(Helper(TESTS / "bench" / "delay_proxy.py", port, "--delay", delay))
        return started[-1]

    yield start
    for each in started:
        each.close()


def one_for_all(kind):
    """A fixture: a server that serves all tests."""

    @pytest.fixture(scope="session")
    def start(tmp_path_factory):
        server = kind(tmp_path_factory.mktemp(kind.__name__))
        yield server
        server.close()

    return start


postfix, exim, aiosmtpd = map(one_for_all, (Postfix, Exim, Aiosmtpd))


@pytest.fixture(scope="session")
def images(certificates):
    subprocess.run([TESTS / "sources.sh", "bearssl", "lwip"], check=True)
    # Of several workers one builds, and the others wait.
    subprocess.run(["flock", TOP / "build" / "firmware.lock", "make", "-s", "-j2", "-f", FIRMWARE / "firmware.mk"],
                   cwd=TOP, check=True)


@pytest.fixture(scope="session")
def network(tmp_path_factory):
    network = Network(tmp_path_factory.mktemp("network"))
    yield network
    network.stop()


@pytest.fixture
def boot(images, network, tmp_path):
    """A function that switches a board on, in the namespace."""
    started = []

    def start(image, settings, within=network.within, **options):
        directory = tmp_path / f"board{len(started)}"
        directory.mkdir()
        kind = Sleeper if image == "sleeper" else Board
        started.append(kind(image, settings, directory, within=within, **options))
        return started[-1]

    yield start
    for each in started:
        each.stop()


def options_for(server, mode="starttls", recipients=(TO,), login=True):
    """Options of the command for a sink."""
    to = [word for recipient in recipients for word in ("--to", recipient)]
    return ["--server", f"localhost:{server.port}", "--tls", mode, "--helo", "pump3.example.test",
            *(["--ca", CERTS / "ca.pem"] if mode != "none" else []),
            *(["--user", USER] if login and mode != "none" else []), "--from", FROM, *to]


def pytest_terminal_summary(terminalreporter):
    """A cmocka program is one test to pytest, but holds many: `cases` says how many."""
    passed = failed = 0
    skipped = len(terminalreporter.stats.get("skipped", []))
    for report in terminalreporter.stats.get("passed", []):
        passed += dict(report.user_properties).get("cases", 1)
        skipped += dict(report.user_properties).get("skipped", 0)
    for kind in ("failed", "error"):
        failed += len(terminalreporter.stats.get(kind, []))
    terminalreporter.config.stint_counts = (passed, failed, skipped)


def pytest_unconfigure(config):
    if hasattr(config, "stint_counts"):
        passed, failed, skipped = config.stint_counts
        print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
