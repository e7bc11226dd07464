"""Writes the transcripts in clear as inputs for fuzz_session: each at two paces, and cut off."""

import pathlib
import re
import sys

SESSIONS = pathlib.Path(__file__).resolve().parent.parent / "sessions"

# As in wire.h. Before the server's words, unless it is its turn already, the client's are awaited.
CLIENT_SAYS, CLIENT_IS_DONE = b"\x01", b"\x02"
EVENTS = {"silence": b"\x03", "closed": b"\x04", "lost": b"\x05", "abort": b"\x06", "next": b"\x08",
          "idle": b""}

# pace.h
PACES = [b"", b"\x31\x02", b"\x11", b"\xff\x10\x5f", b"\x0f\xf0\x74"]

# fuzz_session.c: enum of the settings. letter.h: those of a mail.
ONE_BUFFER, NO_TEXT, NO_EHLO_NAME, WAITS_FOR_MAILS, ONLY_A_LOOK = 4, 8, 16, 64, 128
CONTENTS = ["unknown", "7bit", "8bit", "binary"]
POLICY_ALL, EAGER, SIZE_IS_GUESSED, SIZE_IS_EXACT = 4, 8, 64, 128
END_FAILS, REWIND_NONE, MALFORMED, LATER = 1, 4, 16, 32

ESCAPES = {"r": "\r", "n": "\n", "t": "\t", "0": "\0", "\\": "\\", "c": ""}


def unescape(text):
    def one(match):
        many, octet, code, letter = match.groups()
        return int(many) * octet if many else chr(int(code, 16)) if code else ESCAPES[letter]

    return re.sub(r"\\(?:\{(\d+)\*(.)\}|x(..)|(.))", one, text).encode("latin-1")


def piece(octets):
    return bytes([min(len(octets), 255)]) + octets[:255]


def exact_size(message, content):
    if content == "binary":
        return len(message)
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    return len(lines) + 2 * (not lines.endswith(b"\r\n"))


def mail_input(given, recipients, message):
    content = given.get("content", "unknown")
    size = int(given.get("size", exact_size(message, content)))
    first = (min(recipients, 4) - 1) | CONTENTS.index(content) << 4
    first |= POLICY_ALL * (given.get("policy") == "all") | EAGER * (given.get("eager") == "yes")
    if given.get("exact") == "yes":
        first |= SIZE_IS_EXACT | SIZE_IS_GUESSED * (size != exact_size(message, content))
    else:
        first |= SIZE_IS_GUESSED * ("size" in given)
    second = END_FAILS * (given.get("source") == "fails") | LATER * (given.get("later") == "yes")
    second |= REWIND_NONE * (given.get("rewind") == "no")
    second |= MALFORMED * (not re.search(r"@|^postmaster$", given.get("to", ""), re.I))
    return bytes([first, second]) + piece(message)


def read_mails(lines):
    mails = []
    for line in lines:
        if line.startswith("mail:"):
            words = [word.split("=", 1) for word in line.split()[1:] if "=" in word]
            mails.append([dict(words), sum(name == "to" for name, _ in words), b""])
        elif line.startswith("message: "):
            mails[-1][2] += unescape(line[9:])
    return [mail_input(*mail) for mail in mails[:4]]


def read_script(lines):
    script, client_was_last = b"", False
    for line in lines:
        if line.startswith(("C:", "C?")):
            client_was_last = True
        elif line.startswith(("S: ", "S! ")):
            if line[1] == "!":
                script += CLIENT_SAYS
            elif client_was_last:
                script += CLIENT_IS_DONE
            script += unescape(line[3:]) + (b"" if line.endswith("\\c") else b"\r\n")
            client_was_last = False
        elif line.startswith("== "):
            script += CLIENT_IS_DONE * client_was_last + EVENTS[line[3:-3]]
            client_was_last = False
    return script


def cut_off(script, number):
    """Up to the end of some line, and then one of the events that end it."""
    lines = script.splitlines(keepends=True)
    end = [b"\x03", b"\x04", b"\x05", b"\x06"][number % 4]
    return b"".join(lines[:number * 7 % len(lines) + 1]) + end


def write_seeds(directory):
    for number, path in enumerate(sorted(SESSIONS.glob("*.txt"))):
        lines = path.read_bytes().decode("latin-1").splitlines()
        account = next(line for line in lines if line.startswith("account:"))
        if "security=none" not in account:
            continue
        mails = read_mails(lines)
        settings = len(mails) - 1 if mails else ONLY_A_LOOK
        settings |= WAITS_FOR_MAILS * ("idle=" in account) | NO_EHLO_NAME * ("address=" in account)
        settings |= ONE_BUFFER * (number % 5 == 1) | NO_TEXT * (number % 7 == 2)
        clock = 254 * (number % 2) + ("lmtp=yes" in account)
        seed = bytes([settings, 0, 0, clock]) + b"".join(mails)
        script = read_script(lines)
        for variant, words in enumerate([script, script, cut_off(script, number)]):
            pace = PACES[(number + 2 * variant) % len(PACES)]
            (directory / f"{path.stem}-{variant}").write_bytes(seed + piece(pace) + words)


if __name__ == "__main__":
    write_seeds(pathlib.Path(sys.argv[1]))
