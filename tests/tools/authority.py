"""Certificates by hand, so that wrong ones can be made, too: DER octet by octet (X.690, RFC 5280
4.1). Only keys and signatures are openssl's."""

from __future__ import annotations

import base64
import dataclasses
import datetime
import functools
import os
import pathlib
import subprocess
import typing

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
UTF8_STRING, UTC_TIME, GENERALIZED_TIME, SEQUENCE, SET = 0x0C, 0x17, 0x18, 0x30, 0x31
VERSION, EXTENSIONS = 0xA0, 0xA3

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)

# ---- DER ----


def element(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def oid(text: str) -> bytes:
    first, second, *rest = map(int, text.split("."))
    octets = bytearray()
    for number in [first * 40 + second, *rest]:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.insert(0, number & 0x7F | 0x80)
        octets += bytes(groups)
    return element(OID, octets)


def integer(number: int) -> bytes:
    return element(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def bits(*positions: int) -> bytes:
    """A BIT STRING of named bits, 0 being the left-most, with no zero bits at its end."""
    if not positions:
        return element(BIT_STRING, b"\0")
    length = max(positions) + 1
    unused = -length % 8
    value = sum(1 << (length - 1 - position) for position in positions) << unused
    return element(BIT_STRING, bytes([unused]), value.to_bytes((length + 7) // 8, "big"))


def time(when: datetime.datetime) -> bytes:
    """RFC 5280 4.1.2.5: two digits of the year until 2049."""
    if when.year < 2050:
        return element(UTC_TIME, when.strftime("%y%m%d%H%M%SZ").encode())
    return element(GENERALIZED_TIME, f"{when:%Y%m%d%H%M%S}Z".encode())


def extension(number: str, value: bytes, critical: bool = False) -> bytes:
    flag = element(BOOLEAN, b"\xFF") if critical else b""
    return element(SEQUENCE, oid(number), flag, element(OCTET_STRING, value))


# ---- What certificates say ----

# GeneralName (RFC 5280 4.2.1.6)


def email(name: str) -> bytes:
    return element(0x81, name.encode())


def dns(name: str | bytes) -> bytes:
    return element(0x82, name.encode() if isinstance(name, str) else name)


def uri(name: str) -> bytes:
    return element(0x86, name.encode())


def ip(octets: bytes) -> bytes:
    return element(0x87, octets)


def distinguished(common: str) -> bytes:
    """A name as the roots of these tests have it: an organization and a common name."""
    return element(SEQUENCE, *(
        element(SET, element(SEQUENCE, oid(kind), element(UTF8_STRING, text.encode())))
        for kind, text in (("2.5.4.10", "SMTP tests"), ("2.5.4.3", common))))


# Bits of keyUsage (4.2.1.3), and purposes (4.2.1.12).
DIGITAL_SIGNATURE, KEY_ENCIPHERMENT, KEY_AGREEMENT, KEY_CERT_SIGN, CRL_SIGN = 0, 2, 4, 5, 6
SERVER_AUTH, CLIENT_AUTH, EMAIL = (f"1.3.6.1.5.5.7.3.{n}" for n in (1, 2, 4))
ANY_PURPOSE = "2.5.29.37.0"


def alternative_names(*names: bytes, critical: bool = False) -> bytes:
    return extension("2.5.29.17", element(SEQUENCE, *names), critical)


def purposes(*wanted: str, critical: bool = False) -> bytes:
    return extension("2.5.29.37", element(SEQUENCE, *map(oid, wanted)), critical)


def name_constraints(permitted: bytes = b"", excluded: bytes = b"", critical: bool = True) -> bytes:
    """Each a GeneralName, or nothing."""
    trees = [element(tag, element(SEQUENCE, name))
             for tag, name in ((0xA0, permitted), (0xA1, excluded)) if name]
    return extension("2.5.29.30", element(SEQUENCE, *trees), critical)


# ---- Keys ----

RSA = {"md5": 4, "sha1": 5, "sha256": 11, "sha384": 12, "sha512": 13}     # 1.2.840.113549.1.1
ECDSA = {"sha1": "1", "sha256": "3.2", "sha384": "3.3", "sha512": "3.4"}  # 1.2.840.10045.4


@dataclasses.dataclass(frozen=True)
class Keys:
    """Private keys in PEM files of a folder, made when they are first asked for. A key is named by
    its kind - rsaBITS, pBITS, ed25519 - and, behind a hyphen, what tells it from others."""

    folder: pathlib.Path

    @functools.cache
    def file(self, name: str) -> pathlib.Path:
        path = self.folder / f"{name}.pem"
        if not path.exists():
            kind = name.split("-")[0]
            options = {"r": ["-algorithm", "rsa", "-pkeyopt", f"rsa_keygen_bits:{kind[3:]}"],
                       "p": ["-algorithm", "ec", "-pkeyopt", f"ec_paramgen_curve:P-{kind[1:]}"],
                       "e": ["-algorithm", kind]}[kind[0]]
            self.folder.mkdir(parents=True, exist_ok=True)
            new = path.with_suffix(f".{os.getpid()}")
            openssl("genpkey", *options, "-out", new)
            new.rename(path)
        return path

    @functools.cache
    def public(self, name: str) -> bytes:
        """SubjectPublicKeyInfo."""
        return openssl("pkey", "-in", self.file(name), "-pubout", "-outform", "DER")

    def algorithm(self, name: str, digest: str) -> bytes:
        if name.startswith("rsa"):
            return element(SEQUENCE, oid(f"1.2.840.113549.1.1.{RSA[digest]}"), element(NULL))
        if name.startswith("p"):
            return element(SEQUENCE, oid(f"1.2.840.10045.4.{ECDSA[digest]}"))
        return element(SEQUENCE, oid("1.3.101.112"))  # Ed25519

    def sign(self, name: str, digest: str, octets: bytes) -> bytes:
        if not name.startswith("ed"):
            return openssl("dgst", f"-{digest}", "-sign", self.file(name), stdin=octets)
        whole = self.folder / f"signed.{os.getpid()}"  # it cannot be streamed
        whole.write_bytes(octets)
        try:
            return openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.file(name), "-in", whole)
        finally:
            whole.unlink()


def openssl(*arguments: object, stdin: bytes = b"") -> bytes:
    run = subprocess.run(["openssl", *map(str, arguments)], input=stdin, capture_output=True)
    assert run.returncode == 0, f"openssl {arguments}: {run.stderr.decode()}"
    return run.stdout


def rsa_public(bit_length: int) -> bytes:
    """A public RSA key that nobody has the private part of."""
    modulus = (1 << (bit_length - 1)) | (0xC0FFEE << (bit_length - 40)) | 1
    key = element(SEQUENCE, integer(modulus), integer(65537))
    return element(SEQUENCE, element(SEQUENCE, oid("1.2.840.113549.1.1.1"), element(NULL)),
                   element(BIT_STRING, b"\0", key))


# ---- Certificates ----


def unchanged(octets: bytes) -> bytes:
    return octets


@dataclasses.dataclass(frozen=True)
class Certificate:
    """What is to be in a certificate; None leaves an extension out. Times are days from now, or a
    point in time."""

    subject: str
    key: str
    issuer: Certificate | None = None  # None: itself
    begins: float | datetime.datetime = -1
    ends: float | datetime.datetime = 800
    digest: str = "sha256"
    names: tuple[bytes, ...] | None = None
    is_ca: bool | None = None
    path_length: int | None = None
    usage: tuple[int, ...] | None = None
    purposes: tuple[str, ...] | None = None
    more: tuple[bytes, ...] = ()  # extensions, behind the others

    version: int | None = 3
    public: bytes | None = None            # another public key than that of `key`
    algorithm: bytes | None = None         # another than the signature's
    outer_algorithm: bytes | None = None   # the one that is not signed
    signed: typing.Callable[[bytes], bytes] = unchanged  # the last change before it is signed
    whole: typing.Callable[[bytes], bytes] = unchanged   # and the last one of all

    def but(self, **changes: object) -> Certificate:
        return dataclasses.replace(self, **changes)

    def extensions(self) -> list[bytes]:
        found = []
        if self.is_ca is not None:
            flag = element(BOOLEAN, b"\xFF") if self.is_ca else b""
            length = integer(self.path_length) if self.path_length is not None else b""
            found.append(extension("2.5.29.19", element(SEQUENCE, flag, length), critical=True))
        if self.usage is not None:
            found.append(extension("2.5.29.15", bits(*self.usage), critical=True))
        if self.purposes is not None:
            found.append(purposes(*self.purposes))
        if self.names is not None:
            found.append(alternative_names(*self.names))
        return [*found, *self.more]


def point(when: float | datetime.datetime) -> datetime.datetime:
    if isinstance(when, datetime.datetime):
        return when.replace(tzinfo=datetime.timezone.utc)
    return NOW + datetime.timedelta(days=when)


@dataclasses.dataclass
class Authority:
    """Makes each certificate once."""

    keys: Keys
    made: dict[Certificate, bytes] = dataclasses.field(default_factory=dict)

    def der(self, certificate: Certificate) -> bytes:
        if certificate not in self.made:
            self.made[certificate] = self.make(certificate)
        return self.made[certificate]

    def pem(self, certificate: Certificate) -> str:
        text = base64.encodebytes(self.der(certificate)).decode()
        return f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n"

    def make(self, c: Certificate) -> bytes:
        issuer = c.issuer or c
        algorithm = c.algorithm or self.keys.algorithm(issuer.key, c.digest)
        extensions = c.extensions()
        signed = c.signed(element(
            SEQUENCE,
            element(VERSION, integer(c.version - 1)) if c.version else b"",
            integer(4711 + len(self.made)),
            algorithm,
            distinguished(issuer.subject),
            element(SEQUENCE, time(point(c.begins)), time(point(c.ends))),
            distinguished(c.subject),
            c.public or self.keys.public(c.key),
            element(EXTENSIONS, element(SEQUENCE, *extensions)) if extensions else b""))
        signature = self.keys.sign(issuer.key, c.digest, signed)
        return c.whole(element(SEQUENCE, signed, c.outer_algorithm or algorithm,
                               element(BIT_STRING, b"\0", signature)))
