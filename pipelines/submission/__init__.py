"""A file as read: its returns, its findings, and a place for every cell of it.

A submission is (file, partner, return, quarter). Several tables of the same return in one file are one submission.
"""

from dataclasses import dataclass, field
from typing import Any

from pipelines.cells import Book, Sheet
from pipelines.contract import Contract
from pipelines.findings import REFUSE, Finding
from pipelines.personal_data import masked
from pipelines.receipt import Receipt
from pipelines.submission.answers import Returned
from pipelines.template.identity import Identity
from pipelines.tidy import Tidied

Place = tuple[str, int, int]


@dataclass
class Submission:
    """One return found in one file; `problem` is the rule that refuses it whole, `sheet` that of its first table."""

    contract: Contract
    receipt: Receipt
    partner: str | None
    quarter: str | None
    sheet: str
    is_nil: bool = False
    problem: str | None = None
    tidied: Tidied = field(default_factory=Tidied)

    @property
    def submission_id(self) -> str:
        name = self.contract.full_name if self.contract.is_framework else self.contract.name
        return f"{self.receipt.file_id}.{self.partner or '-'}.{name}.{self.quarter or '-'}"


@dataclass
class FileRead:
    """What one file came to: its returns, its findings, and the place of every cell outside a table.

    `shared` are the places of values that hold for all rows of a table.

    `identity` is that of the template the file was made from, if it is one and was not tampered with. `returned`
    is what a reply of ours came back with, `as_before` the earlier returns that it brings again unchanged.
    """

    receipt: Receipt
    book: Book
    identity: Identity | None = None
    submissions: dict[str, Submission] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    outside: dict[Place, str] = field(default_factory=dict)
    returned: Returned | None = None
    as_before: list[Submission] = field(default_factory=list)
    shared: set[Place] = field(default_factory=set)

    def find(self, rule: str, because: str, consequence: str, **place: Any) -> None:
        """Tell the file's sender something; what is quoted of it stands without personal data."""
        if place.get("as_typed"):
            place["as_typed"] = masked(place["as_typed"])
        finding = Finding(rule, masked(because), consequence, file_id=self.receipt.file_id, **place)
        self.findings.append(finding)

    def leave_out(self, sheet: Sheet, reason: str) -> None:
        """Declare every cell of a sheet outside."""
        self.outside |= {(sheet.name, row, column): reason for row, column in sheet.cells}

    def refuse(self, submission: Submission, rule: str, because: str, **place: Any) -> None:
        """Refuse a submission whole; the first rule that does is the one it is known by."""
        submission.problem = submission.problem or rule
        self.find(rule, because, REFUSE, **place)
