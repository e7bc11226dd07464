"""TCP as a file of captured Ethernet frames shows it (pcap, IPv4)."""

import dataclasses
import struct

FIN, SYN, RST = 1, 2, 4


@dataclasses.dataclass
class Segment:
    ms: float
    source: tuple    # (address, port)
    target: tuple
    sequence: int
    flags: int
    octets: bytes

    @property
    def length(self):
        """In sequence numbers."""
        return len(self.octets) + bool(self.flags & SYN) + bool(self.flags & FIN)


def segments(path):
    """All of them, in order."""
    capture, at = path.read_bytes(), 24
    while at < len(capture):
        seconds, microseconds, length = struct.unpack_from("<III", capture, at)
        frame = capture[at + 16:at + 16 + length]
        at += 16 + length
        if frame[12:14] == b"\x08\x00" and frame[23] == 6:
            yield segment(seconds * 1000 + microseconds / 1000, frame[14:])


def segment(ms, packet):
    size = int.from_bytes(packet[2:4], "big")
    tcp = packet[4 * (packet[0] & 15):size]
    source_port, target_port, sequence = struct.unpack_from(">HHI", tcp)
    return Segment(ms, (packet[12:16], source_port), (packet[16:20], target_port), sequence, tcp[13],
                   tcp[4 * (tcp[12] >> 4):])


def retransmissions(captured):
    """Those that hold something that was sent before."""
    next_of, found = {}, []
    for each in captured:
        way = each.source, each.target
        if each.length and each.sequence != next_of.get(way, each.sequence):
            found.append(each)
        if each.length:
            next_of[way] = (each.sequence + each.length) % 2**32
    return found


def stream(captured, source):
    """What it sent, where nothing of it was sent twice: all of its connections, one behind the other."""
    return b"".join(each.octets for each in captured if each.source[0] == source)


def longest_wait(captured, source):
    """The longest time, in ms, after any segment before one of its own: for its peers it waits less."""
    pairs = zip(captured, captured[1:])
    return max((after.ms - before.ms for before, after in pairs if after.source[0] == source), default=0)
