"""A table in a text file (.csv, .tsv): fields by the csv module, counted by a splitter of our own.

Every value stays as typed. The delimiter is found and checked; rows stay where they are, and those that are
longer or shorter than the others are reported, never padded into the wrong column.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.cells import Book, Cell, Sheet
from pipelines.workbook.formats.text_decoding import NOTHING_DECLARED, Declared, decode
from pipelines.workbook.package import unreadable
from pipelines.workbook.preflight import Received
from pipelines.workbook.tally import Position, SheetCensus, Tally

__all__ = ["NOTHING_DECLARED", "Declared", "read_text_table"]

SHEET = "CSV"  # what the one sheet of a text file is called
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar (|)"}
DECLARES = re.compile(r"sep=([,;\t|])\Z", re.IGNORECASE)  # a first line that Excel understands
SAVE_AGAIN = "open it in Excel, save it as an Excel workbook (.xlsx) or as CSV UTF-8, and send that copy"
FIGURE = re.compile(r"\W*\d[\d,. ]*\W*")
NEARLY = 0.8  # a delimiter that splits so many of the rows that another does could be meant as well
HALF = 0.5  # or half of them, where it splits them into more fields
LISTED = 5  # lines named in a remark


@dataclass(frozen=True)
class Record:
    """One row: the line it ends in, counted from 1, and its fields."""

    line: int
    fields: list[str]

    @property
    def is_blank(self) -> bool:
        return not any(field.strip() for field in self.fields)


def read_text_table(received: Received, declared: Declared = NOTHING_DECLARED) -> Book:
    """The file as a book of one sheet. Raises Unreadable, one sentence, where it can't be read for certain."""
    text = decode(received, declared)
    name = received.name
    if not text.strip():
        raise unreadable(name, "is an empty file (no character but blanks): send the one that is filled in")
    first_line = re.split(r"[\r\n]", text, maxsplit=1)[0]
    declares = DECLARES.match(first_line)
    delimiter = declares[1] if declares else _delimiter(received, text)
    records = _records(received, text, delimiter)
    if declares:
        records[0].fields.clear()
    cells = {
        (row, column): Cell(row, column, field)
        for row, record in enumerate(records)
        for column, field in enumerate(record.fields)
        if field.strip()
    }
    if not cells:
        raise unreadable(name, "holds delimiters but no value: send the one that is filled in")
    counted = _count(text, delimiter, skip_first=bool(declares))
    if counted != cells.keys():
        raise unreadable(
            name,
            f"can't be read for certain (its fields are {len(cells):,} by one count and {len(counted):,} by "
            f"another): {SAVE_AGAIN}",
        )
    remarks, doubts = _oddities(records, text, delimiter)
    sheet = Sheet(name=SHEET, cells=cells, counted=len(counted))
    return Book((sheet,), tuple(remarks), tuple(doubts))


def _delimiter(received: Received, text: str) -> str:
    """The character between the fields: the one that gives most rows the same number of fields, over one.

    A comma where there is none of them: the file is then one column. Raises Unreadable where another fits nearly
    as well, unless that one only stands inside figures (1,5 and 1,200) or splits rows into fewer fields.
    """
    fits = []
    for delimiter in DELIMITERS:
        if delimiter not in text:
            continue
        widths: Counter[int] = Counter()
        rows = 0
        try:
            for record in _split(text, delimiter):
                if not record.is_blank:
                    widths[len(record.fields)] += 1
        except csv.Error:  # a quotation mark is amiss, or this is not what stands between the fields
            rows = sum(not line.isspace() for line in text.splitlines())
        if not widths and not rows:
            return delimiter  # there is nothing in the file but this
        rows = max(rows, sum(widths.values()))
        if split := [(count, width) for width, count in widths.items() if width > 1]:
            count, width = max(split)
            fits.append((count / rows, width, delimiter))
    if not fits:
        return ","
    fits.sort(reverse=True)
    share, width, best = fits[0]
    for rival_share, rival_width, rival in fits[1:]:
        is_far_behind = rival_share < (NEARLY if rival_width <= width else HALF) * share
        is_behind = rival_share < share
        if is_far_behind or (is_behind and (rival_width < width or _is_only_in_figures(text, best, rival))):
            continue
        both = f"a {DELIMITERS[best]} and a {DELIMITERS[rival]}"
        raise unreadable(
            received.name,
            f"can't be read for certain (both {both} could stand between its fields): {SAVE_AGAIN}",
        )
    return best


def _is_only_in_figures(text: str, delimiter: str, rival: str) -> bool:
    """Whether all that a rival could split are figures, which have commas of their own."""
    if rival != ",":
        return False
    fields = (field for record in _split(text, delimiter) for field in record.fields if rival in field)
    return all(FIGURE.fullmatch(field) for field in fields)


def _split(text: str, delimiter: str) -> Iterator[Record]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for fields in reader:
        yield Record(reader.line_num, fields)


def _records(received: Received, text: str, delimiter: str) -> list[Record]:
    """Every row, blank ones too, within the limits."""
    tally, sheet = Tally(received.name, received.limits), SheetCensus(SHEET)
    before = csv.field_size_limit(received.limits.cell_text)
    records: list[Record] = []
    try:
        for record in _split(text, delimiter):
            records.append(record)
            tally.take_cells(sheet, len(record.fields))
            if not record.is_blank:
                sheet.reach(len(records) - 1, len(record.fields) - 1)
                tally.take_text(sheet, 0)
    except csv.Error as error:
        began = (records[-1].line if records else 0) + 1
        found = {
            "unexpected end of data": f"the quotation mark that opens in line {began:,} or below never closes",
            "field larger than field limit": f"a field has over {received.limits.cell_text:,} characters",
        }
        said = next((said for words, said in found.items() if words in str(error)), "")
        said = said or f"in line {began:,} a quotation mark closes in the middle of a field"
        raise unreadable(received.name, f"is damaged ({said}): {SAVE_AGAIN}") from None
    finally:
        csv.field_size_limit(before)
    tally.close(sheet)
    return records


def _count(text: str, delimiter: str, skip_first: bool) -> set[Position]:
    """The places of all fields that are not blank, by a splitter that shares nothing with the csv module."""
    field = re.compile(
        rf'(?:"((?:[^"]|"")*)"|([^"{delimiter}\r\n][^{delimiter}\r\n]*)?)({re.escape(delimiter)}|\r\n|\r|\n|\Z)'
    )
    filled: set[Position] = set()
    row = column = at = 0
    while at < len(text):
        found = field.match(text, at)
        if not found:
            return set()
        if (found[1] or found[2] or "").strip() and not (skip_first and row == 0):
            filled.add((row, column))
        row, column = (row, column + 1) if found[3] == delimiter else (row + 1, 0)
        at = found.end()
    return filled


def _oddities(records: list[Record], text: str, delimiter: str) -> tuple[list[str], list[str]]:
    """Remarks, and doubts that its sender must settle: rows of another length, an end that may be cut off."""
    remarks: list[str] = []
    doubts: list[str] = []
    filled = [record for record in records if not record.is_blank]
    widths = Counter(len(record.fields) for record in filled)
    usual = max(widths, key=lambda width: (widths[width], width))
    table = [number for number, record in enumerate(filled) if len(record.fields) == usual]
    ragged: dict[int, list[int]] = {}
    for number, record in enumerate(filled):
        width = len(record.fields)
        is_title_or_note = width == 1 and not table[0] < number < table[-1]
        if width != usual and not is_title_or_note:
            ragged.setdefault(width, []).append(record.line)
    for width, lines in sorted(ragged.items()):
        where = f"{'Line' if len(lines) == 1 else 'Lines'} {_listed(lines)}"
        verb = "has" if len(lines) == 1 else "have"
        fields = "field" if width == 1 else "fields"
        why = f"a {DELIMITERS[delimiter]} inside a value must stand in quotation marks"
        if width < usual:
            why = "what is left out must keep its place"
        doubts.append(
            f"{where} {verb} {width} {fields} where most lines have {usual}: {why}. Check these lines."
        )
    if not text.endswith(("\n", "\r")):
        if len(filled[-1].fields) < usual and len(filled) > 1 and usual > 1:
            doubts.append(
                f"The last line ({filled[-1].line}) has no line end and is shorter than the others, as in a file that "
                "was cut off on its way. Check that nothing is missing below it."
            )
        else:
            remarks.append(
                "Its last line has no line end, so it can't be told from a file that was cut off there."
            )
    return remarks, doubts


def _listed(lines: list[int]) -> str:
    shown = ", ".join(str(line) for line in lines[:LISTED])
    return shown + (f" and {len(lines) - LISTED} more" if len(lines) > LISTED else "")
