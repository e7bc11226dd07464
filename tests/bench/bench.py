#!/usr/bin/python3
"""bench.py DOCUMENT: measure Stint beside curl and msmtp, all in one run against the same servers, and
write the tables into DOCUMENT. Fails if Stint costs more than limits.py allows."""

import contextlib
import pathlib
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "servers"))
import limits
import measure
import tables
from cases import CASES, FIRST, IMPLICIT, IN_CLEAR, STARTTLS, WORDS, Case
from clients import DYNAMIC, Curl, Msmtp, Stint, versions
from started import Postfix

CLIENTS = [Stint(), Curl(), Msmtp()]
# Looked at in the first case only.
OTHERS = [Curl(tls="1.3"), Msmtp(tls="1.3"), Stint(by_name=True, binary=DYNAMIC),
          Curl(by_name=True), Msmtp(by_name=True)]
POSTFIX = [("starttls-rsa", Case(STARTTLS, recipients=10)),
           ("starttls-rsa", Case(STARTTLS, chunking=True, recipients=10)),
           ("tls-rsa", Case(IMPLICIT, recipients=10)),
           ("tls-rsa", Case(IMPLICIT, chunking=True, recipients=10)),
           ("starttls-lockstep", Case(STARTTLS, pipelining=False, recipients=10)),
           ("tls-lockstep", Case(IMPLICIT, pipelining=False, recipients=10))]


def progress(*words):
    print(*words, sep=": ", file=sys.stderr, flush=True)


def measure_mails():
    costs = {}
    for case in CASES:
        for client in CLIENTS + (OTHERS if case == FIRST else []):
            progress(case.name, client.name)
            costs[case, client] = measure.mail_costs(client, case)
    return costs


def measure_bodies():
    costs = {}
    for security in (IN_CLEAR, IMPLICIT):
        for client in CLIENTS:
            progress("10 MB", WORDS[security], client.name)
            costs[security, client] = measure.body_costs(client, security)
    return costs


def measure_postfix():
    costs = {}
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(
            Postfix(pathlib.Path(folder))) as postfix:
        for service, case in POSTFIX:
            for client in CLIENTS:
                progress("Postfix", case.name, client.name)
                costs[case, client] = measure.round_trips(client, case, postfix.port(service))
    return costs


def of_stint(costs):
    return {key: figures for (key, client), figures in costs.items() if client == Stint()}


def best_peer(mails):
    return min(figures["octets up"] for (case, client), figures in mails.items()
               if case == FIRST and not isinstance(client, Stint) and not client.by_name)


def report(mails, bodies, postfix, held):
    return "\n".join([
        f"Measured with {versions()}.\n",
        "### What is held\n", tables.table(tables.HELD_KEYS, tables.HELD, held),
        "### Mails of 1 KB\n", tables.table(tables.MAIL_KEYS, tables.MAIL, [
            [case.name, client.name, *(figures[column] for column in tables.MAIL)]
            for (case, client), figures in mails.items()]),
        "### A mail of 10 MB\n", tables.table(tables.BODY_KEYS, tables.BODY, [
            [WORDS[security], client.name, *(figures[column] for column in tables.BODY)]
            for (security, client), figures in bodies.items()]),
        "### Round trips to Postfix\n", tables.table(
            tables.POSTFIX_KEYS, {client.name: str for client in CLIENTS}, [
                [case.name, *(postfix[case, client] for client in CLIENTS)]
                for _, case in POSTFIX])])


def main():
    document = pathlib.Path(sys.argv[1])
    mails, bodies, postfix = measure_mails(), measure_bodies(), measure_postfix()
    held = limits.held(of_stint(mails), of_stint(bodies), best_peer(mails))
    text = report(mails, bodies, postfix, held)
    print(text)
    document.write_text(tables.replace(document.read_text(), text))
    for line in limits.exceeded(held):
        progress("too much", line)
    sys.exit(bool(limits.exceeded(held)))


if __name__ == "__main__":
    main()
