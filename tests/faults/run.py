#!/usr/bin/python3
"""run.py [FAULT...]: put every fault of faults.txt into the code, and show that a test catches it.

The tree stays as it is: all is done in copies of it, in a temporary folder. A copy is built once, and
what is named as catching a fault must pass in it. Then a fault at a time is put in, what it
concerns is built anew and run, at least one of the programs named must fail, and the fault is taken
out again. Prints a line for each fault, with the case that failed first; ends with "N of N caught",
and with status 0 if that is so.

  --jobs N     that many copies at a time (otherwise: one for each processor, at most 4)
  --list FILE  another list
  --places     only look whether each fault has its place
  --tree DIR   another tree
"""

import argparse
import concurrent.futures
import os
import pathlib
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent

# A program hangs if it takes so many times as long as without a fault, and at least so many seconds.
PATIENCE, SHORTEST = 10, 10

# Neither a wait for the optimizer, nor a warning that spares the tests the work.
BUILD = ["make", "-s", "-f", "tests/tests.mk", "CFLAGS_gcc=-O0", "WARNINGS=-w"]


class Wrong(Exception):
    """The list, or the tree, is not as it must be."""


# ---- The list ----


class Fault:
    def __init__(self, name):
        self.name = name
        self.programs = []
        self.changes = []  # of (path, old lines, new lines)
        self.path = None  # of the change that comes next

    def take_out(self, line):
        """A line behind what is put in begins another change."""
        last = self.changes[-1] if self.changes else None
        if last is None or last[0] != self.path or last[2]:
            self.changes.append((self.path, [], []))
        self.changes[-1][1].append(line)

    def put_in(self, line):
        self.changes[-1][2].append(line)


def read_line(faults, line):
    """Returns whether it is one that a list may hold here. The form is told at faults.txt's top."""
    named = re.fullmatch(r"([a-z0-9-]+): .+", line)
    if re.fullmatch(r"(#.*|== .* ==|)", line):
        return True
    if named:
        faults.append(Fault(named[1]))
        return True
    fault = faults[-1] if faults else None
    kind, given = line[:6], line[6:]
    if fault and kind == "  by: ":
        fault.programs = given.split()
    elif fault and kind == "  in: ":
        fault.path = given
    elif fault and fault.path and line.startswith("- "):
        fault.take_out(line[2:])
    elif fault and fault.changes and line.startswith("+ "):
        fault.put_in(line[2:])
    else:
        return False
    return True


def read_list(path):
    faults = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not read_line(faults, line):
            raise Wrong(f"{path.name}:{number}: not what a list holds here: {line}")
    check_list(path, faults)
    return faults


def check_list(path, faults):
    names = [fault.name for fault in faults]
    for fault in faults:
        if not fault.programs or not fault.changes:
            raise Wrong(f"{path.name}: {fault.name} needs a program and a change")
        if names.count(fault.name) > 1:
            raise Wrong(f"{path.name}: {fault.name} is there twice")


def changed(text, change, name):
    """The text of a file with a change in it. White space counts for where, not for how much."""
    path, old, new = change
    pattern = r"\s+".join(map(re.escape, " ".join(old).split()))
    found = list(re.finditer(pattern, text))
    if len(found) != 1:
        raise Wrong(f"{name}: found {len(found)} times in {path}, and not once: {' '.join(old)}")
    return text[:found[0].start()] + "\n".join(new) + text[found[0].end():]


# ---- A copy of the tree ----


def environment():
    """Without what a make around this one asked for, but with the BearSSL that it names."""
    variables = {name: value for name, value in os.environ.items()
                 if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")}
    if variables.get("BEARSSL"):
        variables["BEARSSL"] = os.path.abspath(variables["BEARSSL"])
    return variables


def run(command, folder, limit=None):
    """Returns the status (None: it took too long) and all that was said."""
    with subprocess.Popen(command, cwd=folder, env=environment(), text=True, errors="replace",
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, start_new_session=True) as process:
        try:
            said = process.communicate(timeout=limit)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # with the servers that it started
            return None, process.communicate()[0]
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return process.returncode, said


def is_end_to_end(program):
    return "::" in program


def is_transcript(program):
    return program.startswith("sessions/")


def binary(program):
    """What must be built for it."""
    if is_end_to_end(program):
        return "build/test/gcc/stint"
    return f"build/test/gcc/{'test_sessions' if is_transcript(program) else program}"


def build(folder, programs):
    """Returns what went wrong, or nothing."""
    status, said = run([*BUILD, *sorted(set(map(binary, programs)))], folder)
    return said or "make failed" if status != 0 else ""


def alone(folder, transcript):
    """A folder with nothing else in it."""
    place = folder / "build" / transcript
    place.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / "tests" / f"{transcript}.txt", place)
    return place


def start(folder, program, limit=None):
    if is_end_to_end(program):
        return run(["/usr/bin/python3", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
                    program], folder, limit)
    if is_transcript(program):
        return run([binary(program), alone(folder, program)], folder, limit)
    return run([binary(program)], folder, limit)


def copy_tree(tree, folder):
    """What git knows, and what it would take in; of what was built, only the certificates."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            cwd=tree, check=True, capture_output=True).stdout
    for name in {os.fsdecode(each) for each in listed.split(b"\0") if each}:
        if os.path.lexists(tree / name):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(tree / name, folder / name, follow_symlinks=False)
    certificates = pathlib.Path("build", "servers", "certs")
    if (tree / certificates).is_dir():
        shutil.copytree(tree / certificates, folder / certificates, symlinks=True)
    # Where the tests against servers look for the command.
    (folder / "build" / "test" / "gcc").mkdir(parents=True)
    (folder / "build" / "test" / "asan").symlink_to("gcc")


def prepare(folder, programs):
    """Builds the copy and runs everything in it without a fault. Returns the time each may take."""
    trouble = build(folder, programs)
    if trouble:
        raise Wrong(f"without a fault, this is not built:\n{trouble}")
    limits = {}
    for program in programs:
        began = time.monotonic()
        status, said = start(folder, program)
        if status != 0:
            raise Wrong(f"without a fault, {program} fails:\n{said[-4000:]}")
        limits[program] = max(SHORTEST, PATIENCE * (time.monotonic() - began))
    return limits


# ---- One fault ----


def first_case(said):
    """The name of the first case that failed, as cmocka tells it; the others are one case each."""
    failed = re.search(r"^\[  FAILED  \] (\w+)$", said, re.M)
    return failed[1] if failed else ""


def how_it_fails(folder, program, limit):
    """Returns nothing if the program passes."""
    status, said = start(folder, program, limit)
    if status == 0:
        return ""
    if status is None:
        return f"{program} (hangs)"
    if status < 0:
        return f"{program} (crashes: {signal.Signals(-status).name})"
    return f"{program} {first_case(said)}".rstrip()


def change_files(folder, fault):
    """Puts the fault in. Returns what the files held before."""
    before = {}
    for change in fault.changes:
        path = folder / change[0]
        text = path.read_text()
        before.setdefault(path, text)
        path.write_text(changed(text, change, fault.name))
    return before


def try_fault(folder, fault, limits):
    """Returns whether it was caught, and the line that tells."""
    before = change_files(folder, fault)
    try:
        trouble = build(folder, fault.programs)
        if trouble:
            return False, f"NOT BUILT   {fault.name}\n{trouble}"
        for program in fault.programs:
            caught = how_it_fails(folder, program, limits[program])
            if caught:
                return True, f"caught      {fault.name:40} {caught}"
        return False, f"NOT CAUGHT  {fault.name:40} {' '.join(fault.programs)}"
    finally:
        for path, text in before.items():
            path.write_text(text)


# ---- All of them ----


def check_places(tree, faults):
    """Every old text is where the list says, before anything is built."""
    for fault in faults:
        texts = {}
        for change in fault.changes:
            path = tree / change[0]
            if not path.is_file():
                raise Wrong(f"{fault.name}: there is no {change[0]}")
            texts[path] = changed(texts.get(path) or path.read_text(), change, fault.name)


def try_all(tree, faults, jobs):
    """Returns how many were caught."""
    programs = sorted({program for fault in faults for program in fault.programs})
    idle = queue.SimpleQueue()
    caught = 0

    with tempfile.TemporaryDirectory(prefix="stint-faults-") as temporary:
        folders = [pathlib.Path(temporary, str(number)) for number in range(jobs)]
        folders[0].mkdir()
        copy_tree(tree, folders[0])
        limits = prepare(folders[0], programs)
        for folder in folders[1:]:
            shutil.copytree(folders[0], folder, symlinks=True)
        for folder in folders:
            idle.put(folder)

        def in_some_copy(fault):
            folder = idle.get()
            try:
                return try_fault(folder, fault, limits)
            finally:
                idle.put(folder)

        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            for is_caught, line in pool.map(in_some_copy, faults):
                print(line, flush=True)
                caught += is_caught
    return caught


def options():
    parser = argparse.ArgumentParser(add_help=True, usage=__doc__)
    parser.add_argument("--jobs", type=int, default=min(4, os.cpu_count() or 1))
    parser.add_argument("--list", type=pathlib.Path, default=HERE / "faults.txt")
    parser.add_argument("--places", action="store_true")
    parser.add_argument("--tree", type=pathlib.Path, default=HERE.parent.parent)
    parser.add_argument("faults", nargs="*")
    return parser.parse_args()


def main():
    given = options()
    faults = read_list(given.list)
    unknown = set(given.faults) - {fault.name for fault in faults}
    if unknown:
        raise Wrong(f"{given.list.name} has no {' '.join(sorted(unknown))}")
    faults = [fault for fault in faults if not given.faults or fault.name in given.faults]
    check_places(given.tree, faults)
    if given.places:
        return 0
    caught = try_all(given.tree, faults, max(1, min(given.jobs, len(faults))))
    print(f"{caught} of {len(faults)} caught")
    return 0 if caught == len(faults) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Wrong as wrong:
        sys.exit(f"faults: {wrong}")
