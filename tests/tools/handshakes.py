#!/usr/bin/python3
"""handshakes.py: print tests/firmware/README.md's tables of how long a handshake computes and how deep its stack
is, and what an octet takes; from lines of the form IMAGE CHAIN MILLIONS LONGEST-STEP STACK and IMAGE CIPHER
INSTRUCTIONS on standard input. `make firmware-update` writes them there."""
from __future__ import annotations

import pathlib
import re
import sys
import typing

README = pathlib.Path(__file__).resolve().parents[1] / "firmware" / "README.md"
# A chain, and another curve for the key exchange; or none.
CHAINS = {
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
CIPHERS = {
    "ECDHE-ECDSA-AES128-GCM-SHA256": "AES-128-GCM",
    "ECDHE-ECDSA-CHACHA20-POLY1305": "ChaCha20-Poly1305",
}
COLUMNS = ["tiny", "standard", "any-server", "sleeper", "tiny-m3", "tiny-m0plus"]
Measured = dict[tuple[str, str], list[float]]


def print_table(title: str, rows: dict[str, str], form: str, numbers: int, measured: Measured) -> None:
    """With what has as many numbers."""
    columns = [image for image in COLUMNS
               if any(len(measured.get((image, row), [])) >= numbers for row in rows)]
    print(f"| {title} |", " | ".join(columns), "|")
    print("|---|" + "---:|" * len(columns))
    for row, words in rows.items():
        cells = [measured.get((image, row), []) for image in columns]
        texts = [form.format(*cell) if len(cell) >= numbers else "" for cell in cells]
        if any(texts):
            print(f"| {words} |", " | ".join(texts), "|")


def read(lines: typing.Iterable[str]) -> Measured:
    measured = {}
    for line in lines:
        image, row, numbers = re.fullmatch(r"(\S+) (.+?) ([\d. ]+)", line.strip()).groups()
        measured[image, row] = [float(number) for number in numbers.split()]
    return measured


def committed(image: str, row: str) -> list[float]:
    """What README.md has of it, in the order of the lines."""
    words = {**CHAINS, **CIPHERS}[row]
    cells: list[str] = []
    columns: list[str] = []
    for line in README.read_text().splitlines():
        name, *rest = [cell.strip() for cell in line.strip("|").split("|")]
        if not set(rest) - set(COLUMNS):
            columns = rest
        elif name == words and image in columns:
            cells.append(rest[columns.index(image)])
    return [float(number) for number in re.findall(r"[\d.]+", " ".join(cells))]


def main() -> None:
    measured = read(sys.stdin)
    print_table("millions of instructions (longest step)", CHAINS, "{:.1f} ({:.1f})", 2, measured)
    print()
    print_table("octets of stack", CHAINS, "{2:.0f}", 3, measured)
    print()
    print_table("instructions an octet", CIPHERS, "{:.0f}", 1, measured)


if __name__ == "__main__":
    main()
