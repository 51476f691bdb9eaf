"""An OpenDocument spreadsheet (.ods): calamine and a walk of our own read it, and must agree.

The walk also knows error cells, formats, times and what is hidden, so the values are taken from it.
"""

from __future__ import annotations

from pipelines.cells import Book, Cell, Sheet
from pipelines.formats.checked import by_calamine, difference_between
from pipelines.formats.open_document_walk import OpenSheet, walk_open_document
from pipelines.package import SAVE_AGAIN, damaged, unreadable
from pipelines.preflight import Received
from pipelines.tally import Position

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
    doubt = difference_between(sheets, readings)
    if not doubt:
        return []
    more: list[set[Position]] = [
        set(reading) - sheet.filled for sheet, reading in zip(sheets, readings, strict=True)
    ]
    if any(more):
        raise unreadable(received.name, f"can't be read in full ({doubt}): {SAVE_AGAIN}")
    return [
        f"Our two readers differ: {doubt}. The one that found more was used. Check the figures in the reply."
    ]


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
    )
