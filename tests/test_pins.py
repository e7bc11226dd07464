"""--pin: the server's key by its hash, which openssl computes; alone, with a chain, and shown."""

import base64
import hashlib
import subprocess

import pytest
from conftest import CERTS, PASSWORD, last_line, options_for, stint


def pin_octets(chain):
    """The pin of a chain's first certificate, by somebody else's reckoning."""
    key = subprocess.run(["openssl", "x509", "-in", CERTS / chain / "cert.pem", "-noout", "-pubkey"],
                         check=True, capture_output=True).stdout
    info = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=key, check=True,
                          capture_output=True).stdout
    return hashlib.sha256(info).digest()


def pin(chain):
    return "sha256//" + base64.b64encode(pin_octets(chain)).decode()


OTHER = "sha256//" + base64.b64encode(b"x" * 32).decode()


def options_with(server, *pins, ca=None):
    words = options_for(server)
    at = words.index("--ca")
    words[at:at + 2] = ["--ca", ca] if ca else []
    return words + [word for each in pins for word in ("--pin", each)]


def assert_nothing_leaked(server):
    assert PASSWORD.encode() not in server.wire()
    assert not any("AUTH" in line or "MAIL" in line for line in server.session()["commands"])


@pytest.mark.parametrize("chain", ["selfsigned", "rsa", "p256", "p384", "rsa4096", "expired",
                                   "wrongname", "clienteku", "nameconstraint", "unknownca"])
def test_the_key_alone(sink, chain):
    """Whatever else its certificate says. A spare pin does no harm."""
    run = stint(*options_with(sink(chain=chain), OTHER, pin(chain)))
    assert run.returncode == 0, run.stderr


def test_another_key(sink):
    server = sink(chain="selfsigned")
    run = stint(*options_with(server, OTHER, pin("p256")))
    assert run.returncode == 78, run.stderr
    assert "--pin" in last_line(run) and "number 1 of 1" in last_line(run)
    assert_nothing_leaked(server)


def test_the_key_of_the_issuer_is_not_the_servers(sink):
    """The pin of a chain's second certificate."""
    server = sink(chain="rsa")
    certificates = (CERTS / "rsa" / "all.pem").read_text().split("-----END CERTIFICATE-----")
    second = certificates[1] + "-----END CERTIFICATE-----\n"
    key = subprocess.run(["openssl", "x509", "-noout", "-pubkey"], input=second.encode(),
                         check=True, capture_output=True).stdout
    info = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=key, check=True,
                          capture_output=True).stdout
    wrong = "sha256//" + base64.b64encode(hashlib.sha256(info).digest()).decode()
    run = stint(*options_with(server, wrong))
    assert run.returncode == 78, run.stderr
    assert_nothing_leaked(server)


def test_on_top_of_a_chain(sink):
    ca = CERTS / "ca.pem"
    assert stint(*options_with(sink(chain="rsa"), pin("rsa"), ca=ca)).returncode == 0
    server = sink(chain="rsa")
    run = stint(*options_with(server, OTHER, ca=ca))
    assert run.returncode == 78 and "--pin" in last_line(run)
    assert_nothing_leaked(server)
    server = sink(chain="expired")
    run = stint(*options_with(server, pin("expired"), ca=ca))
    assert run.returncode == 78 and "expired" in last_line(run)
    assert_nothing_leaked(server)


@pytest.mark.parametrize("chain", ["rsa", "p384", "selfsigned"])
def test_check_prints_it(sink, chain):
    """So that it can be given: also where the certificate is not trusted."""
    server = sink(chain=chain)
    run = stint("--server", f"localhost:{server.port}", "--check", "--ca", CERTS / "ca.pem",
                password=None)
    assert pin(chain) in run.stdout
    run = stint("--server", f"localhost:{server.port}", "--check", "--pin", pin(chain),
                password=None)
    assert run.returncode == 0 and "but for the pin" in run.stdout, run.stdout + run.stderr


@pytest.mark.parametrize("chain, words", [
    ("expired", ["number 1 of", "CN=", "issued by"]), ("rsa1024", ["number "]),
    ("unknownca", ["it needs the root", "CN="]), ("noint", ["it needs the root", "CN="])])
def test_the_certificate_that_did_not_pass_is_named(sink, chain, words):
    run = stint(*options_for(sink(chain=chain)))
    assert run.returncode == 78
    for word in words:
        assert word in last_line(run), last_line(run)


@pytest.mark.parametrize("bad", ["", "sha256//", "sha256//" + "A" * 43, "A" * 44, "sha1//" + "A" * 43
                                 + "=", "sha256//" + "A" * 44, "sha256//" + "A" * 42 + "B=",
                                 "sha256//" + "A" * 42 + "-=", "sha256//" + "A" * 43 + "=x"])
def test_what_is_no_pin(bad):
    run = stint("--server", "localhost:1", "--check", "--pin", bad)
    assert run.returncode == 64 and "--pin" in last_line(run)


def test_pins_have_no_place_in_clear():
    run = stint("--server", "localhost:1", "--tls", "none", "--check", "--pin", OTHER)
    assert run.returncode == 64 and "--pin" in last_line(run)
    run = stint("--server", "localhost:1", "--check", *["--pin", OTHER] * 9)
    assert run.returncode == 64 and "more than 8" in last_line(run)
