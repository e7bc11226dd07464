"""Runs tests/permute: every transcript with every single thing that can go wrong, and the count."""

import os
import re
import shutil
import subprocess

import pytest
from conftest import TESTS, TOP

SESSIONS = TESTS / "sessions"
GCC = TOP / "build" / "test" / "gcc" / "permute"
ASAN = TOP / "build" / "test" / "asan" / "permute"

# The sanitizers take their time: with them, every so many cases.
SAMPLE = 8
AT_LEAST = 2_000_000


def permute(program, *arguments):
    return subprocess.run([program, *map(str, arguments)], cwd=TOP, text=True, timeout=900,
                          capture_output=True, env={**os.environ, "ASAN_OPTIONS": "detect_leaks=1"})


def counts(run):
    """Cases, transcripts and failures, as the last line has them."""
    last = run.stdout.rstrip("\n").rsplit("\n", 1)[-1]
    match = re.fullmatch(r"(\d+) cases of (\d+) transcripts, every (\d+)\., (\d+) failures", last)
    assert match, last + run.stderr[-2000:]
    return int(match[1]), int(match[2]), int(match[4])


@pytest.mark.parametrize("program, every", [(GCC, 1), (ASAN, SAMPLE)], ids=["gcc", "asan"])
def test_whatever_goes_wrong_is_told_right(program, every, record_property):
    run = permute(program, "--every", every)
    complaints = re.findall(r"^(?:FAIL|never came about).*", run.stdout, re.M)
    assert run.returncode == 0, "\n".join(complaints[:40]) + run.stderr[-2000:]
    cases, transcripts, failures = counts(run)
    assert failures == 0 and not complaints
    assert transcripts == len(list(SESSIONS.glob("*.txt")))
    assert cases >= AT_LEAST // every
    print(f"{cases} permutations of {transcripts} transcripts")
    record_property("cases", cases)


CASES = [
    ("starttls-all-forgotten:tls:write-fails@30:split=7", "io at STARTTLS, not accepted"),
    ("rfc5321-d4-sending:clear:reply-421@2", "temporary at EHLO, not accepted"),
    ("provider-gmail:tls:read-closes@200:rsa", "closed at EHLO, not accepted"),
    ("content-dots:tls:read-stalls@900:split=3:again:one-buffer:late", "timeout at content, unknown"),
]


@pytest.mark.parametrize("case, outcome", CASES, ids=[case for case, _ in CASES])
def test_one_case_is_replayed(case, outcome):
    run = permute(GCC, case)
    assert run.returncode == 0, run.stdout
    for who in ("expected", "actual"):
        assert f"\n{who}: error {outcome}" in run.stdout
    assert "  S: 220 " in run.stdout and "  C: EHLO " in run.stdout


def test_it_is_the_same_at_every_run():
    case = "provider-gmail:tls:write-fails@400"
    assert permute(GCC, case).stdout == permute(GCC, case).stdout


def test_it_can_fail(tmp_path):
    """A transcript that expects what is wrong: told with an ID, whose replay fails as well."""
    text = (SESSIONS / "rcpt-postmaster.txt").read_text()
    assert "fate=accepted" in text
    (tmp_path / "rcpt-postmaster.txt").write_text(text.replace("fate=accepted", "fate=unknown"))
    run = permute(GCC, "--sessions", tmp_path)
    assert run.returncode == 1 and counts(run)[2] > 0
    case = re.search(r"^FAIL (\S+): .* expected by the transcript: ", run.stdout, re.M)[1]
    again = permute(GCC, "--sessions", tmp_path, case)
    assert again.returncode == 1 and "\nWRONG: " in again.stdout


def test_an_outcome_that_never_comes_about_is_a_failure(tmp_path):
    shutil.copy(SESSIONS / "check-in-clear.txt", tmp_path)
    run = permute(GCC, "--sessions", tmp_path)
    assert run.returncode == 1 and counts(run)[2] == 0
    assert "never came about: error injection" in run.stdout


@pytest.mark.parametrize("arguments", [["no-colon"], ["check-in-clear:clear:no-such-kind"],
                                       ["check-in-clear:clear:whole:wrong"], ["--every", "0"]])
def test_nonsense_is_refused(arguments):
    assert permute(GCC, *arguments).returncode == 2
