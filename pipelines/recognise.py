"""Which contract does this table answer to? By its headings, never by the file's name.

A sheet may hold several tables, each starting anywhere. Exactly one contract must answer for each:
a row of headings that two contracts explain equally well is refused, not settled by the alphabet.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from pipelines.cells import Cell, Sheet
from pipelines.contract import Column, Contract
from pipelines.headings import plain

# What a partner writes into the first line of a return that has nothing to report.
NIL = {"nil", "nil return", "none", "nothing to report", "no activity", "no change nil return"}


@dataclass(frozen=True)
class Table:
    """A table found on a sheet. Rows and columns count from 0; `end_row` is the first row after it.

    `top_row` is the first row of what stands above its headings: title, labels.
    """

    contract: Contract
    sheet: Sheet
    top_row: int
    header_row: int
    end_row: int
    columns: dict[int, str]
    unknown: tuple[Cell, ...]
    missing: tuple[Column, ...]


@dataclass(frozen=True)
class Recognised:
    """What a sheet turned out to hold."""

    sheet: Sheet
    tables: tuple[Table, ...] = ()
    problem: str | None = None
    problem_cell: str | None = None
    is_near: bool = False  # two headings of one return or more: somebody meant it as a return


@dataclass(frozen=True)
class _Match:
    contract: Contract
    columns: dict[int, str] = field(default_factory=dict)
    unknown: tuple[Cell, ...] = ()

    @property
    def missing(self) -> tuple[Column, ...]:
        found = set(self.columns.values())
        return tuple(column for column in self.contract.required if column.name not in found)

    @property
    def misfit(self) -> int:
        return len(self.missing) + len(self.unknown)

    @property
    def answers(self) -> bool:
        """At least two headings, half of those the contract requires, and half of those there are."""
        found = len(self.columns)
        required = len(self.contract.required)
        return found >= 2 and 2 * (required - len(self.missing)) >= required and found >= len(self.unknown)


def recognise(sheet: Sheet, contracts: Iterable[Contract]) -> Recognised:
    """The tables of a sheet, or one sentence on why it can't be said which they are."""
    contracts = list(contracts)
    headers: list[tuple[int, _Match]] = []
    nearest: tuple[int, _Match] | None = None
    rows = _rows(sheet)
    for row, cells in sorted(rows.items()):
        texts = [cell for cell in cells if isinstance(cell.value, str)]
        if len(texts) < 2 or 2 * len(texts) < len(cells):
            continue
        matches = sorted((_match(contract, texts) for contract in contracts), key=lambda m: m.misfit)
        answering = [match for match in matches if match.answers]
        if not answering:
            best = max(matches, key=lambda m: len(m.columns))
            if best.columns and (nearest is None or len(best.columns) > len(nearest[1].columns)):
                nearest = (row, best)
            continue
        if len(answering) > 1 and answering[0].misfit == answering[1].misfit:
            names = " and ".join(match.contract.title for match in answering[:2])
            return Recognised(
                sheet,
                problem=f"These headings answer to {names} equally well. "
                "Keep the headings of the template, so that it is clear which return this is.",
                problem_cell=texts[0].address,
                is_near=True,
            )
        headers.append((row, answering[0]))
    if not headers:
        is_near = nearest is not None and len(nearest[1].columns) > 1
        return Recognised(sheet, (), *_unknown(nearest), is_near)
    tops = [0, *(_top(rows, above, row) for (above, _), (row, _) in pairwise(headers))]
    ends = [*tops[1:], max(rows) + 1]
    return Recognised(
        sheet,
        tuple(
            Table(match.contract, sheet, top, row, end, match.columns, match.unknown, match.missing)
            for (row, match), top, end in zip(headers, tops, ends, strict=True)
        ),
    )


def _top(rows: dict[int, list[Cell]], above: int, header: int) -> int:
    """Where what stands above a lower table begins: at the gap that ends the table before it.

    Titles and labels between two tables are no records of the upper one.
    """
    top = header
    for row in range(header - 1, above, -1):
        if row not in rows:
            top = row
        elif not _is_title_or_label(rows[row]):
            break
    return top


def _is_title_or_label(cells: list[Cell]) -> bool:
    first = cells[0].value
    if not isinstance(first, str) or plain(first) in NIL:
        return False
    return len(cells) == 1 or first.rstrip().endswith(":")


def _rows(sheet: Sheet) -> dict[int, list[Cell]]:
    rows: dict[int, list[Cell]] = {}
    for (row, _), cell in sorted(sheet.cells.items()):
        rows.setdefault(row, []).append(cell)
    return rows


def _match(contract: Contract, texts: list[Cell]) -> _Match:
    columns: dict[int, str] = {}
    unknown = []
    for cell in texts:
        name = contract.by_heading.get(plain(str(cell.value)))
        if name is None or name in columns.values():
            unknown.append(cell)
        else:
            columns[cell.column] = name
    return _Match(contract, columns, tuple(unknown))


def _unknown(nearest: tuple[int, _Match] | None) -> tuple[str | None, str | None]:
    """The sentence for a sheet on which headings were found, but not enough of any one return."""
    if nearest is None:
        return None, None
    row, match = nearest
    missing = ", ".join(f"'{column.header}'" for column in match.missing[:5])
    return (
        f"No return was recognised here. Row {row + 1} comes nearest to {match.contract.title}, "
        f"but has only {len(match.columns)} of its headings; {missing} would be needed.",
        None,
    )
