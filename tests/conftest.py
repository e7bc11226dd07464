"""What the end-to-end tests share; and the closing line with the count of everything."""

import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

import pytest

TESTS = pathlib.Path(__file__).resolve().parent
TOP = TESTS.parent
SERVERS = TESTS / "servers"
sys.path[:0] = [str(SERVERS), str(TESTS / "tools")]

# The command as users have it, and as the sanitizers see it.
RELEASE = TOP / "stint"
SANITIZED = TOP / "build" / "test" / "asan" / "stint"

# How to compile and link with BearSSL: the system's, or the one that `make BEARSSL=` names.
BEARSSL = os.environ.get("BEARSSL")
BEARSSL_HEADERS = pathlib.Path(BEARSSL, "inc") if BEARSSL else pathlib.Path("/usr/include/bearssl")
BEARSSL_FLAGS = ["-isystem", f"{BEARSSL}/inc"] if BEARSSL else []
BEARSSL_LIBS = [f"{BEARSSL}/build/libbearssl.a"] if BEARSSL else ["-lbearssl"]

CERTS = TOP / "build" / "servers" / "certs"
USER, PASSWORD = "tester@example.test", "s3cret Pa55"
FROM, TO = "pump3@example.test", "ops@example.test"
MESSAGE = b"From: pump3@example.test\r\nTo: ops@example.test\r\nSubject: x\r\n\r\nLow.\r\n"


def stint(*arguments, binary=SANITIZED, message=MESSAGE, password=PASSWORD, environment=None,
          timeout=120):
    """Run the command; `message` goes to its standard input."""
    variables = {**os.environ, "UBSAN_OPTIONS": "print_stacktrace=1", **(environment or {})}
    if password is not None:
        variables["STINT_PASSWORD"] = password
    run = subprocess.run([binary, *map(str, arguments)], input=message, capture_output=True,
                         timeout=timeout, env=variables)
    run.stdout, run.stderr = run.stdout.decode(), run.stderr.decode()
    assert "Sanitizer" not in run.stderr and "runtime error" not in run.stderr, run.stderr
    return run


def last_line(run):
    return run.stderr.rstrip("\n").rsplit("\n", 1)[-1]


class Helper:
    """A Python program of tests/servers, which prints the port that it listens on."""

    def __init__(self, program, *arguments):
        self.process = subprocess.Popen(
            ["/usr/bin/python3", SERVERS / program, *map(str, arguments)], text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Sink(Helper):
    """The strict server that does what real ones do not; see servers/sink.py."""

    def __init__(self, directory, *options, chain="rsa"):
        self.directory = directory
        tls = ["--chain", CERTS / chain / "all.pem"] if chain else []
        super().__init__("sink.py", directory, "--user", USER, "--password", PASSWORD, *tls,
                         *options)

    def session(self, number=1):
        """What was noted about a connection, when it has ended."""
        log = self.directory / "sessions.jsonl"
        for _ in range(500):
            lines = log.read_text().splitlines() if log.exists() else []
            for line in lines:
                if json.loads(line)["session"] == number:
                    return json.loads(line)
            time.sleep(0.02)
        raise AssertionError(f"connection {number} did not end")

    def wire(self, number=1):
        self.session(number)
        return (self.directory / f"{number}.wire").read_bytes()

    def content(self, session, number=1):
        return (self.directory / f"{session}-{number}.eml").read_bytes()

    def sessions(self):
        log = self.directory / "sessions.jsonl"
        return len(log.read_text().splitlines()) if log.exists() else 0


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
        each.stop()


@pytest.fixture
def delay_proxy():
    started = []

    def start(port, delay):
        started.append(Helper("delay_proxy.py", port, "--delay", delay))
        return started[-1]

    yield start
    for each in started:
        each.stop()


class Postfix:
    """A real Postfix with Dovecot SASL; see servers/server."""

    def __init__(self, directory):
        self.directory = directory
        subprocess.run([SERVERS / "server", "start", directory], check=True)
        text = (directory / "env").read_text()
        self.settings = dict(word.split("=", 1) for word in shlex.split(text))
        self.mail = pathlib.Path(self.settings["MAILS"])

    def port(self, service):
        return int(self.settings[service.upper().replace("-", "_")])

    def account(self, service):
        """Options of the command for one of its ports."""
        mode = {"starttls": "starttls", "tls": "implicit", "plain": "none"}[service.split("-")[0]]
        login = [] if mode == "none" else ["--user", USER]
        return ["--server", f"localhost:{self.port(service)}", "--tls", mode, "--helo",
                "pump3.example.test", "--ca", CERTS / "ca.pem", *login]

    def arrived(self, ident, wait=20):
        """The octets of the mail with this Message-ID, as stored; None if it does not come."""
        mark = f"{ident}@example.test>".encode()
        for _ in range(wait * 50):
            for path in self.mail.iterdir() if self.mail.exists() else []:
                octets = path.read_bytes()
                if mark in octets[:4096]:
                    return octets
            time.sleep(0.02)
        return None

    def stop(self):
        subprocess.run([SERVERS / "server", "stop", self.directory], check=True)


@pytest.fixture(scope="session")
def postfix(tmp_path_factory):
    directory = tmp_path_factory.mktemp("postfix")
    server = Postfix(directory)
    yield server
    server.stop()


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
