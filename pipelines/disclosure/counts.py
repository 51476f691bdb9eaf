"""The counts that the public edition would show, and the sums between them.

A cell is a count of one subject (a target, a proxy, a project's output) for one area and period: its value, or the
numerator or denominator behind a rate. Which are sums of others, sums.py finds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from pipelines.disclosure.suppress import Cell, Rule, Sum

Series = tuple[str, str]  # what is counted, and which quantity of it: "target:T1", "numerator"


class Key(NamedTuple):
    """Which count: of what, what of it, where, and from which day to which."""

    subject: str
    quantity: str
    area: str
    start: date
    end: date

    @property
    def name(self) -> str:
        return f"{self.subject}|{self.quantity}|{self.area}|{self.start}|{self.end}"

    @classmethod
    def named(cls, name: str) -> "Key":
        """The key with this name."""
        subject, quantity, area, start, end = name.split("|")
        return cls(subject, quantity, area, date.fromisoformat(start), date.fromisoformat(end))

    @property
    def series(self) -> Series:
        return self.subject, self.quantity

    def of(self, series: Series) -> "Key":
        """The same place and period of another series."""
        return self._replace(subject=series[0], quantity=series[1])

    @property
    def after(self) -> date:
        """The day after its last."""
        return self.end + timedelta(days=1)

    @property
    def months(self) -> int:
        """Its length in whole months."""
        return apart(self.start, self.after)


def subject_of(name: str) -> str:
    """The reference of what a cell of this name counts: T1_ksi of target:T1_ksi|value|…"""
    return name.partition("|")[0].partition(":")[2]


def apart(first: date, later: date) -> int:
    """Whole months from the one day to the other."""
    return (later.year - first.year) * 12 + later.month - first.month


def later(day: date, months: int) -> date:
    """The first day of a month, so many months on."""
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, 1)


class Count(NamedTuple):
    """A count as it stands now, and the rule of its source. One that is `known` was not sent here, but elsewhere, and
    nothing that is done here can hide it.
    """

    key: Key
    value: float
    rule: Rule
    known: bool = False

    @property
    def cell(self) -> Cell:
        return Cell(self.value, self.rule, (self.value, self.value) if self.known else None)


class Equation(NamedTuple):
    """A count that is so many times less the sum of others: 1 for a total, 4 for the mean of four."""

    total: Key
    parts: tuple[Key, ...]
    times: float = 1.0

    def renamed(self, names: Mapping[Key, Key]) -> "Equation":
        """The same with other keys in place of some."""
        parts = tuple(names.get(part, part) for part in self.parts)
        return Equation(names.get(self.total, self.total), parts, self.times)


@dataclass
class System:
    """Cells by name, and the sums between them."""

    cells: dict[str, Cell] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
