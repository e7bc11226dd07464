"""Promises that can be read off the tree and the object files."""

import re
import shutil
import subprocess

import pytest
from conftest import BEARSSL_FLAGS, BEARSSL_HEADERS, BEARSSL_LIBS, TOP

WARNINGS = "-std=c99 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror".split()

# Promise 1: all that libstint.a needs from outside, beside BearSSL.
# (bcmp is what clang makes of "memcmp() == 0" where the system's libc has it.)
LIBC = {"memcpy", "memmove", "memset", "memcmp", "memchr", "strlen", "bcmp"}


def output(*command, **options):
    run = subprocess.run(command, text=True, capture_output=True, cwd=TOP, **options)
    assert run.returncode == 0, f"{command}:\n{run.stdout}{run.stderr}"
    return run.stdout


def symbols(archive, *options):
    """Names in the third column of nm, or the second of undefined ones."""
    lines = output("nm", *options, archive).splitlines()
    return {line.split()[-1] for line in lines if line and not line.endswith(":")}


def build_library(directory, compiler, *flags):
    """libstint.a without a sanitizer, a coverage tool or a debugger in it."""
    output("make", "-s", f"OUT={directory}", f"CC={compiler}", f"CFLAGS={' '.join(flags)}",
           f"{directory}/libstint.a")
    return directory / "libstint.a"


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("level", ["-O0", "-O2"])
def test_symbols(tmp_path, compiler, level):
    archive = build_library(tmp_path, compiler, level)
    exported = symbols(archive, "-g", "--defined-only")
    needed = symbols(archive, "-u") - exported - {"_GLOBAL_OFFSET_TABLE_"}
    assert {name for name in exported if not name.startswith("stint_")} == set()
    assert {name for name in needed if not name.startswith("br_")} <= LIBC


@pytest.mark.parametrize("core", ["cortex-m0plus", "cortex-m4"])
def test_symbols_on_arm(tmp_path, core):
    """The same, and the helpers of libgcc where the core lacks an instruction."""
    headers = tmp_path / "bearssl"  # alone: the rest of /usr/include is for this machine
    headers.mkdir()
    for path in BEARSSL_HEADERS.glob("bearssl*.h"):
        shutil.copy(path, headers)
    archive = build_library(tmp_path, f"arm-none-eabi-gcc -mcpu={core} -mthumb -isystem {headers}",
                            "-Os")
    exported = symbols(archive, "-g", "--defined-only")
    needed = symbols(archive, "-u") - exported
    assert {name for name in exported if not name.startswith("stint_")} == set()
    ours = {name for name in needed if not name.startswith("br_")}
    assert {name for name in ours
            if not re.fullmatch("__aeabi_.*|__gnu_thumb1_case_.*", name)} <= LIBC


def test_no_variables_of_its_own(tmp_path):
    """No globals: nothing in .data or .bss."""
    archive = build_library(tmp_path, "gcc", "-O2")
    variables = [line for line in output("nm", archive).splitlines() if re.search(r" [bBdDC] ", line)]
    # Position-independent code keeps constant pointers in .data.rel.ro, which is read-only.
    relocated = output("objdump", "-t", archive)
    writable = [line for line in variables
                if not re.search(rf"\.data\.rel\.ro\S*\s.*\s{re.escape(line.split()[-1])}$",
                                 relocated, re.M)]
    assert writable == []


def includes(path):
    return re.findall(r'^#include ["<]([^">]+)[">]', path.read_text(), re.M)


# Who may include what of ours; everything else of ours would point up or sideways.
ALLOWED = {
    "include/stint": r"stint/",
    "src/sasl": r"stint/(private|account|result|tls|config)\.h|sasl/|port\.h|wipe\.h",
    "src/session": (r"stint/(private|account|result|source|trace|config)\.h|session/|sasl/(sasl|base64)\.h|"
                    r"unicode\.h|wipe\.h"),
    "src/message": r"stint/(message|letter|mailboxes)\.h|message/|session/syntax\.h|unicode\.h",
    "src/tls": r"stint/(tls|account|config|private|result|resume|signer)\.h|tls/|wipe\.h",
    "src": (r"stint/|session/(session|mails|outcome|capabilities|syntax)\.h|sasl/sasl\.h|tls/tls\.h|channel\.h|"
            r"deadline\.h|phase\.h|port\.h|start\.h|unicode\.h|wipe\.h"),
    "port/lwip": r"stint/stint\.h|stint_lwip\.h|lwip/",
    "port/posix": r"stint/|stint_posix\.h|anchor\.h|bundle\.h|der\.h|pem\.h|resolve\.h|state\.h",
    "cli": r"stint/|stint_posix\.h|[a-z_]+\.h",
}
BEARSSL = {"src/tls", "port/posix", "cli", "include/stint"}


@pytest.mark.parametrize("folder", sorted(ALLOWED))
def test_includes_point_down(folder):
    files = [path for path in (TOP / folder).iterdir() if path.suffix in (".c", ".h")]
    assert files
    for path in files:
        for name in includes(path):
            system = f"<{name}>" in path.read_text()
            if name.startswith("bearssl"):
                assert folder in BEARSSL, f"{path} includes {name}"
            elif not system:
                assert re.fullmatch(f"({ALLOWED[folder]}).*", name), f"{path} includes {name}"


def test_only_tls_drives_the_engine():
    for path in list((TOP / "src").glob("*.[ch]")) + list((TOP / "src/session").glob("*.[ch]")):
        assert "br_" not in path.read_text(), f"{path} knows BearSSL"
    for path in (TOP / "src/sasl").glob("*.[ch]"):
        assert "br_ssl" not in path.read_text(), f"{path} drives the engine"


def test_no_allocation_and_no_waiting():
    banned = r"\b(malloc|calloc|realloc|free|alloca|sleep|usleep|poll|select|time|printf|sprintf)\s*\("
    for path in (TOP / "src").rglob("*.[ch]"):
        assert not re.search(banned, path.read_text()), path


def test_format():
    files = output("git", "ls-files", "--cached", "--others", "--exclude-standard",
                   "*.c", "*.h").split()
    output("clang-format", "--dry-run", "--Werror", *files)


def test_every_header_stands_alone(tmp_path):
    for header in sorted((TOP / "include/stint").glob("*.h")):
        source = tmp_path / "alone.c"
        source.write_text(f'#include "stint/{header.name}"\nint alone;\n')
        for compiler in ("gcc", "clang"):
            output(compiler, *WARNINGS, *BEARSSL_FLAGS, "-Iinclude", "-c", "-o", "/dev/null", source)


def test_headers_serve_cxx(tmp_path):
    """Firmware in C++ includes them as they are, and finds the library's names."""
    archive = build_library(tmp_path, "gcc", "-O2")
    source = tmp_path / "firmware.cc"
    source.write_text("""
#include "stint/stint.h"
#include "stint_posix.h"
static stint_client client;
static stint_account account;
int main()
{
    stint_source source;
    stint_memory memory;
    stint_source_from_memory(&source, &memory, "", 0);
    stint_start(&client, &account, nullptr, stint_posix_clock_ms());
    return stint_step(&client, 0) == STINT_DONE && *stint_error_name(client.result.error) == 'c' ? 0
                                                                                              : 1;
}
""")
    output("make", "-s", f"OUT={tmp_path}", f"{tmp_path}/libstint-posix.a")
    output("clang++", "-std=c++11", "-Wall", "-Wextra", "-Werror", *BEARSSL_FLAGS, "-Iinclude",
           "-Iport/posix", "-nostdlib++", "-o", tmp_path / "firmware", source,
           tmp_path / "libstint-posix.a", archive, *BEARSSL_LIBS, "-lpthread")
    assert subprocess.run([tmp_path / "firmware"]).returncode == 0


def test_links_beside_lwip(tmp_path):
    """lwIP's own SMTP client exports smtp_*; one firmware may hold both."""
    names = ["smtp_set_server_addr", "smtp_set_server_port", "smtp_set_auth", "smtp_send_mail",
             "smtp_send_mail_static", "smtp_send_mail_int", "smtp_send_mail_bodycback",
             "smtp_set_tls_config", "smtp_result_str"]
    source = tmp_path / "both.c"
    source.write_text('#include "stint/stint.h"\n'
                      + "".join(f"int {name}(void);\nint {name}(void) {{ return 0; }}\n"
                                for name in names)
                      + "static struct stint_client client;\nstatic struct stint_account account;\n"
                        "int main(void) { stint_start(&client, &account, NULL, 0);\n"
                        "return stint_step(&client, 0) == STINT_DONE ? 0 : 1; }\n")
    archive = build_library(tmp_path, "gcc", "-O2")
    program = tmp_path / "both"
    # --whole-archive: every symbol of Stint meets every symbol of lwIP's.
    output("gcc", *WARNINGS, *BEARSSL_FLAGS, "-Iinclude", "-o", program, source, "-Wl,--whole-archive", archive,
           "-Wl,--no-whole-archive", *BEARSSL_LIBS)
    assert subprocess.run([program]).returncode == 0


@pytest.mark.parametrize("compiler, flags", [("clang", "-O2"), ("gcc", "-Os -DSTINT_TRACE=0"),
                                             ("gcc", "-O3")])
def test_builds(tmp_path, compiler, flags):
    output("make", "-s", "-j2", f"OUT={tmp_path}", f"CC={compiler}", f"CFLAGS={flags}", "all")


def test_install(tmp_path):
    output("make", "-s", "install", f"DESTDIR={tmp_path}", "PREFIX=/usr")
    source = tmp_path / "installed.c"
    source.write_text('#include <stint/stint.h>\n#include <stint_posix.h>\n'
                      "int main(void) { return stint_posix_clock_ms() == 1; }\n")
    output("gcc", *BEARSSL_FLAGS, f"-I{tmp_path}/usr/include", "-o", tmp_path / "installed", source,
           f"-L{tmp_path}/usr/lib", "-lstint-posix", "-lstint", *BEARSSL_LIBS, "-lpthread")
    version = output(tmp_path / "usr/bin/stint", "--version")
    header = (TOP / "include/stint/stint.h").read_text()
    assert re.search(r'STINT_VERSION "(.*)"', header)[1] in version
    assert (tmp_path / "usr/share/man/man1/stint.1").stat().st_size > 0


def test_resumption_is_linked_only_where_it_is_named():
    names = {path: symbols(path) for path in (TOP / "stint", TOP / "build/test/gcc/resume")}
    found = {path.name: "stint_resume_by_tickets" in names[path] for path in names}
    assert found == {"stint": False, "resume": True}


# Octets of a Cortex-M4's code that rows of the table may come to.
CODE_MOST = {"composing an alert": 2048, "composing text and files": 4096}


def test_size_table():
    """README.md's table is what `make size` prints: same compilers, same figures."""
    readme = (TOP / "README.md").read_text()
    table = re.search(r"<!-- size table:.*?-->\n(.*?)<!-- end of size table -->", readme, re.S)[1]
    assert table.strip() == output("tests/size.sh").strip()
    for part, most in CODE_MOST.items():
        assert int(re.search(rf"^\| code: {part}[^|]*\|[^|]*\| (\d+) \|", table, re.M)[1]) <= most, part


def test_nothing_left_open():
    hits = subprocess.run(["git", "grep", "-nIwE", "TODO|FIXME|XXX|HACK", "--", "src", "include",
                           "port", "cli", "docs"], cwd=TOP, text=True, capture_output=True).stdout
    assert hits == ""
