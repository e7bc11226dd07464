"""Parameters of MAIL and RCPT (RFC 5321 4.1.2), held against the RFCs that define them."""
from __future__ import annotations

import re
import typing

XTEXT = r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})"  # RFC 3461 4
UNICODE = r"(?:[!-*,-<>-\[\]-~]|\\x\{[0-9A-F]{2,6}\})"  # RFC 6533 3: utf-8-addr-xtext
WHEN = r"(?:SUCCESS|FAILURE|DELAY)"


class Parameter(typing.NamedTuple):
    keyword: str  # that EHLO must have offered
    value: str    # a pattern


MAIL = {
    "SIZE": Parameter("SIZE", r"\d{1,20}"),                               # RFC 1870 4
    "BODY": Parameter("8BITMIME", r"7BIT|8BITMIME|BINARYMIME"),           # RFC 6152, RFC 3030
    "AUTH": Parameter("AUTH", rf"<>|{XTEXT}+"),                           # RFC 4954 5
    "RET": Parameter("DSN", r"FULL|HDRS"),                                # RFC 3461 4.3
    "ENVID": Parameter("DSN", rf"(?=.{{1,100}}\Z){XTEXT}+"),              # RFC 3461 4.4
    "SMTPUTF8": Parameter("SMTPUTF8", ""),                                # RFC 6531 3.4
    "REQUIRETLS": Parameter("REQUIRETLS", ""),                            # RFC 8689
    "MT-PRIORITY": Parameter("MT-PRIORITY", r"0|-?[1-9]"),                # RFC 6710
    "BY": Parameter("DELIVERBY", r"(?:[1-9]\d{0,8};R|-?\d{1,9};N)T?"),    # RFC 2852 4
    "HOLDFOR": Parameter("FUTURERELEASE", r"[1-9]\d{0,8}"),               # RFC 4865
    "HOLDUNTIL": Parameter("FUTURERELEASE", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
}
RCPT = {
    "NOTIFY": Parameter("DSN", rf"NEVER|{WHEN}(?:,{WHEN})*"),             # RFC 3461 4.1
    "ORCPT": Parameter("DSN", rf"(?=.{{1,500}}\Z)(?:(?i:utf-8);{UNICODE}+|"  # RFC 6533 3
                              rf"(?!(?i:utf-8);)[A-Za-z0-9-]+;{XTEXT}+)"),   # RFC 3461 4.2
}
OF = {"MAIL": MAIL, "RCPT": RCPT}

# By how much a command may be longer than 512 octets for what was offered (RFC 5321 4.5.3.1.4).
GROWTH = {
    "MAIL": {"SIZE": 26, "8BITMIME": 17, "SMTPUTF8": 10, "AUTH": 500, "DSN": 107, "REQUIRETLS": 11, "MT-PRIORITY": 15,
             "DELIVERBY": 17, "FUTURERELEASE": 34},
    "RCPT": {"DSN": 500},
}


def line_limit(verb: str, keywords: typing.Iterable[str]) -> int:
    return 512 + sum(GROWTH.get(verb, {}).get(keyword, 0) for keyword in keywords)


def read(words: list[str]) -> list[tuple[str, str]]:
    """Name and value of each; the name in capitals."""
    return [(name.upper(), value) for name, _, value in (word.partition("=") for word in words)]


def faults(verb: str, found: list[tuple[str, str]], offers: dict[str, str], secure: bool) -> list[str]:
    """What a strict server minds. `offers` are the keywords of EHLO with what stood behind each."""
    wrong = []
    names = [name for name, _ in found]
    for name, value in found:
        parameter = OF[verb].get(name)
        needs = "BINARYMIME" if (name, value.upper()) == ("BODY", "BINARYMIME") else (
            parameter and parameter.keyword)
        if needs not in offers:
            wrong.append(f"parameter not offered: {name}")
        elif not re.fullmatch(parameter.value, value):
            wrong.append(f"parameter malformed: {name}={value}")
        elif names.count(name) > 1:
            wrong.append(f"parameter twice: {name}")
        elif is_beyond(name, value, offers):
            wrong.append(f"parameter beyond what is offered: {name}={value}")
    if "REQUIRETLS" in names and not secure:
        wrong.append("REQUIRETLS in clear")
    if {"HOLDFOR", "HOLDUNTIL"} <= set(names):
        wrong.append("HOLDFOR and HOLDUNTIL")
    for name, value in found:
        each = value.split(",")
        if name == "NOTIFY" and len(set(each)) < len(each):
            wrong.append(f"parameter malformed: {name}={value}")
    return wrong


def is_beyond(name: str, value: str, offers: dict[str, str]) -> bool:
    """DELIVERBY's shortest time, of what is to come back; FUTURERELEASE's longest, and latest."""
    words = offers[MAIL[name].keyword].split() if name in MAIL else []
    if name == "BY" and words:
        seconds, _, mode = value.partition(";")
        return mode.startswith("R") and int(seconds) < int(words[0])
    if name == "HOLDFOR" and words:
        return int(value) > int(words[0])
    return name == "HOLDUNTIL" and len(words) > 1 and value > words[1]
