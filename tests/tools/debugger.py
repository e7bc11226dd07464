"""A debugger at the emulated board: it looks at the memory, changes it, and stops the core, by GDB's
remote protocol (the GDB manual, appendix E)."""

import socket


class Debugger:
    """While one is connected, the core stands still, unless it is told to go on."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.file = self.socket.makefile("rb")
        assert self.answer().startswith("T02")  # stopped, by an interrupt

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ask("D")  # detach: the core goes on
        self.file.close()
        self.socket.close()

    def send(self, command):
        self.socket.sendall(f"${command}#{sum(command.encode()) % 256:02x}".encode())

    def answer(self):
        """The next packet: $TEXT#SUM, perhaps behind a + for what we sent."""
        while self.file.read(1) != b"$":
            pass
        text = b"".join(iter(lambda: self.file.read(1), b"#"))
        self.file.read(2)
        self.socket.sendall(b"+")
        return text.decode()

    def ask(self, command):
        self.send(command)
        answer = self.answer()
        assert not answer.startswith("E"), (command, answer)
        return answer

    def read(self, address, length):
        return bytes.fromhex("".join(self.ask(f"m{address + at:x},{min(1024, length - at):x}")
                                     for at in range(0, length, 1024)))

    def write(self, address, octets):
        assert self.ask(f"M{address:x},{len(octets):x}:{octets.hex()}") == "OK"

    def go_to(self, address, meanwhile):
        """Let the core run until it comes there; returns what `meanwhile` does."""
        point = f"1,{address & ~1:x},2"
        assert self.ask("s").startswith("T05")  # a step, as it may just be there
        assert self.ask(f"Z{point}") == "OK"
        self.send("c")
        result = meanwhile()
        assert self.answer().startswith("T05")
        assert self.ask(f"z{point}") == "OK"
        return result
