"""The scripted server itself, where nothing else speaks to it: what it makes of BDAT and of limits."""

import socket

import pytest

CHUNKING = ["--offer", "CHUNKING"]
OPENING = [b"EHLO client.example.test", b"MAIL FROM:<a@x.test>", b"RCPT TO:<b@x.test>"]
CONTENT = b"Subject: x\r\n\r\n.\r\n..\r\nA line.\r\n"


def talk(server, *pieces):
    """Say all of it, then end. Returns the replies' codes, but those of the greeting and of EHLO's
    first lines."""
    with socket.create_connection(("127.0.0.1", server.port)) as sock:
        answers = sock.makefile("rb")
        answers.readline()
        sock.sendall(pieces[0] + b"\r\n")
        while not answers.readline().startswith(b"250 "):
            pass
        sock.sendall(b"\r\n".join(pieces[1:]))
        sock.shutdown(socket.SHUT_WR)
        return [line[:3].decode() for line in answers]


def chunk(octets, last=True):
    return b"BDAT %d%s\r\n%s" % (len(octets), b" LAST" if last else b"", octets)


def in_chunks(*octets):
    """A message in several chunks, and QUIT."""
    return b"".join([*(chunk(each, False) for each in octets[:-1]), chunk(octets[-1]), b"QUIT\r\n"])


@pytest.mark.parametrize("chunks", [[CONTENT], [CONTENT[:16], CONTENT[16:]], [CONTENT, b""]],
                         ids=["one", "in the middle of a line", "nothing more"])
def test_chunks_are_kept_as_they_are(sink, chunks):
    server = sink(*CHUNKING, chain=None)
    codes = talk(server, *OPENING, in_chunks(*chunks))
    session = server.session()
    assert codes == ["250"] * (2 + len(chunks)) + ["221"]
    assert session["faults"] == [] and session["messages"][0]["accepted"] and session["quit"]
    assert session["partial"] is None
    assert server.content(1) == CONTENT


def test_binary_content(sink):
    server = sink(*CHUNKING, "--offer", "BINARYMIME", chain=None)
    binary = b"Subject: x\r\n\r\n" + bytes(range(256)) * 8
    talk(server, OPENING[0], OPENING[1] + b" BODY=BINARYMIME", OPENING[2], in_chunks(binary))
    assert server.session()["faults"] == []
    assert server.content(1) == binary


@pytest.mark.parametrize("offer, pieces, fault", [
    ([], [*OPENING, b"BDAT 0 LAST\r\n"], "unknown command"),
    (CHUNKING, [*OPENING, b"BDAT LAST\r\n"], "syntax"),
    (CHUNKING, [*OPENING, b"BDAT 0\r\nDATA\r\n"], "DATA where only BDAT may be"),
    (CHUNKING, [*OPENING, b"BDAT 0", OPENING[2], b""], "RCPT behind BDAT"),
    (CHUNKING, [OPENING[0], OPENING[1] + b" BODY=BINARYMIME", b""], "parameter not offered"),
    (["--offer", "SMTPUTF8"], [OPENING[0], "MAIL FROM:<\u00e4@x.test>".encode(), b""], "without SMTPUTF8"),
    ([], [OPENING[0], "MAIL FROM:<\u00e4@x.test> SMTPUTF8".encode(), b""], "parameter not offered"),
    (["--offer", "SMTPUTF8", *CHUNKING],
     [*OPENING, in_chunks("Subject: \u00e4\r\n\r\n".encode())], "header that is not ASCII"),
    ([], [OPENING[0], OPENING[1] + b" RET=FULL", b""], "parameter not offered"),
    (["--offer", "DSN"], [*OPENING[:2], OPENING[2] + b" RET=FULL", b""], "parameter not offered"),
    (["--offer", "DSN"], [OPENING[0], OPENING[1] + b" RET=ALL", b""], "parameter malformed"),
    (["--offer", "DSN"], [OPENING[0], OPENING[1] + b" ENVID=a+2", b""], "parameter malformed"),
    (["--offer", "DSN"], [OPENING[0], OPENING[1] + b" ENVID=" + 101 * b"x", b""], "parameter malformed"),
    (["--offer", "DSN"], [OPENING[0], OPENING[1] + b" RET=FULL RET=FULL", b""], "parameter twice"),
    (["--offer", "DSN"], [*OPENING[:2], OPENING[2] + b" NOTIFY=NEVER,DELAY", b""], "parameter malformed"),
    (["--offer", "DSN"], [*OPENING[:2], OPENING[2] + b" NOTIFY=DELAY,DELAY", b""], "parameter malformed"),
    (["--offer", "DSN"], [*OPENING[:2], OPENING[2] + b" ORCPT=b@x.test", b""], "parameter malformed"),
    (["--offer", "REQUIRETLS"], [OPENING[0], OPENING[1] + b" REQUIRETLS", b""], "REQUIRETLS in clear"),
    (["--offer", "MT-PRIORITY"], [OPENING[0], OPENING[1] + b" MT-PRIORITY=10", b""], "malformed"),
    (["--offer", "DELIVERBY 60"], [OPENING[0], OPENING[1] + b" BY=59;R", b""], "beyond"),
    (["--offer", "FUTURERELEASE 60 2027-01-01T00:00:00Z"], [OPENING[0], OPENING[1] + b" HOLDFOR=61", b""],
     "beyond"),
    (["--offer", "FUTURERELEASE 60 2027-01-01T00:00:00Z"],
     [OPENING[0], OPENING[1] + b" HOLDFOR=6 HOLDUNTIL=2026-12-31T00:00:00Z", b""], "HOLDFOR and HOLDUNTIL"),
    (CHUNKING + ["--without", "PIPELINING"], [*OPENING[:2], b"RSET\r\n"], "before its answer"),
    (CHUNKING, [*OPENING, in_chunks(b"a\nb\r\n")], "bare LF"),
    (["--offer", "LIMITS RCPTMAX=1"], [*OPENING, OPENING[2], b""], "RCPTMAX=1"),
    (["--offer", "LIMITS RCPTDOMAINMAX=1"], [*OPENING, b"RCPT TO:<b@y.test>\r\n"],
     "RCPTDOMAINMAX=1"),
    (["--offer", "LIMITS MAILMAX=1"], [*OPENING[:2], b"RSET", OPENING[1], b""], "MAILMAX=1"),
])
def test_faults(sink, offer, pieces, fault):
    server = sink(*offer, chain=None)
    talk(server, *pieces)
    assert any(fault in each for each in server.session()["faults"])


def test_a_chunk_that_is_refused(sink):
    """All that follow are read and refused, too."""
    server = sink(*CHUNKING, "--reply", "BDAT=452 4.3.1 no room", chain=None)
    codes = talk(server, *OPENING, in_chunks(b"one\r\n", b"two\r\n"))
    assert codes == ["250", "250", "452", "503", "221"]
    assert server.session()["messages"] == []


@pytest.mark.parametrize("refused, codes, clear", [
    ("RCPT.1=550 5.1.1 no", ["250", "550", "503", "250"], [b"RSET"]),
    ("MAIL.1=550 5.7.1 no", ["550", "503", "503"], [])])
def test_a_chunk_without_recipient(sink, refused, codes, clear):
    """It is read, and refused. Another message can follow, after RSET (RFC 3030) if there was MAIL."""
    server = sink(*CHUNKING, "--reply", refused, chain=None)
    again = [*clear, *OPENING[1:]]
    answers = talk(server, *OPENING, chunk(b"one\r\n") + again[0], *again[1:], in_chunks(CONTENT))
    assert answers == [*codes, "250", "250", "250", "221"]
    assert server.session()["faults"] == [] and server.content(1) == CONTENT


def test_the_content_can_be_cut_short(sink):
    server = sink(*CHUNKING, "--do", "BODY.10=close", chain=None)
    talk(server, *OPENING, in_chunks(CONTENT))
    assert server.session()["messages"] == [] and server.session()["partial"] == len(CONTENT)


def test_answers_to_a_group_leave_together(sink):
    server = sink(chain=None)
    with socket.create_connection(("127.0.0.1", server.port)) as sock:
        sock.recv(1000)
        sock.sendall(OPENING[0] + b"\r\n")
        sock.recv(1000)
        sock.sendall(b"\r\n".join(OPENING[1:]) + b"\r\nDATA\r\n")
        assert sock.recv(1000).count(b"\r\n") == 3
