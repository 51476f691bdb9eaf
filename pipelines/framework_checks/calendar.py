"""The calendar of quarters, and the returns expected in them."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from pipelines.findings import QUERY, Finding
from pipelines.framework_checks.framework import Framework, Row
from pipelines.headings import plain
from pipelines.parse import Period, parse
from pipelines.parse.dates import spoken


def _calendar(framework: Framework) -> list[Row]:
    """The quarters in order; none while a row is refused, as others then only seem out of order."""
    rows = framework.rows("calendar") if framework.is_whole("calendar") else []
    return sorted(rows, key=lambda row: row["quarter"])


def _period(quarter: str) -> Period:
    period = parse("period", quarter).value
    assert isinstance(period, Period), f"the calendar's own contract lets no {quarter!r} through"
    return period


def quarters(framework: Framework) -> Iterator[Finding]:
    """First and last days that are not those of the quarter named: so quarters can't overlap either."""
    for row in _calendar(framework):
        period = _period(row["quarter"])
        for column, right in (("starts_on", period.start), ("ends_on", period.end)):
            if row[column] != right:
                sentence = (
                    f"{row['quarter']} runs from {spoken(period.start)} to {spoken(period.end)}: "
                    f"type {spoken(right)} here, or mend the quarter's name."
                )
                yield framework.at(row, column, "quarter_has_its_days", sentence)


def gaps(framework: Framework) -> Iterator[Finding]:
    """Quarters left out between two others: nothing sent for them could be placed."""
    for before, row in pairwise(_calendar(framework)):
        if _period(row["quarter"]).start != _period(before["quarter"]).end + timedelta(days=1):
            sentence = (
                f"The calendar goes from {before['quarter']} straight to {row['quarter']}. "
                "Add the quarters between them."
            )
            yield framework.at(row, "quarter", "quarters_without_gap", sentence)


def cut_offs(framework: Framework) -> Iterator[Finding]:
    """Cut-offs out of order: figures are as known on that day. And a Board that meets before its cut-off."""
    rows = _calendar(framework)
    ends = [_period(row["quarter"]).end for row in rows]
    # one that comes too early itself is no bound for the quarter before
    bounds = [
        row["cut_off_on"] if row["cut_off_on"] >= end else None for row, end in zip(rows, ends, strict=True)
    ]
    for row, end, bound in zip(rows, ends, [*bounds[1:], None], strict=False):
        cut_off = row["cut_off_on"]
        if cut_off < end or (bound and cut_off >= bound):
            before = f" and before the next quarter's on {spoken(bound)}" if bound else ""
            sentence = f"The cut-off of {row['quarter']} must come after its end on {spoken(end)}{before}."
            yield framework.at(row, "cut_off_on", "cut_offs_in_order", f"{sentence} Check the year.")
        elif row["board_on"] < cut_off:
            sentence = f"The Board meets before the cut-off on {spoken(cut_off)}. Check both days."
            yield framework.at(row, "board_on", "board_after_cut_off", sentence, QUERY)


def expected_returns(framework: Framework) -> Iterator[Finding]:
    """Returns that nobody can send, that are never due, or that are due outside the calendar."""
    names = {plain(name): name for name in framework.returns}
    known = {row["quarter"] for row in _calendar(framework)}
    for row in framework.rows("expected_returns"):
        name, first, last = row["return_name"], row["from_quarter"], row["until_quarter"]
        if name not in names.values():
            meant = names.get(plain(name))
            right = f"Type '{meant}'." if meant else f"The returns are {', '.join(names.values())}."
            sentence = f"There is no return '{name}', so it could only ever be missing. {right}"
            yield framework.at(row, "return_name", "return_known", sentence)
        if last and first > last:
            sentence = (
                f"The return is due from {first} until {last}, so never. Change over or mend the quarters."
            )
            yield framework.at(row, "until_quarter", "return_is_due", sentence)
            continue
        for column in ("from_quarter", "until_quarter"):
            if known and row[column] and row[column] not in known:
                sentence = f"The calendar has no {row[column]}. Add the quarter there, or mend it here."
                yield framework.at(row, column, "quarter_in_calendar", sentence, QUERY)
