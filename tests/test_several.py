"""Several messages: one session, a line and a fate for each, and the exit code of the worst."""

import os
import resource
import signal
import subprocess
import time

import pytest
from conftest import SANITIZED, TO, last_line, options_for, stint

OFFERS = {"lockstep": ["--without", "PIPELINING"], "pipelining": [],
          "chunking": ["--offer", "CHUNKING"]}


@pytest.fixture
def files(tmp_path):
    """A function that writes messages and returns their paths."""

    def write(count, text="Low.\r\n"):
        paths = []
        for number in range(1, count + 1):
            paths.append(tmp_path / f"m{number}.eml")
            paths[-1].write_text(f"Subject: {number}\n\n.{number}\n{text}")
        return paths

    return write


def octets(path):
    return path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def send(server, paths, *options, recipients=(TO,), **settings):
    return stint(*options_for(server, "none", recipients), *options, *paths, **settings)


def lines_of(run, path):
    """What is said of a message, without its name."""
    start = f"stint: {path}: "
    return [line[len(start):] for line in run.stderr.splitlines() if line.startswith(start)]


def assert_unsent(run, *paths):
    for path in paths:
        assert lines_of(run, path) == ["not sent"], run.stderr


@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS)
def test_one_session(sink, files, offer):
    server = sink(*offer, chain=None)
    paths = files(3)
    run = send(server, paths, recipients=["a@x.test", "b@x.test"])
    assert run.returncode == 0, run.stderr
    session = server.session()
    assert session["faults"] == [] and session["quit"] and server.sessions() == 1
    assert [m["rcpt"] for m in session["messages"]] == 3 * [["a@x.test", "b@x.test"]]
    for number, path in enumerate(paths, 1):
        assert server.content(1, number) == octets(path)
        assert lines_of(run, path) == [
            "sent: accepted by localhost for 2 recipients: 250 2.0.0 kept"]
    assert len(run.stderr.splitlines()) == 3


@pytest.mark.parametrize("paths", [["-"], ["./-"], ["m1.eml"]], ids=str)
def test_one_alone_has_no_name_in_front(sink, files, tmp_path, paths):
    files(1)
    (tmp_path / "-").write_text("Subject: a file of that name\n\n")
    command = [SANITIZED, *options_for(sink(chain=None), "none"), *paths]
    with (tmp_path / "m1.eml").open() as message:
        run = subprocess.run(command, cwd=tmp_path, stdin=message, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stderr == "stint: sent: accepted by localhost for 1 recipient: 250 2.0.0 kept\n"


@pytest.fixture
def untouched(sink):
    """A server that nobody connects to."""
    server = sink(chain=None)
    yield server
    assert server.sessions() == 0


@pytest.mark.parametrize("bad, code, words", [
    ("nul", 65, "line 3 holds a NUL"), ("long", 65, "998"), ("missing", 66, "No such file"),
    ("directory", 66, "directory"), ("fifo", 64, "single"), ("-", 64, "single")])
@pytest.mark.parametrize("place", range(3))
def test_a_bad_one_keeps_all_from_being_sent(untouched, files, tmp_path, place, bad, code, words):
    (tmp_path / "nul").write_bytes(b"Subject: x\n\n\0\n")
    (tmp_path / "long").write_bytes(b"Subject: x\n\n" + b"x" * 999)
    (tmp_path / "directory").mkdir()
    os.mkfifo(tmp_path / "fifo")
    paths = files(2)
    name = bad if bad == "-" else tmp_path / bad
    paths.insert(place, name)
    run = send(untouched, paths)
    assert run.returncode == code, run.stderr
    assert words in last_line(run) and "; nothing was sent" in last_line(run)
    assert ("standard input" if bad == "-" else str(name)) in last_line(run)
    assert len(run.stderr.splitlines()) == 1


# What the server says, the exit code, and what becomes of three messages.
DONE, LOST = "sent: accepted", "not sent"
FATES = [
    (["--reply", "DOT.2=554 5.6.0 spam"], 69, [DONE, "not accepted", DONE]),
    (["--reply", "DOT.2=451 4.3.0 later"], 75, [DONE, "not accepted", DONE]),
    (["--reply", "DOT.1=451 4.3.0 later", "--reply", "DOT.3=554 no"], 69,
     ["not accepted", DONE, "not accepted"]),
    (["--reply", "DOT.1=554 no", "--reply", "DOT.3=451 4.3.0 later"], 69,
     ["not accepted", DONE, "not accepted"]),
    (["--reply", "MAIL.2=550 5.7.1 no"], 69, [DONE, "MAIL", DONE]),
    (["--reply", "RCPT.1=450 4.2.0 busy"], 75, ["RCPT", DONE, DONE]),
    (["--reply", "DOT.2=421 4.3.2 bye"], 75, [DONE, "not accepted", LOST]),
    (["--reply", "RCPT.2=421 4.3.2 bye"], 75, [DONE, "RCPT", LOST]),
    (["--do", "DOT.1=close"], 75, ["twice", LOST, LOST]),
    (["--do", "DOT.2=reset"], 75, [DONE, "twice", LOST]),
    (["--reply", "DOT.1=554 no", "--do", "DOT.2=close"], 75, ["not accepted", "twice", LOST]),
    (["--reply", "DOT.1=554 no", "--do", "MAIL.2=close"], 69, ["not accepted", "MAIL", LOST]),
    (["--reply", "MAIL.2=bananas"], 76, [DONE, "MAIL", LOST]),
    (["--do", "EHLO=close"], 75, ["EHLO", LOST, LOST]),
]


@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS)
@pytest.mark.parametrize("script, code, fates", FATES, ids=[" ".join(f[0][1::2]) for f in FATES])
def test_each_has_its_own_fate(sink, files, offer, script, code, fates):
    server = sink(*offer, *script, chain=None)
    paths = files(3)
    run = send(server, paths)
    assert run.returncode == code, run.stderr
    for path, fate in zip(paths, fates):
        assert fate in lines_of(run, path)[-1], run.stderr
    accepted = [m["accepted"] for m in server.session()["messages"]].count(True)
    assert accepted == fates.count(DONE)
    assert last_line(run) == f"stint: {accepted} of 3 messages were accepted for every recipient"
    assert server.sessions() == 1


def test_recipients_are_listed_for_the_message_that_they_are_of(sink, files):
    server = sink("--reply", "RCPT.4=550 5.1.1 unknown", chain=None)
    paths = files(3)
    run = send(server, paths, recipients=["a@x.test", "b@x.test"])
    assert run.returncode == 69, run.stderr
    assert lines_of(run, paths[0]) == lines_of(run, paths[2]) == [
        "sent: accepted by localhost for 2 recipients: 250 2.0.0 kept"]
    assert lines_of(run, paths[1])[:2] == ["accepted: <a@x.test>: 250 2.0.0",
                                           "refused: <b@x.test>: 550 5.1.1"]


def test_what_the_server_cannot_take_is_passed_over(sink, files):
    server = sink("--without", "8BITMIME", chain=None)
    paths = files(3)
    paths[0].write_text("Subject: x\n\nGrüße\n")
    run = send(server, paths)
    assert run.returncode == 65, run.stderr
    assert "7-bit" in lines_of(run, paths[0])[-1]
    assert len(server.session()["messages"]) == 2
    assert [server.content(1, n) for n in (1, 2)] == [octets(path) for path in paths[1:]]


def test_no_connection(files):
    paths = files(2)
    run = stint("--server", "localhost:1", "--tls", "none", "--from", "a@x.test", "--to", TO,
                *paths)
    assert run.returncode == 75, run.stderr
    assert "refused" in lines_of(run, paths[0])[-1]
    assert_unsent(run, paths[1])


def test_quiet_tells_what_went_wrong(sink, files):
    paths = files(3)
    assert send(sink(chain=None), paths, "--quiet").stderr == ""
    run = send(sink("--reply", "DOT.2=554 no", chain=None), paths, "--quiet")
    assert not lines_of(run, paths[0]) and lines_of(run, paths[1]) and not lines_of(run, paths[2])


# ---- LIMITS (RFC 9422) ----


@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS)
@pytest.mark.parametrize("limit, sessions", [(1, 5), (2, 3), (5, 1), (6, 1)])
def test_as_many_sessions_as_it_takes(sink, files, offer, limit, sessions):
    server = sink(*offer, "--offer", f"LIMITS MAILMAX={limit}", chain=None)
    paths = files(5)
    run = send(server, paths, "--verbose")
    assert run.returncode == 0, run.stderr
    sent = [(number, n) for number in range(1, sessions + 1)
            for n, _ in enumerate(server.session(number)["messages"], 1)]
    assert [server.content(*place) for place in sent] == [octets(path) for path in paths]
    assert all(server.session(number)["faults"] == [] for number in range(1, sessions + 1))
    assert server.sessions() == sessions == run.stderr.count("* used: ")


def test_in_tls_too(sink, files):
    """The next session begins from nothing."""
    server = sink("--offer", "LIMITS MAILMAX=1")
    run = stint(*options_for(server), "--verbose", *files(2))
    assert run.returncode == 0, run.stderr
    assert run.stderr.count("certificate verified for localhost") == 2
    assert [len(server.session(n)["auth"]) for n in (1, 2)] == [1, 1]


@pytest.mark.parametrize("refused, sessions", [(1, 1), (2, 3)])
def test_no_other_session_where_the_last_one_got_nothing_done(sink, files, refused, sessions):
    """The refusal comes in each session, for its Nth message."""
    server = sink("--offer", "LIMITS MAILMAX=2", "--reply", f"DOT.{refused}=554 no", *(
        ["--reply", "DOT.2=554 no"] if refused == 1 else []), chain=None)
    paths = files(5)
    run = send(server, paths)
    assert run.returncode == 69, run.stderr
    server.session(sessions)
    assert server.sessions() == sessions
    if refused == 1:
        assert_unsent(run, *paths[2:])


def test_recipients_that_the_limits_leave_out(sink, files):
    """Each has its own transaction, and so many may be in a session: nobody refused the third."""
    server = sink("--offer", "LIMITS RCPTMAX=1 MAILMAX=2", chain=None)
    paths = files(2)
    run = send(server, paths, recipients=["a@x.test", "b@x.test", "c@x.test"])
    assert run.returncode == 75, run.stderr
    for path in paths:
        lines = lines_of(run, path)
        assert lines[:3] == ["accepted: <a@x.test>: 250 2.0.0", "accepted: <b@x.test>: 250 2.0.0",
                             "not sent: <c@x.test>"]
        assert "LIMITS have no room for <c@x.test>" in lines[3]
        assert "2 of 3 recipients have the message; send again only to those" in lines[3]
    assert server.sessions() == 2 and server.session(2)["faults"] == []


@pytest.mark.parametrize("action, status", [("--do MAIL.2=close", 75), ("--reply MAIL.2=550 No", 69),
                                            ("--reply MAIL.2=999 What", 76)])
def test_something_goes_wrong_behind_a_transaction(sink, files, action, status):
    """Whoever has the message must not get it again."""
    server = sink("--without", "PIPELINING", "--offer", "LIMITS RCPTMAX=1",
                  *action.split(" ", 1), chain=None)
    paths = files(1)
    run = send(server, paths, recipients=["a@x.test", "b@x.test"])
    assert run.returncode == status, run.stderr
    lines = run.stderr.splitlines()
    assert lines[:2] == ["stint: accepted: <a@x.test>: 250 2.0.0", "stint: not sent: <b@x.test>"]
    assert "1 of 2 recipients have the message; " in lines[2]
    assert lines[2].endswith("; send again only to those that have not got it, not to all")


def test_unknown_for_those_who_were_asked(sink, files):
    server = sink("--offer", "LIMITS RCPTMAX=1", "--do", "DOT=close", chain=None)
    run = send(server, files(1), recipients=["a@x.test", "b@x.test"])
    assert run.returncode == 75, run.stderr
    assert run.stderr.splitlines()[:2] == ["stint: unknown: <a@x.test>",
                                           "stint: not sent: <b@x.test>"]


def test_the_deadline_is_for_all_sessions(sink, files):
    server = sink("--offer", "LIMITS MAILMAX=1", "--delay", "DOT=2", chain=None)
    paths = files(4)
    run = send(server, paths, "--deadline", "5")
    assert run.returncode == 75, run.stderr
    assert DONE in lines_of(run, paths[0])[-1]
    assert "in time" in lines_of(run, paths[1])[-1] or "in time" in lines_of(run, paths[2])[-1]
    assert_unsent(run, paths[3])


# ---- Files ----


def test_more_files_than_may_be_open_at_a_time(sink, files):
    server = sink("--offer", "CHUNKING", chain=None)
    paths = files(100)

    def few():
        resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))

    run = subprocess.run([SANITIZED, *options_for(server, "none"), *paths], preexec_fn=few,
                         capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    server.session()
    assert [server.content(1, n) for n in range(1, 101)] == [octets(path) for path in paths]


def replace(path):
    other = path.with_suffix(".new")
    other.write_bytes(path.read_bytes())
    other.rename(path)


def append(path):
    with path.open("ab") as file:
        file.write(b"More.\r\n")


@pytest.mark.parametrize("change, words", [
    (append, "changed"), (replace, "changed"), (os.unlink, "No such file")])
def test_a_file_that_is_not_what_it_was_is_not_sent(sink, files, change, words):
    """It was looked at before the session, and is read when it is its turn."""
    server = sink("--without", "PIPELINING", "--delay", "DOT.1=2", chain=None)
    paths = files(3)
    with subprocess.Popen([SANITIZED, *options_for(server, "none"), *paths], text=True,
                          stderr=subprocess.PIPE) as process:
        while not (server.directory / "1-1.eml").exists():
            time.sleep(0.02)
        change(paths[1])
        stderr = process.stderr.read()
        assert process.wait(30) == 74, stderr
    lines = [line for line in stderr.splitlines() if str(paths[1]) in line]
    assert len(lines) == 1 and words in lines[0]
    assert len(server.session()["messages"]) == 2


def test_interrupted(sink, files):
    server = sink("--do", "MAIL.2=stall", chain=None)
    paths = files(3)
    with subprocess.Popen([SANITIZED, *options_for(server, "none"), *paths], text=True,
                          stderr=subprocess.PIPE) as process:
        lines = [process.stderr.readline()]
        process.send_signal(signal.SIGTERM)
        lines += process.stderr.readlines()
        assert process.wait(30) == 128 + signal.SIGTERM
    for path, line, words in zip(paths, lines, [DONE, "signal 15", LOST]):
        assert line.startswith(f"stint: {path}: ") and words in line
    assert len(server.session()["messages"]) == 1
