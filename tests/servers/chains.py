"""Servers in threads of the test that show one chain to one client, by TLS from the first octet,
and keep what it says then. RealServer is OpenSSL's; BareServer sends what OpenSSL cannot."""
from __future__ import annotations

import pathlib
import socket
import ssl
import threading

import loopback

PATIENCE = 10.0


class Server:
    """`said`: what the client sent once it had the chain."""

    def __init__(self) -> None:
        self.said = b""
        self.sockets = loopback.listen()
        self.port = self.sockets[0].getsockname()[1]
        self.threads = [threading.Thread(target=self.run, args=[each], daemon=True)
                        for each in self.sockets]

    def __enter__(self) -> Server:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """What was accepted is served to its end."""
        for each in self.sockets:
            each.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join()
        for each in self.sockets:
            each.close()

    def run(self, listening: socket.socket) -> None:
        try:
            connection = listening.accept()[0]
        except OSError:
            return  # nobody came
        connection.settimeout(PATIENCE)
        with connection:
            self.serve(connection)

    def serve(self, connection: socket.socket) -> None:
        raise NotImplementedError


class RealServer(Server):
    """`refused`: why the handshake failed, if it did; what was said is decrypted."""

    def __init__(self, key_and_chain: pathlib.Path) -> None:
        super().__init__()
        self.refused = ""
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.set_ciphers("DEFAULT:@SECLEVEL=0")  # weak certificates are shown, too
        self.context.load_cert_chain(key_and_chain)

    def serve(self, connection: socket.socket) -> None:
        try:
            with self.context.wrap_socket(connection, server_side=True) as tls:
                tls.settimeout(1)  # only a client that accepted the chain comes here
                tls.sendall(b"220 chains.example.test ESMTP\r\n")
                while octets := tls.recv(65536):
                    self.said += octets
        except TimeoutError:
            pass
        except OSError as error:
            self.refused = str(error)


HANDSHAKE, TLS12 = 22, b"\x03\x03"
SERVER_HELLO, CERTIFICATE = 2, 11
RECORD_MAX = 16384
ECDHE_RSA, ECDHE_ECDSA = b"\xC0\x2F", b"\xC0\x2B"  # with AES_128_GCM_SHA256, always offered


def vector(octets: bytes, size: int) -> bytes:
    """RFC 5246 4.3: with its length in `size` octets before it."""
    return len(octets).to_bytes(size, "big") + octets


def hello_and_certificate(chain: list[bytes], suite: bytes) -> bytes:
    hello = TLS12 + bytes(32) + vector(b"", 1) + suite + b"\0"
    certificates = vector(b"".join(vector(der, 3) for der in chain), 3)
    messages = (bytes([SERVER_HELLO]) + vector(hello, 3)
                + bytes([CERTIFICATE]) + vector(certificates, 3))
    return b"".join(bytes([HANDSHAKE]) + TLS12 + vector(messages[at:at + RECORD_MAX], 2)
                    for at in range(0, len(messages), RECORD_MAX))


class BareServer(Server):
    """Knows as much of TLS 1.2 as comes before the chain is judged, and has no keys. What was said
    is the records behind the ClientHello."""

    def __init__(self, chain: list[bytes], suite: bytes = ECDHE_RSA) -> None:
        super().__init__()
        self.flight = hello_and_certificate(chain, suite)

    def serve(self, connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            header = stream.read(5)
            stream.read(int.from_bytes(header[3:], "big"))
            connection.sendall(self.flight)
            self.said = stream.read()
