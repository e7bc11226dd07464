"""How the clients are told to send: all from the same sender, with the same name and password.

`commands` returns the command lines that one after the other send all of a case's mails; `mails` are
files with CRLF line ends.
"""

import dataclasses
import pathlib
import re
import subprocess
import tempfile

from cases import IMPLICIT, IN_CLEAR, STARTTLS
from started import CERTS, PASSWORD, USER

TOP = pathlib.Path(__file__).resolve().parents[2]
STATIC, DYNAMIC = TOP / "build" / "static" / "stint", TOP / "stint"
SENDER = "pump3@example.test"
EHLO_NAME = "pump3.example.test"
SYSTEM_BUNDLE = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
# Nothing of the caller's: what is in the environment costs system calls and instructions.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "STINT_PASSWORD": PASSWORD}


def recipients(case):
    return [f"ops{number}@example.test" for number in range(1, case.recipients + 1)]


@dataclasses.dataclass(frozen=True)
class Client:
    """One way to run a program. By address and with one CA's file, or by name and with the
    system's."""

    by_name: bool = False

    @property
    def name(self):
        return self.program + (", by name, system's roots" if self.by_name else "")

    @property
    def host(self):
        return "localhost" if self.by_name else "127.0.0.1"

    def standard_input(self, mail):
        return "/dev/null"

    def roots(self, folder):
        """The system's roots do not know ours, so they stand in one file."""
        if not self.by_name:
            return CERTS / "ca.pem"
        path = folder / "roots.pem"
        path.write_bytes((CERTS / "ca.pem").read_bytes() + SYSTEM_BUNDLE.read_bytes())
        return path


@dataclasses.dataclass(frozen=True)
class Stint(Client):
    binary: pathlib.Path = STATIC
    program = "stint"

    @property
    def name(self):
        return super().name + (", shared libraries" if self.binary == DYNAMIC else "")

    def commands(self, case, port, mails, folder):
        to = [word for address in recipients(case) for word in ("--to", address)]
        return [[self.binary, "--quiet", "--server", f"{self.host}:{port}", "--tls", case.security,
                 "--helo", EHLO_NAME,
                 *(["--ca", self.roots(folder), "--user", USER] if case.security != IN_CLEAR else []),
                 *(["--eager"] if case.chunking else []),
                 "--from", SENDER, *to, *mails]]


@dataclasses.dataclass(frozen=True)
class Curl(Client):
    tls: str = "1.2"  # at most, as Stint's

    @property
    def program(self):
        return "curl" if self.tls == "1.2" else f"curl, TLS {self.tls}"

    def commands(self, case, port, mails, folder):
        scheme = "smtps" if case.security == IMPLICIT else "smtp"
        options = ["-sS", "--tls-max", self.tls, "--mail-from", SENDER,
                   *(word for address in recipients(case) for word in ("--mail-rcpt", address))]
        if case.security != IN_CLEAR:
            options += ["--cacert", self.roots(folder), "--user", f"{USER}:{PASSWORD}",
                        "--login-options", "AUTH=PLAIN", "--sasl-ir"]
        if case.security == STARTTLS:
            options += ["--ssl-reqd"]
        command = ["/usr/bin/curl", "-q"]
        for number, mail in enumerate(mails):
            command += ["--next"] if number else []
            command += [*options, "-T", mail, f"{scheme}://{self.host}:{port}/{EHLO_NAME}"]
        return [command]


@dataclasses.dataclass(frozen=True)
class Msmtp(Client):
    """A process for each mail, which it wants with LF line ends, on standard input."""

    tls: str = "1.2"

    @property
    def program(self):
        return "msmtp" if self.tls == "1.2" else f"msmtp, TLS {self.tls}"

    def commands(self, case, port, mails, folder):
        settings = {"host": self.host, "port": port, "domain": EHLO_NAME, "from": SENDER,
                    "tls": "off" if case.security == IN_CLEAR else "on"}
        if case.security != IN_CLEAR:
            settings |= {
                "tls_starttls": "on" if case.security == STARTTLS else "off",
                "tls_trust_file": self.roots(folder),
                "tls_priorities": "NORMAL" if self.tls == "1.3" else "NORMAL:-VERS-TLS1.3",
                "auth": "plain", "user": USER, "password": f'"{PASSWORD}"'}
        file = tempfile.NamedTemporaryFile("w", dir=folder, delete=False)
        with file:
            file.writelines(f"{name} {value}\n" for name, value in settings.items())
        return [["/usr/bin/msmtp", "-C", file.name, *recipients(case)] for _ in mails]

    def standard_input(self, mail):
        path = mail.with_suffix(".lf")
        path.write_bytes(mail.read_bytes().replace(b"\r\n", b"\n"))
        return path


def versions():
    """Of all that was compared, in a sentence."""
    def said(*command):
        return subprocess.run(command, text=True, capture_output=True, env=ENVIRONMENT).stdout

    def package(name):
        return said("dpkg-query", "-W", "-f", "${Version}", name)

    curl = re.search(r"curl (\S+).*?OpenSSL/(\S+)", said("/usr/bin/curl", "-V"))
    msmtp = re.search(r"msmtp version (\S+)", said("/usr/bin/msmtp", "--version"))
    return (f"gcc {said('gcc', '-dumpfullversion').strip()}, BearSSL {package('libbearssl-dev')}; "
            f"curl {curl[1]} with OpenSSL {curl[2]}; "
            f"msmtp {msmtp[1]} with GnuTLS {package('libgnutls30')}")
