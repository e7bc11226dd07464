"""What is measured: the mails, and what the server offers."""

import dataclasses

IN_CLEAR, STARTTLS, IMPLICIT = "none", "starttls", "implicit"
WORDS = {IN_CLEAR: "in clear", STARTTLS: "STARTTLS", IMPLICIT: "implicit TLS"}


@dataclasses.dataclass(frozen=True)
class Case:
    security: str
    recipients: int = 1
    mails: int = 1
    chunking: bool = False
    pipelining: bool = True

    @property
    def name(self):
        words = [WORDS[self.security]]
        if self.chunking:
            words.append("CHUNKING")
        if not self.pipelining:
            words.append("no PIPELINING")
        words.append("10 recipients" if self.recipients == 10 else "1 recipient")
        if self.mails > 1:
            words.append(f"{self.mails} mails")
        return ", ".join(words)

    def server_options(self):
        """For servers/sink.py. In clear there is neither STARTTLS nor AUTH."""
        return [*(["--implicit"] if self.security == IMPLICIT else []),
                *(["--offer", "CHUNKING"] if self.chunking else []),
                *([] if self.pipelining else ["--without", "PIPELINING"])]


FIRST = Case(STARTTLS)  # the one that is looked at most closely
PLAIN = Case(IN_CLEAR)

CASES = [PLAIN] + [
    Case(security, **settings)
    for security in (STARTTLS, IMPLICIT)
    for settings in (
        {}, {"recipients": 10},
        {"chunking": True}, {"chunking": True, "recipients": 10},
        {"pipelining": False, "recipients": 10},
        {"mails": 3}, {"chunking": True, "mails": 3})]

LINE = b"x" * 74 + b"\r\n"
HEADER = (b"From: pump3@example.test\r\nTo: ops@example.test\r\nSubject: Pump 3\r\n"
          b"Date: Tue, 24 Nov 2026 06:00:00 +0000\r\nMessage-ID: <1@pump3.example.test>\r\n\r\n")


def message(octets):
    """A message of so many octets, in lines of 76."""
    lines, rest = divmod(octets - len(HEADER), len(LINE))
    return HEADER + LINE * (lines - 1) + b"y" * (rest + len(LINE) - 2) + b"\r\n"


SMALL, LARGE = 1000, 10_000_000
