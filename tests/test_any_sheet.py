"""Whatever a sheet looks like, nothing of it is lost: each cell has exactly one fate, in every sum and by name."""

import random
from collections.abc import Iterator
from datetime import date

import duckdb
import pytest
from grids import CONTEXT, contracts, opened, sample_framework

from pipelines.cells import Cell, CellError, Sheet, Value
from pipelines.contract import Contract
from pipelines.judge.intake import judge_returns
from pipelines.judge.judged import Judged
from pipelines.marts.load import load

TEXTS: list[Value] = [
    "H4",
    "NRF01",
    "Salford",
    "2002",
    "53.8",
    "n/a",
    "Total",
    "Grand total",
    "Nil return",
    "None",
]
TEXTS += [
    "(a) note",
    "* provisional",
    "Partner:",
    "Police",
    "Quarter:",
    " odd\ntext ",
    "Nil return: yes",
    "12%",
]
TEXTS += ["Completed by the performance officer of the partnership", "Organisation: PCT", "Spend", "Value"]
OTHERS: list[Value] = [12, 53.8, -3, 0, date(2004, 7, 1), True, CellError("#REF!"), CellError("uncalculated")]
LABELS = {(0, 0): "Partner", (0, 1): "PCT", (1, 0): "Quarter", (1, 1): "Q1 2004/05"}


def table(chance: random.Random, of: Contract, row: int, column: int) -> dict[tuple[int, int], Value]:
    """A table of the contract somewhere: some headings missing or moved, examples with holes, totals, junk."""
    columns = [c for c in of.columns if c.required or chance.random() < 0.7]
    if chance.random() < 0.2:
        columns = chance.sample(columns, chance.randint(1, len(columns)))
    cells: dict[tuple[int, int], Value] = {}
    for place, c in enumerate(columns, start=column):
        cells[row, place] = chance.choice(c.headings)
    for line in range(row + 1, row + 1 + chance.randint(0, 5)):
        example = chance.choice(of.examples["accepted"])
        for place, c in enumerate(columns, start=column):
            if c.name in example and chance.random() < 0.95:
                cells[line, place] = example[c.name]
            elif chance.random() < 0.05:
                cells[line, place] = chance.choice(TEXTS + OTHERS)
    return cells


def any_sheet(chance: random.Random, name: str) -> Sheet:
    """A sheet such as might come: labels or none, up to three tables and anything around and among them."""
    returns = [of for of in contracts().values() if not of.is_framework]
    cells: dict[tuple[int, int], Value] = dict(LABELS) if chance.random() < 0.8 else {}
    row = chance.randint(2, 4)
    for _ in range(chance.choice([0, 1, 1, 1, 2, 3])):
        cells |= table(chance, chance.choice(returns), row, chance.choice([0, 0, 0, 1, 3]))
        row = max(row for row, _ in cells) + chance.randint(1, 4)
    for _ in range(chance.choice([0, 0, 1, 2, 8])):
        cells[chance.randint(0, row), chance.randint(0, 12)] = chance.choice(TEXTS + OTHERS)
    merges = tuple(
        (r, c, r + chance.randint(0, 3), c + chance.randint(0, 2)) for r, c in cells if chance.random() < 0.03
    )
    return Sheet(
        name=name,
        cells={place: Cell(*place, value) for place, value in cells.items()},
        counted=len(cells),
        visibility=chance.choice(["visible"] * 9 + ["hidden", "very hidden"]),
        merges=merges,
        hidden_rows=frozenset(r for r in range(row) if chance.random() < 0.03),
    )


@pytest.fixture(scope="module")
def judged() -> Judged:
    """Three hundred sheets in 150 files, judged by the sample framework."""
    chance = random.Random(2004)
    files = [opened(n, *(any_sheet(chance, name) for name in "AB"), folder="inbox") for n in range(150)]
    return judge_returns(sample_framework(), files, CONTEXT)


@pytest.fixture(scope="module")
def database(judged: Judged) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same, loaded: that alone checks every sum."""
    with duckdb.connect() as connection:
        load(judged, connection)
        yield connection


def test_every_cell_has_one_fate(judged: Judged, database: duckdb.DuckDBPyConnection) -> None:
    drawn = [
        (file.receipt.file_id, drawing.name, cell.address)
        for file in judged.files
        for drawing in file.book.sheets
        for cell in drawing.cells.values()
    ]
    placed = database.execute("select file_id, sheet, cell from staging.cells").fetchall()
    assert sorted(placed) == sorted(drawn)


def test_loaded_cells_and_no_others_stand_in_rows(database: duckdb.DuckDBPyConnection) -> None:
    names = [of.full_name for of in contracts().values()]
    standing = " union all ".join(f"select row_id from {name.replace('.', '.received_')}" for name in names)
    values = f"select file_id, sheet, cell from staging.row_cells inner join ({standing}) using (row_id)"
    fates = database.execute(
        f"""
        select disposition, count(*), count(*) filter ((file_id, sheet, cell) in ({values}))
        from staging.cells inner join staging.files using (file_id)
        where folder = 'inbox' and not ends_with(coalesce(cells.reason, ''), '_readable')
        group by all order by disposition
        """
    ).fetchall()
    (_, entered, entered_in_rows), (_, outside, outside_in_rows), (_, refused, refused_in_rows) = fates
    assert (entered_in_rows, outside_in_rows, refused_in_rows) == (entered, 0, 0)
    assert min(entered, outside, refused) > 200
