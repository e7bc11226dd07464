#!/usr/bin/python3
"""flights.py STINT PORT CA USER PASSWORD-FILE: the generated parts of docs/starttls.md.

Sends one mail through a recording proxy and prints, as Markdown, what each flight was made of, and
the ClientHello octet by octet. A flight is what one side sends before it waits for the other.
"""

import dataclasses
import re
import select
import socket
import subprocess
import sys
import threading

MESSAGE = ("From: pump3@example.test\r\nTo: ops@example.test\r\nSubject: Pump 3\r\n"
           "\r\nPressure is low.\r\n")
CLIENT, SERVER = "client", "server"


@dataclasses.dataclass
class Flight:
    sender: str
    octets: bytes = b""


class Recorder:
    """Passes one connection on to the server, and keeps what was said in flights."""

    def __init__(self, port):
        self.flights = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.server_port = port
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def keep(self, sender, octets):
        if not self.flights or self.flights[-1].sender != sender:
            self.flights.append(Flight(sender))
        self.flights[-1].octets += octets

    def run(self):
        client, _ = self.listener.accept()
        server = socket.create_connection(("127.0.0.1", self.server_port))
        names = {client: CLIENT, server: SERVER}
        others = {client: server, server: client}
        while names:
            for ready in select.select(list(names), [], [])[0]:
                try:
                    octets = ready.recv(65536)
                    others[ready].sendall(octets)
                except OSError:
                    octets = b""
                if octets:
                    self.keep(names[ready], octets)
                else:
                    try:
                        others[ready].shutdown(socket.SHUT_WR)
                    except OSError:
                        pass
                    del names[ready]


RECORDS = {20: "ChangeCipherSpec", 21: "Alert", 22: "Handshake", 23: "data"}
MESSAGES = {1: "ClientHello", 2: "ServerHello", 4: "NewSessionTicket", 11: "Certificate",
            12: "ServerKeyExchange", 14: "ServerHelloDone", 16: "ClientKeyExchange",
            22: "CertificateStatus"}


def records(octets):
    """(type, length with header, fragment) of each TLS record."""
    while octets:
        length = int.from_bytes(octets[3:5], "big")
        yield octets[0], 5 + length, octets[5:5 + length]
        octets = octets[5 + length:]


def without_alert(flight):
    """The server's close_notify is left out: whether it still gets through is a matter of chance."""
    if flight.sender == SERVER and flight.octets[0] in RECORDS:
        kept, rest = b"", flight.octets
        for kind, length, _ in records(flight.octets):
            kept += rest[:length] if kind != 21 else b""
            rest = rest[length:]
        flight.octets = kept
    return flight


def handshake_messages(fragment):
    while fragment:
        length = int.from_bytes(fragment[1:4], "big")
        yield MESSAGES[fragment[0]], 4 + length
        fragment = fragment[4 + length:]


def describe_record(kind, fragment, encrypted):
    if kind == 22 and encrypted:
        return "Finished (encrypted)"
    if kind == 22:
        return ", ".join(f"{name} ({length})" for name, length in handshake_messages(fragment))
    return RECORDS[kind] + (" (encrypted)" if encrypted else "")


def describe_handshake(flight, encrypted):
    """What a flight of the handshake holds; `encrypted` has who sent ChangeCipherSpec already."""
    parts = []
    for kind, _, fragment in records(flight.octets):
        parts.append(describe_record(kind, fragment, flight.sender in encrypted))
        if kind == 20:
            encrypted.add(flight.sender)
    return "; ".join(parts)


def code(text):
    return " ".join(f"`{line}`" for line in text)


def dialogue(verbose):
    """The lines inside TLS by flights: what --verbose showed after the second EHLO began."""
    flights, sender = [], None
    lines = re.findall(r"^([CS]): (.*)$", verbose, re.M)
    second = [i for i, (who, line) in enumerate(lines) if who == "C" and line.startswith("EHLO")][1]
    for who, line in lines[second:]:
        if who != sender:
            flights.append((CLIENT if who == "C" else SERVER, []))
            sender = who
        flights[-1][1].append(line)
    return flights


def table(flights, verbose):
    inside, said = iter(dialogue(verbose)), []
    encrypted, rows = set(), []
    for number, flight in enumerate(flights, 1):
        if flight.octets[0] not in RECORDS:
            text, where = code(flight.octets.decode().splitlines()), "clear"
        elif flight.octets[0] == 23:
            sender, said = next(inside)
            assert sender == flight.sender, (sender, flight)
            count = len(list(records(flight.octets)))
            text, where = code(said), "TLS" + (f", {count} records" if count > 1 else "")
        elif flight.octets[0] == 21:
            text, where = "close_notify", "TLS"
        else:
            text, where = describe_handshake(flight, encrypted), "handshake"
        rows.append(f"| {number} | {flight.sender} | {where} | {text} | {len(flight.octets)} |")
    return ["| # | who | where | what | octets |", "|---:|---|---|---|---:|", *rows]


SUITES = {0xC02B: "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", 0xC02F: "ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          0xC02C: "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", 0xC030: "ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          0xCCA9: "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          0xCCA8: "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"}
GROUPS = {23: "secp256r1", 24: "secp384r1", 25: "secp521r1", 29: "x25519"}
HASHES = {3: "SHA224", 4: "SHA256", 5: "SHA384", 6: "SHA512"}
SIGNATURES = {1: "RSA", 3: "ECDSA"}
EXTENSIONS = {0: "server_name", 1: "max_fragment_length", 10: "supported_groups",
              11: "ec_point_formats", 13: "signature_algorithms", 16: "ALPN",
              0xFF01: "renegotiation_info"}


class Dump:
    """Takes a message apart, and notes what each run of octets is."""

    def __init__(self, octets):
        self.octets, self.at, self.lines = octets, 0, []

    def take(self, length, label, hide=False):
        run = self.octets[self.at:self.at + length]
        assert len(run) == length, "the message is shorter than it says"
        self.at += length
        for start in range(0, length, 16):
            part = run[start:start + 16]
            shown = " ".join(".." if hide else f"{octet:02x}" for octet in part)
            self.lines.append(f"{shown:<48} {label if start == 0 else ''}".rstrip())
        return run

    def number(self, length, label):
        """A number, shown in the label; "{n} octets" agrees with it."""
        value = int.from_bytes(self.octets[self.at:self.at + length], "big")
        self.take(length, label.format(value).replace(" 1 octets", " 1 octet"))
        return value


def extension_body(dump, kind, length):
    if kind == 0:
        dump.number(2, "  list, {} octets")
        dump.take(1, "  a host name")
        name = dump.number(2, "  {} octets")
        dump.take(name, "  the host: this is SNI")
    elif kind == 10:
        for _ in range(dump.number(2, "  {} octets") // 2):
            group = int.from_bytes(dump.octets[dump.at:dump.at + 2], "big")
            dump.take(2, "  " + GROUPS[group])
    elif kind == 13:
        for _ in range(dump.number(2, "  {} octets") // 2):
            hash_id, signature = dump.octets[dump.at:dump.at + 2]
            dump.take(2, f"  {SIGNATURES[signature]} with {HASHES[hash_id]}")
    elif length > 0:
        dump.take(length, {1: "  2^(8 + this) octets", 11: "  one: uncompressed",
                           0xFF01: "  a first handshake"}[kind])


def client_hello(octets):
    dump = Dump(octets)
    dump.take(1, "record: handshake")
    dump.take(2, "  version on the record layer: 3.3 is TLS 1.2")
    dump.number(2, "  {} octets follow")
    dump.take(1, "ClientHello")
    dump.number(3, "  {} octets follow")
    dump.take(2, "highest version: 3.3, TLS 1.2")
    dump.take(32, "random: from our entropy, new each time", hide=True)
    dump.number(1, "session id: {} octets, nothing to resume")
    for _ in range(dump.number(2, "cipher suites, {} octets, in our order") // 2):
        suite = int.from_bytes(dump.octets[dump.at:dump.at + 2], "big")
        dump.take(2, "  " + SUITES[suite])
    dump.take(dump.number(1, "compression methods: {}"), "  none")
    dump.number(2, "extensions, {} octets")
    while dump.at < len(octets):
        kind = int.from_bytes(dump.octets[dump.at:dump.at + 2], "big")
        dump.take(2, EXTENSIONS[kind])
        extension_body(dump, kind, dump.number(2, "  {} octets"))
    return dump.lines


def main():
    stint, port, ca, user, password_file = sys.argv[1:]
    recorder = Recorder(int(port))
    run = subprocess.run(
        [stint, "--server", f"localhost:{recorder.port}", "--tls", "starttls", "--ca", ca, "--user",
         user, "--password-file", password_file, "--helo", "pump3.example.test", "--verbose",
         "--from", "pump3@example.test", "--to", "ops@example.test"],
        input=MESSAGE, text=True, capture_output=True, timeout=60)
    assert run.returncode == 0, run.stderr
    recorder.thread.join()
    flights = [flight for flight in map(without_alert, recorder.flights) if flight.octets]
    hello = next(flight.octets for flight in flights if flight.octets[0] == 22)
    print("\n".join(table(flights, run.stderr)))
    print("\n<!-- ClientHello -->\n")
    print("```\n" + "\n".join(client_hello(hello)) + "\n```")


if __name__ == "__main__":
    main()
