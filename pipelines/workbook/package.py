"""A workbook file as its parts, unpacked and walked under limits: a partner's file is not to be trusted."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from pipelines.cells import Unreadable
from pipelines.workbook.limits import LIMITS, Limits

MAX_DEPTH = 64  # sheets nest about ten deep
MAX_ATTRIBUTE = 64_000  # characters; the longest honest one lists the cells that a format applies to
MAX_TAG_BYTES = 1_000_000  # the parser starts an unfinished tag again with every piece it gets
PACKED_PIECE_BYTES = 16_384  # unpacked in pieces this small, so that one can't swell beyond 17 MB

SAVE_AGAIN = "open it in Excel, save it as an Excel workbook (.xlsx) and send that copy"
ENCODINGS = {"utf-8", "utf-16", "us-ascii", "iso-8859-1", "windows-1252"}  # Excel writes the first
NAMESPACES = frozenset({
    "",
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # "strict" workbooks
    "http://schemas.openxmlformats.org/package/2006/relationships",
})  # fmt: skip


def unreadable(name: str, predicate: str) -> Unreadable:
    """The sentence about the file `name`; what can't be printed in a name shows as "?"."""
    shown = "".join(character if character.isprintable() else "?" for character in name)
    return Unreadable(f"{shown} {predicate}.")


def damaged(name: str, found: str) -> Unreadable:
    """The sentence about a workbook that is broken, or made to mislead."""
    return unreadable(name, f"is damaged ({found}): {SAVE_AGAIN}")


@dataclass(frozen=True)
class Package:
    """A workbook's zip archive; `parts` by path in lower case, which is how the standard compares them."""

    name: str
    data: bytes = field(repr=False)
    parts: dict[str, zipfile.ZipInfo] = field(repr=False)
    limits: Limits = LIMITS

    def __contains__(self, part: str) -> bool:
        return part.lower() in self.parts

    def pieces(self, part: str) -> Iterator[bytes]:
        """The unpacked part; it must be as long as the archive says and match its checksum."""
        info = self.parts.get(part.lower())
        if info is None:
            raise damaged(self.name, f"its part {part} is missing")
        start, end = span(self.data, info)
        unpack = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
        size, checksum = 0, 0
        try:
            for at in range(start, end, PACKED_PIECE_BYTES):
                piece = self.data[at : min(at + PACKED_PIECE_BYTES, end)]
                piece = unpack.decompress(piece) if unpack else piece
                size, checksum = size + len(piece), zlib.crc32(piece, checksum)
                if size > info.file_size:
                    break
                yield piece
        except zlib.error:
            raise damaged(self.name, f"its part {part} can't be unpacked") from None
        is_whole = unpack is None or (unpack.eof and not unpack.unused_data)
        if not is_whole or size != info.file_size or checksum != info.CRC:
            raise damaged(self.name, f"its part {part} fails its checksum")

    def read(self, part: str) -> bytes:
        """The whole unpacked part, for small ones."""
        return b"".join(self.pieces(part))

    def walk(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
        namespaces: Collection[str] = NAMESPACES,
    ) -> None:
        """Stream the XML of a part through callbacks.

        Tags come without their namespace, and as "" where the namespace is none of `namespaces`.
        Document types, and so entities, are refused: no spreadsheet program writes them.
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        tags: dict[str, str] = {}
        depth = 0

        def on_start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > MAX_DEPTH:
                raise damaged(self.name, f"its part {part} is nested over {MAX_DEPTH} deep")
            for value in attributes.values():
                if len(value) > MAX_ATTRIBUTE:
                    raise damaged(self.name, f"its part {part} has an attribute of {len(value):,} characters")
            tag = tags.get(name)
            if tag is None:
                namespace, _, local = name.rpartition(" ")
                tag = tags[name] = local if namespace in namespaces else ""
            if depth == 1 and not tag:
                raise damaged(self.name, f"its part {part} is not written as workbooks are")
            start(tag, attributes)

        def on_end(name: str) -> None:
            nonlocal depth
            depth -= 1
            if end:
                end(tags[name])

        def on_doctype(*_: object) -> None:
            raise damaged(self.name, f"its part {part} declares entities, as no spreadsheet program does")

        def on_declaration(_version: str, encoding: str | None, _standalone: int) -> None:
            if encoding and encoding.lower() not in ENCODINGS:
                raise damaged(self.name, f"its part {part} is in the unknown encoding {encoding[:20]}")

        parser.XmlDeclHandler = on_declaration
        parser.StartElementHandler, parser.EndElementHandler = on_start, on_end
        parser.StartDoctypeDeclHandler = on_doctype
        if text:
            parser.CharacterDataHandler = text
        fed = 0
        try:
            for piece in self.pieces(part):
                parser.Parse(piece, False)
                fed += len(piece)
                if fed - parser.CurrentByteIndex > MAX_TAG_BYTES:
                    raise damaged(self.name, f"its part {part} has a tag of over {MAX_TAG_BYTES:,} bytes")
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            found = f"its part {part} breaks off or is not XML at line {error.lineno}"
            raise damaged(self.name, found) from None

    def relations(self, part: str = "") -> dict[str, tuple[str, str]]:
        """Where a part (or the package itself) points to, inside the file: id → (kind, part).

        The kind is the last word of the relationship's type, so that strict and ordinary workbooks agree.
        Links to the outside are left out: nothing follows them.
        """
        folder, base = posixpath.split(part)
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "").replace("\\", "/")
                path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = kind, path

        source = posixpath.join(folder, "_rels", f"{base}.rels")
        if source in self:
            self.walk(source, start)
        return found


def span(data: bytes, entry: zipfile.ZipInfo) -> tuple[int, int]:
    """Where the packed bytes of a part begin and end; raises ValueError where that is outside the file."""
    at = entry.header_offset
    mark, name_length, extra_length = struct.unpack("<4s22xHH", data[at : at + 30])
    start = at + 30 + name_length + extra_length
    if mark != b"PK\x03\x04" or start + entry.compress_size > len(data):
        raise ValueError("a part lies outside the archive")
    return start, start + entry.compress_size
