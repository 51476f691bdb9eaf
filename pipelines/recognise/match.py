"""Headings against a return: which column each stands for, what goes across, what is missing or strange."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import permutations

from pipelines.cells import Cell
from pipelines.contract import NUMERIC, Column, Contract
from pipelines.headings import Found, plain, split_unit
from pipelines.parse import Period, parse
from pipelines.recognise.header import Band, Heading
from pipelines.recognise.table import Across, Slip
from pipelines.template.words import is_our_heading

TOTAL = re.compile(r"^\s*(?:grand|sub|overall|running)?[\s-]*totals?\b", re.IGNORECASE)
FINANCIAL_YEAR = re.compile(
    r"(?:financial year |fy ?)?((?:19|20)\d{2})\s?[/-]\s?(\d{2})(?: ?\(?£0*s?\)?)?", re.IGNORECASE
)
# A word above or below a period that says what kind of figure stands under it: the status mark it comes to.
KINDS_OF_FIGURE: dict[str, str | None] = {
    **dict.fromkeys(("actual", "actuals", "outturn", "final", "value", "figure", "result"), None),
    **dict.fromkeys(("forecast", "projected", "projection", "predicted"), "f"),
    **dict.fromkeys(("provisional", "prov"), "p"),
    **dict.fromkeys(("estimate", "estimated"), "e"),
    "revised": "r",
}


@dataclass(frozen=True)
class Match:
    """One return's answer to a line of headings."""

    contract: Contract
    band: Band
    columns: dict[int, str] = field(default_factory=dict)
    across: tuple[Across, ...] = ()
    unknown: tuple[Cell, ...] = ()
    totals: frozenset[int] = frozenset()
    units: dict[str, str] = field(default_factory=dict)
    slips: tuple[Slip, ...] = ()
    years: dict[int, str] = field(default_factory=dict)
    is_repeated: bool = False  # a heading stands twice: perhaps two tables side by side
    ours: frozenset[int] = frozenset()  # columns of our own template, in which nothing is reported

    @property
    def names(self) -> set[str]:
        """The contract's columns that were found, one way or another."""
        found = set(self.columns.values())
        for group in self.across:
            found |= {*group.headings, *group.columns.values()}
        return found

    @property
    def missing(self) -> tuple[Column, ...]:
        found = self.names
        return tuple(column for column in self.contract.required if column.name not in found)

    @property
    def misfit(self) -> tuple[int, int]:
        """Columns missing and headings unknown; then headings that were spelt otherwise."""
        return len(self.missing) + len(self.unknown), len(self.slips)

    @property
    def answers(self) -> bool:
        """At least two columns, half of those the contract requires, and half of the headings there are."""
        found, required = len(self.names), len(self.contract.required)
        known = len(self.columns) + sum(len(group.columns) for group in self.across)
        enough = 2 * (required - len(self.missing)) >= required
        return found >= 2 and enough and known >= len(self.unknown)


def match(contract: Contract, band: Band) -> Match:
    """What the headings of `band` stand for in the return."""
    ours = {heading.column for heading in band.headings if is_our_heading(heading.texts[-1])}
    band = Band(band.lines, tuple(h for h in band.headings if h.column not in ours)) if ours else band
    found = Match(contract, band)
    under_periods = _under_periods(contract, band)
    rest = _match_columns(found, [heading for heading in band.headings if heading not in under_periods])
    rest, across = _match_across(contract, found, sorted([*rest, *under_periods], key=lambda h: h.column))
    rest, slips = _match_slips(found, rest)
    totals = {heading.column for heading in rest if any(TOTAL.match(text) for text in heading.texts)}
    strange = [heading for heading in rest if heading.column not in totals]
    repeated = any(_look_up(contract, heading) for heading in strange)
    return Match(
        contract,
        band,
        found.columns,
        across,
        tuple(heading.cell for heading in strange),
        frozenset(totals),
        found.units,
        slips,
        found.years,
        repeated,
        frozenset(ours),
    )


def _under_periods(contract: Contract, band: Band) -> list[Heading]:
    """Headings that stand under a period, in a return with a column of periods that is not there: 2002 / Value."""
    period, measure = _goes_across(contract)
    if not period or not measure or len(band.lines) == 1:
        return []
    if any(_names(contract, heading.texts[-1]) == period for heading in band.headings):
        return []
    return [h for h in band.headings if len(h.parts) > 1 and _period_heading(contract, h, measure)]


def _goes_across(contract: Contract) -> tuple[str | None, str | None]:
    """The return's column of periods and the measure that a crosstab shows under each of them."""
    period = next((c.name for c in contract.columns if c.type == "period" and c.name in contract.key), None)
    measure = next((c.name for c in contract.columns if c.type in NUMERIC and c.required), None)
    return period, measure


def _names(contract: Contract, text: str) -> str | None:
    found = contract.heading_index.find(text)
    return found.name if found else None


def _match_columns(found: Match, headings: Iterable[Heading]) -> list[Heading]:
    """Fill in the columns whose headings the contract knows; the headings that are left."""
    rest = []
    for heading in headings:
        name = _look_up(found.contract, heading)
        if name is None or (name[0].name in found.columns.values() and not name[1]):
            rest.append(heading)
            continue
        what, year = name
        if year:
            found.years[heading.column] = year
        found.columns[heading.column] = what.name
        if what.unit:
            found.units[what.name] = what.unit
    return rest


def _look_up(contract: Contract, heading: Heading) -> tuple[Found, str | None] | None:
    """What a heading stands for, its lines put together or one alone; and the financial year it names."""
    index = contract.heading_index
    texts = heading.texts
    if len(texts) == 1:
        found = index.find(texts[0])
        return (found, None) if found else None
    years = [year for text in texts if (year := _financial_year(text))]
    words = [text for text in texts if not _financial_year(text)]
    for order in permutations(texts):
        if found := index.find(" ".join(order)):
            return found, None
    for order in permutations(words) if len(years) == 1 else ():
        found = index.find(" ".join(order))
        # a year says something of figures; over a column of comments it only stands by chance
        if found and contract.by_name[found.name].type in NUMERIC:
            return found, years[0]
    # a title above a heading is no part of it; a heading above another text is no heading of that column
    lowest = heading.parts[-1]
    if lowest is heading.cell and (found := index.find(texts[-1])):
        return found, None
    return None


def _financial_year(text: str) -> str | None:
    found = FINANCIAL_YEAR.fullmatch(" ".join(text.split()))
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        return None
    return f"{found[1]}-{found[2]}"


def _match_across(
    contract: Contract, found: Match, headings: list[Heading]
) -> tuple[list[Heading], tuple[Across, ...]]:
    """Groups of columns whose headings are periods, where the return has no column of periods yet."""
    period, measure = _goes_across(contract)
    if not period or not measure or period in found.columns.values():
        return headings, ()
    if measure in found.columns.values() or not set(contract.key) & set(found.columns.values()):
        return headings, ()
    rest: list[Heading] = []
    groups: dict[tuple[str, str | None], list[tuple[Heading, str, str]]] = {}
    for heading in headings:
        read = _period_heading(contract, heading, measure)
        if read is None:
            rest.append(heading)
            continue
        text, name, status = read
        key = (plain(text), status)
        groups.setdefault(key, []).append((heading, text, name))
    across = []
    for (_, status), members in groups.items():
        columns = {heading.column: name for heading, _, name in members}
        if len(set(columns.values())) < len(columns):  # one period twice: nothing says which counts
            rest += [heading for heading, *_ in members]
            continue
        first, text, _ = members[0]
        is_text = len(first.parts) > 1 or isinstance(first.cell.value, str)
        cell = first.cell._replace(value=text) if is_text else first.cell
        across.append(Across({period: cell}, columns, status))
    if sum(len(group.columns) for group in across) == 1 and not _stands_with_others(found, across[0]):
        return headings, ()  # a year that only stands somewhere above is a title, and no heading of figures
    return sorted(rest, key=lambda heading: heading.column), tuple(across)


def _stands_with_others(found: Match, group: Across) -> bool:
    """Whether the heading of a group stands in a line with the heading of another column."""
    rows = {heading.cell.row for heading in found.band.headings if heading.column in found.columns}
    return any(heading.cell.row in rows for heading in found.band.headings if heading.column in group.columns)


def _period_heading(contract: Contract, heading: Heading, measure: str) -> tuple[str, str, str | None] | None:
    """The period that a heading names, the column its values belong to, and their status; None if it names none."""
    name, status = measure, None
    rest = []
    parts = heading.texts if len(heading.parts) > 1 else _words_apart(contract, heading.texts[0])
    for part in parts:
        text = split_unit(part)[0]
        known = contract.heading_index.find(text)
        if known and contract.by_name[known.name].type in NUMERIC:
            name = known.name
        elif plain(text) in KINDS_OF_FIGURE:
            status = KINDS_OF_FIGURE[plain(text)]
        else:
            rest.append(text)
    if not rest:
        return None
    label = " ".join(rest)
    one = heading.parts[0]
    is_alone = len(heading.parts) == 1 and not isinstance(one.value, str)
    read = parse("period", one.value if is_alone else label, number_format=one.number_format)
    if not isinstance(read.value, Period):
        return None
    return label, name, status


def _words_apart(contract: Contract, text: str) -> tuple[str, ...]:
    """A heading in one cell taken apart where a word in front or behind says what kind of figure it is."""
    words = text.split()
    for cut in range(1, len(words)):
        front, back = " ".join(words[:cut]), " ".join(words[cut:])
        for word, rest in ((front, back), (back, front)):
            known = contract.heading_index.find(word)
            is_figure = known is not None and contract.by_name[known.name].type in NUMERIC
            if is_figure or plain(word) in KINDS_OF_FIGURE:
                return word, rest
    return (text,)


def _match_slips(found: Match, headings: list[Heading]) -> tuple[list[Heading], tuple[Slip, ...]]:
    """Headings with small typing errors, where nothing else in the line is that column."""
    if not found.columns:
        return (
            headings,
            (),
        )  # only in a line that is plainly one of headings: a near miss alone proves nothing
    rest, near = [], []
    for heading in headings:
        taken = found.contract.heading_index.find(heading.texts[-1], with_slips=True)
        if taken and taken.taken_for and taken.name not in found.names:
            near.append((heading, taken))
        else:
            rest.append(heading)
    slips = []
    for heading, taken in near:
        if [other.name for _, other in near].count(taken.name) > 1:
            rest.append(heading)
            continue
        found.columns[heading.column] = taken.name
        slips.append(Slip(heading.cell, taken.taken_for or ""))
        if taken.unit:
            found.units[taken.name] = taken.unit
    return sorted(rest, key=lambda heading: heading.column), tuple(slips)
