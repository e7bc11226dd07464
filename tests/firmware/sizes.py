#!/usr/bin/python3
"""sizes.py [--ledger]: print README.md's table of what each image has of flash and RAM, part by part, as
the linker's maps in build/firmware say; or docs/memory.md's, of what `tiny` allots. It exits with 1 if a part
takes more than that. `make firmware-update` writes both there."""
from __future__ import annotations

import collections
import pathlib
import re
import sys
import typing

TOP = pathlib.Path(__file__).resolve().parents[2]
MAPS = TOP / "build" / "firmware"
IMAGES = ["tiny", "standard", "any-server", "sleeper", "alert", "report", "tiny-m3", "tiny-m0plus"]
BUDGETED = IMAGES[:6]

VARIABLES = (".data", ".bss", ".noinit")  # sections

# What a part consists of: a pattern of input files, and for RAM one of their sections.
FLASH = {
    "BearSSL": r"libbearssl\.a",
    "lwIP": r"/lwip/(core|netif)/",
    "Stint: the conversation": r"libstint\.a\((SESSION)\.o\)",
    "Stint: client and channel": r"libstint\.a\((client|start|deadline|channel|memory|names)\.o\)",
    "Stint: resumption": r"libstint\.a\(ticket(s|_store)\.o\)",
    "Stint: composing": r"libstint\.a\((MESSAGE)\.o\)",
    "Stint: TLS glue and verification": r"libstint\.a\((TLS)\.o\)",
    "Stint: port to lwIP": r"/port/lwip/",
    "trust anchors": r"/anchors\.o",
    "the alert: alert, readings, composed, profile": r"/firmware/(alert|readings|composed|profile_\w+)\.o",
    "the deep sleep: sleep": r"/firmware/sleep\.o",
    "the board: start, clock, lan9118, ethernet, network, memory":
        r"/firmware/(start|clock|lan9118|ethernet|network|memory)\.o",
    "the measuring: console, effort, limits, stack, semihosting, random":
        r"/firmware/(console|effort|limits|stack|semihosting|random)\.o",
    "the compiler's library": r"libgcc\.a",
}
RAM = {
    "`struct stint_tls`": r"/alert\.o \.bss\.tls",
    "`struct stint_client`": r"/alert\.o \.bss\.client",
    "the message": r"/(alert|composed)\.o \.(bss|data)\.(to|readings|source|alert|message|program|composer|recipient|mail)",
    "`struct stint_resume`": r"/sleep\.o \.bss\.resume",
    "`struct stint_ticket`, kept over a sleep": r"/sleep\.o \.noinit",
    "record buffers": r"/alert\.o \.bss\.(in|out)",
    "`struct stint_lwip`": r"/alert\.o \.bss\.port",
    "lwIP: heap": r"/core/mem\.o",
    "lwIP: pools": r"/core/memp\.o",
    "lwIP: the rest": r"/lwip/(core|netif)/|/network\.o",
    "stack": r"sections \.stack",
}


# What `tiny` allots: as above, and the most octets that each may take.
LEDGER_FLASH = {
    "BearSSL: handshake and records": (r"libbearssl\.a\((ssl_|prf)", 11211),
    "BearSSL: certificates": (r"libbearssl\.a\(x509_", 6291),
    "BearSSL: arithmetic of RSA and of curves": (r"libbearssl\.a\((i31|i32|ec_|ecdsa|rsa)", 10052),
    "BearSSL: SHA-256, HMAC, AES-128-GCM": (r"libbearssl\.a", 5653),
    "lwIP: TCP": (r"/lwip/core/tcp", 9586),
    "lwIP: IPv4, ARP, Ethernet, memory": (r"/lwip/(core|netif)/", 5176),
    **{part: (FLASH[part], ceiling) for part, ceiling in [
        ("Stint: the conversation", 6928),
        ("Stint: client and channel", 2400),
        ("Stint: TLS glue and verification", 2496),
        ("Stint: port to lwIP", 880),
        ("trust anchors", 1070),
        ("the alert: alert, readings, composed, profile", 1032),
        ("the board: start, clock, lan9118, ethernet, network, memory", 1162),
        ("the measuring: console, effort, limits, stack, semihosting, random", 784),
    ]},
    "the page of settings": (None, 160),
    "the rest": (None, 112),
}
LEDGER_RAM = {
    **{part: (RAM[part], ceiling) for part, ceiling in [
        ("`struct stint_tls`", 6776),
        ("`struct stint_client`", 352),
        ("the message", 72),
        ("record buffers", 2376),
        ("`struct stint_lwip`", 848),
        ("lwIP: heap", 432),
        ("lwIP: pools", 368),
        ("lwIP: the rest", 248),
        ("stack", 4352),
    ]},
    "the rest": (None, 48),
}


def members(*folders: str) -> str:
    return "|".join(path.stem for folder in folders for path in sorted((TOP / "src" / folder).glob("*.c")))


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


def part_of(parts: dict[str, str | None], what: str) -> str:
    for name, pattern in parts.items():
        if pattern is None:
            continue
        pattern = pattern.replace("SESSION", members("session", "sasl")).replace("TLS", members("tls"))
        pattern = pattern.replace("MESSAGE", members("message"))
        if re.search(pattern, what):
            return name
    return "the rest"


def flash(path: pathlib.Path, names: dict[str, str | None] = FLASH) -> collections.Counter[str]:
    parts: collections.Counter[str] = collections.Counter()
    for output, _, file, octets in contents(path):
        if output in (".text", ".data") and file:
            parts[part_of(names, file)] += octets
    parts["the rest"] += total(path, ".text") + total(path, ".data") - parts.total()
    parts["the page of settings"] = regions(path)["settings"]
    return parts


def ram(path: pathlib.Path, names: dict[str, str | None] = RAM) -> collections.Counter[str]:
    parts: collections.Counter[str] = collections.Counter()
    for output, section, file, octets in contents(path):
        if output in VARIABLES and file:
            parts[part_of(names, f"{file} {section}")] += octets
    parts["stack"] = total(path, ".stack")
    parts["the rest"] += sum(total(path, section) for section in (".stack", *VARIABLES)) - parts.total()
    return parts


def rows(name: str, columns: list[collections.Counter[str]], limits: list[int]) -> None:
    order = [*(FLASH if name == "flash" else RAM), "the page of settings", "the rest"]
    for part in order:
        if any(column[part] for column in columns):
            print(f"| {part} |", " | ".join(str(column[part]) for column in columns), "|")
    sums = [column.total() for column in columns]
    print(f"| **{name}** |", " | ".join(f"**{octets}**" for octets in sums), "|")
    spare = (str(limit - octets) if image in BUDGETED else ""
             for image, limit, octets in zip(IMAGES, limits, sums))
    print("| left of the budget |", " | ".join(spare), "|")


def ledger(measure: typing.Callable[..., collections.Counter[str]], name: str, budget: int,
           parts: dict[str, tuple[str | None, int]]) -> bool:
    """Whether each part keeps what it was allotted."""
    found = measure(MAPS / "tiny.map", {part: pattern for part, (pattern, _) in parts.items()})
    print(f"| octets of {name} | `tiny` has | at most |")
    print("|---|---:|---:|")
    for part, (_, ceiling) in parts.items():
        print(f"| {part} | {found[part]} | {ceiling} |")
    spare = budget - sum(ceiling for _, ceiling in parts.values())
    print(f"| not allotted | | {spare} |")
    print(f"| **{name}** | **{found.total()}** | **{budget}** |")
    kept = all(found[part] <= ceiling for part, (_, ceiling) in parts.items())
    return kept and spare >= 0


def print_ledger() -> bool:
    limits = regions(MAPS / "tiny.map")
    keeps_flash = ledger(flash, "flash", limits["flash"] + limits["settings"], LEDGER_FLASH)
    print()
    return ledger(ram, "RAM", limits["ram"], LEDGER_RAM) and keeps_flash


def main() -> None:
    if sys.argv[1:] == ["--ledger"]:
        sys.exit(not print_ledger())
    maps = [MAPS / f"{image}.map" for image in IMAGES]
    print("| octets |", " | ".join(IMAGES), "|")
    print("|---|" + "---:|" * len(IMAGES))
    limits = [regions(path) for path in maps]
    rows("flash", [flash(path) for path in maps], [each["flash"] + each["settings"] for each in limits])
    rows("RAM", [ram(path) for path in maps], [each["ram"] for each in limits])


if __name__ == "__main__":
    main()
