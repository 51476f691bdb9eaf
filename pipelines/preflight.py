"""The first look at a file, before anything reads it: is it a workbook, and may it be opened at all?

The file is read once, told by its content and never by its name, and refused with one sentence that says what
it is and what to do.
"""

from __future__ import annotations

import errno
import os
import stat
import struct
import zipfile
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from pipelines.package import SAVE_AGAIN, Package, damaged, span, unreadable

MAX_FILE_BYTES = 25_000_000  # thirty times the largest honest return we have seen
MAX_PARTS = 2_000  # a return of 20 sheets has about 100
MAX_UNPACKED_BYTES = 300_000_000  # what a reader with 2 GB can hold, with room to spare
MAX_RATIO = 250  # repetitive but honest sheets reach 120 to 1; a bomb comes near 1,000 to 1
RATIO_FREE_BYTES = 10_000_000  # a part smaller than this does no harm, however well it packs

PROTECTED = "is protected by a password: remove the password, save it and send it again"
SEND_SHEET = "send the spreadsheet itself, saved as an Excel workbook (.xlsx)"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_STREAMS = (  # streams of the old Office container, the telling ones first: a workbook may hold a document
    ("__substg1.0_", "is an e-mail message: save its attachment as a file of its own and send that"),
    ("EncryptedPackage", PROTECTED),
    ("Workbook", f"is an old Excel 97-2003 workbook (.xls): {SAVE_AGAIN}"),
    ("Book", f"is an old Excel 5.0 workbook (.xls): {SAVE_AGAIN}"),
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
)


def open_package(path: Path, name: str) -> Package:
    """The workbook at `path` as a checked archive; `name` is what people call the file.

    Raises Unreadable for everything that is no .xlsx or .xlsm workbook by its content.
    """
    data = _read(path, name)
    if not data.startswith(b"PK\x03\x04"):
        raise unreadable(name, _what_it_is(data))
    package = Package(name, data, _parts(name, data))
    if "mimetype" in package and b"opendocument" in (kind := package.read("mimetype")):
        manifest = "META-INF/manifest.xml"
        if manifest in package and b"encryption-data" in package.read(manifest):
            raise unreadable(name, PROTECTED)
        what = "spreadsheet (.ods)" if b"spreadsheet" in kind else "file"
        raise unreadable(name, f"is an OpenDocument {what}: {SAVE_AGAIN}")
    if "xl/workbook.bin" in package:
        raise unreadable(name, f"is a binary Excel workbook (.xlsb): {SAVE_AGAIN}")
    for folder, what in (("word/", "a Word document"), ("ppt/", "a PowerPoint file")):
        if any(part.startswith(folder) for part in package.parts):
            raise unreadable(name, f"is {what}, not a workbook: {SEND_SHEET}")
    if "[Content_Types].xml" not in package and not any(part.startswith("xl/") for part in package.parts):
        raise unreadable(name, "is a zip archive, not a workbook: unpack it and send each workbook by itself")
    return package


def _read(path: Path, name: str) -> bytes:
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
        if facts.st_size > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES // 1_000_000
            raise unreadable(name, f"is larger than {limit} MB: remove pictures and send it again")
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(MAX_FILE_BYTES)
    finally:
        os.close(handle)
    if not data:
        raise unreadable(name, "is an empty file (0 bytes): send it again")
    return data


def _what_it_is(data: bytes) -> str:
    """What a file that is no archive is, and what to do about it."""
    if data.startswith(OLE):
        found = (what for stream, what in OLE_STREAMS if stream.encode("utf-16-le") in data)
        return next(found, f"is an old Office file of a kind we can't read: {SAVE_AGAIN}")
    if data.startswith(b"PK\x05\x06"):
        return "is an empty zip archive, not a workbook: send the workbook again"
    opening = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, what in OPENINGS:
        if opening.startswith(magic):
            return f"is {what}, not a workbook: {SEND_SHEET}"
    is_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if is_utf16 or all(byte >= 32 or byte in b"\t\r\n\f" for byte in data[:4096]):
        return f"is a text file (such as CSV), not a workbook: {SAVE_AGAIN}"
    return f"is not a workbook: {SEND_SHEET}"


def _parts(name: str, data: bytes) -> dict[str, zipfile.ZipInfo]:
    """The archive's parts by path in lower case, once nothing about the archive could mislead a reader."""
    try:
        entries = zipfile.ZipFile(BytesIO(data)).infolist()
        spans = sorted(span(data, entry) for entry in entries)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error):
        raise damaged(name, "the archive is broken or was not sent whole") from None
    if len(entries) > MAX_PARTS:
        raise damaged(name, f"it has {len(entries):,} parts, and no workbook needs over {MAX_PARTS:,}")
    if any(end > following for (_, end), (following, _) in pairwise(spans)):
        raise damaged(name, "parts of the archive overlap")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        limit = MAX_UNPACKED_BYTES // 1_000_000
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
        if entry.file_size > max(RATIO_FREE_BYTES, MAX_RATIO * entry.compress_size):
            raise damaged(name, f"its part {part} swells over {MAX_RATIO} times when unpacked")
        parts[part.lower()] = entry
    return parts
