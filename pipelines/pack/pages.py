"""How a laid-out sheet falls on pages: how far to the right it is printed, and where a page must end.

Excel and LibreOffice reckon with the printer's own type, so all of it is a careful estimate: a title has room to
spare, and a page ends a little early rather than with the heading of a table alone at its foot.
"""

from pipelines.pack.layout import Laid, Place

DIGIT = 6.75  # points that a digit of the body takes, and so a column for each character of its width
PER_CHARACTER = {
    "title": 1.6,
    "heading": 1.25,
}  # width of a letter in digits; body text is narrower than them
TEXT = 0.95
PAGE_WIDTH, PAGE_HEIGHT = 784.0, 515.0  # points of A4 across within our margins
SPARE_COLUMN = 9.0  # characters: the width of a column that nobody set
EMPTY_ROW = 15.5  # points: a row with nothing in it, as those behind a chart
FIRST_ROWS = 3  # rows of a table that stay with its heading
EMPTY = 0.5  # of a page that is left so rather than that a table is parted


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
    """Rows after which a page ends, so that a table is on one page, or its heading is followed by rows of it.

    Every end is named. A face that is wider than ours makes the print smaller and leaves room at the foot of a page,
    and the pages stay the same.
    """
    if laid.sheet.is_one_page or laid.sheet.is_tidy:
        return []
    room = PAGE_HEIGHT / printed_scale(laid)
    repeated = laid.heights.get(repeated_row(laid), 0.0)
    headings = {place.first_row - 1: place for place in laid.places}
    # any other heading stays with the line below it
    lone = {cell.row for cell in laid.cells if cell.content.style.role == "heading"} - headings.keys()
    # the heading of charts stays with them
    charts = {chart.row - 1: (chart.last_row - chart.row + 3) * EMPTY_ROW for chart in laid.charts}
    ends: list[int] = []
    used = 0.0
    for row in range(1, laid.last_row + 1):
        height = _height(laid, row)
        least = height + _height(laid, row + 1) if row in lone else height
        most = room - repeated if used > room * EMPTY else 0.0
        together = _together(laid, headings[row], most) if row in headings else charts.get(row, least)
        if row > 1 and used + together > room:
            ends.append(row - 1)
            used = repeated
        used += height
    return ends


def repeated_row(laid: Laid) -> int:
    """The row printed again on each page that follows it: the headings of the only table, or the title.

    A sheet has one such row. Where the last of several tables is the only one that no page holds, it is its headings:
    whatever follows is that table.
    """
    if laid.sheet.is_tidy or not laid.places:
        return 1
    room = PAGE_HEIGHT / printed_scale(laid)
    long = [place for place in laid.places if _of_rows(laid, place.first_row - 1, place.last_row) > room]
    return laid.places[-1].first_row if len(laid.places) == 1 or long == laid.places[-1:] else 1


def _together(laid: Laid, place: Place, most: float) -> float:
    """The height of what is not parted: a table no higher than `most`, or its headings and first rows."""
    whole = _of_rows(laid, place.first_row - 1, place.last_row)
    first = min(place.last_row, place.first_row + FIRST_ROWS)
    return whole if whole <= most else _of_rows(laid, place.first_row - 1, first)


def _of_rows(laid: Laid, first: int, last: int) -> float:
    return sum(_height(laid, row) for row in range(first, last + 1))


def _height(laid: Laid, row: int) -> float:
    return laid.heights.get(row, EMPTY_ROW)
