"""The pack as data: sheets of titled tables and sentences; `sound` checks them before anything is written.

Sheet modules say what a sheet holds; `layout` says where, `render` how it looks. A figure is a value that
stands in a mart; it knows its figure_id (mart:row_id:column_name), and so its way back to a partner's cell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from pipelines.pack.bars import Bars

Kind = Literal["text", "number", "share", "money", "date", "moment", "yes_no", "rating", "word", "course"]
FIGURES: frozenset[Kind] = frozenset({"number", "share", "money", "date", "yes_no", "rating"})
NUMBERS: frozenset[Kind] = frozenset({"number", "share", "money"})


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
