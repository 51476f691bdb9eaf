"""Which template a workbook is: a very hidden sheet of names and values that says so.

It travels with the workbook through Excel and LibreOffice and settles what would else be guessed: from whom,
for which quarter, which sheet is which return, which rows were expected and what stood in them already. Its
SHA-256 catches a sheet that was mixed in from another workbook or changed by a tool; it is no protection
against malice.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pipelines.cells import Book, Sheet
from pipelines.parse import as_typed
from pipelines.template.words import META

if TYPE_CHECKING:  # whoever only reads has no need of it
    from openpyxl import Workbook

VERY_HIDDEN = "veryHidden"
PLAIN = ("template_id", "version", "partner", "quarter", "issued_on", "parent_sha256", "query_round")
SHEETS, OWN, ROW, MARKS, SHA256 = "sheets", "own", "row", "marks", "sha256"
MARKS_A_LINE = 3_000  # a cell holds 32,767 characters


@dataclass(frozen=True)
class ExpectedRow:
    """A row that the template came with.

    `key` holds the key's values as staging has them, `prefilled` every value that stood in an input cell, as
    written there. A row that is not expected was only offered: nothing new was due.
    """

    return_name: str
    key: Mapping[str, str]
    prefilled: Mapping[str, str]
    is_expected: bool = True


@dataclass(frozen=True)
class Identity:
    """What `_meta` says. `sheets` maps title → return; `own` maps title → how many cells may be filled in there.
    `marks` are those of the texts that are ours (ours.py); workbooks made before there were any have none.

    A reply adds the hash of the file it answers and the number of its round; its partner or quarter is "" where
    the file did not settle it. `is_intact` is False where the
    sheet is not as it was written; then nothing that it says may be relied on.
    """

    template_id: str
    version: str
    partner: str
    quarter: str
    issued_on: str
    sheets: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, int] = field(default_factory=dict)
    rows: tuple[ExpectedRow, ...] = ()
    marks: frozenset[str] = frozenset()
    parent_sha256: str = ""
    query_round: int = 0
    is_intact: bool = True

    def lines(self) -> list[tuple[str, str]]:
        """The name and value of each line of `_meta`, the hash of the others last."""
        lines = [(name, str(getattr(self, name))) for name in PLAIN]
        lines += [(SHEETS, _json(self.sheets)), (OWN, _json(self.own))]
        lines += [
            (ROW, _json([row.return_name, row.key, row.prefilled, row.is_expected])) for row in self.rows
        ]
        marks = sorted(self.marks)
        for first in range(0, len(marks), MARKS_A_LINE):
            lines.append((MARKS, " ".join(marks[first : first + MARKS_A_LINE])))
        return [*lines, (SHA256, _hash(lines))]

    def rows_of(self, return_name: str) -> list[ExpectedRow]:
        return [row for row in self.rows if row.return_name == return_name]


def write_identity(workbook: "Workbook", identity: Identity) -> None:
    """Add `_meta` as the last sheet; every value is text, so that no program turns it into a number or a date."""
    sheet = workbook.create_sheet(META)
    sheet.sheet_state = VERY_HIDDEN
    for row, line in enumerate(identity.lines(), start=1):
        for column, text in enumerate(line, start=1):
            cell = sheet.cell(row, column, text)
            cell.data_type, cell.number_format = "s", "@"


def read_identity(book: Book) -> Identity | None:
    """The identity of a workbook; None if it has none. One that was changed comes back as not intact."""
    sheet = next((sheet for sheet in book.sheets if is_meta(sheet)), None)
    if sheet is None:
        return None
    lines = _lines(sheet)
    found = dict(lines)
    try:
        marks = frozenset(mark for name, value in lines if name == MARKS for mark in value.split())
        identity = _identity(found, [json.loads(value) for name, value in lines if name == ROW], marks)
    except (KeyError, TypeError, ValueError):  # a line is missing, or holds something else
        return Identity("", "", "", "", "", is_intact=False)
    return replace(identity, is_intact=lines == identity.lines())


def is_meta(sheet: Sheet) -> bool:
    """Whether this is the sheet of an identity; programs that know only 'hidden' keep its name."""
    return sheet.name.strip().casefold() == META


def _lines(sheet: Sheet) -> list[tuple[str, str]]:
    texts: dict[int, dict[int, str]] = {}
    for (row, column), cell in sorted(sheet.cells.items()):
        texts.setdefault(row, {})[column] = as_typed(cell.value)
    return [(line.get(0, ""), line.get(1, "")) for line in texts.values()]


def _identity(found: Mapping[str, str], rows: list[Any], marks: frozenset[str]) -> Identity:
    return Identity(
        template_id=found["template_id"],
        version=found["version"],
        partner=found["partner"],
        quarter=found["quarter"],
        issued_on=found["issued_on"],
        sheets={str(title): str(name) for title, name in json.loads(found[SHEETS]).items()},
        own={str(title): int(count) for title, count in json.loads(found[OWN]).items()},
        rows=tuple(
            ExpectedRow(name, dict(key), dict(prefilled), bool(due)) for name, key, prefilled, due in rows
        ),
        marks=marks,
        parent_sha256=found.get("parent_sha256", ""),
        query_round=int(found["query_round"]),
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _hash(lines: list[tuple[str, str]]) -> str:
    return hashlib.sha256(_json(lines).encode()).hexdigest()
