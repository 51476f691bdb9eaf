"""A layout proposed for a partner's own workbook: what each of its headings probably means, to be read and corrected.

Nothing is read by a proposal. It becomes a taught layout when a person has gone through it and put it with the
framework; what could not be told is left blank, and a blank meaning is refused there.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipelines.cells import Cell, Sheet
from pipelines.contract import NUMERIC, Contract
from pipelines.framework.references import References
from pipelines.framework.taught import LEFT_OUT, LINES
from pipelines.headings import plain, split_unit
from pipelines.parse import Period, as_typed, parse
from pipelines.parse.dates import MONTH
from pipelines.recognise.by_values import Clue, clue
from pipelines.recognise.header import Band, Heading, Lines
from pipelines.recognise.match import TOTAL, match

ALIKE = 0.72  # of two texts, by difflib's ratio: "Cost to date" and "Actual to date"
SMALL_WORDS = {"a", "an", "the", "of", "for", "in", "to", "no", "and", "your", "this"}
MOST_LINES = 60  # of a sheet in which headings are looked for
ENOUGH = 2  # headings that must mean something, for lines to be proposed as headings


@dataclass(frozen=True)
class ProposedColumn:
    """One heading and what it probably means; `means` is "" where that can't be told."""

    heading: str
    place: str
    means: str
    unit: str = ""
    example: str = ""
    is_sure: bool = False


@dataclass(frozen=True)
class Proposal:
    """A layout for one table of a sheet."""

    sheet: str
    contract: Contract
    shape: str
    header_lines: int
    first_line: int
    columns: tuple[ProposedColumn, ...]
    has_references: bool = False

    @property
    def known(self) -> int:
        return sum(bool(column.means) and column.means != LEFT_OUT for column in self.columns)

    @property
    def rank(self) -> tuple[bool, int, int, int]:
        """The return whose references stand below; then more headings known; then fewer lines, and more headings.

        Another line of headings must make more known.
        """
        return self.has_references, self.known, -self.header_lines, len(self.columns)


def propose(
    sheet: Sheet,
    contracts: Iterable[Contract],
    references: References | None = None,
    *,
    is_named: bool = False,
) -> Proposal | None:
    """The most likely layout of the sheet's first table; None where no line looks like headings of any return.

    `references` are the framework's: a column that holds them says which return this is. `is_named`: a person has
    said which return it is, so that a layout is proposed even if all of it is left to fill in.
    """
    contracts, references = list(contracts), references or {}
    found_in = clue(sheet, contracts, references)
    lines = Lines(sheet)
    best: Proposal | None = None
    for row in lines.order[:MOST_LINES]:
        for run in lines.bands_with(row):
            if run[0] != row:
                continue
            band = lines.band(run)
            for contract in contracts:
                mine = found_in if found_in and found_in.contract is contract else None
                found = _proposal(sheet, lines, band, contract, mine)
                enough = 0 if is_named or found.has_references else ENOUGH
                is_line = found.known >= enough and len(found.columns) > 1
                if is_line and (best is None or found.rank > best.rank):
                    best = found
    return best


def _proposal(
    sheet: Sheet, lines: Lines, band: Band, contract: Contract, found_in: Clue | None = None
) -> Proposal:
    if found_in and found_in.first.row <= band.lines[-1]:
        found_in = None
    sure = match(contract, band)
    names = dict(sure.columns)
    taken = set(sure.names)
    columns: list[ProposedColumn] = []
    across = {column for group in sure.across for column in group.columns}
    for heading in band.headings:
        texts = [text for text in heading.texts if text]
        typed = LINES.join(texts)
        example = _example(lines, band, heading)
        unit = split_unit(texts[-1])[1] or ""
        if heading.column in across:
            columns.append(_across(contract, heading, unit, example))
            continue
        name = names.get(heading.column)
        is_sure = name is not None
        if name is None and not any(TOTAL.match(text) for text in texts):
            name = _by_values(contract, lines, band, heading, found_in) or _alike(contract, texts, taken)
            name = None if name in taken else name
            taken |= {name} if name else set()
        means = name or (LEFT_OUT if any(TOTAL.match(text) for text in texts) else "")
        columns.append(
            ProposedColumn(typed, "under", means, _unit_of(contract, name, unit), example, is_sure)
        )
    if across:
        figure = next(name for group in sure.across for name in group.columns.values())
        columns.append(ProposedColumn("*", "cells", figure, "", "", True))
    return Proposal(
        sheet.name,
        contract,
        "crosstab" if across else "table",
        len(band.lines),
        band.lines[0],
        tuple(_once(columns)),
        found_in is not None,
    )


def _by_values(
    contract: Contract, lines: Lines, band: Band, heading: Heading, found_in: Clue | None
) -> str | None:
    """What the values below a heading say it means: references of the framework, or periods and nothing else."""
    if found_in and found_in.first.column == heading.column:
        return found_in.name
    below = list(_below(lines, band, heading))
    period = next((c.name for c in contract.columns if c.type == "period" and c.name in contract.key), None)
    is_period = below and all(
        isinstance(cell.value, str) and isinstance(parse("period", cell.value).value, Period)
        for cell in below
    )
    return period if is_period else None


def _unit_of(contract: Contract, name: str | None, unit: str) -> str:
    """The unit behind a heading, where it speaks of a figure."""
    return unit if name and contract.by_name[name].type in NUMERIC else ""


def _across(contract: Contract, heading: Heading, unit: str, example: str) -> ProposedColumn:
    """A heading that goes across, with its years as # and its months as *, so that the next period fits too."""
    period = next(c.name for c in contract.columns if c.type == "period" and c.name in contract.key)
    texts = [text for text in heading.texts if text]
    said = [period if _is_of_period(text) else LEFT_OUT for text in texts]
    if LEFT_OUT in said and len(set(said)) == 1:
        said = [period] * len(texts)
    return ProposedColumn(LINES.join(map(_general, texts)), "across", LINES.join(said), unit, example, True)


def _is_of_period(text: str) -> bool:
    if isinstance(parse("period", text).value, Period):
        return True
    return re.search(rf"\d|\b(?:{MONTH})\b|\bq[1-4]\b|\bh[12]\b", text, re.IGNORECASE) is not None


def _general(text: str) -> str:
    text = re.sub(rf"\b(?:{MONTH})\b", "*", text, flags=re.IGNORECASE)
    return re.sub(r"\d+", "#", text)


def _alike(contract: Contract, texts: Sequence[str], taken: set[str]) -> str | None:
    """The column whose heading a text is most like, if one is like enough and no other nearly as much."""
    scores: dict[str, float] = {}
    for column in contract.columns:
        if column.name in taken:
            continue
        for known in column.headings:
            for text in {texts[-1], " ".join(texts)}:
                scores[column.name] = max(scores.get(column.name, 0.0), _likeness(text, known))
    ranked = sorted(scores.items(), key=lambda pair: -pair[1])
    if not ranked or ranked[0][1] < ALIKE or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < 0.05):
        return None
    return ranked[0][0]


def _likeness(text: str, known: str) -> float:
    """How alike two headings are, from 0 to 1, as they stand or with their words in order."""
    one, other = plain(split_unit(text)[0]), plain(split_unit(known)[0])
    ordered, other_ordered = (" ".join(sorted(set(words.split()) - SMALL_WORDS)) for words in (one, other))
    return max(_ratio(one, other), _ratio(ordered, other_ordered))


def _ratio(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _example(lines: Lines, band: Band, heading: Heading) -> str:
    """What stands in the first filled cell below a heading."""
    first = next(_below(lines, band, heading), None)
    return " ".join(as_typed(first.value).split())[:60] if first else ""


def _below(lines: Lines, band: Band, heading: Heading) -> Iterator[Cell]:
    """The filled cells below a heading."""
    rows = (row for row in lines.order if row > band.lines[-1])
    return (cell for row in rows for cell in lines.rows[row] if cell.column == heading.column)


def _once(columns: Iterable[ProposedColumn]) -> list[ProposedColumn]:
    """Each heading once: what goes across is the same heading for every period."""
    found: dict[tuple[str, str], ProposedColumn] = {}
    for column in columns:
        found.setdefault((column.heading, column.place), column)
    return list(found.values())
