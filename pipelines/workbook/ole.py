"""The old Office container (.xls, .doc, .msg): a file system in a file. Only what lies at its top is listed.

Layout as in MS-CFB. Sizes and chains are believed only as far as the file reaches, so nothing large is ever
set aside because a file says so.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NO_SECTOR = 0xFFFFFFFA  # from here on a number is a mark, not a sector
STORAGE, STREAM, ROOT = 1, 2, 5


class Broken(Exception):
    """The container contradicts itself."""


@dataclass
class Entry:
    """One line of the container's directory."""

    name: str
    kind: int
    left: int
    right: int
    below: int
    start: int
    size: int


@dataclass
class Container:
    """The container's top level: `entries` by name. Raises Broken for one that can't be followed."""

    data: bytes = field(repr=False)
    entries: dict[str, Entry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.data) < 512 or not self.data.startswith(MAGIC):
            raise Broken
        shift, self.mini_shift = struct.unpack_from("<HH", self.data, 30)
        if shift not in (9, 12) or self.mini_shift != 6:
            raise Broken
        self.size = 1 << shift
        (fat_sectors, directory, self.cutoff, first_mini, _, first_more, more) = struct.unpack_from(
            "<II4xIIIII", self.data, 44
        )
        self.sectors = (len(self.data) - 1) // self.size  # the header is none; the last may be cut short
        listed = [number for number in struct.unpack_from("<109I", self.data, 76) if number < NO_SECTOR]
        while first_more < NO_SECTOR and more:
            *numbers, first_more = self._numbers(first_more)
            listed += [number for number in numbers if number < NO_SECTOR]
            more -= 1
            if len(listed) > self.sectors:
                raise Broken
        self.next = [number for sector in listed[:fat_sectors] for number in self._numbers(sector)]
        found = self._directory(self._chain(directory))
        if not found or found[0].kind != ROOT:
            raise Broken
        self.mini_next = list(
            struct.unpack(f"<{len(mini) // 4}I", mini) if (mini := self._chain(first_mini)) else ()
        )
        self.mini = self._chain(found[0].start)
        waiting, seen = [found[0].below], set()
        while waiting:
            number = waiting.pop()
            if number >= NO_SECTOR:
                continue
            if number >= len(found) or number in seen:
                raise Broken
            seen.add(number)
            entry = found[number]
            self.entries[entry.name] = entry
            waiting += [entry.left, entry.right]

    def read(self, name: str) -> bytes:
        """A stream's content. Raises Broken where its chain leads out of the file or it is cut short."""
        entry = self.entries[name]
        if entry.size > len(self.data):
            raise Broken
        if entry.size >= self.cutoff:
            content = self._chain(entry.start)
        else:
            pieces: list[bytes] = []
            number, width = entry.start, 1 << self.mini_shift
            while number < NO_SECTOR:
                if number >= len(self.mini_next) or len(pieces) > len(self.mini_next):
                    raise Broken
                pieces.append(self.mini[number * width : (number + 1) * width])
                number = self.mini_next[number]
            content = b"".join(pieces)
        if len(content) < entry.size:
            raise Broken
        return content[: entry.size]

    def _sector(self, number: int) -> bytes:
        if number >= self.sectors:
            raise Broken
        return self.data[(number + 1) * self.size : (number + 2) * self.size]

    def _numbers(self, sector: int) -> tuple[int, ...]:
        content = self._sector(sector)
        return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])

    def _chain(self, number: int) -> bytes:
        pieces: list[bytes] = []
        while number < NO_SECTOR:
            if number >= len(self.next) or len(pieces) > self.sectors:
                raise Broken
            pieces.append(self._sector(number))
            number = self.next[number]
        return b"".join(pieces)

    def _directory(self, content: bytes) -> list[Entry]:
        found = []
        for at in range(0, len(content) - 127, 128):
            length, kind = struct.unpack_from("<HB", content, at + 64)
            left, right, below = struct.unpack_from("<III", content, at + 68)
            start, size = struct.unpack_from("<II", content, at + 116)
            name = content[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            found.append(Entry(name, kind, left, right, below, start, size))
        return found
