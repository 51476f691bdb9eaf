"""Whether sheets can be written as they stand: what Excel allows, and that every value is what its column says."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pipelines.house_style.sheet_names import LONGEST, is_allowed
from pipelines.pack.model import (
    NUMBERS,
    Column,
    Figure,
    Heading,
    Link,
    LinkList,
    PackError,
    Paragraph,
    Rating,
    Sheet,
    Table,
)

DATE_WIDTH = 12.4  # characters that 31 May 2004 takes with the space before it
TABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,254}")
LOOKS_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*")


def check(sheets: Sequence[Sheet], scale: Mapping[str, Rating]) -> None:
    """Raise one PackError that lists everything wrong with the sheets, or return in silence."""
    problems = [*_unique("sheet", [sheet.name for sheet in sheets])]
    problems += _unique("table", [table.name for sheet in sheets for table in sheet.tables])
    names = {sheet.name for sheet in sheets}
    for sheet in sheets:
        problems += _sheet_problems(sheet, names)
        for table in sheet.tables:
            problems += [f"Sheet {sheet.name}: {problem}" for problem in _table_problems(table, scale)]
    if problems:
        raise PackError("The pack was not written. " + " ".join(problems))


def _unique(what: str, names: list[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            yield f"Two {what}s are called {name}."
        seen.add(name.casefold())


def _sheet_problems(sheet: Sheet, names: set[str]) -> Iterator[str]:
    name = sheet.name
    if not name or len(name) > LONGEST:
        yield f"A sheet's name needs 1 to {LONGEST} characters; found {name!r}."
    if name and not is_allowed(name):
        yield f"Excel allows no sheet called {name!r}."
    if not sheet.title.strip():
        yield f"Sheet {name} has no title."
    if not sheet.blocks:
        yield f"Sheet {name} is blank."
    for block in sheet.blocks:
        if isinstance(block, Heading | Paragraph) and not block.text.strip():
            yield f"Sheet {name} has a blank {type(block).__name__.lower()}."
    for link in _links(sheet):
        if link.sheet not in names:
            yield f"Sheet {name} links to {link.sheet}, which is not in the pack."


def _links(sheet: Sheet) -> Iterator[Link]:
    for block in sheet.blocks:
        if isinstance(block, LinkList):
            yield from block.links
        if isinstance(block, Table):
            yield from (value for row in block.rows for value in row.values() if isinstance(value, Link))


def _table_problems(table: Table, scale: Mapping[str, Rating]) -> Iterator[str]:
    if not TABLE_NAME.fullmatch(table.name) or LOOKS_LIKE_A_CELL.fullmatch(table.name):
        yield f"Excel allows no table called {table.name!r}."
    if not table.title.strip() or not table.empty.strip():
        yield f"Table {table.name} needs a title, and a sentence for when it is empty."
    if any(not note.strip() for note in table.notes):
        yield f"Table {table.name} has a blank note."
    if not table.columns:
        yield f"Table {table.name} has no columns."
    headings = [column.heading for column in table.columns]
    if any(not heading.strip() or "\n" in heading for heading in headings):
        yield f"Table {table.name} has a blank or broken heading: {headings}."
    yield from (f"Table {table.name}: {p}" for p in _unique("column", headings))
    for column in table.columns:
        if column.kind == "date" and column.width is not None and column.width < DATE_WIDTH:
            yield f"Table {table.name}: {column.heading!r} is so narrow that Excel shows ### and no date."
    for column, following in zip(table.columns, [*table.columns[1:], None], strict=True):
        if column.kind == "rating" and (
            following is None or (following.name, following.kind) != (column.name, "word")
        ):
            yield f"Table {table.name}: the rating {column.heading!r} has no column of words beside it."
    asked = [column for column in table.columns if not _is_plainly_text(column, table)]
    for number, row in enumerate(table.rows, 1):
        for column in asked:
            yield from (
                f"Table {table.name}, row {number}: {p}" for p in _value_problems(column, row, table, scale)
            )


def _is_plainly_text(column: Column, table: Table) -> bool:
    """Whether there is nothing to ask of each value: words, or none, that stand for themselves."""
    if column.kind != "text" or column.status or (column.has_figures and table.mart):
        return False
    return {type(row.get(column.name, 0)) for row in table.rows} <= {str, type(None)}


def _value_problems(
    column: Column, row: Mapping[str, Any], table: Table, scale: Mapping[str, Rating]
) -> Iterator[str]:
    needed = [column.name, column.status, column.places if isinstance(column.places, str) else ""]
    if column.has_figures and table.mart and not isinstance(row.get(column.name), Figure):
        needed.append("row_id")
    absent = [name for name in needed if name and name not in row]
    if absent:
        yield f"there is no value called {' or '.join(absent)}."
        return
    value = row[column.name]
    value = value.value if isinstance(value, Figure) else value
    if value is None:
        return
    if column.kind in NUMBERS:
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            yield f"{column.heading} must be a finite number; found {value!r}."
    elif column.kind in ("date", "moment"):
        if not isinstance(value, date) or value.year < 1900:
            yield f"{column.heading} must be a date from 1900 on; found {value!r}."
    elif column.kind in ("rating", "word"):
        if value not in scale:
            yield f"{column.heading} is {value!r}, which is not on the framework's rating scale."
    elif column.kind == "yes_no":
        if not isinstance(value, bool):
            yield f"{column.heading} must be yes or no; found {value!r}."
    elif not isinstance(value, str | Link):
        yield f"{column.heading} must be text; found {value!r}."
