"""The table of certificates.py, each case twice: by the judge alone, in memory; and by the command,
which a server on loopback shows the chain to."""

import re
import subprocess

import pytest
from authority import Authority, Keys, point
from certificates import BAD, BARE, CASES, GOOD, NOBODY, REAL, ROOT, WORDS
from chains import ECDHE_ECDSA, ECDHE_RSA, BareServer, RealServer
from conftest import BEARSSL_HEADERS, FROM, TO, TOP, USER, last_line, stint

VERIFY_CHAIN = TOP / "build" / "test" / "asan" / "verify_chain"
LOOPBACK_NAMES = TOP / "build" / "test" / "loopback_names.so"
ERRORS = {name: int(number) for name, number in re.findall(
    r"^#define BR_ERR_X509_(\w+) +(\d+)$", (BEARSSL_HEADERS / "bearssl_x509.h").read_text(), re.M)}
ERRORS["OK"] = 0  # to a caller, of a chain


def by_name(cases):
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.name)


@pytest.fixture(scope="session")
def authority():
    return Authority(Keys(TOP / "build" / "servers" / "keys"))


@pytest.fixture
def anchors(authority, case, tmp_path):
    path = tmp_path / "anchors.pem"
    path.write_text("".join(map(authority.pem, case.anchors or (ROOT,))))
    return path


@by_name(CASES)
def test_in_memory(authority, anchors, case, tmp_path):
    files = [tmp_path / f"{n}.der" for n in range(len(case.chain))]
    for file, certificate in zip(files, case.chain):
        file.write_bytes(authority.der(certificate))
    kind, when = ("floor", case.floor) if case.clock is None else ("clock", case.clock)
    seconds = int(point(when).timestamp())
    run = subprocess.run(
        [VERIFY_CHAIN, anchors, case.host, kind, str(seconds), case.profile, *files], text=True,
        capture_output=True, timeout=60)
    assert run.returncode == 0, run.stderr
    error, *usages = run.stdout.split()
    assert int(error) == ERRORS[case.error], run.stdout
    assert int(error) != 0 or ("signature" in usages) == case.signs, run.stdout


def arguments(case, anchors, port):
    host = f"[{case.host}]" if ":" in case.host else case.host
    return ["--server", f"{host}:{port}", "--tls", "implicit", "--helo", "pump3.example.test",
            "--ca", anchors, "--user", USER, "--from", FROM, "--to", TO]


def send(case, anchors, port):
    return stint(*arguments(case, anchors, port), environment={"LD_PRELOAD": str(LOOPBACK_NAMES)})


@pytest.fixture
def key_and_chain(authority, case, tmp_path):
    path = tmp_path / "all.pem"  # as sink() wants it
    path.write_text(authority.keys.file(case.chain[0].key).read_text()
                    + "".join(map(authority.pem, case.chain)))
    return path


@by_name([case for case in GOOD if case.shown_by == REAL])
def test_a_mail_is_sent(anchors, key_and_chain, case, sink):
    server = sink("--implicit", chain=key_and_chain.parent)
    run = send(case, anchors, server.port)
    assert run.returncode == 0, run.stderr
    assert server.session()["messages"][0]["accepted"]


def assert_refused(case, run):
    assert run.returncode == case.code, run.stderr
    assert (case.words or WORDS[case.error]) in last_line(run)
    assert case.code != 78 or "the server's certificate is not acceptable" in last_line(run)
    assert "the message was not sent" in last_line(run)


@by_name([case for case in BAD if case.shown_by == REAL])
def test_nothing_is_sent(anchors, key_and_chain, case):
    with RealServer(key_and_chain) as server:
        assert_refused(case, send(case, anchors, server.port))
    assert server.refused and server.said == b""


@by_name([case for case in BAD if case.shown_by == BARE])
def test_nothing_is_sent_to_a_bare_server(authority, anchors, case):
    suite = ECDHE_ECDSA if case.chain and case.chain[0].key.startswith("p") else ECDHE_RSA
    with BareServer(list(map(authority.der, case.chain)), suite) as server:
        assert_refused(case, send(case, anchors, server.port))
    assert server.said == b""


def test_enough_of_each():
    """As the table is the claim: 20 bad ones at least and 8 good, through the command."""
    assert sum(case.shown_by != NOBODY for case in BAD) >= 20
    assert sum(case.shown_by != NOBODY for case in GOOD) >= 8
    assert len({case.name for case in CASES}) == len(CASES)
