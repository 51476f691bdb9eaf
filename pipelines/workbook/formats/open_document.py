"""An OpenDocument spreadsheet (.ods): calamine and a walk of our own read it, and must agree.

The walk also knows error cells, formats, times and what is hidden, so the values are taken from it.
"""

from __future__ import annotations

from pipelines.cells import Book, Cell, Sheet
from pipelines.workbook.formats.checked import Differs, by_calamine, sheet_of
from pipelines.workbook.formats.open_document_walk import OpenSheet, walk_open_document
from pipelines.workbook.package import SAVE_AGAIN, damaged, unreadable
from pipelines.workbook.preflight import Received

EMPTY = "is an empty workbook (no cell is filled in): send the one that is filled in"


def read_open_document(received: Received) -> Book:
    """The spreadsheet. Raises Unreadable, one sentence, where it can't be read whole."""
    package, name = received.package, received.name
    if "content.xml" not in package:
        raise damaged(name, "its part content.xml is missing")
    every = walk_open_document(package)
    sheets = [sheet for sheet in every if sheet.kind == "worksheet"]
    if not sheets:
        raise unreadable(name, f"is an empty workbook without a sheet: {SAVE_AGAIN}")
    if not any(sheet.filled for sheet in sheets):
        raise unreadable(name, EMPTY)
    remarks = [
        f'"{sheet.name}" is a {sheet.kind} and was not read.' for sheet in every if sheet not in sheets
    ]
    remarks += [f'The comments on "{sheet.name}" were not read.' for sheet in sheets if sheet.has_comments]
    if any(part.startswith("basic/") for part in package.parts):
        remarks.append("It holds macros; they were not run.")
    doubts = _doubts(received, every, sheets)
    return Book(tuple(_sheet(sheet) for sheet in sheets), tuple(remarks), tuple(doubts))


def _doubts(received: Received, every: list[OpenSheet], sheets: list[OpenSheet]) -> list[str]:
    """What calamine makes otherwise of the file. Raises Unreadable where it finds more than the walk."""
    try:
        readings = by_calamine(received, every)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # calamine's panics are no Exception
        return [
            "Only one of our two readers can open it, so its figures were read once. Check them in the reply."
        ]
    for sheet, reading in zip(sheets, readings, strict=True):
        try:
            sheet_of(sheet, reading)
        except Differs as doubt:
            if isinstance(reading, list) and any(
                value != "" and not (isinstance(value, str) and not value.strip())
                for row, line in enumerate(reading)
                for column, value in enumerate(line)
                if (row, column) not in sheet.filled
            ):
                raise unreadable(received.name, f"can't be read in full ({doubt}): {SAVE_AGAIN}") from None
            return [f"Our two readers differ: {doubt}. The one that found more was used. Check the figures."]
    return []


def _sheet(walked: OpenSheet) -> Sheet:
    cells = {place: Cell(*place, *walked.values[place]) for place in sorted(walked.filled)}
    return Sheet(
        name=walked.name,
        cells=cells,
        counted=len(walked.filled),
        visibility=walked.visibility,
        merges=tuple(walked.merges),
        hidden_rows=frozenset(walked.hidden_rows),
        hidden_columns=frozenset(walked.hidden_columns),
        formulas=frozenset(walked.formulas),
        fills=walked.fills,
        struck=frozenset(walked.struck),
    )
