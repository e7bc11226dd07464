#!/usr/bin/python3
"""whole.py: print README.md's table of what whole firmwares take, by the linker's maps in build/firmware and
by the table of handshakes in tests/firmware/README.md. `make firmware-update` writes it there."""
from __future__ import annotations

import pathlib
import sys

import handshakes

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "firmware"))
import sizes  # noqa: E402

IMAGES = {
    "tiny": "one address, one server; AES-128-GCM, P-256",
    "standard": "DHCP, DNS, IPv6; ChaCha20, P-384",
    "any-server": "records of any size; X25519",
}
CHAINS = {"p256": "P-256", "rsa": "RSA-2048", "gmail": "as Gmail's"}


def used(octets: int, limit: int) -> str:
    return f"{octets:,} of {limit:,}"


def main() -> None:
    print("| whole firmware, Cortex-M4 | flash | RAM | of it stack |",
          " | ".join(f"handshake, {chain}" for chain in CHAINS.values()), "|")
    print("|---|---:|---:|---:|" + "---:|" * len(CHAINS))
    for image, words in IMAGES.items():
        path = sizes.MAPS / f"{image}.map"
        limits = sizes.regions(path)
        flash, ram = sizes.flash(path), sizes.ram(path)
        instructions = (f"{handshakes.committed(image, chain)[0]:.0f} M" for chain in CHAINS)
        print(f"| `{image}`: {words} |", used(flash.total(), limits["flash"] + limits["settings"]), "|",
              used(ram.total(), limits["ram"]), "|", f"{ram['stack']:,} |", " | ".join(instructions), "|")


if __name__ == "__main__":
    main()
