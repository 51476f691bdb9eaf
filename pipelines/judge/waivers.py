"""Waivers: rules that need not hold for a partner's return for a while, with owner, reason and end.

A waived refusal or query is noted and settled. Whether a waiver holds is asked of the cut-off of the return's
quarter, never of today; one that has ended by then says so in the finding that it would have settled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pipelines.contract import Contract
from pipelines.findings import NOTE, WAIVER, Finding
from pipelines.headings import plain
from pipelines.parse import Period, parse
from pipelines.parse.dates import spoken
from pipelines.validate.rules import ALONE, GIVEN, KNOWN, ONE_ROW, READABLE

Waiver = Mapping[str, Any]


def is_waivable(rule: str, contract: Contract) -> bool:
    """Whether a row can enter in spite of the rule: not without a key, nor with what can't be read or placed."""
    if rule in (ONE_ROW, ALONE) or rule.endswith((f"_{KNOWN}", f"_{READABLE}")):
        return rule in {known.id for known in contract.rules}
    return rule not in {f"{name}_{GIVEN}" for name in contract.key}


def waive(
    finding: Finding,
    contract: Contract,
    partner: str | None,
    row_key: tuple[str, ...],
    cut_off: date | None,
    waivers: Iterable[Waiver],
) -> Finding:
    """The finding, settled if a waiver holds for it at the cut-off; one that has ended is told in its sentence."""
    if finding.consequence == NOTE or not finding.is_open or cut_off is None:
        return finding
    if not is_waivable(finding.rule, contract):
        return finding
    mine = [waiver for waiver in waivers if _is_for(waiver, finding, contract, partner, row_key)]
    for waiver in mine:
        if waiver["from_on"] <= cut_off <= waiver["until_on"]:
            sentence = f"Waived until {spoken(waiver['until_on'])} by {waiver['owner']}: {waiver['reason']}"
            return replace(
                finding,
                consequence=NOTE,
                settled=sentence,
                settled_by=WAIVER,
                settled_at=waiver.get("first_seen"),
            )
    ended = [waiver for waiver in mine if waiver["until_on"] < cut_off]
    if not ended:
        return finding
    last = max(ended, key=lambda waiver: (waiver["until_on"], waiver["waiver_id"]))
    told = f"It was waived by {last['owner']} until {spoken(last['until_on'])}, and that has passed."
    return replace(finding, because=f"{finding.because} {told}")


def same_key(typed: str, key: tuple[str, ...]) -> bool:
    """Whether a key as the framework has it, its parts divided by |, is that of a row; a period in any clothes."""
    parts = typed.split("|")
    return len(parts) == len(key) and all(map(_same_part, parts, key))


def _same_part(typed: str, part: str) -> bool:
    if plain(typed) == plain(part):
        return True
    period = parse("period", typed.strip()).value if typed.strip() else None
    return isinstance(period, Period) and period.key == part


def column_called(typed: str, contract: Contract) -> str | None:
    """The column that a name or a heading stands for."""
    return typed if typed in contract.by_name else contract.by_heading.get(plain(typed))


def _is_for(
    waiver: Waiver, finding: Finding, contract: Contract, partner: str | None, row_key: tuple[str, ...]
) -> bool:
    if (waiver["partner_id"], plain(waiver["return_name"])) != (partner, plain(contract.name)):
        return False
    column, key = waiver["column_name"], waiver["row_key"]
    return (
        waiver["rule"].strip() == finding.rule
        and (not column or column_called(column, contract) == finding.column_name)
        and (not key or same_key(key, row_key))
    )
