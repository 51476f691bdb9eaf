"""Layouts that were taught: how one partner's own table is to be read, as rows of the framework.

A layout names the return, the sheet, the shape and, heading by heading, what each means. It is data: read from
the framework's sheets `layouts` and `layout_columns`, and written there by a person or by `lsp learn`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipelines.cells import Sheet
from pipelines.contract import Contract
from pipelines.headings import plain

LEFT_OUT = "left out"
LINES = " / "
REST = "…"


@dataclass(frozen=True)
class Pattern:
    """A text as it may stand on a sheet: `*` for anything, `#` for a number, `…` for the value that is read.

    Compared as headings are: without case, accents and punctuation.
    """

    text: str

    @cached_property
    def _compared(self) -> re.Pattern[str]:
        pieces = re.split(r"([*#…])", self.text)
        marks = {"*": ".*", "#": r"\d+", REST: ".*"}
        worded = [
            marks.get(piece) or re.escape(plain(piece)) for piece in pieces if piece in marks or plain(piece)
        ]
        return re.compile(" ?".join(worded))

    def matches(self, text: str) -> bool:
        """Whether the whole of `text` is so."""
        return self._compared.fullmatch(plain(text)) is not None

    def value_in(self, text: str) -> str | None:
        """What stands in the place of `…` in `text`; None if there is none, or the text is another."""
        if REST not in self.text or not self.matches(text):
            return None
        front = self.text.split(REST)[0]
        # the value is taken from the text as typed, so the front is looked for there, spaces and case aside
        shape = "".join(
            r"\s*" if c.isspace() else r"\d+" if c == "#" else re.escape(c) for c in front.strip()
        )
        found = re.match(rf"\s*{shape}\s*(?P<value>.*)", text, re.IGNORECASE | re.DOTALL)
        return found["value"].strip() or None if found else None


@dataclass(frozen=True)
class TaughtColumn:
    """What one heading of a taught layout means: `heading` and `means` line by line, and where the value stands."""

    heading: str
    place: str
    means: str
    unit: str | None = None
    says: str | None = None

    @cached_property
    def lines(self) -> tuple[Pattern, ...]:
        return tuple(Pattern(line.strip()) for line in self.heading.split(LINES))

    @cached_property
    def meanings(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in self.means.split(LINES))

    @property
    def is_left_out(self) -> bool:
        return plain(self.means) == LEFT_OUT

    def is_heading(self, texts: Sequence[str]) -> bool:
        """Whether the lines of a heading are this one: all of them, or for a heading of one line any of them."""
        if len(self.lines) == 1:
            return self.lines[0].matches(" ".join(texts)) or any(map(self.lines[0].matches, texts))
        pairs = zip(self.lines, texts, strict=False)
        return len(self.lines) == len(texts) and all(line.matches(text) for line, text in pairs)


@dataclass(frozen=True)
class Layout:
    """A taught layout of one table."""

    layout_id: str
    contract: Contract
    shape: str
    columns: tuple[TaughtColumn, ...]
    partner: str | None = None
    sheet: str | None = None
    header_lines: int = 1
    block: str | None = None
    starts_at: str | None = None
    ends_at: str | None = None

    def at(self, *places: str) -> list[TaughtColumn]:
        """Its columns whose values stand in these places."""
        return [column for column in self.columns if column.place in places]

    def is_for(self, sheet: Sheet, partner: str | None) -> bool:
        """Whether it may be the layout of `sheet`, sent by `partner` (None: not known yet)."""
        on_sheet = self.sheet is None or Pattern(self.sheet).matches(sheet.name)
        return on_sheet and (self.partner is None or partner in (None, self.partner))


def layouts_of(
    layouts: Iterable[Mapping[str, Any]],
    columns: Iterable[Mapping[str, Any]],
    contracts: Mapping[str, Contract],
) -> list[Layout]:
    """The layouts that the framework's rows say. Those of a return that there is not are left out: they are checked."""
    by_layout: dict[str, list[TaughtColumn]] = {}
    for row in columns:
        column = TaughtColumn(row["heading"], row["place"], row["means"], row["unit"], row["says"])
        by_layout.setdefault(row["layout_id"], []).append(column)
    found = []
    for row in layouts:
        contract = contracts.get(row["return_name"])
        if contract is None:
            continue
        lines = row["header_lines"]
        found.append(
            Layout(
                layout_id=row["layout_id"],
                contract=contract,
                shape=row["shape"],
                columns=tuple(by_layout.get(row["layout_id"], ())),
                partner=row["partner_id"],
                sheet=row["sheet"],
                header_lines=int(lines) if lines and lines == lines else 1,
                block=row["block"],
                starts_at=row["starts_at"],
                ends_at=row["ends_at"],
            )
        )
    return sorted(found, key=lambda layout: layout.layout_id)
