"""A client certificate (RFC 5246 7.4.6): with the command's --client-cert and --client-key, and with a key
that only a function has (stint/signer.h). OpenSSL asks for it and verifies it."""

import subprocess

import pytest
from conftest import CERTS, MESSAGE, PASSWORD, TOP, USER, last_line, options_for, stint

SIGNER = TOP / "build" / "test" / "asan" / "signer"
KINDS = {"rsa": "clienteku", "p256": "clienteku-p256"}


@pytest.fixture(params=["--client-ca", "--client-ca-if-any"])
def asking(sink, request):
    """A function that starts a server which needs a client certificate, or which takes one."""
    return lambda *options: sink(request.param, CERTS / "ca.pem", *options)


def identity(name, key=None):
    return ["--client-cert", CERTS / name / "chain.pem", "--client-key", key or CERTS / name / "key.pem"]


# ---- The command ----


@pytest.mark.parametrize("mode", ["starttls", "implicit"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_server_knows_the_client(asking, kind, mode):
    server = asking(*(["--implicit"] if mode == "implicit" else []))
    run = stint(*options_for(server, mode), *identity(KINDS[kind]))
    assert run.returncode == 0, run.stderr
    assert server.session()["tls"]["client"] == "mail.example.test"
    assert server.content(1) == MESSAGE


def test_a_server_that_does_not_ask(sink):
    server = sink()
    run = stint(*options_for(server), *identity("clienteku"))
    assert run.returncode == 0, run.stderr
    assert server.session()["tls"]["client"] is None


def test_without_one(sink):
    """Who has none says so; what that means is for the server to decide."""
    assert stint(*options_for(sink("--client-ca-if-any", CERTS / "ca.pem"))).returncode == 0
    run = stint(*options_for(sink("--client-ca", CERTS / "ca.pem")))
    assert run.returncode == 76 and "TLS" in last_line(run), run.stderr


def test_one_that_the_server_does_not_trust(sink):
    server = sink("--client-ca", CERTS / "root-unknown.pem")
    run = stint(*options_for(server), *identity("clienteku"))
    assert run.returncode == 76, run.stderr
    assert server.session()["auth"] == [] and server.session()["messages"] == []


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_a_key_that_everybody_may_read(sink, tmp_path, mode):
    key = tmp_path / "key.pem"
    key.write_bytes((CERTS / KINDS["rsa"] / "key.pem").read_bytes())
    key.chmod(mode)
    run = stint(*options_for(sink()), *identity(KINDS["rsa"], key))
    assert run.returncode == 0, run.stderr
    assert (f"warning: {key} can be read by everybody" in run.stderr) == (mode == 0o644)


@pytest.mark.parametrize("form", ["-traditional", "-des3"])
@pytest.mark.parametrize("kind", KINDS)
def test_forms_of_a_key(sink, tmp_path, kind, form):
    key = tmp_path / "key.pem"
    words = ["openssl", "pkey", "-in", CERTS / KINDS[kind] / "key.pem", "-out", key, form]
    subprocess.run(words + (["-passout", "pass:x"] if form == "-des3" else []), check=True)
    run = stint(*options_for(sink("--client-ca", CERTS / "ca.pem")), *identity(KINDS[kind], key))
    if form == "-des3":
        assert run.returncode == 64 and "encrypted" in last_line(run), run.stderr
    else:
        assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("certificate, key, code, words", [
    ("clienteku", "p384/key.pem", 64, "not the key of the first certificate"),
    ("clienteku", "rsa4096/key.pem", 64, "not the key of the first certificate"),
    ("clienteku", "elsewhere/key.pem", 64, "not the key of the first certificate"),
    ("clienteku-p256", "p384/key.pem", 64, "not the key of the first certificate"),
    ("clienteku", "clienteku/chain.pem", 64, "no private key in it"),
    ("clienteku", "nowhere", 66, "No such file"),
    ("nowhere", "clienteku/key.pem", 66, "No such file")])
def test_what_does_not_fit(sink, certificate, key, code, words):
    server = sink()
    run = stint(*options_for(server), *identity(certificate, CERTS / key))
    assert run.returncode == code and words in last_line(run), run.stderr
    assert "nothing was sent" in last_line(run) and server.sessions() == 0


@pytest.mark.parametrize("options", [["--client-cert", "x"], ["--client-key", "x"],
                                     ["--client-cert", "x", "--client-key", "x", "--tls", "none"]])
def test_wrong_usage(sink, options):
    run = stint(*options_for(sink(), login=False), *options)
    assert run.returncode == 64 and "--client-" in last_line(run), run.stderr


# ---- A key that only a function has ----


class TakesRsa:
    """OpenSSL's own server, once; from its client it takes signatures by RSA alone."""

    def __init__(self):
        self.process = subprocess.Popen(
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-cert", CERTS / "rsa/cert.pem",
             "-key", CERTS / "rsa/key.pem", "-cert_chain", CERTS / "work/int-rsa.pem", "-CAfile", CERTS / "ca.pem",
             "-Verify", "3", "-client_sigalgs", "RSA+SHA256"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        line = next(line for line in self.process.stdout if line.startswith("ACCEPT"))
        self.port = int(line.rpartition(":")[2])

    def end(self):
        return self.process.communicate(timeout=20)[0]


def der(directory, name):
    """The chain's certificates, and the key: as files."""
    text = (CERTS / name / "chain.pem").read_text()
    files = []
    for number, certificate in enumerate(text.split("-----END CERTIFICATE-----\n")[:-1]):
        files.append(directory / f"{number}.der")
        subprocess.run(["openssl", "x509", "-outform", "DER", "-out", files[-1]], check=True, text=True,
                       input=certificate + "-----END CERTIFICATE-----\n")
    files.append(directory / "key.der")
    subprocess.run(["openssl", "pkey", "-in", CERTS / name / "key.pem", "-outform", "DER", "-out", files[-1]],
                   check=True)
    return files


def signed(server, *files, **environment):
    """What became of a mail, and how often something was signed."""
    run = subprocess.run([SIGNER, CERTS / "ca.pem", str(server.port), *files], text=True, capture_output=True,
                         timeout=60, env={"STINT_USER": USER, "STINT_PASSWORD": PASSWORD, **environment})
    assert run.returncode == 0 and run.stderr == "", run.stderr
    words, _, signatures = run.stdout.rpartition(": ")
    return words, int(signatures)


WELL = "accepted, none"
FAILED = "not accepted, tls"


@pytest.mark.parametrize("kind", KINDS)
def test_the_key_stays_where_it_is(sink, tmp_path, kind):
    server = sink("--client-ca", CERTS / "ca.pem", "--implicit")
    assert signed(server, *der(tmp_path, KINDS[kind])) == (WELL, 1)
    assert server.session()["tls"]["client"] == "mail.example.test"


def test_nothing_is_signed_for_who_does_not_ask(sink, tmp_path):
    assert signed(sink("--implicit"), *der(tmp_path, "clienteku")) == (WELL, 0)


def test_a_server_that_takes_no_such_key(sink, tmp_path):
    """There is no certificate for it then."""
    server = TakesRsa()
    assert signed(server, *der(tmp_path, "clienteku-p256")) == (FAILED, 0)
    assert "peer did not return a certificate" in server.end()


def test_it_cannot_sign(sink, tmp_path):
    server = sink("--client-ca", CERTS / "ca.pem", "--implicit")
    for length in ("0", "100000", "-1"):
        assert signed(server, *der(tmp_path, "clienteku"), SIGNER_FAILS=length) == (FAILED, 1)
    assert server.session()["messages"] == []
