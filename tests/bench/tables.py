"""The tables of docs/performance.md: written by `make bench`, read by test_cost.py."""

import re

BEGIN, END = "<!-- bench: `make bench` writes it -->", "<!-- end of bench -->"


def large(number):
    """Instructions, to three digits."""
    scale, unit = (1e6, " M") if number >= 1e6 else (1e3, " k")
    digits = max(0, 2 - len(str(int(number / scale))) + 1)
    return f"{number / scale:.{digits}f}{unit}"


def number(cell):
    """What the cell says, units undone."""
    digits, _, unit = cell.partition(" ")
    return float(digits) * {"": 1, "k": 1e3, "M": 1e6, "MB": 1e6 / 1024}[unit]


def megabytes(kilobytes):
    return f"{kilobytes * 1024 / 1e6:.1f} MB"


def plain(figure):
    if isinstance(figure, float):
        return f"{figure:.3f}".rstrip("0").rstrip(".")
    return f"{figure:,}"


# What begins a row; then its columns, and how each is shown.
HELD_KEYS, MAIL_KEYS, BODY_KEYS, POSTFIX_KEYS = (
    ["held", "where"], ["case", "client"], ["10 MB", "client"], ["Postfix"])
HELD = {"at most": plain, "measured": plain}
MAIL = {"round trips": str, "octets up": str, "octets down": str, "records up": str,
        "system calls": str, "reads": str, "writes": str, "instructions": large,
        "allocations": str, "peak RSS": megabytes}
BODY = {"instructions an octet": "{:.2f}".format, "octets up an octet": "{:.4f}".format,
        "records up": str, "writes": str, "peak RSS": megabytes}


def table(keys, columns, rows):
    """Rows are lists: a text for each key, then a figure for each column."""
    lines = ["| " + " | ".join([*keys, *columns]) + " |",
             "|" + "---|" * len(keys) + "---:|" * len(columns)]
    for row in rows:
        figures = [show(figure) for show, figure in zip(columns.values(), row[len(keys):])]
        lines.append("| " + " | ".join(row[:len(keys)] + figures) + " |")
    return "\n".join(lines) + "\n"


def rows(document, keys):
    """The rows of the table that begins with these keys: {texts: {column: figure}}."""
    header = re.search(rf"^\| {re.escape(' | '.join(keys))} \|.*\n(\|.*\n)*", document, re.M)
    lines = [[cell.strip() for cell in line.strip("|").split("|")]
             for line in header[0].splitlines()]
    columns = lines[0][len(keys):]
    return {tuple(line[:len(keys)]): dict(zip(columns, map(number, line[len(keys):])))
            for line in lines[2:]}


def replace(document, text):
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{text}{END}{after}"
