"""The records of an old Excel workbook (.xls), walked before any reader opens it: what is where, and how much.

Record numbers as in MS-XLS. Nothing is read here but places; what stands there is for the readers.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipelines.cells import QUERY_NOTE
from pipelines.workbook import ole
from pipelines.workbook.package import damaged, unreadable
from pipelines.workbook.preflight import PROTECTED, Received
from pipelines.workbook.tally import LAST_COLUMN, LAST_ROW, Position, SheetCensus, Tally

BOF, END, FILE_PASS, BOUND_SHEET, MACROS, OTHER_BOOK, NOTE = 0x809, 0x0A, 0x2F, 0x85, 0xD3, 0x1AE, 0x1C
TEXT_OBJECT, CONTINUED = 0x1B6, 0x3C  # the text of a note stands in the record that continues its object
FORMULAS = {0x06, 0x206, 0x406}
ONE_CELL = {0x203, 0x27E, 0xFD, 0x204, 0xD6, 0x205, *FORMULAS}  # number, RK, texts, yes or no or error
MANY_NUMBERS = 0xBD
BLANK, MANY_BLANKS = 0x201, 0xBE
KINDS = {0: "worksheet", 1: "macro sheet", 2: "chart sheet", 6: "macro module"}
VISIBILITIES = {1: "hidden", 2: "very hidden"}
OWN_BOOKS = (b"\x01\x04", b"\x01\x3a")  # of the records of linked workbooks: itself, and add-ins


@dataclass
class OldBook:
    """What the records say: the sheets in order, the places with content on each, and what else there is."""

    sheets: list[SheetCensus] = field(default_factory=list)
    placed: list[set[Position]] = field(default_factory=list)
    has_macros: bool = False
    has_external_links: bool = False


def walk_old_excel(received: Received) -> OldBook:
    """Walk the workbook's stream. Raises Unreadable where it is protected, damaged or larger than we take."""
    try:
        container = ole.Container(received.data)
        stream = container.read("Workbook" if "Workbook" in container.entries else "Book")
    except (ole.Broken, struct.error):
        raise damaged(received.name, "the file is broken or was not sent whole") from None
    tally = Tally(received.name, received.limits)
    book = OldBook(has_macros="_VBA_PROJECT_CUR" in container.entries)
    starts = _read_globals(received, stream, book)
    tally.take_sheets([sheet.name for sheet in book.sheets])
    for sheet, start in zip(book.sheets, starts, strict=True):
        placed: set[Position] = set()
        if sheet.kind == "worksheet":
            if stream[start : start + 2] != b"\x09\x08":
                raise damaged(received.name, f'its sheet "{sheet.name}" is missing')
            _walk_sheet(stream, start, sheet, placed, tally)
        book.placed.append(placed)
    return book


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Each record's number and content, up to the end of the part that begins at `at`."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
        depth += (kind == BOF) - (kind == END)
        if depth <= 0:
            return


def _read_globals(received: Received, stream: bytes, book: OldBook) -> list[int]:
    """Where each sheet begins in the stream."""
    if stream[:2] != b"\x09\x08":
        raise damaged(received.name, "it does not begin as a workbook does")
    is_newest = stream[4:6] == b"\x00\x06"
    starts = []
    for kind, content in _records(stream, 0):
        if kind == FILE_PASS:
            raise unreadable(received.name, PROTECTED)
        if kind == BOUND_SHEET and len(content) > 7:
            start, visibility, sheet_kind, length = struct.unpack_from("<IBBB", content)
            if not is_newest:
                name = content[7 : 7 + length].decode("cp1252", "replace")
            elif content[7] & 1:
                name = content[8 : 8 + 2 * length].decode("utf-16-le", "replace")
            else:
                name = content[8 : 8 + length].decode("latin-1")
            state = VISIBILITIES.get(visibility & 3, "visible")
            book.sheets.append(SheetCensus(name, KINDS.get(sheet_kind, "sheet of an unknown kind"), state))
            starts.append(start)
        elif kind == MACROS:
            book.has_macros = True
        elif kind == OTHER_BOOK and content[2:4] not in OWN_BOOKS and len(content) > 4:
            book.has_external_links = True
    if not starts:
        raise unreadable(
            received.name, "is an empty workbook without a sheet: send the one that is filled in"
        )
    return starts


def _is_our_note(content: bytes) -> bool:
    """Whether a text object holds one of our notes; its first byte says whether a character takes two."""
    text = content[1:].decode("utf-16-le" if content[:1] == b"\x01" else "latin-1", "replace")
    return QUERY_NOTE.match(text) is not None


def _walk_sheet(stream: bytes, start: int, sheet: SheetCensus, placed: set[Position], tally: Tally) -> None:
    depth = 0
    kind = last = notes = ours = 0
    for kind, content in _records(stream, start):
        before, last = last, kind
        depth += (kind == BOF) - (kind == END)
        if depth != 1:
            continue  # a chart that lies on the sheet
        if kind in ONE_CELL and len(content) >= 6:
            row, column = struct.unpack_from("<HH", content)
            places = [(row, column)]
        elif kind == MANY_NUMBERS and len(content) >= 12:
            row, column = struct.unpack_from("<HH", content)
            places = [(row, column + n) for n in range((len(content) - 6) // 6)]
        elif kind in (BLANK, MANY_BLANKS):
            tally.take_cells(sheet, max(1, (len(content) - 6) // 2))
            continue
        else:
            notes += kind == NOTE
            ours += before == TEXT_OBJECT and kind == CONTINUED and _is_our_note(content)
            continue
        tally.take_cells(sheet, len(places))
        for place in places:
            if place[0] >= LAST_ROW or place[1] >= LAST_COLUMN:
                raise tally.no_place(sheet, f"row {place[0] + 1}, column {place[1] + 1}")
            if place in placed:
                raise damaged(tally.name, f'its sheet "{sheet.name}" gives one cell twice')
            placed.add(place)
            sheet.reach(*place)
        if kind in FORMULAS:
            sheet.formulas.add(places[0])
    sheet.has_comments = notes > ours
    if kind != END:
        raise damaged(tally.name, f'its sheet "{sheet.name}" breaks off')
    tally.close(sheet)
