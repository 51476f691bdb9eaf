"""A table of a sheet as the page has it, and what its figures are called."""

from textwrap import shorten
from typing import Any

from pipelines.pack.charts import Chart
from pipelines.pack.layout import Cell, Laid, Place
from pipelines.pack.model import Pack
from pipelines.web.anchors import Places
from pipelines.web.svg import course

WIDE = 60  # characters, from which on a cell of words asks for room
# columns: of sentences, from which on rows are cards, and that a card has at most
SENTENCES, MOST_OF_A_CARD = 2, 9
LONGEST = 2 * WIDE  # of what heads a row, and of what a row is about
BETWEEN = " · "  # the words of a figure's name
Cells = dict[tuple[int, int], Cell]


def table(
    place: Place,
    laid: Laid,
    cells: Cells,
    by_id: dict[str, Chart],
    pack: Pack,
    at: Places,
) -> dict[str, Any]:
    """A table with rows for the page's template, each cell with its looks and where it leads."""
    columns = range(1, len(place.table.columns) + 1)
    courses = dict(laid.courses)
    sheet, page = laid.sheet.name, at.sheets[laid.sheet.name]
    head = _head(place, cells)

    def shown(row: int, column: int) -> dict[str, Any]:
        cell = cells[row, column]
        role = cell.content.style.role
        rating = pack.scale[cell.content.style.rating] if cell.content.style.rating else None
        has_source = (sheet, cell.address) in at.sourced
        leads_to = cell.source_of if (sheet, cell.source_of) in at.sourced else ""
        # a partner's words stay words; what leads to their source is the mark behind them
        is_words = has_source and not cell.source_of and rating is None
        return {
            "text": cell.content.shown,
            "is_head": column == head,
            "is_wide": place.table.columns[column - 1].kind == "text" and len(cell.content.shown) > WIDE,
            "is_number": role in ("number", "no number"),
            "rating": rating,
            "id": f"{page}-{cell.address}" if has_source else "",
            "source": f"p-{page}-{leads_to}" if leads_to else "",
            "mark": f"p-{page}-{cell.address}" if is_words else "",
            "course": course(by_id[courses[cell.address]]) if cell.address in courses else "",
            "page": at.sheets.get(cell.link, ""),
        }

    rows = [[shown(row, column) for column in columns] for row in _rows(place)]
    wide = {number for row in rows for number, cell in enumerate(row) if cell["is_wide"]}
    return {
        "kind": "table",
        # on a telephone two columns of sentences push all others off the screen: there each row is a card
        "is_stacked": len(wide) >= SENTENCES and len(columns) <= MOST_OF_A_CARD,
        "name": place.table.name,
        "title": place.table.title,
        "notes": list(place.table.notes),
        "headings": [
            shown(place.first_row, column)
            | {"is_number": cells[place.first_row, column].content.style.role == "number heading"}
            for column in columns
        ],
        "rows": rows,
    }


def figure_names(laid: Laid) -> dict[str, str]:
    """What each figure of a sheet is, by its cell: its column, what its row is about, and its table."""
    cells = {(cell.row, cell.column): cell for cell in laid.cells}
    names: dict[str, str] = {}
    for place in laid.places:
        telling = _telling(place, cells)
        for row in _rows(place):
            about = [cells[row, column] for column in telling]
            for number, column in enumerate(place.table.columns, 1):
                cell = cells[row, number]
                if cell.figure:
                    row_is = (
                        shorten(one.content.shown, LONGEST, placeholder=" …") for one in about if one != cell
                    )
                    names[cell.address] = BETWEEN.join((column.heading, *row_is, place.table.title))
    return names


def _telling(place: Place, cells: Cells) -> tuple[int, ...]:
    """The columns that say what a row is about: the first of words, and the next where that alone says too little."""
    kinds = [column.kind for column in place.table.columns]
    first = next((number for number, kind in enumerate(kinds, 1) if kind in ("text", "word")), 1)
    is_enough = kinds[first : first + 1] != ["text"] or _differs(first, place, cells)
    return (first,) if is_enough else (first, first + 1)


def _head(place: Place, cells: Cells) -> int:
    """The column that heads the rows: the first that says what they are about, or the next where it alone tells.

    On Summary a target's ref stands in several rows, each with a measure of its own.
    """
    telling = _telling(place, cells)
    first, last = telling[0], telling[-1]
    is_short = all(len(cells[row, last].content.shown) <= LONGEST for row in _rows(place))
    return last if is_short and _differs(last, place, cells) else first


def _differs(column: int, place: Place, cells: Cells) -> bool:
    """Whether each row has something else in a column."""
    words = [cells[row, column].content.shown for row in _rows(place)]
    return len(set(words)) == len(words)


def _rows(place: Place) -> range:
    return range(place.first_row + 1, place.last_row + 1)
