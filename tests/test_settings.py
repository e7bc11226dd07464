"""What may be left out of the library (stint/config.h): it is built without, and mail goes all the
same. For Cortex-M such builds are compiled by size.sh."""

import os
import subprocess

import pytest
import readme
from conftest import BEARSSL, BEARSSL_LIBS, MESSAGE, TO, TOP, last_line, options_for, stint

PARTS = ["CHUNKING", "MAILS", "LIMITS", "PIPELINING", "ENHANCED", "SYNTAX", "SMTPUTF8", "PARAMETERS", "ADDRESSES",
         "LMTP", "SCRAM", "SCRAM_SHA_1", "OAUTH", "EXTERNAL"]
WITH = "CRAM_MD5=1"  # what is left out unless it is asked for
OFFERS = ["--offer", "CHUNKING", "--offer", "BINARYMIME", "--offer", "LIMITS RCPTMAX=1 MAILMAX=1"]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A function that builds the library without parts, or WITH one, by gcc and without all of them by clang, and the
    command with it. What is in the headers is the same with all settings, so the rest is built once."""
    folders = {}

    def build(*parts):
        if parts not in folders:
            folder = folders[parts] = tmp_path_factory.mktemp("build")
            compiler = "clang" if len(parts) > 1 else "gcc"
            settings = " ".join(f"-DSTINT_{part}" if "=" in part else f"-DSTINT_{part}=0" for part in parts)
            subprocess.run(["make", "-s", "-j2", "-C", TOP, f"OUT={folder}", f"CC={compiler}",
                            f"CFLAGS=-O0 {settings}", f"{folder}/libstint.a"], check=True,
                           stdout=subprocess.DEVNULL, env={**os.environ, "MAKEFLAGS": ""})
            subprocess.run(["gcc", "-o", folder / "stint", *(TOP / "build/obj/cli").glob("*.o"),
                            TOP / "libstint-posix.a", folder / "libstint.a", "-lbearssl", "-lpthread"],
                           check=True)
        return folders[parts] / "stint", parts

    return build


@pytest.fixture(params=[[part] for part in [*PARTS, WITH]] + [PARTS], ids="-".join)
def build(request, built):
    """The command, and what it was built without: one part, or all."""
    return built(*request.param)


def with_and_without(part):
    """The same for what concerns one part."""
    return pytest.mark.parametrize("parts", [(), (part,), tuple(PARTS)], ids="-".join)


def send(build, server, *operands, security="none", recipients=(TO,)):
    return stint(*options_for(server, security, recipients), *operands, binary=build[0])


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


def test_in_verified_tls_with_auth(build, sink, path):
    server = sink("--mechanisms", "SCRAM-SHA-256-PLUS PLAIN" if "SCRAM" in build[1] else "PLAIN", chain="p256")
    run = send(build, server, path, security="starttls")
    assert run.returncode == 0, run.stderr
    assert server.session()["faults"] == [] and server.content(1) == MESSAGE


@with_and_without("CHUNKING")
def test_a_binary_one_is_refused_without_chunking(built, parts, sink, path):
    path.write_bytes(b"\0\xff" * 1000)
    run = send(built(*parts), sink(*OFFERS, chain=None), path, "--binary")
    assert run.returncode == (65 if "CHUNKING" in parts else 0), run.stderr


@with_and_without("LIMITS")
def test_those_there_is_no_room_for_are_refused_without_limits(built, parts, sink, path):
    server = sink("--offer", "LIMITS RCPTMAX=1", chain=None)
    run = send(built(*parts), server, path, recipients=["a@x.test", "b@x.test"])
    faults = server.session()["faults"]
    if "LIMITS" in parts:
        assert faults == ["more than RCPTMAX=1"]
        assert run.returncode == 75 and "1 of 2 recipients have the message" in last_line(run)
    else:
        assert faults == []
        assert run.returncode == 0, run.stderr


@with_and_without("MAILS")
def test_another_mail_is_refused_without_mails(built, parts, sink, path):
    """Before a connection is opened, so that nothing is lost silently."""
    run = send(built(*parts), sink(chain=None), path, path)
    assert run.returncode == (0 if "MAILS" not in parts else 64), run.stderr


@with_and_without("PIPELINING")
def test_commands_wait_for_each_other_without_pipelining(built, parts, sink, path):
    server = sink(chain=None)
    run = send(built(*parts), server, path, "--verbose", recipients=["a@x.test", "b@x.test"])
    assert run.returncode == 0, run.stderr
    assert ("* used: PIPELINING" in run.stderr) == ("PIPELINING" not in parts), run.stderr
    assert server.session()["faults"] == []


@with_and_without("SYNTAX")
def test_no_string_becomes_a_command_without_a_grammar(built, parts, sink, path):
    """What the grammar forbids the server may judge; what would be more than one argument never leaves. EHLO's,
    as the command looks at it no closer than the library."""
    server = sink(chain=None)
    for name in ["a b", "<a", "a>", "\u00e4", "a" * 256, "a>\r\nRSET"]:
        run = send(built(*parts), server, path, "--helo", name)
        assert run.returncode == 64, (name, run.stderr)
    assert send(built(*parts), server, path, recipients=["ops"]).returncode == 64
    assert server.sessions() == 0
    run = send(built(*parts), server, path, "--helo", "a..b")
    assert (run.returncode == 64) == ("SYNTAX" not in parts), run.stderr


@with_and_without("SMTPUTF8")
def test_addresses_are_ascii_without_smtputf8(built, parts, sink, path):
    server = sink("--offer", "SMTPUTF8", chain=None)
    run = send(built(*parts), server, path, recipients=["j\u00f6rg@x.test"])
    assert run.returncode == (64 if "SMTPUTF8" in parts else 0), run.stderr
    path.write_bytes("Subject: \u00e4\r\n".encode() + MESSAGE)
    run = send(built(*parts), server, path)
    assert run.returncode == (65 if "SMTPUTF8" in parts else 0), run.stderr


@with_and_without("PARAMETERS")
@pytest.mark.parametrize("option", [["--notify", "never"], ["--hold-for", "60"]], ids=lambda o: o[0])
def test_what_is_asked_for_is_refused_without_parameters(built, parts, option, sink, path):
    """Never left out without a word."""
    server = sink("--offer", "DSN", "--offer", "FUTURERELEASE 60 2027-01-01T00:00:00Z", chain=None)
    run = send(built(*parts), server, path, *option)
    assert run.returncode == (64 if "PARAMETERS" in parts else 0), run.stderr
    if "PARAMETERS" in parts:
        assert server.sessions() == 0


@with_and_without("LMTP")
def test_lmtp_is_refused_without_lmtp(built, parts, sink, path):
    """Not spoken as if it were SMTP. The sink does not know it."""
    server = sink(chain=None)
    run = send(built(*parts), server, path, "--lmtp")
    assert run.returncode == (64 if "LMTP" in parts else 69), run.stderr
    assert ("LMTP is not usable" in last_line(run)) == ("LMTP" in parts)
    if "LMTP" in parts:
        assert server.sessions() == 0
    else:
        assert server.session()["commands"][0].startswith("LHLO ")


@with_and_without("SCRAM_SHA_1")
def test_scram_without_sha_1(built, parts, sink, path):
    build = built(*parts)
    server = sink("--sasl", "cyrus", "--mechanisms", "SCRAM-SHA-1 SCRAM-SHA-1-PLUS", chain="p256")
    run = send(build, server, path, security="starttls")
    assert run.returncode == (78 if parts else 0), run.stderr
    assert server.session()["auth"] == ([] if parts else [["SCRAM-SHA-1-PLUS"]])
    server = sink("--sasl", "cyrus", "--mechanisms", "SCRAM-SHA-256 SCRAM-SHA-256-PLUS", chain="p256")
    run = send(build, server, path, security="starttls")
    assert run.returncode == (78 if "SCRAM" in parts else 0), run.stderr


@pytest.mark.parametrize("parts, hashes", [((), ["sha1", "sha2small"]), (("SCRAM_SHA_1",), ["sha2small"]),
                                           (("SCRAM",), ["sha2small"]),
                                           ((WITH, "SCRAM"), ["md5", "sha2small"])], ids=str)
def test_no_hash_is_linked_that_nothing_needs(built, parts, hashes, tmp_path):
    """Of BearSSL's, with README.md's example. The others are a profile's to name."""
    anchors = tmp_path / "anchors.c"
    anchors.write_text("#include <bearssl.h>\n"
                       "const br_x509_trust_anchor port_anchors[1] = {{.flags = 0}};\n"
                       "const size_t port_anchors_count = 1;\n")
    program = readme.build(tmp_path / "example", readme.example(), anchors,
                           library=built(*parts)[0].parent / "libstint.a",
                           bearssl=BEARSSL_LIBS if BEARSSL else ["-l:libbearssl.a"])
    symbols = subprocess.run(["nm", program], text=True, capture_output=True, check=True).stdout
    assert [name for name in ("md5", "sha1", "sha2small")
            if f" T br_{name}_round\n" in symbols] == hashes


@pytest.mark.parametrize("parts", [(), (WITH,), (WITH, *PARTS)], ids="-".join)
def test_cram_md5_is_there_if_it_is_asked_for(built, parts, sink, path):
    build = built(*parts)
    server = sink("--sasl", "cyrus", "--mechanisms", "CRAM-MD5", chain="p256")
    run = send(build, server, path, security="starttls")
    assert run.returncode == (0 if parts else 78), run.stderr
    assert server.session()["auth"] == ([["CRAM-MD5"]] if parts else [])
    run = send(build, server, path, "--auth", "CRAM-MD5", security="starttls")
    assert run.returncode == (0 if parts else 64), run.stderr
    server = sink("--mechanisms", "CRAM-MD5 PLAIN", chain="p256")
    run = send(build, server, path, security="starttls")
    assert run.returncode == 0 and server.session()["auth"][0][0] == "PLAIN", run.stderr


@with_and_without("ADDRESSES")
def test_hosts_by_address_are_refused_without_addresses(built, parts, sink, path):
    server = sink(chain="p256")
    options = options_for(server, "starttls", [TO])
    where = options.index("--server") + 1
    options[where] = options[where].replace("localhost", "127.0.0.1")
    run = stint(*options, path, binary=built(*parts)[0])
    if "ADDRESSES" in parts:
        assert run.returncode == 64 and "host" in run.stderr, run.stderr
    else:
        assert run.returncode != 64, run.stderr
