"""Mutations of good files that know what a workbook is made of: its archive, its parts, their elements and values.

Random bytes rarely get past an archive's checksums. So a part is taken out, its XML is changed where workbooks go
wrong (cells, references, types, shared texts, relations, merges), and it is packed again whole; or the archive itself
is damaged. Everything is a function of the random source, so that a seed and a number give the same file again.
"""

import random
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

ATTRIBUTE = re.compile(rb'\b([A-Za-z:]+)="([^"]*)"')
ELEMENT = re.compile(rb"<([A-Za-z:]+)\b[^>]*?(?:/>|>[^<]*</\1>)")
TEXT = re.compile(rb">([^<]+)<")
ODD_VALUES = (
    b"", b"0", b"-1", b"1", b"99999999", b"1048577", b"A0", b"A1", b"XFD1048576", b"XFE1", b"1e308", b"NaN", b"inf",
    b"s", b"str", b"b", b"e", b"inlineStr", b"d", b"n", b"true", b"../../x", b"rId1", b"\xff\xfe", b"veryHidden",
)  # fmt: skip
ODD_TEXTS = (
    b"", b" ", b"NaN", b"1e999", b"-1", b"#REF!", b"=1+1", b"_x000D_", b"2004-06-30T00:00:00", b"38181", b"0.38",
    b"&amp;", b"&#x20AC;", b"&lt;5", b"Total", b"Target ref", b"Nil return", b"1" * 400, b"x" * 70_000,
)  # fmt: skip
PARTS_THAT_MATTER = (
    "sheet",
    "sharedStrings",
    "styles",
    "workbook",
    "rels",
    "content",
    "manifest",
    "Content_Types",
)

Mutate = Callable[[bytes, random.Random], bytes]


def mutated(data: bytes, chance: random.Random) -> tuple[bytes, str]:
    """One to three mutations of a file, and what they were."""
    told = []
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        mutate = chance.choice(OF_ARCHIVES if data.startswith(b"PK") else OF_BYTES)
        try:
            data = mutate(data, chance)
        except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, IndexError, RuntimeError, OSError):
            break  # an earlier mutation left nothing that this one could get hold of
        told.append(mutate.__name__)
    return data, " + ".join(told) or "nothing"


# Bytes


def cut_short(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def flip_bytes(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 2, 8])):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def repeat_a_stretch(data: bytes, chance: random.Random) -> bytes:
    first = chance.randrange(len(data))
    return data[:first] + data[first : first + chance.randrange(1, 400)] * 2 + data[first:]


def drop_a_stretch(data: bytes, chance: random.Random) -> bytes:
    first = chance.randrange(len(data))
    return data[:first] + data[first + chance.randrange(1, 400) :]


def put_odd_bytes_in(data: bytes, chance: random.Random) -> bytes:
    first = chance.randrange(len(data) + 1)
    odd = chance.choice(
        [b"\0", b'"', b"\r", b"\n\n", b",,", b"\t", b"\xa3", "£".encode(), b"\xef\xbb\xbf", b";"]
    )
    return data[:first] + odd + data[first:]


# Archives


def _unpacked(data: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return [(entry.filename, archive.read(entry)) for entry in archive.infolist()]


def _packed(parts: list[tuple[str, bytes]], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(file, "w", how) as archive:  # a part twice
        for name, part in parts:
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, how)
    return file.getvalue()


def _in_a_part(change: Mutate) -> Mutate:
    """The change made within one part of an archive, the parts that matter above all."""

    def mutate(data: bytes, chance: random.Random) -> bytes:
        parts = _unpacked(data)
        telling = [n for n, (name, _) in enumerate(parts) if any(word in name for word in PARTS_THAT_MATTER)]
        n = chance.choice(telling or range(len(parts)))
        name, part = parts[n]
        parts[n] = name, change(part, chance)
        return _packed(parts)

    mutate.__name__ = change.__name__.strip("_")
    return mutate


def _change_an_attribute(part: bytes, chance: random.Random) -> bytes:
    found = list(ATTRIBUTE.finditer(part))
    one, other = chance.choice(found), chance.choice(found)
    value = chance.choice([*ODD_VALUES, other[2], other[2]])
    return part[: one.start(2)] + value + part[one.end(2) :]


def _drop_an_attribute(part: bytes, chance: random.Random) -> bytes:
    found = chance.choice(list(ATTRIBUTE.finditer(part)))
    return part[: found.start()] + part[found.end() :]


def _change_a_text(part: bytes, chance: random.Random) -> bytes:
    found = chance.choice(list(TEXT.finditer(part)))
    return part[: found.start(1)] + chance.choice(ODD_TEXTS) + part[found.end(1) :]


def _drop_an_element(part: bytes, chance: random.Random) -> bytes:
    found = chance.choice(list(ELEMENT.finditer(part)))
    return part[: found.start()] + part[found.end() :]


def _repeat_an_element(part: bytes, chance: random.Random) -> bytes:
    found = chance.choice(list(ELEMENT.finditer(part)))
    return part[: found.end()] + found[0] * chance.choice([1, 1, 50]) + part[found.end() :]


def _move_an_element(part: bytes, chance: random.Random) -> bytes:
    elements = list(ELEMENT.finditer(part))
    one, other = sorted(chance.sample(elements, 2), key=lambda found: found.start())
    between = part[one.end() : other.start()]
    return part[: one.start()] + other[0] + between + one[0] + part[other.end() :]


def _declare_an_entity(part: bytes, chance: random.Random) -> bytes:
    at = part.find(b"?>") + 2 if b"?>" in part else 0
    declared = b'<!DOCTYPE x [<!ENTITY a "' + b"a" * chance.choice([1, 5_000]) + b'">]>'
    return TEXT.sub(b">&a;<", part[:at] + declared + part[at:], count=chance.choice([0, 5]))


def drop_a_part(data: bytes, chance: random.Random) -> bytes:
    parts = _unpacked(data)
    parts.pop(chance.randrange(len(parts)))
    return _packed(parts)


def rename_a_part(data: bytes, chance: random.Random) -> bytes:
    parts = _unpacked(data)
    n = chance.randrange(len(parts))
    name, part = parts[n]
    parts[n] = (
        chance.choice([name.upper(), name.replace("/", "\\"), f"../{name}", f"/{name}", name[:-1]]),
        part,
    )
    return _packed(parts)


def exchange_two_parts(data: bytes, chance: random.Random) -> bytes:
    parts = _unpacked(data)
    one, other = chance.sample(range(len(parts)), 2)
    (name, part), (other_name, other_part) = parts[one], parts[other]
    parts[one], parts[other] = (name, other_part), (other_name, part)
    return _packed(parts)


def give_a_part_twice(data: bytes, chance: random.Random) -> bytes:
    parts = _unpacked(data)
    name, part = chance.choice(parts)
    return _packed([*parts, (name, part[: chance.randrange(len(part) + 1)])])


def pack_without_pressing(data: bytes, _chance: random.Random) -> bytes:
    return _packed(_unpacked(data), zipfile.ZIP_STORED)


def lie_about_a_size(data: bytes, chance: random.Random) -> bytes:
    """Change the length or checksum of a part in the archive's table."""
    entry = data.find(b"PK\x01\x02", chance.randrange(len(data) * 3 // 4))
    if entry < 0:
        entry = data.index(b"PK\x01\x02")
    at = entry + chance.choice([16, 20, 24])
    return (
        data[:at] + struct.pack("<I", chance.choice([0, 1, 2**31, chance.randrange(2**32)])) + data[at + 4 :]
    )


OF_BYTES: tuple[Mutate, ...] = (cut_short, flip_bytes, repeat_a_stretch, drop_a_stretch, put_odd_bytes_in)
OF_PARTS: tuple[Mutate, ...] = tuple(
    map(
        _in_a_part,
        (
            *(_change_an_attribute, _drop_an_attribute, _change_a_text, _drop_an_element, _repeat_an_element),
            *(_move_an_element, _declare_an_entity, cut_short, drop_a_stretch, repeat_a_stretch),
        ),
    )
)
OF_ARCHIVES: tuple[Mutate, ...] = (
    *OF_PARTS,
    *OF_PARTS[:6],
    *(drop_a_part, rename_a_part, exchange_two_parts, give_a_part_twice, pack_without_pressing),
    *(lie_about_a_size, cut_short, flip_bytes),
)
