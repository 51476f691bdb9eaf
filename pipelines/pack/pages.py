"""How a laid-out sheet falls on pages: how far to the right it is printed, and where a page must end.

Excel and LibreOffice reckon with the printer's own type, so all of it is a careful estimate: a title has room to
spare, and a page ends a little early rather than with the heading of a table alone at its foot.
"""

from pipelines.pack.chart_places import EMPTY_ROW, ChartPlace
from pipelines.pack.layout import TEXT, Laid, Place

DIGIT = 6.75  # points that a digit of the body takes, and so a column for each character of its width
PER_CHARACTER = {
    "title": 1.6,
    "heading": 1.25,
}  # width of a letter in digits
PAGE_WIDTH, PAGE_HEIGHT = 784.0, 517.0  # points of A4 across within our margins
SPARE_COLUMN = 9.0  # characters: the width of a column that nobody set
LITTLE = 0.25  # of a page: with no more than that on it, a table begins there and is parted, or the page were empty
FIRST_ROWS = 3  # rows of a table that stay with its heading


def printed_columns(laid: Laid) -> int:
    """Columns to print: those of the tables, and as many empty ones as the longest line beside no table needs."""
    in_table = {row for place in laid.places for row in range(place.first_row, place.last_row + 1)}
    lines = [cell for cell in laid.cells if cell.row not in in_table]
    needed = max(
        (len(c.content.shown) * PER_CHARACTER.get(c.content.style.role, TEXT) for c in lines), default=0.0
    )
    missing = max(0.0, needed - sum(laid.widths))
    return len(laid.widths) + int(-(-missing // SPARE_COLUMN))


def printed_scale(laid: Laid) -> float:
    """How large the sheet is printed: 1 is as on the screen."""
    extra = printed_columns(laid) - len(laid.widths)
    return min(1.0, PAGE_WIDTH / ((sum(laid.widths) + extra * SPARE_COLUMN) * DIGIT))


def printed_rows(laid: Laid) -> int:
    """Rows to print: all, or of a sheet for other programs only what stands above its table."""
    if laid.sheet.is_tidy and laid.places:
        return laid.places[0].first_row - 1
    return laid.last_row


def page_ends(laid: Laid) -> list[int]:
    """Rows after which a page ends: a table that a page holds is on one, and the title of another is followed by rows.

    Every end is named. A face that is wider than ours makes the print smaller and leaves room at the foot of a page,
    and the pages stay the same.
    """
    if laid.sheet.is_one_page or laid.sheet.is_tidy:
        return []
    room = PAGE_HEIGHT / printed_scale(laid)
    repeated = laid.heights.get(repeated_row(laid), 0.0)
    headings = {place.title_row: place for place in laid.places}
    noted = {place.first_row: place for place in laid.places if place.table.notes}
    # any other heading stays with the line below it
    lone = {cell.row for cell in laid.cells if cell.content.style.role == "heading"} - headings.keys()
    charts = dict(_with_charts(laid, chart) for chart in laid.charts)
    beside = {row for chart in laid.charts for row in range(chart.row + 1, chart.last_row + 1)}
    ends: list[int] = []
    used = 0.0
    for row in range(1, laid.last_row + 1):
        height = _height(laid, row)
        least = height + _height(laid, row + 1) if row in lone else height
        most = room - repeated if used > room * LITTLE else 0.0
        together = _together(laid, headings[row], most) if row in headings else least
        together = max(
            together, charts.get(row, 0.0), _below_notes(laid, noted[row], most) if row in noted else 0.0
        )
        if row > 1 and used + together > room and row not in beside:
            ends.append(row - 1)
            used = repeated
        used += height
    return ends


def repeated_row(laid: Laid) -> int:
    """The row printed again on each page that follows it: the headings of the only table, or the title.

    A sheet has one such row. Where no page holds one of several tables, it is the headings of the first such table, if
    those that follow it have the same: so it is true of whatever it stands above.
    """
    if laid.sheet.is_tidy or not laid.places:
        return 1
    if len(laid.places) == 1:
        return laid.places[0].first_row
    room = PAGE_HEIGHT / printed_scale(laid) - laid.heights[1]
    wholes = [_of_rows(laid, place.first_row, place.last_row) for place in laid.places]
    first = next((number for number, whole in enumerate(wholes) if whole > room), None)
    if first is None:
        return 1
    headings = [[column.heading for column in place.table.columns] for place in laid.places[first:]]
    return laid.places[first].first_row if all(each == headings[0] for each in headings) else 1


def _with_charts(laid: Laid, chart: ChartPlace) -> tuple[int, float]:
    """From which row on a chart stays with its heading or with what is beside it, and how high all that is."""
    beside = [place.last_row for place in laid.places if chart.row <= place.title_row <= chart.last_row]
    is_beside = any(cell.row == chart.row for cell in laid.cells)
    first = chart.row if is_beside else chart.row - 1
    return first, _of_rows(laid, first, max([chart.last_row, *beside]))


def _together(laid: Laid, place: Place, most: float) -> float:
    """The height of what is not parted: a table no higher than `most`, its title and notes, or these and first rows."""
    whole = _of_rows(laid, place.title_row, place.last_row)
    if whole <= most:
        return whole
    if place.table.notes and _below_notes(laid, place, most):
        return _of_rows(laid, place.title_row, place.first_row - 1)
    return _of_rows(laid, place.title_row, min(place.last_row, place.first_row + FIRST_ROWS))


def _below_notes(laid: Laid, place: Place, most: float) -> float:
    """The height of a table whose title and notes may stand on the page before; nought where it is parted anyway."""
    whole = _of_rows(laid, place.first_row, place.last_row)
    return whole if whole <= most else 0.0


def _of_rows(laid: Laid, first: int, last: int) -> float:
    return sum(_height(laid, row) for row in range(first, last + 1))


def _height(laid: Laid, row: int) -> float:
    return laid.heights.get(row, EMPTY_ROW)
