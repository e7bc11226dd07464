"""Runs the cmocka programs of tests/unit, each as built by gcc and under clang's sanitizers."""

import os
import re
import subprocess

import pytest
from conftest import TOP

SOURCES = sorted((TOP / "tests" / "unit").glob("test_*.c"))
BUILDS = ("gcc", "asan")


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_unit(build, source, record_property):
    program = TOP / "build" / "test" / build / source.stem
    run = subprocess.run([program], cwd=TOP, text=True, timeout=300, capture_output=True,
                         env={**os.environ, "ASAN_OPTIONS": "detect_leaks=1"})
    output = run.stdout + run.stderr
    assert run.returncode == 0, output[-4000:]
    cases = len(re.findall(r"^\[ +OK \]", output, re.M))
    assert cases > 0, "no test ran"
    record_property("cases", cases)
    skipped = re.search(r"^ (\d+) SKIPPED TEST", output, re.M)
    record_property("skipped", int(skipped[1]) if skipped else 0)


def test_there_are_units():
    assert SOURCES
