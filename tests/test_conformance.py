"""docs/conformance.md has every statement, and names only tests that exist."""

import re

from conftest import TESTS, TOP

STATES = r"yes|yes, not shown(: .+)?|in part: .+|not yet(: .+)?|does not apply: .+"


def rows():
    """Cells of each row: numbers, statement, source, state, names of tests."""
    lines = (TOP / "docs" / "conformance.md").read_text().splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")]
            for line in lines if re.match(r"\| *\d", line)]


def numbers(cell):
    """ "7", "7, 9" or "7-9"."""
    for part in cell.split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def names(cell):
    return re.findall(r"`([^`]+)`", cell)


def exists(name):
    if name.startswith("sessions/"):
        return (TESTS / name).is_file()
    file, function = re.fullmatch(r"(\w+\.py|unit/\w+\.c)(?:::|: )(\w+)", name).groups()
    text = (TESTS / file).read_text() if (TESTS / file).is_file() else ""
    if file.endswith(".py"):
        return re.search(rf"^def {function}\(", text, re.M)
    # Defined, and in the list of those that are run.
    return (re.search(rf"^static void {function}\(void \*\*state\)", text, re.M)
            and re.search(rf"^ +\w+\({function}(, \w+)?\),", text, re.M))


def test_every_statement_has_one_row():
    assert sorted(n for row in rows() for n in numbers(row[0])) == list(range(1, 156))


def test_rows_are_whole():
    for row in rows():
        assert len(row) == 5 and all(row), row
        assert re.fullmatch(STATES, row[3]), row
        assert row[4] == "-" or row[4] == ", ".join(f"`{name}`" for name in names(row[4])), row


def test_every_test_that_is_named_exists():
    missing = {name for row in rows() for name in names(row[4]) if not exists(name)}
    assert missing == set()


def test_what_is_claimed_is_shown():
    assert [row[0] for row in rows() if row[3] == "yes" and not names(row[4])] == []
