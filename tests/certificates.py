"""What certificates are accepted, and why the others are not: one table, for test_certificates.py.

Each case is a chain as a server sends it, its own certificate first; the host that was asked for;
and the anchors. The error is one of BearSSL's BR_ERR_X509_*."""
from __future__ import annotations

import dataclasses
import datetime

from authority import (ANY_PURPOSE, CLIENT_AUTH, CRL_SIGN, DIGITAL_SIGNATURE, EMAIL, KEY_AGREEMENT,
                       KEY_CERT_SIGN, KEY_ENCIPHERMENT, SEQUENCE, SERVER_AUTH, Certificate,
                       alternative_names, dns, element, email, extension, ip, name_constraints,
                       oid, purposes, rsa_public, uri)

HOST = "mail.example.test"
OTHER = "mail.other.test"

# Who shows the chain to the command.
REAL = "OpenSSL"
BARE = "chains.BareServer: OpenSSL cannot load this chain, or does not choose it for our client"
NOBODY = "nobody: what the case sets, the command has no option for"

# How the command says it, if the case has no words of its own.
WORDS = {
    "BAD_SERVER_NAME": "another name",
    "BAD_SIGNATURE": "signature",
    "BAD_TAG_CLASS": "malformed",
    "BAD_TAG_VALUE": "malformed",
    "CRITICAL_EXTENSION": "constrains names, or has a critical extension",
    "DN_MISMATCH": "not issued by the next",
    "EXPIRED": "expired",
    "EXTRA_ELEMENT": "malformed (extra element)",
    "FORBIDDEN_KEY_USAGE": "may not be used for a TLS server",
    "INDEFINITE_LENGTH": "malformed (indefinite length)",
    "INNER_TRUNC": "cut off",
    "LIMIT_EXCEEDED": "larger than",
    "NOT_CA": "may not sign",
    "NOT_TRUSTED": "no trusted root",
    "TRUNCATED": "cut off",
    "UNEXPECTED": "malformed",
    "UNSUPPORTED": "not supported",
    "WEAK_PUBLIC_KEY": "too short",
}


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    chain: tuple[Certificate, ...]
    error: str = "OK"
    host: str = HOST
    anchors: tuple[Certificate, ...] = ()  # none: ROOT
    shown_by: str = REAL
    words: str = ""  # of the command's last line
    code: int = 78   # its exit code: 76 where not the chain but the handshake is refused
    clock: float | None = 0     # in days from now; None: there is none, but a floor
    floor: float | datetime.datetime = 0
    profile: str = "fast"       # the command's
    signs: bool = True          # may the key sign? Asked only where there is no error


# ---- Certificates that most cases have ----

CA_USAGE = (KEY_CERT_SIGN, CRL_SIGN)
LEAF_USAGE = (DIGITAL_SIGNATURE, KEY_ENCIPHERMENT)

ROOT = Certificate("root", "rsa2048-root", is_ca=True, usage=CA_USAGE, ends=7000)
INTERMEDIATE = Certificate("intermediate", "rsa2048-intermediate", ROOT, is_ca=True, path_length=0,
                           usage=CA_USAGE, ends=3000)
LEAF = Certificate("an unimportant name", "rsa2048-leaf", INTERMEDIATE, is_ca=False,
                   usage=LEAF_USAGE, purposes=(SERVER_AUTH,), names=(dns(HOST),))

# The same on one curve each.
EC_ROOT, EC_INTERMEDIATE, EC_LEAF = (
    {curve: certificate.but(subject=f"{certificate.subject} {curve}", key=f"{curve}-{name}")
     for curve in ("p256", "p384", "p521")}
    for name, certificate in (("root", ROOT), ("intermediate", INTERMEDIATE), ("leaf", LEAF)))

UNKNOWN_ROOT = ROOT.but(subject="unknown root", key="rsa2048-unknown")
SELF_SIGNED = LEAF.but(issuer=None, subject=HOST, key="rsa2048-self")


def behind(intermediate: Certificate, **changes: object) -> tuple[Certificate, ...]:
    """A chain of two, with a leaf that is good but for these changes."""
    return LEAF.but(issuer=intermediate, **changes), intermediate


def leaf(**changes: object) -> tuple[Certificate, ...]:
    return behind(INTERMEDIATE, **changes)


def named(*names: bytes, **changes: object) -> tuple[Certificate, ...]:
    return leaf(names=names, **changes)


def intermediate(**changes: object) -> tuple[Certificate, ...]:
    return behind(INTERMEDIATE.but(**changes))


def curve(name: str, digest: str = "sha256") -> tuple[Certificate, ...]:
    below_root = EC_INTERMEDIATE[name].but(issuer=EC_ROOT[name], digest=digest)
    return EC_LEAF[name].but(issuer=below_root, digest=digest), below_root


V4, V6 = bytes([127, 0, 0, 1]), bytes(15) + b"\1"

# ---- Damage ----


def replaced(old: bytes, new: bytes):
    """The same, with one thing in it changed for another of the same length."""
    def change(octets: bytes) -> bytes:
        assert len(old) == len(new) and octets.count(old) == 1
        return octets.replace(old, new)
    return change


def content_of(octets: bytes) -> bytes:
    """Of an element."""
    return octets[2 if octets[1] < 0x80 else 2 + (octets[1] & 0x7F):]


def last_bit_flipped(octets: bytes) -> bytes:
    return octets[:-1] + bytes([octets[-1] ^ 1])


def cut_off(octets: bytes) -> bytes:
    return octets[:-40]


def with_octets_behind(octets: bytes) -> bytes:
    return octets + b"\5\0"


def of_indefinite_length(octets: bytes) -> bytes:
    return octets[:1] + b"\x80" + content_of(octets) + b"\0\0"


def with_overlong_length(octets: bytes) -> bytes:
    content = content_of(octets)
    return octets[:1] + b"\x84" + len(content).to_bytes(4, "big") + content


def longer_than_it_is(octets: bytes) -> bytes:
    content = content_of(octets)
    return octets[:1] + b"\x82" + (len(content) + 9).to_bytes(2, "big") + content


OVERLONG_NAME = b"\x82\x81" + dns(HOST)[1:]  # its length in two octets where one does

# What is not signed, dressed up as a list of extensions with our name.
FORGED_ALGORITHM = element(SEQUENCE, oid("1.2.840.113549.1.1.11"), element(
    0xA3, element(SEQUENCE, alternative_names(dns(HOST)))))

# The same without the extension around it, at the depth that names have in one.
DEEP_ALGORITHM = element(SEQUENCE, oid("1.2.840.113549.1.1.11"), element(
    0xA3, element(SEQUENCE, element(SEQUENCE, element(0x30, element(0x30, dns(HOST)))))))

RSA_PSS = element(SEQUENCE, oid("1.2.840.113549.1.1.10"))

UNKNOWN = "1.3.6.1.4.1.55555.1"

GOOD = [
    Case("rsa-2048", leaf()),
    # BearSSL counts octets: these bits are as many as those of RSA-2048.
    Case("rsa-2041", leaf(public=rsa_public(2041)), shown_by=NOBODY),
    Case("rsa-4096", behind(
        INTERMEDIATE.but(key="rsa4096", issuer=ROOT.but(key="rsa4096")), key="rsa4096"),
        anchors=(ROOT.but(key="rsa4096"),)),
    Case("p-256", curve("p256"), anchors=(EC_ROOT["p256"],)),
    Case("p-384", curve("p384"), anchors=(EC_ROOT["p384"],)),
    Case("p-521", curve("p521"), anchors=(EC_ROOT["p521"],)),
    Case("sha-384", intermediate(digest="sha384")),
    Case("sha-512", leaf(digest="sha512")),
    Case("ecdsa-sha-384", curve("p384", "sha384"), anchors=(EC_ROOT["p384"],)),
    Case("ecdsa-sha-512", curve("p256", "sha512"), anchors=(EC_ROOT["p256"],)),
    Case("ec-under-an-rsa-root", behind(INTERMEDIATE.but(key="p256-intermediate"),
                                        key="p256-leaf")),
    Case("rsa-under-an-ec-root", behind(INTERMEDIATE.but(issuer=EC_ROOT["p384"])),
         anchors=(EC_ROOT["p384"],)),
    Case("directly-under-the-root", (LEAF.but(issuer=ROOT),)),
    Case("two-intermediates", (
        LEAF.but(issuer=INTERMEDIATE.but(issuer=ROOT.but(issuer=ROOT, subject="b", path_length=1))),
        INTERMEDIATE.but(issuer=ROOT.but(issuer=ROOT, subject="b", path_length=1)),
        ROOT.but(issuer=ROOT, subject="b", path_length=1))),
    Case("root-sent-too", (*leaf(), ROOT)),
    Case("other-anchors-before-and-behind", leaf(), anchors=(UNKNOWN_ROOT, ROOT, SELF_SIGNED)),
    Case("another-root-of-that-name-before", leaf(),
         anchors=(UNKNOWN_ROOT.but(subject="root"), ROOT)),
    Case("intermediate-as-the-anchor", leaf(), anchors=(INTERMEDIATE,)),
    Case("cross-signed-behind", (*leaf(), INTERMEDIATE.but(issuer=UNKNOWN_ROOT, ends=900))),
    Case("nothing-else-is-sent", leaf()[:1], anchors=(INTERMEDIATE,)),
    Case("leaf-trusted-directly", leaf()[:1], anchors=(LEAF,)),
    Case("leaf-trusted-directly-with-its-chain", leaf(), anchors=(LEAF,)),
    Case("self-signed-trusted-directly", (SELF_SIGNED,), anchors=(SELF_SIGNED,)),

    Case("one-of-100-names", named(*(dns(f"host{n}.example.test") for n in range(100)), dns(HOST))),
    Case("first-of-two-names", named(dns(HOST), dns(OTHER))),
    Case("names-of-other-kinds", named(email("a@b.test"), uri("smtp://x.test"), ip(V4), dns(HOST))),
    Case("wildcard", named(dns("*.example.test"))),
    Case("wildcard-for-an-idn", named(dns("*.example.test")), host="xn--bcher-kva.example.test"),
    Case("wildcard-and-more", named(dns("*.other.test"), dns("*.example.test"))),
    Case("upper-case-name", named(dns("MAIL.Example.TEST"))),
    Case("upper-case-host", leaf(), host="Mail.EXAMPLE.test"),
    Case("name-of-one-label", named(dns("localhost")), host="localhost"),
    Case("ipv4", named(ip(V4)), host="127.0.0.1"),
    Case("ipv6", named(ip(V4), ip(V6)), host="::1"),
    Case("names-critical", leaf(names=None, more=(alternative_names(dns(HOST), critical=True),))),

    Case("for-servers-and-clients", leaf(purposes=(CLIENT_AUTH, SERVER_AUTH))),
    Case("for-servers-and-anything", leaf(purposes=(ANY_PURPOSE, SERVER_AUTH))),
    Case("for-no-purpose-named", leaf(purposes=None)),
    Case("intermediate-for-servers-and-clients", intermediate(purposes=(SERVER_AUTH, CLIENT_AUTH))),
    Case("no-usage-named", behind(INTERMEDIATE.but(usage=None), usage=None)),
    Case("usage-signature-only", leaf(usage=(DIGITAL_SIGNATURE,))),
    Case("no-basic-constraints-in-leaf", leaf(is_ca=None)),
    Case("policies-critical", leaf(more=(extension("2.5.29.32", element(SEQUENCE, element(
        SEQUENCE, oid("2.5.29.32.0"))), critical=True),))),
    Case("unknown-extension", leaf(more=(extension(UNKNOWN, b"\x30\x80\xFF"),))),

    Case("ends-in-the-year-9999", leaf(ends=datetime.datetime(9999, 12, 31, 23, 59, 59))),
    Case("ends-in-2050", intermediate(ends=datetime.datetime(2050, 1, 1))),
    Case("began-in-1999", leaf(begins=datetime.datetime(1999, 12, 31))),
    Case("lasts-a-day-more", leaf(begins=-0.1, ends=1)),

    Case("clock-of-a-year-ago", (LEAF.but(issuer=ROOT, begins=-400, ends=-2),), clock=-366,
         shown_by=NOBODY),

    # Without a clock
    Case("floor-a-year-before-it-begins", leaf(begins=-1), clock=None, floor=-366, shown_by=NOBODY),
    Case("floor-before-the-intermediate", intermediate(begins=-1), clock=None, floor=-366,
         shown_by=NOBODY),
    Case("floor-long-behind-its-beginning", leaf(begins=datetime.datetime(1999, 12, 31)),
         clock=None, floor=-366, shown_by=NOBODY),
    # Which day is it that it begins? It lasts for an hour only.
    *(Case(f"floor-before-{name}", (LEAF.but(issuer=ROOT, begins=day,
                                             ends=day + datetime.timedelta(hours=1)),),
           clock=None, floor=datetime.datetime(2024, 1, 1), shown_by=NOBODY)
      for name, day in (("january-of-a-leap-year", datetime.datetime(2028, 1, 31, 23)),
                        ("a-leap-day", datetime.datetime(2028, 2, 29)),
                        ("march-of-a-leap-year", datetime.datetime(2028, 3, 1)),
                        ("march-of-a-common-year", datetime.datetime(2100, 3, 1)))),
    Case("floor-before-generalized-time", leaf(begins=datetime.datetime(2050, 3, 1),
                                               ends=datetime.datetime(2051, 1, 1)),
         clock=None, floor=-366, shown_by=NOBODY),
    Case("floor-within", leaf(), clock=None, floor=0, shown_by=NOBODY),
    Case("floor-a-day-before-its-end", leaf(begins=-400, ends=-2), clock=None, floor=-3,
         shown_by=NOBODY),
    # A certificate that the path does not need is not judged.
    Case("behind-the-path-for-clients-only", (*leaf(), ROOT.but(purposes=(CLIENT_AUTH,)))),
    Case("behind-the-path-constrained", (*leaf(), ROOT.but(more=(
        name_constraints(permitted=dns("example.test")),)))),
    Case("behind-the-path-damaged", (*leaf(), ROOT.but(signed=with_overlong_length)),
         shown_by=BARE),
]

BAD = [
    # Dates
    Case("expired", leaf(begins=-400, ends=-1), "EXPIRED"),
    Case("expired-an-hour-ago", leaf(ends=-1 / 24), "EXPIRED"),
    Case("expired-in-1999", leaf(begins=datetime.datetime(1998, 1, 1),
                                 ends=datetime.datetime(1999, 12, 31)), "EXPIRED"),
    Case("not-yet-valid", leaf(begins=1), "EXPIRED", words="not yet valid"),
    Case("not-yet-valid-for-an-hour", leaf(begins=1 / 24), "EXPIRED", words="not yet valid"),
    Case("begins-in-2050", leaf(begins=datetime.datetime(2050, 1, 1), ends=20000), "EXPIRED",
         words="not yet valid"),
    Case("expired-intermediate", intermediate(begins=-400, ends=-1), "EXPIRED"),
    Case("intermediate-not-yet-valid", intermediate(begins=1), "EXPIRED", words="not yet valid"),
    Case("expired-and-trusted-directly", (SELF_SIGNED.but(ends=-0.5),), "EXPIRED",
         anchors=(SELF_SIGNED.but(ends=-0.5),)),
    Case("expired-by-the-clock", leaf(ends=300), "EXPIRED", clock=366, shown_by=NOBODY),
    Case("ended-before-the-floor", leaf(begins=-400, ends=-2), "EXPIRED", clock=None, floor=-1,
         shown_by=NOBODY),
    Case("intermediate-ended-before-the-floor", intermediate(begins=-400, ends=-2), "EXPIRED",
         clock=None, floor=-1, shown_by=NOBODY),

    # Names
    Case("another-name", named(dns(OTHER)), "BAD_SERVER_NAME"),
    Case("another-name-trusted-directly", (SELF_SIGNED,), "BAD_SERVER_NAME", host=OTHER,
         anchors=(SELF_SIGNED,)),
    Case("common-name-only", leaf(names=None, subject=HOST), "BAD_SERVER_NAME"),
    Case("common-name-right-others-wrong", named(dns(OTHER), subject=HOST), "BAD_SERVER_NAME"),
    Case("common-name-and-no-others", named(subject=HOST), "BAD_SERVER_NAME"),
    Case("name-of-the-intermediate", behind(INTERMEDIATE.but(names=(dns(HOST),)),
                                            names=(dns(OTHER),)), "BAD_SERVER_NAME"),
    Case("the-domain-above", named(dns("example.test")), "BAD_SERVER_NAME"),
    Case("a-host-below", named(dns("a." + HOST)), "BAD_SERVER_NAME"),
    Case("begins-like-it", named(dns(HOST + "ing")), "BAD_SERVER_NAME"),
    Case("begins-with-it", named(dns(HOST + ".other.test")), "BAD_SERVER_NAME"),
    Case("ends-with-it", named(dns("e" + HOST)), "BAD_SERVER_NAME"),
    Case("is-how-it-begins", named(dns(HOST[:-1])), "BAD_SERVER_NAME"),
    Case("nul-in-the-name", named(dns(HOST.encode() + b"\0.other.test")), "BAD_SERVER_NAME"),
    Case("nul-behind-the-name", named(dns(HOST.encode() + b"\0")), "BAD_SERVER_NAME"),
    Case("nul-before-the-name", named(dns(b"\0" + HOST.encode())), "BAD_SERVER_NAME"),
    Case("dot-behind-the-name", named(dns(HOST + ".")), "BAD_SERVER_NAME"),
    Case("blank-behind-the-name", named(dns(HOST + " ")), "BAD_SERVER_NAME"),
    Case("empty-name", named(dns("")), "BAD_SERVER_NAME"),
    Case("halves-in-two-names", named(dns("mail."), dns("example.test")), "BAD_SERVER_NAME"),
    Case("wildcard-for-a-top-level", named(dns("*.test")), "BAD_SERVER_NAME",
         host="example.test"),
    Case("wildcard-for-everything", named(dns("*")), "BAD_SERVER_NAME", host="localhost"),
    Case("wildcard-for-two-labels", named(dns("*.example.test")), "BAD_SERVER_NAME",
         host="a.mail.example.test"),
    Case("wildcard-for-no-label", named(dns("*.mail.example.test")), "BAD_SERVER_NAME"),
    Case("wildcard-in-another-domain", named(dns("*.other.test")), "BAD_SERVER_NAME"),
    Case("wildcard-before-all-of-it", named(dns("*localhost")), "BAD_SERVER_NAME",
         host="localhost"),
    Case("wildcard-behind-letters", named(dns("m*.example.test")), "BAD_SERVER_NAME"),
    Case("wildcard-before-letters", named(dns("*l.example.test")), "BAD_SERVER_NAME"),
    Case("wildcard-not-left-most", named(dns("mail.*.test")), "BAD_SERVER_NAME"),
    Case("wildcard-twice", named(dns("*.*.test")), "BAD_SERVER_NAME"),
    Case("address-as-a-name", named(dns("127.0.0.1")), "BAD_SERVER_NAME", host="127.0.0.1"),
    Case("address-under-a-wildcard", named(dns("*.0.0.1")), "BAD_SERVER_NAME", host="127.0.0.1"),
    Case("address-in-the-common-name", named(dns(OTHER), subject="127.0.0.1"), "BAD_SERVER_NAME",
         host="127.0.0.1"),
    # Some read this as octal; so to us it is a name.
    Case("address-with-a-leading-zero", named(ip(V4)), "BAD_SERVER_NAME", host="127.0.0.01"),
    Case("another-address", named(ip(bytes([127, 0, 0, 2]))), "BAD_SERVER_NAME", host="127.0.0.1"),
    Case("address-too-short", named(ip(V4[:3])), "BAD_SERVER_NAME", host="127.0.0.1"),
    Case("address-with-a-mask", named(ip(V4 + b"\xFF\xFF\xFF\xFF")), "BAD_SERVER_NAME",
         host="127.0.0.1"),
    Case("ipv6-address-with-a-mask", named(ip(V6 + bytes([255] * 16))), "BAD_SERVER_NAME",
         host="::1"),
    Case("ipv6-form-of-ipv4", named(ip(bytes(10) + b"\xFF\xFF" + V4)), "BAD_SERVER_NAME",
         host="127.0.0.1"),
    Case("ipv4-for-ipv6", named(ip(V6[-4:])), "BAD_SERVER_NAME", host="::1"),
    Case("name-among-addresses", named(ip(HOST.encode())), "BAD_SERVER_NAME"),
    Case("name-as-a-mailbox", named(email(HOST)), "BAD_SERVER_NAME"),
    Case("name-as-a-uri", named(uri(HOST)), "BAD_SERVER_NAME"),
    Case("name-of-the-issuer", leaf(names=None, more=(
        extension("2.5.29.18", element(SEQUENCE, dns(HOST))),)), "BAD_SERVER_NAME"),
    Case("name-in-an-unknown-extension", leaf(names=None, more=(
        extension("1.3.6.1.4.1.17", element(SEQUENCE, dns(HOST))),)), "BAD_SERVER_NAME"),
    Case("name-in-an-extension-below-its-own", leaf(names=None, more=(
        extension("2.5.29.17.1", element(SEQUENCE, dns(HOST))),)), "BAD_SERVER_NAME"),
    Case("name-deep-in-what-is-not-signed", named(dns(OTHER), outer_algorithm=DEEP_ALGORITHM),
         "BAD_SERVER_NAME", shown_by=BARE),
    Case("name-in-what-is-not-signed", named(dns(OTHER), outer_algorithm=FORGED_ALGORITHM),
         "BAD_SERVER_NAME", shown_by=BARE),

    # Keys and signatures
    Case("rsa-1024", leaf(key="rsa1024"), "WEAK_PUBLIC_KEY"),
    Case("rsa-1024-intermediate", intermediate(key="rsa1024"), "WEAK_PUBLIC_KEY"),
    Case("rsa-2040", leaf(public=rsa_public(2040)), "WEAK_PUBLIC_KEY", shown_by=BARE),
    Case("rsa-1024-trusted-directly", (SELF_SIGNED.but(key="rsa1024"),), "WEAK_PUBLIC_KEY",
         anchors=(SELF_SIGNED.but(key="rsa1024"),)),
    Case("rsa-8192", leaf(public=rsa_public(8192)), "LIMIT_EXCEEDED", shown_by=BARE),
    Case("sha-1", leaf(digest="sha1"), "UNSUPPORTED"),
    Case("sha-1-intermediate", intermediate(digest="sha1"), "UNSUPPORTED"),
    Case("ecdsa-sha-1", (LEAF.but(issuer=EC_ROOT["p256"], digest="sha1"),), "UNSUPPORTED",
         anchors=(EC_ROOT["p256"],)),
    Case("md5", leaf(digest="md5"), "UNSUPPORTED"),
    Case("md5-intermediate", intermediate(digest="md5"), "UNSUPPORTED"),
    Case("rsa-pss", leaf(algorithm=RSA_PSS), "UNSUPPORTED", shown_by=BARE),
    Case("ed25519", leaf(key="ed25519"), "UNSUPPORTED", shown_by=BARE),
    Case("ed25519-intermediate", intermediate(key="ed25519"), "UNSUPPORTED"),
    # BearSSL says no more of a signature on a curve that it was not given.
    Case("p-384-for-the-small", curve("p384"), "BAD_SIGNATURE", profile="small",
         anchors=(EC_ROOT["p384"],), shown_by=NOBODY),
    Case("sha-384-for-the-small", leaf(digest="sha384"), "UNSUPPORTED", profile="small",
         shown_by=NOBODY),
    Case("signature-damaged", leaf(whole=last_bit_flipped), "BAD_SIGNATURE"),
    Case("signature-damaged-intermediate", intermediate(whole=last_bit_flipped), "NOT_TRUSTED"),
    Case("ecdsa-signature-damaged", (curve("p256")[0].but(whole=last_bit_flipped),
                                     curve("p256")[1]), "BAD_SIGNATURE",
         anchors=(EC_ROOT["p256"],)),
    Case("changed-after-signing", named(dns("evil.example.test"), whole=replaced(
        b"evil.example.test", b"mail.example.test")), "BAD_SIGNATURE"),

    # Purposes
    Case("for-clients-only", leaf(purposes=(CLIENT_AUTH,)), "FORBIDDEN_KEY_USAGE"),
    Case("for-clients-and-mail", leaf(purposes=(CLIENT_AUTH, EMAIL)), "FORBIDDEN_KEY_USAGE"),
    # BearSSL knows this extension only where it is not critical.
    Case("for-servers-critical", leaf(purposes=None, more=(
        purposes(SERVER_AUTH, critical=True),)), "CRITICAL_EXTENSION"),
    Case("for-clients-only-critical", leaf(purposes=None, more=(
        purposes(CLIENT_AUTH, critical=True),)), "CRITICAL_EXTENSION"),
    # RFC 5280 4.2.1.12 lets us refuse it; CAs may not issue it to servers anyway.
    Case("for-anything", leaf(purposes=(ANY_PURPOSE,)), "FORBIDDEN_KEY_USAGE"),
    Case("for-a-purpose-below-ours", leaf(purposes=(SERVER_AUTH + ".1",)), "FORBIDDEN_KEY_USAGE"),
    Case("for-nothing", leaf(purposes=()), "FORBIDDEN_KEY_USAGE"),
    Case("intermediate-for-clients-only", intermediate(purposes=(CLIENT_AUTH,)),
         "FORBIDDEN_KEY_USAGE"),
    Case("for-clients-only-trusted-directly", (SELF_SIGNED.but(purposes=(CLIENT_AUTH,)),),
         "FORBIDDEN_KEY_USAGE", anchors=(SELF_SIGNED.but(purposes=(CLIENT_AUTH,)),)),

    # Extensions
    Case("permitted-names", intermediate(more=(name_constraints(permitted=dns("example.test")),)),
         "CRITICAL_EXTENSION"),
    Case("permitted-names-not-critical", intermediate(more=(
        name_constraints(permitted=dns("other.test"), critical=False),)), "CRITICAL_EXTENSION"),
    Case("excluded-names", intermediate(more=(name_constraints(excluded=dns("example.test")),)),
         "CRITICAL_EXTENSION"),
    Case("excluded-names-not-critical", intermediate(more=(
        name_constraints(excluded=dns("example.test"), critical=False),
        extension(UNKNOWN, b"\5\0"))), "CRITICAL_EXTENSION"),
    Case("unknown-critical-extension", leaf(more=(extension(UNKNOWN, b"\5\0", critical=True),)),
         "CRITICAL_EXTENSION"),
    Case("unknown-critical-extension-intermediate", intermediate(more=(
        extension(UNKNOWN, b"\5\0", critical=True),)), "CRITICAL_EXTENSION"),

    # Who signed it
    Case("no-ca", intermediate(is_ca=False, path_length=None), "NOT_CA"),
    Case("no-basic-constraints", intermediate(is_ca=None), "NOT_CA"),
    Case("version-1-intermediate", intermediate(version=None, is_ca=None, usage=None), "NOT_CA"),
    Case("may-not-sign-certificates", intermediate(usage=(DIGITAL_SIGNATURE, CRL_SIGN)),
         "FORBIDDEN_KEY_USAGE"),
    Case("signed-by-a-leaf", (LEAF.but(issuer=LEAF, subject="x"), *leaf()), "NOT_CA"),
    Case("path-too-long", (
        LEAF.but(issuer=INTERMEDIATE.but(issuer=INTERMEDIATE, subject="below")),
        INTERMEDIATE.but(issuer=INTERMEDIATE, subject="below"), INTERMEDIATE), "NOT_CA"),
    Case("intermediate-missing", leaf()[:1], "NOT_TRUSTED"),
    Case("unknown-root", behind(INTERMEDIATE.but(issuer=UNKNOWN_ROOT)), "NOT_TRUSTED"),
    Case("unknown-root-sent", (*behind(INTERMEDIATE.but(issuer=UNKNOWN_ROOT)), UNKNOWN_ROOT),
         "NOT_TRUSTED"),
    Case("unknown-root-of-our-root's-name", behind(INTERMEDIATE.but(
        issuer=UNKNOWN_ROOT.but(subject="root"))), "NOT_TRUSTED"),
    Case("self-signed", (SELF_SIGNED,), "NOT_TRUSTED"),
    Case("another-key-than-trusted-directly", (SELF_SIGNED.but(key="rsa2048-leaf"),), "NOT_TRUSTED",
         anchors=(SELF_SIGNED,)),
    Case("signed-by-one-trusted-directly", (LEAF.but(issuer=SELF_SIGNED),), "NOT_TRUSTED",
         anchors=(SELF_SIGNED,)),
    Case("signed-by-one-trusted-directly-sent", (LEAF.but(issuer=SELF_SIGNED), SELF_SIGNED),
         "NOT_CA", anchors=(SELF_SIGNED,)),
    Case("wrong-order", (leaf()[0], ROOT, INTERMEDIATE), "DN_MISMATCH"),
    Case("intermediate-of-another", (LEAF, INTERMEDIATE.but(subject="another")), "DN_MISMATCH"),
    Case("empty-chain", (), "EMPTY_CHAIN", shown_by=BARE, code=76,
         words="a message out of place"),

    # What a signature with this key is needed for
    Case("key-for-encryption-only", leaf(usage=(KEY_ENCIPHERMENT,)), signs=False,
         words="key usage does not allow"),
    Case("key-for-agreement-only", behind(INTERMEDIATE, key="p256-leaf", usage=(KEY_AGREEMENT,)),
         signs=False, words="key usage does not allow", shown_by=BARE),

    # DER
    Case("cut-off", leaf(whole=cut_off), "INNER_TRUNC", shown_by=BARE),
    Case("octets-behind-it", leaf(whole=with_octets_behind), "EXTRA_ELEMENT", shown_by=BARE),
    Case("indefinite-length", leaf(whole=of_indefinite_length), "INDEFINITE_LENGTH",
         shown_by=BARE),
    Case("overlong-length", leaf(whole=with_overlong_length), "UNEXPECTED", shown_by=BARE),
    Case("longer-than-it-is", leaf(whole=longer_than_it_is), "INNER_TRUNC", shown_by=BARE),
    Case("signed-of-indefinite-length", leaf(signed=of_indefinite_length), "INDEFINITE_LENGTH",
         shown_by=BARE),
    Case("signed-overlong-length", leaf(signed=with_overlong_length), "UNEXPECTED", shown_by=BARE),
    Case("overlong-name", named(OVERLONG_NAME), "UNEXPECTED", shown_by=BARE),
    Case("purposes-of-indefinite-length", leaf(purposes=None, more=(
        extension("2.5.29.37", b"\x30\x80" + oid(SERVER_AUTH) + b"\0\0"),)), "UNEXPECTED"),
    Case("intermediate-overlong-length", intermediate(signed=with_overlong_length), "UNEXPECTED",
         shown_by=BARE),
    Case("no-certificate-at-all", leaf(whole=lambda octets: b"\xFF" * 40), "BAD_TAG_CLASS",
         shown_by=BARE),
    Case("empty-certificate", leaf(whole=lambda octets: b""), "TRUNCATED", shown_by=BARE),
]

CASES = GOOD + BAD
