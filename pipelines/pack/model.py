"""The pack as data: sheets of titled tables and sentences, checked before anything is written.

Sheet modules say what a sheet holds; `layout` says where, `render` how it looks. A figure is a value that
stands in a mart; it knows its figure_id (mart:row_id:column_name), and so its way back to a partner's cell.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from pipelines.house_style.sheet_names import LONGEST, is_allowed
from pipelines.pack.bars import Bars

Kind = Literal["text", "number", "share", "money", "date", "moment", "yes_no", "rating", "word", "course"]
FIGURES: frozenset[Kind] = frozenset({"number", "share", "money", "date", "yes_no", "rating"})
NUMBERS: frozenset[Kind] = frozenset({"number", "share", "money"})

DATE_WIDTH = 12.4  # characters that 31 May 2004 takes with the space before it
TABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,254}")
LOOKS_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*")


class PackError(Exception):
    """The pack can't be written as it stands; the message is for people."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A value whose source is not its own table's mart and column.

    Without a method the value is the one figure named in `inputs`; with one, it was made from them here,
    as the worst of several ratings is.
    """

    value: Any
    inputs: tuple[str, ...]
    method: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to another sheet of the pack."""

    text: str
    sheet: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: which value of each row it shows, and how.

    `places` is a number of decimals or the name of the row's value that holds it. Where a number is missing
    the cell shows the shorthand that the row's `status` names, or else `missing`. `is_figure` says that
    values stand in the table's mart under this column's name; left out, it follows from the kind. A "course" is a
    small drawing in the cell of how the measure went, whose target_id is the value.
    """

    name: str
    heading: str
    kind: Kind = "text"
    width: float | None = None
    places: int | str = 0
    missing: str = "x"
    status: str = ""
    is_figure: bool | None = None

    @property
    def has_figures(self) -> bool:
        return self.kind in FIGURES if self.is_figure is None else self.is_figure


def rating_columns(
    name: str, heading: str, *, is_figure: bool = True, missing: str = "x", status: str = ""
) -> list[Column]:
    """A rating's coloured letter and, beside it, the word, so that neither colour nor shape says it alone."""
    return [
        Column(name, heading, "rating", is_figure=is_figure, missing=missing, status=status),
        Column(name, f"{heading} in words", "word", missing=missing, status=status),
    ]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of one sheet. `name` is its name in the whole workbook; `empty` is said if it has no rows.

    `notes` are sentences about its rows, under its title: what is too long for a column. They go with its rows.

    One that `is_long`, the last of its sheet, may have hundreds of thousands of rows, so that no cell is made of them
    until they are written: plain values only, no figures, links or ratings.
    """

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    empty: str
    mart: str = ""
    is_long: bool = False
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class LinkList:
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Charts of measures, up to four beside each other; what they draw stands on Data_Charts.

    So many blocks as `beside` says, which follow, are narrow and stand to the left of the charts.
    """

    target_ids: Sequence[str]
    beside: int = 0


Block: TypeAlias = Table | Heading | Paragraph | LinkList | Drawing | Bars


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its tab's name, its title, its blocks in order and, for Contents, what it is for.

    `rating` is the overall rating of what it reports, where it has one, with its `mark`; `rated` says of how much,
    "1 of 3" measures, and `whose` that somebody gave it. `rests_on` says all that in short. A tidy sheet is for
    machines: no colour, and a missing number is an empty cell, explained in the column beside it.
    """

    name: str
    title: str
    blocks: Sequence[Block]
    purpose: str
    rating: Figure | None = None
    rated: str | None = None
    mark: str | None = None
    whose: str = ""
    rests_on: str = ""
    is_tidy: bool = False
    is_one_page: bool = False

    @property
    def tables(self) -> list[Table]:
        return [block for block in self.blocks if isinstance(block, Table)]


@dataclass(frozen=True, slots=True)
class Rating:
    """One step of the framework's rating scale; colours are six hexadecimal digits."""

    code: str
    word: str
    rank: int
    glyph: str
    fill: str
    font: str


@dataclass(frozen=True, slots=True)
class Pack:
    """What the workbook says about itself, and the scale it is rated on; `as_at` stands for the clock.

    `is_public`: its figures lead to no file of a partner's. `opening`: how it stands, and what must be read first.
    """

    title: str
    subject: str
    publisher: str
    run_id: str
    as_at: date
    scale: Mapping[str, Rating]
    is_public: bool = False
    opening: tuple[str, ...] = ()


def worst(figures: Sequence[Figure], scale: Mapping[str, Rating]) -> Figure:
    """The worst of several ratings, from all of them; no rating where none of them is one."""
    rated = [figure.value for figure in figures if figure.value is not None]
    value = max(rated, key=lambda code: scale[code].rank) if rated else None
    return Figure(
        value, tuple(i for figure in figures for i in figure.inputs), "The worst of the parts' ratings"
    )


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
