"""What may be left out of the library (stint/config.h): it is built without, and mail goes all the
same. For Cortex-M such builds are compiled by size.sh."""

import os
import subprocess

import pytest
from conftest import MESSAGE, TO, TOP, last_line, options_for, stint

PARTS = ["CHUNKING", "MAILS", "LIMITS"]
BUILDS = [("gcc", [part]) for part in PARTS] + [("clang", PARTS)]
OFFERS = ["--offer", "CHUNKING", "--offer", "BINARYMIME", "--offer", "LIMITS RCPTMAX=1 MAILMAX=1"]


@pytest.fixture(scope="module", params=BUILDS, ids=lambda build: "-".join([build[0], *build[1]]))
def build(request, tmp_path_factory):
    """The command, and what it was built without."""
    compiler, parts = request.param
    folder = tmp_path_factory.mktemp("build")
    settings = " ".join(f"-DSTINT_{part}=0" for part in parts)
    subprocess.run(["make", "-s", "-C", TOP, f"OUT={folder}", f"CC={compiler}",
                    f"CFLAGS=-O1 {settings}", f"{folder}/stint"], check=True,
                   stdout=subprocess.DEVNULL, env={**os.environ, "MAKEFLAGS": ""})
    return folder / "stint", parts


def send(build, server, *operands, recipients=(TO,)):
    return stint(*options_for(server, "none", recipients), *operands, binary=build[0])


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "message.eml"
    path.write_bytes(MESSAGE)
    return path


def test_a_mail_is_sent(build, sink, path):
    server = sink(*OFFERS, chain=None)
    run = send(build, server, path, "--eager")
    assert run.returncode == 0, run.stderr
    session = server.session()
    assert session["faults"] == [] and server.content(1) == MESSAGE
    by_bdat = any(command.startswith("BDAT") for command in session["commands"])
    assert by_bdat == ("CHUNKING" not in build[1])


def test_a_binary_one_is_refused_without_chunking(build, sink, path):
    path.write_bytes(b"\0\xff" * 1000)
    run = send(build, sink(*OFFERS, chain=None), path, "--binary")
    assert run.returncode == (65 if "CHUNKING" in build[1] else 0), run.stderr


def test_those_there_is_no_room_for_are_refused_without_limits(build, sink, path):
    server = sink("--offer", "LIMITS RCPTMAX=1", chain=None)
    run = send(build, server, path, recipients=["a@x.test", "b@x.test"])
    faults = server.session()["faults"]
    if "LIMITS" in build[1]:
        assert faults == ["more than RCPTMAX=1"]
        assert run.returncode == 75 and "1 of 2 recipients have the message" in last_line(run)
    else:
        assert faults == []
        assert run.returncode == 0, run.stderr


def test_another_mail_is_refused_without_mails(build, sink, path):
    """Before a connection is opened, so that nothing is lost silently."""
    run = send(build, sink(chain=None), path, path)
    assert run.returncode == (0 if "MAILS" not in build[1] else 64), run.stderr
