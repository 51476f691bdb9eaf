"""A reply that came back: what was written beside its queries, and which of its sheets are ours.

A reply says of itself what it answers, on a very hidden sheet: the hash of the file that was sent, and for each
query the findings that it stands for. So an answer finds its query again however the sheet was sorted or saved.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from pipelines.cells import Book, Cell, Sheet
from pipelines.findings import Answer
from pipelines.headings import plain
from pipelines.house_style.ours import LINES
from pipelines.parse import as_typed
from pipelines.personal_data import masked

ROUNDS = re.compile("[0-9]{1,6}")
PARENT, ROUND = "parent_sha256", "query_round"
NUMBER, ANSWER, SEVERITY = "no", "your answer", "severity"
OURS = ("queries", "receipt", "in the pack")


@dataclass(frozen=True)
class Returned:
    """A reply as it came back. `sheets` are those that hold no return, `answered` the cells with an answer.

    `asked` is the number of queries that it asked, `astray` what was written on its sheet of queries where no
    answer belongs. The texts of answers are without personal data.
    """

    parent_sha256: str
    query_round: int
    sheets: frozenset[str]
    asked: int = 0
    answers: tuple[Answer, ...] = ()
    answered: frozenset[tuple[str, int, int]] = frozenset()
    astray: tuple[tuple[str, Cell], ...] = ()


def read_returned(book: Book, file_id: str, received: datetime) -> Returned | None:
    """The reply that `book` is, with its answers; None if it is none."""
    hidden = next((sheet for sheet in book.sheets if sheet.name.strip().casefold() == LINES), None)
    rows = _rows(hidden) if hidden else []
    if not hidden or len(rows) < 2 or rows[0][0] != PARENT or rows[1][0] != ROUND:
        return None
    findings: dict[str, list[tuple[str, str]]] = {}
    for number, finding_id, *typed in rows[2:]:
        findings.setdefault(number, []).append((finding_id, typed[0] if typed else ""))
    ours = {hidden.name}
    answers: list[Answer] = []
    answered: set[tuple[str, int, int]] = set()
    astray: list[tuple[str, Cell]] = []
    for sheet in book.sheets:
        header = _header(sheet)
        if header or plain(sheet.name) in OURS:
            ours.add(sheet.name)
        for number, cell in _written_on(sheet, header):
            if number not in findings:
                astray.append((sheet.name, cell))
                continue
            answered.add((sheet.name, cell.row, cell.column))
            answers += [
                Answer(
                    finding_id=finding_id,
                    text=masked(as_typed(cell.value).strip()),
                    answered_on=received,
                    file_id=file_id,
                    sheet=sheet.name,
                    cell=cell.address,
                    as_typed=typed or None,
                )
                for finding_id, typed in findings[number]
            ]
    return Returned(
        parent_sha256=rows[0][1],
        query_round=int(rows[1][1]) if ROUNDS.fullmatch(rows[1][1]) else 1,
        sheets=frozenset(ours),
        asked=len(findings),
        answers=tuple(answers),
        answered=frozenset(answered),
        astray=tuple(astray),
    )


def _rows(sheet: Sheet) -> list[list[str]]:
    """The lines of the hidden sheet as texts, to the last cell that holds anything."""
    lines: dict[int, dict[int, str]] = {}
    for (row, column), cell in sorted(sheet.cells.items()):
        lines.setdefault(row, {})[column] = as_typed(cell.value)
    return [[line.get(column, "") for column in range(max(line) + 1)] for line in lines.values() if max(line)]


class _Header(NamedTuple):
    """Where the table of queries has its headings."""

    row: int
    number: int
    answer: int
    last: int


def _header(sheet: Sheet) -> _Header | None:
    """The row with the headings of a table of queries."""
    rows: dict[int, dict[str, int]] = {}
    for (row, column), cell in sheet.cells.items():
        if isinstance(cell.value, str):
            rows.setdefault(row, {})[plain(cell.value)] = column
    for row, columns in sorted(rows.items()):
        if {NUMBER, ANSWER, SEVERITY} <= columns.keys():
            return _Header(row, columns[NUMBER], columns[ANSWER], max(columns.values()))
    return None


def _written_on(sheet: Sheet, header: _Header | None) -> Iterator[tuple[str, Cell]]:
    """What a partner wrote beside and below the queries, each with the number of its query, if it has one."""
    if header is None:
        return
    numbers = {
        row: as_typed(cell.value).strip()
        for (row, column), cell in sheet.cells.items()
        if column == header.number
    }
    for (row, column), cell in sorted(sheet.cells.items()):
        if row <= header.row or not as_typed(cell.value).strip():
            continue
        number = numbers.get(row, "")
        if column == header.answer:
            yield number, cell
        elif column > header.last or (not number.isdigit() and column != header.number):
            yield "", cell
