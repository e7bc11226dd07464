"""What Stint's costs are held to: at most so much. `make bench` and test_cost.py both look here."""

import os
import subprocess

from cases import FIRST, IMPLICIT, IN_CLEAR, PLAIN, STARTTLS, WORDS, Case
from clients import TOP
from measure import ALLOCATIONS

# For the static command, an address and one CA's file.
MAIL = {
    # Which is all that is not TLS.
    PLAIN: {"instructions": 100_000},
    # Of the system calls, 15 are glibc's before main().
    FIRST: {"round trips": 10, "reads": 9, "writes": 9, "system calls": 64},
    Case(STARTTLS, recipients=10): {"round trips": 10},
    Case(STARTTLS, chunking=True): {"round trips": 9},
    Case(STARTTLS, chunking=True, recipients=10): {"round trips": 9},
    Case(STARTTLS, pipelining=False, recipients=10): {"round trips": 22},
    # One more for each further mail.
    Case(STARTTLS, mails=3): {"round trips": 12},
    Case(STARTTLS, chunking=True, mails=3): {"round trips": 11},
    Case(IMPLICIT): {"round trips": 7},
    Case(IMPLICIT, recipients=10): {"round trips": 7},
    Case(IMPLICIT, chunking=True): {"round trips": 6},
    Case(IMPLICIT, chunking=True, recipients=10): {"round trips": 6},
    Case(IMPLICIT, pipelining=False, recipients=10): {"round trips": 19},
    Case(IMPLICIT, mails=3): {"round trips": 9},
    Case(IMPLICIT, chunking=True, mails=3): {"round trips": 8},
}

# Of the octets up that the best peer takes in the same run, for the first case.
OF_BEST_PEER = 0.9

# For a message of 10 MB.
BODY = {
    IN_CLEAR: {"instructions an octet": 1.5, "octets up an octet": 1.003, "peak RSS": 3072},
    IMPLICIT: {"instructions an octet": 5.0, "octets up an octet": 1.003, "peak RSS": 3072},
}

# Functions of an allocator that libstint.a and libbearssl.a refer to.
ALLOCATORS = 0


def allocators():
    bearssl = os.environ.get("BEARSSL")
    archive = f"{bearssl}/build/libbearssl.a" if bearssl else subprocess.run(
        ["cc", "-print-file-name=libbearssl.a"], text=True, capture_output=True).stdout.strip()
    symbols = subprocess.run(["nm", "-u", TOP / "libstint.a", archive], text=True, check=True,
                             capture_output=True).stdout
    return len(ALLOCATIONS & set(symbols.split()))


def held(mails, bodies, peer_octets):
    """All that is held, as [what, where, at most, measured]. `mails` are Stint's costs by case,
    `bodies` by security."""
    of_peer = mails[FIRST]["octets up"] / peer_octets
    return [
        *([column, case.name, most, mails[case][column]]
          for case, limits in MAIL.items() for column, most in limits.items()),
        ["octets up, of the best peer's", FIRST.name, OF_BEST_PEER, of_peer],
        *([column, f"10 MB, {WORDS[security]}", most, bodies[security][column]]
          for security, limits in BODY.items() for column, most in limits.items()),
        ["functions of an allocator used", "the library and BearSSL", ALLOCATORS, allocators()]]


def exceeded(held):
    return [f"{what}, {where}: {measured}, not {most}" for what, where, most, measured in held
            if measured > most]
