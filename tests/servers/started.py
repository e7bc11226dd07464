"""The servers as objects, for the tests and the bench."""

import json
import pathlib
import shlex
import subprocess
import time

SERVERS = pathlib.Path(__file__).resolve().parent
CERTS = SERVERS.parent.parent / "build" / "servers" / "certs"
USER, PASSWORD = "tester@example.test", "s3cret Pa55"


class Helper:
    """A Python program that prints the port it listens on, and serves until it is killed. `within`:
    the words of a command that runs another one in a namespace."""

    def __init__(self, program, *arguments, within=()):
        self.process = subprocess.Popen(
            [*within, "/usr/bin/python3", program, *map(str, arguments)], text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Sink(Helper):
    """The strict server that does what real ones do not; see servers/sink.py."""

    def __init__(self, directory, *options, chain="rsa", within=()):
        self.directory = directory
        tls = ["--chain", CERTS / chain / "all.pem"] if chain else []
        super().__init__(SERVERS / "sink.py", directory, "--user", USER, "--password", PASSWORD,
                         *tls, *options, within=within)

    def lines(self):
        """Those of the log that are whole."""
        log = self.directory / "sessions.jsonl"
        return log.read_text().split("\n")[:-1] if log.exists() else []

    def session(self, number=1):
        """What was noted about a connection, when it has ended."""
        for _ in range(500):
            for line in self.lines():
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
        return len(self.lines())


class Mailbox:
    """A folder, `mail`, with a file for each mail as it was stored."""

    def arrived(self, ident, wait=20):
        """The octets of the mail with this Message-ID; None if it does not come."""
        return self.arrived_with(f"{ident}@example.test>".encode(), wait)

    def arrived_with(self, mark, wait=20):
        """The same of the mail that has this near its beginning."""
        for _ in range(wait * 50):
            for octets in self.all_with(mark):
                return octets
            time.sleep(0.02)
        return None

    def all_with(self, mark):
        """The same of all that are there."""
        for path in self.mail.iterdir() if self.mail.exists() else []:
            with path.open("rb") as file:
                if mark in file.read(4096):
                    yield path.read_bytes()


class MailServer(Mailbox):
    """A real one with a mailbox; see servers/server."""

    kind = None

    def __init__(self, directory):
        self.directory = directory
        subprocess.run([SERVERS / "server", "start", directory, self.kind], check=True)
        text = (directory / "env").read_text()
        self.settings = dict(word.split("=", 1) for word in shlex.split(text))
        self.mail = pathlib.Path(self.settings["MAILS"])

    def port(self, service):
        return int(self.settings[service.upper().replace("-", "_")])

    def account(self, service):
        """Options of the command for one of its ports."""
        return account(service, self.port(service))

    def close(self):
        subprocess.run([SERVERS / "server", "stop", self.directory], check=True)


class Postfix(MailServer):
    """With Dovecot for SASL, and with Dovecot's submission server in front at tls-dovecot."""

    kind = "postfix"


class Exim(MailServer):
    kind = "exim"


class Aiosmtpd(Mailbox, Helper):
    """See servers/aiosmtpd_server.py."""

    def __init__(self, directory, *options):
        self.mail = directory
        super().__init__(SERVERS / "aiosmtpd_server.py", directory, "--user", USER, "--password",
                         PASSWORD, "--chain", CERTS / "rsa" / "all.pem", *options)

    def account(self, service):
        return account(service, self.port)


def account(service, port):
    """Options of the command; the service's name begins with how it is secured."""
    mode = {"starttls": "starttls", "tls": "implicit", "plain": "none"}[service.split("-")[0]]
    login = [] if mode == "none" else ["--user", USER]
    return ["--server", f"localhost:{port}", "--tls", mode, "--helo", "pump3.example.test", "--ca",
            CERTS / "ca.pem", *login]
