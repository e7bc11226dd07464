#!/usr/bin/python3
r"""sink.py DIR [OPTION]...: a strict SMTP server that keeps octets and does what real servers do not.

It listens on a free port of 127.0.0.1 and ::1, prints the port, and serves until it is killed or
its parent ends. When connection number S (from 1) has ended, there is
  DIR/S.wire          every octet that the client sent, decrypted where there was TLS
  DIR/S-M.eml         the content of its Mth message, without the dots that stuffing added
  DIR/sessions.jsonl  one more line, written last, an object with
    session     S
    commands    the command lines
    replies     what was answered
    faults      whatever a strict server minds; empty for a client without fault
    messages    [{from, parameters, rcpt, rcpt_parameters, file, octets, accepted}]; accepted: answered
                by 2yz; of those in rcpt rcpt_parameters has what stood behind each
    partial     octets of content that came without its end, or null
    auth        [[mechanism, user, password]]
    tls         null, {version, cipher, name} (name: sent by the client, or null) or {error}
    quit        whether QUIT came
    end         how the client ended: close_notify | fin | reset | TLS: why; or ours: we reset, or waited
                too long

What EHLO offers: PIPELINING, SIZE, 8BITMIME, ENHANCEDSTATUSCODES; STARTTLS; within TLS, AUTH.
  --without KEYWORD   not this one
  --offer LINE        this too; what it means is known of CHUNKING and BINARYMIME (RFC 3030), of
                      'LIMITS RCPTMAX=5 MAILMAX=2 RCPTDOMAINMAX=1' (RFC 9422), and of what parameters.py
                      has: SMTPUTF8, DSN, REQUIRETLS, MT-PRIORITY, 'DELIVERBY 60', 'FUTURERELEASE 3600 DATE'
  --mechanisms LIST   after AUTH (PLAIN LOGIN)
  --sasl LIBRARY      what AUTH makes of them is left to this one: cyrus or gnu (sasl.py)
  --behind-nonce TEXT in SCRAM's first message this, not the library's salt and count
  --stripped          and it would bind them to the channel, but somebody took -PLUS out of LIST
  --bound-to FILE     with -PLUS: to another chain than that which it shows
  --clear-auth        AUTH before TLS as well
  --user U --password P  who may come in
TLS:
  --chain FILE        key and chain; without it there is no STARTTLS
  --address A         listen here, not on loopback
  --port N            and on this port
  --implicit          TLS from the first octet
  --curve NAME        of the key exchange, as OpenSSL calls it
  --cipher NAME       the only one, likewise
  --client-ca FILE    ask for a client certificate, which one of these roots vouches for
  --client-ca-if-any FILE   the same, but none will do
  --resume            a ticket of one connection is good on the next (RFC 5077)
  --large-records     max_fragment_length (RFC 6066 4) is not known, so an answer is one record

Faults of the server. A POINT is a place where it answers: GREETING EHLO HELO STARTTLS AUTH (the last
answer) CHALLENGE (the others) MAIL RCPT DATA BDAT (a chunk that is not the last) DOT (the end of the
content, by DATA or BDAT) RSET NOOP QUIT; or TLS, in place of the handshake; or BODY.N, when N octets of
content have come. POINT.N is its Nth time only, as in EHLO.2 or RCPT.3.
  --reply POINT=TEXT     answer this; escapes as in Python (\r \n \x00); CRLF is added. What follows
                         depends on its code: a 250 to MAIL begins a message, a 220 to STARTTLS begins
                         the handshake. STARTTLS='220 go\r\n250 more' puts octets behind the 220.
  --do POINT=ACTION      behind that reply, or in place of any:
                           close     FIN, in TLS after close_notify
                           truncate  FIN without close_notify
                           reset     RST
                           stall     say nothing more, but read
                           freeze    do nothing more at all
  --delay POINT=SECONDS    answer so much later
  --trickle POINT=SECONDS  so much before each octet of the answer
"""
from __future__ import annotations

import argparse
import base64
import binascii
import collections
import hashlib
import json
import os
import re
import select
import socket
import ssl
import struct
import sys
import threading
import time
import typing

import gnutls
import loopback
import parameters
import sasl

KEYWORDS = ["PIPELINING", "SIZE 33554432", "8BITMIME", "ENHANCEDSTATUSCODES"]
REPLIES = {
    "GREETING": "220 sink.example.test ESMTP",
    "HELO": "250 sink.example.test",
    "STARTTLS": "220 2.0.0 go ahead",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go on",
    "BDAT": "250 2.0.0 go on",
    "DOT": "250 2.0.0 kept",
    "RSET": "250 2.0.0 ok",
    "NOOP": "250 2.0.0 ok",
    "QUIT": "221 2.0.0 bye",
}
POINT = re.compile(r"(GREETING|EHLO|HELO|STARTTLS|AUTH|CHALLENGE|MAIL|RCPT|DATA|BDAT|DOT|RSET|NOOP|"
                   r"QUIT)(\.\d+)?|TLS|BODY\.\d+")
ACTIONS = {"close", "truncate", "reset", "stall", "freeze"}

HELLO = re.compile(
    rb"(?:EHLO|HELO) (?:\[[0-9.]+\]|\[IPv6:[0-9A-F:.]+\]|[A-Z0-9](?:[A-Z0-9.-]*[A-Z0-9])?)", re.I)
CHUNK = re.compile(rb"BDAT (\d+)( LAST)?", re.I)
ENVELOPE = re.compile(
    rb"(MAIL FROM|RCPT TO):<([^<>\s\x00-\x1f\x7f]*)>((?: [A-Z0-9][A-Z0-9-]*(?:=[!-<>-~]+)?)*)", re.I)
# RFC 2920 section 3.1: these may only end a group of commands.
GROUP_ENDS = ["EHLO", "HELO", "STARTTLS", "AUTH", "DATA", "NOOP", "QUIT"]
AUTH_LINE_MAX = 12288  # RFC 4954 section 4

GRACE = 0.005     # seconds that octets sent too early have to arrive
PATIENCE = 120.0  # seconds that a client may be silent


class Ended(Exception):
    """The connection has ended; the text says how, as in `end` above."""


class Openssl(ssl.SSLObject):
    server_name: str | None = None  # that the client asks for (RFC 6066 3)


def make_context(options: argparse.Namespace) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sslobject_class = Openssl
    context.set_ciphers(f"{options.cipher}:@SECLEVEL=0")  # weak certificates are served too
    context.load_cert_chain(options.chain)
    if options.curve:
        context.set_ecdh_curve(options.curve)
    if options.client_ca or options.client_ca_if_any:
        context.load_verify_locations(options.client_ca or options.client_ca_if_any)
        context.verify_mode = ssl.CERT_REQUIRED if options.client_ca else ssl.CERT_OPTIONAL
    context.sni_callback = lambda tls, name, context: setattr(tls, "server_name", name)
    return context


def openssl(options: argparse.Namespace, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO) -> Openssl:
    """The key of tickets is the context's."""
    context = options.context or make_context(options)
    options.context = context if options.resume else None
    return context.wrap_bio(incoming, outgoing, server_side=True)


def common_name(certificate: dict[str, typing.Any] | None) -> str | None:
    """Of the client, if it has shown a certificate that is good."""
    names = (dict(part) for part in (certificate or {}).get("subject", ()))
    return next((name["commonName"] for name in names if "commonName" in name), None)


class Channel:
    """The connection: octets to and from the client, in clear or through TLS.

    TLS works on memory, not on the socket, because an SSLSocket does not tell FIN from RST, and
    waits for the client's close_notify.
    """

    def __init__(self, sock: socket.socket) -> None:
        sock.settimeout(PATIENCE)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = sock
        self.was_reset = False
        self.tls: Openssl | gnutls.Session | None = None
        self.unsent = bytearray()
        self.incoming = ssl.MemoryBIO()
        self.outgoing = ssl.MemoryBIO()

    def receive_raw(self) -> bytes:
        self.flush()
        try:
            octets = self.sock.recv(65536)
        except BlockingIOError:
            raise
        except TimeoutError:
            raise Ended("ours") from None
        except OSError:
            self.was_reset = True
            octets = b""
        if not octets:
            raise Ended("reset" if self.was_reset else "fin")
        return octets

    def receive(self) -> bytes:
        """One octet at least."""
        while self.tls:
            try:
                octets = self.tls.read(65536)
                if octets:
                    return octets
                raise Ended("close_notify")
            except ssl.SSLZeroReturnError:
                raise Ended("close_notify") from None
            except ssl.SSLWantReadError:
                self.incoming.write(self.receive_raw())
            except ssl.SSLError as error:
                raise Ended(f"TLS: {error.reason}") from None
        return self.receive_raw()

    def receive_now(self) -> bytes:
        """What is there, or comes within GRACE; maybe nothing."""
        if not self.incoming.pending and not select.select([self.sock], [], [], GRACE)[0]:
            return b""
        self.sock.settimeout(0)
        try:
            return self.receive()
        except (BlockingIOError, Ended):
            return b""  # the next receive() finds the same end
        finally:
            self.sock.settimeout(PATIENCE)

    def send(self, octets: bytes) -> None:
        """Keep them until there is nothing to read: the answers to a group of commands leave
        together (RFC 2920 section 3.2)."""
        self.unsent += octets

    def flush(self) -> None:
        octets = bytes(self.unsent)
        self.unsent.clear()
        if octets and self.tls:
            self.tls.write(octets)
            octets = self.outgoing.read()
        if octets:
            self.send_raw(octets)

    def send_raw(self, octets: bytes) -> None:
        try:
            self.sock.sendall(octets)
        except ConnectionResetError:
            self.was_reset = True  # which is said once, not again to recv()
        except OSError:
            pass  # the client has ended, and receive() finds how

    def handshake(self, tls: Openssl | gnutls.Session) -> dict[str, str | None]:
        self.flush()
        done = False
        while not done:
            try:
                tls.do_handshake()
                done = True
            except ssl.SSLWantReadError:
                self.send_raw(self.outgoing.read())
                self.incoming.write(self.receive_raw())
            finally:
                self.send_raw(self.outgoing.read())  # the last flight, or an alert
        self.tls = tls
        cipher = tls.cipher()
        return {"version": tls.version(), "cipher": cipher and cipher[0],
                "name": tls.server_name, "client": common_name(tls.getpeercert())}

    def finish(self, close_notify: bool) -> None:
        """End our direction."""
        self.flush()
        if self.tls and close_notify:
            try:
                self.tls.unwrap()
            except ssl.SSLError:
                pass  # the client's has not come yet
            self.send_raw(self.outgoing.read())
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


class Chunks:
    """What has come of a message by BDAT."""

    def __init__(self) -> None:
        self.content = bytearray()
        self.failed = False  # a chunk was refused: so are all that follow


class Session:
    """One connection's conversation, from the greeting to the line in sessions.jsonl."""

    def __init__(self, options: argparse.Namespace, number: int, sock: socket.socket) -> None:
        self.options = options
        self.channel = Channel(sock)
        self.buffer = bytearray()
        self.wire = bytearray()
        self.times: collections.Counter[str] = collections.Counter()
        self.keywords: list[str] = []
        self.offers: dict[str, str] = {}  # the same, with what stands behind each
        self.limits: dict[str, str] = {}
        self.transactions = 0
        self.log: dict[str, typing.Any] = {
            "session": number, "commands": [], "replies": [], "faults": [], "messages": [],
            "partial": None, "auth": [], "tls": None, "quit": False, "end": None}
        self.said = ""  # the first digit of the latest answer
        self.authenticated = False
        self.mail: dict[str, typing.Any] | None = None
        self.chunks: Chunks | None = None  # of the present message
        self.marks: list[int] = []         # where in the content there is something to answer

    def fault(self, text: str) -> None:
        self.log["faults"].append(text)

    def keep(self, octets: bytes) -> None:
        self.wire += octets
        self.buffer += octets

    def receive_early(self) -> bool:
        """Whether the client sent more than it may before it has an answer."""
        if not self.buffer:
            self.keep(self.channel.receive_now())
        return bool(self.buffer)

    def line(self) -> bytes:
        while b"\n" not in self.buffer:
            if len(self.buffer) > 65536:
                self.fault("command line without end")
                self.act("reset")
            self.keep(self.channel.receive())
        line, _, self.buffer = self.buffer.partition(b"\n")
        if not line.endswith(b"\r"):
            self.fault(f"command line ends in bare LF: {bytes(line[:60])!r}")
        return bytes(line.removesuffix(b"\r"))

    # Answers

    def scripted(self, table: dict[str, str], point: str) -> str | None:
        return table.get(f"{point}.{self.times[point]}", table.get(point))

    def answer(self, point: str, reply: str | None = None) -> str:
        """Answer as the script wants it, or else reply. Returns the first digit of what was said."""
        self.times[point] += 1
        wanted = self.scripted(self.options.reply, point)
        action = self.scripted(self.options.do, point)
        if wanted is not None or action:
            reply = wanted
        self.said = reply[:1] if reply else ""
        delay = float(self.scripted(self.options.delay, point) or 0)
        if delay:
            self.channel.flush()
            time.sleep(delay)
        if reply is not None:
            self.log["replies"].append(reply)
            pause = float(self.scripted(self.options.trickle, point) or 0)
            octets = reply.encode("latin-1") + b"\r\n"
            if pause:
                self.trickle(octets, pause)
            else:
                self.channel.send(octets)
        if action:
            self.act(action)
        return self.said

    def trickle(self, octets: bytes, pause: float) -> None:
        for octet in octets:
            self.channel.flush()
            time.sleep(pause)
            self.channel.send(bytes([octet]))

    def act(self, action: str) -> typing.NoReturn:
        self.channel.flush()
        if action == "reset":
            self.channel.reset()
            raise Ended("ours")
        if action == "freeze":
            ended = select.poll()
            ended.register(self.channel.sock, select.POLLRDHUP)
            ended.poll(PATIENCE * 1000)
        elif action != "stall":
            self.channel.finish(close_notify=action == "close")
        self.drain()

    def drain(self) -> typing.NoReturn:
        """Read to the end: to close with octets unread would be a reset."""
        while True:
            self.keep(self.channel.receive())

    def handshake(self) -> None:
        if "TLS" in self.options.reply or "TLS" in self.options.do:
            self.answer("TLS")
            self.drain()
        try:
            begin = gnutls.Session if self.options.large_records else openssl
            tls = begin(self.options, self.channel.incoming, self.channel.outgoing)
            self.log["tls"] = self.channel.handshake(tls)
        except ssl.SSLError as error:
            self.log["tls"] = {"error": error.reason}
            self.drain()

    def forget(self) -> None:
        self.mail = self.chunks = None

    # Commands. Each takes the command line and answers.

    def ehlo(self, line: bytes) -> None:
        if not HELLO.fullmatch(line) or line[5:].lower() == b"localhost":
            self.fault(f"EHLO with a bad name: {line!r}")
        secure = self.channel.tls is not None
        offers = list(KEYWORDS)
        if self.options.chain and not secure:
            offers.append("STARTTLS")
        if secure or self.options.clear_auth:
            offers.append("AUTH " + self.options.mechanisms)
        offers = [offer for offer in offers if offer.split()[0] not in self.options.without]
        lines = ["sink.example.test", *offers, *self.options.offer]
        text = [f"250-{text}" for text in lines[:-1]] + [f"250 {lines[-1]}"]
        self.forget()
        if self.answer("EHLO", "\r\n".join(text)) == "2":
            self.offers = {keyword.upper(): rest for keyword, _, rest in
                           (text.partition(" ") for text in lines[1:])}
            self.keywords = ["EHLO"] + [re.split("[ =]", text)[0].upper() for text in lines[1:]]
            limits = [text for text in lines[1:] if text.upper().startswith("LIMITS ")]
            self.limits = dict(re.findall(r"(\w+)=(\d+)", " ".join(limits).upper()))

    def helo(self, line: bytes) -> None:
        if not HELLO.fullmatch(line):
            self.fault(f"HELO with a bad name: {line!r}")
        self.forget()
        if self.answer("HELO", REPLIES["HELO"]) == "2":
            self.offers = {}
            self.keywords = ["HELO"]

    def starttls(self, line: bytes) -> None:
        if "STARTTLS" not in self.keywords or line.upper() != b"STARTTLS":
            self.fault(f"STARTTLS not offered, or with a parameter: {line!r}")
        if self.answer("STARTTLS", REPLIES["STARTTLS"]) == "2":
            self.handshake()
            self.buffer.clear()
            self.keywords = []
            self.offers = {}

    def binding(self) -> bytes:
        """tls-server-end-point (RFC 5929 4.1) of a certificate that is signed with SHA-256."""
        with open(self.options.bound_to or self.options.chain, encoding="ascii") as file:
            leaf = re.search("-----BEGIN CERT.*?-----END CERTIFICATE-----", file.read(), re.S)
        assert leaf
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(leaf[0])).digest()

    def auth_by_library(self, mechanism: str, initial: bytes) -> bool:
        """What a library makes of it. The challenges are the library's unless the script has others."""
        begin = {"cyrus": sasl.cyrus, "gnu": sasl.gnu}[self.options.sasl]
        binds = self.options.stripped or "-PLUS" in self.options.mechanisms
        exchange = begin(mechanism, self.options.user, self.options.password, self.binding() if binds else None,
                         self.log["tls"]["client"])
        self.log["auth"].append([mechanism])
        said = None
        if initial:
            said = b"" if initial == b"=" else base64.b64decode(initial, validate=True)
        while True:
            challenge = exchange(said)
            if isinstance(challenge, bool):
                return challenge
            if self.options.behind_nonce and challenge.startswith(b"r="):
                challenge = challenge.split(b",")[0] + self.options.behind_nonce.encode()
            if self.answer("CHALLENGE", f"334 {base64.b64encode(challenge).decode()}") != "3":
                raise ValueError
            line = self.line()
            if line == b"*":
                self.log["auth"][-1].append("cancelled")
                raise ValueError
            said = base64.b64decode(line, validate=True)

    def auth(self, line: bytes) -> None:
        mechanism, _, initial = line[5:].partition(b" ")
        if not self.channel.tls:
            self.fault("AUTH in clear")
        if "AUTH" not in self.keywords or self.authenticated or self.mail:
            self.fault("AUTH out of turn")

        def response(challenge: bytes) -> bytes:
            text = base64.b64encode(challenge).decode()
            if self.answer("CHALLENGE", f"334 {text}") != "3":
                raise ValueError
            return base64.b64decode(self.line(), validate=True)

        def first() -> bytes:
            return b"" if initial == b"=" else base64.b64decode(initial, validate=True)

        try:
            if self.options.sasl:
                good = self.auth_by_library(mechanism.decode("ascii"), initial)
                self.end_auth(good)
                return
            if mechanism.upper() == b"PLAIN":
                _, user, password = (first() if initial else response(b"")).split(b"\0")
            elif mechanism.upper() == b"LOGIN":
                user = first() if initial else response(b"Username:")
                password = response(b"Password:")
            else:
                self.answer("AUTH", "504 5.5.4 no such mechanism")
                return
        except (ValueError, binascii.Error):
            if not self.options.sasl:
                self.fault("AUTH response malformed")
            self.answer("AUTH", "501 5.5.2 malformed")
            return
        who = [user.decode("utf-8", "backslashreplace"),
               password.decode("utf-8", "backslashreplace")]
        self.log["auth"].append([mechanism.decode("ascii").upper(), *who])
        self.end_auth(who == [self.options.user, self.options.password])

    def end_auth(self, good: bool) -> None:
        reply = "235 2.7.0 come in" if good else "535 5.7.8 no"
        self.authenticated = self.answer("AUTH", reply) == "2"

    def envelope(self, line: bytes) -> None:
        verb = line[:4].decode().upper()
        match = ENVELOPE.fullmatch(line)
        if not match or not match[1].upper().startswith(verb.encode()):
            self.fault(f"syntax: {line!r}")
            self.answer(verb, f"501 5.5.4 {verb} malformed")
            return
        address = match[2].decode("utf-8", "backslashreplace")
        found = parameters.read(match[3].decode("ascii").split())
        for fault in parameters.faults(verb, found, self.offers, self.channel.tls is not None):
            self.fault(f"{fault}: {line!r}")
        if not match[2].isascii() and "SMTPUTF8" not in (dict(found) if verb == "MAIL" else
                                                         (self.mail or {}).get("parameters", {})):
            self.fault(f"not ASCII, without SMTPUTF8: {line!r}")
        if verb == "MAIL":
            if not self.keywords or self.mail:
                self.fault("MAIL out of turn")
                self.answer(verb, "503 5.5.1 MAIL out of turn")
            elif "AUTH" in self.keywords and not self.authenticated:
                self.answer(verb, "530 5.7.0 authenticate first")
            elif self.over("MAILMAX", self.transactions + 1):
                self.answer(verb, "452 4.5.3 too many mails")
            elif self.answer(verb, REPLIES[verb]) == "2":
                self.transactions += 1
                self.chunks = None
                self.mail = {"from": address, "parameters": dict(found), "rcpt": [],
                             "rcpt_parameters": []}
        elif not self.mail:
            self.answer(verb, "503 5.5.1 no MAIL")
        elif self.chunks:
            self.fault("RCPT behind BDAT")
            self.answer(verb, "503 5.5.1 BDAT was begun")
        else:
            self.recipient(self.mail, address, dict(found))

    def recipient(self, mail: dict[str, typing.Any], address: str, found: dict[str, str]) -> None:
        accepted = mail["rcpt"]
        domains = {each.rpartition("@")[2].lower() for each in [*accepted, address]}
        if (self.over("RCPTMAX", len(accepted) + 1)
                or self.over("RCPTDOMAINMAX", len(domains))):
            self.answer("RCPT", "452 4.5.3 too many recipients")
        elif self.answer("RCPT", REPLIES["RCPT"]) == "2":
            accepted.append(address)
            mail["rcpt_parameters"].append(found)

    def over(self, limit: str, count: int) -> bool:
        """Whether the client exceeds what it was told (RFC 9422)."""
        exceeded = count > int(self.limits.get(limit, count))
        if exceeded:
            self.fault(f"more than {limit}={self.limits[limit]}")
        return exceeded

    def data(self, line: bytes) -> None:
        if not self.mail or not self.mail["rcpt"]:
            self.answer("DATA", "503 5.5.1 no recipient")
        elif self.chunks or self.mail["parameters"].get("BODY") == "BINARYMIME":
            self.fault("DATA where only BDAT may be")
            self.answer("DATA", "503 5.5.1 BDAT was begun, or is needed")
        elif self.answer("DATA", REPLIES["DATA"]) == "3":
            self.content(self.mail)
            self.forget()

    def content(self, mail: dict[str, typing.Any]) -> None:
        """The content after DATA, to its dot."""
        self.begin_content()
        searched = 0
        while True:
            self.content_came(len(self.buffer))
            if self.buffer.startswith(b".\r\n"):
                end = 0
                break
            found = self.buffer.find(b"\r\n.\r\n", searched)
            if found >= 0:
                end = found + 2
                break
            searched = max(0, len(self.buffer) - 4)
            self.keep(self.channel.receive())
        content = re.sub(rb"(\A|\r\n)\.", rb"\1", self.buffer[:end])
        self.buffer = self.buffer[end + 3:]
        self.end_content(mail, content)

    def bdat(self, line: bytes) -> None:
        """A chunk (RFC 3030): exactly so many octets, to be read whatever is answered."""
        match = CHUNK.fullmatch(line)
        if not match:
            self.fault(f"syntax: {line!r}")
            self.answer("BDAT", "501 5.5.4 BDAT malformed")
            return
        size, last = int(match[1]), match[2] is not None
        if not self.chunks:
            self.chunks = Chunks()
            self.begin_content()
        chunk = self.read_chunk(size, len(self.chunks.content))
        self.chunks.content += chunk
        if not self.mail or not self.mail["rcpt"] or self.chunks.failed:
            self.chunks.failed = True
            self.log["partial"] = None if last else len(self.chunks.content)
            self.answer("DOT" if last else "BDAT", "503 5.5.1 no recipient, or a chunk was refused")
        elif last:
            mail, content = self.mail, bytes(self.chunks.content)
            self.forget()
            self.end_content(mail, content)
        else:
            self.mind_octets_behind("a chunk")
            self.chunks.failed = self.answer("BDAT", REPLIES["BDAT"]) != "2"

    def read_chunk(self, size: int, before: int) -> bytes:
        while True:
            self.content_came(before + min(size, len(self.buffer)))
            if len(self.buffer) >= size:
                break
            self.keep(self.channel.receive())
        chunk = bytes(self.buffer[:size])
        del self.buffer[:size]
        return chunk

    def begin_content(self) -> None:
        points = {**self.options.reply, **self.options.do}
        self.marks = sorted(int(point[5:]) for point in points if point.startswith("BODY."))

    def content_came(self, octets: int) -> None:
        """So many in all."""
        self.log["partial"] = octets
        while self.marks and octets >= self.marks[0]:
            self.answer(f"BODY.{self.marks.pop(0)}")

    def end_content(self, mail: dict[str, typing.Any], content: bytes) -> None:
        self.log["partial"] = None
        if mail["parameters"].get("BODY") != "BINARYMIME":
            self.check(content, mail["parameters"].get("BODY") == "8BITMIME")
        header = content.partition(b"\r\n\r\n")[0]
        if not header.isascii() and "SMTPUTF8" not in mail["parameters"]:
            self.fault("a header that is not ASCII, without SMTPUTF8")
        name = f"{self.log['session']}-{len(self.log['messages']) + 1}.eml"
        with open(os.path.join(self.options.dir, name), "wb") as file:
            file.write(content)
        mail.update(file=name, octets=len(content), accepted=False)
        self.log["messages"].append(mail)
        self.mind_octets_behind("the content")
        try:
            self.answer("DOT", REPLIES["DOT"])
        finally:
            mail["accepted"] = self.said == "2"

    def mind_octets_behind(self, what: str) -> None:
        if "PIPELINING" not in self.keywords and self.receive_early():
            self.fault(f"octets behind {what}, without PIPELINING")

    def check(self, content: bytes, eight_bit: bool) -> None:
        rest = content.replace(b"\r\n", b"")
        for octet, name in ((b"\n", "bare LF"), (b"\r", "bare CR"), (b"\0", "NUL")):
            if octet in rest:
                self.fault(f"{name} in the content")
        if not eight_bit and not rest.isascii():
            self.fault("8-bit content without BODY=8BITMIME")
        longest = max(map(len, content.split(b"\r\n")))
        if longest > 998:
            self.fault(f"content line of {longest} octets")

    def rset(self, line: bytes) -> None:
        self.forget()
        self.answer("RSET", REPLIES["RSET"])

    def noop(self, line: bytes) -> None:
        self.answer("NOOP", REPLIES["NOOP"])

    def quit(self, line: bytes) -> None:
        self.log["quit"] = True
        self.answer("QUIT", REPLIES["QUIT"])
        self.channel.finish(close_notify=True)
        self.drain()

    def command(self) -> None:
        line = self.line()
        self.log["commands"].append(line.decode("latin-1"))
        verb = line[:8].upper() if line[:8].upper() == b"STARTTLS" else line[:4].upper()
        name = verb.decode("latin-1")
        longest = AUTH_LINE_MAX if name == "AUTH" else parameters.line_limit(name, self.offers)
        if len(line) + 2 > longest:
            self.fault(f"command line of {len(line) + 2} octets")
        alone = name in GROUP_ENDS or ("PIPELINING" not in self.keywords and name != "BDAT")
        if alone and self.receive_early():
            self.fault(f"octets behind {name} before its answer")
        commands = {
            "EHLO": self.ehlo, "HELO": self.helo, "STARTTLS": self.starttls, "AUTH": self.auth,
            "MAIL": self.envelope, "RCPT": self.envelope, "DATA": self.data, "RSET": self.rset,
            "NOOP": self.noop, "QUIT": self.quit}
        if "CHUNKING" in self.keywords:
            commands["BDAT"] = self.bdat
        if name in commands and line[len(name):len(name) + 1] in (b"", b" "):
            commands[name](line)
        else:
            self.fault(f"unknown command: {line[:60]!r}")
            self.channel.send(b"500 5.5.1 unknown command\r\n")

    def run(self) -> None:
        try:
            if self.options.implicit:
                self.handshake()
            if self.receive_early():
                self.fault("octets before the greeting")
            self.answer("GREETING", REPLIES["GREETING"])
            while True:
                self.command()
        except Ended as ended:
            self.log["end"] = str(ended)
        except Exception as error:  # a fault of this program must not leave the test waiting
            self.fault(f"sink: {error!r}")
            raise
        finally:
            self.channel.sock.close()
            if self.log["quit"] and self.buffer:
                self.fault("octets behind QUIT")
            self.write()

    def write(self) -> None:
        folder = self.options.dir
        with open(os.path.join(folder, f"{self.log['session']}.wire"), "wb") as file:
            file.write(self.wire)
        line = json.dumps(self.log) + "\n"
        with open(os.path.join(folder, "sessions.jsonl"), "ab") as file:
            file.write(line.encode())  # in one write, so that other sessions' lines stay whole


def point_and_text(argument: str) -> tuple[str, str]:
    point, equals, text = argument.partition("=")
    if not equals or not POINT.fullmatch(point):
        raise argparse.ArgumentTypeError(f"not POINT=...: {argument}")
    return point, text.encode("latin-1", "backslashreplace").decode("unicode_escape")


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("dir")
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("--offer", action="append", default=[])
    parser.add_argument("--mechanisms", default="PLAIN LOGIN")
    parser.add_argument("--sasl", choices=["cyrus", "gnu"])
    parser.add_argument("--behind-nonce")
    parser.add_argument("--resume", action="store_true")
    parser.set_defaults(context=None)
    parser.add_argument("--stripped", action="store_true")
    parser.add_argument("--bound-to")
    parser.add_argument("--clear-auth", action="store_true")
    parser.add_argument("--user", default="tester@example.test")
    parser.add_argument("--password", default="s3cret Pa55")
    parser.add_argument("--chain")
    parser.add_argument("--address")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--implicit", action="store_true")
    parser.add_argument("--curve")
    parser.add_argument("--cipher", default="DEFAULT")
    parser.add_argument("--client-ca")
    parser.add_argument("--client-ca-if-any")
    parser.add_argument("--large-records", action="store_true")
    for name in ("--reply", "--do", "--delay", "--trickle"):
        parser.add_argument(name, type=point_and_text, action="append", default=[])
    options = parser.parse_args(arguments)
    for name in ("reply", "do", "delay", "trickle"):
        setattr(options, name, dict(getattr(options, name)))
    if not ACTIONS.issuperset(options.do.values()):
        parser.error(f"--do POINT= one of {' '.join(sorted(ACTIONS))}")
    return options


def main() -> None:
    options = parse(sys.argv[1:])
    os.makedirs(options.dir, exist_ok=True)
    if options.address:
        listeners = [socket.create_server((options.address, options.port))]
    else:
        listeners = loopback.listen(options.port)
    if "freeze" in options.do.values():
        for listener in listeners:  # so that a frozen sink's client soon cannot write any more
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    parent = os.getppid()
    print(listeners[0].getsockname()[1], flush=True)
    number = 0
    while os.getppid() == parent:
        for listener in select.select(listeners, [], [], 1)[0]:
            number += 1
            session = Session(options, number, listener.accept()[0])
            threading.Thread(target=session.run, daemon=True).start()


if __name__ == "__main__":
    main()
