#!/usr/bin/python3
"""names.py NAME=ADDRESS...: a DNS server (RFC 1035) that knows these names and no others.

It listens on port 53 of 127.0.0.1 and ::1, so it is for a network namespace. It prints the port, and
serves until it is killed or its parent ends. A name has no records of other types than A and AAAA;
what is asked for is answered from the address it has, or with none.
"""
from __future__ import annotations

import ipaddress
import os
import select
import socket
import struct
import sys

PORT = 53
A, AAAA, IN = 1, 28, 1
RESPONSE, RECURSION, NAME_ERROR = 0x8080, 0x0100, 3
POINTER_TO_QUESTION = 0xC00C
TTL = 0  # nobody is to keep it: the next server may know better


def question(query: bytes) -> tuple[str, int, bytes]:
    """The name, the type, and both as they were sent, with the class."""
    labels, at = [], 12
    while length := query[at]:
        labels.append(query[at + 1:at + 1 + length].decode("ascii").lower())
        at += 1 + length
    return ".".join(labels), int.from_bytes(query[at + 1:at + 3], "big"), query[12:at + 5]


def answer(query: bytes, names: dict[str, bytes]) -> bytes:
    name, kind, asked = question(query)
    octets = names.get(name)
    records = b""
    if octets and kind == (A if len(octets) == 4 else AAAA):
        records = struct.pack(">HHHIH", POINTER_TO_QUESTION, kind, IN, TTL, len(octets)) + octets
    flags = RESPONSE | RECURSION | (0 if octets else NAME_ERROR)
    return query[:2] + struct.pack(">HHHHH", flags, 1, bool(records), 0, 0) + asked + records


def main() -> None:
    names = {}
    for word in sys.argv[1:]:
        name, _, address = word.partition("=")
        names[name] = ipaddress.ip_address(address).packed
    sockets = []
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        sockets.append(socket.socket(family, socket.SOCK_DGRAM))
        sockets[-1].bind((host, PORT))
    parent = os.getppid()
    print(PORT, flush=True)
    while os.getppid() == parent:
        for each in select.select(sockets, [], [], 1)[0]:
            query, client = each.recvfrom(512)
            each.sendto(answer(query, names), client)


if __name__ == "__main__":
    main()
