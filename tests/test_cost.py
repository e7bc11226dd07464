"""What a mail costs: docs/performance.md says what is true of Stint, and limits.py is kept."""

import functools

import bench
import limits
import measure
import pytest
import tables
from cases import CASES, FIRST, IMPLICIT, PLAIN, WORDS, Case
from clients import Curl, Msmtp, Stint
from conftest import TOP

STINT = Stint()
DOCUMENT = (TOP / "docs" / "performance.md").read_text()

# How far a figure may be from the document's. Octets down have certificates among them, whose numbers
# differ in length. The other figures are the same in every run.
APART = {"octets down": 8, "octets up an octet": 0.0001}
APART_OF_IT = {"instructions": 0.05, "instructions an octet": 0.05}
ON_THE_WIRE = ["round trips", "octets up", "octets down", "records up", "system calls", "reads",
               "writes"]

# AES-GCM is chosen, and fast, where the processor has it; a valgrind that knows none has no figure.
AES = " aes " in open("/proc/cpuinfo").read()


def parameter(case):
    return pytest.param(case, id=case.name, marks=[] if AES or case == PLAIN else
                        pytest.mark.skip("no AES-NI"))


def assert_documented(costs, documented, columns):
    for column in columns:
        apart = APART.get(column, APART_OF_IT.get(column, 0) * documented[column])
        assert abs(costs[column] - documented[column]) <= apart + 1e-9, (
            f"{column}: {costs[column]}; docs/performance.md says {documented[column]}: make bench")


def assert_held(costs, most):
    for column in set(most).intersection(costs):
        assert costs[column] <= most[column], column


@functools.cache
def wire(client, case):
    """On a busy machine an answer may come in two pieces, which costs a poll and a read more: so what
    costs more than it should is measured again, at most four times."""
    with measure.bench(case) as server:
        costs = measure.wire(server, client)
        for _ in range(4):
            if client is STINT and costs["system calls"] > documented(case)["system calls"]:
                costs = measure.wire(server, client)
        return costs


@functools.cache
def instructions(case):
    with measure.bench(case) as server:
        return measure.instructions(server, STINT)


@functools.cache
def body(security):
    return measure.body_costs(STINT, security)


# ---- Small mails

def documented(case):
    return tables.rows(DOCUMENT, tables.MAIL_KEYS)[case.name, STINT.name]


@pytest.mark.parametrize("case", map(parameter, CASES))
def test_wire_is_documented(case):
    assert_documented(wire(STINT, case), documented(case), ON_THE_WIRE)


@pytest.mark.parametrize("case", map(parameter, [PLAIN, FIRST]))
def test_instructions_are_documented(case):
    assert_documented(instructions(case), documented(case), ["instructions", "allocations"])


@pytest.mark.parametrize("case", map(parameter, [case for case in limits.MAIL if case != PLAIN]))
def test_wire_is_held(case):
    assert_held(wire(STINT, case), limits.MAIL[case])


def test_instructions_are_held():
    assert_held(instructions(PLAIN), limits.MAIL[PLAIN])


@pytest.mark.parametrize("case", [parameter(FIRST)])
def test_fewer_octets_than_peers(case):
    peers = [Curl(), Msmtp(), Curl(tls="1.3"), Msmtp(tls="1.3")]
    best = min(wire(peer, case)["octets up"] for peer in peers)
    assert wire(STINT, case)["octets up"] <= limits.OF_BEST_PEER * best


@pytest.mark.parametrize("service, case", bench.POSTFIX,
                         ids=[case.name for _, case in bench.POSTFIX])
def test_round_trips_to_postfix(postfix, service, case):
    measured = measure.round_trips(STINT, case, postfix.port(service))
    assert measured == tables.rows(DOCUMENT, tables.POSTFIX_KEYS)[case.name,][STINT.name]


# ---- Large ones

SECURITIES = [PLAIN, Case(IMPLICIT)]


@pytest.mark.parametrize("case", map(parameter, SECURITIES))
def test_body_is_documented(case):
    table = tables.rows(DOCUMENT, tables.BODY_KEYS)
    assert_documented(body(case.security), table[WORDS[case.security], STINT.name],
                      ["instructions an octet", "octets up an octet", "records up"])


@pytest.mark.parametrize("case", map(parameter, SECURITIES))
def test_body_is_held(case):
    assert_held(body(case.security), limits.BODY[case.security])


@pytest.mark.parametrize("case", map(parameter, SECURITIES))
def test_memory_is_constant(case):
    """As much for 10 MB as for 1 KB, or a few pages more."""
    with measure.bench(case, server_options=measure.LINGER) as server:
        small = measure.peak_rss(server, STINT)
    assert body(case.security)["peak RSS"] < small + 256


def test_no_allocator():
    assert limits.allocators() == limits.ALLOCATORS
