"""Judging without a framework: what the contracts alone can tell.

Recognition, types and the rules of a row hold anywhere. Which targets, partners and quarters there are only a
framework says; without one, whatever a file names is taken to exist, and its sender is told so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipelines.cells import Book
from pipelines.contract import Column, Contract
from pipelines.framework.references import Reference
from pipelines.headings import plain
from pipelines.judge.judged import Judged
from pipelines.parse import parse
from pipelines.submission.envelope import read_labels
from pipelines.template.identity import read_identity


def without_framework(contracts: Mapping[str, Contract]) -> dict[str, Contract]:
    """The contracts with no column that refers to a framework; those of the framework as they are."""
    return {
        name: contract
        if contract.is_framework
        else replace(contract, columns=tuple(map(_alone, contract.columns)))
        for name, contract in contracts.items()
    }


def _alone(column: Column) -> Column:
    kind = "text" if column.type == "rating" else column.type
    return replace(column, type=kind, refers_to=None, unit_of=None, default_setting=None)


def take_for_granted(judged: Judged, books: Iterable[Book], partner: str | None, quarter: str | None) -> None:
    """Have the partners and quarters that the files name be those of the framework."""
    partners = {plain(partner): partner} if partner else {}
    quarters = {quarter} if quarter else set()
    for book in books:
        if identity := read_identity(book):
            partners |= {plain(identity.partner): identity.partner} if identity.partner else {}
            quarters |= {identity.quarter} if identity.quarter else set()
        for sheet in book.sheets:
            end = max((row for row, _ in sheet.cells), default=0) + 1
            labels, _ = read_labels(sheet, 0, end)
            if (label := labels.get("partner")) and label.text.strip():
                partners.setdefault(plain(label.text), label.text)
            if label := labels.get("quarter"):
                named = parse("quarter", label.value).value
                quarters |= {str(named)} if named else set()
    facts: dict[str, Mapping[str, object]] = {name: {"name": name} for name in partners.values()}
    judged.references["framework.partners"] = Reference("Partners", partners, facts)
    judged.references["framework.calendar"] = Reference("Calendar", facts={name: {} for name in quarters})
