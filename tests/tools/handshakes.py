#!/usr/bin/python3
"""handshakes.py: print tests/firmware/README.md's table of what a handshake takes, from lines of the form
IMAGE KIND INSTRUCTIONS on standard input. `make firmware-update` writes it there."""
from __future__ import annotations

import pathlib
import re
import sys

README = pathlib.Path(__file__).resolve().parents[1] / "firmware" / "README.md"
# A chain, and another curve than P-256 for the key exchange; or none.
KINDS = {
    "p256-short": "P-256 under its root",
    "rsa-short": "RSA-2048 under its root",
    "p256": "P-256, three certificates",
    "rsa": "RSA-2048, three certificates",
    "mixed": "P-256 under RSA-2048",
    "gmail": "as Gmail's: P-256, RSA-2048, RSA-4096",
    "rsa4096": "RSA-4096 throughout",
    "manysan": "RSA-2048, 100 names more",
    "p384": "P-384, three certificates",
    "outlook": "as Outlook's: RSA-2048, RSA-4096, SHA-384",
    "letsencrypt": "as Let's Encrypt's: P-256, P-384",
    "p256 prime256v1": "P-256, three certificates; key exchange on P-256",
    "p256 secp384r1": "P-256, three certificates; key exchange on P-384",
    "resumed": "resumed, after a deep sleep",
}
COLUMNS = ["tiny", "standard", "any-server", "sleeper", "tiny-m3", "tiny-m0plus"]


def millions(instructions: int) -> str:
    return f"{instructions / 1e6:.{1 if instructions >= 10e6 else 2}f}"


def print_table(lines: list[str]) -> None:
    found = (re.fullmatch(r"(\S+) (.+) (\d+)", line.strip()).groups() for line in lines)
    measured = {(image, kind): int(instructions) for image, kind, instructions in found}
    print("| millions of instructions |", " | ".join(COLUMNS), "|")
    print("|---|" + "---:|" * len(COLUMNS))
    for kind, words in KINDS.items():
        cells = (measured.get((image, kind)) for image in COLUMNS)
        print(f"| {words} |", " | ".join(millions(cell) if cell else "" for cell in cells), "|")


def committed(image: str, kind: str) -> float:
    """What README.md has of it."""
    row = re.search(rf"^\| {re.escape(KINDS[kind])} \|(.*)\|$", README.read_text(), re.M)[1]
    return float(row.split("|")[COLUMNS.index(image)])


if __name__ == "__main__":
    print_table(sys.stdin.readlines())
