"""Runs tests/lwip: the port to lwIP, over libslirp, under sanitizers and with all that goes wrong."""

import json
import os
import re
import subprocess

import pytest
from conftest import BEARSSL_HEADERS, TOP
from test_pins import pin_octets

OUT = TOP / "build" / "test" / "lwip"

# What sweep goes through: all of it, or one case in so many.
SWEEPS = {"tiny": (1, 1100), "roomy": (3, 300), "copying": (3, 250)}


def run(build, program, *arguments):
    return subprocess.run([OUT / build / program, *map(str, arguments)], cwd=TOP, text=True,
                          capture_output=True, timeout=600,
                          env={**os.environ, "ASAN_OPTIONS": "detect_leaks=1"})


@pytest.fixture(scope="module", autouse=True)
def built():
    subprocess.run(["tests/sources.sh", "lwip"], check=True, cwd=TOP)
    made = subprocess.run(["make", "-s", "-f", "tests/lwip/lwip.mk"], text=True, cwd=TOP,
                          capture_output=True)
    assert made.returncode == 0, made.stdout + made.stderr


@pytest.mark.parametrize("build", SWEEPS)
def test_port(build, record_property):
    done = run(build, "test_port")
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    cases = len(re.findall(r"^\[ +OK \]", done.stdout + done.stderr, re.M))
    assert cases > 0
    record_property("cases", cases)


@pytest.mark.parametrize("build", SWEEPS)
def test_whatever_goes_wrong_is_told_right(build, record_property):
    every, at_least = SWEEPS[build]
    done = run(build, "sweep", every)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    last = done.stdout.rstrip("\n").rsplit("\n", 1)[-1]
    counts = re.fullmatch(r"(\d+) cases, (\d+) accepted, (\d+) not accepted, (\d+) unknown, "
                          r"0 failures", last)
    assert counts, last
    cases, *fates = map(int, counts.groups())
    assert cases >= at_least and min(fates) > 0, last
    record_property("cases", cases)


@pytest.mark.parametrize("case, outcome", [
    ("tls:lost-out@3", "none at QUIT, accepted"),
    ("clear:250-then-reset@1", "none at QUIT, accepted"),
    ("one-buffer:abort@2", "aborted at connect, not accepted"),
])
def test_one_case_is_replayed(case, outcome):
    done = run("tiny", "sweep", case)
    assert done.returncode == 0 and f"{case}: {outcome}" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("words", [["no-colon"], ["tls:nonsense@1"], ["tls:lost-out@0"], ["0"]])
def test_nonsense_is_refused(words):
    assert run("tiny", "sweep", *words).returncode == 2


CLIENTS, SESSIONS = 3, 20


@pytest.mark.parametrize("tls", [False, True], ids=["clear", "tls"])
def test_threads(tls, sink):
    """Three clients and lwIP's thread at a time; every fifth session is aborted, or was over."""
    server = sink(chain="rsa" if tls else None)
    words = [pin_octets("rsa").hex()] if tls else []
    done = run("threaded", "threaded", server.port, CLIENTS, SESSIONS, *words)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    counts = re.search(r"^(\d+) sessions, (\d+) accepted, (\d+) aborted, 0 failures$", done.stdout,
                       re.M)
    sessions, accepted, aborted = map(int, counts.groups())
    assert sessions == CLIENTS * SESSIONS == accepted + aborted and aborted > 0
    assert accepted >= CLIENTS * SESSIONS * 4 // 5
    logs = [json.loads(line)
            for line in (server.directory / "sessions.jsonl").read_text().splitlines()]
    complete = [log for log in logs if log["quit"]]
    assert len(complete) >= accepted
    for log in complete:
        assert log["faults"] == [] and log["messages"][0]["accepted"]
        assert bool(log["tls"]) == tls


def compile_port(folder):
    """With the folder's lwipopts.h."""
    return subprocess.run(["gcc", "-c", "-O1", "-D_GNU_SOURCE",
                           *"-std=c99 -Wall -Wextra -Wpedantic -Wshadow -Wconversion".split(),
                           "-Werror", f"-I{TOP}/include", f"-I{TOP}/port/lwip", f"-I{folder}",
                           "-isystem", BEARSSL_HEADERS,
                           "-isystem", TOP / "build/sources/lwip/src/include",
                           "-isystem", TOP / "build/sources/lwip/port/include",
                           *sorted((TOP / "port" / "lwip").glob("*.c"))],
                          cwd=folder, text=True, capture_output=True)


# Octets of Thumb-2 that the port may take where there is little room, and of RAM besides the ring.
CODE_MAX, STATE_MAX = 1280, 100


@pytest.mark.parametrize("address", [True, False], ids=["address", "no-address"])
@pytest.mark.parametrize("core", ["cortex-m0plus", "cortex-m4"])
def test_size(core, address, tmp_path):
    """Also that it has no variables, and asks for nothing but lwIP and memcpy."""
    state = tmp_path / "state.c"
    state.write_text('#include "stint_lwip.h"\n'
                     f"char fits[sizeof(struct stint_lwip) <= TCP_WND + {STATE_MAX} ? 1 : -1];\n")
    headers = tmp_path / "headers"  # not /usr/include with the host's libc
    headers.symlink_to(BEARSSL_HEADERS)
    sources = sorted((TOP / "port" / "lwip").glob("*.c"))
    subprocess.run(["arm-none-eabi-gcc", "-c", f"-mcpu={core}", "-mthumb", "-Os", "-DTINY",
                    f"-DSTINT_LWIP_LOCAL_ADDRESS={int(address)}",
                    *"-std=c99 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror".split(),
                    f"-I{TOP}/include", f"-I{TOP}/port/lwip", f"-I{TOP}/tests/lwip",
                    "-isystem", headers, "-isystem", TOP / "build/sources/lwip/src/include",
                    "-isystem", TOP / "build/sources/lwip/port/include", *sources, state],
                   cwd=tmp_path, check=True)
    objects = [tmp_path / f"{source.stem}.o" for source in sources]
    lines = subprocess.run(["arm-none-eabi-size", *objects], text=True, check=True,
                           capture_output=True).stdout.splitlines()[1:]
    text, data, bss = (sum(int(line.split()[column]) for line in lines) for column in range(3))
    assert text <= CODE_MAX and data == bss == 0
    print(f"port/lwip on {core}: {text} octets" + ("" if address else ", no address told"))
    needed = subprocess.run(["arm-none-eabi-nm", "-u", *objects], text=True, check=True,
                            capture_output=True).stdout
    names = {line.split()[-1] for line in needed.splitlines() if " U " in line}
    assert address == ("ip4addr_ntoa_r" in names)
    assert names and all(re.fullmatch("tcp_.*|pbuf_.*|ip4addr_.*|stint_wait_ms|memcpy|__aeabi_.*",
                                      name) for name in names), names


@pytest.mark.parametrize("options", [
    {"LWIP_IPV4": 1, "LWIP_IPV6": 0, "LWIP_DNS": 1},
    {"LWIP_IPV4": 0, "LWIP_IPV6": 1, "LWIP_DNS": 1},
    {"LWIP_IPV4": 0, "LWIP_IPV6": 1, "LWIP_DNS": 0},
    {"LWIP_IPV4": 1, "LWIP_IPV6": 1, "LWIP_DNS": 0},
    {"LWIP_IPV4": 1, "LWIP_IPV6": 1, "LWIP_DNS": 1, "LWIP_NETIF_TX_SINGLE_PBUF": 1},
    {"LWIP_IPV4": 1, "LWIP_IPV6": 0, "LWIP_DNS": 1, "NO_SYS": 0, "LWIP_TCPIP_CORE_LOCKING": 1},
], ids=lambda options: " ".join(f"{name}={value}" for name, value in options.items()))
def test_other_builds_compile(options, tmp_path):
    options = {"NO_SYS": 1, "LWIP_SOCKET": 0, "LWIP_NETCONN": 0, **options}
    (tmp_path / "lwipopts.h").write_text("".join(
        f"#define {name} {value}\n" for name, value in options.items())
        + "#define PBUF_NEEDS_COPY(p) 1\n")
    done = compile_port(tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("options, complaint", [
    ("#define NO_SYS 1\n", "PBUF_NEEDS_COPY"),
    ("#define NO_SYS 0\n#define PBUF_NEEDS_COPY(p) 1\n#define LWIP_TCPIP_CORE_LOCKING 0\n",
     "LWIP_TCPIP_CORE_LOCKING"),
    ("#define NO_SYS 1\n#define PBUF_NEEDS_COPY(p) 1\n#define LWIP_EVENT_API 1\n"
     "#define LWIP_CALLBACK_API 0\n", "LWIP_CALLBACK_API"),
])
def test_what_cannot_work_does_not_compile(options, complaint, tmp_path):
    (tmp_path / "lwipopts.h").write_text(options)
    done = compile_port(tmp_path)
    assert done.returncode != 0 and "#error" in done.stderr and complaint in done.stderr
