"""What a template is before it is drawn: plain data, one class per thing that can be seen in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipelines.contract import Column, Contract
from pipelines.template.identity import ExpectedRow
from pipelines.template.words import START


@dataclass(frozen=True)
class Written:
    """A value as it stands in a cell: text, number or date, and the number format, if it needs one of its own."""

    value: str | int | float | date
    format: str | None = None


@dataclass(frozen=True)
class Mark:
    """What a reply says of one cell: the number and sentence of the query about it, or that it is locked."""

    number: int | None = None
    sentence: str = ""
    is_locked: bool = False


@dataclass(frozen=True)
class Field:
    """A column of the sheet: one of the contract's, or one of ours, which is locked and only to be read."""

    name: str
    heading: str
    width: float
    column: Column | None = None


@dataclass(frozen=True)
class Row:
    """A line of the table: field name → what stands in it. A spare one waits for whatever was not foreseen.

    `locked` are the fields of the contract that must not be changed. A given row is what its sender wrote, and
    anything of it may be wrong.
    """

    values: Mapping[str, Written] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    marks: Mapping[str, Mark] = field(default_factory=dict)
    is_spare: bool = False
    is_expected: bool = True
    is_given: bool = False


@dataclass(frozen=True)
class ReturnSheet:
    """One return as a sheet.

    `lists` has the choices of each column that has any, `change_pct` how large a change from last time must be
    explained, `is_nil` whether it says that there is nothing to report, `what_to_do` other instructions than a
    template's.
    """

    contract: Contract
    title: str
    fields: Sequence[Field]
    rows: Sequence[Row]
    partner_name: str
    quarter_label: str
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    expected: tuple[ExpectedRow, ...] = ()
    change_pct: float = 0
    is_nil: bool = False
    back_to: str = START
    what_to_do: str = ""


@dataclass(frozen=True)
class Form:
    """A partner's whole return for a quarter."""

    partner: str
    partner_name: str
    quarter: str
    quarter_label: str
    due_on: date
    publisher: str
    contact: str
    issued_on: date
    sheets: Sequence[ReturnSheet]

    @property
    def title(self) -> str:
        return f"Return of {self.partner_name} for {self.quarter_label}"


Facts = Mapping[str, Any]
