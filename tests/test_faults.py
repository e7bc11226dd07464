"""Every fault of tests/faults is caught; and what shows that would say so if one were not."""

import re
import subprocess

import pytest
from conftest import TOP

RUN = TOP / "tests" / "faults" / "run.py"
CLASSES_MIN, FAULTS_MIN = 8, 20


def test_every_fault_is_caught(record_property):
    run = subprocess.run([RUN], text=True, capture_output=True, timeout=1800)
    assert run.returncode == 0, run.stdout + run.stderr
    caught = re.findall(r"^caught +(\S+) +\S", run.stdout, re.M)
    assert re.search(rf"^{len(caught)} of {len(caught)} caught$", run.stdout, re.M), run.stdout
    assert len(set(caught)) >= FAULTS_MIN
    record_property("cases", len(caught))


def test_what_proofs_are_to_see_has_its_place():
    """To see it caught is for `make faults`."""
    run = subprocess.run([RUN, "--places", "--list", RUN.parent / "proofs.txt"], text=True, capture_output=True)
    assert run.returncode == 0, run.stderr


def test_there_are_classes_of_faults():
    text = (RUN.parent / "faults.txt").read_text()
    assert len(re.findall(r"^== .+ ==$", text, re.M)) >= CLASSES_MIN


# A tree as small as run.py allows: a program that fails unless answer.h says 42.
SMALL_TREE = {
    "answer.h": "#define ANSWER 42\n#define UNUSED 1\n#define TWICE ANSWER ANSWER\n",
    "test_answer.c": '#include "answer.h"\n'
                     "int main(void) { while (ANSWER == 7) { } return ANSWER != 42; }\n",
    "tests/tests.mk": "build/test/gcc/test_answer: test_answer.c answer.h\n"
                      "\tgcc -w -O0 -o $@ $<\n",
}


@pytest.fixture
def small_tree(tmp_path):
    tree = tmp_path / "tree"
    for name, text in SMALL_TREE.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tree, check=True)
    return tree


def run_small(tree, old, new, program="test_answer"):
    faults = tree.parent / "faults.txt"
    faults.write_text(f"a-fault: words\n  by: {program}\n  in: answer.h\n- {old}\n+ {new}\n")
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    run = subprocess.run([RUN, "--tree", tree, "--list", faults], text=True, capture_output=True,
                         timeout=120)
    assert {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()} == before
    return run


@pytest.mark.parametrize("old, new, status, said", [
    ("#define ANSWER 42", "#define ANSWER 41", 0, "1 of 1 caught"),
    ("#define   ANSWER\t42", "#define ANSWER 41", 0, "1 of 1 caught"),
    ("#define ANSWER 42", "#define ANSWER 7", 0, "(hangs)"),
    ("#define ANSWER 42", "#define ANSWER (*(volatile int *)0)", 0, "(crashes: SIGSEGV)"),
    ("#define UNUSED 1", "#define UNUSED 2", 1, "NOT CAUGHT"),
    ("#define UNUSED 1", "#error", 1, "NOT BUILT"),
    ("ANSWER 43", "x", 1, "found 0 times"),
    ("ANSWER", "x", 1, "found 3 times"),
], ids=["caught", "white space", "hangs", "crashes", "harmless", "no C", "not there", "ambiguous"])
def test_what_is_told_of_a_fault(small_tree, old, new, status, said):
    run = run_small(small_tree, old, new)
    assert run.returncode == status, run.stdout + run.stderr
    assert said in run.stdout + run.stderr


def test_what_fails_without_a_fault_shows_nothing(small_tree):
    (small_tree / "answer.h").write_text(SMALL_TREE["answer.h"].replace("42\n", "41\n"))
    run = run_small(small_tree, "#define UNUSED 1", "#define UNUSED 2")
    assert run.returncode == 1 and "without a fault, test_answer fails" in run.stderr, run.stderr


def test_a_program_that_there_is_not_shows_nothing(small_tree):
    run = run_small(small_tree, "#define ANSWER 42", "#define ANSWER 41", program="test_question")
    assert run.returncode == 1 and "without a fault" in run.stderr, run.stderr
