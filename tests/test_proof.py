"""Runs the proofs of tests/proof: Frama-C's Eva on every driver, WP on the stuffing."""

import re
import subprocess

import pytest
from conftest import TOP

PROOF = TOP / "tests" / "proof"
DRIVERS = sorted(path.stem for path in PROOF.glob("*.c"))
MACHINES = ("x86_32", "x86_64")


def prove(name):
    run = subprocess.run([PROOF / "proof.sh", name], cwd=TOP, text=True, capture_output=True,
                         timeout=1800)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.mark.parametrize("driver", DRIVERS)
def test_no_alarms(driver, record_property):
    """verdict.py has looked for open properties and for what was not reached."""
    lines = prove(driver).splitlines()
    assert len(lines) == len(MACHINES)
    for machine, line in zip(MACHINES, lines):
        assert re.fullmatch(rf"{driver} +{machine}  0 alarms, [1-9].*", line), line
    record_property("cases", len(lines))


def test_in_place(record_property):
    proved = re.findall(r"^wp +x86_(?:32|64)  (\d+) of (\d+) goals proved$", prove("wp"), re.M)
    assert len(proved) == len(MACHINES)
    assert all(some == every and int(every) > 100 for some, every in proved)
    record_property("cases", int(proved[0][1]))


def test_there_are_drivers():
    """And proof.sh runs all of them."""
    script = (PROOF / "proof.sh").read_text()
    named = re.search(r"^\[ .* \|\| set -- ((?:.*\\\n)*.*)$", script, re.M)[1]
    assert len(DRIVERS) >= 25
    assert sorted(named.replace("\\", "").split()) == sorted([*DRIVERS, "wp"])
