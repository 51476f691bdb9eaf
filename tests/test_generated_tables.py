"""Random tables in random places with random clutter: what was put in is what comes out, cell for cell, or is told.

The same records are drawn as a table, with their periods across, and as a form. Whatever stands around them, each
must give them back, from the very cells they were drawn in, and every other cell must have one place outside.
"""

import os
from dataclasses import dataclass, field, replace
from typing import Any

from grids import contract, receipt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.cells import Book, Cell, Sheet, Value
from pipelines.contract import Column
from pipelines.framework.references import Reference, References
from pipelines.marts.dispositions import cell_rows, refusals
from pipelines.parse import as_typed
from pipelines.submission import FileRead
from pipelines.submission.file import read_file

SERIES = contract(
    Column("ref", "Indicator ref", "text", required=True, aliases=("Indicator",)),
    Column("period", "Period", "period", required=True, aliases=("Time period",)),
    Column("value", "Value", "number", required=True, aliases=("Figure",)),
    Column("note", "Comment", "text"),
    name="series",
    title="Series",
    key=["ref", "period"],
)
SPEND = contract(
    Column("project", "Project ref", "text", required=True),
    Column("spent", "Spent so far (£)", "money", required=True),
    name="spend",
    title="Spend",
)
REFERENCES: References = {
    "framework.partners": Reference("Partners", ids={"pct": "pct"}),
    "framework.calendar": Reference("Calendar", facts={"2004-05-Q1": {}}),
}
PERIODS = ["2001", "2002/03", "Apr to Jun 2004", "2000 to 2002", "Jun 2004"]
Place = tuple[int, int]
Put = dict[Place, Value]

# What people write in comments: anything at all, words that mean something to us among it.
notes = st.one_of(
    st.none(),
    st.sampled_from(
        ["Total", "nil", "n.b. low", "see (a)", "=1+1", "Value", "12%", "Example", "Partner: Police"]
    ),
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn", "Z")), min_size=1, max_size=20),
)
values = st.one_of(st.integers(1, 10**6), st.floats(0.001, 10**6).map(lambda x: round(x, 3)))
titles = st.sampled_from(
    [
        "Quarterly figures",
        "Figures for the LSP",
        "Draft",
        "Notes overleaf",
        "Contact: the performance office",
        "2004",
    ]
)
footnotes = st.sampled_from(
    [
        "* provisional",
        "Source: the register",
        "Note: counts may change as records are checked",
        "(a) since revised",
        "These figures were taken from the register on the last day of the month.",
    ]
)


@dataclass(frozen=True)
class Record:
    ref: str
    period: str
    value: float
    note: str | None


@dataclass
class Drawing:
    """A sheet under the pencil: what is put where, which cells hold records, and what else is true of it."""

    cells: Put = field(default_factory=dict)
    held: dict[str, dict[str, Place]] = field(default_factory=dict)  # record → column → its cell
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)

    def put(self, row: int, column: int, value: Value | None) -> None:
        if value is not None:
            self.cells[row, column] = value


@st.composite
def records(draw: Any, *, one_note_per_ref: bool = False) -> list[Record]:
    """One to eight records, no two of the same indicator and period."""
    refs = draw(
        st.lists(
            st.from_regex(r"[A-Z]{1,3}_?[A-Z0-9]{1,4}", fullmatch=True), min_size=1, max_size=4, unique=True
        )
    )
    found = []
    for ref in refs:
        note = draw(notes)
        for period in draw(st.lists(st.sampled_from(PERIODS), min_size=1, max_size=3, unique=True)):
            text = note if one_note_per_ref else draw(notes)
            found.append(Record(ref, period, draw(values), text))
    return found


@st.composite
def beginnings(draw: Any, drawing: Drawing) -> tuple[int, int]:
    """Titles and labels at the top; the place at which a table may begin."""
    row, left = 0, draw(st.integers(0, 4))
    for _ in range(draw(st.integers(0, 3))):
        drawing.put(row, draw(st.integers(0, 4)), draw(titles))
        row += draw(st.integers(1, 2))
    drawing.put(row, left, "Partner:")
    drawing.put(row, left + 1, "PCT")
    return row + draw(st.integers(1, 3)), left


def _end(draw: Any, drawing: Drawing, row: int, left: int) -> None:
    """Footnotes under a table, after a gap or without."""
    row += draw(st.integers(0, 2))
    for _ in range(draw(st.integers(0, 2))):
        drawing.put(row, left, draw(footnotes))
        row += 1


def _held(drawing: Drawing, record: Record, places: dict[str, Place]) -> None:
    drawing.held[f"{record.ref} {record.period}"] = places


@st.composite
def tables(draw: Any) -> tuple[list[Record], Drawing]:
    """A row per record, columns in any order, a strange column among them or none, blank lines, a total."""
    drawing, made = Drawing(), draw(records())
    top, left = draw(beginnings(drawing))
    names = draw(st.permutations(["ref", "period", "value", "note"] + ["strange"] * draw(st.integers(0, 1))))
    if names[0] == "note":  # where a line begins, the word makes it an example
        made = [replace(r, note="for one") if r.note == "Example" else r for r in made]
    headings = {"strange": "Mood of the team"}
    for n, name in enumerate(names):
        heading = headings.get(name) or draw(st.sampled_from(SERIES.by_name[name].headings))
        drawing.put(
            top, left + n, draw(st.sampled_from([heading, heading.upper(), f" {heading} ", f"{heading}*"]))
        )
    row = top + 1
    for record in made:
        row += draw(st.sampled_from([0, 0, 0, 1]))
        at = {name: (row, left + n) for n, name in enumerate(names)}
        for name in ("ref", "period", "value", "note"):
            drawing.put(*at[name], getattr(record, name))
        if "strange" in at and draw(st.booleans()):
            drawing.put(*at["strange"], "good")
        _held(drawing, record, at)
        row += 1
    if draw(st.booleans()):
        drawing.put(row, left + names.index("ref"), "Total")
        drawing.put(row, left + names.index("value"), sum(record.value for record in made))
        row += 1
    _end(draw, drawing, row, left)
    return made, drawing


@st.composite
def crosstabs(draw: Any) -> tuple[list[Record], Drawing]:
    """A line per indicator, periods across in any order, with one line of headings or two."""
    drawing, made = Drawing(), draw(records(one_note_per_ref=True))
    top, left = draw(beginnings(drawing))
    periods = list(dict.fromkeys(record.period for record in made))
    deep = draw(st.booleans())
    foot = top + deep
    drawing.put(foot, left, "Indicator ref")
    for n, period in enumerate(periods, start=1):
        drawing.put(top, left + n, period)
        if deep:
            drawing.put(foot, left + n, draw(st.sampled_from(["Value", "Actual", "Figure"])))
    drawing.put(foot, left + len(periods) + 1, "Comment")
    row = foot + 1
    for ref in dict.fromkeys(record.ref for record in made):
        mine = [record for record in made if record.ref == ref]
        drawing.put(row, left, ref)
        drawing.put(row, left + len(periods) + 1, mine[0].note)
        for record in mine:
            column = left + 1 + periods.index(record.period)
            drawing.put(row, column, record.value)
            at = {"ref": (row, left), "value": (row, column), "note": (row, left + len(periods) + 1)}
            _held(drawing, record, at | {"period": (foot, column)})
        row += 1
    _end(draw, drawing, row + 1, left)
    return made, drawing


@st.composite
def forms(draw: Any) -> tuple[list[Record], Drawing]:
    """A block of labels per record."""
    drawing, made = Drawing(), draw(records())
    row, left = draw(beginnings(drawing))
    for record in made:
        at = {}
        for name, label in (
            ("ref", "Indicator ref"),
            ("period", "Period"),
            ("value", "Value"),
            ("note", "Comment"),
        ):
            if getattr(record, name) is None:
                continue
            drawing.put(row, left, draw(st.sampled_from([label, f"{label}:", label.upper()])))
            at[name] = (row, left + 1)
            drawing.put(*at[name], getattr(record, name))
            row += 1
        _held(drawing, record, at)
        row += draw(st.integers(0, 2))
    return made, drawing


def read(*drawings: Drawing) -> FileRead:
    sheets = [
        Sheet(
            f"Sheet{n}",
            {place: Cell(*place, value) for place, value in sorted(drawing.cells.items())},
            len(drawing.cells),
            merges=tuple(drawing.merges),
        )
        for n, drawing in enumerate(drawings)
    ]
    return read_file(receipt(), Book(tuple(sheets)), [SERIES, SPEND], REFERENCES)


def in_order(row: tuple[Any, ...]) -> str:
    """By what 1 and 1.0 have in common: they are one value to those who compare and two to those who spell it."""
    ref, period, value, note, cells = row
    return str((ref, period, value if value is None else float(value), note, cells))


def came_out(file: FileRead) -> list[tuple[Any, ...]]:
    """Reference, period, value and comment of every row of the series, and the cells of them."""
    found = []
    for submission in file.submissions.values():
        links = [*submission.tidied.links, *submission.tidied.heading_links]
        at = {(link.row_id, link.column_name): link.cell for link in links}
        for row in submission.tidied.rows if submission.contract is SERIES else ():
            cells = tuple(at.get((row["row_id"], name)) for name in ("ref", "period", "value", "note"))
            found.append((row["ref"], row["period_label"], row["value"], row["note__as_typed"], cells))
    return sorted(found, key=in_order)


def put_in(made: list[Record], drawing: Drawing) -> list[tuple[Any, ...]]:
    found = []
    for record in made:
        at = drawing.held[f"{record.ref} {record.period}"]
        cells = tuple(
            Cell(*at[name], "").address if getattr(record, name) is not None else None
            for name in ("ref", "period", "value", "note")
        )
        found.append((record.ref, record.period, record.value, record.note, cells))
    return sorted(found, key=in_order)


def has_one_place_for_each_cell(file: FileRead) -> bool:
    """cell_rows raises where a cell has none or two."""
    placed = cell_rows(file, refusals(file.findings))
    drawn = [
        (s.name, cell.address, as_typed(cell.value)) for s in file.book.sheets for cell in s.cells.values()
    ]
    return sorted((row.sheet, row.cell, row.as_typed) for row in placed) == sorted(drawn)


EXAMPLES = int(os.environ.get("LSP_GENERATED", "60"))  # of each kind; `make soak` asks for more
SOME = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@SOME
@given(tables())
def test_a_table_gives_its_records_back(drawn: tuple[list[Record], Drawing]) -> None:
    made, drawing = drawn
    file = read(drawing)
    assert came_out(file) == put_in(made, drawing)
    assert has_one_place_for_each_cell(file)
    strange = {cell for cell, value in drawing.cells.items() if value == "Mood of the team"}
    told = {finding.cell for finding in file.findings if finding.rule == "column_known"}
    assert told >= {Cell(*place, "").address for place in strange if place in drawing.cells}


@SOME
@given(crosstabs())
def test_a_crosstab_gives_its_records_back(drawn: tuple[list[Record], Drawing]) -> None:
    made, drawing = drawn
    file = read(drawing)
    assert came_out(file) == put_in(made, drawing)
    assert has_one_place_for_each_cell(file)


@SOME
@given(forms())
def test_a_form_gives_its_records_back(drawn: tuple[list[Record], Drawing]) -> None:
    made, drawing = drawn
    file = read(drawing)
    assert came_out(file) == put_in(made, drawing)
    assert has_one_place_for_each_cell(file)


@SOME
@given(tables(), st.integers(1, 3), st.integers(-2, 4), st.lists(values, min_size=1, max_size=4))
def test_a_table_beside_another_takes_nothing_from_it(
    drawn: tuple[list[Record], Drawing], gap: int, down: int, spent: list[float]
) -> None:
    made, drawing = drawn
    first = min(row for places in drawing.held.values() for row, _ in places.values())
    right = max(column for _, column in drawing.cells) + 1 + gap
    row = max(0, first - 1 + down)
    drawing.put(row, right, "Project ref")
    drawing.put(row, right + 1, "Spent so far (£)")
    for n, amount in enumerate(spent, start=1):
        drawing.put(row + n, right, f"NRF{n:02d}")
        drawing.put(row + n, right + 1, amount)
    file = read(drawing)
    assert came_out(file) == put_in(made, drawing)
    (other,) = [s for s in file.submissions.values() if s.contract is SPEND]
    assert [(r["project"], r["spent"]) for r in other.tidied.rows] == [
        (f"NRF{n:02d}", a) for n, a in enumerate(spent, 1)
    ]
    assert has_one_place_for_each_cell(file)


@SOME
@given(tables(), crosstabs())
def test_sheets_of_one_file_do_not_mix(
    drawn: tuple[list[Record], Drawing], across: tuple[list[Record], Drawing]
) -> None:
    file = read(drawn[1], across[1])
    assert came_out(file) == sorted([*put_in(*drawn), *put_in(*across)], key=in_order)
    assert has_one_place_for_each_cell(file)
