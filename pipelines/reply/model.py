"""A reply as data: what we ask about a file, the partner's own figures, and how they will appear in the pack.

Nothing here knows how a workbook is drawn; a reply is a pure function of what was received and judged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.contract import Contract
from pipelines.findings import Finding
from pipelines.receipt import Receipt
from pipelines.reply.wording import EXPLAIN, INFORMATION, MUST_FIX

WORDS = {MUST_FIX: "to fix", EXPLAIN: "to explain", INFORMATION: "for information"}
QUERIES, RECEIPT = "Queries", "Receipt"
OPEN, NOTHING_TO_DO = "Open", "Nothing to do"


@dataclass(frozen=True)
class Query:
    """One line of the sheet Queries: a fault, all the cells that have it, and what to do about it.

    `sheet` and `cells` are those of the file as it was sent.
    """

    number: int
    severity: str
    sheet: str
    cells: str
    sent: str
    expected: str
    fix: str
    findings: tuple[Finding, ...]
    answer: str = ""
    status: str = OPEN

    @property
    def is_open(self) -> bool:
        """Whether the partner is waited for."""
        return self.status == OPEN

    @property
    def is_closed(self) -> bool:
        """Whether it was settled since we asked."""
        return self.status not in (OPEN, NOTHING_TO_DO)


@dataclass(frozen=True)
class Figures:
    """One return of the file: its rows as they go back, and what is marked on them.

    `rows` hold what to write by the contract's column; `marks` gives the query's number by (row, column);
    `locked` are the places whose value was accepted.
    """

    contract: Contract
    partner: str | None
    quarter: str | None
    row_ids: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    marks: Mapping[tuple[int, str], Query] = field(default_factory=dict)
    locked: frozenset[tuple[int, str]] = frozenset()
    is_nil: bool = False


@dataclass(frozen=True)
class Near:
    """A sheet that was not recognised, beside the return that comes nearest: heading by heading.

    Each line is (the cell, what stands in it, the heading that the return has for it); a heading that is
    missing has no cell, and one that belongs to no column has no counterpart.
    """

    sheet: str
    title: str
    lines: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Appearance:
    """A figure of the partner's as the pack will show it.

    `what` and `period` are those of the row in which it was sent; `rating` is the one that the pack sets beside it.
    """

    what: str
    figure: str
    period: str
    typed: str
    shown: str
    rating: str
    where: str
    typed_in: str


@dataclass(frozen=True)
class Reply:
    """What goes back for one file. `rest` counts by severity the queries that are not listed; `also_counted` says
    sheet by sheet which figures count without being shown by themselves.

    It says what was known when the file came: what became of it since is said by the replies to later files.
    `is_replaced`: it came back, or one of those took the file's place.
    """

    receipt: Receipt
    partner: str | None
    quarter: str | None
    number: int
    partner_name: str
    quarter_label: str
    standing: tuple[str, ...]
    queries: tuple[Query, ...] = ()
    rest: Mapping[str, int] = field(default_factory=dict)
    figures: tuple[Figures, ...] = ()
    near: tuple[Near, ...] = ()
    appearances: tuple[Appearance, ...] = ()
    also_counted: tuple[str, ...] = ()
    query_round: int = 1
    is_check: bool = False
    is_replaced: bool = False

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing that the partner must do."""
        return not any(query.is_open for query in self.queries)

    @property
    def first_sheet(self) -> str:
        return RECEIPT if self.is_clean else QUERIES

    def count(self, severity: str) -> int:
        """Queries of this severity that are still open, listed or not."""
        listed = sum(q.severity == severity and not q.is_closed for q in self.queries)
        return listed + self.rest.get(severity, 0)

    @property
    def in_words(self) -> str:
        """2 to fix, 1 to explain, 1 for information."""
        counted = [(self.count(severity), text) for severity, text in WORDS.items()]
        return ", ".join(f"{count} {text}" for count, text in counted if count) or "nothing to do"
