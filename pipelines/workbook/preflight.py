"""The first look at a file, before anything reads it: what is it, and may it be opened at all?

The file is read once, told by its content and never by its name, and refused with one sentence that says what
it is and what to do.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import struct
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from pipelines.workbook import ole
from pipelines.workbook.limits import LIMITS, Limits
from pipelines.workbook.package import SAVE_AGAIN, Package, damaged, span, unreadable

RATIO_FREE_BYTES = 10_000_000  # a part smaller than this does no harm, however well it packs

EXCEL, BINARY_EXCEL, OLD_EXCEL, OPEN_DOCUMENT, TEXT = (
    "excel",
    "binary excel",
    "old excel",
    "opendocument",
    "text",
)

PROTECTED = "is protected by a password: remove the password, save it and send it again"
SEND_SHEET = "send the spreadsheet itself, saved as an Excel workbook (.xlsx)"
OLE_STREAMS = (  # streams of the old Office container, the telling ones first
    ("__substg1.0_", "is an e-mail message: save its attachment as a file of its own and send that"),
    ("EncryptedPackage", PROTECTED),
    ("WordDocument", f"is a Word document, not a workbook: {SEND_SHEET}"),
    ("PowerPoint Document", f"is a PowerPoint file, not a workbook: {SEND_SHEET}"),
)
OPENINGS = (
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"<", "a web page or XML file"),
    (b"MIME-Version:", "a web page or e-mail message"),
    (b"ID;P", "a file of the old exchange format SYLK"),
)
PROGRAMS = (b"MZ", b"\x7fELF")
UNICODE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")  # UTF-16 and UTF-32; the text may hold any byte
NO_TEXT = re.compile(rb"[\x01-\x08\x0b\x0e-\x1f]")  # bytes that no text holds, in whatever encoding


@dataclass(frozen=True)
class Received:
    """A file whose kind is known: its bytes, and its archive where it is one."""

    kind: str
    name: str
    data: bytes = field(repr=False)
    limits: Limits
    archive: Package | None = None

    @property
    def package(self) -> Package:
        """The archive of a file that is one."""
        assert self.archive is not None
        return self.archive


def look(path: Path, name: str, limits: Limits = LIMITS) -> Received:
    """The file at `path` and what it is; `name` is what people call it.

    Raises Unreadable for everything that is neither a workbook nor a table in a text file.
    """
    data = _read(path, name, limits)
    if data.startswith(b"PK\x03\x04"):
        package = Package(name, data, _parts(name, data, limits), limits)
        return Received(_kind(package), name, data, limits, package)
    if data.startswith(ole.MAGIC):
        return Received(OLD_EXCEL, name, _old_workbook(name, data), limits)
    if what := _what_else(data):
        raise unreadable(name, what)
    return Received(TEXT, name, data, limits)


def open_package(path: Path, name: str, limits: Limits = LIMITS) -> Package:
    """The archive of the workbook at `path`; Unreadable for everything that is none."""
    return look(path, name, limits).package


def _kind(package: Package) -> str:
    """Which kind of workbook the archive is. Raises Unreadable where it is none."""
    name = package.name
    if "mimetype" in package and b"opendocument" in (kind := package.read("mimetype")):
        manifest = "META-INF/manifest.xml"
        if manifest in package and b"encryption-data" in package.read(manifest):
            raise unreadable(name, PROTECTED)
        if b"spreadsheet" not in kind:
            raise unreadable(name, f"is an OpenDocument file but no spreadsheet: {SEND_SHEET}")
        return OPEN_DOCUMENT
    if "xl/workbook.bin" in package:
        return BINARY_EXCEL
    for folder, what in (("word/", "a Word document"), ("ppt/", "a PowerPoint file")):
        if any(part.startswith(folder) for part in package.parts):
            raise unreadable(name, f"is {what}, not a workbook: {SEND_SHEET}")
    if "[Content_Types].xml" not in package and not any(part.startswith("xl/") for part in package.parts):
        raise unreadable(name, "is a zip archive, not a workbook: unpack it and send each workbook by itself")
    return EXCEL


def _old_workbook(name: str, data: bytes) -> bytes:
    """The bytes of an old Office file, if that is a workbook without a password on the whole of it."""
    try:
        found = ole.Container(data).entries
    except (ole.Broken, struct.error):
        raise damaged(name, "the file is broken or was not sent whole") from None
    for stream, what in OLE_STREAMS:
        if any(entry.startswith(stream) for entry in found):
            raise unreadable(name, what)
    if "Workbook" not in found and "Book" not in found:
        raise unreadable(name, f"is an old Office file of a kind we can't read: {SAVE_AGAIN}")
    return data


def _read(path: Path, name: str, limits: Limits) -> bytes:
    flags = os.O_RDONLY
    for flag in ("O_BINARY", "O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK"):  # each system has some of them
        flags |= getattr(os, flag, 0)
    try:
        handle = os.open(path, flags)
    except FileNotFoundError:
        raise unreadable(name, "is not there: check its name and folder") from None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise unreadable(name, "is a link to another place: give the file itself") from None
        raise unreadable(name, "can't be opened: close it elsewhere and check who may read it") from None
    try:
        facts = os.fstat(handle)
        if not stat.S_ISREG(facts.st_mode):
            raise unreadable(name, "is not a file but a folder or a device: give the workbook itself")
        if facts.st_size > limits.file_bytes:
            limit = limits.file_bytes // 1_000_000
            raise unreadable(name, f"is larger than {limit} MB: remove pictures and send it again")
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(limits.file_bytes)
    finally:
        os.close(handle)
    if not data:
        raise unreadable(name, "is an empty file (0 bytes): send it again")
    return data


def _what_else(data: bytes) -> str:
    """What a file is that is neither archive nor text, and what to do about it; "" for text."""
    if data.startswith(b"PK\x05\x06"):
        return "is an empty zip archive, not a workbook: send the workbook again"
    opening = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, what in OPENINGS:
        if opening.startswith(mark):
            return f"is {what}, not a workbook: {SEND_SHEET}"
    if data.startswith(UNICODE_MARKS) or not NO_TEXT.search(data[:4096]):
        return ""
    if data.startswith(PROGRAMS):
        return f"is a program, not a workbook, and was not run: {SEND_SHEET}"
    return f"is not a workbook: {SEND_SHEET}"


def _parts(name: str, data: bytes, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """The archive's parts by path in lower case, once nothing about the archive could mislead a reader."""
    try:
        entries = zipfile.ZipFile(BytesIO(data)).infolist()
        spans = sorted(span(data, entry) for entry in entries)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error):
        raise damaged(name, "the archive is broken or was not sent whole") from None
    if len(entries) > limits.parts:
        raise damaged(name, f"it has {len(entries):,} parts, and no workbook needs over {limits.parts:,}")
    if any(end > following for (_, end), (following, _) in pairwise(spans)):
        raise damaged(name, "parts of the archive overlap")
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        limit = limits.unpacked_bytes // 1_000_000
        raise unreadable(name, f"unpacks to over {limit} MB: delete unused rows and sheets and send it again")
    parts: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        part = entry.filename.replace("\\", "/")
        if part.endswith("/") and not entry.file_size:
            continue
        if part.startswith("/") or part[1:2] == ":" or ".." in part.split("/"):
            raise damaged(name, "the path of a part leads out of the archive")
        if part.lower() in parts:
            raise damaged(name, f"it has the part {part} twice, and it can't be said which counts")
        if entry.flag_bits & 1:
            raise unreadable(name, PROTECTED)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise damaged(name, f"its part {part} is packed as no spreadsheet program packs")
        if entry.file_size > max(RATIO_FREE_BYTES, limits.ratio * entry.compress_size):
            raise damaged(name, f"its part {part} swells over {limits.ratio} times when unpacked")
        parts[part.lower()] = entry
    return parts
