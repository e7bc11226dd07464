"""stint anchors: the C compiles, holds what OpenSSL says of each root, takes the flash that it says,
and verifies; a server gets the root that it needs; and nothing is written unless all is well."""

import hashlib
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import threading

import pytest
import readme
from authority import Authority, Keys, dns, rsa_public
from certificates import INTERMEDIATE, LEAF, ROOT
from conftest import (BEARSSL_FLAGS, BEARSSL_HEADERS, CERTS, PASSWORD, RELEASE, SANITIZED, TOP,
                      USER, last_line, stint)
from test_pins import OTHER, pin, pin_octets

DEBIAN = pathlib.Path("/usr/share/ca-certificates/mozilla")
ROOTS = sorted(DEBIAN.glob("*.crt"))
CORES = ["cortex-m0plus", "cortex-m4"]
NOTHING = "nothing was written"


def anchors(*arguments, code=0, **settings):
    run = stint("anchors", *arguments, password=None, **settings)
    assert run.returncode == code, run.stderr
    return run


def written(path, *arguments):
    """The C in a file, and the run."""
    run = anchors(*arguments)
    path.write_text(run.stdout)
    return run


AUTHORITY = Authority(Keys(TOP / "build" / "servers" / "keys"))


# ---- The C ----


@pytest.fixture(scope="session")
def arm_headers(tmp_path_factory):
    """BearSSL's alone: the rest of /usr/include is for this machine."""
    headers = tmp_path_factory.mktemp("bearssl")
    for path in BEARSSL_HEADERS.glob("bearssl*.h"):
        shutil.copy(path, headers)
    return headers


def compile_for_arm(source, core, headers):
    """Returns octets by section."""
    binary = source.with_suffix(f".{core}.o")
    subprocess.run(["arm-none-eabi-gcc", f"-mcpu={core}", "-mthumb", "-Os", *readme.WARNINGS,
                    "-isystem", headers, "-c", "-o", binary, source], check=True)
    table = subprocess.run(["arm-none-eabi-size", "-A", binary], text=True, capture_output=True,
                           check=True).stdout
    return {name: int(size) for name, size in re.findall(r"^\.(\S+) +(\d+) ", table, re.M)}


def compile_everywhere(source, headers):
    """Returns the octets of flash; none is RAM."""
    for compiler in ("gcc", "clang"):
        subprocess.run([compiler, *readme.WARNINGS, *BEARSSL_FLAGS, "-c", "-o",
                        source.with_suffix(".o"), source], check=True)
    flash = set()
    for core in CORES:
        sections = compile_for_arm(source, core, headers)
        assert sections["data"] == sections["bss"] == 0
        flash.add(sections["rodata"])
    assert len(flash) == 1
    return flash.pop()


def told_flash(run):
    """The table on standard error: its lines, and its sum."""
    *lines, total = map(int, re.findall(r"^ *(\d+) octets  ", run.stderr, re.M))
    return lines, total


DUMP = r"""
#include <bearssl.h>
#include <stddef.h>
#include <stdio.h>
extern const br_x509_trust_anchor all[];
extern const size_t all_count;
static void dump(const unsigned char *octets, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        printf("%02x", octets[i]);
    }
}
int main(void)
{
    for (size_t i = 0; i < all_count; i++) {
        const br_x509_pkey *key = &all[i].pkey;
        dump(all[i].dn.data, all[i].dn.len);
        printf(" %u ", all[i].flags);
        if (key->key_type == BR_KEYTYPE_RSA) {
            dump(key->key.rsa.n, key->key.rsa.nlen);
            printf(" ");
            dump(key->key.rsa.e, key->key.rsa.elen);
        } else {
            dump(key->key.ec.q, key->key.ec.qlen);
            printf(" curve%d", key->key.ec.curve);
        }
        printf("\n");
    }
    return 0;
}
"""
CURVES = {"P-256": 23, "P-384": 24, "P-521": 25}  # RFC 8422 5.1.1, as BearSSL numbers them


def openssl(*arguments, **settings):
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True,
                          **settings).stdout


def der(path):
    return ssl.PEM_cert_to_DER_cert(path.read_text())


def subject_der(path):
    """Where OpenSSL finds the subject: the fourth SEQUENCE of the TBSCertificate."""
    listed = openssl("asn1parse", "-inform", "DER", input=der(path)).decode()
    at, header, length = map(int, re.findall(
        r"^ *(\d+):d=2 +hl=(\d) +l= *(\d+) cons: SEQUENCE", listed, re.M)[3])
    return der(path)[at:at + header + length]


def hexadecimal(text, heading):
    digits = re.search(heading + r"\n((?: +[0-9a-f:]+\n)+)", text)[1]
    return re.sub(r"[\s:]", "", digits)


def by_openssl(path):
    """What DUMP prints of this root."""
    text = openssl("x509", "-in", path, "-noout", "-text").decode()
    if "rsaEncryption" in text:
        n = hexadecimal(text, "Modulus:").removeprefix("00")
        e = re.search(r"Exponent: \d+ \(0x([0-9a-f]+)\)", text)[1]
        key = f"{n} {e.zfill(len(e) + len(e) % 2)}"
    else:
        curve = re.search(r"NIST CURVE: (\S+)", text)[1]
        key = f"{hexadecimal(text, 'pub:')} curve{CURVES[curve]}"
    return f"{subject_der(path).hex()} 1 {key}"


def dumped(directory, source):
    (directory / "dump.c").write_text(DUMP)
    program = directory / "dump"
    subprocess.run(["gcc", *readme.WARNINGS, *BEARSSL_FLAGS, "-o", program, directory / "dump.c",
                    source], check=True)
    return subprocess.run([program], text=True, capture_output=True, check=True).stdout.splitlines()


def fingerprint(path):
    return hashlib.sha256(der(path)).hexdigest()


def test_every_root_of_debian(tmp_path, arm_headers):
    """One may be there in two editions, of one name and key: the first counts."""
    expected = {}
    for root in ROOTS:
        expected.setdefault(by_openssl(root), root)
    assert len(expected) > 100
    source = tmp_path / "all.c"
    run = written(source, "--name", "all", *ROOTS)
    assert dumped(tmp_path, source) == list(expected)
    assert re.findall(r"SHA-256    (\w+)\n", run.stdout) == list(map(fingerprint,
                                                                     expected.values()))
    lines, total = told_flash(run)
    assert len(lines) == len(expected) and sum(lines) + 4 == total
    assert re.findall(r" \* flash      (\d+) octets", run.stdout) == list(map(str, lines))
    assert compile_everywhere(source, arm_headers) == total


def test_what_the_comment_says(tmp_path):
    root = CERTS / "root-p384.pem"
    end = openssl("x509", "-in", root, "-noout", "-enddate", "-dateopt", "iso_8601").decode()
    run = anchors(root)
    assert " * O=SMTP tests, CN=root-p384\n * key        EC P-384\n" in run.stdout
    assert f" * not after  {end.strip().split('=')[1].replace('Z', '')} UTC\n" in run.stdout


def test_one_that_comes_twice_is_written_once(tmp_path):
    """Also from two files, and by another certificate for the same name and key."""
    again = tmp_path / "again.pem"
    key = CERTS / "work" / "root-rsa.key"
    openssl("req", "-x509", "-key", key, "-subj", "/O=SMTP tests/CN=root-rsa", "-days", "9",
            "-out", again)
    both = tmp_path / "both.pem"
    both.write_text((CERTS / "root-rsa.pem").read_text() + (CERTS / "root-p256.pem").read_text())
    run = anchors(CERTS / "root-rsa.pem", both, again, both)
    assert "anchors_count = 2;" in run.stdout
    assert re.findall("CN=root-[a-z0-9]+", run.stdout) == ["CN=root-rsa", "CN=root-p256"]


def test_standard_input():
    root = CERTS / "root-rsa.pem"
    assert anchors("-", message=root.read_bytes()).stdout == anchors(root).stdout


def test_quiet():
    assert anchors(CERTS / "root-rsa.pem", "--quiet").stderr == ""


SUBJECTS = [r"x *\/ #error out \/*", r"what ??\/", "\\\\", "*", r"\/", "Grüße \x07"]


@pytest.mark.parametrize("name", SUBJECTS, ids=range(len(SUBJECTS)))
def test_a_name_stays_in_its_comment(tmp_path, arm_headers, name):
    root = tmp_path / "root.pem"
    openssl("req", "-x509", "-utf8", "-key", CERTS / "work" / "root-p256.key", "-subj",
            f"/CN={name}", "-out", root)
    source = tmp_path / "all.c"
    written(source, "--name", "all", root)
    assert dumped(tmp_path, source) == [by_openssl(root)]
    compile_everywhere(source, arm_headers)


# ---- Pins ----


def test_pins(tmp_path, arm_headers):
    source = tmp_path / "pins.c"
    run = written(source, "--name", "all", "--pin", pin("p256"), "--pin", OTHER)
    assert "bearssl" not in run.stdout and "all_pins_count = 2;" in run.stdout
    octets = bytes(int(octet, 16) for octet in re.findall(r"0x([0-9A-F]{2})", run.stdout))
    assert octets == pin_octets("p256") + b"x" * 32
    assert compile_everywhere(source, arm_headers) == told_flash(run)[1] == 68


def test_pins_beside_anchors(tmp_path, arm_headers):
    source = tmp_path / "both.c"
    run = written(source, CERTS / "root-rsa.pem", "--pin", OTHER)
    assert "anchors_count = 1;" in run.stdout and "anchors_pins_count = 1;" in run.stdout
    assert compile_everywhere(source, arm_headers) == told_flash(run)[1]


# ---- A device ----


def device(directory, anchors, fast=False, pins=False):
    source = readme.example()
    if fast:
        source = source.replace("profile_small", "profile_fast")
    if pins:
        source = source.replace("extern const size_t port_anchors_count;", (
            "extern const size_t port_anchors_count;\n"
            "extern const uint8_t port_anchors_pins[][STINT_TLS_PIN_OCTETS];\n"
            "extern const size_t port_anchors_pins_count;"))
        source = source.replace("tls.entropy =", (
            "tls.pins = port_anchors_pins; tls.pin_count = port_anchors_pins_count; tls.entropy ="))
    return readme.build(directory, source, anchors)


def sends(program, server):
    run = subprocess.run([program, str(server.port), USER, PASSWORD], timeout=60)
    session = server.session()
    accepted = any(message["accepted"] for message in session["messages"])
    assert (run.returncode == 0) == accepted
    assert accepted or session["auth"] == []
    return accepted


@pytest.mark.parametrize("chain, root, fast", [
    ("rsa", "rsa", False), ("p256", "p256", False), ("mixed", "rsa", False),
    ("rsa4096", "rsa4096", False), ("p384", "p384", True)])
def test_a_device_sends_to_a_server_that_was_asked(sink, tmp_path, chain, root, fast):
    server = sink("--implicit", chain=chain)
    source = tmp_path / "anchors.c"
    run = written(source, *to(server), "--name", "port_anchors")
    assert re.findall(r"SHA-256    (\w+)", run.stdout) == [fingerprint(CERTS / f"root-{root}.pem")]
    facts = [line.removeprefix(" * ") for line in run.stdout.splitlines()]
    assert f"root needed  O=SMTP tests, CN=root-{root}" in facts
    does = "fast does: " if fast else "small does: "
    assert re.search(rf"^ \* profile      {does}TLS 1\.2, ECDHE_", run.stdout, re.M)
    assert ("small does not do: " in run.stdout) == fast
    assert "buffer       837 octets: the server keeps to records of 512" in run.stdout
    for line in run.stderr.splitlines()[:-2]:
        assert line in facts
    assert sends(device(tmp_path / "device", source, fast), sink("--implicit", chain=chain))


def test_a_device_does_not_send_to_another(sink, tmp_path):
    source = tmp_path / "anchors.c"
    written(source, CERTS / "root-p256.pem", "--name", "port_anchors")
    program = device(tmp_path, source)
    assert sends(program, sink("--implicit", chain="p256"))
    assert not sends(program, sink("--implicit", chain="rsa"))


@pytest.mark.parametrize("pinned", ["rsa", "mixed"])
def test_a_device_that_pins(sink, tmp_path, pinned):
    """Two servers under one root; the key of only one is known."""
    source = tmp_path / "anchors.c"
    written(source, CERTS / "root-rsa.pem", "--pin", pin(pinned), "--name", "port_anchors")
    program = device(tmp_path, source, pins=True)
    for chain in ("rsa", "mixed"):
        assert sends(program, sink("--implicit", chain=chain)) == (chain == pinned)


# ---- A server ----


def to(server, ca=CERTS / "ca.pem", mode="implicit"):
    return ["--server", f"localhost:{server.port}", "--tls", mode, "--helo", "pump3.example.test",
            *(["--ca", ca] if ca else [])]


def test_starttls_and_the_systems_roots(sink, tmp_path):
    run = anchors(*to(sink(chain="rsa"), None, "starttls"),
                  environment={"SSL_CERT_FILE": str(CERTS / "ca.pem")})
    assert "from the start" not in run.stdout and ", by STARTTLS" in run.stdout
    assert "anchors_count = 1;" in run.stdout


@pytest.mark.parametrize("lines, words", [
    (1, "STINT_IN_ANY_SERVER (16709 octets) to be sure: the server does not limit its records"),
    (20, "STINT_IN_ANY_SERVER (16709 octets): a record came that is too large")])
def test_the_buffer_for_a_server_that_does_not_limit_its_records(sink, lines, words):
    reply = r"\r\n".join(["250-X" + "x" * 95] * lines + ["250 AUTH PLAIN"])
    run = anchors(*to(sink("--implicit", "--large-records", "--reply", f"EHLO={reply}")))
    assert f" * buffer       {words}" in re.sub(r"\n \* {14}", " ", run.stdout)


def test_an_intermediate_that_is_trusted_is_enough(sink, tmp_path):
    """The one that is met first, of those that can vouch."""
    ca = tmp_path / "ca.pem"
    ca.write_text((CERTS / "root-rsa.pem").read_text() + (CERTS / "work/int-rsa.pem").read_text())
    run = anchors(*to(sink("--implicit"), ca))
    assert re.findall(r"SHA-256    (\w+)", run.stdout) == [fingerprint(CERTS / "work/int-rsa.pem")]


def test_the_key_decides_between_roots_of_one_name(sink, tmp_path):
    other = tmp_path / "other.pem"
    openssl("req", "-x509", "-key", CERTS / "work" / "root-unknown.key", "-subj",
            "/O=SMTP tests/CN=root-rsa", "-out", other)
    ca = tmp_path / "ca.pem"
    ca.write_text(other.read_text() + (CERTS / "ca.pem").read_text())
    run = anchors(*to(sink("--implicit"), ca))
    assert re.findall(r"SHA-256    (\w+)", run.stdout) == [fingerprint(CERTS / "root-rsa.pem")]


def test_a_servers_own_certificate_that_is_trusted(sink, tmp_path):
    own = CERTS / "selfsigned" / "cert.pem"
    source = tmp_path / "anchors.c"
    run = written(source, *to(sink("--implicit", chain="selfsigned"), own), "--name",
                  "port_anchors")
    assert "key        RSA 2048 bits, a server's own" in run.stdout
    assert sends(device(tmp_path, source), sink("--implicit", chain="selfsigned"))


@pytest.mark.parametrize("ca, count", [(None, 0), (CERTS / "ca.pem", 1)])
def test_pin_of_a_server(sink, ca, count):
    """With --ca both count, and both are written; alone it is all, as when a mail is sent."""
    run = anchors(*to(sink("--implicit"), ca), "--pin", pin("rsa"))
    assert "anchors_pins_count = 1;" in run.stdout
    assert run.stdout.count("BR_X509_TA_CA") == count
    run = anchors(*to(sink("--implicit"), ca), "--pin", OTHER, code=78)
    assert run.stdout == ""


class TwoKeys:
    """A server with an RSA certificate, and one on P-384 for who can use that."""

    def __init__(self):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        for chain in ("rsa", "p384"):
            self.context.load_cert_chain(CERTS / chain / "all.pem")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        try:
            while True:
                with self.context.wrap_socket(self.listener.accept()[0], server_side=True) as tls:
                    tls.sendall(b"220 two.example.test\r\n")
                    while octets := tls.recv(4096):
                        quits = octets.startswith(b"QUIT")
                        tls.sendall(b"221 bye\r\n" if quits else b"250 two.example.test\r\n")
        except OSError:
            pass  # closed


def test_both_roots_of_a_server_with_two_keys():
    """Each profile meets another chain."""
    server = TwoKeys()
    run = anchors("--server", f"127.0.0.1:{server.port}", "--tls", "implicit", "--helo",
                  "pump3.example.test", "--ca", CERTS / "ca.pem")
    server.listener.close()
    assert re.findall(r"SHA-256    (\w+)", run.stdout) == [
        fingerprint(CERTS / "root-p384.pem"), fingerprint(CERTS / "root-rsa.pem")]
    assert "profile      small does: TLS 1.2, ECDHE_RSA_" in run.stdout


@pytest.mark.parametrize("length, code", [(10, 0), (11, 78)])
def test_a_long_chain(sink, tmp_path, length, code):
    """Ten certificates are looked at."""
    chain = [ROOT]
    for number in range(length - 1):
        chain.insert(0, INTERMEDIATE.but(subject=f"{number}", issuer=chain[0], path_length=None))
    chain.insert(0, LEAF.but(issuer=chain[0], names=(dns("localhost"),)))
    *sent, root = map(AUTHORITY.pem, chain)
    (tmp_path / "all.pem").write_text(AUTHORITY.keys.file(LEAF.key).read_text() + "".join(sent))
    ca = tmp_path / "ca.pem"
    ca.write_text(root)
    run = anchors(*to(sink("--implicit", chain=tmp_path), ca), code=code)
    if code == 0:
        assert re.findall(r"SHA-256    (\w+)", run.stdout) == [fingerprint(ca)]
    else:
        assert run.stdout == "" and "localhost sends more certificates" in last_line(run)


# ---- Nothing, and why ----


@pytest.mark.parametrize("chain, words", [
    ("unknownca", "it needs the root O=SMTP tests, CN=root-unknown"), ("selfsigned", "--ca"),
    ("expired", "it is expired"), ("wrongname", "issued for another name"),
    ("noint", "it needs the root O=SMTP tests, CN=int-rsa"), ("badsig", "signature is wrong"),
    ("nameconstraint", "it constrains names"), ("rsa1024", "too short")])
def test_a_chain_that_does_not_verify(sink, chain, words):
    run = anchors(*to(sink("--implicit", chain=chain)), code=78)
    assert run.stdout == ""
    assert last_line(run).startswith("stint: TLS with localhost: the server's certificate is not")
    assert words in last_line(run)


def test_a_server_that_is_not_there():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    run = anchors("--server", f"127.0.0.1:{port}", "--ca", CERTS / "ca.pem", code=75)
    assert run.stdout == "" and "connecting to 127.0.0.1" in last_line(run)


def test_a_server_without_tls(sink):
    run = anchors(*to(sink(chain=None), mode="starttls"), code=78)
    assert run.stdout == "" and "the server offers no STARTTLS" in last_line(run)


@pytest.mark.parametrize("options, words", [
    ([], "neither a PEM file nor --server nor --pin"),
    (["x.pem", "--server", "localhost"], "both a PEM file and --server"),
    (["x.pem", "--ca", "y.pem"], "--ca without --server"),
    (["--server", "localhost", "--tls", "none"], "--tls none"),
    (["x.pem", "--name", "9x"], "--name '9x'"), (["x.pem", "--name", "a-b"], "--name 'a-b'"),
    (["x.pem", "--name", "_x"], "--name '_x'"), (["x.pem", "--name", ""], "--name ''"),
    (["--pin", "sha256//AAAA"], "--pin"), ([""], "empty")])
def test_wrong_usage(options, words):
    run = anchors(*options, code=64)
    assert run.stdout == ""
    assert words in last_line(run) and NOTHING in last_line(run)


@pytest.mark.parametrize("option", ["--from", "--user", "--text", "--check"])
def test_options_for_mail(option):
    run = anchors("x.pem", option, "a@b.test", code=64)
    assert run.stdout == "" and option in last_line(run)


def made(path, algorithm, *options):
    openssl("req", "-x509", "-nodes", "-newkey", algorithm, *options, "-subj", "/CN=odd",
            "-keyout", path.with_suffix(".key"), "-out", path)
    return path


def as_der(path):
    path.write_bytes(AUTHORITY.der(ROOT))
    return path


def with_long_key(path):
    path.write_text(AUTHORITY.pem(ROOT.but(public=rsa_public(4104))))
    return path


def with_compressed_point(path):
    key = path.with_suffix(".key")
    openssl("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", key)
    openssl("ec", "-in", key, "-conv_form", "compressed", "-out", key)
    openssl("req", "-x509", "-key", key, "-subj", "/CN=odd", "-out", path)
    return path


def cut_off(path):
    path.write_text((CERTS / "root-rsa.pem").read_text()[:500])
    return path


def empty(path):
    path.write_text("")
    return path


def no_base64(path):
    path.write_text((CERTS / "root-rsa.pem").read_text().replace("M", "?"))
    return path


def no_certificate(path):
    path.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    return path


BAD = {
    "Ed25519": (lambda path: made(path, "ed25519"), "BearSSL cannot use its key"),
    "RSA-4104": (with_long_key, "BearSSL cannot use its key"),
    "secp256k1": (lambda path: made(path, "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"),
                  "BearSSL cannot use its key"),
    "compressed point": (with_compressed_point, "BearSSL cannot use its key"),
    "leaf": (lambda path: CERTS / "rsa" / "chain.pem", "line 1: certificate 1, O=SMTP tests, "
             "CN=mail.example.test: it is no CA's"),
    "key": (lambda path: CERTS / "rsa" / "key.pem", "no certificate in it"),
    "DER": (as_der, "no certificate in it"),
    "empty": (empty, "no certificate in it"),
    "cut off": (cut_off, "ends within certificate 1"),
    "no base64": (no_base64, "line 2: not the base64 of certificate 1"),
    "no certificate": (no_certificate, "line 1: certificate 1 is damaged"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_without_a_root(tmp_path, kind):
    """Nor is the good one before it written."""
    make, words = BAD[kind]
    path = make(tmp_path / "bad.pem")
    run = anchors(CERTS / "root-rsa.pem", path, code=65)
    assert run.stdout == ""
    assert f"stint: {path}: " in last_line(run) and NOTHING in last_line(run)
    assert words in last_line(run)


def test_a_leaf_is_told_its_pin():
    assert f"--pin {pin('rsa')}" in last_line(anchors(CERTS / "rsa" / "cert.pem", code=65))


def test_P_521_is_a_root(tmp_path):
    root = made(tmp_path / "root.pem", "ec", "-pkeyopt", "ec_paramgen_curve:P-521")
    written(tmp_path / "all.c", root, "--name", "all")
    assert dumped(tmp_path, tmp_path / "all.c") == [by_openssl(root)]


def test_a_file_that_cannot_be_read(tmp_path):
    for path in (tmp_path / "missing.pem", tmp_path):
        run = anchors(path, code=66)
        assert run.stdout == "" and str(path) in last_line(run)


def test_standard_output_that_is_full():
    with open("/dev/full", "w") as full:
        run = subprocess.run([SANITIZED, "anchors", CERTS / "root-rsa.pem"], stdout=full,
                             stderr=subprocess.PIPE, text=True)
    assert run.returncode == 73 and "standard output" in last_line(run)


# ---- Providers ----


def test_providers(arm_headers):
    run = subprocess.run(["make", "-s", "anchors"], cwd=TOP, text=True, capture_output=True)
    assert run.returncode == 0 and run.stderr == "", run.stderr
    names = [line for line in run.stdout.splitlines() if not line.startswith(" ")]
    assert {"gmail", "microsoft365", "ses", "icloud"} <= set(names)
    sums = re.findall(r"^ *(\d+) octets  in flash for (\d+) anchors$", run.stdout, re.M)
    assert len(sums) == len(names)
    for name, (octets, count) in zip(names, sums):
        source = TOP / "build" / "anchors" / f"{name}.c"
        assert f"const size_t {name}_anchors_count = {count};" in source.read_text()
        assert int(count) >= 2
        assert compile_everywhere(source, arm_headers) == int(octets)


def test_a_providers_root_that_is_missing(tmp_path):
    roots = tmp_path / "roots"
    shutil.copytree(DEBIAN, roots)
    (roots / "Amazon_Root_CA_3.crt").unlink()
    out = tmp_path / "out"
    run = subprocess.run([TOP / "examples/anchors/bundles.sh", RELEASE, out, roots], text=True,
                         capture_output=True)
    assert run.returncode == 1
    assert run.stderr == f"anchors: ses: there is no root Amazon_Root_CA_3 in {roots}\n"
    assert list(out.iterdir()) == []
