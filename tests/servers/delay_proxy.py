#!/usr/bin/python3
"""delay_proxy.py PORT [--delay MS]: a TCP proxy to 127.0.0.1:PORT that counts round trips.

It delays all octets by MS (20) each way. It listens on a free port of 127.0.0.1 and ::1, prints
the port, and serves until it is killed or its parent ends. When a connection has ended, it prints a
line of JSON:
  round_trips               from the client's SYN to its FIN, counted as below
  by_time                   the same by the clock: the time taken over twice the delay
  octets_up, octets_down    what the client and the server sent
  writes_up, writes_down    in how many pieces; writes in quick succession may count as one
  flights_up, flights_down  at how many different counts

Round trips are not taken from the clock, which a busy machine spoils, but from what caused what.
Each side counts one-way trips. Octets leave with their sender's count and arrive with one more; the
receiver's count becomes that, if it is less. The client begins with 2, for SYN and its answer, and
the server with 3. When the client's FIN comes, half its count is the number of round trips.
The delay is real, so that a side which sends without waiting is seen to have done so.
"""
from __future__ import annotations

import argparse
import collections
import json
import os
import select
import socket
import struct
import threading
import time
import typing

import loopback

FIN = b""
RST = None
LINGER = 1.0  # seconds that the server has to end after the client


class Arrival(typing.NamedTuple):
    """Something on its way."""

    time: float
    count: int
    octets: bytes | None  # or FIN, or RST


class Side:
    """The client or the server, as the proxy sees it."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.sock: socket.socket | None = None
        self.sends = True  # until its FIN or RST
        self.octets = 0
        self.writes = 0
        self.flights: set[int] = set()
        self.due: collections.deque[Arrival] = collections.deque()

    def connected(self, sock: socket.socket) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setblocking(False)
        self.sock = sock

    def read(self, peer: Side, delay: float) -> None:
        """Send on its way to the peer whatever has come."""
        while self.sock and self.sends:
            octets: bytes | None
            try:
                octets = self.sock.recv(65536)
            except BlockingIOError:
                return
            except OSError:
                octets = RST
            if octets:
                self.octets += len(octets)
                self.writes += 1
                self.flights.add(self.count)
            else:
                self.sends = False
            peer.due.append(Arrival(time.monotonic() + delay, self.count + 1, octets))

    def deliver(self) -> None:
        """Pass on what has arrived, as far as the socket takes it."""
        while self.sock and self.due and self.due[0].time <= time.monotonic():
            _, count, octets = arrival = self.due.popleft()
            self.count = max(self.count, count)
            try:
                if octets:
                    rest = octets[self.sock.send(octets):]
                    if rest:
                        self.due.appendleft(arrival._replace(octets=rest))
                        return
                elif octets == FIN:
                    self.sock.shutdown(socket.SHUT_WR)
                else:
                    reset = struct.pack("ii", 1, 0)
                    self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
                    self.sends = False  # and closing resets
            except BlockingIOError:
                self.due.appendleft(arrival)
                return
            except OSError:
                self.due.clear()  # it has ended, as read() finds too


def connect(port: int) -> socket.socket | None:
    try:
        return socket.create_connection(("127.0.0.1", port))
    except OSError:
        return None


def wait(sides: list[Side], until: float) -> None:
    """Until something came, or is due, or can be passed on; at the latest until then."""
    now = time.monotonic()
    readable = [side.sock for side in sides if side.sock and side.sends]
    blocked = [side.sock for side in sides if side.sock and side.due and side.due[0].time <= now]
    times = [side.due[0].time for side in sides if side.due and side.due[0].time > now]
    select.select(readable, blocked, [], max(0.0, min([until, *times]) - now))


def serve(sock: socket.socket, port: int, delay: float) -> None:
    """One connection, to its end."""
    started = time.monotonic()
    client, server = Side(2), Side(3)
    client.connected(sock)
    finished = round_trips = None
    while client.sends or server.sends or client.due or server.due:
        # All is read before anything is delivered that could look like its cause.
        client.read(server, delay)
        server.read(client, delay)
        now = time.monotonic()
        if not client.sends and not finished:
            finished = now
            round_trips = client.count // 2
        if finished and now > finished + 2 * delay + LINGER:
            break  # the server does not end
        if not server.sock and server.sends and now >= started + delay:
            upstream = connect(port)
            if upstream:
                server.connected(upstream)
            else:
                server.sends = False
                server.due.clear()
                client.due.append(Arrival(now + delay, 4, RST))
        client.deliver()
        server.deliver()
        wait([client, server], started + delay if now < started + delay else now + LINGER)
    for side in (client, server):
        if side.sock:
            side.sock.close()
    finished = finished or time.monotonic()
    report = {
        "round_trips": round_trips,
        "by_time": round((finished - started) / (2 * delay) + 1, 2) if delay else None,
        "octets_up": client.octets, "octets_down": server.octets,
        "writes_up": client.writes, "writes_down": server.writes,
        "flights_up": len(client.flights), "flights_down": len(server.flights)}
    print(json.dumps(report) + "\n", end="", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--delay", type=float, default=20)
    options = parser.parse_args()
    listeners = loopback.listen()
    parent = os.getppid()
    print(listeners[0].getsockname()[1], flush=True)
    while os.getppid() == parent:
        for listener in select.select(listeners, [], [], 1)[0]:
            arguments = (listener.accept()[0], options.port, options.delay / 1000)
            threading.Thread(target=serve, args=arguments, daemon=True).start()


if __name__ == "__main__":
    main()
