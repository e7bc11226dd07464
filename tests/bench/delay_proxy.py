#!/usr/bin/python3
"""delay_proxy.py PORT [--delay MS]: a TCP proxy to 127.0.0.1:PORT that counts round trips.

It delays all octets by MS (20) each way. It listens on a free port of 127.0.0.1 and ::1, prints
the port, and serves until it is killed or its parent ends. When a connection has ended, it prints a
line of JSON:
  round_trips               from the client's SYN to its FIN, counted as below
  by_time                   the same by the clock: the time taken over twice the delay
  octets_up, octets_down    what the client and the server sent
  records_up                of it the client's TLS records
  flights_up, flights_down  at how many different counts

Round trips are not taken from the clock, which a busy machine spoils, but from what caused what.
Each side counts one-way trips. Octets leave with their sender's count and arrive with one more; the
receiver's count becomes that, if it is less. The client begins with 2, for SYN and its answer, and
the server with 3. When the client's FIN comes, half its count is the number of round trips.
The delay is real, so that a side which sends without waiting is seen to have done so.

What a side sends in one flight arrives in one piece, MS after the last of it: how often the receiver
reads then depends on the receiver, and not on how the machine ran the sender.
"""
from __future__ import annotations

import argparse
import collections
import dataclasses
import json
import os
import pathlib
import re
import select
import socket
import struct
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "servers"))
import loopback

FIN = b""
RST = None
LINGER = 1.0  # seconds that the server has to end after the client


@dataclasses.dataclass
class Arrival:
    """Something on its way."""

    time: float
    count: int
    octets: bytes | bytearray | None  # or FIN, or RST


class Records:
    """Counts TLS records in what a client sends. They begin at once, or behind its STARTTLS line."""

    HEADER = 5
    HANDSHAKE = 22  # the type of the first
    STARTTLS = re.compile(rb"^STARTTLS\r\n", re.I | re.M)

    def __init__(self) -> None:
        self.count = 0
        self.rest = bytearray()  # not looked at yet
        self.skip = 0            # octets of the present record that are still to come
        self.begun = False       # the first octet has come
        self.secure = False

    def add(self, octets: bytes) -> None:
        self.rest += octets
        if not self.secure:
            self.look_for_tls()
        while self.secure and (self.rest if self.skip else len(self.rest) >= self.HEADER):
            if not self.skip:
                self.count += 1
                self.skip = self.HEADER + int.from_bytes(self.rest[3:5], "big")
            taken = min(self.skip, len(self.rest))
            del self.rest[:taken]
            self.skip -= taken

    def look_for_tls(self) -> None:
        line = self.STARTTLS.search(self.rest)
        if line:
            del self.rest[:line.end()]
        self.secure = line is not None or (not self.begun and self.rest[0] == self.HANDSHAKE)
        self.begun = True
        if not self.secure:
            del self.rest[:self.rest.rfind(b"\n") + 1]


class Side:
    """The client or the server, as the proxy sees it."""

    def __init__(self, count: int, records: Records | None = None) -> None:
        self.count = count
        self.records = records
        self.sock: socket.socket | None = None
        self.sends = True  # until its FIN or RST
        self.octets = 0
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
            due = time.monotonic() + delay
            if octets:
                self.octets += len(octets)
                self.flights.add(self.count)
                if self.records:
                    self.records.add(octets)
            else:
                self.sends = False
            if octets and peer.due and peer.due[-1].octets and peer.due[-1].count == self.count + 1:
                peer.due[-1].octets += octets
                peer.due[-1].time = due
            else:
                peer.due.append(Arrival(due, self.count + 1, octets and bytearray(octets)))

    def deliver(self) -> None:
        """Pass on what has arrived, as far as the socket takes it."""
        while self.sock and self.due and self.due[0].time <= time.monotonic():
            arrival = self.due.popleft()
            self.count = max(self.count, arrival.count)
            octets = arrival.octets
            try:
                if octets:
                    del octets[:self.sock.send(octets)]
                    if octets:
                        self.due.appendleft(arrival)
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
    records = Records()
    client, server = Side(2, records), Side(3)
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
        "records_up": records.count,
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
