"""README.md's example as a program that sends one message to localhost: PORT USER PASSWORD."""

import re
import subprocess

from conftest import BEARSSL_FLAGS, BEARSSL_LIBS, TESTS, TOP

WARNINGS = "-std=c99 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror".split()


def example():
    return re.search(r"```c\n(.*?)```", (TOP / "README.md").read_text(), re.S)[1]


def build(directory, source, anchors, compiler="gcc", library=TOP / "libstint.a", bearssl=BEARSSL_LIBS):
    """`anchors` is the C file that defines port_anchors. Returns the program."""
    directory.mkdir(exist_ok=True)
    (directory / "example.c").write_text(source)
    program = directory / "alert"
    subprocess.run([compiler, *WARNINGS, *BEARSSL_FLAGS, f"-I{TOP}/include", f"-I{TOP}/port/posix",
                    "-o", program, directory / "example.c", anchors,
                    TESTS / "tools" / "readme_port.c", TOP / "libstint-posix.a",
                    library, *bearssl, "-lpthread"], check=True)
    return program
