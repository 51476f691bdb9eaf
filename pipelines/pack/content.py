"""What a cell of a table holds: its value, its look, the words a reader sees, and the figure it shows."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from pipelines.pack.model import NUMBERS, Column, Figure, Link, Rating, Table
from pipelines.pack.words import day, mark

# Between a number and the edge of its cell, as wide as two brackets. It belongs to the format, as LibreOffice loses an
# indent from the right wherever words such as [z] and numbers stand side by side, and a row is out of line.
EDGE = "_)_)"
MONEY = f"£#,##0{EDGE};-£#,##0{EDGE}"
DAY, MOMENT = "d mmm yyyy", "d mmm yyyy hh:mm"


class Style(NamedTuple):
    """What a cell is; the renderer knows what that looks like."""

    role: str
    format: str = ""
    rating: str = ""


PLAIN = Style("cell")


class Content(NamedTuple):
    """A cell's value as the workbook holds it, its look, and the value as a reader sees it."""

    value: str | int | float | date
    style: Style
    shown: str


def figure_of(table: Table, column: Column, row: Mapping[str, Any]) -> Figure | None:
    """The figure that a cell shows, or None where its words are the pack's own or say a rating again."""
    value = row[column.name]
    if column.kind == "word":
        return None
    if isinstance(value, Figure):
        return (
            value if value.inputs or value.method else None
        )  # there is nothing to show, and nothing to trace
    if column.has_figures and table.mart:
        return Figure(value, (f"{table.mart}:{row['row_id']}:{column.name}",))
    return None


def content(column: Column, row: Mapping[str, Any], scale: Mapping[str, Rating], *, is_tidy: bool) -> Content:
    """What the row's cell in this column holds. The row has been checked."""
    value = row[column.name]
    value = value.value if isinstance(value, Figure) else value
    if value is None:
        return _missing(column, row, is_tidy=is_tidy)
    if isinstance(value, Link):
        return Content(value.text, Style("link in table"), value.text)
    match column.kind:
        case "number":
            places = int(row[column.places] if isinstance(column.places, str) else column.places)
            decimals = f".{'0' * places}" if places else ""
            return Content(
                value, Style("number", f"#,##0{decimals}{EDGE}"), f"{no_minus(value, places):,.{places}f}"
            )
        case "share":
            return Content(value, Style("number", f"0.0%{EDGE}"), f"{no_minus(value, SHARE_PLACES):.1%}")
        case "money":
            sign = "-" if round(value) < 0 else ""
            return Content(value, Style("number", MONEY), f"{sign}£{abs(value):,.0f}")
        case "date":
            return Content(value, Style("date", DAY), day(value))
        case "moment":
            return Content(value, Style("date", MOMENT), f"{day(value)} {value:%H:%M}")
        case "rating":
            return _words(f"{scale[value].glyph} {value}", Style("rating", rating=value))
        case "word":
            code = row[column.status] if column.status else None
            # u says something of a rating that is there; x and z say why there is none
            return _words(f"{scale[value].word} {mark(code)}" if code == "u" else scale[value].word)
        case "course":
            return _words("", Style("course"))
        case "yes_no":
            return _words("Yes" if value else "No")
        case _:
            return _words(value)


SHARE_PLACES = 3  # of a share that is shown as a percentage with one decimal


def no_minus(value: float, places: int) -> float:
    """The value, but for what rounds to nought from below: -0 is no number to anybody."""
    return 0.0 if round(value, places) == 0 else value


def _words(text: str, style: Style = PLAIN) -> Content:
    return Content(text, style, text)


def _missing(column: Column, row: Mapping[str, Any], *, is_tidy: bool) -> Content:
    """Shorthand for why there is nothing; on a tidy sheet the cell of a number or date stays empty."""
    code = (row[column.status] if column.status else None) or column.missing
    if column.kind == "word":
        return _words("Not applicable" if code == "z" else "No rating")
    if column.kind in (*NUMBERS, "date", "moment"):
        style = Style("no number", f"@{EDGE}") if column.kind in NUMBERS else PLAIN
        return _words("" if is_tidy else mark(code), style)
    return _words(mark(code))
