"""Replays the corpus of every fuzz target, and searches on from it a little, always alike."""

import os
import subprocess

import pytest
from conftest import TOP

FUZZ = TOP / "tests" / "fuzz"
OUT = TOP / "build" / "test" / "fuzz"
TARGETS = sorted(path.stem.removeprefix("fuzz_") for path in FUZZ.glob("fuzz_*.c"))

# In the tree; and fuzz_session's, which is made.
CORPORA = {target: FUZZ / "corpus" / target for target in TARGETS}
CORPORA["session"] = OUT / "corpus" / "session"

# How often each is run: a few seconds of it.
RUNS = {"session": 12000}
RUNS_OTHERWISE = 30000


def run(target, *arguments):
    return subprocess.run([OUT / f"fuzz_{target}", "-seed=1", "-timeout=20", *arguments], text=True,
                          errors="replace", timeout=300, capture_output=True, cwd=TOP,
                          env={**os.environ, "ASAN_OPTIONS": "detect_leaks=1"})


@pytest.fixture(scope="module", autouse=True)
def built():
    made = subprocess.run(["make", "-s", "-f", "tests/fuzz/fuzz.mk"], text=True, cwd=TOP,
                          capture_output=True)
    assert made.returncode == 0, made.stdout + made.stderr


@pytest.mark.parametrize("target", TARGETS)
def test_corpus(target, record_property):
    files = sorted(CORPORA[target].iterdir())
    assert files
    replay = run(target, *files)
    assert replay.returncode == 0, replay.stderr[-4000:]
    assert replay.stderr.count("Executed ") == len(files), replay.stderr[-4000:]
    record_property("cases", len(files))


@pytest.mark.parametrize("target", TARGETS)
def test_search(target, tmp_path):
    """What is found goes to `tmp_path`, so that the corpus stays as it is."""
    runs = RUNS.get(target, RUNS_OTHERWISE)
    search = run(target, f"-runs={runs}", f"-artifact_prefix={tmp_path}/", tmp_path,
                 CORPORA[target])
    assert search.returncode == 0, search.stderr[-4000:]
    assert "DONE" in search.stderr and f"Done {runs} runs" in search.stderr, search.stderr[-4000:]


def test_there_are_targets():
    assert TARGETS
    assert all(corpus.is_dir() for corpus in CORPORA.values())
