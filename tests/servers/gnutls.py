"""A server's side of TLS by GnuTLS, with the methods of ssl.SSLObject that the sink uses.

It does not know max_fragment_length (RFC 6066 4), as most large providers' servers do not: so its records
are as large as what is written at once. OpenSSL always agrees to it.
"""
from __future__ import annotations

import argparse
import ctypes
import errno
import ssl

LIBRARY = ctypes.CDLL("libgnutls.so.30")

# gnutls/gnutls.h
SERVER, CREDENTIALS_CERTIFICATE, SHUT_WR, PEM = 1, 1, 1, 1
E_AGAIN = -28
EXTENSION_PARSED_WITH_TLS, EXTENSION_FLAGS = 3, 1 | 2 | 4  # override ours; in the client's and server's hello
MAX_FRAGMENT_LENGTH = 1
VERSIONS = b"NORMAL:-VERS-ALL:+VERS-TLS1.2"
NAME_MAX = 256

TRANSPORT = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
EXTENSION = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
LIBRARY.gnutls_record_recv.restype = LIBRARY.gnutls_record_send.restype = ctypes.c_ssize_t
for name in ("strerror", "ciphersuite_get"):
    getattr(LIBRARY, f"gnutls_{name}").restype = ctypes.c_char_p

# Of the extension nothing is read and nothing is sent.
IGNORE = EXTENSION(lambda session, octets, length: 0)


def checked(result: int) -> int:
    if result == E_AGAIN:
        raise ssl.SSLWantReadError
    if result < 0:
        error = ssl.SSLError()
        error.reason = LIBRARY.gnutls_strerror(result).decode()
        raise error
    return result


class Session:
    def __init__(self, options: argparse.Namespace, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO) -> None:
        self.incoming, self.outgoing = incoming, outgoing
        self.credentials, self.session = ctypes.c_void_p(), ctypes.c_void_p()
        self.push, self.pull = TRANSPORT(self.send), TRANSPORT(self.receive)  # kept as long as the session
        path = options.chain.encode()
        checked(LIBRARY.gnutls_certificate_allocate_credentials(ctypes.byref(self.credentials)))
        checked(LIBRARY.gnutls_certificate_set_x509_key_file(self.credentials, path, path, PEM))
        checked(LIBRARY.gnutls_init(ctypes.byref(self.session), SERVER))
        checked(LIBRARY.gnutls_priority_set_direct(self.session, VERSIONS, None))
        checked(LIBRARY.gnutls_credentials_set(self.session, CREDENTIALS_CERTIFICATE, self.credentials))
        checked(LIBRARY.gnutls_session_ext_register(
            self.session, b"ignored", MAX_FRAGMENT_LENGTH, EXTENSION_PARSED_WITH_TLS, IGNORE, IGNORE,
            None, None, None, EXTENSION_FLAGS))
        LIBRARY.gnutls_transport_set_push_function(self.session, self.push)
        LIBRARY.gnutls_transport_set_pull_function(self.session, self.pull)

    def send(self, _: int, octets: int, length: int) -> int:
        return self.outgoing.write(ctypes.string_at(octets, length))

    def receive(self, _: int, room: int, length: int) -> int:
        octets = self.incoming.read(length)
        if not octets:
            LIBRARY.gnutls_transport_set_errno(self.session, errno.EAGAIN)
            return -1
        ctypes.memmove(room, octets, len(octets))
        return len(octets)

    def do_handshake(self) -> None:
        checked(LIBRARY.gnutls_handshake(self.session))

    def read(self, most: int) -> bytes:
        room = ctypes.create_string_buffer(most)
        length = checked(LIBRARY.gnutls_record_recv(self.session, room, ctypes.c_size_t(most)))
        if length == 0:
            raise ssl.SSLZeroReturnError
        return room.raw[:length]

    def write(self, octets: bytes) -> None:
        while octets:
            octets = octets[checked(LIBRARY.gnutls_record_send(self.session, octets,
                                                               ctypes.c_size_t(len(octets)))):]

    def unwrap(self) -> None:
        checked(LIBRARY.gnutls_bye(self.session, SHUT_WR))

    def version(self) -> str:
        return "TLSv1.2"

    def cipher(self) -> tuple[str]:
        return (LIBRARY.gnutls_ciphersuite_get(self.session).decode(),)

    def getpeercert(self) -> None:
        """It asks for none."""

    @property
    def server_name(self) -> str | None:
        """That the client asks for (RFC 6066 3)."""
        name, length, kind = ctypes.create_string_buffer(NAME_MAX), ctypes.c_size_t(NAME_MAX), ctypes.c_uint()
        found = LIBRARY.gnutls_server_name_get(self.session, name, ctypes.byref(length),
                                               ctypes.byref(kind), 0)
        return name.value.decode() if found == 0 else None
