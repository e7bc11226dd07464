"""The emulated board: boots an image of tests/firmware in a network of its own, and asks it for alerts."""

import dataclasses
import functools
import json
import os
import pathlib
import re
import socket
import struct
import subprocess
import threading

from debugger import Debugger
from started import PASSWORD, USER

TOP = pathlib.Path(__file__).resolve().parents[2]
FIRMWARE = TOP / "tests" / "firmware"
BUILD = TOP / "build" / "firmware"

BUDGETS = {"tiny": (65536, 16384), "standard": (98304, 20480), "any-server": (98304, 32768)}
MACHINES = {**dict.fromkeys([*BUDGETS, "sleeper"], "mps2-an386"),
            **dict.fromkeys(["tiny-m3", "tiny-m0plus"], "mps2-an385")}

# How the emulated network calls us, and this machine's loopback.
DEVICE, ROUTER, LOOPBACK_4, LOOPBACK_6 = "10.0.2.15", "10.0.2.2", "10.0.2.2", "fec0::2"
BY_DHCP = "0.0.0.0"
IMPLICIT, STARTTLS = 1, 2

# firmware/alert.c
ASK, END = b"!", b"\x04"

# Instructions, of a nanosecond each, to a tick of the board's clock of 25 MHz.
TICK = 40

# Of a run that hangs, in seconds.
HANGS = 120


def enumerators(name, header):
    """Of an enum of include/stint: {value: name}."""
    text = re.sub(r"/\*.*?\*/", "", (TOP / "include/stint" / header).read_text(), flags=re.S)
    body = re.search(rf"enum {name} {{(.*?)}}", text, re.S)[1]
    return dict(enumerate(re.findall(r"STINT_[A-Z]+_(\w+)", body)))


FATES = enumerators("stint_fate", "account.h")
ERRORS = enumerators("stint_error", "result.h")
STAGES = enumerators("stint_stage", "result.h")


@dataclasses.dataclass
class Settings:
    """The device's page of flash: firmware/settings.h."""

    port: int
    address: str = DEVICE
    router: str = ROUTER
    server: str = LOOPBACK_4
    host: str = "localhost"
    security: int = STARTTLS
    patience: int = 20
    floor_time: int = 0
    readings: int = 3

    def octets(self):
        return struct.pack("<4s4s16s60s32s32sIHBBI", socket.inet_aton(self.address),
                           socket.inet_aton(self.router), self.server.encode(), self.host.encode(),
                           USER.encode(), PASSWORD.encode(), self.floor_time, self.port,
                           self.security, self.patience, self.readings)


class Network:
    """A namespace in which there is nothing but loopback, and who asks for names is sent to it."""

    def __init__(self, directory):
        resolvers = directory / "resolv.conf"
        resolvers.write_text("nameserver 127.0.0.1\nnameserver ::1\n")
        user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
        script = ('ip link set lo up && mount --bind "$1" "$(realpath /etc/resolv.conf)" && echo $$ && '
                  'read -r _')
        self.holder = subprocess.Popen(
            ["unshare", *user, "--net", "--mount", "sh", "-c", script, "sh", resolvers], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        number = self.holder.stdout.readline().strip()
        self.within = ["nsenter", *(["--user", "--preserve-credentials"] if user else []), "--net",
                       "--mount", f"--target={number}"]

    def has(self, address):
        """From now on it is one of this machine's there."""
        subprocess.run([*self.within, "ip", "address", "replace", f"{address}/32", "dev", "lo"], check=True)

    def stop(self):
        self.holder.stdin.close()
        self.holder.wait()
        self.holder.stdout.close()


@dataclasses.dataclass
class Report:
    """What the device says of an alert, and of what it took."""

    fate: str
    error: str
    stage: str
    code: int
    tls_error: int
    ms: int  # from stint_start to STINT_DONE
    # Instructions of Stint's steps, where the image counts (firmware/effort.h): until the server is
    # known for who it is, after that, and of the longest step.
    instructions: int = 0
    after: int = 0
    longest: int = 0

    @classmethod
    def of(cls, line):
        fate, error, stage, code, tls_error, ms, *ticks = map(int, re.findall(r"\d+", line))
        return cls(FATES[fate], ERRORS[error], STAGES[stage], code, tls_error, ms,
                   *(number * TICK for number in ticks))


@functools.cache
def symbols(image):
    """{name: address}"""
    listing = subprocess.run(["arm-none-eabi-nm", BUILD / f"{image}.elf"], text=True,
                             capture_output=True, check=True).stdout
    return {name: int(address, 16) for address, name in re.findall(r"^(\w+) . (\S+)$", listing, re.M)}


class Board:
    """A device that is on. Time is counted in instructions, a nanosecond each, while it computes: so a
    busy machine makes no timeout. `within`: the words of a command that runs another one in a
    namespace. `dump`: a file for the frames; `plugged`: is the cable in when it is switched on?
    `environment`: variables of the emulator."""

    def __init__(self, image, settings, directory, within=(), nic="", dump=None, plugged=True,
                 environment=None):
        page = directory / "settings"
        page.write_bytes(settings.octets())
        monitor = directory / "monitor"
        self.debugger_path = directory / "debugger"
        capture = ["-object", f"filter-dump,id=dump,netdev=net,file={dump}"] if dump else []
        self.image, self.text = image, ""
        self.process = subprocess.Popen(
            [*within, "qemu-system-arm", "-M", MACHINES.get(image, "mps2-an386"), "-nographic", "-monitor", "none",
             "-serial", "stdio", "-semihosting-config", "enable=on,target=native", "-S",
             "-qmp", f"unix:{monitor},server=on,wait=off", "-icount", "shift=0",
             "-gdb", f"unix:{self.debugger_path},server=on,wait=off",
             "-nic", f"user,id=net,model=lan9118{nic}", *capture,
             "-device", f"loader,file={page},addr={symbols(image)['settings']},force-raw=on",
             "-kernel", BUILD / f"{image}.elf"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})})
        self.watchdog = threading.Timer(HANGS, self.process.kill)
        self.watchdog.start()
        self.monitor = self.connect(monitor)
        self.tell("qmp_capabilities")
        if not plugged:
            self.plug(False)
        self.tell("cont")

    def connect(self, path):
        monitor = socket.socket(socket.AF_UNIX)
        while True:
            try:
                monitor.connect(str(path))
                return monitor.makefile("rw")
            except OSError:
                assert self.process.poll() is None, self.process.stdout.read()

    def tell(self, command, **arguments):
        """The emulator."""
        self.monitor.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.monitor.flush()
        while "return" not in (answer := json.loads(self.monitor.readline())):
            assert "error" not in answer, answer

    def debugger(self):
        return Debugger(self.debugger_path)

    def plug(self, is_in):
        self.tell("set_link", name="net", up=is_in)

    def line(self):
        line = self.process.stdout.readline().decode()
        self.text += line
        print(f"{self.image}: {line}", end="")
        return line

    def alert(self):
        """Have it send one. What it prints behind the report, is read later."""
        self.process.stdin.write(ASK)
        self.process.stdin.flush()
        while line := self.line():
            if line.startswith("fate "):
                return Report.of(line)
        raise AssertionError(f"no report: {self.process.wait()}\n{self.text}")

    def end(self):
        """The emulator's exit code."""
        self.process.stdin.write(END)
        self.process.stdin.flush()
        while self.line():
            pass
        return self.process.wait()

    def measures(self):
        """(what, how much of it was used at most, how much there is), of the last alert."""
        found = re.findall(r"^(\w+) (\d+) of (\d+)$", self.text.rpartition("fate ")[2], re.M)
        return [(what, int(used), int(limit)) for what, used, limit in found]

    def stop(self):
        self.watchdog.cancel()
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()
        self.monitor.close()


class Sleeper(Board):
    """One that sleeps after each alert, and awakes by its reset vector; firmware/sleep.c."""

    def alert(self):
        report = super().alert()
        while (event := json.loads(self.monitor.readline()))["event"] != "RESET":
            pass
        assert event["data"]["guest"], event
        return report
