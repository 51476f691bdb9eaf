"""Old Office containers written sector by sector, so that a test can plant exactly the fault it is about."""

import struct
from collections.abc import Mapping

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR = 512


def container(streams: Mapping[str, bytes]) -> bytes:
    """A container whose top level holds these streams; each is padded to the 4,096 bytes of a full one."""
    sectors: list[bytes] = []
    chain: list[int] = []

    def add(content: bytes) -> int:
        start = len(sectors)
        pieces = [content[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(content), SECTOR)]
        sectors.extend(pieces)
        chain.extend([*range(start + 1, start + len(pieces)), END])
        return start

    entries = [("Root Entry", 5, END, 0)]
    for name, content in streams.items():
        content = content.ljust(4096, b"\0")
        entries.append((name, 2, add(content), len(content)))
    directory = b""
    for number, (name, kind, start, size) in enumerate(entries):
        following = number + 1 if 0 < number < len(entries) - 1 else FREE
        below = 1 if number == 0 and len(entries) > 1 else FREE
        encoded = name.encode("utf-16-le") + b"\0\0"
        directory += encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded), kind, 1)
        directory += struct.pack("<III", FREE, following, below) + bytes(36) + struct.pack("<IQ", start, size)
    first = add(directory)
    count = 1
    while count * (SECTOR // 4) < len(sectors) + count:
        count += 1
    fat_at = len(sectors)
    numbers = [*chain, *[FAT] * count]
    numbers += [FREE] * (count * (SECTOR // 4) - len(numbers))
    table = struct.pack(f"<{len(numbers)}I", *numbers)
    sectors += [table[at : at + SECTOR] for at in range(0, len(table), SECTOR)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIIIIIII", 0, count, first, 0, 4096, END, 0, END, 0)
    listed = [*range(fat_at, fat_at + count), *[FREE] * (109 - count)]
    return header + struct.pack("<109I", *listed) + b"".join(sectors)


def record(kind: int, content: bytes = b"") -> bytes:
    """One record of an old workbook."""
    return struct.pack("<HH", kind, len(content)) + content


BEGIN, BEGIN_SHEET = record(0x809, b"\0\x06\x05\0" + bytes(12)), record(0x809, b"\0\x06\x10\0" + bytes(12))
CLOSE = record(0x0A)


def old_workbook(
    cells: bytes, more: bytes = b"", name: str = "Data", state: int = 0, font_flags: int = 0
) -> bytes:
    """An .xls workbook of one sheet with these cell records; `more` are records of the workbook."""
    encoded = name.encode("latin-1")
    fonts = record(
        0x31, struct.pack("<HHHHHBBBBBB", 200, font_flags, 0x7FFF, 400, 0, 0, 0, 0, 0, 5, 0) + b"Arial"
    )
    styles = b"".join(
        record(
            0xE0, struct.pack("<HHHBBBBIIH", 0, 0, 0xFFF5 if number < 15 else 1, 0x20, 0, 0, 0, 0, 0, 0x20C0)
        )
        for number in range(16)
    )
    listed = struct.pack("<BBBB", state, 0, len(encoded), 0) + encoded
    start = len(BEGIN + more + fonts + styles) + 4 + 4 + len(listed) + len(CLOSE)
    stream = BEGIN + more + fonts + styles + record(0x85, struct.pack("<I", start) + listed) + CLOSE
    return container({"Workbook": stream + BEGIN_SHEET + cells + CLOSE})


def number(row: int, column: int, value: float, style: int = 15) -> bytes:
    """The record of a cell with a number."""
    return record(0x203, struct.pack("<HHHd", row, column, style, value))


def error(row: int, column: int, code: int) -> bytes:
    """The record of a cell in error."""
    return record(0x205, struct.pack("<HHHBB", row, column, 15, code, 1))


def text(row: int, column: int, value: str) -> bytes:
    """The record of a cell with a text."""
    encoded = value.encode("utf-16-le")
    return record(0x204, struct.pack("<HHHHB", row, column, 15, len(value), 1) + encoded)
