"""A linter of workbooks that go to partners: the rules of the Analysis Function's guidance that a program can check.

And of what partners fill in: lists that resolve, messages that Excel takes, nothing that leaves the workbook.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

INK, PAPER = "0B0C0C", "FFFFFF"
ENOUGH_CONTRAST = 4.5  # WCAG 2.2, level AA, for text
SMALLEST = 12  # points


def faults(content: bytes) -> list[str]:
    """Every rule that the workbook breaks, in words; none if all is well."""
    book = openpyxl.load_workbook(BytesIO(content))
    found = [*_of_document(book), *_of_parts(content)]
    for sheet in book.worksheets:
        found += [f"{sheet.title}: {fault}" for fault in _of_lists(book, sheet)]
        if sheet.sheet_state == "visible":
            found += [f"{sheet.title}: {fault}" for fault in _of_sheet(sheet)]
    return found


def _of_document(book: Any) -> Iterator[str]:
    about = book.properties
    for name in ("title", "creator", "language"):
        if not getattr(about, name):
            yield f"the document has no {name}"
    if about.creator == "openpyxl":
        yield "the document's creator is a program"
    if book.active is not book.worksheets[0]:
        yield "it does not open on its first sheet"
    names = [name.casefold() for sheet in book.worksheets for name in sheet.tables]
    if len(names) != len(set(names)):
        yield "two tables have one name"


def _of_parts(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            part = archive.read(name).decode(errors="replace")
            if "externalLink" in name or 'TargetMode="External"' in part:
                yield f"{name} leads out of the workbook"
            if "x14:" in part:
                yield f"{name} has an extension that other programs drop"
            if name.startswith("xl/worksheets/sheet") and re.search(r"<f>[^<]*(#REF!|INDIRECT|\[)", part):
                yield f"{name} has a formula that resolves to nothing certain"


def _of_sheet(sheet: Worksheet) -> Iterator[str]:
    if sheet["A1"].style != "Headline 1" or not sheet["A1"].value:
        yield "A1 is no tagged title"
    count = re.search(
        r"This worksheet contains (no|\d+) table", str(sheet["A2"].value) + str(sheet["A3"].value)
    )
    said = {"no": 0}.get(count[1]) if count and count[1] == "no" else int(count[1]) if count else None
    if said != len(sheet.tables):
        yield f"the sheet says {said} tables and has {len(sheet.tables)}"
    if sheet.merged_cells.ranges:
        yield "cells are merged"
    if len(sheet.title) > 31:
        yield "its name is too long"
    if (sheet.page_setup.paperSize, sheet.page_setup.orientation) != (9, "landscape") or not sheet.print_area:
        yield "it is not set up for print"
    if sheet.freeze_panes and not any("Freeze Panes" in str(c.value) for row in sheet["A2:A4"] for c in row):
        yield "panes are frozen and nothing says how to stop that"
    yield from _of_tables(sheet)
    yield from _of_cells(sheet)


def _of_tables(sheet: Worksheet) -> Iterator[str]:
    for table in sheet.tables.values():
        left, top, right, bottom = range_boundaries(table.ref)
        headings = [sheet.cell(top, column).value for column in range(left, right + 1)]
        if left != 1:
            yield f"the table {table.name} does not start in column A"
        if [column.name for column in table.tableColumns] != headings or len(set(headings)) < len(headings):
            yield f"the headings of {table.name} are not those of its columns"
        if table.autoFilter is not None:
            yield f"the table {table.name} has filters"
        # a table object has a row at least: the only one of a table that nobody has filled in yet is blank
        for row in range(top, bottom + 1 if bottom > top + 1 else top + 1):
            if all(sheet.cell(row, column).value is None for column in range(left, right + 1)):
                yield f"row {row} of {table.name} is blank"


def _of_cells(sheet: Worksheet) -> Iterator[str]:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            if cell.font.name != "Arial" or (cell.font.size or 0) < SMALLEST:
                yield f"{cell.coordinate} is in {cell.font.name} {cell.font.size}"
            fill = str(cell.fill.fgColor.rgb)[-6:] if cell.fill.fill_type else PAPER
            colour = cell.font.color.rgb if cell.font.color is not None else None
            ink = colour[-6:] if isinstance(colour, str) else INK
            if contrast(ink, fill) < ENOUGH_CONTRAST:
                yield f"{cell.coordinate} is hard to read: {ink} on {fill}"
            if isinstance(cell.value, str) and not cell.value.startswith("=") and _is_cut(sheet, cell):
                yield f"{cell.coordinate} is cut off: {cell.value}"
    for rules in sheet.conditional_formatting:
        for rule in rules.rules:
            fill = str(rule.dxf.fill.bgColor.rgb)[-6:]
            if contrast(INK, fill) < ENOUGH_CONTRAST:
                yield f"the colour {fill} is hard to read on"


def _is_cut(sheet: Worksheet, cell: Any) -> bool:
    """Whether a text has no room: neither in its cell, nor over empty cells to the right of it."""
    width = sheet.column_dimensions[cell.column_letter].width
    if cell.alignment.wrap_text:
        longest = max(map(len, cell.value.split()), default=0)
        return (1.1 if cell.font.bold else 1.0) * longest > width - 2
    place = cell.column + 1
    while place <= sheet.max_column and sheet.cell(cell.row, place).value is None:
        width += sheet.column_dimensions[get_column_letter(place)].width
        place += 1
    return len(cell.value) > width * 1.2


def _of_lists(book: Any, sheet: Worksheet) -> Iterator[str]:
    for check in sheet.data_validations.dataValidation:
        if len(check.prompt or "") > 255 or len(check.error or "") > 255:
            yield f"a message at {check.sqref} is too long"
        if len(check.promptTitle or "") > 32 or len(check.errorTitle or "") > 32:
            yield f"the title of a message at {check.sqref} is too long"
        if not check.prompt:
            yield f"{check.sqref} says nothing of what goes in"
        if check.type != "list":
            continue
        name, _, reach = check.formula1.partition("!")
        if name not in book.sheetnames:
            yield f"the list of {check.sqref} is nowhere"
            continue
        texts = [cell.value for row in book[name][reach.replace("$", "")] for cell in row]
        if not all(isinstance(text, str) and text and text == text.strip() for text in texts):
            yield f"the list of {check.sqref} has blanks in it: {texts}"
        if len(set(texts)) < len(texts):
            yield f"the list of {check.sqref} has something twice"


def contrast(one: str, other: str) -> float:
    """The ratio of contrast of two colours (RRGGBB), as WCAG 2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
