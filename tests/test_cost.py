"""What a mail costs: round trips, memory, instructions."""

import json
import os
import pathlib
import re
import subprocess
import time

import pytest
from conftest import FROM, PASSWORD, RELEASE, TO, options_for, stint

# TCP, greeting, EHLO, STARTTLS, TLS twice, EHLO, AUTH, MAIL, RCPT, DATA, message and QUIT; with
# implicit TLS the greeting comes along with the handshake's end. QUIT alone is one more.
ROUND_TRIPS = {("starttls", True): 12, ("starttls", False): 13,
               ("implicit", True): 9, ("implicit", False): 10}


def through(proxy, options, server_port):
    at = options.index("--server") + 1
    return [*options[:at], f"localhost:{proxy.port}", *options[at + 1:]]


def report(proxy):
    return json.loads(proxy.process.stdout.readline())


@pytest.mark.parametrize("mode, pipelining", sorted(ROUND_TRIPS))
def test_round_trips(sink, delay_proxy, mode, pipelining):
    server = sink(*(["--implicit"] if mode == "implicit" else []),
                  *([] if pipelining else ["--without", "PIPELINING"]))
    proxy = delay_proxy(server.port, 20)
    run = stint(*through(proxy, options_for(server, mode), server.port), binary=RELEASE)
    assert run.returncode == 0, run.stderr
    assert report(proxy)["round_trips"] == ROUND_TRIPS[mode, pipelining]


@pytest.mark.parametrize("service, expected", [
    ("starttls-rsa", 12), ("tls-rsa", 9), ("starttls-lockstep", 13), ("tls-lockstep", 10)])
def test_round_trips_to_postfix(postfix, delay_proxy, service, expected):
    proxy = delay_proxy(postfix.port(service), 20)
    options = [*postfix.account(service), "--from", FROM, "--to", TO]
    run = stint(*through(proxy, options, postfix.port(service)), binary=RELEASE)
    assert run.returncode == 0, run.stderr
    assert report(proxy)["round_trips"] == expected


LINE = b"x" * 74 + b"\r\n"
SIZES = {"1 KB": 1000, "10 MB": 10_000_000}


@pytest.fixture(scope="module")
def bodies(tmp_path_factory):
    """Messages of 76-octet CRLF lines, by name."""
    directory = tmp_path_factory.mktemp("bodies")
    paths = {}
    for name, size in SIZES.items():
        paths[name] = directory / name
        paths[name].write_bytes(b"Subject: x\r\n\r\n" + LINE * (size // len(LINE)))
    return paths


def peak_rss_kb(options, path):
    """The kernel's own figure, read until the end; the server keeps us waiting there a little. (What
    wait4 tells is at least what our own process had when it forked.)"""
    process = subprocess.Popen([RELEASE, *map(str, options), path], stdin=subprocess.DEVNULL,
                               env={**os.environ, "STINT_PASSWORD": PASSWORD})
    peak = 0
    while process.poll() is None:
        match = re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path(f"/proc/{process.pid}/status").read_text())
        peak = int(match[1]) if match else peak
        time.sleep(0.02)
    assert process.returncode == 0
    return peak


@pytest.mark.parametrize("mode", ["none", "implicit"])
def test_memory_is_constant(sink, bodies, mode, capsys):
    server = sink("--delay", "QUIT=0.3", *(["--implicit"] if mode == "implicit" else []),
                  chain="rsa" if mode == "implicit" else None)
    options = [*options_for(server, mode), "--quiet"]
    small, large = (peak_rss_kb(options, bodies[name]) for name in SIZES)
    with capsys.disabled():
        print(f"\npeak RSS, {mode}: {small} KB for 1 KB, {large} KB for 10 MB")
    assert large < 3072
    assert large < small + 256


def instructions(options, path, tmp_path):
    """Of the whole process, by callgrind; memcpy as plain moves, which callgrind counts as such."""
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={tmp_path}/callgrind", RELEASE,
         *map(str, options), path], stdin=subprocess.DEVNULL, text=True, capture_output=True,
        env={**os.environ, "STINT_PASSWORD": PASSWORD,
             "GLIBC_TUNABLES": "glibc.cpu.x86_rep_movsb_threshold=4294967295"})
    assert run.returncode == 0, run.stderr
    return int(re.search(r"Collected : (\d+)", run.stderr)[1])


# The most instructions for an octet of a large message, from file to socket.
@pytest.mark.parametrize("mode, most", [("none", 3.0), ("implicit", 8.0)])
def test_instructions_an_octet(sink, bodies, tmp_path, mode, most, capsys):
    if mode == "implicit" and " aes " not in open("/proc/cpuinfo").read():
        pytest.skip("no AES-NI")
    server = sink(*(["--implicit"] if mode == "implicit" else []),
                  chain="rsa" if mode == "implicit" else None)
    options = [*options_for(server, mode), "--quiet"]
    small, large = (instructions(options, bodies[name], tmp_path) for name in SIZES)
    octet = (large - small) / (SIZES["10 MB"] - SIZES["1 KB"])
    with capsys.disabled():
        print(f"\ninstructions, {mode}: {octet:.2f} an octet, {small:,} for a mail of 1 KB")
    assert octet <= most
