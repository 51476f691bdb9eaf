"""The rows that a return's sheet comes with: their keys, what stands in them, and which are expected.

The keys are what the framework assigns to the partner; their periods follow from how often a value comes and
how long it takes to come out; values come from what was last accepted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from pipelines.contract import Column, Contract
from pipelines.framework.references import References
from pipelines.parse import Period, as_typed
from pipelines.template.assigned import assigned
from pipelines.template.due import due_periods
from pipelines.template.fields import GUIDES
from pipelines.template.identity import ExpectedRow
from pipelines.template.model import Facts, Row, Written
from pipelines.template.values import written

SAME_YEAR, LAST = "year", "last"  # what a contract may say of a column's `prefill`, or a framework column


@dataclass(frozen=True)
class Situation:
    """What a sheet is made from: contracts, framework, the quarter and the cut-off before it, and the past.

    `past` are the rows last accepted from the partner, by return: staging's, of earlier quarters.
    """

    contracts: Mapping[str, Contract]
    references: References
    partner: str
    quarter: str
    starts_on: date
    ends_on: date
    last_cut_off: date
    cut_off: date
    past: Mapping[str, Sequence[Facts]]


def rows_of(contract: Contract, situation: Situation) -> tuple[list[Row], tuple[ExpectedRow, ...]] | None:
    """The rows, and the same as the identity keeps them; None where nothing says which rows the partner sends."""
    first = contract.by_name[contract.key[0]]
    s = situation
    ids = (
        assigned(first.refers_to, s.partner, s.contracts, s.references, s.starts_on, s.ends_on)
        if first.refers_to
        else None
    )
    if ids is None:
        return None
    rows: list[Row] = []
    expected: list[ExpectedRow] = []
    for id_ in ids:
        facts = s.references[first.refers_to or ""].facts[id_]
        past = [row for row in s.past.get(contract.name, ()) if row.get(first.name) == id_]
        choices = [_keys(contract.by_name[name], first, facts, past, s) for name in contract.key[1:]]
        for combination in product(*choices):
            key: dict[str, Any] = {first.name: id_}
            is_due = True
            for name, (value, due) in zip(contract.key[1:], combination, strict=True):
                key[name], is_due = value, is_due and due
            row, offered = _row(contract, key, facts, past, s, is_due=is_due)
            rows.append(row)
            expected.append(offered)
    return rows, tuple(expected)


def _keys(
    column: Column, first: Column, facts: Facts, past: Sequence[Facts], s: Situation
) -> list[tuple[Any, bool]]:
    """What can stand in another column of the key, and whether each is expected or only offered."""
    if column.type == "period":
        return [(period, True) for period in due_periods(facts, s.starts_on, s.last_cut_off, s.cut_off)] or [
            (None, False)
        ]
    values: dict[Any, bool] = {}
    if column.default_setting and "framework.settings" in s.references:
        setting = s.references["framework.settings"].facts.get(column.default_setting, {})
        values[setting.get("value")] = True
    entity = s.contracts.get(first.refers_to or "")
    for other in entity.columns if entity and column.refers_to else ():
        if other.refers_to == column.refers_to:  # what the framework sets beside the place's own value
            values.setdefault(facts.get(other.name), True)
    for row in past:
        values.setdefault(row.get(column.name), False)
    return [(value, due) for value, due in values.items() if value] or [(None, False)]


def _row(
    contract: Contract,
    key: Mapping[str, Any],
    facts: Facts,
    past: Sequence[Facts],
    s: Situation,
    *,
    is_due: bool,
) -> tuple[Row, ExpectedRow]:
    staged = {name: value.key if isinstance(value, Period) else value for name, value in key.items()}
    periods = {name for name, value in key.items() if isinstance(value, Period)}
    series = [
        row for row in past if all(row.get(n) == v for n, v in staged.items() if n not in periods and v)
    ]
    last = max(series, key=lambda row: _recency(contract, row), default=None)
    same = (
        # of one period the value sent last: it may have been provisional before
        next((row for row in reversed(series) if all(row.get(n) == staged[n] for n in periods)), None)
        if periods
        else last
    )
    is_known = same is not None and bool(periods)
    row: dict[str, Any] = dict(staged)
    for name in periods:
        row[f"{name}_label"] = key[name].label
    for column in contract.columns:
        row |= _prefill(contract, column, facts, same, s)
    unit = facts.get("unit")
    values = {c.name: w for c in contract.columns if (w := _written(c, contract, row, s, unit))}
    prefilled = {name: as_typed(w.value) for name, w in values.items()}
    if last:
        for column in contract.columns:
            if column.last_time or column.type == "period":
                w = written(column, last, s.references, unit)
                values |= {f"last:{column.name}": w} if w else {}
    values |= {f"guide:{name}": Written(facts[name]) for name in GUIDES if facts.get(name)}
    locked = frozenset(name for name in (*contract.key, *_framework_given(contract, row)) if name in values)
    is_expected = is_due and not is_known
    offered = ExpectedRow(
        contract.name, {n: str(v) for n, v in staged.items() if v is not None}, prefilled, is_expected
    )
    return Row(values, locked, is_expected=is_expected), offered


def _written(c: Column, contract: Contract, row: Facts, s: Situation, unit: Any) -> Written | None:
    if c.name == contract.key[0]:  # by its reference: two things may have one name
        return Written(str(row[c.name]))
    return written(c, row, s.references, unit if c.unit_of else None)


def _recency(contract: Contract, row: Facts) -> tuple[str, str]:
    ends = [str(row.get(f"{c.name}_end") or "") for c in contract.columns if c.type == "period"]
    return (ends[0] if ends else "", str(row.get("quarter")))


def _prefill(contract: Contract, column: Column, facts: Facts, same: Facts | None, s: Situation) -> Facts:
    """What the contract says should stand in a column from the start, as a staging row has it."""
    if column.prefill is None or column.name in contract.key:
        return {}
    if column.prefill in (LAST, SAME_YEAR):
        is_of_year = same is not None and _year(str(same.get("quarter"))) == _year(s.quarter)
        if same is None or (column.prefill == SAME_YEAR and not is_of_year):
            return {}
        return {name: same.get(name) for name in (column.name, *column.companions)}
    return {column.name: facts.get(column.prefill)}


def _framework_given(contract: Contract, row: Facts) -> list[str]:
    given = [c.name for c in contract.columns if c.prefill and c.prefill not in (LAST, SAME_YEAR)]
    return [name for name in given if row.get(name) is not None]


def _year(quarter: str) -> str:
    return quarter.rpartition("-")[0]
