#!/usr/bin/python3
"""sizes.py [FOLDER]: print README.md's table of what each image has of flash and RAM, part by part,
as the linker's maps in FOLDER (build/firmware) say. `make firmware-update` writes it there."""
from __future__ import annotations

import collections
import pathlib
import re
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
IMAGES = ["tiny", "standard", "any-server", "tiny-m3", "tiny-m0plus"]

# What a part consists of: a pattern of input files, and for RAM one of their sections.
FLASH = {
    "BearSSL": r"libbearssl\.a",
    "lwIP": r"/lwip/(core|netif)/",
    "Stint: the conversation": r"libstint\.a\((SESSION)\.o\)",
    "Stint: client and channel": r"libstint\.a\((client|channel|memory|names)\.o\)",
    "Stint: TLS glue and verification": r"libstint\.a\((TLS)\.o\)",
    "Stint: port to lwIP": r"/port/lwip/",
    "trust anchors": r"/anchors\.o",
    "the alert: alert, readings, profile": r"/firmware/(alert|readings|profile_\w+)\.o",
    "the board: start, clock, lan9118, ethernet, network, memory":
        r"/firmware/(start|clock|lan9118|ethernet|network|memory)\.o",
    "the measuring: console, limits, stack, semihosting, random":
        r"/firmware/(console|limits|stack|semihosting|random)\.o",
    "the compiler's library": r"libgcc\.a",
}
RAM = {
    "`struct stint_tls`": r"/alert\.o \.bss\.tls",
    "`struct stint_client`": r"/alert\.o \.bss\.client",
    "record buffers": r"/alert\.o \.bss\.(in|out)",
    "`struct stint_lwip`": r"/alert\.o \.bss\.port",
    "lwIP: heap": r"/core/mem\.o",
    "lwIP: pools": r"/core/memp\.o",
    "lwIP: the rest": r"/lwip/(core|netif)/|/network\.o",
    "stack": r"sections \.stack",
}


def members(folder: str) -> str:
    return "|".join(path.stem for path in sorted((TOP / "src" / folder).glob("*.c")))


def contents(path: pathlib.Path) -> list[tuple[str, str, str, int]]:
    """The map as (output section, input section, input file, octets)."""
    text = path.read_text()
    text = text[text.index("\nLinker script and memory map"):]
    text = re.sub(r"\n (\S+)\n +0x", r"\n \1 0x", text)  # long names have a line to themselves
    output, found = "", []
    for line in text.splitlines():
        if match := re.match(r"(\.\w+)", line):
            output = match[1]
        if match := re.match(r" (\S+) +0x[0-9a-f]+ +0x([0-9a-f]+)(?: (\S+))?$", line):
            found.append((output, match[1], match[3] or "", int(match[2], 16)))
    return found


def total(path: pathlib.Path, section: str) -> int:
    """Of an output section, as the map has it."""
    match = re.search(rf"^\{section} +0x[0-9a-f]+ +0x([0-9a-f]+)", path.read_text(), re.M)
    return int(match[1], 16)


def regions(path: pathlib.Path) -> dict[str, int]:
    """What the linker script has."""
    found = re.findall(r"^(flash|settings|ram) +0x[0-9a-f]+ +0x([0-9a-f]+)", path.read_text(), re.M)
    return {name: int(octets, 16) for name, octets in found}


def part_of(parts: dict[str, str], what: str) -> str:
    for name, pattern in parts.items():
        pattern = pattern.replace("SESSION", members("session")).replace("TLS", members("tls"))
        if re.search(pattern, what):
            return name
    return "the rest"


def flash(path: pathlib.Path) -> collections.Counter[str]:
    parts: collections.Counter[str] = collections.Counter()
    for output, _, file, octets in contents(path):
        if output in (".text", ".data") and file:
            parts[part_of(FLASH, file)] += octets
    parts["the rest"] += total(path, ".text") + total(path, ".data") - parts.total()
    parts["the page of settings"] = regions(path)["settings"]
    return parts


def ram(path: pathlib.Path) -> collections.Counter[str]:
    parts: collections.Counter[str] = collections.Counter()
    for output, section, file, octets in contents(path):
        if output in (".bss", ".data") and file:
            parts[part_of(RAM, f"{file} {section}")] += octets
    parts["stack"] = total(path, ".stack")
    sections = (".stack", ".data", ".bss")
    parts["the rest"] += sum(total(path, section) for section in sections) - parts.total()
    return parts


def rows(name: str, columns: list[collections.Counter[str]], limits: list[int]) -> None:
    order = [*(FLASH if name == "flash" else RAM), "the page of settings", "the rest"]
    for part in order:
        if any(column[part] for column in columns):
            print(f"| {part} |", " | ".join(str(column[part]) for column in columns), "|")
    sums = [column.total() for column in columns]
    print(f"| **{name}** |", " | ".join(f"**{octets}**" for octets in sums), "|")
    spare = (str(limit - octets) if image in ("tiny", "standard", "any-server") else ""
             for image, limit, octets in zip(IMAGES, limits, sums))
    print("| left of the budget |", " | ".join(spare), "|")


def main() -> None:
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else TOP / "build" / "firmware")
    maps = [folder / f"{image}.map" for image in IMAGES]
    print("| octets |", " | ".join(IMAGES), "|")
    print("|---|" + "---:|" * len(IMAGES))
    limits = [regions(path) for path in maps]
    rows("flash", [flash(path) for path in maps], [each["flash"] + each["settings"] for each in limits])
    rows("RAM", [ram(path) for path in maps], [each["ram"] for each in limits])


if __name__ == "__main__":
    main()
