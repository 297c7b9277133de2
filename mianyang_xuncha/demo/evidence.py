"""Stand-ins for photographs: small PNG pictures drawn here, plainly no photographs of anybody."""

import struct
import zlib
from functools import cache

WIDTH, HEIGHT = 320, 200
SKY, BOARD, FRAME, PAPER, INK = (217, 231, 243), (159, 191, 154), (120, 84, 60), (252, 250, 244), (170, 179, 191)


def picture(text: str) -> bytes:
    """A notice board before a field; the number of lines on its paper follows from the text."""
    return _drawn(3 + zlib.crc32(text.encode()) % 5)


@cache
def _drawn(lines: int) -> bytes:
    rows = b"".join(b"\x00" + b"".join(bytes(_pixel(x, y, lines)) for x in range(WIDTH)) for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _pixel(x: int, y: int, lines: int) -> tuple[int, int, int]:
    if 90 <= x < 230 and 40 <= y < 150:
        if x < 96 or x >= 224 or y < 46 or y >= 144:
            return FRAME
        number, within = divmod(y - 60, 12)
        return INK if 0 <= number < lines and 0 <= within < 4 and 110 <= x < 210 else PAPER
    return BOARD if y > 140 - (x % 80) // 8 else SKY


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
