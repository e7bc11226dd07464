"""Sockets on 127.0.0.1 and ::1, on one free port."""
import errno
import socket


def listen(port: int = 0) -> "list[socket.socket]":
    """Listening sockets on the port of both addresses, or of 127.0.0.1 where there is no IPv6."""
    while True:
        four = socket.create_server(("127.0.0.1", port))
        try:
            address = ("::1", four.getsockname()[1])
            return [four, socket.create_server(address, family=socket.AF_INET6)]
        except OSError as error:
            if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                return [four]
            four.close()
            if port or error.errno != errno.EADDRINUSE:
                raise
