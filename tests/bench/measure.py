"""What it costs a client to send a case's mails. Where one does not arrive as it was, or not for every
recipient, there is no figure."""

import collections
import contextlib
import json
import pathlib
import re
import subprocess
import tempfile
import time

import cases
from clients import ENVIRONMENT, SENDER, recipients
from started import Helper, Sink

DELAY = 20  # ms each way
PROXY = pathlib.Path(__file__).resolve().parent / "delay_proxy.py"

READS = {"read", "readv", "recvfrom", "recvmsg"}
WRITES = {"write", "writev", "sendto", "sendmsg", "sendfile"}
ALLOCATIONS = {"malloc", "calloc", "realloc", "memalign", "aligned_alloc", "posix_memalign"}


class Bench:
    """A server for a case, with the proxy before it, and the mails to send."""

    def __init__(self, case, octets, folder, *server_options):
        self.case = case
        self.folder = folder
        self.content = cases.message(octets)
        self.mails = [folder / f"{number}.eml" for number in range(1, case.mails + 1)]
        for path in self.mails:
            path.write_bytes(self.content)
        chain = None if case.security == cases.IN_CLEAR else "rsa"
        self.sink = Sink(folder / "sink", *case.server_options(), *server_options, chain=chain)
        self.proxy = Helper(PROXY, self.sink.port, "--delay", DELAY)

    def close(self):
        self.proxy.close()
        self.sink.close()

    def send(self, client, port, run):
        """Call run(command, standard input) until all mails are sent. Returns the number of
        connections that it took."""
        before = self.sink.sessions()
        for number, command in enumerate(client.commands(self.case, port, self.mails, self.folder)):
            run(list(map(str, command)), client.standard_input(self.mails[number]))
        return self.connections(client, before)

    def connections(self, client, before):
        delivered, connections = 0, 0
        while delivered < len(self.mails):
            connections += 1
            session = self.sink.session(before + connections)
            for number, mail in enumerate(session["messages"], 1):
                content = self.sink.content(session["session"], number)
                assert (mail["accepted"], mail["from"], mail["rcpt"], content) == (
                    True, SENDER, recipients(self.case), self.content), (client.name, mail)
                delivered += 1
        return connections


@contextlib.contextmanager
def bench(case, octets=cases.SMALL, server_options=()):
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(
            Bench(case, octets, pathlib.Path(folder), *server_options)) as result:
        yield result


def start(command, standard_input, extra=None, **options):
    with open(standard_input, "rb") as source:
        return subprocess.Popen(command, stdin=source, env={**ENVIRONMENT, **(extra or {})}, **options)


def finish(process):
    output, errors = process.communicate()
    assert process.returncode == 0, f"{process.args}: {process.returncode}\n{output}\n{errors}"


def run_quietly(command, standard_input, extra=None):
    finish(start(command, standard_input, extra, text=True, stdout=subprocess.PIPE,
                 stderr=subprocess.PIPE))


# ---- On the wire, and system calls

def traced(trace):
    """The number of system calls, and of those that read from and write to a TCP socket."""
    counts = collections.Counter()
    for line in trace.splitlines():
        call = re.match(r"\d+ +(\w+)\((\d+<TCP)?", line)
        if call:
            counts["system calls"] += 1
            counts["reads"] += call[2] is not None and call[1] in READS
            counts["writes"] += call[2] is not None and call[1] in WRITES
    return counts


def wire(bench, client):
    """Round trips, octets, TLS records; system calls."""
    total = collections.Counter()

    def run(command, standard_input):
        trace = bench.folder / "trace"
        run_quietly(["strace", "-f", "-q", "-yy", "-e", "signal=none", "-o", str(trace), *command],
                    standard_input)
        total.update(traced(trace.read_text()))

    for _ in range(bench.send(client, bench.proxy.port, run)):
        report = json.loads(bench.proxy.process.stdout.readline())
        total.update({"round trips": report["round_trips"], "octets up": report["octets_up"],
                      "octets down": report["octets_down"], "records up": report["records_up"]})
    return total


# ---- Instructions, and calls of the allocator

def profiled(profile):
    """A callgrind file has for each function (fn) whom it called (cfn) how often."""
    counts = collections.Counter()
    caller = callee = ""
    for line in profile.splitlines():
        key, _, value = line.partition("=")
        if key == "fn":
            caller = function(value)
        elif key == "cfn":
            callee = function(value)
        elif key == "calls" and callee in ALLOCATIONS and caller not in ALLOCATIONS:
            counts["allocations"] += int(value.split()[0])
        elif line.startswith("totals: "):
            counts["instructions"] = int(line.split()[1])
    return counts


def function(name):
    """Whatever alias libc gives it."""
    return re.sub(r"^__(libc_)?|'\d+$", "", name)


# callgrind counts a "rep movsb" or "rep stosb" as one instruction for each octet, which no processor
# does.
PLAIN_MOVES = {"GLIBC_TUNABLES": ":".join(
    f"glibc.cpu.x86_rep_{name}_threshold=4294967295" for name in ("movsb", "stosb"))}


def instructions(bench, client, port=None):
    """Of the whole process, by callgrind."""
    total = collections.Counter()

    def run(command, standard_input):
        profile = bench.folder / "callgrind"
        run_quietly(["valgrind", "--tool=callgrind", "--compress-strings=no",
                     f"--callgrind-out-file={profile}", *command], standard_input, PLAIN_MOVES)
        total.update(profiled(profile.read_text()))

    for _ in range(bench.send(client, port or bench.proxy.port, run)):
        if not port:
            bench.proxy.process.stdout.readline()
    return total


# ---- Memory

LINGER = ("--delay", "QUIT=0.3")  # so that there is time to look


def peak_rss(bench, client):
    """In KB, the kernel's own figure, read until the end. (What wait4 tells is at least what our own
    process had when it forked.) The server must linger."""
    peaks = []

    def run(command, standard_input):
        process = start(command, standard_input, text=True, stdout=subprocess.PIPE,
                        stderr=subprocess.PIPE)
        while process.poll() is None:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            peaks.extend(map(int, re.findall(r"VmHWM:\s+(\d+) kB", status)))
            time.sleep(0.02)
        finish(process)

    bench.send(client, bench.sink.port, run)
    return max(peaks)


# ---- All of it

def mail_costs(client, case):
    """Everything that the table of small mails has."""
    with bench(case) as server:
        costs = {**wire(server, client), **instructions(server, client)}
    with bench(case, server_options=LINGER) as server:
        return {**costs, "peak RSS": peak_rss(server, client)}


def body_costs(client, security):
    """What an octet of a large message costs, and its memory."""
    case = cases.Case(security)
    counts = []
    for octets in (cases.SMALL, cases.LARGE):
        with bench(case, octets) as server:
            counts.append(instructions(server, client, server.sink.port)["instructions"])
    with bench(case, cases.LARGE) as server:
        sent = wire(server, client)
    with bench(case, cases.LARGE, LINGER) as server:
        peak = peak_rss(server, client)
    return {"instructions an octet": (counts[1] - counts[0]) / (cases.LARGE - cases.SMALL),
            "octets up an octet": sent["octets up"] / cases.LARGE,
            "records up": sent["records up"], "writes": sent["writes"], "peak RSS": peak}


def round_trips(client, case, port):
    """To a server of another kind, for one mail."""
    with tempfile.TemporaryDirectory() as folder:
        mail = pathlib.Path(folder) / "1.eml"
        mail.write_bytes(cases.message(cases.SMALL))
        with contextlib.closing(Helper(PROXY, port, "--delay", DELAY)) as proxy:
            [command] = client.commands(case, proxy.port, [mail], pathlib.Path(folder))
            run_quietly(list(map(str, command)), client.standard_input(mail))
            return json.loads(proxy.process.stdout.readline())["round_trips"]
