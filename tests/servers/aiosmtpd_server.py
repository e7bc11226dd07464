#!/usr/bin/python3
"""aiosmtpd_server.py DIR --user U --password P --chain FILE: aiosmtpd, a server without PIPELINING and
CHUNKING.

It wants STARTTLS and AUTH on a free port of 127.0.0.1 and ::1, prints the port, keeps what it takes in
DIR, a file each, and serves until it is killed or its parent ends. With --no-tickets it knows sessions
by their ID alone.
"""
import argparse
import asyncio
import itertools
import os
import ssl

import loopback
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Keeper:
    def __init__(self, folder):
        self.folder = folder
        self.numbers = itertools.count(1)

    async def handle_DATA(self, server, session, envelope):
        path = os.path.join(self.folder, str(next(self.numbers)))
        with open(path + ".new", "wb") as file:
            file.write(envelope.original_content)
        os.rename(path + ".new", path)
        return "250 2.0.0 kept"


def read_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("dir")
    for name in ("--user", "--password", "--chain"):
        parser.add_argument(name, required=True)
    parser.add_argument("--no-tickets", action="store_true")
    return parser.parse_args()


async def serve(options):
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(options.chain)
    if options.no_tickets:
        tls.options |= ssl.OP_NO_TICKET
    known = LoginPassword(options.user.encode(), options.password.encode())
    keeper = Keeper(options.dir)

    def check(server, session, envelope, mechanism, data):
        return AuthResult(success=data == known, handled=False)

    def protocol():
        return SMTP(keeper, hostname="mail.example.test", tls_context=tls, require_starttls=True,
                    auth_required=True, authenticator=check)

    sockets = loopback.listen()
    servers = [await asyncio.get_running_loop().create_server(protocol, sock=sock)
               for sock in sockets]
    parent = os.getppid()
    print(servers[0].sockets[0].getsockname()[1], flush=True)
    while os.getppid() == parent:
        await asyncio.sleep(1)


if __name__ == "__main__":
    asyncio.run(serve(read_arguments()))
